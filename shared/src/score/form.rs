//! How the rows of a form are filled in under the readings chosen, for whoever draws it.

use super::options_used;
use crate::num::Exact;
use crate::pack::{Band, Criterion, Marking, MarkingRule, NotApplicable, Pack, Rule, Switches};
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

    /// Whether a criterion may not apply to a person.
    #[must_use]
    pub fn may_not_apply(&self) -> bool {
        self.switches.not_applicable != NotApplicable::Refuse
    }
}
