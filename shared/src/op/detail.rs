//! What a refusal found, and what it would have allowed: typed, so that each language writes it as its readers do.

use core::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Serialize};

use super::Stage;
use crate::input_error::Allowed;
use crate::language::Language;
use crate::num::Exact;
use crate::time::Day;
use crate::work::AbsenceCause;

/// What was found, or what is allowed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// There is nothing to say.
    #[default]
    Nothing,
    /// Words of the office: a class, a code, a name.
    Words(String),
    /// A number or a count.
    Number(Exact),
    /// From a lowest to a highest number, both included.
    Numbers([Exact; 2]),
    /// Above 0, up to a highest number.
    PositiveUpTo(Exact),
    /// A day.
    Day(Day),
    /// From a first to a last day, both included.
    Days([Day; 2]),
    /// Where a card stands.
    Stage(Stage),
    /// Why a person is not assessed.
    Absence(AbsenceCause),
    /// Points and class.
    Result(Exact, String),
    /// An id, a register, what a decoder said. It helps support; no screen shows it.
    Technical(String),
}

impl Detail {
    /// An id, a register or an error, for support only.
    #[must_use]
    pub fn technical(found: &dyn fmt::Display) -> Self {
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

/// On the wire a detail is a kind and texts. A kind that only a later version knows is read as something technical, so that
/// the operation's verdict still arrives.
impl Detail {
    fn as_texts(&self) -> (u8, Vec<String>) {
        let kind = match self {
            Self::Nothing => return (0, Vec::new()),
            Self::Numbers([low, high]) => return (3, vec![low.to_string(), high.to_string()]),
            Self::Days([first, last]) => return (6, vec![first.to_string(), last.to_string()]),
            Self::Result(total, class) => return (9, vec![total.to_string(), class.clone()]),
            Self::PositiveUpTo(high) => return (4, vec![high.to_string()]),
            Self::Words(_) => 1,
            Self::Number(_) => 2,
            Self::Day(_) => 5,
            Self::Stage(_) => 7,
            Self::Absence(_) => 8,
            Self::Technical(_) => 10,
        };
        (kind, vec![self.to_string()])
    }

    fn of_texts(kind: u8, texts: &[String]) -> Option<Self> {
        let text = |place: usize| texts.get(place).map(String::as_str);
        let number = |place| Exact::parse(text(place)?).ok();
        let day = |place| Day::parse(text(place)?);
        Some(match kind {
            0 => Self::Nothing,
            1 => Self::Words(text(0)?.to_owned()),
            2 => Self::Number(number(0)?),
            3 => Self::Numbers([number(0)?, number(1)?]),
            4 => Self::PositiveUpTo(number(0)?),
            5 => Self::Day(day(0)?),
            6 => Self::Days([day(0)?, day(1)?]),
            7 => Self::Stage(Stage::ALL.into_iter().find(|stage| Some(stage.word()) == text(0))?),
            8 => Self::Absence(AbsenceCause::ALL.into_iter().find(|cause| Some(cause.word()) == text(0))?),
            9 => Self::Result(number(0)?, text(1)?.to_owned()),
            _ => Self::Technical(texts.join(" ")),
        })
    }
}

impl<C> Encode<C> for Detail {
    fn encode<W: Write>(&self, out: &mut Encoder<W>, context: &mut C) -> Result<(), EncodeError<W::Error>> {
        let (kind, texts) = self.as_texts();
        out.array(2)?.u8(kind)?;
        texts.encode(out, context)
    }
}

impl<'b, C> Decode<'b, C> for Detail {
    fn decode(input: &mut Decoder<'b>, context: &mut C) -> Result<Self, DecodeError> {
        let read = (input.array()? == Some(2)).then(|| input.u8());
        let kind = read.ok_or_else(|| DecodeError::message("a detail is a kind and texts"))??;
        let texts = Vec::decode(input, context)?;
        Self::of_texts(kind, &texts).ok_or_else(|| DecodeError::message("a detail of another kind"))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_detail_reads_as_it_was_written() {
        let number = |text| Exact::parse(text).unwrap();
        for detail in [
            Detail::Nothing,
            Detail::Words("Trưởng phòng".into()),
            Detail::Number(number("2699/30")),
            Detail::Numbers([number("0"), number("5/2")]),
            Detail::PositiveUpTo(number("4")),
            Detail::Day(day("2026-10-31")),
            Detail::Days([day("2026-10-01"), day("2026-10-31")]),
            Detail::Stage(Stage::SelfScored),
            Detail::Absence(AbsenceCause::Maternity),
            Detail::Result(number("565/6"), "HTXS".into()),
            Detail::technical(&"opid(12)"),
        ] {
            let bytes = minicbor::to_vec(&detail).unwrap();
            assert_eq!(minicbor::decode::<Detail>(&bytes).unwrap(), detail, "{detail}");
        }
    }

    #[test]
    fn a_kind_to_come_is_read_as_something_technical() {
        let bytes = minicbor::to_vec((99, vec!["0,25".to_owned(), "điểm".to_owned()])).unwrap();
        assert_eq!(minicbor::decode::<Detail>(&bytes).unwrap(), Detail::technical(&"0,25 điểm"));
        for wrong in [(2, "x"), (5, "2026-13-01"), (7, "gone"), (3, "1")] {
            let bytes = minicbor::to_vec((wrong.0, vec![wrong.1.to_owned()])).unwrap();
            assert!(minicbor::decode::<Detail>(&bytes).is_err(), "{wrong:?}");
        }
        assert!(minicbor::decode::<Detail>(&[0x81, 0]).is_err());
    }
}
