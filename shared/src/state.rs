//! The folded state: people and units, work lists, decided options, and cards.

#[cfg(feature = "author")]
mod administer;
mod adopting;
mod calendar;
mod carry;
mod faults;
mod judging;
mod knowledge;
mod led;
mod scope;
mod seats;
mod steps;
mod voices;
mod work;

use crate::sorted_map::{Map, Set};
use std::sync::Arc;

use crate::card::{Card, Reading, Side};
use crate::ids::{OpId, PersonId, StateHash, StepPlace, UnitId};
use crate::op::{Appraisal, Approval, Body, CardKey, Led, Payload, Register, SelfScore, Target};
use crate::org::{Org, Seat};
use crate::pack::{self, Adoptions, Pack, PackAdoption, Step};
use crate::procedure::{self, Act, Asked, Case, LineSlot, Panel};
use crate::score::{self, CardInput, Event, InputError, Outcome};
use crate::time::Millis;
use crate::unit_period::Filing;
use crate::work::WorkLists;

pub use calendar::not_in_force;
pub use faults::fault_counts_in;
pub use judging::Judge;
pub use knowledge::{Decided, Known, Scored, from_outcome};
pub use steps::{CardStep, StepStatus};

/// The folded state. Cloning is cheap: cards are shared until they change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Units, people, posts.
    pub org: Org,
    /// Lists of work products.
    pub work_lists: WorkLists,
    /// Which unit lives by which pack.
    pub adoptions: Adoptions,
    cards: Map<CardKey, Arc<Card>>,
    /// What was filed on the periods of units, in the order of arrival.
    filings: Vec<Arc<Filing>>,
    /// Decided cards that stay in another place than their people's posts now give.
    kept: Set<CardKey>,
}

/// How a card stands for somebody who marks it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Marking {
    /// The step in which the person marks.
    pub step: StepPlace,
    /// Whether the marks before it are there. A self-score may still be missing.
    pub ready: bool,
    /// Whether the person, or somebody in a later step, has marked.
    pub done: bool,
    /// Whether the person marks in a slot of their own, as a member of a panel.
    pub apart: bool,
    /// Whether a result stands in the step or in a later one. A panel's marks are closed then.
    pub over: bool,
    /// Whether the person enters what an authority outside marked, by its document.
    pub outside: bool,
    /// The step on whose marks these build; none where that is the self-score.
    pub builds_on: Option<StepPlace>,
}

/// How a card stands for somebody who signs its result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Deciding {
    /// The step in which the person signs.
    pub step: StepPlace,
    /// Whether the marks from which the result follows are there.
    pub ready: bool,
    /// Whether the person enters what an authority outside decided, by its document.
    pub outside: bool,
}

/// Whether `actor` marks in a slot of their own. What an authority outside marked is one result.
fn is_apart(case: Case<'_>, step: &Step, actor: PersonId) -> bool {
    step.is_marked_apart() && !case.may_enter(step, actor)
}

impl State {
    /// A card, if anything was ever written on it.
    #[must_use]
    pub fn card(&self, key: &CardKey) -> Option<&Card> {
        self.cards.get(key).map(AsRef::as_ref)
    }

    /// All cards, by person, period and pack.
    pub fn cards(&self) -> impl Iterator<Item = (&CardKey, &Card)> {
        self.cards.iter().map(|(key, card)| (key, card.as_ref()))
    }

    /// Everything that was filed on the periods of units, in the order of arrival.
    pub(crate) fn filed(&self) -> impl Iterator<Item = &Arc<Filing>> {
        self.filings.iter()
    }

    /// A card, for a change other than by an operation.
    pub(crate) fn card_mut(&mut self, key: &CardKey) -> &mut Card {
        Arc::make_mut(self.cards.entry(key.clone()).or_default())
    }

    /// The role in which a card is scored; none where its pack does not score the person, or has not arrived.
    #[must_use]
    pub fn role(&self, key: &CardKey) -> Option<&'static str> {
        let (pack, day) = (pack::pinned(&key.pack)?, key.period.last_day());
        procedure::role_of(pack, &self.org, key.subject, self.seat(key)?, day).map(|role| role.id.as_str())
    }

    /// The options decided for a card's unit and the units above it, on the last day of its period.
    #[must_use]
    pub fn options(&self, key: &CardKey) -> Map<String, String> {
        let mut options = Map::new();
        // The nearest unit has the last word.
        for adoption in self.adoptions_of(key).into_iter().rev() {
            options.extend(adoption.options.clone());
        }
        options
    }

    /// The adoptions of a card's pack that count for it, the nearest unit first. A unit may adopt a later text of the same
    /// pack for later periods; here the card's own text counts. An adoption for other roles, or for periods of another length,
    /// decides nothing about the card.
    pub(crate) fn adoptions_of(&self, key: &CardKey) -> Vec<&PackAdoption> {
        let (Some(seat), Some(pack)) = (self.seat(key), pack::pinned(&key.pack)) else { return Vec::new() };
        let last_day = key.period.last_day();
        let units = self.org.ancestry(seat.unit).into_iter();
        let role = self.role(key);
        let scores = |adoption: &&PackAdoption| role.is_none_or(|role| adoption.scores(key.period, role));
        units.filter_map(|unit| self.adoptions.find(unit, &pack.id, last_day)).filter(scores).collect()
    }

    /// Whether `actor` does an act on a card, in whichever step, or enters it for an authority outside.
    #[must_use]
    pub fn acts(&self, key: &CardKey, act: Act, actor: PersonId) -> bool {
        let may_do = |case: Case<'_>, asked: Asked<'_>| {
            let does = |step| case.may_do(step, actor) || case.may_enter(step, actor);
            asked.steps_of(act).into_iter().any(|(_, step)| does(step))
        };
        self.with_asked(key, may_do).unwrap_or_default()
    }

    /// Everybody who does an act on a card, in the order of its steps.
    #[must_use]
    pub fn actors(&self, key: &CardKey, act: Act) -> Vec<PersonId> {
        let who = |case: Case<'_>, asked: Asked<'_>| {
            let mut found: Vec<PersonId> = Vec::new();
            let who = |step| match case.who_may_do(step) {
                nobody if nobody.is_empty() => case.who_may_enter(step),
                found => found,
            };
            for actor in asked.steps_of(act).into_iter().flat_map(|(_, step)| who(step)) {
                if !found.contains(&actor) {
                    found.push(actor);
                }
            }
            found
        };
        self.with_asked(key, who).unwrap_or_default()
    }

    /// How a card stands for `actor`, who marks it: in the furthest step that the steps before allow. None for somebody who
    /// does not mark it. Whether everybody was heard before, [`Self::marking_heard`] says.
    #[must_use]
    pub fn marking(&self, key: &CardKey, actor: PersonId) -> Option<Marking> {
        let empty = Card::default();
        let card = self.card(key).unwrap_or(&empty);
        let marking = |case: Case<'_>, asked: Asked<'_>| {
            let mut mine = asked.marking();
            mine.retain(|(_, step)| case.may_do(step, actor) || case.may_enter(step, actor));
            let ready = |(_, step): &&(StepPlace, &Step)| {
                asked.is_ready_for(card, case, step, actor, is_apart(case, step, actor))
            };
            let found = mine.iter().rev().find(ready);
            let (step, rule) = found.or_else(|| mine.first())?;
            let register = Register::Appraisal(*step);
            let (apart, outside) = (is_apart(case, rule, actor), case.may_enter(rule, actor));
            let over = card.appraised_in().is_some_and(|latest| *latest >= register);
            let done = over || apart && card.holds(&Register::Slot(*step, actor));
            let builds_on = asked.marked_in(card, *step);
            Some(Marking { step: *step, ready: found.is_some(), done, apart, over, outside, builds_on })
        };
        self.with_asked(key, marking).flatten()
    }

    /// The panel that marks a card in the step at `place`; none where one mark is asked for, or nothing was written yet.
    #[must_use]
    pub fn panel(&self, key: &CardKey, place: StepPlace) -> Option<Panel<'_>> {
        let asked = self.with_asked(key, |_, asked| asked.step(place).is_some_and(Step::is_marked_apart));
        let step = pack::pinned(&key.pack)?.steps.get(usize::from(place.0)).filter(|_| asked == Some(true))?;
        Some(Panel::new(step, self.card(key)?, self.case(key)?, place))
    }

    /// The lines of a card that are evaluated each by itself, with the step in which that is done. Whoever only gave work has
    /// no other lines of the card.
    #[must_use]
    pub fn line_slots(&self, key: &CardKey) -> Vec<(StepPlace, LineSlot<'_>)> {
        let Some(card) = self.card(key) else { return Vec::new() };
        let Some((case, pack, role, options)) = self.procedure(key) else { return Vec::new() };
        let asked = Asked { pack, role, options: &options };
        let slots = |step: (StepPlace, &Step)| {
            let slots = asked.line_slots(card, case, step).into_iter();
            slots.map(|slot| (step.0, slot)).collect::<Vec<_>>()
        };
        asked.steps_by_line().flat_map(slots).collect()
    }

    /// Whether `actor` may put work on a card of somebody else because a step for planning says so.
    #[must_use]
    pub fn may_plan(&self, key: &CardKey, actor: PersonId) -> bool {
        let plans = |case: Case<'_>, asked: Asked<'_>| asked.plans(case, actor);
        actor != self.speaker(key) && self.with_asked(key, plans).unwrap_or_default()
    }

    /// Whether `actor` may evaluate lines of a card now: those that are given, or that nobody else answers for.
    #[must_use]
    pub fn evaluates(&self, key: &CardKey, actor: PersonId) -> bool {
        self.line_slots(key).iter().any(|(_, slot)| slot.actors.contains(&actor))
    }

    /// Whether findings on the lines of a card still count in a step, as far as is known here.
    #[must_use]
    pub fn takes_findings(&self, key: &CardKey, place: StepPlace) -> bool {
        let takes = |_: Case<'_>, asked: Asked<'_>| {
            let assessed = |card: &Card| card.absence().is_none() && asked.takes_findings(card, place);
            self.card(key).is_some_and(assessed)
        };
        self.with_asked(key, takes).unwrap_or_default()
    }

    /// How a card stands for `actor`, who signs its result: in the first step that is not signed, else the last. None for
    /// somebody who does not sign it.
    #[must_use]
    pub fn deciding(&self, key: &CardKey, actor: PersonId) -> Option<Deciding> {
        let empty = Card::default();
        let card = self.card(key).unwrap_or(&empty);
        let deciding = |case: Case<'_>, asked: Asked<'_>| {
            let mut mine = asked.deciding();
            mine.retain(|(place, step)| {
                case.may_do(step, actor) && asked.may_close(card, case, *place, actor) || case.may_enter(step, actor)
            });
            let open = mine.iter().find(|(place, _)| !card.holds(&Register::Approval(*place)));
            let (place, step) = open.or_else(|| mine.last())?;
            let outside = case.may_enter(step, actor);
            let ready = if outside {
                asked.is_ready_for(card, case, step, actor, false)
            } else {
                let marked = asked.signed_from(*place, step).iter().all(|register| card.holds(register));
                marked && asked.lines_are_answered(card, case, step)
            };
            Some(Deciding { step: *place, ready, outside })
        };
        self.with_asked(key, deciding).flatten()
    }

    /// Reads a card's procedure.
    pub(crate) fn with_asked<T>(&self, key: &CardKey, read: impl FnOnce(Case<'_>, Asked<'_>) -> T) -> Option<T> {
        let (case, pack, role, options) = self.procedure(key)?;
        Some(read(case, Asked { pack, role, options: &options }))
    }

    /// What a card's procedure is read from. One copy of this serves all readers, which keeps the download small.
    #[inline(never)]
    fn procedure(&self, key: &CardKey) -> Option<(Case<'_>, &'static Pack, &'static str, Map<String, String>)> {
        Some((self.case(key)?, pack::pinned(&key.pack)?, self.role(key)?, self.options(key)))
    }

    fn case(&self, key: &CardKey) -> Option<Case<'_>> {
        let (bound, outside) = (self.bound(key), self.outside(key));
        let (person, seat, day) = (self.speaker(key), self.seat(key)?, key.period.last_day());
        Some(Case { org: &self.org, person, seat, day, bound, assigner: None, outside })
    }

    /// The steps that an authority outside does, as the nearest adoption says.
    fn outside(&self, key: &CardKey) -> &[String] {
        self.adoptions_of(key).first().map_or(&[], |adoption| &adoption.outside)
    }

    /// The units that the nearest adoption binds to positions.
    fn bound(&self, key: &CardKey) -> &[(String, UnitId)] {
        self.adoptions_of(key).first().map_or(&[], |adoption| &adoption.bound)
    }

    /// Whether `actor` may record that the person of a card is not assessed in its period.
    #[must_use]
    pub fn may_record_absence(&self, key: &CardKey, actor: PersonId) -> bool {
        let entitled = [Act::Mark, Act::Decide].into_iter().any(|act| self.acts(key, act, actor));
        let keeps = |seat: Seat<'_>| self.org.keeps_records_of(actor, seat.unit, key.period.last_day());
        actor != self.speaker(key) && (entitled || self.seat(key).is_some_and(keeps))
    }

    /// The evidence of a card as one side sees it; none if that side has not scored.
    #[must_use]
    pub fn input(&self, key: &CardKey, side: Side) -> Option<CardInput> {
        if side == Side::SelfScored {
            return self.own_input(key);
        }
        self.read(key, &self.led_of(key), &self.events_found(key), |card, reading| card.input(side, reading))?
    }

    /// The evidence of a card as the person claimed it; none before the self-score.
    #[must_use]
    pub fn own_input(&self, key: &CardKey) -> Option<CardInput> {
        self.read(key, &[], &[], |card, reading| Some(card.claimed(reading, card.self_score()?)))?
    }

    /// The people led, unless the decision already names them.
    fn led_of(&self, key: &CardKey) -> Vec<Led> {
        let decided = self.card(key).is_some_and(|card| card.approval().is_some());
        if decided { Vec::new() } else { self.led(key) }
    }

    /// The evidence of a card as the person claims it with marks that are not submitted yet.
    #[must_use]
    pub fn claimed(&self, key: &CardKey, own: &SelfScore) -> Option<CardInput> {
        self.read(key, &[], &[], |card, reading| card.claimed(reading, own))
    }

    /// The evidence of a card as an appraisal that is not given yet would confirm it, with the results of the people
    /// led as [`Self::led`] returns them.
    #[must_use]
    pub fn confirmed(&self, key: &CardKey, appraisal: &Appraisal, led: &[Led]) -> Option<CardInput> {
        self.read(key, led, &self.events_found(key), |card, reading| card.confirmed(reading, appraisal))
    }

    /// Reads a card, as an empty one if nothing is written on it, with the results of the people led and the faults that
    /// count on it. None for someone who is not scored.
    fn read<T>(
        &self,
        key: &CardKey,
        led: &[Led],
        faults: &[Event],
        read: impl FnOnce(&Card, &Reading<'_>) -> T,
    ) -> Option<T> {
        let (pack, role, options) = (pack::pinned(&key.pack)?, self.role(key)?, self.options(key));
        let empty = Card::default();
        let card = self.card(key).unwrap_or(&empty);
        Some(read(
            card,
            &Reading {
                key,
                speakers: &self.speakers(key),
                pack,
                role,
                options: &options,
                led,
                lists: Some(&self.work_lists),
                cut_off: self.cut_off(key),
                faults,
            },
        ))
    }

    /// The result of a card as one side sees it; none if that side has not scored.
    #[must_use]
    pub fn outcome(&self, key: &CardKey, side: Side) -> Option<Result<Outcome, Vec<InputError>>> {
        let input = self.input(key, side)?;
        Some(score::evaluate(pack::pinned(&key.pack)?, &input))
    }

    /// The same as [`Self::outcome`], with every step of the computation.
    #[must_use]
    pub fn explained(&self, key: &CardKey, side: Side) -> Option<Result<Outcome, Vec<InputError>>> {
        let input = self.input(key, side)?;
        Some(score::explained(pack::pinned(&key.pack)?, &input))
    }

    /// The decision that someone entitled would sign on a card as it is known here; none if there is no result.
    #[must_use]
    pub fn approval(&self, key: &CardKey) -> Option<Approval> {
        self.approval_of(key, &self.outcome(key, Side::Appraised)?.ok()?, self.led(key))
    }

    /// The same for a result that is already computed, with the people led as [`Self::led`] returns them.
    #[must_use]
    pub fn approval_of(&self, key: &CardKey, outcome: &Outcome, led: Vec<Led>) -> Option<Approval> {
        let standing = self.org.seat_in(key.subject, key.period)?.standing();
        let class = outcome.class.as_ref().map(|class| class.code.clone()).unwrap_or_default();
        let total = Some(outcome.total.as_ref()?.exact.clone());
        Some(Approval { total, class, comment: String::new(), standing, led, reckoned: None, document: None })
    }

    /// The hash of a card, to compare with another device's.
    #[must_use]
    pub fn card_hash(&self, key: &CardKey) -> StateHash {
        self.card(key).map_or_else(|| Card::default().hash(), Card::hash)
    }

    /// Folds an operation that counts. `received_at` is the time of its arrival at the server, if it has arrived. An
    /// unreadable operation changes nothing: it would not have been accepted.
    pub fn apply(&mut self, id: OpId, body: &Body, received_at: Option<Millis>) {
        let Ok(intent) = body.intent() else { return };
        match (&body.target, intent) {
            (Target::Card(key), intent) => {
                self.card_mut(key).apply(id, body, intent, received_at);
                self.note_seat(key);
            }
            (Target::UnitPeriod(_), _) => {
                self.filings.push(Arc::new(Filing { op: id, body: body.clone(), received_at }))
            }
            (Target::WorkList(list), Payload::PutProducts(products)) => self.work_lists.add(*list, products),
            (Target::WorkList(list), Payload::AdoptWorkList(adoption)) => self.work_lists.adopt(*list, adoption),
            (Target::Org, Payload::PutUnit(unit)) => self.org.put_unit(unit),
            (Target::Org, Payload::PutPerson(person)) => self.org.put_person(person),
            (Target::Org, Payload::PutPost(post)) => {
                let person = post.person;
                self.org.put_post(post);
                self.note_seats(person);
            }
            (Target::Org, Payload::AdoptPack(adoption)) => self.adoptions.put(adoption),
            (Target::Org, Payload::PutMandate(mandate)) => self.org.put_mandate(mandate),
            _ => {}
        }
    }
}
