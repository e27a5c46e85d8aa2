//! A number field with the buttons − and +. A typed text is taken as a whole; see `field`.

use leptos::prelude::*;
use shared::num::{Exact, Misread};

use super::field::Field;
use super::field_error::FieldError;
use crate::fault::{self, Fault};
use crate::i18n::{grouped, is_shown_whole, mark, read_number, t};

/// Bounds and steps of a number people enter.
#[derive(Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Lowest value.
    pub min: Exact,
    /// Highest value.
    pub max: Exact,
    /// What − and + change the value by.
    pub step: Exact,
    /// Whether only whole numbers are allowed.
    pub whole: bool,
}

impl Bounds {
    /// From 0 to `max`.
    pub fn up_to(max: Exact, step: Exact) -> Self {
        Self { min: Exact::zero(), max, step, whole: false }
    }

    /// Amounts from 0, in steps of one.
    pub fn count(max: i64) -> Self {
        Self::up_to(Exact::from_int(max), Exact::one())
    }

    /// Whole numbers from 0.
    pub fn whole(max: i64) -> Self {
        Self { whole: true, ..Self::count(max) }
    }

    fn admit(&self, value: &Exact) -> bool {
        *value >= self.min && *value <= self.max && (!self.whole || value.is_integer())
    }

    /// One step up or down from `value`, within the bounds. Without a value, it is the first step up.
    fn stepped(&self, value: Option<&Exact>, up: bool) -> Exact {
        let from = value.cloned().unwrap_or_else(|| self.min.clone());
        let moved = if up { &from + &self.step } else { &from - &self.step };
        moved.max(self.min.clone()).min(self.max.clone())
    }
}

/// Reads what was typed, or says why it cannot be a number here. A text with two meanings is read if the bounds allow
/// only one of them.
fn read(text: &str, bounds: &Bounds) -> Result<Option<Exact>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (min, max) = (grouped(&bounds.min), grouped(&bounds.max));
    let value = match read_number(text) {
        Ok(value) => value,
        Err(Misread::NoNumber) => return Err(t::input::number_allowed(text, &min, &max)),
        Err(Misread::Signs) => return Err(t::input::number_signs(text)),
        Err(Misread::TwoWays { thousands, decimal }) => match (bounds.admit(&thousands), bounds.admit(&decimal)) {
            (true, false) => thousands,
            (false, true) => decimal,
            _ => return Err(t::input::number_two_ways(text, &mark(&thousands), &mark(&decimal))),
        },
    };
    if bounds.whole && !value.is_integer() {
        return Err(t::input::number_whole(text, &min, &max));
    }
    if !bounds.admit(&value) {
        let read = grouped(&value);
        let plain = read == text || mark(&value) == text;
        return Err(if plain {
            t::input::number_allowed(text, &min, &max)
        } else {
            t::input::number_read(text, &read, &min, &max)
        });
    }
    if is_shown_whole(&value) { Ok(Some(value)) } else { Err(t::input::number_fine(text)) }
}

/// A number with steps. `name` is the id and the `data-testid` of the field. The buttons add `-plus`, `-minus`, and
/// `-max` for the highest number; the last one is there when it has a label.
#[component]
pub fn Stepper(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<Option<Exact>>,
    #[prop(into)] bounds: Signal<Bounds>,
    on_change: Callback<Option<Exact>>,
    #[prop(into, optional)] testid: Option<String>,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(optional)] local: bool,
    #[prop(into, optional)] highest: Option<String>,
) -> impl IntoView {
    let typing =
        Typing { field: Field::new(&name, &label, local), before: StoredValue::new(None), value, bounds, on_change };
    typing.field.follow_closing(disabled);
    let shown = move || typing.field.typed().unwrap_or_else(|| value.get().as_ref().map(mark).unwrap_or_default());
    let base = testid.unwrap_or_else(|| name.clone());
    let error = typing.field.error();
    let (error_id, max_id) = (format!("{name}-error"), format!("{name}-max"));
    let (minus, plus) = (t::input::less(&label), t::input::more(&label));
    let at_min = move || disabled.get() || value.get().is_none_or(|value| value <= bounds.read().min);
    let at_max = move || disabled.get() || value.get().is_some_and(|value| value >= bounds.read().max);
    // Whoever taps a number wants to replace it, so all of it is selected. The tap itself would then set the cursor at
    // the finger and undo the selection.
    let fresh = StoredValue::new(false);
    let release = move |event: leptos::ev::MouseEvent| {
        if fresh.try_update_value(std::mem::take) == Some(true) {
            event.prevent_default();
        }
    };
    view! {
        <div class="stack tight">
            <div class="stepper">
                <button type="button" aria-label=minus data-testid=format!("{base}-minus")
                    disabled=at_min on:click=move |_| typing.step(false)>"−"</button>
                <input id=name.clone() type="text" inputmode="decimal" autocomplete="off" aria-label=label
                    data-testid=name aria-describedby=error_id.clone()
                    aria-invalid=move || error.get().is_some().to_string()
                    disabled=disabled prop:value=shown
                    on:focus:target=move |event| { fresh.set_value(true); event.target().select(); }
                    on:mouseup=release
                    on:input:target=move |event| typing.enter(event.target().value())
                    on:change=move |_| typing.leave()
                    on:blur=move |_| { fresh.set_value(false); typing.leave(); } />
                <button type="button" aria-label=plus data-testid=format!("{base}-plus")
                    disabled=at_max on:click=move |_| typing.step(true)>"+"</button>
            </div>
            <FieldError id=error_id message=error />
        </div>
        {highest.map(|label| view! {
            <button type="button" data-testid=max_id aria-label=label
                disabled=move || disabled.get() || error.read().is_none() && value.get().as_ref() == Some(&bounds.read().max)
                on:click=move |_| typing.put(bounds.read_untracked().max.clone())>{t::form::highest()}</button>
        })}
    }
}

/// The state of a number that is being typed.
#[derive(Clone, Copy)]
struct Typing {
    field: Field,
    /// The value from before the typing began. It is saved whenever the text is in error.
    before: StoredValue<Option<Option<Exact>>>,
    value: Signal<Option<Exact>>,
    bounds: Signal<Bounds>,
    on_change: Callback<Option<Exact>>,
}

impl Typing {
    fn leave(self) {
        self.field.leave(move |left| self.finish(left));
    }

    fn step(self, up: bool) {
        self.field.finish();
        self.put(self.bounds.read_untracked().stepped(self.value.get_untracked().as_ref(), up));
    }

    /// A number given by a button replaces what is typed.
    fn put(self, next: Exact) {
        self.before.set_value(None);
        self.field.take(true);
        self.on_change.run(Some(next));
    }

    fn enter(self, text: String) {
        if self.before.with_value(Option::is_none) {
            self.before.set_value(Some(self.value.get_untracked()));
        }
        if read(&text, &self.bounds.read_untracked()).is_err() {
            self.put_back();
        }
        self.field.enter(text, move |left| self.finish(left));
        if fault::is(Fault::HalfTyped) {
            self.finish(false);
        }
    }

    /// Takes what is typed, when the field is left or the typing pauses.
    fn finish(self, left: bool) {
        let Some(text) = untrack(|| self.field.typed()) else { return };
        match read(&text, &self.bounds.read_untracked()) {
            // An emptied field may become another number as long as the cursor is in it.
            Ok(None) if !left => return,
            Ok(number) => {
                if number != self.value.get_untracked() {
                    self.on_change.run(number);
                }
                if left {
                    self.before.set_value(None);
                }
                self.field.take(left);
            }
            Err(words) => {
                self.put_back();
                self.field.refuse(words);
            }
        }
        self.field.flush();
    }

    /// Puts back the old value: nothing of a text in error counts, also not a number that was whole at an earlier
    /// pause.
    fn put_back(self) {
        if let Some(before) = self.before.get_value().filter(|_| !fault::is(Fault::HalfTyped))
            && before != self.value.get_untracked()
        {
            self.on_change.run(before);
        }
    }
}
