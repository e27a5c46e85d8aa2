//! The decree in fractions of machine words, reduced after every step.

use num_rational::Ratio;

type Fraction = Ratio<i128>;

/// A card in fractions.
#[derive(Debug)]
pub(crate) struct Card {
    marks: Vec<Fraction>,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    coefficient: Fraction,
    assigned: Fraction,
    completed: Fraction,
    extra: Fraction,
    failed_reviews: i128,
    late_times: i128,
}

impl Card {
    pub(crate) fn of(card: &crate::cards::Card) -> Self {
        let over = |units: i64, per_one: i128| Fraction::new(units.into(), per_one);
        let line = |line: &crate::cards::Line| Line {
            coefficient: over(line.coefficient_tenths, 10),
            assigned: over(line.assigned_hundredths, 100),
            completed: over(line.completed_hundredths, 100),
            extra: over(line.extra_hundredths, 100),
            failed_reviews: line.failed_reviews.into(),
            late_times: line.late_times.into(),
        };
        Self {
            marks: card.marks_hundredths.iter().map(|mark| over(*mark, 100)).collect(),
            lines: card.lines.iter().map(line).collect(),
        }
    }
}

/// The total and the number of the class. None when nothing was assigned.
pub(crate) fn score(card: &Card) -> Option<(Fraction, usize)> {
    let zero = Fraction::from_integer(0);
    let one = Fraction::from_integer(1);
    let kept = |times: i128| Fraction::new(4 - times.min(4), 4);
    let (mut assigned, mut done, mut good, mut timely) = (zero, zero, zero, zero);
    for line in &card.lines {
        let converted = line.coefficient * (line.completed.min(line.assigned) + line.extra);
        assigned += line.coefficient * line.assigned;
        done += converted;
        good += converted * kept(line.failed_reviews);
        timely += converted * kept(line.late_times);
    }
    if assigned == zero {
        return None;
    }
    let share = |part: Fraction| (part / assigned).min(one);
    let task = (share(done) + share(good) + share(timely)) / Fraction::from_integer(3);
    let total = card.marks.iter().sum::<Fraction>() + task * Fraction::from_integer(70);
    let class = [90, 70, 50].iter().position(|min| total >= Fraction::from_integer(*min)).unwrap_or(3);
    Some((total, class))
}
