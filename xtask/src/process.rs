//! Runs other programs and shows their output while they run.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

/// The output of a program and whether it ended well.
#[derive(Debug)]
pub(crate) struct Spoken {
    pub(crate) ok: bool,
    /// Standard output and standard error, line by line as they came.
    pub(crate) text: String,
}

/// A cargo of the same toolchain that runs xtask.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::place::root());
    // `cargo run` passes its own variables on, and a nested cargo would rebuild because of them.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "RUSTC_WORKSPACE_WRAPPER"] {
        command.env_remove(name);
    }
    command
}

/// The command as a person would type it.
pub(crate) fn spelled(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let rest = command.get_args().map(OsStr::to_string_lossy);
    std::iter::once(program.into()).chain(rest).collect::<Vec<_>>().join(" ")
}

/// Runs with the terminal passed on.
///
/// # Errors
/// When the program cannot be started or ends with a failure.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", spelled(command));
    let status = command.status().with_context(|| format!("could not start `{}`", spelled(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", spelled(command));
    }
    Ok(())
}

/// Runs silently and returns standard output. `None` when it cannot be started or fails.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs, shows every line as it comes, and collects them all.
///
/// # Errors
/// When the program cannot be started. A failed end is `ok: false`.
pub(crate) fn listen(command: &mut Command) -> Result<Spoken> {
    println!("$ {}", spelled(command));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{}`", spelled(command)))?;
    let errors = child.stderr.take().map(|stream| thread::spawn(move || pass_on(stream, std::io::stderr())));
    let mut text = child.stdout.take().map(|stream| pass_on(stream, std::io::stdout())).unwrap_or_default();
    if let Some(said) = errors.and_then(|reader| reader.join().ok()) {
        text.push_str(&said);
    }
    let status = child.wait().context("lost sight of a program that was started")?;
    Ok(Spoken { ok: status.success(), text })
}

fn pass_on(stream: impl Read, mut terminal: impl Write) -> String {
    let mut kept = String::new();
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
        // A closed terminal is no reason to stop counting.
        let _ = terminal.write_all(&line);
        kept.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    kept
}
