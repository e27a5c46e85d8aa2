//! The decree in floating point, as spreadsheets compute it: fast, and not exact.
#![allow(clippy::float_arithmetic, reason = "this is what exact numbers are compared with")]

/// A card in floating point.
#[derive(Debug)]
pub(crate) struct Card {
    marks: Vec<f64>,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    coefficient: f64,
    assigned: f64,
    completed: f64,
    extra: f64,
    failed_reviews: f64,
    late_times: f64,
}

impl Card {
    #[expect(clippy::cast_precision_loss, reason = "what people enter is far below 2^53")]
    pub(crate) fn of(card: &crate::cards::Card) -> Self {
        let over = |units: i64, per_one: f64| units as f64 / per_one;
        let line = |line: &crate::cards::Line| Line {
            coefficient: over(line.coefficient_tenths, 10.0),
            assigned: over(line.assigned_hundredths, 100.0),
            completed: over(line.completed_hundredths, 100.0),
            extra: over(line.extra_hundredths, 100.0),
            failed_reviews: over(line.failed_reviews, 1.0),
            late_times: over(line.late_times, 1.0),
        };
        Self {
            marks: card.marks_hundredths.iter().map(|mark| over(*mark, 100.0)).collect(),
            lines: card.lines.iter().map(line).collect(),
        }
    }
}

/// The total and the number of the class. None when nothing was assigned.
pub(crate) fn score(card: &Card) -> Option<(f64, usize)> {
    let (mut assigned, mut done, mut good, mut timely) = (0.0, 0.0, 0.0, 0.0);
    for line in &card.lines {
        let converted = line.coefficient * (line.completed.min(line.assigned) + line.extra);
        assigned += line.coefficient * line.assigned;
        done += converted;
        good += converted * (1.0 - 0.25 * line.failed_reviews).max(0.0);
        timely += converted * (1.0 - 0.25 * line.late_times).max(0.0);
    }
    if assigned <= 0.0 {
        return None;
    }
    let share = |part: f64| (part / assigned).min(1.0);
    let task = (share(done) + share(good) + share(timely)) / 3.0;
    let total = card.marks.iter().sum::<f64>() + 70.0 * task;
    let class = [90.0, 70.0, 50.0].iter().position(|min| total >= *min).unwrap_or(3);
    Some((total, class))
}

/// Whether a float is within 1e-9 of a fraction.
#[expect(clippy::cast_precision_loss, reason = "the tolerance is far wider")]
pub(crate) fn is_near(total: f64, numerator: i128, denominator: i128) -> bool {
    (total - numerator as f64 / denominator as f64).abs() < 1e-9
}
