//! What is where: the routes, and who sees them when.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_navigate;
use leptos_router::path;

use crate::components::Frame;
use crate::i18n::provide_language;
use crate::pages::{Approve, MyMonth, SelfScorePage, Settings, SignIn, SyncPage, ToScore, UnitMonth, restore_settings};
use crate::state::{Link, Phase, Workspace};

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
                <Route path=path!("/dang-nhap") view=SignInAgain />
            </Routes>
        </Frame>
    }
}

/// The sign-in as a place, for someone whose session has ended while their work stays open; once done it leads home.
#[component]
fn SignInAgain() -> impl IntoView {
    let workspace = Workspace::get();
    let navigate = use_navigate();
    Effect::new(move |before: Option<u32>| {
        let sign_ins = workspace.sign_ins().get();
        let done = match before {
            Some(before) => before != sign_ins,
            // Nothing to sign in for, as after the first sign-in at this address.
            None => workspace.link().get_untracked() != Link::SignInNeeded,
        };
        if done {
            navigate("/", leptos_router::NavigateOptions::default());
        }
        sign_ins
    });
    view! { <SignIn /> }
}
