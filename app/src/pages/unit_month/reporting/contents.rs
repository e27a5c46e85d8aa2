//! What a report says: every result, and who has none.

use leptos::prelude::*;
use shared::card::Side;
use shared::ids::PersonId;
use shared::op::{CardKey, UnitPeriod};
use shared::pack;
use shared::report::Reporting;
use shared::unit_period::{Collected, Collection, Gap};

use super::super::super::decided::{notes, points_words};
use super::super::super::roster;
use crate::components::class_title;
use crate::i18n::{stage_name, t};
use crate::state::{View, Workspace};

/// "12/14 đồng chí có kết quả".
pub(super) fn summary(collection: &Collection) -> String {
    let absent = collection.missing.iter().filter(|missing| missing.gap == Gap::NotAssessed).count();
    let all = collection.results.len() + collection.missing.len() - absent;
    let words = t::reporting::results(collection.results.len(), all);
    if absent > 0 { format!("{words} {}", t::unit::absent(absent)) } else { words }
}

/// More names than these are folded: a person reads the count first.
const NAMES_SHOWN_MAX: usize = 8;

/// Who has no result yet, by reason.
pub(super) fn missing_by_reason(collection: &Collection) -> Vec<(Gap, Vec<String>)> {
    let mut reasons: Vec<(Gap, Vec<String>)> = Vec::new();
    Workspace::get().with_view(|state| {
        for missing in collection.missing.iter().filter(|missing| missing.gap != Gap::NotAssessed) {
            let name = roster::name(&state.org, missing.subject);
            match reasons.iter_mut().find(|(gap, _)| *gap == missing.gap) {
                Some((_, names)) => names.push(name),
                None => reasons.push((missing.gap, vec![name])),
            }
        }
    });
    reasons
}

/// How many have no result yet, then their names by reason. Nothing where nobody is missing.
pub(super) fn missing(collection: &Collection) -> impl IntoView + use<> {
    let reasons = missing_by_reason(collection);
    let count: usize = reasons.iter().map(|(_, names)| names.len()).sum();
    let row = |(gap, names): (Gap, Vec<String>)| {
        let (reason, listed) = (t::reporting::why(why(gap), names.len()), names.join(", "));
        if names.len() > NAMES_SHOWN_MAX {
            view! { <details><summary>{reason}</summary><p>{listed}</p></details> }.into_any()
        } else {
            view! { <p>{format!("{reason}: {listed}.")}</p> }.into_any()
        }
    };
    let rows = reasons.into_iter().map(row).collect_view();
    (count > 0).then(|| view! { <div class="stack tight"><p>{t::reporting::missing(count)}</p>{rows}</div> })
}

fn why(gap: Gap) -> &'static str {
    match gap {
        Gap::NotAssessed => t::absence::not_assessed(),
        Gap::At(stage) => stage_name(stage),
        Gap::Contested => t::line::contested(),
    }
}

/// The report as it was filed, or else as it would be filed now, and what can be done with it more rarely.
#[component]
pub(super) fn Contents(reporting: Reporting, children: Children) -> impl IntoView {
    let missing = missing(reporting.shown());
    let row = |result: &Collected| {
        let (name, points, class) = Workspace::get().with_view(|state| told(state, &reporting.key, result));
        view! { <tr><th scope="row">{name}</th><td class="number">{points}</td><td class="words">{class}</td></tr> }
    };
    let results = &reporting.shown().results;
    let rows = results.iter().map(row).collect_view();
    let table = (!results.is_empty()).then(|| {
        view! {
            <table>
                <thead><tr>
                    <th scope="col">{t::unit::name()}</th>
                    <th scope="col" class="number">{t::unit::approved()}</th>
                    <th scope="col">{t::unit::class()}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    });
    view! {
        <details>
            <summary>{t::reporting::contents()}</summary>
            <div class="stack tight">
                {missing}
                {table}
                {children()}
            </div>
        </details>
    }
}

/// Name, points and class. The own result stays hidden until it is made known.
fn told(state: &View, key: &UnitPeriod, result: &Collected) -> (String, String, String) {
    let me: Option<PersonId> = untrack(|| Workspace::get().person().get()).map(|me| me.person);
    let card = CardKey { subject: result.subject, period: key.period, pack: key.pack };
    let name = roster::name(&state.org, result.subject);
    if me.is_some_and(|me| state.speaker(&card) == me && !state.may_know(me, &card, Side::Appraised)) {
        return (name, "–".to_owned(), t::unit::withheld().to_owned());
    }
    let class = pack::pinned(&key.pack).map(|pack| class_title(pack, &result.class)).unwrap_or_default();
    let notes = pack::pinned(&key.pack).map(|pack| notes(pack, result.reckoned.as_ref(), result.document.as_ref()));
    let class = std::iter::once(class).chain(notes.unwrap_or_default()).collect::<Vec<_>>().join(". ");
    (name, points_words(result.total.as_ref()), class)
}
