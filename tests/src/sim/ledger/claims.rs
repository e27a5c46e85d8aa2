//! Which lines of a card are the subject's own claim, by the plainest rule: who put each version of a line there.

use std::collections::BTreeMap;

use shared::card::Side;
use shared::ids::{LineId, OpId, PersonId};
use shared::op::{Body, CardKey, Payload, Register};
use shared::state::State;

use crate::sim::violation::{Checked, require};
use crate::whose;

/// Who planned each version of each line. None where the line was removed.
#[derive(Clone, Debug, Default)]
pub(super) struct Planners(BTreeMap<LineId, BTreeMap<OpId, Option<PersonId>>>);

impl Planners {
    /// Checks that people do not change on their own card what others put there.
    pub(super) fn may_change(&self, key: &CardKey, body: &Body, intent: &Payload) -> Checked {
        let line = match intent {
            Payload::ReviseLine { line, .. } | Payload::RemoveLine { line, .. } => line,
            Payload::Resolve { register: Register::Plan(line), .. } => line,
            _ => return Ok(()),
        };
        let planners = self.0.get(line).into_iter().flat_map(BTreeMap::values).flatten();
        let by_others = planners.copied().find(|planner| *planner != whose(key));
        require(body.actor != whose(key) || by_others.is_none(), 4, || {
            format!("{} changed {line} of the own card, which {by_others:?} assigned", body.actor)
        })
    }

    /// Adds an accepted operation.
    pub(super) fn take(&mut self, id: OpId, body: &Body, intent: &Payload) {
        let written: Vec<(LineId, Option<PersonId>)> = match intent {
            Payload::AssignWork(lines) => {
                (0_u8..).zip(lines).map(|(place, _)| (LineId::new(id, place), Some(body.actor))).collect()
            }
            Payload::ReviseLine { line, .. } => vec![(*line, Some(body.actor))],
            Payload::RemoveLine { line, .. } => vec![(*line, None)],
            Payload::Resolve { register: Register::Plan(line), choice, .. } => {
                let chosen = self.0.get(line).and_then(|versions| versions.get(choice)).copied();
                chosen.map(|planner| (*line, planner)).into_iter().collect()
            }
            _ => Vec::new(),
        };
        for (line, planner) in written {
            let versions = self.0.entry(line).or_default();
            versions.retain(|old, _| !body.base.contains(old));
            versions.insert(id, planner);
        }
    }

    /// Checks that the appraised result counts only what others assigned and what the appraisal confirms.
    pub(super) fn only_confirmed_counts(&self, key: &CardKey, intent: &Payload, state: &State) -> Checked {
        let Payload::Appraise(_, appraisal) = intent else { return Ok(()) };
        let counts = |(line, versions): &(&LineId, &BTreeMap<OpId, Option<PersonId>>)| {
            let mut planners = versions.values().flatten();
            let confirmed = appraisal.lines.get(line).is_some_and(|review| review.plan.is_some());
            planners.any(|planner| *planner != whose(key) || confirmed)
        };
        let expected = self.0.iter().filter(counts).count();
        // Two concurrent appraisals give no result yet.
        let Some(input) = state.input(key, Side::Appraised) else { return Ok(()) };
        require(input.work.len() == expected, 4, || {
            format!("{key}: {} lines count, assigned or confirmed are {expected}", input.work.len())
        })
    }
}
