//! Lists the changes, which cargo-mutants finds.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::process::{ask, cargo};

/// What is changed by default.
const ENGINE: &str = "shared/src/score/**/*.rs";
const INSTALL_LINE: &str = "cargo install cargo-mutants --locked";

/// One change to one place of a source.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Change {
    /// `shared/src/score/run.rs:54:9: replace …`.
    pub(super) name: String,
    /// From the repository's root.
    pub(super) file: String,
    pub(super) genre: Genre,
    /// The text in its place. Empty where something is left out.
    pub(super) replacement: String,
    pub(super) span: Span,
    pub(super) function: Option<Function>,
}

impl Change {
    /// Whether the function's type only says what its value can do, not of which type it is.
    pub(super) fn is_opaque(&self) -> bool {
        self.function.as_ref().is_some_and(|function| function.return_type.contains("impl "))
    }

    /// Whether the line belongs to the changed function.
    pub(super) fn shares_function(&self, line: usize) -> bool {
        self.function
            .as_ref()
            .is_some_and(|function| (function.span.start.line..=function.span.end.line).contains(&line))
    }
}

/// A name without its place, because the place moves with every line that is added above: `shared/src/score/run.rs:
/// replace …`.
pub(super) fn lasting(name: &str) -> String {
    match (name.split_once(':'), name.split_once(": ")) {
        (Some((file, _)), Some((_, what))) => format!("{file}: {what}"),
        _ => name.to_owned(),
    }
}

/// The kinds of change, in the words of cargo-mutants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Genre {
    /// A function returns a fixed value at once.
    FnValue,
    BinaryOperator,
    /// `!` or `-` is left out.
    UnaryOperator,
    /// An arm of a `match` is left out. What it matched falls to the arm for the rest.
    MatchArm,
    MatchArmGuard,
    /// A field is left out of a struct that takes the rest from another.
    StructField,
    /// Kinds that later versions may find.
    #[serde(other)]
    Other,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Function {
    return_type: String,
    span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Span {
    pub(super) start: Place,
    pub(super) end: Place,
}

/// A place in a file. Lines and characters are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// All changes to the files, in their order there.
///
/// # Errors
/// When cargo-mutants is missing or does not know a file.
pub(super) fn changes(files: &[String]) -> Result<Vec<Change>> {
    if ask(cargo().args(["mutants", "--version"])).is_none() {
        bail!("cargo-mutants is not installed; type: {INSTALL_LINE}");
    }
    let engine = [ENGINE.to_owned()];
    let mut command = cargo();
    command.args(["mutants", "--package", "shared", "--list", "--json"]);
    for file in if files.is_empty() { &engine } else { files } {
        command.args(["--file", file]);
    }
    let listed = ask(&mut command).context("cargo-mutants could not list the changes")?;
    serde_json::from_str(&listed).context("cargo-mutants listed the changes in a way that is not known here")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lasting_name_has_no_lines() {
        let name = "shared/src/score/run.rs:54:9: replace <impl X for Y>::of -> Z with Ok(Default::default())";
        let wanted = "shared/src/score/run.rs: replace <impl X for Y>::of -> Z with Ok(Default::default())";
        assert_eq!(lasting(name), wanted);
        assert_eq!(lasting(wanted), wanted);
    }
}
