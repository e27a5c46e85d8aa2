//! Refusals as sentences: what was refused, what was found, what is allowed. They come with the daily chunk.

use shared::num::Exact;
use shared::op::{Detail, Refusal, RefusalCode};

use super::sentence::field;
use super::{decimal, is_shown_whole, iso_day, language, quantity, t};

/// A refusal as a sentence with the field, what was found and what is allowed.
pub(crate) fn refusal(refusal: &Refusal) -> String {
    let (found, allowed) = (detail(&refusal.found), detail(&refusal.allowed));
    let said = |words: &Option<String>| words.clone().unwrap_or_default();
    match refusal.code {
        RefusalCode::TooEarly if refusal.field == "period" => {
            return t::refusal::not_begun(&said(&allowed), &said(&found));
        }
        RefusalCode::TooEarly => return t::refusal::too_early(&said(&allowed), &said(&found)),
        RefusalCode::TooLate => return t::refusal::too_late(&said(&allowed), &said(&found)),
        RefusalCode::NotInForce => return t::refusal::not_in_force(&said(&allowed), &said(&found)),
        RefusalCode::NotCarried => return t::refusal::not_carried(&said(&found)),
        _ => {}
    }
    let mut sentence = code(refusal.code).to_owned();
    let field = field(&refusal.field);
    if !field.is_empty() {
        sentence = t::refusal::about(&field, &sentence);
    }
    let more = [found.map(|found| t::refusal::found(&found)), allowed.map(|allowed| t::refusal::allowed(&allowed))];
    for part in more.into_iter().flatten() {
        sentence.push(' ');
        sentence.push_str(&part);
    }
    sentence
}

/// What was found or is allowed, as people write it; nothing where it would not help them.
fn detail(detail: &Detail) -> Option<String> {
    let range = |low: &str, high: &str| format!("{low} … {high}");
    Some(match detail {
        Detail::Nothing | Detail::Technical(_) => return None,
        Detail::Words(words) => words.clone(),
        Detail::Number(number) => exact(number),
        Detail::Numbers([low, high]) => range(&exact(low), &exact(high)),
        Detail::PositiveUpTo(high) => format!("> 0, ≤ {}", exact(high)),
        Detail::Day(day) => iso_day(&day.to_string()),
        Detail::Days([first, last]) => range(&iso_day(&first.to_string()), &iso_day(&last.to_string())),
        Detail::Stage(stage) => stage.name(language()).to_owned(),
        Detail::Absence(cause) => cause.name(language()).to_owned(),
        Detail::Result(total, class) => format!("{} {class}", exact(total)),
    })
}

/// A number with all its decimals, else with the exact fraction beside it: two numbers that differ must look different.
fn exact(value: &Exact) -> String {
    if is_shown_whole(value) { quantity(value) } else { format!("{} ({value})", decimal(value)) }
}

fn code(code: RefusalCode) -> &'static str {
    match code {
        RefusalCode::NotEntitled => t::refusal::not_entitled(),
        RefusalCode::WrongStage => t::refusal::wrong_stage(),
        RefusalCode::Contested => t::refusal::contested(),
        RefusalCode::Stale => t::refusal::stale(),
        RefusalCode::Unknown => t::refusal::unknown(),
        RefusalCode::Missing => t::refusal::missing(),
        RefusalCode::OutOfRange => t::refusal::out_of_range(),
        RefusalCode::ReasonRequired => t::refusal::reason_required(),
        RefusalCode::OverLimit => t::refusal::over_limit(),
        RefusalCode::ResultDiffers => t::refusal::result_differs(),
        RefusalCode::UnknownPack => t::refusal::unknown_pack(),
        RefusalCode::UnknownKind => t::refusal::unknown_kind(),
        RefusalCode::Malformed => t::refusal::malformed(),
        RefusalCode::BadSignature => t::refusal::bad_signature(),
        RefusalCode::UnknownKey => t::refusal::unknown_key(),
        RefusalCode::Gap => t::refusal::gap(),
        RefusalCode::Fork => t::refusal::fork(),
        RefusalCode::Circle => t::refusal::circle(),
        RefusalCode::Duplicate => t::refusal::duplicate(),
        RefusalCode::NotAssessed => t::refusal::not_assessed(),
        RefusalCode::NoWork => t::refusal::no_work(),
        // Said whole, with their days or number, above.
        RefusalCode::TooEarly | RefusalCode::TooLate | RefusalCode::NotInForce | RefusalCode::NotCarried => "",
    }
}

#[cfg(test)]
mod tests {
    use shared::op::Stage;
    use shared::time::Day;
    use shared::work::AbsenceCause;

    use super::*;

    fn number(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn what_was_found_is_written_as_people_write_it() {
        for (found, words) in [
            (Detail::Number(number("2.6")), "2,6"),
            (Detail::Number(number("8/3")), "≈ 2,66 (8/3)"),
            (Detail::Numbers([number("0"), number("2.5")]), "0 … 2,5"),
            (Detail::PositiveUpTo(number("100")), "> 0, ≤ 100"),
            (Detail::Day(day("2026-10-31")), "31/10/2026"),
            (Detail::Days([day("2026-10-01"), day("2026-10-20")]), "01/10/2026 … 20/10/2026"),
            (Detail::Stage(Stage::Published), "Đã công bố"),
            (Detail::Absence(AbsenceCause::Sick), "nghỉ ốm"),
            (Detail::Result(number("89.999"), "HTT".into()), "89,999 HTT"),
            (Detail::Words("Trưởng phòng".into()), "Trưởng phòng"),
        ] {
            assert_eq!(detail(&found).as_deref(), Some(words), "{found:?}");
        }
        for hidden in [Detail::Nothing, Detail::technical(&"opid(12)")] {
            assert_eq!(detail(&hidden), None);
        }
    }

    #[test]
    fn a_refusal_names_field_found_and_allowed() {
        let above = Refusal::new(RefusalCode::OutOfRange, "marks.II.1").found(&number("2.6"));
        let words = refusal(&above.allowed(Detail::Numbers([number("0"), number("2.5")])));
        for part in ["II.1", "2,6", "0 … 2,5"] {
            assert!(words.contains(part), "{words}");
        }
        let absent = refusal(&Refusal::new(RefusalCode::NotAssessed, "absence").found(AbsenceCause::Maternity));
        assert!(absent.contains("nghỉ thai sản"), "{absent}");
        let early = Refusal::new(RefusalCode::TooEarly, "day").found(day("2026-10-19")).allowed(day("2026-10-20"));
        let early = refusal(&early);
        assert!(early.contains("20/10/2026") && early.contains("19/10/2026"), "{early}");
    }
}
