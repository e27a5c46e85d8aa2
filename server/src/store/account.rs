//! Accounts, sessions and the devices of a person, as they are kept.

use std::fmt;
use std::net::IpAddr;

use shared::ids::{DeviceId, PersonId};
use shared::time::Millis;

/// A way to sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Lower case.
    pub username: String,
    /// Who signs in.
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

/// An account as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountStatus {
    /// Name, person and password.
    pub account: Account,
    /// When its person last chose the password; none while it is the one that was given out.
    pub password_changed_at: Option<Millis>,
    /// Since when nobody signs in with it.
    pub disabled_at: Option<Millis>,
}

/// A person's new password.
#[derive(Clone, Copy, Debug)]
pub struct NewPassword<'a> {
    /// Whose.
    pub person: PersonId,
    /// Argon2id, in PHC form.
    pub hash: &'a str,
    /// When the person chose it; none when it was given out.
    pub chosen_at: Option<Millis>,
    /// The hash it may take the place of, in an account that is open; none when the office gives it, whatever was there.
    pub instead_of: Option<&'a str>,
    /// The one session that goes on.
    pub keep: Option<[u8; 32]>,
}

/// A person signed in on a device until a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Session {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Who is signed in.
    pub person: PersonId,
    /// Since when.
    pub created_at: Millis,
    /// Until when.
    pub expires_at: Millis,
    /// From which address.
    pub address: Option<IpAddr>,
}

/// A key that speaks for a person, and when it last did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptDevice {
    /// Which device.
    pub device: DeviceId,
    /// In which life of its store.
    pub epoch: u32,
    /// What the person calls it.
    pub label: String,
    /// Since when.
    pub registered_at: Millis,
    /// When the last operation signed with it arrived.
    pub last_received_at: Option<Millis>,
}
