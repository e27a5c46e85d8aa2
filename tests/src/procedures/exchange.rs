//! The same life with a tablet for each person and a server that merges: both halves of the real exchange, without a network
//! that fails, which `sim` has. People act on what their tablet shows, so acts meet that had not seen each other.

use shared::card::Card;
use shared::ids::{DeviceId, LineId, OpId, PersonId};
use shared::op::{Body, CardKey, Payload, Receipt, Register, SignedOperation, SignedReceipt, Stage, Target, VERSION};
use shared::pack::{Step, Verb};
use shared::state::State;
use shared::sync::{CompactedReader, Contact, KeyCheck, LogEntry, LogState, Place, Replica, SyncRequest, SyncResponse};
use shared::time::{Day, Hlc, Millis};

use super::acts::{Sight, called};
use super::counts::Counts;
use super::life::{Open, asked_for, founding, key, morning, open_steps};
use super::oracle::{Deed, Leaves, Record, Rules, Why, is_panel, leaves};
use crate::random::Draw;
use crate::whose;

/// Bytes that an exchange carries, so that some answers come in pieces.
const EXCHANGE_BYTES: usize = 6_000;
/// Exchanges of one contact at most.
const EXCHANGES_MAX: usize = 200;
/// Acts that lead one card to its end at most.
const STEPS_TO_END_MAX: usize = 100;
const HOUR_MS: u64 = 3_600_000;

/// The server with its log, and the tablets.
pub(super) struct Exchange<'a> {
    draw: Draw,
    rules: Rules<'a>,
    server: LogState,
    log: Vec<SignedOperation>,
    tablets: Vec<Replica>,
    now: Millis,
    pub(super) counts: Counts,
}

/// Nothing here can be forged, so a signature only has to be there.
fn signed(body: &Body) -> SignedOperation {
    SignedOperation { body: body.to_bytes(), signature: vec![0; 64] }
}

impl<'a> Exchange<'a> {
    /// The office with a tablet for each person, none of which has met the server.
    ///
    /// # Errors
    /// When an act by which the office comes into being does not count.
    pub(super) fn new(draw: Draw, rules: Rules<'a>) -> Result<Self, String> {
        let office = rules.office;
        let tablet = |(n, person): (u8, PersonId)| Replica::new(person, DeviceId::from_bytes([100 + n; 16]), 1);
        let tablets = (0..).zip(office.people.iter().map(|person| person.id)).map(tablet).collect();
        let now = morning(office.period.first_day());
        let (server, log, counts) = (LogState::new(), Vec::new(), Counts::default());
        let mut exchange = Self { draw, rules, server, log, tablets, now, counts };
        let mut last: (u64, Option<OpId>) = (0, None);
        for payload in founding(office) {
            let body = chained(PersonId::SYSTEM, DeviceId::from_bytes([99; 16]), last, Target::Org, &payload, now);
            let operation = signed(&body);
            last = (body.seq, Some(operation.id()));
            exchange.receive(&operation)?;
        }
        Ok(exchange)
    }

    /// People act on their tablets, entitled or not, and meet the server now and then.
    ///
    /// # Errors
    /// What was found otherwise than the rules say.
    pub(super) fn live(&mut self, acts: usize) -> Result<(), String> {
        for _ in 0..acts {
            self.now = Millis(self.now.0 + HOUR_MS * self.draw.below(40) as u64 + 60_000);
            let tablet = self.draw.below(self.tablets.len());
            if self.draw.chance(30) {
                self.meet(tablet)?;
            } else {
                self.act(tablet)?;
            }
        }
        self.everybody_meets()
    }

    fn act(&mut self, tablet: usize) -> Result<(), String> {
        let (mut draw, office) = (self.draw.clone(), self.rules.office);
        let Some(replica) = self.tablets.get_mut(tablet) else { return Ok(()) };
        let (actor, day) = (replica.person(), self.now.day());
        let Some(subject) = draw.pick(&office.people).map(|person| person.id) else { return Ok(()) };
        let key = key(office, subject);
        let mut open = open_steps(replica.view(), office, subject, day);
        open.retain(|one| one.actors.contains(&actor));
        let sight = Sight { state: replica.view(), pack: office.pack, key: &key };
        let wanted = draw.pick(&open).map(|one| Open { actors: vec![actor], ..*one });
        let wanted = wanted.filter(|_| draw.chance(80)).and_then(|step| asked_for(sight, &mut draw, &step));
        let payload = wanted.unwrap_or_else(|| sight.anything(&mut draw));
        let forced = draw.chance(15);
        self.draw = draw;
        match replica.prepare(Target::Card(key.clone()), &payload, None, self.now) {
            Ok(body) => keep(replica, &body),
            // A tablet that judges nothing before it signs. The server has to.
            Err(_) if forced => {
                let body = unjudged(replica, tablet, Target::Card(key.clone()), &payload, self.now);
                keep(replica, &body)
            }
            Err(_) => Ok(()),
        }
    }

    /// The server takes an operation. What counts must be by somebody whom a rule names, at a time at which what comes before
    /// it was there.
    fn receive(&mut self, operation: &SignedOperation) -> Result<SignedReceipt, String> {
        let body = operation.decode().map_err(|error| error.to_string())?;
        let before = body.card().and_then(|key| self.server.state().card(key)).cloned().unwrap_or_default();
        let decision = self.server.receive(operation, KeyCheck::Verified, self.now);
        if let Place::Log(_) = decision.place {
            self.log.push(operation.clone());
        }
        let counts = decision.receipt.verdict.counts();
        if body.actor == PersonId::SYSTEM && !counts {
            return Err(format!("the office could not be founded: {:?}", decision.receipt.verdict.refusal()));
        }
        if let (true, Target::Card(key)) = (counts, &body.target) {
            self.rests_on_rules(&before, key, &body)?;
        }
        if body.card().is_some() {
            if counts { self.counts.counted += 1 } else { self.counts.refused += 1 }
        }
        Ok(receipt(&decision.receipt))
    }

    fn rests_on_rules(&self, before: &Card, key: &CardKey, body: &Body) -> Result<(), String> {
        let payload = body.intent().map_err(|error| error.to_string())?;
        let deed = Deed { subject: whose(key), actor: body.actor, payload: &payload, day: self.now.day() };
        let record = Record::of(before, self.rules);
        let chooses = matches!(payload, Payload::Resolve { .. });
        let told = || format!("{} on {}", called(&payload, whose(key), body.actor), self.now.day());
        if !chooses && !record.is_entitled(self.rules, deed) {
            return Err(format!("{}: it counts at the server, and no rule names the author", told()));
        }
        if !record.is_prepared(self.rules, deed) {
            return Err(format!("{}: it counts at the server, and something before it is missing", told()));
        }
        Ok(())
    }

    /// One contact of a tablet, until nothing is left.
    ///
    /// # Errors
    /// What the server accepted or sent against the rules; a contact that does not end.
    fn meet(&mut self, tablet: usize) -> Result<(), String> {
        for _ in 0..EXCHANGES_MAX {
            let Some(replica) = self.tablets.get(tablet) else { return Ok(()) };
            let (reader, request) = (replica.person(), replica.request(EXCHANGE_BYTES));
            let receipts: Result<Vec<SignedReceipt>, String> =
                request.operations.iter().map(|operation| self.receive(operation)).collect();
            let response = self.answer(reader, &request, receipts?);
            response.entries.iter().try_for_each(|entry| self.may_have(reader, entry))?;
            let Some(replica) = self.tablets.get_mut(tablet) else { return Ok(()) };
            replica.absorb(&response, self.now).map_err(|error| format!("a tablet refused an answer: {error:?}"))?;
            if !response.more && !replica.unsent().any(shared::sync::OwnOperation::awaits_answer) {
                return Ok(());
            }
        }
        Err(format!("tablet {tablet} never comes to an end"))
    }

    fn answer(&self, reader: PersonId, request: &SyncRequest, receipts: Vec<SignedReceipt>) -> SyncResponse {
        let contact = Contact { now: self.now, safe: 0, turn: self.now.0 / 60_000, bytes_max: EXCHANGE_BYTES };
        let (rows, response) = self.server.answer(reader, request, contact);
        let entries = rows.into_iter().map(|row| {
            let place = usize::try_from(row.server_seq.saturating_sub(1)).unwrap_or(usize::MAX);
            row.clone().entry(self.log.get(place).cloned())
        });
        SyncResponse { receipts, entries: entries.collect(), ..response }
    }

    /// Whether the rules give an entry to a reader: of a card that the reader may read, or an act of the reader's own.
    fn may_have(&self, reader: PersonId, entry: &LogEntry) -> Result<(), String> {
        let (target, author) = match (&entry.operation, &entry.compacted) {
            (Some(operation), _) => {
                let body = operation.decode().map_err(|error| error.to_string())?;
                if self.is_of_given_work(reader, &body) {
                    return Ok(());
                }
                (Some(body.target), Some(body.actor))
            }
            (None, Some(bytes)) => {
                let compacted = CompactedReader::new(bytes).map_err(|error| error.to_string())?;
                (Some(compacted.target), None)
            }
            (None, None) => (None, None),
        };
        match target {
            Some(Target::Card(key)) if author != Some(reader) && !self.rules.reads(reader, whose(&key)) => {
                Err(format!("{reader} got an entry of the card of {}", whose(&key)))
            }
            _ => Ok(()),
        }
    }

    /// Whoever gave a line of work, and still gives or evaluates some, has what becomes of it.
    fn is_of_given_work(&self, reader: PersonId, body: &Body) -> bool {
        let Target::Card(key) = &body.target else { return false };
        let record = self.record(key);
        let gave = |line: &LineId| record.gave(reader, *line);
        let about = match body.intent() {
            Ok(Payload::ReportProgress { line, .. } | Payload::ReviseLine { line, .. }) => gave(&line),
            Ok(Payload::EvaluateLines(_, findings)) => findings.keys().all(gave),
            Ok(Payload::Resolve {
                register: Register::Plan(line) | Register::Progress(line) | Register::Finding(_, line),
                ..
            }) => gave(&line),
            _ => false,
        };
        about && record.gave_and_may(self.rules, whose(key), reader)
    }

    fn everybody_meets(&mut self) -> Result<(), String> {
        // Those who met the server first have not seen what the others brought.
        for _ in 0..2 {
            (0..self.tablets.len()).try_for_each(|tablet| self.meet(tablet))?;
        }
        Ok(())
    }

    /// Leads every card to its end, each act on the tablet of whoever does it.
    ///
    /// # Errors
    /// A card that is stuck although nobody is missing; an act that is open at the server and refused on a tablet; a tablet
    /// that shows another card than the server.
    pub(super) fn end(&mut self, lacks: impl Fn(PersonId, &Step) -> bool) -> Result<(), String> {
        self.now = Millis(self.now.0.max(morning(Day(self.rules.day().0 + 45)).0));
        let (rules, people) = (self.rules, self.rules.office.people.iter().map(|person| person.id));
        for subject in people.filter(|person| rules.has_card(*person)) {
            if self.lead_to_end(subject)? {
                self.counts.ended += 1;
            } else if self.record(&key(rules.office, subject)).waits_for_nobody(rules, subject, &lacks) {
                self.counts.without_actor += 1;
            } else {
                return Err(format!("the card of {subject} is stuck at the server, and nobody is missing"));
            }
        }
        self.everybody_meets()?;
        self.all_agree()
    }

    fn state(&self) -> &State {
        self.server.state()
    }

    fn record(&self, key: &CardKey) -> Record {
        let empty = Card::default();
        Record::of(self.state().card(key).unwrap_or(&empty), self.rules)
    }

    fn lead_to_end(&mut self, subject: PersonId) -> Result<bool, String> {
        let key = key(self.rules.office, subject);
        for _ in 0..STEPS_TO_END_MAX {
            self.now = Millis(self.now.0 + 60_000);
            if let Some(payload) = self.choice(&key) {
                self.by_anybody(&key, &payload)?;
                continue;
            }
            let record = self.record(&key);
            if record.is_at_end(self.rules, subject) {
                if self.said_afterwards(&key, &record)? {
                    continue;
                }
                return Ok(true);
            }
            if record.lacks_evidence(self.rules, subject) && self.begin_anew(&key, &record)? {
                continue;
            }
            let mut draw = self.draw.clone();
            let mut open = open_steps(self.state(), self.rules.office, subject, self.now.day());
            open.retain(|one| record.is_asked(self.rules, subject, (one.place.0, one.step)));
            let Some(step) = draw.pick(&open) else { return Ok(false) };
            let Some(actor) = draw.pick(&step.actors).copied() else { return Ok(false) };
            let step = Open { actors: vec![actor], ..*step };
            let sight = Sight { state: self.state(), pack: self.rules.office.pack, key: &key };
            let payload = asked_for(sight, &mut draw, &step);
            self.draw = draw;
            let payload = payload.ok_or_else(|| format!("step {} of {subject} asks for nothing", step.place))?;
            let deed = Deed { subject, actor, payload: &payload, day: self.now.day() };
            let closes = is_panel(step.step) && matches!(payload, Payload::Appraise(..));
            if closes && record.counts(self.rules, deed) == Err(Why::Content) {
                self.mark_anew(&key, &step)?;
                continue;
            }
            if !self.on_tablet(actor, &key, &payload)? {
                return Err(format!("{}: open at the server, refused on the tablet", called(&payload, subject, actor)));
            }
        }
        Err(format!("the card of {subject} goes on without an end"))
    }

    /// Somebody says what is asked for once the result is known, and the person objects once. False when nobody does.
    fn said_afterwards(&mut self, key: &CardKey, record: &Record) -> Result<bool, String> {
        let mut draw = self.draw.clone();
        let objects = record.said.is_empty() && draw.chance(60);
        let mut open = open_steps(self.state(), self.rules.office, whose(key), self.now.day());
        open.retain(|one| {
            let asked = record.is_asked(self.rules, whose(key), (one.place.0, one.step));
            leaves(one.step) == Leaves::Said && (asked || objects && one.step.verb == Verb::Object)
        });
        let sight = Sight { state: self.state(), pack: self.rules.office.pack, key };
        let said = draw.pick(&open).and_then(|step| {
            let actor = step.actors.first().copied()?;
            Some((actor, sight.said(&mut draw, step.place, step.step)?))
        });
        self.draw = draw;
        let Some((actor, payload)) = said else { return Ok(false) };
        if self.on_tablet(actor, key, &payload)? {
            return Ok(true);
        }
        Err(format!("{}: open at the server, refused on the tablet", called(&payload, whose(key), actor)))
    }

    /// Every member of a team marks anew, with all that a result needs.
    fn mark_anew(&mut self, key: &CardKey, open: &Open) -> Result<(), String> {
        for member in self.rules.actors(open.step, whose(key)) {
            let mut draw = self.draw.clone();
            let sight = Sight { state: self.state(), pack: self.rules.office.pack, key };
            let payload = sight.slot_in_full(&mut draw, open.place);
            self.draw = draw;
            if !self.on_tablet(member, key, &payload)? {
                return Err(format!("{}: a member may mark anew", called(&payload, whose(key), member)));
            }
        }
        Ok(())
    }

    /// The choice between two versions of a place of a card, if somebody has to make one. Drafts of two people never meet on a
    /// tablet.
    fn choice(&self, key: &CardKey) -> Option<Payload> {
        let card = self.state().card(key)?;
        let register = card.contested().into_iter().find(|register| !matches!(register, Register::Draft(_)))?;
        let choice = card.heads(&register).next()?;
        Some(Payload::Resolve { register, choice, reason: "vì thế".to_owned() })
    }

    /// Whoever may does it.
    fn by_anybody(&mut self, key: &CardKey, payload: &Payload) -> Result<(), String> {
        let (rules, people) = (self.rules, self.rules.office.people.iter().map(|person| person.id));
        for actor in people.filter(|actor| rules.reads(*actor, whose(key))) {
            if self.on_tablet(actor, key, payload)? {
                return Ok(());
            }
        }
        Err(format!("nobody may do it: {}", called(payload, whose(key), whose(key))))
    }

    /// Sends a card back to its beginning and puts work on it. False when nobody may.
    fn begin_anew(&mut self, key: &CardKey, record: &Record) -> Result<bool, String> {
        let subject = whose(key);
        if record.stage() == Stage::Working {
            let sight = Sight { state: self.state(), pack: self.rules.office.pack, key };
            let payload = sight.plan();
            return self.on_tablet(subject, key, &payload);
        }
        let payload = Payload::ReturnCard { to: Stage::Working, reason: "vì thế".to_owned() };
        let deed = |actor| Deed { subject, actor, payload: &payload, day: self.now.day() };
        let people = self.rules.office.people.iter().map(|person| person.id);
        let mut entitled = people.filter(|actor| record.counts(self.rules, deed(*actor)).is_ok());
        match entitled.next() {
            Some(actor) => self.on_tablet(actor, key, &payload),
            None => Ok(false),
        }
    }

    /// Somebody acts on the own tablet, between two contacts. False when the tablet refuses.
    fn on_tablet(&mut self, actor: PersonId, key: &CardKey, payload: &Payload) -> Result<bool, String> {
        let Some(tablet) = self.tablets.iter().position(|replica| replica.person() == actor) else { return Ok(false) };
        self.meet(tablet)?;
        let Some(replica) = self.tablets.get_mut(tablet) else { return Ok(false) };
        if replica.is_compacted(key) {
            replica.want(key);
            self.meet(tablet)?;
        }
        let Some(replica) = self.tablets.get_mut(tablet) else { return Ok(false) };
        let target = Target::Card(key.clone());
        // The tablet of somebody who only gave work does not have the card, and leaves it to the server what comes before.
        let blind = matches!(payload, Payload::EvaluateLines(..)) && !self.rules.reads(actor, whose(key));
        let body = match replica.prepare(target.clone(), payload, None, self.now) {
            Ok(body) => body,
            Err(_) if blind => unjudged(replica, tablet, target, payload, self.now),
            Err(_) => return Ok(false),
        };
        keep(replica, &body)?;
        self.meet(tablet)?;
        Ok(true)
    }

    /// Every tablet shows the cards that its person may read as the server has them, and of the others nothing.
    fn all_agree(&self) -> Result<(), String> {
        for replica in &self.tablets {
            let (reader, view) = (replica.person(), replica.view());
            for (key, card) in self.state().cards() {
                let own = card.history().iter().any(|event| event.actor == reader);
                let reads = self.rules.reads(reader, whose(key));
                if reads && !replica.is_compacted(key) && view.card_hash(key) != self.state().card_hash(key) {
                    return Err(format!("the tablet of {reader} shows another card of {}", whose(key)));
                }
                let drafted = view.card(key).is_none_or(|card| card.history().is_empty());
                if !reads && !own && !drafted {
                    return Err(format!("the tablet of {reader} shows the card of {}", whose(key)));
                }
            }
        }
        Ok(())
    }
}

fn keep(replica: &mut Replica, body: &Body) -> Result<(), String> {
    replica.append(signed(body)).map(drop).map_err(|error| error.to_string())
}

fn receipt(receipt: &Receipt) -> SignedReceipt {
    SignedReceipt { receipt: receipt.to_bytes(), signature: vec![0; 64] }
}

/// What a tablet signs that judges nothing.
fn unjudged(replica: &Replica, tablet: usize, target: Target, payload: &Payload, now: Millis) -> Body {
    let last = replica.own().last().map(|own| (own.body.seq, Some(own.id))).unwrap_or_default();
    let device = replica.own().next().map(|own| own.body.device);
    let device = device.unwrap_or_else(|| DeviceId::from_bytes([100 + u8::try_from(tablet).unwrap_or(0); 16]));
    let mut body = chained(replica.person(), device, last, target, payload, now);
    body.base = replica.view().base_on(&body.target, payload);
    body
}

/// The next act of a chain, judged by nobody.
fn chained(
    actor: PersonId,
    device: DeviceId,
    (seq, prev): (u64, Option<OpId>),
    target: Target,
    payload: &Payload,
    now: Millis,
) -> Body {
    Body {
        version: VERSION,
        kind: payload.kind(),
        actor,
        device,
        epoch: 1,
        seq: seq + 1,
        prev,
        target,
        base: Vec::new(),
        seen_seq: 0,
        hlc: Hlc { at: now, counter: 0 },
        last_server_time: now,
        payload: payload.to_bytes().into(),
        nonce: None,
    }
}
