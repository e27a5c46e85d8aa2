//! Runs the layers that are tests in `server/tests/office`, as often as asked, on the real binary over real sockets.

use anyhow::Result;

use super::Proved;
use crate::postgres::ensure_postgres;
use crate::process::{Spoken, cargo, listen};

/// The test of a layer.
pub(super) struct Story {
    /// The test's name, or the beginning of several names.
    pub(super) test: &'static str,
    /// The beginnings of the last lines of its parts, one of each.
    pub(super) lines: &'static [&'static str],
}

/// The server killed while it takes batches, on both databases.
pub(super) const SERVER_KILL: Story = Story {
    test: "kill::server_kills_lose_nothing",
    lines: &["server-kill on sqlite: ", "server-kill on postgresql: "],
};
/// Devices on links that hang or are cut, and a server that is paused and killed.
pub(super) const PARTITION: Story =
    Story { test: "partition::partitions_pauses_and_kills_lose_nothing", lines: &["partition: "] };
/// People who try what they are not allowed.
pub(super) const ADVERSARY: Story =
    Story { test: "adversary::nobody_gets_what_is_not_theirs", lines: &["adversary: "] };
/// One exchange cut at every byte.
pub(super) const CUT_SOCKETS: Story =
    Story { test: "partition::cut::an_exchange_cut_at_any_byte_is_made_again", lines: &["cut-sockets: "] };

impl Story {
    /// Runs it. Parameters that were given are passed in its environment.
    pub(super) fn tell(&self, asked: &[(&str, Option<u64>)]) -> Result<Proved> {
        ensure_postgres()?;
        let mut command = cargo();
        command.args(["test", "--quiet", "--package", "server", "--test", "office", "--", "--nocapture"]);
        command.args(["--test-threads", "1", self.test]);
        for (name, value) in asked {
            if let Some(value) = value {
                command.env(format!("CONGTAM_PROVE_{name}"), value.to_string());
            }
        }
        Ok(counted(&listen(&mut command)?, self.lines))
    }
}

/// The sum over all parts, each found by the beginning of its line. A part that printed nothing, or a program that
/// ended badly without saying why, has failed.
fn counted(spoken: &Spoken, stories: &[&str]) -> Proved {
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
        assert_eq!(counted(&spoken(false, both), SERVER_KILL.lines), Proved { runs: 40, failures: 2 });
    }

    #[test]
    fn a_story_that_did_not_end_has_failed() {
        let one = "server-kill on sqlite: 20 runs, 0 failures\n";
        assert_eq!(counted(&spoken(true, one), SERVER_KILL.lines), Proved { runs: 20, failures: 1 });
        assert_eq!(
            counted(&spoken(false, "error: could not compile"), SERVER_KILL.lines),
            Proved { runs: 0, failures: 2 }
        );
        let crashed = format!("{one}server-kill on postgresql: 20 runs, 0 failures\n");
        assert_eq!(counted(&spoken(false, &crashed), SERVER_KILL.lines), Proved { runs: 40, failures: 1 });
        assert_eq!(counted(&spoken(true, &crashed), SERVER_KILL.lines), Proved { runs: 40, failures: 0 });
    }
}
