//! The kinds of operations, one row each. The number stands in the envelope of every operation and is never used again for
//! something else.

use super::Payload;

/// What an operation of a kind leaves on a card that is finished, which decides whether the card can be sent compacted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trace {
    /// Its result only. Also for operations that are about no card.
    Result,
    /// Nothing: a draft, which only its author reads.
    Draft,
    /// Its history: a card that was sent back, disputed or set aside is always sent with all its operations.
    History,
    /// The publication, which finishes the card.
    End,
}

macro_rules! kinds {
    ($($number:literal $payload:ident $trace:ident,)*) => {
        impl Payload {
            /// The number of the kind.
            #[must_use]
            pub const fn kind(&self) -> u16 {
                match self {
                    $(Self::$payload { .. } => $number,)*
                }
            }

            /// Every kind this version knows.
            pub const KINDS: &[u16] = &[$($number,)*];
        }

        /// What a kind leaves on a finished card; nothing for a kind that a later version may know.
        pub(crate) const fn trace(kind: u16) -> Option<Trace> {
            match kind {
                $($number => Some(Trace::$trace),)*
                _ => None,
            }
        }
    };
}

kinds! {
    1 PutUnit Result,
    2 PutPerson Result,
    3 PutPost Result,
    4 AdoptPack Result,
    5 PutMandate Result,
    10 PutProducts Result,
    11 AdoptWorkList Result,
    20 AssignWork Result,
    21 ReviseLine Result,
    22 RemoveLine Result,
    23 ReportProgress Result,
    24 SaveDraft Draft,
    25 CarryWork Result,
    30 SubmitSelfScore Result,
    31 WithdrawSelfScore History,
    32 Appraise Result,
    33 Approve Result,
    34 Publish End,
    35 ReturnCard History,
    36 Resolve History,
    37 RecordAbsence History,
    38 LiftAbsence History,
    39 FillSlot History,
    40 Collect Result,
    41 Confirm Result,
    42 Speak History,
    43 RecordFault History,
    44 LiftFault History,
    50 EvaluateLines History,
}

/// The kind of a publication.
pub(crate) const PUBLISH: u16 = 34;

/// The kind of carrying work to the next card.
pub(crate) const CARRY_WORK: u16 = 25;

/// Whether an operation of this kind changes a line of work or takes it off.
pub(crate) const fn changes_plan(kind: u16) -> bool {
    matches!(kind, 21 | 22)
}

/// Whether an operation of this kind is a draft.
pub(crate) fn is_draft(kind: u16) -> bool {
    trace(kind) == Some(Trace::Draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::DecodeError;

    #[test]
    fn the_table_and_the_encoding_know_the_same_kinds() {
        let payload = Payload::Publish(crate::op::Publication { class: "HTT".into(), document: None });
        let bytes = payload.to_bytes();
        assert_eq!(bytes.get(1..3), Some([0x18, 34].as_slice()), "the kind is encoded as the variant's number");
        for kind in 0..=100 {
            let empty = minicbor::to_vec((kind, [0_u8; 0])).unwrap();
            let unknown = minicbor::decode::<Payload>(&empty).is_err_and(|error| error.is_unknown_variant());
            assert_eq!(unknown, !Payload::KINDS.contains(&kind), "{kind}");
            assert_eq!(
                unknown,
                matches!(Payload::from_bytes(kind, &empty), Err(DecodeError::UnknownKind(_))),
                "{kind}"
            );
        }
    }
}
