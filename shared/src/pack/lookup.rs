//! Looks up what a pack says about one role.

use super::model::*;
use crate::limits::{DAYS_PER_YEAR_MAX, QUANTITY_MAX};
use crate::num::Exact;
use crate::op::{EventStated, Says};
use crate::sorted_map::Map;

/// Whether something limited to `roles` concerns `role`; an empty list concerns all.
#[must_use]
pub fn concerns(roles: &[String], role: &str) -> bool {
    roles.is_empty() || roles.iter().any(|own| own == role)
}

impl Pack {
    /// The name by which people tell it from others, mostly its number: what its instrument says before a remark in
    /// brackets.
    #[must_use]
    pub fn short_name(&self) -> &str {
        self.instrument.split_once(" (").map_or(&self.instrument, |(name, _)| name)
    }

    /// Whether it scores with points. Older rules used conditions alone.
    #[must_use]
    pub const fn scores_points(&self) -> bool {
        !self.groups.is_empty() || self.work.is_some() || self.products.is_some() || !self.events.is_empty()
    }

    /// A role by id.
    #[must_use]
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// The form of a role: its groups in order.
    pub fn groups_for<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a Group> {
        self.groups.iter().filter(move |group| concerns(&group.roles, role))
    }

    /// The criteria of a role, in order.
    pub fn criteria_for<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a Criterion> {
        self.groups_for(role).flat_map(|group| group.criteria.iter())
    }

    /// The statements about a role apart from work.
    pub fn statements_for<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a Statement> {
        self.statements.iter().filter(move |statement| concerns(&statement.roles, role))
    }

    /// The events that concern a role.
    pub fn events_for<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a EventRule> {
        self.events.iter().filter(move |event| concerns(&event.roles, role))
    }

    /// The facts that concern a role.
    pub fn facts_for<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a FactRule> {
        self.facts.iter().filter(move |fact| concerns(&fact.roles, role))
    }

    /// The components of a role, in order of computation.
    pub fn components_for<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a Component> {
        self.components.iter().filter(move |component| concerns(&component.roles, role))
    }

    /// A component of a role by id.
    #[must_use]
    pub fn component(&self, role: &str, id: &str) -> Option<&Component> {
        self.components.iter().find(|component| component.id == id && concerns(&component.roles, role))
    }

    /// Whether a role has lines of work: they count, or somebody evaluates each of them.
    #[must_use]
    pub fn takes_work(&self, role: &str) -> bool {
        let evaluated = |step: &Step| step.is_marked_by_line() && concerns(&step.roles, role);
        self.counts_work(role) || self.steps.iter().any(evaluated)
    }

    /// Whether lines of work count for a role.
    #[must_use]
    pub fn counts_work(&self, role: &str) -> bool {
        self.components_for(role).any(|component| matches!(component.rule, Rule::Work(_)))
    }

    /// A class by code.
    #[must_use]
    pub fn class(&self, code: &str) -> Option<&Class> {
        self.classes.iter().find(|class| class.code == code)
    }

    /// Whether a fact only excuses another, and so favours the person.
    #[must_use]
    pub fn is_excuse(&self, fact: &str) -> bool {
        self.knock_outs.iter().any(|rule| rule.unless.iter().any(|flag| flag == fact))
    }

    /// The events that a card of a role is asked for: those whose points some rule for the role adds up.
    pub fn events_asked<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a EventRule> {
        let adds = |rule: &Rule, code: &String| matches!(rule, Rule::Events { of, .. } if of.contains(code));
        let asked = move |event: &&EventRule| self.components_for(role).any(|one| adds(&one.rule, &event.code));
        self.events_for(role).filter(asked)
    }

    /// The rule of an event, for whichever role.
    #[must_use]
    pub fn event(&self, code: &str) -> Option<&EventRule> {
        self.events.iter().find(|rule| rule.code == code)
    }

    /// Whether a stated event favours the person, so that it waits for whoever marks.
    #[must_use]
    pub fn is_bonus(&self, code: &str, event: &EventStated) -> bool {
        let rule = self.event(code);
        rule.is_some_and(|rule| rule.favours(event.points.as_ref()))
    }

    /// Whether a stated event has what its rule needs: points where they are stated each time.
    #[must_use]
    pub fn is_whole(&self, code: &str, event: &EventStated) -> bool {
        let rule = self.event(code);
        rule.is_some_and(|rule| rule.stated.is_none() || event.points.is_some() || event.count == 0)
    }

    /// The number of a person's events that lack something: points, or for a bonus what shows it.
    #[must_use]
    pub fn unfinished_events(&self, events: &Map<String, EventStated>) -> usize {
        let lacks = |(code, event): &(&String, &EventStated)| {
            !self.is_whole(code, event) || self.is_bonus(code, event) && event.evidence.trim().is_empty()
        };
        events.iter().filter(lacks).count()
    }

    /// An option by id.
    #[must_use]
    pub fn option(&self, id: &str) -> Option<&OptionRule> {
        self.options.iter().find(|option| option.id == id)
    }

    /// The rule by which a longer period is made.
    #[must_use]
    pub fn roll_up(&self, to: Span) -> Option<&RollUp> {
        self.roll_ups.iter().find(|rule| rule.to == to)
    }

    /// Whether something is said in a step on cards: an opinion, a vote, an objection.
    #[must_use]
    pub fn is_spoken(&self) -> bool {
        self.steps.iter().any(Step::is_spoken)
    }

    /// A step by id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }
}

impl Step {
    /// Whether somebody judges the subject in this step. The subject then never does it, whatever the rules find.
    #[must_use]
    pub fn judges(&self) -> bool {
        matches!(self.verb, Verb::Mark | Verb::Decide) && self.by != [Actor::Subject]
    }

    /// Whether the subject is left out of those who do it: where somebody judges, votes, gives an opinion or answers.
    #[must_use]
    pub fn leaves_out_subject(&self) -> bool {
        let about_the_subject = matches!(self.verb, Verb::Opine | Verb::Vote | Verb::Answer);
        self.judges() || about_the_subject && self.by != [Actor::Subject]
    }

    /// Whether something is said in this step that has a place on the card. A vote in one place is one on paper.
    #[must_use]
    pub fn is_spoken(&self) -> bool {
        let on_paper = self.verb == Verb::Vote && self.per != Slots::Actor;
        let spoken = matches!(self.verb, Verb::Opine | Verb::Vote | Verb::Object | Verb::Answer | Verb::Confirm);
        spoken && !on_paper && self.on == StepSubject::Card
    }

    /// Whether everybody speaks in a place of their own.
    #[must_use]
    pub const fn is_said_apart(&self) -> bool {
        matches!(self.verb, Verb::Opine | Verb::Vote)
    }

    /// Whether this is said in such a step.
    #[must_use]
    pub const fn hears(&self, says: Says) -> bool {
        match self.verb {
            Verb::Opine => matches!(says, Says::Opinion),
            Verb::Vote => says.is_vote(),
            Verb::Object => matches!(says, Says::Objection | Says::Withdrawn),
            Verb::Answer => matches!(says, Says::Upheld | Says::Refused),
            Verb::Confirm => matches!(says, Says::Confirmed),
            _ => false,
        }
    }

    /// Whether an authority outside the system may do this step: others mark, decide or make known.
    #[must_use]
    pub fn may_be_outside(&self) -> bool {
        // Whoever gave a line is in the system.
        !self.is_marked_by_line() && (self.judges() || self.verb == Verb::Notify)
    }

    /// Whether each of those entitled marks in a slot of their own.
    #[must_use]
    pub fn is_marked_apart(&self) -> bool {
        self.judges() && self.verb == Verb::Mark && self.per == Slots::Actor
    }

    /// Whether each line of work is evaluated by itself.
    #[must_use]
    pub fn is_marked_by_line(&self) -> bool {
        self.judges() && self.verb == Verb::Mark && self.per == Slots::Line
    }
}

impl ProductRule {
    /// The dimensions that somebody marks, from 0 to 100.
    pub fn marked(&self) -> impl Iterator<Item = &Dimension> {
        self.dimensions.iter().filter(|dimension| dimension.source == DimensionSource::Mark)
    }
}

impl EventRule {
    /// Whether an event brings points, and so favours the person. Where the points are stated, those decide.
    #[must_use]
    pub fn favours(&self, stated: Option<&Exact>) -> bool {
        let points = if self.stated.is_some() { stated } else { Some(&self.points) };
        points.is_some_and(|points| *points > Exact::zero())
    }
}

impl FoundLater {
    /// Whether the result of the period in which the fault happened is set aside and made anew.
    #[must_use]
    pub fn makes_anew(&self) -> bool {
        self.costs == Costs::PeriodHappened
    }

    /// Whether it costs the head under whom it happened.
    #[must_use]
    pub fn costs_head(&self) -> bool {
        self.whom.contains(&Bearer::Head)
    }
}

impl FactKind {
    /// The word for the kind in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Share => "share",
            Self::Days => "days",
            Self::Count => "count",
            Self::Class => "class",
        }
    }

    /// The highest number of the kind; none for kinds that are not numbers.
    #[must_use]
    pub fn highest(self) -> Option<Exact> {
        match self {
            Self::Share => Some(Exact::one()),
            Self::Days => Some(Exact::from_int(DAYS_PER_YEAR_MAX)),
            Self::Count => Some(Exact::from_int(QUANTITY_MAX)),
            Self::Flag | Self::Class => None,
        }
    }
}
