use leptos::prelude::*;

#[component]
pub fn Approve() -> impl IntoView {
    view! { <h1>"Approve"</h1> }
}
