//! Refusals: a code with parameters, and the sentence for people.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::pack::Language;

/// What is wrong with a field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Needed and not given.
    Missing,
    /// Not known to the pack.
    Unknown,
    /// A number outside its bounds.
    OutOfRange,
    /// None of the allowed values.
    NotAllowed,
    /// More than a limit.
    TooMany,
    /// No JSON, an unknown field, or the wrong kind of value.
    Malformed,
    /// The pack lacks numbers and scores nobody.
    Template,
}

/// What would have been accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Allowed {
    /// From a lowest to a highest value, both included, as text.
    Range(String, String),
    /// Above 0, up to a highest value.
    PositiveUpTo(String),
    /// One of some values.
    OneOf(Vec<String>),
    /// At most so many.
    AtMost(usize),
    /// Nothing at all: the field does not belong here.
    Nothing,
    /// Words of the reader, which knows the format only.
    Words(String),
}

/// A refused field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct InputError {
    /// Path of the field: `criteria.I.1`, `work[0].completed`.
    pub field: String,
    /// What is wrong.
    pub code: ErrorCode,
    /// What was found; empty when nothing was.
    pub found: String,
    /// What is allowed.
    pub allowed: Allowed,
}

impl InputError {
    pub(super) fn new(code: ErrorCode, field: impl Into<String>, found: impl ToString, allowed: Allowed) -> Self {
        Self { field: field.into(), code, found: found.to_string(), allowed }
    }

    pub(super) fn missing(field: impl Into<String>, allowed: Allowed) -> Self {
        Self::new(ErrorCode::Missing, field, "", allowed)
    }

    pub(super) fn template(pack: &str) -> Self {
        let allowed = Allowed::Words("a complete pack".to_owned());
        Self::new(ErrorCode::Template, "pack", pack, allowed)
    }

    /// The refusal as a sentence.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let (field, found, allowed) = (&self.field, &self.found, self.allowed.words(language));
        let field = if field.is_empty() { "JSON" } else { field };
        match (language, self.code) {
            (Language::En, ErrorCode::Missing) => format!("{field}: missing; allowed: {allowed}"),
            (Language::Vi, ErrorCode::Missing) => format!("{field}: chưa có; cho phép: {allowed}"),
            (Language::En, ErrorCode::Template) => format!("{found}: this pack still lacks numbers and cannot score"),
            (Language::Vi, ErrorCode::Template) => format!("{found}: bộ quy định còn thiếu số liệu, chưa chấm được"),
            (Language::En, _) => format!("{field}: found {found}; allowed: {allowed}"),
            (Language::Vi, _) => format!("{field}: đang là {found}; cho phép: {allowed}"),
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence(Language::En))
    }
}

impl std::error::Error for InputError {}

impl Allowed {
    fn words(&self, language: Language) -> String {
        match (language, self) {
            (Language::En, Self::Range(low, high)) => format!("{low} to {high}"),
            (Language::Vi, Self::Range(low, high)) => format!("từ {low} đến {high}"),
            (Language::En, Self::PositiveUpTo(high)) => format!("above 0, up to {high}"),
            (Language::Vi, Self::PositiveUpTo(high)) => format!("trên 0, không quá {high}"),
            (_, Self::OneOf(values)) => values.join(", "),
            (Language::En, Self::AtMost(count)) => format!("at most {count}"),
            (Language::Vi, Self::AtMost(count)) => format!("không quá {count}"),
            (Language::En, Self::Nothing) => "nothing here".to_owned(),
            (Language::Vi, Self::Nothing) => "để trống".to_owned(),
            (_, Self::Words(words)) => words.clone(),
        }
    }
}

impl Serialize for Allowed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.words(Language::En))
    }
}
