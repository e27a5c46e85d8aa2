//! `congtam export cards`: cards as NDJSON.

use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use shared::card::Side;
use shared::ids::{PersonId, StateHash};
use shared::op::{CardKey, Stage};
use shared::score::{CardInput, Outcome};
use shared::state::State;
use shared::time::Period;

use crate::cli::block_on;
use crate::office;
use crate::settings::DataArgs;

/// Arguments of `export cards`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// Only this period, such as 2026-10
    #[arg(long)]
    period: Option<Period>,
    /// Only this person's
    #[arg(long, value_name = "ID")]
    person: Option<PersonId>,
}

/// A card. Evidence and result are the superior's once there are any, else the person's own.
#[derive(Serialize)]
struct Exported<'a> {
    person: PersonId,
    name: &'a str,
    period: Period,
    pack: &'a str,
    stage: Stage,
    /// Whose marks the evidence holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<Side>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<CardInput>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<Outcome>,
    contested: bool,
    hash: StateHash,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let folded = block_on(office::fold(&args.data.dir()))?;
    let out = io::BufWriter::new(io::stdout().lock());
    match write(out, folded.state(), args) {
        // Whoever read the output has had enough of it.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

fn write(mut out: impl Write, state: &State, args: &Args) -> io::Result<()> {
    let wanted = state.cards().filter(|(key, _)| {
        args.period.is_none_or(|period| key.period == period) && args.person.is_none_or(|person| key.person == person)
    });
    for (key, card) in wanted {
        let exported = export(state, key, card.stage(), !card.contested().is_empty());
        serde_json::to_writer(&mut out, &exported)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn export<'a>(state: &'a State, key: &'a CardKey, stage: Stage, contested: bool) -> Exported<'a> {
    let scored = [Side::Appraised, Side::SelfScored]
        .into_iter()
        .find_map(|side| Some((side, state.input(key, side)?, state.outcome(key, side)?.ok()?)));
    let (side, input, outcome) = match scored {
        Some((side, input, outcome)) => (Some(side), Some(input), Some(outcome)),
        None => (None, None, None),
    };
    Exported {
        person: key.person,
        name: state.org.person(key.person).map_or("", |person| person.name.as_str()),
        period: key.period,
        pack: &key.pack,
        stage,
        side,
        input,
        outcome,
        contested,
        hash: state.card_hash(key),
    }
}
