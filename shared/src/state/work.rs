//! Checks the coefficients of work: for listed work the list decides, for other work the list's frame (Đ.13(2), (3) of
//! Decree 335/2025).

use super::State;
use crate::ids::LineId;
use crate::limits::FREE_COEFFICIENT_MAX;
use crate::num::Exact;
use crate::op::{CardKey, Detail, NewLine, Payload, PlanReview, Refusal, RefusalCode};

impl State {
    /// The lowest and the highest coefficient that work outside the list may have on a card: those of the list in force
    /// for it, or else from above 0 to [`FREE_COEFFICIENT_MAX`].
    #[must_use]
    pub fn coefficient_frame(&self, key: &CardKey) -> (Exact, Exact) {
        let day = key.period.last_day();
        let unit = self.seat(key).map(|seat| seat.unit);
        let list = unit.and_then(|unit| self.work_lists.in_force(&self.org.ancestry(unit), day));
        let coefficients = || list.iter().flat_map(|(_, list)| list.products.values()).map(|one| &one.coefficient);
        let bounds = coefficients().min().zip(coefficients().max());
        let (low, high) = bounds
            .map_or((Exact::zero(), Exact::from_int(FREE_COEFFICIENT_MAX)), |(low, high)| (low.clone(), high.clone()));
        (low, high)
    }

    /// Whether the work that an intent adds to a card or confirms has an allowed coefficient.
    pub(super) fn work_admits(&self, key: &CardKey, intent: &Payload) -> Result<(), Refusal> {
        match intent {
            Payload::AssignWork(lines) => {
                let mut lines = lines.iter().zip(1..);
                lines.try_for_each(|(line, place)| self.line_admits(key, line, &format!("lines[{place}].coefficient")))
            }
            Payload::ReviseLine { plan, .. } => self.line_admits(key, plan, "plan.coefficient"),
            Payload::Appraise(_, appraisal) | Payload::FillSlot(_, appraisal) => {
                let mut set = appraisal.lines.iter().filter_map(|(line, review)| Some((*line, review.plan.as_ref()?)));
                set.try_for_each(|(line, plan)| self.confirmation_admits(key, line, plan))
            }
            _ => Ok(()),
        }
    }

    /// A code has the coefficient that its list gives. No device may use another one.
    fn line_admits(&self, key: &CardKey, line: &NewLine, field: &str) -> Result<(), Refusal> {
        if line.code.is_empty() {
            return self.within_frame(key, &line.coefficient, field);
        }
        let list = line.list.and_then(|list| self.work_lists.get(list)).filter(|list| list.adoption.is_some());
        let product = list.and_then(|list| list.products.get(&line.code));
        let product = product.ok_or_else(|| Refusal::new(RefusalCode::Unknown, "code").found(&line.code))?;
        weighs(&line.coefficient, &product.coefficient, field)
    }

    /// A superior may set the coefficient of free work. Listed work keeps the list's coefficient.
    fn confirmation_admits(&self, key: &CardKey, line: LineId, plan: &PlanReview) -> Result<(), Refusal> {
        let field = format!("lines.{line}.coefficient");
        let lines = self.card(key).map(|card| card.lines()).unwrap_or_default();
        match lines.into_iter().find(|known| known.id == line) {
            Some(known) if !known.plan.code.is_empty() => weighs(&plan.coefficient, &known.plan.coefficient, &field),
            // Work registered within an earlier frame may be confirmed unchanged.
            Some(known) if known.plan.coefficient == plan.coefficient => Ok(()),
            _ => self.within_frame(key, &plan.coefficient, &field),
        }
    }

    fn within_frame(&self, key: &CardKey, coefficient: &Exact, field: &str) -> Result<(), Refusal> {
        let (low, high) = self.coefficient_frame(key);
        if *coefficient >= low && *coefficient <= high && !coefficient.is_zero() {
            return Ok(());
        }
        let allowed = if low.is_zero() { Detail::PositiveUpTo(high) } else { Detail::Numbers([low, high]) };
        Err(Refusal::new(RefusalCode::OutOfRange, field).found(coefficient).allowed(allowed))
    }
}

fn weighs(found: &Exact, allowed: &Exact, field: &str) -> Result<(), Refusal> {
    if found == allowed {
        return Ok(());
    }
    Err(Refusal::new(RefusalCode::OutOfRange, field).found(found).allowed(allowed))
}
