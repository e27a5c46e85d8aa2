//! The criteria of the form, group by group.

use leptos::prelude::*;
use shared::num::Exact;
use shared::pack::{Criterion, Group};

use super::super::form::{MarkInput, ReasonInput};
use super::Sheet;
use crate::i18n::{clause_words, language, mark, t};

#[component]
pub(super) fn Groups(sheet: Sheet) -> impl IntoView {
    sheet.pack.groups_for(sheet.role).map(|group| view! { <GroupCard sheet=sheet group=group /> }).collect_view()
}

#[component]
fn GroupCard(sheet: Sheet, group: &'static Group) -> impl IntoView {
    let sum = move || {
        let value = |criterion: &Criterion| value_of(sheet, criterion).unwrap_or_default();
        let sum = group.criteria.iter().map(value).fold(Exact::zero(), |sum, value| &sum + &value);
        format!("{}/{}", mark(&sum), mark(&group.max))
    };
    let rows = group.criteria.iter().map(|row| view! { <Row sheet=sheet criterion=row /> }).collect_view();
    view! {
        <details class="card group" open data-testid=format!("group-{}", group.id)>
            <summary>
                <h2 class="name">{format!("{}. {}", group.id, group.title.get(language()))}</h2>
                <span class="points strong">{sum}</span>
            </summary>
            <p class="quiet small">{clause_words(sheet.pack, &group.clause)}</p>
            <div>{rows}</div>
        </details>
    }
}

fn value_of(sheet: Sheet, criterion: &Criterion) -> Option<Exact> {
    sheet.draft.field(&format!("mark/{}", criterion.code)).and_then(|field| field.value)
}

#[component]
fn Row(sheet: Sheet, criterion: &'static Criterion) -> impl IntoView {
    let value = Memo::new(move |_| value_of(sheet, criterion));
    let closed = Signal::derive(move || sheet.closed.get() || sheet.draft.is_without(&criterion.code));
    let below = Memo::new(move |_| value.get().is_some_and(|value| value < criterion.max));
    view! {
        <div class="criterion">
            <p>
                <strong>{criterion.code.clone()}</strong>" "{criterion.title.get(language())}
                <span class="quiet small">" "{t::form::out_of(&mark(&criterion.max))}</span>
            </p>
            <MarkInput form=sheet.form criterion=criterion draft=sheet.draft value=value closed=closed />
            {move || below.get().then(|| view! {
                <ReasonInput field=format!("mark/{}", criterion.code) label=t::form::reason_below(&criterion.code)
                    draft=sheet.draft closed=closed />
            })}
        </div>
    }
}
