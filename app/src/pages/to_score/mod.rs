//! The screen to score ("Chấm điểm"): the queue of a superior's people, and one of them with self-score and finding
//! side by side.
//!
//! Test ids: `person-ID`, `queue-progress`, `accept-all`, `submit-appraisal`, `next-person`, `return-card`, `comment`,
//! `mark-CODE` and its buttons, `reason-mark-CODE`, `row-CODE`, `unchanged`, `review-CODE`, `review-CODE-quality`,
//! `review-CODE-progress`, `review-CODE-reason`, `review-CODE-done`, `leadership-PART-0`, `leadership-PART-1`,
//! `scored-alone`; while the person still works, see `assign`; for people who are not assessed see `absence`.

mod assign;
mod counts;
mod detail;
mod events;
mod given;
mod lines;
mod model;
mod outside;
mod parts;
mod products;
mod queue;
mod reason;
mod rows;
mod sheet;
mod submit;
mod team;

use leptos::prelude::*;

use super::said;
use crate::components::PageHead;
use crate::i18n::t;
use crate::route::Address;
use crate::screens::Screen;
use crate::state::Workspace;
use detail::{Detail, Lent};
use given::{GivenList, GivenRow};
use model::QueueRow;
use queue::Queue;

/// The screen. On small screens it shows the list until a person is chosen; on wide ones, the list beside the person.
#[component]
pub fn ToScore() -> impl IntoView {
    let workspace = Workspace::get();
    let address = Address::get();
    let rows = Memo::new(move |_| {
        let Some(me) = workspace.person().get() else { return Vec::new() };
        let period = workspace.period().get();
        workspace.with_view(|state| model::queue(state, me.person, period, workspace.today()))
    });
    let given = Memo::new(move |_| {
        let Some(me) = workspace.person().get() else { return Vec::new() };
        let period = workspace.period().get();
        workspace.with_view(|state| given::given(state, me.person, period, workspace.today()))
    });
    let chosen = Memo::new(move |_| {
        let thing = address.thing(Screen::ToScore)?;
        rows.with(|rows| chosen_row(rows, &thing).map(|row| row.handle.clone()))
    });
    let key = Memo::new(move |_| {
        let handle = chosen.get()?;
        rows.with(|rows| rows.iter().find(|row| row.handle == handle).map(|row| row.key.clone()))
    });
    let scores = Memo::new(move |_| !rows.read().is_empty() || given.read().is_empty());
    // Of people whom this person does not score, only the lines given.
    let lent = Memo::new(move |_| {
        let thing = address.thing(Screen::ToScore).filter(|_| key.get().is_none())?;
        given.with(|rows| rows.iter().find(|row| row.handle == thing).map(|row| row.key.clone()))
    });
    view! {
        <PageHead title=t::to_score::title() next_step=Signal::derive(move || next_step(&rows.read(), &given.read())) />
        {move || (key.get().is_none() && lent.get().is_none()).then(said::to_say)}
        <div class="list-detail" class:open=move || key.get().is_some() || lent.get().is_some()>
            <nav aria-label=t::to_score::people() class="stack">
                <GivenList rows=given />
                <Show when=move || scores.get()><Queue rows=rows chosen=chosen /></Show>
            </nav>
            <div class="stack">
                {move || key.get().map(|key| view! { <Detail key=key rows=rows /> })}
                {move || lent.get().map(|key| view! { <Lent key=key /> })}
            </div>
        </div>
    }
}

/// The row that an address names: a card by its handle, or the first card of a person.
fn chosen_row<'r>(rows: &'r [QueueRow], thing: &str) -> Option<&'r QueueRow> {
    let by_handle = rows.iter().find(|row| row.handle == thing);
    by_handle.or_else(|| rows.iter().find(|row| thing.starts_with(&row.key.subject.to_string())))
}

fn next_step(rows: &[QueueRow], given: &[GivenRow]) -> String {
    let lines: usize = given.iter().map(GivenRow::waiting).sum();
    if lines > 0 {
        return t::given::left(lines);
    }
    let waiting = rows.iter().filter(|row| row.waits() && !row.is_closable()).count();
    let closable = rows.iter().filter(|row| row.is_closable()).count();
    let not_yet = rows.iter().filter(|row| !row.waits() && !row.is_done()).count();
    match (rows.len(), waiting, not_yet) {
        (0, ..) => t::to_score::nobody().to_owned(),
        (_, 0, _) if closable > 0 => t::panel::to_close(closable),
        (_, 0, 0) => t::to_score::all_done().to_owned(),
        (_, 0, not_yet) => t::to_score::none_waiting(not_yet),
        (_, waiting, _) => t::to_score::waiting(waiting),
    }
}
