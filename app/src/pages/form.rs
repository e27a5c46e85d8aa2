//! The pack's form, as both the person and the superior fill it in: steps of a criterion, allowed shares of a leader's
//! parts, texts. What comes with the daily chunk is in `special` and `events`.

use leptos::prelude::*;
use shared::limits::NOTE_CHARS_MAX;
use shared::num::Exact;
use shared::pack::{Criterion, Pack, Statement};
use shared::score::Form as MarkForm;

use crate::components::draft::Draft;
use crate::components::{Bounds, Stepper, TextField};
use crate::i18n::{clause_words, language, mark, percent, t};

/// The bounds of a criterion, in the pack's steps, or in whole points where the pack names none.
pub(super) fn bounds(criterion: &Criterion) -> Bounds {
    let step = criterion.step.clone().unwrap_or_else(Exact::one);
    Bounds::up_to(criterion.max.clone(), step)
}

/// A mark with steps and a button for the highest mark, with the level into which it falls; or the choice between nothing
/// and the highest mark, where the readings chosen allow no other.
#[component]
pub(super) fn MarkInput(
    form: MarkForm<'static>,
    criterion: &'static Criterion,
    draft: Draft,
    #[prop(into)] value: Signal<Option<Exact>>,
    #[prop(into)] closed: Signal<bool>,
) -> impl IntoView {
    let field = format!("mark/{}", criterion.code);
    let change = Callback::new(move |value: Option<Exact>| draft.put_value(&field, value));
    let label = format!("{} {}", criterion.code, criterion.title.get(language()));
    if form.is_binary(criterion) {
        let choice = |points: Exact, testid: String| {
            let (shown, chosen) = (mark(&points), points.clone());
            view! {
                <label class="choice">
                    <input type="radio" name=format!("mark-{}", criterion.code) data-testid=testid disabled=closed
                        prop:checked=move || value.read().as_ref() == Some(&chosen)
                        on:change=move |_| change.run(Some(points.clone())) />
                    <span>{shown}</span>
                </label>
            }
        };
        return view! {
            <fieldset class="row">
                <legend class="unseen">{label}</legend>
                {choice(Exact::zero(), format!("mark-{}-zero", criterion.code))}
                {choice(criterion.max.clone(), format!("mark-{}-max", criterion.code))}
            </fieldset>
        }
        .into_any();
    }
    let level = move || {
        let band = form.band(criterion, value.read().as_ref()?)?;
        Some(
            view! { <span class="small" data-testid=format!("band-{}", criterion.code)>{band.title.get(language())}</span> },
        )
    };
    view! {
        <div class="row">
            <Stepper name=format!("mark-{}", criterion.code) label=label value=value bounds=bounds(criterion)
                on_change=change disabled=closed highest=t::form::highest_of(&criterion.code) />
            {level}
        </div>
    }
    .into_any()
}

/// A choice among the allowed shares of a leader's part, each with its condition.
#[component]
pub(super) fn StatementInput(
    pack: &'static Pack,
    statement: &'static Statement,
    draft: Draft,
    #[prop(into)] value: Signal<Option<Exact>>,
    #[prop(into)] closed: Signal<bool>,
) -> impl IntoView {
    let name = format!("leadership-{}", statement.id);
    let choices = statement.values.iter().enumerate().map(|(place, choice)| {
        let field = format!("leadership/{}", statement.id);
        let share = choice.value.clone();
        let choose = move |_| draft.put_value(&field, Some(share.clone()));
        view! {
            <label class="choice">
                <input type="radio" name=name.clone() data-testid=format!("{name}-{place}") disabled=closed
                    prop:checked=move || value.get().as_ref() == Some(&choice.value) on:change=choose />
                <span><strong>{percent(&choice.value)}</strong>" – "{choice.when.get(language())}</span>
            </label>
        }
    });
    view! {
        <fieldset class="stack tight">
            <legend>{statement.title.get(language())}</legend>
            <p class="quiet small">{clause_words(pack, &statement.clause)}</p>
            {choices.collect_view()}
        </fieldset>
    }
}

/// A text of the form. It is saved while it is typed.
#[component]
pub(super) fn TextInput(
    name: &'static str,
    label: &'static str,
    draft: Draft,
    #[prop(into)] closed: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <TextField name=name label=label value=Signal::derive(move || draft.text(name)) max=NOTE_CHARS_MAX
                on_change=Callback::new(move |text| draft.put_text(name, text)) disabled=closed />
        </div>
    }
}

/// The reason for a mark or a part.
#[component]
pub(super) fn ReasonInput(
    field: String,
    label: String,
    #[prop(optional)] required: bool,
    draft: Draft,
    #[prop(into)] closed: Signal<bool>,
) -> impl IntoView {
    let id = format!("reason-{}", field.replace('/', "-"));
    let (read, write) = (field.clone(), field);
    view! {
        <div class="field reason">
            <label for=id.clone()>{label.clone()}</label>
            <TextField name=id label=label value=Signal::derive(move || draft.text(&read)) max=NOTE_CHARS_MAX short=true
                required=required on_change=Callback::new(move |text| draft.put_text(&write, text)) disabled=closed />
        </div>
    }
}
