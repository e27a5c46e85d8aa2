//! How the device stands, in values a screen can put into words.

use shared::op::Refusal;
use shared::time::Millis;

/// Where the app is between opening and work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Stores are being opened and compared.
    Starting,
    /// Nobody is signed in.
    SignedOut,
    /// A person's work is open.
    Open,
}

/// Whether what was done is saved on this device.
#[derive(Clone, PartialEq, Eq)]
pub enum SaveState {
    /// Nothing was done since the app opened.
    Nothing,
    /// Something is being typed.
    Typing,
    /// A field holds what it cannot take; nothing of that is saved.
    Wrong {
        /// Its name for people.
        field: String,
    },
    /// On its way into the stores.
    Saving,
    /// In the journal and in the database.
    Saved {
        /// Since when, by this device's clock.
        at: Millis,
    },
    /// The last act is not saved.
    Failed(ActError),
}

/// How the link to the server stands. `navigator.onLine` has no say in it.
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
    /// The server asks for a sign-in before it exchanges; work goes on meanwhile.
    SignInNeeded,
    /// The server speaks another version of the exchange; work goes on until this device has the app that goes with it.
    OtherVersion,
}

/// How far the server's log has arrived.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries read.
    pub done: u64,
    /// Entries there are.
    pub end: u64,
    /// How long the rest takes, once something came.
    pub seconds_left: Option<u64>,
}

/// Why this tab may look but not write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ReadOnly {
    /// The browser offers no private file system: private mode or an old browser. Nothing could be kept safely.
    NoJournal,
    /// Another tab has the work open.
    OtherTab,
}

/// How the two stores stand.
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
    /// The device refused to store or to sign; what it said.
    Device(String),
}

/// What became of a sign-out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// Nobody is signed in.
    Left,
    /// Something could not be saved; nothing has happened.
    Unsaved,
    /// The device could not keep it; the person is still signed in.
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
        /// Until the next one.
        seconds: u64,
    },
    /// The server has closed the account.
    Closed {
        /// Every post of the person is over; else somebody closed it.
        no_post: bool,
    },
    /// The stores could not be opened; what the device said.
    Device(String),
}
