use leptos::prelude::*;

#[component]
pub fn SelfScorePage() -> impl IntoView {
    view! { <h1>"SelfScorePage"</h1> }
}
