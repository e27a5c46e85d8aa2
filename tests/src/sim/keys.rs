//! Signatures that cost nothing but still show who signed what: the number of a key, and a sum over bytes and key.

/// The server's key for receipts.
pub(crate) const SERVER_KEY: u64 = 1;

/// 64 bytes, as long as a real signature.
#[must_use]
pub(crate) fn sign(key: u64, bytes: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; 48];
    signature.extend(key.to_le_bytes());
    signature.extend(sum(key, bytes).to_le_bytes());
    signature
}

/// Whether `signature` was made by `key` over these bytes.
#[must_use]
pub(crate) fn verifies(key: u64, bytes: &[u8], signature: &[u8]) -> bool {
    signature == sign(key, bytes)
}

fn sum(key: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let start = key ^ 0xcbf2_9ce4_8422_2325;
    let mixed = |state: u64, word: u64| (state ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(29);
    let state = words.iter().fold(start, |state, word| mixed(state, u64::from_le_bytes(*word)));
    rest.iter().fold(state, |state, byte| mixed(state, u64::from(*byte)))
}
