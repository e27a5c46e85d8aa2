//! In which language a command speaks.

use clap::ValueEnum;
use shared::pack::Language;

use crate::import::Lang;
use crate::words;

/// The language as it is asked for.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct LangArgs {
    /// Language of what is printed (vi, en); else that of LC_ALL, LC_MESSAGES or LANG: Vietnamese where it is vi, else English
    #[arg(long, value_enum, value_name = "LANGUAGE", global = true)]
    lang: Option<Asked>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Asked {
    Vi,
    En,
}

impl LangArgs {
    /// The language that was asked for by name.
    pub(super) fn asked(self) -> Option<Language> {
        self.lang.map(|lang| match lang {
            Asked::Vi => Language::Vi,
            Asked::En => Language::En,
        })
    }
}

/// The language spoken, for what is said from spreadsheets.
pub(super) fn spoken() -> Lang {
    of(words::spoken())
}

const fn of(language: Language) -> Lang {
    match language {
        Language::Vi => Lang::Vi,
        Language::En => Lang::En,
    }
}
