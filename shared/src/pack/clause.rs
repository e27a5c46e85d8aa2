//! Clauses in the words of people: packs write `Đ.14(2)a`, a person reads "điểm a khoản 2 Điều 14 Nghị định
//! 335/2025/NĐ-CP".

use super::{Language, Pack};

/// Short names of instruments inside clauses, each with the full number.
const SHORT: [(&str, &str); 2] = [("NĐ 335", "335/2025/NĐ-CP"), ("NĐ 90/2020/NĐ-CP", "90/2020/NĐ-CP")];
/// The ending of a decree's number.
const DECREE: &str = "/NĐ-CP";
const ARTICLE: &str = "Đ.";

/// One place in an instrument.
#[derive(Default)]
struct Place<'a> {
    article: &'a str,
    paragraph: Option<&'a str>,
    /// The last one, where several paragraphs are cited.
    paragraph_last: Option<&'a str>,
    point: Option<&'a str>,
}

/// A clause of `pack` in words, with its instrument. A text that does not cite an article stays as written.
#[must_use]
pub fn cited(pack: &Pack, clause: &str, language: Language) -> String {
    let parts: Vec<String> = clause.split("; ").map(|part| cited_part(pack, part, language)).collect();
    parts.join("; ")
}

fn cited_part(pack: &Pack, part: &str, language: Language) -> String {
    let Some((before, from_article)) = part.split_once(ARTICLE) else { return part.to_owned() };
    let (places, rest) = places(from_article);
    if places.is_empty() {
        return part.to_owned();
    }
    let written = match before.trim() {
        "" => pack.instrument.as_str(),
        short => short,
    };
    let number = SHORT.iter().find(|(short, _)| *short == written).map_or(written, |(_, number)| number);
    let instrument = match (number.ends_with(DECREE), language) {
        (true, Language::Vi) => format!("Nghị định {number}"),
        (true, Language::En) => format!("Decree {number}"),
        (false, _) => number.to_owned(),
    };
    let places: Vec<String> = places.iter().map(|place| in_words(place, language)).collect();
    let of = if language == Language::Vi { "" } else { "of " };
    format!("{} {of}{instrument}{rest}", places.join(", "))
}

/// The places at the start of `text`, and the text after them. The `Đ.` of the first place has already been removed.
fn places(text: &str) -> (Vec<Place<'_>>, &str) {
    let mut places: Vec<Place<'_>> = Vec::new();
    let mut rest = text;
    loop {
        let mut place = Place::default();
        let digits = leading(rest, |letter| letter.is_ascii_digit());
        let after = rest.get(digits.len()..).unwrap_or_default();
        let (paragraph, after) = in_parentheses(after);
        let (last_paragraph, after) = match after.strip_prefix('-').map(in_parentheses) {
            Some((Some(last), after)) if paragraph.is_some() => (Some(last), after),
            _ => (None, after),
        };
        let point = leading(after, char::is_lowercase);
        let is_point = point.chars().count() == 1;
        let last = places.last();
        place.article = if digits.is_empty() { last.map_or("", |last| last.article) } else { digits };
        place.paragraph = paragraph.or_else(|| last.filter(|_| digits.is_empty()).and_then(|last| last.paragraph));
        place.paragraph_last = last_paragraph;
        place.point = is_point.then_some(point);
        if place.article.is_empty() || (digits.is_empty() && paragraph.is_none() && !is_point) {
            return (places, rest);
        }
        let after = if is_point { after.get(point.len()..).unwrap_or_default() } else { after };
        places.push(place);
        let Some(next) = after.strip_prefix(", ").filter(|next| goes_on(next)) else {
            return (places, after);
        };
        rest = next.strip_prefix(ARTICLE).unwrap_or(next);
    }
}

/// Whether another place follows: an article, a paragraph of the same article, or a point of the same paragraph.
fn goes_on(text: &str) -> bool {
    let word = leading(text, char::is_alphanumeric);
    let is_point = word.chars().count() == 1 && word.chars().all(char::is_lowercase);
    text.starts_with(ARTICLE) || in_parentheses(text).0.is_some() || is_point
}

/// A number in parentheses at the start of the text, and the text after it.
fn in_parentheses(text: &str) -> (Option<&str>, &str) {
    let inside = text.strip_prefix('(').and_then(|inside| inside.split_once(')'));
    match inside {
        Some((number, after)) if !number.is_empty() && number.chars().all(|letter| letter.is_ascii_digit()) => {
            (Some(number), after)
        }
        _ => (None, text),
    }
}

fn leading(text: &str, is_in: impl Fn(char) -> bool) -> &str {
    let end = text.find(|letter| !is_in(letter)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn in_words(place: &Place<'_>, language: Language) -> String {
    let (point, paragraph, article) = match language {
        Language::Vi => ("điểm", "khoản", "Điều"),
        Language::En => ("point", "paragraph", "Article"),
    };
    let named = |word: &str, number: Option<&str>| number.map(|number| format!("{word} {number} ")).unwrap_or_default();
    let paragraphs = match (place.paragraph, place.paragraph_last) {
        (Some(first), Some(last)) => format!("{paragraph} {first}–{last} "),
        (first, _) => named(paragraph, first),
    };
    format!("{}{paragraphs}{article} {}", named(point, place.point), place.article)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack;

    #[test]
    fn a_clause_is_cited_with_its_instrument() {
        let decree = pack::find("nd335-congchuc").unwrap();
        for (clause, vi, en) in [
            (
                "Đ.14(2)a",
                "điểm a khoản 2 Điều 14 Nghị định 335/2025/NĐ-CP",
                "point a paragraph 2 Article 14 of Decree 335/2025/NĐ-CP",
            ),
            (
                "Đ.20(4)c, Đ.11(3)",
                "điểm c khoản 4 Điều 20, khoản 3 Điều 11 Nghị định 335/2025/NĐ-CP",
                "point c paragraph 4 Article 20, paragraph 3 Article 11 of Decree 335/2025/NĐ-CP",
            ),
            (
                "Đ.11(3)a, b",
                "điểm a khoản 3 Điều 11, điểm b khoản 3 Điều 11 Nghị định 335/2025/NĐ-CP",
                "point a paragraph 3 Article 11, point b paragraph 3 Article 11 of Decree 335/2025/NĐ-CP",
            ),
            (
                "Đ.12(2)đ, Mẫu 01",
                "điểm đ khoản 2 Điều 12 Nghị định 335/2025/NĐ-CP, Mẫu 01",
                "point đ paragraph 2 Article 12 of Decree 335/2025/NĐ-CP, Mẫu 01",
            ),
            (
                "Đ.8(1)-(3)",
                "khoản 1–3 Điều 8 Nghị định 335/2025/NĐ-CP",
                "paragraph 1–3 Article 8 of Decree 335/2025/NĐ-CP",
            ),
            (
                "Đ.28(2); Sổ tay Chương III",
                "khoản 2 Điều 28 Nghị định 335/2025/NĐ-CP; Sổ tay Chương III",
                "paragraph 2 Article 28 of Decree 335/2025/NĐ-CP; Sổ tay Chương III",
            ),
            (
                "QĐ 366-QĐ/TW Đ.11 (nguồn thứ cấp)",
                "Điều 11 QĐ 366-QĐ/TW (nguồn thứ cấp)",
                "Article 11 of QĐ 366-QĐ/TW (nguồn thứ cấp)",
            ),
            (
                "NĐ 335 Đ.20(5)",
                "khoản 5 Điều 20 Nghị định 335/2025/NĐ-CP",
                "paragraph 5 Article 20 of Decree 335/2025/NĐ-CP",
            ),
            ("Sổ tay Chương III mục 5", "Sổ tay Chương III mục 5", "Sổ tay Chương III mục 5"),
        ] {
            assert_eq!(cited(decree, clause, Language::Vi), vi);
            assert_eq!(cited(decree, clause, Language::En), en);
        }
    }
}
