//! Limits how much one person may hand in on one day. A device that floods the log would lengthen every other device's
//! copy, and every start of the server, for good. Nobody's work needs a hundredth of the limit.
//!
//! It is counted in memory, for each process. It stops a flood and need not be stored.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use shared::ids::PersonId;
use shared::limits::{BYTES_PER_DAY_MAX, OPERATIONS_PER_DAY_MAX};
use shared::time::{Day, Millis};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The amounts that everyone has handed in today.
#[derive(Debug, Default)]
pub struct DailyQuota {
    given: Mutex<HashMap<PersonId, Given>>,
}

#[derive(Clone, Copy, Debug)]
struct Given {
    day: Day,
    operations: usize,
    bytes: usize,
}

/// The day's limit: nothing more is taken from this person today.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exceeded {
    /// Until the next day begins in Vietnam.
    pub seconds: u64,
}

impl DailyQuota {
    /// Counts what a person is about to hand in.
    ///
    /// # Errors
    /// When it is more than what is left for the day. Then nothing is counted, and nothing may be taken.
    pub fn take(&self, person: PersonId, operations: usize, bytes: usize, now: Millis) -> Result<(), Exceeded> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let today = Given { day: now.day(), operations: 0, bytes: 0 };
        let before = given.get(&person).copied().filter(|given| given.day == today.day).unwrap_or(today);
        let after = Given {
            operations: before.operations.saturating_add(operations),
            bytes: before.bytes.saturating_add(bytes),
            ..before
        };
        let too_much = after.operations > OPERATIONS_PER_DAY_MAX || after.bytes > BYTES_PER_DAY_MAX;
        if operations > 0 && too_much {
            return Err(Exceeded { seconds: seconds_left(now) });
        }
        given.insert(person, after);
        Ok(())
    }
}

/// Seconds until the next day begins in Vietnam, seven hours ahead of UTC.
fn seconds_left(now: Millis) -> u64 {
    const AHEAD_MS: u64 = 7 * 60 * 60 * 1000;
    let since_midnight = now.0.saturating_add(AHEAD_MS) % DAY_MS;
    DAY_MS.saturating_sub(since_midnight).div_ceil(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: PersonId = PersonId::from_bytes([1; 16]);
    /// 20 November 2026, 09:00 in Vietnam.
    const NOW: Millis = Millis(1_795_140_000_000);

    #[test]
    fn d3_a_person_hands_in_so_many_operations_and_bytes_a_day_and_others_are_not_held_up() {
        let quota = DailyQuota::default();
        assert_eq!(quota.take(PERSON, OPERATIONS_PER_DAY_MAX, 1_000, NOW), Ok(()));
        let exceeded = quota.take(PERSON, 1, 1, NOW).unwrap_err();
        assert!(exceeded.seconds > 0 && exceeded.seconds <= 24 * 60 * 60, "{exceeded:?}");
        assert_eq!(quota.take(PERSON, 0, 0, NOW), Ok(()), "asking costs nothing");
        assert_eq!(quota.take(PersonId::from_bytes([2; 16]), 1, BYTES_PER_DAY_MAX, NOW), Ok(()));
        assert_eq!(quota.take(PersonId::from_bytes([2; 16]), 1, 1, NOW), Err(exceeded));
        let tomorrow = Millis(NOW.0 + exceeded.seconds * 1000);
        assert_eq!(quota.take(PERSON, 1, 1, tomorrow), Ok(()));
        assert!(
            quota.take(PERSON, OPERATIONS_PER_DAY_MAX, 1, Millis(tomorrow.0 - 1)).is_ok(),
            "the last of the day before"
        );
    }

    #[test]
    fn the_day_is_that_of_vietnam() {
        // 17:00 in London is midnight in Hà Nội.
        let midnight = Millis(1_795_107_600_000);
        assert_eq!(seconds_left(midnight), 24 * 60 * 60);
        assert_eq!(seconds_left(Millis(midnight.0 - 1_000)), 1);
    }
}
