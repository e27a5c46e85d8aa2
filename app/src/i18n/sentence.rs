//! Codes as sentences: what was refused, what was found, what is allowed.

use shared::num::Exact;
use shared::op::{Detail, Refusal, RefusalCode, Stage};
use shared::pack::{Pack, cited};
use shared::score::InputError;
use shared::time::Millis;

use super::{clock_text, decimal, is_shown_whole, iso_day, language, quantity, t};
use crate::state::{ActError, Link, ReadOnly, SignInError};

/// A clause of a regulation as people cite it, with its instrument.
pub(crate) fn clause_words(pack: &Pack, clause: &str) -> String {
    cited(pack, clause, language())
}

/// A refusal as a sentence with the field, what was found and what is allowed.
pub(crate) fn refusal(refusal: &Refusal) -> String {
    let (found, allowed) = (detail(&refusal.found), detail(&refusal.allowed));
    let said = |words: &Option<String>| words.clone().unwrap_or_default();
    match refusal.code {
        RefusalCode::TooEarly if refusal.field == "period" => {
            return t::refusal::not_begun(&said(&allowed), &said(&found));
        }
        RefusalCode::TooEarly => return t::refusal::too_early(&said(&allowed), &said(&found)),
        RefusalCode::NotInForce => return t::refusal::not_in_force(&said(&allowed), &said(&found)),
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

/// Why an act was not saved.
pub(crate) fn act_error(error: &ActError) -> String {
    match error {
        ActError::Refused(reason) => refusal(reason),
        ActError::SignedOut => t::act::signed_out().to_owned(),
        ActError::ReadOnly(why) => read_only(*why).to_owned(),
        ActError::Full => t::act::full().to_owned(),
        ActError::Device(words) => t::act::device(words),
    }
}

/// How the tablet stands with the office.
pub(crate) fn link_state(link: Link, now: Millis) -> String {
    match link {
        Link::InTouch { at } => t::link::in_touch(&clock_text(at, now)),
        Link::Offline { since } => t::link::not_since(&clock_text(since, now)),
        Link::Contacting => t::link::contacting().to_owned(),
        Link::SignInNeeded => t::link::sign_in_needed().to_owned(),
        Link::OtherVersion => t::link::other_version().to_owned(),
    }
}

/// Why this tab may look but not write.
pub(crate) fn read_only(why: ReadOnly) -> &'static str {
    match why {
        ReadOnly::NoJournal => t::act::no_journal(),
        ReadOnly::OtherTab => t::act::other_tab(),
    }
}

/// What the scoring engine refused, in the reader's language.
pub(crate) fn input_error(error: &InputError) -> String {
    let sentence = error.sentence(language());
    match sentence.strip_prefix(&error.field) {
        Some(rest) => format!("{}{rest}", field(&error.field)),
        None => sentence,
    }
}

/// A stage in words.
pub(crate) fn stage_name(stage: Stage) -> &'static str {
    stage.name(language())
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
        // Said whole, with their days, above.
        RefusalCode::TooEarly | RefusalCode::NotInForce => "",
    }
}

/// The name of a field for people; criteria keep their code, technical fields have no name.
fn field(path: &str) -> String {
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    match head {
        "marks" | "criteria" => t::field::criterion(rest),
        "leadership" => t::field::leadership().to_owned(),
        "facts" => t::field::fact(rest),
        _ => t_field(path.rsplit('.').next().unwrap_or(path)).to_owned(),
    }
}

fn t_field(name: &str) -> &'static str {
    match name {
        "reason" | "explanation" => t::field::reason(),
        "comment" => t::field::comment(),
        "strengths" => t::field::strengths(),
        "weaknesses" => t::field::weaknesses(),
        "completed" => t::field::completed(),
        "assigned" => t::field::assigned(),
        "coefficient" => t::field::coefficient(),
        "name" => t::field::name(),
        "note" => t::field::note(),
        "evidence" => t::field::evidence(),
        "cause_text" => t::field::cause(),
        "failed_reviews" => t::field::failed_reviews(),
        "late_times" => t::field::late_times(),
        "late_days" => t::field::late_days(),
        "finished" => t::field::finished(),
        "lines" | "line" | "work" => t::field::lines(),
        "led" => t::field::led(),
        "total" | "class" => t::field::result(),
        _ => "",
    }
}

/// Why a sign-in did not go through, as a sentence.
pub(crate) fn sign_in_words(error: &SignInError) -> String {
    match error {
        SignInError::Wrong => t::sign_in::wrong().to_owned(),
        SignInError::Unreachable => t::sign_in::unreachable().to_owned(),
        SignInError::TooMany => t::sign_in::too_many().to_owned(),
        SignInError::Wait { seconds } => t::sign_in::wait(usize::try_from(*seconds).unwrap_or(usize::MAX)),
        SignInError::Closed { no_post: true } => t::sign_in::no_post().to_owned(),
        SignInError::Closed { no_post: false } => t::sign_in::closed().to_owned(),
        SignInError::Device(found) => t::act::device(found),
    }
}

#[cfg(test)]
mod tests {
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
