//! The arithmetic of a card. It computes the components in the pack's order, exactly and without explanation. Once the
//! values have room, it allocates no memory.

use std::cmp::Ordering;

use super::number::Number;
use super::plan::{GroupPlan, Kept, Op, Plan};
use super::sheet::{Line, ProductSheet, Sheet, Stated};
use crate::num::Exact;
use crate::pack::Measure;
use crate::pack::{Cap, Denominator, NotApplicable, Rounding, Switches};

/// Which value replaces a statement that is still missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    Lowest,
    Highest,
}

/// All numbers of a card.
pub(super) struct Values<N: Number> {
    /// The value of each component; none where nothing was assigned for it.
    pub(super) components: Vec<Option<N>>,
    /// What limits took from components, by the components' places.
    pub(super) excess: Vec<(usize, N)>,
    /// The total before rounding.
    pub(super) unrounded: Option<N>,
    /// The sums over the lines.
    pub(super) work: Work<N::Amount>,
}

/// Sums over the lines of a card.
#[derive(Clone)]
pub(super) struct Work<A> {
    /// Σ k·g.
    pub(super) assigned: A,
    /// Σ k·h that counts: without losses, and after those of quality and of progress.
    pub(super) done: [A; 3],
    /// What the limit per line took from each of them.
    pub(super) unlimited: [A; 3],
}

/// The error for a value that does not fit the machine words in use.
pub(super) struct TooLarge;

impl<N: Number> Values<N> {
    pub(super) fn new() -> Self {
        Self { components: Vec::new(), excess: Vec::new(), unrounded: None, work: Work::nothing::<N>() }
    }

    /// What a limit took from a component.
    pub(super) fn excess(&self, component: usize) -> Option<&N> {
        self.excess.iter().find(|(place, _)| *place == component).map(|(_, excess)| excess)
    }

    /// Stores the next component's value within its bounds, and what the bounds took from it.
    fn within(&mut self, value: N, min: Option<&N>, max: Option<&N>) -> Option<Option<N>> {
        let bound = match (min, max) {
            (Some(min), _) if value.order(min) == Ordering::Less => min,
            (_, Some(max)) if value.order(max) == Ordering::Greater => max,
            _ => return Some(Some(value)),
        };
        let excess = value.minus(bound)?;
        self.excess.push((self.components.len(), excess));
        Some(Some(bound.clone()))
    }
}

impl<A: Clone> Work<A> {
    fn nothing<N: Number<Amount = A>>() -> Self {
        let three = || [N::nothing(), N::nothing(), N::nothing()];
        Self { assigned: N::nothing(), done: three(), unlimited: three() }
    }
}

/// Computes every component.
pub(super) fn run<N: Number>(
    plan: &Plan<'_, N>,
    sheet: &Sheet<N>,
    fill: Fill,
    values: &mut Values<N>,
) -> Result<(), TooLarge> {
    values.components.clear();
    values.excess.clear();
    if let Some(kept) = &plan.kept {
        values.work = work(kept, sheet, plan.switches.cap);
    }
    for (_, op) in &plan.components {
        let value = component(plan, sheet, op, fill, values).ok_or(TooLarge)?;
        values.components.push(value);
    }
    values.unrounded = None;
    let total = values.components.get(plan.total).cloned().flatten();
    if let Some(total) = total.filter(|_| plan.switches.rounding != Rounding::None) {
        let round = rounded(&total, plan.switches.rounding).ok_or(TooLarge)?;
        values.unrounded = Some(total);
        if let Some(place) = values.components.get_mut(plan.total) {
            *place = Some(round);
        }
    }
    Ok(())
}

/// Computes the next component's value, if there is one, and stores what a limit took from it. Outer `None`: too large.
fn component<N: Number>(
    plan: &Plan<'_, N>,
    sheet: &Sheet<N>,
    op: &Op<N>,
    fill: Fill,
    values: &mut Values<N>,
) -> Option<Option<N>> {
    match op {
        Op::Marks(groups) => {
            let mut groups = groups.iter().filter_map(|place| plan.groups.get(*place));
            let Some(first) = groups.next() else { return N::zero().map(Some) };
            let mut sum = group_sum(plan, sheet, first)?;
            for group in groups {
                sum = sum.plus(&group_sum(plan, sheet, group)?)?;
            }
            Some(Some(sum))
        }
        Op::Share(place, per_max) => {
            let mark = sheet.marks.get(*place)?.as_ref().map(|mark| N::value(mark, sheet.marks_scale)?.times(per_max));
            Some(mark.unwrap_or_else(|| Some(N::one())))
        }
        Op::Work(measure) => ratio(plan, *measure, values),
        Op::Events(places, min, max) => {
            let mut sum = N::zero()?;
            for (_, points) in sheet.events.iter().filter(|(place, _)| places.contains(place)) {
                sum = sum.plus(points)?;
            }
            values.within(sum, min.as_ref(), max.as_ref())
        }
        Op::Products(axis, max) => {
            let mut sum = N::zero()?;
            for product in sheet.products.iter().filter(|product| axis.is_none() || product.axis == *axis) {
                sum = sum.plus(&product_points(product, plan.switches)?)?;
            }
            values.within(sum, None, Some(max))
        }
        Op::Stated(place) => Some(Some(statement(sheet.statements.get(*place)?, fill))),
        Op::Mean(places, share, max) => match sum_of(values, places.iter().map(|place| (*place, None)))? {
            Some(sum) => values.within(sum.times(share)?, None, Some(max)),
            None => Some(None),
        },
        Op::Sum(terms, min, max) => match sum_of(values, terms.iter().map(|(place, weight)| (*place, Some(weight))))? {
            Some(sum) => values.within(sum, min.as_ref(), Some(max)),
            None => Some(None),
        },
    }
}

fn statement<N: Number>(stated: &Stated<N>, fill: Fill) -> N {
    match (stated, fill) {
        (Stated::Known(value), _)
        | (Stated::Open(value, _), Fill::Lowest)
        | (Stated::Open(_, value), Fill::Highest) => value.clone(),
    }
}

/// Σ weight × component; inner `None` when one of them has no value.
fn sum_of<'n, N: Number + 'n>(
    values: &Values<N>,
    terms: impl Iterator<Item = (usize, Option<&'n N>)>,
) -> Option<Option<N>> {
    let mut sum: Option<N> = None;
    for (place, weight) in terms {
        let Some(value) = values.components.get(place)? else { return Some(None) };
        let term = match weight {
            Some(weight) => value.times(weight)?,
            None => value.clone(),
        };
        sum = Some(match sum {
            Some(sum) => sum.plus(&term)?,
            None => term,
        });
    }
    sum.map_or_else(|| N::zero().map(Some), |sum| Some(Some(sum)))
}

/// The sum of the marks of a group. Criteria that do not apply are left out, and the rest is scaled up to the group's
/// maximum.
pub(super) fn group_sum<N: Number>(plan: &Plan<'_, N>, sheet: &Sheet<N>, group: &GroupPlan<'_, N>) -> Option<N> {
    let marks = sheet.marks.get(group.from..group.to)?;
    let mut sum = N::nothing();
    let mut all_apply = true;
    for mark in marks {
        match mark {
            Some(mark) => N::add(&mut sum, mark),
            None => all_apply = false,
        }
    }
    let sum = N::value(&sum, sheet.marks_scale)?;
    if all_apply || plan.switches.not_applicable != NotApplicable::Rescale {
        return Some(sum);
    }
    let criteria = plan.criteria.get(group.from..group.to)?;
    let applied: Exact = criteria.iter().zip(marks).filter(|(_, mark)| mark.is_some()).map(|(own, _)| &own.max).sum();
    // If nothing of a group applies, the group has its maximum.
    match group.group.max.checked_div(&applied) {
        Some(stretch) => sum.times(&N::of(&stretch)?),
        None => Some(group.max.clone()),
    }
}

/// The points of a product: its base times Σ weight × share reached, rounded where the reading requires it.
pub(super) fn product_points<N: Number>(product: &ProductSheet<N>, switches: Switches) -> Option<N> {
    let mut share = N::zero()?;
    for (reached, weight) in &product.dimensions {
        share = share.plus(&reached.times(weight)?)?;
    }
    let points = product.base.times(&share)?;
    if switches.rounding == Rounding::TenthProduct { rounded(&points, Rounding::Tenth) } else { Some(points) }
}

/// The quantity of a line that counts as done. The limit per line applies only to its own work. Work that was taken
/// over or arose outside the plan is added, as the regulations require.
fn counted<N: Number>(line: &Line<N::Amount>, cap: Cap) -> N::Amount {
    let own = if cap == Cap::Line && line.own > line.assigned { &line.assigned } else { &line.own };
    let mut done = own.clone();
    N::add(&mut done, &line.extra);
    done
}

/// The converted work of a line that counts under a measure.
pub(super) fn line_done<N: Number>(
    kept: &Kept<N>,
    sheet: &Sheet<N>,
    place: usize,
    measure: Measure,
    cap: Cap,
) -> Option<N::Amount> {
    let line = sheet.lines.get(place)?;
    let counted = match sheet.by_product.get(place).and_then(|counts| counts.get(measure as usize)) {
        Some(own) => {
            let mut done = own.clone();
            N::add(&mut done, &line.extra);
            done
        }
        None => counted::<N>(line, cap),
    };
    let done = N::multiply(&line.k, &counted);
    Some(match measure {
        Measure::Quantity => done,
        Measure::Quality => N::multiply(&done, kept.quality.get(line.failed)),
        Measure::Progress => N::multiply(&done, kept.progress.get(line.late)),
    })
}

fn work<N: Number>(kept: &Kept<N>, sheet: &Sheet<N>, cap: Cap) -> Work<N::Amount> {
    let mut sums = Work::nothing::<N>();
    if cap == Cap::Indicator {
        return by_product(kept, sheet);
    }
    let [quantity, quality, progress] = &mut sums.done;
    let [all, all_quality, all_progress] = &mut sums.unlimited;
    for line in &sheet.lines {
        let (good, timely) = (kept.quality.get(line.failed), kept.progress.get(line.late));
        let counted = counted::<N>(line, cap);
        let done = N::multiply(&line.k, &counted);
        N::add(&mut sums.assigned, &N::multiply(&line.k, &line.assigned));
        N::add(quantity, &done);
        N::add(quality, &N::multiply(&done, good));
        N::add(progress, &N::multiply(&done, timely));
        if counted != line.all {
            let mut over = N::multiply(&line.k, &line.all);
            N::add(&mut over, &N::negative(&done));
            N::add(all, &over);
            N::add(all_quality, &N::multiply(&over, good));
            N::add(all_progress, &N::multiply(&over, timely));
        }
    }
    sums
}

/// The sums where the limit applies to products. What counts of a line then differs by measure.
fn by_product<N: Number>(kept: &Kept<N>, sheet: &Sheet<N>) -> Work<N::Amount> {
    let mut sums = Work::nothing::<N>();
    for (place, line) in sheet.lines.iter().enumerate() {
        N::add(&mut sums.assigned, &N::multiply(&line.k, &line.assigned));
        let everything = N::multiply(&line.k, &line.all);
        let measures = [Measure::Quantity, Measure::Quality, Measure::Progress];
        for ((measure, done), over) in measures.into_iter().zip(&mut sums.done).zip(&mut sums.unlimited) {
            let Some(counts) = line_done(kept, sheet, place, measure, Cap::Indicator) else { continue };
            N::add(done, &counts);
            N::add(
                over,
                &match measure {
                    Measure::Quantity => everything.clone(),
                    Measure::Quality => N::multiply(&everything, kept.quality.get(line.failed)),
                    Measure::Progress => N::multiply(&everything, kept.progress.get(line.late)),
                },
            );
            N::add(over, &N::negative(&counts));
        }
    }
    sums
}

/// Whether the divisor of a measure is the completed work.
pub(super) fn by_completed(measure: Measure, switches: Switches) -> bool {
    switches.denominator == Denominator::Completed && measure != Measure::Quantity
}

/// The numerator, what the limit per line took from it, and the denominator.
pub(super) struct Parts<'w, A> {
    pub(super) numerator: &'w A,
    over: &'w A,
    pub(super) denominator: &'w A,
}

pub(super) fn parts<'w, N: Number>(
    plan: &Plan<'_, N>,
    measure: Measure,
    work: &'w Work<N::Amount>,
) -> Option<Parts<'w, N::Amount>> {
    let place = measure as usize;
    let [done, ..] = &work.done;
    Some(Parts {
        numerator: work.done.get(place)?,
        over: work.unlimited.get(place)?,
        denominator: if by_completed(measure, plan.switches) { done } else { &work.assigned },
    })
}

/// Σ of a measure divided by its denominator. None where nothing was assigned, because there is nothing to judge.
fn ratio<N: Number>(plan: &Plan<'_, N>, measure: Measure, values: &mut Values<N>) -> Option<Option<N>> {
    let none = N::nothing();
    let Some(kept) = plan.kept.as_ref().filter(|_| values.work.assigned != none) else { return Some(None) };
    let parts = parts(plan, measure, &values.work)?;
    // If the divisor is the completed work and nothing was completed, nothing was good or in time either. Quantity is
    // converted to the unit of kept shares, too, so that the fractions of a card have one denominator.
    let over = |part: &N::Amount| match (*parts.denominator == none, measure) {
        (true, _) => N::zero(),
        (false, Measure::Quantity) => N::quotient(&N::multiply(part, &kept.whole), parts.denominator, kept.scale),
        (false, _) => N::quotient(part, parts.denominator, kept.scale),
    };
    let ratio = over(parts.numerator)?;
    let above = !plan.is_open_above() && ratio.order(&N::one()) == Ordering::Greater;
    let limited = if above { N::one() } else { ratio.clone() };
    if !above && *parts.over == none {
        return Some(Some(limited));
    }
    let excess = ratio.plus(&over(parts.over)?)?.minus(&limited)?;
    values.excess.push((values.components.len(), excess));
    Some(Some(limited))
}

/// The number rounded as the authority rounds it.
pub(super) fn rounded<N: Number>(total: &N, rounding: Rounding) -> Option<N> {
    let number = |numerator, denominator| N::of(&Exact::ratio(numerator, denominator)?);
    let to_unit = |per_unit: i64, half: bool| {
        let mut units = total.times(&number(per_unit, 1)?)?;
        if half {
            units = units.plus(&number(1, 2)?)?;
        }
        units.floor()?.times(&number(1, per_unit)?)
    };
    match rounding {
        Rounding::None | Rounding::TenthProduct => Some(total.clone()),
        Rounding::Tenth => to_unit(10, true),
        Rounding::Half => to_unit(2, true),
        Rounding::CutHundredth => to_unit(100, false),
    }
}
