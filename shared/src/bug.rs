//! Injected faults: deliberate bugs that prove that the simulation would notice real ones. Without the feature
//! `seeded-bugs`, which neither the app nor the server has, [`is`] is `false` at compile time and no fault remains.

macro_rules! bugs {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// A fault that can be injected.
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
    /// The server accepts an operation into the log without checking its place in the chain.
    SkipChainCheck,
    /// Writing a register removes every older version, seen or not.
    LastWriterWins,
    /// Of two versions, only the one with the later clock stays.
    LaterClockWins,
    /// An act may build on versions that its author had not seen.
    JudgeWithoutBase,
    /// A stage continues although the stage before it is contested.
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
    /// Drafts are sent to everybody who may read the card.
    IgnoreRevocation,
    /// A device keeps the log it has copied when its scope changes.
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
    /// Own operations are folded on top although the log already has them.
    DoubleApply,
    /// Versions are kept in the order of their arrival.
    UnsortedVersions,
    /// Own operations are taken from the database alone.
    MendFromDatabase,
    /// Logs of two scopes are mixed when the stores are compared.
    MixScopes,
    /// The entries of a torn answer count.
    TornAnswerCounts,
    /// The server accepts an operation signed by somebody else.
    AcceptForged,
    /// Cards that were sent back or disputed are compacted, too.
    CompactDisputed,
    /// When somebody continues work on a card that was sent compacted, only the new operations are sent.
    CompactedStays,
    /// Compacted cards are sent to everybody.
    CompactedToOthers,
    /// A receipt is trusted although the server was restored since and decided otherwise.
    TrustOldReceipts,
    /// A first copy continues although the server was restored in the middle of it.
    DigestEndsAtCursor,
    /// A person's own work counts although nobody confirmed it.
    OwnWorkCounts,
    /// The person changes what a superior assigned, or chooses between the own plan and the superior's.
    OwnPlanWins,
    /// Whoever is scored marks and decides on the own card where a rule names them.
    SubjectMayJudge,
    /// The first of several rules for who may do a step is skipped.
    FirstRuleSkipped,
    /// A step of marks does not wait for the steps before it.
    StepBeforeNotAwaited,
    /// A step of marks may be done after a later one.
    EarlierMarkLater,
    /// Everybody reads every card.
    AnybodyReads,
    /// The person learns the result before it is made known.
    SubjectKnowsEarly,
    /// A mandate counts after its last day.
    EndedMandateCounts,
    /// Any act counts on any day.
    DaysDoNotMatter,
    /// Steps are asked for whatever reading the office adopted.
    ReadingsIgnored,
    /// What a member of a panel marks after its result is there counts.
    LateSlotCounts,
    /// Any member closes a panel.
    MemberCloses,
    /// The mean of a panel leaves a member out.
    MeanLeavesOut,
    /// The marks of a panel that marks blind are seen before it is closed.
    BlindSeenEarly,
    /// A panel is closed before enough of its members have marked.
    QuorumIgnored,
    /// A member marks although a step before the panel was not done.
    PanelDoesNotWait,
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

/// Always `false`: no fault can be injected without the feature.
#[cfg(not(feature = "seeded-bugs"))]
#[must_use]
pub const fn is(_: Bug) -> bool {
    false
}
