//! A leader's parts: the unit's result suggested from the scores of those led, the others stated.

use crate::ui::{Memo, Signal, view};
use leptos::prelude::*;
use shared::op::Appraisal;
use shared::pack::Statement;

use super::super::form::{ReasonInput, StatementInput};
use super::detail::Sheet;
use super::model::{self, UnitShare};
use crate::components::{Icon, icon};
use crate::i18n::{language, percent, t};
use crate::state::Workspace;

/// The statement about those led; packs of later decrees that have none show no suggestion.
const UNIT_RESULT: &str = "unit";

#[component]
pub(super) fn Parts(sheet: Sheet, appraisal: Memo<Appraisal>) -> impl IntoView {
    let parts: Vec<&'static Statement> = sheet.pack.statements_for(sheet.role).collect();
    (!parts.is_empty()).then(|| view! {
        <section class="card" aria-labelledby="parts-title">
            <h2 id="parts-title">{t::self_score::leadership()}</h2>
            {parts.into_iter().map(|part| view! { <Part sheet=sheet statement=part appraisal=appraisal /> }).collect_view()}
        </section>
    })
}

#[component]
fn Part(sheet: Sheet, statement: &'static Statement, appraisal: Memo<Appraisal>) -> impl IntoView {
    let id = &statement.id;
    let value =
        Memo::new(move |_| appraisal.with(|appraisal| appraisal.leadership.get(id).map(|mark| mark.value.clone())));
    let own = Memo::new(move |_| sheet.own.with(|own| own.leadership.get(id).map(|mark| mark.value.clone())));
    let closed = Signal::derive(move || sheet.closed());
    let stated = move || own.get().map(|own| t::parts::self_said(&percent(&own)));
    view! {
        <div class="stack tight">
            <StatementInput statement=statement draft=sheet.draft value=value closed=closed />
            <p class="small">{stated}</p>
            {(id == UNIT_RESULT).then(|| view! { <Suggestion sheet=sheet /> })}
            {move || (value.get() != own.get()).then(|| view! {
                <ReasonInput field=format!("leadership/{id}")
                    label=if sheet.alone.get() { t::to_score::reason_alone(statement.title.get(language())) }
                        else { t::to_score::reason_for(statement.title.get(language())) }
                    required=!sheet.alone.get() draft=sheet.draft closed=closed />
            })}
        </div>
    }
}

#[component]
fn Suggestion(sheet: Sheet) -> impl IntoView {
    let share = move || {
        Workspace::get()
            .with_view(|state| sheet.key.with_value(|key| model::unit_share(state, sheet.pack, key.person, key.period)))
    };
    view! {
        {move || {
            let UnitShare { suggested, words } = share();
            let take = suggested.map(|share| {
                let label = t::parts::take(&percent(&share));
                let reason = words.clone();
                let put = move |_| sheet.draft.put("leadership/unit", Some(share.clone()), reason.clone());
                view! { <button type="button" data-testid="take-unit-share" disabled=move || sheet.closed() on:click=put>{label}</button> }
            });
            view! { <div class="notice">{icon(Icon::Info)}<div class="row"><span>{words}</span>{take}</div></div> }
        }}
    }
}
