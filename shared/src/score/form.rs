//! How the rows of a form are filled in under the readings chosen, for whoever draws it.

use super::options_used;
use crate::num::Exact;
use crate::op::{PositionStated, ProductStated, Stated};
use crate::pack::{
    Band, Coefficient, Criterion, Factor, Marking, MarkingRule, NotApplicable, Pack, PositionMultiplier, ProductRule,
    Rule, Switches,
};
use crate::sorted_map::Map;

/// A form of a role.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The role that is scored.
    pub role: &'a str,
    /// The readings chosen.
    pub switches: Switches,
}

impl<'a> Form<'a> {
    /// The form under these options; the pack's defaults apply to the rest.
    #[must_use]
    pub fn new(pack: &'a Pack, role: &'a str, options: &Map<String, String>) -> Self {
        Self { pack, role, switches: Switches::chosen(&options_used(pack, options)) }
    }

    /// Whether a criterion is marked with 0 or the maximum. Its own marking rule precedes the reading for the form.
    #[must_use]
    pub fn is_binary(&self, criterion: &Criterion) -> bool {
        match criterion.marking {
            Some(marking) => marking == MarkingRule::Binary,
            // Shares of a task result are not marks of the form.
            None => self.switches.marking == Marking::Binary && !self.is_share(criterion),
        }
    }

    fn is_share(&self, criterion: &Criterion) -> bool {
        let mut read = self.pack.components_for(self.role);
        read.any(|component| matches!(&component.rule, Rule::Share { criterion: code } if *code == criterion.code))
    }

    /// The level into which a mark falls, where marks have levels.
    #[must_use]
    pub fn band(&self, criterion: &Criterion, mark: &Exact) -> Option<&'a Band> {
        let share = mark.checked_div(&criterion.max).filter(|_| self.switches.marking == Marking::Bands)?;
        self.pack.bands.iter().find(|band| band.from <= share)
    }

    /// The rule of weighted products, where some rule for the role adds them up.
    #[must_use]
    pub fn products(&self) -> Option<&'a ProductRule> {
        let mut read = self.pack.components_for(self.role);
        let counted = read.any(|component| matches!(component.rule, Rule::Products { .. }));
        self.pack.products.as_ref().filter(|_| counted)
    }

    /// The levels of difficulty by which work is weighed; none where it is weighed by coefficients alone.
    #[must_use]
    pub fn levels(&self) -> &'a [Factor] {
        let levels = self.pack.work.as_ref().filter(|_| self.pack.counts_work(self.role));
        let levels = levels.filter(|_| self.switches.coefficient != Coefficient::Product);
        levels.map_or(&[], |work| &work.difficulties)
    }

    /// The positions by whose factors work is multiplied; none where it is not.
    #[must_use]
    pub fn positions(&self) -> &'a [Factor] {
        let positions = self.pack.work.as_ref().filter(|_| self.pack.counts_work(self.role));
        let positions = positions.filter(|_| self.switches.position_multiplier == PositionMultiplier::On);
        positions.map_or(&[], |work| &work.positions)
    }

    /// How much products and position still lack: a product's name and marks, and the position where work is multiplied by
    /// it.
    #[must_use]
    pub fn unfinished(&self, stated: &Stated) -> usize {
        let counted = stated.products.values().filter(|product| !product.struck);
        let products: usize = counted.map(|product| self.lacks(product)).sum();
        products + usize::from(stated.position.is_none() && !self.positions().is_empty())
    }

    /// How much one product still lacks: its name, marks.
    #[must_use]
    pub fn lacks(&self, product: &ProductStated) -> usize {
        self.unmarked(product).count() + usize::from(product.name.trim().is_empty())
    }

    /// Counts what is not given yet as 0, so that the rest can be added up before everything is given. Of positions the
    /// first is taken: they weigh all work alike.
    pub fn fill(&self, stated: &mut Stated) {
        for product in stated.products.values_mut() {
            let missing: Vec<String> = self.unmarked(product).cloned().collect();
            product.marks.extend(missing.into_iter().map(|dimension| (dimension, Exact::zero())));
        }
        if let (None, Some(first)) = (&stated.position, self.positions().first()) {
            stated.position = Some(PositionStated { id: first.id.clone(), ..PositionStated::default() });
        }
    }

    /// The dimensions of a product that lack their mark.
    fn unmarked(&self, product: &ProductStated) -> impl Iterator<Item = &'a String> {
        let dimensions = self.products().into_iter().flat_map(ProductRule::marked).map(|dimension| &dimension.id);
        dimensions.filter(|id| !product.marks.contains_key(*id))
    }

    /// Whether a criterion may not apply to a person.
    #[must_use]
    pub fn may_not_apply(&self) -> bool {
        self.switches.not_applicable != NotApplicable::Refuse
    }
}
