//! Stores and reports the results of the changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::list::{Change, lasting};
use super::run::End;
use super::tree::folder;
use crate::place;

/// At least this many in a thousand of the changes that compile must be noticed.
const PER_MILLE_MIN: usize = 950;
/// A line reports the progress after this many changes.
const SAID_EVERY: usize = 20;

/// What is not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Nothing,
    /// After an interrupted run.
    Everything,
    /// After a run that was followed by new tests.
    AllButSurvivors,
}

/// The result of each change, stored as soon as it is known.
#[derive(Debug)]
pub(super) struct Results {
    known: BTreeMap<String, End>,
    total: usize,
}

impl Results {
    /// The stored findings of an earlier run, for the present changes.
    ///
    /// # Errors
    /// When the file of results cannot be written.
    pub(super) fn open(changes: &[Change], total: usize, kept: Kept) -> Result<Self> {
        let text = fs::read_to_string(results_file()).unwrap_or_default();
        let names: BTreeSet<&str> = changes.iter().map(|change| change.name.as_str()).collect();
        let stays = |name: &str, end: End| match kept {
            Kept::Nothing => false,
            Kept::Everything => names.contains(name),
            Kept::AllButSurvivors => names.contains(name) && end != End::Survived,
        };
        let known: BTreeMap<String, End> =
            text.lines().filter_map(read).filter(|(name, end)| stays(name, *end)).collect();
        let mut lines = String::new();
        for (name, end) in &known {
            writeln!(lines, "{}\t{name}", end.word())?;
        }
        fs::write(results_file(), lines)?;
        Ok(Self { known, total })
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// Stores the result of a change, and reports the progress after every `SAID_EVERY` changes.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub(super) fn record(&mut self, name: &str, end: End) -> Result<()> {
        self.known.insert(name.to_owned(), end);
        let mut file = OpenOptions::new().create(true).append(true).open(results_file())?;
        writeln!(file, "{}\t{name}", end.word())?;
        if end == End::Survived {
            println!("survived: {name}");
        }
        if self.known.len().is_multiple_of(SAID_EVERY) {
            println!("{} of {}, {} survived", self.known.len(), self.total, self.count(End::Survived));
        }
        Ok(())
    }

    fn count(&self, end: End) -> usize {
        self.known.values().filter(|known| **known == end).count()
    }

    fn survivors(&self) -> Vec<&str> {
        self.known.iter().filter(|(_, end)| **end == End::Survived).map(|(name, _)| name.as_str()).collect()
    }

    /// Writes the list of survivors and reports the totals. Returns whether enough was noticed.
    ///
    /// # Errors
    /// When the reasons cannot be read or the survivors not be written.
    pub(super) fn tell(&self, whole_engine: bool) -> Result<bool> {
        let survivors = self.survivors();
        let mut list = String::new();
        for name in &survivors {
            writeln!(list, "{name}")?;
        }
        fs::write(survivors_file(), &list)?;
        let path = place::root().join("tests/mutants.toml");
        let reasons =
            reasons(&fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?)?;
        println!();
        for name in &survivors {
            println!("{name}{}", reasons.get(&lasting(name)).map(|why| format!("\n    {why}")).unwrap_or_default());
        }
        let surviving: BTreeSet<String> = survivors.iter().map(|name| lasting(name)).collect();
        for name in reasons.keys().filter(|name| whole_engine && !surviving.contains(*name)) {
            println!("tests/mutants.toml: survives no longer: {name}");
        }
        let explained = survivors.iter().filter(|name| reasons.contains_key(&lasting(name))).count();
        let (text, enough) = self.sum(explained);
        println!("\n{} lists the survivors\n{text}", survivors_file().display());
        Ok(enough)
    }

    fn sum(&self, explained: usize) -> (String, bool) {
        let (by_time, survived, unviable) =
            (self.count(End::TimedOut), self.count(End::Survived), self.count(End::Unviable));
        let caught = self.count(End::Caught).saturating_add(by_time);
        let per_mille = caught.saturating_mul(1000).checked_div(caught.saturating_add(survived)).unwrap_or(1000);
        let text = format!(
            "mutants: {} changes, {unviable} unviable, {caught} caught ({by_time} of them by time), {survived} survived \
             ({explained} with a reason): {}.{} % of the viable caught",
            self.known.len(),
            per_mille / 10,
            per_mille % 10,
        );
        (text, per_mille >= PER_MILLE_MIN)
    }
}

fn results_file() -> PathBuf {
    folder().join("results.txt")
}

fn survivors_file() -> PathBuf {
    folder().join("survived.txt")
}

fn read(line: &str) -> Option<(String, End)> {
    let (word, name) = line.split_once('\t')?;
    End::ALL.iter().find(|(_, known)| *known == word).map(|(end, _)| (name.to_owned(), *end))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reasons {
    #[serde(default)]
    survivor: Vec<Survivor>,
}

/// A change that no test can or should notice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Survivor {
    change: String,
    reason: String,
}

fn reasons(text: &str) -> Result<BTreeMap<String, String>> {
    let read: Reasons = toml::from_str(text).context("tests/mutants.toml")?;
    Ok(read.survivor.into_iter().map(|one| (lasting(&one.change), one.reason)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_and_decides() {
        let ends = [(End::Caught, 18), (End::TimedOut, 1), (End::Survived, 1), (End::Unviable, 3)];
        let all = ends.iter().flat_map(|(end, count)| std::iter::repeat_n(*end, *count));
        let mut known: BTreeMap<String, End> =
            all.enumerate().map(|(index, end)| (format!("change {index}"), end)).collect();
        let sum = |known: &BTreeMap<String, End>| Results { known: known.clone(), total: 0 }.sum(0);
        let (text, enough) = sum(&known);
        assert!(
            text.starts_with("mutants: 23 changes, 3 unviable, 19 caught (1 of them by time), 1 survived"),
            "{text}"
        );
        assert!(text.ends_with(": 95.0 % of the viable caught") && enough, "{text}");
        known.insert("one more".to_owned(), End::Survived);
        assert!(!sum(&known).1);
    }

    #[test]
    fn what_was_written_down_is_read_again() {
        for (end, word) in End::ALL {
            assert_eq!(read(&format!("{word}\ta.rs:1:2: x")), Some(("a.rs:1:2: x".to_owned(), end)));
        }
        assert_eq!(read("nonsense"), None);
    }

    #[test]
    fn the_reasons_in_the_repository_can_be_read() {
        reasons(include_str!("../../../tests/mutants.toml")).unwrap();
    }
}
