//! Decides what may be chosen as a password. Length counts most. Passwords that everybody chooses, or that a colleague
//! would try first, are refused.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use shared::limits::PASSWORD_CHARS_MIN;
use shared::text::fold;

/// Words that common passwords consist of, in lower case without diacritics.
const COMMON_WORDS: &str = include_str!("common_words.txt");
/// The least number of letters besides a common word. With fewer, a password is that word with ornaments.
const OWN_LETTERS_MIN: usize = 4;
/// The least number of different characters in a password.
const DIFFERENT_CHARS_MIN: usize = 5;
/// The least number of letters that make a name count as one inside a password.
const NAME_LETTERS_MIN: usize = 4;

/// Why a password is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weak {
    /// Fewer characters than [`PASSWORD_CHARS_MIN`].
    Short,
    /// It is among the passwords that are tried first.
    Common,
    /// It contains the person's own name, or that of the account.
    Name,
    /// It is the password to be replaced.
    Same,
}

impl Weak {
    /// The code that clients translate.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Common => "common",
            Self::Name => "name",
            Self::Same => "same",
        }
    }
}

/// Why `new` may not replace `old`. None when it may.
#[must_use]
pub fn weakness(new: &str, old: &str, username: &str, name: &str) -> Option<Weak> {
    if new.chars().count() < PASSWORD_CHARS_MIN {
        return Some(Weak::Short);
    }
    if new == old {
        return Some(Weak::Same);
    }
    let letters = letters(new);
    if names(username, name).iter().any(|name| holds_little_but(&letters, name)) {
        return Some(Weak::Name);
    }
    is_common(new, &letters).then_some(Weak::Common)
}

fn is_common(new: &str, letters: &str) -> bool {
    static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let mut words: Vec<&str> = COMMON_WORDS.lines().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words
    });
    let different: BTreeSet<char> = new.to_lowercase().chars().collect();
    if different.len() < DIFFERENT_CHARS_MIN || is_run(new) {
        return true;
    }
    // What is left after common words are removed: a word, two of them, or a word with a year.
    let mut rest = letters.to_owned();
    for word in WORDS.iter().filter(|word| word.len() >= 3) {
        rest = rest.replace(word, " ");
    }
    rest.chars().filter(|letter| *letter != ' ').count() < OWN_LETTERS_MIN
}

/// The letters alone, without case and diacritics. Digits and signs that are written for letters are turned back into
/// letters.
fn letters(text: &str) -> String {
    let plain = |letter: char| match letter {
        '0' => Some('o'),
        '1' | '!' => Some('i'),
        '3' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' => Some('t'),
        letter if letter.is_alphabetic() => Some(letter),
        _ => None,
    };
    // A number at the end is a year or a date, not letters in disguise.
    let head = text.trim_end_matches(|last: char| !last.is_alphabetic());
    fold(head).chars().filter_map(plain).collect()
}

/// Whether every character is next to the one before, in the alphabet or among the digits, in one direction.
fn is_run(text: &str) -> bool {
    let codes: Vec<u32> = text.to_lowercase().chars().map(u32::from).collect();
    let run = |step: i64| codes.windows(2).all(|pair| matches!(pair, [a, b] if i64::from(*b) - i64::from(*a) == step));
    run(1) || run(-1)
}

/// The name of the account, the whole name, and its parts joined from the end as people abbreviate.
fn names(username: &str, name: &str) -> Vec<String> {
    let parts: Vec<String> = name.split_whitespace().map(letters).collect();
    let mut all = vec![letters(username), parts.concat()];
    all.extend((0..parts.len()).filter_map(|from| parts.get(from..).map(<[String]>::concat)));
    all.retain(|name| name.chars().count() >= NAME_LETTERS_MIN);
    all
}

fn holds_little_but(letters: &str, name: &str) -> bool {
    letters.contains(name) && letters.replace(name, "").chars().count() < OWN_LETTERS_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(new: &str) -> Option<Weak> {
        weakness(new, "cũ mà dài lắm", "canbo1", "Nguyễn Thị Ví Dụ")
    }

    #[test]
    fn what_everybody_chooses_is_refused_in_every_disguise() {
        for new in [
            "12345678",
            "123456789",
            "87654321",
            "11111111",
            "01011990",
            "0912345678",
            "abcdefgh",
            "password",
            "P@ssw0rd",
            "Matkhau1",
            "matkhau123",
            "Mật khẩu 2026",
            "m4tkh4u!!",
            "congtam-demo",
            "CongTam2026",
            "anhyeuem123",
            "vietnam1975",
            "abc@123456",
            "Abcd@1234",
            "qwerty123",
            "Qwertyuiop",
            "admin@2026",
            "xinchao!!!",
            "aaaaaaaa1",
            "hanoi1954",
            "ubndxa2026",
        ] {
            assert_eq!(refused(new), Some(Weak::Common), "{new}");
        }
    }

    #[test]
    fn ones_own_name_and_the_old_one_are_refused() {
        for new in ["canbo1canbo1", "Canbo1@2026", "nguyenthividu", "ViDu@12345", "Thividu1990"] {
            assert_eq!(refused(new), Some(Weak::Name), "{new}");
        }
        assert_eq!(refused("cũ mà dài lắm"), Some(Weak::Same));
        assert_eq!(refused("ngắn"), Some(Weak::Short));
        assert_eq!(refused(""), Some(Weak::Short));
    }

    #[test]
    fn a_sentence_of_ones_own_is_allowed() {
        for new in [
            "con mèo nhà tôi hay ngủ",
            "k7mqx2pnw4ra",
            "Sông Lô mùa nước nổi",
            "bốn quả cam 7 quả chanh",
            "troi-mua-duong-tron",
            "Xe2Banh&4Banh",
            "tôi thích vietnam và cá kho",
        ] {
            assert_eq!(refused(new), None, "{new}");
        }
    }
}
