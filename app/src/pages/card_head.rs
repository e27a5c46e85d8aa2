//! What stands above the person's own card: the choice between several, its steps, that it was sent back, work after the
//! cut-off, marks under earlier rules, that the person is not assessed, and what is public of colleagues. Drawn by the daily
//! chunk.
//!
//! Test ids: `card-choice`, `card-under-PACK`, `card-of-SUBJECT-under-PACK`, `told`, `told-PERSON`.

use leptos::prelude::*;
use shared::ids::Subject;
use shared::op::CardKey;
use shared::pack;
use shared::state::State;

use super::absence::AbsenceNotice;
use super::carry::{AfterCutOff, Carry, SetAside};
use super::faults::FaultsBorne;
use super::returned::Returned;
use super::roster;
use super::said;
use super::steps::CardSteps;
use crate::components::class_title;
use crate::i18n::t;
use crate::state::Workspace;

#[component]
pub(crate) fn CardHead(key: CardKey) -> impl IntoView {
    view! {
        <CardChoice key=key.clone() />
        <CardSteps key=key.clone() />
        <Returned key=key.clone() />
        <FaultsBorne key=key.clone() />
        <Carry key=key.clone() />
        <AfterCutOff key=key.clone() />
        <SetAside key=key.clone() />
        <AbsenceNotice key=key.clone() />
        {said::set_aside(&key)}
        <Told key=key />
    }
}

/// The choice between the cards that the person fills in for the period: under several regulations, and for units. Whose card
/// it is stands there also where the only one is a unit's.
#[component]
pub(super) fn CardChoice(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let period = key.period;
    let keys = Memo::new(move |_| {
        let me = workspace.person().get();
        me.map(|me| workspace.with_view(|state| state.keys_spoken_for(me.person, period))).unwrap_or_default()
    });
    let shown = StoredValue::new(key);
    let one = move |card: CardKey| {
        let pack = pack::pinned(&card.pack)?;
        let (testid, words) = match card.subject {
            Subject::Person(_) => (format!("card-under-{}", pack.id), t::unit::under(pack.short_name())),
            Subject::Unit(_) => {
                let words =
                    |state: &State| [Some(roster::name(&state.org, card.subject)), roster::regulation(state, &card)];
                let words = workspace.with_view(words).into_iter().flatten().collect::<Vec<_>>().join(", ");
                (format!("card-of-{}-under-{}", card.subject, pack.id), words)
            }
        };
        let pressed = shown.with_value(|shown| *shown == card).to_string();
        Some(view! {
            <button type="button" class="chip" data-testid=testid aria-pressed=pressed
                on:click=move |_| workspace.show_card(&card)>{words}</button>
        })
    };
    move || {
        keys.with(|keys| keys.len() > 1 || keys.iter().any(|key| key.person().is_none())).then(|| {
            view! {
                <div class="row no-print" role="group" aria-label=t::unit::own_cards() data-testid="card-choice">
                    {keys.get().into_iter().map(one).collect_view()}
                </div>
            }
        })
    }
}

/// The classes of colleagues that the regulation makes public; nothing where there are none.
#[component]
fn Told(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let rows = Memo::new(move |_| {
        let period = key.period;
        let Some(me) = workspace.person().get().map(|me| me.person) else { return Vec::new() };
        workspace.with_view(|state| {
            let is_told = |key: &CardKey| {
                let told = state.card(key).is_some_and(|card| card.publication().is_some());
                told && state.is_public_to(me, key)
            };
            let row = |key: CardKey| {
                let class = &state.card(&key)?.publication()?.class;
                let title = class_title(pack::pinned(&key.pack)?, class);
                Some((key.subject.to_string(), roster::name(&state.org, key.subject), title))
            };
            roster::cards_where(state, me, period, is_told).into_iter().filter_map(row).collect::<Vec<_>>()
        })
    });
    move || {
        let rows = rows.get();
        (!rows.is_empty()).then(|| {
            let title = t::told::title(rows.len());
            let rows = rows.into_iter().map(|(id, name, class)| {
                view! {
                    <tr data-testid=format!("told-{id}")><th scope="row">{name}</th><td>{class}</td></tr>
                }
            });
            view! {
                <details class="card" data-testid="told">
                    <summary>{title}</summary>
                    <p class="small quiet">{t::told::hint()}</p>
                    <table><tbody>{rows.collect_view()}</tbody></table>
                </details>
            }
        })
    }
}
