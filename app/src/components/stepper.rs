//! A number with − and + and a field to type into. What is typed wrongly stays on the screen with what is allowed.

use crate::ui::{Memo, RwSignal, Signal, view};
use leptos::prelude::*;
use shared::num::Exact;

use super::field_error::FieldError;
use crate::i18n::{mark, parse_number, t};
use crate::state::Workspace;

/// Bounds and steps of a number people enter.
#[derive(Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Lowest value.
    pub min: Exact,
    /// Highest value.
    pub max: Exact,
    /// What − and + change it by.
    pub step: Exact,
}

impl Bounds {
    /// From 0 to `max`.
    pub fn up_to(max: Exact, step: Exact) -> Self {
        Self { min: Exact::zero(), max, step }
    }

    /// Whole numbers from 0.
    pub fn count(max: i64) -> Self {
        Self::up_to(Exact::from_int(max), Exact::one())
    }

    fn admit(&self, value: &Exact) -> bool {
        *value >= self.min && *value <= self.max
    }

    /// One step up or down from `value`, kept within the bounds; from nothing, up to the first step.
    fn stepped(&self, value: Option<&Exact>, up: bool) -> Exact {
        let from = value.cloned().unwrap_or_else(|| self.min.clone());
        let moved = if up { &from + &self.step } else { &from - &self.step };
        moved.max(self.min.clone()).min(self.max.clone())
    }
}

/// What was typed, or why it cannot be.
fn read(text: &str, bounds: &Bounds) -> Result<Option<Exact>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let allowed = || t::input::number_allowed(text.trim(), &mark(&bounds.min), &mark(&bounds.max));
    parse_number(text).filter(|value| bounds.admit(value)).map(Some).ok_or_else(allowed)
}

/// A number with steps. `name` is the id and the `data-testid` of the field; `-plus` and `-minus` those of the buttons.
#[component]
pub fn Stepper(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<Option<Exact>>,
    #[prop(into)] bounds: Signal<Bounds>,
    on_change: Callback<Option<Exact>>,
    #[prop(into, optional)] testid: Option<String>,
    #[prop(into, optional)] disabled: Signal<bool>,
) -> impl IntoView {
    let workspace = Workspace::get();
    let typed = RwSignal::new(None::<String>);
    let error = Memo::new(move |_| {
        let text = typed.get()?;
        read(&text, &bounds.read()).err()
    });
    let shown = move || typed.get().unwrap_or_else(|| value.get().as_ref().map(mark).unwrap_or_default());
    let step = move |up: bool| {
        typed.set(None);
        let next = bounds.read_untracked().stepped(value.get_untracked().as_ref(), up);
        on_change.run(Some(next));
    };
    let on_input = move |text: String| {
        if let Ok(number) = read(&text, &bounds.read_untracked()) {
            on_change.run(number);
        }
        typed.set(Some(text));
    };
    let leave = move || {
        workspace.flush();
        if error.get_untracked().is_none() {
            typed.set(None);
        }
    };
    let base = testid.unwrap_or_else(|| name.clone());
    let error_id = format!("{name}-error");
    let (minus, plus) = (t::input::less(&label), t::input::more(&label));
    let at_min = move || disabled.get() || value.get().is_none_or(|value| value <= bounds.read().min);
    let at_max = move || disabled.get() || value.get().is_some_and(|value| value >= bounds.read().max);
    view! {
        <div class="stack tight">
            <div class="stepper">
                <button type="button" aria-label=minus data-testid=format!("{base}-minus")
                    disabled=at_min on:click=move |_| step(false)>"−"</button>
                <input id=name.clone() type="text" inputmode="decimal" autocomplete="off" aria-label=label
                    data-testid=name aria-describedby=error_id.clone()
                    aria-invalid=move || error.get().is_some().to_string()
                    disabled=disabled prop:value=shown
                    on:input:target=move |event| on_input(event.target().value())
                    on:change=move |_| leave() on:blur=move |_| leave() />
                <button type="button" aria-label=plus data-testid=format!("{base}-plus")
                    disabled=at_max on:click=move |_| step(true)>"+"</button>
            </div>
            <FieldError id=error_id message=error />
        </div>
    }
}
