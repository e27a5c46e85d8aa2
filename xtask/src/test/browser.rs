//! The test suites that Node runs: the unit tests of the plain JavaScript, and the tests in a real browser.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::tally::Tally;
use crate::node::ensure_node;
use crate::process::listen;
use crate::{browser, place};

/// Unit tests of the journal and the service worker. They need only Node.
pub(super) fn scripts() -> Result<Tally> {
    ensure_node()?;
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=spec"]).args(unit_files()?).current_dir(place::browser_tests());
    Ok(Tally::of_node(&listen(&mut command)?))
}

/// The test files by name, because Node 22 and later take a folder for a module.
fn unit_files() -> Result<Vec<String>> {
    let folder = place::browser_tests().join("units");
    let entries = fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut files: Vec<String> =
        names.filter(|name| name.ends_with(".test.mjs")).map(|name| format!("units/{name}")).collect();
    if files.is_empty() {
        bail!("{}: found no file that ends in .test.mjs", folder.display());
    }
    files.sort_unstable();
    Ok(files)
}

/// The tests in a real browser.
pub(super) fn stories() -> Result<Tally> {
    Ok(Tally::of_node(&listen(&mut browser::script("run.mjs")?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_tests_are_named_one_by_one() {
        let files = unit_files().unwrap();
        assert!(files.contains(&"units/journal.test.mjs".to_owned()), "{files:?}");
        assert!(files.iter().all(|file| place::browser_tests().join(file).is_file()), "{files:?}");
        assert!(!files.iter().any(|file| file.contains("fake_handle")), "helpers are no tests: {files:?}");
    }
}
