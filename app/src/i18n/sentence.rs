//! Codes as sentences: why something was not done, how the device stands with the server.

use shared::op::Stage;
use shared::pack::{Pack, cited};
use shared::score::InputError;
use shared::time::Millis;

use super::{clock_text, language, t};
use crate::state::{ActError, Link, ReadOnly, SignInError};

/// A clause of a regulation as people cite it, with its instrument.
pub(crate) fn clause_words(pack: &Pack, clause: &str) -> String {
    cited(pack, clause, language())
}

/// Why an act was not saved. Why it was refused is told by [`super::refusal`].
pub(crate) fn act_error(error: &ActError) -> String {
    match error {
        ActError::Refused(_) => t::act::refused().to_owned(),
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

/// The name of a field for people; criteria keep their code, technical fields have no name.
pub(super) fn field(path: &str) -> String {
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    match head {
        "marks" | "criteria" => t::field::criterion(rest),
        "leadership" => t::field::leadership().to_owned(),
        "facts" => t::field::fact(rest),
        "events" => t::field::fact(rest.split('.').next().unwrap_or(rest)),
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
