//! Scoring with JSON input and JSON output: the functions that a command line, a server and a device call, and what
//! they refuse.
#![cfg(feature = "author")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use serde::Serialize;
use serde_json::{Value, json};
use shared::num::Exact;
use shared::pack::{self, Pack};
use shared::score::{
    Allowed, CARD_JSON_BYTES_MAX, ErrorCode, InputError, WorkLine, explained, quota, quota_json, quota_under,
    read_input, roll_up, roll_up_json, roll_up_under, score_json, score_under, unit, unit_json, unit_under,
};

const DECREE: &str = include_str!("../packs/nd335-congchuc.toml");

fn decree() -> &'static Pack {
    pack::find("nd335-congchuc").unwrap()
}

fn card() -> Value {
    json!({
        "criteria": {"I.1": 5, "I.2": 5, "II.1": "2.5", "II.2": "2.5", "II.3": "2.5", "II.4": "2.5",
                     "III.1": "2.5", "III.2": "2.5", "III.3": "2.5", "III.4": "2.5"},
        "work": [{"code": "X", "coefficient": 1, "assigned": 4, "completed": 3}]
    })
}

fn text(outcome: impl Serialize) -> String {
    serde_json::to_string(&outcome).unwrap()
}

type Door = fn(&str) -> Result<String, Vec<InputError>>;

/// Field, found text and code of the first refusal.
fn refused(errors: &[InputError]) -> (&str, &str, ErrorCode) {
    (errors[0].field.as_str(), errors[0].found.as_str(), errors[0].code)
}

#[test]
fn a_pack_is_named_or_brought_along_as_toml_or_as_json() {
    let wanted = score_under(decree(), &card().to_string()).unwrap();
    assert_eq!(wanted, text(explained(decree(), &read_input(&card().to_string()).unwrap()).unwrap()));
    let wanted: Value = serde_json::from_str(&wanted).unwrap();
    let json = text(decree());
    for pack in ["nd335-congchuc", DECREE, json.as_str(), format!("\n  {json}").as_str(), format!("{json}\n").as_str()]
    {
        let mut found: Value = serde_json::from_str(&score_json(pack, &card().to_string())).unwrap();
        // A pack given without its remarks is another text, and has its own hash.
        found["pack_hash"] = wanted["pack_hash"].clone();
        assert_eq!(found, wanted, "{}", &pack[..20.min(pack.len())]);
    }
    // A name, something that looks like JSON, something that looks like TOML.
    let error = |pack: &str| -> Value {
        let answer: Value = serde_json::from_str(&score_json(pack, &card().to_string())).unwrap();
        answer["error"].clone()
    };
    assert_eq!((&error("nobody")["code"], &error("nobody")["found"]), (&json!("unknown"), &json!("nobody")));
    for broken in ["{\"id\": 1}", "id = \"x\"\nstatus = \"complete\"\n"] {
        let error = error(broken);
        assert_eq!((&error["code"], &error["field"]), (&json!("malformed"), &json!("pack")), "{broken}: {error}");
    }
}

#[test]
fn a_card_may_be_so_long_and_no_longer() {
    let padded = |bytes: usize| format!("{}{}", card(), " ".repeat(bytes - card().to_string().len()));
    assert_eq!(read_input(&padded(CARD_JSON_BYTES_MAX)), read_input(&card().to_string()));
    let errors = read_input(&padded(CARD_JSON_BYTES_MAX + 1)).unwrap_err();
    assert_eq!(refused(&errors), ("", "more than 1048576 bytes", ErrorCode::TooMany));
    assert_eq!(read_input(&padded(CARD_JSON_BYTES_MAX + 2)).unwrap_err(), errors);
}

#[test]
fn what_is_no_card_is_refused_by_its_place_and_with_what_is_allowed() {
    let allowed = |text: &str| read_input(text).unwrap_err().remove(0).allowed;
    assert_eq!(allowed("1"), Allowed::Object);
    assert_eq!(allowed(r#"{"criteria": 1, "work": []}"#), Allowed::Object);
    let count = r#"{"criteria": {}, "work": [{"code":"A","coefficient":1,"assigned":1,"completed":1,"late_days":-1}]}"#;
    assert_eq!(allowed(count), Allowed::Count);
}

/// A refusal as text is its sentence: programs that only show errors say as much as those that read the fields.
#[test]
fn a_refusal_shown_is_its_sentence() {
    let mut card = card();
    card["criteria"]["IX"] = json!(1);
    let errors = explained(decree(), &read_input(&card.to_string()).unwrap()).unwrap_err();
    let codes: Vec<&str> = decree().criteria_for("staff").map(|criterion| criterion.code.as_str()).collect();
    let wanted = format!("criteria.IX: found IX; allowed: {}", codes.join(", "));
    assert_eq!(errors.iter().map(ToString::to_string).collect::<Vec<_>>(), [wanted]);
}

#[test]
fn a_line_done_alone_says_nothing_of_shares() {
    let line = |share: &str| WorkLine { share: Exact::parse(share).unwrap(), ..WorkLine::default() };
    assert_eq!(serde_json::to_value(line("1")).unwrap().get("share"), None);
    assert_eq!(serde_json::to_value(line("1/2")).unwrap()["share"], "1/2");
}

#[test]
fn units_quotas_and_longer_periods_have_the_same_doors() {
    let pack = "nd335-congchuc";
    let whole = pack::find(pack).unwrap();
    let one = json!({"pack": pack, "members": [{"id": "a", "card": card()}]}).to_string();
    let wanted = text(unit(decree(), &serde_json::from_str(&one).unwrap()).unwrap());
    assert_eq!((unit_json(&one).unwrap(), unit_under(decree(), &one).unwrap()), (wanted.clone(), wanted));
    let group =
        json!({"pack": pack, "groups": [{"name": "A", "members": [{"id": "a", "total": 95, "class": "HTXS"}]}]});
    let wanted = text(quota(decree(), &serde_json::from_str(&group.to_string()).unwrap()).unwrap());
    let found = (quota_json(&group.to_string()).unwrap(), quota_under(decree(), &group.to_string()).unwrap());
    assert_eq!(found, (wanted.clone(), wanted));
    let months = json!({"pack": pack, "to": "quarter", "periods": [{"period": "2026-01", "total": 80}]}).to_string();
    let wanted = text(roll_up(whole, &serde_json::from_str(&months).unwrap()).unwrap());
    assert_eq!((roll_up_json(&months).unwrap(), roll_up_under(whole, &months).unwrap()), (wanted.clone(), wanted));
    let doors: [Door; 3] = [unit_json, quota_json, roll_up_json];
    let strangers = [&one, &group.to_string(), &months].map(|text| text.replace(pack, "nobody"));
    for (door, stranger) in doors.iter().zip(strangers) {
        assert_eq!(refused(&door(&stranger).unwrap_err()), ("pack", "nobody", ErrorCode::Unknown));
    }
}
