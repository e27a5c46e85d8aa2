//! From what was done to a total, a class, and the reason for each number.
//!
//! The engine knows no regulation: a [`Pack`] says what counts, [`CardInput`] what happened, [`evaluate`] what follows.
//! It is a pure function of the two, so anyone can recompute a result, on a tablet, on a server or at the command line.

mod check;
mod classify;
mod compare;
mod compute;
mod error;
mod explain;
mod input;
mod json;
mod outcome;
mod quota;
mod rollup;
mod sentence;
mod switches;
mod work;

use crate::order::Map;

pub use compare::{Change, Compared, Comparison, compare, compare_json};
pub use error::{Allowed, ErrorCode, InputError};
pub use input::{CardInput, Event, Fact, Subject, WorkLine};
pub use json::{CARD_JSON_BYTES_MAX, error_json, not_utf8, read_input, score_json, score_under, too_long};
pub use outcome::{Assumed, ClassOutcome, DECIMAL_PLACES, GateOutcome, Number, Outcome, Range, Status, Step};
pub use quota::{GroupOutcome, Member, QuotaGroup, QuotaInput, QuotaOutcome, quota, quota_json};
pub use rollup::{PeriodResult, RollUpInput, RollUpOutcome, roll_up, roll_up_json};
pub use sentence::text;
pub use switches::{Cap, Denominator, EventCount, GateFailure, LateUnit, Marking, Rounding, Switches};

use crate::order::map_of;
use crate::pack::{OptionScope, Pack, PackStatus};
use compute::{Computed, Fill};

/// The component that is the result of a card.
pub const TOTAL: &str = "total";

/// A card whose input was accepted: what the arithmetic reads.
struct Card<'a> {
    pack: &'a Pack,
    input: &'a CardInput,
    role: &'a str,
    switches: Switches,
    options: Map<String, String>,
}

/// Scores a card under a pack, without a word of explanation: [`explained`] adds it for those who ask.
///
/// # Errors
/// Everything in the input that the pack does not allow, or that it needs and does not find, naming the field, what was
/// found and what is allowed.
pub fn evaluate(pack: &Pack, input: &CardInput) -> Result<Outcome, Vec<InputError>> {
    Ok(judge(pack, input)?.outcome())
}

/// As [`evaluate`], with every step by which the result came about.
///
/// # Errors
/// As [`evaluate`].
pub fn explained(pack: &Pack, input: &CardInput) -> Result<Outcome, Vec<InputError>> {
    let judged = judge(pack, input)?;
    Ok(Outcome { explanation: judged.explanation(), ..judged.outcome() })
}

/// A card with everything that was reckoned about it.
struct Judged<'a> {
    card: Card<'a>,
    /// Every number; of statements not made yet the lowest.
    low: Computed,
    /// The same with the highest, where statements are missing.
    high: Option<Computed>,
    /// The class, once the total is known.
    decision: Option<classify::Decision<'a>>,
}

fn judge<'a>(pack: &'a Pack, input: &'a CardInput) -> Result<Judged<'a>, Vec<InputError>> {
    if pack.status == PackStatus::Template {
        return Err(vec![InputError::template(&pack.id)]);
    }
    let card = check::accept(pack, input)?;
    let low = compute::compute(&card, Fill::Lowest)?;
    let open = low.total().is_some() && !compute::missing_statements(&card).is_empty();
    let high = open.then(|| compute::compute(&card, Fill::Highest)).transpose()?;
    let known = low.total().is_some() && !open;
    let decision = known.then(|| classify::classify(&card, &low)).transpose()?;
    Ok(Judged { card, low, high, decision })
}

/// The options that decide or describe a score, with the defaults of those not given.
fn options_used(pack: &Pack, given: &Map<String, String>) -> Map<String, String> {
    let used = pack.options.iter().filter(|option| option.scope != OptionScope::Quota);
    map_of(used.map(|option| (option.id.clone(), given.get(&option.id).unwrap_or(&option.default).clone())))
}

/// Whether the options that a rule depends on have the values it names.
fn applies(when: &Map<String, String>, options: &Map<String, String>) -> bool {
    when.iter().all(|(option, value)| options.get(option) == Some(value))
}
