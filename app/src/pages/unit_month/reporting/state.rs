//! How far a report is, in words.

use leptos::prelude::*;
use shared::ids::PersonId;
use shared::op::Target;
use shared::report::Reporting;
use shared::time::Millis;

use super::super::super::roster;
use crate::components::{Icon, Tone, tag};
use crate::i18n::{clock_text, t};
use crate::state::Workspace;

/// How far a report is, as a chip.
pub(super) fn tag_of(reporting: &Reporting) -> AnyView {
    if is_only_here(reporting) {
        return tag(Tone::Here, Icon::Tablet, t::reporting::only_here());
    }
    match (reporting.waiting.len(), &reporting.answer) {
        (0, None) if is_late(reporting) => tag(Tone::Care, Icon::Warning, t::reporting::late()),
        (0, None) => tag(Tone::Here, Icon::Clock, t::reporting::not_yet()),
        (0, Some(answer)) if answer.confirmation.sent_back => {
            tag(Tone::Care, Icon::Back, t::reporting::was_sent_back())
        }
        (0, Some(_)) => tag(Tone::Safe, Icon::DoubleTick, t::reporting::received()),
        (1, _) => tag(Tone::Sent, Icon::Clock, t::reporting::waiting()),
        (several, _) => tag(Tone::Care, Icon::Warning, t::reporting::several(several)),
    }
}

/// Whether the last act on it is only on this device.
fn is_only_here(reporting: &Reporting) -> bool {
    let target = Target::UnitPeriod(reporting.key.clone());
    let waits = Workspace::get().with_replica(|replica| replica.unsent().any(|own| own.body.target == target));
    waits.unwrap_or_default()
}

fn is_late(reporting: &Reporting) -> bool {
    reporting.due.is_some_and(|due| Workspace::get().today() > due)
}

/// Who reported and answered, when, with which words; before that, until when the report is in time.
pub(super) fn said(reporting: &Reporting) -> Vec<String> {
    let by = |words: fn(&str, &str) -> String, person: PersonId, at: Millis| {
        let workspace = Workspace::get();
        let name = workspace.with_view(|state| roster::name(&state.org, person));
        words(&name, &clock_text(at, workspace.now()))
    };
    let mut said: Vec<String> = Vec::new();
    let answered = reporting.answer.as_ref().and_then(|answer| answer.report.as_ref());
    for report in answered.into_iter().chain(&reporting.waiting) {
        said.push(by(t::reporting::filed_by, report.by, report.at));
        said.push(report.collection.comment.clone());
    }
    if let Some(answer) = &reporting.answer {
        let words = if answer.confirmation.sent_back { t::reporting::sent_back_by } else { t::reporting::received_by };
        said.push(by(words, answer.by, answer.at));
        said.push(answer.confirmation.note.clone());
    }
    if said.is_empty() {
        said.extend(reporting.due.map(|due| t::reporting::due(&due.vietnamese())));
    } else if !reporting.is_settled() && !reporting.says_today() {
        said.push(t::reporting::changed().to_owned());
    }
    said.retain(|words| !words.is_empty());
    said
}

/// How many units have reported, and which not.
pub(super) fn overview(all: &[Reporting]) -> String {
    let received = all.iter().filter(|one| one.is_received()).count();
    let waiting = all.iter().filter(|one| !one.waiting.is_empty()).count();
    let open: Vec<&str> =
        all.iter().filter(|one| one.waiting.is_empty() && !one.is_received()).map(|one| one.unit.as_str()).collect();
    let counts = t::reporting::overview(received, all.len(), waiting);
    if open.is_empty() { counts } else { format!("{counts} {}", t::reporting::open_units(&open.join(", "))) }
}
