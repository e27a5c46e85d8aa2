//! Vietnamese text made comparable.

/// `text` in lower case, without Vietnamese diacritics, `đ` as `d`: what people type when they search.
///
/// Composed ("ế" as one character) and decomposed ("e" and two marks) spellings give the same answer, since keyboards and
/// spreadsheets disagree about them. The letters of the Central Highlands' languages (č, ĕ, ñ, ƀ, …) fold likewise. White
/// space, digits and punctuation stay as they are, and so do letters of other scripts: a table of them all costs a tablet
/// kilobytes.
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
        // Ð is not Vietnamese, but old keyboards typed it for Đ and nobody sees the difference.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every Vietnamese vowel with every tone, by base letter.
    /// The last of some rows are letters of Ê Đê, Ba Na, Gia Rai and Cơ Ho.
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

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
