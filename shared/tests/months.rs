//! Tests of the days on which a month is scored and decided, and of the month that opens for each person.
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
use shared::num::Exact;
use shared::op::{CardKey, Detail, Payload, Refusal, RefusalCode, Stage, Target, Verdict};
use shared::pack::PackAdoption;
use shared::pack::Span;
use shared::procedure::Act;
use shared::report::{opening_period, reachable};
use shared::state::State;
use shared::sync::Attention;
use shared::time::{Day, Millis, Period};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Ten in the morning of a day, in Vietnam.
fn morning(text: &str) -> Millis {
    Millis(u64::try_from(day(text).0).unwrap() * 86_400_000 + 3 * 3_600_000)
}

fn key_of(n: u8, period: &str) -> CardKey {
    CardKey { period: period.parse().unwrap(), ..key(n) }
}

fn on(n: u8, period: &str) -> Target {
    Target::Card(key_of(n, period))
}

fn too_early(field: &str, found: &str, allowed: &str) -> Refusal {
    let day = |text: &str| Day::parse(text).unwrap();
    Refusal::new(RefusalCode::TooEarly, field).found(day(found)).allowed(day(allowed))
}

/// A decision on the day from which a month may be decided, and on since when that holds.
fn decide(server: &mut Server, unit_number: u8, opens: u8, from: Option<&str>) -> Verdict {
    let mut clerk = Device::new(PersonId::SYSTEM, 100 + unit_number);
    clerk.sync(server, at(1));
    let payload = Payload::AdoptPack(PackAdoption {
        unit: unit(unit_number),
        from: from.map_or(adoption().from, day),
        opens: Some(opens),
        ..adoption()
    });
    match clerk.act(Target::Org, payload, at(1)) {
        Ok(_) => {
            clerk.sync(server, at(1));
            Verdict::Accepted
        }
        Err(refusal) => Verdict::Rejected(refusal),
    }
}

/// A card that waits for the chairman, with the chairman's device.
fn appraised(server: &mut Server, period: &str, morning_of: Millis) -> Device {
    let [mut official, mut head, mut chair] = official_head_chair();
    official.sync(server, morning_of);
    official.act(on(5, period), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), morning_of).unwrap();
    official.act(on(5, period), Payload::SubmitSelfScore(self_score()), morning_of).unwrap();
    official.sync(server, morning_of);
    head.sync(server, morning_of);
    let score = confirming_on(&head, &key_of(5, period), appraisal("II.1", "2", "Cần học thêm nghiệp vụ"));
    head.act(on(5, period), Payload::Appraise(APPRAISE, score), morning_of).unwrap();
    head.sync(server, morning_of);
    chair.sync(server, morning_of);
    chair
}

fn as_computed(device: &Device, key: &CardKey) -> Payload {
    let outcome = device.replica.view().outcome(key, shared::card::Side::Appraised).unwrap().unwrap();
    approval(&outcome.total.unwrap().exact.to_string(), &outcome.class.unwrap().code)
}

#[test]
fn a7_a_month_that_has_not_begun_takes_plans_and_no_scores() {
    let mut server = founded();
    let [mut official, mut head, mut chair] = official_head_chair();
    let (before, first) = (morning("2026-11-30"), morning("2026-12-01"));
    for device in [&mut official, &mut head, &mut chair] {
        device.sync(&mut server, before);
    }
    let refused = Err(too_early("period", "2026-11-30", "2026-12-01"));
    official.act(on(5, "2026-12"), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), before).unwrap();
    assert_eq!(official.act(on(5, "2026-12"), Payload::SubmitSelfScore(self_score()), before), refused);
    let score = |head: &Device| {
        let score = appraisal("II.1", "2", "Cần học thêm nghiệp vụ");
        Payload::Appraise(APPRAISE, confirming_on(head, &key_of(5, "2026-12"), score))
    };
    official.act(on(5, "2026-12"), Payload::SubmitSelfScore(self_score()), first).unwrap();
    official.sync(&mut server, first);
    head.sync(&mut server, first);
    // A device whose clock was set back reports so before it signs.
    assert_eq!(head.act(on(5, "2026-12"), score(&head), before), refused);
    head.act(on(5, "2026-12"), score(&head), first).unwrap();
    head.sync(&mut server, first);
    chair.sync(&mut server, first);
    let decision = as_computed(&chair, &key_of(5, "2026-12"));
    assert_eq!(chair.act(on(5, "2026-12"), decision.clone(), before), refused);
    chair.act(on(5, "2026-12"), decision, first).unwrap();
    let told = Payload::Publish(shared::op::Publication {
        class: chair.replica.view().card(&key_of(5, "2026-12")).unwrap().approval().unwrap().class.clone(),
    });
    assert_eq!(chair.act(on(5, "2026-12"), told.clone(), before), refused);
    chair.act(on(5, "2026-12"), told, first).unwrap();
}

#[test]
fn a7_a_clock_set_forward_gains_nothing_at_the_office() {
    let mut server = founded();
    let mut official = Device::new(person(5), 5);
    let (now, forward) = (morning("2026-11-29"), morning("2026-12-05"));
    official.sync(&mut server, now);
    official.act(on(5, "2026-12"), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), forward).unwrap();
    let op = official.act(on(5, "2026-12"), Payload::SubmitSelfScore(self_score()), forward).unwrap();
    official.sync(&mut server, now);
    let verdict = server.receipts[&op].decode().unwrap().verdict;
    assert_eq!(verdict, Verdict::Rejected(too_early("period", "2026-11-29", "2026-12-01")));
    let matters = official.replica.attention();
    assert!(matches!(&matters[..], [Attention::Refused { op: id, .. }] if *id == op), "{matters:?}");
    assert_eq!(official.replica.view().card(&key_of(5, "2026-12")).unwrap().stage(), Stage::Working);
}

#[test]
fn a7_an_approval_that_arrives_too_early_is_refused_with_both_days_and_can_be_given_again() {
    let mut server = founded();
    let eve = morning("2026-11-18");
    let mut chair = appraised(&mut server, "2026-11", eve);
    let decision = as_computed(&chair, &key_of(5, "2026-11"));
    let refusal = too_early("stage", "2026-11-18", "2026-11-20");
    assert_eq!(chair.act(on(5, "2026-11"), decision.clone(), eve), Err(refusal.clone()));
    let op = chair.act(on(5, "2026-11"), decision.clone(), morning("2026-11-21")).unwrap();
    chair.sync(&mut server, eve);
    assert_eq!(server.receipts[&op].decode().unwrap().verdict, Verdict::Rejected(refusal));
    assert_eq!(chair.replica.view().card(&key_of(5, "2026-11")).unwrap().stage(), Stage::Appraised);
    let again = chair.act(on(5, "2026-11"), decision, morning("2026-11-21")).unwrap();
    chair.sync(&mut server, morning("2026-11-21"));
    assert_eq!(server.receipts[&again].decode().unwrap().verdict, Verdict::Accepted);
}

/// The default is the 20th of its last month, and in December the 1st. A day decided by the office precedes it.
#[test]
fn a7_the_first_day_of_a_decision_is_the_offices_else_the_packs() {
    let opens = |state: &State, period: &str| state.opens(&key_of(5, period), Act::Decide).to_string();
    let table = [
        ("2026-10", "2026-10-20"),
        ("2026-02", "2026-02-20"),
        ("2026-12", "2026-12-01"),
        ("2026-Q3", "2026-09-20"),
        ("2026-Q4", "2026-12-01"),
        ("2026-H1", "2026-06-20"),
        ("2026", "2026-12-01"),
    ];
    let mut server = founded();
    for (period, first) in table {
        assert_eq!(opens(server.log_state.state(), period), first, "{period}");
    }
    assert_eq!(server.log_state.state().opens(&key_of(5, "2026-10"), Act::SelfScore).to_string(), "2026-10-01");
    // The agency decides for periods that end in November or later; then its office does, which is nearer to the
    // person.
    assert_eq!(decide(&mut server, 2, 25, Some("2026-11-01")), Verdict::Accepted);
    for (period, first) in [("2026-10", "2026-10-20"), ("2026-11", "2026-11-25"), ("2026-12", "2026-12-01")] {
        assert_eq!(opens(server.log_state.state(), period), first, "{period}");
    }
    assert_eq!(decide(&mut server, 3, 31, None), Verdict::Accepted);
    for (period, first) in [("2026-10", "2026-10-31"), ("2026-11", "2026-11-30"), ("2027-02", "2027-02-28")] {
        assert_eq!(opens(server.log_state.state(), period), first, "{period}");
    }
    assert_eq!(decide(&mut server, 3, 12, Some("2027-01-01")), Verdict::Accepted);
    assert_eq!(opens(server.log_state.state(), "2027-03"), "2027-03-12");
    for wrong in [0, 32] {
        let refusal = Refusal::new(RefusalCode::OutOfRange, "opens").found(usize::from(wrong));
        let refusal = refusal.allowed(Detail::Numbers([Exact::one(), Exact::from_int(31)]));
        assert_eq!(decide(&mut server, 2, wrong, None), Verdict::Rejected(refusal));
    }
}

#[test]
fn a7_months_before_the_rules_are_not_scored_under_them() {
    let mut server = founded();
    let mut official = Device::new(person(5), 5);
    let mut clerk = Device::new(PersonId::SYSTEM, 98);
    clerk.sync(&mut server, at(0));
    let post = shared::org::Post {
        from: day("2025-01-01"),
        ..server.log_state.state().org.posts().find(|post| post.person == person(5)).unwrap().clone()
    };
    clerk.act(Target::Org, Payload::PutPost(post), at(0)).unwrap();
    clerk.sync(&mut server, at(0));
    official.sync(&mut server, at(1));
    let refusal = Refusal::new(RefusalCode::NotInForce, "period")
        .found(Day::parse("2025-12-31").unwrap())
        .allowed(Day::parse("2026-01-01").unwrap());
    for payload in [Payload::AssignWork(vec![new_line("V.1", "2", "3")]), Payload::SubmitSelfScore(self_score())] {
        assert_eq!(official.act(on(5, "2025-12"), payload.clone(), at(2)), Err(refusal.clone()), "{payload:?}");
    }
    official.act(on(5, "2026-01"), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), at(2)).unwrap();
}

#[test]
fn a7_at_the_turn_of_the_month_the_month_that_waits_is_opened() {
    let mut server = founded();
    let turn = day("2026-11-02");
    let now = morning("2026-10-25");
    let opened = |server: &Server, n: u8| opening_period(server.log_state.state(), person(n), turn).to_string();
    let (last, this) = ("2026-10", "2026-11");
    assert_eq!(opening_period(&State::default(), person(5), turn).to_string(), this, "nothing is known here");
    for n in [2, 4, 5, 7] {
        assert_eq!(opening_period(server.log_state.state(), person(n), day("2026-10-25")).to_string(), last);
        assert_eq!(opened(&server, n), this, "nothing was ever done in the old month: {n}");
        let mut device = Device::new(person(n), n);
        device.sync(&mut server, now);
        device.act(card(n), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), now).unwrap();
        device.sync(&mut server, now);
        assert_eq!(opened(&server, n), last, "{n} has not scored");
        let leads = server.log_state.state().role(&key(n)) != Some("staff");
        let parts = ["unit", "organising", "cohesion"]
            .map(|part| (part.to_owned(), shared::op::Mark { value: number("1"), reason: String::new() }));
        let leadership = if leads { parts.into_iter().collect() } else { std::collections::BTreeMap::new() };
        let score = shared::op::SelfScore { leadership, ..self_score() };
        device.act(card(n), Payload::SubmitSelfScore(score), now).unwrap();
        device.sync(&mut server, now);
    }
    // Everybody has scored. The cards of others show what waits for whom.
    let rows = |server: &Server| [5, 4, 2, 7].map(|n| opened(server, n));
    assert_eq!(rows(&server), [this, last, last, this], "4 scores 5 and 7, 2 scores 4");
    for n in [5, 7] {
        let mut head = Device::new(person(4), 40 + n);
        head.sync(&mut server, now);
        let score = confirming(&head, n, appraisal("II.1", "2", "Cần học thêm nghiệp vụ"));
        head.act(card(n), Payload::Appraise(APPRAISE, score), now).unwrap();
        head.sync(&mut server, now);
    }
    assert_eq!(rows(&server), [this, this, last, this], "2 decides");
    let mut chair = Device::new(person(2), 20);
    chair.sync(&mut server, now);
    for n in [5, 7] {
        let decision = as_computed(&chair, &key(n));
        chair.act(card(n), decision, now).unwrap();
    }
    chair.sync(&mut server, now);
    assert_eq!(rows(&server)[3], last, "7 publishes what is decided of 5");
}

#[test]
fn a7_a_decision_that_is_not_due_yet_opens_no_old_month() {
    let mut server = founded();
    decide(&mut server, 2, 31, None);
    let _ = appraised(&mut server, "2026-10", morning("2026-10-25"));
    assert_eq!(server.log_state.state().opens(&key(5), Act::Decide), day("2026-10-31"));
    assert_eq!(opening_period(server.log_state.state(), person(2), day("2026-10-30")), OCTOBER, "not September");
    assert_eq!(
        opening_period(server.log_state.state(), person(2), day("2026-11-01")),
        OCTOBER,
        "it waits for the decision"
    );
}

#[test]
fn a7_only_months_that_make_sense_are_reached() {
    let between = |text: &str| {
        let (first, last) = reachable(founded().log_state.state(), Span::Month, day(text));
        (first.to_string(), last.to_string())
    };
    assert_eq!(between("2026-11-29"), ("2026-01".into(), "2026-12".into()));
    assert_eq!(between("2026-12-31"), ("2026-01".into(), "2027-01".into()));
    assert_eq!(between("2025-06-01"), ("2025-07".into(), "2025-07".into()), "a clock that was set back");
    assert_eq!(Period::month_of(day("2026-01-31")).to_string(), "2026-01");
}
