//! Notes of the device that must outlive a power cut, in a database of their own: wrong passwords entered without a
//! network, and whether the server still has a session to end.

use shared::device_store::Record;
use shared::ids::PersonId;
use shared::time::Millis;

use crate::db::{Store, StoreError};

/// The name of this database. It belongs to no person: names of personal databases begin with the layout's name.
const DATABASE: &str = "tablet-notes-2";
const SESSION: &str = "session-to-end";
/// Wrong passwords that cost no wait: they are typing errors.
const FREE: u32 = 3;
/// The first wait; it doubles each time.
const WAIT_MS: u64 = 5_000;
/// The longest wait.
const WAIT_MS_MAX: u64 = 15 * 60_000;

/// The number of wrong passwords in a row, and the time of the last.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(test, derive(Debug))]
struct Attempts {
    count: u32,
    last: Millis,
}

impl Attempts {
    fn wait_ms(self) -> u64 {
        let Some(over) = self.count.checked_sub(FREE) else { return 0 };
        WAIT_MS.saturating_mul(1_u64.checked_shl(over).unwrap_or(u64::MAX)).min(WAIT_MS_MAX)
    }

    /// The rest of the wait at `now`, and the time from which the wait counts. If the clock was set back, the wait
    /// starts again.
    fn left_ms(self, now: Millis) -> (u64, Millis) {
        let since = self.last.min(now);
        (self.wait_ms().saturating_sub(now.0.saturating_sub(since.0)), since)
    }

    fn to_bytes(self) -> Vec<u8> {
        [self.count.to_le_bytes().as_slice(), &self.last.0.to_le_bytes()].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (count, last) = bytes.split_first_chunk::<4>()?;
        let last = last.try_into().ok().map(u64::from_le_bytes)?;
        Some(Self { count: u32::from_le_bytes(*count), last: Millis(last) })
    }
}

fn name_of(person: PersonId) -> String {
    format!("attempts-{person}")
}

/// Counts an attempt, and tells whether the person may try a password now. The attempt counts as wrong until
/// [`forgive`] is called. It is stored before the password is checked, so that switching the device off in between does
/// not undo it. The outer error is a failure of the device.
///
/// # Errors
/// The seconds to wait.
pub async fn admit(person: PersonId, now: Millis) -> Result<Result<(), u64>, StoreError> {
    let store = Store::open(DATABASE).await?;
    let name = name_of(person);
    let kept =
        store.load().await?.metadata.get(&name).and_then(|bytes| Attempts::from_bytes(bytes)).unwrap_or_default();
    let (left, since) = kept.left_ms(now);
    let next = if left == 0 {
        Attempts { count: kept.count.saturating_add(1), last: now }
    } else {
        Attempts { last: since, ..kept }
    };
    if next != kept {
        store.write(&[Record::metadata(&name, next.to_bytes())]).await?;
    }
    store.close();
    Ok(if left == 0 { Ok(()) } else { Err(left.div_ceil(1000)) })
}

/// Resets the count after a right password.
pub async fn forgive(person: PersonId) {
    // If the device refuses, the next right password may have to wait a little.
    let _ = note(&name_of(person), &Attempts::default().to_bytes()).await;
}

/// Notes that the server's session, whose cookie the browser keeps, has to end, or that it has ended.
///
/// # Errors
/// What the device said.
pub async fn owe_session_end(owed: bool) -> Result<(), StoreError> {
    note(SESSION, &[u8::from(owed)]).await
}

/// Whether a session has to end as soon as the server is reached.
pub async fn owes_session_end() -> bool {
    let Ok(store) = Store::open(DATABASE).await else { return false };
    let kept = store.load().await;
    store.close();
    kept.is_ok_and(|kept| kept.metadata.get(SESSION).is_some_and(|owed| owed.as_slice() == [1]))
}

async fn note(name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let store = Store::open(DATABASE).await?;
    let written = store.write(&[Record::metadata(name, bytes)]).await;
    store.close();
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d5_each_wrong_password_costs_more_and_a_clock_set_back_costs_all_of_it_again() {
        let waits: Vec<u64> = (0..14).map(|count| Attempts { count, last: Millis(0) }.wait_ms() / 1000).collect();
        assert_eq!(waits, [0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
        let attempts = Attempts { count: 5, last: Millis(1_000_000) };
        assert_eq!(attempts.left_ms(Millis(1_005_000)), (15_000, Millis(1_000_000)));
        assert_eq!(attempts.left_ms(Millis(1_020_000)).0, 0);
        assert_eq!(attempts.left_ms(Millis(5_000)), (20_000, Millis(5_000)), "a clock that was set back");
        assert_eq!(Attempts::from_bytes(&attempts.to_bytes()), Some(attempts));
        assert_eq!(Attempts::from_bytes(&[1, 2]), None);
    }
}
