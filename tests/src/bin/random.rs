//! Random cards, scored natively. Writes the hash of each block of each pack, or the cards of one block with their
//! answers.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use shared::pack;
use tests::random::{BLOCKS_PER_PACK, CARDS_PER_BLOCK, SEED, answered, block_hash, completed};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let done = match words.as_slice() {
        [] => write_hashes(),
        [pack, block] => block.parse().map_err(io::Error::other).and_then(|block| write_cards(pack, block)),
        _ => Err(io::Error::other("allowed are no words, or a pack and a block")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("random: {error}");
            ExitCode::FAILURE
        }
    }
}

/// One line per block: `<pack> TAB <block> TAB <SHA-256>`.
fn write_hashes() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for original in pack::all() {
        let pack = completed(&original.id, SEED).ok_or_else(|| io::Error::other(original.id.as_str()))?;
        for block in 0..BLOCKS_PER_PACK {
            writeln!(out, "{}\t{block}\t{}", pack.id, block_hash(&pack, block))?;
        }
    }
    Ok(())
}

/// One line per card: the card and its answer as one JSON string.
fn write_cards(id: &str, block: u64) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let pack = completed(id, SEED).ok_or_else(|| io::Error::other(id.to_owned()))?;
    for index in block * CARDS_PER_BLOCK..(block + 1) * CARDS_PER_BLOCK {
        writeln!(out, "{}", serde_json::Value::String(answered(&pack, index)))?;
    }
    Ok(())
}
