//! A panel: everybody who marks a card in a slot of their own, in a step of `per = "actor"`. Whoever closes the step signs
//! the one result of all slots, which stands where other steps hold the mark of one person.

use super::{Asked, Case};
use crate::bug::{self, Bug};
use crate::card::Card;
use crate::ids::{PersonId, StepPlace};
use crate::num::Exact;
use crate::op::{Appraisal, Mark, Register};
use crate::pack::{ReasonWhen, Step, Tally};
use crate::sorted_map::Map;

/// A panel as it stands on a card.
#[derive(Clone, Debug)]
pub struct Panel<'a> {
    /// The step.
    pub step: &'a Step,
    /// Everybody who may mark, each once. The subject is none of them.
    pub members: Vec<PersonId>,
    /// Those who may close the step: members who lead a body that the step names or keep its papers, else every member.
    pub closers: Vec<PersonId>,
    /// What members have marked. A slot with two versions holds nothing before its member has chosen.
    pub filled: Vec<(PersonId, &'a Appraisal)>,
}

impl<'a> Asked<'a> {
    /// The panel of the step at a place; none where one mark is asked for.
    #[must_use]
    pub fn panel(self, card: &'a Card, case: Case<'_>, place: StepPlace) -> Option<Panel<'a>> {
        self.step(place).filter(|step| step.is_marked_apart()).map(|step| Panel::new(step, card, case, place))
    }

    /// Whether `actor`, who may do a step, may give its one result. Of a panel, only those who close it may.
    pub(crate) fn may_close(self, card: &'a Card, case: Case<'_>, place: StepPlace, actor: PersonId) -> bool {
        let panel = self.panel(card, case, place);
        panel.is_none_or(|panel| panel.closers.contains(&actor)) || bug::is(Bug::MemberCloses)
    }
}

impl<'a> Panel<'a> {
    pub(crate) fn new(step: &'a Step, card: &'a Card, case: Case<'_>, place: StepPlace) -> Self {
        let members = case.who_may_do(step);
        let mut closers = case.who_leads(&step.by);
        closers.retain(|closer| members.contains(closer));
        if closers.is_empty() {
            closers.clone_from(&members);
        }
        let slot = |member: &PersonId| Some((*member, card.appraisal_in(&Register::Slot(place, *member))?));
        let filled = members.iter().filter_map(slot).collect();
        Self { step, members, closers, filled }
    }

    /// Whether a person has marked.
    #[must_use]
    pub fn has_marked(&self, member: PersonId) -> bool {
        self.filled.iter().any(|(marked, _)| *marked == member)
    }

    /// Those who have not marked.
    #[must_use]
    pub fn missing(&self) -> Vec<PersonId> {
        let mut missing = self.members.clone();
        missing.retain(|member| !self.has_marked(*member));
        missing
    }

    /// Whether enough members have marked to close the step: the share that the pack names, else all of them.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        let all = Exact::from_int(i64::try_from(self.members.len()).unwrap_or(i64::MAX));
        let marked = Exact::from_int(i64::try_from(self.filled.len()).unwrap_or_default());
        let share = marked.checked_div(&all);
        let enough = share.is_some_and(|share| share >= *self.step.quorum.as_ref().unwrap_or(&Exact::one()));
        enough || bug::is(Bug::QuorumIgnored)
    }

    /// Whether the pack takes the mean of the marks. Otherwise the members agree on each.
    #[must_use]
    pub fn takes_mean(&self) -> bool {
        self.step.tally != Some(Tally::Agreed)
    }

    /// The marks of all slots for one row of the form, or one share of a leader.
    pub fn marks<'m>(
        &'m self,
        of: fn(&Appraisal) -> &Map<String, Mark>,
        code: &'m str,
    ) -> impl Iterator<Item = &'m Exact> {
        self.filled.iter().filter_map(move |(_, slot)| of(slot).get(code).map(|mark| &mark.value))
    }

    /// The mean of the marks for one row; none where nobody marked it.
    #[must_use]
    pub fn mean(&self, of: fn(&Appraisal) -> &Map<String, Mark>, code: &str) -> Option<Exact> {
        let left_out = usize::from(bug::is(Bug::MeanLeavesOut) && self.filled.len() > 1);
        let marks = || self.marks(of, code).skip(left_out);
        let sum: Exact = marks().sum();
        sum.checked_div(&Exact::from_int(i64::try_from(marks().count()).ok()?))
    }
}

/// What whoever closes a panel signs.
impl Panel<'_> {
    /// The one result of all slots: the mean of the marks, and of findings and facts what most have stated, of as many the
    /// first. A mark of which the step asks it gets `reason`, and what nobody marked is left out.
    #[must_use]
    pub fn result(&self, starts: &Appraisal, reason: &str) -> Appraisal {
        let marks = |of: fn(&Appraisal) -> &Map<String, Mark>| -> Map<String, Mark> {
            let mean = |code: &String| {
                let value = self.mean(of, code)?;
                let needed = match self.step.reason_when {
                    None | Some(ReasonWhen::Differs) => of(starts).get(code).is_none_or(|start| start.value != value),
                    // Not every mark is below the highest; a reason that nobody asked for does no harm.
                    Some(ReasonWhen::BelowMax | ReasonWhen::Always) => true,
                    Some(ReasonWhen::Never) => false,
                };
                let reason = if needed { reason.to_owned() } else { String::new() };
                Some((code.clone(), Mark { value, reason }))
            };
            self.filled.iter().flat_map(|(_, slot)| of(slot).keys()).filter_map(mean).collect()
        };
        let slots = || self.filled.iter().map(|(_, slot)| *slot);
        let given = marks(|score| &score.marks);
        // A row that somebody marked applies.
        let mut without = usual(slots().map(|slot| &slot.without));
        without.retain(|code, _| !given.contains_key(code));
        Appraisal {
            marks: given,
            leadership: marks(|score| &score.leadership),
            lines: usual(slots().map(|slot| &slot.lines)),
            facts: usual(slots().map(|slot| &slot.facts)),
            events: usual(slots().map(|slot| &slot.events)),
            without,
            ..Appraisal::default()
        }
    }
}

/// Of each row what most maps hold, of as many the first; that they lack it counts as well.
fn usual<'s, K: Ord + Clone + 's, V: PartialEq + Clone + 's>(
    slots: impl Iterator<Item = &'s Map<K, V>> + Clone,
) -> Map<K, V> {
    let row = |key: &K| {
        let held = |wanted: Option<&V>| slots.clone().filter(|slot| slot.get(key) == wanted).count();
        let most = slots.clone().map(|slot| held(slot.get(key))).max()?;
        let value = slots.clone().map(|slot| slot.get(key)).find(|value| held(*value) == most)?;
        Some((key.clone(), value?.clone()))
    };
    slots.clone().flat_map(|slot| slot.keys()).filter_map(row).collect()
}
