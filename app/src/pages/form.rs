//! The pack's form, as both the person and the superior fill it in: steps of a criterion, allowed shares of a leader's
//! parts, facts.

use leptos::prelude::*;
use shared::limits::NOTE_CHARS_MAX;
use shared::num::Exact;
use shared::op::{CardKey, FactValue, SelfScore};
use shared::pack::{Class, Criterion, FactKind, FactRule, Pack, Statement};
use shared::score::facts_asked;
use shared::time::Period;

use crate::components::draft::{self, Draft};
use crate::components::{Bounds, Stepper, TextField};
use crate::i18n::{clause_words, language, percent, quantity, t};
use crate::state::Workspace;

/// The bounds of a criterion, in the pack's steps, or in whole points where the pack names none.
pub(super) fn bounds(criterion: &Criterion) -> Bounds {
    let step = criterion.step.clone().unwrap_or_else(Exact::one);
    Bounds::up_to(criterion.max.clone(), step)
}

/// A mark with steps, and a button for the highest mark. `prefix` tells two forms on one page apart.
#[component]
pub(super) fn MarkInput(
    criterion: &'static Criterion,
    draft: Draft,
    #[prop(into)] value: Signal<Option<Exact>>,
    #[prop(into)] closed: Signal<bool>,
) -> impl IntoView {
    let field = format!("mark/{}", criterion.code);
    let change = Callback::new(move |value: Option<Exact>| draft.put_value(&field, value));
    let label = format!("{} {}", criterion.code, criterion.title.get(language()));
    view! {
        <div class="row">
            <Stepper name=format!("mark-{}", criterion.code) label=label value=value bounds=bounds(criterion)
                on_change=change disabled=closed highest=t::form::highest_of(&criterion.code) />
        </div>
    }
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

/// Facts that decide a class by themselves, such as discipline. An unticked fact counts as "no", and the result says
/// so. Facts that no rule in force reads are not asked. A superior answers what the person `claimed`, and also states
/// classes.
#[component]
pub(super) fn Facts(
    pack: &'static Pack,
    role: &'static str,
    key: CardKey,
    draft: Draft,
    #[prop(into)] closed: Signal<bool>,
    #[prop(optional)] claimed: Option<Memo<SelfScore>>,
) -> impl IntoView {
    let options = untrack(|| Workspace::get().with_view(|state| state.options(&key)));
    let claims = claimed
        .map(|own| untrack(|| own.with(|own| own.facts.keys().cloned().collect::<Vec<_>>())))
        .unwrap_or_default();
    let flags = facts_asked(pack, role, &options, FactKind::Flag).into_iter().map(|fact| {
        if claims.contains(&fact.id) {
            return view! { <Answer pack=pack fact=fact draft=draft closed=closed /> }.into_any();
        }
        view! { <Flag pack=pack fact=fact draft=draft closed=closed /> }.into_any()
    });
    let classes = claimed.map(|_| facts_asked(pack, role, &options, FactKind::Class)).unwrap_or_default();
    let classes = classes.into_iter().map(|fact| view! { <ClassOf pack=pack fact=fact draft=draft closed=closed /> });
    view! {
        <details class="card" open=!claims.is_empty() data-testid="facts">
            <summary>{t::form::facts()}</summary>
            <p class="quiet small">{t::form::facts_hint()}</p>
            {flags.collect_view()}
            {classes.collect_view()}
        </details>
    }
}

/// How many days were worked, out of how many. The office keeps this as evidence, and the score reads it where the
/// regulation says so. A superior sees what the person stated.
#[component]
pub(super) fn DaysWorked(
    pack: &'static Pack,
    role: &'static str,
    period: Period,
    draft: Draft,
    #[prop(into)] closed: Signal<bool>,
    #[prop(optional)] claimed: Option<Memo<SelfScore>>,
) -> impl IntoView {
    let days = pack.facts_for(role).filter(|fact| fact.kind == FactKind::Days).map(|fact| {
        let field = format!("{}{}", draft::NUMBER, fact.id);
        let read = field.clone();
        let value = Signal::derive(move || draft.field(&read).and_then(|field| field.value));
        let change = Callback::new(move |days| draft.put_value(&field, days));
        let stated = move || {
            let own = claimed?.with(|own| own.facts.get(&fact.id).cloned())?;
            let FactValue::Number(days) = own else { return None };
            Some(view! { <p class="small quiet" data-testid=format!("claimed-{}", fact.id)>{t::form::stated_days(&quantity(&days))}</p> })
        };
        // Nobody works more days than there are working days.
        let of = pack.eligibility.iter().find(|rule| rule.fact == fact.id).and_then(|rule| rule.of.as_ref());
        let of = of.map(|of| format!("{}{of}", draft::NUMBER));
        let bounds = Signal::derive(move || {
            let most = of.as_ref().and_then(|of| draft.field(of)?.value);
            Bounds::up_to(most.unwrap_or_else(|| days_of(period)), half_a_day())
        });
        let id = format!("fact-{}", fact.id);
        view! {
            <div class="field">
                <label for=id.clone()>{fact_words(pack, fact)}</label>
                {stated}
                <Stepper name=id label=fact.title.get(language()).to_owned() value=value bounds=bounds
                    on_change=change disabled=closed />
            </div>
        }
    });
    let days = days.collect_view();
    view! {
        <details class="card" data-testid="days-worked">
            <summary>{t::form::days_worked()}</summary>
            <p class="quiet small">{t::form::days_hint()}</p>
            {days}
        </details>
    }
}

/// How many days a period has.
fn days_of(period: Period) -> Exact {
    let days = period.last_day().0.saturating_sub(period.first_day().0).saturating_add(1);
    Exact::from_int(i64::from(days))
}

fn half_a_day() -> Exact {
    Exact::ratio(1, 2).unwrap_or_default()
}

/// A fact in words, with its clause.
fn fact_words(pack: &Pack, fact: &'static FactRule) -> AnyView {
    view! { <span>{fact.title.get(language())}<span class="quiet small">" "{clause_words(pack, &fact.clause)}</span></span> }.into_any()
}

#[component]
fn Flag(pack: &'static Pack, fact: &'static FactRule, draft: Draft, closed: Signal<bool>) -> impl IntoView {
    let field = format!("fact/{}", fact.id);
    let read = field.clone();
    let toggle = move |checked: bool| draft.put_value(&field, checked.then(Exact::one));
    view! {
        <label class="choice">
            <input type="checkbox" data-testid=format!("fact-{}", fact.id) disabled=closed
                prop:checked=move || draft.field(&read).and_then(|field| field.value).is_some_and(|value| !value.is_zero())
                on:change:target=move |event| toggle(event.target().checked()) />
            {fact_words(pack, fact)}
        </label>
    }
}

/// The superior's answer to a claim of the person. A claim counts only once the superior confirms it.
#[component]
fn Answer(pack: &'static Pack, fact: &'static FactRule, draft: Draft, closed: Signal<bool>) -> impl IntoView {
    let name = format!("fact-{}", fact.id);
    let choice = |confirms: bool, suffix: &str, words: &'static str| {
        let (read, write) = (format!("fact/{}", fact.id), format!("fact/{}", fact.id));
        let is_chosen =
            move || draft.field(&read).and_then(|field| field.value).is_some_and(|value| value.is_zero() != confirms);
        let choose = move |_| draft.put_value(&write, Some(Exact::from(u32::from(confirms))));
        view! {
            <label class="choice">
                <input type="radio" name=name.clone() data-testid=format!("{name}-{suffix}") disabled=closed
                    prop:checked=is_chosen on:change=choose />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="stack tight" data-testid=format!("{name}-claimed")>
            <legend>{fact_words(pack, fact)}</legend>
            <p class="small">{t::form::claimed()}</p>
            {choice(true, "confirm", t::form::confirm())}
            {choice(false, "refuse", t::form::refuse())}
        </fieldset>
    }
}

/// A class that somebody else was given, such as that of the unit led.
#[component]
fn ClassOf(pack: &'static Pack, fact: &'static FactRule, draft: Draft, closed: Signal<bool>) -> impl IntoView {
    let id = format!("fact-{}", fact.id);
    let (read, write) = (format!("fact/{}", fact.id), format!("fact/{}", fact.id));
    let stated = Memo::new(move |_| draft.text(&read));
    let option = |class: &'static Class| {
        let selected = move || stated.with(|stated| *stated == class.code);
        view! { <option value=class.code.clone() selected=selected>{class.title.get(language())}</option> }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{fact_words(pack, fact)}</label>
            <select id=id.clone() data-testid=id disabled=closed
                on:change:target=move |event| draft.put_text(&write, event.target().value())>
                <option value="" selected=move || stated.with(String::is_empty)>{t::form::class_unstated()}</option>
                {pack.classes.iter().map(option).collect_view()}
            </select>
        </div>
    }
}
