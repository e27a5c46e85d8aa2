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
    /// The same key twice.
    Doubled,
    /// No JSON, or the wrong kind of value.
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
    /// Any number that can be read exactly.
    Number,
    /// A number no finer than a largest denominator.
    Denominator(i128),
    /// A whole number from 0.
    Count,
    /// Any value of the field's kind.
    Value,
    /// A key once.
    Once,
    /// A card as a JSON object.
    Card,
    /// A rule pack that is complete and passes the static check.
    Pack,
    /// Words of the JSON reader, which knows the format only.
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
        Self::new(ErrorCode::Template, "pack", pack, Allowed::Pack)
    }

    /// A pack that names what it does not have; the static check says where.
    pub(super) fn unusable(pack: &str) -> Self {
        Self::new(ErrorCode::Malformed, "pack", pack, Allowed::Pack)
    }

    /// A card of another role or other readings than a batch is for.
    pub(super) fn other_batch(role: &str) -> Self {
        Self::new(
            ErrorCode::NotAllowed,
            "subject.role",
            "",
            Allowed::Words(format!("{role}, with the batch's options")),
        )
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
            (Language::En, ErrorCode::Doubled) => format!("{field}: found {found} twice; allowed: {allowed}"),
            (Language::Vi, ErrorCode::Doubled) => format!("{field}: {found} có hai lần; cho phép: {allowed}"),
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
    /// What is allowed, in words.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
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
            (Language::En, Self::Number) => {
                "an integer, a decimal such as 2.5, or a fraction such as 2699/30".to_owned()
            }
            (Language::Vi, Self::Number) => "số nguyên, số thập phân như 2.5, hoặc phân số như 2699/30".to_owned(),
            (Language::En, Self::Denominator(largest)) => format!("a denominator up to {largest}"),
            (Language::Vi, Self::Denominator(largest)) => format!("mẫu số không quá {largest}"),
            (Language::En, Self::Count) => "a whole number from 0".to_owned(),
            (Language::Vi, Self::Count) => "số nguyên từ 0".to_owned(),
            (Language::En, Self::Value) => "a value".to_owned(),
            (Language::Vi, Self::Value) => "một giá trị".to_owned(),
            (Language::En, Self::Once) => "once".to_owned(),
            (Language::Vi, Self::Once) => "một lần".to_owned(),
            (Language::En, Self::Card) => "a card as a JSON object".to_owned(),
            (Language::Vi, Self::Card) => "một phiếu là đối tượng JSON".to_owned(),
            (Language::En, Self::Pack) => "a complete, checked rule pack".to_owned(),
            (Language::Vi, Self::Pack) => "một bộ quy định đủ số liệu, đã kiểm tra".to_owned(),
            (_, Self::Words(words)) => words.clone(),
        }
    }
}

impl Serialize for Allowed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.words(Language::En))
    }
}
