//! The two languages that people read, and texts in both.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A language that people read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese: the language of the regulations.
    #[default]
    Vi,
    /// English.
    En,
}

/// The same words in both languages. The official names of criteria and classes are taken from the law.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Vietnamese.
    #[n(0)]
    pub vi: String,
    /// English.
    #[n(1)]
    pub en: String,
}

impl Text {
    /// The words in one language. Falls back to Vietnamese where there are no English words yet.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En if !self.en.is_empty() => &self.en,
            _ => &self.vi,
        }
    }
}
