//! Vietnamese text made comparable.

/// `text` in lower case, without Vietnamese diacritics, `đ` as `d`: what people type when they search.
///
/// Composed ("ế" as one character) and decomposed ("e" and two marks) spellings give the same answer, since keyboards and
/// spreadsheets disagree about them. White space, digits and punctuation stay as they are.
///
/// ```
/// assert_eq!(shared::text::fold("Điểm chấm"), "diem cham");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .filter(|letter| !is_combining_mark(*letter))
        .map(base_letter)
        .flat_map(char::to_lowercase)
        // Some capitals become a letter and a mark when lowered; the mark must go too, or folding twice would differ.
        .filter(|letter| !is_combining_mark(*letter))
        .collect()
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
        // Ð is not Vietnamese, but old keyboards typed it for Đ and nobody sees the difference.
        'Đ' | 'đ' | 'Ð' => 'd',
        'È'..='Ê' | 'è'..='ê' | 'Ẹ'..='ệ' => 'e',
        'Ì' | 'Í' | 'ì' | 'í' | 'Ĩ' | 'ĩ' | 'Ỉ'..='ị' => 'i',
        'Ò'..='Õ' | 'ò'..='õ' | 'Ơ' | 'ơ' | 'Ọ'..='ợ' => 'o',
        'Ù' | 'Ú' | 'ù' | 'ú' | 'Ũ' | 'ũ' | 'Ư' | 'ư' | 'Ụ'..='ự' => 'u',
        'Ý' | 'ý' | 'Ỳ'..='ỹ' => 'y',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every Vietnamese vowel with every tone, by base letter.
    const LETTERS: [(char, &str); 7] = [
        ('a', "aàáảãạăằắẳẵặâầấẩẫậ"),
        ('d', "dđ"),
        ('e', "eèéẻẽẹêềếểễệ"),
        ('i', "iìíỉĩị"),
        ('o', "oòóỏõọôồốổỗộơờớởỡợ"),
        ('u', "uùúủũụưừứửữự"),
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
