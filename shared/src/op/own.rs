//! What a person writes on the own card, encoded without the encodings of everything else. The first part of the download
//! writes only this.

use minicbor::Encode;

use super::{CarriedLine, DraftValue, NewLine, Payload, Progress, SelfScore, encode};
use crate::ids::LineId;
use crate::sorted_map::Map;

/// These kinds of [`Payload`], with its numbers and in its encoding.
#[derive(Encode)]
enum OnOwnCard<'a> {
    #[n(20)]
    AssignWork(#[n(0)] &'a [NewLine]),
    #[n(21)]
    ReviseLine {
        #[n(0)]
        line: LineId,
        #[n(1)]
        plan: &'a NewLine,
    },
    #[n(22)]
    RemoveLine {
        #[n(0)]
        line: LineId,
        #[n(1)]
        reason: &'a str,
    },
    #[n(23)]
    ReportProgress {
        #[n(0)]
        line: LineId,
        #[n(1)]
        progress: &'a Progress,
    },
    #[n(24)]
    SaveDraft {
        #[n(0)]
        appraisal: bool,
        #[n(1)]
        fields: &'a Map<String, DraftValue>,
    },
    #[n(25)]
    CarryWork(#[n(0)] &'a [CarriedLine]),
    #[n(30)]
    SubmitSelfScore(#[n(0)] &'a SelfScore),
    #[n(31)]
    WithdrawSelfScore {
        #[n(0)]
        reason: &'a str,
    },
}

impl Payload {
    /// As [`Self::to_bytes`], for what a person does on the own card. Of other kinds nothing is written, which no judge
    /// admits.
    #[must_use]
    pub fn own_to_bytes(&self) -> Vec<u8> {
        let own = match self {
            Self::AssignWork(lines) => OnOwnCard::AssignWork(lines),
            Self::ReviseLine { line, plan } => OnOwnCard::ReviseLine { line: *line, plan },
            Self::RemoveLine { line, reason } => OnOwnCard::RemoveLine { line: *line, reason },
            Self::ReportProgress { line, progress } => OnOwnCard::ReportProgress { line: *line, progress },
            Self::SaveDraft { appraisal, fields } => OnOwnCard::SaveDraft { appraisal: *appraisal, fields },
            Self::CarryWork(lines) => OnOwnCard::CarryWork(lines),
            Self::SubmitSelfScore(score) => OnOwnCard::SubmitSelfScore(score),
            Self::WithdrawSelfScore { reason } => OnOwnCard::WithdrawSelfScore { reason },
            _ => return Vec::new(),
        };
        encode(&own)
    }
}
