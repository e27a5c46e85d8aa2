//! Slows down guessing of passwords, without letting a stranger lock somebody out for long.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use shared::time::Millis;

/// Failures after which a name waits at one address.
const FAILURES_MAX: u32 = 5;
/// The first wait; it doubles with each further failure.
const WAIT_MS: u64 = 30_000;
/// The longest wait.
const WAIT_MS_MAX: u64 = 15 * 60_000;
/// Failures older than this are forgotten.
const FORGET_MS: u64 = 60 * 60_000;
/// Entries kept; beyond, the oldest are forgotten.
const ENTRIES_MAX: usize = 10_000;

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Millis,
}

impl Failures {
    fn wait_ms(self) -> u64 {
        let Some(over) = self.count.checked_sub(FAILURES_MAX) else { return 0 };
        WAIT_MS.saturating_mul(1_u64.checked_shl(over).unwrap_or(u64::MAX)).min(WAIT_MS_MAX)
    }
}

/// Counts failed attempts to sign in, by name and address.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: Mutex<HashMap<(String, IpAddr), Failures>>,
}

impl Throttle {
    /// Seconds until the next attempt is allowed; none when it is allowed now.
    #[must_use]
    pub fn wait_seconds(&self, username: &str, address: IpAddr, now: Millis) -> Option<u64> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let found = failures.get(&(username.to_owned(), address))?;
        let until = found.last.0.saturating_add(found.wait_ms());
        (until > now.0).then(|| (until - now.0).div_ceil(1000))
    }

    /// Remembers a failed attempt.
    pub fn failed(&self, username: &str, address: IpAddr, now: Millis) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|_, found| found.last.0.saturating_add(FORGET_MS) > now.0);
        if failures.len() >= ENTRIES_MAX
            && let Some(oldest) = failures.iter().min_by_key(|(_, found)| found.last).map(|(key, _)| key.clone())
        {
            failures.remove(&oldest);
        }
        let entry = failures.entry((username.to_owned(), address)).or_insert(Failures { count: 0, last: now });
        entry.count = entry.count.saturating_add(1);
        entry.last = now;
    }

    /// Forgets the failures of a name at an address after the right password.
    pub fn succeeded(&self, username: &str, address: IpAddr) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(&(username.to_owned(), address));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn the_wait_begins_at_the_fifth_failure_and_doubles() {
        let throttle = Throttle::default();
        for attempt in 1..=4 {
            throttle.failed("a", HERE, Millis(attempt));
            assert_eq!(throttle.wait_seconds("a", HERE, Millis(attempt)), None, "attempt {attempt}");
        }
        throttle.failed("a", HERE, Millis(5));
        assert_eq!(throttle.wait_seconds("a", HERE, Millis(5)), Some(30));
        assert_eq!(throttle.wait_seconds("b", HERE, Millis(5)), None, "another name is free");
        assert_eq!(throttle.wait_seconds("a", HERE, Millis(30_005)), None, "the wait ends");
        throttle.failed("a", HERE, Millis(30_005));
        assert_eq!(throttle.wait_seconds("a", HERE, Millis(30_005)), Some(60));
    }

    #[test]
    fn success_and_time_forgive() {
        let throttle = Throttle::default();
        (1..=9).for_each(|at| throttle.failed("a", HERE, Millis(at)));
        assert_eq!(throttle.wait_seconds("a", HERE, Millis(9)), Some(480));
        throttle.succeeded("a", HERE);
        assert_eq!(throttle.wait_seconds("a", HERE, Millis(9)), None);
        (1..=60).for_each(|at| throttle.failed("b", HERE, Millis(at)));
        assert_eq!(throttle.wait_seconds("b", HERE, Millis(60)), Some(900), "never longer than a quarter of an hour");
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..ENTRIES_MAX + 10 {
            throttle
                .failures
                .lock()
                .unwrap()
                .insert((n.to_string(), HERE), Failures { count: 1, last: Millis(n as u64) });
        }
        throttle.failures.lock().unwrap().retain(|(name, _), _| name.parse::<usize>().unwrap() < ENTRIES_MAX);
        throttle.failed("new", HERE, Millis(20_000));
        let failures = throttle.failures.lock().unwrap();
        assert_eq!(failures.len(), ENTRIES_MAX);
        assert!(!failures.contains_key(&("0".to_owned(), HERE)), "the oldest made room");
    }
}
