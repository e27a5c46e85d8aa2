use leptos::prelude::*;

#[component]
pub fn UnitMonth() -> impl IntoView {
    view! { <h1>"UnitMonth"</h1> }
}
