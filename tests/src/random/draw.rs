//! Random-looking numbers that are the same everywhere, by SplitMix64.

/// A source of numbers. Equal seeds give equal numbers natively and in WebAssembly.
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// Starts from a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Starts from a seed, a word and a number, so that each card of each pack has a source of its own.
    #[must_use]
    pub fn at(seed: u64, word: &str, index: u64) -> Self {
        let start = word.bytes().fold(seed, |state, byte| Self(state ^ u64::from(byte)).bits());
        Self(Self(start.wrapping_add(index.wrapping_mul(0xD1B5_4A32_D192_ED03))).bits())
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, but not including, a limit above 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.bits() % limit).unwrap_or_default()
    }

    /// From a lowest to a highest number, both included.
    pub fn between(&mut self, lowest: i64, highest: i64) -> i64 {
        let span = u64::try_from(highest.saturating_sub(lowest)).unwrap_or_default();
        lowest.saturating_add(i64::try_from(self.bits() % span.saturating_add(1)).unwrap_or_default())
    }

    /// From 0 to a highest count, 0 in half of all cases.
    pub fn few(&mut self, highest: i64) -> u32 {
        if self.chance(50) { 0 } else { u32::try_from(self.between(0, highest)).unwrap_or_default() }
    }

    /// True in this many of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.bits() % 100 < percent
    }

    /// One of some values.
    pub fn pick<'a, T>(&mut self, values: &'a [T]) -> Option<&'a T> {
        values.get(self.below(values.len()))
    }
}
