//! "Same as last month": copies last month's lines, with one undo for all. Drawn by the daily chunk.

use shared::sorted_map::Set;
use std::sync::Arc;

use leptos::prelude::{Set as _, *};
use shared::ids::LineId;
use shared::limits::LINES_PER_OPERATION_MAX;
use shared::op::{CardKey, NewLine, Payload};
use shared::state::State;

use super::super::work::{Month, work_list};
use super::model::month_later;
use crate::components::{Icon, icon};
use crate::i18n::t;
use crate::state::Workspace;

/// Last month's lines that this month lacks, with the coefficients that are in force now.
fn lines_to_copy(state: &State, key: &CardKey) -> Vec<NewLine> {
    let before = CardKey { period: key.period.previous(), ..key.clone() };
    let name = |plan: &NewLine| (plan.code.clone(), plan.name.clone());
    let here: Set<(String, String)> =
        state.card(key).map(|card| card.lines().iter().map(|line| name(line.plan)).collect()).unwrap_or_default();
    let list = work_list(state, key);
    let again = |plan: &NewLine| {
        let now = list.iter().find(|entry| !plan.code.is_empty() && entry.product.code == plan.code);
        NewLine {
            coefficient: now.map_or_else(|| plan.coefficient.clone(), |entry| entry.product.coefficient.clone()),
            list: now.map(|entry| entry.list).or(plan.list),
            due: plan.due.map(month_later),
            extra: false,
            ..plan.clone()
        }
    };
    state
        .card(&before)
        .map(|card| {
            card.lines().iter().filter(|line| !here.contains(&name(line.plan))).map(|line| again(line.plan)).collect()
        })
        .unwrap_or_default()
}

/// The button that copies last month's lines.
#[component]
pub(crate) fn SameAsLastMonth(month: Month) -> impl IntoView {
    view! {
        <button type="button" data-testid="same-as-last-month" disabled=move || !month.open()
            on:click=move |_| last_month(month)>{icon(Icon::Copy)}{t::copy::same_as_last()}</button>
    }
}

/// Copies last month's lines and offers to take them back.
fn last_month(month: Month) {
    let workspace = Workspace::get();
    let key = month.key.get_value();
    let lines = untrack(|| workspace.with_view(|state| lines_to_copy(state, &key)));
    if lines.is_empty() {
        month.undo.set(Some((t::copy::nothing_to_copy().to_owned(), Arc::new(|| ()))));
        return;
    }
    let target = month.target();
    workspace.see_through(async move {
        let mut copied = Vec::new();
        for chunk in lines.chunks(LINES_PER_OPERATION_MAX) {
            match workspace.act(target.clone(), Payload::AssignWork(chunk.to_vec())).await {
                Ok(op) => copied.extend((0..).take(chunk.len()).map(|place: u8| LineId::new(op, place))),
                Err(error) => {
                    let _ = month.error.try_set(Some(error));
                    break;
                }
            }
        }
        let words = t::copy::copied(copied.len());
        let take_back = Arc::new(move || {
            let remove = |line: &LineId| Payload::RemoveLine { line: *line, reason: String::new() };
            month.act(copied.iter().map(remove).collect());
        });
        let _ = month.undo.try_set(Some((words, take_back)));
    });
}
