//! Folds operations into a card: what each writes, what it empties, and on what it builds.

use super::{Card, Event, Return, Value, Version};
use crate::bug::{self, Bug};
use crate::ids::{LineId, OpId, PersonId};
use crate::op::{Body, CarriedLine, FieldKey, Payload, Register, Says, Stage};
use crate::sort;
use crate::time::Millis;

impl Card {
    /// Folds an accepted operation.
    pub(crate) fn apply(&mut self, id: OpId, body: &Body, intent: Payload, received_at: Option<Millis>) {
        let kind = intent.kind();
        if let Payload::ReturnCard { to, reason } = &intent {
            let (to, reason) = (*to, reason.clone());
            self.returns.push(Return { op: id, actor: body.actor, at: body.hlc, to, reason });
        }
        if !matches!(intent, Payload::SaveDraft { .. }) {
            self.history.push(Event { op: id, actor: body.actor, at: body.hlc, kind });
        }
        let published = self.published();
        let fault = if let Payload::RecordFault(fault) = &intent { Some(fault.clone()) } else { None };
        let voice = match &intent {
            Payload::Speak(place, _) => Some(Register::Voice(*place, None)),
            Payload::Resolve { register: register @ Register::Voice(..), .. } => Some(register.clone()),
            _ => None,
        };
        let adds = matches!(intent, Payload::AssignWork(_) | Payload::CarryWork(_));
        let planned_by = self.planned_by(&intent);
        let carried: &[CarriedLine] = if let Payload::CarryWork(lines) = &intent { lines } else { &[] };
        let givers: Vec<PersonId> = carried.iter().map(|line| line.assigned_by).collect();
        let mut givers = givers.into_iter();
        for (register, value) in self.writes(id, body.actor, intent) {
            // Work that is carried on stays the work of whoever assigned it.
            let author = if matches!(register, Register::Plan(_)) { givers.next() } else { None };
            if let (true, Register::Plan(line), Value::Plan(plan)) = (adds, &register, &value) {
                self.added.insert(*line, (body.hlc, author.unwrap_or(body.actor)));
                // Also as a compacted card tells it.
                self.carried.extend(plan.carried.map(|_| (*line, plan.clone())));
            }
            let (actor, device, at) = (author.or(planned_by).unwrap_or(body.actor), body.device, body.hlc);
            let version = Version { op: id, actor, device, at, received_at, value };
            self.write(register, version, &body.base);
        }
        let (actor, device, at) = (body.actor, body.device, body.hlc);
        let undone = match (voice, fault) {
            (Some(voice), _) => self.undone_by_answer(&voice),
            (None, Some(fault)) => self.undone_by_fault(&fault),
            (None, None) => Vec::new(),
        };
        for (register, reason) in undone {
            let seen: Vec<OpId> = self.heads(&register).collect();
            let version = Version { op: id, actor, device, at, received_at, value: Value::Cleared(reason) };
            self.write(register, version, &seen);
        }
        self.keep_published(published);
    }

    /// The author of the plan that an intent chooses. Choosing between plans does not assign work: the work still
    /// belongs to the person who assigned it.
    fn planned_by(&self, intent: &Payload) -> Option<PersonId> {
        match intent {
            Payload::Resolve { register: register @ Register::Plan(_), choice, .. } => {
                self.versions(register).iter().find(|version| version.op == *choice).map(|version| version.actor)
            }
            _ => None,
        }
    }

    fn write(&mut self, register: Register, version: Version, base: &[OpId]) {
        let versions = self.registers.entry(register).or_default();
        if bug::is(Bug::LaterClockWins) && versions.iter().any(|old| old.at > version.at) {
            return;
        }
        let all = bug::is(Bug::LastWriterWins) || bug::is(Bug::LaterClockWins);
        versions.retain(|old| !all && !base.contains(&old.op) && old.op != version.op);
        versions.push(version);
        if !bug::is(Bug::UnsortedVersions) {
            sort::sort_by_key(versions, |version| version.op);
        }
    }

    /// The registers that an intent of `actor` writes, with their values.
    pub(super) fn writes(&self, id: OpId, actor: PersonId, intent: Payload) -> Vec<(Register, Value)> {
        match intent {
            Payload::AssignWork(lines) => (0_u8..)
                .zip(lines)
                .map(|(place, line)| (Register::Plan(LineId::new(id, place)), Value::Plan(line)))
                .collect(),
            Payload::CarryWork(lines) => (0_u8..)
                .zip(lines)
                .flat_map(|(place, carried)| {
                    let line = LineId::new(id, place);
                    let progress = carried.progress.map(|done| (Register::Progress(line), Value::Progress(done)));
                    [(Register::Plan(line), Value::Plan(carried.plan))].into_iter().chain(progress)
                })
                .collect(),
            Payload::ReviseLine { line, plan } => self.reopened(line, (Register::Plan(line), Value::Plan(plan))),
            Payload::RemoveLine { line, reason } => vec![(Register::Plan(line), Value::Cleared(reason))],
            Payload::ReportProgress { line, progress } => {
                self.reopened(line, (Register::Progress(line), Value::Progress(progress)))
            }
            Payload::SaveDraft { appraisal, fields } => fields
                .into_iter()
                .map(|(field, value)| (Register::Draft(FieldKey { appraisal, field }), Value::Draft(value)))
                .collect(),
            Payload::SubmitSelfScore(score) => vec![(Register::SelfScore, Value::SelfScore(score))],
            Payload::WithdrawSelfScore { reason } => vec![(Register::SelfScore, Value::Cleared(reason))],
            Payload::Appraise(step, appraisal) => {
                // A superior who scores without a self-score records that there is none. A self-score that arrives
                // unseen then stays beside that record as a second version.
                let none =
                    (!self.holds(&Register::SelfScore)).then(|| (Register::SelfScore, Value::Cleared(String::new())));
                none.into_iter().chain([(Register::Appraisal(step), Value::Appraisal(appraisal))]).collect()
            }
            Payload::FillSlot(step, appraisal) => vec![(Register::Slot(step, actor), Value::Appraisal(appraisal))],
            Payload::EvaluateLines(step, findings) => {
                let finding = |(line, found)| (Register::Finding(step, line), Value::Finding(found));
                findings.into_iter().map(finding).collect()
            }
            Payload::Approve(step, approval) => vec![(Register::Approval(step), Value::Approval(approval))],
            Payload::Speak(step, voice) => {
                let register = Register::Voice(step, voice.says.is_said_apart().then_some(actor));
                let taken_back = voice.says == Says::Withdrawn;
                vec![(register, if taken_back { Value::Cleared(voice.words) } else { Value::Voice(voice) })]
            }
            Payload::Publish(publication) => vec![(Register::Publication, Value::Publication(publication))],
            Payload::RecordAbsence(absence) => vec![(Register::Absence, Value::Absence(absence))],
            Payload::LiftAbsence { reason } => vec![(Register::Absence, Value::Cleared(reason))],
            Payload::RecordFault(fault) => vec![(Register::Fault(id), Value::Fault(fault))],
            Payload::LiftFault { fault, reason } => vec![(Register::Fault(fault), Value::Cleared(reason))],
            Payload::ReturnCard { to, reason } => {
                self.undone_by_return(to).map(|register| (register.clone(), Value::Cleared(reason.clone()))).collect()
            }
            Payload::Resolve { register, choice, .. } => self
                .versions(&register)
                .iter()
                .find(|version| version.op == choice)
                .map(|version| (register.clone(), version.value.clone()))
                .into_iter()
                .collect(),
            Payload::PutUnit(_)
            | Payload::PutPerson(_)
            | Payload::PutPost(_)
            | Payload::AdoptPack(_)
            | Payload::PutMandate(_)
            | Payload::PutProducts(_)
            | Payload::AdoptWorkList(_)
            | Payload::Collect(..)
            | Payload::Confirm(..) => Vec::new(),
        }
    }

    /// What a change of a line writes. Findings on it were about the line as it was, so it waits for another one. A finding
    /// that the author had not seen stays beside that.
    fn reopened(&self, line: LineId, change: (Register, Value)) -> Vec<(Register, Value)> {
        let found = self.findings_on(line).map(|register| (register, Value::Cleared(String::new())));
        found.chain([change]).collect()
    }

    /// The registers that hold a finding on a line.
    fn findings_on(&self, line: LineId) -> impl Iterator<Item = Register> {
        let is_it = move |register: &&Register| matches!(register, Register::Finding(_, found) if *found == line);
        self.registers.keys().filter(is_it).filter(|register| self.holds(register)).cloned()
    }

    /// The registers that hold something and that a return to `to` empties.
    pub(crate) fn undone_by_return(&self, to: Stage) -> impl Iterator<Item = &Register> {
        let later = move |register: &&Register| {
            // A panel marks anew where its result is taken back.
            register.reaches().is_some_and(|stage| stage > to) || register.is_slot() && to <= Stage::SelfScored
        };
        self.registers.keys().filter(later).filter(|register| self.holds(register))
    }

    /// The heads that an operation with this intent should name as its base: those of every register it writes or
    /// builds on.
    #[must_use]
    pub fn base_for(&self, intent: &Payload) -> Vec<OpId> {
        let several =
            |sort: fn(&Register) -> bool| self.registers.keys().filter(move |register| sort(register)).cloned();
        let registers = match intent {
            Payload::ReviseLine { line, .. } => self.findings_on(*line).chain([Register::Plan(*line)]).collect(),
            Payload::RemoveLine { line, .. } => vec![Register::Plan(*line)],
            Payload::ReportProgress { line, .. } => {
                self.findings_on(*line).chain([Register::Progress(*line)]).collect()
            }
            Payload::SaveDraft { appraisal, fields } => fields
                .keys()
                .map(|field| Register::Draft(FieldKey { appraisal: *appraisal, field: field.clone() }))
                .collect(),
            Payload::SubmitSelfScore(_) | Payload::WithdrawSelfScore { .. } => vec![Register::SelfScore],
            Payload::Appraise(..) | Payload::FillSlot(..) => {
                let scores = several(|register| register.is_appraisal() || register.is_slot() || register.is_voice());
                [Register::SelfScore].into_iter().chain(scores).collect()
            }
            Payload::EvaluateLines(step, findings) => {
                let of =
                    |line: &LineId| [Register::Plan(*line), Register::Progress(*line), Register::Finding(*step, *line)];
                findings.keys().flat_map(of).collect()
            }
            Payload::Approve(..) => {
                let scores =
                    several(|register| register.is_appraisal() || register.is_approval() || register.is_voice());
                // A document may decide straight on a self-score.
                [Register::SelfScore].into_iter().chain(scores).collect()
            }
            Payload::Publish(_) => {
                let decisions = several(|register| register.is_approval() || register.is_voice());
                decisions.chain([Register::Publication]).collect()
            }
            Payload::Speak(..) => {
                let scores = several(|register| register.reaches().is_some() || register.is_voice());
                scores.collect()
            }
            Payload::Resolve { register: register @ Register::Voice(..), .. } => {
                let scores = several(|register| register.reaches().is_some());
                scores.chain([register.clone()]).collect()
            }
            Payload::ReturnCard { to, .. } => self.undone_by_return(*to).cloned().collect(),
            Payload::Resolve { register, .. } => vec![register.clone()],
            Payload::RecordAbsence(_) | Payload::LiftAbsence { .. } => vec![Register::Absence],
            Payload::RecordFault(_) => several(|register| register.reaches().is_some()).collect(),
            Payload::LiftFault { fault, .. } => vec![Register::Fault(*fault)],
            _ => Vec::new(),
        };
        registers.iter().flat_map(|register| self.heads(register)).collect()
    }
}
