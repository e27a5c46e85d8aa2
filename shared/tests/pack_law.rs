//! Compares the packs with their texts. Each finding of a comparison with the law is a test that cites its clause.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use serde_json::{Value, json};
use shared::pack::{self, Actor, Due, Pack, Place};
use shared::score::{explained, read_input};
use shared::time::Day;

fn named(id: &str) -> &'static Pack {
    pack::find(id).unwrap()
}

/// A due day is a `before` exactly where the text says "trước ngày".
#[test]
fn b12_before_a_day_is_not_by_that_day() {
    let mut days = 0;
    for pack in pack::all() {
        for (step, due) in
            pack.steps.iter().filter_map(|step| Some((step, step.due?))).filter(|(_, due)| !due.working_days)
        {
            let says_before = step.clause.contains("trước ngày");
            assert_eq!(due.before.is_some(), says_before, "{}, {}: {}", pack.id, step.id, step.clause);
            let named = |due: Due| due.before.into_iter().chain(due.december).count();
            days += if says_before { named(due) } else { 0 };
        }
    }
    assert_eq!(days, 19, "days named with “trước ngày”, those of December among them");
    // Kon Tum's file is due "chậm nhất ngày 20".
    assert_eq!(named("kontum-1923").step("self_score").unwrap().due.unwrap().by, Some(20));
}

/// 1841-QĐ/TU replaced 3814-QĐ/TU.
#[test]
fn b12_a_regulation_and_the_one_that_replaced_it_are_not_in_force_at_once() {
    let last = Day::parse(named("hanoi-3814").effective_to.as_ref().unwrap()).unwrap();
    let first = Day::parse(&named("hanoi-1841").effective_from).unwrap();
    assert!(last < first);
}

/// NĐ 335/2025 Đ.27(2): Decree 90 is of 13 August 2020, and only its part on civil servants is repealed.
#[test]
fn b12_decree_90_on_public_employees_is_not_repealed_by_decree_335() {
    let pack = named("nd90-2020");
    assert_eq!((pack.effective_from.as_str(), pack.effective_to.as_deref()), ("2020-08-13", None));
}

fn card(role: &str, more: Value) -> Value {
    let marks = named("nd335-congchuc").criteria_for(role).map(|one| (one.code.clone(), json!(one.max))).collect();
    let mut card = json!({
        "subject": {"role": role}, "criteria": serde_json::Map::from_iter::<Vec<_>>(marks),
        "work": [{"code": "A", "coefficient": 1, "assigned": 2, "completed": 2}],
    });
    card.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    card
}

/// Đ.15 is about leaders; Đ.16(1) takes a, b and c of others from Đ.14(2), and Đ.16(2) those of leaders, too.
#[test]
fn b12_staff_are_measured_by_article_14() {
    let pack = named("nd335-congchuc");
    let staff = explained(pack, &read_input(&card("staff", json!({})).to_string()).unwrap()).unwrap();
    for step in &staff.explanation {
        assert!(!step.clause.contains("Đ.15"), "{step:?}");
    }
    let clause = |id: &str| staff.explanation.iter().find(|step| step.step == id).unwrap().clause.clone();
    assert_eq!(["a", "b", "c"].map(clause), ["Đ.14(2)a", "Đ.14(2)b", "Đ.14(2)c"]);
}

/// Đ.10(2) is the power to classify the year; a month is confirmed by the authority of Đ.10(1) (Đ.17(2)).
#[test]
fn b12_a_month_is_confirmed_not_classified() {
    for id in ["nd335-congchuc", "thongke-hungyen"] {
        for step in &named(id).steps {
            assert!(!step.clause.contains("Đ.10(2)"), "{id}, {}: {}", step.id, step.clause);
        }
    }
}

/// Dự thảo Thanh Hóa Đ.9(2)a: heads of rooms decide on their deputies and staff, the agency's head on heads of rooms.
#[test]
fn b12_in_thanh_hoa_the_direct_head_decides() {
    assert_eq!(named("thanhhoa-1053").step("approve").unwrap().by, [Actor::Appointed, Actor::Head(Place::OwnUnit)]);
}

/// Đ.20(6): if nobody states the organisation's class, it does not limit a head, and the result says so.
#[test]
fn b6_the_class_of_the_unit_is_listed_when_nobody_states_it() {
    let pack = named("nd335-congchuc");
    let assumed = |role: &str| {
        let stated = if role == "staff" { json!({}) } else { json!({"unit": 1, "organising": 1, "cohesion": 1}) };
        let input = card(role, json!({"leadership": stated}));
        let outcome = explained(pack, &read_input(&input.to_string()).unwrap()).unwrap();
        outcome.assumed.iter().any(|one| one.fact == "unit_class" && one.clause == "Đ.20(6)")
    };
    assert_eq!(["leader", "deputy", "staff"].map(assumed), [true, false, false]);
}
