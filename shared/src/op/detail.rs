//! What a refusal found, and what it would have allowed: typed, so that each language writes it as its readers do.

use core::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::Stage;
use crate::input_error::Allowed;
use crate::language::Language;
use crate::num::Exact;
use crate::time::Day;
use crate::work::AbsenceCause;

/// What was found, or what is allowed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// There is nothing to say.
    #[default]
    #[n(0)]
    Nothing,
    /// Words of the office: a class, a code, a name.
    #[n(1)]
    Words(#[n(0)] String),
    /// A number or a count.
    #[n(2)]
    Number(#[n(0)] Exact),
    /// From a lowest to a highest number, both included.
    #[n(3)]
    Numbers(#[n(0)] [Exact; 2]),
    /// Above 0, up to a highest number.
    #[n(4)]
    PositiveUpTo(#[n(0)] Exact),
    /// A day.
    #[n(5)]
    Day(#[n(0)] Day),
    /// From a first to a last day, both included.
    #[n(6)]
    Days(#[n(0)] [Day; 2]),
    /// Where a card stands.
    #[n(7)]
    Stage(#[n(0)] Stage),
    /// Why a person is not assessed.
    #[n(8)]
    Absence(#[n(0)] AbsenceCause),
    /// Points and class.
    #[n(9)]
    Result(#[n(0)] Exact, #[n(1)] String),
    /// An id, a register, what a decoder said. It helps support; no screen shows it.
    #[n(10)]
    Technical(#[n(0)] String),
}

impl Detail {
    /// An id, a register or an error, for support only.
    #[must_use]
    pub fn technical(found: impl fmt::Display) -> Self {
        Self::Technical(found.to_string())
    }

    /// A number that stands in a text, else the text.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Exact::parse(text).map_or_else(|_| Self::from(text), Self::Number)
    }

    /// What the engine allows.
    #[must_use]
    pub fn allowed(allowed: &Allowed) -> Self {
        match allowed {
            Allowed::Range(low, high) => match (Exact::parse(low), Exact::parse(high)) {
                (Ok(low), Ok(high)) => Self::Numbers([low, high]),
                _ => Self::Words(format!("{low} … {high}")),
            },
            Allowed::PositiveUpTo(high) => Exact::parse(high).map_or(Self::Nothing, Self::PositiveUpTo),
            Allowed::OneOf(values) => Self::Words(values.join(", ")),
            Allowed::AtMost(count) => match Self::from(*count) {
                Self::Number(most) => Self::Numbers([Exact::zero(), most]),
                other => other,
            },
            Allowed::Nothing => Self::Nothing,
            // Formats, which are refused before an operation is made.
            format => Self::Words(format.words(Language::default())),
        }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Words(words) | Self::Technical(words) => out.write_str(words),
            Self::Number(number) => write!(out, "{number}"),
            Self::Numbers([low, high]) => write!(out, "{low} … {high}"),
            Self::PositiveUpTo(high) => write!(out, "> 0, ≤ {high}"),
            Self::Day(day) => write!(out, "{day}"),
            Self::Days([first, last]) => write!(out, "{first} … {last}"),
            Self::Stage(stage) => out.write_str(stage.word()),
            Self::Absence(cause) => out.write_str(cause.word()),
            Self::Result(total, class) => write!(out, "{total} {class}"),
        }
    }
}

impl From<&str> for Detail {
    fn from(words: &str) -> Self {
        if words.is_empty() { Self::Nothing } else { Self::Words(words.to_owned()) }
    }
}

impl From<&String> for Detail {
    fn from(words: &String) -> Self {
        Self::from(words.as_str())
    }
}

impl From<String> for Detail {
    fn from(words: String) -> Self {
        if words.is_empty() { Self::Nothing } else { Self::Words(words) }
    }
}

impl From<usize> for Detail {
    fn from(count: usize) -> Self {
        Self::Number(Exact::from_int(i64::try_from(count).unwrap_or(i64::MAX)))
    }
}

impl From<&Exact> for Detail {
    fn from(number: &Exact) -> Self {
        Self::Number(number.clone())
    }
}

impl From<Day> for Detail {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}

impl From<Stage> for Detail {
    fn from(stage: Stage) -> Self {
        Self::Stage(stage)
    }
}

impl From<AbsenceCause> for Detail {
    fn from(cause: AbsenceCause) -> Self {
        Self::Absence(cause)
    }
}
