//! The device's half of the exchange, without IO: the copied log of the server, the person's own operations on top, and
//! the state of each.
//!
//! The order of work is always: [`Replica::prepare`], sign, store, then [`Replica::append`]; and for an answer
//! [`Replica::absorb`], then store what it returns. A device that stops in between loses nothing: an operation that was
//! not appended was never reported as saved, and an answer that was not absorbed is requested again.

mod exchange;
mod fates;

use minicbor::{Decode, Encode};

use super::compacted::CompactedReader;
use super::fate::OwnOperation;
use super::messages::LogEntry;
use crate::bug::{self, Bug};
use crate::card::Card;
use crate::ids::{DeviceId, Nonce, OpId, PersonId};
use crate::limits::CLOCK_SKEW_MS_MAX;
use crate::op::kind;
use crate::op::{
    Body, CardKey, ChainHead, DecodeError, Detail, Payload, Receipt, Refusal, RefusalCode, SignedOperation,
    SignedReceipt, Target, VERSION,
};
use crate::sort;
use crate::sorted_map::{Map, Set};
use crate::state::{Judge, State};
use crate::time::{Hlc, Millis};

pub use exchange::{Absorbed, SyncError};

/// The metadata of the exchange that a device keeps besides operations and receipts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode)]
#[cbor(map)]
pub struct Meta {
    /// The device has the server's log up to this sequence.
    #[n(0)]
    pub cursor: u64,
    /// The scope to which the cursor belongs.
    #[n(1)]
    pub scope: u64,
    /// The server's clock at the last contact; 0 before the first.
    #[n(2)]
    pub server_time: Millis,
    /// The highest sequence the server has.
    #[n(3)]
    pub log_end: u64,
    /// This device's clock at the last contact.
    #[n(4)]
    pub contact_at: Millis,
    /// The digest of the server's log at the cursor, or at the snapshot sequence where that is later.
    #[n(5)]
    pub log_digest: Option<u64>,
    /// Up to this sequence the server's log survives the loss of its machine.
    #[n(6)]
    pub safe: Option<u64>,
    /// Cards that were finished when the server's log ended here are compacted.
    #[n(7)]
    pub snapshot_seq: Option<u64>,
    /// Compacted cards published before this sequence are still missing.
    #[n(8)]
    pub backfill_cursor: Option<u64>,
    /// Own receipts beyond this sequence are requested again where a compacted card does not show whether they still
    /// hold. None: all of them hold.
    #[n(9)]
    pub trusted: Option<u64>,
}

impl Meta {
    /// Own receipts up to this sequence hold whatever copy the server was restored from.
    fn outlasting(&self) -> Option<u64> {
        Some(self.safe.unwrap_or_default().min(self.trusted.unwrap_or(u64::MAX)))
    }

    /// Whether this device's clock, which shows `now`, is known to be wrong: it was far from the server's at the last
    /// contact, or is earlier than that contact. Nothing is lost by that, but the screens show wrong months and ages.
    #[must_use]
    pub const fn clock_is_wrong(&self, now: Millis) -> bool {
        if self.server_time.0 == 0 {
            return false;
        }
        let was_set_back = now.0.saturating_add(CLOCK_SKEW_MS_MAX) < self.contact_at.0;
        let was_wrong = self.contact_at.0.abs_diff(self.server_time.0) > CLOCK_SKEW_MS_MAX;
        was_wrong && !was_set_back || now.0.saturating_add(CLOCK_SKEW_MS_MAX) < self.server_time.0
    }
}

/// What a device reads from its stores at the start.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// Copied log entries, in any order.
    pub log: Vec<LogEntry>,
    /// Own operations, in any order, every epoch.
    pub own: Vec<SignedOperation>,
    /// Receipts, verified when they were stored.
    pub receipts: Vec<Receipt>,
    /// The metadata of the exchange.
    pub meta: Meta,
}

/// One person's copy of the log on one device.
#[derive(Clone, Debug)]
pub struct Replica {
    person: PersonId,
    device: DeviceId,
    epoch: u32,
    head: ChainHead,
    hlc: Hlc,
    meta: Meta,
    confirmed: State,
    view: State,
    /// Operations of the log, by the first byte of their ids. In a single row each new operation would move all the
    /// others.
    logged: Map<u8, Set<OpId>>,
    /// A compacted card that is to be fetched with all its operations.
    wanted: Option<CardKey>,
    own: Map<(u32, u64), OwnOperation>,
    /// The places of the own operations.
    places: Map<OpId, (u32, u64)>,
    /// Whether the server has an operation of this device that is missing here, as after a profile was cloned. It must
    /// then send all of them.
    needs_own: bool,
    /// The number of cards whose hash differed from the server's.
    differs: usize,
    /// Whether everything was fetched again because of them. This happens once per start, so that a defect of this
    /// program cannot occupy the link for ever.
    fetched_anew: bool,
}

impl Replica {
    /// An empty copy. `epoch` is that of the key this device signs with.
    #[must_use]
    pub fn new(person: PersonId, device: DeviceId, epoch: u32) -> Self {
        Self {
            person,
            device,
            epoch,
            head: ChainHead::default(),
            hlc: Hlc::default(),
            meta: Meta::default(),
            confirmed: State::default(),
            view: State::default(),
            logged: Map::new(),
            wanted: None,
            own: Map::new(),
            places: Map::new(),
            needs_own: false,
            differs: 0,
            fetched_anew: false,
        }
    }

    /// Takes what the stores held.
    ///
    /// # Errors
    /// When something stored is not readable; nothing is taken then.
    pub fn restore(&mut self, stored: Stored) -> Result<(), SyncError> {
        let mut fresh = Self::new(self.person, self.device, self.epoch);
        fresh.meta = stored.meta;
        for signed in stored.own {
            fresh.remember(signed)?;
        }
        for receipt in stored.receipts {
            fresh.note_receipt(receipt, false);
        }
        let mut log = stored.log;
        sort::sort_by_key(&mut log, |entry| entry.server_seq);
        for entry in log {
            fresh.fold_entry(&entry)?;
        }
        fresh.note_forks();
        fresh.note_lost(None);
        fresh.rebuild_view();
        *self = fresh;
        Ok(())
    }

    /// The person whose copy it is.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The epoch in which this device signs.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// An epoch above one that the server knows and above all that are on this device. A copied profile may have signed
    /// in them.
    #[must_use]
    pub fn epoch_above(&self, epoch_max: u32) -> u32 {
        let signed = self.own.keys().next_back().map_or(0, |(epoch, _)| *epoch);
        epoch_max.max(signed).saturating_add(1)
    }

    /// Whether the chain of this epoch forked, so that new operations need another chain.
    #[must_use]
    pub fn has_forked(&self) -> bool {
        self.own.iter().any(|((epoch, _), own)| *epoch == self.epoch && own.is_forked())
    }

    /// Signs from now on in an epoch above all earlier ones. This starts a new chain.
    pub fn begin_epoch(&mut self, epoch: u32) {
        self.epoch = epoch;
        self.head = ChainHead::default();
    }

    /// The metadata of the exchange.
    #[must_use]
    pub const fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The state that the person sees: the server's log, and on top of it the own operations that may still count.
    #[must_use]
    pub const fn view(&self) -> &State {
        &self.view
    }

    /// The state from the server's log alone.
    #[must_use]
    pub const fn confirmed(&self) -> &State {
        &self.confirmed
    }

    /// Prepares an operation: its place in the chain, the heads it builds on, and its clock. It is judged as the server
    /// will judge it. `nonce` is newly drawn where people act.
    ///
    /// # Errors
    /// The refusal that the server would give.
    pub fn prepare(
        &self,
        target: Target,
        payload: &Payload,
        nonce: Option<Nonce>,
        now: Millis,
    ) -> Result<Body, Refusal> {
        self.prepare_judged_by(Judge::WHOLE, target, payload, nonce, now)
    }

    /// As [`Self::prepare`], with the judgement named: a device judges with no more than it has downloaded.
    ///
    /// # Errors
    /// The refusal of `judge`.
    pub fn prepare_judged_by(
        &self,
        judge: Judge,
        target: Target,
        payload: &Payload,
        nonce: Option<Nonce>,
        now: Millis,
    ) -> Result<Body, Refusal> {
        let body = self.next_body(target, payload, (judge.writes)(payload), nonce, now)?;
        let verdict = (judge.judges)(&self.view, OpId::of(&body.to_bytes()), &body, now);
        match verdict.refusal() {
            None => Ok(body),
            Some(refusal) => Err(refusal.clone()),
        }
    }

    /// Prepares what a forked chain holds once more, as it was written then. It was judged then, and the server judges it
    /// again.
    ///
    /// # Errors
    /// The refusal of what no new chain can hold yet: this version does not read it, or the card is here in short only.
    pub fn prepare_again(&self, forked: &Body, nonce: Option<Nonce>, now: Millis) -> Result<Body, Refusal> {
        let unreadable =
            |error| Refusal::new(RefusalCode::Malformed, "payload").found(Detail::technical(&error as &DecodeError));
        let payload = forked.intent().map_err(unreadable)?;
        self.next_body(forked.target.clone(), &payload, forked.payload.to_vec(), nonce, now)
    }

    /// The next body of the own chain. A card that is here in short has no heads to build on.
    fn next_body(
        &self,
        target: Target,
        payload: &Payload,
        written: Vec<u8>,
        nonce: Option<Nonce>,
        now: Millis,
    ) -> Result<Body, Refusal> {
        if matches!(&target, Target::Card(key) if self.is_compacted(key)) {
            return Err(Refusal::new(RefusalCode::Gap, "card"));
        }
        let base = self.view.base_on(&target, payload);
        let body = Body {
            version: VERSION,
            kind: payload.kind(),
            actor: self.person,
            device: self.device,
            epoch: self.epoch,
            seq: self.head.seq.saturating_add(1),
            prev: self.head.last,
            base,
            target,
            seen_seq: self.meta.cursor,
            hlc: self.hlc.tick(now),
            last_server_time: self.meta.server_time,
            payload: written.into(),
            nonce,
        };
        match Body::from_bytes(&body.to_bytes()) {
            Ok(_) => Ok(body),
            Err(error) => Err(Refusal::new(RefusalCode::OverLimit, "operation").found(Detail::technical(&error))),
        }
    }

    /// Takes an own operation that has been stored.
    ///
    /// # Errors
    /// When it is not readable or does not continue the chain.
    pub fn append(&mut self, signed: SignedOperation) -> Result<OpId, DecodeError> {
        let id = self.remember(signed)?;
        if let Some(own) = self.places.get(&id).and_then(|place| self.own.get(place)) {
            self.view.apply(id, &own.body, None);
        }
        Ok(id)
    }

    fn remember(&mut self, signed: SignedOperation) -> Result<OpId, DecodeError> {
        let body = signed.decode()?;
        let id = signed.id();
        let place = (body.epoch, body.seq);
        if body.actor == self.person && body.device == self.device {
            if body.epoch == self.epoch && body.seq > self.head.seq {
                self.head = ChainHead { seq: body.seq, last: Some(id) };
            }
            self.hlc = self.hlc.max(body.hlc);
            let fresh = OwnOperation::new(id, signed, body);
            // After a fork of the chain, the place holds the other operation.
            if self.own.entry(place).or_insert(fresh).id == id {
                self.places.insert(id, place);
            }
        }
        Ok(id)
    }

    fn forget_log(&mut self) {
        self.confirmed = State::default();
        self.logged.clear();
        self.own.values_mut().for_each(|own| (own.logged_at, own.vouched) = (None, false));
        if bug::is(Bug::ForgetPending) {
            self.own.retain(|_, own| !own.is_unsent());
        }
    }

    /// An entry with its operation. If the server left the operation out, it is taken from the own ones.
    fn complete(&self, entry: &LogEntry) -> Result<LogEntry, SyncError> {
        if entry.operation.is_some() || entry.compacted.is_some() {
            return Ok(entry.clone());
        }
        let id = entry.op.ok_or_else(|| DecodeError::Malformed("entry without operation".to_owned()))?;
        let own = self.places.get(&id).and_then(|place| self.own.get(place)).ok_or(SyncError::MissingOwn(id))?;
        Ok(LogEntry { operation: Some(own.signed.clone()), op: None, ..entry.clone() })
    }

    /// Folds an entry. Returns whether it is to be kept.
    fn fold_entry(&mut self, entry: &LogEntry) -> Result<bool, SyncError> {
        let whole = self.complete(entry)?;
        if let Some(bytes) = &whole.compacted {
            return self.fold_compacted(CompactedReader::new(bytes)?);
        }
        let Some(signed) = whole.operation else { return Ok(true) };
        let id = signed.id();
        if !self.logged.entry(id.as_bytes()[0]).or_default().insert(id) {
            return Ok(true);
        }
        let body = signed.decode()?;
        // A device whose clock is years ahead must not advance everyone's clock: no time later than the server's
        // present time is taken.
        self.hlc = self.hlc.max(Hlc { at: body.hlc.at.min(self.meta.server_time), ..body.hlc });
        if entry.verdict.counts() {
            self.make_way(&body);
            self.confirmed.apply(id, &body, entry.received_at);
        }
        if body.actor == self.person && body.device == self.device {
            let place = (body.epoch, body.seq);
            self.remember(signed)?;
            // After a fork of the chain, the place holds the other operation.
            if let Some(own) = self.own.get_mut(&place).filter(|own| own.id == id) {
                own.logged_at = Some(entry.server_seq);
            }
        }
        Ok(true)
    }

    /// Folds compacted content, unless the whole card is already here. An answer can come twice or late, and the
    /// compacted card would then replace operations.
    fn fold_compacted(&mut self, compacted: CompactedReader<'_>) -> Result<bool, SyncError> {
        if let Target::Card(key) = &compacted.target
            && let Some(card) = self.confirmed.card(key)
        {
            // The reader's own drafts are not in the history.
            if card.is_compacted() || !card.history().is_empty() {
                return Ok(card.is_compacted());
            }
        }
        compacted.fold(&mut self.confirmed)?;
        Ok(true)
    }

    /// Empties a compacted card, because all its operations now follow from the first on.
    fn make_way(&mut self, body: &Body) {
        if let Some(key) = body.card().filter(|key| !kind::is_draft(body.kind) && self.is_compacted(key)) {
            self.confirmed.card_mut(key).begin_anew();
        }
    }

    /// Whether a card is compacted: it can be read but not acted on.
    #[must_use]
    pub fn is_compacted(&self, key: &CardKey) -> bool {
        self.confirmed.card(key).is_some_and(Card::is_compacted)
    }

    /// Asks for all operations of a card with the next request, if it is compacted.
    pub fn want(&mut self, key: &CardKey) {
        self.wanted = Some(key.clone());
    }

    fn note_receipt(&mut self, receipt: Receipt, vouched: bool) {
        if let Some(own) = self.places.get(&receipt.op).and_then(|place| self.own.get_mut(place)) {
            (own.receipt, own.vouched) = (Some(receipt), vouched);
        }
    }

    fn rebuild_view(&mut self) {
        self.view = self.confirmed.clone();
        let Self { own, view, confirmed, meta, .. } = self;
        let counted = |own: &OwnOperation| own.logged_at.is_some() || is_part_of_compacted(own, confirmed, meta);
        for own in own.values().filter(|own| own.may_count() && (!counted(own) || bug::is(Bug::DoubleApply))) {
            view.apply(own.id, &own.body, own.receipt.as_ref().map(|receipt| receipt.received_at));
        }
    }
}

/// Whether an own operation is part of a compacted card.
fn is_part_of_compacted(own: &OwnOperation, confirmed: &State, meta: &Meta) -> bool {
    let place = own.receipt.as_ref().map_or(0, |receipt| receipt.server_seq);
    let finished = |card: &Card| card.is_compacted() || kind::is_draft(own.body.kind) && !card.history().is_empty();
    let compacted = own.body.card().is_none_or(|key| confirmed.card(key).is_some_and(finished));
    compacted && !own.lost && place > 0 && Some(place) <= meta.snapshot_seq
}

/// Whether the copied log contradicts an own receipt. The receipt was then given before the server was restored from an
/// older copy; since then the server has received the operation again and decided otherwise.
fn is_contradicted(own: &OwnOperation, confirmed: &State, meta: &Meta) -> bool {
    let trusted = own.vouched || bug::is(Bug::TrustOldReceipts);
    let Some(receipt) = own.receipt.as_ref().filter(|_| !trusted) else { return false };
    let place = receipt.server_seq;
    if let Some(logged_at) = own.logged_at {
        return logged_at != place || !receipt.verdict.counts();
    }
    if !receipt.verdict.counts() {
        return false;
    }
    let is_early = Some(place) <= meta.snapshot_seq;
    let is_read = place <= meta.cursor && (!is_early || meta.backfill_cursor.is_none());
    // Compacted content names no operation. Drafts do not belong to it, and the server names those that are in its log.
    let is_compacted = is_early
        && meta.trusted.is_none_or(|trusted| place <= trusted)
        && !kind::is_draft(own.body.kind)
        && own.body.card().is_some_and(|key| confirmed.card(key).is_some_and(Card::is_compacted));
    // The receipt may have been kept without the rest of its answer: then the copy ends before the receipt's place and
    // is older.
    let is_beyond = place > meta.log_end && receipt.received_at < meta.server_time;
    (is_read || is_beyond) && !is_compacted
}

/// A stored receipt, decoded. Its signature was verified before it was stored.
///
/// # Errors
/// When the bytes are not a receipt.
pub fn stored_receipt(bytes: &[u8]) -> Result<Receipt, DecodeError> {
    crate::op::decode_whole::<SignedReceipt>(bytes)?.decode()
}

/// A stored log entry, decoded.
///
/// # Errors
/// When the bytes are not an entry.
pub fn stored_entry(bytes: &[u8]) -> Result<LogEntry, DecodeError> {
    crate::op::decode_whole(bytes)
}
