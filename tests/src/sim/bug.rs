//! Injected faults: those in `shared`, and those in this model of stores, network and server.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A fault of the model, in the place where the app, the network client or the server would have it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Model {
    /// The journal answers before the bytes are on the device.
    ForgetFlush,
    /// The device reports "Saved" before anything is written.
    SavedBeforeWrite,
    /// After a torn write the whole frame before it is also cut off.
    DropFrameBeforeTorn,
    /// A new key signs in the epoch of the lost one.
    ReuseEpoch,
    /// A cut answer is accepted as far as it goes.
    AcceptTruncated,
    /// A captive portal's 200 counts as delivery.
    AcceptPortal,
    /// Sent operations count as delivered before the receipt arrives.
    ClearOutboxEarly,
    /// The server drops operations that have no place in its log.
    LoseAside,
    /// A repeated operation gets a second place.
    TwoPlaces,
    /// A repeated operation gets another receipt.
    NewReceipt,
    /// After the first refused operation of a batch the server stops.
    StopAtFirstBad,
    /// An operation that was held once is held for ever.
    HoldForEver,
    /// The answer leaves before the batch is on the disk.
    AnswerBeforeCommit,
    /// A server that starts again folds its log without looking at the verdicts.
    ReplayBlindly,
    /// An answer that could not be stored counts as known all the same.
    KnowUnkept,
    /// Batches are written one after the other, and the last one may be half written.
    HalfBatch,
    /// Entries that a person may no longer read stay in the journal.
    KeepForgotten,
    /// When a key is lost, its public half is forgotten, too.
    ForgetPublicKey,
}

impl Model {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::ForgetFlush,
        Self::SavedBeforeWrite,
        Self::DropFrameBeforeTorn,
        Self::ReuseEpoch,
        Self::AcceptTruncated,
        Self::AcceptPortal,
        Self::ClearOutboxEarly,
        Self::LoseAside,
        Self::TwoPlaces,
        Self::NewReceipt,
        Self::StopAtFirstBad,
        Self::HoldForEver,
        Self::AnswerBeforeCommit,
        Self::ReplayBlindly,
        Self::KnowUnkept,
        Self::HalfBatch,
        Self::KeepForgotten,
        Self::ForgetPublicKey,
    ];
}

/// A fault, wherever it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seeded {
    /// In `shared`; without the feature `seeded-bugs` it cannot be injected.
    Shared(shared::bug::Bug),
    /// In this model.
    Model(Model),
}

impl Seeded {
    /// All faults that can be injected.
    pub fn all() -> impl Iterator<Item = Self> {
        let shared: &[shared::bug::Bug] = if cfg!(feature = "seeded-bugs") { shared::bug::Bug::ALL } else { &[] };
        shared.iter().copied().map(Self::Shared).chain(Model::ALL.map(Self::Model))
    }

    /// Whether this program was built so that it can be injected.
    #[must_use]
    pub const fn can_be_injected(self) -> bool {
        cfg!(feature = "seeded-bugs") || matches!(self, Self::Model(_))
    }

    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Shared(bug) => format!("{bug:?}"),
            Self::Model(bug) => format!("{bug:?}"),
        }
    }
}

static INJECTED: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Injects one fault, or none, for the whole program.
pub fn inject(bug: Option<Seeded>) {
    let model = match bug {
        Some(Seeded::Model(bug)) => bug as usize,
        Some(Seeded::Shared(_)) | None => usize::MAX,
    };
    INJECTED.store(model, Ordering::Relaxed);
    #[cfg(feature = "seeded-bugs")]
    shared::bug::inject(match bug {
        Some(Seeded::Shared(bug)) => Some(bug),
        Some(Seeded::Model(_)) | None => None,
    });
}

/// Whether a fault was injected.
#[must_use]
pub fn is(bug: Model) -> bool {
    INJECTED.load(Ordering::Relaxed) == bug as usize
}
