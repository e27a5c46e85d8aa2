//! Whatever the rules of a pack read has a place on a card: nothing may lack one.
#![cfg(feature = "author")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use std::collections::BTreeMap;

use common::*;
use shared::card::{Card, Reading, Side};
use shared::ids::ProductNumber;
use shared::op::{Appraisal, CardKey, EventStated, FactValue, Mark, Payload, PositionStated, ProductStated, Stated};
use shared::pack::{self, DimensionSource, FactKind, NotApplicable, Pack, Rule, Switches};
use shared::score::{CardInput, Form, Product};
use shared::sorted_map::Map;

/// Every value of an option that a pack offers.
fn offers(pack: &Pack, option: &str, is_it: impl Fn(&Switches) -> bool) -> bool {
    let values = pack.option(option).into_iter().flat_map(|option| &option.values);
    let chosen = |value: &String| Switches::chosen(&Map::from([(option.to_owned(), value.clone())]));
    values.map(|value| chosen(&value.id)).any(|switches| is_it(&switches))
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
    let none = Map::new();
    let form = Form::new(pack, role, &none);
    let position = |one: &pack::Factor| PositionStated { id: one.id.clone(), ..PositionStated::default() };
    Appraisal {
        marks,
        leadership: pack.statements_for(role).map(|one| (one.id.clone(), mark(&one.values[0].value))).collect(),
        facts: pack.facts_for(role).map(|rule| (rule.id.clone(), fact(rule.kind, pack))).collect(),
        stated: Stated {
            events: pack.events_asked(role).map(event).collect(),
            without: out.into_iter().map(|code| (code, "Không có".to_owned())).collect(),
            products: form.products().map(|rule| (ProductNumber(1), product(rule))).into_iter().collect(),
            position: form.positions().first().map(position),
        },
        ..Appraisal::default()
    }
}

/// What a card says to the engine.
fn told(pack: &'static Pack, role: &str, stated: &Appraisal) -> CardInput {
    let key = CardKey { subject: person(5).into(), period: OCTOBER, pack: pack.hash };
    let options = Map::new();
    let reading = Reading {
        key: &key,
        speakers: &[person(5)],
        pack,
        role,
        options: &options,
        led: &[],
        lists: None,
        cut_off: None,
        faults: &[],
    };
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
                    Rule::Products { .. } => {
                        reads_products(pack.products.as_ref().unwrap(), &input.products[0]);
                        *kinds.entry("products").or_default() += 1;
                    }
                    Rule::Mean { .. } | Rule::Sum { .. } => {}
                }
            }
            for rule in pack.facts_for(&role.id) {
                assert!(input.facts.contains_key(&rule.id), "{named}: {}", rule.id);
                *kinds.entry("facts").or_default() += 1;
            }
            assert_eq!(input.not_applicable.len(), stated.stated.without.len(), "{named}");
            *kinds.entry("without").or_default() += input.not_applicable.len();
        }
    }
    let found: Vec<&str> = kinds.iter().filter(|(_, count)| **count > 0).map(|(kind, _)| *kind).collect();
    let named = ["events", "facts", "marks", "products", "statements", "without", "work"];
    assert_eq!(found, named, "each is asked somewhere");
}

/// A product with every field that some rule reads.
fn product(rule: &pack::ProductRule) -> ProductStated {
    let marked = rule.dimensions.iter().filter(|one| one.source == DimensionSource::Mark);
    let first = |factors: &[pack::Factor]| factors.first().map(|one| one.id.clone());
    ProductStated {
        name: "Sản phẩm".to_owned(),
        frame: rule.frames[0].id.clone(),
        weight: number("1"),
        standard: first(&rule.standards),
        difficulty: first(&rule.difficulties),
        axis: rule.axes.first().map(|axis| axis.id.clone()),
        main: true,
        marks: marked.map(|one| (one.id.clone(), number("90"))).collect(),
        assigned: number("2"),
        completed: number("1"),
        late_days: 1,
        ..ProductStated::default()
    }
}

/// A field of a product that some rule of the pack reads reaches the engine as it was stated.
fn reads_products(rule: &pack::ProductRule, told: &Product) {
    assert_eq!(told.standard.is_some(), !rule.standards.is_empty());
    assert_eq!(told.difficulty.is_some(), !rule.difficulties.is_empty());
    assert_eq!(told.axis.is_some(), !rule.axes.is_empty());
    for dimension in &rule.dimensions {
        match dimension.source {
            DimensionSource::Mark => assert_eq!(told.marks[&dimension.id], number("90")),
            DimensionSource::Done => assert_eq!((&told.assigned, &told.completed), (&number("2"), &number("1"))),
            DimensionSource::Late => assert_eq!(told.late_days, 1),
            DimensionSource::Mean(_) => {}
        }
    }
}

/// Levels of work and positions are on the card wherever a pack has them. The comparison with the self-score needs an
/// explanation; `weighted.rs` tells how it gets there.
#[test]
fn whatever_weighs_work_has_a_place() {
    let weighs = |pack: &&'static Pack| pack.work.as_ref().is_some_and(|work| !work.difficulties.is_empty());
    let mut found = Vec::new();
    for pack in pack::all().filter(weighs) {
        for role in pack.roles.iter().filter(|role| pack.counts_work(&role.id)) {
            let form = Form::new(pack, &role.id, &Map::new());
            let work = pack.work.as_ref().unwrap();
            assert_eq!((form.levels(), form.positions()), (&work.difficulties[..], &work.positions[..]));
            let input = told(pack, &role.id, &everything(pack, &role.id));
            assert_eq!(input.subject.position.as_ref(), form.positions().first().map(|one| &one.id), "{}", pack.id);
            found.push((pack.id.as_str(), role.id.as_str()));
        }
    }
    assert_eq!(found, ["staff", "leader", "deputy"].map(|role| ("thongke-hungyen", role)));
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
    let named =
        ["hanoi-3814", "hd02-mau", "hd02-quy", "hd03-abcd", "nd335-congchuc", "nd335-tochuc", "qd366", "thanhhoa-1053"];
    assert_eq!(binary, named);
    // In Kon Tum every row has levels, too, but its template has no maxima.
    let levels = offered(|form, row| form.band(row, &row.max).is_some());
    assert_eq!(levels, ["hd03-abcd"]);
}
