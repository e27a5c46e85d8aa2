//! Tests of the office of the demo in which whoever gave a task evaluates it (the seed article of Báo Quốc phòng Thủ đô; QĐ
//! 1841-QĐ/TU, "cấp nào, người nào trực tiếp giao việc thì đánh giá").

use std::collections::{BTreeMap, BTreeSet};

use server::data_directory::DataDirectory;
use server::demo::Scheme;
use server::open_directory;
use shared::card::Card;
use shared::ids::PersonId;
use shared::op::{LineReview, Payload, RefusalCode, Stage, Target};
use shared::report::unit_month;
use shared::time::{Day, Period};
use tempfile::TempDir;

use crate::harness::{Device, Server, demo_of};

fn today() -> Day {
    Day::parse("2026-11-16").unwrap()
}

fn november() -> Period {
    "2026-11".parse().unwrap()
}

fn october() -> Period {
    "2026-10".parse().unwrap()
}

/// The ward on 16 November, and who is behind each user name.
async fn ward() -> (TempDir, BTreeMap<String, PersonId>) {
    demo_of(&[Scheme::HaNoi], today()).await
}

/// October is published for everybody, and what the givers found is what was reckoned.
#[tokio::test]
async fn a_month_is_lived_to_its_end() {
    let (data, people) = ward().await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let mut classes: BTreeSet<String> = BTreeSet::new();
    let mut less = 0;
    for (user, person) in people.iter().filter(|(user, _)| user.starts_with("hn-")) {
        let key = state.card_key(*person, october()).unwrap();
        let card = state.card(&key).unwrap();
        assert_eq!(card.stage(), Stage::Published, "{user}");
        classes.insert(card.publication().unwrap().class.clone());
        let slots = state.line_slots(&key);
        assert!(slots.iter().all(|(_, slot)| slot.is_answered), "{user}");
        let givers: BTreeSet<PersonId> = slots.iter().flat_map(|(_, slot)| slot.actors.clone()).collect();
        assert!(!givers.contains(person), "{user}: nobody evaluates the own work");
        if user.starts_with("hn-canbo") {
            assert_eq!((slots.len(), givers.len()), (4, 2), "{user}: two tasks of a deputy, two of the head");
        }
        let input = state.input(&key, shared::card::Side::Appraised).unwrap();
        for (_, slot) in &slots {
            let found = card.finding(slot.line.id).unwrap();
            less += usize::from(found.completed < slot.line.progress.unwrap().completed);
            let counted =
                input.work.iter().any(|line| line.name == slot.line.plan.name && line.completed == found.completed);
            assert!(counted, "{user}: {}", slot.line.plan.name);
        }
    }
    assert!(classes.len() >= 2 && less > 0, "{classes:?}, {less} found less than reported");
    let ward = state.seat(&state.card_key(people["hn-chutich"], october()).unwrap()).unwrap().unit;
    let table = unit_month(state, ward, october(), PersonId::SYSTEM);
    assert_eq!(table.rows.len(), 16, "the whole ward");
}

/// A deputy chair gives work to somebody of a room and evaluates it, and has nothing else of that card on the tablet. What
/// another gave is not for the deputy.
#[tokio::test]
async fn a_deputy_reads_and_evaluates_the_own_lines_only() {
    let (data, people) = ward().await;
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let subject = "hn-canbo21";
    let key = office.state().card_key(people[subject], november()).unwrap();
    let all = office.state().card(&key).map(Card::lines).unwrap_or_default();
    let giver =
        |user: &str| all.iter().filter(|line| line.added_by == people[user]).map(|line| line.id).collect::<Vec<_>>();
    let deputy = if giver("hn-phochutich1").is_empty() { "hn-phochutich2" } else { "hn-phochutich1" };
    let (own, others) = (giver(deputy), giver("hn-truong2"));
    assert_eq!((own.len(), others.len()), (2, 2));

    let server = Server::start(data.path(), &[]);
    let mut tablet = Device::of(&server, deputy, 1).await;
    tablet.sync().await;
    let seen = tablet.replica.view().card(&key).unwrap();
    assert_eq!(seen.lines().iter().map(|line| line.id).collect::<Vec<_>>(), own);
    assert!(!tablet.replica.view().may_read_card(people[deputy], &key));
    let (place, found) = {
        let slots = tablet.replica.view().line_slots(&key);
        let (place, slot) = slots.first().unwrap();
        (*place, LineReview { reason: "Đã xem".to_owned(), ..slot.line.as_reported(key.period.last_day()) })
    };
    let evaluated = Payload::EvaluateLines(place, [(own[0], found.clone())].into_iter().collect());
    tablet.on_card(&key, &evaluated);
    tablet.sync().await;
    let forged = Payload::EvaluateLines(place, [(others[0], found)].into_iter().collect());
    assert_eq!(tablet.try_act(Target::Card(key.clone()), &forged).unwrap_err().code, RefusalCode::NotEntitled);

    let mut person = Device::of(&server, subject, 2).await;
    person.sync().await;
    let view = person.replica.view();
    let steps = view.steps_of(people[subject], &key, today());
    let step = steps.iter().find(|one| one.step.id == "evaluate_lines").unwrap();
    assert_eq!(step.marked, Some((1, 4)));
    assert_eq!(
        step.actors.iter().copied().collect::<BTreeSet<_>>(),
        BTreeSet::from([people[deputy], people["hn-truong2"]])
    );
}

/// "Công khai trên hệ thống phần mềm": everybody in the ward reads everybody's class, and nobody's points.
#[tokio::test]
async fn colleagues_read_the_published_class() {
    let (data, people) = ward().await;
    let server = Server::start(data.path(), &[]);
    let mut tablet = Device::of(&server, "hn-canbo11", 1).await;
    tablet.sync().await;
    let view = tablet.replica.view();
    let me = people["hn-canbo11"];
    for (user, person) in people.iter().filter(|(user, one)| user.starts_with("hn-") && **one != me) {
        let key = view.card_key(*person, october()).unwrap();
        let card = view.card(&key).unwrap();
        assert!(card.publication().is_some() && view.is_public_to(me, &key), "{user}");
        assert!(card.appraisal().is_none() && card.self_score().is_none() && card.lines().is_empty(), "{user}");
        let known = view.result_for(me, &key);
        assert!(known.found.is_none() && known.decided.is_none(), "{user}");
    }
    let mut outside = Device::of(&server, "nhansutinh", 2).await;
    outside.sync().await;
    assert!(!outside.replica.view().is_public_to(people["nhansutinh"], &view.card_key(me, october()).unwrap()));
}
