//! Cuts one exchange at every byte, in both directions, and cuts its storing between any two frames of the journal.
//! After each cut the device tries again. Then everything must be as if nothing had been cut: the same log, the same
//! verdicts, the same receipts, nothing lost and nothing twice.

mod found;

pub(crate) use found::found;

use shared::device_store::Record;
use shared::op::{SignedOperation, SignedReceipt};
use shared::sync::{SyncResponse, stored_receipt};
use shared::time::Millis;

use crate::proved::{Proved, on_all_cores};
use crate::rig::{BYTES_MAX, Rig, broken};
use crate::sim::bug::{Model, Seeded, is};
use crate::sim::device::{Fate, Taken};
use crate::sim::violation::{Checked, Violation, require};

/// The device whose exchange is cut.
pub(crate) const CUT: usize = 0;
/// How long after the cut the device tries again.
const AGAIN_MS: u64 = 61_000;
/// With an injected fault only one of this many places is cut.
const FEWER: usize = 7;
/// Injected faults that cuts must reveal.
const BUGS: [Seeded; 5] = [
    Seeded::Shared(shared::bug::Bug::DropReceipt),
    Seeded::Shared(shared::bug::Bug::TornAnswerCounts),
    Seeded::Model(Model::AcceptTruncated),
    Seeded::Model(Model::TwoPlaces),
    Seeded::Model(Model::NewReceipt),
];

/// Cuts this many exchanges. Every second one begins the copy anew, because the person's posts have changed.
#[must_use]
pub fn prove(seed: u64, exchanges: u64) -> Proved {
    let mut proved = Proved::default();
    for index in 0..exchanges {
        if let Ok(exchange) = Exchange::new(seed, index) {
            println!("exchange {index}: {exchange}");
        }
        proved = proved.with(on_all_cores(|share, shares| prove_share(seed, index, (share, shares), 1)));
    }
    proved
}

/// Checks that the injected faults that a cut can reveal are noticed.
pub fn notice_bugs(proved: &mut Proved, seed: u64) {
    let attempt = |share, shares| {
        let once = |index| prove_share(seed, index, (share, shares), FEWER);
        once(0).with(once(1))
    };
    proved.must_notice(&BUGS, || on_all_cores(attempt));
}

/// Cuts one exchange at every so many bytes.
#[must_use]
pub fn sample(seed: u64, step: usize) -> Proved {
    on_all_cores(|share, shares| prove_share(seed, 0, (share, shares), step))
}

fn prove_share(seed: u64, index: u64, share: (usize, usize), step: usize) -> Proved {
    match Exchange::new(seed, index) {
        Ok(exchange) => exchange.cut_everywhere(share, step),
        Err(violation) => {
            let failures = vec![format!("exchange {index} of seed {seed}: {violation}")];
            Proved { runs: 0, failures }
        }
    }
}

/// An exchange about to be made, and its outcome when it is not cut.
struct Exchange {
    before: Rig,
    sent: Vec<SignedOperation>,
    request: Vec<u8>,
    /// The server after the request arrived.
    after: Rig,
    answer: SyncResponse,
    frames: usize,
    log: Vec<String>,
}

impl core::fmt::Display for Exchange {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let answer = self.answer.to_bytes().len();
        write!(out, "a request of {} bytes with {} operations; ", self.request.len(), self.sent.len())?;
        write!(out, "an answer of {answer} bytes with {} entries, ", self.answer.entries.len())?;
        write!(out, "reset {}, kept in {} frames", self.answer.reset, self.frames)
    }
}

impl Exchange {
    fn new(seed: u64, index: u64) -> Checked<Self> {
        let mut before = found(seed, index)?;
        let request = before.request(CUT, BYTES_MAX)?;
        let bytes = request.to_bytes();
        let mut after = before.clone();
        let answer = after.arrive(CUT, &bytes)?.ok_or_else(|| broken("a whole request was not read".to_owned()))?;
        let mut whole = after.clone();
        let taken = whole.take(CUT, &request.operations, answer.to_bytes(), Fate::Sound)?;
        let Taken::Kept { absorbed, .. } = taken else { return Err(broken("a whole answer was not taken".to_owned())) };
        let frames = Vec::<Record>::from(&*absorbed).len();
        whole.heal()?;
        Ok(Self { before, sent: request.operations, request: bytes, after, answer, frames, log: told(&whole) })
    }

    /// Cuts at every place, or at one in so many. With several shares it takes only the places of one.
    fn cut_everywhere(&self, (share, shares): (usize, usize), step: usize) -> Proved {
        let mut proved = Proved::default();
        for place in (0..self.request.len()).skip(share).step_by(shares * step) {
            proved.count(words("request", place, self.cut_request(place)));
        }
        let answer = self.answer.to_bytes();
        for place in (0..answer.len()).skip(share).step_by(shares * step) {
            proved.count(words("answer", place, self.cut_answer(&answer, place)));
        }
        for frames in (0..=self.frames).skip(share).step_by(shares) {
            proved.count(words("frames of the answer", frames, self.cut_keeping(&answer, frames)));
        }
        proved
    }

    /// The server receives only the beginning of a request.
    fn cut_request(&self, place: usize) -> Checked {
        let mut rig = self.before.clone();
        let answer = rig.arrive(CUT, self.request.get(..place).unwrap_or_default())?;
        require(answer.is_none(), 5, || "a cut request was read".to_owned())?;
        require(told(&rig) == told(&self.before), 5, || "a cut request changed the log".to_owned())?;
        self.try_again(rig, place, &[])
    }

    /// The device receives only the beginning of an answer. Its request has arrived.
    fn cut_answer(&self, answer: &[u8], place: usize) -> Checked {
        let mut rig = self.after.clone();
        let mut bytes = answer.get(..place).unwrap_or_default().to_vec();
        if is(Model::AcceptTruncated) {
            let mut half = self.answer.clone();
            half.entries.truncate(half.entries.len() / 2);
            bytes = half.to_bytes();
        }
        let stored = rig.device(CUT)?.stored();
        let taken = rig.take(CUT, &self.sent, bytes, Fate::Sound)?;
        let refused = matches!(taken, Taken::Refused) || is(Model::AcceptTruncated);
        require(refused, 5, || format!("a cut answer: {taken:?}"))?;
        let kept = rig.device(CUT)?.stored();
        require(kept == stored || is(Model::AcceptTruncated), 5, || "a cut answer changed a store".to_owned())?;
        self.try_again(rig, place, &self.answer.receipts)
    }

    /// The device is killed when this many frames of the answer, and half of the next, are in its journal.
    fn cut_keeping(&self, answer: &[u8], frames: usize) -> Checked {
        let mut rig = self.after.clone();
        let hundredths = (frames * 100).div_ceil(self.frames.max(1));
        rig.take(CUT, &self.sent, answer.to_vec(), Fate::KilledAppending(hundredths))?;
        require(rig.device(CUT)?.session.is_none(), 1, || "a killed tablet is open".to_owned())?;
        self.try_again(rig, frames, &self.answer.receipts)
    }

    /// The device tries again over a working network. After every second cut it is first closed without notice and
    /// opened again.
    fn try_again(&self, mut rig: Rig, place: usize, given: &[SignedReceipt]) -> Checked {
        rig.now = Millis(rig.now.0.saturating_add(AGAIN_MS));
        if place.is_multiple_of(2) {
            rig.device(CUT)?.kill();
        }
        if rig.device(CUT)?.session.is_none() {
            rig.device(CUT)?.start(Fate::Sound);
        }
        rig.nothing_is_lost()?;
        rig.no_gap(CUT)?;
        rig.heal()?;
        require(told(&rig) == self.log, 2, || "the log differs from that of an exchange which was not cut".to_owned())?;
        receipts_are_the_offices(&rig)?;
        let kept = rig.device(CUT)?.stored().receipts;
        self.sent.iter().zip(given).try_for_each(|(operation, first)| {
            let again = kept.get(&operation.id()).and_then(|bytes| stored_receipt(bytes).ok());
            require(again == first.decode().ok(), 2, || {
                format!("{:?} got another receipt than at first", operation.id())
            })
        })
    }
}

/// Checks that the server has every receipt of the devices, with the same bytes.
fn receipts_are_the_offices(rig: &Rig) -> Checked {
    for device in &rig.devices {
        for (id, bytes) in &device.stored().receipts {
            let row = rig.server.log().iter().find(|row| row.id == *id);
            let same = row.is_none_or(|row| stored_receipt(bytes).ok() == row.receipt.decode().ok());
            require(same, 2, || format!("the receipt for {id:?} is not the office's"))?;
        }
    }
    Ok(())
}

/// The server's log in words: its operations, their order and their verdicts.
fn told(rig: &Rig) -> Vec<String> {
    rig.server.log().iter().map(|row| format!("{:?} {}", row.id, row.verdict.word())).collect()
}

fn words(what: &str, place: usize, outcome: Result<(), Violation>) -> Result<(), String> {
    outcome.map_err(|violation| format!("{what} cut at {place}: {violation}"))
}
