//! Refusals of input: a code with parameters, and the sentence that people read.

pub(crate) mod misread;

use std::fmt;

use serde::{Serialize, Serializer};

use crate::language::{Language, Text};

/// What is wrong with a field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A needed value is missing.
    Missing,
    /// The pack does not know the value.
    Unknown,
    /// A number is outside its bounds.
    OutOfRange,
    /// The value is none of the allowed ones.
    NotAllowed,
    /// There are more than a limit allows.
    TooMany,
    /// The same key appears twice.
    Doubled,
    /// The text is not JSON, or has the wrong kind of value.
    Malformed,
    /// The pack lacks numbers and cannot score anybody.
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
    /// At most this number.
    AtMost(usize),
    /// Nothing at all: the field does not belong here.
    Nothing,
    /// Any number that can be read exactly.
    Number,
    /// A number no finer than a largest denominator.
    Denominator(i128),
    /// A whole number from 0.
    Count,
    /// Some words.
    Text,
    /// A list, in JSON.
    List,
    /// An object, in JSON.
    Object,
    /// Yes or no, in JSON.
    Flag,
    /// Anything that is JSON.
    Json,
    /// Bytes that are text.
    Utf8,
    /// A text that begins with the JSON itself, without a byte order mark.
    WithoutMark,
    /// A power of ten whose exponent is at most this far from zero.
    Exponent(u32),
    /// A denominator above 0.
    PositiveDenominator,
    /// A day.
    Day,
    /// A period.
    Period,
    /// A key once.
    Once,
    /// A rule pack that is complete and passes the static check.
    Pack,
    /// Words in both languages.
    Words(Text),
}

/// A refused field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct InputError {
    /// Path of the field: `criteria.I.1`, `work[0].completed`.
    pub field: String,
    /// What is wrong with it.
    pub code: ErrorCode,
    /// What was found; empty when nothing was.
    pub found: String,
    /// The same in Vietnamese, if words describe what was found and not only the value as written.
    #[serde(skip)]
    pub found_vi: Option<String>,
    /// What is allowed.
    pub allowed: Allowed,
    /// The language used where none is asked for.
    #[serde(skip)]
    pub(crate) language: Language,
}

impl InputError {
    pub(crate) fn new(code: ErrorCode, field: impl Into<String>, found: impl ToString, allowed: Allowed) -> Self {
        Self { field: field.into(), code, found: found.to_string(), found_vi: None, allowed, language: Language::En }
    }

    /// Adds a Vietnamese description of what was found.
    pub(crate) fn found_vi(mut self, found: impl ToString) -> Self {
        self.found_vi = Some(found.to_string());
        self
    }

    pub(crate) fn missing(field: impl Into<String>, allowed: Allowed) -> Self {
        Self::new(ErrorCode::Missing, field, "", allowed)
    }

    pub(crate) fn template(pack: &str) -> Self {
        Self::new(ErrorCode::Template, "pack", pack, Allowed::Pack)
    }

    /// The refusal of a pack that names things it does not have. The static check reports where.
    pub(crate) fn unusable(pack: &str) -> Self {
        Self::new(ErrorCode::Malformed, "pack", pack, Allowed::Pack)
    }

    /// The refusal of a card whose role or readings differ from those of its batch.
    pub(crate) fn other_batch(role: &str) -> Self {
        Self::new(
            ErrorCode::NotAllowed,
            "subject.role",
            "",
            Allowed::words_of(
                format!("{role}, theo các lựa chọn của cả loạt"),
                format!("{role}, with the batch's options"),
            ),
        )
    }

    /// What was found, in the reader's language.
    #[must_use]
    pub fn found_in(&self, language: Language) -> &str {
        match (language, &self.found_vi) {
            (Language::Vi, Some(found)) => found,
            _ => &self.found,
        }
    }

    /// The same refusal in this language, also where it is part of a result.
    #[must_use]
    pub fn written_in(self, language: Language) -> Self {
        let words = self.allowed.words(language);
        let found = self.found_in(language).to_owned();
        Self { found, allowed: Allowed::words_of(words.clone(), words), language, ..self }
    }

    /// The refusal as a sentence.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        if self.code == ErrorCode::Template {
            return self.without_field(language);
        }
        let field = if self.field.is_empty() { "JSON" } else { &self.field };
        format!("{field}: {}", self.without_field(language))
    }

    /// The sentence without the field, for callers that name the field otherwise.
    #[must_use]
    pub fn without_field(&self, language: Language) -> String {
        let (found, allowed) = (self.found_in(language), self.allowed.words(language));
        match (language, self.code) {
            (Language::En, ErrorCode::Missing) => format!("missing; allowed: {allowed}"),
            (Language::Vi, ErrorCode::Missing) => format!("chưa có; cho phép: {allowed}"),
            (Language::En, ErrorCode::Template) => format!("{found}: this pack still lacks numbers and cannot score"),
            (Language::Vi, ErrorCode::Template) => format!("{found}: bộ quy định còn thiếu số liệu, chưa chấm được"),
            (Language::En, ErrorCode::Doubled) => format!("found {found} twice; allowed: {allowed}"),
            (Language::Vi, ErrorCode::Doubled) => format!("{found} có hai lần; cho phép: {allowed}"),
            (Language::En, _) => format!("found {found}; allowed: {allowed}"),
            (Language::Vi, _) => format!("đang là {found}; cho phép: {allowed}"),
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence(self.language))
    }
}

impl std::error::Error for InputError {}

impl Allowed {
    /// [`Allowed::Words`] from a Vietnamese and an English text.
    pub(crate) fn words_of(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Words(Text { vi: vi.into(), en: en.into() })
    }

    /// What is allowed, in words.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let said = |vi: &str, en: &str| match language {
            Language::Vi => vi.to_owned(),
            Language::En => en.to_owned(),
        };
        match self {
            Self::Range(low, high) => said(&format!("từ {low} đến {high}"), &format!("{low} to {high}")),
            Self::PositiveUpTo(high) => said(&format!("trên 0, không quá {high}"), &format!("above 0, up to {high}")),
            Self::OneOf(values) => values.join(", "),
            Self::AtMost(count) => said(&format!("không quá {count}"), &format!("at most {count}")),
            Self::Denominator(largest) => {
                said(&format!("mẫu số không quá {largest}"), &format!("a denominator up to {largest}"))
            }
            Self::Exponent(most) => said(
                &format!("lũy thừa của 10 từ -{most} đến {most}"),
                &format!("powers of ten from -{most} to {most}"),
            ),
            Self::Words(words) => words.get(language).to_owned(),
            fixed => {
                let (vi, en) = fixed.fixed();
                said(vi, en)
            }
        }
    }

    /// The words of the variants without parameters, Vietnamese first.
    const fn fixed(&self) -> (&'static str, &'static str) {
        match self {
            Self::Nothing => ("để trống", "nothing here"),
            Self::Number => (
                "số nguyên, số thập phân như 2.5, hoặc phân số như 2699/30",
                "an integer, a decimal such as 2.5, or a fraction such as 2699/30",
            ),
            Self::Count => ("số nguyên từ 0", "a whole number from 0"),
            Self::Text => ("một đoạn chữ", "a text"),
            Self::List => ("một danh sách [ ]", "a list [ ]"),
            Self::Object => ("một đối tượng JSON { }", "a JSON object { }"),
            Self::Flag => ("true, false", "true, false"),
            Self::Json => (
                "số, chữ trong dấu ngoặc kép, true, false, null, danh sách [ ] hoặc đối tượng { }",
                "a number, a text in quotation marks, true, false, null, a list [ ] or an object { }",
            ),
            Self::Utf8 => ("chữ theo mã UTF-8", "text in UTF-8"),
            Self::WithoutMark => ("UTF-8 không có dấu đó", "UTF-8 without it"),
            Self::PositiveDenominator => ("mẫu số lớn hơn 0", "a denominator above 0"),
            Self::Day => ("một ngày như 2026-10-25", "a day such as 2026-10-25"),
            Self::Period => {
                ("một kỳ như 2026-10, 2026-Q4, 2026-H2, 2026", "a period such as 2026-10, 2026-Q4, 2026-H2, 2026")
            }
            Self::Once => ("một lần", "once"),
            _ => ("một bộ quy định đủ số liệu, đã kiểm tra", "a complete, checked rule pack"),
        }
    }
}

impl Serialize for Allowed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.words(Language::En))
    }
}
