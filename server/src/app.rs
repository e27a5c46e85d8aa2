//! The state that every handler can reach.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::{Hasher, KnownBrowsers, Throttle};
use crate::caller::Caller;
use crate::health::Health;
use crate::ingest::{DailyQuota, Ingest};
use crate::store::Store;

/// The settings that handlers need.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How long a session lasts.
    pub session: Duration,
    /// Whether cookies always need an encrypted connection, even where the browser seems to be on this machine.
    pub secure_cookie: bool,
}

impl Policy {
    /// Whether cookies need an encrypted connection. They do, unless the browser is on this machine and nothing stands
    /// in between.
    #[must_use]
    pub const fn is_secure(&self, caller: &Caller) -> bool {
        self.secure_cookie || caller.encrypted || !caller.is_here
    }
}

/// The parts of a running server.
#[derive(Debug)]
pub struct Parts {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Where operations come in.
    pub ingest: Ingest,
    /// What everyone has handed in today.
    pub quota: DailyQuota,
    /// What everyone has sent of blobs today. It is counted apart, so that scans never stop operations.
    pub blob_quota: DailyQuota,
    /// Checks passwords.
    pub hasher: Hasher,
    /// Slows down guessing.
    pub throttle: Throttle,
    /// Recognises browsers in which somebody was signed in before.
    pub browsers: KnownBrowsers,
    /// Whether the server can keep what it receives.
    pub health: Health,
    /// Settings that handlers need.
    pub policy: Policy,
}

/// A running server, cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
