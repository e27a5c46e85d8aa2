//! Which part of the log answers a request: whole operations after a cursor, and what is over in short.

use std::cmp::Reverse;

use super::{LogRow, Office};
use crate::bug::{self, Bug};
use crate::ids::{DeviceId, OpId, PersonId};
use crate::op::{CardKey, SignedOperation, Target, Verdict};
use crate::state::DRAFT_KIND;
use crate::sync::abridged::Abridged;
use crate::sync::messages::{LogEntry, OwnChain};
use crate::time::Millis;

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
    /// Up to this many bytes of operations, as they travel.
    pub bytes_max: usize,
    /// What was over at this sequence is told in short; none: everything is told whole.
    pub base: Option<u64>,
    /// Of that, what is from here on was told; none: all of it.
    pub floor: Option<u64>,
    /// A card to be told whole, as far as the cursor.
    pub wanted: Option<&'a CardKey>,
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
    /// What is told in short is told from here on; none: all of it.
    pub floor: Option<u64>,
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
    /// In place of the bytes: what it and others led to, in short.
    pub abridged: Option<Vec<u8>>,
    /// When it arrived; none beside what is told in short.
    pub received_at: Option<Millis>,
}

impl PageRow {
    /// The entry to send; `operation` is what the store holds for it.
    #[must_use]
    pub fn entry(self, operation: Option<SignedOperation>) -> LogEntry {
        let operation = operation.filter(|_| self.with_bytes);
        let abridged = self.abridged.map(Into::into);
        let op = (operation.is_none() && abridged.is_none()).then_some(self.op);
        let (server_seq, received_at) = (self.server_seq, self.received_at);
        LogEntry { server_seq, operation, op, verdict: self.verdict, abridged, received_at }
    }
}

/// An entry whose operation the device holds: sequence, id, verdict.
const HELD_ENTRY_BYTES: usize = 48;
/// What is told in short has no signatures and hashes: packed, so much of it costs a link what is allowed as one byte.
const ABRIDGED_DENSITY: usize = 20;

/// A page that is being filled.
struct Filling {
    page: Page,
    bytes: usize,
    bytes_max: usize,
}

impl Filling {
    /// Takes rows that belong together, unless they are too many: the first always fit.
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

impl Office {
    /// The part of the log after a cursor that a reader is entitled to; behind it, what is over, the newest first.
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
                let (rows, bytes) = self.told(&window, *server_seq, row);
                if !filling.take(rows, bytes) {
                    break;
                }
            }
            filling.page.cursor = *server_seq;
        }
        if filling.page.more {
            filling.page.floor = window.floor;
        } else {
            self.tell_what_is_over(&window, &mut filling);
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

    /// What is sent for one operation: itself, nothing, less, or with it everything before it.
    fn told(&self, window: &Window<'_>, server_seq: u64, row: &LogRow) -> (Vec<PageRow>, usize) {
        let Some(base) = window.base else { return one(plain(window, server_seq, row)) };
        let early = server_seq <= base;
        // Who may read what another did on a card may read all of it.
        let whole = |key| row.body.actor != window.reader || self.reads_whole(window.reader, key);
        match &row.body.target {
            Target::Card(key) if self.is_short(key, base) && whole(key) => {
                let goes_on = self.settled.of_card(key).iter().find(|told| told.server_seq > base);
                let goes_on = goes_on.filter(|_| !bug::is(Bug::AbridgeStays));
                if early && row.body.kind == DRAFT_KIND && is_own(window, row) {
                    // No part of what is told in short; its author asks what became of it.
                    one(plain(window, server_seq, row))
                } else if early {
                    (Vec::new(), 0)
                } else if row.body.kind != DRAFT_KIND && goes_on.is_some_and(|told| told.server_seq == server_seq) {
                    // What the reader has in short is no ground for anything to stand on.
                    self.whole_card(window, key, server_seq)
                } else {
                    one(plain(window, server_seq, row))
                }
            }
            Target::Card(_) => one(plain(window, server_seq, row)),
            // What was done on the device is named, also where a later one replaces it: its author asks what became of it.
            Target::Org | Target::WorkList(_) if !early || is_own(window, row) => one(plain(window, server_seq, row)),
            Target::Org if self.settled.is_replaced(server_seq, &row.body, base) => (Vec::new(), 0),
            Target::Org | Target::WorkList(_) => {
                one(abridged(server_seq, row, Abridged::of_body(&row.body, row.received_at)))
            }
        }
    }

    /// Every operation on a card up to one of them.
    fn whole_card(&self, window: &Window<'_>, key: &CardKey, up_to: u64) -> (Vec<PageRow>, usize) {
        // A card that is wanted is on the page already, as far as the cursor.
        let given = if window.wanted == Some(key) && up_to > window.cursor { window.cursor } else { 0 };
        let told = self.settled.of_card(key).iter().map(|told| told.server_seq);
        let told = told.filter(|told| *told > given && *told <= up_to);
        let rows = told.filter_map(|server_seq| Some(plain(window, server_seq, self.log.get(&server_seq)?)));
        let (rows, bytes): (Vec<PageRow>, Vec<usize>) = rows.unzip();
        (rows, bytes.into_iter().sum())
    }

    fn tell_what_is_over(&self, window: &Window<'_>, filling: &mut Filling) {
        let (Some(base), Some(mut floor)) = (window.base, window.floor) else { return };
        let due = self.settled.over(base).filter(|(published, _)| *published < floor);
        let entitled = |key: &CardKey| self.reads_whole(window.reader, key) || bug::is(Bug::AbridgeToOthers);
        let mut due: Vec<_> = due.filter(|(_, key)| entitled(key)).collect();
        due.sort_by_key(|(published, _)| Reverse(*published));
        for (published, key) in due {
            let (Some(row), Some(card)) = (self.log.get(&published), self.state.card(key)) else { continue };
            let (row, bytes) = abridged(published, row, Abridged::of_card(key, card));
            if !filling.take(vec![row], bytes) {
                filling.page.floor = Some(floor);
                return;
            }
            floor = published;
        }
    }

    /// Whether a card is told in short to tablets whose copy began at `base`.
    pub(super) fn is_short(&self, key: &CardKey, base: u64) -> bool {
        self.settled.over_at(key, base).is_some()
    }

    /// Whether a reader may read all of a card, not only what is the reader's own.
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
    (PageRow { server_seq, op: row.id, verdict, with_bytes: !held, abridged: None, received_at }, bytes)
}

fn abridged(server_seq: u64, row: &LogRow, abridged: Abridged) -> (PageRow, usize) {
    let abridged = abridged.into_bytes();
    let bytes = abridged.len().div_ceil(ABRIDGED_DENSITY);
    let verdict = row.verdict.clone();
    let abridged = Some(abridged);
    (PageRow { server_seq, op: row.id, verdict, with_bytes: false, abridged, received_at: None }, bytes)
}
