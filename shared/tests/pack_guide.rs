//! Tests that the guide for authors of packs is true: its example checks and scores as written, and no word of the
//! model is missing.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;

use shared::num::Exact;
use shared::pack::{self, Pack};
use shared::score::{CardInput, Outcome, Switches, evaluate, read_input};

fn file(path: &str) -> String {
    fs::read_to_string(format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn guide() -> String {
    file("docs/packs.md")
}

fn example() -> Pack {
    pack::read_toml(&file("docs/example-pack.toml")).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// The texts of the code blocks of a kind.
fn blocks<'a>(guide: &'a str, kind: &str) -> Vec<&'a str> {
    let fence = format!("```{kind}\n");
    guide.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

fn card() -> CardInput {
    read_input(blocks(&guide(), "json")[0]).unwrap()
}

fn scored(card: &CardInput) -> Outcome {
    evaluate(&example(), card).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn what_the_guide_quotes_stands_in_the_example() {
    let (guide, example) = (guide(), file("docs/example-pack.toml"));
    let quoted = blocks(&guide, "toml");
    assert!(quoted.len() > 12, "only {} quotations", quoted.len());
    for block in quoted {
        assert!(example.contains(block), "not in the example:\n{block}");
    }
}

#[test]
fn the_guides_figures_are_those_of_the_engine() {
    let outcome = scored(&card());
    let guide = guide();
    let table = guide.split("| Figure | How | Value |").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut figures = 0;
    for row in table.lines().filter(|row| row.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells[0].trim_matches('`');
        let found =
            if name == "total" { &outcome.total.as_ref().unwrap().exact } else { &outcome.components[name].exact };
        assert_eq!(*found, Exact::parse(cells[2]).unwrap(), "{row}");
        figures += 1;
    }
    assert_eq!(figures, 7);
    assert_eq!(outcome.class.unwrap().code, "A");
}

#[test]
fn the_guides_other_cards_come_out_as_it_says() {
    let with = |change: &dyn Fn(&mut CardInput)| {
        let mut card = card();
        change(&mut card);
        let outcome = scored(&card);
        (outcome.total.unwrap().decimal, outcome.class.map(|class| class.code))
    };
    let share = |text: &str| shared::score::Fact::Quantity(Exact::parse(text).unwrap());
    let facts = |id: &'static str, fact: shared::score::Fact| {
        move |card: &mut CardInput| {
            card.facts.insert(id.to_owned(), fact.clone());
        }
    };
    let class = |code: &str| Some(code.to_owned());
    assert_eq!(with(&facts("dossiers_on_time_share", share("0.94"))), ("91".to_owned(), class("B")));
    assert_eq!(with(&facts("disciplined", shared::score::Fact::Flag(true))), ("91".to_owned(), class("D")));
    assert_eq!(with(&facts("worked_days", share("10"))), ("91".to_owned(), None));
    let by_day = |card: &mut CardInput| {
        card.options.insert("late_unit".to_owned(), "day".to_owned());
    };
    assert_eq!(with(&by_day), ("89".to_owned(), class("A")));
    // Four complaints count three times; 9 points for serving people keep everyone in the lowest class.
    assert_eq!(with(&|card| card.events[0].count = 4), ("87".to_owned(), class("A")));
    let unfriendly = |card: &mut CardInput| {
        card.criteria.insert("II.1".to_owned(), Exact::from_int(3));
    };
    assert_eq!(with(&unfriendly), ("82".to_owned(), class("D")));
}

#[test]
fn the_message_the_guide_shows_is_the_checkers() {
    let broken = file("docs/example-pack.toml").replacen("max = 20\nmin = 10", "max = 21\nmin = 10", 1);
    let findings: Vec<String> = pack::check(&broken).iter().map(|finding| finding.to_string()).collect();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(guide().contains(&findings[0]), "{findings:?}");
}

/// Every field of the model and every switch is in the guide, in backquotes.
#[test]
fn no_word_of_the_model_is_missing() {
    let guide = guide();
    let whole = file("shared/src/pack/model/mod.rs");
    let rooms = ["arithmetic", "classes", "form", "periods", "procedure", "work"]
        .map(|room| file(&format!("shared/src/pack/model/{room}.rs")));
    let packs = whole.split("/// A regulation as data.").nth(1).unwrap().to_owned() + &rooms.concat();
    let field = |line: &str| Some(line.strip_prefix("    pub ")?.split_once(": ")?.0.to_owned());
    let words: Vec<String> =
        packs.lines().filter_map(field).filter(|word| word != "hash" && !word.contains('(')).collect();
    assert!(words.len() > 100, "only {} words were found", words.len());
    // Tables are named by their headings, and components' rules by the words that stand in `rule`.
    let named = |word: &str| guide.contains(&format!("`{word}`")) || guide.contains(&format!("[{word}]"));
    let missing: Vec<&String> = words.iter().filter(|word| !named(word)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let switches = guide.split("**Switches.**").nth(1).unwrap();
    for row in switches.lines().filter(|row| row.starts_with("| `") && !row.contains("scope")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let words: Vec<&str> = cells[1].split(", ").map(|word| word.trim_matches('`')).collect();
        assert_eq!(Switches::words(cells[0].trim_matches('`')), Some(words.as_slice()), "{row}");
    }
    let known = file("shared/src/pack/switches.rs");
    let rows = switches.lines().filter(|row| row.starts_with("| `") && !row.contains("scope")).count();
    assert_eq!(rows, known.matches("::OPTION => Some(").count());
}
