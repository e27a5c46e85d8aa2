//! Queries on the state of the person's own operations on this device.

use super::Replica;
use crate::op::{Body, CardKey, Target};
use crate::sync::fate::{Attention, CardSync, OwnOperation};

impl Replica {
    /// Own operations the server does not have yet, oldest first.
    pub fn unsent(&self) -> impl Iterator<Item = &OwnOperation> {
        self.own.values().filter(|own| own.is_unsent())
    }

    /// All own operations, by epoch and place.
    pub fn own(&self) -> impl Iterator<Item = &OwnOperation> {
        self.own.values()
    }

    /// The acts of forked chains that were not yet repeated in the chain of this epoch.
    #[must_use]
    pub fn forked(&self) -> Vec<Body> {
        let due =
            self.own.values().filter(|own| own.is_forked() && own.body.epoch < self.epoch && !self.is_repeated(own));
        due.map(|own| own.body.clone()).collect()
    }

    /// Whether an operation of a forked chain was repeated in a later epoch.
    fn is_repeated(&self, forked: &OwnOperation) -> bool {
        let Body { epoch, kind, target, payload, .. } = &forked.body;
        let same = |body: &Body| body.kind == *kind && body.target == *target && body.payload == *payload;
        forked.is_forked() && self.own.values().any(|own| own.body.epoch > *epoch && same(&own.body))
    }

    /// Everything that needs the person's attention.
    #[must_use]
    pub fn attention(&self) -> Vec<Attention> {
        let refused = self.own.values().filter(|own| !self.is_repeated(own)).filter_map(|own| {
            let verdict = own.receipt.as_ref().map(|receipt| &receipt.verdict).filter(|verdict| !verdict.counts())?;
            Some(Attention::Refused {
                op: own.id,
                target: own.body.target.clone(),
                kind: own.body.kind,
                verdict: verdict.clone(),
            })
        });
        let contested = self.view.cards().flat_map(|(key, card)| {
            // The person must not see what superiors disagree on before it is decided.
            let theirs = card.contested().into_iter().filter(|register| self.view.may_see(self.person, key, register));
            theirs.map(|register| Attention::Contested { card: key.clone(), register })
        });
        refused.chain(contested).collect()
    }

    /// Where the operations of one card are stored, or what on it needs attention.
    #[must_use]
    pub fn card_sync(&self, key: &CardKey) -> CardSync {
        let attention: Vec<Attention> = self
            .attention()
            .into_iter()
            .filter(|item| match item {
                Attention::Refused { target, .. } => matches!(target, Target::Card(card) if card == key),
                Attention::Contested { card, .. } => card == key,
            })
            .collect();
        if !attention.is_empty() {
            return CardSync::NeedsAttention(attention);
        }
        self.delivery(key)
    }

    /// Where the operations of one card are stored, whether or not any of them needs attention.
    #[must_use]
    pub fn delivery(&self, key: &CardKey) -> CardSync {
        let mut unsent = self.unsent().filter(|own| own.body.card() == Some(key)).map(|own| own.body.hlc.at).peekable();
        match unsent.peek().copied() {
            None => {
                let safe = self.meta.safe.unwrap_or_default();
                let mut own = self.own.values().filter(|own| own.body.card() == Some(key) && own.may_count());
                if own.all(|own| own.is_safe(safe)) { CardSync::Safe } else { CardSync::Received }
            }
            Some(first) => {
                let (operations, oldest) = unsent.fold((0, first), |(count, oldest), at| (count + 1, oldest.min(at)));
                CardSync::OnDevice { operations, oldest }
            }
        }
    }
}
