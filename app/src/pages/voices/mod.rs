//! What people say on a card beside marks: opinions and votes before the decision, an acknowledgement of the notice, an objection
//! and its answer. Drawn by the daily chunk.
//!
//! Test ids: `to-say`, `say-PERSON-STEP`, `say-for`, `say-against`, `say-abstain`, `say-class`, `say-opinion`, `say-upheld`,
//! `say-refused`, `say-confirmed`, `heard`, `heard-STEP`, `objection`, `object`, `withdraw`, `answer`, `acknowledge`, `earlier`.

mod asked;
mod heard;
mod objection;

use leptos::prelude::*;
use shared::ids::StepPlace;
use shared::op::{CardKey, Payload, Says, Voice};
use shared::pack::{self, Pack};
use shared::report::Said;
use shared::state::State;

use super::in_turn::InTurn;
use super::roster;
use crate::components::class_title;
use crate::i18n::t;
use crate::state::Workspace;

pub(super) use asked::ToSayList;
pub(super) use heard::HeardOf;
pub(super) use objection::{Objections, SetAside};

/// Says something in a step of a card, as the card is known here.
fn say(acts: InTurn, key: &CardKey, place: StepPlace, says: Says, class: &str, words: &str) {
    let voice = Workspace::get().with_view(|state| state.voice(key, place, says, words));
    let Some(voice) = voice else { return };
    acts.run(vec![(key.clone(), Payload::Speak(place, Voice { class: class.to_owned(), ..voice }))]);
}

/// What a voice says, in a word.
pub(super) fn says_words(pack: Option<&Pack>, voice: &Voice) -> String {
    let class = || pack.map_or_else(|| voice.class.clone(), |pack| class_title(pack, &voice.class));
    match voice.says {
        Says::Opinion if voice.class.is_empty() => t::voices::opinion().to_owned(),
        Says::Opinion => t::voices::proposes(&class()),
        Says::For => t::voices::for_it().to_owned(),
        Says::Against => t::voices::against_it().to_owned(),
        Says::Abstain => t::voices::abstains().to_owned(),
        Says::Class => t::voices::for_class(&class()),
        Says::Objection => t::voices::objection().to_owned(),
        Says::Withdrawn => t::voices::withdrawn().to_owned(),
        Says::Upheld => t::voices::upheld().to_owned(),
        Says::Refused => t::voices::refused().to_owned(),
        Says::Confirmed => t::voices::confirmed().to_owned(),
    }
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
