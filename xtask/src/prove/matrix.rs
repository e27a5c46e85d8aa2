//! Runs the tests of meeting versions in `server/tests/office/matrix.rs`. Each runs once, because nothing in them
//! depends on chance.

use anyhow::Result;

use super::Proved;
use crate::process::{cargo, listen};
use crate::test::tally::Tally;

pub(super) fn run() -> Result<Proved> {
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "server", "--test", "office", "--", "matrix::"]);
    let tally = Tally::of_cargo_test(&listen(&mut command)?);
    // Tests that were not found have proved nothing.
    let silent = u64::from(tally.ran() == 0);
    Ok(Proved { runs: tally.ran(), failures: tally.failed.max(silent) })
}
