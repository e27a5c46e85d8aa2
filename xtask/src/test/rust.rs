//! The test suites that cargo runs.

use anyhow::{Result, bail};

use super::Outcome;
use super::tally::Tally;
use crate::build::ensure_target;
use crate::postgres::ensure_postgres;
use crate::process::{ask, cargo, listen};
use crate::serve::take_tested_server;

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

/// The packages whose tests are built together. Tests of a part of them would build what they share a second time, with
/// other features. xtask is built alone: it runs already, with features of its own.
const BUILT_TOGETHER: [&str; 3] = ["--workspace", "--exclude", "xtask"];

/// Unit and property tests of everything but the server.
pub(super) fn unit() -> Result<Tally> {
    let others = tests(&BUILT_TOGETHER, "not package(server)", &["--exclude", "server"], 1)?;
    Ok(others + tests(&["--package", "xtask"], "all()", &[], 1)?)
}

/// All tests of the server, on both databases. Without PostgreSQL they fail. Two run on each core, because they mostly
/// wait: for sockets, for disks, for processes that were killed.
pub(super) fn server() -> Result<Tally> {
    ensure_postgres()?;
    let others = ["--exclude", "app", "--exclude", "shared", "--exclude", "tests"];
    let tally = tests(&BUILT_TOGETHER, "package(server)", &others, 2)?;
    if tally.failed == 0 {
        take_tested_server();
    }
    Ok(tally)
}

pub(super) fn doc() -> Result<Tally> {
    let spoken = listen(cargo().args(["test", "--quiet", "--doc"]).args(BUILT_TOGETHER))?;
    Ok(Tally::of_cargo_test(&spoken))
}

/// Runs the tests of `built` that `filter` chooses, with cargo-nextest where it is installed. Otherwise cargo's own
/// runner runs the same tests: it cannot choose, so `without` leaves out the other packages.
fn tests(built: &[&str], filter: &str, without: &[&str], tests_per_core: usize) -> Result<Tally> {
    let threads = std::thread::available_parallelism()?.get() * tests_per_core;
    let mut command = cargo();
    // People read and accept snapshots; a test run never writes them.
    command.env("INSTA_UPDATE", "no").env("INSTA_FORCE_PASS", "0");
    if ask(cargo().args(["nextest", "--version"])).is_some() {
        command.args(["nextest", "run", "--cargo-quiet", "--no-fail-fast", "--no-tests", "pass"]).args(built);
        command.args(["--filterset", filter, "--test-threads", &threads.to_string()]);
        return Ok(Tally::of_nextest(&listen(&mut command)?));
    }
    command.args(["test", "--quiet", "--no-fail-fast", "--tests"]).args(built).args(without);
    command.env("RUST_TEST_THREADS", threads.to_string());
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
