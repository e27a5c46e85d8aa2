//! An accepted card in the form for calculation: marks, lines and facts by place instead of by name.

use super::Card;
use super::input::{Fact, Subordinate, WorkLine};
use super::number::Number;
use super::plan::{Kept, Plan, factor};
use super::products::{self, Measured};
use crate::num::Exact;
use crate::pack::{Cap, Coefficient, EventCount, LateUnit, NotApplicable, PositionMultiplier};
use crate::pack::{Measure, Statement};
use crate::sort;
use crate::sorted_map::Map;
use crate::work::Cause;

/// A card by places. Marks are whole numbers of `1/marks_scale`, converted work of `1/(k_scale · quantity_scale)`.
pub(super) struct Sheet<N: Number> {
    /// A mark for each criterion; none where it does not apply.
    pub(super) marks: Vec<Option<N::Amount>>,
    pub(super) marks_scale: i64,
    pub(super) lines: Vec<Line<N::Amount>>,
    /// Where the limit applies to a product as a whole: what counts of each line's own work, by measure.
    pub(super) by_product: Vec<[N::Amount; 3]>,
    pub(super) line_scale: i64,
    /// Points of each event that happened, by its place in the plan.
    pub(super) events: Vec<(usize, N)>,
    pub(super) products: Vec<ProductSheet<N>>,
    pub(super) statements: Vec<Stated<N>>,
    pub(super) facts: Vec<FactState<N>>,
}

/// A line of converted work.
#[derive(Clone)]
pub(super) struct Line<A> {
    pub(super) k: A,
    pub(super) assigned: A,
    /// Done of what was assigned.
    pub(super) own: A,
    pub(super) extra: A,
    /// Everything done.
    pub(super) all: A,
    /// Failed reviews and lateness that count. Those with a confirmed objective cause do not count.
    pub(super) failed: u32,
    pub(super) late: u32,
}

pub(super) struct ProductSheet<N> {
    pub(super) axis: Option<usize>,
    /// The points of the product for a perfect result.
    pub(super) base: N,
    /// Share reached and weight, both from 0 to 1, by dimension.
    pub(super) dimensions: Vec<(N, N)>,
}

impl<N: Number> ProductSheet<N> {
    fn of(product: &Measured) -> Option<Self> {
        let dimension = |(share, weight): &(Exact, Exact)| Some((N::of(share)?, N::of(weight)?));
        let dimensions = product.dimensions.iter().map(dimension).collect::<Option<_>>()?;
        Some(Self { axis: product.axis, base: N::of(&product.base)?, dimensions })
    }
}

/// A share stated about a leader.
pub(super) enum Stated<N> {
    Known(N),
    /// Not stated yet: the lowest and the highest possible share.
    Open(N, N),
}

pub(super) enum FactState<N> {
    Unstated,
    Flag(bool),
    Number(N),
    Class(usize),
}

impl<N: Number> Sheet<N> {
    /// The card by places. None when a number does not fit.
    pub(super) fn of(plan: &Plan<'_, N>, card: &Card<'_>) -> Option<Self> {
        let marks_scale = N::scale(card.input.criteria.values())?;
        let mut sheet = Self {
            marks: Vec::with_capacity(plan.criteria.len()),
            marks_scale,
            lines: Vec::with_capacity(card.input.work.len()),
            line_scale: 1,
            by_product: Vec::new(),
            events: Vec::with_capacity(card.input.events.len()),
            products: Vec::with_capacity(card.input.products.len()),
            statements: Vec::with_capacity(plan.statements.len()),
            facts: Vec::with_capacity(plan.facts.len()),
        };
        for criterion in &plan.criteria {
            let granted = plan.switches.not_applicable == NotApplicable::Grant;
            let mark = match card.input.criteria.get(&criterion.code) {
                Some(mark) => Some(N::amount(mark, marks_scale)?),
                None if granted => Some(N::amount(&criterion.max, marks_scale)?),
                None => None,
            };
            sheet.marks.push(mark);
        }
        sheet.add_lines(plan, card)?;
        for event in &card.input.events {
            let place = plan.events.iter().position(|rule| rule.code == event.code)?;
            sheet.events.push((place, N::of(&points_of(plan, card, place)?)?));
        }
        for product in products::measured(card) {
            sheet.products.push(ProductSheet::of(&product)?);
        }
        for statement in &plan.statements {
            sheet.statements.push(stated(card, statement)?);
        }
        for fact in &plan.facts {
            sheet.facts.push(match card.input.facts.get(&fact.id) {
                None => FactState::Unstated,
                Some(Fact::Flag(flag)) => FactState::Flag(*flag),
                Some(Fact::Quantity(value)) => FactState::Number(N::of(value)?),
                Some(Fact::Class(code)) => FactState::Class(plan.class(code)?),
            });
        }
        Some(sheet)
    }

    fn add_lines(&mut self, plan: &Plan<'_, N>, card: &Card<'_>) -> Option<()> {
        let lines = &card.input.work;
        let factors: Vec<Exact> = lines.iter().map(|line| weight_of(card, line)).collect();
        let quantities = lines.iter().flat_map(|line| [&line.assigned, &line.completed, &line.extra]);
        let (k_scale, quantity_scale) = (N::scale(factors.iter())?, N::scale(quantities)?);
        self.line_scale = k_scale.checked_mul(quantity_scale)?;
        for (line, k) in lines.iter().zip(&factors) {
            let quantity = |quantity: &Exact| N::amount(quantity, quantity_scale);
            let waived = |cause| line.objective_cause.contains(&cause);
            let late = if plan.switches.late_unit == LateUnit::Occurrence { line.late_times } else { line.late_days };
            self.lines.push(Line {
                k: N::amount(k, k_scale)?,
                assigned: quantity(&line.assigned)?,
                own: quantity(&line.completed)?,
                extra: quantity(&line.extra)?,
                all: quantity(&(&line.completed + &line.extra))?,
                failed: if waived(Cause::Quality) { 0 } else { line.failed_reviews },
                late: if waived(Cause::Progress) { 0 } else { late },
            });
        }
        if let Some(kept) = plan.kept.as_ref().filter(|_| plan.switches.cap == Cap::Indicator) {
            self.by_product = vec![[N::nothing(), N::nothing(), N::nothing()]; self.lines.len()];
            let measures = [Measure::Quantity, Measure::Quality, Measure::Progress];
            measures.into_iter().for_each(|measure| self.limit_products(kept, measure, lines));
        }
        Some(())
    }

    /// Sets what counts of each line where all lines of one product together count at most as assigned. The best work
    /// counts first, so that neither the order of the lines nor additional poor work can lower a total.
    fn limit_products(&mut self, kept: &Kept<N>, measure: Measure, lines: &[WorkLine]) {
        let mut left: Map<usize, N::Amount> = Map::new();
        for (place, sheet) in self.lines.iter().enumerate() {
            N::add(left.entry(product_of(lines, place)).or_insert_with(N::nothing), &sheet.assigned);
        }
        for place in best_first(kept, &self.lines, measure) {
            let Some(sheet) = self.lines.get(place) else { continue };
            let product = product_of(lines, place);
            let (Some(left), Some(counts)) = (left.get_mut(&product), self.by_product.get_mut(place)) else { continue };
            let own = if sheet.own > *left { left.clone() } else { sheet.own.clone() };
            N::add(left, &N::negative(&own));
            if let Some(counts) = counts.get_mut(measure as usize) {
                *counts = own;
            }
        }
    }
}

/// The lines by the worth of their work, the best first.
pub(super) fn best_first<N: Number>(kept: &Kept<N>, lines: &[Line<N::Amount>], measure: Measure) -> Vec<usize> {
    let worth = |line: &Line<N::Amount>| match measure {
        Measure::Quantity => line.k.clone(),
        Measure::Quality => N::multiply(&line.k, kept.quality.get(line.failed)),
        Measure::Progress => N::multiply(&line.k, kept.progress.get(line.late)),
    };
    let worths: Vec<_> = lines.iter().map(worth).collect();
    sort::places(worths.len(), &mut |one, other| worths.get(other).cmp(&worths.get(one)))
}

/// The product of a line, given by the place of its first line. A line without a code is a product of its own.
fn product_of(lines: &[WorkLine], place: usize) -> usize {
    let Some(line) = lines.get(place).filter(|line| !line.code.is_empty()) else { return place };
    lines.iter().position(|other| other.code == line.code).unwrap_or(place)
}

/// Whether two lines belong to one product.
pub(super) fn is_same_product(lines: &[WorkLine], left: usize, right: usize) -> bool {
    product_of(lines, left) == product_of(lines, right)
}

/// The weight of one unit of a line: its coefficient, level, the person's position and share, by the readings chosen.
pub(super) fn weight_of(card: &Card<'_>, line: &WorkLine) -> Exact {
    let work = card.pack.work.as_ref();
    let level = || factor(work.map_or(&[], |work| &work.difficulties), line.difficulty.as_ref());
    let k = match card.switches.coefficient {
        Coefficient::Product => line.coefficient.clone(),
        Coefficient::Level => level(),
        Coefficient::ProductLevel => &line.coefficient * level(),
    };
    let position = match card.switches.position_multiplier {
        PositionMultiplier::Off => Exact::one(),
        PositionMultiplier::On => {
            factor(work.map_or(&[], |work| &work.positions), card.input.subject.position.as_ref())
        }
    };
    k * position * &line.share
}

/// How often an event counts, by the reading chosen and the event's own limit.
pub(super) fn times(card: &Card<'_>, code: &str) -> u32 {
    let count = card.input.events.iter().find(|event| event.code == code).map_or(0, |event| event.count);
    let limit = card.pack.events_for(card.role).find(|rule| rule.code == code).and_then(|rule| rule.times_max);
    let count = limit.map_or(count, |limit| count.min(limit));
    match card.switches.event_count {
        EventCount::Each => count,
        EventCount::Once => count.min(1),
    }
}

/// The points of an event each time: the pack's, or those that the approver stated.
pub(super) fn points_each(card: &Card<'_>, code: &str) -> Option<Exact> {
    let rule = card.pack.events_for(card.role).find(|rule| rule.code == code)?;
    let stated = || card.input.events.iter().find(|event| event.code == code)?.points.clone();
    if rule.stated.is_some() { stated() } else { Some(rule.points.clone()) }
}

fn points_of<N: Number>(plan: &Plan<'_, N>, card: &Card<'_>, place: usize) -> Option<Exact> {
    let code = &plan.events.get(place)?.code;
    Some(points_each(card, code)? * Exact::from(times(card, code)))
}

fn stated<N: Number>(card: &Card<'_>, statement: &Statement) -> Option<Stated<N>> {
    if let Some(value) = share_stated(card, statement) {
        return Some(Stated::Known(N::of(&value)?));
    }
    let values = || statement.values.iter().map(|allowed| &allowed.value);
    Some(Stated::Open(N::of(values().min()?)?, N::of(values().max()?)?))
}

/// A leader's share, as stated or as it follows from the results of the people led.
pub(super) fn share_stated(card: &Card<'_>, statement: &Statement) -> Option<Exact> {
    card.input.leadership.get(&statement.id).cloned().or_else(|| from_subordinates(card, statement))
}

/// The same as [`share_of_led`], for the people led that a card names.
pub(super) fn from_subordinates(card: &Card<'_>, statement: &Statement) -> Option<Exact> {
    share_of_led(statement, &card.input.subordinates)
}

/// The share that follows from the results of the people led. It is the lowest as soon as one of them misses the
/// required total, and the highest once all are known to reach it. It is none while neither follows.
#[must_use]
pub fn share_of_led(statement: &Statement, led: &[Subordinate]) -> Option<Exact> {
    let least = statement.subordinates_min.as_ref()?;
    let values = || statement.values.iter().map(|allowed| allowed.value.clone());
    if led.iter().any(|one| one.total.as_ref().is_some_and(|total| total < least)) {
        return values().min();
    }
    if led.is_empty() || led.iter().any(|one| one.total.is_none()) { None } else { values().max() }
}
