//! Deliberate bugs: those in `shared`, and those in this model of stores, network and office.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A bug of the model: where the app, the network's client or the server would have it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Model {
    /// The journal answers before the device has the bytes.
    ForgetFlush,
    /// "Saved" is said before anything is written.
    SavedBeforeWrite,
    /// After a torn write the whole frame before it is cut off, too.
    DropFrameBeforeTorn,
    /// A new key signs in the epoch of the lost one.
    ReuseEpoch,
    /// An answer that was cut is taken as far as it goes.
    AcceptTruncated,
    /// A captive portal's 200 counts as delivery.
    AcceptPortal,
    /// What was sent counts as delivered before the receipt is here.
    ClearOutboxEarly,
    /// The server drops what has no place in its log.
    LoseAside,
    /// An operation that comes again gets a second place.
    TwoPlaces,
    /// An operation that comes again gets another receipt.
    NewReceipt,
    /// After the first refused operation of a batch the server stops.
    StopAtFirstBad,
    /// What was held once is held for ever.
    HoldForEver,
    /// The answer leaves before the batch is on the disk.
    AnswerBeforeCommit,
    /// A server that starts again folds its log without looking at the verdicts.
    ReplayBlindly,
    /// An answer that could not be kept counts as known all the same.
    KnowUnkept,
    /// Batches are written one after the other, and the last one may be half.
    HalfBatch,
    /// What somebody may no longer read stays in the journal.
    KeepForgotten,
    /// With a lost key goes its public half.
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

/// A bug, wherever it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seeded {
    /// In `shared`; without the feature `seeded-bugs` it cannot be injected.
    Shared(shared::bug::Bug),
    /// In this model.
    Model(Model),
}

impl Seeded {
    /// All that can be injected.
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

/// Lets one bug in, or none, for the whole program.
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

/// Whether a bug was let in.
#[must_use]
pub fn is(bug: Model) -> bool {
    INJECTED.load(Ordering::Relaxed) == bug as usize
}
