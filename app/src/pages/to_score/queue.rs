//! The queue of people to score.

use leptos::prelude::*;
use shared::ids::PersonId;

use super::super::absence::absence_tag;
use super::model::{QueueRow, points};
use super::team::CloseAll;
use crate::components::{Icon, Tone, stage_tag, tag};
use crate::i18n::t;
use crate::screens::Screen;

/// The time that one person takes, for an estimate of the rest.
const MINUTES_PER_PERSON: usize = 3;

#[component]
pub(super) fn Queue(rows: Memo<Vec<QueueRow>>, chosen: Memo<Option<PersonId>>) -> impl IntoView {
    let progress = move || {
        let rows = rows.read();
        let done = rows.iter().filter(|row| row.is_marked()).count();
        let left = rows.len() - done;
        match left {
            0 => t::to_score::progress_done(done, rows.len()),
            left => t::to_score::progress(done, rows.len(), left * MINUTES_PER_PERSON),
        }
    };
    let people = move || rows.read().iter().map(|row| row.key.person).collect::<Vec<_>>();
    view! {
        <nav aria-label=t::to_score::people() class="stack tight">
            <p class="strong" data-testid="queue-progress">{progress}</p>
            <CloseAll rows=rows />
            <ul class="plain people">
                <For each=people key=|person| *person let:person>
                    <li><PersonLink person=person rows=rows chosen=chosen /></li>
                </For>
            </ul>
        </nav>
    }
}

/// One row. The link element stays while its words change, so that it keeps the focus.
#[component]
fn PersonLink(person: PersonId, rows: Memo<Vec<QueueRow>>, chosen: Memo<Option<PersonId>>) -> impl IntoView {
    let row = Memo::new(move |_| rows.read().iter().find(|row| row.key.person == person).cloned());
    let here = move || (chosen.get() == Some(person)).then_some("page");
    view! {
        <a class="person" href=Screen::ToScore.path_of(person) data-testid=format!("person-{person}") aria-current=here>
            {move || row.get().map(about)}
        </a>
    }
}

/// The name of the person, and the state of the card.
fn about(row: QueueRow) -> impl IntoView {
    let total = row.total.as_ref().or(row.self_total.as_ref());
    let (scored_before, closable) = (row.is_scored_before(), row.is_closable());
    let total = match (row.total.is_some(), total) {
        (_, None) => String::new(),
        (true, total) if row.is_of_team() => t::panel::result_is(&points(total)),
        (true, total) if scored_before => t::to_score::before_is(&points(total)),
        (true, total) => t::to_score::mine_is(&points(total)),
        (false, total) => t::to_score::self_is(&points(total)),
    };
    view! {
        <span class="stack tight">
            <span class="who">{row.name}</span>
            <span class="small quiet">{row.title}</span>
            {(!row.hints.is_empty()).then(|| view! { <span class="small">{row.hints}</span> })}
        </span>
        <span class="stack tight">
            {match (&row.absence, row.team) {
                (Some(absence), _) => absence_tag(absence),
                (None, Some((marked, members))) => tag(Tone::Sent, Icon::Clock, t::panel::state(marked, members)),
                (None, None) if scored_before => tag(Tone::Sent, Icon::Clock, t::to_score::yours()),
                (None, None) => stage_tag(row.stage),
            }}
            {closable.then(|| tag(Tone::Care, Icon::Info, t::panel::yours()))}
            {row.contested.then(|| tag(Tone::Care, Icon::Warning, t::line::contested()))}
            <span class="small number">{total}</span>
        </span>
    }
}
