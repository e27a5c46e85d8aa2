//! Cleans and compares names as people type them. Invisible characters are removed, and two names are compared by their
//! visible characters.
//!
//! There are three readings of a name, from strict to loose. [`clean`] is what is kept. [`identity`] tells whether two
//! spellings are one name: "Phòng Văn hoá – Xã hội" and "phòng Văn hóa-Xã hội" are, "xã Thử Giang" and "xã Thử Giàng"
//! are not, nor are "Tổ 1-1" and "Tổ 11". [`look_alike`] tells whether one may be a misspelling of the other, which
//! people must decide.

use shared::text::fold;
use unicode_normalization::UnicodeNormalization as _;

/// Marks that make another letter (ơ, â, ă). They belong directly after their letter, whatever was typed first.
const LETTER_MARKS: [char; 3] = ['\u{31b}', '\u{302}', '\u{306}'];
/// Marks that make another tone: huyền, sắc, ngã, hỏi, nặng.
const TONE_MARKS: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// `text` with composed letters and single spaces, without invisible characters.
#[must_use]
pub fn clean(text: &str) -> String {
    let seen = text.chars().filter(|letter| !is_unseen(*letter)).map(|letter| match letter {
        // Old keyboards typed these for Đ. They look the same.
        'Ð' | 'Ɖ' => 'Đ',
        letter => letter,
    });
    let seen: String = seen.collect();
    let words = seen.split(|letter: char| letter.is_whitespace() || letter.is_control());
    let words = words.filter(|word| !word.is_empty()).map(|word| ordered_marks(word).nfc().collect::<String>());
    words.collect::<Vec<_>>().join(" ")
}

/// What distinguishes two names: letters with their marks and tones, digits, punctuation. It ignores capitals, the
/// length of dashes and spaces around them, and where in a syllable the tone is written.
#[must_use]
pub fn identity(name: &str) -> String {
    let lower = clean(name).to_lowercase();
    let mut out = String::with_capacity(lower.len() + 8);
    let mut tones = String::new();
    for letter in ordered_marks(&lower).chars() {
        if TONE_MARKS.contains(&letter) {
            tones.push(letter);
            continue;
        }
        let is_in_word = letter.is_alphabetic() || LETTER_MARKS.contains(&letter);
        if !is_in_word {
            out.push_str(&std::mem::take(&mut tones));
        }
        match letter {
            '‐' | '‑' | '‒' | '–' | '—' | '−' | '-' => {
                out.truncate(out.trim_end().len());
                out.push('-');
            }
            ' ' if out.ends_with('-') => {}
            letter => out.push(letter),
        }
    }
    out.push_str(&tones);
    out
}

/// Whether one name may be a misspelling of the other. They have the same words, apart from marks, capitals and what is
/// between the words.
#[must_use]
pub fn look_alike(one: &str, other: &str) -> bool {
    look(one) == look(other)
}

/// The words that [`look_alike`] compares.
#[must_use]
pub fn look(name: &str) -> String {
    let folded = fold(&clean(name));
    let words = folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a character is invisible: zero-width spaces and joiners, marks of direction, a soft hyphen.
const fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// `text` decomposed. After each letter come first the marks that make it another letter, then its tone.
fn ordered_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut marks: Vec<char> = Vec::new();
    for letter in text.nfd() {
        if unicode_normalization::char::is_combining_mark(letter) {
            marks.push(letter);
            continue;
        }
        place(&mut out, &mut marks);
        out.push(letter);
    }
    place(&mut out, &mut marks);
    out
}

fn place(out: &mut String, marks: &mut Vec<char>) {
    marks.sort_by_key(|mark| LETTER_MARKS.iter().position(|first| first == mark).unwrap_or(LETTER_MARKS.len()));
    out.extend(marks.drain(..));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_makes_no_difference() {
        for text in [
            "Thử Văn Núi",
            " Thử  Văn\u{a0}Núi\u{200b}",
            "Thư\u{309} Va\u{306}n Nu\u{301}i",
            "Th\u{feff}ử Văn\u{2009}N\u{ad}úi\r\n",
            "Thu\u{309}\u{31b} Văn Núi",
        ] {
            assert_eq!(clean(text), "Thử Văn Núi", "{text:?}");
        }
        assert_eq!(clean("tie\u{301}\u{302}ng"), "tiếng", "a tone typed before its letter's mark");
        assert_eq!(clean("Ðặng"), "Đặng");
    }

    #[test]
    fn one_name_in_several_spellings() {
        for (one, other) in [
            ("Phòng Văn hóa - Xã hội", "PHÒNG VĂN HOÁ – XÃ HỘI"),
            ("Phòng Văn hóa - Xã hội", "phòng văn hóa-xã hội"),
            ("Thủy", "Thuỷ"),
            ("Hòa", "Hoà"),
            ("UBND xã Mây Thử", "UBND xa\u{303} Ma\u{302}y Thư\u{309}"),
        ] {
            assert_eq!(identity(one), identity(other), "{one} / {other}");
        }
    }

    #[test]
    fn names_one_mark_apart_are_two_names() {
        for (one, other, alike) in [
            ("xã Thử Giang", "xã Thử Giàng", true),
            ("Thử Thị Mây", "Thử Thị Mấy", true),
            ("Thử Văn An", "Thử Văn Ân", true),
            ("Thử Văn Đan", "Thử Văn Dan", true),
            ("Tổ 1-1", "Tổ 11", false),
            ("Tổ 1 - 1", "Tổ 1/1", true),
            ("Phòng A, B", "Phòng A B", true),
            ("Phòng A", "Phòng B", false),
        ] {
            assert_ne!(identity(one), identity(other), "{one} / {other}");
            assert_eq!(look_alike(one, other), alike, "{one} / {other}");
        }
    }
}
