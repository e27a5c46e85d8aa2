//! Tests of adoption: which regulation an office lives by, and that a card never changes it.

use server::data_directory::DataDirectory;
use server::open_directory;
use shared::ids::PackHash;
use shared::org::Rank;
use shared::pack::{self, Span};
use shared::procedure::Act;
use shared::state::State;
use shared::time::Day;

use crate::harness::{Demo, Device, binary, demo_copy, open_month, pack_hash};

fn run(data: &Demo, args: &[&str]) -> std::process::Output {
    binary().args(args).arg("--data").arg(data.path()).output().unwrap()
}

#[track_caller]
fn done(data: &Demo, args: &[&str]) {
    let output = run(data, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[track_caller]
fn refused(data: &Demo, args: &[&str], words: &str) {
    let output = run(data, args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains(words), "{args:?}: {said}");
}

/// Every card with its hash and its result.
fn cards(state: &State) -> Vec<String> {
    let told = |key| (state.card_hash(key), state.outcome(key, shared::card::Side::Appraised));
    state.cards().map(|(key, _)| format!("{key} {:?}", told(key))).collect()
}

async fn folded(data: &Demo) -> shared::sync::LogState {
    open_directory::fold(&DataDirectory::new(data.path())).await.unwrap()
}

/// Issue 16 (1): changing a pack file never changes an old result.
#[tokio::test]
async fn a_card_keeps_the_regulation_it_was_scored_by() {
    let data = demo_copy().await;
    let before = cards(folded(&data).await.state());
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/packs/nd335-congchuc.toml")).unwrap();
    let stricter = text.replacen("min = 90", "min = 95", 1);
    assert_ne!(stricter, text);
    let file = data.path().join("own.toml");
    std::fs::write(&file, &stricter).unwrap();
    let own = pack::read_toml(&stricter).unwrap();
    assert_ne!(own.hash, pack_hash());
    done(&data, &["adopt", "--pack", file.to_str().unwrap(), "--decision", "QĐ 2", "--from", "2026-11-01"]);
    // The file is edited again and the server starts anew: what was adopted stays.
    std::fs::write(&file, stricter.replace("status = \"complete\"", "status = \"template\"")).unwrap();
    let server = data.serve();
    let mut device = Device::of(&server, "canbo1", 1).await;
    device.sync().await;
    let keys = |period: &str| -> Vec<PackHash> {
        let view = device.replica.view();
        view.card_keys(device.person, period.parse().unwrap()).iter().map(|key| key.pack).collect()
    };
    assert_eq!(keys("2026-10"), [pack_hash()], "decided, and before the adoption");
    assert_eq!(keys("2026-11"), [], "until it has arrived, no other regulation stands in for it");
    pack::learn(&own.to_bytes()).unwrap();
    assert_eq!(keys("2026-11"), [own.hash], "from the adoption on");
    assert_eq!(keys("2026-12"), [own.hash]);
    drop(server);
    let after = folded(&data).await;
    assert_eq!(cards(after.state()), before, "nothing moved");
}

#[tokio::test]
async fn what_cannot_be_lived_is_not_adopted() {
    let data = demo_copy().await;
    let adopt = |pack: &'static str| ["adopt", "--pack", pack, "--decision", "QĐ 2"];
    refused(&data, &adopt("longbien"), "pack.status");
    refused(&data, &adopt("gone"), "gone");
    done(&data, &[&adopt("longbien-mau")[..], &["--to", "2026-11-30"]].concat());
}

/// A scorer appointed by name scores; nobody appoints without a decision.
#[tokio::test]
async fn who_is_appointed_by_name_scores() {
    let data = demo_copy().await;
    let appoint = ["appoint", "--person", "pho1", "--unit", "Văn phòng HĐND và UBND", "--step", "appraise"];
    refused(&data, &[&appoint[..], &["--from", "2026-11-01"]].concat(), "decision");
    refused(
        &data,
        &[&appoint[..], &["--member", "x", "--from", "2026-11-01", "--decision", "QĐ 3"]].concat(),
        "member",
    );
    done(&data, &[&appoint[..], &["--from", "2026-11-01", "--decision", "QĐ 3"]].concat());
    let folded = folded(&data).await;
    let state = folded.state();
    let day = Day::parse("2026-11-30").unwrap();
    let mandate = state.org.mandates_on(day).next().unwrap();
    assert_eq!(state.org.main_post(mandate.person, day).unwrap().rank, Rank::Deputy);
    let key = state.card_key(mandate.person, open_month()).unwrap();
    assert!(!state.actors(&key, Act::Mark).contains(&mandate.person), "nobody scores oneself");
}

/// Nobody chooses the rules by which they are judged: not by the hash of a pack that was never adopted for them, and not by
/// an adoption for a period that has begun.
#[tokio::test]
async fn nobody_chooses_the_rules_of_the_own_card() {
    let data = demo_copy().await;
    let server = data.serve();
    let mut official = Device::of(&server, "canbo1", 1).await;
    official.sync().await;
    let milder = pack::find("longbien-mau").unwrap().hash;
    let key = shared::op::CardKey { pack: milder, ..official.card(open_month()) };
    let own = shared::op::Payload::SubmitSelfScore(shared::op::SelfScore::default());
    let refusal = official.try_act(shared::op::Target::Card(key), &own).unwrap_err();
    assert_eq!(refusal.field, "target.pack");
    drop(server);
    let folded = folded(&data).await;
    let state = folded.state();
    let day = Day::parse("2026-11-20").unwrap();
    let chair = state
        .org
        .people()
        .find(|person| state.org.main_post(person.id, day).is_some_and(|post| post.title == "Chủ tịch UBND xã"))
        .unwrap()
        .id;
    let unit = state.org.main_post(chair, day).unwrap().unit;
    let adopt_for = |from: &str, to: Option<&str>, pack: &pack::Pack, spans: &[Span]| {
        let adoption = pack::PackAdoption {
            unit,
            id: pack.id.clone(),
            pack: pack.hash,
            roles: Vec::new(),
            from: Day::parse(from).unwrap(),
            to: to.map(|day| Day::parse(day).unwrap()),
            options: shared::sorted_map::Map::new(),
            opens: None,
            bound: Vec::new(),
            decision: "QĐ 4".to_owned(),
            spans: spans.to_vec(),
        };
        judged(state, chair, shared::op::Payload::AdoptPack(adoption))
    };
    let adopt = |from: &str, to: Option<&str>, pack: &pack::Pack| adopt_for(from, to, pack, &[]);
    let decree = pack::find("nd335-congchuc").unwrap();
    let own = pack::Pack { instrument: "QĐ riêng".to_owned(), ..decree.clone() };
    let own = pack::learn(&own.to_bytes()).unwrap();
    assert_eq!(adopt("2026-11-01", None, decree), None, "readings of the rules in force");
    assert_eq!(adopt("2026-11-01", None, own).as_deref(), Some("from"), "other rules, for a month that has begun");
    assert_eq!(adopt("2026-12-01", None, own), None, "other rules, from the next month on");
    let quarters = |from: &str| adopt_for(from, None, own, &[Span::Month, Span::Quarter]);
    assert_eq!(quarters("2026-12-01").as_deref(), Some("from"), "the quarter under way ends in December");
    assert_eq!(quarters("2027-01-01"), None, "from the next quarter on");
    let begun = adopt_for("2026-11-01", None, decree, &[Span::Quarter]);
    assert_eq!(begun.as_deref(), Some("from"), "another length is another rule");
    let ends = adopt("2026-11-01", Some("2026-11-30"), decree);
    assert_eq!(ends.as_deref(), Some("from"), "an end brings other rules as well");
    assert_eq!(adopt("2026-12-01", None, pack::find("longbien-mau").unwrap()).as_deref(), Some("pack.status"));
}

/// The field that a refusal names; none where the act counts.
fn judged(state: &State, actor: shared::ids::PersonId, payload: shared::op::Payload) -> Option<String> {
    let at = shared::time::Hlc { at: shared::time::Millis(1_795_143_600_000), counter: 0 };
    let body = shared::op::Body {
        version: shared::op::VERSION,
        kind: payload.kind(),
        actor,
        device: shared::ids::DeviceId::from_bytes([1; 16]),
        epoch: 1,
        seq: 1,
        prev: None,
        target: shared::op::Target::Org,
        base: Vec::new(),
        seen_seq: 0,
        hlc: at,
        last_server_time: at.at,
        payload: payload.to_bytes().into(),
        nonce: None,
    };
    let verdict = state.judge(shared::ids::OpId::of(&body.to_bytes()), &body, at.at);
    verdict.refusal().map(|refusal| refusal.field.clone())
}
