//! Test cases for longer periods and the quota, where a guidance limits the year by its quarters.

use serde_json::{Value, json};
use shared::pack::Pack;
use shared::score::{error_json, quota, roll_up};

use super::completed::{completed, put};
use super::expect::mismatch;

fn year_of(pack: &Pack, change: Value) -> Value {
    let quarter = |(place, class): (usize, &str)| {
        let total = if class == "KHT" { 40 } else { 95 };
        json!({ "period": format!("2026-Q{}", place + 1), "total": total, "class": class })
    };
    let quarters: Vec<Value> = change["quarters"].as_str().unwrap().split(' ').enumerate().map(quarter).collect();
    let mut input = json!({
        "pack": pack.id,
        "to": "year",
        "periods": quarters,
        "total": 92,
        "subject": { "role": "leader" },
        "facts": {
            "tasks_done_share": 1, "tasks_on_time_share": 1, "tasks_late_share": 0,
            "tasks_exceeded_share": "0.3", "defects_fixed_share": 1,
        },
    });
    put(&mut input, &change);
    put(&mut input, &json!({ "quarters": null }));
    let outcome = roll_up(pack, &serde_json::from_str(&input.to_string()).unwrap());
    serde_json::to_value(outcome.unwrap_or_else(|errors| panic!("{}", error_json(&errors)))).unwrap()
}

#[test]
fn a_quarter_not_completed_bars_the_years_highest_class() {
    let pack = completed("hd02-quy", |_| {});
    let limit = |code: &str| json!({ "code": code });
    let none = json!(null);
    let (one, two) = (limit("one_quarter_failed"), limit("two_quarters_failed"));
    let staff = |more: Value| {
        let mut change = json!({ "quarters": "KHT HTXS HTXS", "subject": { "role": "staff" } });
        put(&mut change, &more);
        change
    };
    let every = json!({ "options": { "kht_quarter": "all" } });
    let table = [
        ("quarter IV is part of the year", json!({ "quarters": "HTXS HTXS HTXS" }), "HTXS", [&none, &none]),
        ("§12 #13: a leader", json!({ "quarters": "HTXS KHT HTXS" }), "HTT", [&one, &none]),
        ("§12 #13: others, managers only", staff(json!({})), "HTXS", [&none, &none]),
        ("§12 #13: others, all", staff(every), "HTT", [&one, &none]),
        ("two, not in a row", json!({ "quarters": "KHT HTXS KHT" }), "HTT", [&one, &none]),
        ("two in a row", json!({ "quarters": "HTXS KHT KHT" }), "HTT", [&one, &two]),
    ];
    for (cites, change, class, limits) in table {
        let outcome = year_of(&pack, change);
        assert_eq!((&outcome["status"], &outcome["missing"]), (&json!("scored"), &json!([])), "{cites}: {outcome}");
        assert_eq!(outcome["class"]["code"], class, "{cites}: {outcome}");
        for (place, expected) in limits.into_iter().enumerate() {
            let found = &outcome["limits"][place];
            assert_eq!(mismatch(cites, expected, found).filter(|_| !expected.is_null()), None, "{outcome}");
            assert_eq!(expected.is_null(), found.is_null(), "{cites}: {outcome}");
        }
    }
}

#[test]
fn the_year_is_decided_or_a_mean_by_the_reading() {
    let pack = completed("hd02-quy", |_| {});
    let decided = year_of(&pack, json!({ "quarters": "HTXS HTXS KHT" }));
    assert_eq!(decided["total"]["exact"], "92", "HD 02: no mechanical mean");
    // (95 + 95 + 40) / 3
    let mean = json!({ "quarters": "HTXS HTXS KHT", "options": { "year_rule": "mean" }, "total": null });
    assert_eq!(year_of(&pack, mean)["total"]["exact"], "230/3", "§12 #17");
    let waiting = year_of(&pack, json!({ "quarters": "HTXS HTXS", "total": null }));
    assert_eq!((&waiting["status"], &waiting["missing"]), (&json!("provisional"), &json!(["2026-Q3"])));
}

#[test]
fn more_excellent_quarters_go_first_among_equals() {
    let pack = completed("hd02-quy", |_| {});
    let member = |id: &str, class: &str, quarters: i64| {
        json!({
            "id": id,
            "total": if class == "HTXS" { 95 } else { 80 },
            "class": class,
            "tie_breaks": { "excellent_quarters": quarters },
        })
    };
    let mut members: Vec<Value> = (0..5).map(|place| member(&format!("g{place}"), "HTT", 0)).collect();
    members.extend([member("one", "HTXS", 1), member("three", "HTXS", 3)]);
    let input = json!({ "pack": pack.id, "groups": [{ "name": "heads", "members": members }] });
    let outcome = quota(&pack, &serde_json::from_str(&input.to_string()).unwrap()).unwrap();
    assert_eq!(
        (&outcome.groups[0].fits, &outcome.groups[0].over),
        (&vec!["three".to_owned()], &vec!["one".to_owned()])
    );
}
