//! `cargo xtask mutants`: checks whether the tests would notice a wrong engine.
//!
//! cargo-mutants knows what to change in the engine. Building the tests again for each of a thousand changes would take
//! hours. So all changes are written into one copy of the sources, which is built once, and each run of the tests
//! chooses one. A change that no test notices survives.

mod apart;
mod build;
mod list;
mod report;
mod rewrite;
mod run;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};

use apart::Apart;
use build::{Built, Program};
use list::Change;
use report::{Kept, Results};
use rewrite::{Rewritten, alone, rewrite};
use run::{End, Tests};
use tree::{Sources, Tree};

use crate::place;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files to change; several allowed. The whole engine when nothing is said
    #[arg(long, value_name = "GLOB")]
    file: Vec<String>,
    /// Changes tried at the same time
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// One part of the changes, `0/4`, for several machines or evenings
    #[arg(long, value_name = "K/N")]
    shard: Option<String>,
    /// List the changes and try none
    #[arg(long)]
    list: bool,
    /// Only the changes that survived last time
    #[arg(long, conflicts_with = "go_on")]
    again: bool,
    /// Go on where the last run was interrupted
    #[arg(long = "continue")]
    go_on: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let changes = list::changes(&args.file)?;
    let wanted = wanted(args, &changes)?;
    if args.list {
        for change in changes.iter().zip(1..).filter(|(_, number)| wanted.contains(number)).map(|(change, _)| change) {
            println!("{}", change.name);
        }
        return Ok(ExitCode::SUCCESS);
    }
    fs::create_dir_all(tree::folder())?;
    let kept = match args {
        Args { again: true, .. } => Kept::AllButSurvivors,
        Args { go_on: true, .. } => Kept::Everything,
        _ => Kept::Nothing,
    };
    let results = Results::open(&changes, wanted.len(), kept)?;
    let mut work = Work { sources: sources(&changes)?, changes, results };
    let prepared = work.prepare()?;
    let tests = Tests::measured(&prepared.tree, &prepared.programs)?;
    work.at_once(&prepared, &tests, &wanted, args.jobs)?;
    work.one_by_one(&prepared, &tests, &wanted)?;
    let whole_engine = args.file.is_empty() && args.shard.is_none();
    Ok(if work.results.tell(whole_engine)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Numbers of the changes to try. A change's number is its place in the list, from 1.
fn wanted(args: &Args, changes: &[Change]) -> Result<BTreeSet<usize>> {
    let mut wanted: BTreeSet<usize> = (1..=changes.len()).collect();
    if let Some(shard) = &args.shard {
        let (part, parts) = shard.split_once('/').context("--shard wants K/N")?;
        let (part, parts): (usize, usize) = (part.parse()?, parts.parse()?);
        if part >= parts {
            bail!("--shard wants K/N with K below N");
        }
        wanted.retain(|number| number.checked_rem(parts) == Some(part));
    }
    Ok(wanted)
}

fn numbered(changes: &[Change], number: usize) -> Option<&Change> {
    changes.get(number.checked_sub(1)?)
}

/// The files that are changed, in their present form.
fn sources(changes: &[Change]) -> Result<Sources> {
    let files: BTreeSet<&String> = changes.iter().map(|change| &change.file).collect();
    let read = |file: &String| Ok((file.clone(), fs::read_to_string(place::root().join(file))?));
    files.into_iter().map(read).collect()
}

struct Work {
    changes: Vec<Change>,
    sources: Sources,
    results: Results,
}

/// A build that contains all changes.
struct Prepared {
    tree: Tree,
    programs: Vec<Program>,
    /// Changes that could not be included, and whether they may still compile alone.
    apart: BTreeMap<usize, Apart>,
}

impl Work {
    /// Writes all changes into the copy, removes those that do not compile until the rest does, and builds the tests.
    fn prepare(&self) -> Result<Prepared> {
        let mut apart = apart::known(&self.changes)?;
        loop {
            let files = self.rewritten(&mut apart)?;
            let texts = files.iter().map(|(file, rewritten)| (file.clone(), rewritten.text.clone())).collect();
            let tree = Tree::copied(&texts)?;
            let built = match build::check(&tree)? {
                Built::Programs(_) => build::tests(&tree)?,
                not => not,
            };
            match built {
                Built::Programs(programs) => {
                    apart::remember(&self.changes, &apart)?;
                    println!(
                        "{} changes in one build, {} apart",
                        self.changes.len().saturating_sub(apart.len()),
                        apart.len()
                    );
                    return Ok(Prepared { tree, programs, apart });
                }
                Built::Not(complaints) => {
                    let out = build::blame(&complaints, &files, &self.changes)?;
                    println!(
                        "{} changes do not compile, {} not together with the others",
                        out.unviable.len(),
                        out.alone.len()
                    );
                    apart.extend(out.alone.into_iter().map(|number| (number, Apart::Alone)));
                    apart.extend(out.unviable.into_iter().map(|number| (number, Apart::Unviable)));
                }
            }
        }
    }

    /// Every file with its changes, except those that are set apart. It may set apart more.
    fn rewritten(&self, apart: &mut BTreeMap<usize, Apart>) -> Result<BTreeMap<String, Rewritten>> {
        let mut files = BTreeMap::new();
        for (file, source) in &self.sources {
            let numbered = (1..).zip(&self.changes).filter(|(_, change)| change.file == *file);
            let changes: Vec<_> = numbered.filter(|(number, _)| !apart.contains_key(number)).collect();
            let rewritten = rewrite(source, &changes).with_context(|| file.clone())?;
            apart.extend(rewritten.left.iter().map(|number| (*number, Apart::Alone)));
            apart.extend(rewritten.impossible.iter().map(|number| (*number, Apart::Unviable)));
            files.insert(file.clone(), rewritten);
        }
        Ok(files)
    }

    /// Tries the changes that are in the build, several at the same time.
    fn at_once(&mut self, prepared: &Prepared, tests: &Tests, wanted: &BTreeSet<usize>, jobs: usize) -> Result<()> {
        let Prepared { tree, apart, .. } = prepared;
        let mut left: Vec<(usize, &Change)> = Vec::new();
        for number in wanted {
            let Some(change) = numbered(&self.changes, *number).filter(|change| !self.results.knows(&change.name))
            else {
                continue;
            };
            match apart.get(number) {
                None => left.push((*number, change)),
                Some(Apart::Unviable) => self.results.record(&change.name, End::Unviable)?,
                Some(Apart::Alone) => {}
            }
        }
        let (next, results) = (AtomicUsize::new(0), Mutex::new(&mut self.results));
        let work = || -> Result<()> {
            while let Some((number, change)) = left.get(next.fetch_add(1, Ordering::Relaxed)) {
                let end = tests.judge(tree, Some(*number))?;
                results.lock().unwrap_or_else(PoisonError::into_inner).record(&change.name, end)?;
            }
            Ok(())
        };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(work)).collect();
            let joined = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| bail!("a thread panicked")));
            joined.collect()
        })
    }

    /// Tries the changes that could not be built with the others, each in sources of its own.
    fn one_by_one(&mut self, prepared: &Prepared, tests: &Tests, wanted: &BTreeSet<usize>) -> Result<()> {
        let (tree, apart) = (&prepared.tree.for_once(), &prepared.apart);
        for number in wanted.iter().filter(|number| apart.get(number) == Some(&Apart::Alone)) {
            let Some(change) = numbered(&self.changes, *number).filter(|change| !self.results.knows(&change.name))
            else {
                continue;
            };
            let mut texts = self.sources.clone();
            let source = self.sources.get(&change.file).and_then(|source| alone(source, change));
            texts.insert(change.file.clone(), source.context("a change outside of its file")?);
            tree.put(&texts)?;
            let end = match build::check(tree)? {
                Built::Not(_) => End::Unviable,
                Built::Programs(_) => match build::tests(tree)? {
                    Built::Not(_) => bail!("the tests cannot be built although the engine can, with {}", change.name),
                    Built::Programs(programs) => tests.rebuilt(&programs).judge(tree, None)?,
                },
            };
            self.results.record(&change.name, end)?;
        }
        Ok(())
    }
}
