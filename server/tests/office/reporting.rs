//! Tests of the month's report: a unit sums its cards up, the level above receives it (issue 16 (3)).

use server::data_directory::DataDirectory;
use server::demo::{Scheme, create_with};
use shared::ids::{OpId, StateHash, StepPlace};
use shared::num::Exact;
use shared::op::{Payload, Refusal, Stage, Target, UnitPeriod};
use shared::pack::{self, Verb};
use shared::report::{Reporting, reportings};
use shared::time::{Day, Period};
use shared::unit_period::{Collection, Confirmation, Gap};
use tempfile::TempDir;

use crate::harness::{Device, Server};

const COMMUNE: &str = "UBND xã Mây Ảo";

/// An office of the kind of Quản Bạ on 20 November: October is decided, and one unit has not reported it.
async fn quanba() -> (TempDir, Server) {
    let data = TempDir::new().unwrap();
    let today = Day::parse("2026-11-20").unwrap();
    create_with(&DataDirectory::new(data.path()), today, 1, &[Scheme::QuanBa]).await.unwrap();
    // The pack is a sample of the program; a device fetches it as a blob.
    assert!(pack::find("quanba-mau").is_some());
    let server = Server::start(data.path(), &[]);
    (data, server)
}

fn october() -> Period {
    "2026-10".parse().unwrap()
}

async fn device(server: &Server, username: &str, n: u8) -> Device {
    let mut device = Device::of(server, username, n).await;
    device.sync().await;
    device
}

/// The report of a unit's October as a device knows it.
fn report_of(device: &Device, unit: &str) -> Option<Reporting> {
    let view = device.replica.view();
    let top = view.org.units().find(|unit| unit.parent.is_none()).unwrap().id;
    reportings(view, top, october(), device.person).into_iter().find(|one| one.unit == unit)
}

fn commune(device: &Device) -> Reporting {
    report_of(device, COMMUNE).unwrap()
}

fn try_collect(device: &mut Device, collection: &Collection) -> Result<OpId, Refusal> {
    let found = commune(device);
    device.try_act(Target::UnitPeriod(found.key), &Payload::Collect(found.collects.unwrap(), collection.to_bytes()))
}

fn collect(device: &mut Device, collection: &Collection) -> OpId {
    try_collect(device, collection).unwrap()
}

#[tokio::test]
async fn the_unit_reports_and_the_level_above_receives() {
    let (_data, server) = quanba().await;
    let mut keeper = device(&server, "qb-nhansu", 1).await;
    let before = commune(&keeper);
    assert!(before.waiting.is_empty() && before.answer.is_none(), "the demo leaves the last unit to be reported");
    assert_eq!((before.today.results.len(), before.today.missing.len()), (5, 0));
    assert_eq!((before.confirms, before.is_settled()), (None, false));
    collect(&mut keeper, &before.today);
    assert_eq!(commune(&keeper).waiting.len(), 1, "it counts on the tablet before there is a network");
    keeper.sync().await;

    let mut above = device(&server, "qb-nhansuvung", 2).await;
    let seen = commune(&above);
    assert_eq!(seen.waiting.first().unwrap().collection, before.today);
    let report = seen.waiting.first().unwrap().op;
    let confirmation = Confirmation { report, sent_back: false, note: String::new() };
    above.act(Target::UnitPeriod(seen.key.clone()), &Payload::Confirm(seen.confirms.unwrap(), confirmation.to_bytes()));
    above.sync().await;
    keeper.sync().await;
    let after = commune(&keeper);
    assert!(after.is_received() && after.is_settled() && after.waiting.is_empty());
    assert_eq!(after.answer.unwrap().report.unwrap().collection, before.today, "what was reported stays readable");
}

#[tokio::test]
async fn a_report_that_is_not_true_does_not_count() {
    let (_data, server) = quanba().await;
    let mut keeper = device(&server, "qb-nhansu", 1).await;
    let honest = commune(&keeper).today;
    let mut raised = honest.clone();
    raised.results.first_mut().unwrap().total = Exact::from_int(1);
    let mut twice = honest.clone();
    twice.results.push(honest.results.first().unwrap().clone());
    let other = Collection { decisions: StateHash::of(b"other decisions"), ..honest.clone() };
    let long = Collection { comment: "x".repeat(3_000), ..honest.clone() };
    for (untrue, field) in [(raised, "results"), (twice, "results"), (other, "decisions"), (long, "comment")] {
        assert_eq!(try_collect(&mut keeper, &untrue).unwrap_err().field, field);
    }
    collect(&mut keeper, &honest);
}

/// Two keepers of records report without a network: neither report replaces the other, and the answer names both.
#[tokio::test]
async fn two_reports_without_each_other_stand_side_by_side() {
    let (_data, server) = quanba().await;
    let mut one = device(&server, "qb-nhansu", 1).await;
    let mut other = device(&server, "qb-nhansuvung", 2).await;
    for device in [&mut one, &mut other] {
        let today = commune(device).today;
        collect(device, &today);
    }
    one.sync().await;
    other.sync().await;
    let both = commune(&other);
    assert_eq!(both.waiting.len(), 2);
    assert!(!both.is_settled());
    let report = both.waiting.last().unwrap().op;
    let target = Target::UnitPeriod(both.key.clone());
    let step = both.confirms.unwrap();
    let mut confirm = |report, sent_back, note: &str| {
        let confirmation = Confirmation { report, sent_back, note: note.to_owned() };
        other.try_act(target.clone(), &Payload::Confirm(step, confirmation.to_bytes()))
    };
    let unknown = OpId::of(b"another report");
    assert_eq!(confirm(unknown, false, "").unwrap_err().field, "report");
    assert_eq!(confirm(report, true, " ").unwrap_err().field, "reason", "who sends back says why");
    confirm(report, true, "Thiếu ghi chú").unwrap();
    other.sync().await;
    one.sync().await;
    let sent_back = commune(&one);
    assert!(sent_back.waiting.is_empty() && !sent_back.is_received());
    assert_eq!(sent_back.answer.as_ref().unwrap().confirmation.note, "Thiếu ghi chú");
    assert!(!sent_back.is_settled(), "it is reported anew");
}

#[tokio::test]
async fn who_is_missing_is_named() {
    let (_data, server) = quanba().await;
    let keeper = device(&server, "qb-nhansu", 1).await;
    let november: Period = "2026-11".parse().unwrap();
    let key = UnitPeriod { period: november, ..commune(&keeper).key };
    let today = keeper.replica.view().collection(&key);
    assert_eq!((today.results.len(), today.missing.len()), (0, 5));
    assert!(today.missing.iter().all(|missing| missing.gap == Gap::At(Stage::Working)));
}

/// Only who the regulation names reports and receives; others do not even learn of it.
#[tokio::test]
async fn nobody_else_reports_receives_or_reads() {
    let (_data, server) = quanba().await;
    let mut keeper = device(&server, "qb-nhansu", 1).await;
    let found = commune(&keeper);
    collect(&mut keeper, &found.today);
    keeper.sync().await;
    let step = |verb| keeper.replica.view().unit_step(&found.key, verb).unwrap().0;
    let (collects, confirms): (StepPlace, StepPlace) = (step(Verb::Collect), step(Verb::Confirm));
    let target = Target::UnitPeriod(found.key.clone());
    let confirmation =
        Confirmation { report: commune(&keeper).waiting.first().unwrap().op, sent_back: false, note: String::new() };
    let confirm = Payload::Confirm(confirms, confirmation.to_bytes());
    assert_eq!(keeper.try_act(target.clone(), &confirm).unwrap_err().field, "actor", "not for the own unit");
    for (username, n) in [("qb-diachinh", 2), ("qb-chuyenvien", 3), ("qb-phobithu", 4)] {
        let mut stranger = device(&server, username, n).await;
        assert_eq!(report_of(&stranger, COMMUNE), None, "{username}");
        assert_eq!(stranger.replica.view().filings(&found.key).count(), 0, "{username} reads no report");
        let collect = Payload::Collect(collects, found.today.to_bytes());
        assert_eq!(stranger.try_act(target.clone(), &collect).unwrap_err().field, "actor", "{username}");
    }
    // The step of another verb, a unit that does not report, and a card instead of a unit.
    let mixed = Payload::Collect(confirms, found.today.to_bytes());
    assert_eq!(keeper.try_act(target, &mixed).unwrap_err().field, "step");
    let parent = keeper.replica.view().org.unit(found.key.unit).unwrap().parent.unwrap();
    let elsewhere = UnitPeriod { pack: pack::find("longbien-mau").unwrap().hash, unit: parent, ..found.key.clone() };
    // A period of a length that nobody scores.
    let year = UnitPeriod { period: "2026".parse().unwrap(), ..found.key.clone() };
    let collect = Payload::Collect(collects, found.today.to_bytes());
    for other in [elsewhere, year] {
        assert_eq!(keeper.try_act(Target::UnitPeriod(other.clone()), &collect).unwrap_err().field, "target.unit");
        assert_eq!(keeper.replica.view().unit_step(&other, Verb::Collect), None, "{other:?}");
    }
}
