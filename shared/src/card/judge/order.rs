//! Whether it is the turn of an act: what it builds on is there, settled and seen by its author, and nothing later was done.

use super::{CardPolicy, Judgement, reject, superseded};
use crate::bug::{self, Bug};
use crate::card::Card;
use crate::ids::StepPlace;
use crate::op::{Body, Detail, Payload, RefusalCode, Register, Stage, Verdict};
use crate::pack::Step;
use crate::procedure::{Act, register};

pub(super) fn wrong_stage(card: &Card) -> Verdict {
    superseded(RefusalCode::WrongStage, "stage", card.stage())
}

impl CardPolicy<'_> {
    pub(super) fn stage_admits(&self, card: &Card, body: &Body, intent: &Payload) -> Judgement {
        let stage = card.stage();
        let wrong = || wrong_stage(card);
        match intent {
            Payload::Appraise(place, _) => self.mark_admits(card, body, *place, &Register::Appraisal(*place)),
            Payload::FillSlot(place, _) => self.mark_admits(card, body, *place, &Register::Slot(*place, body.actor)),
            Payload::EvaluateLines(place, findings) => self.findings_admit(card, body, *place, findings),
            Payload::Approve(place, _) => self.decision_admits(card, body, *place),
            Payload::Speak(place, voice) => self.voice_admits(card, body, *place, voice),
            Payload::Publish(_) => {
                let first = self.asked().steps_of(Act::Notify).into_iter().next();
                let (_, step) = first.ok_or_else(wrong)?;
                card.builds_on(&self.asked().builds_on(step).ok_or_else(wrong)?, body)?;
                self.heard_before(card, body, step)?;
                card.unwritten_or_unseen(&Register::Publication, body, true)
            }
            Payload::ReturnCard { to, .. } => {
                if *to >= stage {
                    return Err(wrong());
                }
                card.undone_by_return(*to).try_for_each(|register| card.seen_whole(register, body))
            }
            Payload::RecordAbsence(_) if stage >= Stage::Approved => Err(wrong()),
            Payload::LiftAbsence { .. } if !card.holds(&Register::Absence) => Err(wrong()),
            Payload::LiftAbsence { .. } => card.seen_whole(&Register::Absence, body),
            Payload::RecordFault(fault) => self.fault_admits(card, body, fault),
            Payload::LiftFault { fault, .. } => Self::lift_admits(card, body, *fault),
            Payload::Resolve { register, .. } if !card.is_contested(register) => {
                Err(superseded(RefusalCode::WrongStage, "register", Detail::technical(&register)))
            }
            Payload::Resolve { register, choice, .. } => {
                card.seen_whole(register, body)?;
                let known = card.heads(register).any(|head| head == *choice);
                if known {
                    card.chosen_answer(body, register, *choice)
                } else {
                    Err(reject(RefusalCode::Unknown, "choice"))
                }
            }
            Payload::SubmitSelfScore(_) => self.own_stage_admits(card, body, intent).and_then(|()| self.nothing_owed()),
            _ => self.own_stage_admits(card, body, intent),
        }
    }

    /// Work that was left behind in an earlier period is carried here first. Whoever did not know of it does so and scores
    /// again: what was entered is still there. The first part of the download does not ask this ([`CardPolicy::judge_own`]): a
    /// tablet that has no more is asked by the server.
    fn nothing_owed(&self) -> Judgement {
        if self.owed == 0 { Ok(()) } else { Err(superseded(RefusalCode::NotCarried, "lines", self.owed)) }
    }

    /// Whether the card is ready for a superior's score in the step at `place`, which is written to `register`.
    fn mark_admits(&self, card: &Card, body: &Body, place: StepPlace, register: &Register) -> Judgement {
        card.is_to_be_assessed()?;
        let step = self.asked().step(place).ok_or_else(|| reject(RefusalCode::Unknown, "step"))?;
        let apart = step.is_marked_apart() && !self.enters(place, body.actor);
        self.marked_before(card, body, step, apart && !bug::is(Bug::PanelDoesNotWait))?;
        self.lines_evaluated(card, step)?;
        self.heard_before(card, body, step)?;
        // An authority outside has marked what it knew.
        if !self.enters(place, body.actor) {
            self.nothing_owed()?;
        }
        let (stage, result) = (card.stage(), Register::Appraisal(place));
        if register.is_slot() {
            // What is marked after the panel has its result does not count.
            let open = card.appraised_in().is_none_or(|latest| *latest < result) || bug::is(Bug::LateSlotCounts);
            return if open && stage <= Stage::Appraised { Ok(()) } else { Err(wrong_stage(card)) };
        }
        if !self.enters(place, body.actor) {
            self.is_whole(card, place, body)?;
        }
        let last = card.appraised_in().is_none_or(|latest| *latest <= result) || bug::is(Bug::EarlierMarkLater);
        let own = card.versions(register).iter().all(|version| version.actor == body.actor);
        if stage == Stage::Appraised && own && last {
            return Ok(());
        }
        card.unwritten_or_unseen(register, body, stage <= Stage::Appraised && last)
    }

    /// Whether everything before a step in which somebody marks is done. Who may do the step before as well need not do it
    /// apart: where two levels are one person, that person marks once. Before a panel (`apart`) nothing is left out, because
    /// its other members wait for it.
    fn marked_before(&self, card: &Card, body: &Body, step: &Step, apart: bool) -> Judgement {
        if bug::is(Bug::StepBeforeNotAwaited) {
            return Ok(());
        }
        let before = self.asked().before(step);
        for (place, before) in before {
            match register(place, before) {
                Some(Register::SelfScore) => {
                    let there = card.holds(&Register::SelfScore) || card.is_contested(&Register::SelfScore);
                    if there || !self.alone {
                        card.builds_on(&Register::SelfScore, body)?;
                    } else {
                        card.seen_whole(&Register::SelfScore, body)?;
                    }
                }
                // Marks that stand in a later step build on these, or were given without them.
                Some(register) if card.appraised_in().is_some_and(|latest| *latest > register) => {}
                // Nobody marks for a panel alone.
                Some(register) if apart || card.holds(&register) || !self.case().covers(step, before, body.actor) => {
                    card.builds_on(&register, body)?;
                }
                _ => self.marked_before(card, body, before, apart)?,
            }
        }
        Ok(())
    }

    /// Whether the card is ready for the decision in the step at `place`.
    fn decision_admits(&self, card: &Card, body: &Body, place: StepPlace) -> Judgement {
        card.is_to_be_assessed()?;
        card.is_settled(&Register::SelfScore)?;
        let step = self.asked().step(place).ok_or_else(|| reject(RefusalCode::Unknown, "step"))?;
        if self.enters(place, body.actor) {
            // The document decides, whether or not its marks were entered.
            self.marked_before(card, body, step, false)?;
        } else {
            let built_on = self.asked().signed_from(place, step);
            built_on.iter().try_for_each(|register| card.builds_on(register, body))?;
        }
        self.lines_evaluated(card, step)?;
        self.heard_before(card, body, step)?;
        let register = Register::Approval(place);
        let last = card.approved_in().is_none_or(|latest| *latest <= register);
        card.unwritten_or_unseen(&register, body, card.stage() <= Stage::Approved && last)
    }
}

impl Card {
    /// The register must hold exactly one version, and the author must have seen it.
    pub(super) fn builds_on(&self, register: &Register, body: &Body) -> Judgement {
        self.is_settled(register)?;
        match self.current(register) {
            None => Err(superseded(RefusalCode::WrongStage, "stage", self.stage())),
            Some(version) if body.base.contains(&version.op) || bug::is(Bug::JudgeWithoutBase) => Ok(()),
            Some(version) => Err(superseded(RefusalCode::Stale, "base", Detail::technical(&version.op))),
        }
    }

    /// A register with two versions waits until somebody has chosen.
    pub(super) fn is_settled(&self, register: &Register) -> Judgement {
        if self.is_contested(register) {
            Err(superseded(RefusalCode::Contested, "base", Detail::technical(&register)))
        } else {
            Ok(())
        }
    }

    /// Who is not assessed in the period is neither scored nor decided on.
    pub(super) fn is_to_be_assessed(&self) -> Judgement {
        match self.absence() {
            None => Ok(()),
            Some(absence) => Err(superseded(RefusalCode::NotAssessed, "absence", absence.cause)),
        }
    }

    /// The author must have seen every version of the register.
    pub(super) fn seen_whole(&self, register: &Register, body: &Body) -> Judgement {
        match self.heads(register).find(|head| !body.base.contains(head)) {
            None => Ok(()),
            Some(head) => Err(superseded(RefusalCode::Stale, "base", Detail::technical(&head))),
        }
    }

    /// The register is free, or what it holds was written unseen by this author, which makes it contested.
    pub(super) fn unwritten_or_unseen(&self, register: &Register, body: &Body, stage_fits: bool) -> Judgement {
        let seen = self.holds(register) && self.heads(register).any(|head| body.base.contains(&head));
        if stage_fits && !seen { Ok(()) } else { Err(wrong_stage(self)) }
    }

    pub(super) fn no_line_contested(&self) -> Judgement {
        match self.lines().iter().find(|line| line.contested) {
            None => Ok(()),
            Some(_) if bug::is(Bug::ContestedDoesNotWait) => Ok(()),
            Some(line) => Err(superseded(RefusalCode::Contested, "lines", Detail::technical(&line.id))),
        }
    }
}
