//! Builds the copy, and finds the changes that prevent this.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::list::{Change, Genre};
use super::rewrite::{Rewritten, Written};
use super::tree::Tree;

/// Test files that know the engine.
const TESTS: [&str; 13] = [
    "score_golden",
    "score_packs",
    "score_switches",
    "score_eligibility",
    "score_events",
    "score_texts",
    "score_compare",
    "score_json",
    "score_batch",
    "score_properties",
    "oracle",
    "golden",
    "properties",
];
/// Errors for which no other surroundings would help: the type of a value or a called function does not exist.
const MEANINGLESS: [&str; 12] =
    ["E0063", "E0277", "E0282", "E0283", "E0308", "E0368", "E0369", "E0425", "E0433", "E0599", "E0600", "E0614"];

/// A program with tests in it.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// The crate's folder, where cargo would start it.
    pub(super) folder: PathBuf,
}

/// The result of a build.
#[derive(Debug)]
pub(super) enum Built {
    Programs(Vec<Program>),
    Not(Vec<Complaint>),
}

/// An error of the compiler.
#[derive(Debug)]
pub(super) struct Complaint {
    code: String,
    said: String,
    /// The places, with the most telling one first.
    places: Vec<Place>,
}

#[derive(Debug, Deserialize, Clone)]
struct Place {
    file_name: String,
    byte_start: usize,
    byte_end: usize,
    line_start: usize,
    is_primary: bool,
    expansion: Option<Box<Expansion>>,
}

#[derive(Debug, Deserialize, Clone)]
struct Expansion {
    span: Place,
}

#[derive(Deserialize)]
struct Line {
    reason: String,
    message: Option<Message>,
    executable: Option<PathBuf>,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    code: Option<Code>,
    spans: Vec<Place>,
    rendered: Option<String>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

/// Builds the tests that know the engine.
///
/// # Errors
/// When cargo cannot be started or fails for another reason than the sources.
pub(super) fn tests(tree: &Tree) -> Result<Built> {
    let mut arguments = vec!["test", "--no-run", "--lib"];
    for name in TESTS {
        arguments.extend(["--test", name]);
    }
    cargo(tree, &arguments)
}

/// Whether `shared` compiles. This is known sooner than whether everything does.
///
/// # Errors
/// Like [`tests`].
pub(super) fn check(tree: &Tree) -> Result<Built> {
    cargo(tree, &["check", "--lib"])
}

fn cargo(tree: &Tree, arguments: &[&str]) -> Result<Built> {
    let mut command = tree.cargo();
    command.args(arguments).args(["--quiet", "--package", "shared", "--package", "tests", "--message-format=json"]);
    let output = command.stderr(Stdio::inherit()).output().context("could not start cargo")?;
    let lines = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<Line> = lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let complaints: Vec<Complaint> = lines.iter().filter_map(complaint).collect();
    if output.status.success() {
        return Ok(Built::Programs(lines.into_iter().filter_map(program).collect()));
    }
    if complaints.is_empty() {
        bail!("cargo could not build the copy in {}", tree.root.display());
    }
    Ok(Built::Not(complaints))
}

fn program(line: Line) -> Option<Program> {
    let target = line.target.filter(|_| line.reason == "compiler-artifact")?;
    let (path, folder) = (line.executable?, line.manifest_path?.parent()?.to_path_buf());
    let is_test = target.kind.iter().any(|kind| kind == "test");
    // Programs that a test may start are built with it.
    let wanted = if is_test { TESTS.contains(&target.name.as_str()) } else { target.name == "shared" };
    let name = if is_test { target.name } else { "the crate itself".to_owned() };
    wanted.then_some(Program { name, path, folder })
}

fn complaint(line: &Line) -> Option<Complaint> {
    let message = line.message.as_ref().filter(|message| message.level == "error")?;
    let mut places: Vec<Place> = message.spans.iter().map(in_sources).collect();
    places.sort_by_key(|place| !place.is_primary);
    let said = message.rendered.clone().unwrap_or_default();
    (!places.is_empty()).then(|| Complaint {
        code: message.code.as_ref().map(|code| code.code.clone()).unwrap_or_default(),
        said,
        places,
    })
}

/// The place of an error. An error inside a macro counts where the macro is used.
fn in_sources(place: &Place) -> Place {
    let mut place = place.clone();
    while let Some(expansion) = place.expansion.take() {
        let is_primary = place.is_primary;
        place = Place { is_primary, ..expansion.span };
    }
    place
}

/// Changes that must be removed from the sources before these compile.
#[derive(Debug, Default)]
pub(super) struct TakenOut {
    /// They would not compile alone either.
    pub(super) unviable: BTreeSet<usize>,
    /// They may compile alone.
    pub(super) alone: BTreeSet<usize>,
}

/// The changes that cause the errors.
///
/// # Errors
/// When an error has nothing to do with any change.
pub(super) fn blame(
    complaints: &[Complaint],
    files: &BTreeMap<String, Rewritten>,
    changes: &[Change],
) -> Result<TakenOut> {
    let mut out = TakenOut::default();
    let mut unclear = Vec::new();
    for complaint in complaints {
        let places = complaint.places.iter();
        let by = |find: fn(&Written) -> std::ops::Range<usize>| {
            let inside = |place: &Place| innermost(files.get(&place.file_name)?, place, find);
            places.clone().find_map(inside)
        };
        if let Some(number) = by(|one| one.own.clone()) {
            let change = number.checked_sub(1).and_then(|index| changes.get(index));
            let hopeless = MEANINGLESS.contains(&complaint.code.as_str()) && change.is_some_and(stands_alone);
            if hopeless { &mut out.unviable } else { &mut out.alone }.insert(number);
        } else if let Some(number) = by(|one| one.whole.clone()) {
            unclear.push(number);
        } else {
            let beside = |place: &Place, change: &Change| {
                change.file == place.file_name && change.shares_function(place.line_start)
            };
            let same = (1..).zip(changes).filter(|(_, change)| complaint.places.iter().any(|at| beside(at, change)));
            let inside = |number: &usize| files.values().any(|file| file.holds(*number));
            unclear.extend(same.map(|(number, _)| number).filter(inside));
        }
    }
    if out.unviable.is_empty() && out.alone.is_empty() {
        // Only when nothing is certain, because an error often follows from another.
        out.alone.extend(unclear);
    }
    if out.unviable.is_empty() && out.alone.is_empty() {
        let said: Vec<&str> = complaints.iter().map(|complaint| complaint.said.as_str()).collect();
        bail!("the copy does not compile, and no change is to blame:\n{}", said.join("\n"));
    }
    Ok(out)
}

/// Whether the text of the change would mean the same without the other changes around it.
fn stands_alone(change: &Change) -> bool {
    matches!(change.genre, Genre::BinaryOperator | Genre::FnValue)
}

fn innermost(file: &Rewritten, place: &Place, range: fn(&Written) -> std::ops::Range<usize>) -> Option<usize> {
    let holds = |one: &&Written| range(one).start <= place.byte_start && place.byte_end <= range(one).end;
    let found = file.written.iter().filter(holds);
    found.min_by_key(|one| range(one).end.saturating_sub(range(one).start)).map(|one| one.number)
}
