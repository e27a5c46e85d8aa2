//! Measures what a month of sixty cards costs on the wire, in round trips and bytes. `cargo xtask bench sync` prints
//! it.
//!
//! There are six divisions of ten officials and a head, a chairman above them, the real work list, and a device for
//! each of the 67. Every request is sent three times: plainly for the device, then again for each compression. The
//! server answers each time alike.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use reqwest::StatusCode;
use server::data_directory::DataDirectory;
use server::open_directory::{self, OpenDirectory};
use server::store::Account;
use shared::card::{Card, Side};
use shared::ids::{PersonId, PostId, UnitId};
use shared::limits::{BATCH_BYTES_MAX, BATCH_BYTES_MIN};
use shared::num::Exact;
use shared::op::{Appraisal, CardKey, Mark, NewLine, Payload, Progress, Publication, SelfScore, Stage, Target};
use shared::org::{Person, Post, Rank, Unit, UnitKind};
use shared::pack::PackAdoption;
use shared::sorted_map::Map;
use shared::state::State;
use shared::sync::{SyncRequest, SyncResponse};
use shared::time::{Day, Period};
use tempfile::TempDir;

use crate::harness::{APPRAISE, APPROVE, Device, PASSWORD, Server, binary, open_month, pack_hash};
use crate::sync::full_marks;

const DIVISIONS: u8 = 6;
const STAFF_PER_DIVISION: u8 = 10;
pub(crate) const CARDS: usize = 60;
pub(crate) const LINES_PER_CARD: usize = 10;
/// Assignment, ten reports, self-score, appraisal, approval, publication.
const OPERATIONS_PER_CARD: usize = LINES_PER_CARD + 5;
pub(crate) const CHAIRMAN: u8 = 1;
/// A device compresses requests longer than this.
const GZIP_BYTES_MIN: usize = 1024;

/// The cost of some exchanges. Bytes are those of bodies, without headers.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Cost {
    pub(crate) trips: usize,
    operations: usize,
    pub(crate) entries: usize,
    request_raw: usize,
    pub(crate) request_sent: usize,
    answer_raw: usize,
    pub(crate) answer_gzip: usize,
    pub(crate) answer_brotli: usize,
}

impl Cost {
    pub(crate) fn add(&mut self, other: Self) {
        self.trips += other.trips;
        self.operations += other.operations;
        self.entries += other.entries;
        self.request_raw += other.request_raw;
        self.request_sent += other.request_sent;
        self.answer_raw += other.answer_raw;
        self.answer_gzip += other.answer_gzip;
        self.answer_brotli += other.answer_brotli;
    }

    fn numbers(&self) -> [usize; 8] {
        [
            self.trips,
            self.operations,
            self.entries,
            self.request_raw,
            self.request_sent,
            self.answer_raw,
            self.answer_gzip,
            self.answer_brotli,
        ]
    }

    /// A row of the table, each number divided by `by` and rounded up.
    fn row(&self, table: &mut String, what: &str, by: usize) {
        let cells = self.numbers().map(|number| format!("{:>9}", number.div_ceil(by)));
        writeln!(table, "{what:<44}{}", cells.concat()).unwrap();
    }
}

fn member(division: u8, place: u8) -> u8 {
    2 + division * (STAFF_PER_DIVISION + 1) + place
}

pub(crate) fn heads() -> impl Iterator<Item = u8> {
    (0..DIVISIONS).map(|division| member(division, 0))
}

pub(crate) fn staff_of(head: u8) -> impl Iterator<Item = u8> {
    (head + 1)..=(head + STAFF_PER_DIVISION)
}

pub(crate) fn person(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

fn founding() -> Vec<Payload> {
    let commune = UnitId::from_bytes([200; 16]);
    let division = |n: u8| UnitId::from_bytes([201 + n; 16]);
    let named = |id, parent, name: String, kind| Payload::PutUnit(Unit { id, parent, name, kind });
    let mut payloads = vec![named(commune, None, "UBND xã Đo Đạc".into(), UnitKind::Agency)];
    payloads.push(Payload::AdoptPack(PackAdoption {
        unit: commune,
        id: "nd335-congchuc".into(),
        pack: pack_hash(),
        roles: Vec::new(),
        from: Day::parse("2026-01-01").unwrap(),
        to: None,
        options: Map::new(),
        opens: None,
        bound: Vec::new(),
        decision: "Quyết định 1".into(),
        spans: Vec::new(),
    }));
    for n in 0..DIVISIONS {
        payloads.push(named(division(n), Some(commune), format!("Phòng Thử số {}", n + 1), UnitKind::Division));
    }
    let mut join = |n: u8, unit: UnitId, rank: Rank, title: &str| {
        payloads.push(Payload::PutPerson(Person { id: person(n), name: format!("Nguyễn Giả Định {n}") }));
        payloads.push(Payload::PutPost(Post {
            id: PostId::from_bytes([n; 16]),
            person: person(n),
            unit,
            rank,
            title: title.to_owned(),
            from: Day::parse("2019-01-01").unwrap(),
            to: None,
            personnel: false,
        }));
    };
    join(CHAIRMAN, commune, Rank::Head, "Chủ tịch UBND xã");
    for (n, head) in (0..).zip(heads()) {
        join(head, division(n), Rank::Head, "Trưởng phòng");
        staff_of(head).for_each(|staff| join(staff, division(n), Rank::Staff, "Chuyên viên"));
    }
    payloads
}

/// The commune with an account for everyone and the real work list in force.
pub(crate) async fn founded() -> TempDir {
    let folder = TempDir::new().unwrap();
    let office = OpenDirectory::found(&DataDirectory::new(folder.path())).await.unwrap();
    office.write(founding().into_iter().map(|payload| (Target::Org, payload)).collect()).await.unwrap();
    let hash = server::auth::hash_all(&[PASSWORD.to_owned()]).unwrap().remove(0);
    let everyone =
        std::iter::once(CHAIRMAN).chain(heads().flat_map(|head| std::iter::once(head).chain(staff_of(head))));
    let account = |n: u8| Account { username: format!("p{n}"), person: person(n), password_hash: hash.clone() };
    let accounts: Vec<Account> = everyone.map(account).collect();
    assert_eq!(accounts.len(), CARDS + heads().count() + 1);
    office.store.put_accounts(&accounts, server::clock::now()).await.unwrap();
    office.store.close().await;
    drop(office);
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/work-list-commune-2026.xlsx");
    let import = ["import", "work-list", list, "--from", "2019-01-01", "--data"];
    let imported = binary().args(import).arg(folder.path()).output().unwrap();
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    folder
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Sends a request as a device does, and returns the bytes of the answer unchanged.
async fn ask(device: &Device, request: &[u8], encoding: &str) -> Vec<u8> {
    let post = device.client.post(format!("{}/v1/sync", device.url));
    let post = post.header("content-type", "application/cbor").header("accept-encoding", encoding);
    let post = if request.len() > GZIP_BYTES_MIN {
        post.header("content-encoding", "gzip").body(packed(request))
    } else {
        post.body(request.to_vec())
    };
    let response = post.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let found = response.headers().get("content-encoding").map_or("identity", |value| value.to_str().unwrap());
    assert_eq!(found, encoding);
    response.bytes().await.unwrap().to_vec()
}

/// One round trip. Returns whether the server has more.
pub(crate) async fn exchange(device: &mut Device, batch_bytes: usize, cost: &mut Cost) -> bool {
    let request: SyncRequest = device.replica.request(batch_bytes);
    let bytes = request.to_bytes();
    let plain = ask(device, &bytes, "identity").await;
    let (gzip, brotli) = (ask(device, &bytes, "gzip").await, ask(device, &bytes, "br").await);
    let mut unpacked = Vec::new();
    GzDecoder::new(gzip.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked.len(), plain.len(), "the office answers alike when asked again");
    let answer = SyncResponse::from_bytes(&plain).unwrap();
    for receipt in device.verified(&answer) {
        assert!(receipt.verdict.counts(), "{:?}", receipt.verdict);
    }
    cost.add(Cost {
        trips: 1,
        operations: request.operations.len(),
        entries: answer.entries.len(),
        request_raw: bytes.len(),
        request_sent: if bytes.len() > GZIP_BYTES_MIN { packed(&bytes).len() } else { bytes.len() },
        answer_raw: plain.len(),
        answer_gzip: gzip.len(),
        answer_brotli: brotli.len(),
    });
    device.replica.absorb(&answer, server::clock::now()).unwrap().more
}

/// Exchanges until nothing is left either way, with batches that grow from 8 to 64 kB.
async fn sync(device: &mut Device, cost: &mut Cost) {
    let mut batch_bytes = BATCH_BYTES_MIN;
    while exchange(device, batch_bytes, cost).await || device.replica.unsent().next().is_some() {
        batch_bytes = (batch_bytes * 2).min(BATCH_BYTES_MAX);
        assert!(cost.trips < 10_000, "the exchange does not come to an end");
    }
}

pub(crate) fn key_of(device: &Device, n: u8) -> CardKey {
    device.replica.view().card_key(person(n), open_month()).unwrap()
}

/// Ten products of the list by their codes, different for everybody.
fn work_of(device: &Device, n: u8) -> Vec<NewLine> {
    work_of_state(device.replica.view(), usize::from(n), open_month())
}

pub(crate) fn work_of_state(state: &State, n: usize, period: Period) -> Vec<NewLine> {
    let commune = UnitId::from_bytes([200; 16]);
    let (list, found) = state.work_lists.in_force(&[commune], period.last_day()).unwrap();
    let products = found.products.values().cycle().skip(n * 13 % found.products.len()).take(LINES_PER_CARD);
    let line = |(quantity, product): (i64, &shared::work::Product)| NewLine {
        code: product.code.clone(),
        name: String::new(),
        coefficient: product.coefficient.clone(),
        assigned: Exact::from_int(quantity),
        due: Some(period.last_day()),
        list: Some(list),
        extra: false,
    };
    (1..).zip(products).map(line).collect()
}

const PHRASES: [&str; 8] = [
    "rà soát hồ sơ tồn đọng của từng thôn",
    "trả lời kiến nghị của người dân đúng hẹn",
    "phối hợp tốt với công an và y tế xã",
    "còn chậm khi tổng hợp số liệu cuối tuần",
    "đi cơ sở đều, nắm chắc địa bàn được giao",
    "báo cáo quý phải sửa lại một lần biểu số ba",
    "hướng dẫn nộp hồ sơ trực tuyến tại nhà văn hóa",
    "chủ động thay đồng nghiệp nghỉ phép dài ngày",
];

/// About a hundred characters, different for each number.
pub(crate) fn sentence(n: usize) -> String {
    let pick = |place: usize| PHRASES[(n * 5 + place * 3 + n / 8) % PHRASES.len()];
    format!("Tháng này {}; {}, {} lượt.", pick(0), pick(1), n * 7 % 89)
}

/// Reports on every line, then the self-score.
fn work_and_score(device: &mut Device, n: u8) {
    let key = key_of(device, n);
    let lines = device.replica.view().card(&key).map(Card::lines).unwrap();
    let reports: Vec<Payload> = (0..)
        .zip(&lines)
        .map(|(place, line)| {
            let number = usize::from(n) * 17 + place * 31;
            let evidence = format!("Văn bản số {number}/BC-UBND, thôn {}, hồ sơ {}", number % 14, number * 37 % 9973);
            let progress = Progress {
                completed: line.plan.assigned.clone(),
                late_times: u32::from(place == 4),
                evidence,
                finished: Day::parse("2026-11-20"),
                ..Progress::default()
            };
            Payload::ReportProgress { line: line.id, progress }
        })
        .collect();
    assert_eq!(reports.len(), LINES_PER_CARD);
    for payload in &reports {
        device.on_card(&key, payload);
    }
    let marks = full_marks(&key);
    assert_eq!(marks.len(), 10);
    let (strengths, weaknesses) = (sentence(usize::from(n)), sentence(usize::from(n) + 100));
    device.on_card(&key, &Payload::SubmitSelfScore(SelfScore { marks, strengths, weaknesses, ..SelfScore::default() }));
}

fn appraise(device: &mut Device, n: u8) {
    let key = key_of(device, n);
    let mut marks = full_marks(&key);
    let lowered =
        Mark { value: Exact::from_int(4), reason: "Còn một lần phản ánh của người dân.".into() };
    marks.insert("I.1".into(), lowered);
    let comment = sentence(usize::from(n) + 200);
    device.on_card(&key, &Payload::Appraise(APPRAISE, Appraisal { marks, comment, ..Appraisal::default() }));
}

fn approve_and_publish(device: &mut Device, n: u8) {
    let key = key_of(device, n);
    let approval = device.replica.view().approval(&key).unwrap();
    let class = approval.class.clone();
    device.on_card(&key, &Payload::Approve(APPROVE, approval));
    device.on_card(&key, &Payload::Publish(Publication { class }));
}

/// The devices of the commune, by person.
type Devices = BTreeMap<u8, Device>;

/// The month. Each device exchanges before and after its part.
async fn play(devices: &mut Devices, cost: &mut Cost) {
    for head in heads() {
        let device = devices.get_mut(&head).unwrap();
        for n in staff_of(head) {
            let (key, lines) = (key_of(device, n), work_of(device, n));
            device.on_card(&key, &Payload::AssignWork(lines));
        }
        sync(device, cost).await;
    }
    for n in heads().flat_map(staff_of) {
        let device = devices.get_mut(&n).unwrap();
        sync(device, cost).await;
        work_and_score(device, n);
        sync(device, cost).await;
    }
    for head in heads() {
        let device = devices.get_mut(&head).unwrap();
        sync(device, cost).await;
        staff_of(head).for_each(|n| appraise(device, n));
        sync(device, cost).await;
    }
    let chairman = devices.get_mut(&CHAIRMAN).unwrap();
    sync(chairman, cost).await;
    heads().flat_map(staff_of).for_each(|n| approve_and_publish(chairman, n));
    sync(chairman, cost).await;
}

#[tokio::test]
async fn a_month_of_sixty_cards_stays_within_its_ceilings() {
    let data = founded().await;
    let server = Server::start(data.path(), &[]);
    let (mut opening, mut month) = (Cost::default(), Cost::default());
    let mut devices = Devices::new();
    for n in std::iter::once(CHAIRMAN).chain(heads().flat_map(|head| std::iter::once(head).chain(staff_of(head)))) {
        let mut device = Device::of(&server, &format!("p{n}"), n).await;
        sync(&mut device, &mut opening).await;
        devices.insert(n, device);
    }
    let mut second = Device::of(&server, &format!("p{CHAIRMAN}"), 100).await;
    let mut before = Cost::default();
    sync(&mut second, &mut before).await;

    play(&mut devices, &mut month).await;

    let (mut pull, mut fresh, mut idle) = (Cost::default(), Cost::default(), Cost::default());
    sync(&mut second, &mut pull).await;
    let mut third = Device::of(&server, &format!("p{CHAIRMAN}"), 101).await;
    sync(&mut third, &mut fresh).await;
    sync(&mut third, &mut idle).await;
    let rows = Rows { people: devices.len(), opening, month, pull, fresh, idle };
    println!("\n{}", rows.table());
    rows.hold_ceilings();

    drop(server);
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    for n in heads().flat_map(staff_of) {
        let key = key_of(&second, n);
        assert_eq!(second.replica.view().card_hash(&key), office.state().card_hash(&key));
        assert!(third.replica.is_compacted(&key), "what was over when this tablet came is compacted");
        for device in [&second, &third] {
            let view = device.replica.view();
            assert_eq!(view.card(&key).unwrap().stage(), Stage::Published);
            assert_eq!(view.outcome(&key, Side::Appraised), office.state().outcome(&key, Side::Appraised));
        }
    }
}

/// What was measured.
struct Rows {
    people: usize,
    opening: Cost,
    month: Cost,
    pull: Cost,
    fresh: Cost,
    idle: Cost,
}

impl Rows {
    fn table(&self) -> String {
        let titles = ["trips", "ops up", "ops down", "up", "up gzip", "down", "gzip", "brotli"];
        let titles = titles.map(|title| format!("{title:>9}")).concat();
        let mut table = format!("{:<44}{titles}\n", "60 cards, bytes of bodies");
        self.opening.row(&mut table, "first opening, per tablet: people, work list", self.people);
        self.month.row(&mut table, "the month, 67 tablets together", 1);
        self.month.row(&mut table, "  per batch", self.month.trips);
        self.month.row(&mut table, "  per card", CARDS);
        self.pull.row(&mut table, "chairman's other tablet pulls the month", 1);
        self.pull.row(&mut table, "  per batch", self.pull.trips);
        self.pull.row(&mut table, "  per card", CARDS);
        self.fresh.row(&mut table, "chairman's new tablet pulls everything", 1);
        self.fresh.row(&mut table, "  per batch", self.fresh.trips);
        self.idle.row(&mut table, "nothing new", 1);
        table
    }

    /// Asserts the ceilings. They are about half as much again as was measured when this was written. A change that
    /// costs more must be a decision.
    fn hold_ceilings(&self) {
        assert_eq!(self.month.operations, CARDS * OPERATIONS_PER_CARD);
        assert_eq!(self.pull.entries, self.month.operations, "the chairman gets every operation once");
        assert_eq!((self.idle.trips, self.idle.operations, self.idle.entries), (1, 0, 0));
        for (what, found, allowed) in [
            ("trips of the month", self.month.trips, 240),
            ("bytes sent for a card", self.month.request_sent / CARDS, 4_100),
            ("bytes answered for a card, brotli", self.month.answer_brotli / CARDS, 8_400),
            ("bytes answered for a card, gzip", self.month.answer_gzip / CARDS, 8_700),
            ("trips to pull the month", self.pull.trips, 12),
            ("bytes to pull the month, brotli", self.pull.answer_brotli, 190_000),
            ("bytes to pull the month, gzip", self.pull.answer_gzip, 195_000),
            ("trips of a new tablet", self.fresh.trips, 5),
            ("bytes for a new tablet, brotli", self.fresh.answer_brotli, 61_000),
            ("bytes of a first opening, gzip", self.opening.answer_gzip / self.people, 38_000),
            ("bytes of asking in vain", self.idle.request_sent, 96),
            ("bytes of nothing new, with the hashes of four cards, gzip", self.idle.answer_gzip, 320),
        ] {
            assert!(found <= allowed, "{what}: found {found}, allowed {allowed}");
        }
    }
}
