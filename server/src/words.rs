//! The language in which the program prints. There is one for the whole process, fixed before anything else is done.

use std::sync::OnceLock;

use shared::pack::Language;

/// The environment variables about language. The first one that is set decides.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

static ASKED: OnceLock<Option<Language>> = OnceLock::new();

/// Fixes the language: the one asked for, or else that of the environment.
pub fn speak(asked: Option<Language>) {
    // The first call decides; later ones change nothing.
    let _ = ASKED.set(asked);
}

/// The language that somebody asked for by name. None where the environment decides.
#[must_use]
pub fn asked() -> Option<Language> {
    ASKED.get().copied().flatten()
}

/// The current language.
#[must_use]
pub fn spoken() -> Language {
    asked().unwrap_or_else(|| of_environment(|name| std::env::var(name).ok()))
}

/// The one of two values, Vietnamese or English, for the current language.
pub fn said<T>(vi: T, en: T) -> T {
    match spoken() {
        Language::Vi => vi,
        Language::En => en,
    }
}

/// English if the environment says so, otherwise Vietnamese, which the users of this program speak.
fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Language {
    let found = VARIABLES.iter().filter_map(|name| variable(name)).find(|value| !value.is_empty());
    if found.is_some_and(|value| value.to_lowercase().starts_with("en")) { Language::En } else { Language::Vi }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_says_anything_decides() {
        let table: [(&[(&str, &str)], Language); 8] = [
            (&[], Language::Vi),
            (&[("LANG", "vi_VN.UTF-8")], Language::Vi),
            (&[("LANG", "en_GB.UTF-8")], Language::En),
            (&[("LANG", "C")], Language::Vi),
            (&[("LC_ALL", ""), ("LANG", "vi")], Language::Vi),
            (&[("LC_ALL", "C.UTF-8"), ("LANG", "en_GB")], Language::Vi),
            (&[("LC_MESSAGES", "vi_VN"), ("LANG", "en_US")], Language::Vi),
            (&[("LC_ALL", "EN_us.utf8"), ("LC_MESSAGES", "vi_VN")], Language::En),
        ];
        for (set, language) in table {
            let variable = |name: &str| set.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(of_environment(variable), language, "{set:?}");
        }
    }
}
