//! What people say on a card beside marks: opinions and votes before the decision, an acknowledgement of the notice, an objection
//! and its answer. Drawn by the reference chunk, which is
//! fetched ahead where the rules ask for any of it.
//!
//! Test ids: `to-say`, `say-PERSON-STEP`, `say-for`, `say-against`, `say-abstain`, `say-class`, `say-opinion`, `say-upheld`,
//! `say-refused`, `say-confirmed`, `heard`, `heard-STEP`, `objection`, `object`, `withdraw`, `answer`, `acknowledge`, `earlier`.

mod asked;
mod heard;
mod objection;

use leptos::prelude::*;
use shared::ids::StepPlace;
use shared::op::{CardKey, Payload, Says, Voice};
use shared::pack;
use shared::report::Said;
use shared::state::State;

use super::in_turn::InTurn;
use super::roster;
use super::said::says_words;
use crate::i18n::t;
use crate::state::Workspace;

pub(crate) use asked::ToSayList;
pub(crate) use heard::Heard;
pub(crate) use objection::Objections;

/// Says something in a step of a card, as the card is known here.
fn say(acts: InTurn, key: &CardKey, place: StepPlace, says: Says, class: &str, words: &str) {
    let voice = Workspace::get().with_view(|state| state.voice(key, place, says, words));
    let Some(voice) = voice else { return };
    acts.run(vec![(key.clone(), Payload::Speak(place, Voice { class: class.to_owned(), ..voice }))]);
}

/// What somebody said: the author, the day, and the words.
fn said_view(state: &State, key: &CardKey, said: &Said) -> impl IntoView + use<> {
    let pack = pack::pinned(&key.pack);
    let day = said.day.vietnamese();
    let what = says_words(pack, &said.voice);
    let head = match said.by {
        Some(by) => t::voices::said_by(&roster::name(&state.org, by), &day, &what),
        None => t::voices::said_on(&day, &what),
    };
    let arrived =
        said.arrived.map(|day| view! { <span class="small quiet">" "{t::voices::arrived(&day.vietnamese())}</span> });
    let words = said.voice.words.clone();
    view! {
        <div>
            <p>{head}{arrived}</p>
            {(!words.trim().is_empty()).then(|| view! { <p class="quoted">{words}</p> })}
        </div>
    }
}
