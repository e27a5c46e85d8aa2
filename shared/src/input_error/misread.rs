//! Turns the errors of the JSON reader into refusals: the field, what was found, what is allowed. The reader's own
//! texts are English and name Rust types, so people never see them.

use serde_json::error::Category;

use super::{Allowed, ErrorCode, InputError};
use crate::num::{EXPONENT_MAX, NUMBER_CHARS_MAX};

/// The most letters shown of a text that is not JSON.
const TOKEN_CHARS_MAX: usize = 20;

/// A mark that some programs write at the start of a text and that does not belong to it.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// The refusal of a text that begins with [`BYTE_ORDER_MARK`].
pub(crate) fn marked() -> InputError {
    InputError::new(ErrorCode::Malformed, "", "a byte order mark (BOM) at the beginning", Allowed::WithoutMark)
        .found_vi("dấu BOM (byte order mark) ở đầu")
}

/// The refusal of text after the JSON object.
pub(crate) fn behind(json: &str, error: &serde_json::Error) -> InputError {
    let nothing = Allowed::words_of("không có gì sau đối tượng JSON", "nothing after the JSON object");
    InputError { allowed: nothing, ..no_json(json, "", error) }
}

/// The refusal of what the reader could not read at a path. The path of the whole text is empty.
pub(crate) fn misread(json: &str, path: &str, error: &serde_json::Error) -> InputError {
    match error.classify() {
        // The position in the text helps only where there is no field to name.
        Category::Data => of_words(path, error.to_string().split(" at line ").next().unwrap_or_default()),
        Category::Eof => {
            let (line, column) = (error.line(), error.column());
            let found = format!("the end of the text at line {line}, column {column}");
            InputError::new(ErrorCode::Malformed, path, found, or_object(path, Allowed::Json))
                .found_vi(format!("hết chữ ở dòng {line}, cột {column}"))
        }
        Category::Syntax | Category::Io => no_json(json, path, error),
    }
}

fn or_object(path: &str, allowed: Allowed) -> Allowed {
    if path.is_empty() { Allowed::Object } else { allowed }
}

/// The refusal of a text that is not JSON. It shows the text as written, with its position.
fn no_json(json: &str, path: &str, error: &serde_json::Error) -> InputError {
    let (line, column) = (error.line(), error.column());
    let row = json.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let token = token_at(row, column.saturating_sub(1));
    InputError::new(
        ErrorCode::Malformed,
        path,
        format!("{token} at line {line}, column {column}"),
        or_object(path, Allowed::Json),
    )
    .found_vi(format!("{token} ở dòng {line}, cột {column}"))
}

/// The word around a byte of a row, or one character where there is no word.
fn token_at(row: &str, at: usize) -> &str {
    let of_word = |letter: &char| letter.is_alphanumeric() || matches!(letter, '.' | '+' | '-' | '_' | '%');
    let start = (0..=at.min(row.len())).rev().find(|place| row.is_char_boundary(*place)).unwrap_or_default();
    let (before, behind) = row.split_at_checked(start).unwrap_or((row, ""));
    let length = |letters: usize, text: &str| text.chars().take(letters).map(char::len_utf8).sum::<usize>();
    let ahead = behind.chars().take(TOKEN_CHARS_MAX).take_while(of_word).count();
    if ahead == 0 {
        return behind.get(..length(1, behind)).unwrap_or_default();
    }
    let back: usize = before.chars().rev().take(TOKEN_CHARS_MAX).take_while(of_word).map(char::len_utf8).sum();
    let end = start.saturating_add(length(ahead, behind));
    row.get(start.saturating_sub(back)..end).unwrap_or(behind)
}

/// Turns the reader's message into a refusal, for JSON that is valid but not what was asked for.
pub(crate) fn of_words(path: &str, message: &str) -> InputError {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    if let Some(name) = quoted(message, "missing field ") {
        return InputError::missing(below(name), needed(path, name));
    }
    if let Some(name) = quoted(message, "unknown field ") {
        let known = message.split_once(", expected ").map_or("", |(_, known)| known);
        return InputError::new(ErrorCode::Unknown, path, name, Allowed::OneOf(words(known)));
    }
    if let Some(key) = quoted(message, "doubled ").or_else(|| quoted(message, "duplicate field ")) {
        return InputError::new(ErrorCode::Doubled, below(key), key, Allowed::Once);
    }
    written(path, message).unwrap_or_else(|| of_kind(path, message))
}

fn quoted<'a>(message: &'a str, before: &str) -> Option<&'a str> {
    message.strip_prefix(before)?.strip_prefix('`')?.split('`').next()
}

/// The words between backquotes.
fn words(list: &str) -> Vec<String> {
    list.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

/// The refusal of a number, day or period. Their messages already contain what was found.
fn written(path: &str, message: &str) -> Option<InputError> {
    let refused = |found: &str, allowed| Some(InputError::new(ErrorCode::Malformed, path, found, allowed));
    if let Some(count) = message.strip_prefix("a number of ").and_then(|rest| rest.split(' ').next()) {
        let allowed = Allowed::words_of(
            format!("không quá {NUMBER_CHARS_MAX} ký tự"),
            format!("at most {NUMBER_CHARS_MAX} characters"),
        );
        let error = InputError::new(ErrorCode::Malformed, path, format!("a number of {count} characters"), allowed);
        return Some(error.found_vi(format!("một số dài {count} ký tự")));
    }
    let found = |end: &str| message.rsplit_once(end)?.0.split_once("found ").map(|(_, found)| found);
    if let Some(found) = found("; allowed is an integer") {
        return refused(found, Allowed::Number);
    }
    if let Some(found) = found("; a denominator must be above 0") {
        return refused(found, Allowed::PositiveDenominator);
    }
    if let Some(found) = found("; allowed are powers of ten") {
        return refused(found, Allowed::Exponent(EXPONENT_MAX));
    }
    let of = |kind: &str| message.strip_prefix(kind).and_then(|_| found(", allowed"));
    match (of("day: "), of("period: ")) {
        (Some(found), _) => refused(found, Allowed::Day),
        (_, Some(found)) => refused(found, Allowed::Period),
        _ => None,
    }
}

/// The refusal of a value of another kind, or of a word that is not among the allowed ones.
fn of_kind(path: &str, message: &str) -> InputError {
    let (found, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let bare = ["invalid type: ", "invalid value: "].iter().find_map(|word| found.strip_prefix(word));
    let allowed = match expected {
        _ if expected.contains('`') => Allowed::OneOf(words(expected)),
        _ if path.is_empty() => Allowed::Object,
        "u8" | "u16" | "u32" | "u64" | "usize" => Allowed::Count,
        "a string" | "a borrowed string" | "string or map" => Allowed::Text,
        "a boolean" => Allowed::Flag,
        "a sequence" => Allowed::List,
        "a map" | "an object" => Allowed::Object,
        _ if expected.starts_with("struct ") => Allowed::Object,
        _ => Allowed::Json,
    };
    let refused = |found: &str| InputError::new(ErrorCode::Malformed, path, found, allowed.clone());
    match bare {
        Some("sequence") => refused("a list").found_vi("một danh sách"),
        Some("map") => refused("an object").found_vi("một đối tượng"),
        Some("unit value") => refused("null"),
        Some(text) if text.starts_with("string ") => {
            let text = text.trim_start_matches("string ");
            refused(&format!("{text} (text)")).found_vi(format!("{text} (chữ)"))
        }
        Some(other) => refused(other.split('`').nth(1).unwrap_or(other)),
        None => refused(found.split('`').nth(1).unwrap_or(found)),
    }
}

/// What a required field accepts.
fn needed(path: &str, name: &str) -> Allowed {
    let one_of = |words: &[&str]| Allowed::OneOf(words.iter().map(ToString::to_string).collect());
    match name {
        "to" if path.is_empty() || path.starts_with("roll_ups") => one_of(&["quarter", "half_year", "year"]),
        "criteria" if path.is_empty() || path.ends_with("card") => Allowed::Object,
        "card" => Allowed::Object,
        "of" if path.contains("after_others") => one_of(&["people_led", "units_below", "months", "unit_card"]),
        "work" | "members" | "groups" | "periods" | "roles" | "components" | "classes" | "steps" | "by" | "who"
        | "values" | "criteria" | "weights" | "terms" | "of" | "dimensions" | "frames" => Allowed::List,
        "coefficient" | "assigned" | "completed" | "total" | "weight" | "value" | "max" | "min" | "points"
        | "factor" | "share" | "outstanding_share" | "kept" | "failed_review_loss" | "late_loss" | "shift_max" => {
            Allowed::Number
        }
        "from" | "to" if path.starts_with("bands") => Allowed::Number,
        "count" => Allowed::Count,
        "period" => Allowed::Period,
        "title" | "issuing_body" | "reason" | "when" => {
            Allowed::words_of("chữ bằng hai thứ tiếng, vi và en", "a text in both languages, vi and en")
        }
        "status" => one_of(&["complete", "template"]),
        "verb" => one_of(&[
            "plan", "report", "mark", "vote", "opine", "decide", "notify", "object", "answer", "collect", "confirm",
        ]),
        "kind" => one_of(&["flag", "share", "days", "count", "class"]),
        "rule" if path.starts_with("components") => {
            one_of(&["marks", "share", "work", "events", "products", "stated", "mean", "sum"])
        }
        _ => Allowed::Text,
    }
}
