//! Vietnamese text for searching and sorting.

/// `text` in lower case, without Vietnamese diacritics, `đ` as `d`: what people type when they search.
///
/// Composed ("ế" as one character) and decomposed ("e" and two marks) spellings give the same result, because keyboards
/// and spreadsheets differ in this. The letters of the Central Highlands' languages (č, ĕ, ñ, ƀ, …) are folded in the
/// same way. White space, digits and punctuation stay as they are. Letters of other scripts stay, too: a table of all
/// of them would cost a device kilobytes.
///
/// ```
/// assert_eq!(shared::text::fold("Điểm chấm"), "diem cham");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().filter(|letter| !is_combining_mark(*letter)).map(base_letter).collect()
}

/// Whether `needle` occurs in `text`, both folded. An empty needle occurs everywhere.
#[must_use]
pub fn contains_folded(text: &str, needle: &str) -> bool {
    fold(text).contains(&fold(needle))
}

fn is_combining_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

fn base_letter(letter: char) -> char {
    match letter {
        'À'..='Ã' | 'à'..='ã' | 'Ă' | 'ă' | 'Ạ'..='ặ' => 'a',
        'Ƀ' | 'ƀ' => 'b',
        'Č' | 'č' => 'c',
        // Ð is not Vietnamese, but old keyboards typed it for Đ, and it looks the same.
        'Đ' | 'đ' | 'Ð' => 'd',
        'È'..='Ê' | 'è'..='ê' | 'Ĕ' | 'ĕ' | 'Ẹ'..='ệ' => 'e',
        'Ì' | 'Í' | 'ì' | 'í' | 'İ' | 'Ĩ' | 'ĩ' | 'Ĭ' | 'ĭ' | 'Ỉ'..='ị' => 'i',
        'Ñ' | 'ñ' => 'n',
        'Ò'..='Õ' | 'ò'..='õ' | 'Ŏ' | 'ŏ' | 'Ơ' | 'ơ' | 'Ọ'..='ợ' => 'o',
        'Ù' | 'Ú' | 'ù' | 'ú' | 'Ũ' | 'ũ' | 'Ŭ' | 'ŭ' | 'Ư' | 'ư' | 'Ụ'..='ự' => 'u',
        'Ý' | 'ý' | 'Ỳ'..='ỹ' => 'y',
        other => other.to_ascii_lowercase(),
    }
}

/// The position of a text in a Vietnamese list; see [`order`] and [`by_given_name`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Order(Vec<Syllable>);

/// The letters come first, then the tone: "ha" before "hà" before "hai".
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
struct Syllable {
    letters: Vec<u32>,
    tone: usize,
}

/// The alphabet, each vowel with its tones in the order of dictionaries: level, huyền, hỏi, ngã, sắc, nặng.
const ALPHABET: [&str; 33] = [
    "aàảãáạ",
    "ăằẳẵắặ",
    "âầẩẫấậ",
    "b",
    "c",
    "d",
    "đ",
    "eèẻẽéẹ",
    "êềểễếệ",
    "f",
    "g",
    "h",
    "iìỉĩíị",
    "j",
    "k",
    "l",
    "m",
    "n",
    "oòỏõóọ",
    "ôồổỗốộ",
    "ơờởỡớợ",
    "p",
    "q",
    "r",
    "s",
    "t",
    "uùủũúụ",
    "ưừửữứự",
    "v",
    "w",
    "x",
    "yỳỷỹýỵ",
    "z",
];
/// The places of digits and signs are below this, those of letters from here on.
const FIRST_LETTER: u32 = 0x1000;
const FIRST_FOREIGN: u32 = 0x2000;

/// The position of a text among others. Texts are compared word by word, with a, ă and â as separate letters, and the
/// tone last. Capital and small letters, composed and decomposed spellings and both ways to place a tone (hòa, hoà) are
/// equal.
#[must_use]
pub fn order(text: &str) -> Order {
    Order(text.split_whitespace().map(syllable).collect())
}

/// The position of a name in a list of people: by the given name, which comes last, then by the whole name.
#[must_use]
pub fn by_given_name(name: &str) -> Order {
    let Order(mut syllables) = order(name);
    if !syllables.is_empty() {
        syllables.rotate_right(1);
    }
    Order(syllables)
}

fn syllable(word: &str) -> Syllable {
    let mut made = Syllable::default();
    for letter in word.chars().flat_map(char::to_lowercase) {
        match (letter, made.letters.last_mut()) {
            ('\u{302}' | '\u{306}' | '\u{31b}', Some(last)) => *last = with_mark(*last, letter),
            ('\u{300}'..='\u{36f}', _) => {}
            _ => made.letters.push(place(letter)),
        }
        made.tone = made.tone.max(tone(letter));
    }
    made
}

fn place(letter: char) -> u32 {
    let row =
        |letter: char| (FIRST_LETTER..).zip(ALPHABET).find(|(_, row)| row.contains(letter)).map(|(place, _)| place);
    let own = row(letter).or_else(|| row(base_letter(letter)));
    own.unwrap_or_else(|| if letter.is_ascii() { u32::from(letter) } else { FIRST_FOREIGN + u32::from(letter) })
}

/// The letter that a mark (circumflex, breve, horn) makes of another letter.
fn with_mark(letter: u32, mark: char) -> u32 {
    let made = [
        ("a\u{302}", 'â'),
        ("a\u{306}", 'ă'),
        ("e\u{302}", 'ê'),
        ("o\u{302}", 'ô'),
        ("o\u{31b}", 'ơ'),
        ("u\u{31b}", 'ư'),
    ];
    let of = |pair: &str| pair.chars().next().map(place) == Some(letter) && pair.ends_with(mark);
    made.into_iter().find(|(pair, _)| of(pair)).map_or(letter, |(_, made)| place(made))
}

fn tone(letter: char) -> usize {
    let marks = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];
    let composed = ALPHABET.iter().find_map(|row| row.chars().position(|own| own == letter));
    marks.into_iter().position(|mark| mark == letter).map(|place| place + 1).or(composed).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every Vietnamese vowel with every tone, by base letter. The last letters of some rows belong to the languages Ê
    /// Đê, Ba Na, Gia Rai and Cơ Ho.
    const LETTERS: [(char, &str); 10] = [
        ('a', "aàáảãạăằắẳẵặâầấẩẫậ"),
        ('b', "bƀ"),
        ('c', "cč"),
        ('d', "dđ"),
        ('e', "eèéẻẽẹêềếểễệĕ"),
        ('i', "iìíỉĩịĭ"),
        ('n', "nñ"),
        ('o', "oòóỏõọôồốổỗộơờớởỡợŏ"),
        ('u', "uùúủũụưừứửữựŭ"),
        ('y', "yỳýỷỹỵ"),
    ];

    #[test]
    fn every_vietnamese_letter_folds_to_its_base_in_both_cases() {
        for (base, letters) in LETTERS {
            for letter in letters.chars() {
                assert_eq!(fold(&letter.to_string()), base.to_string(), "{letter}");
                assert_eq!(fold(&letter.to_uppercase().to_string()), base.to_string(), "capital {letter}");
            }
        }
    }

    #[test]
    fn decomposed_text_folds_like_composed_text() {
        for (composed, decomposed) in [
            ("Hệ số quy đổi", "He\u{323}\u{302} so\u{302}\u{301} quy đo\u{302}\u{309}i"),
            ("Điểm chấm", "Đie\u{302}\u{309}m cha\u{302}\u{301}m"),
            ("Ơn nghĩa", "O\u{31b}n nghi\u{303}a"),
        ] {
            assert_eq!(fold(composed), fold(decomposed), "{composed}");
        }
    }

    #[test]
    fn search_needs_no_diacritics() {
        assert!(contains_folded("Báo cáo số liệu, báo cáo nhanh", "so lieu"));
        assert!(contains_folded("Báo cáo số liệu", "SỐ LIỆU"));
        assert!(contains_folded("Báo cáo", ""));
        assert!(!contains_folded("Báo cáo số liệu", "so lieu nam"));
    }

    /// Row 20: marks matter in a list, and the last part of a name comes first in its order.
    #[test]
    fn row_20_names_stand_in_the_order_of_vietnamese_lists() {
        let names = [
            "Lê Văn An",
            "Trần Thị An",
            "Nguyễn Văn Ánh",
            "Đỗ Thị Ân",
            "Đỗ Hư Cấu",
            "Vũ Văn Dung",
            "Vũ Văn Dũng",
            "Vũ Văn Dượt",
            "Vũ Văn Đạt",
            "Bùi Hà",
            "Bùi Hải",
            "Bùi Hoa",
            "Bùi Hòa",
            "Trần Hoà",
            "Hồ Ô",
            "Hồ Ơ",
            "Lý Thử",
            "Lý Tư",
        ];
        let mut sorted = names;
        sorted.reverse();
        sorted.sort_by_key(|name| by_given_name(name));
        assert_eq!(sorted, names);
    }

    #[test]
    fn spellings_of_one_name_stand_in_one_place() {
        for (one, other) in [
            ("Hòa", "HOÀ"),
            ("Lệ", "Le\u{323}\u{302}"),
            ("Lệ", "Lê\u{323}"),
            ("Ước", "U\u{31b}o\u{31b}\u{301}c"),
            ("ẵ", "a\u{306}\u{303}"),
        ] {
            assert_eq!(order(one), order(other), "{one}");
        }
        assert_ne!(order("Bao"), order("Bảo"));
        assert!(order("") < order("a"));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
