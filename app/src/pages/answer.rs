//! A superior's answer to what a person states in the own favour. It counts only once it is confirmed. In the daily chunk.
//!
//! Test ids: `NAME-answer`, `NAME-confirm`, `NAME-refuse`.

use leptos::prelude::*;

/// Both answers, under what is answered.
#[component]
pub(super) fn Answer(
    #[prop(into)] name: String,
    /// What is answered; for those who do not see it, where it stands above.
    legend: AnyView,
    confirm: &'static str,
    refuse: &'static str,
    /// The answer given; none yet.
    #[prop(into)]
    answer: Signal<Option<bool>>,
    on_answer: Callback<bool>,
    #[prop(into)] closed: Signal<bool>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let choice = |confirms: bool, suffix: &str, words: &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name=format!("{name}-answer") data-testid=format!("{name}-{suffix}") disabled=closed
                    prop:checked=move || answer.get() == Some(confirms) on:change=move |_| on_answer.run(confirms) />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="stack tight" data-testid=format!("{name}-answer")>
            {legend}
            {choice(true, "confirm", confirm)}
            {choice(false, "refuse", refuse)}
            {children.map(|children| children())}
        </fieldset>
    }
}
