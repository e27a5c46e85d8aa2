//! Whether it is the turn of an act: everything before it is done, and nothing after it.

use shared::ids::PersonId;
use shared::op::{Payload, Stage};
use shared::pack::Step;

use super::{Deed, Leaves, Record, Rules, is_panel, leaves};

impl Record {
    /// Whether everything before the act is done, and nothing after it.
    pub(in super::super) fn is_its_turn(&self, rules: Rules<'_>, deed: Deed<'_>) -> bool {
        let stage = self.stage();
        match deed.payload {
            Payload::AssignWork(_) => stage == Stage::Working,
            Payload::EvaluateLines(at, _) => self.may_be_found(rules, deed, at.0),
            Payload::Speak(at, voice) => self.may_speak(rules, deed, *at, voice),
            Payload::SubmitSelfScore(_) => stage <= Stage::SelfScored && self.own.is_none(),
            Payload::ReportProgress { line, .. } | Payload::ReviseLine { line, .. } => {
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
            Payload::Publish(_) => self.told.is_none() && self.may_be_told(rules, deed.subject),
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
            Payload::EvaluateLines(at, _) => self.may_be_found(rules, deed, at.0),
            Payload::Speak(at, voice) => self.is_time_to_speak(rules, deed, *at, voice),
            _ => true,
        }
    }

    fn may_be_told(&self, rules: Rules<'_>, subject: PersonId) -> bool {
        let first = rules.leaving(subject, Leaves::Told).first().copied();
        first
            .is_some_and(|(_, step)| self.heard_before(rules, subject, step) && self.holds_before(rules, subject, step))
    }

    pub(super) fn step<'a>(rules: Rules<'a>, place: u8) -> Option<&'a Step> {
        rules.office.pack.steps.get(usize::from(place))
    }

    fn is_marked_before(&self, rules: Rules<'_>, deed: Deed<'_>, place: u8) -> bool {
        Self::step(rules, place).is_some_and(|step| {
            let heard = self.heard_before(rules, deed.subject, step);
            let ready = heard && self.lines_answered_before(rules, deed.subject, step);
            ready && self.waits_for_nothing(rules, deed, step, is_panel(step))
        })
    }

    /// Whether what a step of marks waits for is there. Somebody who may do the step before as well need not do it apart; but
    /// before and after a team nobody leaves a step out.
    fn waits_for_nothing(&self, rules: Rules<'_>, deed: Deed<'_>, step: &Step, of_team: bool) -> bool {
        rules.before(deed.subject, step).into_iter().all(|(place, before)| match leaves(before) {
            Leaves::Nothing | Leaves::Lines | Leaves::Said => self.waits_for_nothing(rules, deed, before, of_team),
            Leaves::Own => self.own.is_some() || rules.is_late(deed.subject, deed.day),
            _ if self.has(place, before) => true,
            _ if of_team || is_panel(before) => false,
            _ if rules.actors(before, deed.subject).contains(&deed.actor) => {
                self.waits_for_nothing(rules, deed, before, of_team)
            }
            _ => false,
        })
    }

    pub(super) fn has(&self, place: u8, step: &Step) -> bool {
        match leaves(step) {
            Leaves::Own => self.own.is_some(),
            Leaves::Marks => self.marks.contains_key(&place),
            Leaves::Result => self.signed.contains_key(&place),
            Leaves::Told => self.told.is_some(),
            Leaves::Nothing | Leaves::Lines | Leaves::Said => true,
        }
    }

    /// Whether the marks or the decision are there from which a result is signed: the own marks, where whoever marks signs.
    fn is_decided_before(&self, rules: Rules<'_>, subject: PersonId, place: u8) -> bool {
        let Some(step) = Self::step(rules, place) else { return false };
        let heard = self.heard_before(rules, subject, step);
        if !heard || !self.lines_answered_before(rules, subject, step) {
            return false;
        }
        if rules.marking(subject).iter().any(|(marked, _)| *marked == place) {
            return self.marks.contains_key(&place);
        }
        self.holds_before(rules, subject, step)
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
                Leaves::Nothing | Leaves::Lines | Leaves::Said => {
                    found.extend(self.found_before(rules, subject, before))
                }
                _ if signs => found.push((Leaves::Result, self.signed.contains_key(&place))),
                sort => found.push((sort, self.has(place, before))),
            }
        }
        found
    }
}
