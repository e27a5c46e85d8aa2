//! Exact numbers in JSON and CBOR.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Exact, ROOM};

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.short_text(&mut [0; ROOM]) {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Exact {
    /// From a JSON number (its digits, never a float), a decimal string or a fraction string.
    ///
    /// The digits are taken from the raw JSON text. This works only where `serde_json` reads a text in memory, and under
    /// formats that are not human readable. It does not work inside untagged, flattened or internally tagged types, which
    /// buffer numbers as floats.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Other formats hold what `serialize` above wrote.
        if !deserializer.is_human_readable() {
            return Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom);
        }
        let text = <&serde_json::value::RawValue>::deserialize(deserializer)?.get();
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let number = match quoted {
            // Only a text with escapes has to be written anew.
            Some(escaped) if escaped.contains('\\') => {
                serde_json::from_str::<String>(text).map_err(serde::de::Error::custom)?.into()
            }
            _ => Cow::Borrowed(quoted.unwrap_or(text)),
        };
        Self::parse(&number).map_err(serde::de::Error::custom)
    }
}

impl<C> minicbor::Encode<C> for Exact {
    fn encode<W: minicbor::encode::Write>(
        &self,
        encoder: &mut minicbor::Encoder<W>,
        _context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        encoder.str(&self.to_string())?;
        Ok(())
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Exact {
    fn decode(decoder: &mut minicbor::Decoder<'b>, _context: &mut C) -> Result<Self, minicbor::decode::Error> {
        let position = decoder.position();
        let text = decoder.str()?;
        // The message is not in words for people: no person wrote this number, and a device would carry the words for
        // nothing.
        let value = Self::parse(text).map_err(|_| minicbor::decode::Error::message("no number").at(position))?;
        // Each value has one encoding: a second spelling of the same number would give the same operation a second
        // hash.
        let mut same = Same(text);
        if write!(same, "{value}").is_err() || !same.0.is_empty() {
            return Err(minicbor::decode::Error::message("a number not in its lowest terms").at(position));
        }
        Ok(value)
    }
}

/// Compares what is written with a text; holds the rest that is still to come.
struct Same<'a>(&'a str);

impl fmt::Write for Same<'_> {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(written).ok_or(fmt::Error)?;
        Ok(())
    }
}
