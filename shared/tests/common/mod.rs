//! A commune, a server and devices in memory, for tests. They use the real halves of the exchange, without network and
//! keys.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(dead_code, unreachable_pub, unused_imports, reason = "each story uses its part")]

pub mod room;
pub mod voiced;

use std::collections::BTreeMap;

pub use shared::fixture::{APPRAISE, APPROVE, MORNING, founding, pack_hash, person, unit};
use shared::ids::{DeviceId, LineId, OpId, PersonId};
use shared::num::Exact;
use shared::op::{
    Appraisal, Approval, CardKey, FactValue, Mark, NewLine, Payload, Progress, Publication, Receipt, Refusal,
    SelfScore, SignedOperation, SignedReceipt, Target,
};
use shared::org::{Rank, Standing};
use shared::sorted_map::Map;
use shared::sync::{
    Absorbed, Contact, KeyCheck, LogEntry, LogState, Place, Replica, Stored, SyncRequest, SyncResponse, stored_entry,
    stored_receipt,
};
use shared::time::{Day, Millis, Period};

pub const OCTOBER: Period = Period::Month(2026, 10);
pub fn number(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

/// The October card of a person.
pub fn key(n: u8) -> CardKey {
    CardKey { subject: person(n).into(), period: OCTOBER, pack: pack_hash() }
}

pub fn card(n: u8) -> Target {
    Target::Card(key(n))
}

/// 2026-10-20 10:00 in Vietnam, plus so many minutes.
pub fn at(minutes: u64) -> Millis {
    Millis(MORNING.0 + minutes * 60_000)
}

/// The server with its stored bytes.
pub struct Server {
    pub log_state: LogState,
    pub log: BTreeMap<u64, SignedOperation>,
    pub receipts: BTreeMap<OpId, SignedReceipt>,
    /// The log is backed up to this sequence.
    pub safe: u64,
}

impl Server {
    pub fn new() -> Self {
        Self { log_state: LogState::new(), log: BTreeMap::new(), receipts: BTreeMap::new(), safe: 0 }
    }

    pub fn receive(&mut self, operation: &SignedOperation, key: KeyCheck, now: Millis) -> SignedReceipt {
        let id = operation.id();
        if let Some(receipt) = self.receipts.get(&id) {
            return receipt.clone();
        }
        let decision = self.log_state.receive(operation, key, now);
        let signed = SignedReceipt { receipt: decision.receipt.to_bytes(), signature: vec![0; 64] };
        if let Place::Log(seq) = decision.place {
            self.log.insert(seq, operation.clone());
            self.receipts.insert(id, signed.clone());
        }
        signed
    }

    pub fn exchange(&mut self, reader: PersonId, request: &SyncRequest, now: Millis) -> SyncResponse {
        let receipts = request.operations.iter().map(|op| self.receive(op, KeyCheck::Verified, now)).collect();
        let bytes_max = usize::try_from(request.answer_bytes_max).unwrap();
        let contact = Contact { now, safe: self.safe, turn: now.0 / 60_000, bytes_max };
        let (rows, response) = self.log_state.answer(reader, request, contact);
        let entries = rows.into_iter().map(|row| {
            let operation = self.log.get(&row.server_seq).cloned();
            row.entry(operation)
        });
        SyncResponse { receipts, entries: entries.collect(), ..response }
    }
}

impl Server {
    /// A copy of what is stored, folded again, as a backup restores it.
    pub fn copied(&self) -> Self {
        let mut copy = Self { log: self.log.clone(), receipts: self.receipts.clone(), safe: self.safe, ..Self::new() };
        for (server_seq, operation) in &self.log {
            let given = self.receipts[&operation.id()].decode().unwrap();
            copy.log_state.replay(*server_seq, operation, &given.verdict, given.received_at).unwrap();
        }
        copy
    }
}

/// A device with the content of its stores.
pub struct Device {
    pub replica: Replica,
    pub id: DeviceId,
    pub epoch: u32,
    pub own: Vec<SignedOperation>,
    pub log: BTreeMap<u64, Vec<u8>>,
    pub receipts: BTreeMap<OpId, Vec<u8>>,
}

impl Device {
    pub fn new(who: PersonId, device: u8) -> Self {
        let device = DeviceId::from_bytes([device; 16]);
        Self {
            replica: Replica::new(who, device, 1),
            id: device,
            epoch: 1,
            own: Vec::new(),
            log: BTreeMap::new(),
            receipts: BTreeMap::new(),
        }
    }

    pub fn act(&mut self, target: Target, payload: Payload, now: Millis) -> Result<OpId, Refusal> {
        let body = self.replica.prepare(target, &payload, None, now)?;
        let signed = SignedOperation { body: body.to_bytes(), signature: vec![0; 64] };
        self.own.push(signed.clone());
        Ok(self.replica.append(signed).unwrap())
    }

    /// Syncs until nothing is left; returns the number of requests.
    pub fn sync(&mut self, server: &mut Server, now: Millis) -> usize {
        self.sync_in(server, now, shared::limits::BATCH_BYTES_MAX)
    }

    pub fn sync_in(&mut self, server: &mut Server, now: Millis, bytes_max: usize) -> usize {
        for requests in 1..1_000 {
            let request = SyncRequest::from_bytes(&self.replica.request(bytes_max).to_bytes()).unwrap();
            let response = server.exchange(self.replica.person(), &request, now);
            let response = SyncResponse::from_bytes(&response.to_bytes()).unwrap();
            let absorbed = self.replica.absorb(&response, now).unwrap();
            let more = absorbed.more;
            self.keep(absorbed);
            if !more && self.replica.unsent().next().is_none() {
                return requests;
            }
        }
        panic!("the exchange does not end");
    }

    pub fn keep(&mut self, absorbed: Absorbed) {
        if absorbed.reset {
            self.log.clear();
        }
        self.log.extend(absorbed.log);
        self.receipts.extend(absorbed.receipts);
    }

    /// A contact that may leave something unsent. A device that lacks own operations receives them with the second
    /// answer.
    pub fn contact(&mut self, server: &mut Server, now: Millis) {
        for _ in 0..3 {
            let answer = server.exchange(self.replica.person(), &self.replica.request(64_000), now);
            if let Ok(absorbed) = self.replica.absorb(&answer, now) {
                self.keep(absorbed);
            }
        }
    }

    /// Continues with a new key.
    pub fn start_epoch(&mut self, epoch: u32) {
        self.epoch = epoch;
        self.reopen();
    }

    /// Closes and opens the device: only what was stored remains.
    pub fn reopen(&mut self) {
        let mut fresh = Replica::new(self.replica.person(), self.id, self.epoch);
        let log: Vec<LogEntry> = self.log.values().map(|bytes| stored_entry(bytes).unwrap()).collect();
        let receipts: Vec<Receipt> = self.receipts.values().map(|bytes| stored_receipt(bytes).unwrap()).collect();
        let stored = Stored { log, own: self.own.clone(), receipts, meta: *self.replica.meta() };
        fresh.restore(stored).unwrap();
        self.replica = fresh;
    }
}

/// The commune, founded by operations of the system that are received like any other.
pub fn founded() -> Server {
    let mut server = Server::new();
    let mut clerk = Device::new(PersonId::SYSTEM, 99);
    for payload in founding() {
        clerk.act(Target::Org, payload, at(0)).unwrap();
    }
    clerk.sync(&mut server, at(0));
    assert!(
        server.receipts.values().all(|receipt| receipt.decode().unwrap().verdict.counts()),
        "the commune is founded"
    );
    server
}

/// Work that is not in any list.
pub fn new_line(code: &str, coefficient: &str, assigned: &str) -> NewLine {
    NewLine {
        code: String::new(),
        name: format!("Việc {code}"),
        coefficient: number(coefficient),
        assigned: number(assigned),
        due: Day::parse("2026-10-25"),
        list: None,
        extra: false,
        level: None,
        carried: None,
    }
}

pub fn done(completed: &str) -> Progress {
    let finished = Day::parse("2026-10-20");
    Progress { completed: number(completed), finished, evidence: "VB 12/2026".to_owned(), ..Progress::default() }
}

const CRITERIA: [(&str, &str); 10] = [
    ("I.1", "5"),
    ("I.2", "5"),
    ("II.1", "2.5"),
    ("II.2", "2.5"),
    ("II.3", "2.5"),
    ("II.4", "2.5"),
    ("III.1", "2.5"),
    ("III.2", "2.5"),
    ("III.3", "2.5"),
    ("III.4", "2.5"),
];

pub fn full_marks() -> BTreeMap<String, Mark> {
    CRITERIA
        .iter()
        .map(|(code, max)| ((*code).to_owned(), Mark { value: number(max), reason: String::new() }))
        .collect()
}

pub fn self_score() -> SelfScore {
    SelfScore { marks: full_marks(), ..SelfScore::default() }
}

/// An appraisal that agrees except for one mark.
pub fn appraisal(code: &str, value: &str, reason: &str) -> Appraisal {
    let mut marks = full_marks();
    marks.insert(code.to_owned(), Mark { value: number(value), reason: reason.to_owned() });
    Appraisal { marks, comment: "Đồng ý".to_owned(), ..Appraisal::default() }
}

/// The appraisal with all own work of the person confirmed, as `device` knows it.
pub fn confirming(device: &Device, n: u8, appraisal: Appraisal) -> Appraisal {
    confirming_on(device, &key(n), appraisal)
}

pub fn confirming_on(device: &Device, key: &CardKey, appraisal: Appraisal) -> Appraisal {
    let view = device.replica.view();
    let confirmed = |card: &shared::card::Card| card.own_work_confirmed(key, &view.speakers(key));
    let mut lines = view.card(key).map(confirmed).unwrap_or_default();
    lines.extend(appraisal.lines.clone());
    Appraisal { lines, ..appraisal }
}

pub fn approval(total: &str, class: &str) -> Payload {
    let standing = Standing { unit: unit(3), rank: Rank::Staff, title: "Chức vụ 5".to_owned() };
    let (total, class) = (number(total), class.to_owned());
    Payload::Approve(
        APPROVE,
        Approval {
            total: Some(total),
            class,
            comment: String::new(),
            standing,
            led: Vec::new(),
            reckoned: None,
            document: None,
        },
    )
}

pub fn publication(class: &str) -> Payload {
    Payload::Publish(Publication { class: class.to_owned(), document: None })
}

/// Three new devices: of an official, of the head above, of the chairman.
pub fn official_head_chair() -> [Device; 3] {
    [(5, 5), (4, 4), (2, 2)].map(|(who, device)| Device::new(person(who), device))
}

/// The rules that a text says, checked as an author's are.
pub fn learned(text: &str) -> &'static shared::pack::Pack {
    let read = shared::pack::read_toml(text).expect("a pack");
    let findings = shared::pack::findings(&read);
    assert_eq!(findings.len(), 0, "{findings:?}");
    shared::pack::learn(&read.to_bytes()).expect("it reads again")
}

/// The official's month up to a submitted self-score, on a device without a network. Returns the line.
pub fn work_a_month(official: &mut Device, who: u8) -> LineId {
    let op = official.act(card(who), Payload::AssignWork(vec![new_line("V.1", "2", "3")]), at(10)).unwrap();
    let line = LineId::new(op, 0);
    official.act(card(who), Payload::ReportProgress { line, progress: done("3") }, at(20)).unwrap();
    official.act(card(who), Payload::SubmitSelfScore(self_score()), at(30)).unwrap();
    line
}

/// Facts by their codes.
pub fn named(facts: &[(&str, FactValue)]) -> Map<String, FactValue> {
    facts.iter().map(|(code, fact)| ((*code).to_owned(), fact.clone())).collect()
}

/// An appraisal without changes.
pub fn agreed() -> Appraisal {
    Appraisal { marks: full_marks(), ..Appraisal::default() }
}
