//! What stands above the person's own card: the choice between several, its steps, that it was sent back, work after the
//! cut-off, marks under earlier rules, that the person is not assessed, and what is public of colleagues. Drawn by the daily
//! chunk.
//!
//! Test ids: `card-choice`, `card-under-PACK`, `told`, `told-PERSON`.

use leptos::prelude::*;
use shared::op::CardKey;
use shared::pack;

use super::absence::AbsenceNotice;
use super::carry::{AfterCutOff, Carry, SetAside};
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
        <Carry key=key.clone() />
        <AfterCutOff key=key.clone() />
        <SetAside key=key.clone() />
        <AbsenceNotice key=key.clone() />
        {said::set_aside(&key)}
        <Told key=key />
    }
}

/// The choice between the person's cards, where several regulations score the person in the period.
#[component]
pub(super) fn CardChoice(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let shown = key.pack;
    let keys = Memo::new(move |_| workspace.with_view(|state| state.card_keys(key.person, key.period)));
    let one = move |card: CardKey| {
        let pack = pack::pinned(&card.pack)?;
        Some(view! {
            <button type="button" class="chip" data-testid=format!("card-under-{}", pack.id)
                aria-pressed=(card.pack == shown).to_string()
                on:click=move |_| workspace.show_card_under(card.pack)>{t::unit::under(pack.short_name())}</button>
        })
    };
    move || {
        (keys.read().len() > 1).then(|| {
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
        let (me, period) = (key.person, key.period);
        workspace.with_view(|state| {
            let is_told = |key: &CardKey| {
                let told = state.card(key).is_some_and(|card| card.publication().is_some());
                told && state.is_public_to(me, key)
            };
            let row = |key: CardKey| {
                let class = &state.card(&key)?.publication()?.class;
                let title = class_title(pack::pinned(&key.pack)?, class);
                Some((key.person.to_string(), roster::name(&state.org, key.person), title))
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
