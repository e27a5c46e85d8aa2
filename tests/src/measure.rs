//! The measurements of `cargo xtask bench score` on the engine, natively and in WebAssembly, with the same cards and
//! passes.

use std::hint::black_box;

use shared::num::Exact;
use shared::pack::{self, Pack};
use shared::score::{CardInput, Scorer, WorkLine, score_under};
use shared::sorted_map::Map;
use shared::work::Cause;

use crate::random::Draw;
use crate::scoring::{Accepted, Engine};

/// The pack measured.
pub const PACK: &str = "nd335-congchuc";
/// The role measured.
pub const ROLE: &str = "staff";
/// Work lines on a measured card.
pub const LINES_PER_CARD: usize = 10;
/// Cards in memory. There are too many for a processor to predict, and few enough to stay in its cache.
pub const CARDS: usize = 1000;

/// The work that is done with each card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// Arithmetic alone, on a card accepted before.
    Run,
    /// The same, with every step recorded.
    Traced,
    /// Accepted and scored.
    Input,
    /// Read from JSON, accepted, scored, explained, written as JSON, each card for itself.
    Json,
    /// The same as `congtam score --lines` does it: one card after the other, written while it is computed.
    Lines,
    /// The same without explanation.
    Brief,
}

impl Way {
    /// All ways, in the order of the report.
    pub const ALL: [Self; 6] = [Self::Run, Self::Traced, Self::Input, Self::Json, Self::Lines, Self::Brief];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Run => "engine",
            Self::Traced => "engine, explained",
            Self::Input => "engine, from input",
            Self::Json => "engine, from JSON to JSON",
            Self::Lines => "lines of JSON, explained",
            Self::Brief => "lines of JSON, --no-explanation",
        }
    }
}

/// A person's month under Decree 335, with marks and quantities as people enter them. Care is from 0 to 10.
#[must_use]
pub fn staff_card(pack: &Pack, care: i64, draw: &mut Draw) -> CardInput {
    let mark = |draw: &mut Draw, max: &Exact| max * &Exact::ratio(draw.between(care, 10), 10).unwrap_or_default();
    CardInput {
        criteria: pack.criteria_for(ROLE).map(|row| (row.code.clone(), mark(draw, &row.max))).collect(),
        work: (0..LINES_PER_CARD).map(|index| staff_line(index, care, draw)).collect(),
        ..CardInput::default()
    }
}

fn staff_line(index: usize, care: i64, draw: &mut Draw) -> WorkLine {
    let care_percent = u64::try_from(care * 10).unwrap_or_default();
    let quarters = |count: i64| Exact::ratio(count, 4).unwrap_or_default();
    let assigned = draw.between(1, 60);
    let completed = if draw.chance(care_percent) { assigned } else { draw.between(assigned / 2, assigned) };
    let few = |draw: &mut Draw| {
        if draw.chance(care_percent) { 0 } else { u32::try_from(draw.between(1, 5)).unwrap_or_default() }
    };
    // Late work is late in both units.
    let late = few(draw);
    let cause = |draw: &mut Draw, cause: Cause| draw.chance(5).then_some(cause);
    WorkLine {
        code: format!("DC.{index:02}"),
        coefficient: Exact::ratio(draw.between(5, 60), 10).unwrap_or_default(),
        assigned: quarters(assigned),
        completed: quarters(completed),
        failed_reviews: few(draw),
        late_times: late,
        late_days: late,
        objective_cause: [cause(draw, Cause::Quality), cause(draw, Cause::Progress)].into_iter().flatten().collect(),
        extra: quarters(if draw.chance(10) { draw.between(1, 8) } else { 0 }),
        ..WorkLine::default()
    }
}

/// The cards of a measurement, in every form that is scored.
#[derive(Debug)]
pub struct Field {
    /// In the form that the program reads.
    pub inputs: Vec<CardInput>,
    pack: &'static Pack,
    engine: Engine<'static>,
    accepted: Vec<Accepted>,
    json: Vec<String>,
}

impl Field {
    /// Makes this many cards. None when the pack refuses one of them.
    #[must_use]
    pub fn new(cards: usize) -> Option<Self> {
        let pack = pack::find(PACK)?;
        let engine = Engine::new(pack, ROLE, &Map::new()).ok()?;
        let careful = |mut draw: Draw| staff_card(pack, draw.between(0, 10), &mut draw);
        let inputs: Vec<CardInput> =
            (0_u64..).take(cards).map(|index| careful(Draw::at(335, "bench", index))).collect();
        let accepted = inputs.iter().map(|input| engine.accept(input)).collect::<Result<_, _>>().ok()?;
        let json = inputs.iter().map(serde_json::to_string).collect::<Result<_, _>>().ok()?;
        Some(Self { inputs, pack, engine, accepted, json })
    }

    /// The exact total and the class of each card.
    #[must_use]
    pub fn results(&self) -> Vec<Option<(Exact, String)>> {
        let verdicts = self.accepted.iter().map(|card| self.engine.run(card));
        verdicts.map(|verdict| Some((verdict.total()?, verdict.class()?.to_owned()))).collect()
    }

    /// Scores every card once in one way. The optimiser cannot remove the result.
    pub fn pass(&self, way: Way) {
        match way {
            Way::Run => each(&self.accepted, |card| self.engine.run(card)),
            Way::Traced => each(&self.accepted, |card| self.engine.run_traced(card)),
            Way::Input => each(&self.inputs, |input| self.engine.accept(input).map(|card| self.engine.run(&card))),
            Way::Json => each(&self.json, |json| score_under(self.pack, json)),
            Way::Lines => self.lines(true),
            Way::Brief => self.lines(false),
        }
    }

    fn lines(&self, explains: bool) {
        let mut scorer = Scorer::new(self.pack, explains);
        let mut answer = Vec::new();
        each(&self.json, |json| {
            answer.clear();
            scorer.score_json(json, &mut answer)
        });
    }
}

fn each<C, R>(cards: &[C], mut score: impl FnMut(&C) -> R) {
    for card in cards {
        black_box(score(black_box(card)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measured_card_has_a_total_and_a_class() {
        let results = Field::new(50).unwrap().results();
        assert_eq!(results.len(), 50);
        assert!(results.iter().all(Option::is_some));
        let classes: std::collections::BTreeSet<String> =
            results.into_iter().flatten().map(|(_, class)| class).collect();
        assert!(classes.len() >= 4, "cards of one class only measure one branch: {classes:?}");
    }
}
