//! The steps of a regulation in words: who may do one, from when, until when.

use shared::pack::{Actor, Due, DueFrom, Named, Opening, Pack, Place, RecordsOf, Step, Verb};

use super::{language, t};

/// A step in one or two words.
pub(crate) fn step_word(step: &Step) -> &'static str {
    match step.verb {
        Verb::Plan => t::steps::plan(),
        Verb::Report => t::steps::report(),
        Verb::Mark if step.by == [Actor::Subject] => t::steps::mark_self(),
        Verb::Mark => t::steps::mark(),
        Verb::Vote => t::steps::vote(),
        Verb::Opine => t::steps::opine(),
        Verb::Decide => t::steps::decide(),
        Verb::Notify => t::steps::notify(),
        Verb::Object => t::steps::object(),
        Verb::Answer => t::steps::answer(),
        Verb::Collect => t::steps::collect(),
        Verb::Confirm => t::steps::confirm(),
    }
}

/// Who may do a step: the first rule that finds somebody.
pub(crate) fn actors(pack: &Pack, rules: &[Actor]) -> String {
    let each = rules.iter().map(|rule| actor(pack, rule));
    each.reduce(|first, then| t::steps::actor_else(&first, &lowered(&then))).unwrap_or_default()
}

fn actor(pack: &Pack, rule: &Actor) -> String {
    match rule {
        Actor::Subject => t::steps::subject().to_owned(),
        Actor::Head(at) => t::steps::head(place(*at)),
        Actor::Deputy(at) => t::steps::deputy(place(*at)),
        Actor::Position(held) => t::steps::position(title(&pack.positions, &held.id), place(held.at)),
        Actor::Member(body) => t::steps::member(title(&pack.bodies, body)),
        Actor::Appointed => t::steps::appointed().to_owned(),
        Actor::Assigner => t::steps::assigner().to_owned(),
        Actor::Managing => t::steps::managing().to_owned(),
        Actor::Personnel(RecordsOf::Agency) => t::steps::personnel().to_owned(),
        Actor::Personnel(RecordsOf::Above) => t::steps::personnel_above().to_owned(),
        Actor::AnyOf(rules) => {
            let each = rules.iter().map(|rule| actor(pack, rule));
            each.reduce(|one, other| t::steps::actor_or(&one, &lowered(&other))).unwrap_or_default()
        }
        Actor::FirstOf(rules) => actors(pack, rules),
    }
}

fn place(at: Place) -> &'static str {
    match at {
        Place::OwnUnit => t::steps::at_own_unit(),
        Place::Parent => t::steps::at_parent(),
        Place::Agency => t::steps::at_agency(),
        Place::Region => t::steps::at_region(),
        Place::Bound => t::steps::at_bound(),
    }
}

/// The name of a position or a body.
fn title<'a>(list: &'a [Named], id: &'a str) -> &'a str {
    list.iter().find(|one| one.id == id).map_or(id, |one| one.title.get(language()))
}

/// Words that stand inside a sentence, with a small first letter.
pub(crate) fn lowered(words: &str) -> String {
    let mut letters = words.chars();
    let Some(first) = letters.next() else { return String::new() };
    // "UBND xã" stays as it is.
    if letters.clone().next().is_some_and(char::is_uppercase) {
        return words.to_owned();
    }
    first.to_lowercase().chain(letters).collect()
}

/// The first days on which a step may be done.
pub(crate) fn opening(opens: Opening) -> Vec<String> {
    let from = opens.from.map(|day| t::steps::opens_day(&day.to_string()));
    let december = opens.december.map(|day| t::steps::opens_december(&day.to_string()));
    from.into_iter().chain(december).collect()
}

/// The last days of a step.
pub(crate) fn due(due: Due) -> Vec<String> {
    let Some(number) = due.by.or(due.before) else { return Vec::new() };
    let number = number.to_string();
    let in_time = due.by.is_some();
    let day = match (due.of, due.working_days, in_time) {
        (DueFrom::Step, true, _) => t::steps::within_working_step(&number),
        (DueFrom::Step, false, _) => t::steps::within_days(&number),
        (DueFrom::PeriodStart, true, _) => t::steps::within_working_start(&number),
        (_, true, _) => t::steps::within_working_end(&number),
        (DueFrom::PeriodStart, false, true) => t::steps::until_start(&number),
        (DueFrom::PeriodStart, false, false) => t::steps::before_start(&number),
        (DueFrom::PeriodEnd, false, true) => t::steps::until_day(&number),
        (DueFrom::PeriodEnd, false, false) => t::steps::before_day(&number),
        (DueFrom::NextPeriod, false, true) => t::steps::until_next(&number),
        (DueFrom::NextPeriod, false, false) => t::steps::before_next(&number),
    };
    let december = due.december.map(|day| match in_time {
        true => t::steps::until_december(&day.to_string()),
        false => t::steps::before_december(&day.to_string()),
    });
    [Some(day), december].into_iter().flatten().collect()
}
