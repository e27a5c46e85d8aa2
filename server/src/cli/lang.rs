//! In which language a command speaks.

use clap::ValueEnum;

use crate::import::Lang;

/// The language as it is asked for.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct LangArgs {
    /// Language of what is printed; else that of LANG, where everything but English is Vietnamese
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    lang: Option<Asked>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Asked {
    Vi,
    En,
}

impl LangArgs {
    pub(super) fn lang(self) -> Lang {
        match self.lang {
            Some(Asked::Vi) => Lang::Vi,
            Some(Asked::En) => Lang::En,
            None if std::env::var("LANG").is_ok_and(|lang| lang.starts_with("en")) => Lang::En,
            None => Lang::Vi,
        }
    }
}
