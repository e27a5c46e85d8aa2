//! Copies the crates that the tests of the engine need, so that they can be changed and built apart from people's own
//! files.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::place;
use crate::process::cargo;

const CRATES: [&str; 2] = ["shared", "tests"];
/// Files that the tests of the engine do not need.
const NOT_COPIED: [&str; 4] = ["target", ".git", "node_modules", "browser"];
/// The variable that chooses a change, read once by a program whose sources hold every change.
pub(super) const CHOSEN: &str = "CONGTAM_CHANGE";

/// Added to the copy of `shared`.
const QUESTION: &str = r#"//! Which change was chosen.

use std::sync::OnceLock;

static CHOSEN: OnceLock<u32> = OnceLock::new();

#[inline]
pub(crate) fn is(number: u32) -> bool {
    let read = || std::env::var("CONGTAM_CHANGE").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    *CHOSEN.get_or_init(read) == number
}
"#;

/// The folder for everything about changes.
pub(super) fn folder() -> PathBuf {
    place::target().join("mutants")
}

/// Sources by their path from the repository's root, which replace the original ones.
pub(super) type Sources = BTreeMap<String, String>;

#[derive(Debug)]
pub(super) struct Tree {
    pub(super) root: PathBuf,
    /// Whether it is built for one run only. Building time then counts for more than running time.
    once: bool,
}

impl Tree {
    /// Updates the copy. Only differences are written, so that little is built again.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub(super) fn copied(sources: &Sources) -> Result<Self> {
        let tree = Self { root: folder().join("tree"), once: false };
        fs::create_dir_all(&tree.root)?;
        let manifest = fs::read_to_string(place::root().join("Cargo.toml"))?;
        write(&tree.root.join("Cargo.toml"), manifest_for(&manifest)?.as_bytes())?;
        fs::copy(place::root().join("Cargo.lock"), tree.root.join("Cargo.lock"))?;
        for name in CRATES {
            tree.copy(name, sources)?;
        }
        Ok(tree)
    }

    /// Writes other sources and leaves the rest as copied. People may continue to work while changes are tried.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(super) fn put(&self, sources: &Sources) -> Result<()> {
        sources.iter().try_for_each(|(file, text)| write(&self.root.join(file), text.as_bytes()))
    }

    /// Copies a folder with its content. Files that are only in the copy are removed.
    fn copy(&self, folder: &str, sources: &Sources) -> Result<()> {
        let (from, to) = (place::root().join(folder), self.root.join(folder));
        fs::create_dir_all(&to)?;
        let mut kept: BTreeSet<OsString> = BTreeSet::new();
        for entry in fs::read_dir(&from).with_context(|| format!("could not read {}", from.display()))? {
            let entry = entry?;
            let name = entry.file_name();
            let path = format!("{folder}/{}", name.to_string_lossy());
            if NOT_COPIED.iter().any(|left_out| name == *left_out) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                self.copy(&path, sources)?;
            } else {
                let given = sources.get(&path).map(|text| text.clone().into_bytes());
                let mut content = given.map_or_else(|| fs::read(entry.path()), Ok)?;
                if path == "shared/src/lib.rs" {
                    content.extend_from_slice(b"mod change;\n");
                }
                write(&to.join(&name), &content)?;
            }
            kept.insert(name);
        }
        if folder == "shared/src" {
            write(&to.join("change.rs"), QUESTION.as_bytes())?;
            kept.insert("change.rs".into());
        }
        for entry in fs::read_dir(&to)? {
            let entry = entry?;
            if !kept.contains(&entry.file_name()) {
                let path = entry.path();
                if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }?;
            }
        }
        Ok(())
    }

    /// The same copy, built anew for every change.
    pub(super) fn for_once(&self) -> Self {
        Self { root: self.root.clone(), once: true }
    }

    /// A cargo that builds the copy. It hides warnings, because nobody keeps this text.
    pub(super) fn cargo(&self) -> Command {
        let mut command = cargo();
        let target = folder().join(if self.once { "target-once" } else { "target" });
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", target);
        if self.once {
            command.env("CARGO_PROFILE_DEV_OPT_LEVEL", "0");
        }
        command.env("RUSTFLAGS", "--cap-lints allow");
        command
    }
}

/// The workspace with the copied crates alone, built so that a thousand runs are short.
fn manifest_for(manifest: &str) -> Result<String> {
    let mut manifest: Table = manifest.parse()?;
    let crates = Value::Array(CRATES.map(Value::from).to_vec());
    let workspace = manifest.get_mut("workspace").and_then(Value::as_table_mut).context("no workspace")?;
    workspace.insert("members".to_owned(), crates.clone());
    workspace.insert("default-members".to_owned(), crates);
    let profile: Table = "dev = { opt-level = 1, debug = false }".parse()?;
    manifest.insert("profile".to_owned(), Value::Table(profile));
    Ok(toml::to_string(&manifest)?)
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| format!("could not write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_holds_two_crates_and_the_question() {
        let made = manifest_for("[workspace]\nmembers = [\"app\"]\n[profile.dev]\nopt-level = 0\n").unwrap();
        let made: Table = made.parse().unwrap();
        assert_eq!(made["workspace"]["members"].as_array().unwrap().len(), 2);
        assert_eq!(made["profile"]["dev"]["opt-level"].as_integer(), Some(1));
        assert!(QUESTION.contains(CHOSEN));
    }
}
