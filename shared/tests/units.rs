//! Stories of units that are scored: the head fills in the card of the unit, and others score it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

mod common;

use common::*;
use shared::card::Side;
use shared::fixture::{self, post};
use shared::ids::{LineId, PersonId, PostId, Subject};
use shared::op::{CardKey, Payload, RefusalCode, Stage, Target};
use shared::org::Post;
use shared::pack::{Pack, PackAdoption};
use shared::report::{person_years, unit_month, unit_quota};
use shared::state::State;
use shared::time::Day;

/// The decree's month, in which what it says of staff is said of the units of an agency, as Phú Thọ and chapter II of the
/// decree score units.
fn rules() -> &'static Pack {
    learned(
        &include_str!("../packs/nd335-congchuc.toml")
            .replace("who = [{ rank = \"staff\" }]", "subject = \"unit\"\nwho = [{ unit_kind = \"division\" }]"),
    )
}

struct Office {
    server: Server,
    key: CardKey,
    head: Device,
    chair: Device,
}

impl Office {
    /// Unit 3, whose head is 4, in the agency of 2. `more` happened in the organisation.
    fn new(more: impl IntoIterator<Item = Payload>) -> Self {
        let pack = rules();
        let mut server = Server::new();
        let mut clerk = Device::new(PersonId::SYSTEM, 99);
        let founding = founding().into_iter().filter(|payload| !matches!(payload, Payload::AdoptPack(_)));
        let adoption = Payload::AdoptPack(PackAdoption { pack: pack.hash, ..fixture::adoption() });
        for payload in founding.chain([adoption]).chain(more) {
            clerk.act(Target::Org, payload, at(0)).unwrap();
        }
        clerk.sync(&mut server, at(0));
        let [_, head, chair] = official_head_chair();
        let key = CardKey { subject: unit(3).into(), period: OCTOBER, pack: pack.hash };
        Self { server, key, head, chair }
    }

    fn target(&self) -> Target {
        Target::Card(self.key.clone())
    }

    fn state(&self) -> &State {
        self.server.log_state.state()
    }

    fn exchange(&mut self, minutes: u64) {
        self.head.sync(&mut self.server, at(minutes));
        self.chair.sync(&mut self.server, at(minutes));
        self.head.sync(&mut self.server, at(minutes));
    }

    /// The head plans, reports and scores for the unit.
    fn self_scored(&mut self) -> LineId {
        self.exchange(1);
        let target = self.target();
        let op = self.head.act(target.clone(), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), at(10)).unwrap();
        let line = LineId::new(op, 0);
        let report = Payload::ReportProgress { line, progress: done("3") };
        self.head.act(target.clone(), report, at(20)).unwrap();
        self.head.act(target, Payload::SubmitSelfScore(self_score()), at(30)).unwrap();
        self.exchange(31);
        line
    }
}

/// Everybody else is 4's own card; the unit has one of its own, with its own row, quota group and year.
#[test]
fn a_unit_is_scored_beside_its_people() {
    let mut office = Office::new([]);
    let own: Vec<Subject> =
        office.state().keys_spoken_for(person(4), OCTOBER).into_iter().map(|key| key.subject).collect();
    assert_eq!(own, [person(4).into(), unit(3).into()], "the head fills in two cards");
    assert!(office.state().keys_spoken_for(person(5), OCTOBER).is_empty(), "staff are not scored here");
    office.self_scored();
    let (target, key) = (office.target(), office.key.clone());

    let score = confirming_on(&office.head, &key, agreed());
    let refused = office.head.act(target.clone(), Payload::Appraise(APPRAISE, score), at(40)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotEntitled, "nobody marks the unit that they head");
    let score = confirming_on(&office.chair, &key, appraisal("I.1", "4", "Chưa gương mẫu"));
    office.chair.act(target.clone(), Payload::Appraise(APPRAISE, score), at(41)).unwrap();
    let decision = office.chair.replica.view().approval(&key).unwrap();
    assert_eq!(decision.standing.unit, unit(3));
    office.exchange(42);
    let refused = office.head.act(target.clone(), Payload::Approve(APPROVE, decision.clone()), at(43)).unwrap_err();
    assert_eq!(refused.code, RefusalCode::NotEntitled, "nor decides on it");
    office.chair.act(target, Payload::Approve(APPROVE, decision), at(44)).unwrap();
    office.exchange(45);

    let state = office.state();
    assert_eq!(state.card(&key).unwrap().stage(), Stage::Approved);
    assert_eq!(state.outcome(&key, Side::Appraised).unwrap().unwrap().total.unwrap().exact, number("99"));
    let month = unit_month(state, unit(2), OCTOBER, PersonId::SYSTEM);
    let rows: Vec<&str> = month.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(rows, ["Người Thử 2", "Người Thử 3", "Đơn vị 3", "Người Thử 4"], "before its own people");
    let quota = unit_quota(state, &month, false).unwrap();
    let groups = quota.iter().flat_map(|of_pack| &of_pack.groups);
    let unit_group =
        groups.clone().find(|group| group.members.iter().any(|one| one.subject == unit(3).into())).unwrap();
    assert_eq!(unit_group.members.len(), 1, "units compete with units");
    let year = person_years(state, PersonId::SYSTEM, unit(3), 2026).remove(0);
    assert_eq!(year.periods.iter().filter(|part| part.result.is_some()).count(), 1);
    assert!(
        person_years(state, PersonId::SYSTEM, person(4), 2026)
            .iter()
            .all(|year| { year.periods.iter().all(|part| part.result.is_none()) }),
        "the unit's result is not the head's"
    );
}

/// The head of the first half of the month registers work; whoever follows is the head on its last day.
#[test]
fn who_heads_the_unit_on_the_last_day_speaks_for_it() {
    let (first, second) = (Day::parse("2026-10-20").unwrap(), Day::parse("2026-10-21").unwrap());
    let left = Post { to: Some(first), ..post(4) };
    let came = Post { id: PostId::from_bytes([44; 16]), person: person(6), from: second, ..post(4) };
    let mut office = Office::new([]);
    let line = office.self_scored();
    let mut clerk = Device::new(PersonId::SYSTEM, 98);
    clerk.sync(&mut office.server, at(49));
    for payload in [Payload::PutPost(left), Payload::PutPost(came)] {
        clerk.act(Target::Org, payload, at(50)).unwrap();
    }
    clerk.sync(&mut office.server, at(51));
    office.exchange(52);
    let (target, key) = (office.target(), office.key.clone());
    assert_eq!(office.state().speaker(&key), person(6));
    assert_eq!(office.state().speakers(&key), [person(6), person(4)]);
    let refused = office.head.act(target.clone(), Payload::WithdrawSelfScore { reason: "Sửa".to_owned() }, at(53));
    assert_eq!(refused.unwrap_err().code, RefusalCode::NotEntitled, "a former head");
    let mut next = Device::new(person(6), 6);
    next.sync(&mut office.server, at(54));
    next.act(target.clone(), Payload::WithdrawSelfScore { reason: "Sửa".to_owned() }, at(55)).unwrap();
    next.act(target.clone(), Payload::SubmitSelfScore(self_score()), at(56)).unwrap();
    next.sync(&mut office.server, at(57));
    office.exchange(58);
    // What the former head registered is still the unit's own: it counts only once it is confirmed.
    let mut totals = Vec::new();
    for (minute, score) in [(59, agreed()), (61, confirming_on(&office.chair, &key, agreed()))] {
        assert_eq!(score.lines.contains_key(&line), minute == 61);
        office.chair.act(target.clone(), Payload::Appraise(APPRAISE, score), at(minute)).unwrap();
        office.exchange(minute + 1);
        let found = office.state().outcome(&key, Side::Appraised).unwrap().ok();
        totals.push(found.and_then(|outcome| outcome.total).map(|total| total.exact));
    }
    assert!(totals[0] < totals[1], "{totals:?}");
    assert_eq!(totals[1], Some(number("100")));
}

/// Nobody speaks for a unit without a head; once the month is over, whoever is above scores it alone.
#[test]
fn a_unit_without_a_head_is_scored_from_above() {
    let gone = Post { to: Day::parse("2026-09-30"), ..post(4) };
    let mut office = Office::new([Payload::PutPost(gone)]);
    office.exchange(1);
    let target = office.target();
    assert_eq!(office.state().speaker(&office.key), PersonId::SYSTEM);
    for device in [&mut office.head, &mut office.chair] {
        let refused = device.act(target.clone(), Payload::SubmitSelfScore(self_score()), at(2)).unwrap_err();
        assert_eq!(refused.code, RefusalCode::NotEntitled);
    }
    let november = 12 * 24 * 60;
    office.chair.contact(&mut office.server, at(november));
    let mut score = agreed();
    score.marks.values_mut().for_each(|mark| mark.reason = "Chưa có trưởng đơn vị".to_owned());
    office.chair.act(target, Payload::Appraise(APPRAISE, score), at(november + 1)).unwrap();
}
