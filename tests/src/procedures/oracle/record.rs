//! What has been done on a card, kept beside the card by a witness, and whether an act counts on top of it.

use std::collections::BTreeMap;

use shared::card::{self, Card};
use shared::ids::{LineId, OpId, PersonId, StepPlace};
use shared::op::{Absence, Appraisal, Approval, Mark, Payload, Progress, Register, SelfScore, Stage};
use shared::pack::{ReasonWhen, Step};
use shared::sorted_map::Map;
use shared::time::Day;
use shared::work::AbsenceCause;

use super::{Leaves, Rules, is_panel, leaves};

/// Why an act must not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum Why {
    /// No rule names the author.
    NotEntitled,
    /// Something before it is missing, or something after it was done.
    NotItsTurn,
    /// It arrives too early.
    TooEarly,
    /// It says what may not be said.
    Content,
}

/// A line of work: who put it on the card, and whether it was reported as done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) id: LineId,
    pub(super) by: PersonId,
    pub(super) done: bool,
}

/// What has been done on one card.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Record {
    pub(super) lines: Vec<Line>,
    pub(super) own: Option<SelfScore>,
    /// Marks by the place of their step, with their author.
    pub(in super::super) marks: BTreeMap<u8, (PersonId, Appraisal)>,
    /// What members of a team have marked, by the place of their step.
    pub(in super::super) slots: BTreeMap<(u8, PersonId), Appraisal>,
    pub(super) signed: BTreeMap<u8, Approval>,
    pub(super) told: bool,
    pub(super) absent: bool,
}

/// An act: who does what on whose card.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Deed<'a> {
    pub(in super::super) subject: PersonId,
    pub(in super::super) actor: PersonId,
    pub(in super::super) payload: &'a Payload,
    /// The day of its arrival.
    pub(in super::super) day: Day,
}

impl Record {
    /// How far the card is. Where a member of a team has marked, it is as far as with the own score.
    pub(in super::super) fn stage(&self) -> Stage {
        match (self.told, self.signed.is_empty(), self.marks.is_empty()) {
            (true, ..) => Stage::Published,
            (_, false, _) => Stage::Approved,
            (.., false) => Stage::Appraised,
            _ if self.own.is_some() || !self.slots.is_empty() => Stage::SelfScored,
            _ => Stage::Working,
        }
    }

    /// Whether there is work on the card.
    pub(in super::super) const fn has_work(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Whether the act counts.
    ///
    /// # Errors
    /// Why it does not.
    pub(in super::super) fn counts(&self, rules: Rules<'_>, deed: Deed<'_>) -> Result<(), Why> {
        let checks = [
            (self.is_entitled(rules, deed), Why::NotEntitled),
            (opens(rules, deed).is_none_or(|opens| deed.day >= opens), Why::TooEarly),
            (self.is_its_turn(rules, deed), Why::NotItsTurn),
            (self.may_say(rules, deed), Why::Content),
        ];
        checks.into_iter().try_for_each(|(holds, why)| if holds { Ok(()) } else { Err(why) })
    }

    /// Whether a rule names the author.
    pub(in super::super) fn is_entitled(&self, rules: Rules<'_>, deed: Deed<'_>) -> bool {
        let Deed { subject, actor, payload, .. } = deed;
        if !rules.has_card(subject) {
            return false;
        }
        let does = |steps: &[(u8, &Step)]| steps.iter().any(|(_, step)| rules.actors(step, subject).contains(&actor));
        let (marking, signing) = (rules.marking(subject), rules.signing(subject));
        let signs = || rules.signs(&signing, subject, actor);
        let signs_at = |steps: &[(u8, &Step)], at: &StepPlace| {
            steps.iter().any(|one| one.0 == at.0 && rules.signs(&[*one], subject, actor))
        };
        // Of a team, only those who close it undo what others have marked.
        let undoes = || {
            let after = |place| marking.iter().filter(|(other, _)| *other >= place).copied().collect::<Vec<_>>();
            self.marked_beside(actor).is_none_or(|place| rules.signs(&after(place), subject, actor))
        };
        let own = actor == subject;
        // Where the rules find nobody who marks, the keepers of the records enter what an authority outside gave.
        let nobody = || marking.iter().any(|(_, step)| rules.actors(step, subject).is_empty());
        let enters = || !own && nobody() && rules.keeps_records(actor, subject);
        match payload {
            Payload::AssignWork(_) => own || does(&marking) || does(&signing) || does(&rules.planning(subject)),
            Payload::ReportProgress { .. }
            | Payload::WithdrawSelfScore { .. }
            | Payload::SaveDraft { appraisal: false, .. } => own,
            Payload::SubmitSelfScore(_) => own && !rules.leaving(subject, Leaves::Own).is_empty(),
            Payload::SaveDraft { appraisal: true, .. } => does(&marking) || enters(),
            Payload::FillSlot(at, _) => {
                let mut teams = marking.iter().filter(|(place, step)| *place == at.0 && is_panel(step));
                teams.any(|(_, step)| rules.actors(step, subject).contains(&actor))
            }
            Payload::Appraise(at, _) => signs_at(&marking, at),
            Payload::Approve(at, _) => signs_at(&signing, at),
            // Whoever signs the result may also make it known.
            Payload::Publish(_) => signs() || does(&rules.leaving(subject, Leaves::Told)),
            Payload::ReturnCard { .. } => match self.stage() {
                Stage::Working | Stage::SelfScored => does(&marking) && undoes(),
                Stage::Appraised => signs() || undoes(),
                // Nobody sends back what was decided in a later step.
                Stage::Approved | Stage::Published => {
                    let last = self.signed.keys().next_back().copied().unwrap_or_default();
                    let after: Vec<_> = signing.iter().filter(|(place, _)| *place >= last).copied().collect();
                    rules.signs(&after, subject, actor)
                }
            },
            Payload::RecordAbsence(_) | Payload::LiftAbsence { .. } => {
                !own && (does(&marking) || does(&signing) || rules.keeps_records(actor, subject))
            }
            _ => false,
        }
    }

    /// Whether everything before the act is done, and nothing after it.
    pub(in super::super) fn is_its_turn(&self, rules: Rules<'_>, deed: Deed<'_>) -> bool {
        let stage = self.stage();
        match deed.payload {
            Payload::AssignWork(_) => stage == Stage::Working,
            Payload::SubmitSelfScore(_) => stage <= Stage::SelfScored && self.own.is_none(),
            Payload::ReportProgress { line, .. } => {
                stage == Stage::Working && self.lines.iter().any(|known| known.id == *line)
            }
            Payload::WithdrawSelfScore { .. } => stage == Stage::SelfScored && self.slots.is_empty(),
            Payload::FillSlot(at, _) => {
                let open = stage <= Stage::Appraised && !self.is_marked_up_to(at.0);
                open && !self.absent && self.is_marked_before(rules, deed, at.0)
            }
            Payload::Appraise(at, _) => {
                let last = self.marks.keys().next_back().is_none_or(|latest| *latest <= at.0);
                let free = self.marks.get(&at.0).is_none_or(|(by, _)| *by == deed.actor);
                let ready = self.is_prepared(rules, deed);
                stage <= Stage::Appraised && !self.absent && last && free && ready
            }
            Payload::Approve(at, _) => {
                let last = self.signed.keys().next_back().is_none_or(|latest| *latest < at.0);
                stage <= Stage::Approved && !self.absent && last && self.is_decided_before(rules, deed.subject, at.0)
            }
            Payload::Publish(_) => !self.told && self.may_be_told(rules, deed.subject),
            Payload::ReturnCard { to, .. } => *to < stage,
            Payload::RecordAbsence(_) => stage < Stage::Approved,
            Payload::LiftAbsence { .. } => self.absent,
            Payload::SaveDraft { .. } => true,
            _ => false,
        }
    }

    /// Whether what a mark, a decision or a publication waits for is there, whatever else was done meanwhile.
    pub(in super::super) fn is_prepared(&self, rules: Rules<'_>, deed: Deed<'_>) -> bool {
        match deed.payload {
            Payload::Appraise(at, _) => {
                self.is_marked_before(rules, deed, at.0) && self.are_enough(rules, deed.subject, at.0)
            }
            Payload::FillSlot(at, _) => self.is_marked_before(rules, deed, at.0) && !self.is_marked_up_to(at.0),
            Payload::Approve(at, _) => self.is_decided_before(rules, deed.subject, at.0),
            Payload::Publish(_) => self.may_be_told(rules, deed.subject),
            _ => true,
        }
    }

    fn may_be_told(&self, rules: Rules<'_>, subject: PersonId) -> bool {
        let first = rules.leaving(subject, Leaves::Told).first().copied();
        first.is_some_and(|(_, step)| self.holds_before(rules, subject, step))
    }

    pub(super) fn step<'a>(rules: Rules<'a>, place: u8) -> Option<&'a Step> {
        rules.office.pack.steps.get(usize::from(place))
    }

    fn is_marked_before(&self, rules: Rules<'_>, deed: Deed<'_>, place: u8) -> bool {
        Self::step(rules, place).is_some_and(|step| self.waits_for_nothing(rules, deed, step, is_panel(step)))
    }

    /// Whether what a step of marks waits for is there. Somebody who may do the step before as well need not do it apart; but
    /// before and after a team nobody leaves a step out.
    fn waits_for_nothing(&self, rules: Rules<'_>, deed: Deed<'_>, step: &Step, of_team: bool) -> bool {
        rules.before(deed.subject, step).into_iter().all(|(place, before)| match leaves(before) {
            Leaves::Nothing => self.waits_for_nothing(rules, deed, before, of_team),
            Leaves::Own => self.own.is_some() || rules.is_late(deed.subject, deed.day),
            _ if self.has(place, before) => true,
            _ if of_team || is_panel(before) => false,
            _ if rules.actors(before, deed.subject).contains(&deed.actor) => {
                self.waits_for_nothing(rules, deed, before, of_team)
            }
            _ => false,
        })
    }

    fn has(&self, place: u8, step: &Step) -> bool {
        match leaves(step) {
            Leaves::Own => self.own.is_some(),
            Leaves::Marks => self.marks.contains_key(&place),
            Leaves::Result => self.signed.contains_key(&place),
            Leaves::Told => self.told,
            Leaves::Nothing => true,
        }
    }

    /// Whether the marks or the decision are there from which a result is signed: the own marks, where whoever marks signs.
    fn is_decided_before(&self, rules: Rules<'_>, subject: PersonId, place: u8) -> bool {
        if rules.marking(subject).iter().any(|(marked, _)| *marked == place) {
            return self.marks.contains_key(&place);
        }
        Self::step(rules, place).is_some_and(|step| self.holds_before(rules, subject, step))
    }

    /// Whether every step before a step is done; what leaves nothing is looked through. Where whoever marks signs, the signed
    /// result is what counts. A self-score is not waited for beside something that others did.
    fn holds_before(&self, rules: Rules<'_>, subject: PersonId, step: &Step) -> bool {
        let found = self.found_before(rules, subject, step);
        let others = found.iter().any(|(sort, _)| *sort != Leaves::Own);
        let mut needed = found.iter().filter(|(sort, _)| !others || *sort != Leaves::Own);
        !found.is_empty() && needed.all(|(_, there)| *there)
    }

    fn found_before(&self, rules: Rules<'_>, subject: PersonId, step: &Step) -> Vec<(Leaves, bool)> {
        let signing = rules.signing(subject);
        let mut found = Vec::new();
        for (place, before) in rules.before(subject, step) {
            let signs = signing.iter().any(|(signed, _)| *signed == place);
            match leaves(before) {
                Leaves::Nothing => found.extend(self.found_before(rules, subject, before)),
                _ if signs => found.push((Leaves::Result, self.signed.contains_key(&place))),
                sort => found.push((sort, self.has(place, before))),
            }
        }
        found
    }

    fn may_say(&self, rules: Rules<'_>, deed: Deed<'_>) -> bool {
        let given = |reason: &str| !reason.trim().is_empty();
        match deed.payload {
            Payload::AssignWork(_) => rules.office.pack.work.is_some(),
            Payload::WithdrawSelfScore { reason }
            | Payload::LiftAbsence { reason }
            | Payload::ReturnCard { reason, .. } => given(reason),
            Payload::RecordAbsence(Absence { cause: AbsenceCause::Other, note }) => given(note),
            Payload::SubmitSelfScore(score) => !self.reckon_own(rules, score).lacks_a_fact(),
            Payload::Appraise(at, appraisal) | Payload::FillSlot(at, appraisal) => {
                let lacks_a_fact = self.reckon_marks(rules, deed.subject, appraisal).lacks_a_fact();
                let closes = matches!(deed.payload, Payload::Appraise(..));
                let follows = !closes || self.follows_from_slots(rules, deed.subject, at.0, appraisal);
                !lacks_a_fact
                    && follows
                    && marks_every_row(rules, appraisal)
                    && self.has_reasons(rules, at.0, appraisal)
            }
            Payload::Approve(_, approval) => {
                let reckoned = self.reckon(rules, deed.subject);
                let stands = (approval.standing.unit, approval.standing.rank);
                let class = reckoned.class.unwrap_or_default();
                reckoned.total == approval.total && class == approval.class && rules.seat(deed.subject) == Some(stands)
            }
            Payload::Publish(told) => self.signed.values().next_back().is_some_and(|signed| signed.class == told.class),
            _ => true,
        }
    }

    fn has_reasons(&self, rules: Rules<'_>, place: u8, appraisal: &Appraisal) -> bool {
        let Some(step) = Self::step(rules, place) else { return false };
        let base = self.starting_point(rules, step);
        appraisal.marks.iter().all(|(code, mark)| {
            let needed = match step.reason_when {
                None | Some(ReasonWhen::Differs) => base.get(code).is_none_or(|base| base.value != mark.value),
                Some(ReasonWhen::BelowMax) => {
                    let mut rows = rules.office.pack.groups.iter().flat_map(|group| &group.criteria);
                    rows.any(|row| row.code == *code && mark.value < row.max)
                }
                Some(ReasonWhen::Always) => true,
                Some(ReasonWhen::Never) => false,
            };
            !needed || !mark.reason.trim().is_empty()
        })
    }

    /// The marks of the step that is named; where nobody did it, those on which it builds; in the end the self-score.
    fn starting_point(&self, rules: Rules<'_>, step: &Step) -> Map<String, Mark> {
        let mut step = Some(step);
        while let Some(id) = step.and_then(|step| step.builds_on.as_ref()) {
            let found = (0..).zip(&rules.office.pack.steps).find(|(_, other)| other.id == *id);
            if let Some((_, marked)) = found.and_then(|(place, _)| self.marks.get(&place)) {
                return marked.marks.clone();
            }
            step = found.map(|(_, step)| step);
        }
        self.own.as_ref().map(|own| own.marks.clone()).unwrap_or_default()
    }

    /// Notes an act that counted.
    pub(in super::super) fn note(&mut self, id: OpId, deed: Deed<'_>) {
        match deed.payload {
            Payload::AssignWork(lines) => {
                let new = (0..).zip(lines).map(|(place, _)| LineId::new(id, place));
                self.lines.extend(new.map(|id| Line { id, by: deed.actor, done: false }));
            }
            Payload::ReportProgress { line, .. } => {
                self.lines.iter_mut().filter(|known| known.id == *line).for_each(|known| known.done = true);
            }
            Payload::SubmitSelfScore(score) => self.own = Some(score.clone()),
            Payload::WithdrawSelfScore { .. } => self.own = None,
            Payload::Appraise(at, appraisal) => {
                self.marks.insert(at.0, (deed.actor, appraisal.clone()));
            }
            Payload::FillSlot(at, appraisal) => {
                self.slots.insert((at.0, deed.actor), appraisal.clone());
            }
            Payload::Approve(at, approval) => {
                self.signed.insert(at.0, approval.clone());
            }
            Payload::Publish(_) => self.told = true,
            Payload::ReturnCard { to, .. } => self.go_back(*to),
            Payload::RecordAbsence(_) => self.absent = true,
            Payload::LiftAbsence { .. } => self.absent = false,
            _ => {}
        }
    }

    fn go_back(&mut self, to: Stage) {
        self.told = false;
        if to < Stage::Approved {
            self.signed.clear();
        }
        if to < Stage::Appraised {
            self.marks.clear();
            // The team marks anew.
            self.slots.clear();
        }
        if to < Stage::SelfScored {
            self.own = None;
        }
    }

    /// What a card shows, for a witness who was not there.
    pub(in super::super) fn of(card: &Card, rules: Rules<'_>) -> Self {
        let steps = rules.office.pack.steps.len();
        let places = || (0..u8::try_from(steps).unwrap_or(u8::MAX)).map(StepPlace);
        let slots = slots(rules).filter(|(_, register)| card.holds(register));
        let held = |place: &StepPlace| card.holds(&Register::Appraisal(*place));
        let marks = places().filter(held).filter_map(|place| {
            let version = card.versions(&Register::Appraisal(place)).first()?;
            Some((
                place.0,
                (version.actor, card.appraisal_in(&Register::Appraisal(place)).cloned().unwrap_or_default()),
            ))
        });
        let signed = places().filter(|place| card.holds(&Register::Approval(*place)));
        let done = |progress: &Progress| !progress.completed.is_zero();
        let line =
            |line: &card::Line<'_>| Line { id: line.id, by: line.assigned_by, done: line.progress.is_some_and(done) };
        Self {
            lines: card.lines().iter().map(line).collect(),
            own: card.holds(&Register::SelfScore).then(|| card.self_score().cloned().unwrap_or_default()),
            marks: marks.collect(),
            slots: slots.map(|(at, one)| (at, card.appraisal_in(&one).cloned().unwrap_or_default())).collect(),
            signed: signed.filter_map(|place| Some((place.0, card.approval()?.clone()))).collect(),
            told: card.holds(&Register::Publication),
            absent: card.absence().is_some(),
        }
    }

    /// What the card holds otherwise than the witness knows, if anything.
    pub(in super::super) fn differs_from(&self, card: Option<&Card>, rules: Rules<'_>) -> Option<String> {
        let empty = Card::default();
        let steps = rules.office.pack.steps.len();
        let card = card.unwrap_or(&empty);
        let told = [
            (Register::SelfScore, self.own.is_some()),
            (Register::Publication, self.told),
            (Register::Absence, self.absent),
        ];
        let at = (0..u8::try_from(steps).unwrap_or(u8::MAX)).flat_map(|place| {
            [
                (Register::Appraisal(StepPlace(place)), self.marks.contains_key(&place)),
                (Register::Approval(StepPlace(place)), self.signed.contains_key(&place)),
            ]
        });
        let of_members = slots(rules).map(|(at, register)| (register, self.slots.contains_key(&at)));
        let mut held = told.into_iter().chain(at).chain(of_members);
        let wrong = held.find(|(register, held)| card.holds(register) != *held);
        let other = |(at, register): &((u8, PersonId), Register)| self.slots.get(at) != card.appraisal_in(register);
        if let Some((_, register)) = slots(rules).find(other) {
            return Some(format!("{register} holds other marks"));
        }
        wrong.map(|(register, held)| format!("{register} should be {}", if held { "there" } else { "empty" }))
    }
}

/// Whoever marks gives a mark to every row.
fn marks_every_row(rules: Rules<'_>, appraisal: &Appraisal) -> bool {
    let mut rows = rules.office.pack.groups.iter().flat_map(|group| &group.criteria);
    rows.all(|row| appraisal.marks.contains_key(&row.code))
}

/// Every place in which a member of a team may mark, and anybody else.
fn slots(rules: Rules<'_>) -> impl Iterator<Item = ((u8, PersonId), Register)> {
    let teams = (0..).zip(&rules.office.pack.steps).filter(|(_, step)| is_panel(step));
    let people = rules.office.people.iter();
    teams.flat_map(move |(place, _)| {
        people.clone().map(move |one| ((place, one.id), Register::Slot(StepPlace(place), one.id)))
    })
}

/// The first day of an act that makes a result.
fn opens(rules: Rules<'_>, deed: Deed<'_>) -> Option<Day> {
    let first = |what| rules.leaving(deed.subject, what).first().map(|(_, step)| rules.opens(step, false));
    match deed.payload {
        Payload::SubmitSelfScore(_) => Some(first(Leaves::Own).unwrap_or_else(|| rules.office.period.first_day())),
        Payload::Appraise(at, _) | Payload::FillSlot(at, _) => Some(rules.opens(Record::step(rules, at.0)?, false)),
        Payload::Approve(at, _) => Some(rules.opens(Record::step(rules, at.0)?, true)),
        Payload::Publish(_) => Some(first(Leaves::Told).unwrap_or_else(|| rules.office.period.first_day())),
        _ => None,
    }
}
