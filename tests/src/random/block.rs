//! Cards and their results in blocks, with one hash for each block. A few lines stand for every byte of a hundred
//! thousand cards.

use sha2::{Digest, Sha256};
use shared::pack::Pack;
use shared::score::{error_json, score_under};

use super::{Draw, SEED, card, spoil};

/// The number of cards in one hash.
pub const CARDS_PER_BLOCK: u64 = 500;
/// Blocks of each pack.
pub const BLOCKS_PER_PACK: u64 = 20;
/// How many of a hundred cards are spoiled. Both sides must refuse them alike.
const SPOILED_PERCENT: u64 = 3;

/// One card as JSON and the engine's answer, each on a line.
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
