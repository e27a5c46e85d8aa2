//! Checks the illustrative numbers of a sample: each is marked as such, and no other pack has any.

use serde_json::Value;

use super::{Check, leaves, say, twice};
use crate::num::Exact;
use crate::pack;
use crate::pack::model::{Pack, PackStatus};
use crate::sorted_map::{Map, Set};

/// The fields whose numbers are exact, and so stand in quotation marks as names do. A test compares them with what the
/// reader of packs takes.
const EXACT: [&str; 26] = [
    "above",
    "at_least",
    "at_most",
    "below",
    "factor",
    "failed_review_loss",
    "from",
    "kept",
    "late_loss",
    "main_max",
    "main_min",
    "max",
    "min",
    "outstanding_share",
    "points",
    "quorum",
    "scale_max",
    "share",
    "shift_max",
    "step",
    "subordinates_min",
    "to",
    "value",
    "weight",
    "weights",
    "weights_sum",
];

impl Check<'_> {
    pub(super) fn illustrative(&mut self) {
        let pack = self.pack;
        if pack.status != PackStatus::Sample {
            self.require(pack.illustrative.is_empty(), "illustrative", || {
                say(
                    "gói này không phải bản mẫu; cho phép: không có số minh họa nào",
                    "this pack is no sample; allowed are no illustrative numbers",
                )
            });
            return;
        }
        self.require(!pack.illustrative.is_empty(), "illustrative", || {
            say(
                "chưa có số minh họa nào; bản mẫu cần ít nhất một, nếu không thì status = \"complete\"",
                "found no illustrative number, allowed in a sample is at least one; without any, status = \"complete\"",
            )
        });
        let held: Map<String, Value> = leaves(pack).into_iter().collect();
        let mut marked = Set::new();
        for (index, path) in pack.illustrative.iter().enumerate() {
            self.is_number(path, held.get(path), &format!("illustrative[{index}]"));
            self.require(marked.insert(path.as_str()), format!("illustrative[{index}]"), || twice(path));
        }
        if let Some(template) = template_of(pack) {
            self.unmarked(template, &held, &marked);
        }
    }

    fn is_number(&mut self, path: &str, held: Option<&Value>, field: &str) {
        let Some(value) = held else {
            self.add(
                field,
                say(
                    format!("đang là {path:?}, gói không có chỗ đó; cho phép: đường dẫn tới một số, như groups[0].max"),
                    format!("found {path:?}, which the pack does not have; allowed is the path of a number, such as groups[0].max"),
                ),
            );
            return;
        };
        self.require(number(path, value).is_some(), field, || {
            say(
                format!("đang là {path:?}, chỗ đó ghi {value}, không phải số; cho phép: đường dẫn tới một số"),
                format!("found {path:?}, which holds {value} and no number; allowed is the path of a number"),
            )
        });
    }

    /// Every number that the template of the same text lacks, or has otherwise, must be marked. A 0 states nothing.
    fn unmarked(&mut self, template: &Pack, held: &Map<String, Value>, marked: &Set<&str>) {
        let given: Map<String, Value> = leaves(template).into_iter().collect();
        for (path, value) in held {
            let Some(found) = number(path, value).filter(|_| !marked.contains(path.as_str())) else { continue };
            let known = given.get(path).and_then(|value| number(path, value)).unwrap_or_default();
            self.require(found == known, path, || {
                let id = &template.id;
                say(
                    format!(
                        "đang là {found}, khung {id} của cùng văn bản không ghi như vậy; cần nêu trong illustrative"
                    ),
                    format!(
                        "found {found}, which the template {id} of the same text does not give; list it in illustrative"
                    ),
                )
            });
        }
    }
}

/// The template that has the same text as a sample. Only the server and authors have all templates.
fn template_of(sample: &Pack) -> Option<&'static Pack> {
    pack::all().find(|other| other.status == PackStatus::Template && other.instrument == sample.instrument)
}

/// The number at a path; none where a name or another word stands there.
fn number(path: &str, value: &Value) -> Option<Exact> {
    let name = path.rsplit('.').next()?.split('[').next()?;
    match value {
        Value::Number(whole) => Exact::parse(&whole.to_string()).ok(),
        Value::String(text) if EXACT.contains(&name) => Exact::parse(text).ok(),
        _ => None,
    }
}

#[cfg(all(test, feature = "author"))]
mod tests {
    use super::*;

    /// The path as `/groups/0/max`.
    fn pointer(path: &str) -> String {
        format!("/{}", path.replace('[', "/").replace(']', "").replace('.', "/"))
    }

    /// A number is where the reader takes a fraction and no word.
    fn reader_takes_a_number(data: &Value, path: &str) -> bool {
        let reads = |word: &str| {
            let mut data = data.clone();
            let place = data.pointer_mut(&pointer(path)).map(|place| *place = Value::String(word.to_owned()));
            place.is_some() && pack::read_json(&data.to_string()).is_ok()
        };
        reads("1/3") && !reads("x")
    }

    #[test]
    fn a_field_is_known_as_a_number_where_the_reader_takes_one() {
        let mut numbers = Set::new();
        for pack in pack::all() {
            let data: Value = serde_json::from_str(&pack.to_json().unwrap()).unwrap();
            // Fields of one kind are the same wherever they stand.
            let mut kinds = Set::new();
            for (path, value) in leaves(pack) {
                let text = value.as_str().filter(|text| Exact::parse(text).is_ok());
                let kind: String = path.chars().filter(|letter| !letter.is_ascii_digit()).collect();
                if text.is_none() || !kinds.insert(kind) {
                    continue;
                }
                let known = number(&path, &value).is_some();
                assert_eq!(known, reader_takes_a_number(&data, &path), "{}, {path}: {value}", pack.id);
                numbers
                    .extend(EXACT.into_iter().filter(|name| known && path.split(['.', '[']).any(|part| part == *name)));
            }
        }
        let unmet: Vec<&str> = EXACT.into_iter().filter(|name| !numbers.contains(name)).collect();
        assert_eq!(unmet, [""; 0], "some pack has a number of every name");
    }
}
