//! The state of each card: on this device only, received, or safe.

use shared::sorted_map::Map;

use leptos::prelude::*;
use shared::ids::{OpId, PackHash, Subject};
use shared::op::{CardKey, Target};
use shared::sync::{Attention, CardSync};
use shared::time::{Millis, Period};

use super::super::roster;
use super::describe;
use crate::components::{Icon, Tone, tag};
use crate::i18n::{days_ago, t};
use crate::screens::Screen;
use crate::state::Workspace;

/// What the person did on one card, and where it is stored.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct CardState {
    pub(super) key: CardKey,
    /// What names the card in test ids.
    handle: String,
    /// Person, period, and the regulation where the person has several cards.
    name: String,
    /// The number of own operations that the server does not have yet.
    pub(super) waiting: usize,
    /// When the oldest of them was made.
    pub(super) oldest: Option<Millis>,
    /// Whether the server's backup has all of them.
    pub(super) safe: bool,
    /// The first operation on it that does not count, if there is one.
    pub(super) refused: Option<OpId>,
}

/// The cards that the person acted on: those that wait first, then the latest period.
pub(super) fn cards(workspace: Workspace) -> Vec<CardState> {
    let mut found: Map<CardKey, CardSync> = Map::new();
    let mut refused: Map<CardKey, OpId> = Map::new();
    let _ = workspace.with_replica(|replica| {
        for matter in replica.attention() {
            if let Attention::Refused { op, target: Target::Card(key), .. } = matter {
                refused.entry(key).or_insert(op);
            }
        }
        for own in replica.own() {
            let Target::Card(key) = &own.body.target else { continue };
            found.entry(key.clone()).or_insert_with(|| replica.delivery(key));
        }
    });
    let mut cards: Vec<CardState> = workspace.with_view(|state| {
        let card = |(key, sync): (CardKey, CardSync)| {
            let (handle, name) = (roster::handle(state, &key), describe::card(state, &key));
            let (waiting, oldest) = match sync {
                CardSync::OnDevice { operations, oldest } => (operations, Some(oldest)),
                _ => (0, None),
            };
            let refused = refused.get(&key).copied();
            // A refused operation is at the server but counts for nothing, so the work in it is not safe.
            let safe = sync == CardSync::Safe && refused.is_none();
            CardState { key, handle, name, waiting, oldest, safe, refused }
        };
        found.into_iter().map(card).collect()
    });
    cards.sort_by_key(|card| (card.waiting == 0, std::cmp::Reverse(card.key.period)));
    cards
}

/// When each act on something beside cards was made that the server does not have yet.
pub(super) fn unsent_on(workspace: Workspace, is_meant: fn(&Target) -> bool) -> Vec<Millis> {
    let waiting = workspace.with_replica(|replica| {
        let meant = replica.unsent().filter(|own| is_meant(&own.body.target));
        meant.map(|own| own.body.hlc.at).collect()
    });
    waiting.unwrap_or_default()
}

#[component]
pub(super) fn CardList(cards: Memo<Vec<CardState>>) -> impl IntoView {
    let keys =
        move || cards.read().iter().map(|card| (card.key.subject, card.key.period, card.key.pack)).collect::<Vec<_>>();
    view! {
        <section class="card" aria-labelledby="cards-title">
            <h2 id="cards-title">{t::sync::cards()}</h2>
            {move || cards.read().is_empty().then(|| view! { <p class="quiet">{t::sync::no_cards()}</p> })}
            <ul class="plain stack tight">
                <For each=keys key=|key| *key let:key>
                    <li><CardOf key=key cards=cards /></li>
                </For>
            </ul>
        </section>
    }
}

/// A row, drawn again only when its card changes.
#[component]
fn CardOf(key: (Subject, Period, PackHash), cards: Memo<Vec<CardState>>) -> impl IntoView {
    let key = CardKey { subject: key.0, period: key.1, pack: key.2 };
    let card = Memo::new(move |_| cards.read().iter().find(|card| card.key == key).cloned());
    move || card.get().map(|card| view! { <CardLine card=card /> })
}

#[component]
fn CardLine(card: CardState) -> impl IntoView {
    let now = Workspace::get().now();
    let refused = card.refused.map(|op| {
        view! { <a href=Screen::Sync.path_of(op) data-testid="to-refused">{tag(Tone::Care, Icon::Warning, t::sync::card_refused())}</a> }
    });
    let state = match (card.waiting, card.oldest) {
        (0, _) if card.refused.is_some() => ().into_any(),
        (0, _) if card.safe => tag(Tone::Safe, Icon::DoubleTick, t::sync::card_safe()),
        (0, _) => tag(Tone::Sent, Icon::Tick, t::sync::card_received()),
        (count, oldest) => {
            let since = oldest.map(|oldest| days_ago(oldest, now)).unwrap_or_default();
            tag(Tone::Here, Icon::Tablet, t::sync::card_here(count, &since))
        }
    };
    view! {
        <div class="row between" data-testid=format!("card-sync-{}", card.handle)>
            <span>{card.name.clone()}</span><span class="row">{refused}{state}</span>
        </div>
    }
}
