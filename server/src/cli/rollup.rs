//! `congtam rollup`: makes a quarter, half-year or year from months, given as JSON or taken from a unit's people.

use std::process::ExitCode;

use shared::ids::{PersonId, Subject};
use shared::pack::Span;
use shared::report::{PersonYear, person_years};
use shared::score::{CARD_JSON_BYTES_MAX, roll_up_json, roll_up_under};
use shared::time::Period;

use super::PackArgs;
use super::stored::{StoredArgs, write_lines};
use crate::values::{person, whole};
use crate::words::{said, spoken};

/// Arguments of `rollup`: none for an input that says all.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Take the months of this year from the office's data: one JSON object per person and regulation, with quarters, halves and the year
    #[arg(long, value_parser = whole(2000..=2999_u16))]
    year: Option<u16>,
    /// Only this person's
    #[arg(long, value_name = "ID", requires = "year", value_parser = person)]
    person: Option<PersonId>,
    #[command(flatten)]
    pack: PackArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Some(year) = args.year else {
        return args.pack.answer(CARD_JSON_BYTES_MAX, roll_up_under, roll_up_json);
    };
    args.pack.refuse_beside_data()?;
    let (folded, unit) = args.stored.open()?;
    let state = folded.state();
    // Everyone who was there in some period of the year. Someone who left in spring also has a year.
    let mut scored: Vec<Subject> = Vec::new();
    for period in Span::ALL.into_iter().flat_map(|span| Period::Year(year).parts(span)) {
        for key in state.cards_under(unit, period) {
            if !scored.contains(&key.subject) && args.person.is_none_or(|only| key.is_of(only)) {
                scored.push(key.subject);
            }
        }
    }
    if let Some(person) = args.person.filter(|_| scored.is_empty()) {
        anyhow::bail!(said(
            format!("person: đang là {person}; cho phép: người có vị trí trong đơn vị năm {year}"),
            format!("person: found {person}, allowed is someone who held a post in the unit in {year}"),
        ));
    }
    write_lines(scored.into_iter().flat_map(|subject| person_years(state, PersonId::SYSTEM, subject, year)).map(told))
}

/// A year that says in the current language why something does not follow.
fn told(mut year: PersonYear) -> PersonYear {
    for longer in &mut year.longer {
        let errors = std::mem::take(&mut longer.errors);
        longer.errors = errors.into_iter().map(|error| error.written_in(spoken())).collect();
    }
    year
}
