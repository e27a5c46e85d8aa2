//! The registers of a card by the plainest rule: a new version replaces those that its base names.

use std::collections::BTreeMap;

use shared::card::Card;
use shared::ids::{LineId, OpId};
use shared::op::{Body, CardKey, FieldKey, Payload, Register, Stage, Verdict};

use crate::sim::commune::{APPRAISE, APPROVE};
use crate::sim::violation::{Checked, Violation, require};

/// Versions by operation, and whether each retracts the value.
type Versions = BTreeMap<OpId, bool>;

/// What a card must hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Shadow {
    registers: BTreeMap<Register, Versions>,
    /// The number of accepted operations that are in the history.
    told: usize,
}

fn undone_by_return(to: Stage) -> impl Iterator<Item = Register> {
    let stages = [
        (Stage::Published, Register::Publication),
        (Stage::Approved, Register::Approval(APPROVE)),
        (Stage::Appraised, Register::Appraisal(APPRAISE)),
        (Stage::SelfScored, Register::SelfScore),
    ];
    stages.into_iter().filter(move |(stage, _)| *stage > to).map(|(_, register)| register)
}

impl Shadow {
    fn heads(&self, register: &Register) -> usize {
        self.registers.get(register).map_or(0, BTreeMap::len)
    }

    fn holds(&self, register: &Register) -> bool {
        self.registers.get(register).is_some_and(|versions| versions.values().any(|cleared| !cleared))
    }

    /// Whether there is a self-score.
    pub(super) fn is_self_scored(&self) -> bool {
        self.holds(&Register::SelfScore)
    }

    /// The stage of the card.
    pub(super) fn stage(&self) -> Stage {
        let stages = [
            (Register::Publication, Stage::Published),
            (Register::Approval(APPROVE), Stage::Approved),
            (Register::Appraisal(APPRAISE), Stage::Appraised),
            (Register::SelfScore, Stage::SelfScored),
        ];
        let reached = stages.into_iter().find(|(register, _)| self.holds(register));
        reached.map_or(Stage::Working, |(_, stage)| stage)
    }

    fn writes(&self, id: OpId, intent: &Payload) -> Vec<(Register, bool)> {
        match intent {
            Payload::AssignWork(lines) => {
                (0_u8..).zip(lines).map(|(place, _)| (Register::Plan(LineId::new(id, place)), false)).collect()
            }
            Payload::ReviseLine { line, .. } => vec![(Register::Plan(*line), false)],
            Payload::RemoveLine { line, .. } => vec![(Register::Plan(*line), true)],
            Payload::ReportProgress { line, .. } => vec![(Register::Progress(*line), false)],
            Payload::SaveDraft { appraisal, fields } => {
                let draft = |field: &String| FieldKey { appraisal: *appraisal, field: field.clone() };
                fields.keys().map(|field| (Register::Draft(draft(field)), false)).collect()
            }
            Payload::SubmitSelfScore(_) => vec![(Register::SelfScore, false)],
            Payload::WithdrawSelfScore { .. } => vec![(Register::SelfScore, true)],
            Payload::Appraise(..) => {
                let alone = (!self.holds(&Register::SelfScore)).then_some((Register::SelfScore, true));
                alone.into_iter().chain([(Register::Appraisal(APPRAISE), false)]).collect()
            }
            Payload::RecordAbsence(_) => vec![(Register::Absence, false)],
            Payload::LiftAbsence { .. } => vec![(Register::Absence, true)],
            Payload::Approve(..) => vec![(Register::Approval(APPROVE), false)],
            Payload::Publish(_) => vec![(Register::Publication, false)],
            Payload::ReturnCard { to, .. } => {
                undone_by_return(*to).filter(|register| self.holds(register)).map(|register| (register, true)).collect()
            }
            Payload::Resolve { register, choice, .. } => {
                let chosen = self.registers.get(register).and_then(|versions| versions.get(choice));
                chosen.map(|cleared| (register.clone(), *cleared)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Checks that the next stage waits while the one before is contested, and builds on what its author had seen.
    pub(super) fn may_go_on(&self, body: &Body, intent: &Payload) -> Checked {
        if matches!(intent, Payload::Appraise(..) | Payload::Approve(..)) {
            require(!self.holds(&Register::Absence), 3, || "someone who is not assessed was scored".to_owned())?;
            require(self.heads(&Register::SelfScore) < 2, 3, || {
                "two self-scores and the next stage went on".to_owned()
            })?;
        }
        if matches!(intent, Payload::RecordAbsence(_)) {
            let decided = self.holds(&Register::Approval(APPROVE));
            require(!decided, 3, || "an absence came after the decision".to_owned())?;
        }
        let before = match intent {
            // Scored without a self-score: if there was one, the author has seen that it was retracted.
            Payload::Appraise(..) if self.heads(&Register::SelfScore) == 0 => return Ok(()),
            Payload::Appraise(..) => Register::SelfScore,
            Payload::Approve(..) => Register::Appraisal(APPRAISE),
            Payload::Publish(_) => Register::Approval(APPROVE),
            Payload::SubmitSelfScore(_) => return self.lines_are_settled(),
            _ => return Ok(()),
        };
        let versions = self.registers.get(&before).cloned().unwrap_or_default();
        require(versions.len() == 1, 3, || {
            format!("{before} has {} versions and the next stage went on", versions.len())
        })?;
        let seen = versions.keys().all(|head| body.base.contains(head));
        require(seen, 3, || format!("kind {} builds on a {before} that its author had not seen", body.kind))
    }

    fn lines_are_settled(&self) -> Checked {
        let contested = self.registers.keys().find(|register| match register {
            Register::Plan(_) => self.heads(register) > 1 && self.holds(register),
            Register::Progress(line) => self.heads(register) > 1 && self.holds(&Register::Plan(*line)),
            _ => false,
        });
        require(contested.is_none(), 3, || format!("{contested:?} is contested and the score was submitted"))
    }

    /// Adds an accepted operation and compares what it wrote with what the server has.
    pub(super) fn take(
        &mut self,
        id: OpId,
        body: &Body,
        intent: &Payload,
        verdict: &Verdict,
        card: Option<&Card>,
    ) -> Checked {
        let mut contested = false;
        let writes = self.writes(id, intent);
        for (register, cleared) in writes {
            let versions = self.registers.entry(register.clone()).or_default();
            versions.retain(|old, _| !body.base.contains(old));
            versions.insert(id, cleared);
            contested |= versions.len() > 1;
            let expected: Vec<OpId> = versions.keys().copied().collect();
            compare(&register, &expected, card)?;
        }
        self.told += usize::from(!matches!(intent, Payload::SaveDraft { .. }));
        let called = *verdict == Verdict::AcceptedContested;
        require(called == contested, 3, || format!("verdict {}, contested: {contested}", verdict.word()))
    }

    /// Compares every register, and the number of acts in the history.
    pub(super) fn compare_card(&self, key: &CardKey, card: Option<&Card>, invariant: u8, drafts: bool) -> Checked {
        self.compare_all(card, drafts).map_err(|it| Violation { invariant, ..it })?;
        let told = card.map_or(0, |card| card.history().len());
        require(told == self.told, invariant, || format!("{key}: {told} acts told, {} accepted", self.told))
    }

    fn compare_all(&self, card: Option<&Card>, drafts: bool) -> Checked {
        self.registers.iter().filter(|(register, _)| drafts || !matches!(register, Register::Draft(_))).try_for_each(
            |(register, versions)| {
                let expected: Vec<OpId> = versions.keys().copied().collect();
                compare(register, &expected, card)
            },
        )
    }
}

fn compare(register: &Register, expected: &[OpId], card: Option<&Card>) -> Checked {
    let found: Vec<OpId> = card.map(|card| card.heads(register).collect()).unwrap_or_default();
    if found == expected {
        return Ok(());
    }
    let mut sorted = found.clone();
    sorted.sort_unstable();
    let invariant = if sorted == expected { 6 } else { 3 };
    require(false, invariant, || format!("{register} holds {found:?}, expected {expected:?}"))
}
