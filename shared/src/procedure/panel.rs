//! A panel: everybody who marks a card in a slot of their own, in a step of `per = "actor"`. Whoever closes the step signs
//! the one result of all slots, which stands where other steps hold the mark of one person.

use super::{Asked, Case};
use crate::bug::{self, Bug};
use crate::card::Card;
use crate::ids::{PersonId, ProductNumber, StepPlace};
use crate::num::Exact;
use crate::op::{Appraisal, Mark, PositionStated, ProductStated, Register, Stated};
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
        is_share_reached(self.step, self.filled.len(), self.members.len()) || bug::is(Bug::QuorumIgnored)
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

/// Whether so many of those entitled are the share that a step names, else all.
pub(super) fn is_share_reached(step: &Step, done: usize, members: usize) -> bool {
    let all = Exact::from_int(i64::try_from(members).unwrap_or(i64::MAX));
    let done = Exact::from_int(i64::try_from(done).unwrap_or_default());
    done.checked_div(&all).is_some_and(|share| share >= *step.quorum.as_ref().unwrap_or(&Exact::one()))
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
        let mut without = usual(slots().map(|slot| &slot.stated.without));
        without.retain(|code, _| !given.contains_key(code));
        Appraisal {
            marks: given,
            leadership: marks(|score| &score.leadership),
            lines: usual(slots().map(|slot| &slot.lines)),
            facts: usual(slots().map(|slot| &slot.facts)),
            stated: Stated {
                events: usual(slots().map(|slot| &slot.stated.events)),
                without,
                products: self.products_reasoned(&starts.stated.products, reason),
                position: self.position(),
            },
            explanation: self.explanation(reason),
            ..Appraisal::default()
        }
    }

    /// The products as most members state them, with the mean of the marks of those who let them count. Without reasons.
    pub(crate) fn products(&self) -> Map<ProductNumber, ProductStated> {
        let unmarked = |(number, product): (&ProductNumber, &ProductStated)| {
            (*number, ProductStated { marks: Map::new(), reason: String::new(), ..product.clone() })
        };
        let stated: Vec<Map<ProductNumber, ProductStated>> =
            self.filled.iter().map(|(_, slot)| slot.stated.products.iter().map(unmarked).collect()).collect();
        let mut products = usual(stated.iter());
        for (number, product) in &mut products {
            let given = || self.filled.iter().filter_map(|(_, slot)| slot.stated.products.get(number));
            let counted = || given().filter(|one| !one.struck).map(|one| &one.marks);
            for dimension in counted().flat_map(|marks| marks.keys()) {
                let marks = || counted().filter_map(|marks| marks.get(dimension));
                let count = Exact::from_int(i64::try_from(marks().count()).unwrap_or(1));
                let mean = marks().sum::<Exact>().checked_div(&count).unwrap_or_default();
                product.marks.insert(dimension.clone(), mean);
            }
        }
        products
    }

    fn products_reasoned(
        &self,
        starts: &Map<ProductNumber, ProductStated>,
        reason: &str,
    ) -> Map<ProductNumber, ProductStated> {
        let mut products = self.products();
        for (number, product) in &mut products {
            if !product.says_as(starts.get(number)) {
                reason.clone_into(&mut product.reason);
            }
        }
        products
    }

    /// The position that most members state, of as many the first.
    fn position(&self) -> Option<PositionStated> {
        let named = |slot: &Appraisal| slot.stated.position.iter().map(|one| ("position", one.clone())).collect();
        let stated: Vec<Map<&str, PositionStated>> = self.filled.iter().map(|(_, slot)| named(slot)).collect();
        usual(stated.iter()).into_values().next()
    }

    /// The explanation of the first member who gave one; where only the result of all is far from the self-score, how that
    /// came about.
    fn explanation(&self, reason: &str) -> String {
        let given = self.filled.iter().map(|(_, slot)| slot.explanation.trim()).find(|words| !words.is_empty());
        given.unwrap_or(reason).to_owned()
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
