//! A leader's parts. The unit's result follows from the results of the people led; the other parts are stated.

use leptos::prelude::*;
use shared::op::Appraisal;
use shared::pack::Statement;

use super::super::form::{ReasonInput, StatementInput};
use super::model::{self, UnitShare};
use super::sheet::Sheet;
use crate::components::{Icon, icon};
use crate::i18n::{clause_words, language, percent, t};
use crate::state::Workspace;

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

/// A part: stated, or as it follows from the people led.
#[component]
fn Part(sheet: Sheet, statement: &'static Statement, appraisal: Memo<Appraisal>) -> impl IntoView {
    let follows = Memo::new(move |_| {
        let led = sheet.led.read();
        Workspace::get().with_view(|state| model::unit_share(state, statement, &led))
    });
    let is_stated = Memo::new(move |_| follows.with(Option::is_none));
    move || {
        if is_stated.get() {
            view! { <Stated sheet=sheet statement=statement appraisal=appraisal /> }.into_any()
        } else {
            view! { <Follows sheet=sheet statement=statement follows=follows /> }.into_any()
        }
    }
}

fn self_said(sheet: Sheet, id: &str) -> Option<String> {
    let said = if sheet.builds_on_marks() { t::parts::before_said } else { t::parts::self_said };
    sheet.own.with(|own| own.leadership.get(id).map(|mark| said(&percent(&mark.value))))
}

#[component]
fn Stated(sheet: Sheet, statement: &'static Statement, appraisal: Memo<Appraisal>) -> impl IntoView {
    let id = &statement.id;
    let value =
        Memo::new(move |_| appraisal.with(|appraisal| appraisal.leadership.get(id).map(|mark| mark.value.clone())));
    let own = Memo::new(move |_| sheet.own.with(|own| own.leadership.get(id).map(|mark| mark.value.clone())));
    let closed = sheet.closed;
    view! {
        <div class="stack tight">
            <StatementInput pack=sheet.pack statement=statement draft=sheet.draft value=value closed=closed />
            <p class="small">{move || self_said(sheet, id)}</p>
            {move || (value.get() != own.get()).then(|| view! {
                <ReasonInput field=format!("leadership/{id}")
                    label=if sheet.alone.get() { t::to_score::reason_alone(statement.title.get(language())) }
                        else if sheet.builds_on_marks() { t::to_score::reason_for_before(statement.title.get(language())) }
                        else { t::to_score::reason_for(statement.title.get(language())) }
                    required=!sheet.alone.get() draft=sheet.draft closed=closed />
            })}
        </div>
    }
}

/// A part that nobody states, because it follows from the results of everyone led.
#[component]
fn Follows(sheet: Sheet, statement: &'static Statement, follows: Memo<Option<UnitShare>>) -> impl IntoView {
    let share =
        move || follows.with(|follows| follows.as_ref().and_then(|follows| follows.share.as_ref().map(percent)));
    let words = move || follows.with(|follows| follows.as_ref().map(|follows| follows.words.clone()));
    view! {
        <div class="stack tight" data-testid=format!("follows-{}", statement.id)>
            <p class="strong">{statement.title.get(language())}</p>
            <p class="quiet small">{clause_words(sheet.pack, &statement.clause)}</p>
            <div class="notice">{icon(Icon::Info)}<div class="row">
                <strong>{move || share().unwrap_or_else(|| t::result::provisional().to_owned())}</strong>
                <span>{words}</span>
            </div></div>
            <p class="small">{move || self_said(sheet, &statement.id)}</p>
        </div>
    }
}
