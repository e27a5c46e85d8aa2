//! Criteria that do not apply to a person, as both the person and the superior state them. In the daily chunk. Nothing
//! where the readings chosen know none.
//!
//! Test ids: `without`, `without-CODE`, `reason-without-CODE`.

use leptos::prelude::*;
use shared::num::Exact;
use shared::op::SelfScore;
use shared::pack::Criterion;
use shared::score::Form;

use super::form::ReasonInput;
use crate::components::draft::Draft;
use crate::i18n::{language, t};

/// The rows of the form, each with a box. A superior sees what the person `claimed`, first.
#[component]
pub(super) fn Without(
    form: Form<'static>,
    draft: Draft,
    #[prop(into)] closed: Signal<bool>,
    #[prop(optional)] claimed: Option<Memo<SelfScore>>,
) -> impl IntoView {
    form.may_not_apply().then(|| {
        let says = |row: &Criterion| claimed.is_some_and(|own| untrack(|| own.read().without.contains_key(&row.code)));
        let mut rows: Vec<&'static Criterion> = form.pack.criteria_for(form.role).collect();
        rows.sort_by_key(|row| !says(row));
        let any = rows.first().is_some_and(|row| says(row));
        let row = |row| view! { <Row row=row draft=draft closed=closed claimed=claimed /> };
        view! {
            <details class="card" open=any data-testid="without">
                <summary>{t::special::without()}</summary>
                <p class="quiet small">{t::special::without_hint()}</p>
                {rows.into_iter().map(row).collect_view()}
            </details>
        }
    })
}

#[component]
fn Row(row: &'static Criterion, draft: Draft, closed: Signal<bool>, claimed: Option<Memo<SelfScore>>) -> impl IntoView {
    let code = &row.code;
    let field = format!("without/{code}");
    let write = field.clone();
    let out = Memo::new(move |_| draft.is_without(code));
    let said = Memo::new(move |_| claimed?.with(|own| own.without.get(code).cloned()));
    let toggle = move |checked: bool| draft.put_value(&write, Some(Exact::from(u32::from(checked))));
    view! {
        <div class="stack tight">
            <label class="choice">
                <input type="checkbox" data-testid=format!("without-{code}") disabled=closed prop:checked=move || out.get()
                    on:change:target=move |event| toggle(event.target().checked()) />
                <span>{format!("{code} {}", row.title.get(language()))}</span>
            </label>
            {move || said.get().filter(|said| !said.is_empty()).map(|said| view! {
                <p class="small">{t::special::without_said(&said)}</p>
            })}
            {move || (out.get() && said.read().is_none()).then(|| view! {
                <ReasonInput field=field.clone() label=t::special::without_reason(code) required=true draft=draft closed=closed />
            })}
        </div>
    }
}
