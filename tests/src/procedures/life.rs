//! The life of the cards of one office: people act through the judgement and the fold that tablets and server have, and a
//! witness knows what counts. At the end every card is led to its end.

use std::collections::BTreeMap;

use shared::card::Card;
use shared::ids::{DeviceId, OpId, PersonId, StepPlace};
use shared::op::{Body, CardKey, Payload, Register, Says, Stage, Target, VERSION};
use shared::pack::{Step, Verb};
use shared::procedure::Panel;
use shared::state::{CardStep, State, StepStatus};
use shared::time::{Day, Hlc, Millis};

use super::acts::{Sight, called};
use super::counts::Counts;
use super::office::Office;
use super::oracle::{Deed, Leaves, Record, Rules, Why, is_panel, leaves};
use crate::random::Draw;

const DAY_MS: u64 = 86_400_000;
/// Nine o'clock in Vietnam, on the day 0 of the count of days.
const MORNING_MS: u64 = 2 * 3_600_000;
/// Acts that lead one card to its end at most.
const STEPS_TO_END_MAX: usize = 160;
/// How often one person objects while the card is led to its end.
const OBJECTIONS_MAX: usize = 2;

/// Acts of the lives before one in the same office, at most.
const ACTS_BEFORE_MAX: u64 = 1_000_000;

/// The run.
pub(super) struct Life<'a> {
    pub(super) draw: Draw,
    pub(super) rules: Rules<'a>,
    pub(super) state: State,
    pub(super) records: BTreeMap<PersonId, Record>,
    pub(super) counts: Counts,
    pub(super) now: Millis,
    acts: u64,
}

/// A step that the card shows as open, with one who may do it.
pub(super) struct Open {
    pub(super) place: StepPlace,
    pub(super) step: &'static Step,
    pub(super) actors: Vec<PersonId>,
}

/// The morning of a day.
pub(super) fn morning(day: Day) -> Millis {
    Millis(u64::try_from(day.0).unwrap_or_default() * DAY_MS + MORNING_MS)
}

/// The card of somebody.
pub(super) fn key(office: &Office, person: PersonId) -> CardKey {
    CardKey { subject: person.into(), period: office.period, pack: office.pack.hash }
}

/// The acts by which the office comes into being.
pub(super) fn founding(office: &Office) -> Vec<Payload> {
    let units = office.units.iter().cloned().map(Payload::PutUnit);
    let people = office.people.iter().cloned().map(Payload::PutPerson);
    let posts = office.posts.iter().cloned().map(Payload::PutPost);
    let mandates = office.mandates.iter().cloned().map(Payload::PutMandate);
    let adoption = Payload::AdoptPack(office.adoption.clone());
    units.chain(people).chain(posts).chain(mandates).chain([adoption]).collect()
}

/// What a step that is open asks for now, said in full; nothing where it leaves nothing on the card.
pub(super) fn asked_for(sight: Sight<'_>, draw: &mut Draw, open: &Open) -> Option<Payload> {
    let marked = sight.state.card(sight.key).is_some_and(|card| card.holds(&Register::Appraisal(open.place)));
    let marks = sight.state.marking(sight.key, *open.actors.first()?).is_some_and(|marking| marking.step == open.place);
    let marks_apart = |panel: &Panel<'_>| open.actors.iter().all(|actor| !panel.has_marked(*actor));
    let apart = is_panel(open.step) && !marked;
    if apart && sight.state.panel(sight.key, open.place).is_none_or(|panel| marks_apart(&panel)) {
        return Some(sight.slot_in_full(draw, open.place));
    }
    match (open.step.verb, leaves(open.step)) {
        (Verb::Plan, _) => sight.takes_work().then(|| sight.plan()),
        (Verb::Report, _) => sight.report(),
        (_, Leaves::Own) => Some(sight.own_score(draw)),
        (_, Leaves::Said) => sight.said(draw, open.place, open.step),
        (_, Leaves::Lines) => sight.findings(draw, open.place, *open.actors.first()?),
        _ if apart => sight.result(open.place),
        (_, Leaves::Marks) if !marked => Some(sight.marks_in_full(draw, open.place)),
        (_, Leaves::Result) if marks && !marked => Some(sight.marks_in_full(draw, open.place)),
        (_, Leaves::Marks | Leaves::Result) => sight.decision(open.place),
        (_, Leaves::Told) => Some(sight.publication()),
        (_, Leaves::Nothing) => None,
    }
}

/// The steps of a card that are open, have their day, and somebody may do.
pub(super) fn open_steps(state: &State, office: &Office, person: PersonId, day: Day) -> Vec<Open> {
    let listed = state.steps_of(PersonId::SYSTEM, &key(office, person), day).into_iter();
    let here = |one: &CardStep| !one.outside && !one.actors.is_empty();
    let open = listed.filter(|one| one.status == StepStatus::Open && one.opens.is_none() && here(one));
    let place =
        |id: &str| (0..).zip(&office.pack.steps).find(|(_, step)| step.id == id).map(|(place, _)| StepPlace(place));
    open.filter_map(|one| Some(Open { place: place(&one.step.id)?, step: one.step, actors: one.actors })).collect()
}

impl<'a> Life<'a> {
    /// The office on the first day of the period.
    ///
    /// # Errors
    /// When an act by which it comes into being does not count: the generator is wrong then.
    pub(super) fn new(draw: Draw, office: &'a Office) -> Result<Self, String> {
        let now = morning(office.period.first_day());
        let (rules, records) = (Rules { office }, BTreeMap::new());
        let mut life = Self { draw, rules, state: State::default(), records, counts: Counts::default(), now, acts: 0 };
        for payload in founding(office) {
            let (id, body) = life.body(PersonId::SYSTEM, Target::Org, &payload);
            let verdict = life.state.judge(id, &body, life.now);
            if !verdict.counts() {
                return Err(format!("the office could not be founded: {:?}", verdict.refusal()));
            }
            life.state.apply(id, &body, Some(life.now));
        }
        Ok(life)
    }

    /// The office on the first day of the period, where others have lived already.
    pub(super) fn among(draw: Draw, office: &'a Office, state: State) -> Self {
        let now = morning(office.period.first_day());
        let (rules, records) = (Rules { office }, BTreeMap::new());
        // Numbers of acts far from those before, so that no two have one id.
        Self { draw, rules, state, records, counts: Counts::default(), now, acts: ACTS_BEFORE_MAX }
    }

    /// People with a card, in the order of their ids.
    pub(super) fn subjects(&self) -> Vec<PersonId> {
        let people = self.rules.office.people.iter().map(|person| person.id);
        people.filter(|person| self.rules.has_card(*person)).collect()
    }

    pub(super) fn today(&self) -> Day {
        self.now.day()
    }

    pub(super) fn record(&self, person: PersonId) -> Record {
        self.records.get(&person).cloned().unwrap_or_default()
    }

    pub(super) fn sight<'s>(&'s self, key: &'s CardKey) -> Sight<'s> {
        Sight { state: &self.state, pack: self.rules.office.pack, key }
    }

    /// An act by somebody who has seen everything.
    pub(super) fn body(&mut self, actor: PersonId, target: Target, payload: &Payload) -> (OpId, Body) {
        self.acts += 1;
        let base = self.state.base_on(&target, payload);
        let body = Body {
            version: VERSION,
            kind: payload.kind(),
            actor,
            device: DeviceId::from_bytes([1; 16]),
            epoch: 1,
            seq: self.acts,
            prev: None,
            target,
            base,
            seen_seq: 0,
            hlc: Hlc { at: self.now, counter: 0 },
            last_server_time: self.now,
            payload: payload.to_bytes().into(),
            nonce: None,
        };
        (OpId::of(&body.to_bytes()), body)
    }

    /// Somebody tries an act. True when it counted.
    ///
    /// # Errors
    /// When it counts and must not, or must and does not, or leaves the card otherwise than the witness knows.
    pub(super) fn attempt(&mut self, subject: PersonId, actor: PersonId, payload: &Payload) -> Result<bool, String> {
        let key = key(self.rules.office, subject);
        let (id, body) = self.body(actor, Target::Card(key.clone()), payload);
        let verdict = self.state.judge(id, &body, self.now);
        let deed = Deed { subject, actor, payload, day: self.today() };
        let expected = self.record(subject).counts(self.rules, deed);
        let told = || format!("{} on {}", called(payload, subject, actor), self.today());
        if verdict.counts() != expected.is_ok() {
            let found = verdict.refusal().map_or_else(|| "it counts".to_owned(), ToString::to_string);
            return Err(format!("{}: {found}; by the rules: {expected:?}", told()));
        }
        if expected.is_err() {
            self.counts.refused += 1;
            return Ok(false);
        }
        let told = told();
        let before = self.state.card(&key).cloned().unwrap_or_default();
        self.state.apply(id, &body, Some(self.now));
        self.counts.counted += 1;
        self.count_team(deed);
        self.records.entry(subject).or_default().note(id, deed);
        if let Some(wrong) = self.record(subject).differs_from(self.state.card(&key), self.rules) {
            return Err(format!("after {told}: {wrong}"));
        }
        nothing_reopened(&before, self.state.card(&key), payload).map_err(|wrong| format!("after {told}: {wrong}"))?;
        Ok(true)
    }

    fn count_team(&mut self, deed: Deed<'_>) {
        let (at, closes) = match deed.payload {
            Payload::FillSlot(at, _) => (at.0, false),
            Payload::Appraise(at, _) => (at.0, true),
            _ => return,
        };
        let step = self.rules.office.pack.steps.get(usize::from(at)).filter(|step| is_panel(step));
        let Some(step) = step else { return };
        let absent = !self.record(deed.subject).missing(self.rules, deed.subject, at, step).is_empty();
        self.counts.slots += usize::from(!closes);
        self.counts.closed += usize::from(closes);
        self.counts.with_absent += usize::from(closes && absent);
    }

    /// People act, entitled or not, while days pass.
    ///
    /// # Errors
    /// What [`Self::attempt`] finds.
    pub(super) fn live(&mut self, acts: usize) -> Result<(), String> {
        let subjects = self.subjects();
        for _ in 0..acts {
            self.now = Millis(self.now.0 + DAY_MS * self.draw.below(3) as u64 + 60_000);
            let Some(subject) = self.draw.pick(&subjects).copied() else { return Ok(()) };
            let mut draw = self.draw.clone();
            let (actor, payload) = self.wanted(&mut draw, subject);
            self.draw = draw;
            self.attempt(subject, actor, &payload)?;
        }
        Ok(())
    }

    /// An act on somebody's card: mostly what is open, by one who may do it; else anything, by anybody.
    fn wanted(&self, draw: &mut Draw, subject: PersonId) -> (PersonId, Payload) {
        let (office, key) = (self.rules.office, key(self.rules.office, subject));
        let open = open_steps(&self.state, office, subject, self.today());
        if draw.chance(60)
            && let Some(step) = draw.pick(&open)
            && let Some(actor) = draw.pick(&step.actors).copied()
            && let Some(payload) = asked_for(self.sight(&key), draw, &Open { actors: vec![actor], ..*step })
        {
            return (actor, payload);
        }
        if draw.chance(40)
            && let Some(tried) = self.in_a_team(draw, subject, &key)
        {
            return tried;
        }
        if draw.chance(25)
            && let Some(tried) = self.something_said(draw, subject, &key)
        {
            return tried;
        }
        if draw.chance(25)
            && let Some(tried) = self.on_lines(draw, subject, &key)
        {
            return tried;
        }
        let anybody = draw.pick(&office.people).map_or(subject, |person| person.id);
        let actor = if draw.chance(25) { subject } else { anybody };
        (actor, self.sight(&key).anything(draw))
    }

    /// What somebody tries in a step of a team: mostly a member, whether it is the time for it or not.
    fn in_a_team(&self, draw: &mut Draw, subject: PersonId, key: &CardKey) -> Option<(PersonId, Payload)> {
        let mut teams = self.rules.steps(subject);
        teams.retain(|(_, step)| is_panel(step));
        let (place, step) = draw.pick(&teams).copied()?;
        let closes = draw.chance(50);
        let members = if closes { self.rules.closers(step, subject) } else { self.rules.actors(step, subject) };
        let members: Vec<PersonId> = members.into_iter().collect();
        let member = draw.pick(&members).copied().filter(|_| draw.chance(80));
        let payload = self.sight(key).in_team(draw, StepPlace(place));
        let own = matches!(payload, Payload::WithdrawSelfScore { .. });
        Some((member.filter(|_| !own).unwrap_or(subject), payload))
    }

    /// What somebody tries in a step in which something is said: mostly one who is asked there.
    fn something_said(&self, draw: &mut Draw, subject: PersonId, key: &CardKey) -> Option<(PersonId, Payload)> {
        let steps = self.rules.leaving(subject, Leaves::Said);
        let (place, step) = draw.pick(&steps).copied()?;
        let asked: Vec<PersonId> = self.rules.actors(step, subject).into_iter().collect();
        let payload = self.sight(key).something_said(draw, StepPlace(place))?;
        let actor = draw.pick(&asked).copied().filter(|_| draw.chance(85));
        Some((actor.unwrap_or(subject), payload))
    }

    /// What somebody tries in a step of lines: mostly one who gave work, or may evaluate what nobody gave.
    fn on_lines(&self, draw: &mut Draw, subject: PersonId, key: &CardKey) -> Option<(PersonId, Payload)> {
        let steps = self.rules.leaving(subject, Leaves::Lines);
        let (place, step) = draw.pick(&steps).copied()?;
        let record = self.record(subject);
        let people = self.rules.office.people.iter().map(|person| person.id);
        let mut may: Vec<PersonId> = people.filter(|one| record.evaluates_any(self.rules, subject, *one)).collect();
        if may.is_empty() || draw.chance(10) {
            // Somebody who gives work, so that there is some that was given.
            let planning = self.rules.planning(subject);
            may = planning.into_iter().flat_map(|(_, step)| self.rules.actors(step, subject)).collect();
            may.extend(self.rules.actors(step, subject));
            let actor = draw.pick(&may).copied()?;
            return Some((actor, self.sight(key).plan()));
        }
        let actor = draw.pick(&may).copied()?;
        Some((actor, self.sight(key).on_lines(draw, StepPlace(place))))
    }

    /// Leads every card to its end by what is open to whom.
    ///
    /// # Errors
    /// A card that is stuck, although the check of the office names nobody who is missing; an act that is shown as open and
    /// does not count.
    pub(super) fn end(&mut self, lacks: impl Fn(PersonId, &Step) -> bool) -> Result<(), String> {
        self.now = morning(Day(self.rules.day().0 + 45));
        for subject in self.subjects() {
            if self.lead_to_end(subject)? {
                self.counts.ended += 1;
            } else if self.record(subject).waits_for_nobody(self.rules, subject, &lacks) {
                self.counts.without_actor += 1;
            } else {
                let stage = self.record(subject).stage().word();
                return Err(format!("the card of {subject} is stuck: it is {stage}, and nobody is missing"));
            }
        }
        Ok(())
    }

    /// False when nothing is open and the card is not at its end.
    fn lead_to_end(&mut self, subject: PersonId) -> Result<bool, String> {
        let key = key(self.rules.office, subject);
        for _ in 0..STEPS_TO_END_MAX {
            if self.record(subject).is_at_end(self.rules, subject) {
                if self.said_afterwards(subject)? {
                    continue;
                }
                return Ok(true);
            }
            if self.record(subject).lacks_evidence(self.rules, subject) {
                self.begin_anew(subject)?;
            }
            let mut draw = self.draw.clone();
            let mut open = open_steps(&self.state, self.rules.office, subject, self.today());
            open.retain(|one| self.record(subject).is_asked(self.rules, subject, (one.place.0, one.step)));
            let Some(step) = draw.pick(&open) else { return Ok(false) };
            let Some(actor) = draw.pick(&step.actors).copied() else { return Ok(false) };
            let payload = asked_for(self.sight(&key), &mut draw, &Open { actors: vec![actor], ..*step });
            self.draw = draw;
            let nothing = || format!("step {} of the card of {subject} is open and asks for nothing", step.place);
            let payload = payload.ok_or_else(nothing)?;
            let step = Open { actors: vec![actor], ..*step };
            if self.is_without_result(subject, actor, &payload) {
                self.mark_anew(subject, &step)?;
                continue;
            }
            if self.is_closed_without(subject, &step, &payload)? {
                continue;
            }
            if !self.attempt(subject, actor, &payload)? {
                return Err(format!("{}: it is shown as open and does not count", called(&payload, subject, actor)));
            }
        }
        Err(format!("the card of {subject} goes on without an end"))
    }

    /// Somebody says what is asked for once the result is known, and the person objects now and then. False when nobody does.
    fn said_afterwards(&mut self, subject: PersonId) -> Result<bool, String> {
        let (key, mut draw) = (key(self.rules.office, subject), self.draw.clone());
        let record = self.record(subject);
        let objects = record.objected < OBJECTIONS_MAX && draw.chance(60);
        let mut open = open_steps(&self.state, self.rules.office, subject, self.today());
        open.retain(|one| {
            let asked = record.is_asked(self.rules, subject, (one.place.0, one.step));
            leaves(one.step) == Leaves::Said && (asked || objects && one.step.verb == Verb::Object)
        });
        let said = draw.pick(&open).and_then(|step| {
            let actor = draw.clone().pick(&step.actors).copied()?;
            Some((actor, self.sight(&key).said(&mut draw, step.place, step.step)?))
        });
        self.draw = draw;
        let Some((actor, payload)) = said else { return Ok(false) };
        if self.attempt(subject, actor, &payload)? {
            return Ok(true);
        }
        Err(format!("{}: it is shown as open and does not count", called(&payload, subject, actor)))
    }

    /// Whether a team has marked so that no result can be signed: its mean needs a fact that none of them has stated.
    fn is_without_result(&self, subject: PersonId, actor: PersonId, payload: &Payload) -> bool {
        let deed = Deed { subject, actor, payload, day: self.today() };
        let place = if let Payload::Appraise(place, _) = payload { place.0 } else { return false };
        let team = self.rules.office.pack.steps.get(usize::from(place)).is_some_and(is_panel);
        team && self.record(subject).counts(self.rules, deed) == Err(Why::Content)
    }

    /// Where enough members have marked, somebody may close without the others. The mark of one of them then comes too late.
    fn is_closed_without(&mut self, subject: PersonId, open: &Open, late: &Payload) -> Result<bool, String> {
        let enough = self.record(subject).are_enough(self.rules, subject, open.place.0);
        if !matches!(late, Payload::FillSlot(..)) || !enough || self.draw.chance(50) {
            return Ok(false);
        }
        let key = key(self.rules.office, subject);
        let closers: Vec<PersonId> = self.rules.closers(open.step, subject).into_iter().collect();
        let (closer, result) = (self.draw.pick(&closers).copied(), self.sight(&key).result(open.place));
        let Some((closer, result)) = closer.zip(result) else { return Ok(false) };
        let closed = self.attempt(subject, closer, &result)?;
        for member in open.actors.iter().filter(|_| closed) {
            self.attempt(subject, *member, late)?;
        }
        Ok(closed)
    }

    /// Every member of a team marks anew, with all that a result needs.
    fn mark_anew(&mut self, subject: PersonId, open: &Open) -> Result<(), String> {
        for member in self.rules.actors(open.step, subject) {
            let (key, mut draw) = (key(self.rules.office, subject), self.draw.clone());
            let payload = self.sight(&key).slot_in_full(&mut draw, open.place);
            self.draw = draw;
            if !self.attempt(subject, member, &payload)? {
                return Err(format!("{}: a member may mark anew", called(&payload, subject, member)));
            }
        }
        Ok(())
    }

    /// Somebody entitled sends the card back, and the person puts work on it.
    fn begin_anew(&mut self, subject: PersonId) -> Result<(), String> {
        let key = key(self.rules.office, subject);
        if self.record(subject).stage() > Stage::Working {
            let payload = self.sight(&key).back(Stage::Working);
            let deed = |actor| Deed { subject, actor, payload: &payload, day: self.today() };
            let people = self.rules.office.people.iter().map(|person| person.id);
            let record = self.record(subject);
            let entitled = people.into_iter().find(|actor| record.counts(self.rules, deed(*actor)).is_ok());
            let Some(actor) = entitled else { return Ok(()) };
            self.attempt(subject, actor, &payload)?;
        }
        // Also where all work that is there does not count.
        if self.rules.office.pack.work.is_some() {
            let payload = self.sight(&key).plan();
            self.attempt(subject, subject, &payload)?;
        }
        Ok(())
    }
}

/// A signed result or a publication goes away only where somebody sent the card back, with a reason that the card keeps.
fn nothing_reopened(before: &Card, after: Option<&Card>, payload: &Payload) -> Result<(), String> {
    let empty = Card::default();
    let after = after.unwrap_or(&empty);
    let places = (0..=u8::MAX).map(|place| Register::Approval(StepPlace(place))).chain([Register::Publication]);
    let Some(reopened) = places.into_iter().find(|register| before.holds(register) && !after.holds(register)) else {
        return Ok(());
    };
    let reason = match payload {
        Payload::ReturnCard { reason, .. } => reason.trim(),
        Payload::Speak(_, voice) if voice.says == Says::Upheld && !voice.words.trim().is_empty() => return Ok(()),
        _ => "",
    };
    let kept = after.returns().len() == before.returns().len() + 1;
    let signed = kept && after.returns().last().is_some_and(|one| !reason.is_empty() && one.reason.trim() == reason);
    if signed { Ok(()) } else { Err(format!("{reopened} was reopened without a signed reason")) }
}
