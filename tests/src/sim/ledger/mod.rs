//! The record of an independent witness next to the server, with which server and devices are compared.

mod authority;
mod claims;
mod registers;

use std::collections::{BTreeMap, BTreeSet};

use shared::card::Card;
use shared::ids::{OpId, PersonId};
use shared::op::{
    Appraisal, Body, CardKey, ChainKey, Payload, Register, SignedOperation, SignedReceipt, Stage, Target, Verdict,
};
use shared::org::Org;
use shared::sorted_map::Map;
use shared::state::State;
use shared::sync::{Decision, KeyCheck, Place, Replica};
use shared::time::Millis;

use authority::Place as Stand;
pub(crate) use authority::{Scene, may_read};
use claims::Planners;
use registers::Shadow;

use super::violation::{Checked, Violation, require};

/// What is known about an operation in the log.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// The person who acted.
    pub(crate) actor: PersonId,
    /// The kind of intent.
    pub(crate) kind: u16,
    /// The card, if any.
    pub(crate) card: Option<CardKey>,
    /// Its server sequence.
    pub(crate) server_seq: u64,
    /// The verdict.
    pub(crate) verdict: Verdict,
}

/// The witness's record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    log: BTreeMap<OpId, Known>,
    chains: BTreeMap<ChainKey, (u64, Option<OpId>)>,
    cards: BTreeMap<CardKey, Shadow>,
    planners: BTreeMap<CardKey, Planners>,
    receipts: BTreeMap<OpId, Vec<u8>>,
    /// The numbers of operations accepted, contested, refused, and kept outside the log.
    pub(crate) counts: [usize; 4],
}

/// The state with which a judgement is compared.
#[derive(Clone, Debug)]
pub(crate) struct Before {
    stage: Stage,
    stand: Option<Stand>,
    org: Option<Org>,
}

impl Ledger {
    /// The state before an operation is judged.
    #[must_use]
    pub(crate) fn stage_before(&self, operation: &SignedOperation, state: &State) -> Before {
        let body = operation.decode().ok();
        let card = body.as_ref().and_then(|body| self.cards.get(body.card()?));
        let stand = body.as_ref().and_then(|body| authority::place_of(state, body.card()?));
        let org = body.filter(|body| body.target == Target::Org).map(|_| state.org.clone());
        Before { stage: card.map_or(Stage::Working, Shadow::stage), stand, org }
    }

    /// The record of an operation of the log.
    #[must_use]
    pub(crate) fn known(&self, id: OpId) -> Option<&Known> {
        self.log.get(&id)
    }

    /// Checks a verdict right after it was folded.
    ///
    /// # Errors
    /// A broken invariant.
    pub(crate) fn judged(
        &mut self,
        operation: &SignedOperation,
        key: KeyCheck,
        decision: &Decision,
        before: &Before,
        state: &State,
    ) -> Checked {
        let (id, verdict) = (decision.receipt.op, &decision.receipt.verdict);
        let Place::Log(server_seq) = decision.place else {
            self.count(3);
            return Ok(());
        };
        require(decision.receipt.server_seq == server_seq, 2, || "the receipt names another place".to_owned())?;
        let body = operation.decode().map_err(|error| broken(9, &error))?;
        let chain = self.chains.entry(body.chain()).or_default();
        let next = (chain.0 + 1, chain.1);
        require((body.seq, body.prev) == next, 2, || {
            format!("the chain is at {}, in the log came {}", chain.0, body.seq)
        })?;
        *chain = (body.seq, Some(id));
        let card = body.card().cloned();
        let known = Known { actor: body.actor, kind: body.kind, card, server_seq, verdict: verdict.clone() };
        let twice = self.log.insert(id, known).is_some();
        require(!twice, 2, || format!("{id:?} has two places in the log"))?;
        require(key == KeyCheck::Verified, 4, || format!("{id:?} is in the log with {key:?}"))?;
        let place = if verdict.counts() { usize::from(*verdict != Verdict::Accepted) } else { 2 };
        self.count(place);
        if verdict.counts() {
            let intent = body.intent().map_err(|error| broken(9, &error))?;
            let org = before.org.as_ref().unwrap_or(&state.org);
            let at = (before.stand, before.stage);
            let entitled = authority::may_do(org, &body, &intent, at, decision.receipt.received_at);
            require(entitled, 4, || format!("kind {} by {} accepted without authority", body.kind, body.actor))?;
            self.may_be_scored(&body, &intent, org, decision.receipt.received_at)?;
            return self.folded(id, &body, &intent, verdict, before.stage, state);
        }
        let told = body.card().and_then(|key| state.card(key)).and_then(|card| card.history().last());
        require(told.is_none_or(|event| event.op != id), 3, || format!("{} had an effect", verdict.word()))
    }

    fn count(&mut self, place: usize) {
        self.counts.get_mut(place).into_iter().for_each(|count| *count += 1);
    }

    /// Checks that nobody is scored without a self-score while one may still come.
    fn may_be_scored(&self, body: &Body, intent: &Payload, org: &Org, arrived: Millis) -> Checked {
        let (Payload::Appraise(..), Some(key)) = (intent, body.card()) else { return Ok(()) };
        let waits = !self.cards.get(key).is_some_and(Shadow::is_self_scored);
        require(!waits || authority::is_over(org, key, arrived.day()), 3, || format!("{key} was scored too early"))
    }

    fn folded(
        &mut self,
        id: OpId,
        body: &Body,
        intent: &Payload,
        verdict: &Verdict,
        stage: Stage,
        state: &State,
    ) -> Checked {
        let Some(key) = body.card() else { return Ok(()) };
        let planners = self.planners.entry(key.clone()).or_default();
        planners.may_change(key, body, intent)?;
        planners.take(id, body, intent);
        planners.only_confirmed_counts(key, intent, state)?;
        let shadow = self.cards.entry(key.clone()).or_default();
        shadow.may_go_on(body, intent)?;
        shadow.take(id, body, intent, verdict, state.card(key))?;
        let reason = match intent {
            Payload::ReturnCard { reason, .. }
            | Payload::WithdrawSelfScore { reason }
            | Payload::LiftAbsence { reason }
            | Payload::Resolve { reason, .. } => reason.trim(),
            _ => "",
        };
        let back = shadow.stage() < stage;
        require(!back || !reason.is_empty(), 7, || {
            format!("from {stage:?} to {:?} by kind {} without a reason", shadow.stage(), body.kind)
        })
    }

    /// Checks that a receipt of the log is the same whenever it is asked for.
    ///
    /// # Errors
    /// A broken invariant.
    pub(crate) fn answered(&mut self, id: OpId, receipt: &SignedReceipt) -> Checked {
        let decoded = receipt.decode().map_err(|error| broken(1, &error))?;
        if decoded.server_seq == 0 {
            return Ok(());
        }
        let first = self.receipts.entry(id).or_insert_with(|| receipt.receipt.clone());
        require(*first == receipt.receipt, 2, || format!("{id:?} got two different receipts"))
    }

    /// Checks whether a reader may have the operation with an id of the log.
    ///
    /// # Errors
    /// Bytes outside the reader's entitlement.
    pub(crate) fn may_hold(&self, scene: &Scene, reader: PersonId, id: OpId) -> Checked {
        let known = self.log.get(&id);
        let entitled = known.is_some_and(|known| authority::may_hold(scene, reader, known));
        require(entitled, 4, || format!("{reader} holds {id:?} and may not: {known:?}"))
    }

    /// Checks that no operation appears twice in a card's history.
    ///
    /// # Errors
    /// One that does.
    pub(crate) fn told_once(state: &State) -> Checked {
        state.cards().try_for_each(|(key, card)| {
            let once: BTreeSet<OpId> = card.history().iter().map(|event| event.op).collect();
            require(once.len() == card.history().len(), 2, || format!("{key}: an operation was folded twice"))
        })
    }

    /// Compares whole cards with the record: all of the server's cards, and of a reader's cards those that the reader
    /// may see.
    ///
    /// # Errors
    /// A register or a history that differs.
    pub(crate) fn compare(&self, state: &State) -> Checked {
        self.cards.iter().try_for_each(|(key, shadow)| shadow.compare_card(key, state.card(key), 3, true))
    }

    /// Compares what a device shows. Compacted cards are compared by their content, because they name no operations.
    /// The server's state decides which cards those are: a device without a decision does not know the seat that the
    /// decision gives.
    ///
    /// # Errors
    /// A register, a history or a text that differs.
    pub(crate) fn compare_device(&self, device: &Replica, office: &State) -> Checked {
        let (view, scene) = (device.view(), Scene::of(office));
        for (key, shadow) in self.cards.iter().filter(|(key, _)| may_read(&scene, device.person(), key)) {
            if device.is_compacted(key) {
                let same = says_the_same(view.card(key), office.card(key));
                require(same, 5, || format!("{key} compacted says something else"))?;
            } else {
                shadow.compare_card(key, view.card(key), 5, false)?;
            }
        }
        Ok(())
    }
}

/// Whether two cards show a reader the same, whatever the ids of their lines are.
fn says_the_same(here: Option<&Card>, there: Option<&Card>) -> bool {
    let (Some(here), Some(there)) = (here, there) else { return false };
    let lines = |card: &Card| -> Vec<_> {
        let lines = card.lines().into_iter();
        lines.map(|it| (it.plan.clone(), it.assigned_by, it.progress.cloned(), it.review.cloned())).collect()
    };
    // Within a minute the order is by names, which differ.
    let same_lines = |mut here: Vec<_>, there: Vec<_>| {
        let found = there.iter().all(|line| {
            let place = here.iter().position(|other| other == line);
            place.map(|place| here.swap_remove(place)).is_some()
        });
        found && here.is_empty()
    };
    let unnamed = |card: &Card| {
        let appraisal = card.appraisal().cloned().map(|it| Appraisal { lines: Map::new(), ..it });
        let disputed = card.contested().into_iter().filter(|register| !matches!(register, Register::Draft(_)));
        let disputes = (card.returns().len(), disputed.count());
        let decided = (card.approval().cloned(), card.publication().cloned());
        (card.stage(), disputes, card.self_score().cloned(), appraisal, decided)
    };
    same_lines(lines(here), lines(there)) && unnamed(here) == unnamed(there)
}

fn broken(invariant: u8, error: &shared::op::DecodeError) -> Violation {
    Violation { invariant, what: format!("unreadable: {error}") }
}
