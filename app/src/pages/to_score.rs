use leptos::prelude::*;

#[component]
pub fn ToScore() -> impl IntoView {
    view! { <h1>"ToScore"</h1> }
}
