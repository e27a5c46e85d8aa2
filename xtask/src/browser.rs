//! Prepares scripts that drive a real browser. They need Node, Chromium, the app as it is shipped, and the server.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::apt::{install, on_path};
use crate::build::{Variant, build_app};
use crate::node::{ensure_node, ensure_packages};
use crate::process::ask;
use crate::{place, serve};

const CHROMIUM_NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const APT_PACKAGES: [&str; 2] = ["chromium", "fonts-noto-core"];

/// A script of `tests/browser`, ready to run, with the app as it is shipped and a development build of the server.
///
/// # Errors
/// When Node, Chromium, the app or the server is not available.
pub(crate) fn script(name: &str) -> Result<Command> {
    script_with(name, Variant::Shipped)
}

/// Like [`script`], with the app in this variant.
///
/// # Errors
/// Like [`script`].
pub(crate) fn script_with(name: &str, variant: Variant) -> Result<Command> {
    ensure_node()?;
    ensure_packages(&place::browser_tests())?;
    let chromium = ensure_chromium()?;
    let dist = build_app(variant)?;
    let server = serve::build_server(false)?;
    let mut command = Command::new("node");
    command.arg(name).current_dir(place::browser_tests());
    command.env("CHROMIUM", chromium).env("CONGTAM_SERVER", server).env("CONGTAM_DIST", dist);
    Ok(command)
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

/// Whether a program starts. Some distributions have a `chromium-browser` that only says where to get one.
fn answers(program: &Path) -> bool {
    ask(Command::new(program).arg("--version")).is_some_and(|version| !version.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_accepted_only_when_it_answers() {
        assert!(answers(&on_path("cargo").unwrap()));
        assert!(!answers(&on_path("false").unwrap()));
        assert!(!answers(Path::new("/no/such/chromium")));
    }
}
