//! What was said on a card, as far as a reader may know it, and what a person is still asked to say.

use crate::card::{Card, Version};
use crate::ids::{PersonId, StepPlace};
use crate::op::{CardKey, Register, Says, Voice};
use crate::pack::{self, Actor, Step, Verb};
use crate::procedure::{Asked, Case};
use crate::state::State;
use crate::time::{Day, Period};

/// What one person said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// Who; none where the reader learns no names.
    pub by: Option<PersonId>,
    /// What.
    pub voice: Voice,
    /// When, by the author's clock.
    pub day: Day,
    /// The day of arrival, where that is later.
    pub arrived: Option<Day>,
}

/// What was said in a step before the result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heard {
    /// The step.
    pub step: &'static Step,
    /// Its place.
    pub place: StepPlace,
    /// What was said, as far as the reader may see it. The person scored learns no names.
    pub said: Vec<Said>,
    /// How many have spoken.
    pub spoken: usize,
    /// How many are asked.
    pub members: usize,
    /// Who is asked and has not spoken.
    pub missing: Vec<PersonId>,
    /// Whether the card has gone on, so that nobody can speak any more.
    pub is_over: bool,
}

/// The way of an objection to a published result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Objection {
    /// The step in which the person objects.
    pub step: &'static Step,
    /// Its place.
    pub place: StepPlace,
    /// The last day for it; none where the text gives none.
    pub last_day: Option<Day>,
    /// Whether the reader is the person scored, and may object or take the objection back today.
    pub is_open: bool,
    /// The objection.
    pub said: Option<Said>,
    /// Several versions of objection or answer that wait for a choice.
    pub contested: Vec<(Register, Vec<Version>)>,
    /// The last day for the answer.
    pub answer_due: Option<Day>,
    /// The answer.
    pub answer: Option<Said>,
}

/// Something that a person is asked to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToSay {
    /// On which card.
    pub key: CardKey,
    /// In which step.
    pub step: &'static Step,
    /// Its place.
    pub place: StepPlace,
    /// The last day that is in time.
    pub due: Option<Day>,
    /// What is answered.
    pub objection: Option<Said>,
}

/// What was said before the result of a card, in the order of its steps.
#[must_use]
pub fn heard(state: &State, reader: PersonId, key: &CardKey) -> Vec<Heard> {
    let read = |card: &Card, case: Case<'_>, asked: Asked<'_>| {
        let heard = |(place, step): (StepPlace, &'static Step)| {
            let before = matches!(step.verb, Verb::Opine | Verb::Vote) || step.verb == Verb::Confirm && !is_own(step);
            let voices = asked.voices(card, case, place).filter(|_| before)?;
            let slot = |speaker: PersonId| Register::Voice(place, Some(speaker).filter(|_| step.is_said_apart()));
            let seen =
                voices.said.iter().map(|(speaker, _)| slot(*speaker)).filter(|slot| state.may_see(reader, key, slot));
            Some(Heard {
                step,
                place,
                said: seen.filter_map(|slot| said(card, &slot, reader != state.speaker(key))).collect(),
                spoken: voices.said.len(),
                members: voices.members.len(),
                missing: voices.missing(),
                is_over: asked.is_passed(card, place),
            })
        };
        steps(key).filter_map(heard).collect()
    };
    read_card(state, key, read).unwrap_or_default()
}

/// The objection to the published result of a card; none where its text knows none, or while nothing is published.
#[must_use]
pub fn objection(state: &State, reader: PersonId, key: &CardKey, today: Day) -> Option<Objection> {
    let read = |card: &Card, case: Case<'_>, asked: Asked<'_>| {
        let (place, step) =
            steps(key).find(|(place, step)| step.verb == Verb::Object && asked.step(*place).is_some())?;
        let voices = asked.voices(card, case, place)?;
        if !asked.is_done_before(card, case, step) || !state.may_see(reader, key, &Register::Voice(place, None)) {
            return None;
        }
        let last_day = asked.last_day(key, card, step);
        let objected = said(card, &Register::Voice(place, None), true).filter(|_| !voices.said.is_empty());
        let answering = steps(key).find(|(at, other)| {
            asked.step(*at).and_then(|_| asked.objection_before(other)).is_some_and(|(before, _)| before == place)
        });
        let answered = answering.and_then(|(at, _)| {
            let counts = !asked.voices(card, case, at)?.said.is_empty();
            said(card, &Register::Voice(at, None), true).filter(|_| counts)
        });
        let slots =
            [Some(place), answering.map(|(at, _)| at)].into_iter().flatten().map(|at| Register::Voice(at, None));
        let contested: Vec<_> = slots
            .filter(|slot| card.is_contested(slot))
            .map(|slot| (slot.clone(), card.versions(&slot).to_vec()))
            .collect();
        let in_time = last_day.is_none_or(|last| today <= last) || objected.is_some();
        Some(Objection {
            step,
            place,
            last_day,
            is_open: reader == state.speaker(key) && in_time && answered.is_none() && contested.is_empty(),
            said: objected,
            contested,
            answer_due: answering.and_then(|(_, answer)| asked.last_day(key, card, answer)),
            answer: answered,
        })
    };
    read_card(state, key, read).flatten()
}

/// What `person` is asked to say about others in a period, by card in the order of ids; what has a last day comes first.
#[must_use]
pub fn to_say(state: &State, person: PersonId, period: Period, today: Day) -> Vec<ToSay> {
    let cards = state.cards().filter(|(key, _)| key.period == period && state.speaker(key) != person);
    let asked = cards.flat_map(|(key, _)| asked_on(state, person, key, today));
    let mut asked: Vec<ToSay> = asked.collect();
    asked.sort_by_key(|one| (one.due.is_none(), one.due));
    asked
}

/// What `person` is asked to say on one card.
fn asked_on(state: &State, person: PersonId, key: &CardKey, today: Day) -> Vec<ToSay> {
    let places = state.to_say(key, person, today);
    let read = |card: &Card, _: Case<'_>, asked: Asked<'_>| {
        let one = |place: &StepPlace| {
            let (place, step) = steps(key).find(|(at, _)| at == place)?;
            let objected = asked.objection_before(step).map(|(before, _)| Register::Voice(before, None));
            let objection = objected.and_then(|slot| said(card, &slot, true));
            Some(ToSay { key: key.clone(), step, place, due: asked.last_day(key, card, step), objection })
        };
        places.iter().filter_map(one).collect()
    };
    read_card(state, key, read).unwrap_or_default()
}

fn read_card<T>(state: &State, key: &CardKey, read: impl FnOnce(&Card, Case<'_>, Asked<'_>) -> T) -> Option<T> {
    let card = state.card(key)?;
    state.with_asked(key, |case, asked| read(card, case, asked))
}

fn steps(key: &CardKey) -> impl Iterator<Item = (StepPlace, &'static Step)> {
    let steps = pack::pinned(&key.pack).map_or(&[] as &[Step], |pack| &pack.steps);
    (0..=u8::MAX).map(StepPlace).zip(steps)
}

/// Whether the person scored does a step.
fn is_own(step: &Step) -> bool {
    step.by == [Actor::Subject]
}

/// What a register holds.
fn said(card: &Card, slot: &Register, named: bool) -> Option<Said> {
    let version = card.current(slot)?;
    let voice = version.voice()?.clone();
    let by = Some(version.actor).filter(|_| named);
    Some(Said { by, voice, day: version.at.at.day(), arrived: version.arrived_later() })
}

impl Heard {
    /// How many of those whom the reader may see said this.
    #[must_use]
    pub fn count(&self, says: Says) -> usize {
        self.said.iter().filter(|said| said.voice.says == says).count()
    }
}
