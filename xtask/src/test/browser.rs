//! The suites that Node runs: the plain JavaScript's unit tests, and the stories in a real browser.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use super::tally::Tally;
use crate::apt::{install, on_path};
use crate::build::build_app;
use crate::node::{ensure_node, ensure_packages};
use crate::process::{ask, listen};
use crate::{place, serve};

const CHROMIUM_NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const APT_PACKAGES: [&str; 2] = ["chromium", "fonts-noto-core"];

/// Unit tests of the journal and the service worker; they need Node and nothing else.
pub(super) fn scripts() -> Result<Tally> {
    ensure_node()?;
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=spec"]).args(unit_files()?).current_dir(place::browser_tests());
    Ok(Tally::of_node(&listen(&mut command)?))
}

/// The test files by name: Node 22 and later take a folder for a module.
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

/// The stories, with the app as it is shipped and the server as it is built for development.
pub(super) fn stories() -> Result<Tally> {
    ensure_node()?;
    ensure_packages(&place::browser_tests())?;
    let chromium = ensure_chromium()?;
    let dist = build_app(false)?;
    let server = serve::build_server(false)?;
    let mut command = Command::new("node");
    command.arg("run.mjs").current_dir(place::browser_tests());
    command.env("CHROMIUM", chromium).env("CONGTAM_SERVER", server).env("CONGTAM_DIST", dist);
    Ok(Tally::of_node(&listen(&mut command)?))
}

fn ensure_chromium() -> Result<PathBuf> {
    if let Some(found) = find_chromium()? {
        return Ok(found);
    }
    install("Chromium", &APT_PACKAGES, "or give one with CHROMIUM=/path/to/chromium")?;
    find_chromium()?.context("apt-get installed chromium, yet none on the PATH answers --version")
}

fn find_chromium() -> Result<Option<PathBuf>> {
    if let Some(given) = env::var_os("CHROMIUM") {
        let given = PathBuf::from(given);
        if !answers(&given) {
            bail!("CHROMIUM: found {}, allowed a Chromium program that answers --version", given.display());
        }
        return Ok(Some(given));
    }
    Ok(CHROMIUM_NAMES.iter().filter_map(|name| on_path(name)).find(|program| answers(program)))
}

/// Whether a program starts: distributions leave a `chromium-browser` behind that only says where to get one.
fn answers(program: &Path) -> bool {
    ask(Command::new(program).arg("--version")).is_some_and(|version| !version.is_empty())
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

    #[test]
    fn a_program_is_accepted_only_when_it_answers() {
        assert!(answers(&on_path("cargo").unwrap()));
        assert!(!answers(&on_path("false").unwrap()));
        assert!(!answers(Path::new("/no/such/chromium")));
    }
}
