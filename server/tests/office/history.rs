//! Measures what a first copy costs when a commune has scored for months, and whether anything else costs more then.
//! `cargo xtask bench sync` prints it for 1, 12, 24 and 60 months. The tests assert the counts for two.
//!
//! The server's own code makes the months. Each operation is signed by its author and judged. The devices fetch them
//! over real sockets.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use server::data_directory::DataDirectory;
use server::ingest::{Author, Intake};
use server::open_directory::{self, OpenDirectory};
use server::store::DeviceKey;
use shared::card::Side;
use shared::ids::{DeviceId, LineId, OpId};
use shared::limits::{BATCH_BYTES_FIRST, BATCH_BYTES_MAX};
use shared::num::Exact;
use shared::op::{
    Appraisal, CardKey, ChainHead, LineReview, Mark, NewLine, Payload, Progress, Publication, SelfScore, Stage, Target,
};
use shared::time::{Millis, Period};

use crate::harness::{APPRAISE, APPROVE, Device, Server};
use crate::sync::full_marks;
use crate::sync_sizes::{
    CARDS, CHAIRMAN, Cost, LINES_PER_CARD, exchange, founded, heads, person, sentence, staff_of, work_of_state,
};

/// The variable with the numbers of months to measure, `1,12,24,60`.
const MONTHS: &str = "CONGTAM_BENCH_MONTHS";
/// The link for the target figures: 50 kbit/s, 1.4 s for a round trip.
const LINK_BYTES_PER_S: usize = 50_000 / 8;
const LINK_ROUND_TRIP_MS: usize = 1_400;
/// What the link carries besides the bodies, in each direction of each trip: the headers of an exchange.
const HEADER_BYTES: usize = 300;
const MINUTE_MS: u64 = 60_000;

/// The author of each person.
type Authors = BTreeMap<u8, Author>;

async fn authors(office: &OpenDirectory) -> Authors {
    let mut authors = Authors::new();
    for n in std::iter::once(CHAIRMAN).chain(heads().flat_map(|head| std::iter::once(head).chain(staff_of(head)))) {
        let device = DeviceId::from_bytes([n; 16]);
        let author = Author::new(person(n), device, SigningKey::from_bytes(&[n; 32]), ChainHead::default());
        let key = DeviceKey { chain: author.chain(), public_key: author.public_key(), label: "history".to_owned() };
        office.store.register_device(&key, Millis(1)).await.unwrap();
        authors.insert(n, author);
    }
    authors
}

/// Signs an act, hands it in and checks that it is accepted.
async fn act(
    office: &OpenDirectory,
    intake: &mut Intake,
    author: &mut Author,
    target: &Target,
    intent: &Payload,
    at: Millis,
) -> OpId {
    let operation = author.sign(intake.state(), target.clone(), intent, at);
    let id = operation.id();
    let key = office.ingest.check(&operation).await.unwrap();
    let receipt = intake.receive(operation, key, at).await.unwrap().decode().unwrap();
    assert!(receipt.verdict.counts(), "{:?}", receipt.verdict);
    id
}

/// This many consecutive months, oldest first. They are those before the open one. Where the regulation was not in
/// force that long, they start with its first month. Months after today are scored here with a clock of their own.
fn months(count: usize) -> Vec<Period> {
    let last = 2026 * 12 + 9.max(count.saturating_sub(1));
    let name = |month: usize| format!("{}-{:02}", month / 12, month % 12 + 1);
    (0..count).rev().map(|back| name(last - back).parse().unwrap()).collect()
}

/// Scores and publishes one month for everybody.
async fn score(office: &OpenDirectory, authors: &mut Authors, period: Period, salt: usize) {
    let mut intake = office.ingest.intake().await.unwrap();
    let start = (u64::try_from(period.last_day().0).unwrap() - 29) * 24 * 60 * MINUTE_MS;
    for head in heads() {
        for n in staff_of(head) {
            let key = intake.state().card_key(person(n), period).unwrap();
            let target = Target::Card(key.clone());
            let seed = salt * 61 + usize::from(n);
            // Everyone acts at another minute of another day, as people do.
            let at = |step: u64| Millis(start + (step * 1_571 + seed as u64 * 97 % 1_400) * MINUTE_MS);
            let lines = work_of_state(intake.state(), seed, period);
            let by = authors.get_mut(&head).unwrap();
            let assigned = act(office, &mut intake, by, &target, &Payload::AssignWork(lines.clone()), at(0)).await;
            let own = authors.get_mut(&n).unwrap();
            for (place, line) in (0_u8..).zip(&lines) {
                let at = at(1 + u64::from(place));
                act(office, &mut intake, own, &target, &report(assigned, place, line, seed, at), at).await;
            }
            act(office, &mut intake, own, &target, &self_score(&key, seed), at(12)).await;
            let by = authors.get_mut(&head).unwrap();
            act(office, &mut intake, by, &target, &appraisal(&key, assigned, seed), at(14)).await;
            let approval = intake.state().approval(&key).unwrap();
            let class = approval.class.clone();
            let chairman = authors.get_mut(&CHAIRMAN).unwrap();
            act(office, &mut intake, chairman, &target, &Payload::Approve(APPROVE, approval), at(20)).await;
            act(office, &mut intake, chairman, &target, &Payload::Publish(Publication { class }), at(21)).await;
        }
    }
    intake.commit().await.unwrap();
}

fn report(assigned: OpId, place: u8, line: &NewLine, seed: usize, at: Millis) -> Payload {
    let number = seed * 17 + usize::from(place) * 31;
    let late = u32::from((seed + usize::from(place)).is_multiple_of(7));
    let progress = Progress {
        completed: line.assigned.clone(),
        late_times: late,
        late_days: late * 2,
        failed_reviews: u32::from(number.is_multiple_of(11)),
        finished: line.due.map(|due| due.min(at.day())),
        ..Progress::default()
    };
    Payload::ReportProgress { line: LineId::new(assigned, place), progress }
}

fn marks_of(key: &CardKey, seed: usize) -> BTreeMap<String, Mark> {
    let mut marks = full_marks(key);
    for (place, mark) in marks.values_mut().enumerate().filter(|(place, _)| (seed + place).is_multiple_of(5)) {
        mark.value = Exact::from_int(i64::from(place % 2 == 0) + 1);
        mark.reason = "Còn một lần phản ánh của người dân.".to_owned();
    }
    marks
}

fn self_score(key: &CardKey, seed: usize) -> Payload {
    let marks = marks_of(key, seed);
    Payload::SubmitSelfScore(SelfScore { marks, strengths: sentence(seed), ..SelfScore::default() })
}

fn appraisal(key: &CardKey, assigned: OpId, seed: usize) -> Payload {
    let marks = marks_of(key, seed + 3).into_iter().map(|(code, mark)| {
        let reason = if mark.reason.is_empty() { "Theo hồ sơ.".to_owned() } else { mark.reason };
        (code, Mark { reason, ..mark })
    });
    let review =
        LineReview {
            completed: Exact::from_int(1), reason: "Nghiệm thu một phần.".into(), ..LineReview::default()
        };
    let lines =
        if seed.is_multiple_of(4) { BTreeMap::from([(LineId::new(assigned, 2), review)]) } else { BTreeMap::new() };
    Payload::Appraise(
        APPRAISE,
        Appraisal { marks: marks.collect(), lines, comment: sentence(seed + 100), ..Appraisal::default() },
    )
}

/// The costs of one length of history.
struct Row {
    months: usize,
    first: Cost,
    /// The cost until the newest month is there.
    newest: Cost,
    idle: Cost,
    /// The cost of six devices that push one after the other, and of the one that takes longest.
    push: Cost,
    slowest_push: Cost,
    /// The cost of as many changes by the chairman, from one device.
    push_alone: Cost,
}

/// A new device of the chairman reads everything, then asks once more with nothing new. Then every card of the open
/// month is changed three times.
async fn measure(count: usize) -> Row {
    let data = founded().await;
    let office = OpenDirectory::open(&DataDirectory::new(data.path())).await.unwrap();
    let mut authors = authors(&office).await;
    for (salt, period) in months(count).into_iter().enumerate() {
        score(&office, &mut authors, period, salt).await;
    }
    office.store.close().await;
    drop(office);
    let server = Server::start(data.path(), &[]);
    let mut device = Device::of(&server, &format!("p{CHAIRMAN}"), 100).await;
    let (mut first, mut newest) = (Cost::default(), None);
    let mut batch_bytes = BATCH_BYTES_FIRST;
    while exchange(&mut device, batch_bytes, &mut first).await {
        batch_bytes = (batch_bytes * 2).min(BATCH_BYTES_MAX);
        let there = |n: u8| key_in(&device, n, months(count)[count - 1]).is_some_and(|stage| stage == Stage::Published);
        if newest.is_none() && heads().flat_map(staff_of).all(there) {
            newest = Some(first);
        }
    }
    let open = months(count)[count - 1].next();
    let mut idle = Cost::default();
    exchange(&mut device, BATCH_BYTES_MAX, &mut idle).await;
    says_what_the_office_says(&device, data.path(), count).await;
    let (push, slowest_push) = push_month(&server, &mut device, open).await;
    let push_alone = push_changes(&mut device, heads().flat_map(staff_of), open).await;
    Row { months: count, first, newest: newest.unwrap_or(first), idle, push, slowest_push, push_alone }
}

fn key_in(device: &Device, n: u8, period: Period) -> Option<Stage> {
    let view = device.replica.view();
    Some(view.card(&view.card_key(person(n), period)?)?.stage())
}

/// Checks that every card of every month has the server's result and is compacted on the device.
async fn says_what_the_office_says(device: &Device, data: &std::path::Path, count: usize) {
    let office = open_directory::fold(&DataDirectory::new(data)).await.unwrap();
    let view = device.replica.view();
    for period in months(count) {
        for n in heads().flat_map(staff_of) {
            let key = view.card_key(person(n), period).unwrap();
            assert!(device.replica.is_compacted(&key), "{key}");
            for side in [Side::SelfScored, Side::Appraised] {
                assert_eq!(view.outcome(&key, side), office.state().outcome(&key, side), "{key} {side:?}");
            }
        }
    }
}

/// A head plans repeatedly while the chairman's device reads along: three changes of each of the sixty cards.
async fn push_month(server: &Server, chairman: &mut Device, open: Period) -> (Cost, Cost) {
    let (mut push, mut slowest) = (Cost::default(), Cost::default());
    for head in heads() {
        let mut device = Device::of(server, &format!("p{head}"), head + 100).await;
        device.sync().await;
        let own = push_changes(&mut device, staff_of(head), open).await;
        push.add(own);
        slowest = if link_tenths(&own) > link_tenths(&slowest) { own } else { slowest };
    }
    chairman.sync().await;
    (push, slowest)
}

/// Delivers three changes of each of some cards.
async fn push_changes(device: &mut Device, staff: impl Iterator<Item = u8>, open: Period) -> Cost {
    for n in staff {
        let key = device.replica.view().card_key(person(n), open).unwrap();
        let lines = work_of_state(device.replica.view(), usize::from(n), open);
        let (most, last) = lines.split_at(LINES_PER_CARD - 1);
        let assigned = device.on_card(&key, &Payload::AssignWork(most.to_vec()));
        device.on_card(&key, &Payload::AssignWork(last.to_vec()));
        let plan = NewLine { assigned: Exact::from_int(4), ..most[0].clone() };
        device.on_card(&key, &Payload::ReviseLine { line: LineId::new(assigned, 0), plan });
    }
    let mut cost = Cost::default();
    while device.replica.unsent().next().is_some() {
        exchange(device, BATCH_BYTES_MAX, &mut cost).await;
    }
    cost
}

/// How long an emulated link at the speed takes, in tenths of a second.
fn link_tenths(cost: &Cost) -> usize {
    let bytes = cost.request_sent + cost.answer_brotli + 2 * HEADER_BYTES * cost.trips;
    (cost.trips * LINK_ROUND_TRIP_MS + bytes * 1_000 / LINK_BYTES_PER_S) / 100
}

fn cells(cost: &Cost) -> String {
    let tenths = link_tenths(cost);
    let link = format!("{}.{} s", tenths / 10, tenths % 10);
    format!("{:>7} {:>9} {:>9} {link:>9}", cost.trips, cost.request_sent, cost.answer_brotli)
}

fn table(rows: &[Row]) -> String {
    let mut table = format!(
        "{:>6} {:<34} {:>7} {:>9} {:>9} {:>9}\n",
        "months", "60 cards a month, bytes of bodies", "trips", "up", "down", "link"
    );
    for row in rows {
        for (what, cost) in [
            ("first sync, all", &row.first),
            ("first sync, until the newest month", &row.newest),
            ("nothing new", &row.idle),
            ("push: each card changed three times", &row.push),
            ("push: the slowest of the six tablets", &row.slowest_push),
            ("push: as much from one tablet", &row.push_alone),
        ] {
            table.push_str(&format!("{:>6} {what:<34} {}\n", row.months, cells(cost)));
        }
    }
    table
}

#[tokio::test]
async fn a_new_device_is_given_finished_months_in_short() {
    let asked = std::env::var(MONTHS).unwrap_or_else(|_| "1,2".to_owned());
    let counts: Vec<usize> = asked.split(',').map(|count| count.parse().unwrap()).collect();
    let mut rows = Vec::new();
    for count in counts {
        rows.push(measure(count).await);
    }
    println!("\n{}", table(&rows));
    for row in &rows {
        assert!(row.first.entries >= row.months * CARDS, "every card of every month");
        assert_eq!((row.idle.trips, row.idle.entries), (1, 0));
    }
    let (first, last) = (&rows[0], &rows[rows.len() - 1]);
    let month = (last.first.answer_brotli - first.first.answer_brotli) / (last.months - first.months).max(1);
    assert!(month <= 14_000, "a finished month of sixty cards: found {month} bytes, allowed 14000");
    assert!(last.idle.answer_gzip <= first.idle.answer_gzip + 40, "nothing new costs the same after any history");
    assert!(last.push.request_sent <= first.push.request_sent * 11 / 10, "and so does new work");
}
