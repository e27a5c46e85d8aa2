//! `congtam export cards`: prints cards as NDJSON.

use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use shared::card::{Card, Side};
use shared::ids::{PersonId, StateHash, Subject};
use shared::op::{Absence, CardKey, Stage};
use shared::pack::{self, Language};
use shared::score::{self, CardInput, Numbers, Outcome};
use shared::sorted_map::Map;
use shared::state::{Decided, State};
use shared::time::Period;

use crate::cli::block_on;
use crate::open_directory;
use crate::settings::DataArgs;
use crate::values::{period, person};
use crate::words;

/// Arguments of `export cards`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// Only this period, such as 2026-10
    #[arg(long, value_parser = period)]
    period: Option<Period>,
    /// Only this person's
    #[arg(long, value_name = "ID", value_parser = person)]
    person: Option<PersonId>,
}

/// A card with each side's result.
#[derive(Serialize)]
struct Exported<'a> {
    #[serde(flatten)]
    subject: Subject,
    name: &'a str,
    period: Period,
    pack: &'a str,
    stage: Stage,
    /// By the person's own marks and reports.
    #[serde(rename = "self", skip_serializing_if = "Option::is_none")]
    own: Option<Scored>,
    /// By the superior's.
    #[serde(skip_serializing_if = "Option::is_none")]
    appraised: Option<Scored>,
    /// The decision, with what was reckoned where it differs, and the document where an authority outside decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<Decided>,
    /// The steps that an authority outside did, each with its document in words.
    #[serde(skip_serializing_if = "Map::is_empty")]
    outside: Map<String, String>,
    /// Whether the rules were changed after these marks were given: the card stands as it was and counts no more.
    #[serde(skip_serializing_if = "is_false")]
    set_aside: bool,
    /// Why the person is not assessed in the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    absence: Option<&'a Absence>,
    contested: bool,
    hash: StateHash,
}

/// Evidence as `congtam score` reads it, the result, and every step of it in words.
#[derive(Serialize)]
struct Scored {
    input: CardInput,
    outcome: Outcome,
    sentences: Vec<String>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let folded = block_on(open_directory::fold(&args.data.dir()))?;
    let out = io::BufWriter::new(io::stdout().lock());
    match write(out, folded.state(), args) {
        // The reader of the output closed it, which is no error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

fn write(mut out: impl Write, state: &State, args: &Args) -> io::Result<()> {
    let wanted = state.cards().filter(|(key, _)| {
        args.period.is_none_or(|period| key.period == period) && args.person.is_none_or(|person| key.is_of(person))
    });
    for (key, card) in wanted {
        let exported = export(state, key, card);
        serde_json::to_writer(&mut out, &exported)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn export<'a>(state: &'a State, key: &'a CardKey, card: &'a Card) -> Exported<'a> {
    Exported {
        subject: key.subject,
        name: state.org.name_of(key.subject),
        period: key.period,
        pack: pack::pinned(&key.pack).map_or("", |pack| pack.id.as_str()),
        stage: card.stage(),
        own: scored(state, key, Side::SelfScored),
        appraised: scored(state, key, Side::Appraised),
        decided: state.result_for(PersonId::SYSTEM, key).decided,
        outside: outside(state, key),
        set_aside: !state.card_keys(key.subject, key.period).contains(key),
        absence: card.absence(),
        contested: !card.contested().is_empty(),
        hash: state.card_hash(key),
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// The steps that an authority outside did: "45/QĐ-UBND, ngày 19/10/2026, UBND tỉnh".
fn outside(state: &State, key: &CardKey) -> Map<String, String> {
    let language = words::asked().unwrap_or(Language::Vi);
    let steps = state.steps_of(PersonId::SYSTEM, key, key.period.last_day()).into_iter();
    steps.filter_map(|one| Some((one.step.id.clone(), one.document?.words(language)))).collect()
}

fn scored(state: &State, key: &CardKey, side: Side) -> Option<Scored> {
    let (input, outcome) = (state.input(key, side)?, state.explained(key, side)?.ok()?);
    let (pack, role) = (pack::pinned(&key.pack)?, state.role(key)?);
    // A document of the office: Vietnamese, unless another language is asked for by name.
    let language = words::asked().unwrap_or(Language::Vi);
    let sentences =
        outcome.explanation.iter().map(|step| score::text(pack, role, step, language, Numbers::Exact)).collect();
    Some(Scored { input, outcome, sentences })
}
