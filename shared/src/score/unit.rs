//! Scores all cards of a unit. People led come before those who lead them, because a leader's share follows from their
//! results.

use serde::{Deserialize, Serialize};

use super::input::{CardInput, Subordinate, unique};
use super::outcome::{Outcome, Status};
use super::{explained, json};
use crate::input_error::{Allowed, ErrorCode, InputError};
use crate::limits::ROSTER_MAX;
use crate::num::Exact;
use crate::pack::{self, Language, Pack};
use crate::sorted_map::{Map, Set};

/// The most bytes of the JSON text of a unit's cards.
pub const UNIT_JSON_BYTES_MAX: usize = 1 << 26;

/// A unit's cards.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitInput {
    /// The pack, by id.
    pub pack: String,
    /// Readings of the unit, for cards that choose none.
    #[serde(default, deserialize_with = "unique")]
    pub options: Map<String, String>,
    /// Everyone who is scored.
    pub members: Vec<UnitMember>,
}

/// A person in a unit.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitMember {
    /// The person's id.
    pub id: String,
    /// The people who lead this person: the head, and a deputy for the field of work.
    #[serde(default)]
    pub led_by: Vec<String>,
    /// The card.
    pub card: CardInput,
}

/// A unit's results, in the order of computation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct UnitOutcome {
    /// The pack.
    pub pack: String,
    /// A result for each member; people led come before those who lead them.
    pub members: Vec<MemberOutcome>,
}

/// The result of a member: the outcome, or the reason why there is none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MemberOutcome {
    /// The person's id.
    pub id: String,
    /// The result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Why the card was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<InputError>,
}

/// The results as JSON, from JSON.
///
/// # Errors
/// As [`unit`], or a text that is not such an input.
pub fn unit_json(input: &str) -> Result<String, Vec<InputError>> {
    unit_json_in(input, Language::En)
}

/// The same as [`unit_json`], with the words of refusals in the requested language.
///
/// # Errors
/// As [`unit_json`].
pub fn unit_json_in(input: &str, language: Language) -> Result<String, Vec<InputError>> {
    let input: UnitInput = json::read_up_to(input, UNIT_JSON_BYTES_MAX)?;
    let pack = pack::find(&input.pack).ok_or_else(|| vec![json::unknown_pack(&input.pack)])?;
    Ok(json::to_json(&unit(pack, &input)?.written_in(language)))
}

/// The same as [`unit_json`], under a pack that does not come with the program.
///
/// # Errors
/// As [`unit_json`].
pub fn unit_under(pack: &Pack, input: &str) -> Result<String, Vec<InputError>> {
    unit_under_in(pack, input, Language::En)
}

/// The same as [`unit_under`], with the words of refusals in the requested language.
///
/// # Errors
/// As [`unit_json`].
pub fn unit_under_in(pack: &Pack, input: &str, language: Language) -> Result<String, Vec<InputError>> {
    let outcome = unit(pack, &json::read_up_to(input, UNIT_JSON_BYTES_MAX)?)?;
    Ok(json::to_json(&outcome.written_in(language)))
}

impl UnitOutcome {
    /// The same results, with the words of refusals in this language.
    fn written_in(mut self, language: Language) -> Self {
        for member in &mut self.members {
            let errors = core::mem::take(&mut member.errors);
            member.errors = errors.into_iter().map(|error| error.written_in(language)).collect();
        }
        self
    }
}

/// Scores everyone in a unit, from the bottom up. If a card is refused, the cards of its leaders become provisional;
/// they are not refused.
///
/// # Errors
/// Someone named twice, a leader who is not in the unit, people who lead each other in a circle, shares of one product
/// that add up to more than the whole.
pub fn unit(pack: &Pack, input: &UnitInput) -> Result<UnitOutcome, Vec<InputError>> {
    let mut errors = refused(input);
    errors.extend(shares_above_one(input));
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut totals: Map<&str, Option<Exact>> = Map::new();
    let mut members = Vec::with_capacity(input.members.len());
    for member in upwards(input)? {
        let outcome = explained(pack, &completed(pack, input, member, &totals));
        let known =
            |outcome: &Outcome| (outcome.status != Status::Provisional).then(|| outcome.total.clone()).flatten();
        let total = outcome.as_ref().ok().and_then(known).map(|total| total.exact);
        totals.insert(member.id.as_str(), total);
        let (outcome, errors) = match outcome {
            Ok(outcome) => (Some(outcome), Vec::new()),
            Err(errors) => (None, errors),
        };
        members.push(MemberOutcome { id: member.id.clone(), outcome, errors });
    }
    Ok(UnitOutcome { pack: pack.id.clone(), members })
}

/// A card with the unit's readings, and with the results of the people led where a share follows from them.
fn completed(pack: &Pack, input: &UnitInput, member: &UnitMember, totals: &Map<&str, Option<Exact>>) -> CardInput {
    let mut card = member.card.clone();
    for (option, value) in &input.options {
        card.options.entry(option.clone()).or_insert_with(|| value.clone());
    }
    let follows = pack.statements_for(&card.subject.role).any(|statement| statement.subordinates_min.is_some());
    if follows && card.subordinates.is_empty() {
        let led = input.members.iter().filter(|other| other.led_by.contains(&member.id));
        let total = |other: &UnitMember| totals.get(other.id.as_str()).cloned().flatten();
        card.subordinates = led
            .map(|other| Subordinate { id: other.id.clone(), total: total(other), ..Subordinate::default() })
            .collect();
    }
    card
}

fn refused(input: &UnitInput) -> Vec<InputError> {
    let mut errors = Vec::new();
    if input.members.len() > ROSTER_MAX {
        return vec![InputError::new(ErrorCode::TooMany, "members", input.members.len(), Allowed::AtMost(ROSTER_MAX))];
    }
    let known: Set<&str> = input.members.iter().map(|member| member.id.as_str()).collect();
    let mut seen = Set::new();
    for (index, member) in input.members.iter().enumerate() {
        if !seen.insert(member.id.as_str()) {
            errors.push(InputError::new(ErrorCode::Doubled, format!("members[{index}].id"), &member.id, Allowed::Once));
        }
        for (place, leader) in member.led_by.iter().enumerate() {
            if !known.contains(leader.as_str()) {
                let field = format!("members[{index}].led_by[{place}]");
                let allowed = Allowed::words_of("một người trong đơn vị", "someone in the unit");
                errors.push(InputError::new(ErrorCode::Unknown, field, leader, allowed));
            }
        }
    }
    errors
}

/// The refusals of shares of one product that add up to more than the whole.
fn shares_above_one(input: &UnitInput) -> Vec<InputError> {
    let mut sums: Map<&str, Exact> = Map::new();
    let lines = || input.members.iter().flat_map(|member| &member.card.work).filter(|line| !line.code.is_empty());
    let together: Set<&str> = lines().filter(|line| line.share < Exact::one()).map(|line| line.code.as_str()).collect();
    for line in lines().filter(|line| together.contains(line.code.as_str())) {
        *sums.entry(line.code.as_str()).or_insert_with(Exact::zero) += &line.share;
    }
    let above = sums.iter().filter(|(_, sum)| **sum > Exact::one());
    above.map(|(code, sum)| too_much(code, sum)).collect()
}

fn too_much(code: &str, sum: &Exact) -> InputError {
    InputError::new(ErrorCode::OutOfRange, format!("shares.{code}"), sum, Allowed::PositiveUpTo("1".to_owned()))
}

/// The members, each after everyone they lead.
fn upwards(input: &UnitInput) -> Result<Vec<&UnitMember>, Vec<InputError>> {
    let place: Map<&str, usize> =
        input.members.iter().enumerate().map(|(place, one)| (one.id.as_str(), place)).collect();
    let mut waits_for = vec![0_usize; input.members.len()];
    let leaders = |member: &UnitMember| {
        let places = member.led_by.iter().filter_map(|id| place.get(id.as_str()).copied());
        places.collect::<Set<usize>>()
    };
    for member in &input.members {
        for leader in leaders(member) {
            if let Some(count) = waits_for.get_mut(leader) {
                *count = count.saturating_add(1);
            }
        }
    }
    let mut ready: Vec<usize> = Vec::new();
    ready.extend(waits_for.iter().enumerate().filter(|(_, count)| **count == 0).map(|(place, _)| place));
    let mut order = Vec::with_capacity(input.members.len());
    let mut next = 0;
    while let Some(member) = ready.get(next).and_then(|place| input.members.get(*place)) {
        next = next.saturating_add(1);
        order.push(member);
        for leader in leaders(member) {
            if let Some(count) = waits_for.get_mut(leader) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(leader);
                }
            }
        }
    }
    if order.len() == input.members.len() { Ok(order) } else { Err(vec![circle(input, &waits_for)]) }
}

/// The refusal of people who lead each other in a circle, or who lead somebody in one.
fn circle(input: &UnitInput, waits_for: &[usize]) -> InputError {
    let waiting = input.members.iter().zip(waits_for).filter(|(_, count)| **count > 0);
    let names: Vec<&str> = waiting.map(|(member, _)| member.id.as_str()).collect();
    let allowed = Allowed::words_of("không ai lãnh đạo người lãnh đạo mình", "nobody who leads their own leader");
    InputError::new(ErrorCode::NotAllowed, "members.led_by", names.join(" → "), allowed)
}

#[cfg(test)]
mod tests;
