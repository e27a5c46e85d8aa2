//! The places where screens show what is said on a card. What is drawn there comes with the reference chunk, and only for packs
//! in whose steps something is said.

use leptos::prelude::*;
use shared::card::Card;
use shared::op::{CardKey, Says, Voice};
use shared::pack::{self, Pack};
use shared::procedure::Act;

use crate::chunks::{Deferred, Piece};
use crate::components::class_title;
use crate::i18n::t;
use crate::state::Workspace;

fn is_spoken(key: &CardKey) -> bool {
    pack::pinned(&key.pack).is_some_and(Pack::is_spoken)
}

/// The opinions and votes on a card.
pub(super) fn heard(key: &CardKey) -> impl IntoView + use<> {
    is_spoken(key).then(|| view! { <Deferred piece=Piece::Heard(StoredValue::new(key.clone())) /> })
}

/// What comes after the notice of a card: objection, answer, results made known before.
pub(super) fn objections(key: &CardKey) -> impl IntoView + use<> {
    let (of, shown) = (key.clone(), StoredValue::new(key.clone()));
    let workspace = Workspace::get();
    let earlier = move || workspace.with_view(|state| state.card(&of).is_some_and(|card| !card.earlier().is_empty()));
    let spoken = is_spoken(key);
    let some = Memo::new(move |_| spoken || earlier());
    move || some.get().then(|| view! { <Deferred piece=Piece::Objections(shown) /> })
}

/// What the signed-in person is asked to say about others in the shown period.
pub(super) fn to_say() -> impl IntoView {
    let workspace = Workspace::get();
    let some = Memo::new(move |_| {
        let Some(me) = workspace.person().get() else { return false };
        let period = workspace.period().get();
        workspace.with_view(|state| {
            let mut cards = state.cards().filter(|(key, _)| key.period == period && state.speaker(key) != me.person);
            cards.any(|(key, _)| is_spoken(key) && state.acts(key, Act::Speak, me.person))
        })
    });
    move || some.get().then(|| view! { <Deferred piece=Piece::ToSay /> })
}

/// The results made known before, above a card that has none now, so that the person scored still finds them.
pub(super) fn set_aside(key: &CardKey) -> impl IntoView + use<> {
    let (of, shown) = (key.clone(), StoredValue::new(key.clone()));
    let workspace = Workspace::get();
    let open = move || {
        let open = |card: &Card| card.publication().is_none() && !card.earlier().is_empty();
        workspace.with_view(|state| state.card(&of).is_some_and(open))
    };
    let open = Memo::new(move |_| open());
    move || open.get().then(|| view! { <Deferred piece=Piece::Objections(shown) /> })
}

/// What a voice says, in a word.
pub(super) fn says_words(pack: Option<&Pack>, voice: &Voice) -> String {
    let class = || pack.map_or_else(|| voice.class.clone(), |pack| class_title(pack, &voice.class));
    match voice.says {
        Says::Opinion if voice.class.is_empty() => t::says::opinion().to_owned(),
        Says::Opinion => t::says::proposes(&class()),
        Says::For => t::says::for_it().to_owned(),
        Says::Against => t::says::against_it().to_owned(),
        Says::Abstain => t::says::abstains().to_owned(),
        Says::Class => t::says::for_class(&class()),
        Says::Objection => t::says::objection().to_owned(),
        Says::Withdrawn => t::says::withdrawn().to_owned(),
        Says::Upheld => t::says::upheld().to_owned(),
        Says::Refused => t::says::refused().to_owned(),
        Says::Confirmed => t::says::confirmed().to_owned(),
    }
}
