//! Compares the results of the same evidence under several packs: whose class changes, and by which clause.

use serde::{Serialize, Serializer};

use super::input::CardInput;
use super::outcome::{Number, Outcome, Status};
use super::{evaluate, json};
use crate::input_error::InputError;
use crate::pack::{Language, Pack, Rule};

/// The results of one card under several packs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Comparison {
    /// A result for each pack, in the order of the request.
    pub results: Vec<Compared>,
    /// Each later pack that gives another class than the first.
    pub changes: Vec<Change>,
}

/// The result of the card under one pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Compared {
    /// The pack.
    pub pack: String,
    /// The status of the result; none if the pack refuses the evidence.
    pub status: Option<Status>,
    /// The total.
    pub total: Option<Number>,
    /// The class.
    pub class: Option<String>,
    /// The clauses that decided the class: the clause of the points, then those of conditions that do not hold.
    pub clauses: Vec<String>,
    /// Parts of the evidence that the pack does not know and that did not count.
    pub left_out: Vec<String>,
    /// Why the pack cannot score the card; in files, as sentences.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_sentences")]
    pub errors: Vec<InputError>,
}

/// A pack that gives another class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Change {
    /// The first pack, and its class.
    pub from: (String, String),
    /// The other pack, and its class.
    pub to: (String, String),
    /// The clauses of the other pack that made the difference.
    pub clauses: Vec<String>,
}

/// Scores a card under each pack. Evidence that a pack does not know is left out and named, never guessed.
#[must_use]
pub fn compare(packs: &[&Pack], input: &CardInput) -> Comparison {
    let results: Vec<Compared> = packs.iter().map(|pack| under(pack, input)).collect();
    let mut changes = Vec::new();
    if let Some((first, others)) = results.split_first()
        && let Some(before) = &first.class
    {
        for other in others {
            if let Some(after) = other.class.as_ref().filter(|after| *after != before) {
                changes.push(Change {
                    from: (first.pack.clone(), before.clone()),
                    to: (other.pack.clone(), after.clone()),
                    clauses: other.clauses.clone(),
                });
            }
        }
    }
    Comparison { results, changes }
}

/// The comparison as JSON, from a card as JSON.
///
/// # Errors
/// A text that is not a card.
pub fn compare_json(packs: &[&Pack], input: &str) -> Result<String, Vec<InputError>> {
    compare_json_in(packs, input, Language::En)
}

/// The same as [`compare_json`], with the sentences in the requested language.
///
/// # Errors
/// As [`compare_json`].
pub fn compare_json_in(packs: &[&Pack], input: &str, language: Language) -> Result<String, Vec<InputError>> {
    Ok(json::to_json(&compare(packs, &json::read_input(input)?).written_in(language)))
}

impl Comparison {
    /// The same comparison, with the sentences in this language.
    #[must_use]
    pub fn written_in(mut self, language: Language) -> Self {
        for compared in &mut self.results {
            let errors = core::mem::take(&mut compared.errors);
            compared.errors = errors.into_iter().map(|error| error.written_in(language)).collect();
        }
        self
    }
}

fn under(pack: &Pack, input: &CardInput) -> Compared {
    let (known, left_out) = known_part(pack, input);
    let compared = Compared {
        pack: pack.id.clone(),
        status: None,
        total: None,
        class: None,
        clauses: Vec::new(),
        left_out,
        errors: Vec::new(),
    };
    match evaluate(pack, &known) {
        Ok(outcome) => Compared {
            status: Some(outcome.status),
            total: outcome.total.clone(),
            class: outcome.class.as_ref().map(|class| class.code.clone()),
            clauses: clauses(pack, &outcome),
            ..compared
        },
        Err(errors) => Compared { errors, ..compared },
    }
}

fn clauses(pack: &Pack, outcome: &Outcome) -> Vec<String> {
    let Some(class) = &outcome.class else { return Vec::new() };
    let by_points = pack.class(&class.by_points).map(|found| found.clause.clone());
    let failed = class.gates.iter().filter(|gate| !gate.holds).map(|gate| gate.clause.clone());
    by_points.into_iter().chain(failed).collect()
}

fn as_sentences<S: Serializer>(errors: &[InputError], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(errors.iter().map(ToString::to_string))
}

/// The evidence that a pack can read, and the names of the rest.
#[must_use]
pub fn known_part(pack: &Pack, input: &CardInput) -> (CardInput, Vec<String>) {
    let mut left_out = Vec::new();
    let mut known = input.clone();
    let role = &input.subject.role;
    let mut keep = |list: &str, key: &str, is_known: bool| {
        if !is_known {
            left_out.push(format!("{list}.{key}"));
        }
        is_known
    };
    known.options.retain(|id, value| {
        let values = pack.option(id).map(|option| &option.values);
        keep("options", id, values.is_some_and(|values| values.iter().any(|allowed| allowed.id == *value)))
    });
    known.criteria.retain(|code, _| keep("criteria", code, pack.criteria_for(role).any(|one| one.code == *code)));
    known.leadership.retain(|id, _| keep("leadership", id, pack.statements_for(role).any(|one| one.id == *id)));
    known.facts.retain(|id, _| keep("facts", id, pack.facts_for(role).any(|one| one.id == *id)));
    known.events.retain(|event| keep("events", &event.code, pack.events_for(role).any(|one| one.code == event.code)));
    known.reasons.retain(|code, _| pack.criteria_for(role).any(|one| one.code == *code));
    known
        .not_applicable
        .retain(|code| keep("not_applicable", code, pack.criteria_for(role).any(|one| one.code == *code)));
    leave_out_lists(pack, role, &mut known, &mut left_out);
    let CardInput { facts, leadership, sources, .. } = &mut known;
    sources.retain(|field, _| {
        field.strip_prefix("facts.").is_some_and(|id| facts.contains_key(id))
            || field.strip_prefix("leadership.").is_some_and(|id| leadership.contains_key(id))
    });
    (known, left_out)
}

/// Removes whole lists that a pack does not read.
fn leave_out_lists(pack: &Pack, role: &str, known: &mut CardInput, left_out: &mut Vec<String>) {
    let mut leave = |name: &str, is_read: bool, is_empty: bool| {
        let out = !is_read && !is_empty;
        if out {
            left_out.push(name.to_owned());
        }
        out
    };
    let reads = |rule: fn(&Rule) -> bool| pack.components_for(role).any(|component| rule(&component.rule));
    if leave("work", pack.counts_work(role), known.work.is_empty()) {
        known.work.clear();
    }
    if leave("products", reads(|rule| matches!(rule, Rule::Products { .. })), known.products.is_empty()) {
        known.products.clear();
    }
    let follows = pack.statements_for(role).any(|statement| statement.subordinates_min.is_some());
    if leave("subordinates", follows, known.subordinates.is_empty()) {
        known.subordinates.clear();
    }
    // A class of the self-score that the pack does not have cannot be compared with the pack's classes.
    let class = known.self_score.as_ref().and_then(|own| own.class.as_ref());
    let compares = pack.appraisal_gap.is_some() && class.is_none_or(|code| pack.class(code).is_some());
    if leave("self", compares, known.self_score.is_none()) {
        known.self_score = None;
    }
}
