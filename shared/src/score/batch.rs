//! Scores many cards under one plan. The pack is prepared once for a role and its readings, and each card is accepted
//! once. Then machine words give total and class without allocating memory; exact numbers do so where the words do not
//! suffice.

use std::fmt;

use super::check;
use super::classify::{Classifier, Unclear};
use super::input::CardInput;
use super::number::Quick;
use super::plan::{Op, Plan};
use super::run::{Fill, TooLarge, Values, line_done, run};
use super::sheet::{Sheet, Stated};
use super::{Card, options_used};
use crate::input_error::InputError;
use crate::pack::{Measure, Pack, PackStatus};
use crate::sorted_map::Map;

/// A pack prepared for one role under some readings.
pub struct Batch<'a> {
    pack: &'a Pack,
    role: &'a str,
    options: Map<String, String>,
    /// None if one of the pack's numbers needs more than machine words.
    quick: Option<Plan<'a, Quick>>,
}

/// An accepted card, with its values in the order of a batch's plan.
pub struct Accepted {
    /// None if the card waits for a statement, may lack an explanation, or needs more than machine words.
    sheet: Option<Sheet<Quick>>,
}

/// The result of a card: a fraction that is not reduced, and the place of the class in the pack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Total and class are known.
    Scored {
        /// The total, above [`Self::Scored::denominator`].
        numerator: i64,
        /// Above 0.
        denominator: i64,
        /// The place of the class; the highest class comes first.
        class: u8,
    },
    /// Every other result, including those that machine words cannot hold. [`super::evaluate`] gives it.
    Other,
}

/// Working memory for the values of one card after the other.
pub struct Trace {
    values: Values<Quick>,
    steps: Vec<TracedStep>,
}

/// Names what a traced value belongs to, by places in the pack and the card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Traced {
    /// Converted work of a line under a component, in units of `1/scale`.
    Line(u16, u16),
    /// A component, by its place among those of the role in the pack.
    Component(u16),
    /// A limit that reduced a component.
    Limit(u16),
    /// A condition that was checked: 1 if it holds, 0 if not.
    Condition(u16),
}

/// One value on the way to a total, as a fraction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TracedStep {
    /// What the value belongs to.
    pub of: Traced,
    /// Its numerator.
    pub numerator: i64,
    /// Its denominator, above 0.
    pub denominator: i64,
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Batch({}, {}, {:?})", self.pack.id, self.role, self.options)
    }
}

impl fmt::Debug for Accepted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Accepted(on {})", if self.sheet.is_some() { "machine words" } else { "exact numbers" })
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(&self.steps).finish()
    }
}

impl Default for Trace {
    fn default() -> Self {
        Self { values: Values::new(), steps: Vec::new() }
    }
}

impl Trace {
    /// The steps of the last card, in the order of computation.
    #[must_use]
    pub fn steps(&self) -> &[TracedStep] {
        &self.steps
    }
}

impl<'a> Batch<'a> {
    /// Prepares a pack.
    ///
    /// # Errors
    /// A template, an unknown role, an unknown option or value.
    pub fn new(pack: &'a Pack, role: &str, options: &Map<String, String>) -> Result<Self, Vec<InputError>> {
        if pack.status == PackStatus::Template {
            return Err(vec![InputError::template(&pack.id)]);
        }
        let role = check::role(pack, role)?;
        let mut refusals = check::Refusals::default();
        check::check_options(pack, options, &mut refusals);
        refusals.done()?;
        let options = options_used(pack, options);
        let quick = Plan::new(pack, role, &options);
        Ok(Self { pack, role, options, quick })
    }

    /// Accepts a card of the batch's role and readings.
    ///
    /// # Errors
    /// Everything in it that the pack does not allow; a role or readings other than the batch's.
    pub fn accept(&self, input: &CardInput) -> Result<Accepted, Vec<InputError>> {
        let card = check::accept(self.pack, input)?;
        if card.role != self.role || *card.options != self.options {
            return Err(vec![InputError::other_batch(self.role)]);
        }
        Ok(Accepted { sheet: self.quick.as_ref().and_then(|plan| sheet_of(plan, &card)) })
    }

    /// Computes total and class of a card.
    #[must_use]
    pub fn run(&self, card: &Accepted, room: &mut Trace) -> Verdict {
        let verdict = self.quick.as_ref().zip(card.sheet.as_ref());
        verdict
            .and_then(|(plan, sheet)| quick_verdict(plan, sheet, &mut room.values, &mut |_| {}))
            .unwrap_or(Verdict::Other)
    }

    /// The same as [`Self::run`], with every step recorded in `room`.
    #[must_use]
    pub fn run_traced(&self, card: &Accepted, room: &mut Trace) -> Verdict {
        let Trace { values, steps } = room;
        steps.clear();
        let Some((plan, sheet)) = self.quick.as_ref().zip(card.sheet.as_ref()) else { return Verdict::Other };
        let mut conditions = 0_u16;
        let mut held = |holds: bool| {
            let of = Traced::Condition(conditions);
            conditions = conditions.saturating_add(1);
            steps.push(TracedStep { of, numerator: i64::from(holds), denominator: 1 });
        };
        let Some(verdict) = quick_verdict(plan, sheet, values, &mut held) else { return Verdict::Other };
        trace(plan, sheet, values, steps);
        verdict
    }
}

fn sheet_of(plan: &Plan<'_, Quick>, card: &Card<'_>) -> Option<Sheet<Quick>> {
    // Whether an explanation is missing is checked together with the exact total.
    if card.input.self_score.as_ref().is_some_and(|own| own.explanation.trim().is_empty()) {
        return None;
    }
    let sheet = Sheet::of(plan, card)?;
    let open = |op: &Op<Quick>| match op {
        Op::Stated(place) => matches!(sheet.statements.get(*place), Some(Stated::Open(..))),
        _ => false,
    };
    let waits = plan.components.iter().any(|(_, op)| open(op));
    (!waits).then_some(sheet)
}

fn quick_verdict(
    plan: &Plan<'_, Quick>,
    sheet: &Sheet<Quick>,
    values: &mut Values<Quick>,
    held: &mut impl FnMut(bool),
) -> Option<Verdict> {
    if let Err(TooLarge) = run(plan, sheet, Fill::Lowest, values) {
        return None;
    }
    let total = (*values.components.get(plan.total)?)?;
    let decided: Result<_, Vec<Unclear>> = Classifier { plan, sheet, values }.classify(&mut |_, holds| held(holds));
    let decision = decided.ok().filter(|decision| !decision.open && decision.ineligible.is_none())?;
    let (numerator, denominator) = total.parts();
    Some(Verdict::Scored { numerator, denominator, class: u8::try_from(decision.class?).ok()? })
}

fn trace(plan: &Plan<'_, Quick>, sheet: &Sheet<Quick>, values: &Values<Quick>, steps: &mut Vec<TracedStep>) {
    let place = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
    let value = |of, value: &Quick| {
        let (numerator, denominator) = value.parts();
        TracedStep { of, numerator, denominator }
    };
    for (component, (_, op)) in plan.components.iter().enumerate() {
        if let (Op::Work(measure), Some(kept)) = (op, &plan.kept) {
            let kept_scale = if *measure == Measure::Quantity { 1 } else { kept.scale };
            let denominator = sheet.line_scale.saturating_mul(kept_scale);
            for line in 0..sheet.lines.len() {
                let Some(numerator) = line_done(kept, sheet, line, *measure, plan.switches.cap) else { continue };
                steps.push(TracedStep { of: Traced::Line(place(component), place(line)), numerator, denominator });
            }
        }
        if let Some(Some(known)) = values.components.get(component) {
            steps.push(value(Traced::Component(place(component)), known));
        }
        if let Some(excess) = values.excess(component) {
            steps.push(value(Traced::Limit(place(component)), excess));
        }
    }
}
