//! Deliberate bugs, to prove that the simulation would notice real ones. Without the feature `seeded-bugs`, which neither
//! app nor server has, every question is answered no at compile time and nothing of this remains.

macro_rules! bugs {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// A bug that can be injected.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Bug {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Bug {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];
        }
    };
}

bugs! {
    /// The server lets an operation into the log whatever its place in the chain.
    SkipChainCheck,
    /// Writing a register removes every older version, seen or not.
    LastWriterWins,
    /// Of two versions the one with the later clock stays.
    LaterClockWins,
    /// What an act builds on need not be what its author had seen.
    JudgeWithoutBase,
    /// A stage goes on although the one before is contested.
    ContestedDoesNotWait,
    /// A second version is accepted without being called contested.
    SilentContested,
    /// Anybody may do anything to a card.
    SkipAuthority,
    /// Anybody may change units, people and posts.
    SkipOrgAuthority,
    /// Anybody may choose between versions.
    ResolveByAnyone,
    /// A card goes back without a reason.
    ReturnWithoutReason,
    /// The server folds what it refused.
    ApplyRejected,
    /// Drafts go to everybody who may read the card.
    DraftsToOthers,
    /// A device keeps what it had copied when its scope changes.
    IgnoreRevocation,
    /// The server does not notice that a scope changed.
    ScopeIsBlind,
    /// The server's cursor runs one ahead of its answer.
    CursorAhead,
    /// The server sends the last known entry again.
    CursorBehind,
    /// Entries go out in the wrong order.
    ReorderEntries,
    /// A device overlooks the first receipt of an answer.
    DropReceipt,
    /// A changed scope makes a device forget what it had not sent.
    ForgetPending,
    /// Own operations are folded on top although the log has them.
    DoubleApply,
    /// Versions stand in the order in which they came.
    UnsortedVersions,
    /// Own operations are taken from the database alone.
    MendFromDatabase,
    /// Logs of two scopes are mixed when the stores are compared.
    MixScopes,
    /// Entries of a torn answer count.
    TornAnswerCounts,
    /// An operation signed by somebody else is let in.
    AcceptForged,
    /// Cards that were sent back or disputed are compacted, too.
    CompactDisputed,
    /// Where somebody went on with a card compacted, only the new operations are sent.
    CompactedStays,
    /// Compacted cards go to everybody.
    CompactedToOthers,
    /// A receipt is believed although the server was restored since and decided otherwise.
    TrustOldReceipts,
    /// A first copy goes on although the server was restored in the middle of it.
    DigestEndsAtCursor,
    /// Work of the person's own counts although nobody confirmed it.
    OwnWorkCounts,
    /// The person changes what a superior assigned, or chooses between the own plan and the superior's.
    OwnPlanWins,
}

#[cfg(feature = "seeded-bugs")]
static INJECTED: core::sync::atomic::AtomicUsize = core::sync::atomic::AtomicUsize::new(usize::MAX);

/// Injects one fault, or none, for the whole program.
#[cfg(feature = "seeded-bugs")]
pub fn inject(bug: Option<Bug>) {
    let number = bug.map_or(usize::MAX, |bug| bug as usize);
    INJECTED.store(number, core::sync::atomic::Ordering::Relaxed);
}

/// Whether this fault is injected.
#[cfg(feature = "seeded-bugs")]
#[must_use]
pub fn is(bug: Bug) -> bool {
    INJECTED.load(core::sync::atomic::Ordering::Relaxed) == bug as usize
}

/// Never: no bug can be injected here.
#[cfg(not(feature = "seeded-bugs"))]
#[must_use]
pub const fn is(_: Bug) -> bool {
    false
}
