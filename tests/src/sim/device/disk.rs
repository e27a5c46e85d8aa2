//! What a device's two stores keep when it is killed, full, or cleaned out. It follows measurements on Chromium; see
//! the design.

use shared::device_store::{Condition, Frame, Mended, Record, Records, mend};
use shared::sorted_map::Map;

use crate::random::Draw;
use crate::sim::bug::{Model, is};

/// A journal with more frames than this, and three times those needed, is rewritten.
const SLACK_FRAMES: usize = 150;

/// The fate of one write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It succeeds.
    Sound,
    /// The journal is full, and nothing is written.
    Full,
    /// The journal accepts it, but the database refuses.
    DatabaseRefuses,
    /// Killed before anything was written.
    KilledBefore,
    /// Killed while appending. This many hundredths of the frames are whole, then comes a torn one.
    KilledAppending(usize),
    /// Killed after the flush.
    KilledFlushed,
    /// Killed while the database wrote. It is empty afterwards.
    KilledWiping,
    /// Killed after the database had committed, before anyone was told.
    KilledCommitted,
}

impl Fate {
    /// Draws a fate. Most are sound.
    pub(crate) fn draw(draw: &mut Draw) -> Self {
        match draw.below(1_200) {
            0..=3 => Self::Full,
            4..=8 => Self::DatabaseRefuses,
            9 | 10 => Self::KilledBefore,
            11..=13 => Self::KilledAppending(draw.below(100)),
            14 | 15 => Self::KilledFlushed,
            16 | 17 => Self::KilledWiping,
            18 | 19 => Self::KilledCommitted,
            _ => Self::Sound,
        }
    }
}

/// The result of a write, as the app learns it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wrote {
    /// Stored: the person may be told.
    Kept,
    /// Refused: nothing of it counts.
    Refused,
    /// The app was killed and does not learn the result.
    Killed,
}

/// Both stores of one person on one device.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    /// Whole frames in the file.
    frames: Vec<Frame>,
    /// The number of flushed frames.
    flushed: usize,
    torn_bytes: u64,
    damaged_bytes: u64,
    /// The database: records, and keys by epoch.
    pub(crate) database: Records,
    /// Signing keys. They exist in the database only.
    pub(crate) keys: Map<u32, u64>,
    /// The database lacks something because of a fault that is not repaired yet.
    pub(crate) database_weak: bool,
    /// The journal was damaged and is not repaired yet.
    pub(crate) journal_weak: bool,
}

impl Disk {
    /// Writes a batch: first the journal, then the database with what it still lacks.
    pub(crate) fn write(&mut self, batch: Vec<Record>, owed: &mut Vec<Record>, fate: Fate) -> Wrote {
        match fate {
            Fate::Full => return Wrote::Refused,
            Fate::KilledBefore => return Wrote::Killed,
            Fate::KilledAppending(hundredths) => {
                let whole = batch.len() * hundredths / 100;
                self.frames.extend(batch.iter().take(whole).map(Frame::from));
                self.flushed = self.frames.len();
                self.torn_bytes = 7;
                return Wrote::Killed;
            }
            _ => self.append(&batch),
        }
        if fate == Fate::KilledFlushed {
            return Wrote::Killed;
        }
        if batch.contains(&Record::ForgetLog) && !is(Model::KeepForgotten) {
            self.shred();
        }
        if fate == Fate::KilledWiping {
            self.wipe_database();
            return Wrote::Killed;
        }
        owed.extend(batch);
        if fate == Fate::DatabaseRefuses {
            self.database_weak = true;
            return Wrote::Kept;
        }
        owed.drain(..).for_each(|record| self.database.take(record));
        self.database_weak = false;
        if fate == Fate::KilledCommitted { Wrote::Killed } else { Wrote::Kept }
    }

    fn append(&mut self, batch: &[Record]) {
        self.frames.extend(batch.iter().map(Frame::from));
        if !is(Model::ForgetFlush) {
            self.flushed = self.frames.len();
        }
    }

    /// Rewrites the journal without what was retracted.
    fn shred(&mut self) {
        let condition = Condition { damaged_bytes: self.damaged_bytes, ..Condition::default() };
        let (records, condition) = Records::from_frames(self.frames.clone(), condition);
        if condition.is_to_be_shredded() {
            self.frames = records.all().iter().map(Frame::from).collect();
            self.flushed = self.frames.len();
        }
    }

    /// Leaves the database as Chromium does when it is killed at a bad moment. The keys are lost, too.
    pub(crate) fn wipe_database(&mut self) {
        self.database = Records::default();
        self.keys.clear();
        self.database_weak = true;
    }

    /// The browser removes the journal.
    pub(crate) fn evict_journal(&mut self) {
        self.frames.clear();
        (self.flushed, self.torn_bytes, self.damaged_bytes) = (0, 0, 0);
        self.journal_weak = true;
    }

    /// A frame in the middle becomes unreadable.
    pub(crate) fn damage_frame(&mut self, place: usize) {
        if place + 1 < self.frames.len() {
            self.damaged_bytes = self.frames.remove(place).bytes.len() as u64 + 11;
            self.flushed = self.flushed.min(self.frames.len());
            self.journal_weak = true;
        }
    }

    /// Whether frames in the middle are unreadable.
    #[must_use]
    pub(crate) const fn is_damaged(&self) -> bool {
        self.damaged_bytes > 0
    }

    /// Frames in the journal.
    #[must_use]
    pub(crate) fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// Removes what was not flushed.
    pub(crate) fn lose_unflushed(&mut self) {
        self.frames.truncate(self.flushed);
    }

    /// Compares the stores and repairs the weaker one, as at every start. `None` when it is killed meanwhile.
    pub(crate) fn open(&mut self, fate: Fate) -> Option<Records> {
        let (torn_bytes, damaged_bytes) = (self.torn_bytes, self.damaged_bytes);
        if self.torn_bytes > 0 && is(Model::DropFrameBeforeTorn) {
            self.frames.pop();
        }
        self.torn_bytes = 0;
        let condition = Condition { torn_bytes, damaged_bytes, ..Condition::default() };
        let (journal, mut condition) = Records::from_frames(self.frames.clone(), condition);
        condition.forgets &= !is(Model::KeepForgotten);
        let Mended { records, to_journal, to_database, rewrite_journal } =
            mend(journal, condition, self.database.clone());
        // The app waits for megabytes. Here the path must be taken more often.
        let wasteful = self.frames.len() > SLACK_FRAMES && self.frames.len() / 3 > records.all().len();
        let better_anew = (wasteful || condition.is_to_be_shredded()) && fate != Fate::Full;
        if rewrite_journal || better_anew {
            // Written to a second file, which counts once it is whole.
            if fate == Fate::KilledBefore {
                return None;
            }
            self.frames = records.all().iter().map(Frame::from).collect();
            self.damaged_bytes = 0;
        } else if let Fate::KilledAppending(hundredths) = fate {
            let whole = to_journal.len() * hundredths / 100;
            self.frames.extend(to_journal.iter().take(whole).map(Frame::from));
            self.flushed = self.frames.len();
            self.torn_bytes = if to_journal.is_empty() { 0 } else { 5 };
            return None;
        } else {
            self.frames.extend(to_journal.iter().map(Frame::from));
        }
        self.flushed = self.frames.len();
        self.journal_weak = false;
        if fate == Fate::KilledFlushed {
            return None;
        }
        if fate == Fate::KilledWiping && !to_database.is_empty() {
            self.wipe_database();
            return None;
        }
        to_database.into_iter().for_each(|record| self.database.take(record));
        self.database_weak = false;
        Some(records)
    }
}
