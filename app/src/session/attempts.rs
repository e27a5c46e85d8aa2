//! Notes of the tablet itself that must outlive a power cut, in a database of their own: how often somebody was guessed at without a
//! network, and that the office still has a session to end.

use shared::device_store::Record;
use shared::ids::PersonId;
use shared::time::Millis;

use crate::db::{Store, StoreError};

/// No person's: theirs begin with the layout's name.
const DATABASE: &str = "tablet-notes";
const SESSION: &str = "session-to-end";
/// Wrong passwords before somebody waits: slips of the finger.
const FREE: u32 = 3;
/// The first wait; it doubles each time.
const WAIT_MS: u64 = 5_000;
/// The longest wait.
const WAIT_MS_MAX: u64 = 15 * 60_000;

/// Wrong passwords in a row, and when the last came.
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

    /// What is still to be waited for at `now`, and since when the wait is counted: anew when the clock was set back.
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

/// Whether somebody may try a password now. It counts as wrong until [`forgive`] says otherwise, before it is looked at: a tablet that
/// is switched off in between has counted it. The outer error is the device's.
///
/// # Errors
/// Seconds to wait.
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

/// The password was right.
pub async fn forgive(person: PersonId) {
    // Where the device refuses, the next right password is asked for a little later.
    let _ = note(&name_of(person), &Attempts::default().to_bytes()).await;
}

/// Notes that the office's session in the browser's keeping has to end, or that it has ended.
///
/// # Errors
/// What the device said.
pub async fn owe_session_end(owed: bool) -> Result<(), StoreError> {
    note(SESSION, &[u8::from(owed)]).await
}

/// Whether a session has to end as soon as the office is reached.
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
