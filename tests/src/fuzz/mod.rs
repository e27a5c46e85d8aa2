//! Feeds decoders with spoiled bytes. The corpus consists of real messages; `spoil` turns bits, cuts, splices and
//! falsifies lengths. A decoder must never panic, never ask for memory that the input does not justify, and accept
//! nothing with too many or too few bytes. What it reads must be the same after it was written and read again.
//!
//! Case `n` of a decoder is made from the seed and `n` alone, so that a failure can be repeated. The number of cases
//! depends on the time given.

mod corpus;
mod decoder;
mod peak;
mod spoil;

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::time::Duration;

pub use decoder::Decoder;
use spoil::spoil;

use crate::proved::{Proved, on_all_cores};
use crate::random::Draw;

/// More time than a message of at most 64 KiB can honestly need on the slowest machine.
const CASE_SECONDS_MAX: u64 = 20;
/// Bytes of an input that a failure report shows.
const TOLD_BYTES: usize = 400;

/// A clock: how long the program has been running.
pub type Clock<'a> = &'a (dyn Fn() -> Duration + Sync);

/// Feeds every decoder for this long. The decoders are divided among the cores.
#[must_use]
pub fn prove(seed: u64, each: Duration, clock: Clock<'_>) -> Proved {
    // A decoder that panics is reported as a failure, with its input.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let mut proved = on_all_cores(|share, shares| {
        let decoders = match decoder::all() {
            Ok(decoders) => decoders,
            Err(violation) => return Proved { runs: 0, failures: vec![format!("no corpus: {violation}")] },
        };
        let own = decoders.iter().skip(share).step_by(shares);
        own.fold(Proved::default(), |proved, decoder| {
            let fed = feed(decoder, seed, each, clock);
            println!("{fed}");
            proved.with(fed.proved)
        })
    });
    set_hook(hook);
    proved.failures.extend(peak::too_much());
    proved
}

/// The results of one decoder.
#[derive(Debug)]
pub struct Fed {
    name: &'static str,
    /// Cases, and those that failed.
    pub proved: Proved,
    read: u64,
}

impl core::fmt::Display for Fed {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (cases, failed) = (self.proved.runs, self.proved.failures.len());
        write!(out, "{:<15} {cases:>9} inputs, {:>9} of them read, {failed} failures", self.name, self.read)
    }
}

/// Feeds one decoder until the time is over, or until it has failed often enough.
#[must_use]
pub fn feed(decoder: &Decoder, seed: u64, time: Duration, clock: Clock<'_>) -> Fed {
    let mut fed = Fed { name: decoder.name, proved: Proved::default(), read: 0 };
    let end = clock().saturating_add(time);
    for input in &decoder.corpus {
        let honest = case(decoder, input, clock)
            .and_then(|read| if read { Ok(()) } else { Err("a real one is not read".into()) });
        fed.proved.count(honest.map_err(|error: String| told(decoder.name, "corpus", &error, input)));
    }
    for number in 0.. {
        if clock() >= end || fed.proved.failures.len() > 4 {
            break;
        }
        let mut draw = Draw::at(seed, decoder.name, number);
        let input = spoil(&mut draw, &decoder.corpus, decoder.is_text);
        let outcome = case(decoder, &input, clock);
        fed.read += u64::from(outcome == Ok(true));
        let outcome = outcome.map(drop);
        fed.proved.count(outcome.map_err(|error| told(decoder.name, &format!("case {number}"), &error, &input)));
    }
    fed
}

fn case(decoder: &Decoder, input: &[u8], clock: Clock<'_>) -> Result<bool, String> {
    let started = clock();
    let outcome = catch_unwind(AssertUnwindSafe(|| (decoder.check)(input)));
    let took = clock().saturating_sub(started).as_secs();
    if took > CASE_SECONDS_MAX {
        return Err(format!("took {took} seconds"));
    }
    outcome.unwrap_or_else(|_| Err("broke off".to_owned()))
}

fn told(name: &str, which: &str, error: &str, input: &[u8]) -> String {
    let bytes = hex::encode(input.get(..TOLD_BYTES).unwrap_or(input));
    format!("{name}, {which}: {error}; {} bytes: {bytes}", input.len())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// A clock that advances a millisecond at each reading.
    fn ticks() -> impl Fn() -> Duration + Sync {
        let looks = AtomicU64::new(0);
        move || Duration::from_millis(looks.fetch_add(1, Ordering::Relaxed))
    }

    fn failures(check: fn(&[u8]) -> Result<bool, String>) -> usize {
        let decoder = Decoder { name: "wrong", corpus: vec![vec![1, 2, 3], vec![1, 9]], is_text: false, check };
        feed(&decoder, 1, Duration::from_secs(5), &ticks()).proved.failures.len()
    }

    #[test]
    fn a_decoder_that_breaks_off_is_noticed() {
        let breaks = |bytes: &[u8]| if bytes.first() == Some(&0xff) { panic!("as it should") } else { Ok(true) };
        assert!(failures(breaks) > 0);
    }

    #[test]
    fn a_decoder_that_passes_over_bytes_behind_is_noticed() {
        let read = |bytes: &[u8]| bytes.first().copied().filter(|first| *first == 1);
        assert!(decoder::whole(&[1], read, |first| vec![*first]).is_err());
    }

    #[test]
    fn a_decoder_that_forgets_is_noticed() {
        let read = |bytes: &[u8]| (bytes.len() == 2).then(|| bytes.to_vec());
        assert!(decoder::whole(&[7, 8], read, |_| vec![7, 9]).is_err());
        assert_eq!(decoder::whole(&[7, 8], read, Clone::clone), Ok(true));
    }

    #[test]
    fn every_decoder_reads_its_corpus() {
        for decoder in decoder::all().unwrap() {
            let fed = feed(&decoder, 3, Duration::ZERO, &ticks());
            assert!(!fed.proved.failed(), "{}: {}", decoder.name, fed.proved);
            assert!(fed.proved.runs > 2, "{} has a corpus", decoder.name);
        }
    }
}
