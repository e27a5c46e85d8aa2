//! The server's half of the exchange, without IO: it checks chains, judges operations, and selects what each reader
//! gets.

mod compaction;
mod page;

use std::collections::HashSet;

use crate::bug::{self, Bug};
use crate::sorted_map::{Map, Set};

use super::messages::{OwnChain, PROTOCOL, SyncRequest, SyncResponse};
use crate::ids::{DeviceId, OpId, PersonId, StateHash};
use crate::op::{
    Body, CardKey, ChainError, ChainHead, ChainKey, DecodeError, Detail, Receipt, Refusal, RefusalCode,
    SignedOperation, Verdict,
};
use crate::state::State;
use crate::time::Millis;
use compaction::Compaction;
pub use page::{Page, PageRow, Window};

/// The result of checking an operation's signature. The server looks up the keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyCheck {
    /// The signature was made with the registered key of the chain.
    Verified,
    /// The signature was made with another key, or the operation was altered.
    BadSignature,
    /// No key is registered for its chain.
    UnknownKey,
}

/// Where an operation is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In the log, at this sequence.
    Log(u64),
    /// Beside the log: it has no place in a chain (yet).
    Aside,
}

/// What the server decided about an operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// The receipt to sign, store and return.
    pub receipt: Receipt,
    /// Where to store the bytes.
    pub place: Place,
}

#[derive(Clone, Debug)]
struct LogRow {
    id: OpId,
    chain: ChainKey,
    chain_seq: u64,
    bytes: usize,
    body: Body,
    verdict: Verdict,
    received_at: Millis,
    log_digest: u64,
}

/// What the server knows at the time of an answer besides its log.
#[derive(Clone, Copy, Debug)]
pub struct Contact {
    /// The server's clock.
    pub now: Millis,
    /// Up to this sequence the log survives the loss of the server's machine.
    pub safe: u64,
    /// Selects the cards to compare: it gives other cards when it changes, and all of them over time.
    pub turn: u64,
    /// The most bytes of operations to answer with.
    pub bytes_max: usize,
}

/// The log folded at the server: state, ends of chains, index of the log.
#[derive(Clone, Debug, Default)]
pub struct LogState {
    state: State,
    chains: Map<ChainKey, ChainHead>,
    log: Map<u64, LogRow>,
    /// The ids of operations that are in the log, or that never will be.
    known: HashSet<OpId>,
    /// Chains whose key signed two operations for one place: somebody else may have the key.
    quarantined: Set<ChainKey>,
    /// What can be compacted.
    compaction: Compaction,
}

impl LogState {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The folded state.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The highest sequence of the log; 0 when empty.
    #[must_use]
    pub fn log_end(&self) -> u64 {
        self.log.last_key_value().map_or(0, |(seq, _)| *seq)
    }

    /// The log digest up to a sequence; none beyond the log's end.
    #[must_use]
    pub fn digest_at(&self, server_seq: u64) -> Option<u64> {
        if server_seq == 0 { Some(0) } else { self.log.get(&server_seq).map(|row| row.log_digest) }
    }

    /// How far the log has a person's chains on a device.
    #[must_use]
    pub fn heads_of(&self, actor: PersonId, device: DeviceId) -> Vec<OwnChain> {
        let of_device =
            self.chains.range(ChainKey { actor, device, epoch: 0 }..=ChainKey { actor, device, epoch: u32::MAX });
        of_device.map(|(chain, head)| OwnChain { epoch: chain.epoch, seq: head.seq }).collect()
    }

    /// The answer to a device whose operations were received, and the rows of the log that the answer carries as
    /// entries.
    #[must_use]
    pub fn answer(&self, reader: PersonId, request: &SyncRequest, at: Contact) -> (Vec<PageRow>, SyncResponse) {
        let scope = self.state.scope_of(reader);
        // A cursor or snapshot sequence beyond the end, or another log digest there, comes from another log. The
        // present log was then restored from a copy.
        let known = self.digest_at(known_to(request.cursor, request.snapshot_seq));
        let restored = known.is_none() || request.log_digest.is_some_and(|log_digest| known != Some(log_digest));
        let reset = request.scope != scope || restored || request.differs.is_some();
        let (cursor, snapshot_seq) = if reset {
            (0, request.snapshot_seq.map(|_| self.log_end()))
        } else {
            (request.cursor, request.snapshot_seq)
        };
        let page = self.page(Window {
            reader,
            device: request.device,
            own: &request.own,
            cursor,
            bytes_max: at.bytes_max,
            snapshot_seq,
            backfill_cursor: if reset {
                snapshot_seq.map(|seq| seq.saturating_add(1))
            } else {
                request.backfill_cursor
            },
            wanted: request.wanted.as_ref().filter(|_| !reset),
        });
        // Hashes are sent only with the last page: a device that is still reading has other hashes.
        let hashes =
            if page.more { Vec::new() } else { self.hashes(reader, at.turn, snapshot_seq.unwrap_or_default()) };
        let response = SyncResponse {
            protocol: PROTOCOL,
            server_time: at.now,
            receipts: Vec::new(),
            entries: Vec::new(),
            cursor: page.cursor,
            more: page.more,
            scope,
            reset,
            log_end: self.log_end(),
            hashes,
            log_digest: self.digest_at(known_to(page.cursor, snapshot_seq)),
            safe: Some(at.safe),
            heads: Some(self.heads_of(reader, request.device)),
            snapshot_seq,
            backfill_cursor: page.backfill_cursor,
        };
        (page.rows, response)
    }

    /// Hashes of some of the cards that a reader may read, for comparison. Other cards follow as `turn` changes, and
    /// all of them over time. Cards that the reader has compacted, those finished at `snapshot_seq`, are left out.
    #[must_use]
    pub fn hashes(&self, reader: PersonId, turn: u64, snapshot_seq: u64) -> Vec<(CardKey, StateHash)> {
        let compacted = |key: &CardKey| {
            self.is_compacted_at(key, snapshot_seq) && self.compaction.is_quiet_since(key, snapshot_seq)
        };
        let whole = |key: &CardKey| self.reads_whole(reader, key) && !compacted(key);
        let cards: Vec<_> = self.state.cards().filter(|(key, _)| whole(key)).collect();
        let rounds = cards.len().div_ceil(HASHES_PER_ANSWER).max(1);
        let first = usize::try_from(turn).unwrap_or_default() % rounds * HASHES_PER_ANSWER;
        let in_turn = cards.into_iter().skip(first).take(HASHES_PER_ANSWER);
        in_turn.map(|(key, card)| (key.clone(), card.hash())).collect()
    }

    /// The end of a chain.
    #[must_use]
    pub fn head(&self, chain: &ChainKey) -> ChainHead {
        self.chains.get(chain).copied().unwrap_or_default()
    }

    /// Folds a stored operation with its stored verdict and time of arrival, in the order of the log. This rebuilds a
    /// server.
    ///
    /// # Errors
    /// When the bytes are not an operation.
    pub fn replay(
        &mut self,
        server_seq: u64,
        operation: &SignedOperation,
        verdict: &Verdict,
        received_at: Millis,
    ) -> Result<(), DecodeError> {
        let body = operation.decode()?;
        self.enter(server_seq, operation, body, verdict.clone(), received_at);
        Ok(())
    }

    /// Takes an operation stored beside the log, with its stored verdict, so that keys in quarantine stay there.
    pub fn replay_aside(&mut self, operation: &SignedOperation, verdict: &Verdict) {
        let forked = verdict.refusal().is_some_and(|refusal| refusal.code == RefusalCode::Fork);
        if let (true, Ok(body)) = (forked, operation.decode()) {
            self.give_up(body.chain(), operation.id());
        }
    }

    /// Receives an operation that is not in the log yet: checks the chain, judges it, and folds it. The caller stores
    /// the decision and only then answers. If storing fails, the server is rebuilt from the log.
    pub fn receive(&mut self, operation: &SignedOperation, key: KeyCheck, now: Millis) -> Decision {
        let id = operation.id();
        match self.placeable(operation, key) {
            Err(verdict) => {
                Decision { receipt: Receipt { op: id, server_seq: 0, received_at: now, verdict }, place: Place::Aside }
            }
            Ok(body) => {
                let verdict = self.state.judge(id, &body, now);
                let server_seq = self.log_end().saturating_add(1);
                self.enter(server_seq, operation, body, verdict.clone(), now);
                Decision {
                    receipt: Receipt { op: id, server_seq, received_at: now, verdict },
                    place: Place::Log(server_seq),
                }
            }
        }
    }

    fn placeable(&mut self, operation: &SignedOperation, key: KeyCheck) -> Result<Body, Verdict> {
        let body = operation.decode().map_err(|error| {
            Verdict::Rejected(Refusal::new(RefusalCode::Malformed, "operation").found(Detail::technical(&error)))
        })?;
        match key {
            KeyCheck::Verified => {}
            KeyCheck::BadSignature if bug::is(Bug::AcceptForged) => {}
            KeyCheck::BadSignature => {
                return Err(Verdict::Rejected(Refusal::new(RefusalCode::BadSignature, "signature")));
            }
            KeyCheck::UnknownKey => return Err(Verdict::Held(Refusal::new(RefusalCode::UnknownKey, "device"))),
        }
        let chain = body.chain();
        if self.quarantined.contains(&chain) {
            self.give_up(chain, operation.id());
            return Err(Verdict::Held(Refusal::new(RefusalCode::Fork, "epoch").found(Detail::technical(&body.epoch))));
        }
        match self.head(&chain).admits(&body) {
            Ok(()) => {}
            Err(_) if bug::is(Bug::SkipChainCheck) => return Ok(body),
            Err(ChainError::Gap { found, expected }) => {
                return Err(Verdict::Held(
                    Refusal::new(RefusalCode::Gap, "seq")
                        .found(Detail::technical(&found))
                        .allowed(Detail::technical(&expected)),
                ));
            }
            Err(ChainError::Fork { at }) => {
                self.give_up(chain, operation.id());
                return Err(Verdict::Held(Refusal::new(RefusalCode::Fork, "seq").found(Detail::technical(&at))));
            }
        }
        // The author builds on an operation that this server had before it was restored from an older copy. Another
        // device has it.
        match body.base.iter().find(|base| !self.known.contains(*base)) {
            None => Ok(body),
            Some(base) => Err(Verdict::Held(Refusal::new(RefusalCode::Gap, "base").found(Detail::technical(&base)))),
        }
    }

    /// Accepts nothing more from a chain whose key signed two operations for one place. What is in the log stays.
    /// Operations that others built on `forked`, which is kept aside, are judged without it, because it never enters
    /// the log.
    fn give_up(&mut self, chain: ChainKey, forked: OpId) {
        self.quarantined.insert(chain);
        self.known.insert(forked);
    }

    fn enter(
        &mut self,
        server_seq: u64,
        operation: &SignedOperation,
        body: Body,
        verdict: Verdict,
        received_at: Millis,
    ) {
        let id = operation.id();
        let chain = body.chain();
        let head = self.head(&chain).advanced(id);
        self.chains.insert(chain, ChainHead { seq: body.seq, ..head });
        if verdict.counts() || bug::is(Bug::ApplyRejected) {
            self.state.apply(id, &body, Some(received_at));
        }
        let bytes = operation.body.len() + operation.signature.len() + 8;
        let chain_seq = body.seq;
        let before = self.log.last_key_value().map_or(0, |(_, row)| row.log_digest);
        let log_digest = digest_after(before, id, &verdict);
        self.known.insert(id);
        if verdict.counts() {
            self.compaction.note(server_seq, &body, bytes, &verdict);
        }
        self.log.insert(server_seq, LogRow { id, chain, chain_seq, bytes, body, verdict, received_at, log_digest });
    }
}

/// How far a copy depends on the log. The whole log up to `snapshot_seq` decides what is compacted, before the cursor
/// is there.
fn known_to(cursor: u64, snapshot_seq: Option<u64>) -> u64 {
    cursor.max(snapshot_seq.filter(|_| !bug::is(Bug::DigestEndsAtCursor)).unwrap_or_default())
}

/// The log digest after one more operation.
fn digest_after(before: u64, id: OpId, verdict: &Verdict) -> u64 {
    let mut text = before.to_be_bytes().to_vec();
    text.extend(id.as_bytes());
    text.extend(verdict.word().as_bytes());
    let hash = StateHash::of(&text);
    hash.as_bytes().iter().take(size_of::<u64>()).fold(0, |log_digest, byte| log_digest << u8::BITS | u64::from(*byte))
}

/// The cards compared with one answer. An answer without news must stay small.
const HASHES_PER_ANSWER: usize = 4;
