//! The command line, with one file per command.

mod account;
mod adopt;
mod appoint;
mod backup;
mod certificate;
mod check_config;
mod compare;
mod demo;
mod export;
mod help;
mod import;
mod lang;
mod pack_check;
mod pack_office;
mod packs;
mod quota;
mod rollup;
mod score;
mod score_unit;
mod serve;
mod stored;
mod unit;
mod wrong;

use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use shared::pack::Pack;
use shared::score::{CARD_JSON_BYTES_MAX, InputError, not_utf8};

use crate::words::{self, said, spoken};

/// The byte order mark, which tells spreadsheet programs that a table is UTF-8.
const BOM: &str = "\u{feff}";

/// The exit code for refused input, as opposed to a failure of the program.
pub const REFUSED: u8 = 2;

/// Công Tâm: scores public officials where the network is poor.
#[derive(Debug, Parser)]
#[command(name = "congtam", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    lang: lang::LangArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the office's server
    Serve(serve::Args),
    /// Fill an empty data directory with fictitious offices, one for each regulation that can be lived
    Demo(demo::Args),
    /// Let a unit live by a regulation, with its readings of the text and the day from which classes are decided
    Adopt(adopt::Args),
    /// Record a position, a seat in a body, or who scores by name
    Appoint(appoint::Args),
    /// Show the settings in effect and what is wrong with them
    CheckConfig(check_config::Args),
    /// Accounts: list them, give a new first password, close one, see where it is used
    Account(account::Args),
    /// Copy a data directory, also while a server runs on it; tablets then show what it holds as safe
    Backup(backup::Args),
    /// Make a private authority and a certificate of it, for HTTPS on a network of the office's own
    Certificate(certificate::Args),
    /// Take a work list or a list of people from a spreadsheet
    Import(import::Args),
    /// Write cards or a unit's month to standard output
    Export(export::Args),
    /// Score cards given as JSON on standard input
    Score(score::Args),
    /// Score everyone in a unit, those led before those who lead, from one JSON object on standard input
    ScoreUnit(score_unit::Args),
    /// Score cards under several packs and say whose class changes, by which clause
    Compare(compare::Args),
    /// Make a quarter, half a year or a year of shorter periods, given as JSON on standard input or held by the office
    Rollup(rollup::Args),
    /// Say who may be in the class that is limited, from groups given as JSON on standard input or held by the office
    Quota(quota::Args),
    /// List the rule packs, or show one with its criteria and options
    Packs(packs::Args),
    /// Work on rule packs
    Pack(pack_check::Args),
}

/// Runs the command given on the command line.
#[must_use]
pub fn run() -> ExitCode {
    if let Some(asked) = lang::asked_among(std::env::args_os()) {
        words::speak(Some(asked));
    }
    let mut tree = help::in_language(Cli::command(), spoken());
    let read = tree.try_get_matches_from_mut(std::env::args_os());
    let Cli { command, lang } = match read.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(read) => read,
        Err(error) => return wrong::tell(&error, &tree),
    };
    words::speak(lang.asked());
    let done = match command {
        Command::Serve(args) => serve::run(&args),
        Command::Adopt(args) => adopt::run(&args),
        Command::Appoint(args) => appoint::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::CheckConfig(args) => check_config::run(&args),
        Command::Account(args) => account::run(&args),
        Command::Backup(args) => backup::run(&args),
        Command::Certificate(args) => certificate::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Score(args) => score::run(&args),
        Command::ScoreUnit(args) => score_unit::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Rollup(args) => rollup::run(&args),
        Command::Quota(args) => quota::run(&args),
        Command::Packs(args) => packs::run(&args),
        Command::Pack(args) => pack_check::run(&args),
    };
    done.unwrap_or_else(|error| {
        eprintln!("congtam: {error:#}");
        ExitCode::FAILURE
    })
}

/// Reads one JSON text of at most a card's length, and prints the answer or the reason for a refusal.
fn answer(answer: impl FnOnce(&str) -> Result<String, Vec<InputError>>) -> anyhow::Result<ExitCode> {
    answer_up_to(CARD_JSON_BYTES_MAX, answer)
}

/// Like [`answer`], for a text of at most the given number of bytes.
fn answer_up_to(
    bytes_max: usize,
    answer: impl FnOnce(&str) -> Result<String, Vec<InputError>>,
) -> anyhow::Result<ExitCode> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(bytes_max as u64 + 1).read_to_end(&mut bytes)?;
    let answered = match String::from_utf8(bytes) {
        Ok(text) => answer(&text),
        Err(_) => Err(vec![not_utf8()]),
    };
    match answered {
        Ok(outcome) => {
            tell(&outcome)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(errors) => Ok(refuse(&errors)),
    }
}

/// Prints why the input was refused.
fn refuse(errors: &[InputError]) -> ExitCode {
    for error in errors {
        eprintln!("{}", error.sentence(spoken()));
    }
    ExitCode::from(REFUSED)
}

/// Prints a text and ends its last line. It is no error when the reader, such as `head`, stops reading.
fn tell(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let printed = write!(out, "{text}{end}").and_then(|()| out.flush());
    printed.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// The message for text that is not a day.
fn no_day(field: &str, found: &str) -> String {
    said(
        format!("{field}: đang là {found:?}; cho phép: một ngày như 2026-10-25"),
        format!("{field}: found {found:?}, allowed a day such as 2026-10-25"),
    )
}

/// A pack named on the command line instead of in the input: a template that somebody completed.
#[derive(Debug, clap::Args)]
struct PackArgs {
    /// A pack by id or path, instead of the one that the input names
    #[arg(long, value_name = "ID|PATH")]
    pack: Option<String>,
}

impl PackArgs {
    /// Refuses a pack next to the office's own cards, because each card names the pack it was made under.
    fn refuse_beside_data(&self) -> anyhow::Result<()> {
        let Some(pack) = &self.pack else { return Ok(()) };
        anyhow::bail!(said(
            format!(
                "pack: đang là {pack}; chỉ dùng khi đưa JSON vào đầu vào chuẩn: phiếu của cơ quan đã ghi gói của mình"
            ),
            format!("pack: found {pack}, allowed only with JSON on standard input: cards of the office name their own"),
        ))
    }

    /// Answers under the pack named here, or else under the one that the input names.
    fn answer(
        &self,
        bytes_max: usize,
        named_here: impl FnOnce(&Pack, &str) -> Result<String, Vec<InputError>>,
        named_there: impl FnOnce(&str) -> Result<String, Vec<InputError>>,
    ) -> anyhow::Result<ExitCode> {
        let Some(wanted) = &self.pack else { return answer_up_to(bytes_max, named_there) };
        match pack_check::load(wanted)? {
            Ok(pack) => answer_up_to(bytes_max, |input| named_here(&pack, input)),
            Err(refusal) => {
                eprintln!("{refusal}");
                Ok(ExitCode::from(REFUSED))
            }
        }
    }
}

/// Runs a command that waits for a database or the network.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
