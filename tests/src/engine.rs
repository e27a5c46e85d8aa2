//! How the engine is called: the one place that measurements and proofs go through.

use shared::num::Exact;
use shared::order::Map;
use shared::pack::Pack;
use shared::score::{self, CardInput, InputError, Outcome};

/// A pack made ready for one role under one choice of options.
#[derive(Debug)]
pub struct Engine<'a> {
    pack: &'a Pack,
}

/// A card that was accepted.
#[derive(Debug)]
pub struct Accepted(CardInput);

/// What the engine found.
#[derive(Debug)]
pub struct Verdict(Result<Outcome, Vec<InputError>>);

impl<'a> Engine<'a> {
    /// Makes a pack ready.
    ///
    /// # Errors
    /// A role or an option that the pack does not know.
    pub fn new(pack: &'a Pack, _role: &str, _options: &Map<String, String>) -> Result<Self, Vec<InputError>> {
        Ok(Self { pack })
    }

    /// Accepts a card.
    ///
    /// # Errors
    /// Everything in the card that the pack refuses.
    pub fn accept(&self, input: &CardInput) -> Result<Accepted, Vec<InputError>> {
        Ok(Accepted(input.clone()))
    }

    /// Scores, without explanation.
    #[must_use]
    pub fn run(&self, card: &Accepted) -> Verdict {
        Verdict(score::evaluate(self.pack, &card.0))
    }

    /// Scores, with every step recorded.
    #[must_use]
    pub fn run_traced(&self, card: &Accepted) -> Verdict {
        Verdict(score::explained(self.pack, &card.0))
    }
}

impl Verdict {
    /// The exact total, once known.
    #[must_use]
    pub fn total(&self) -> Option<Exact> {
        Some(self.0.as_ref().ok()?.total.as_ref()?.exact.clone())
    }

    /// The code of the class, once known.
    #[must_use]
    pub fn class(&self) -> Option<&str> {
        Some(self.0.as_ref().ok()?.class.as_ref()?.code.as_str())
    }

    /// How many steps were recorded.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.0.as_ref().map_or(0, |outcome| outcome.explanation.len())
    }
}
