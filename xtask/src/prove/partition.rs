//! Tablets on links that hang or are cut, a server that is paused and killed: the stories of `server/tests/office/partition`.

use anyhow::Result;

use super::server_kill::counted;
use super::{More, Proved};
use crate::postgres::ensure_postgres;
use crate::process::{cargo, listen};

/// How the story begins its lines.
const LINES: [&str; 1] = ["partition: "];

pub(super) fn run(runs: Option<u64>, seed: u64, more: &More) -> Result<Proved> {
    ensure_postgres()?;
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "server", "--test", "office", "--", "--nocapture"]);
    command.arg("partition::partitions_pauses_and_kills_lose_nothing");
    command.env("CONGTAM_PROVE_SEED", seed.to_string());
    let asked = [("RUNS", runs), ("SECONDS", more.seconds), ("AT_ONCE", more.at_once)];
    for (name, value) in asked {
        if let Some(value) = value {
            command.env(format!("CONGTAM_PROVE_{name}"), value.to_string());
        }
    }
    Ok(counted(&listen(&mut command)?, &LINES))
}
