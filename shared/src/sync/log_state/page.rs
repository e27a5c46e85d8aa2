//! Selects the part of the log that answers a request: operations after a cursor, and finished cards in compacted form.

use std::cmp::Reverse;

use super::{LogRow, LogState};
use crate::bug::{self, Bug};
use crate::ids::{DeviceId, OpId, PersonId};
use crate::op::kind;
use crate::op::{CardKey, SignedOperation, Target, Verdict};
use crate::sync::compacted::Compacted;
use crate::sync::messages::{LogEntry, OwnChain};
use crate::time::Millis;

/// The part of the log that a request asks for.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// The person who asks.
    pub reader: PersonId,
    /// The device that asks.
    pub device: DeviceId,
    /// The chains of own operations that the device holds.
    pub own: &'a [OwnChain],
    /// The log after this sequence is asked for.
    pub cursor: u64,
    /// The most bytes of operations, as on the wire.
    pub bytes_max: usize,
    /// Cards that were finished at this sequence are sent compacted. If none, every operation is sent.
    pub snapshot_seq: Option<u64>,
    /// Of those, the cards published from this sequence on were sent; none: all of them.
    pub backfill_cursor: Option<u64>,
    /// A card to send with all its operations up to the cursor.
    pub wanted: Option<&'a CardKey>,
}

/// A part of the log, without the bytes.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Sequence, id, verdict, and whether the bytes must go along.
    pub rows: Vec<PageRow>,
    /// After these rows the log is known up to this sequence.
    pub cursor: u64,
    /// Whether there is more after this page.
    pub more: bool,
    /// Compacted cards published from this sequence on were sent; none: all of them.
    pub backfill_cursor: Option<u64>,
}

/// One row of a page.
#[derive(Clone, Debug)]
pub struct PageRow {
    /// Sequence in the log.
    pub server_seq: u64,
    /// The operation.
    pub op: OpId,
    /// The verdict on it.
    pub verdict: Verdict,
    /// Whether the bytes are sent, because the device does not hold the operation.
    pub with_bytes: bool,
    /// A compacted card or post in place of the bytes.
    pub compacted: Option<Vec<u8>>,
    /// When it arrived; none for compacted content.
    pub received_at: Option<Millis>,
}

impl PageRow {
    /// The entry to send. `operation` is what the store holds for it.
    #[must_use]
    pub fn entry(self, operation: Option<SignedOperation>) -> LogEntry {
        let operation = operation.filter(|_| self.with_bytes);
        let compacted = self.compacted.map(Into::into);
        let op = (operation.is_none() && compacted.is_none()).then_some(self.op);
        let (server_seq, received_at) = (self.server_seq, self.received_at);
        LogEntry { server_seq, operation, op, verdict: self.verdict, compacted, received_at }
    }
}

/// Bytes of an entry whose operation the device holds: sequence, id, verdict.
const HELD_ENTRY_BYTES: usize = 48;
/// Compacted content has no signatures and hashes and compresses well. That many bytes of it count as one byte of the
/// allowance.
const COMPACTED_DENSITY: usize = 20;

/// A page that is being filled.
struct Filling {
    page: Page,
    bytes: usize,
    bytes_max: usize,
}

impl Filling {
    /// Adds rows that belong together, if they fit. The first rows always fit.
    fn take(&mut self, rows: Vec<PageRow>, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.bytes_max && !rows.is_empty() && !self.page.rows.is_empty() {
            self.page.more = true;
            return false;
        }
        self.page.rows.extend(rows);
        true
    }
}

impl LogState {
    /// The part of the log after a cursor to which a reader is entitled, followed by the finished cards, the newest
    /// first.
    #[must_use]
    pub fn page(&self, window: Window<'_>) -> Page {
        let page = Page { cursor: window.cursor, ..Page::default() };
        let mut filling = Filling { page, bytes: 0, bytes_max: window.bytes_max };
        if let Some(key) = window.wanted.filter(|key| self.reads_whole(window.reader, key)) {
            let (rows, bytes) = self.whole_card(&window, key, window.cursor);
            filling.take(rows, bytes);
        }
        let first = if bug::is(Bug::CursorBehind) { window.cursor } else { window.cursor.saturating_add(1) };
        for (server_seq, row) in self.log.range(first..) {
            if row.verdict.counts() && self.state.may_read(window.reader, &row.body) {
                let (rows, bytes) = self.rows_of(&window, *server_seq, row);
                if !filling.take(rows, bytes) {
                    break;
                }
            }
            filling.page.cursor = *server_seq;
        }
        if filling.page.more {
            filling.page.backfill_cursor = window.backfill_cursor;
        } else {
            self.send_compacted(&window, &mut filling);
        }
        let mut page = filling.page;
        if bug::is(Bug::CursorAhead) && page.more {
            page.cursor = page.cursor.saturating_add(1);
        }
        if bug::is(Bug::ReorderEntries) {
            page.rows.reverse();
        }
        page
    }

    /// What is sent for one operation: itself, nothing, its compacted form, or all operations of its card up to it.
    fn rows_of(&self, window: &Window<'_>, server_seq: u64, row: &LogRow) -> (Vec<PageRow>, usize) {
        let Some(snapshot_seq) = window.snapshot_seq else { return one(plain(window, server_seq, row)) };
        let early = server_seq <= snapshot_seq;
        // A reader of somebody else's act on a card may read the whole card.
        let whole = |key| row.body.actor != window.reader || self.reads_whole(window.reader, key);
        match &row.body.target {
            Target::Card(key) if self.is_compacted_at(key, snapshot_seq) && whole(key) => {
                let goes_on = self.compaction.of_card(key).iter().find(|one| one.server_seq > snapshot_seq);
                let goes_on = goes_on.filter(|_| !bug::is(Bug::CompactedStays));
                if early && kind::is_draft(row.body.kind) && is_own(window, row) {
                    // A draft does not belong to the compacted card. Its author needs to learn its verdict.
                    one(plain(window, server_seq, row))
                } else if early {
                    (Vec::new(), 0)
                } else if !kind::is_draft(row.body.kind) && goes_on.is_some_and(|one| one.server_seq == server_seq) {
                    // Nothing can build on a compacted card, because it names no operations.
                    self.whole_card(window, key, server_seq)
                } else {
                    one(plain(window, server_seq, row))
                }
            }
            Target::Card(_) | Target::UnitPeriod(_) => one(plain(window, server_seq, row)),
            // An act of this device is named even if a later one replaces it, because its author needs to learn its
            // verdict.
            Target::Org | Target::WorkList(_) if !early || is_own(window, row) => one(plain(window, server_seq, row)),
            Target::Org if self.compaction.is_replaced(server_seq, &row.body, snapshot_seq) => (Vec::new(), 0),
            Target::Org | Target::WorkList(_) => {
                one(compacted(server_seq, row, Compacted::of_body(&row.body, row.received_at)))
            }
        }
    }

    /// Every operation on a card up to a sequence.
    fn whole_card(&self, window: &Window<'_>, key: &CardKey, up_to: u64) -> (Vec<PageRow>, usize) {
        // A wanted card is already on the page up to the cursor.
        let given = if window.wanted == Some(key) && up_to > window.cursor { window.cursor } else { 0 };
        let places = self.compaction.of_card(key).iter().map(|one| one.server_seq);
        let due = places.filter(|place| *place > given && *place <= up_to);
        let rows = due.filter_map(|server_seq| Some(plain(window, server_seq, self.log.get(&server_seq)?)));
        let (rows, bytes): (Vec<PageRow>, Vec<usize>) = rows.unzip();
        (rows, bytes.into_iter().sum())
    }

    fn send_compacted(&self, window: &Window<'_>, filling: &mut Filling) {
        let (Some(snapshot_seq), Some(mut backfill_cursor)) = (window.snapshot_seq, window.backfill_cursor) else {
            return;
        };
        let due = self.compaction.compacted(snapshot_seq).filter(|(published, _)| *published < backfill_cursor);
        let entitled = |key: &CardKey| self.reads_whole(window.reader, key) || bug::is(Bug::CompactedToOthers);
        let mut due: Vec<_> = due.filter(|(_, key)| entitled(key)).collect();
        due.sort_by_key(|(published, _)| Reverse(*published));
        for (published, key) in due {
            let (Some(row), Some(card)) = (self.log.get(&published), self.state.card(key)) else { continue };
            let (row, bytes) = compacted(published, row, Compacted::of_card(key, card));
            if !filling.take(vec![row], bytes) {
                filling.page.backfill_cursor = Some(backfill_cursor);
                return;
            }
            backfill_cursor = published;
        }
    }

    /// Whether a card is compacted for devices whose copy began at `snapshot_seq`.
    pub(super) fn is_compacted_at(&self, key: &CardKey, snapshot_seq: u64) -> bool {
        self.compaction.published_at(key, snapshot_seq).is_some()
    }

    /// Whether a reader may read all of a card, and not only the reader's own part.
    pub(super) fn reads_whole(&self, reader: PersonId, key: &CardKey) -> bool {
        self.state.may_read_card(reader, key)
    }
}

fn one((row, bytes): (PageRow, usize)) -> (Vec<PageRow>, usize) {
    (vec![row], bytes)
}

fn is_own(window: &Window<'_>, row: &LogRow) -> bool {
    row.chain.actor == window.reader && row.chain.device == window.device
}

fn is_held(window: &Window<'_>, row: &LogRow) -> bool {
    is_own(window, row) && window.own.iter().any(|own| own.epoch == row.chain.epoch && row.chain_seq <= own.seq)
}

fn plain(window: &Window<'_>, server_seq: u64, row: &LogRow) -> (PageRow, usize) {
    let held = is_held(window, row);
    let verdict = row.verdict.clone();
    let bytes = if held { HELD_ENTRY_BYTES } else { row.bytes };
    let received_at = Some(row.received_at);
    (PageRow { server_seq, op: row.id, verdict, with_bytes: !held, compacted: None, received_at }, bytes)
}

fn compacted(server_seq: u64, row: &LogRow, compacted: Compacted) -> (PageRow, usize) {
    let compacted = compacted.into_bytes();
    let bytes = compacted.len().div_ceil(COMPACTED_DENSITY);
    let verdict = row.verdict.clone();
    let compacted = Some(compacted);
    (PageRow { server_seq, op: row.id, verdict, with_bytes: false, compacted, received_at: None }, bytes)
}
