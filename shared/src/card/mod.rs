//! One person's card for one period: registers that hold versions, and the functions that read them.
//!
//! Nothing is overwritten. Writing a register replaces only the versions that its author had seen. A version that the
//! author had not seen stays beside the new one. The register is then *contested* until someone entitled chooses.

mod earlier;
mod events;
mod faults;
mod judge;
mod late;
mod products;
mod read;

use crate::bug::{self, Bug};
use crate::sort;
use crate::sorted_map::Map;

use serde::Serialize;

pub use earlier::Earlier;
pub(crate) use faults::counted as counted_fault;
pub use judge::CardPolicy;
pub use late::Lateness;
pub use read::{Line, Reading, Side};

use crate::ids::{DeviceId, LineId, OpId, PersonId, StateHash, StepPlace};
use crate::op::{
    Absence, Appraisal, Approval, Body, CarriedLine, Document, DraftValue, Fault, FieldKey, LineReview, NewLine,
    Payload, Progress, Publication, Register, Says, SelfScore, Stage, Voice,
};
use crate::time::{Day, Hlc, Millis};

/// What a register can hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Work assigned on the card.
    Plan(NewLine),
    /// What was done of a work line.
    Progress(Progress),
    /// A field of a draft.
    Draft(DraftValue),
    /// A submitted self-score.
    SelfScore(SelfScore),
    /// A superior's score.
    Appraisal(Appraisal),
    /// A decision.
    Approval(Approval),
    /// The publication of a class.
    Publication(Publication),
    /// That the person is not assessed in the period.
    Absence(Absence),
    /// Something said.
    Voice(Voice),
    /// What was found of a work line.
    Finding(LineReview),
    /// A fault that was found after the decision.
    Fault(Fault),
    /// A value that was taken back or returned, with the reason.
    Cleared(String),
}

impl Value {
    /// The document by which it was entered for an authority outside.
    pub(crate) const fn document(&self) -> Option<&Document> {
        match self {
            Self::Appraisal(appraisal) => appraisal.document.as_ref(),
            Self::Approval(approval) => approval.document.as_ref(),
            Self::Publication(publication) => publication.document.as_ref(),
            _ => None,
        }
    }

    /// How many bytes it takes on the wire.
    fn bytes(&self) -> usize {
        match self {
            Self::Plan(plan) => crate::op::encode(plan).len(),
            Self::Progress(progress) => crate::op::encode(progress).len(),
            Self::Draft(draft) => crate::op::encode(draft).len(),
            Self::SelfScore(score) => crate::op::encode(score).len(),
            Self::Appraisal(appraisal) => crate::op::encode(appraisal).len(),
            Self::Approval(approval) => crate::op::encode(approval).len(),
            Self::Publication(publication) => crate::op::encode(publication).len(),
            Self::Absence(absence) => crate::op::encode(absence).len(),
            Self::Voice(voice) => crate::op::encode(voice).len(),
            Self::Finding(finding) => crate::op::encode(finding).len(),
            Self::Fault(fault) => crate::op::encode(fault).len(),
            Self::Cleared(reason) => reason.len(),
        }
    }
}

/// A value with its author, the device and the time (by the author's clock).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Version {
    /// The operation that wrote it.
    pub op: OpId,
    /// Who wrote it.
    pub actor: PersonId,
    /// The device on which it was written.
    pub device: DeviceId,
    /// When it was written, by that device's clock.
    pub at: Hlc,
    /// When it arrived at the server; none if it has not arrived, as far as this copy knows. It shows when a clock was
    /// set back.
    pub received_at: Option<Millis>,
    /// The value.
    pub value: Value,
}

/// One time that the card was sent back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Return {
    /// The operation.
    pub op: OpId,
    /// Who sent it back.
    pub actor: PersonId,
    /// When, by that device's clock.
    pub at: Hlc,
    /// The stage to which it was sent back.
    pub to: Stage,
    /// The reason.
    pub reason: String,
}

/// One event in the card's history.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Event {
    /// The operation.
    pub op: OpId,
    /// Who acted.
    pub actor: PersonId,
    /// When, by that device's clock.
    pub at: Hlc,
    /// Kind of the operation; see [`Payload::kind`].
    pub kind: u16,
}

/// A card, folded from its operations.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Card {
    registers: Map<Register, Vec<Version>>,
    returns: Vec<Return>,
    /// Published results that were set aside, oldest first.
    earlier: Vec<Earlier>,
    history: Vec<Event>,
    /// When each line was put on the card, and by whom.
    added: Map<LineId, (Hlc, PersonId)>,
    /// The lines that were ever carried here from the period before, as they came, also those changed or removed since.
    carried: Vec<(LineId, NewLine)>,
    /// Whether the card was built from fewer operations than there were; see [`crate::sync::Compacted`].
    compacted: bool,
}

impl Version {
    /// The day it arrived at the server, if that is later than the day by its author's clock.
    #[must_use]
    pub fn arrived_later(&self) -> Option<Day> {
        let arrived = self.received_at?.day();
        (arrived > self.at.at.day()).then_some(arrived)
    }
}

impl Card {
    /// Whether it is compacted: it can be read but not acted on.
    #[must_use]
    pub const fn is_compacted(&self) -> bool {
        self.compacted
    }

    /// Marks it as compacted.
    pub(crate) const fn compact(&mut self) {
        self.compacted = true;
    }

    /// The versions of a register: one, or several when contested.
    #[must_use]
    pub fn versions(&self, register: &Register) -> &[Version] {
        self.registers.get(register).map_or(&[], Vec::as_slice)
    }

    /// The heads of a register, to name as the base of what builds on it.
    pub fn heads(&self, register: &Register) -> impl Iterator<Item = OpId> {
        self.versions(register).iter().map(|version| version.op)
    }

    /// The version that counts: the only one, unless it was taken back.
    #[must_use]
    pub fn current(&self, register: &Register) -> Option<&Version> {
        match self.versions(register) {
            [version] if !matches!(version.value, Value::Cleared(_)) => Some(version),
            _ => None,
        }
    }

    /// Whether a register holds anything that was not taken back.
    #[must_use]
    pub fn holds(&self, register: &Register) -> bool {
        self.versions(register).iter().any(|version| !matches!(version.value, Value::Cleared(_)))
    }

    /// Whether a register has more than one version.
    #[must_use]
    pub fn is_contested(&self, register: &Register) -> bool {
        self.versions(register).len() > 1
    }

    /// All contested registers.
    #[must_use]
    pub fn contested(&self) -> Vec<Register> {
        self.registers.iter().filter(|(_, versions)| versions.len() > 1).map(|(register, _)| register.clone()).collect()
    }

    /// The stage that the card has reached.
    #[must_use]
    pub fn stage(&self) -> Stage {
        let held = self.registers.keys().filter(|register| self.holds(register));
        held.filter_map(Register::reaches).max().unwrap_or(Stage::Working)
    }

    /// Every register that was ever written, in order.
    pub(crate) fn registers(&self) -> impl Iterator<Item = &Register> {
        self.registers.keys()
    }

    /// Where the superior's score stands that counts: in the latest step that was scored.
    #[must_use]
    pub fn appraised_in(&self) -> Option<&Register> {
        self.last_held(Register::is_appraisal)
    }

    /// Where the decision stands that counts: in the latest step that was decided.
    #[must_use]
    pub fn approved_in(&self) -> Option<&Register> {
        self.last_held(Register::is_approval)
    }

    /// The latest step in which there is a result, or in which a member of a panel other than `actor` has marked.
    pub(crate) fn marked_beside(&self, actor: PersonId) -> Option<StepPlace> {
        let marked = |register: &Register| match register {
            Register::Appraisal(place) => Some(*place),
            Register::Slot(place, member) if *member != actor => Some(*place),
            _ => None,
        };
        self.registers.keys().filter(|register| self.holds(register)).filter_map(marked).max()
    }

    fn last_held(&self, sort: fn(&Register) -> bool) -> Option<&Register> {
        self.registers.keys().rev().find(|register| sort(register) && self.holds(register))
    }

    /// Bytes of all versions of what its subject may write: the work, the progress, the self-score.
    #[must_use]
    pub fn work_bytes(&self) -> usize {
        let work =
            |register: &Register| matches!(register, Register::Plan(_) | Register::Progress(_) | Register::SelfScore);
        let rows = self.registers.iter().filter(|(register, _)| work(register));
        rows.flat_map(|(_, versions)| versions).map(|version| version.value.bytes()).sum()
    }

    /// The number of registers of a sort, including those that no longer hold anything.
    pub(crate) fn count(&self, sort: impl Fn(&Register) -> bool) -> usize {
        self.registers.keys().filter(|register| sort(register)).count()
    }

    /// The times it was sent back, oldest first.
    #[must_use]
    pub fn returns(&self) -> &[Return] {
        &self.returns
    }

    /// Every event, in the order folded. Drafts are not included.
    #[must_use]
    pub fn history(&self) -> &[Event] {
        &self.history
    }

    /// A hash over every register and the operations that hold it: equal cards have equal hashes. Drafts are left out,
    /// because only their authors have them.
    #[must_use]
    pub fn hash(&self) -> StateHash {
        let mut bytes = Vec::new();
        for (register, versions) in &self.registers {
            if !matches!(register, Register::Draft(_)) {
                bytes.extend(crate::op::encode(register));
                bytes.extend((versions.len() as u64).to_be_bytes());
                versions.iter().for_each(|version| bytes.extend(version.op.as_bytes()));
            }
        }
        StateHash::of(&bytes)
    }

    /// Empties a compacted card before its full operations are folded. The reader's own drafts do not belong to the
    /// compacted card and stay.
    pub(crate) fn begin_anew(&mut self) {
        self.registers.retain(|register, _| matches!(register, Register::Draft(_)));
        self.history.clear();
        self.earlier.clear();
        self.added.clear();
        self.carried.clear();
        self.compacted = false;
    }

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
    fn writes(&self, id: OpId, actor: PersonId, intent: Payload) -> Vec<(Register, Value)> {
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
                several(|register| register.is_appraisal() || register.is_approval() || register.is_voice()).collect()
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
