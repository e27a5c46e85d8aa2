//! Which cards and posts the server sends compacted: finished cards, and the last word on each unit, person and post.

use crate::bug::{self, Bug};
use crate::ids::{MandateId, PersonId, PostId, UnitId};
use crate::op::kind::{self, Trace};
use crate::op::{Body, CardKey, Payload, Target, Verdict};
use crate::sorted_map::Map;
use crate::time::Day;

/// An operation that counts on a card, drafts left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct CardOperation {
    pub(super) server_seq: u64,
    kind: u16,
    contested: bool,
    /// Of this operation and those before it on the card.
    bytes: usize,
}

/// What a later operation replaces whole.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Subject {
    Unit(UnitId),
    Person(PersonId),
    Post(PostId),
    Adoption(UnitId, String, Day),
    Mandate(MandateId),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Compaction {
    cards: Map<CardKey, Vec<CardOperation>>,
    latest: Map<Subject, u64>,
}

impl Compaction {
    /// Notes an accepted or contested operation.
    pub(super) fn note(&mut self, server_seq: u64, body: &Body, bytes: usize, verdict: &Verdict) {
        match &body.target {
            Target::Card(_) if kind::is_draft(body.kind) => {}
            Target::Card(key) => {
                let contested = *verdict != Verdict::Accepted;
                let operations = self.cards.entry(key.clone()).or_default();
                let bytes = operations.last().map_or(0, |last| last.bytes).saturating_add(bytes);
                operations.push(CardOperation { server_seq, kind: body.kind, contested, bytes });
            }
            Target::Org => {
                if let Some(subject) = subject(body) {
                    self.latest.insert(subject, server_seq);
                }
            }
            Target::WorkList(_) | Target::UnitPeriod(_) => {}
        }
    }

    /// The operations on a card, in the order of the log.
    pub(super) fn of_card(&self, key: &CardKey) -> &[CardOperation] {
        self.cards.get(key).map_or(&[], Vec::as_slice)
    }

    /// Where a card was published that was finished at `snapshot_seq`: published last, never sent back, never in dispute.
    pub(super) fn published_at(&self, key: &CardKey, snapshot_seq: u64) -> Option<u64> {
        publication(self.of_card(key), snapshot_seq)
    }

    /// The cards that were finished at `snapshot_seq` and on which nothing happened since, with where they were published.
    pub(super) fn compacted(&self, snapshot_seq: u64) -> impl Iterator<Item = (u64, &CardKey)> {
        self.cards.iter().filter_map(move |(key, operations)| {
            let quiet = operations.last().is_some_and(|last| last.server_seq <= snapshot_seq);
            Some((publication(operations, snapshot_seq).filter(|_| quiet)?, key))
        })
    }

    /// Whether a card is still as it was when it was compacted.
    pub(super) fn is_quiet_since(&self, key: &CardKey, snapshot_seq: u64) -> bool {
        self.of_card(key).last().is_some_and(|last| last.server_seq <= snapshot_seq)
    }

    /// Whether a later operation says all that this one said. Only one up to `snapshot_seq` is sure to stay: a server restored while a
    /// copy is being made has lost what came after.
    pub(super) fn is_replaced(&self, server_seq: u64, body: &Body, snapshot_seq: u64) -> bool {
        let latest = subject(body).and_then(|subject| self.latest.get(&subject).copied());
        latest.is_some_and(|latest| latest > server_seq && latest <= snapshot_seq)
    }
}

/// Operations of a card that is compacted: where somebody goes on with it, they come in one answer, which must stay small
/// enough for a slow link.
const OPERATIONS_MAX: usize = 300;
/// Their bytes, for the same reason: an answer above what a device takes would stop it for good.
const CARD_BYTES_MAX: usize = 512 * 1024;

fn publication(operations: &[CardOperation], snapshot_seq: u64) -> Option<u64> {
    let count = Some(operations.partition_point(|one| one.server_seq <= snapshot_seq))
        .filter(|count| *count <= OPERATIONS_MAX)?;
    let (last, before) = operations.get(..count)?.split_last().filter(|(last, _)| last.bytes <= CARD_BYTES_MAX)?;
    // What was carried here and taken off or changed since is not carried once more: a compacted card would not know it.
    let carries = before.iter().any(|one| one.kind == kind::CARRY_WORK);
    let forgets = |one: &CardOperation| carries && kind::changes_plan(one.kind);
    let plain = |one: &CardOperation| {
        let told = kind::trace(one.kind) != Some(Trace::History) && !forgets(one);
        !one.contested && told || bug::is(Bug::CompactDisputed)
    };
    (kind::trace(last.kind) == Some(Trace::End) && plain(last) && before.iter().all(plain)).then_some(last.server_seq)
}

fn subject(body: &Body) -> Option<Subject> {
    match body.intent().ok()? {
        Payload::PutUnit(unit) => Some(Subject::Unit(unit.id)),
        Payload::PutPerson(person) => Some(Subject::Person(person.id)),
        Payload::PutPost(post) => Some(Subject::Post(post.id)),
        Payload::AdoptPack(adoption) => Some(Subject::Adoption(adoption.unit, adoption.id, adoption.from)),
        Payload::PutMandate(mandate) => Some(Subject::Mandate(mandate.id)),
        _ => None,
    }
}
