//! `congtam compare`: scores the same evidence under several packs, for one card as JSON or for a unit's month.

use std::process::ExitCode;

use serde::Serialize;
use shared::card::Side;
use shared::ids::Subject;
use shared::op::CardKey;
use shared::pack::{self, Pack};
use shared::score::{Comparison, compare, compare_json_in};
use shared::state::State;
use shared::time::Period;

use super::stored::{StoredArgs, write_lines};
use super::{REFUSED, answer, pack_check};
use crate::values::period;
use crate::words::spoken;

/// Arguments of `compare`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Packs by id or path, the first is what the others are compared with
    #[arg(long, value_name = "ID|PATH", value_delimiter = ',', num_args = 1.., required = true)]
    packs: Vec<String>,
    /// Take the cards of this month, such as 2026-10, from the office's data: one JSON object per card
    #[arg(long, value_parser = period)]
    period: Option<Period>,
    #[command(flatten)]
    stored: StoredArgs,
}

/// What the packs make of one card of the office.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    subject: Subject,
    name: &'a str,
    period: Period,
    /// The pack of the card, by id.
    pack: &'static str,
    /// Whose view of the evidence: the superior's where there is one.
    side: Side,
    #[serde(flatten)]
    comparison: Comparison,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut packs: Vec<Pack> = Vec::new();
    for wanted in &args.packs {
        match pack_check::load(wanted)? {
            Ok(pack) => packs.push(pack),
            Err(refusal) => {
                eprintln!("{refusal}");
                return Ok(ExitCode::from(REFUSED));
            }
        }
    }
    let packs: Vec<&Pack> = packs.iter().collect();
    let Some(period) = args.period else { return answer(|input| compare_json_in(&packs, input, spoken())) };
    let (folded, unit) = args.stored.open()?;
    let state = folded.state();
    let keys = state.cards_under(unit, period);
    write_lines(keys.iter().filter_map(|key| row(state, key, &packs)))
}

fn row<'a>(state: &'a State, key: &CardKey, packs: &[&Pack]) -> Option<Row<'a>> {
    let seen = |side| Some((side, state.input(key, side)?));
    let (side, input) = seen(Side::Appraised).or_else(|| seen(Side::SelfScored))?;
    Some(Row {
        subject: key.subject,
        name: state.org.name_of(key.subject),
        period: key.period,
        pack: pack::pinned(&key.pack).map_or("", |pack| pack.id.as_str()),
        side,
        comparison: compare(packs, &input).written_in(spoken()),
    })
}
