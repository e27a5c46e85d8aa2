//! Builds requests and takes answers.

use core::fmt;

use super::{Meta, Replica, is_contradicted};
use crate::bug::{self, Bug};
use crate::ids::{OpId, StateHash};
use crate::op::{CardKey, DecodeError};
use crate::sorted_map::Map;
use crate::sync::messages::{OwnChain, PROTOCOL, SyncRequest, SyncResponse};
use crate::time::Millis;

/// What to store after an answer, in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Absorbed {
    /// Whether to forget the copied log before storing the new entries.
    pub reset: bool,
    /// Whole entries with their sequence, to be read again at the next start.
    pub log: Vec<(u64, Vec<u8>)>,
    /// Receipts by operation.
    pub receipts: Vec<(OpId, Vec<u8>)>,
    /// The metadata of the exchange.
    pub meta: Meta,
    /// Whether there is more to ask for.
    pub more: bool,
}

/// Why an answer cannot be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SyncError {
    /// It has another version of the exchange.
    Protocol(u8),
    /// Its bytes are malformed.
    Malformed(DecodeError),
    /// The server names an own operation that is not on this device.
    MissingOwn(OpId),
}

impl fmt::Display for SyncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Protocol(version) => write!(f, "protocol: found {version}, allowed {PROTOCOL}"),
            Self::Malformed(error) => write!(f, "answer: {error}"),
            Self::MissingOwn(op) => write!(f, "answer: names own operation {op}, which is not on this tablet"),
        }
    }
}

impl core::error::Error for SyncError {}

impl From<DecodeError> for SyncError {
    fn from(error: DecodeError) -> Self {
        Self::Malformed(error)
    }
}

impl Replica {
    /// The next request: own operations not yet delivered, oldest first, up to `bytes_max`.
    #[must_use]
    pub fn request(&self, bytes_max: usize) -> SyncRequest {
        let mut epochs: Map<u32, u64> = Map::new();
        for (epoch, seq) in self.own.keys() {
            let held = epochs.entry(*epoch).or_default();
            // The server may leave bytes out only if the device holds the chain without gaps.
            if *seq == held.saturating_add(1) {
                *held = *seq;
            }
        }
        let mut operations = Vec::new();
        let mut bytes = 0;
        // Operations that were never sent go first. Otherwise a batch full of operations that the server keeps aside
        // would block all others.
        let (fresh, aside): (Vec<_>, Vec<_>) = self.unsent().partition(|own| own.awaits_answer());
        for own in fresh.into_iter().chain(aside) {
            let size = own.signed.body.len() + own.signed.signature.len() + 8;
            if bytes + size > bytes_max && !operations.is_empty() {
                break;
            }
            bytes += size;
            operations.push(own.signed.clone());
        }
        let own = epochs.into_iter().map(|(epoch, seq)| OwnChain { epoch, seq }).collect();
        SyncRequest {
            protocol: PROTOCOL,
            device: self.device,
            own: if self.needs_own { Vec::new() } else { own },
            cursor: self.meta.cursor,
            scope: self.meta.scope,
            operations,
            answer_bytes_max: u32::try_from(bytes_max).unwrap_or(u32::MAX),
            log_digest: self.meta.log_digest,
            differs: Some(self.differs as u64).filter(|differs| *differs > 0),
            snapshot_seq: Some(self.meta.snapshot_seq.unwrap_or_default()),
            backfill_cursor: self.meta.backfill_cursor,
            wanted: self.wanted.clone().filter(|key| self.is_compacted(key)),
        }
    }

    /// Takes an answer whose receipts' signatures have been verified. Returns what to store.
    ///
    /// # Errors
    /// When the answer is of another protocol or not readable; nothing changes then.
    pub fn absorb(&mut self, response: &SyncResponse, now: Millis) -> Result<Absorbed, SyncError> {
        if response.protocol != PROTOCOL {
            return Err(SyncError::Protocol(response.protocol));
        }
        let mut next = self.clone();
        let reset = response.reset && !bug::is(Bug::IgnoreRevocation);
        let mut absorbed = Absorbed { reset, more: response.more, ..Absorbed::default() };
        if reset {
            next.fetched_anew |= next.differs > 0;
            next.forget_log();
        }
        let overlooked = usize::from(bug::is(Bug::DropReceipt));
        for signed in response.receipts.iter().skip(overlooked) {
            let receipt = signed.decode()?;
            absorbed.receipts.push((receipt.op, crate::op::encode(signed)));
            // Operations beyond the cursor will be read from the log, which then decides. Operations that are kept
            // aside may enter it later.
            let vouched =
                receipt.server_seq > 0 && Some(receipt.server_seq) <= response.snapshot_seq.max(Some(response.cursor));
            next.note_receipt(receipt, vouched);
        }
        next.note_forks();
        for entry in &response.entries {
            let whole = next.complete(entry).inspect_err(|error| {
                self.needs_own |= matches!(error, SyncError::MissingOwn(_));
            })?;
            if next.fold_entry(&whole)? {
                absorbed.log.push((whole.server_seq, crate::op::encode(&whole)));
            }
        }
        // An answer that arrives late, after a newer one, takes nothing back.
        let late = !response.reset && response.cursor < self.meta.cursor;
        let (cursor, log_digest) =
            if late { (self.meta.cursor, self.meta.log_digest) } else { (response.cursor, response.log_digest) };
        let (snapshot_seq, backfill_cursor) = if response.reset {
            (response.snapshot_seq, response.backfill_cursor)
        } else {
            // None is less than every sequence and means that nothing is missing any more.
            (self.meta.snapshot_seq, self.meta.backfill_cursor.min(response.backfill_cursor))
        };
        // A server that does not know compacted cards would add operations to them that build on operations missing
        // here.
        let stranger = !response.reset
            && response.snapshot_seq.is_none()
            && self.meta.snapshot_seq.is_some_and(|snapshot_seq| snapshot_seq > 0);
        next.meta = Meta {
            cursor,
            scope: if stranger { 0 } else { response.scope },
            server_time: response.server_time,
            log_end: response.log_end,
            contact_at: now,
            log_digest,
            // Operations received before a server was restored are known to be there only after its whole log is read.
            safe: response.safe.filter(|_| !response.more),
            snapshot_seq,
            backfill_cursor,
            trusted: if response.reset { self.meta.outlasting() } else { self.meta.trusted },
        };
        let lacks_some = next.note_lost(response.heads.as_deref());
        if !response.more && !lacks_some {
            next.meta.trusted = None;
        }
        next.compare(&response.hashes);
        absorbed.meta = next.meta;
        next.rebuild_view();
        *self = next;
        Ok(absorbed)
    }

    /// Finds the own operations that the server had and no longer has, or has decided otherwise since. It compares the
    /// ends of the server's chains, if the answer has them, and the copied log. Returns whether there are any.
    pub(super) fn note_lost(&mut self, heads: Option<&[OwnChain]>) -> bool {
        let Self { own, confirmed, meta, .. } = self;
        let mut lacks_some = false;
        for ((epoch, seq), own) in own.iter_mut() {
            let had = own.receipt.as_ref().is_some_and(|receipt| receipt.server_seq > 0);
            let has = |heads: &[OwnChain]| heads.iter().any(|head| head.epoch == *epoch && head.seq >= *seq);
            own.lost = had && !heads.is_none_or(has) || is_contradicted(own, confirmed, meta);
            lacks_some |= own.lost;
        }
        lacks_some
    }

    /// Finds the operations that cannot go on after a fork: those later in the chain, and those built on a forked
    /// operation.
    pub(super) fn note_forks(&mut self) {
        let mut forked = None;
        let mut given_up = Vec::new();
        for ((epoch, _), own) in self.own.iter_mut() {
            let stands_on_it = own.lacks_base() && own.body.base.iter().any(|base| given_up.contains(base));
            own.follows_fork = own.is_aside() && (forked == Some(*epoch) || stands_on_it);
            if own.is_forked() {
                forked = Some(*epoch);
                given_up.push(own.id);
            }
        }
    }

    /// Compares the server's hashes with the cards folded from the copied log. If any differ, everything is fetched
    /// again.
    fn compare(&mut self, hashes: &[(CardKey, StateHash)]) {
        let differs =
            |(key, hash): &&(CardKey, StateHash)| !self.is_compacted(key) && self.confirmed.card_hash(key) != *hash;
        self.differs = if self.fetched_anew { 0 } else { hashes.iter().filter(differs).count() };
    }
}
