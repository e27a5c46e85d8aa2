//! Checks what must hold when all links work again and everyone has exchanged until nothing was left.

use crate::harness::{APPRAISE, APPROVE};
use std::collections::{BTreeMap, BTreeSet};

use server::store::Store;
use shared::card::{Card, Side};
use shared::ids::{LineId, OpId};
use shared::op::{Body, CardKey, ChainHead, ChainKey, Payload, Register, Stage, Target, Verdict};
use shared::state::State;
use shared::sync::{Attention, LogState};

use super::client::LocalSession;

/// An operation of the server's log, as stored.
pub(super) struct Entry {
    pub(super) server_seq: u64,
    pub(super) id: OpId,
    pub(super) body: Body,
    pub(super) verdict: Verdict,
}

pub(super) async fn read(store: &dyn Store) -> Vec<Entry> {
    let mut log: Vec<Entry> = Vec::new();
    loop {
        let page = store.entries_after(log.last().map_or(0, |entry| entry.server_seq), 5_000).await.unwrap();
        if page.is_empty() {
            return log;
        }
        log.extend(page.into_iter().map(|stored| Entry {
            server_seq: stored.server_seq,
            id: stored.operation.id(),
            body: stored.operation.decode().unwrap(),
            verdict: stored.verdict,
        }));
    }
}

/// Checks that the log has everything once, without gaps, with each chain in order.
pub(super) fn order(log: &[Entry]) -> Vec<String> {
    let (mut failures, mut seen, mut ends) = (Vec::new(), BTreeSet::new(), BTreeMap::<ChainKey, ChainHead>::new());
    for (place, entry) in (1..).zip(log) {
        if entry.server_seq != place {
            failures.push(format!("place {place} of the log holds number {}", entry.server_seq));
        }
        if !seen.insert(entry.id) {
            failures.push(format!("{} is in the log twice", entry.id));
        }
        let end = ends.entry(entry.body.chain()).or_default();
        if (entry.body.seq, entry.body.prev) != (end.seq + 1, end.last) {
            failures.push(format!("{} does not continue its chain, which ends at {}", entry.id, end.seq));
        }
        *end = ChainHead { seq: entry.body.seq, last: Some(entry.id) };
    }
    failures
}

/// Checks that every operation with a receipt is in the log as the receipt says, and that everything written was
/// delivered or explained.
pub(super) fn fates(name: &str, session: &LocalSession, log: &BTreeMap<OpId, &Entry>) -> Vec<String> {
    let mut failures = Vec::new();
    for (id, signed) in &session.receipts {
        let receipt = signed.decode().unwrap();
        match log.get(id) {
            Some(entry) if (entry.server_seq, &entry.verdict) == (receipt.server_seq, &receipt.verdict) => {}
            Some(entry) => failures.push(format!("{name}: {id} is at {}, receipt {receipt:?}", entry.server_seq)),
            None => failures.push(format!("{name}: {id} has a receipt and is not in the log: {receipt:?}")),
        }
    }
    let replica = &session.device.replica;
    let explained: BTreeSet<OpId> = replica.attention().into_iter().filter_map(refused).collect();
    let own: BTreeMap<OpId, _> = replica.own().map(|own| (own.id, own)).collect();
    for id in &session.written {
        let fate = match own.get(id) {
            None => "was called saved and is gone",
            Some(own) if own.is_unsent() => "is neither delivered nor explained",
            Some(own) if own.may_count() && own.logged_at.is_none() => "was accepted and is not in the tablet's copy",
            Some(own) if !own.may_count() && !explained.contains(id) => "was refused and nobody is told",
            Some(_) => continue,
        };
        failures.push(format!("{name}: {id} {fate}"));
    }
    failures
}

fn refused(attention: Attention) -> Option<OpId> {
    match attention {
        Attention::Refused { op, .. } => Some(op),
        Attention::Contested { .. } => None,
    }
}

/// Checks that the cards on a device are exactly those its person may read, as the server has them. Returns how many
/// were compared.
pub(super) fn cards(name: &str, session: &LocalSession, office: &LogState) -> (usize, Vec<String>) {
    let (mut compared, mut failures) = (0, Vec::new());
    let (state, replica) = (office.state(), &session.device.replica);
    let readable = |key: &CardKey| state.may_read_card(replica.person(), key);
    for (key, _) in state.cards().filter(|(key, _)| readable(key)) {
        compared += 1;
        if replica.is_compacted(key) {
            // This is a compacted card: for reading only, with other names for what led to it.
            let read = |state: &State| (state.card(key).map(Card::stage), state.outcome(key, Side::Appraised));
            if read(state) != read(replica.confirmed()) {
                failures.push(format!("{name}: {key:?} is compacted and reads otherwise than the office's"));
            }
            continue;
        }
        let hashes = [state.card_hash(key), replica.confirmed().card_hash(key), replica.view().card_hash(key)];
        if hashes.iter().any(|hash| *hash != hashes[0]) {
            failures.push(format!("{name}: {key:?}: office, copy and view have {hashes:?}"));
        }
    }
    let secret = replica.confirmed().cards().filter(|(key, _)| !readable(key));
    failures.extend(secret.map(|(key, _)| format!("{name}: {key:?} is not for this person")));
    (compared, failures)
}

/// Versions by operation, and whether each retracts the value.
type Versions = BTreeMap<OpId, bool>;
type Registers = BTreeMap<Register, Versions>;

/// Folds the log by the plainest rule: a new version replaces those that its base names. Compares every register and
/// every card history with the server's. So nothing was replaced that the author of its successor had not seen. Returns
/// how many registers hold several versions.
pub(super) fn registers(log: &[Entry], office: &LogState) -> (usize, Vec<String>) {
    let (mut cards, mut failures) = (BTreeMap::<CardKey, (Registers, Vec<OpId>)>::new(), Vec::new());
    for entry in log.iter().filter(|entry| entry.verdict.counts()) {
        let Target::Card(key) = &entry.body.target else { continue };
        let (registers, story) = cards.entry(key.clone()).or_default();
        let intent = entry.body.intent().unwrap();
        let mut contested = false;
        for (register, cleared) in writes(entry.id, &intent, registers) {
            let versions = registers.entry(register).or_default();
            versions.retain(|old, _| !entry.body.base.contains(old));
            versions.insert(entry.id, cleared);
            contested |= versions.len() > 1;
        }
        if contested != (entry.verdict == Verdict::AcceptedContested) {
            failures.push(format!("{}: {}, contested: {contested}", entry.id, entry.verdict.word()));
        }
        story.extend((!matches!(intent, Payload::SaveDraft { .. })).then_some(entry.id));
    }
    let mut several = 0;
    let empty = Card::default();
    for (key, (registers, story)) in &cards {
        let card = office.state().card(key).unwrap_or(&empty);
        for (register, versions) in registers {
            several += usize::from(versions.len() > 1);
            let held: BTreeSet<OpId> = card.heads(register).collect();
            if !held.iter().eq(versions.keys()) {
                failures.push(format!("{key:?}, {register}: holds {held:?}, written {versions:?}"));
            }
        }
        if !card.history().iter().map(|event| event.op).eq(story.iter().copied()) {
            failures.push(format!("{key:?}: tells another story than the {} operations of the log", story.len()));
        }
    }
    (several, failures)
}

fn writes(id: OpId, intent: &Payload, registers: &Registers) -> Vec<(Register, bool)> {
    let holds =
        |register: &Register| registers.get(register).is_some_and(|versions| versions.values().any(|cleared| !cleared));
    match intent {
        Payload::AssignWork(lines) => {
            (0_u8..).zip(lines).map(|(place, _)| (Register::Plan(LineId::new(id, place)), false)).collect()
        }
        Payload::ReviseLine { line, .. } => vec![(Register::Plan(*line), false)],
        Payload::RemoveLine { line, .. } => vec![(Register::Plan(*line), true)],
        Payload::ReportProgress { line, .. } => vec![(Register::Progress(*line), false)],
        Payload::SaveDraft { appraisal, fields } => {
            let key = |field: &String| shared::op::FieldKey { appraisal: *appraisal, field: field.clone() };
            fields.keys().map(|field| (Register::Draft(key(field)), false)).collect()
        }
        Payload::SubmitSelfScore(_) => vec![(Register::SelfScore, false)],
        Payload::WithdrawSelfScore { .. } => vec![(Register::SelfScore, true)],
        Payload::Appraise(..) => {
            let alone = (!holds(&Register::SelfScore)).then_some((Register::SelfScore, true));
            alone.into_iter().chain([(Register::Appraisal(APPRAISE), false)]).collect()
        }
        Payload::Approve(..) => vec![(Register::Approval(APPROVE), false)],
        Payload::Publish(_) => vec![(Register::Publication, false)],
        Payload::ReturnCard { to, .. } => {
            let stages = [
                (Stage::Published, Register::Publication),
                (Stage::Approved, Register::Approval(APPROVE)),
                (Stage::Appraised, Register::Appraisal(APPRAISE)),
                (Stage::SelfScored, Register::SelfScore),
            ];
            stages.into_iter().filter(|(stage, held)| stage > to && holds(held)).map(|(_, held)| (held, true)).collect()
        }
        Payload::Resolve { register, choice, .. } => {
            let chosen = registers.get(register).and_then(|versions| versions.get(choice));
            chosen.map(|cleared| (register.clone(), *cleared)).into_iter().collect()
        }
        other => panic!("nobody here writes kind {}", other.kind()),
    }
}
