//! Serves everything on one address, from a fresh clone.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::OnceLock;

use anyhow::{Context, Result};

use crate::build::{Variant, build_app};
use crate::place;
use crate::process::{self, cargo, spelled};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The app as small as tablets get it, and the server optimised: takes much longer to build
    #[arg(long)]
    release: bool,
    /// The app not optimised at all, with names in stack traces
    #[arg(long, conflicts_with = "release")]
    dev: bool,
    /// Port on this machine
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder of the database; made with a demo commune when it holds none
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    say(1, "the app, for the browser");
    let dist = build_app(args.variant())?;
    say(2, "the server");
    let server = build_server(args.release)?;
    say(3, "the data");
    let data = place::root().join(&args.data);
    if has_database(&data)? {
        println!("data: {} is kept; delete the folder to begin anew", data.display());
    } else {
        process::run(Command::new(&server).arg("demo").arg("--data").arg(&data))
            .context("the demo commune could not be made")?;
    }
    let mut serving = Command::new(&server);
    serving.arg("serve").arg("--data").arg(&data).arg("--static").arg(&dist).args(["--port", &args.port.to_string()]);
    say(4, "serving");
    println!("$ {}", spelled(&serving));
    become_program(&mut serving).with_context(|| format!("could not start {}", server.display()))
}

const STEPS: u8 = 4;

/// Prints the progress for people who wait for the first page.
fn say(step: u8, what: &str) {
    println!("\n== {step} of {STEPS}: {what}");
}

impl Args {
    fn variant(&self) -> Variant {
        match (self.dev, self.release) {
            (true, _) => Variant::Dev,
            (false, true) => Variant::Shipped,
            (false, false) => Variant::Preview,
        }
    }
}

/// From here on this process is the server, so that Control-C and signals reach it directly.
#[cfg(unix)]
fn become_program(command: &mut Command) -> std::io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> std::io::Result<ExitCode> {
    Ok(if command.status()?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The binary that the server's tests of this process were run with.
static TESTED: OnceLock<PathBuf> = OnceLock::new();

/// Lets [`build_server`] return the binary that the server's tests have just been run with. Cargo would build it again,
/// because the features of its dependencies are others without the tests.
pub(crate) fn take_tested_server() {
    let _ = TESTED.set(place::target().join("debug").join("congtam"));
}

/// Builds the `congtam` binary and returns its path.
///
/// # Errors
/// When the compiler refuses.
pub(crate) fn build_server(release: bool) -> Result<PathBuf> {
    if let Some(tested) = TESTED.get().filter(|tested| !release && tested.is_file()) {
        return Ok(tested.clone());
    }
    let mut command = cargo();
    command.args(["build", "--package", "server", "--bin", "congtam"]);
    if release {
        command.arg("--release");
    }
    process::run(&mut command)?;
    Ok(place::target().join(if release { "release" } else { "debug" }).join("congtam"))
}

fn has_database(data: &Path) -> Result<bool> {
    if !data.exists() {
        return Ok(false);
    }
    let entries = std::fs::read_dir(data).with_context(|| format!("--data: could not read {}", data.display()))?;
    let names = entries.filter_map(|entry| entry.ok().map(|found| found.file_name()));
    Ok(names.into_iter().any(|name| {
        let name = name.to_string_lossy().into_owned();
        [".db", ".sqlite", ".sqlite3"].iter().any(|ending| name.ends_with(ending))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_data_only_when_a_database_lies_in_it() {
        let folder = place::target().join("xtask-serve-test");
        let _ = std::fs::remove_dir_all(&folder);
        assert!(!has_database(&folder).unwrap());
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("notes.txt"), "x").unwrap();
        assert!(!has_database(&folder).unwrap());
        std::fs::write(folder.join("congtam.db"), "x").unwrap();
        assert!(has_database(&folder).unwrap());
    }
}
