//! From which day an act may arrive.

use shared::ids::PersonId;
use shared::pack::Step;
use shared::time::Day;

use super::Rules;

/// The 20th, where nobody names another day; in December the 1st.
const USUAL: u8 = 20;
const USUAL_IN_DECEMBER: u8 = 1;

impl Rules<'_> {
    /// The first day of a step. A result is signed from the day that the adoption names, else from that of the step, else from
    /// the usual one.
    pub(super) fn opens(self, step: &Step, signs: bool) -> Day {
        let (year, month, _) = self.day().civil();
        let named = step.opens.and_then(|opens| opens.from);
        let in_december = step.opens.and_then(|opens| opens.december);
        let ordinary = if signs { self.office.adoption.opens.or(named).or(Some(USUAL)) } else { named };
        let special = if signs { in_december.or(Some(USUAL_IN_DECEMBER)) } else { in_december };
        let number = match (month, ordinary, special) {
            (12, Some(one), Some(other)) => Some(one.min(other)),
            (12, None, only) => only,
            _ => ordinary,
        };
        let day = number.map_or(self.office.period.first_day(), |number| {
            let of_month = (1..=number).rev().find_map(|number| Day::from_civil(year, month, number));
            of_month.unwrap_or_else(|| self.day())
        });
        day.max(self.office.period.first_day())
    }

    /// Whether nobody has to wait for somebody's own score any more: the result may be signed, or the person has left.
    pub(super) fn is_late(self, subject: PersonId, day: Day) -> bool {
        let signed_from = self.signing(subject).first().map(|(_, step)| self.opens(step, true));
        let left = self.last_day_of(subject).is_some_and(|last| day > last);
        day >= signed_from.unwrap_or_else(|| self.office.period.first_day()) || left
    }
}
