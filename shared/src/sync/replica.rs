//! The tablet's half of the exchange, without IO: the office's log as copied, the person's own operations on top, and what
//! became of each.
//!
//! The order of work is always: [`Replica::prepare`], sign, store, then [`Replica::append`]; and for an answer
//! [`Replica::absorb`], then store what it returns. A tablet that dies in between loses nothing: what was not appended was
//! never called saved, and what was not absorbed is asked for again.

use crate::bug::{self, Bug};
use crate::order::{Map, Set};
use crate::wire::numbered;
use core::fmt;

use super::fate::{Attention, CardSync, OwnOperation};
use super::messages::{LogEntry, OwnChain, PROTOCOL, SyncRequest, SyncResponse};
use crate::ids::{DeviceId, OpId, PersonId, StateHash};
use crate::op::{
    Body, CardKey, ChainHead, DecodeError, Payload, Receipt, Refusal, SignedOperation, SignedReceipt, Target, VERSION,
};
use crate::order::sort_by_key;
use crate::pack;
use crate::state::State;
use crate::time::{Hlc, Millis};

/// What a tablet remembers of the exchange besides operations and receipts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Meta {
    /// The office's log is here up to this sequence.
    pub cursor: u64,
    /// The scope the cursor counts in.
    pub scope: u64,
    /// The office's clock at the last contact; 0 before the first.
    pub server_time: Millis,
    /// The highest sequence the office has.
    pub log_end: u64,
    /// This tablet's clock at the last contact.
    pub contact_at: Millis,
    /// The mark of the office's log at the cursor.
    pub mark: Option<u64>,
    /// The office's log outlives its machine up to this sequence.
    pub safe: Option<u64>,
}

numbered! { Meta { 0 cursor, 1 scope, 2 server_time, 3 log_end, 4 contact_at, 5 mark, 6 safe } }

/// What a tablet finds in its stores at start.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// Copied log entries, in any order.
    pub log: Vec<LogEntry>,
    /// Own operations, in any order, every epoch.
    pub own: Vec<SignedOperation>,
    /// Receipts, verified when they were stored.
    pub receipts: Vec<Receipt>,
    /// The rest.
    pub meta: Meta,
}

/// What to store after an answer, in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Absorbed {
    /// Forget the copied log before storing the new entries.
    pub reset: bool,
    /// Entries with their sequence, whole, as to be given back at the next start.
    pub log: Vec<(u64, Vec<u8>)>,
    /// Receipts by operation.
    pub receipts: Vec<(OpId, Vec<u8>)>,
    /// The rest.
    pub meta: Meta,
    /// More waits: ask again.
    pub more: bool,
}

/// An answer that cannot be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SyncError {
    /// Another version of the exchange.
    Protocol(u8),
    /// Bytes that are not what they should be.
    Malformed(DecodeError),
    /// The office names an own operation that is not here.
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

/// One person's copy on one tablet.
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
    logged: Set<OpId>,
    own: Map<(u32, u64), OwnOperation>,
    /// The office has an operation of this device that is not here, as after a profile was cloned: it must send them all.
    needs_own: bool,
    /// Cards whose hash was another than the office's.
    differs: usize,
    /// Everything was fetched anew because of them: once since the start, lest a fault of ours fill the link for ever.
    fetched_anew: bool,
}

impl Replica {
    /// An empty copy. `epoch` is that of the key this tablet signs with.
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
            logged: Set::new(),
            own: Map::new(),
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
            fresh.note_receipt(receipt);
        }
        let mut log = stored.log;
        sort_by_key(&mut log, |entry| entry.server_seq);
        for entry in log {
            fresh.fold_entry(&entry)?;
        }
        fresh.rebuild_view();
        *self = fresh;
        Ok(())
    }

    /// Whose copy it is.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The epoch this tablet signs in.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// What is remembered of the exchange.
    #[must_use]
    pub const fn meta(&self) -> &Meta {
        &self.meta
    }

    /// What the person sees: the office's log, and on top the own operations that may still count.
    #[must_use]
    pub const fn view(&self) -> &State {
        &self.view
    }

    /// What the office's log alone gives.
    #[must_use]
    pub const fn confirmed(&self) -> &State {
        &self.confirmed
    }

    /// Prepares an operation: its place in the chain, the heads it builds on, its clock; judged as the office will.
    ///
    /// # Errors
    /// The refusal the office would give.
    pub fn prepare(&self, target: Target, payload: &Payload, now: Millis) -> Result<Body, Refusal> {
        let card = match &target {
            Target::Card(key) => self.view.card(key),
            Target::Org | Target::WorkList(_) => None,
        };
        let pack = match &target {
            Target::Card(key) => pack::find(&key.pack).map(|pack| pack.hash),
            Target::Org | Target::WorkList(_) => None,
        };
        let body = Body {
            version: VERSION,
            kind: payload.kind(),
            actor: self.person,
            device: self.device,
            epoch: self.epoch,
            seq: self.head.seq.saturating_add(1),
            prev: self.head.last,
            base: card.map(|card| card.base_for(payload)).unwrap_or_default(),
            target,
            trunk: self.meta.cursor,
            pack,
            hlc: self.hlc.tick(now),
            beacon: self.meta.server_time,
            payload: payload.to_bytes().into(),
        };
        let bytes = body.to_bytes();
        Body::from_bytes(&bytes)
            .map_err(|error| Refusal::new(crate::op::RefusalCode::OverLimit, "operation").found(error))?;
        let verdict = self.view.judge(OpId::of(&bytes), &body, now);
        match verdict.refusal() {
            None => Ok(body),
            Some(refusal) => Err(refusal.clone()),
        }
    }

    /// Takes an own operation that has been stored.
    ///
    /// # Errors
    /// When it is not readable or does not continue the chain.
    pub fn append(&mut self, signed: SignedOperation) -> Result<OpId, DecodeError> {
        let id = self.remember(signed)?;
        if let Some(own) = self.own.values().find(|own| own.id == id) {
            self.view.apply(id, &own.body);
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
            self.own.entry(place).or_insert(OwnOperation {
                id,
                signed,
                body,
                receipt: None,
                in_log: false,
                lost: false,
            });
        }
        Ok(id)
    }

    /// The next request: own operations not yet delivered, oldest first, up to `bytes_max`.
    #[must_use]
    pub fn request(&self, bytes_max: usize) -> SyncRequest {
        let mut epochs: Map<u32, u64> = Map::new();
        for (epoch, seq) in self.own.keys() {
            let held = epochs.entry(*epoch).or_default();
            // Only a chain held without gaps lets the office leave bytes out.
            if *seq == held.saturating_add(1) {
                *held = *seq;
            }
        }
        let mut operations = Vec::new();
        let mut bytes = 0;
        // What was never sent goes first: a batch full of what the office keeps aside would let nothing else through.
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
            mark: self.meta.mark,
            differs: Some(self.differs as u64).filter(|differs| *differs > 0),
        }
    }

    /// Takes an answer whose receipts' signatures have been verified; returns what to store.
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
            next.note_receipt(receipt);
        }
        for entry in &response.entries {
            let whole = next.complete(entry).inspect_err(|error| {
                self.needs_own |= matches!(error, SyncError::MissingOwn(_));
            })?;
            next.fold_entry(&whole)?;
            absorbed.log.push((whole.server_seq, crate::op::encode(&whole)));
        }
        // An answer that comes late, behind a newer one, takes nothing back.
        let late = !response.reset && response.cursor < self.meta.cursor;
        let (cursor, mark) = if late { (self.meta.cursor, self.meta.mark) } else { (response.cursor, response.mark) };
        next.meta = Meta {
            cursor,
            scope: response.scope,
            server_time: response.server_time,
            log_end: response.log_end,
            contact_at: now,
            mark,
            safe: response.safe,
        };
        if let Some(heads) = &response.heads {
            next.note_lost(heads);
        }
        next.compare(&response.hashes);
        absorbed.meta = next.meta;
        next.rebuild_view();
        *self = next;
        Ok(absorbed)
    }

    /// Finds the own operations that the office had and does not have any more.
    fn note_lost(&mut self, heads: &[OwnChain]) {
        for ((epoch, seq), own) in self.own.iter_mut() {
            let had = own.receipt.as_ref().is_some_and(|receipt| receipt.server_seq > 0);
            let has = heads.iter().any(|head| head.epoch == *epoch && head.seq >= *seq);
            own.lost = had && !has;
        }
    }

    /// Compares the office's hashes with what the copied log folds to here. What differs is fetched anew.
    fn compare(&mut self, hashes: &[(CardKey, StateHash)]) {
        let differs = |(key, hash): &&(CardKey, StateHash)| self.confirmed.card_hash(key) != *hash;
        self.differs = if self.fetched_anew { 0 } else { hashes.iter().filter(differs).count() };
    }

    /// What was done in chains that forked and is not yet done again in the chain of this epoch.
    #[must_use]
    pub fn forked(&self) -> Vec<(Target, Payload)> {
        let forked = self.own.values().filter(|own| own.is_forked());
        let again = forked.filter_map(|own| Some((own, own.body.intent().ok()?)));
        let due = again.filter(|(own, intent)| !self.is_repeated(own, &intent.to_bytes()));
        due.map(|(own, intent)| (own.body.target.clone(), intent)).collect()
    }

    /// Whether the same was done in a later epoch. `again`: its intent as this version writes it, which leaves out a field
    /// that only later versions know.
    fn is_repeated(&self, forked: &OwnOperation, again: &[u8]) -> bool {
        let Body { epoch, kind, target, .. } = &forked.body;
        let same = |body: &Body| body.kind == *kind && body.target == *target && **body.payload == *again;
        self.own.values().any(|own| own.body.epoch > *epoch && same(&own.body))
    }

    fn forget_log(&mut self) {
        self.confirmed = State::default();
        self.logged.clear();
        self.own.values_mut().for_each(|own| own.in_log = false);
        if bug::is(Bug::ForgetPending) {
            self.own.retain(|_, own| !own.is_unsent());
        }
    }

    /// An entry with its operation, taken from the own ones where the office left it out.
    fn complete(&self, entry: &LogEntry) -> Result<LogEntry, SyncError> {
        if entry.operation.is_some() {
            return Ok(entry.clone());
        }
        let id = entry.op.ok_or_else(|| DecodeError::Malformed("entry without operation".to_owned()))?;
        let own = self.own.values().find(|own| own.id == id).ok_or(SyncError::MissingOwn(id))?;
        Ok(LogEntry { operation: Some(own.signed.clone()), op: None, ..entry.clone() })
    }

    fn fold_entry(&mut self, entry: &LogEntry) -> Result<(), SyncError> {
        let whole = self.complete(entry)?;
        let Some(signed) = whole.operation else { return Ok(()) };
        let id = signed.id();
        if !self.logged.insert(id) {
            return Ok(());
        }
        let body = signed.decode()?;
        // A tablet whose clock runs years ahead must not drag everyone's clock along: nothing is later than the office's now.
        self.hlc = self.hlc.max(Hlc { at: body.hlc.at.min(self.meta.server_time), ..body.hlc });
        if entry.verdict.counts() {
            self.confirmed.apply(id, &body);
        }
        if body.actor == self.person && body.device == self.device {
            let place = (body.epoch, body.seq);
            self.remember(signed)?;
            // Where a chain forked, the place holds the other operation.
            if let Some(own) = self.own.get_mut(&place).filter(|own| own.id == id) {
                own.in_log = true;
            }
        }
        Ok(())
    }

    fn note_receipt(&mut self, receipt: Receipt) {
        if let Some(own) = self.own.values_mut().find(|own| own.id == receipt.op) {
            own.receipt = Some(receipt);
        }
    }

    fn rebuild_view(&mut self) {
        self.view = self.confirmed.clone();
        for own in self.own.values().filter(|own| (!own.in_log || bug::is(Bug::DoubleApply)) && own.may_count()) {
            self.view.apply(own.id, &own.body);
        }
    }

    /// Own operations the office does not have yet, oldest first.
    pub fn unsent(&self) -> impl Iterator<Item = &OwnOperation> {
        self.own.values().filter(|own| own.is_unsent())
    }

    /// All own operations, by epoch and place.
    pub fn own(&self) -> impl Iterator<Item = &OwnOperation> {
        self.own.values()
    }

    /// What a person has to look at.
    #[must_use]
    pub fn attention(&self) -> Vec<Attention> {
        let repeated = |own: &&OwnOperation| {
            let again = own.is_forked().then(|| own.body.intent().ok()).flatten();
            again.is_some_and(|intent| self.is_repeated(own, &intent.to_bytes()))
        };
        let refused = self.own.values().filter(|own| !repeated(own)).filter_map(|own| {
            let verdict = own.receipt.as_ref().map(|receipt| &receipt.verdict).filter(|verdict| !verdict.counts())?;
            Some(Attention::Refused {
                op: own.id,
                target: own.body.target.clone(),
                kind: own.body.kind,
                verdict: verdict.clone(),
            })
        });
        let contested = self.view.cards().flat_map(|(key, card)| {
            card.contested().into_iter().map(|register| Attention::Contested { card: key.clone(), register })
        });
        refused.chain(contested).collect()
    }

    /// Where the operations of one card are, unless somebody has to look at one of them.
    #[must_use]
    pub fn card_sync(&self, key: &CardKey) -> CardSync {
        let attention: Vec<Attention> = self
            .attention()
            .into_iter()
            .filter(|item| match item {
                Attention::Refused { target, .. } => matches!(target, Target::Card(card) if card == key),
                Attention::Contested { card, .. } => card == key,
            })
            .collect();
        if !attention.is_empty() {
            return CardSync::NeedsAttention(attention);
        }
        self.delivery(key)
    }

    /// Where the operations of one card are, whatever became of them.
    #[must_use]
    pub fn delivery(&self, key: &CardKey) -> CardSync {
        let mut unsent = self.unsent().filter(|own| own.body.card() == Some(key)).map(|own| own.body.hlc.at).peekable();
        match unsent.peek().copied() {
            None => {
                let safe = self.meta.safe.unwrap_or_default();
                let mut own = self.own.values().filter(|own| own.body.card() == Some(key) && own.may_count());
                if own.all(|own| own.is_safe(safe)) { CardSync::Safe } else { CardSync::Received }
            }
            Some(first) => {
                let (operations, oldest) = unsent.fold((0, first), |(count, oldest), at| (count + 1, oldest.min(at)));
                CardSync::OnTablet { operations, oldest }
            }
        }
    }
}

/// A stored receipt, decoded: its signature was verified before it was stored.
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
