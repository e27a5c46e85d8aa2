use leptos::prelude::*;

#[component]
pub fn SyncPage() -> impl IntoView {
    view! { <h1>"SyncPage"</h1> }
}
