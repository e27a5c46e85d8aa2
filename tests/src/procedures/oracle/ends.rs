//! When a card is at its end, and what keeps it from it.

use shared::ids::PersonId;
use shared::op::Stage;
use shared::pack::{Step, Verb};

use super::voices::is_looked_through;
use super::{Leaves, Record, Rules, leaves};

impl Record {
    /// Whether the person may know the result: it is published, or signed where the text has no publication.
    pub(in super::super) fn is_told(&self, rules: Rules<'_>, subject: PersonId) -> bool {
        let tells = !rules.leaving(subject, Leaves::Told).is_empty();
        self.stage() >= if tells { Stage::Published } else { Stage::Approved }
    }

    /// Published; where the text has no publication, signed in the last step that signs; or not assessed at all.
    pub(in super::super) fn is_at_end(&self, rules: Rules<'_>, subject: PersonId) -> bool {
        let last = rules.signing(subject).last().is_some_and(|(place, _)| self.signed.contains_key(place));
        let tells = !rules.leaving(subject, Leaves::Told).is_empty();
        self.absent || if tells { self.told.is_some() } else { last }
    }

    /// Whether no result can follow: the marks lack a fact, or there is no work to judge.
    pub(in super::super) fn lacks_evidence(&self, rules: Rules<'_>, subject: PersonId) -> bool {
        let reckoned = self.reckon(rules, subject);
        let without_result = reckoned.total.is_none() || reckoned.class.is_none();
        let no_work = rules.office.pack.work.is_some() && self.lines.is_empty();
        if self.stage() == Stage::Appraised { without_result } else { self.stage() < Stage::Appraised && no_work }
    }

    /// Whether nobody can go on with the card: of every step that comes next, `lacks` says that there is nobody for it.
    pub(in super::super) fn waits_for_nobody(
        &self,
        rules: Rules<'_>,
        subject: PersonId,
        lacks: impl Fn(PersonId, &Step) -> bool,
    ) -> bool {
        let steps = rules.steps(subject).into_iter();
        let next = steps.filter(|(place, step)| {
            let waits = !matches!(leaves(step), Leaves::Nothing | Leaves::Own);
            waits && !self.is_over(rules, subject, *place, step) && self.is_over_before(rules, subject, step)
        });
        let mut next = next.map(|(_, step)| step).peekable();
        // A line that waits has somebody who evaluates it.
        let nobody = |step: &Step| leaves(step) != Leaves::Lines && rules.actors(step, subject).is_empty();
        next.peek().is_some() && next.all(|step| nobody(step) && lacks(subject, step))
    }

    /// Whether a step that is open leaves something now that somebody waits for.
    pub(in super::super) fn is_asked(&self, rules: Rules<'_>, subject: PersonId, (place, step): (u8, &Step)) -> bool {
        match leaves(step) {
            Leaves::Nothing => false,
            Leaves::Lines => !self.is_answered(rules, subject, (place, step)),
            Leaves::Said => self.is_owed(rules, subject, (place, step)),
            _ => true,
        }
    }

    /// Whether somebody waits for what is said in a step. Nobody waits for an objection, nor for the answer to none.
    fn is_owed(&self, rules: Rules<'_>, subject: PersonId, (place, step): (u8, &Step)) -> bool {
        let free = step.verb == Verb::Object || step.verb == Verb::Answer && !self.heard_before(rules, subject, step);
        !free && !self.is_heard(rules, subject, (place, step))
    }

    /// Whether a step is done, or a later one was done without it.
    fn is_over(&self, rules: Rules<'_>, subject: PersonId, place: u8, step: &Step) -> bool {
        let signs = rules.signing(subject).iter().any(|(signed, _)| *signed == place);
        match leaves(step) {
            Leaves::Told => self.told.is_some(),
            Leaves::Said => !self.is_owed(rules, subject, (place, step)) || self.has_gone_on(rules, subject, step),
            Leaves::Marks if !signs => self.is_marked_up_to(place),
            Leaves::Marks | Leaves::Result => self.signed.contains_key(&place),
            // Nobody waits for a self-score at the end.
            Leaves::Lines => self.is_answered(rules, subject, (place, step)) || self.lines_are_over(place),
            Leaves::Own | Leaves::Nothing => true,
        }
    }

    fn is_over_before(&self, rules: Rules<'_>, subject: PersonId, step: &Step) -> bool {
        rules.before(subject, step).into_iter().all(|(place, before)| {
            let through = is_looked_through(before);
            let looked_through = !through || self.is_over_before(rules, subject, before);
            looked_through && self.is_over(rules, subject, place, before)
        })
    }
}
