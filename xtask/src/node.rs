//! Runs Node, which the browser tests need, and which shortens the scripts that a device downloads.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::place;
use crate::process::{ask, run};

const NODE_MAJOR_MIN: u32 = 20;
const NODE_MINOR_MIN: u32 = 19;

/// Makes sure that Node is installed and new enough.
///
/// # Errors
/// When it is not; the message says where to get it.
pub(crate) fn ensure_node() -> Result<()> {
    let found = ask(Command::new("node").arg("--version")).unwrap_or_else(|| "none".into());
    if !new_enough(&found) {
        bail!(
            "node: found {found}, allowed {NODE_MAJOR_MIN}.{NODE_MINOR_MIN} or newer; see https://nodejs.org/en/download"
        );
    }
    Ok(())
}

fn new_enough(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    (major, minor) >= (NODE_MAJOR_MIN, NODE_MINOR_MIN)
}

/// Installs the packages of a folder's lock file, once per lock file.
///
/// # Errors
/// When npm refuses, or the folder has no lock file.
pub(crate) fn ensure_packages(folder: &Path) -> Result<()> {
    let lock_file = folder.join("package-lock.json");
    let lock = fs::read(&lock_file).with_context(|| format!("{} cannot be read", lock_file.display()))?;
    let installed = folder.join("node_modules/.congtam-lock");
    if fs::read(&installed).is_ok_and(|found| found == lock) {
        return Ok(());
    }
    run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    fs::write(&installed, lock).with_context(|| format!("could not write {}", installed.display()))
}

/// Minifies a script that browsers load as a module.
///
/// # Errors
/// When Node or its packages are missing, or the script is not valid.
pub(crate) fn shrunk(script: &str) -> Result<String> {
    let mut command = Command::new("node");
    command.arg("shrink.mjs").current_dir(place::scripts()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = command.spawn().context("could not start node")?;
    // shrink.mjs reads all of it before it writes anything, so neither waits for the other.
    node.stdin.take().context("node reads nothing")?.write_all(script.as_bytes())?;
    let output = node.wait_with_output()?;
    if !output.status.success() {
        bail!("terser could not read a script that starts with {:?}", script.chars().take(80).collect::<String>());
    }
    String::from_utf8(output.stdout).context("terser wrote something else than UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        for (version, enough) in
            [("v20.19.0", true), ("v24.1.0", true), ("v20.9.0", false), ("v18.20.4", false), ("none", false)]
        {
            assert_eq!(new_enough(version), enough, "{version}");
        }
    }
}
