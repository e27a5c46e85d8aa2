//! The criteria in rows: the person's mark, the superior's mark, the reason. Rows that agree are folded away.

use leptos::prelude::*;
use shared::op::Appraisal;
use shared::pack::Criterion;

use super::super::form::{MarkInput, ReasonInput};
use super::model;
use super::sheet::Sheet;
use crate::i18n::{language, mark, t};

#[component]
pub(super) fn Rows(sheet: Sheet, appraisal: Memo<Appraisal>) -> impl IntoView {
    // This is decided once: a row must not move under the finger that changes it.
    let (first, folded): (Vec<&'static Criterion>, Vec<_>) = untrack(|| {
        let (own, appraisal) = (sheet.own.read(), appraisal.read());
        let alone = sheet.alone.get();
        sheet.pack.criteria_for(sheet.role).partition(|row| {
            if alone {
                return true;
            }
            let mine = appraisal.marks.get(&row.code);
            mine.is_some_and(|mine| model::differs(&own.marks, &row.code, mine))
                || own.marks.get(&row.code).is_some_and(|own| !own.reason.is_empty())
        })
    });
    let unchanged = move || {
        let (own, appraisal) = (sheet.own.read(), appraisal.read());
        appraisal.marks.iter().filter(|(code, mark)| !model::differs(&own.marks, code, mark)).count()
    };
    let rows = move |rows: Vec<&'static Criterion>| {
        rows.into_iter().map(|row| view! { <Row sheet=sheet criterion=row appraisal=appraisal /> }).collect_view()
    };
    view! {
        <section class="card" aria-labelledby="criteria-title">
            <h2 id="criteria-title">{t::to_score::criteria()}</h2>
            {rows(first)}
            {(!folded.is_empty()).then(|| view! {
                <details data-testid="unchanged">
                    <summary>{move || t::to_score::unchanged(unchanged())}</summary>
                    {rows(folded.clone())}
                </details>
            })}
        </section>
    }
}

#[component]
fn Row(sheet: Sheet, criterion: &'static Criterion, appraisal: Memo<Appraisal>) -> impl IntoView {
    let code = &criterion.code;
    let value =
        Memo::new(move |_| appraisal.with(|appraisal| appraisal.marks.get(code).map(|mark| mark.value.clone())));
    let own = move || sheet.own.with(|own| own.marks.get(code).cloned()).unwrap_or_default();
    let changed = Memo::new(move |_| value.get().is_some_and(|value| value != own().value));
    let closed = Signal::derive(move || sheet.closed.get() || appraisal.with(|mine| mine.without.contains_key(code)));
    let stated = move || match sheet.alone.get() {
        true => t::to_score::alone_of(&mark(&criterion.max)),
        false if sheet.builds_on_marks() => t::to_score::before_of(&mark(&own().value), &mark(&criterion.max)),
        false => t::to_score::self_of(&mark(&own().value), &mark(&criterion.max)),
    };
    let reason = move || match sheet.alone.get() {
        true => t::to_score::reason_alone(code),
        false if sheet.builds_on_marks() => t::to_score::reason_for_before(code),
        false => t::to_score::reason_for(code),
    };
    let said = move |reason: &str| match sheet.builds_on_marks() {
        true => t::to_score::said_before(reason),
        false => t::to_score::said(reason),
    };
    view! {
        <div class="criterion" data-testid=format!("row-{code}")>
            <div class="stack tight">
                <p><strong>{code.clone()}</strong>" "{criterion.title.get(language())}</p>
                <p class="small">{stated}</p>
                {move || (!own().reason.is_empty()).then(|| view! { <p class="small quiet">{said(&own().reason)}</p> })}
            </div>
            <MarkInput form=sheet.form criterion=criterion draft=sheet.draft value=value closed=closed />
            {move || changed.get().then(|| view! {
                <ReasonInput field=format!("mark/{code}") label=reason() required=!sheet.alone.get()
                    draft=sheet.draft closed=closed />
            })}
        </div>
    }
}
