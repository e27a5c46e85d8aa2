//! Calls the engine. All measurements and proofs go through here.

use std::cell::RefCell;

use shared::num::Exact;
use shared::pack::Pack;
use shared::score::{self, Batch, CardInput, InputError, Outcome, Trace};
use shared::sorted_map::Map;

/// A pack prepared for one role under one choice of options.
#[derive(Debug)]
pub struct Engine<'a> {
    pack: &'a Pack,
    batch: Batch<'a>,
    room: RefCell<Trace>,
}

/// A card that was accepted.
#[derive(Debug)]
pub struct Accepted {
    card: score::Accepted,
    input: Option<Box<CardInput>>,
}

/// The result of the engine.
#[derive(Debug)]
pub enum Verdict<'a> {
    /// On machine words: the total as an unreduced fraction, and the class's code.
    Words(i64, i64, &'a str),
    /// On exact numbers.
    Exact(Box<Result<Outcome, Vec<InputError>>>),
}

impl<'a> Engine<'a> {
    /// Prepares a pack.
    ///
    /// # Errors
    /// A role or an option that the pack does not know.
    pub fn new(pack: &'a Pack, role: &str, options: &Map<String, String>) -> Result<Self, Vec<InputError>> {
        Ok(Self { pack, batch: Batch::new(pack, role, options)?, room: RefCell::default() })
    }

    /// Accepts a card.
    ///
    /// # Errors
    /// Everything in the card that the pack refuses.
    pub fn accept(&self, input: &CardInput) -> Result<Accepted, Vec<InputError>> {
        let card = self.batch.accept(input)?;
        let verdict = self.batch.run(&card, &mut self.room.borrow_mut());
        // Exact numbers compute what machine words cannot hold, and results without a plain total and class.
        let input = (verdict == score::Verdict::Other).then(|| Box::new(input.clone()));
        Ok(Accepted { card, input })
    }

    /// Scores without explanation.
    #[must_use]
    pub fn run(&self, card: &Accepted) -> Verdict<'a> {
        let found = self.batch.run(&card.card, &mut self.room.borrow_mut());
        self.verdict(found, card, score::evaluate)
    }

    /// Scores and records every step.
    #[must_use]
    pub fn run_traced(&self, card: &Accepted) -> Verdict<'a> {
        let found = self.batch.run_traced(&card.card, &mut self.room.borrow_mut());
        self.verdict(found, card, score::explained)
    }

    /// How many steps were recorded for the last card.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.room.borrow().steps().len()
    }

    /// Whether a card is computed on exact numbers, or has no plain total and class.
    #[must_use]
    pub const fn is_beyond_words(&self, card: &Accepted) -> bool {
        card.input.is_some()
    }

    fn verdict(
        &self,
        found: score::Verdict,
        card: &Accepted,
        exact: fn(&Pack, &CardInput) -> Result<Outcome, Vec<InputError>>,
    ) -> Verdict<'a> {
        let class = |place: u8| self.pack.classes.get(usize::from(place)).map_or("", |class| class.code.as_str());
        match (found, &card.input) {
            (score::Verdict::Scored { numerator, denominator, class: place }, _) => {
                Verdict::Words(numerator, denominator, class(place))
            }
            (score::Verdict::Other, Some(input)) => Verdict::Exact(Box::new(exact(self.pack, input))),
            (score::Verdict::Other, None) => Verdict::Exact(Box::new(Err(Vec::new()))),
        }
    }
}

impl Verdict<'_> {
    /// The exact total, if known.
    #[must_use]
    pub fn total(&self) -> Option<Exact> {
        match self {
            Self::Words(numerator, denominator, _) => Exact::ratio(*numerator, *denominator),
            Self::Exact(outcome) => Some(outcome.as_ref().as_ref().ok()?.total.as_ref()?.exact.clone()),
        }
    }

    /// The code of the class, if known.
    #[must_use]
    pub fn class(&self) -> Option<&str> {
        match self {
            Self::Words(_, _, class) => Some(class),
            Self::Exact(outcome) => Some(outcome.as_ref().as_ref().ok()?.class.as_ref()?.code.as_str()),
        }
    }
}
