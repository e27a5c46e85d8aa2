//! Stories of a rule that is changed in mid-period, also backwards. Customs changed its rules twice in seven months of 2026:
//! 517 + 322 approved marks had to be set aside and stay readable, five write endpoints had stayed open, and one change of
//! the formula moved 203 of 497 scores.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod common;

use common::*;
use shared::fixture::adoption;
use shared::ids::PersonId;
use shared::op::{CardKey, Payload, RefusalCode, Target};
use shared::pack::{self, PackAdoption};
use shared::report::{Changed, side_by_side, simulate};
use shared::time::Day;

/// The decree with a higher threshold of the highest class, as a later text of the same regulation.
fn stricter() -> PackAdoption {
    let text = include_str!("../packs/nd335-congchuc.toml");
    let changed = text.replacen("min = 90", "min = \"99.75\"", 1);
    assert_ne!(text, changed);
    let pack = pack::learn(&pack::read_toml(&changed).unwrap().to_bytes()).unwrap();
    // Backwards: today is the 20th, and it counts from the 1st.
    PackAdoption { pack: pack.hash, from: Day::parse("2026-10-01").unwrap(), ..adoption() }
}

/// Officials 5 and 6 are scored by the head with 99.5 and 100; the chairman has decided on 6.
fn scored() -> Server {
    let mut server = founded();
    let mut head = Device::new(person(4), 4);
    let mut chair = Device::new(person(2), 2);
    for n in [5, 6] {
        let mut official = Device::new(person(n), n);
        official.sync(&mut server, at(1));
        work_a_month(&mut official, n);
        official.sync(&mut server, at(40));
        head.sync(&mut server, at(41));
        let marks = if n == 5 { appraisal("II.1", "2", "Cần học thêm") } else { agreed() };
        let score = confirming(&head, n, marks);
        head.act(card(n), Payload::Appraise(APPRAISE, score), at(42)).unwrap();
        head.sync(&mut server, at(43));
    }
    chair.sync(&mut server, at(44));
    let seen = chair.replica.view().approval(&key(6)).unwrap();
    chair.act(card(6), Payload::Approve(APPROVE, seen), at(45)).unwrap();
    chair.sync(&mut server, at(46));
    server
}

#[test]
fn a_rule_is_tried_before_it_is_adopted_and_sets_marks_aside() {
    let mut server = scored();
    let before = server.log_state.state().clone();
    let tried = simulate(&before, PersonId::SYSTEM, &stricter());
    assert_eq!((tried.decided, tried.unchanged, tried.set_aside), (1, 0, 1));
    let [Changed { key: old, from, to, next, left_out, errors, .. }] = &tried.changed[..] else { panic!() };
    assert_eq!((old, left_out.len(), errors.len()), (&key(5), 0, 0));
    let words = |result: &Option<shared::report::Result>| {
        let result = result.clone().unwrap();
        (result.total.unwrap().to_string(), result.class)
    };
    assert_eq!(words(from), ("199/2".to_owned(), "HTXS".to_owned()));
    assert_eq!(words(to), ("199/2".to_owned(), "HTT".to_owned()));
    let next: CardKey = next.clone().unwrap();
    assert_ne!(next, *old);
    // Nothing was done yet.
    assert_eq!(server.log_state.state().card_key(person(5), OCTOBER), Some(key(5)));

    let mut clerk = Device::new(PersonId::SYSTEM, 97);
    clerk.sync(&mut server, at(50));
    clerk.act(Target::Org, Payload::AdoptPack(stricter()), at(50)).unwrap();
    clerk.sync(&mut server, at(50));
    let state = server.log_state.state();
    assert_eq!(state.card_keys(person(5), OCTOBER), std::slice::from_ref(&next), "a new card under the new text");
    assert_eq!(state.set_aside(person(5).into(), OCTOBER), [key(5)], "the old one is kept");
    // It is read, by those who read it before, with every mark.
    let read = side_by_side(state, person(4), &key(5)).unwrap();
    assert_eq!(read.criteria.iter().filter(|row| row.found.is_some()).count(), 10);
    assert_eq!(read.known.found.unwrap().class, "HTXS");
    assert!(side_by_side(state, person(6), &key(5)).is_none(), "and by nobody else");
    // What was decided stays decided, under its own text.
    assert_eq!(state.card_keys(person(6), OCTOBER), [key(6)]);
    assert!(state.set_aside(person(6).into(), OCTOBER).is_empty());
}

/// "Old months must be read-only on the server: five write endpoints had stayed open."
#[test]
fn nothing_is_written_on_a_card_that_was_set_aside() {
    let mut server = scored();
    let mut head = Device::new(person(4), 4);
    let mut official = Device::new(person(5), 5);
    for device in [&mut head, &mut official] {
        device.sync(&mut server, at(49));
    }
    let mut clerk = Device::new(PersonId::SYSTEM, 97);
    clerk.sync(&mut server, at(50));
    clerk.act(Target::Org, Payload::AdoptPack(stricter()), at(50)).unwrap();
    clerk.sync(&mut server, at(50));
    for device in [&mut head, &mut official] {
        device.sync(&mut server, at(51));
    }
    let score = confirming(&head, 5, agreed());
    let back = Payload::ReturnCard { to: shared::op::Stage::Working, reason: "Chấm lại".to_owned() };
    let tries = [
        (&mut head, Payload::Appraise(APPRAISE, score)),
        (&mut official, Payload::AssignWork(vec![new_line("V.2", "1", "1")])),
    ];
    for (device, payload) in tries {
        let refused = device.act(card(5), payload, at(52)).unwrap_err();
        assert_eq!((refused.code, &*refused.field), (RefusalCode::Unknown, "target.pack"));
    }
    let refused = head.act(card(5), back, at(53)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::Unknown);
}

/// Of a card that the reader may not know yet, a trial says nothing.
#[test]
fn a_trial_tells_nobody_a_result_early() {
    let server = scored();
    let seen = |reader| simulate(server.log_state.state(), reader, &stricter()).changed.len();
    assert_eq!((seen(person(4)), seen(person(5))), (1, 0), "the official waits for the publication");
}
