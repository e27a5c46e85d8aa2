//! Reads counts from the output of test runners.

use std::ops::Add;

use crate::process::Spoken;

/// The counts of one suite.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// A check that is a single test.
    pub(crate) fn one(ok: bool) -> Self {
        Self { passed: u64::from(ok), failed: u64::from(!ok) }
    }

    pub(crate) fn ran(self) -> u64 {
        self.passed.saturating_add(self.failed)
    }

    /// Counts of `cargo nextest run`: `Summary [0.1s] 3 tests run: 2 passed, 1 failed, 0 skipped`.
    pub(crate) fn of_nextest(spoken: &Spoken) -> Self {
        let line = spoken.text.lines().rev().find(|line| line.contains("run: ") && line.contains(" passed"));
        let counts = line.and_then(|line| line.split_once("run: ")).map_or("", |(_, counts)| counts);
        let failed = ["failed", "timed", "exec"].map(|word| number_before(counts, word)).into_iter().sum();
        Self { passed: number_before(counts, "passed"), failed }.settled(spoken.ok)
    }

    /// Counts of `cargo test`: the sum of its lines `test result: ok. 2 passed; 1 failed; …`.
    pub(crate) fn of_cargo_test(spoken: &Spoken) -> Self {
        let results = spoken.text.lines().filter_map(|line| line.trim().strip_prefix("test result: "));
        let sum = results.fold(Self::default(), |sum, line| {
            sum + Self { passed: number_before(line, "passed"), failed: number_before(line, "failed") }
        });
        sum.settled(spoken.ok)
    }

    /// Counts of Node's test runner: `ℹ pass 2`, `ℹ fail 1`, `ℹ cancelled 0`. A run without tests has failed.
    pub(crate) fn of_node(spoken: &Spoken) -> Self {
        let count = |word: &str| -> u64 {
            let lines =
                spoken.text.lines().filter_map(|line| line.trim_start_matches(['ℹ', '#', ' ']).strip_prefix(word));
            lines.filter_map(|rest| rest.trim().parse::<u64>().ok()).sum()
        };
        let failed = count("fail ").saturating_add(count("cancelled "));
        let tally = Self { passed: count("pass "), failed };
        tally.settled(spoken.ok && tally.ran() > 0)
    }

    /// The final counts. A program that ended badly without a failed test (it did not compile, say) is a failure, too.
    fn settled(self, ok: bool) -> Self {
        if ok || self.failed > 0 { self } else { Self { failed: 1, ..self } }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed.saturating_add(other.passed), failed: self.failed.saturating_add(other.failed) }
    }
}

/// The number before a word: 2 in `2 passed (1 slow), 1 failed` for `passed`.
fn number_before(text: &str, word: &str) -> u64 {
    let words: Vec<&str> = text.split([' ', ',', ';', '(', ')']).filter(|part| !part.is_empty()).collect();
    let pairs = words.windows(2).filter_map(|pair| match pair {
        [number, found] if *found == word => number.parse::<u64>().ok(),
        _ => None,
    });
    pairs.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(ok: bool, text: &str) -> Spoken {
        Spoken { ok, text: text.into() }
    }

    fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn nextest_is_read_from_its_summary() {
        let text =
            "PASS [0.1s] shared a\n     Summary [   0.014s] 3 tests run: 2 passed (1 slow), 1 failed, 4 skipped\n";
        assert_eq!(Tally::of_nextest(&spoken(false, text)), tally(2, 1));
        let one = "     Summary [   0.014s] 1 test run: 1 passed, 0 skipped\n";
        assert_eq!(Tally::of_nextest(&spoken(true, one)), tally(1, 0));
        let late = "     Summary [   9.014s] 2 tests run: 1 passed, 1 timed out, 0 skipped\n";
        assert_eq!(Tally::of_nextest(&spoken(false, late)), tally(1, 1));
    }

    #[test]
    fn cargo_test_is_the_sum_of_its_binaries() {
        let text =
            "test result: ok. 3 passed; 0 failed; 0 ignored\nx\ntest result: FAILED. 1 passed; 2 failed; 0 ignored\n";
        assert_eq!(Tally::of_cargo_test(&spoken(false, text)), tally(4, 2));
    }

    #[test]
    fn node_is_read_with_either_reporter_and_no_test_at_all_is_a_failure() {
        assert_eq!(Tally::of_node(&spoken(true, "ℹ tests 3\nℹ pass 3\nℹ fail 0\nℹ cancelled 0\n")), tally(3, 0));
        assert_eq!(Tally::of_node(&spoken(false, "# pass 1\n# fail 2\n# cancelled 1\n")), tally(1, 3));
        assert_eq!(Tally::of_node(&spoken(true, "ℹ pass 0\nℹ fail 0\n")), tally(0, 1));
    }

    #[test]
    fn what_does_not_compile_has_failed() {
        assert_eq!(Tally::of_cargo_test(&spoken(false, "error[E0308]: mismatched types")), tally(0, 1));
        assert_eq!(Tally::of_nextest(&spoken(false, "")), tally(0, 1));
    }
}
