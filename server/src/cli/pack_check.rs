//! `congtam pack check`: what is wrong with a rule pack, line by line, before anyone is scored by it.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use shared::pack::{self, Finding, Pack, PackStatus};

use super::REFUSED;

/// Largest file read as a pack; the reader of each format allows no more than it needs.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Arguments of `pack`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Check a pack's file, TOML or JSON; every message names the field, and of TOML the line
    Check {
        /// The file
        file: PathBuf,
    },
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Action::Check { file } = &args.action;
    let Some(text) = read(file)? else {
        eprintln!(
            "{}: found more than {FILE_BYTES_MAX} bytes or no UTF-8; allowed is a text in TOML or JSON",
            file.display()
        );
        return Ok(ExitCode::from(REFUSED));
    };
    match parse(file, &text) {
        Ok(pack) => {
            let status = if pack.status == PackStatus::Complete { "complete" } else { "template" };
            println!("{}: no findings ({}, {status}, sha256:{})", file.display(), pack.id, pack.hash);
            Ok(ExitCode::SUCCESS)
        }
        Err(findings) => {
            for finding in &findings {
                eprintln!("{}: {finding}", file.display());
            }
            eprintln!("{} findings", findings.len());
            Ok(ExitCode::from(REFUSED))
        }
    }
}

/// A pack by id, or from a file; the inner error is a refusal in words.
pub(super) fn load(id_or_path: &str) -> anyhow::Result<Result<Pack, String>> {
    if let Some(pack) = pack::find_with_remarks(id_or_path) {
        return Ok(Ok(pack.clone()));
    }
    let path = Path::new(id_or_path);
    if !path.exists() {
        let known: Vec<&str> = pack::builtin().iter().map(|builtin| builtin.id).collect();
        return Ok(Err(format!("pack: found {id_or_path:?}; allowed: a file, or one of {}", known.join(", "))));
    }
    let Some(text) = read(path)? else {
        return Ok(Err(format!("pack: {id_or_path} is longer than {FILE_BYTES_MAX} bytes or no UTF-8 text")));
    };
    Ok(parse(path, &text).map_err(|findings| {
        let lines: Vec<String> = findings.iter().map(|finding| format!("{id_or_path}: {finding}")).collect();
        lines.join("\n")
    }))
}

/// A pack from its text: TOML as authors write it, or JSON as tablets save a completed template.
fn parse(path: &Path, text: &str) -> Result<Pack, Vec<Finding>> {
    if path.extension().is_some_and(|extension| extension == "json") {
        pack::read_checked(text)
    } else {
        pack::read_toml(text)
    }
}

/// The text of a file; none when it is too long or no text.
fn read(path: &Path) -> anyhow::Result<Option<String>> {
    let file = fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut text = String::new();
    match file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text) {
        Ok(bytes) => Ok(Some(text).filter(|_| bytes as u64 <= FILE_BYTES_MAX)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
