//! Finds the changes that cannot be in the common build, by failed builds. The findings are kept as long as the sources
//! are the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

use super::list::Change;
use super::tree::folder;
use crate::place;

/// Why a change is not in the common build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apart {
    /// It may compile without the others.
    Alone,
    /// It would not compile alone either.
    Unviable,
}

const WORDS: [(Apart, &str); 2] = [(Apart::Alone, "alone"), (Apart::Unviable, "unviable")];

fn file() -> PathBuf {
    folder().join("apart.txt")
}

/// The findings of an earlier run by the changes' numbers, if the sources have not changed since.
///
/// # Errors
/// When the sources cannot be read.
pub(super) fn known(changes: &[Change]) -> Result<BTreeMap<usize, Apart>> {
    let text = fs::read_to_string(file()).unwrap_or_default();
    Ok(read(&text, &digest()?, changes))
}

/// Stores the findings.
///
/// # Errors
/// When it cannot be written.
pub(super) fn remember(changes: &[Change], apart: &BTreeMap<usize, Apart>) -> Result<()> {
    Ok(fs::write(file(), written(&digest()?, changes, apart)?)?)
}

fn read(text: &str, digest: &str, changes: &[Change]) -> BTreeMap<usize, Apart> {
    let Some((_, lines)) = text.split_once('\n').filter(|(of, _)| *of == digest) else { return BTreeMap::new() };
    let kept: BTreeMap<&str, Apart> = lines
        .lines()
        .filter_map(|line| {
            let (word, name) = line.split_once('\t')?;
            WORDS.iter().find(|(_, known)| *known == word).map(|(apart, _)| (name, *apart))
        })
        .collect();
    let named = (1..).zip(changes);
    named.filter_map(|(number, change)| Some((number, *kept.get(change.name.as_str())?))).collect()
}

fn written(digest: &str, changes: &[Change], apart: &BTreeMap<usize, Apart>) -> Result<String> {
    let mut text = format!("{digest}\n");
    for (number, change) in (1..).zip(changes) {
        if let Some((_, word)) = WORDS.iter().find(|(known, _)| apart.get(&number) == Some(known)) {
            writeln!(text, "{word}\t{}", change.name)?;
        }
    }
    Ok(text)
}

/// The digest of everything that decides what compiles. Tests in files of their own are left out.
fn digest() -> Result<String> {
    let mut hash = Sha256::new();
    add(&place::root().join("shared/src"), &mut hash)?;
    Ok(hex::encode(hash.finalize()))
}

fn add(folder: &Path, hash: &mut Sha256) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add(&path, hash)?;
        } else if path.file_name().is_some_and(|name| name != "tests.rs") {
            hash.update(path.to_string_lossy().as_bytes());
            hash.update(fs::read(&path)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_holds_for_the_same_sources_only() {
        let json = r#"[{"name": "a", "file": "f", "genre": "FnValue", "replacement": "", "function": null,
                        "span": {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 1}}}]"#;
        let changes: Vec<Change> = serde_json::from_str(json).unwrap();
        for (found, _) in WORDS {
            let apart = BTreeMap::from([(1, found)]);
            let text = written("abc", &changes, &apart).unwrap();
            assert_eq!(read(&text, "abc", &changes), apart);
            assert_eq!(read(&text, "abd", &changes), BTreeMap::new());
        }
    }
}
