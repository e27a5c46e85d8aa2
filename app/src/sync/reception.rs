//! How far what the office sends has come, and how long the rest takes at this contact's pace.

use shared::sync::{Absorbed, Meta};
use shared::time::Millis;

use crate::state::Progress;

/// What is left is told in steps of so many seconds: a link's pace is not known better.
const STEP_SECONDS: u64 = 10;

/// What had arrived when measuring began. Operations and what is told in short come at paces of their own, and so does
/// everything after a new beginning: each is measured for itself.
pub struct Reception {
    began: Millis,
    before: u64,
    in_short: bool,
}

impl Reception {
    /// Begins.
    pub fn begin(meta: &Meta, now: Millis) -> Self {
        Self { began: now, before: so_far(meta).done, in_short: meta.cursor >= meta.log_end }
    }

    /// How far it is now; nothing when all of it is here.
    pub fn progress(&mut self, absorbed: &Absorbed, now: Millis) -> Option<Progress> {
        if !absorbed.more {
            return None;
        }
        let fresh = Self::begin(&absorbed.meta, now);
        if absorbed.reset || fresh.in_short != self.in_short {
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

/// What is over comes behind the log, from its end to its beginning.
fn so_far(meta: &Meta) -> Progress {
    let base = meta.base.unwrap_or_default();
    let over = meta.floor.map_or(base, |floor| base.saturating_sub(floor));
    let (done, end) = (meta.cursor.saturating_add(over), meta.log_end.saturating_add(base));
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
        let mut reception = Reception::begin(&Meta { cursor: 20, log_end: 100, ..Meta::default() }, Millis(1_000));
        let mut left =
            |cursor, now| reception.progress(&absorbed(cursor, true), Millis(now)).map(|all| all.seconds_left);
        assert_eq!(left(40, 11_000), Some(Some(30)), "20 in 10 s, 60 to come");
        assert_eq!(left(96, 11_000), Some(Some(10)), "never told as nothing");
        assert_eq!(left(20, 11_000), Some(None), "nothing came: nobody knows");
        assert_eq!(left(40, 0), Some(Some(10)), "a clock that was set back");
        assert!(reception.progress(&absorbed(100, false), Millis(2_000)).is_none());
    }

    #[test]
    fn what_is_told_in_short_is_measured_for_itself() {
        let mut reception = Reception::begin(&Meta::default(), Millis(0));
        let in_short = |floor, reset| {
            let meta = Meta { cursor: 100, log_end: 100, base: Some(100), floor: Some(floor), ..Meta::default() };
            Absorbed { meta, more: true, reset, ..Absorbed::default() }
        };
        let mut left =
            |floor, reset, now| reception.progress(&in_short(floor, reset), Millis(now)).unwrap().seconds_left;
        assert_eq!(left(90, true, 9_000), None, "the first answer brought other things, too");
        assert_eq!(left(60, false, 19_000), Some(20), "30 in 10 s, 60 to come");
    }
}
