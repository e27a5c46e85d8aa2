//! Judges what a person does on the own card: planning, reporting, scoring oneself. The first part of the download judges
//! only this. What others do comes with the screens on which they do it, and [`CardPolicy::judge`] judges all of it.

use super::contents::{draft, from_period, marks_have_short_reasons, new_line, new_lines, note, report, required};
use super::order::wrong_stage;
use super::{CardPolicy, Judgement, products, reject, without};
use crate::bug::{self, Bug};
use crate::card::{Card, Version};
use crate::ids::{OpId, PersonId};
use crate::op::{Body, NewLine, Payload, RefusalCode, Register, SelfScore, Stage, Verdict};
use crate::procedure::Act;
use crate::score::Fact;
use crate::time::Day;

impl CardPolicy<'_> {
    /// Judges an intent of the card's own person, as [`Self::judge`] does; anybody else's is refused. A draft makes no
    /// result, so whose it may be is left to the server.
    #[must_use]
    pub fn judge_own(&self, card: &Card, id: OpId, body: &Body, intent: &Payload) -> Verdict {
        let entitled = matches!(intent, Payload::SaveDraft { .. }) || self.is_own(card, body.actor, intent);
        let entitled = if entitled { Ok(()) } else { Err(reject(RefusalCode::NotEntitled, "actor")) };
        let judged = entitled
            .and_then(|()| self.own_stage_admits(card, body, intent))
            .and_then(|()| card.has_room(id, body, intent))
            .and_then(|()| self.own_content_admits(card, body.hlc.at.day(), intent));
        card.verdict(judged, id, body, intent)
    }

    /// Whether the intent is one of the card's own person that needs nobody's leave.
    pub(super) fn is_own(&self, card: &Card, actor: PersonId, intent: &Payload) -> bool {
        actor == self.speaker
            && match intent {
                Payload::AssignWork(_)
                | Payload::SaveDraft { appraisal: false, .. }
                | Payload::ReportProgress { .. }
                | Payload::WithdrawSelfScore { .. } => true,
                // What a superior assigned is not the person's to lower or take off.
                Payload::ReviseLine { line, .. } | Payload::RemoveLine { line, .. } => {
                    self.is_all_own(card, &Register::Plan(*line))
                }
                Payload::SubmitSelfScore(_) => !self.asked().steps_of(Act::SelfScore).is_empty(),
                _ => false,
            }
    }

    /// Whether nobody but the person wrote what a register holds.
    pub(super) fn is_all_own(&self, card: &Card, register: &Register) -> bool {
        let own = |version: &Version| version.actor == self.speaker || bug::is(Bug::OwnPlanWins);
        card.versions(register).iter().all(own)
    }

    /// Whether it is the turn of planning, reporting or the own score.
    pub(super) fn own_stage_admits(&self, card: &Card, body: &Body, intent: &Payload) -> Judgement {
        let stage = card.stage();
        match intent {
            Payload::AssignWork(_)
            | Payload::CarryWork(_)
            | Payload::ReviseLine { .. }
            | Payload::RemoveLine { .. }
            | Payload::ReportProgress { .. }
                if stage != Stage::Working =>
            {
                Err(wrong_stage(card))
            }
            Payload::SubmitSelfScore(_) => {
                card.no_line_contested()?;
                // Scored meanwhile by a superior who did not wait: both are kept, and somebody chooses, once.
                let written_with = |register: &Register| card.heads(&Register::SelfScore).eq(card.heads(register));
                let alone = || card.registers().any(|register| register.is_appraisal() && written_with(register));
                let overtaken =
                    stage == Stage::Appraised && alone() && card.seen_whole(&Register::SelfScore, body).is_err();
                card.unwritten_or_unseen(&Register::SelfScore, body, stage <= Stage::SelfScored || overtaken)
            }
            Payload::WithdrawSelfScore { .. }
                if stage != Stage::SelfScored || card.marked_beside(body.actor).is_some() =>
            {
                Err(wrong_stage(card))
            }
            Payload::WithdrawSelfScore { .. } => card.builds_on(&Register::SelfScore, body),
            _ => Ok(()),
        }
    }

    /// What planning, reporting and the own score may contain. `today` is the author's day: nobody finished anything later.
    pub(super) fn own_content_admits(&self, card: &Card, today: Day, intent: &Payload) -> Judgement {
        match intent {
            Payload::AssignWork(lines) => {
                // Only what stands on the card of the period before is carried from it.
                lines.iter().try_for_each(|line| from_period(line, None))?;
                self.work_counts()?;
                new_lines(card, lines)?;
                let level = |(line, place): (&NewLine, u8)| self.level(line.level.as_ref(), &format!("lines[{place}]"));
                lines.iter().zip(1..).try_for_each(level)
            }
            Payload::ReviseLine { line, plan } => {
                card.has_line(*line)?;
                from_period(plan, card.line(*line).and_then(|known| known.plan.carried))?;
                new_line(plan, "plan")?;
                self.level(plan.level.as_ref(), "plan")
            }
            Payload::RemoveLine { line, reason } => card.has_line(*line).and_then(|()| note(reason, "reason")),
            Payload::ReportProgress { line, progress } => {
                card.has_line(*line)?;
                let from = card.line(*line).and_then(|line| line.plan.carried).unwrap_or(self.key.period);
                self.finish_day(from, progress.finished, today, "finished")?;
                report(progress)
            }
            Payload::SaveDraft { fields, .. } => draft(fields),
            Payload::SubmitSelfScore(score) => self.self_score(card, today, score),
            Payload::WithdrawSelfScore { reason } => required(reason, "reason"),
            _ => Ok(()),
        }
    }

    fn self_score(&self, card: &Card, today: Day, score: &SelfScore) -> Judgement {
        note(&score.strengths, "strengths")?;
        note(&score.weaknesses, "weaknesses")?;
        let stated = &score.stated;
        self.own_events(today, &stated.events)?;
        without::reasoned(&stated.without)?;
        products::named(&stated.products)?;
        self.position(stated.position.as_ref())?;
        marks_have_short_reasons(score.marks.values().chain(score.leadership.values()))?;
        let mut input = card.claimed(&self.reading(), score);
        // What does not count yet must be something that can be confirmed.
        input.facts.extend(score.facts.iter().map(|(code, fact)| (code.clone(), Fact::from(fact.clone()))));
        input.events = crate::card::events::confirmed(&stated.events);
        input.criteria = score.marks.iter().map(|(code, mark)| (code.clone(), mark.value.clone())).collect();
        input.leave_out(&stated.without);
        self.score(&input).map(drop)
    }
}
