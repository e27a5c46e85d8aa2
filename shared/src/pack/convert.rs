//! TOML to JSON, remembering the line of every value. Used by the build script and by authors' tools: tablets carry JSON only.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::limits::{PACK_BYTES_MAX, PACK_DEPTH_MAX, PACK_FIELD_CHARS_MAX, PACK_VALUES_MAX};

/// A TOML text as JSON.
#[derive(Debug, Default)]
pub(crate) struct Converted {
    /// The same data.
    pub(crate) json: String,
    /// Line of every value in the TOML text (from 1) by its path, `groups[0].criteria[1].max`.
    pub(crate) path_lines: BTreeMap<String, usize>,
}

/// Something TOML allows and packs do not, with its line (from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Line of the TOML text.
    pub(crate) line: usize,
    /// Path of the value; empty when the text could not be read at all.
    pub(crate) path: String,
    /// What was found and what is allowed.
    pub(crate) message: String,
}

/// Converts a TOML text.
///
/// # Errors
/// Every value that is no TOML, a float (it could not be read exactly), a date (write it as text) or no plain integer.
pub(crate) fn to_json(text: &str) -> Result<Converted, Vec<Refused>> {
    if text.len() > PACK_BYTES_MAX {
        let message = format!("found {} bytes, allowed up to {PACK_BYTES_MAX}", text.len());
        return Err(vec![Refused { line: 1, path: String::new(), message }]);
    }
    let lines = Lines::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let refused = |error: &toml::de::Error| Refused {
            line: lines.at(error.span().map_or(0, |span| span.start)),
            path: String::new(),
            message: error.message().to_owned(),
        };
        return Err(errors.iter().map(refused).collect());
    }
    let mut writer = Writer { lines, out: Converted::default(), refused: Vec::new(), depth: 0 };
    writer.note("", table.span().start);
    writer.table(table.get_ref(), "");
    if writer.refused.is_empty() { Ok(writer.out) } else { Err(writer.refused) }
}

/// Where the lines of a text end.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    /// The line of a byte, from 1.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|end| *end < offset).saturating_add(1)
    }
}

struct Writer {
    lines: Lines,
    out: Converted,
    refused: Vec<Refused>,
    depth: usize,
}

impl Writer {
    /// Whether another value still fits; says once that it does not. What comes after is not looked at.
    fn admits(&mut self, path: &str, line: usize) -> bool {
        let (values, depth) = (self.out.path_lines.len(), self.depth);
        let said = if values > PACK_VALUES_MAX {
            format!("found more than {PACK_VALUES_MAX} values, allowed up to as many")
        } else if depth > PACK_DEPTH_MAX {
            format!("found values more than {PACK_DEPTH_MAX} deep, allowed up to as deep")
        } else {
            return true;
        };
        if self.refused.last().is_none_or(|last| last.message != said) {
            self.refuse(line, path, &said);
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
                let message = format!("found a name of {length} letters, allowed up to {PACK_FIELD_CHARS_MAX}");
                self.refuse(at, path, &message);
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
                self.refuse(line, path, "found an integer in another base; allowed are decimal digits")
            }
            DeValue::Float(found) => {
                let message =
                    format!("found the float {}; allowed is a whole number or a text such as \"2.5\"", found.as_str());
                self.refuse(line, path, &message);
            }
            DeValue::Datetime(found) => {
                self.refuse(line, path, &format!("found the date {found}; allowed is a text such as \"2026-01-01\""));
            }
        }
    }

    fn deeper(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth = self.depth.saturating_add(1);
        write(self);
        self.depth = self.depth.saturating_sub(1);
    }

    fn refuse(&mut self, line: usize, path: &str, message: &str) {
        self.refused.push(Refused { line, path: path.to_owned(), message: message.to_owned() });
    }

    fn string(&mut self, text: &str) {
        self.out.json.push_str(&serde_json::Value::String(text.to_owned()).to_string());
    }
}
