//! A program that takes its turn when asked to.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::spelled;

/// One of the programs measured, waiting for its turn.
#[derive(Debug)]
pub(super) struct Partner {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// The names of its contestants.
    pub(super) names: Vec<String>,
}

impl Partner {
    /// Starts a program and reads the names of its contestants.
    ///
    /// # Errors
    /// When it cannot be started or prints something else.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        println!("$ {}", spelled(command));
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start `{}`", spelled(command)))?;
        let (asks, answers) = child.stdin.take().zip(child.stdout.take()).context("a program without pipes")?;
        let mut partner = Self { child, asks, answers: BufReader::new(answers), names: Vec::new() };
        let names = partner.line()?;
        partner.names = serde_json::from_str(&names).with_context(|| format!("found {names:?} in place of names"))?;
        Ok(partner)
    }

    /// A turn for each of its contestants, in picoseconds per card.
    ///
    /// # Errors
    /// When the program has ended.
    pub(super) fn turn(&mut self) -> Result<Vec<u64>> {
        self.asks.write_all(b"turn\n")?;
        self.asks.flush()?;
        let line = self.line()?;
        let times: Vec<u64> =
            serde_json::from_str(&line).with_context(|| format!("found {line:?} in place of times"))?;
        if times.len() != self.names.len() {
            bail!("found {} times for {} names", times.len(), self.names.len());
        }
        Ok(times)
    }

    /// Ends the program.
    ///
    /// # Errors
    /// When it ends badly.
    pub(super) fn end(mut self) -> Result<()> {
        drop(self.asks);
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { bail!("a program that was measured ended with {status}") }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            bail!("a program that is measured has ended; what it wrote says why");
        }
        Ok(line)
    }
}
