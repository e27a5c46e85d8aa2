//! Accounts, sessions and the devices of a person, as they are stored.

use std::fmt;
use std::net::IpAddr;

use shared::ids::{DeviceId, PersonId};
use shared::time::Millis;

/// A way to sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Lower case.
    pub username: String,
    /// The person who signs in.
    pub person: PersonId,
    /// Argon2id, in PHC form.
    pub password_hash: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("username", &self.username)
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// The state of an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountStatus {
    /// Name, person and password.
    pub account: Account,
    /// When its person last chose the password. None while it is the one that was given out.
    pub password_changed_at: Option<Millis>,
    /// Since when it is closed.
    pub disabled_at: Option<Millis>,
}

/// A person's new password.
#[derive(Clone, Copy, Debug)]
pub struct NewPassword<'a> {
    /// The person.
    pub person: PersonId,
    /// Argon2id, in PHC form.
    pub hash: &'a str,
    /// When the person chose it. None when it was given out.
    pub chosen_at: Option<Millis>,
    /// The hash that it may replace, in an open account. None when the office gives the password, whatever was there.
    pub instead_of: Option<&'a str>,
    /// The one session that continues.
    pub keep: Option<[u8; 32]>,
}

/// A person signed in on a device until a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Session {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// The signed-in person.
    pub person: PersonId,
    /// Since when.
    pub created_at: Millis,
    /// Until when.
    pub expires_at: Millis,
    /// From which address.
    pub address: Option<IpAddr>,
}

/// A key that signs for a person, and when it was last used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptDevice {
    /// The device.
    pub device: DeviceId,
    /// The epoch of the key.
    pub epoch: u32,
    /// The person's name for the device.
    pub label: String,
    /// Since when.
    pub registered_at: Millis,
    /// When the last operation signed with it arrived.
    pub last_received_at: Option<Millis>,
}
