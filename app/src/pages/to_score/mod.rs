//! The screen to score ("Chấm điểm"): the queue of a superior's people, and one of them with self-score and finding
//! side by side.
//!
//! Test ids: `person-ID`, `queue-progress`, `accept-all`, `submit-appraisal`, `next-person`, `return-card`, `comment`,
//! `mark-CODE` and its buttons, `reason-mark-CODE`, `row-CODE`, `unchanged`, `review-CODE`, `review-CODE-quality`,
//! `review-CODE-progress`, `review-CODE-reason`, `review-CODE-done`, `leadership-PART-0`, `leadership-PART-1`,
//! `scored-alone`; while the person still works, see `assign`; for people who are not assessed see `absence`.

mod assign;
mod detail;
mod events;
mod lines;
mod model;
mod parts;
mod queue;
mod rows;
mod sheet;
mod submit;
mod team;

use leptos::prelude::*;
use shared::ids::PersonId;

use crate::components::PageHead;
use crate::i18n::t;
use crate::route::Address;
use crate::screens::Screen;
use crate::state::Workspace;
use detail::Detail;
use model::QueueRow;
use queue::Queue;

/// The screen. On small screens it shows the list until a person is chosen; on wide ones, the list beside the person.
#[component]
pub fn ToScore() -> impl IntoView {
    let workspace = Workspace::get();
    let address = Address::get();
    let chosen = Memo::new(move |_| address.thing(Screen::ToScore)?.parse::<PersonId>().ok());
    let rows = Memo::new(move |_| {
        let Some(me) = workspace.person().get() else { return Vec::new() };
        let period = workspace.period().get();
        workspace.with_view(|state| model::queue(state, me.person, period, workspace.today()))
    });
    let key = Memo::new(move |_| {
        let person = chosen.get()?;
        rows.with(|rows| rows.iter().find(|row| row.key.person == person).map(|row| row.key.clone()))
    });
    view! {
        <PageHead title=t::to_score::title() next_step=Signal::derive(move || next_step(&rows.read())) />
        <div class="list-detail" class:open=move || key.get().is_some()>
            <Queue rows=rows chosen=chosen />
            <div class="stack">
                {move || key.get().map(|key| view! { <Detail key=key rows=rows /> })}
            </div>
        </div>
    }
}

fn next_step(rows: &[QueueRow]) -> String {
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
