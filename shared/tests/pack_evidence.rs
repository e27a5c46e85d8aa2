//! Whatever the rules of a pack read has a place on a card. What has none yet is listed, so that nobody has to find out.
#![cfg(feature = "author")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::*;
use shared::card::{Card, Reading, Side};
use shared::op::{Appraisal, CardKey, EventStated, FactValue, Mark, Payload};
use shared::pack::{self, FactKind, NotApplicable, Pack, Rule, Switches};
use shared::score::{CardInput, Form};
use shared::sorted_map::Map;

/// What has no place on a card yet: kind of evidence, and the packs whose rules read it.
const OPEN: [(&str, &[&str]); 4] = [
    // The text that explains why self-score and appraisal are far apart.
    ("gap_explanation", &["hd03-abcd"]),
    // By how much a person's position multiplies work.
    ("position", &["thongke-hungyen"]),
    // Few products with weights, marks by dimension, axes.
    ("products", &["hd03-abcd", "kontum-1923", "sau-truc"]),
    // The level of difficulty of a line of work.
    ("work_level", &["thongke-hungyen"]),
];

/// Every value of an option that a pack offers.
fn offers(pack: &Pack, option: &str, is_it: impl Fn(&Switches) -> bool) -> bool {
    let values = pack.option(option).into_iter().flat_map(|option| &option.values);
    let chosen = |value: &String| Switches::chosen(&Map::from([(option.to_owned(), value.clone())]));
    values.map(|value| chosen(&value.id)).any(|switches| is_it(&switches))
}

/// What the rules of a pack read and no card holds.
fn open_kinds(pack: &Pack) -> BTreeSet<&'static str> {
    let has_products = pack.components.iter().any(|one| matches!(one.rule, Rule::Products { .. }));
    let levels = pack.work.as_ref().is_some_and(|work| !work.difficulties.is_empty());
    let positions = pack.work.as_ref().is_some_and(|work| !work.positions.is_empty());
    [
        (has_products || pack.products.is_some(), "products"),
        (levels, "work_level"),
        (positions, "position"),
        (pack.appraisal_gap.is_some(), "gap_explanation"),
    ]
    .into_iter()
    .filter_map(|(asked, kind)| asked.then_some(kind))
    .collect()
}

fn fact(kind: FactKind, pack: &Pack) -> FactValue {
    match kind {
        FactKind::Flag => FactValue::Flag(true),
        FactKind::Class => FactValue::Class(pack.classes[0].code.clone()),
        FactKind::Share | FactKind::Days | FactKind::Count => FactValue::Number(number("1")),
    }
}

fn mark(value: &shared::num::Exact) -> Mark {
    Mark { value: value.clone(), reason: "Lý do".to_owned() }
}

/// A score that states everything a card of the role is asked for; one row does not apply where there is a reading for it.
fn everything(pack: &Pack, role: &str) -> Appraisal {
    let mut marks: Map<String, Mark> = pack.criteria_for(role).map(|row| (row.code.clone(), mark(&row.max))).collect();
    let may = offers(pack, "not_applicable", |switches| switches.not_applicable != NotApplicable::Refuse);
    let out = pack.criteria_for(role).next().filter(|_| may).map(|row| row.code.clone());
    out.iter().for_each(|code| drop(marks.remove(code)));
    let event = |rule: &pack::EventRule| {
        let points = rule.stated.as_ref().map(|bounds| bounds.max.clone());
        let event = EventStated { count: 2, points, evidence: rule.code.clone(), ..EventStated::default() };
        (rule.code.clone(), event)
    };
    Appraisal {
        marks,
        leadership: pack.statements_for(role).map(|one| (one.id.clone(), mark(&one.values[0].value))).collect(),
        facts: pack.facts_for(role).map(|rule| (rule.id.clone(), fact(rule.kind, pack))).collect(),
        events: pack.events_asked(role).map(event).collect(),
        without: out.into_iter().map(|code| (code, "Không có".to_owned())).collect(),
        ..Appraisal::default()
    }
}

/// What a card says to the engine.
fn told(pack: &'static Pack, role: &str, stated: &Appraisal) -> CardInput {
    let key = CardKey { person: person(5), period: OCTOBER, pack: pack.hash };
    let options = Map::new();
    let reading = Reading { key: &key, pack, role, options: &options, led: &[], lists: None };
    Card::default().confirmed(&reading, stated)
}

/// Every criterion, statement, event and fact that some rule names, read from the rules, not from what a form asks.
#[test]
fn whatever_rules_read_has_a_place_on_the_card() {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for pack in pack::all() {
        for role in &pack.roles {
            let stated = everything(pack, &role.id);
            let input = told(pack, &role.id, &stated);
            let named = format!("{} {}", pack.id, role.id);
            for component in pack.components_for(&role.id) {
                match &component.rule {
                    Rule::Marks { groups } => {
                        let rows = pack.groups_for(&role.id).filter(|group| groups.contains(&group.id));
                        for row in rows.flat_map(|group| &group.criteria) {
                            let has =
                                input.criteria.contains_key(&row.code) || input.not_applicable.contains(&row.code);
                            assert!(has, "{named}: {}", row.code);
                            *kinds.entry("marks").or_default() += 1;
                        }
                    }
                    Rule::Share { criterion } => {
                        let has = input.criteria.contains_key(criterion) || input.not_applicable.contains(criterion);
                        assert!(has, "{named}: {criterion}");
                    }
                    Rule::Stated { statement } => {
                        assert!(input.leadership.contains_key(statement), "{named}: {statement}");
                        *kinds.entry("statements").or_default() += 1;
                    }
                    Rule::Events { of, .. } => {
                        for code in pack.events_for(&role.id).map(|rule| &rule.code).filter(|code| of.contains(code)) {
                            let has = input.events.iter().any(|event| event.code == *code && event.count == 2);
                            assert!(has, "{named}: {code}");
                            *kinds.entry("events").or_default() += 1;
                        }
                    }
                    Rule::Work(_) => *kinds.entry("work").or_default() += 1,
                    Rule::Products { .. } => assert!(open_kinds(pack).contains("products")),
                    Rule::Mean { .. } | Rule::Sum { .. } => {}
                }
            }
            for rule in pack.facts_for(&role.id) {
                assert!(input.facts.contains_key(&rule.id), "{named}: {}", rule.id);
                *kinds.entry("facts").or_default() += 1;
            }
            assert_eq!(input.not_applicable.len(), stated.without.len(), "{named}");
            *kinds.entry("without").or_default() += input.not_applicable.len();
        }
    }
    let found: Vec<&str> = kinds.iter().filter(|(_, count)| **count > 0).map(|(kind, _)| *kind).collect();
    assert_eq!(found, ["events", "facts", "marks", "statements", "without", "work"], "each is asked somewhere");
}

/// N kinds are open; a pack that begins to read one of them, or a kind that gets its place, changes this list.
#[test]
fn what_has_no_place_is_listed() {
    let mut open: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for pack in pack::all() {
        open_kinds(pack).into_iter().for_each(|kind| open.entry(kind).or_default().push(&pack.id));
    }
    open.values_mut().for_each(|packs| packs.sort_unstable());
    let listed: BTreeMap<&str, Vec<&str>> = OPEN.iter().map(|(kind, packs)| (*kind, packs.to_vec())).collect();
    assert_eq!(open, listed);
    assert_eq!(open.len(), 4);
}

/// Lines of work reach the engine from the card itself.
#[test]
fn work_has_its_place() {
    let mut server = founded();
    let [mut official, mut head, _] = official_head_chair();
    official.sync(&mut server, at(1));
    work_a_month(&mut official, 5);
    official.sync(&mut server, at(40));
    head.sync(&mut server, at(41));
    let score = confirming(&head, 5, agreed());
    head.act(card(5), Payload::Appraise(APPRAISE, score), at(42)).unwrap();
    for side in [Side::SelfScored, Side::Appraised] {
        assert_eq!(head.replica.view().input(&key(5), side).unwrap().work.len(), 1, "{side:?}");
    }
}

/// Which packs offer which way of marking a row, and which rows have levels.
#[test]
fn rows_are_marked_as_the_readings_say() {
    let offered = |is_it: fn(&Form<'static>, &'static pack::Criterion) -> bool| {
        let mut found = Vec::new();
        for pack in pack::all() {
            let values = pack.option("common").map(|option| option.values.iter().map(|value| value.id.clone()));
            let readings = values.into_iter().flatten().map(|value| Map::from([("common".to_owned(), value)]));
            let readings: Vec<_> = readings.chain([Map::new()]).collect();
            let any = readings.iter().any(|options| {
                pack.roles.iter().any(|role| {
                    let form = Form::new(pack, &role.id, options);
                    pack.criteria_for(&role.id).any(|row| is_it(&form, row))
                })
            });
            if any {
                found.push(pack.id.as_str());
            }
        }
        found.sort_unstable();
        found
    };
    let binary = offered(|form, row| form.is_binary(row));
    let named = ["hanoi-3814", "hd02-quy", "hd03-abcd", "nd335-congchuc", "nd335-tochuc", "qd366", "thanhhoa-1053"];
    assert_eq!(binary, named);
    // In Kon Tum every row has levels, too, but its template has no maxima.
    let levels = offered(|form, row| form.band(row, &row.max).is_some());
    assert_eq!(levels, ["hd03-abcd"]);
}
