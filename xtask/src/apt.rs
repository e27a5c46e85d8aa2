//! Installs programs that a check needs where that is possible, and otherwise says exactly what to type.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{ask, run};

/// Installs Debian's packages as root, without what they only recommend.
///
/// # Errors
/// When this is not root or has no apt-get (the message says what is missing and what to type), or when apt-get fails.
pub(crate) fn install(missing: &str, packages: &[&str], or_else: &str) -> Result<()> {
    let line = format!("apt-get update && apt-get install --yes {}", packages.join(" "));
    if !is_root() || on_path("apt-get").is_none() {
        bail!("found no {missing}; type: sudo sh -c '{line}' ({or_else})");
    }
    run(Command::new("apt-get").arg("update"))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "--yes", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"]);
    run(install.args(packages).env("DEBIAN_FRONTEND", "noninteractive"))
}

pub(crate) fn is_root() -> bool {
    ask(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder: PathBuf| folder.join(program)).find(|file: &PathBuf| Path::is_file(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_on_the_path_by_their_whole_name() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program-of-cong-tam").is_none());
    }
}
