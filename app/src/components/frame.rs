use leptos::prelude::*;

/// Header, rail and the place of the screen.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    view! { <main id="main">{children()}</main> }
}
