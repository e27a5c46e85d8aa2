//! Finished cards and posts without the proof of how they came about: what a device that is new to a server is given in place
//! of years of operations. A signature, a hash and the place in a chain are most of an operation's bytes on the wire, and serve
//! whoever goes on from it; on a card that is published and was never in dispute nobody does.
//!
//! Such a card is there to be read. Whoever wants to act on one is given it whole first.

use minicbor::{Decoder, Encoder};

use crate::card::{Card, Line};
use crate::ids::{DeviceId, LineId, OpId, PersonId};
use crate::limits::LINES_PER_OPERATION_MAX;
use crate::op::{
    Appraisal, Body, CardKey, DecodeError, NewLine, Payload, Register, Target, VERSION, encode, malformed,
};
use crate::sorted_map::Map;
use crate::state::State;
use crate::time::{Hlc, Millis};

/// The state of one target as the fewest acts that lead to it.
///
/// As bytes a row without frame: the target, then for each act the number of its author among those named so far (and the
/// author's id, when new), minutes since 1970 by the author's clock, days from then to its arrival, [`Payload::kind`], and the
/// payload. Times are kept to the minute.
#[derive(Debug)]
pub struct Compacted {
    actors: Vec<PersonId>,
    acts: u64,
    bytes: Encoder<Vec<u8>>,
}

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

impl Compacted {
    fn new(target: &Target) -> Self {
        Self { actors: Vec::new(), acts: 0, bytes: Encoder::new(encode(target)) }
    }

    /// As sent and kept.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes.into_writer()
    }

    /// One operation on units, people, posts, options or work lists.
    #[must_use]
    pub fn of_body(body: &Body, received_at: Millis) -> Self {
        let mut compacted = Self::new(&body.target);
        compacted.push(body.actor, (body.hlc.at, Some(received_at)), body.kind, &body.payload);
        compacted
    }

    /// A card on which nothing is contested, as it stands. Drafts are left out, and so is what was replaced.
    #[must_use]
    pub fn of_card(key: &CardKey, card: &Card) -> Self {
        let mut compacted = Self::new(&Target::Card(key.clone()));
        let lines = card.lines();
        let renamed = compacted.push_lines(card, &lines);
        for line in &lines {
            if let (Some(new), Some(progress)) = (renamed.get(&line.id), line.progress) {
                let report = Payload::ReportProgress { line: *new, progress: progress.clone() };
                compacted.push_register(card, &Register::Progress(line.id), &report);
            }
        }
        if let Some(score) = card.self_score() {
            compacted.push_register(card, &Register::SelfScore, &Payload::SubmitSelfScore(score.clone()));
        }
        if let Some(appraisal) = card.appraisal() {
            let here = |(line, review): (&LineId, &_)| Some((*renamed.get(line)?, Clone::clone(review)));
            let reviews = appraisal.lines.iter().filter_map(here).collect();
            let appraisal = Appraisal { lines: reviews, ..appraisal.clone() };
            compacted.push_register(card, &Register::Appraisal, &Payload::Appraise(appraisal));
        }
        if let Some(approval) = card.approval() {
            compacted.push_register(card, &Register::Approval, &Payload::Approve(approval.clone()));
        }
        if let Some(publication) = card.publication() {
            compacted.push_register(card, &Register::Publication, &Payload::Publish(publication.clone()));
        }
        compacted
    }

    /// Puts the lines on, as many in one act as one person put on in one minute; gives their names here by those they had.
    fn push_lines(&mut self, card: &Card, lines: &[Line<'_>]) -> Map<LineId, LineId> {
        let mut renamed = Map::new();
        let mut open: Vec<NewLine> = Vec::new();
        let mut author = None;
        for line in lines {
            let Some(version) = card.current(&Register::Plan(line.id)) else { continue };
            // By when it was put on: a line that was revised later keeps its place.
            let added = card.added_at(line.id).unwrap_or(version.at);
            let by = (version.actor, added.at.0 / MINUTE_MS, version.received_at);
            if author.is_some_and(|author| author != by) || open.len() == LINES_PER_OPERATION_MAX {
                self.push_assigned(author, &mut open);
            }
            author = Some(by);
            let place = u8::try_from(open.len()).unwrap_or(u8::MAX);
            renamed.insert(line.id, LineId::new(op_at(self.acts), place));
            open.push(line.plan.clone());
        }
        self.push_assigned(author, &mut open);
        renamed
    }

    fn push_assigned(&mut self, author: Option<(PersonId, u64, Option<Millis>)>, lines: &mut Vec<NewLine>) {
        let Some((actor, minutes, received_at)) = author.filter(|_| !lines.is_empty()) else { return };
        let intent = Payload::AssignWork(core::mem::take(lines));
        let at = Millis(minutes.saturating_mul(MINUTE_MS));
        self.push(actor, (at, received_at), intent.kind(), &intent.to_bytes());
    }

    fn push_register(&mut self, card: &Card, register: &Register, intent: &Payload) {
        if let Some(version) = card.current(register) {
            self.push(version.actor, (version.at.at, version.received_at), intent.kind(), &intent.to_bytes());
        }
    }

    fn push(&mut self, actor: PersonId, (at, received_at): (Millis, Option<Millis>), kind: u16, payload: &[u8]) {
        let known = self.actors.iter().position(|known| *known == actor);
        let place = known.unwrap_or(self.actors.len());
        let new = if known.is_none() { encode(&actor) } else { Vec::new() };
        self.actors.extend(known.is_none().then_some(actor));
        self.acts += 1;
        let out = &mut self.bytes;
        // Writing to memory does not fail.
        let _ = out.u64(place as u64).map(|out| out.writer_mut().extend(new));
        let days_on_the_way = received_at.map_or(0, |arrived| day_number(arrived).saturating_sub(day_number(at)));
        let _ = out.u64(at.0 / MINUTE_MS).and_then(|out| out.u64(days_on_the_way));
        let _ = out.u16(kind).and_then(|out| out.bytes(payload));
    }
}

/// What is compacted, on its way into a state.
#[derive(Debug)]
pub struct Telling<'a> {
    /// What was acted on.
    pub target: Target,
    rest: Decoder<'a>,
}

impl<'a> Telling<'a> {
    /// Begins to read.
    ///
    /// # Errors
    /// When the bytes do not begin with a target.
    pub fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut rest = Decoder::new(bytes);
        let target = rest.decode().map_err(|error| malformed(&error))?;
        Ok(Self { target, rest })
    }

    /// Folds the acts. What this version does not know changes nothing, as with operations.
    ///
    /// # Errors
    /// When the bytes do not go on as they should; some acts may be folded then.
    pub fn fold(mut self, state: &mut State) -> Result<(), DecodeError> {
        let mut actors = Vec::new();
        let mut place = 0;
        while self.rest.position() < self.rest.input().len() {
            let (body, received_at) = self.next(&mut actors).map_err(|error| malformed(&error))?;
            state.apply(op_at(place), &body, Some(received_at));
            place += 1;
        }
        if let Target::Card(key) = &self.target {
            state.card_mut(key).compact();
        }
        Ok(())
    }

    /// The next act, and when it arrived: by the day, as the author's clock says it where that is the same day.
    fn next(&mut self, actors: &mut Vec<PersonId>) -> Result<(Body, Millis), minicbor::decode::Error> {
        let place = usize::try_from(self.rest.u64()?).unwrap_or(usize::MAX);
        if place == actors.len() {
            actors.push(self.rest.decode()?);
        }
        let actor = actors.get(place).copied().ok_or_else(|| minicbor::decode::Error::message("nobody"))?;
        let at = Millis(self.rest.u64()?.saturating_mul(MINUTE_MS));
        let received_at = Millis(at.0.saturating_add(self.rest.u64()?.saturating_mul(DAY_MS)));
        let body = Body {
            version: VERSION,
            kind: self.rest.u16()?,
            actor,
            device: DeviceId::from_bytes([0; 16]),
            epoch: 0,
            seq: 0,
            prev: None,
            target: self.target.clone(),
            base: Vec::new(),
            seen_seq: 0,
            pack: None,
            hlc: Hlc { at, counter: 0 },
            last_server_time: Millis(0),
            payload: self.rest.bytes()?.to_vec().into(),
            nonce: None,
        };
        Ok((body, received_at))
    }
}

/// The day in Vietnam, counted from 1970.
fn day_number(at: Millis) -> u64 {
    u64::try_from(at.day().0).unwrap_or_default()
}

/// What stands for the id of the act at a place of a card: no operation has it.
fn op_at(place: u64) -> OpId {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(place.to_be_bytes()) {
        *to = from;
    }
    OpId::from_bytes(bytes)
}
