//! Checks what an intent may contain: texts, numbers and lines within their limits.

use super::{Judgement, reject};
use crate::card::Card;
use crate::limits::{
    CODE_CHARS_MAX, LINES_EVER_PER_CARD_MAX, LINES_PER_CARD_MAX, LINES_PER_OPERATION_MAX, NAME_CHARS_MAX,
    NOTE_CHARS_MAX, QUANTITY_MAX,
};
use crate::num::Exact;
use crate::op::{Detail, DraftValue, Mark, NewLine, Progress, Refusal, RefusalCode, Register, Verdict};
use crate::sorted_map::Map;

pub(super) fn within(field: &str, found: usize, allowed: usize) -> Judgement {
    if found > allowed { Err(over_limit(field, found, allowed)) } else { Ok(()) }
}

fn over_limit(field: &str, found: usize, allowed: usize) -> Verdict {
    Verdict::Rejected(Refusal::new(RefusalCode::OverLimit, field).found(found).allowed(allowed))
}

pub(super) fn note(text: &str, field: &str) -> Judgement {
    within(field, text.chars().count(), NOTE_CHARS_MAX)
}

pub(super) fn required(text: &str, field: &str) -> Judgement {
    if text.trim().is_empty() { Err(reject(RefusalCode::ReasonRequired, field)) } else { note(text, field) }
}

pub(super) fn quantity(value: &Exact, field: &str) -> Judgement {
    if value.is_negative() || *value > Exact::from_int(QUANTITY_MAX) {
        let refusal = Refusal::new(RefusalCode::OutOfRange, field)
            .found(value)
            .allowed(Detail::Numbers([Exact::zero(), Exact::from_int(QUANTITY_MAX)]));
        return Err(Verdict::Rejected(refusal));
    }
    Ok(())
}

pub(super) fn new_lines(card: &Card, lines: &[NewLine]) -> Judgement {
    if lines.is_empty() {
        return Err(reject(RefusalCode::Missing, "lines"));
    }
    within("lines", lines.len(), LINES_PER_OPERATION_MAX)?;
    let total = card.lines().len() + lines.len();
    within("lines", total, LINES_PER_CARD_MAX)?;
    let ever = card.count(|register| matches!(register, Register::Plan(_))) + lines.len();
    within("lines", ever, LINES_EVER_PER_CARD_MAX)?;
    lines.iter().zip(1..).try_for_each(|(line, place)| new_line(line, &format!("lines[{place}]")))
}

pub(super) fn new_line(line: &NewLine, field: &str) -> Judgement {
    if line.code.is_empty() && line.name.trim().is_empty() {
        return Err(reject(RefusalCode::Missing, &format!("{field}.name")));
    }
    within(&format!("{field}.name"), line.name.chars().count(), NAME_CHARS_MAX)?;
    within(&format!("{field}.code"), line.code.chars().count(), CODE_CHARS_MAX)?;
    quantity(&line.assigned, &format!("{field}.assigned"))?;
    quantity(&line.coefficient, &format!("{field}.coefficient"))
}

pub(super) fn report(progress: &Progress) -> Judgement {
    quantity(&progress.completed, "completed")?;
    quantity(&progress.handed_over, "handed_over")?;
    for (count, field) in [
        (progress.failed_reviews, "failed_reviews"),
        (progress.late_times, "late_times"),
        (progress.late_days, "late_days"),
    ] {
        quantity(&Exact::from(count), field)?;
    }
    note(&progress.evidence, "evidence")?;
    note(&progress.cause_text, "cause_text")
}

pub(super) fn draft(fields: &Map<String, DraftValue>) -> Judgement {
    fields.iter().try_for_each(|(field, value)| {
        within("field", field.chars().count(), NAME_CHARS_MAX)?;
        let event = value.event.as_ref();
        let texts = event.into_iter().flat_map(|event| [&event.evidence, &event.reason]);
        texts.chain([&value.text]).try_for_each(|text| note(text, field))
    })
}

pub(super) fn marks_have_short_reasons<'a>(mut marks: impl Iterator<Item = &'a Mark>) -> Judgement {
    marks.try_for_each(|mark| note(&mark.reason, "reason"))
}
