//! Reads golden files and answers them with `shared`.

use std::fmt;

use serde_json::value::RawValue;
use serde_json::{Value, json};
use shared::card::Side;
use shared::ids::OpId;
use shared::num::Exact;
use shared::op::{Body, CardKey, DecodeError};
use shared::state::State;

/// Why a golden file has no answer.
#[derive(Debug)]
pub enum GoldenError {
    /// The file is not JSON with the fields its kind needs.
    File(serde_json::Error),
    /// The file of an operation is not hexadecimal.
    Hex(hex::FromHexError),
    /// The bytes are no operation.
    Operation(DecodeError),
    /// The folder's name is not one of the kinds.
    Kind(String),
}

impl fmt::Display for GoldenError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => write!(to, "file: {error}"),
            Self::Hex(error) => write!(to, "file: {error}"),
            Self::Operation(error) => write!(to, "operation: {error}"),
            Self::Kind(found) => write!(to, "kind: found {found}, allowed fold, numbers, operations, score, text"),
        }
    }
}

impl std::error::Error for GoldenError {}

/// The fields that every golden file has. `input` is kept as written, so that no number passes through a float.
#[derive(Debug, serde::Deserialize)]
struct File<'text> {
    #[serde(borrow)]
    input: &'text RawValue,
    /// The rule pack of a score.
    #[serde(default)]
    pack: &'text str,
}

/// Answers one golden file.
///
/// # Errors
/// When the file lacks what its kind needs, or the kind is unknown.
pub fn answer(kind: &str, file: &str) -> Result<String, GoldenError> {
    if kind == "operations" {
        return operation(file);
    }
    let file: File<'_> = serde_json::from_str(file).map_err(GoldenError::File)?;
    match kind {
        "fold" => fold(file.input.get()),
        "numbers" => numbers(file.input.get()),
        "score" => Ok(shared::score::score_json(file.pack, file.input.get())),
        "text" => text(file.input.get()),
        _ => Err(GoldenError::Kind(kind.to_owned())),
    }
}

/// Pairs of numbers as text: sum, difference, product, quotient, order, and the quotient to six places.
fn numbers(input: &str) -> Result<String, GoldenError> {
    let pairs: Vec<(String, String)> = serde_json::from_str(input).map_err(GoldenError::File)?;
    Ok(Value::Array(pairs.iter().map(|(left, right)| pair(left, right)).collect()).to_string())
}

fn pair(left: &str, right: &str) -> Value {
    match (Exact::parse(left), Exact::parse(right)) {
        (Ok(left), Ok(right)) => {
            let quotient = left.checked_div(&right);
            json!({
                "sum": (&left + &right).to_string(),
                "difference": (&left - &right).to_string(),
                "product": (&left * &right).to_string(),
                "quotient": quotient.as_ref().map(ToString::to_string),
                "decimal": quotient.map(|value| value.to_decimal(6)),
                "order": format!("{:?}", left.cmp(&right)),
            })
        }
        (left, right) => {
            let refused = [left.err(), right.err()].map(|error| error.map(|words| words.to_string()));
            json!({ "refused": refused })
        }
    }
}

/// A stored operation: its id, everything read from it, and the bytes when it is written again.
fn operation(file: &str) -> Result<String, GoldenError> {
    let bytes = hex::decode(file.trim()).map_err(GoldenError::Hex)?;
    let body = Body::from_bytes(&bytes).map_err(GoldenError::Operation)?;
    let intent = body.intent().map_err(GoldenError::Operation)?;
    Ok(json!({
        "id": OpId::of(&bytes).to_string(),
        "body": format!("{body:?}"),
        "intent": format!("{intent:?}"),
        "again": hex::encode(body.to_bytes()),
    })
    .to_string())
}

fn text(input: &str) -> Result<String, GoldenError> {
    let words: Vec<String> = serde_json::from_str(input).map_err(GoldenError::File)?;
    Ok(Value::Array(words.iter().map(|word| Value::String(shared::text::fold(word))).collect()).to_string())
}

/// Operations in the server's order, judged and folded again: every card with its hash and both results.
fn fold(input: &str) -> Result<String, GoldenError> {
    let log: Vec<String> = serde_json::from_str(input).map_err(GoldenError::File)?;
    let mut state = State::default();
    let mut verdicts = Vec::new();
    for text in log {
        let bytes = hex::decode(text).map_err(GoldenError::Hex)?;
        let body = Body::from_bytes(&bytes).map_err(GoldenError::Operation)?;
        let verdict = state.judge(OpId::of(&bytes), &body, body.hlc.at);
        if verdict.counts() {
            state.apply(OpId::of(&bytes), &body, None);
        }
        verdicts.push(verdict);
    }
    let result = |key: &CardKey, side: Side| state.explained(key, side).and_then(Result::ok);
    let cards: Vec<Value> = state
        .cards()
        .map(|(key, card)| {
            let results = [Side::SelfScored, Side::Appraised].map(|side| result(key, side));
            json!({ "card": key.to_string(), "stage": card.stage(), "hash": card.hash(), "results": results })
        })
        .collect();
    Ok(json!({ "verdicts": verdicts, "cards": cards }).to_string())
}
