//! Compacted cards and posts. A device that is new to a server receives finished cards and posts in this form instead
//! of years of operations. Signature, hash and place in the chain are most of an operation's bytes on the wire. They
//! are needed only to build on the operation, and nobody builds on a card that is published and was never in dispute.
//!
//! A compacted card can only be read. Whoever wants to act on one first receives all its operations.

use minicbor::{Decoder, Encoder};

use crate::card::{Card, Line, Value};
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
/// The bytes are a sequence without a frame: the target, then for each act the number of its author among those named
/// so far (and the author's id, when new), minutes since 1970 by the author's clock, days from then to its arrival,
/// [`Payload::kind`], and the payload. Times are kept to the minute.
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

    /// The bytes that are sent and kept.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes.into_writer()
    }

    /// One operation on units, people, posts, mandates, adoptions or work lists.
    #[must_use]
    pub fn of_body(body: &Body, received_at: Millis) -> Self {
        let mut compacted = Self::new(&body.target);
        compacted.push(body.actor, (body.hlc.at, Some(received_at)), body.kind, &body.payload);
        compacted
    }

    /// A card without contested registers, in its present state. Drafts and replaced versions are left out.
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
        for register in card.registers() {
            let value = card.current(register).map(|version| &version.value);
            match (register, value) {
                (Register::Appraisal(step), Some(Value::Appraisal(appraisal))) => {
                    let here = |(line, review): (&LineId, &_)| Some((*renamed.get(line)?, Clone::clone(review)));
                    let reviews = appraisal.lines.iter().filter_map(here).collect();
                    let appraisal = Appraisal { lines: reviews, ..appraisal.clone() };
                    compacted.push_register(card, register, &Payload::Appraise(*step, appraisal));
                }
                (Register::Approval(step), Some(Value::Approval(approval))) => {
                    compacted.push_register(card, register, &Payload::Approve(*step, approval.clone()));
                }
                _ => {}
            }
        }
        if let Some(publication) = card.publication() {
            compacted.push_register(card, &Register::Publication, &Payload::Publish(publication.clone()));
        }
        compacted
    }

    /// Adds the lines, with all lines that one person added in one minute in one act. Returns their new ids by their
    /// old ones.
    fn push_lines(&mut self, card: &Card, lines: &[Line<'_>]) -> Map<LineId, LineId> {
        let mut renamed = Map::new();
        let mut open: Vec<NewLine> = Vec::new();
        let mut author = None;
        for line in lines {
            let Some(version) = card.current(&Register::Plan(line.id)) else { continue };
            // The time when the line was added: a line that was revised later keeps its place.
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

/// Reads a compacted target into a state.
#[derive(Debug)]
pub struct CompactedReader<'a> {
    /// The target of the acts.
    pub target: Target,
    rest: Decoder<'a>,
}

impl<'a> CompactedReader<'a> {
    /// Starts to read.
    ///
    /// # Errors
    /// When the bytes do not begin with a target.
    pub fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut rest = Decoder::new(bytes);
        let target = rest.decode().map_err(|error| malformed(&error))?;
        Ok(Self { target, rest })
    }

    /// Folds the acts. Acts that this version does not know change nothing, as with operations.
    ///
    /// # Errors
    /// When the bytes are malformed after the target. Some acts may then be folded already.
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

    /// The next act and the time of its arrival. The arrival is known to the day; on the day of the act it is the time
    /// by the author's clock.
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

/// A placeholder for the id of the act at a place of a card. No operation has this id.
fn op_at(place: u64) -> OpId {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(place.to_be_bytes()) {
        *to = from;
    }
    OpId::from_bytes(bytes)
}
