//! Random cards under every pack. They come from a seed, without a clock, and are the same natively and in WebAssembly.

mod block;
mod card;
mod complete;
mod draw;
mod products;

use serde_json::Value;
use shared::pack::{self, Pack};

pub use block::{BLOCKS_PER_PACK, CARDS_PER_BLOCK, answered, block_hash};
pub use card::{card, spoil};
pub use complete::complete;
pub use draw::Draw;

/// The seed of the cards on which both sides are compared.
pub const SEED: u64 = 335;

/// A built-in pack as plain data, completed where it is a template.
#[must_use]
pub fn completed_data(mut data: Value, id: &str, seed: u64) -> Value {
    complete(&mut data, &mut Draw::at(seed, id, 0));
    data
}

/// A built-in pack, completed where it is a template.
#[must_use]
pub fn completed(id: &str, seed: u64) -> Option<Pack> {
    let original = pack::find(id)?;
    let data = completed_data(serde_json::to_value(original).ok()?, id, seed);
    let pack = pack::read_json(&data.to_string()).ok()?;
    Some(Pack { hash: original.hash, ..pack })
}
