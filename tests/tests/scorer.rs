//! Tests that many cards under one scorer get the answers that each gets for itself, byte for byte.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use shared::pack;
use shared::score::{InputError, Scorer, score_under};
use tests::random::{Draw, card, completed, spoil};

/// Cards of each pack. Their roles and readings are more than a scorer keeps plans for.
const CARDS: u64 = 300;
const SPOILED_PERCENT: u64 = 10;

fn answer(scorer: &mut Scorer<'_>, card: &str) -> Result<String, Vec<InputError>> {
    let mut answer = Vec::new();
    let scored = scorer.score_json(card, &mut answer);
    assert!(scored.is_ok() || answer.is_empty());
    scored.map(|()| String::from_utf8(answer).unwrap())
}

/// The same answer up to its explanation, which comes last.
fn without_explanation(answer: &str) -> String {
    let (before, steps) = answer.split_once(",\"explanation\":[").unwrap();
    assert!(steps.ends_with("]}"), "{answer}");
    format!("{before}}}")
}

#[test]
fn a_scorer_gives_every_card_its_own_answer_with_and_without_explanation() {
    assert!(pack::all().count() >= 16, "found {} packs", pack::all().count());
    for original in pack::all() {
        let pack = completed(&original.id, 0).unwrap();
        let (mut full, mut brief) = (Scorer::new(&pack, true), Scorer::new(&pack, false));
        let (mut scored, mut refused) = (0, 0);
        for index in 0..CARDS {
            let mut draw = Draw::at(16, &original.id, index);
            let mut input = card(&pack, &mut draw);
            if draw.chance(SPOILED_PERCENT) {
                spoil(&mut input, &mut draw);
            }
            let card = serde_json::to_string(&input).unwrap();
            let alone = score_under(&pack, &card);
            assert_eq!(answer(&mut full, &card), alone, "{}: {card}", original.id);
            let wanted = alone.as_deref().map(without_explanation).map_err(Clone::clone);
            assert_eq!(answer(&mut brief, &card), wanted, "{}: {card}", original.id);
            if alone.is_ok() { scored += 1 } else { refused += 1 }
        }
        assert!(scored > CARDS / 2 && refused > 0, "{}: {scored} scored, {refused} refused", original.id);
    }
}
