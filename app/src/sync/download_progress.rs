//! The progress of the download, and how long the rest takes at the speed of this contact.

use shared::sync::{Absorbed, Meta};
use shared::time::Millis;

use crate::state::Progress;

/// The remaining time is shown in steps of this many seconds, because the speed is not known more exactly.
const STEP_SECONDS: u64 = 10;

/// What had arrived when measuring began. Operations and compacted cards arrive at different speeds, and the speed
/// changes after a reset. So measuring begins again at each of these changes.
pub struct DownloadProgress {
    began: Millis,
    before: u64,
    compacted: bool,
}

impl DownloadProgress {
    /// Begins to measure.
    pub fn begin(meta: &Meta, now: Millis) -> Self {
        Self { began: now, before: so_far(meta).done, compacted: meta.cursor >= meta.log_end }
    }

    /// The current progress; `None` when everything is here.
    pub fn progress(&mut self, absorbed: &Absorbed, now: Millis) -> Option<Progress> {
        if !absorbed.more {
            return None;
        }
        let fresh = Self::begin(&absorbed.meta, now);
        if absorbed.reset || fresh.compacted != self.compacted {
            *self = fresh;
        }
        let progress = so_far(&absorbed.meta);
        let left = progress.end.saturating_sub(progress.done);
        let gained = progress.done.saturating_sub(self.before);
        let left_ms = now.0.saturating_sub(self.began.0).saturating_mul(left).checked_div(gained);
        let seconds = |ms: u64| ms.div_ceil(STEP_SECONDS * 1000).max(1).saturating_mul(STEP_SECONDS);
        Some(Progress { seconds_left: left_ms.map(seconds), ..progress })
    }
}

/// Compacted cards come after the log, from the newest to the oldest.
fn so_far(meta: &Meta) -> Progress {
    let snapshot_seq = meta.snapshot_seq.unwrap_or_default();
    let compacted =
        meta.backfill_cursor.map_or(snapshot_seq, |backfill_cursor| snapshot_seq.saturating_sub(backfill_cursor));
    let (done, end) = (meta.cursor.saturating_add(compacted), meta.log_end.saturating_add(snapshot_seq));
    Progress { done, end, seconds_left: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn absorbed(cursor: u64, more: bool) -> Absorbed {
        let meta = Meta { cursor, log_end: 100, ..Meta::default() };
        Absorbed { meta, more, ..Absorbed::default() }
    }

    #[test]
    fn the_rest_takes_as_long_as_what_came() {
        let mut download =
            DownloadProgress::begin(&Meta { cursor: 20, log_end: 100, ..Meta::default() }, Millis(1_000));
        let mut left =
            |cursor, now| download.progress(&absorbed(cursor, true), Millis(now)).map(|all| all.seconds_left);
        assert_eq!(left(40, 11_000), Some(Some(30)), "20 in 10 s, 60 to come");
        assert_eq!(left(96, 11_000), Some(Some(10)), "never told as nothing");
        assert_eq!(left(20, 11_000), Some(None), "nothing came: nobody knows");
        assert_eq!(left(40, 0), Some(Some(10)), "a clock that was set back");
        assert!(download.progress(&absorbed(100, false), Millis(2_000)).is_none());
    }

    #[test]
    fn what_is_told_in_short_is_measured_for_itself() {
        let mut download = DownloadProgress::begin(&Meta::default(), Millis(0));
        let compacted = |backfill_cursor, reset| {
            let meta = Meta {
                cursor: 100,
                log_end: 100,
                snapshot_seq: Some(100),
                backfill_cursor: Some(backfill_cursor),
                ..Meta::default()
            };
            Absorbed { meta, more: true, reset, ..Absorbed::default() }
        };
        let mut left = |backfill_cursor, reset, now| {
            download.progress(&compacted(backfill_cursor, reset), Millis(now)).unwrap().seconds_left
        };
        assert_eq!(left(90, true, 9_000), None, "the first answer brought other things, too");
        assert_eq!(left(60, false, 19_000), Some(20), "30 in 10 s, 60 to come");
    }
}
