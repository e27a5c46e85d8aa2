//! Runs the tests under a chosen change.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::build::Program;
use super::tree::{CHOSEN, Tree};
use crate::stopwatch::{Stopwatch, seconds};

/// A test of packs that takes longer than all the others.
const SLOW_AND_NOT_ABOUT_SCORES: &str = "what_the_build_script_wrote_reads_as_the_file_does";
/// Few random cases for each of a thousand changes. The tables of cases catch what they miss.
const PROPTEST_CASES: &str = "40";
/// A test that never ends has noticed the change, too. This timeout saves waiting for minutes.
const SHORTEST_TIMEOUT: Duration = Duration::from_secs(15);
/// How many times longer a test may take than without a change.
const TIMES_LONGER: u32 = 10;
/// A change can fill the memory as well as the time. The limit is in KiB, as the shell's `ulimit -v` counts.
const MEMORY_KIB_MAX: u32 = 4 << 20;
const LOOKED_EVERY: Duration = Duration::from_millis(5);

/// The result of the tests under a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Caught,
    /// Also caught: a test did not end.
    TimedOut,
    Survived,
    /// The change does not compile.
    Unviable,
}

impl End {
    pub(super) const ALL: [(Self, &str); 4] = [
        (Self::Caught, "caught"),
        (Self::TimedOut, "timed out"),
        (Self::Survived, "survived"),
        (Self::Unviable, "unviable"),
    ];

    pub(super) fn word(self) -> &'static str {
        Self::ALL.iter().find(|(end, _)| *end == self).map_or("", |(_, word)| word)
    }
}

/// The programs with tests, the fastest first.
#[derive(Debug)]
pub(super) struct Tests {
    programs: Vec<(Program, Duration)>,
}

impl Tests {
    /// Runs everything once without a change, which must pass.
    ///
    /// # Errors
    /// When a test fails, or takes so long that nothing can be said about changes.
    pub(super) fn measured(tree: &Tree, programs: &[Program]) -> Result<Self> {
        let mut measured = Vec::with_capacity(programs.len());
        for program in programs {
            let watch = Stopwatch::start();
            if ended(tree, program, None, Duration::from_secs(600))? != End::Survived {
                bail!("{} fails without any change", program.name);
            }
            println!("{:>7} s  {}", seconds(watch.elapsed()), program.name);
            measured.push((program.clone(), watch.elapsed()));
        }
        measured.sort_by_key(|(_, taken)| *taken);
        Ok(Self { programs: measured })
    }

    /// Runs the programs until one notices the change. It is given by its number, or the sources hold only this change.
    ///
    /// # Errors
    /// When a program cannot be started.
    pub(super) fn judge(&self, tree: &Tree, chosen: Option<usize>) -> Result<End> {
        for (program, taken) in &self.programs {
            let timeout = taken.saturating_mul(TIMES_LONGER).max(SHORTEST_TIMEOUT);
            let end = ended(tree, program, chosen, timeout)?;
            if end != End::Survived {
                return Ok(end);
            }
        }
        Ok(End::Survived)
    }

    /// The same programs built anew.
    pub(super) fn rebuilt(&self, programs: &[Program]) -> Self {
        let taken = |program: &Program| {
            let before = self.programs.iter().find(|(before, _)| before.name == program.name);
            before.map_or(SHORTEST_TIMEOUT, |(_, taken)| *taken)
        };
        let mut programs: Vec<_> = programs.iter().map(|program| (program.clone(), taken(program))).collect();
        programs.sort_by_key(|(_, taken)| *taken);
        Self { programs }
    }
}

fn ended(tree: &Tree, program: &Program, chosen: Option<usize>, timeout: Duration) -> Result<End> {
    let mut command = started(program);
    command.args(["--skip", SLOW_AND_NOT_ABOUT_SCORES]);
    command.current_dir(&program.folder).env("CARGO_MANIFEST_DIR", &program.folder);
    command.env("PROPTEST_CASES", PROPTEST_CASES).env("PROPTEST_MAX_SHRINK_ITERS", "0");
    command.env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1").env("RUST_BACKTRACE", "0");
    // Without the root each program would ask cargo for it.
    command.env("INSTA_UPDATE", "no").env("INSTA_FORCE_PASS", "0").env("INSTA_WORKSPACE_ROOT", &tree.root);
    command.env_remove(CHOSEN);
    if let Some(number) = chosen {
        command.env(CHOSEN, number.to_string());
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().with_context(|| format!("could not start {}", program.path.display()))?;
    let failed = child.stdout.take().map(failure_in);
    let watch = Stopwatch::start();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(if status.success() { End::Survived } else { End::Caught });
        }
        // One failed test is enough. The others need not finish.
        let caught = failed.as_ref().is_some_and(|failed| failed.load(Ordering::Relaxed));
        if caught || watch.elapsed() > timeout {
            child.kill()?;
            child.wait()?;
            return Ok(if caught { End::Caught } else { End::TimedOut });
        }
        thread::sleep(LOOKED_EVERY);
    }
}

/// A flag that becomes true when the program reports a failed test.
fn failure_in(said: impl Read + Send + 'static) -> Arc<AtomicBool> {
    let failed = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&failed);
    thread::spawn(move || {
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            if line.starts_with("test ") && line.ends_with(" FAILED") {
                seen.store(true, Ordering::Relaxed);
            }
        }
    });
    failed
}

/// The program, with a memory limit where there is a shell that can set one.
fn started(program: &Program) -> Command {
    if !cfg!(unix) {
        return Command::new(&program.path);
    }
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {MEMORY_KIB_MAX}; exec \"$0\" \"$@\"")]).arg(&program.path);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_seen_as_soon_as_it_is_said() {
        for (said, failed) in
            [("test a ... ok\ntest b ... FAILED\n", true), ("test a ... ok\n", false), ("FAILED\n", false)]
        {
            let (seen, watch) = (failure_in(said.as_bytes()), Stopwatch::start());
            while !seen.load(Ordering::Relaxed) && watch.elapsed() < Duration::from_millis(200) {
                thread::sleep(LOOKED_EVERY);
            }
            assert_eq!(seen.load(Ordering::Relaxed), failed, "{said}");
        }
    }
}
