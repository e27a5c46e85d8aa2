//! Spoils real bytes as files and networks do, and as an attacker would try.

use crate::random::Draw;

/// The longest input. It is not longer than the longest message.
const BYTES_MAX: usize = 128 * 1024;
/// Heads that announce huge CBOR items, and lengths of other kinds.
const CLAIMS: [&[u8]; 12] = [
    &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0xbb, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00],
    &[0x7a, 0x7f, 0xff, 0xff, 0xff],
    &[0x9a, 0x10, 0x00, 0x00, 0x00],
    &[0xb9, 0xff, 0xff],
    &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x3b, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
    &[0x9f],
    &[0xbf],
    &[0xf6],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
];
/// Words that a text parser may fail on.
const WORDS: [&str; 14] = [
    "9999999999999999999999999999",
    "-1",
    "1e308",
    "1e999999999",
    "nan",
    "1/0",
    "1/3",
    "0.000000000000000000000001",
    "\"\"",
    "[[[[[[[[",
    "{ a = 1 }",
    "\"\\u0000\"",
    "''' ",
    "2026-02-30",
];

/// One input of the corpus, spoiled a few times.
pub(super) fn spoil(draw: &mut Draw, corpus: &[Vec<u8>], is_text: bool) -> Vec<u8> {
    let mut bytes = draw.pick(corpus).cloned().unwrap_or_default();
    for _ in 0..=draw.below(4) {
        if is_text && draw.chance(60) {
            spoil_text(draw, &mut bytes);
        } else {
            spoil_once(draw, &mut bytes, corpus);
        }
    }
    bytes.truncate(BYTES_MAX);
    bytes
}

fn spoil_once(draw: &mut Draw, bytes: &mut Vec<u8>, corpus: &[Vec<u8>]) {
    let place = draw.below(bytes.len().max(1)).min(bytes.len());
    let end = (place + draw.below(24)).min(bytes.len());
    match draw.below(12) {
        0 | 1 => {
            let bit = 1 << draw.below(8);
            bytes.get_mut(place).into_iter().for_each(|byte| *byte ^= bit);
        }
        2 | 3 => {
            let step = if draw.chance(50) { 1 } else { u8::MAX };
            bytes.get_mut(place).into_iter().for_each(|byte| *byte = byte.wrapping_add(step));
        }
        4 => bytes.truncate(place),
        5 => drop(bytes.drain(place..end)),
        6 => {
            let again: Vec<u8> = bytes.get(place..end).unwrap_or_default().to_vec();
            insert(bytes, place, &again);
        }
        7 => {
            let random: Vec<u8> = (0..=draw.below(8)).map(|_| draw.bits().to_le_bytes()[0]).collect();
            insert(bytes, place, &random);
        }
        8 => insert(bytes, place, draw.pick(&CLAIMS).copied().unwrap_or_default()),
        9 => {
            let claim = draw.pick(&CLAIMS).copied().unwrap_or_default();
            bytes.iter_mut().skip(place).zip(claim).for_each(|(byte, claim)| *byte = *claim);
        }
        10 => splice(draw, bytes, corpus),
        // Deeply nested lists.
        _ => insert(bytes, place, &vec![0x81; draw.below(6_000)]),
    }
}

/// The beginning of one input and the end of another.
fn splice(draw: &mut Draw, bytes: &mut Vec<u8>, corpus: &[Vec<u8>]) {
    let Some(other) = draw.pick(corpus) else { return };
    bytes.truncate(draw.below(bytes.len() + 1));
    bytes.extend(other.get(draw.below(other.len() + 1)..).unwrap_or_default());
}

/// Removes, doubles or moves lines, or replaces a value.
fn spoil_text(draw: &mut Draw, bytes: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut lines: Vec<&str> = text.lines().collect();
    let place = draw.below(lines.len().max(1));
    let Some(line) = lines.get(place).copied() else { return };
    let word = draw.pick(&WORDS).copied().unwrap_or_default();
    let changed = match line.split_once('=') {
        Some((name, _)) if draw.chance(70) => format!("{name}= {word}"),
        _ => format!("{line}{word}"),
    };
    match draw.below(5) {
        0 => drop(lines.remove(place)),
        1 => lines.insert(draw.below(lines.len()), line),
        2 => {
            let other = draw.below(lines.len());
            lines.swap(place, other);
        }
        _ => lines.iter_mut().skip(place).take(1).for_each(|line| *line = &changed),
    }
    *bytes = lines.join("\n").into_bytes();
}

fn insert(bytes: &mut Vec<u8>, place: usize, what: &[u8]) {
    bytes.splice(place..place, what.iter().copied());
}
