//! What those who are scored under an adoption may choose by one, and what only others may.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

mod common;

use common::*;
use shared::fixture::{adoption, post};
use shared::ids::{LineId, PersonId};
use shared::op::{Payload, Progress, Refusal, RefusalCode, Target};
use shared::org::Post;
use shared::pack::{PackAdoption, PackStatus};
use shared::time::Day;

const CHAIR: u8 = 2;
/// Keeps the records of the chair's agency.
const KEEPER: u8 = 7;
/// Keeps the records of the level above, and is not scored in the agency.
const ABOVE: u8 = 8;

/// The commune, with a keeper of records at the level above.
fn office() -> Server {
    let mut server = founded();
    let mut clerk = Device::new(PersonId::SYSTEM, 98);
    clerk.sync(&mut server, at(1));
    let person = shared::org::Person { id: person(ABOVE), name: "Người Thử 8".to_owned() };
    let keeper = Post { person: person.id, personnel: true, rank: shared::org::Rank::Staff, ..post(1) };
    let keeper = Post { id: shared::ids::PostId::from_bytes([ABOVE; 16]), ..keeper };
    for payload in [Payload::PutPerson(person), Payload::PutPost(keeper)] {
        clerk.act(Target::Org, payload, at(2)).unwrap();
    }
    clerk.sync(&mut server, at(3));
    server
}

fn adopt(who: u8, adoption: PackAdoption) -> Result<(), Refusal> {
    let mut server = office();
    let mut device = Device::new(person(who), who);
    device.sync(&mut server, at(4));
    device.act(Target::Org, Payload::AdoptPack(adoption), at(5)).map(drop)
}

/// The province's adoption once more, for the commune alone: it is October.
fn own(from: &str) -> PackAdoption {
    PackAdoption { unit: unit(2), from: Day::parse(from).unwrap(), decision: "QĐ 2".to_owned(), ..adoption() }
}

fn reading(id: &str, value: &str, from: &str) -> PackAdoption {
    PackAdoption { options: [(id.to_owned(), value.to_owned())].into_iter().collect(), ..own(from) }
}

/// A reading can raise the own result: "late" by the occasion instead of by the day, a limit on the whole instead of each line.
#[test]
fn nobody_chooses_how_the_own_period_is_read() {
    for who in [CHAIR, KEEPER] {
        for (id, value) in [("late_unit", "day"), ("cap", "total"), ("common", "binary")] {
            let refused = adopt(who, reading(id, value, "2026-01-01")).unwrap_err();
            assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::TooEarly, "from"), "{who}: {id}");
        }
        adopt(who, reading("late_unit", "day", "2026-11-01")).unwrap();
        adopt(who, reading("late_unit", "occurrence", "2026-01-01")).expect("as the text has it: nothing changes");
        adopt(who, reading("quota_rounding", "half_up", "2026-01-01")).expect("no card is scored by it");
    }
    adopt(ABOVE, reading("late_unit", "day", "2026-01-01"))
        .expect("whoever is not scored under it decides backwards, too");
}

/// What an authority outside decided is entered by the keepers of the own agency: nobody hands the own card to them.
#[test]
fn nobody_takes_the_own_card_from_those_who_judge_it() {
    let outside = |roles: &[&str], from| PackAdoption {
        outside: vec!["appraise".to_owned()],
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        ..own(from)
    };
    let refused = adopt(CHAIR, outside(&[], "2026-11-01")).unwrap_err();
    assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::NotEntitled, "outside"));
    let refused = adopt(KEEPER, outside(&["staff"], "2026-11-01")).unwrap_err();
    assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::NotEntitled, "outside"), "staff, too");
    adopt(CHAIR, outside(&["staff"], "2026-11-01")).expect("of others the chair may");
    adopt(ABOVE, outside(&[], "2026-11-01")).unwrap();
}

/// A position that is held in a unit of the own choice would be held by whom one likes.
#[test]
fn nobody_binds_the_position_that_judges_them() {
    let text = include_str!("../packs/nd335-congchuc.toml").replace(
        "after = [\"self_score\"]\nby = [{ head = \"own_unit\" }]",
        "after = [\"self_score\"]\nby = [{ position = { id = \"scorer\", at = \"bound\" } }]",
    );
    let position =
        "[[positions]]\nid = \"scorer\"\ntitle.vi = \"Người chấm\"\ntitle.en = \"Scorer\"\nclause = \"Đ.10(1)\"\n\n";
    let pack = learned(&text.replacen("[[steps]]", &format!("{position}[[steps]]"), 1));
    assert_eq!(pack.status, PackStatus::Complete);
    let bound =
        |to: u8| PackAdoption { pack: pack.hash, bound: vec![("scorer".to_owned(), unit(to))], ..own("2026-11-01") };
    for (who, to) in [(CHAIR, 3), (CHAIR, 1), (KEEPER, 3)] {
        let refused = adopt(who, bound(to)).unwrap_err();
        assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::NotEntitled, "bound"), "{who} to {to}");
    }
    adopt(ABOVE, bound(3)).unwrap();
}

/// The head of an agency that is scored as a unit fills in its card: others judge that, too.
#[test]
fn nobody_chooses_who_judges_the_unit_they_head() {
    let pack = learned(
        &include_str!("../packs/nd335-congchuc.toml")
            .replace("who = [{ rank = \"staff\" }]", "subject = \"unit\"\nwho = [{ unit_kind = \"agency\" }]"),
    );
    let outside = PackAdoption {
        pack: pack.hash,
        outside: vec!["approve".to_owned()],
        roles: vec!["staff".to_owned()],
        ..own("2026-11-01")
    };
    let refused = adopt(CHAIR, outside.clone()).unwrap_err();
    assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::NotEntitled, "outside"));
    adopt(ABOVE, outside).unwrap();
}

/// A day after which work counts later moves no work of a month that is decided: there it counted already.
#[test]
fn a_cut_off_moves_no_work_of_a_decided_month() {
    let cut_off = |from| PackAdoption { cut_off: Some(15), ..own(from) };
    let mut server = office();
    let [mut official, mut head, mut chair] = official_head_chair();
    let mut above = Device::new(person(ABOVE), ABOVE);
    official.sync(&mut server, at(4));
    let undated = Progress { finished: None, ..done("3") };
    let line = official.act(card(5), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), at(10)).unwrap();
    let report = Payload::ReportProgress { line: LineId::new(line, 0), progress: undated };
    official.act(card(5), report, at(11)).unwrap();
    official.act(card(5), Payload::SubmitSelfScore(self_score()), at(12)).unwrap();
    official.sync(&mut server, at(13));
    above.sync(&mut server, at(14));
    let asks = |above: &Device, from| {
        let days = [at(15).day(); 2];
        above.replica.view().admits_adoption(person(ABOVE), &cut_off(from), days)
    };
    asks(&above, "2026-01-01").expect("nothing is decided");

    head.sync(&mut server, at(16));
    let score = confirming(&head, 5, agreed());
    head.act(card(5), Payload::Appraise(APPRAISE, score), at(17)).unwrap();
    head.sync(&mut server, at(18));
    chair.sync(&mut server, at(19));
    let decision = chair.replica.view().approval(&key(5)).unwrap();
    chair.act(card(5), Payload::Approve(APPROVE, decision), at(20)).unwrap();
    chair.sync(&mut server, at(21));
    above.sync(&mut server, at(22));
    let refused = asks(&above, "2026-01-01").unwrap_err();
    assert_eq!((refused.code, refused.field.as_str()), (RefusalCode::TooEarly, "from"));
    asks(&above, "2026-11-01").unwrap();
}
