//! Converts TOML to JSON and remembers the line of every value. Authors' tools and the reader of the files of
//! `shared/packs` use it; devices have encoded packs instead.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::model::Text;
use crate::limits::{PACK_BYTES_MAX, PACK_DEPTH_MAX, PACK_FIELD_CHARS_MAX, PACK_VALUES_MAX};

/// A TOML text as JSON.
#[derive(Debug, Default)]
pub(crate) struct Converted {
    /// The same data.
    pub(crate) json: String,
    /// Line of every value in the TOML text (from 1) by its path, `groups[0].criteria[1].max`.
    pub(crate) path_lines: BTreeMap<String, usize>,
    /// Values that packs do not allow. A stand-in replaces each, so that the rest can be checked.
    pub(crate) refused: Vec<Refused>,
}

/// Something that TOML allows and packs do not, with its line (from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Line of the TOML text.
    pub(crate) line: usize,
    /// Path of the value; empty when the text could not be read at all.
    pub(crate) path: String,
    /// What was found and what is allowed.
    pub(crate) message: Text,
}

/// Converts a TOML text.
///
/// Floats (they cannot be read exactly), dates (they must be written as text) and integers that are not plain are
/// reported in the result.
///
/// # Errors
/// Every line that is not TOML, or a text that is longer than a pack may be.
pub(crate) fn to_json(text: &str) -> Result<Converted, Vec<Refused>> {
    if text.len() > PACK_BYTES_MAX {
        let bytes = text.len();
        let message = say(
            format!("đang có {bytes} byte; cho phép: không quá {PACK_BYTES_MAX}"),
            format!("found {bytes} bytes, allowed up to {PACK_BYTES_MAX}"),
        );
        return Err(vec![Refused { line: 1, path: String::new(), message }]);
    }
    let lines = Lines::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(no_toml(text, &lines, &errors));
    }
    let mut writer = Writer { lines, out: Converted::default(), stopped: false, depth: 0 };
    writer.note("", table.span().start);
    writer.table(table.get_ref(), "");
    if writer.stopped { Err(writer.out.refused) } else { Ok(writer.out) }
}

/// A sentence in both languages.
fn say(vi: impl Into<String>, en: impl Into<String>) -> Text {
    Text { vi: vi.into(), en: en.into() }
}

/// The refusals of lines that are not TOML, once for each line. Characters that word processors and spreadsheets insert
/// get a plain explanation.
fn no_toml(text: &str, lines: &Lines, errors: &[toml::de::Error]) -> Vec<Refused> {
    let mut refused: Vec<Refused> = Vec::new();
    for error in errors {
        let line = lines.at(error.span().map_or(0, |span| span.start));
        let row = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let reader = || {
            let words = error.message();
            say(format!("dòng này không đúng cách ghi TOML: {words}"), words)
        };
        let message = usual(row).unwrap_or_else(reader);
        let one = Refused { line, path: String::new(), message };
        if !refused.contains(&one) {
            refused.push(one);
        }
    }
    refused
}

/// Explains a common mistake in a line that is not TOML.
fn usual(row: &str) -> Option<Text> {
    if let Some(mark) = row.chars().find(|letter| matches!(letter, '“' | '”' | '„' | '‘' | '’')) {
        return Some(say(
            format!(
                "đang là dấu ngoặc cong {mark}; cho phép: dấu ngoặc kép thẳng \" (Word tự đổi dấu: hãy soạn bằng trình văn bản thuần)"
            ),
            format!(
                "found the curly quotation mark {mark}, allowed is the straight one \" (word processors change it: use a plain text editor)"
            ),
        ));
    }
    let value = row.split_once('=')?.1.split('#').next()?.trim();
    let is_number = value.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-')
        && value.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '-' | '.' | ',' | '%' | ' '));
    is_number.then(|| {
        say(
            format!("đang là {value}; cho phép: số trong dấu ngoặc kép, dấu chấm thập phân, không có %: như \"0.15\""),
            format!("found {value}, allowed is a number in quotation marks, with a decimal point and without %: such as \"0.15\""),
        )
    })
}

/// The offsets at which the lines of a text end.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    /// The line of a byte offset, from 1.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|end| *end < offset).saturating_add(1)
    }
}

struct Writer {
    lines: Lines,
    out: Converted,
    /// Whether a limit was exceeded. Nothing after it is checked.
    stopped: bool,
    depth: usize,
}

impl Writer {
    /// Whether another value still fits. Reports once when it does not; nothing after it is checked.
    fn admits(&mut self, path: &str, line: usize) -> bool {
        let (values, depth) = (self.out.path_lines.len(), self.depth);
        let said = if values > PACK_VALUES_MAX {
            say(
                format!("có hơn {PACK_VALUES_MAX} giá trị; cho phép: không quá số đó"),
                format!("found more than {PACK_VALUES_MAX} values, allowed up to as many"),
            )
        } else if depth > PACK_DEPTH_MAX {
            say(
                format!("có giá trị lồng sâu hơn {PACK_DEPTH_MAX} bậc; cho phép: không quá số đó"),
                format!("found values more than {PACK_DEPTH_MAX} deep, allowed up to as deep"),
            )
        } else {
            return true;
        };
        self.stopped = true;
        if self.out.refused.last().is_none_or(|last| last.message != said) {
            self.refuse(line, path, said);
        }
        false
    }

    fn note(&mut self, path: &str, offset: usize) -> usize {
        let line = self.lines.at(offset);
        self.out.path_lines.insert(path.to_owned(), line);
        line
    }

    fn table(&mut self, table: &DeTable<'_>, path: &str) {
        self.out.json.push('{');
        for (index, (key, value)) in table.iter().enumerate() {
            if index > 0 {
                self.out.json.push(',');
            }
            let (name, at) = (key.get_ref(), self.lines.at(key.span().start));
            let length = name.chars().count();
            if length > PACK_FIELD_CHARS_MAX {
                let message = say(
                    format!("có tên dài {length} chữ cái; cho phép: không quá {PACK_FIELD_CHARS_MAX}"),
                    format!("found a name of {length} letters, allowed up to {PACK_FIELD_CHARS_MAX}"),
                );
                self.stopped = true;
                self.refuse(at, path, message);
                return;
            }
            let inner = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
            if !self.admits(&inner, at) {
                return;
            }
            let line = self.note(&inner, key.span().start);
            self.string(key.get_ref());
            self.out.json.push(':');
            self.value(value, &inner, line);
        }
        self.out.json.push('}');
    }

    fn array(&mut self, values: &[Spanned<DeValue<'_>>], path: &str) {
        self.out.json.push('[');
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.out.json.push(',');
            }
            let inner = format!("{path}[{index}]");
            let at = self.lines.at(value.span().start);
            if !self.admits(&inner, at) {
                return;
            }
            let line = self.note(&inner, value.span().start);
            self.value(value, &inner, line);
        }
        self.out.json.push(']');
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, path: &str, line: usize) {
        match value.get_ref() {
            DeValue::String(text) => self.string(text),
            DeValue::Boolean(flag) => self.out.json.push_str(if *flag { "true" } else { "false" }),
            DeValue::Integer(number) if number.radix() == 10 => {
                self.out.json.push_str(number.as_str().strip_prefix('+').unwrap_or(number.as_str()));
            }
            DeValue::Array(values) => self.deeper(|writer| writer.array(values, path)),
            DeValue::Table(table) => self.deeper(|writer| writer.table(table, path)),
            DeValue::Integer(_) => {
                let said = say(
                    "đang là số nguyên theo hệ đếm khác; cho phép: chữ số thập phân",
                    "found an integer in another base; allowed are decimal digits",
                );
                self.refuse(line, path, said);
                self.out.json.push('1');
            }
            DeValue::Float(found) => {
                let digits: String = found.as_str().chars().filter(|letter| *letter != '_').collect();
                let said = say(
                    format!(
                        "đang là số {digits} không có dấu ngoặc kép; cho phép: số nguyên, hoặc số trong dấu ngoặc kép như \"{digits}\""
                    ),
                    format!(
                        "found the float {digits}; allowed is a whole number, or a number in quotation marks such as \"{digits}\""
                    ),
                );
                self.refuse(line, path, said);
                self.string(digits.trim_start_matches('+'));
            }
            DeValue::Datetime(found) => {
                let said = say(
                    format!("đang là ngày {found}; cho phép: một đoạn chữ như \"2026-01-01\""),
                    format!("found the date {found}; allowed is a text such as \"2026-01-01\""),
                );
                self.refuse(line, path, said);
                self.string(&found.to_string());
            }
        }
    }

    fn deeper(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth = self.depth.saturating_add(1);
        write(self);
        self.depth = self.depth.saturating_sub(1);
    }

    fn refuse(&mut self, line: usize, path: &str, message: Text) {
        self.out.refused.push(Refused { line, path: path.to_owned(), message });
    }

    fn string(&mut self, text: &str) {
        self.out.json.push_str(&serde_json::Value::String(text.to_owned()).to_string());
    }
}
