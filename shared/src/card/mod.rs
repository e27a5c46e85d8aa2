//! One person's card for one period: registers that hold versions, and the functions that read them.
//!
//! Nothing is overwritten. Writing a register replaces only the versions that its author had seen. A version that the
//! author had not seen stays beside the new one. The register is then *contested* until someone entitled chooses.

mod earlier;
mod events;
mod faults;
mod fold;
mod judge;
mod late;
mod products;
mod read;

use crate::sorted_map::Map;

use serde::Serialize;

pub use earlier::Earlier;
pub(crate) use faults::counted as counted_fault;
pub use judge::CardPolicy;
pub use late::Lateness;
pub use read::{Line, Reading, Side};

use crate::ids::{DeviceId, LineId, OpId, PersonId, StateHash, StepPlace};
use crate::op::{
    Absence, Appraisal, Approval, Document, DraftValue, Fault, LineReview, NewLine, Progress, Publication, Register,
    SelfScore, Stage, Voice,
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
}
