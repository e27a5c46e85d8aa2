//! Varied choices that are the same at every run. They derive from names, not from a generator.

use sha2::{Digest as _, Sha256};

/// A number below `sides`, determined by the words.
pub(super) fn roll(words: &[&str], sides: usize) -> usize {
    let digest: [u8; 32] = Sha256::digest(words.join("\u{1f}")).into();
    let number = digest.iter().take(7).fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
    number.checked_rem(sides).unwrap_or_default()
}

/// One of the choices, determined by the words.
pub(super) fn pick<'a>(words: &[&str], choices: &[&'a str]) -> &'a str {
    choices.get(roll(words, choices.len())).copied().unwrap_or_default()
}

/// 16 bytes for an id, determined by the words.
pub(super) fn id(words: &[&str]) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(words.join("\u{1f}")).into();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    bytes
}
