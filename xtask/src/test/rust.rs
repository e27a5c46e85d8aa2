//! The test suites that cargo runs.

use anyhow::{Result, bail};

use super::Outcome;
use super::tally::Tally;
use crate::build::ensure_target;
use crate::postgres::ensure_postgres;
use crate::process::{ask, cargo, listen};

/// Components of the toolchain that a minimal installation leaves out.
const COMPONENTS_LINE: &str = "rustup component add clippy rustfmt";

/// Checks that rustfmt would change nothing.
pub(super) fn format() -> Result<Tally> {
    ensure_component("fmt")?;
    Ok(Tally::one(listen(cargo().args(["fmt", "--all", "--check"]))?.ok))
}

/// Checks that clippy reports nothing. The app is checked for WebAssembly only, because it runs nowhere else.
pub(super) fn clippy() -> Result<Tally> {
    ensure_component("clippy")?;
    ensure_target()?;
    let native = ["clippy", "--quiet", "--workspace", "--exclude", "app", "--all-targets", "--", "-D", "warnings"];
    let mut tally = Tally::one(listen(cargo().args(native))?.ok);
    let wasm = ["clippy", "--quiet", "-p", "app", "-p", "shared", "-p", "tests", "--target", "wasm32-unknown-unknown"];
    tally = tally + Tally::one(listen(cargo().args(wasm).args(["--", "-D", "warnings"]))?.ok);
    Ok(tally)
}

/// Checks that a component is installed. Otherwise a missing one would count as a finding.
fn ensure_component(subcommand: &str) -> Result<()> {
    if ask(cargo().args([subcommand, "--version"])).is_none() {
        bail!("cargo {subcommand}: not installed; type: {COMPONENTS_LINE}");
    }
    Ok(())
}

/// Checks licences and crates, where cargo-deny is installed. Installing it takes minutes, so that is left to the
/// person.
pub(super) fn deny() -> Result<Outcome> {
    if ask(cargo().args(["deny", "--version"])).is_none() {
        return Ok(Outcome::NotRun("not run; to run it, type: cargo install --locked cargo-deny".into()));
    }
    let spoken = listen(cargo().args(["deny", "--all-features", "check", "bans", "licenses", "sources"]))?;
    Ok(Outcome::Ran(Tally::one(spoken.ok)))
}

/// Unit and property tests of everything but the server.
///
/// xtask is tested in a call of its own. Together with the others, its dependencies would be built a second time.
pub(super) fn unit() -> Result<Tally> {
    let others = tests(&["--workspace", "--exclude", "xtask", "--exclude", "server"])?;
    Ok(others + tests(&["--package", "xtask"])?)
}

/// All tests of the server, on both databases. Without PostgreSQL they fail.
pub(super) fn server() -> Result<Tally> {
    ensure_postgres()?;
    tests(&["--package", "server"])
}

pub(super) fn doc() -> Result<Tally> {
    let spoken = listen(cargo().args(["test", "--quiet", "--doc", "--package", "shared"]))?;
    Ok(Tally::of_cargo_test(&spoken))
}

/// Runs tests with cargo-nextest where it is installed, otherwise with cargo's own runner. Both run the same tests.
fn tests(which: &[&str]) -> Result<Tally> {
    // People read and accept snapshots; a test run never writes them.
    let quiet = |command: &mut std::process::Command| {
        command.env("INSTA_UPDATE", "no").env("INSTA_FORCE_PASS", "0");
    };
    let mut command = cargo();
    quiet(&mut command);
    if ask(cargo().args(["nextest", "--version"])).is_some() {
        command.args(["nextest", "run", "--cargo-quiet", "--no-fail-fast", "--no-tests", "pass"]).args(which);
        return Ok(Tally::of_nextest(&listen(&mut command)?));
    }
    command.args(["test", "--quiet", "--no-fail-fast", "--tests"]).args(which);
    Ok(Tally::of_cargo_test(&listen(&mut command)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_component_says_what_to_type() {
        ensure_component("fmt").unwrap();
        let said = ensure_component("no-such-component").unwrap_err().to_string();
        assert!(said.ends_with("type: rustup component add clippy rustfmt"), "{said}");
    }
}
