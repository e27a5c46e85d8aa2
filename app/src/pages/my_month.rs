use leptos::prelude::*;

#[component]
pub fn MyMonth() -> impl IntoView {
    view! { <h1>"MyMonth"</h1> }
}
