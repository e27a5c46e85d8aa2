//! Folds random logs in four ways: by the server that judged them, from the log with its verdicts, from the beginning
//! with every operation judged again, and on each person's device. Natively and in WebAssembly all results must be the
//! same bytes.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use shared::card::Side;
use shared::device_store::{Record, Records, fold, metadata};
use shared::ids::DeviceId;
use shared::op::SignedReceipt;
use shared::state::State;
use shared::sync::{Contact, LogEntry, LogState, Meta, Replica, SyncResponse};

use crate::sim::commune::{MORNING, person};
use crate::sim::ledger::{Ledger, Scene};
use crate::sim::server::Row;
use crate::sim::{Settings, Stage};

/// The number of logs in one hash.
pub const LOGS_PER_BLOCK: u32 = 20;
/// Steps of the run from which a log comes.
const STEPS: usize = 150;
/// People whose devices fold what they may read.
const READERS: [u8; 5] = [2, 4, 5, 6, 7];

/// SHA-256 over the results of the logs of a block.
#[must_use]
pub fn block_hash(seed: u32, block: u32) -> String {
    let first = block.saturating_mul(LOGS_PER_BLOCK);
    let mut hash = Sha256::new();
    for index in first..first.saturating_add(LOGS_PER_BLOCK) {
        hash.update(folded(seed, index));
    }
    hex::encode(hash.finalize())
}

/// The results of one log, in lines.
#[must_use]
pub fn folded(seed: u32, index: u32) -> String {
    let stage = match Stage::new(Settings::default()) {
        Ok(stage) => stage,
        Err(violation) => return violation.to_string(),
    };
    let (log, ledger) = stage.log(u64::from(seed).wrapping_mul(1_000_003).wrapping_add(index.into()), STEPS);
    let mut out = String::new();
    let office = replayed(&log, &mut out);
    judged(&log, &mut out);
    for reader in READERS {
        on_device(reader, &log, &ledger, &office, &mut out);
        on_new_device(reader, &log, &office, &mut out);
    }
    out
}

/// The result from the log with its verdicts, as a server starts.
fn replayed(log: &[Row], out: &mut String) -> LogState {
    let mut office = LogState::new();
    for (row, server_seq) in log.iter().zip(1..) {
        let read = office.replay(server_seq, &row.operation, &row.verdict, row.received_at());
        let _ =
            writeln!(out, "{server_seq} {:?} {:?} {:?} {:?}", row.id, row.verdict, read, office.digest_at(server_seq));
    }
    tell("office", office.state(), true, out);
    office
}

/// The result from the beginning, with every operation judged again at its arrival.
fn judged(log: &[Row], out: &mut String) {
    let mut state = State::default();
    for row in log {
        let arrived = SignedReceipt::decode(&row.receipt).map(|receipt| receipt.received_at);
        let (Ok(body), Ok(arrived)) = (row.operation.decode(), arrived) else { continue };
        let verdict = state.judge(row.id, &body, arrived);
        if verdict.counts() {
            state.apply(row.id, &body, Some(arrived));
        }
        let _ = writeln!(out, "{:?} {verdict:?}", row.id);
    }
    tell("judged", &state, true, out);
}

/// The result on a device that has copied the log as far as its person may read it.
fn on_device(reader: u8, log: &[Row], ledger: &Ledger, log_state: &LogState, out: &mut String) {
    let who = person(reader);
    let mut records = Records::default();
    let scene = Scene::of(log_state.state());
    for (row, server_seq) in log.iter().zip(1..) {
        if row.verdict.counts() && ledger.may_hold(&scene, who, row.id).is_ok() {
            let entry = LogEntry {
                server_seq,
                operation: Some(row.operation.clone()),
                op: None,
                verdict: row.verdict.clone(),
                compacted: None,
                received_at: Some(row.received_at()),
            };
            records.take(Record::Log { server_seq, bytes: minicbor::to_vec(entry).unwrap_or_default() });
        }
    }
    let meta = Meta { cursor: log_state.log_end(), scope: log_state.state().scope_of(who), ..Meta::default() };
    records.take(Record::metadata(metadata::EXCHANGE, minicbor::to_vec(meta).unwrap_or_default()));
    let replica = fold(&records, who, DeviceId::from_bytes([reader; 16]), 1);
    let _ = writeln!(out, "{:?} {:?}", replica.meta(), replica.own().map(|own| own.id).collect::<Vec<_>>());
    tell(&format!("tablet of {reader}"), replica.view(), false, out);
}

/// The result on a device that makes its first copy, with finished cards compacted.
fn on_new_device(reader: u8, log: &[Row], log_state: &LogState, out: &mut String) {
    let who = person(reader);
    let mut replica = Replica::new(who, DeviceId::from_bytes([reader; 16]), 1);
    let contact = Contact { now: MORNING, safe: 0, turn: 0, bytes_max: usize::MAX };
    let (rows, response) = log_state.answer(who, &replica.request(0), contact);
    let entries = rows.into_iter().map(|row| {
        let place = usize::try_from(row.server_seq.saturating_sub(1)).unwrap_or(usize::MAX);
        let operation = log.get(place).map(|stored| stored.operation.clone());
        row.entry(operation)
    });
    let taken = replica.absorb(&SyncResponse { entries: entries.collect(), ..response }, MORNING);
    assert!(taken.is_ok(), "the office's own answer is taken: {:?}", taken.err());
    let _ = writeln!(out, "{:?}", replica.meta());
    tell(&format!("new tablet of {reader}"), replica.view(), true, out);
}

/// Writes every card: its state, its hash, what is contested, and with `results` the results of both sides.
fn tell(whose: &str, state: &State, results: bool, out: &mut String) {
    for (key, card) in state.cards() {
        let _ = writeln!(out, "{whose}: {key} {:?} {:?} {:?}", card.stage(), card.hash(), card.contested());
        let _ = writeln!(out, "{:?}", card.history().iter().map(|event| event.op).collect::<Vec<_>>());
        for side in [Side::SelfScored, Side::Appraised].into_iter().filter(|_| results) {
            let result =
                state.explained(key, side).map(|result| result.map(|told| serde_json::json!(told).to_string()));
            let _ = writeln!(out, "{result:?}");
        }
    }
}
