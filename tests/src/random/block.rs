//! Cards and their results in blocks, each block as one hash: a few lines stand for every byte of a hundred thousand cards.

use sha2::{Digest, Sha256};
use shared::pack::Pack;
use shared::score::{error_json, score_under};

use super::{Draw, SEED, card, spoil};

/// Cards behind one hash.
pub const CARDS_PER_BLOCK: u64 = 500;
/// Blocks of each pack.
pub const BLOCKS_PER_PACK: u64 = 20;
/// Of a hundred cards, how many are spoiled: both sides must refuse alike.
const SPOILED_PERCENT: u64 = 3;

/// One card as JSON with what the engine answers, on a line each.
#[must_use]
pub fn answered(pack: &Pack, index: u64) -> String {
    let mut draw = Draw::at(SEED, &pack.id, index);
    let mut input = card(pack, &mut draw);
    if draw.chance(SPOILED_PERCENT) {
        spoil(&mut input, &mut draw);
    }
    let json = serde_json::to_string(&input).unwrap_or_default();
    let answer = score_under(pack, &json).unwrap_or_else(|errors| error_json(&errors));
    format!("{json}\n{answer}\n")
}

/// SHA-256 over the cards of a block and their answers.
#[must_use]
pub fn block_hash(pack: &Pack, block: u64) -> String {
    let first = block * CARDS_PER_BLOCK;
    let mut hash = Sha256::new();
    for index in first..first + CARDS_PER_BLOCK {
        hash.update(answered(pack, index));
    }
    hex::encode(hash.finalize())
}
