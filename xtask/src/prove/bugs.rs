//! Injects faults into the simulation, because a proof that cannot fail proves nothing.

use std::process::Command;

use anyhow::Result;

use super::native::build;
use crate::process::{Spoken, listen};

/// Seeds within which a fault must be caught.
const SEEDS: u64 = 20_000;

pub(super) fn run(seeds: Option<u64>) -> Result<Spoken> {
    listen(Command::new(build("sim")?).args(["bugs".to_owned(), seeds.unwrap_or(SEEDS).to_string()]))
}
