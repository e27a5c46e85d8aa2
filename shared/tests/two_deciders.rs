//! Stories of a result that two authorities decide on, one after the other.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

mod common;

use common::*;
use shared::fixture;
use shared::ids::{PersonId, StepPlace};
use shared::op::{CardKey, Payload, RefusalCode, Stage, Target};
use shared::pack::{Pack, PackAdoption};

/// The decree's month, in which the head of the section decides first and then the chairman, as HD 03-HD/TVĐU has it between
/// a company and its headquarters.
fn rules() -> &'static Pack {
    let above = r#"[[steps]]
id = "approve_above"
verb = "decide"
title.vi = "Cấp trên quyết định"
title.en = "The level above decides"
clause = "HD 03-HD/TVĐU"
after = ["approve"]
by = [{ head = "agency" }]

[[steps]]
id = "publish""#;
    let text = include_str!("../packs/nd335-congchuc.toml");
    let text = text.replace(
        "after = [\"appraise\"]\nby = [{ head = \"agency\" }]",
        "after = [\"appraise\"]\nby = [{ head = \"own_unit\" }]",
    );
    let text = text.replace("[[steps]]\nid = \"publish\"", above);
    let text =
        text.replace("after = [\"approve\"]\nby = [{ personnel", "after = [\"approve_above\"]\nby = [{ personnel");
    learned(&text)
}

/// Whoever decided first does not set aside what was decided above; before that, and above, a card may be sent back.
#[test]
fn nobody_sends_back_what_was_decided_above_them() {
    let pack = rules();
    let place = |id: &str| StepPlace(u8::try_from(pack.steps.iter().position(|step| step.id == id).unwrap()).unwrap());
    let mut server = Server::new();
    let mut clerk = Device::new(PersonId::SYSTEM, 99);
    let founding = founding().into_iter().filter(|payload| !matches!(payload, Payload::AdoptPack(_)));
    for payload in founding.chain([Payload::AdoptPack(PackAdoption { pack: pack.hash, ..fixture::adoption() })]) {
        clerk.act(Target::Org, payload, at(0)).unwrap();
    }
    clerk.sync(&mut server, at(0));
    let key = CardKey { pack: pack.hash, ..key(5) };
    let target = || Target::Card(key.clone());
    let [mut official, mut head, mut chair] = official_head_chair();
    official.sync(&mut server, at(1));
    let work = Payload::AssignWork(vec![new_line("V.1", "2", "3")]);
    official.act(target(), work, at(2)).unwrap();
    official.act(target(), Payload::SubmitSelfScore(self_score()), at(3)).unwrap();
    official.sync(&mut server, at(4));
    head.sync(&mut server, at(5));
    let lines = head.replica.view().card(&key).unwrap().own_work_confirmed(&key, &[key.person().unwrap()]);
    let score = shared::op::Appraisal { lines, ..agreed() };
    head.act(target(), Payload::Appraise(place("appraise"), score), at(6)).unwrap();
    let seen = head.replica.view().approval(&key).unwrap();
    head.act(target(), Payload::Approve(place("approve"), seen.clone()), at(7)).unwrap();
    head.sync(&mut server, at(8));
    chair.sync(&mut server, at(9));
    chair.act(target(), Payload::Approve(place("approve_above"), seen), at(10)).unwrap();
    chair.sync(&mut server, at(11));
    head.sync(&mut server, at(12));
    let back = || Payload::ReturnCard { to: Stage::Working, reason: "Xem lại".to_owned() };
    assert_eq!(head.act(target(), back(), at(13)).unwrap_err().code, RefusalCode::NotEntitled);
    chair.act(target(), back(), at(14)).unwrap();
    chair.sync(&mut server, at(15));
    assert_eq!(server.log_state.state().card(&key).unwrap().stage(), Stage::Working);
}
