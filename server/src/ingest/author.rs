//! Someone who signs operations on this computer: the office itself, and the people of a demo.

use ed25519_dalek::{Signer as _, SigningKey};
use shared::ids::{DeviceId, OpId, PersonId};
use shared::op::{Body, ChainHead, ChainKey, Payload, SignedOperation, Target, VERSION};
use shared::state::State;
use shared::time::{Hlc, Millis};

/// The end of one chain, and the key that continues it.
#[derive(Debug)]
pub struct Author {
    chain: ChainKey,
    key: SigningKey,
    head: ChainHead,
    hlc: Hlc,
}

impl Author {
    /// An author whose chain ends at `head`.
    #[must_use]
    pub fn new(person: PersonId, device: DeviceId, key: SigningKey, head: ChainHead) -> Self {
        Self { chain: ChainKey { actor: person, device, epoch: EPOCH }, key, head, hlc: Hlc::default() }
    }

    /// Takes `head` as the end of the chain. Nothing that was signed since is kept.
    pub const fn go_on_from(&mut self, head: ChainHead) {
        self.head = head;
    }

    /// The chain that is continued.
    #[must_use]
    pub const fn chain(&self) -> ChainKey {
        self.chain
    }

    /// The key that must be registered for it.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// Signs an intent as the next operation of the chain, with the heads seen in `state`.
    pub fn sign(&mut self, state: &State, target: Target, payload: &Payload, at: Millis) -> SignedOperation {
        let base = state.base_on(&target, payload);
        self.hlc = self.hlc.tick(at);
        let body = Body {
            version: VERSION,
            kind: payload.kind(),
            actor: self.chain.actor,
            device: self.chain.device,
            epoch: self.chain.epoch,
            seq: self.head.seq.saturating_add(1),
            prev: self.head.last,
            target,
            base,
            seen_seq: 0,
            hlc: self.hlc,
            last_server_time: at,
            payload: payload.to_bytes().into(),
            nonce: None,
        };
        let bytes = body.to_bytes();
        self.head = self.head.advanced(OpId::of(&bytes));
        let signature = self.key.sign(&bytes).to_bytes().to_vec();
        SignedOperation { body: bytes, signature }
    }
}

/// These chains are kept next to the database. They are lost with it and never copied without it.
const EPOCH: u32 = 1;
