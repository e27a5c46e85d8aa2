//! Selects the language in which a command prints.

use std::ffi::OsString;

use clap::ValueEnum;
use shared::pack::Language;

use crate::import::Lang;
use crate::words;

/// The language as it is asked for.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct LangArgs {
    /// Language of what is printed (vi, en); else that of LC_ALL, LC_MESSAGES or LANG: English where it is en, else Vietnamese
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

/// The language asked for in arguments that are not parsed yet, wherever the option is. Errors in the arguments are
/// reported in it, too.
pub(super) fn asked_among(arguments: impl IntoIterator<Item = OsString>) -> Option<Language> {
    let mut arguments = arguments.into_iter().map(|argument| argument.to_string_lossy().into_owned());
    // After two hyphens nothing is an option.
    let mut before = arguments.by_ref().take_while(|argument| argument != "--");
    let word = loop {
        let argument = before.next()?;
        match argument.strip_prefix("--lang") {
            Some("") => break before.next()?,
            Some(rest) if rest.starts_with('=') => break rest.trim_start_matches('=').to_owned(),
            _ => {}
        }
    };
    LangArgs { lang: Asked::from_str(&word, false).ok() }.asked()
}

/// The current language, for messages about spreadsheets.
pub(super) fn spoken() -> Lang {
    of(words::spoken())
}

const fn of(language: Language) -> Lang {
    match language {
        Language::Vi => Lang::Vi,
        Language::En => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_asked_for_is_found_wherever_it_stands() {
        let table: [(&[&str], Option<Language>); 9] = [
            (&[], None),
            (&["congtam", "score"], None),
            (&["congtam", "--lang", "vi", "scor"], Some(Language::Vi)),
            (&["congtam", "score", "--nonsense", "--lang", "en"], Some(Language::En)),
            (&["congtam", "score", "--lang=vi", "--nonsense"], Some(Language::Vi)),
            (&["congtam", "--lang"], None),
            (&["congtam", "--lang", "fr"], None),
            (&["congtam", "--language", "vi"], None),
            (&["congtam", "score", "--", "--lang", "vi"], None),
        ];
        for (arguments, language) in table {
            assert_eq!(asked_among(arguments.iter().map(OsString::from)), language, "{arguments:?}");
        }
    }
}
