//! Scores many cards under one pack. Each plan is prepared once, and each answer is written while it is computed.

use std::fmt;

use serde::ser::{Serialize, SerializeSeq, Serializer};

use super::explain::Written;
use super::input::CardInput;
use super::plan::Plan;
use super::{Card, Judged, accepted, check, judge, planned};
use crate::input_error::InputError;
use crate::num::Exact;
use crate::pack::Pack;
use crate::sorted_map::Map;

/// The most plans kept. A pack has few roles, but its readings can be combined in many ways.
const PLANS_MAX: usize = 64;

/// A pack with the plans of the cards that were scored before.
pub struct Scorer<'a> {
    pack: &'a Pack,
    explains: bool,
    plans: Vec<Prepared<'a>>,
}

/// The plan for a role under some readings.
struct Prepared<'a> {
    role: &'a str,
    options: Map<String, String>,
    plan: Plan<'a, Exact>,
}

/// The result of a card. It is written like an [`Outcome`](super::Outcome), or like one without its explanation.
pub struct Answer<'s> {
    judged: Judged<'s>,
    explains: bool,
}

/// The steps of a card, computed while they are written.
struct Explanation<'j>(&'j Judged<'j>);

impl<'a> Scorer<'a> {
    /// Scores under a pack, with or without explanation.
    #[must_use]
    pub const fn new(pack: &'a Pack, explains: bool) -> Self {
        Self { pack, explains, plans: Vec::new() }
    }

    /// Scores a card.
    ///
    /// # Errors
    /// As [`evaluate`](super::evaluate).
    pub fn score<'s>(&'s mut self, input: &'s CardInput) -> Result<Answer<'s>, Vec<InputError>> {
        let explains = self.explains;
        let card = accepted(self.pack, input)?;
        let plan = self.plan(&card)?;
        Ok(Answer { judged: judge(card, plan)?, explains })
    }

    /// The plan for a card, prepared now if it is the first of its kind.
    fn plan(&mut self, card: &Card<'_>) -> Result<&Plan<'a, Exact>, Vec<InputError>> {
        let is_for = |prepared: &Prepared<'_>| prepared.role == card.role && prepared.options == card.options;
        let place = match self.plans.iter().position(is_for) {
            Some(place) => place,
            None => self.prepare(card)?,
        };
        self.plans.get(place).map(|prepared| &prepared.plan).ok_or_else(|| vec![InputError::unusable(&self.pack.id)])
    }

    /// Prepares the plan for a card and returns its place.
    fn prepare(&mut self, card: &Card<'_>) -> Result<usize, Vec<InputError>> {
        let role = check::role(self.pack, card.role)?;
        let plan = planned(self.pack, role, &card.options)?;
        if self.plans.len() == PLANS_MAX {
            self.plans.clear();
        }
        self.plans.push(Prepared { role, options: card.options.clone(), plan });
        Ok(self.plans.len() - 1)
    }
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.explains {
            self.judged.outcome(Explanation(&self.judged)).serialize(serializer)
        } else {
            self.judged.outcome(()).serialize(serializer)
        }
    }
}

impl Serialize for Explanation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut steps = Written { list: serializer.serialize_seq(None)?, so_far: Ok(()) };
        self.0.explain(&mut steps);
        steps.so_far?;
        steps.list.end()
    }
}

impl fmt::Debug for Scorer<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Scorer({}, {} plans)", self.pack.id, self.plans.len())
    }
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Answer({:?})", self.judged.outcome(()))
    }
}
