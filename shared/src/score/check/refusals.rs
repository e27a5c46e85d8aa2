//! Collects what a card is refused for. Each kind of refusal has one piece of code, because a form has hundreds of
//! fields.

use std::fmt::{Arguments, Display};

use crate::input_error::{Allowed, ErrorCode, InputError};
use crate::limits::DENOMINATOR_MAX;
use crate::num::Exact;

/// All refusals so far.
#[derive(Default)]
pub(in crate::score) struct Refusals(Vec<InputError>);

impl Refusals {
    /// Succeeds if there are no refusals; otherwise returns all of them.
    pub(in crate::score) fn done(self) -> Result<(), Vec<InputError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }

    pub(in crate::score) fn extend(&mut self, errors: Vec<InputError>) {
        self.0.extend(errors);
    }

    #[inline(never)]
    pub(in crate::score) fn add(
        &mut self,
        code: ErrorCode,
        field: Arguments<'_>,
        found: &dyn Display,
        allowed: Allowed,
    ) {
        self.0.push(InputError::new(code, field.to_string(), found, allowed));
    }

    #[inline(never)]
    pub(in crate::score) fn missing(&mut self, field: Arguments<'_>, allowed: Allowed) {
        self.add(ErrorCode::Missing, field, &"", allowed);
    }

    #[inline(never)]
    pub(in crate::score) fn unknown(&mut self, field: Arguments<'_>, found: &str, known: Vec<String>) {
        self.add(ErrorCode::Unknown, field, &found, one_of(known));
    }

    #[inline(never)]
    pub(in crate::score) fn twice(&mut self, field: Arguments<'_>, found: &str) {
        self.add(ErrorCode::Doubled, field, &found, Allowed::Once);
    }

    /// Refuses a number outside its bounds. It is written in decimals where they are exact.
    #[inline(never)]
    pub(in crate::score) fn out_of_range(&mut self, field: Arguments<'_>, found: &Exact, allowed: Allowed) {
        self.add(ErrorCode::OutOfRange, field, &decimal(found), allowed);
    }

    /// Refuses a number that is not between a lowest and a highest one, or is too fine.
    #[inline(never)]
    pub(in crate::score) fn between(&mut self, value: &Exact, low: &Exact, high: &Exact, field: Arguments<'_>) {
        if value < low || value > high {
            self.out_of_range(field, value, range(low, high));
        } else {
            self.fineness(value, field);
        }
    }

    /// Refuses a number that is not between 0 and a highest one.
    #[inline(never)]
    pub(in crate::score) fn up_to(&mut self, value: &Exact, high: &Exact, field: Arguments<'_>) {
        self.between(value, &Exact::zero(), high, field);
    }

    /// Refuses a number that is not above 0 and at most a highest one.
    #[inline(never)]
    pub(in crate::score) fn positive(&mut self, value: &Exact, high: &Exact, field: Arguments<'_>) {
        if *value <= Exact::zero() || value > high {
            self.out_of_range(field, value, Allowed::PositiveUpTo(decimal(high)));
        }
        self.fineness(value, field);
    }

    #[inline(never)]
    pub(in crate::score) fn fineness(&mut self, value: &Exact, field: Arguments<'_>) {
        if value.as_small().is_none_or(|(_, denominator)| denominator > DENOMINATOR_MAX) {
            self.add(ErrorCode::OutOfRange, field, value, Allowed::Denominator(DENOMINATOR_MAX));
        }
    }

    #[inline(never)]
    pub(in crate::score) fn text(&mut self, text: &str, chars_max: usize, field: Arguments<'_>) {
        let found = text.chars().count();
        if found > chars_max {
            let code = ErrorCode::TooMany;
            let error =
                InputError::new(code, field.to_string(), format!("{found} characters"), Allowed::AtMost(chars_max));
            self.0.push(error.found_vi(format!("{found} ký tự")));
        }
    }

    /// Refuses a text where something else is required.
    #[inline(never)]
    pub(in crate::score) fn text_for(&mut self, text: &str, field: Arguments<'_>, allowed: Allowed) {
        let error = InputError::new(ErrorCode::NotAllowed, field.to_string(), format!("{text:?} (text)"), allowed);
        self.0.push(error.found_vi(format!("{text:?} (chữ)")));
    }
}

/// The range from a lowest to a highest number, in words.
pub(in crate::score) fn range(low: &Exact, high: &Exact) -> Allowed {
    Allowed::Range(decimal(low), decimal(high))
}

/// One of some values, or [`Allowed::Nothing`] where there are none.
pub(in crate::score) fn one_of(values: Vec<String>) -> Allowed {
    if values.is_empty() { Allowed::Nothing } else { Allowed::OneOf(values) }
}

/// A number as people write it, in decimals where they are exact.
pub(in crate::score) fn decimal(value: &Exact) -> String {
    let text = value.to_decimal(6);
    if Exact::parse(&text).as_ref() == Ok(value) { text } else { value.to_string() }
}
