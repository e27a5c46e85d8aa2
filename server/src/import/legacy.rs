//! Recognises Vietnamese typed for fonts from before Unicode. Its letters look right in one font only and are other
//! letters everywhere else.

use serde::Serialize;

/// An encoding from before Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// TCVN 5712, also called ABC: fonts whose names begin with `.Vn`.
    Tcvn3,
    /// VNI: fonts whose names begin with `VNI-`.
    Vni,
}

/// Signs that TCVN3 uses for letters and that appear next to letters for no other reason. ñ is left out, because it is
/// a letter of Ê Đê and Gia Rai.
const TCVN3_SIGNS: &str = "¡¢£¤¥¦¨ª¬µ¶¸¹¼½¾Æ×ÞßåæçëïøûüþÖËÏÜØ";
/// Signs that TCVN3 uses for letters but that may also appear next to a word: marks of quotation, of sections, of
/// hyphenation.
const TCVN3_SIGNS_OF_USE: &str = "§©«»®·\u{ad}";
/// The signs that VNI puts after a, e and its own marked letters for tone and mark.
const VNI_MARKS: &str = "âáàåãäêéèúüëùøûõï";
/// The signs that VNI puts after o. Accents that also follow o in Unicode ("hoà") are left out.
const VNI_MARKS_OF_O: &str = "âåäùøûõï";
/// The signs that VNI puts after u and y ("xuân" and "quý" are Unicode).
const VNI_TONES: &str = "ùøûõï";

/// The legacy encoding in which a text was typed, if any. A text with a letter that neither encoding has was not typed
/// in one.
#[must_use]
pub fn encoding_of(text: &str) -> Option<Encoding> {
    if text.is_ascii() || text.chars().any(|letter| u32::from(letter) > 0xff) {
        return None;
    }
    if text.split_whitespace().any(is_vni) {
        return Some(Encoding::Vni);
    }
    let signs: usize = text.split_whitespace().map(tcvn3_signs).sum();
    (signs >= SURE).then_some(Encoding::Tcvn3)
}

/// This many signs make the encoding sure. A sign that has another use counts half.
const SURE: usize = 2;

fn tcvn3_signs(word: &str) -> usize {
    // Around a word they are marks of quotation.
    let letters: Vec<char> = word.trim_matches(['«', '»']).chars().collect();
    let pairs = letters.windows(2).map(|pair| match pair {
        [one, other] if beside(TCVN3_SIGNS, *one, *other) => SURE,
        // Nobody writes a capital after a small letter: Nguyễn is "NguyÔn" in TCVN3.
        [one, 'À'..='Þ'] if one.is_ascii_lowercase() => SURE,
        [one, other] if beside(TCVN3_SIGNS_OF_USE, *one, *other) => 1,
        _ => 0,
    });
    pairs.sum()
}

fn beside(signs: &str, one: char, other: char) -> bool {
    signs.contains(one) && other.is_ascii_alphabetic() || signs.contains(other) && one.is_ascii_alphabetic()
}

fn is_vni(word: &str) -> bool {
    let letters: Vec<char> = word.to_lowercase().chars().collect();
    letters.windows(2).any(|pair| match pair {
        ['a' | 'e' | 'ô' | 'ö', mark] => VNI_MARKS.contains(*mark),
        ['o', mark] => VNI_MARKS_OF_O.contains(*mark),
        ['u' | 'y', mark] => VNI_TONES.contains(*mark),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_encodings_are_told_from_unicode() {
        for text in
            ["NguyÔn V¨n A", "TrÇn ThÞ B", "Hä vµ tªn", "Phßng V¨n ho¸ - X· héi", "V« V¨n ®«ng", "§¬n vÞ", "L\u{ad}¬ng"]
        {
            assert_eq!(encoding_of(text), Some(Encoding::Tcvn3), "{text}");
        }
        for text in ["Nguyeãn Vaên A", "Traàn Thò B", "Hoï vaø teân", "Phoøng Vaên hoùa", "CHUYEÂN VIEÂN", "Leâ Ñöùc"]
        {
            assert_eq!(encoding_of(text), Some(Encoding::Vni), "{text}");
        }
        for text in [
            "Nguyễn Văn A",
            "Phan Thanh Hà",
            "Lê Hoà",
            "HÀ",
            "Trần Công",
            "Y Moan Êñuôl",
            "khoá",
            "Lý Quý",
            "25 m²",
            "30°C",
            "«Phòng»",
            "Zalo®",
            "1½",
            "© 2026",
            "Tổ xã",
            "Loan",
            "Thoòng",
            "Âu Cô",
            "Xuân Quân",
            "lãi suât",
        ] {
            assert_eq!(encoding_of(text), None, "{text}");
        }
    }
}
