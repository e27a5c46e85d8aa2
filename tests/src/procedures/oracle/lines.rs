//! Steps in which each line of work is evaluated by itself: by whom, when, and what is found.

use std::collections::BTreeSet;

use shared::ids::{LineId, PersonId};
use shared::num::Exact;
use shared::op::{LineReview, PlanReview};
use shared::pack::Step;
use shared::sorted_map::{Map, Set};

use super::record::Line;
use super::{Deed, Leaves, Record, Rules, leaves};

impl Line {
    /// Who gave the work: whoever put it there. What the person put there is given by whoever took it over since.
    pub(super) fn given_by(&self, subject: PersonId) -> PersonId {
        if self.added == subject { self.by } else { self.added }
    }

    /// What a finding says that agrees with the report. Of the person's own work it says the plan as well.
    pub(super) fn agrees(&self, subject: PersonId, found: &LineReview) -> bool {
        let plan = PlanReview { coefficient: Exact::one(), assigned: Exact::one(), extra: false, level: None };
        let planned = match &found.plan {
            Some(stated) => *stated == plan,
            None => self.by != subject,
        };
        let done = self.reported();
        let nothing_else = (found.failed_reviews, found.late_times, found.late_days) == (0, 0, 0);
        planned && nothing_else && found.completed == done && found.causes == Set::default() && found.finished.is_none()
    }
}

impl<'a> Rules<'a> {
    /// The steps before a step, directly or not, that leave something of a sort.
    pub(super) fn all_asked_before(self, subject: PersonId, step: &Step, what: Leaves) -> Vec<(u8, &'a Step)> {
        let ids = self.all_before(step);
        self.leaving(subject, what).into_iter().filter(|(_, before)| ids.contains(&before.id)).collect()
    }

    /// Whether lines of work may be on the card: they are counted, or somebody evaluates them.
    pub(in super::super) fn takes_work(self, subject: PersonId) -> bool {
        let Some(role) = self.role(subject) else { return false };
        let concerns = |step: &&Step| step.roles.is_empty() || step.roles.contains(&role.id);
        let mut steps = self.office.pack.steps.iter().filter(concerns);
        self.office.pack.work.is_some() || steps.any(|step| leaves(step) == Leaves::Lines)
    }
}

impl Record {
    fn line(&self, id: LineId) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// Who evaluates a line in a step.
    pub(in super::super) fn evaluators(
        &self,
        rules: Rules<'_>,
        subject: PersonId,
        step: &Step,
        id: LineId,
    ) -> BTreeSet<PersonId> {
        let giver = self.line(id).map(|line| line.given_by(subject));
        giver.map(|giver| rules.actors_for(step, subject, Some(giver))).unwrap_or_default()
    }

    /// Whether somebody evaluates all these lines in a step.
    pub(super) fn evaluates_all(&self, rules: Rules<'_>, deed: Deed<'_>, place: u8, lines: &[LineId]) -> bool {
        let steps = rules.leaving(deed.subject, Leaves::Lines);
        let step = steps.into_iter().find(|(at, _)| *at == place);
        let mine = |step: &Step, id: &LineId| self.evaluators(rules, deed.subject, step, *id).contains(&deed.actor);
        step.is_some_and(|(_, step)| lines.iter().all(|id| mine(step, id)))
    }

    /// Whether somebody evaluates some line.
    pub(in super::super) fn evaluates_any(&self, rules: Rules<'_>, subject: PersonId, actor: PersonId) -> bool {
        let steps = rules.leaving(subject, Leaves::Lines);
        let mine =
            |step: &Step| self.lines.iter().any(|line| self.evaluators(rules, subject, step, line.id).contains(&actor));
        steps.into_iter().any(|(_, step)| mine(step))
    }

    /// Whether somebody put a line on the card and still gives or evaluates work on it.
    pub(in super::super) fn gave_and_may(&self, rules: Rules<'_>, subject: PersonId, actor: PersonId) -> bool {
        let plans = rules.planning(subject).iter().any(|(_, step)| rules.actors(step, subject).contains(&actor));
        self.lines.iter().any(|line| line.added == actor) && (plans || self.evaluates_any(rules, subject, actor))
    }

    /// Whether somebody put a line on the card.
    pub(in super::super) fn gave(&self, actor: PersonId, id: LineId) -> bool {
        self.line(id).is_some_and(|line| line.added == actor)
    }

    /// The lines that wait for an answer in a step or have one, each with whether it has. A line for which the rules find nobody
    /// is left to whoever marks.
    pub(in super::super) fn lines_in(
        &self,
        rules: Rules<'_>,
        subject: PersonId,
        (place, step): (u8, &Step),
    ) -> Vec<(LineId, bool)> {
        let lines = self.lines.iter().map(|line| line.id);
        let evaluated = lines.filter(|id| !self.evaluators(rules, subject, step, *id).is_empty());
        evaluated.map(|id| (id, self.found.contains_key(&(place, id)))).collect()
    }

    /// Whether every line has its answer in a step.
    pub(super) fn is_answered(&self, rules: Rules<'_>, subject: PersonId, step: (u8, &Step)) -> bool {
        self.lines_in(rules, subject, step).iter().all(|(_, answered)| *answered)
    }

    /// Whether the lines have their answers in every step before a step in which they may still be evaluated.
    pub(super) fn lines_answered_before(&self, rules: Rules<'_>, subject: PersonId, step: &Step) -> bool {
        let before = rules.all_asked_before(subject, step, Leaves::Lines);
        before.into_iter().all(|step| self.lines_are_over(step.0) || self.is_answered(rules, subject, step))
    }

    /// Whether nothing more is evaluated in a step: a mark stands there or later, or a result.
    pub(in super::super) fn lines_are_over(&self, place: u8) -> bool {
        self.is_marked_up_to(place) || !self.signed.is_empty()
    }

    /// Whether lines may be evaluated in a step now.
    pub(super) fn may_be_found(&self, rules: Rules<'_>, deed: Deed<'_>, place: u8) -> bool {
        let Some(step) = Self::step(rules, place) else { return false };
        let heard = self.heard_before(rules, deed.subject, step);
        let answered = heard && self.lines_answered_before(rules, deed.subject, step);
        !self.absent && !self.lines_are_over(place) && answered && self.is_all_before(rules, deed, step)
    }

    /// Whether everything before a step of lines is done.
    fn is_all_before(&self, rules: Rules<'_>, deed: Deed<'_>, step: &Step) -> bool {
        rules.before(deed.subject, step).into_iter().all(|(place, before)| match leaves(before) {
            Leaves::Own => self.own.is_some() || rules.is_late(deed.subject, deed.day),
            // One person on two levels marks once, in the later of the two.
            Leaves::Marks => self.is_marked_up_to(place),
            Leaves::Nothing | Leaves::Lines | Leaves::Said => self.is_all_before(rules, deed, before),
            Leaves::Result | Leaves::Told => self.has(place, before),
        })
    }

    /// Whether findings may be said: each on a line of the card, and with a reason where it differs from the report.
    pub(super) fn may_find(&self, subject: PersonId, findings: &Map<LineId, LineReview>) -> bool {
        let fits = |id: &LineId, found: &LineReview| {
            self.line(*id).is_some_and(|line| line.agrees(subject, found) || !found.reason.trim().is_empty())
        };
        !findings.is_empty() && findings.iter().all(|(id, found)| fits(id, found))
    }

    /// What was found of a line in the latest step.
    pub(super) fn finding(&self, id: LineId) -> Option<&LineReview> {
        let found = self.found.iter().filter(|((_, of), _)| *of == id);
        found.max_by_key(|((place, _), _)| *place).map(|(_, found)| found)
    }
}
