//! The backoff: when to try again, and how much to send at once.

use shared::limits::{BATCH_BYTES_FIRST, BATCH_BYTES_MAX, BATCH_BYTES_MIN};

const FIRST_MS: u32 = 15_000;
const LONGEST_MS: u32 = 600_000;
/// The rest after a contact that left nothing to do.
const QUIET_MS: u32 = 120_000;

/// How an attempt ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was exchanged.
    Done,
    /// The server was not reached, or its answer could not be used.
    Failed,
    /// The server wants a sign-in.
    SignInNeeded,
}

/// Adapts to the link: waits longer after each failure, sends more after each success.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Backoff {
    failures: u32,
    batch_bytes: usize,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { failures: 0, batch_bytes: BATCH_BYTES_FIRST }
    }
}

impl Backoff {
    /// The number of bytes to send and to ask for in the next exchange.
    pub const fn batch_bytes(&self) -> usize {
        self.batch_bytes
    }

    /// After a successful exchange, the next one carries twice as much.
    pub fn exchanged(&mut self) {
        self.failures = 0;
        self.batch_bytes = self.batch_bytes.saturating_mul(2).min(BATCH_BYTES_MAX);
    }

    /// After a failed exchange, the next one carries half as much, so that a bad link loses less.
    pub fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
        self.batch_bytes = (self.batch_bytes / 2).max(BATCH_BYTES_MIN);
    }

    /// How long to rest. `chance` (a random number from 0 to 255) spreads devices that lost the link together over ±20
    /// %.
    pub fn rest_ms(&self, outcome: Outcome, chance: u8) -> u32 {
        let base = match outcome {
            Outcome::Done => QUIET_MS,
            Outcome::SignInNeeded => LONGEST_MS,
            Outcome::Failed => {
                let doublings = self.failures.saturating_sub(1).min(6);
                FIRST_MS.saturating_mul(1 << doublings).min(LONGEST_MS)
            }
        };
        let spread = base / 5;
        (base - spread).saturating_add(spread.saturating_mul(u32::from(chance)) / 128)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_ten_minutes() {
        let mut backoff = Backoff::default();
        let mut rests = Vec::new();
        for _ in 0..9 {
            backoff.failed();
            rests.push(backoff.rest_ms(Outcome::Failed, 128) / 1_000);
        }
        assert_eq!(rests, [15, 30, 60, 120, 240, 480, 600, 600, 600]);
        backoff.exchanged();
        backoff.failed();
        assert_eq!(backoff.rest_ms(Outcome::Failed, 128) / 1_000, 15, "a success starts over");
    }

    #[test]
    fn chance_spreads_within_a_fifth() {
        let mut backoff = Backoff::default();
        backoff.failed();
        let (least, most) = (backoff.rest_ms(Outcome::Failed, 0), backoff.rest_ms(Outcome::Failed, 255));
        assert_eq!(least, 12_000);
        assert!(most > 17_900 && most <= 18_000, "{most}");
    }

    #[test]
    fn batches_grow_and_shrink_between_the_limits() {
        let mut backoff = Backoff::default();
        for _ in 0..5 {
            backoff.exchanged();
        }
        assert_eq!(backoff.batch_bytes(), BATCH_BYTES_MAX);
        backoff.failed();
        assert_eq!(backoff.batch_bytes(), BATCH_BYTES_MAX / 2);
        for _ in 0..9 {
            backoff.failed();
        }
        assert_eq!(backoff.batch_bytes(), BATCH_BYTES_MIN);
    }
}
