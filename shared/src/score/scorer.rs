//! Scores many cards under one pack. Each plan is prepared once, and each answer is written while it is computed.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, SerializeSeq, Serializer};

use super::check::Refusals;
use super::explain::Written;
use super::input::CardInput;
use super::json::{append_json, read_input};
use super::plan::Plan;
use super::{Card, Judged, check, judge, prepared};
use crate::input_error::InputError;
use crate::num::Exact;
use crate::pack::Pack;
use crate::sorted_map::Map;

/// The most kinds of cards that are kept prepared. A pack has few roles, but many combinations of readings.
const PREPARED_MAX: usize = 64;

/// A pack, prepared for the kinds of cards that were scored before.
pub struct Scorer<'a> {
    pack: &'a Pack,
    explains: bool,
    prepared: Vec<Prepared<'a>>,
}

/// What the cards of one role with the same choice of readings have in common.
struct Prepared<'a> {
    role: String,
    /// The readings that the cards choose, and those in force with the pack's defaults.
    chosen: Map<String, String>,
    options: Map<String, String>,
    plan: Plan<'a, Exact>,
}

/// The steps of a card, computed while they are written.
struct Explanation<'j>(&'j Judged<'j>);

impl<'a> Scorer<'a> {
    /// Scores under a pack, with or without explanation.
    #[must_use]
    pub const fn new(pack: &'a Pack, explains: bool) -> Self {
        Self { pack, explains, prepared: Vec::new() }
    }

    /// Scores a card given as JSON, and appends the answer as JSON: what [`score_under`](super::score_under) gives, or the
    /// same without `explanation`. Nothing is appended for a card that is refused.
    ///
    /// # Errors
    /// As [`score_under`](super::score_under).
    pub fn score_json(&mut self, card: &str, answer: &mut Vec<u8>) -> Result<(), Vec<InputError>> {
        let input = read_input(card)?;
        let explains = self.explains;
        let Prepared { role, options, plan, .. } = self.prepared_for(&input)?;
        let card =
            Card { pack: plan.pack, input: &input, role, switches: plan.switches, options: Cow::Borrowed(options) };
        let judged = judge(check::check(card, Refusals::default())?, plan)?;
        if explains {
            append_json(answer, &judged.outcome(Explanation(&judged)));
        } else {
            append_json(answer, &judged.outcome(()));
        }
        Ok(())
    }

    /// What was prepared for cards like this one, or is now.
    fn prepared_for(&mut self, input: &CardInput) -> Result<&Prepared<'a>, Vec<InputError>> {
        let is_alike = |one: &Prepared<'_>| one.role == input.subject.role && one.chosen == input.options;
        let place = match self.prepared.iter().position(is_alike) {
            Some(place) => place,
            None => self.prepare(input)?,
        };
        self.prepared.get(place).ok_or_else(|| vec![InputError::unusable(&self.pack.id)])
    }

    /// Prepares for cards like this one, if it is accepted, and returns the place.
    fn prepare(&mut self, input: &CardInput) -> Result<usize, Vec<InputError>> {
        let (card, plan) = prepared(self.pack, input)?;
        let (role, options) = (card.role.to_owned(), card.options.into_owned());
        if self.prepared.len() == PREPARED_MAX {
            self.prepared.clear();
        }
        self.prepared.push(Prepared { role, chosen: input.options.clone(), options, plan });
        Ok(self.prepared.len() - 1)
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
        write!(out, "Scorer({}, {} prepared)", self.pack.id, self.prepared.len())
    }
}
