//! The state of the device, as values that a screen can put into words.

use shared::op::Refusal;
use shared::time::Millis;

/// The phase of the app between start and work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Stores are being opened and compared.
    Starting,
    /// Nobody is signed in.
    SignedOut,
    /// A person's work is open.
    Open,
}

/// Whether the last act is saved on this device.
#[derive(Clone, PartialEq, Eq)]
pub enum SaveState {
    /// Nothing was done since the app opened.
    Nothing,
    /// Something is being typed.
    Typing,
    /// A field is in error; nothing of it is saved.
    Wrong {
        /// Its name for people.
        field: String,
    },
    /// An act is on its way into the stores.
    Saving,
    /// Everything is in the journal and in the database.
    Saved {
        /// Since when, by this device's clock.
        at: Millis,
    },
    /// The last act is not saved.
    Failed(ActError),
}

/// The state of the link to the server. `navigator.onLine` is not used for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The server could not be reached.
    Offline {
        /// Since when, by this device's clock.
        since: Millis,
    },
    /// An exchange is under way.
    Contacting,
    /// The last exchange went through.
    InTouch {
        /// When, by this device's clock.
        at: Millis,
    },
    /// The server asks for a sign-in before it exchanges. Work can go on meanwhile.
    SignInNeeded,
    /// The server speaks another version of the exchange. Work can go on until this device has the matching app.
    OtherVersion,
}

/// How far the server's log has arrived.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries that have arrived.
    pub done: u64,
    /// All entries.
    pub end: u64,
    /// How long the rest takes. Absent until something has arrived.
    pub seconds_left: Option<u64>,
}

/// Why this tab may read but not write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ReadOnly {
    /// The browser offers no private file system: private mode or an old browser. Nothing could be kept safely.
    NoJournal,
    /// Another tab has the work open.
    OtherTab,
}

/// The state of the two stores.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct StorageHealth {
    /// Set when this tab may not write.
    pub read_only: Option<ReadOnly>,
    /// Records rebuilt in the database from the journal at this start.
    pub database_mended: u32,
    /// Records rebuilt in the journal from the database at this start.
    pub journal_mended: u32,
    /// Both stores were empty at this start, though the person has worked here.
    pub stores_lost: bool,
    /// Bytes of an unfinished last write that were cut off.
    pub torn_bytes: u64,
    /// The database refused the last write; the journal has it, and the next start mends it.
    pub database_behind: bool,
    /// Whether the browser promised to keep the data; absent until asked.
    pub persisted: Option<bool>,
    /// Bytes in use, as the browser estimates.
    pub used_bytes: Option<u64>,
    /// Bytes the browser allows.
    pub quota_bytes: Option<u64>,
}

/// Why an act was not saved.
#[derive(Clone, PartialEq, Eq)]
pub enum ActError {
    /// The rules do not allow it.
    Refused(Refusal),
    /// Nobody is signed in.
    SignedOut,
    /// This tab may not write.
    ReadOnly(ReadOnly),
    /// The device's storage is full.
    Full,
    /// The device refused to store or to sign; the text is what it said.
    Device(String),
}

/// The result of a sign-out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// The person is signed out.
    Left,
    /// Something could not be saved; nothing has happened.
    Unsaved,
    /// The device could not store the sign-out; the person is still signed in.
    Refused,
}

/// Why a sign-in failed.
#[derive(Clone, PartialEq, Eq)]
pub enum SignInError {
    /// Username or password is wrong.
    Wrong,
    /// The server cannot be reached and this device does not know the person yet.
    Unreachable,
    /// Too many attempts; wait.
    TooMany,
    /// Too many attempts without a network.
    Wait {
        /// Seconds until the next attempt.
        seconds: u64,
    },
    /// The server has closed the account.
    Closed {
        /// Whether every post of the person is over; else somebody closed the account.
        no_post: bool,
    },
    /// The stores could not be opened; the text is what the device said.
    Device(String),
}
