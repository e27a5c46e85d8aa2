//! Scoring with JSON input and JSON output: the same text at the command line, on a server and on a device.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::explained;
use super::input::CardInput;
use crate::input_error::misread::{BYTE_ORDER_MARK, behind, marked, misread};
use crate::input_error::{Allowed, ErrorCode, InputError};
use crate::pack::{self, Finding, Language, Pack};

/// The most bytes of one card's JSON text.
pub const CARD_JSON_BYTES_MAX: usize = 1 << 20;

/// Scores a card given as JSON under a pack given by id, or by its own text (JSON, or TOML with feature `author`).
///
/// The answer is the outcome as JSON, or `{"error": …}`.
#[must_use]
pub fn score_json(pack_id_or_text: &str, input: &str) -> String {
    let scored = match pack::find(pack_id_or_text) {
        Some(pack) => score_under(pack, input),
        None => read_pack(pack_id_or_text).and_then(|pack| score_under(&pack, input)),
    };
    scored.unwrap_or_else(|errors| format!("{{\"error\":{}}}", error_json(&errors)))
}

/// Scores a card given as JSON: the outcome as JSON.
///
/// # Errors
/// Everything in the input that the pack refuses.
pub fn score_under(pack: &Pack, input: &str) -> Result<String, Vec<InputError>> {
    Ok(to_json(&explained(pack, &read_input(input)?)?))
}

#[cfg(feature = "author")]
fn read_pack(text: &str) -> Result<Pack, Vec<InputError>> {
    if text.trim_start().starts_with('{') || !text.contains('\n') {
        return read_json_pack(text);
    }
    pack::read_toml(text).map_err(|findings| no_pack(&findings))
}

#[cfg(not(feature = "author"))]
fn read_pack(text: &str) -> Result<Pack, Vec<InputError>> {
    read_json_pack(text)
}

fn read_json_pack(text: &str) -> Result<Pack, Vec<InputError>> {
    if !text.trim_start().starts_with('{') {
        return Err(vec![unknown_pack(text)]);
    }
    pack::read_checked(text).map_err(|findings| no_pack(&findings))
}

/// The refusal of a name that no pack has.
pub(super) fn unknown_pack(id: &str) -> InputError {
    let known = pack::all().map(|pack| pack.id.clone()).collect();
    InputError::new(ErrorCode::Unknown, "pack", id, Allowed::OneOf(known))
}

fn no_pack(findings: &[Finding]) -> Vec<InputError> {
    findings.iter().map(|found| InputError::new(ErrorCode::Malformed, "pack", found, Allowed::Pack)).collect()
}

/// The refusal of a text longer than [`CARD_JSON_BYTES_MAX`].
#[must_use]
pub fn too_long() -> InputError {
    longer_than(CARD_JSON_BYTES_MAX)
}

/// The refusal of a text longer than `bytes_max`.
#[must_use]
pub fn longer_than(bytes_max: usize) -> InputError {
    InputError::new(ErrorCode::TooMany, "", format!("more than {bytes_max} bytes"), Allowed::AtMost(bytes_max))
        .found_vi(format!("hơn {bytes_max} byte"))
}

/// The refusal of bytes that are not text.
#[must_use]
pub fn not_utf8() -> InputError {
    InputError::new(ErrorCode::Malformed, "", "bytes that are no UTF-8", Allowed::Utf8)
        .found_vi("các byte không phải UTF-8")
}

/// Reads a card.
///
/// # Errors
/// The field that is missing, unknown, doubled or of the wrong kind, or a text longer than [`CARD_JSON_BYTES_MAX`].
pub fn read_input(json: &str) -> Result<CardInput, Vec<InputError>> {
    read(json)
}

/// Reads a value that must be an object.
pub(super) fn read<T: DeserializeOwned>(json: &str) -> Result<T, Vec<InputError>> {
    read_up_to(json, CARD_JSON_BYTES_MAX)
}

/// The same as [`read`], for a text that may be longer than a card's.
pub(super) fn read_up_to<T: DeserializeOwned>(json: &str, bytes_max: usize) -> Result<T, Vec<InputError>> {
    if json.len() > bytes_max {
        return Err(vec![longer_than(bytes_max)]);
    }
    if json.starts_with(BYTE_ORDER_MARK) {
        return Err(vec![marked()]);
    }
    // The reader would accept an array as an object with its fields in order.
    if json.trim_start().starts_with('[') {
        let list = InputError::new(ErrorCode::Malformed, "", "a list", Allowed::Object);
        return Err(vec![list.found_vi("một danh sách")]);
    }
    // Following the path to each field costs more than reading. So only a text that is refused is read again, to find
    // out where.
    if let Ok(input) = serde_json::from_str(json) {
        return Ok(input);
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    let input = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        vec![misread(json, if path == "." || path == "?" { "" } else { &path }, error.inner())]
    })?;
    reader.end().map_err(|error| vec![behind(json, &error)])?;
    Ok(input)
}

/// The refusal as JSON: the first error's field, what was found and what is allowed, a sentence, and the other errors.
#[must_use]
pub fn error_json(errors: &[InputError]) -> String {
    error_json_in(errors, Language::En)
}

/// The same as [`error_json`], with the words for people in the requested language.
#[must_use]
pub fn error_json_in(errors: &[InputError], language: Language) -> String {
    #[derive(Serialize)]
    struct Refusal<'a> {
        #[serde(flatten)]
        first: Described<'a>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        others: Vec<Described<'a>>,
    }
    #[derive(Serialize)]
    struct Described<'a> {
        field: &'a str,
        code: ErrorCode,
        found: &'a str,
        allowed: String,
        message: String,
    }
    let mut described = errors.iter().map(|error| Described {
        field: &error.field,
        code: error.code,
        found: error.found_in(language),
        allowed: error.allowed.words(language),
        message: error.sentence(language),
    });
    let Some(first) = described.next() else { return "null".to_owned() };
    to_json(&Refusal { first, others: described.collect() })
}

/// Writes JSON.
pub(super) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| unwritten(&error))
}

/// Appends JSON to a text.
pub(super) fn append_json(text: &mut Vec<u8>, value: &impl Serialize) {
    let start = text.len();
    if let Err(error) = serde_json::to_writer(&mut *text, value) {
        text.truncate(start);
        text.extend_from_slice(unwritten(&error).as_bytes());
    }
}

/// Plain data can always be written; if it ever could not, the reader sees the reason instead of a crash.
fn unwritten(error: &serde_json::Error) -> String {
    format!("{{\"error\":{{\"message\":{:?}}}}}", error.to_string())
}
