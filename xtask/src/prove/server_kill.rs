//! The server killed while it takes batches, on both databases: the stories of `server/tests/office/kill.rs`, as often as asked.

use anyhow::Result;

use super::Proved;
use crate::postgres::ensure_postgres;
use crate::process::{Spoken, cargo, listen};

/// How each database's story begins its lines.
const LINES: [&str; 2] = ["server-kill on sqlite: ", "server-kill on postgresql: "];

pub(super) fn run(runs: Option<u64>, seed: u64) -> Result<Proved> {
    ensure_postgres()?;
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "server", "--test", "office", "--", "--nocapture"]);
    command.args(["--test-threads", "1", "kill::server_kills_lose_nothing"]);
    command.env("CONGTAM_PROVE_SEED", seed.to_string());
    if let Some(runs) = runs {
        command.env("CONGTAM_PROVE_RUNS", runs.to_string());
    }
    Ok(counted(&listen(&mut command)?, &LINES))
}

/// The sum over all stories, by how each begins its lines; a story that said nothing, or a program that ended badly without
/// saying why, has failed.
pub(super) fn counted(spoken: &Spoken, stories: &[&str]) -> Proved {
    let sum = stories.iter().map(|line| ended(&spoken.text, line).unwrap_or(Proved { runs: 0, failures: 1 }));
    let sum = sum.fold(Proved::default(), |sum, one| Proved {
        runs: sum.runs.saturating_add(one.runs),
        failures: sum.failures.saturating_add(one.failures),
    });
    Proved { failures: sum.failures.max(u64::from(!spoken.ok)), ..sum }
}

/// `… 20 runs, 0 failures`
fn ended(text: &str, line: &str) -> Option<Proved> {
    text.lines().rev().find_map(|said| {
        let (_, counts) = said.split_once(line)?;
        let (runs, failures) = counts.trim().strip_suffix(" failures")?.split_once(" runs, ")?;
        Some(Proved { runs: runs.parse().ok()?, failures: failures.parse().ok()? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(ok: bool, text: &str) -> Spoken {
        Spoken { ok, text: text.to_owned() }
    }

    #[test]
    fn runs_and_failures_of_both_databases_are_added() {
        let both = "test x ... server-kill on sqlite: seed 1\nserver-kill on sqlite: 20 runs, 0 failures\n\
            server-kill on postgresql: 900 receipts kept to, work under way in 19 of 20 runs\n\
            server-kill on postgresql: 20 runs, 2 failures\n";
        assert_eq!(counted(&spoken(false, both), &LINES), Proved { runs: 40, failures: 2 });
    }

    #[test]
    fn a_story_that_did_not_end_has_failed() {
        let one = "server-kill on sqlite: 20 runs, 0 failures\n";
        assert_eq!(counted(&spoken(true, one), &LINES), Proved { runs: 20, failures: 1 });
        assert_eq!(counted(&spoken(false, "error: could not compile"), &LINES), Proved { runs: 0, failures: 2 });
        let crashed = format!("{one}server-kill on postgresql: 20 runs, 0 failures\n");
        assert_eq!(counted(&spoken(false, &crashed), &LINES), Proved { runs: 40, failures: 1 });
        assert_eq!(counted(&spoken(true, &crashed), &LINES), Proved { runs: 40, failures: 0 });
    }
}
