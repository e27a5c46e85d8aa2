//! Operations and registers, described in words.

use shared::card::Value;
use shared::ids::OpId;
use shared::op::{
    CardKey, Document, DraftValue, EventStated, LineReview, Payload, ProductStated, Reckoned, Register, Stated, Target,
};
use shared::pack::{self, PackAdoption, ProductRule};
use shared::state::State;
use shared::unit_period::{Collection, Confirmation};

use super::super::decided::{notes, points_words};
use super::super::events::event_words;
use super::super::faults::fault_words;
use super::super::products::product_words;
use super::super::roster;
use super::super::said::says_words;
use super::super::work::line_title;
use crate::components::{class_title, word_title};
use crate::i18n::{language, mark, percent, period_name, quantity, stage_name, t};
use crate::state::Workspace;

/// The kind of the acts by which a unit adopts a pack.
pub(super) const ADOPT_PACK: u16 = 4;

/// The name of an act, by the number of its kind.
pub(super) fn act(kind: u16) -> &'static str {
    match kind {
        ADOPT_PACK => t::did::adopt(),
        20 => t::did::assign(),
        21 => t::did::revise(),
        22 => t::did::remove(),
        23 => t::did::report(),
        24 => t::did::draft(),
        30 => t::did::submit(),
        31 => t::did::withdraw(),
        32 => t::did::appraise(),
        33 => t::did::approve(),
        34 => t::did::publish(),
        35 => t::did::send_back(),
        36 => t::did::resolve(),
        37 => t::did::record_absence(),
        38 => t::did::lift_absence(),
        40 => t::did::collect(),
        41 => t::did::confirm(),
        43 => t::did::record_fault(),
        44 => t::did::lift_fault(),
        50 => t::did::evaluate(),
        _ => t::did::other(),
    }
}

/// The person and month of a card.
pub(super) fn target(state: &State, target: &Target) -> String {
    match target {
        Target::Card(key) => card(state, key),
        Target::UnitPeriod(key) => format!("{} · {}", roster::unit_name(&state.org, key.unit), period_name(key.period)),
        Target::Org | Target::WorkList(_) => String::new(),
    }
}

/// The person and period of a card, and its regulation where the person has several.
pub(super) fn card(state: &State, key: &CardKey) -> String {
    let words = format!("{} · {}", roster::name(&state.org, key.subject), period_name(key.period));
    match roster::regulation(state, key) {
        Some(regulation) => format!("{words} · {regulation}"),
        None => words,
    }
}

/// The name of what a register holds.
pub(super) fn register(state: &State, key: &CardKey, register: &Register) -> String {
    let line = |id| {
        let found = state.card(key).and_then(|card| card.line(id));
        found.map(|line| line_title(state, line.plan)).unwrap_or_default()
    };
    match register {
        Register::Plan(id) => t::register::plan(&line(*id)),
        Register::Progress(id) => t::register::progress(&line(*id)),
        Register::Draft(field) => t::register::draft(&field.field),
        Register::SelfScore => t::register::self_score().to_owned(),
        Register::Appraisal(_) => t::register::appraisal().to_owned(),
        Register::Slot(..) => t::register::slot().to_owned(),
        Register::Finding(_, id) => t::register::finding(&line(*id)),
        Register::Voice(..) => t::register::voice().to_owned(),
        Register::Approval(_) => t::register::approval().to_owned(),
        Register::Publication => t::register::publication().to_owned(),
        Register::Absence => t::register::absence().to_owned(),
        Register::Fault(_) => t::fault::title().to_owned(),
    }
}

/// The content of an own act, row by row.
pub(super) fn content_of(workspace: Workspace, op: OpId, target: &Target) -> Vec<(String, String)> {
    let intent = workspace.with_replica(|replica| {
        let own = replica.own().find(|own| own.id == op)?;
        own.body.intent().ok()
    });
    workspace.with_view(|state| match (intent.flatten(), target) {
        (Some(Payload::AdoptPack(adoption)), _) => adopted(state, &adoption),
        (Some(Payload::Collect(_, bytes)), _) => Collection::from_bytes(&bytes).map_or_else(|_| Vec::new(), reported),
        (Some(Payload::Confirm(_, bytes)), _) => Confirmation::from_bytes(&bytes).map_or_else(|_| Vec::new(), answered),
        (Some(intent), Target::Card(key)) => content(state, key, intent),
        _ => Vec::new(),
    })
}

fn reported(collection: Collection) -> Vec<(String, String)> {
    let counts = t::sync::reported(collection.results.len(), collection.missing.len());
    vec![(t::sync::report().to_owned(), counts), (t::field::note().to_owned(), collection.comment)]
}

fn answered(confirmation: Confirmation) -> Vec<(String, String)> {
    let name = if confirmation.sent_back { t::field::reason() } else { t::field::note() };
    vec![(name.to_owned(), confirmation.note)]
}

fn adopted(state: &State, adoption: &PackAdoption) -> Vec<(String, String)> {
    let title = adoption.rules().map_or(&*adoption.id, |pack| pack.title.get(language()));
    let until = adoption.to.map(|to| format!(" – {}", to.vietnamese())).unwrap_or_default();
    let row = |name: &str, said: String| (name.to_owned(), said);
    vec![
        row(t::sync::decision_pack(), title.to_owned()),
        row(t::sync::decision_unit(), roster::unit_name(&state.org, adoption.unit)),
        row(t::sync::decision_from(), format!("{}{until}", adoption.from.vietnamese())),
        row(t::sync::decision(), adoption.decision.clone()),
        row(t::outside::opens(), adoption.opens.map(|day| day.to_string()).unwrap_or_default()),
        row(t::outside::cut_off(), adoption.cut_off.map(|day| day.to_string()).unwrap_or_default()),
    ]
}

fn content(state: &State, key: &CardKey, intent: Payload) -> Vec<(String, String)> {
    let reason = |reason: String| (t::field::reason().to_owned(), reason);
    let line = |id| (t::field::name().to_owned(), register(state, key, &Register::Progress(id)));
    match intent {
        Payload::AssignWork(lines) => {
            lines.into_iter().flat_map(|plan| fields(state, key, &Value::Plan(plan))).collect()
        }
        Payload::CarryWork(lines) => {
            lines.into_iter().flat_map(|line| fields(state, key, &Value::Plan(line.plan))).collect()
        }
        Payload::ReviseLine { plan, .. } => fields(state, key, &Value::Plan(plan)),
        Payload::RemoveLine { line: id, reason: why } => vec![line(id), reason(why)],
        Payload::ReportProgress { line: id, progress } => {
            std::iter::once(line(id)).chain(fields(state, key, &Value::Progress(progress))).collect()
        }
        Payload::SaveDraft { fields: drafts, .. } => {
            let one = |(_, value): (String, DraftValue)| fields(state, key, &Value::Draft(value));
            drafts.into_iter().flat_map(one).collect()
        }
        Payload::SubmitSelfScore(score) => fields(state, key, &Value::SelfScore(score)),
        Payload::Appraise(_, appraisal) | Payload::FillSlot(_, appraisal) => {
            fields(state, key, &Value::Appraisal(appraisal))
        }
        Payload::EvaluateLines(_, findings) => {
            let one = |(id, found)| std::iter::once(line(id)).chain(fields(state, key, &Value::Finding(found)));
            findings.into_iter().flat_map(one).collect()
        }
        Payload::Speak(_, voice) => fields(state, key, &Value::Voice(voice)),
        Payload::Approve(_, approval) => fields(state, key, &Value::Approval(approval)),
        Payload::Publish(publication) => fields(state, key, &Value::Publication(publication)),
        Payload::ReturnCard { to, reason: why } => {
            vec![(t::sync::back_to().to_owned(), stage_name(to).to_owned()), reason(why)]
        }
        Payload::WithdrawSelfScore { reason: why }
        | Payload::LiftAbsence { reason: why }
        | Payload::LiftFault { reason: why, .. } => vec![reason(why)],
        Payload::RecordFault(fault) => fields(state, key, &Value::Fault(fault)),
        Payload::RecordAbsence(absence) => fields(state, key, &Value::Absence(absence)),
        Payload::Resolve { register: place, reason: why, .. } => {
            vec![(t::sync::field().to_owned(), register(state, key, &place)), reason(why)]
        }
        // These are no acts on a card.
        Payload::PutUnit(_)
        | Payload::PutPerson(_)
        | Payload::PutPost(_)
        | Payload::AdoptPack(_)
        | Payload::PutMandate(_)
        | Payload::PutProducts(_)
        | Payload::AdoptWorkList(_)
        | Payload::Collect(..)
        | Payload::Confirm(..) => Vec::new(),
    }
}

/// A value as rows of name and content. Two values of one register have the same names in the same order.
pub(super) fn fields(state: &State, key: &CardKey, value: &Value) -> Vec<(String, String)> {
    let text = |name: &str, content: &str| (name.to_owned(), content.to_owned());
    let marks = |marks: &shared::sorted_map::Map<String, shared::op::Mark>| {
        marks.iter().map(|(code, given)| (code.clone(), mark(&given.value))).collect::<Vec<_>>()
    };
    let shares = |shares: &shared::sorted_map::Map<String, shared::op::Mark>| {
        let title = |code: &String| {
            let statement = pack::pinned(&key.pack)?.statements.iter().find(|statement| statement.id == *code)?;
            Some(statement.title.get(language()).to_owned())
        };
        let row = |(code, given): (&String, &shared::op::Mark)| {
            (title(code).unwrap_or_else(|| code.clone()), percent(&given.value))
        };
        shares.iter().map(row).collect::<Vec<_>>()
    };
    match value {
        Value::Plan(plan) => vec![
            (t::field::name().to_owned(), line_title(state, plan)),
            (t::field::assigned().to_owned(), quantity(&plan.assigned)),
            (t::product::level().to_owned(), level_title(key, plan.level.as_ref())),
            (t::details::due_day().to_owned(), plan.due.map(|due| due.vietnamese()).unwrap_or_default()),
        ],
        Value::Progress(progress) => vec![
            (t::field::completed().to_owned(), quantity(&progress.completed)),
            (t::details::late_times().to_owned(), progress.late_times.to_string()),
            (t::details::late_days().to_owned(), progress.late_days.to_string()),
            (t::details::failed_reviews().to_owned(), progress.failed_reviews.to_string()),
            text(t::field::evidence(), &progress.evidence),
        ],
        Value::Draft(draft) => {
            vec![(t::field::result().to_owned(), drafted(key, draft)), text(t::field::reason(), &draft.text)]
        }
        Value::SelfScore(score) => {
            let mut rows = marks(&score.marks);
            rows.extend(shares(&score.leadership));
            rows.extend(stated(key, &score.stated));
            rows.extend([
                text(t::field::strengths(), &score.strengths),
                text(t::field::weaknesses(), &score.weaknesses),
            ]);
            rows
        }
        Value::Appraisal(appraisal) => {
            let mut rows = marks(&appraisal.marks);
            rows.extend(shares(&appraisal.leadership));
            rows.extend(stated(key, &appraisal.stated));
            rows.extend(gap(key).then(|| text(t::product::gap_label(), &appraisal.explanation)));
            rows.extend([
                (t::review::found().to_owned(), appraisal.lines.len().to_string()),
                text(t::field::comment(), &appraisal.comment),
            ]);
            rows
        }
        Value::Finding(found) => found_fields(found),
        Value::Approval(approval) => vec![
            (t::field::result().to_owned(), points_words(approval.total.as_ref())),
            (t::unit::class().to_owned(), class(key, &approval.class)),
            (t::outside::otherwise().to_owned(), decided(key, approval.reckoned.as_ref(), approval.document.as_ref())),
        ],
        Value::Publication(publication) => vec![(t::unit::class().to_owned(), class(key, &publication.class))],
        other => beside_scores(key, other),
    }
}

/// What is written on a card beside work, scores and decisions.
fn beside_scores(key: &CardKey, value: &Value) -> Vec<(String, String)> {
    let row = |name: &str, content: &str| (name.to_owned(), content.to_owned());
    match value {
        Value::Absence(absence) => {
            vec![row(t::field::reason(), absence.cause.name(language())), row(t::field::note(), &absence.note)]
        }
        Value::Voice(voice) => vec![
            row(t::register::voice(), &says_words(pack::pinned(&key.pack), voice)),
            row(t::field::said(), &voice.words),
        ],
        Value::Fault(fault) => vec![row(t::fault::which(), &fault_words(key, fault))],
        Value::Cleared(reason) => vec![row(t::register::cleared(), reason)],
        _ => Vec::new(),
    }
}

/// What is stated beside marks, a row for each kind that the pack asks for, whether it is stated or not.
fn stated(key: &CardKey, stated: &Stated) -> Vec<(String, String)> {
    let Some(pack) = pack::pinned(&key.pack) else { return Vec::new() };
    let event = |(code, event): (&String, &EventStated)| {
        let rule = pack.event(code);
        let title = rule.map_or(code.as_str(), |rule| rule.title.get(language()));
        format!("{title}: {}", event_words(Some(event)))
    };
    let joined = |words: Vec<String>| words.join("; ");
    let events = (!pack.events.is_empty())
        .then(|| (t::special::events().to_owned(), joined(stated.events.iter().map(event).collect())));
    let without = pack
        .option("not_applicable")
        .map(|_| (t::special::without().to_owned(), joined(stated.without.keys().cloned().collect())));
    let products = pack.products.as_ref().map(|rule| {
        (t::product::title().to_owned(), joined(stated.products.values().map(|one| product(rule, one)).collect()))
    });
    let positions = pack.work.as_ref().map_or(&[][..], |work| &work.positions);
    let position = (!positions.is_empty()).then(|| {
        let named = stated.position.as_ref().map(|one| word_title(positions, &one.id));
        (t::product::position().to_owned(), named.unwrap_or_default())
    });
    [events, without, products, position].into_iter().flatten().collect()
}

fn product(rule: &'static ProductRule, product: &ProductStated) -> String {
    if product.struck {
        return format!("{}: {}", product.name, t::product::not_counted());
    }
    format!("{}: {}", product.name, product_words(rule, product))
}

/// A field of a draft in words.
fn drafted(key: &CardKey, draft: &DraftValue) -> String {
    let rule = pack::pinned(&key.pack).and_then(|pack| pack.products.as_ref());
    match (&draft.value, &draft.event, rule.zip(draft.product.as_ref())) {
        (Some(value), ..) => mark(value),
        (None, Some(event), _) => event_words(Some(event)),
        (None, None, Some((rule, stated))) => product(rule, stated),
        _ => String::new(),
    }
}

fn gap(key: &CardKey) -> bool {
    pack::pinned(&key.pack).is_some_and(|pack| pack.appraisal_gap.is_some())
}

fn level_title(key: &CardKey, level: Option<&String>) -> String {
    let work = pack::pinned(&key.pack).and_then(|pack| pack.work.as_ref());
    level.map(|level| word_title(work.map_or(&[], |work| &work.difficulties), level)).unwrap_or_default()
}

/// What was found of a line.
fn found_fields(found: &LineReview) -> Vec<(String, String)> {
    vec![
        (t::review::accepted().to_owned(), quantity(&found.completed)),
        (t::details::late_times().to_owned(), found.late_times.to_string()),
        (t::details::late_days().to_owned(), found.late_days.to_string()),
        (t::details::failed_reviews().to_owned(), found.failed_reviews.to_string()),
        (t::field::reason().to_owned(), found.reason.clone()),
    ]
}

fn decided(key: &CardKey, reckoned: Option<&Reckoned>, document: Option<&Document>) -> String {
    pack::pinned(&key.pack).map(|pack| notes(pack, reckoned, document).join(" ")).unwrap_or_default()
}

fn class(key: &CardKey, code: &str) -> String {
    pack::pinned(&key.pack).map_or_else(|| code.to_owned(), |pack| class_title(pack, code))
}

#[cfg(test)]
mod tests {
    use shared::op::{Absence, Register, Stage};
    use shared::work::AbsenceCause;

    use super::*;

    #[test]
    fn no_act_without_marks_or_work_is_shown_as_an_empty_table() {
        let key = CardKey {
            subject: shared::ids::PersonId::from_bytes([5; 16]).into(),
            period: "2026-10".parse().unwrap(),
            pack: shared::ids::PackHash::default(),
        };
        let why = || "Nhập nhầm kỳ".to_owned();
        for intent in [
            Payload::RecordAbsence(Absence { cause: AbsenceCause::Sick, note: why() }),
            Payload::LiftAbsence { reason: why() },
            Payload::WithdrawSelfScore { reason: why() },
            Payload::ReturnCard { to: Stage::Working, reason: why() },
            Payload::Resolve { register: Register::SelfScore, choice: OpId::of(b"one"), reason: why() },
        ] {
            let rows = content(&State::default(), &key, intent.clone());
            assert!(rows.iter().any(|(_, content)| *content == why()), "{intent:?}: {rows:?}");
        }
    }
}
