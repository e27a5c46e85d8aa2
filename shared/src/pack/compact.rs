//! Packs as the bytes that a tablet carries: field after field in the order of the lists below, written by the build script
//! and read by the program of the same build, with a fraction of the code that a general reader takes.

use super::model::{
    AppraisalGap, Assumption, Axis, Band, Class, ClassCap, ClassMin, Component, Criterion, Dimension, DimensionSource,
    Eligibility, EventRule, FactKind, FactRule, Factor, Frame, Gate, Group, KnockOut, LateBand, MarkingRule, Measure,
    OptionRule, OptionScope, OptionValue, Pack, PackStatus, ProductRule, Quota, Role, RollUp, RollUpLimit, RollUpRule,
    Rule, Span, Stage, StatedPoints, Statement, StatementValue, Term, Text, TieBreak, WorkRule, unhashed,
};
use crate::ids::PackHash;
use crate::num::Exact;
use crate::order::Map;

/// Bits of a length in one byte; the eighth says that more follow.
const LENGTH_BITS: u32 = 7;

/// What a pack says besides the rules that tablets score their own month by: to whoever reads about it or makes a year of
/// months, and the rules of schemes with products, levels, events or
/// explanations of an appraisal.
pub(crate) struct Remarks {
    notes: Vec<Text>,
    /// What is read about each option, in their order.
    options: Vec<OptionWords>,
    roll_ups: Vec<RollUp>,
    products: Option<ProductRule>,
    appraisal_gap: Option<AppraisalGap>,
    bands: Vec<Band>,
    events: Vec<EventRule>,
    /// Factors of work: by difficulty, by position.
    difficulties: Vec<Factor>,
    positions: Vec<Factor>,
}

impl Remarks {
    /// Those of a pack.
    pub(crate) fn of(pack: &Pack) -> Self {
        let factors = |of: fn(&WorkRule) -> &Vec<Factor>| pack.work.as_ref().map(of).cloned().unwrap_or_default();
        Self {
            notes: pack.notes.clone(),
            options: pack.options.iter().map(OptionWords::of).collect(),
            roll_ups: pack.roll_ups.clone(),
            products: pack.products.clone(),
            appraisal_gap: pack.appraisal_gap.clone(),
            bands: pack.bands.clone(),
            events: pack.events.clone(),
            difficulties: factors(|work| &work.difficulties),
            positions: factors(|work| &work.positions),
        }
    }

    /// Whether all that scores a card is in the rules themselves, as it must be for a pack that tablets carry.
    pub(crate) fn score_nothing(&self) -> bool {
        let lists = [self.bands.len(), self.events.len(), self.difficulties.len(), self.positions.len()];
        self.products.is_none() && self.appraisal_gap.is_none() && lists.iter().all(|length| *length == 0)
    }

    /// Puts them into the pack they are of.
    pub(crate) fn put_into(self, pack: &mut Pack) {
        pack.notes = self.notes;
        pack.roll_ups = self.roll_ups;
        pack.products = self.products;
        pack.appraisal_gap = self.appraisal_gap;
        pack.bands = self.bands;
        pack.events = self.events;
        if let Some(work) = &mut pack.work {
            work.difficulties = self.difficulties;
            work.positions = self.positions;
        }
        for (option, words) in pack.options.iter_mut().zip(self.options) {
            words.put_into(option);
        }
    }
}

/// An option for people: the question, the answers, the reason.
struct OptionWords {
    title: Text,
    reason: Text,
    values: Vec<Text>,
}

impl OptionWords {
    fn of(option: &OptionRule) -> Self {
        let values = option.values.iter().map(|value| value.title.clone()).collect();
        Self { title: option.title.clone(), reason: option.reason.clone(), values }
    }

    fn put_into(self, option: &mut OptionRule) {
        (option.title, option.reason) = (self.title, self.reason);
        for (value, title) in option.values.iter_mut().zip(self.values) {
            value.title = title;
        }
    }
}

/// What can stand in a pack.
pub(crate) trait Compact: Sized {
    /// Adds the bytes.
    fn write(&self, out: &mut Vec<u8>);

    /// Takes what `write` added from the front; nothing when the bytes are something else.
    fn read(input: &mut &[u8]) -> Option<Self>;
}

#[inline(never)]
fn write_length(length: usize, out: &mut Vec<u8>) {
    let mut rest = length;
    while rest > 0x7F {
        out.push((rest & 0x7F) as u8 | 0x80);
        rest >>= LENGTH_BITS;
    }
    out.push(rest as u8);
}

#[inline(never)]
fn read_length(input: &mut &[u8]) -> Option<usize> {
    let (mut length, mut shift) = (0_usize, 0);
    loop {
        let byte = usize::from(*input.split_off_first()?);
        length |= (byte & 0x7F).checked_shl(shift)?;
        shift = LENGTH_BITS.checked_add(shift)?;
        if byte < 0x80 {
            return Some(length);
        }
    }
}

impl Compact for String {
    fn write(&self, out: &mut Vec<u8>) {
        write_length(self.len(), out);
        out.extend_from_slice(self.as_bytes());
    }

    #[inline(never)]
    fn read(input: &mut &[u8]) -> Option<Self> {
        let length = read_length(input)?;
        let bytes = input.split_off(..length)?;
        core::str::from_utf8(bytes).ok().map(ToOwned::to_owned)
    }
}

impl Compact for Exact {
    fn write(&self, out: &mut Vec<u8>) {
        self.to_string().write(out);
    }

    #[inline(never)]
    fn read(input: &mut &[u8]) -> Option<Self> {
        Self::parse(&String::read(input)?).ok()
    }
}

impl Compact for u32 {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }

    fn read(input: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = input.split_first_chunk()?;
        *input = rest;
        Some(Self::from_le_bytes(*bytes))
    }
}

impl Compact for PackHash {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }

    fn read(input: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = input.split_first_chunk()?;
        *input = rest;
        Some(Self::from_bytes(*bytes))
    }
}

impl Compact for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn read(input: &mut &[u8]) -> Option<Self> {
        Some(u8::read(input)? != 0)
    }
}

impl Compact for u8 {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }

    fn read(input: &mut &[u8]) -> Option<Self> {
        input.split_off_first().copied()
    }
}

impl<T: Compact> Compact for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        write_length(self.len(), out);
        self.iter().for_each(|item| item.write(out));
    }

    #[inline(never)]
    fn read(input: &mut &[u8]) -> Option<Self> {
        let mut items = Self::new();
        for _ in 0..read_length(input)? {
            items.push(T::read(input)?);
        }
        Some(items)
    }
}

impl<T: Compact> Compact for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.is_some()));
        self.iter().for_each(|value| value.write(out));
    }

    fn read(input: &mut &[u8]) -> Option<Self> {
        match u8::read(input)? {
            0 => Some(None),
            _ => T::read(input).map(Some),
        }
    }
}

impl Compact for Map<String, String> {
    fn write(&self, out: &mut Vec<u8>) {
        write_length(self.len(), out);
        for (key, value) in self {
            key.write(out);
            value.write(out);
        }
    }

    fn read(input: &mut &[u8]) -> Option<Self> {
        let mut map = Self::new();
        for _ in 0..read_length(input)? {
            let key = String::read(input)?;
            map.insert(key, String::read(input)?);
        }
        Some(map)
    }
}

macro_rules! structs {
    ($($type:ident { $($field:ident),+ $(; $($fixed:ident: $value:expr),+)? })+) => {$(
        impl Compact for $type {
            fn write(&self, out: &mut Vec<u8>) {
                $(self.$field.write(out);)+
            }

            fn read(input: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Compact::read(input)?,)+ $($($fixed: $value,)+)? })
            }
        }
    )+};
}

macro_rules! words {
    ($($type:ident { $($word:ident = $number:literal),+ })+) => {$(
        impl Compact for $type {
            fn write(&self, out: &mut Vec<u8>) {
                out.push(match self { $(Self::$word => $number),+ });
            }

            fn read(input: &mut &[u8]) -> Option<Self> {
                Some(match u8::read(input)? { $($number => Self::$word,)+ _ => return None })
            }
        }
    )+};
}

structs! {
    Text { vi, en }
    Pack {
        id, title, issuing_body, instrument, effective_from, effective_to, status, earlier, scale_max, periods, roles,
        options, groups, work, statements, facts, components, classes, knock_outs, class_caps, eligibility, quota, stages;
        hash: unhashed(), notes: Vec::new(), roll_ups: Vec::new(), products: None, appraisal_gap: None, bands: Vec::new(),
        events: Vec::new()
    }
    Role { id, title, clause }
    OptionRule { id, scope, default, clause, values; title: Text::default(), reason: Text::default() }
    OptionWords { title, reason, values }
    Remarks { notes, options, roll_ups, products, appraisal_gap, bands, events, difficulties, positions }
    OptionValue { id; title: Text::default() }
    Group { id, title, max, min, clause, roles, criteria }
    Criterion { code, title, max, step, marking }
    WorkRule { failed_review_loss, late_loss, late_bands, clause; difficulties: Vec::new(), positions: Vec::new() }
    LateBand { to_days, kept }
    Band { id, title, from, to, clause }
    Factor { id, title, factor }
    ProductRule {
        weights_sum, count_min, count_max, main_min, main_max, dimensions, frames, shift_max, standards, difficulties,
        axes, clause
    }
    Axis { id, title }
    Dimension { id, title, source }
    Frame { id, title, weights, clause }
    EventRule { code, title, points, stated, times_max, roles, clause }
    StatedPoints { min, max }
    RollUp { to, from, rule, worked_min, served, parts, limits, carries, when, clause }
    RollUpLimit { code, title, after, in_a_row, class_max, roles, when, clause }
    Statement { id, title, roles, subordinates_min, values, clause }
    StatementValue { value, when }
    FactRule { id, title, kind, roles, assume, clause }
    Component { id, title, roles, rule, clause }
    Term { component, weight }
    Class { code, title, min, min_when, clause, gates, otherwise }
    ClassMin { min, when, clause }
    Gate { code, title, fact, component, is, at_least, at_most, above, unless, roles, when, clause }
    KnockOut { fact, below, above, class, unless, roles, when, clause }
    ClassCap { code, title, fact, class_max, roles, when, clause }
    Eligibility { code, title, fact, of, at_least, below, is, roles, when, clause }
    Quota { class, of_class, of_all, share, outstanding_share, tie_breaks, clause }
    TieBreak { id, title, clause }
    AppraisalGap { points, class, clause }
    Stage { id, title, scorer, deadline_day, deadline_months_after, deadline_day_december, deadline_before, opens_day, opens_day_december, clause }
}

words! {
    PackStatus { Complete = 0, Template = 1 }
    OptionScope { Score = 0, Record = 1, Quota = 2 }
    MarkingRule { Graded = 0, Binary = 1 }
    FactKind { Flag = 0, Share = 1, Days = 2, Count = 3, Class = 4 }
    Assumption { Absent = 0, Full = 1 }
    Span { Month = 0, Quarter = 1, HalfYear = 2, Year = 3 }
    RollUpRule { MeanOfWorked = 0, Decided = 1 }
    Measure { Quantity = 0, Quality = 1, Progress = 2 }
}

impl Compact for Rule {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Marks { groups } => (0_u8, groups).write(out),
            Self::Share { criterion } => (1_u8, criterion).write(out),
            Self::Work(measure) => (2_u8, measure).write(out),
            Self::Stated { statement } => (3_u8, statement).write(out),
            Self::Mean { of, max } => {
                (4_u8, of).write(out);
                max.write(out);
            }
            Self::Sum { terms, max } => {
                (5_u8, terms).write(out);
                max.write(out);
            }
            Self::Events { of, min, max } => {
                (6_u8, of).write(out);
                min.write(out);
                max.write(out);
            }
            Self::Products { axis, max } => {
                (7_u8, axis).write(out);
                max.write(out);
            }
        }
    }

    fn read(input: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(input)? {
            0 => Self::Marks { groups: Compact::read(input)? },
            1 => Self::Share { criterion: Compact::read(input)? },
            2 => Self::Work(Compact::read(input)?),
            3 => Self::Stated { statement: Compact::read(input)? },
            4 => Self::Mean { of: Compact::read(input)?, max: Compact::read(input)? },
            5 => Self::Sum { terms: Compact::read(input)?, max: Compact::read(input)? },
            6 => Self::Events { of: Compact::read(input)?, min: Compact::read(input)?, max: Compact::read(input)? },
            7 => Self::Products { axis: Compact::read(input)?, max: Compact::read(input)? },
            _ => return None,
        })
    }
}

impl Compact for DimensionSource {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Mark => out.push(0),
            Self::Done => out.push(1),
            Self::Late => out.push(2),
            Self::Mean(of) => (3_u8, of).write(out),
        }
    }

    fn read(input: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(input)? {
            0 => Self::Mark,
            1 => Self::Done,
            2 => Self::Late,
            3 => Self::Mean(Compact::read(input)?),
            _ => return None,
        })
    }
}

/// The kind of a rule and the first of its fields.
trait Tagged {
    fn write(&self, out: &mut Vec<u8>);
}

impl<T: Compact> Tagged for (u8, &T) {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(self.0);
        self.1.write(out);
    }
}
