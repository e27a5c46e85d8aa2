//! Reads a pack although some of its fields are wrong. It reports each wrong field and puts a stand-in in its place, so
//! that the author learns of all other mistakes in the same round.

use serde_json::{Value, json};

use super::Pack;
use crate::input_error::misread::of_words;
use crate::input_error::{Allowed, ErrorCode, InputError};
use crate::num::Exact;

/// The most wrong fields to report before the reader stops.
const WRONG_MAX: usize = 60;

/// The result of reading a text.
pub(super) struct Read {
    /// The pack with its stand-ins; none where no stand-in worked.
    pub(super) pack: Option<Pack>,
    /// The wrong fields.
    pub(super) wrong: Vec<InputError>,
    /// The wrong fields whose intended value is not known. Findings that follow from their stand-ins must not be
    /// reported.
    pub(super) unknown: Vec<String>,
}

/// Why a text was not a pack: the place, and the reader's words.
struct Refusal {
    steps: Vec<Step>,
    path: String,
    message: String,
}

#[derive(Clone)]
enum Step {
    Key(String),
    Index(usize),
}

/// Reads a pack from JSON. It refuses numbers that could have two meanings.
pub(super) fn read(json: &str) -> Read {
    let mut read = Read { pack: None, wrong: Vec::new(), unknown: Vec::new() };
    let mut attempted = attempt(json);
    let Ok(mut value) = serde_json::from_str::<Value>(json) else {
        read.wrong.extend(attempted.err().map(|refusal| of_words(&refusal.path, &refusal.message)));
        return read;
    };
    while let Err(refusal) = attempted {
        let error = of_words(&refusal.path, &refusal.message);
        let understood = number_meant(&error.found);
        read.wrong.push(hinted(error, understood.as_deref()));
        if understood.is_none() {
            read.unknown.extend(read.wrong.last().map(|error| error.field.clone()));
        }
        if read.wrong.len() >= WRONG_MAX {
            return read;
        }
        let Some(mended) = mend(&mut value, &refusal, understood) else { return read };
        attempted = mended;
    }
    read.wrong.extend(two_ways(&value));
    read.pack = attempted.ok();
    read
}

fn attempt(json: &str) -> Result<Pack, Refusal> {
    let mut reader = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        use serde_path_to_error::Segment;
        let step = |segment: &Segment| match segment {
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Enum { variant } => Some(Step::Key(variant.clone())),
            Segment::Unknown => None,
        };
        let path = error.path().to_string();
        Refusal {
            steps: error.path().iter().filter_map(step).collect(),
            path: if path == "." || path == "?" { String::new() } else { path },
            message: error.inner().to_string().split(" at line ").next().unwrap_or_default().to_owned(),
        }
    })
}

/// Replaces the wrong value with the first stand-in that the reader accepts. Returns the reader's next result, or none
/// if no stand-in worked.
fn mend(value: &mut Value, refusal: &Refusal, understood: Option<String>) -> Option<Result<Pack, Refusal>> {
    let mut steps = refusal.steps.clone();
    let missing = word_behind(&refusal.message, "missing field ");
    steps.extend(missing.clone().map(Step::Key));
    let mut candidates: Vec<Option<Value>> = Vec::new();
    if refusal.message.starts_with("unknown field ") {
        candidates.push(None);
    } else {
        candidates.extend(understood.map(|number| Some(Value::String(number))));
        candidates.extend(listed(&refusal.message).into_iter().map(|word| Some(Value::String(word))));
        let text = json!({ "vi": "–", "en": "–" });
        let rule = json!({ "marks": { "groups": [] } });
        candidates.extend([json!("0"), text, json!([]), json!(0), json!("template"), json!("flag"), rule].map(Some));
        candidates.extend(missing.is_none().then_some(None));
    }
    for candidate in candidates {
        let mut changed = value.clone();
        if put(&mut changed, &steps, candidate).is_none() {
            continue;
        }
        let attempted = attempt(&changed.to_string());
        let is_past = attempted.as_ref().err().is_none_or(|next| !next.is_about(refusal, missing.as_deref()));
        if is_past {
            *value = changed;
            return Some(attempted);
        }
    }
    None
}

impl Refusal {
    /// Whether this refusal still concerns the same field.
    fn is_about(&self, before: &Self, missing: Option<&str>) -> bool {
        let Some(name) = missing else { return self.path.starts_with(&before.path) && !before.is_unknown_gone(self) };
        let field = if before.path.is_empty() { name.to_owned() } else { format!("{}.{name}", before.path) };
        self.path.starts_with(&field) || (self.path == before.path && self.message == before.message)
    }

    /// Whether the refusal was about an unknown field and the next one is about something else.
    fn is_unknown_gone(&self, next: &Self) -> bool {
        self.message.starts_with("unknown field ") && self.message != next.message
    }
}

/// The words that the reader would have accepted.
fn listed(message: &str) -> Vec<String> {
    let expected = message.split_once(", expected ").map_or("", |(_, expected)| expected);
    expected.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect()
}

fn word_behind(message: &str, before: &str) -> Option<String> {
    message.strip_prefix(before)?.split('`').nth(1).map(ToOwned::to_owned)
}

/// Puts a value at a place, or removes the value there.
fn put(value: &mut Value, steps: &[Step], candidate: Option<Value>) -> Option<()> {
    let (last, before) = steps.split_last()?;
    let mut at = value;
    for step in before {
        at = match step {
            Step::Key(key) => at.get_mut(key)?,
            Step::Index(index) => at.get_mut(index)?,
        };
    }
    match (last, candidate) {
        (Step::Key(key), Some(candidate)) => drop(at.as_object_mut()?.insert(key.clone(), candidate)),
        (Step::Key(key), None) => drop(at.as_object_mut()?.remove(key)?),
        (Step::Index(index), Some(candidate)) => *at.get_mut(index)? = candidate,
        (Step::Index(_), None) => return None,
    }
    Some(())
}

/// The number that `"0,2"` or `"15%"` means, as a pack writes it; none where it could be two numbers.
fn number_meant(found: &str) -> Option<String> {
    let text = found.trim_matches('"').trim();
    let (digits, divisor) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim_end(), 100),
        None => (text, 1),
    };
    if divisor == 1 && !digits.contains(',') || is_two_ways(&digits.replace(',', ".")) {
        return None;
    }
    let number = Exact::parse(&digits.replace(',', ".")).ok()?.checked_div(&Exact::from_int(divisor))?;
    let decimal = number.to_decimal(9);
    Some(if Exact::parse(&decimal).as_ref() == Ok(&number) { decimal } else { number.to_string() })
}

/// Adds to a refusal how the intended number is written.
fn hinted(error: InputError, meant: Option<&str>) -> InputError {
    let Some(number) = meant else { return error };
    InputError { allowed: Allowed::OneOf(vec![format!("{number:?}")]), ..error }
}

/// Whether the point in a text may start a fraction or group thousands: `1.000`, `2.125`.
fn is_two_ways(text: &str) -> bool {
    let Some((whole, fraction)) = text.trim_start_matches('-').split_once('.') else { return false };
    let is_digits = |part: &str| part.chars().all(|letter| letter.is_ascii_digit());
    (1..=3).contains(&whole.len())
        && !whole.starts_with('0')
        && fraction.len() == 3
        && is_digits(whole)
        && is_digits(fraction)
}

/// The refusals of the numbers that could be two. A text in the same form, such as a code, is not refused: the reader
/// accepts other words in its place.
fn two_ways(value: &Value) -> Vec<InputError> {
    let mut places = Vec::new();
    gather(value, &mut Vec::new(), &mut places);
    let refused = |(steps, text): (Vec<Step>, String)| {
        let mut changed = value.clone();
        put(&mut changed, &steps, Some(json!("x")))?;
        let refusal = attempt(&changed.to_string()).err()?;
        let decimal = Exact::parse(&text).ok()?;
        let thousands = text.replace('.', "");
        let allowed =
            Allowed::words_of(format!("{thousands:?} hoặc \"{decimal}\""), format!("{thousands:?} or \"{decimal}\""));
        let found = format!("{text:?}, which can be {thousands} or {decimal}");
        let error = InputError::new(ErrorCode::Malformed, refusal.path, found, allowed);
        Some(error.found_vi(format!("{text:?}, có thể là {thousands} hoặc {decimal}")))
    };
    places.into_iter().filter_map(refused).collect()
}

fn gather(value: &Value, steps: &mut Vec<Step>, places: &mut Vec<(Vec<Step>, String)>) {
    match value {
        Value::String(text) if is_two_ways(text) => places.push((steps.clone(), text.clone())),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                steps.push(Step::Index(index));
                gather(item, steps, places);
                steps.pop();
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                steps.push(Step::Key(key.clone()));
                gather(field, steps, places);
                steps.pop();
            }
        }
        _ => {}
    }
}
