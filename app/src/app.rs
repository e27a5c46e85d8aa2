//! What is where: the routes, and who sees them when.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::components::Frame;
use crate::i18n::provide_language;
use crate::pages::{Approve, MyMonth, SelfScorePage, Settings, SignIn, SyncPage, ToScore, UnitMonth, restore_settings};
use crate::state::{Phase, Workspace};

/// The whole app. The workspace lives here, so that it outlives every page.
#[component]
pub fn App() -> impl IntoView {
    provide_language(restore_settings());
    let workspace = Workspace::new();
    provide_context(workspace);
    spawn_local(workspace.start());
    view! {
        <Router>
            {move || match workspace.phase().get() {
                Phase::Starting => ().into_any(),
                Phase::SignedOut => view! { <SignIn /> }.into_any(),
                Phase::Open => view! { <Screens /> }.into_any(),
            }}
        </Router>
    }
}

#[component]
fn Screens() -> impl IntoView {
    view! {
        <Frame>
            <Routes fallback=MyMonth>
                <Route path=path!("/") view=MyMonth />
                <Route path=path!("/viec") view=MyMonth />
                <Route path=path!("/tu-cham") view=SelfScorePage />
                <Route path=path!("/cham-diem") view=ToScore />
                <Route path=path!("/cham-diem/:person") view=ToScore />
                <Route path=path!("/phe-duyet") view=Approve />
                <Route path=path!("/don-vi") view=UnitMonth />
                <Route path=path!("/dong-bo") view=SyncPage />
                <Route path=path!("/cai-dat") view=Settings />
                <Route path=path!("/dang-nhap") view=SignIn />
            </Routes>
        </Frame>
    }
}
