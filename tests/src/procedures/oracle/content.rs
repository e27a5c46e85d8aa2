//! What an act may say.

use shared::op::{Absence, Appraisal, Mark, Payload};
use shared::pack::{ReasonWhen, Step};
use shared::sorted_map::Map;
use shared::work::AbsenceCause;

use super::{Deed, Record, Rules};

impl Record {
    /// Whether the act says what may be said.
    pub(super) fn may_say(&self, rules: Rules<'_>, deed: Deed<'_>) -> bool {
        let given = |reason: &str| !reason.trim().is_empty();
        match deed.payload {
            Payload::AssignWork(_) => rules.takes_work(deed.subject),
            Payload::Speak(_, voice) => Self::may_word(rules, voice),
            Payload::EvaluateLines(_, findings) => self.may_find(deed.subject, findings),
            Payload::WithdrawSelfScore { reason }
            | Payload::LiftAbsence { reason }
            | Payload::ReturnCard { reason, .. } => given(reason),
            Payload::RecordAbsence(Absence { cause: AbsenceCause::Other, note }) => given(note),
            Payload::SubmitSelfScore(score) => !self.reckon_own(rules, score).lacks_a_fact(),
            Payload::Appraise(at, appraisal) | Payload::FillSlot(at, appraisal) => {
                let lacks_a_fact = self.reckon_marks(rules, deed.subject, appraisal).lacks_a_fact();
                let closes = matches!(deed.payload, Payload::Appraise(..));
                let follows = !closes || self.follows_from_slots(rules, deed.subject, at.0, appraisal);
                // What was found of a line is not for anybody else to change.
                let leaves_findings = appraisal.lines.keys().all(|line| self.finding(*line).is_none());
                !lacks_a_fact
                    && follows
                    && leaves_findings
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
}

/// Whoever marks gives a mark to every row.
fn marks_every_row(rules: Rules<'_>, appraisal: &Appraisal) -> bool {
    let mut rows = rules.office.pack.groups.iter().flat_map(|group| &group.criteria);
    rows.all(|row| appraisal.marks.contains_key(&row.code))
}
