//! Periods by their length.

use super::model::Span;
use crate::time::Period;

impl Span {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Month, Self::Quarter, Self::HalfYear, Self::Year];

    /// The length with this name in files.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.word() == word)
    }

    /// Its name in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::HalfYear => "half_year",
            Self::Year => "year",
        }
    }
}

impl Period {
    /// The length of the period.
    #[must_use]
    pub const fn span(self) -> Span {
        match self {
            Self::Month(..) => Span::Month,
            Self::Quarter(..) => Span::Quarter,
            Self::HalfYear(..) => Span::HalfYear,
            Self::Year(_) => Span::Year,
        }
    }

    /// The period of length `span` in which this period begins.
    #[must_use]
    pub fn within(self, span: Span) -> Self {
        let (year, month, _) = self.first_day().civil();
        let year = u16::try_from(year).unwrap_or_default();
        let place = |months: u8| month.saturating_sub(1).checked_div(months).unwrap_or_default().saturating_add(1);
        match span {
            Span::Month => Self::Month(year, month),
            Span::Quarter => Self::Quarter(year, place(3)),
            Span::HalfYear => Self::HalfYear(year, place(6)),
            Span::Year => Self::Year(year),
        }
    }

    /// The periods of the shorter length `span` that make up this one, in order.
    #[must_use]
    pub fn parts(self, span: Span) -> Vec<Self> {
        let mut part = self.within(span);
        let mut parts = Vec::new();
        while part.first_day() <= self.last_day() {
            parts.push(part);
            part = part.next();
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_period_are_its_months() {
        assert_eq!(Period::Quarter(2026, 4).parts(Span::Month), [10, 11, 12].map(|month| Period::Month(2026, month)));
        assert_eq!(Period::Year(2026).parts(Span::Quarter).len(), 4);
        assert_eq!(Period::Month(2026, 7).within(Span::HalfYear), Period::HalfYear(2026, 2));
    }
}
