//! Puts the step that compares self-score and appraisal into words.

use super::super::TOTAL;
use super::super::outcome::Step;
use super::readable;
use crate::pack::{Language, Pack};

/// That step as a sentence: both results, how far they differ, and the explanation given.
pub(super) fn sentence(pack: &Pack, step: &Step, language: Language) -> Option<String> {
    let vi = language == Language::Vi;
    let number = |text: &str| readable(text, language);
    let result = |total: &str, class: &str| {
        let class = step.inputs.get(class).map(|code| format!(" ({code})")).unwrap_or_default();
        Some(format!("{}{class}", number(step.inputs.get(total)?)))
    };
    let (own, appraised) = (result("self.total", "self.class")?, result(TOTAL, "class")?);
    let (gap, points) = (number(&step.value), number(step.inputs.get("points")?));
    let or_class = match (pack.appraisal_gap.as_ref()?.class, vi) {
        (true, true) => " hoặc khi khác mức",
        (true, false) => " or for another class",
        (false, _) => "",
    };
    let said = step.inputs.get("explanation").map(|words| match vi {
        true => format!("; giải trình: {words}"),
        false => format!("; explanation: {words}"),
    });
    let said = said.unwrap_or_default();
    Some(match vi {
        true => format!(
            "Tự chấm {own}, thẩm định {appraised}: chênh lệch {gap} điểm, phải giải trình từ {points} điểm{or_class}{said}"
        ),
        false => format!(
            "Self-score {own}, appraised {appraised}: {gap} points apart, explained from {points} points on{or_class}{said}"
        ),
    })
}
