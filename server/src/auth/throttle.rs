//! Slows down guessing of passwords, without letting a stranger lock somebody out.
//!
//! - Each pair of account and client waits longer after each failure. Other clients do not wait for it.
//! - All unknown clients together may fail a limited number of times in an hour at one account. Beyond it, a client
//!   that has failed there waits, and clients not seen before have their turn one after the other.
//! - A browser in which the account was signed in before is a client of its own, and so is a session. Nobody else's
//!   failures count there, neither those of another client at the same address nor those of the whole world.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use shared::time::Millis;

/// Failures after which an account waits at one client.
const FAILURES_MAX: u32 = 5;
/// The first wait; it doubles with each further failure.
const WAIT_MS: u64 = 30_000;
/// The longest wait.
const WAIT_MS_MAX: u64 = 15 * 60_000;
/// Failures older than this are forgotten.
const FORGET_MS: u64 = 60 * 60_000;
/// Failures of all unknown clients at one account within [`FORGET_MS`].
const ACCOUNT_FAILURES_MAX: u32 = 60;
/// Beyond that limit, the time from one unknown client's turn to the next one's.
const TURN_MS: u64 = 2_000;
/// Entries kept. Beyond this the oldest are forgotten.
const ENTRIES_MAX: usize = 50_000;

/// Where an attempt comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Client {
    /// An address, when nothing better is known.
    Address(IpAddr),
    /// A browser that has proved that this account was signed in there before.
    Browser([u8; 16]),
    /// A session, by the hash of its token.
    Session([u8; 32]),
}

/// A hash of the name. Names themselves can have any length.
type Name = [u8; 16];

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

/// Failures of all unknown clients at one account.
#[derive(Clone, Copy, Debug)]
struct Siege {
    count: u32,
    since: Millis,
    next_turn: Millis,
}

#[derive(Debug, Default)]
struct Counts {
    failures: HashMap<(Name, Client), Failures>,
    sieges: HashMap<Name, Siege>,
}

/// Counts failed attempts to sign in.
#[derive(Debug, Default)]
pub struct Throttle {
    counts: Mutex<Counts>,
}

impl Throttle {
    /// Admits an attempt and counts it as failed until [`Self::succeeded`] says otherwise. Otherwise attempts sent at
    /// the same time could all slip through.
    ///
    /// # Errors
    /// Seconds until the next attempt is allowed.
    pub fn admit(&self, username: &str, client: Client, now: Millis) -> Result<(), u64> {
        let name = short(username);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let own = counts.failures.get(&(name, client)).copied().filter(|own| !is_over(own.last, now));
        if let Some(own) = own {
            wait_until(Millis(own.last.0.saturating_add(own.wait_ms())), now)?;
        }
        if matches!(client, Client::Address(_)) {
            counts.admit_stranger(name, own, now)?;
        }
        make_room(&mut counts.failures, |found| found.last, now);
        let count = own.map_or(0, |own| own.count).saturating_add(1);
        counts.failures.insert((name, client), Failures { count, last: now });
        Ok(())
    }

    /// Forgets the failures of an account at a client, after the right password.
    pub fn succeeded(&self, username: &str, client: Client) {
        let name = short(username);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(own) = counts.failures.remove(&(name, client)) else { return };
        if let Some(siege) = counts.sieges.get_mut(&name).filter(|_| matches!(client, Client::Address(_))) {
            siege.count = siege.count.saturating_sub(own.count);
        }
    }
}

impl Counts {
    fn admit_stranger(&mut self, name: Name, own: Option<Failures>, now: Millis) -> Result<(), u64> {
        make_room(&mut self.sieges, |siege| siege.since, now);
        let siege = self.sieges.entry(name).or_insert(Siege { count: 0, since: now, next_turn: now });
        if is_over(siege.since, now) {
            *siege = Siege { count: 0, since: now, next_turn: now };
        }
        if siege.count >= ACCOUNT_FAILURES_MAX {
            if let Some(own) = own {
                wait_until(Millis(own.last.0.saturating_add(WAIT_MS_MAX)), now)?;
            }
            wait_until(siege.next_turn, now)?;
            siege.next_turn = Millis(now.0.saturating_add(TURN_MS));
        }
        siege.count = siege.count.saturating_add(1);
        Ok(())
    }
}

fn short(username: &str) -> Name {
    let hash: [u8; 32] = Sha256::digest(username).into();
    hash.first_chunk().copied().unwrap_or_default()
}

fn is_over(since: Millis, now: Millis) -> bool {
    since.0.saturating_add(FORGET_MS) <= now.0
}

fn wait_until(until: Millis, now: Millis) -> Result<(), u64> {
    if until.0 > now.0 { Err((until.0 - now.0).div_ceil(1000)) } else { Ok(()) }
}

/// Forgets expired entries. If that is not enough, it also forgets the oldest tenth.
fn make_room<K: Hash + Eq, V>(entries: &mut HashMap<K, V>, at: impl Fn(&V) -> Millis, now: Millis) {
    if entries.len() < ENTRIES_MAX {
        return;
    }
    entries.retain(|_, entry| !is_over(at(entry), now));
    if entries.len() >= ENTRIES_MAX {
        let mut times: Vec<Millis> = entries.values().map(&at).collect();
        let (_, middle, _) = times.select_nth_unstable(ENTRIES_MAX / 10);
        let oldest = *middle;
        entries.retain(|_, entry| at(entry) > oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Client = Client::Address(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

    fn address(n: u32) -> Client {
        Client::Address(IpAddr::V4(n.into()))
    }

    #[test]
    fn the_wait_begins_at_the_fifth_failure_and_doubles() {
        let throttle = Throttle::default();
        for attempt in 1..=5 {
            assert_eq!(throttle.admit("a", HERE, Millis(attempt)), Ok(()), "attempt {attempt}");
        }
        assert_eq!(throttle.admit("a", HERE, Millis(5)), Err(30));
        assert_eq!(throttle.admit("b", HERE, Millis(5)), Ok(()), "another name is free");
        assert_eq!(throttle.admit("a", address(7), Millis(5)), Ok(()), "so is another client");
        assert_eq!(throttle.admit("a", HERE, Millis(30_005)), Ok(()), "the wait ends");
        assert_eq!(throttle.admit("a", HERE, Millis(30_005)), Err(60));
    }

    #[test]
    fn success_and_time_forgive() {
        let throttle = Throttle::default();
        let fail = |name: &str, times: u64| {
            let mut now = 0;
            for _ in 0..times {
                while let Err(seconds) = throttle.admit(name, HERE, Millis(now)) {
                    now += seconds * 1000;
                }
            }
            Millis(now)
        };
        let now = fail("a", 9);
        assert_eq!(throttle.admit("a", HERE, now), Err(480));
        throttle.succeeded("a", HERE);
        assert_eq!(throttle.admit("a", HERE, now), Ok(()));
        let now = fail("b", 12);
        assert_eq!(throttle.admit("b", HERE, now), Err(900), "never longer than a quarter of an hour");
        assert_eq!(throttle.admit("b", HERE, Millis(now.0 + FORGET_MS)), Ok(()));
        assert_eq!(throttle.admit("b", HERE, Millis(now.0 + FORGET_MS)), Ok(()), "begun anew");
    }

    #[test]
    fn d6_guessing_from_many_addresses_is_slowed_down_and_the_owner_is_not() {
        let throttle = Throttle::default();
        let now = Millis(1_000_000);
        let guesses = (0..10_000).filter(|n| throttle.admit("a", address(n % 1_000), now).is_ok()).count();
        assert!(guesses <= 61, "{guesses} guesses at one moment");
        // The owner may sign in at the next turn from an unknown place, and at once on the usual device.
        let owner = address(4_000_000);
        assert!(throttle.admit("a", Client::Browser([1; 16]), now).is_ok());
        let Err(seconds) = throttle.admit("a", owner, now) else { panic!("not yet") };
        assert!(seconds <= 2, "{seconds}");
        assert!(throttle.admit("a", owner, Millis(now.0 + 1000 * seconds)).is_ok());
        throttle.succeeded("a", owner);
        assert!(throttle.admit("b", address(1), now).is_ok(), "another account has its own count");
        // A client that has failed there already waits longer.
        assert!(throttle.admit("a", address(1), Millis(now.0 + 60_000)).is_err());
        let in_an_hour: u64 = (0..3_600)
            .map(|second| {
                u64::from(
                    throttle.admit("a", address(10_000 + second), Millis(now.0 + u64::from(second) * 1000)).is_ok(),
                )
            })
            .sum();
        assert!(in_an_hour <= 1_900, "{in_an_hour} guesses from 3,600 addresses in an hour");
    }

    #[test]
    fn a_known_browser_has_its_own_failures() {
        let throttle = Throttle::default();
        let browser = Client::Browser([3; 16]);
        for _ in 0..5 {
            assert!(throttle.admit("a", browser, Millis(1)).is_ok());
        }
        assert!(throttle.admit("a", browser, Millis(1)).is_err());
        assert!(throttle.admit("a", Client::Browser([4; 16]), Millis(1)).is_ok());
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..ENTRIES_MAX + 10 {
            assert!(throttle.admit(&n.to_string(), HERE, Millis(n as u64)).is_ok());
        }
        let counts = throttle.counts.lock().unwrap();
        assert!(counts.failures.len() <= ENTRIES_MAX && counts.sieges.len() <= ENTRIES_MAX);
        assert!(!counts.failures.contains_key(&(short("0"), HERE)), "the oldest made room");
        assert!(counts.failures.contains_key(&(short(&ENTRIES_MAX.to_string()), HERE)));
    }
}
