//! Compares the engine with an independent interpreter of pack files, which shares no code with it and uses fractions
//! of any length. On random cards under every pack both find the same total, class and status. The interpreter is
//! written from the description of the schemes, and it reads the TOML files itself.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test that cannot go on must stop"
)]

mod case;
mod every_word;
mod judge;
mod kinds;
mod reading;
mod reckon;
mod work;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use shared::pack::{findings, read_json};
use shared::score::{Number, Outcome, explained};
use tests::random::{Draw, card, completed, completed_data};

use case::{Case, Seen};
use every_word::every_word;
use judge::{Found, judge};
use kinds::{Kind, kinds};

/// Ways in which each template is completed.
const COMPLETIONS: u64 = 5;
/// Cards of each completed pack.
const CARDS: u64 = 150;

/// Every pack file by its id.
fn pack_files() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/packs");
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let pack: Value = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        files.insert(pack["id"].as_str().unwrap().to_owned(), pack);
    }
    assert!(files.len() >= 10, "found {} packs", files.len());
    files
}

fn of_engine(outcome: &Outcome) -> Found {
    let status = serde_json::to_value(outcome.status).unwrap();
    let exact = |number: &Number| reading::fraction(&number.exact.to_string());
    let known = ["scored", "insufficient_data", "not_classified", "provisional"];
    Found::Known {
        total: outcome.total.as_ref().map(exact),
        range: outcome.range.as_ref().map(|range| (exact(&range.low), exact(&range.high))),
        class: outcome.class.as_ref().map(|class| class.code.clone()),
        status: known.into_iter().find(|word| status == *word).unwrap(),
    }
}

/// Compares the cards of one pack under every completion with the oracle's answers. Returns how often each result was
/// found.
fn compare(id: &str, file: &Value, seen: &Seen) -> BTreeMap<String, usize> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..COMPLETIONS {
        let data = completed_data(file.clone(), id, seed);
        let pack = completed(id, seed).unwrap_or_else(|| read_json(&data.to_string()).unwrap());
        assert_eq!(findings(&pack), [], "{id}");
        for index in 0..CARDS {
            let input = card(&pack, &mut Draw::at(seed, id, index));
            let json = serde_json::to_value(&input).unwrap();
            let expected = judge(Case { pack: &data, card: &json, seen });
            let outcome = explained(&pack, &input);
            let actual = outcome.as_ref().map_or(Found::Refused, of_engine);
            assert_eq!(actual, expected, "{id}, completed by seed {seed}, card {index}: {json}\n{outcome:?}");
            *found.entry(kind(&expected)).or_default() += 1;
        }
    }
    found
}

#[test]
fn the_engine_finds_what_the_oracle_finds_and_every_kind_of_rule_has_its_effect() {
    let files = pack_files();
    let seen = Seen::default();
    for (id, file) in &files {
        println!("{id}: {:?}", compare(id, file, &seen));
    }
    println!("made up: {:?}", compare("every-word", &every_word(&files["hd02-quy"]), &seen));
    let seen = seen.into_inner();
    let mut missed = Vec::new();
    for Kind(name, is_used) in kinds() {
        let users: Vec<&String> = files.iter().filter(|(_, file)| is_used(file)).map(|(id, _)| id).collect();
        let unused = if users.is_empty() { ", BY NO PACK BUT THE MADE-UP ONE" } else { "" };
        match seen.get(name) {
            Some(times) => println!("{name}: {times} times{unused}"),
            None => missed.push(format!("{name}, used by {users:?}")),
        }
    }
    let unlisted: Vec<&&str> = seen.keys().filter(|name| !kinds().any(|kind| kind.0 == **name)).collect();
    assert!(unlisted.is_empty(), "kinds of rules that no list names: {unlisted:?}");
    assert!(missed.is_empty(), "kinds of rules that no card put to the proof: {missed:#?}");
}

/// Status and class, to count which results occurred.
fn kind(found: &Found) -> String {
    match found {
        Found::Refused => "refused".to_owned(),
        Found::Known { class, status, .. } => format!("{status} {}", class.as_deref().unwrap_or("-")),
    }
}

/// The worked example of the ministry's handbook: 76.701389 by days late. It is checked on the oracle alone, so that
/// the two do not merely agree.
#[test]
fn the_oracle_finds_what_the_handbook_publishes() {
    let pack = &pack_files()["nd335-congchuc"];
    let full = ["I.1", "I.2"].map(|code| (code, "5"));
    let rest = ["II.1", "II.2", "II.3", "II.4", "III.1", "III.2", "III.3", "III.4"].map(|code| (code, "2.5"));
    let marks: BTreeMap<&str, &str> = full.into_iter().chain(rest).collect();
    let card = json!({
        "subject": {"role": "staff"}, "options": {"late_unit": "day"}, "criteria": marks,
        "work": [
            {"coefficient": "1", "assigned": "5", "completed": "4", "late_days": 4, "failed_reviews": 0},
            {"coefficient": "2.7", "assigned": "3", "completed": "3", "late_days": 2, "failed_reviews": 1},
            {"coefficient": "3.7", "assigned": "1", "completed": "0.8", "late_days": 0, "failed_reviews": 2},
        ],
    });
    let Found::Known { total: Some(total), class, .. } = judge(Case { pack, card: &card, seen: &Seen::default() })
    else {
        panic!("no total")
    };
    assert_eq!((total * reading::whole(1_000_000)).round(), reading::whole(76_701_389));
    assert_eq!(class.as_deref(), Some("HTT"));
}
