//! A text field for a day, written as people in Vietnam write it. The browser's own date field follows the device's
//! language and may swap day and month. `25/1` is also the beginning of `25/12`, so a day counts only when its field is
//! left.

use leptos::prelude::*;
use shared::time::{Day, DayMisread, Period};

use super::field::Field;
use super::field_error::FieldError;
use crate::i18n::{period_name, t};

/// The first and the last day that may be entered.
pub type DayBounds = (Day, Day);

/// What may be entered: the card's period, which gives a day without a year its year, and the bounds.
#[derive(Clone, Copy, PartialEq)]
pub struct DayRule {
    /// The period of the card.
    pub period: Period,
    /// The days that are allowed.
    pub bounds: DayBounds,
    /// What the day is for.
    pub of: DayOf,
}

/// What a day is for. The error words name it when the day lies outside the bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum DayOf {
    /// When work is due, which is a day of the card's period.
    Due,
    /// When work was done.
    Finished,
}

impl DayRule {
    /// The rule for a due day: it must lie in the card's own period.
    pub fn due(period: Period) -> Self {
        Self { period, bounds: (period.first_day(), period.last_day()), of: DayOf::Due }
    }

    /// Reads what was typed, or says why it cannot be a day. An empty field is no day.
    fn read(self, text: &str) -> Result<Option<Day>, String> {
        let (text, (first, last)) = (text.trim(), self.bounds);
        if text.is_empty() {
            return Ok(None);
        }
        match Day::read_written(text, self.period) {
            Ok(day) | Err(DayMisread::Outside(day)) if day >= first && day <= last => Ok(Some(day)),
            Ok(day) | Err(DayMisread::Outside(day)) => Err(self.outside(day)),
            Err(DayMisread::NoDay) => Err(t::details::day_allowed(text, &last.vietnamese())),
            Err(DayMisread::NoSuchDay) => Err(t::details::day_missing(text)),
        }
    }

    fn outside(self, day: Day) -> String {
        let (first, last) = (self.bounds.0.vietnamese(), self.bounds.1.vietnamese());
        match self.of {
            DayOf::Due => t::details::day_outside(&day.vietnamese(), &period_name(self.period), &first, &last),
            DayOf::Finished => t::details::day_between(&day.vietnamese(), &first, &last),
        }
    }
}

/// A field for a day. A wrong text, or a day outside the bounds, stays on the screen with what is allowed.
#[component]
pub fn DayInput(
    #[prop(into)] id: String,
    label: &'static str,
    /// What the day is for, for messages about the field on other screens.
    #[prop(into)]
    title: String,
    #[prop(into)] value: Signal<Option<Day>>,
    /// Read again for every day: a device may stay open beyond midnight.
    #[prop(into)]
    rule: Signal<DayRule>,
    on_change: Callback<Option<Day>>,
    #[prop(into)] disabled: Signal<bool>,
) -> impl IntoView {
    let field = Field::new(&id, &format!("{label}: {title}"), false);
    field.follow_closing(disabled);
    let finish = move |left: bool| {
        let Some(text) = untrack(|| field.typed()).filter(|_| left) else { return };
        match rule.get_untracked().read(&text) {
            Ok(day) => {
                if day != value.get_untracked() {
                    on_change.run(day);
                }
                field.take(true);
                field.flush();
            }
            Err(words) => field.refuse(words),
        }
    };
    let shown = move || field.typed().unwrap_or_else(|| value.get().map(Day::vietnamese).unwrap_or_default());
    let error_id = format!("{id}-error");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <p class="hint">{t::details::day_hint()}</p>
            <input type="text" inputmode="text" autocomplete="off" id=id.clone() data-testid=id
                aria-describedby=error_id.clone() aria-invalid=move || field.error().get().is_some().to_string()
                disabled=disabled prop:value=shown
                on:input:target=move |event| field.enter(event.target().value(), finish)
                on:change=move |_| field.leave(finish) on:blur=move |_| field.leave(finish) />
            <FieldError id=error_id message=field.error() />
        </div>
    }
}
