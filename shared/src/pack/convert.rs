//! TOML to JSON, remembering the line of every value. Used by the build script and by authors' tools: tablets carry JSON only.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

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
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let refused = |error: &toml::de::Error| Refused {
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            path: String::new(),
            message: error.message().to_owned(),
        };
        return Err(errors.iter().map(refused).collect());
    }
    let mut writer = Writer { text, out: Converted::default(), refused: Vec::new() };
    writer.note("", table.span().start);
    writer.table(table.get_ref(), "");
    if writer.refused.is_empty() { Ok(writer.out) } else { Err(writer.refused) }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

struct Writer<'a> {
    text: &'a str,
    out: Converted,
    refused: Vec<Refused>,
}

impl Writer<'_> {
    fn note(&mut self, path: &str, offset: usize) -> usize {
        let line = line_of(self.text, offset);
        self.out.path_lines.insert(path.to_owned(), line);
        line
    }

    fn table(&mut self, table: &DeTable<'_>, path: &str) {
        self.out.json.push('{');
        for (index, (key, value)) in table.iter().enumerate() {
            if index > 0 {
                self.out.json.push(',');
            }
            let inner = if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
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
            DeValue::Array(values) => self.array(values, path),
            DeValue::Table(table) => self.table(table, path),
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

    fn refuse(&mut self, line: usize, path: &str, message: &str) {
        self.refused.push(Refused { line, path: path.to_owned(), message: message.to_owned() });
    }

    fn string(&mut self, text: &str) {
        self.out.json.push_str(&serde_json::Value::String(text.to_owned()).to_string());
    }
}
