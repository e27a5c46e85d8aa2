//! The server's half of the exchange, without IO: chains, judgement, and who gets what.

use crate::bug::{self, Bug};
use crate::order::Map;

use super::messages::{LogEntry, OwnChain};
use crate::ids::{DeviceId, OpId, PersonId};
use crate::op::{
    Body, ChainError, ChainHead, ChainKey, DecodeError, Receipt, Refusal, RefusalCode, SignedOperation, Verdict,
};
use crate::state::State;
use crate::time::Millis;

/// What became of checking an operation's signature; the keys are the server's business.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyCheck {
    /// Made by the registered key of its chain.
    Verified,
    /// Made by another key, or altered.
    BadSignature,
    /// No key is registered for its chain.
    UnknownKey,
}

/// Where an operation is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In the log, at this sequence.
    Log(u64),
    /// Beside the log: it has no place in a chain (yet).
    Aside,
}

/// What the office decided about an operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// To be signed, stored and returned.
    pub receipt: Receipt,
    /// Where the bytes are to be kept.
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
}

/// Which part of the log to answer with.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// Who asks.
    pub reader: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// Own operations the device holds.
    pub own: &'a [OwnChain],
    /// After this sequence.
    pub cursor: u64,
    /// Up to this many bytes of operations.
    pub bytes_max: usize,
}

/// A part of the log, without the bytes.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Sequence, id, verdict, and whether the bytes must go along.
    pub rows: Vec<PageRow>,
    /// The log is known up to here after these.
    pub cursor: u64,
    /// More waits behind.
    pub more: bool,
}

/// One row of a page.
#[derive(Clone, Debug)]
pub struct PageRow {
    /// Sequence in the log.
    pub server_seq: u64,
    /// The operation.
    pub op: OpId,
    /// What was decided.
    pub verdict: Verdict,
    /// The device does not hold it.
    pub with_bytes: bool,
}

impl PageRow {
    /// The entry to send; `operation` is what the store holds for it.
    #[must_use]
    pub fn entry(self, operation: Option<SignedOperation>) -> LogEntry {
        let operation = operation.filter(|_| self.with_bytes);
        let op = operation.is_none().then_some(self.op);
        LogEntry { server_seq: self.server_seq, operation, op, verdict: self.verdict }
    }
}

/// The folded office: state, ends of chains, index of the log.
#[derive(Clone, Debug, Default)]
pub struct Office {
    state: State,
    chains: Map<ChainKey, ChainHead>,
    log: Map<u64, LogRow>,
}

impl Office {
    /// An empty office.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything folded.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The highest sequence of the log; 0 when empty.
    #[must_use]
    pub fn log_end(&self) -> u64 {
        self.log.last_key_value().map_or(0, |(seq, _)| *seq)
    }

    /// The end of a chain.
    #[must_use]
    pub fn head(&self, chain: &ChainKey) -> ChainHead {
        self.chains.get(chain).copied().unwrap_or_default()
    }

    /// Takes a stored operation with its stored verdict, in the order of the log: how an office is rebuilt.
    ///
    /// # Errors
    /// When the bytes are not an operation.
    pub fn replay(
        &mut self,
        server_seq: u64,
        operation: &SignedOperation,
        verdict: &Verdict,
    ) -> Result<(), DecodeError> {
        let body = operation.decode()?;
        self.enter(server_seq, operation, body, verdict.clone());
        Ok(())
    }

    /// Receives an operation that is not in the log yet: checks the chain, judges, folds. The caller stores the decision and
    /// answers only then; when storing fails, the office is rebuilt from the log.
    pub fn receive(&mut self, operation: &SignedOperation, key: KeyCheck, now: Millis) -> Decision {
        let id = operation.id();
        match self.placeable(operation, key) {
            Err(verdict) => {
                Decision { receipt: Receipt { op: id, server_seq: 0, received_at: now, verdict }, place: Place::Aside }
            }
            Ok(body) => {
                let verdict = self.state.judge(id, &body, now);
                let server_seq = self.log_end().saturating_add(1);
                self.enter(server_seq, operation, body, verdict.clone());
                Decision {
                    receipt: Receipt { op: id, server_seq, received_at: now, verdict },
                    place: Place::Log(server_seq),
                }
            }
        }
    }

    fn placeable(&self, operation: &SignedOperation, key: KeyCheck) -> Result<Body, Verdict> {
        let body = operation
            .decode()
            .map_err(|error| Verdict::Rejected(Refusal::new(RefusalCode::Malformed, "operation").found(error)))?;
        match key {
            KeyCheck::Verified => {}
            KeyCheck::BadSignature if bug::is(Bug::AcceptForged) => {}
            KeyCheck::BadSignature => {
                return Err(Verdict::Rejected(Refusal::new(RefusalCode::BadSignature, "signature")));
            }
            KeyCheck::UnknownKey => return Err(Verdict::Held(Refusal::new(RefusalCode::UnknownKey, "device"))),
        }
        match self.head(&body.chain()).admits(&body) {
            Ok(()) => Ok(body),
            Err(_) if bug::is(Bug::SkipChainCheck) => Ok(body),
            Err(ChainError::Gap { found, expected }) => {
                Err(Verdict::Held(Refusal::new(RefusalCode::Gap, "seq").found(found).allowed(expected)))
            }
            Err(ChainError::Fork { at }) => Err(Verdict::Held(Refusal::new(RefusalCode::Fork, "seq").found(at))),
        }
    }

    fn enter(&mut self, server_seq: u64, operation: &SignedOperation, body: Body, verdict: Verdict) {
        let id = operation.id();
        let chain = body.chain();
        let head = self.head(&chain).advanced(id);
        self.chains.insert(chain, ChainHead { seq: body.seq, ..head });
        if verdict.counts() || bug::is(Bug::ApplyRejected) {
            self.state.apply(id, &body);
        }
        let bytes = operation.body.len() + operation.signature.len() + 8;
        let chain_seq = body.seq;
        self.log.insert(server_seq, LogRow { id, chain, chain_seq, bytes, body, verdict });
    }

    /// The part of the log after a cursor that a reader is entitled to.
    #[must_use]
    pub fn page(&self, window: Window<'_>) -> Page {
        let mut page = Page { cursor: window.cursor, ..Page::default() };
        let mut bytes = 0;
        let first = if bug::is(Bug::CursorBehind) { window.cursor } else { window.cursor.saturating_add(1) };
        for (server_seq, row) in self.log.range(first..) {
            if row.verdict.counts() && self.state.may_read(window.reader, &row.body) {
                let held = row.chain.actor == window.reader
                    && row.chain.device == window.device
                    && window.own.iter().any(|own| own.epoch == row.chain.epoch && row.chain_seq <= own.seq);
                bytes += if held { SHORT_ENTRY_BYTES } else { row.bytes };
                if bytes > window.bytes_max && !page.rows.is_empty() {
                    page.more = true;
                    break;
                }
                page.rows.push(PageRow {
                    server_seq: *server_seq,
                    op: row.id,
                    verdict: row.verdict.clone(),
                    with_bytes: !held,
                });
            }
            page.cursor = *server_seq;
        }
        if bug::is(Bug::CursorAhead) && page.more {
            page.cursor = page.cursor.saturating_add(1);
        }
        if bug::is(Bug::ReorderEntries) {
            page.rows.reverse();
        }
        page
    }
}

/// An entry whose operation the device holds: sequence, id, verdict.
const SHORT_ENTRY_BYTES: usize = 48;
