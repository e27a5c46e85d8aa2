//! The root component: its routes, and who sees which screen.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::chunks::{Deferred, Piece, fetch_daily_ahead};
use crate::components::Frame;
use crate::i18n::provide_language;
use crate::pages::{MyMonth, SelfScorePage, SignIn, restore_settings};
use crate::route::Address;
use crate::screens::Screen;
use crate::state::{Link, Phase, Workspace};

/// The whole app. It creates the workspace, so that the workspace outlives every page.
#[component]
pub fn App() -> impl IntoView {
    provide_language(restore_settings());
    let workspace = Workspace::begin();
    spawn_local(workspace.start());
    Address::provide();
    let address = Address::get();
    // The next person starts at the start screen, not at the last person's screen. The address changes when the last
    // person leaves, so that the change undoes no tap of the next one.
    Effect::new(move |was_open: Option<bool>| match workspace.phase().get() {
        Phase::Open => true,
        // The stores are still closing.
        Phase::Starting => was_open == Some(true),
        Phase::SignedOut => {
            if was_open == Some(true) {
                address.go("/");
            }
            false
        }
    });
    move || match workspace.phase().get() {
        Phase::Starting => ().into_any(),
        Phase::SignedOut => view! { <SignIn /> }.into_any(),
        Phase::Open => {
            fetch_daily_ahead();
            view! { <Frame><Page /></Frame> }.into_any()
        }
    }
}

#[component]
fn Page() -> impl IntoView {
    let address = Address::get();
    let screen = Memo::new(move |_| Screen::of(&address.path()));
    move || match screen.get() {
        Screen::MyMonth => view! { <MyMonth /> }.into_any(),
        Screen::SelfScore => view! { <SelfScorePage /> }.into_any(),
        Screen::SignIn => view! { <SignInAgain /> }.into_any(),
        screen => view! { <Deferred piece=Piece::Screen(screen) /> }.into_any(),
    }
}

/// The sign-in as a page of its own, for a person whose session has ended while their work stays open. After the
/// sign-in it leads to the start screen.
#[component]
fn SignInAgain() -> impl IntoView {
    let workspace = Workspace::get();
    let address = Address::get();
    Effect::new(move |before: Option<(u32, Option<bool>)>| {
        let (sign_ins, link) = (workspace.sign_ins().get(), workspace.link().get());
        let stays = match before {
            Some((before, _)) if before != sign_ins => Some(false),
            // Once the form is shown, a later change of the link must not remove it while somebody types.
            Some((_, Some(stays))) => Some(stays),
            // Somebody has signed in at this address already: the form is needed only if the server asks for a sign-in.
            None if sign_ins > 0 => Some(link == Link::SignInNeeded),
            // The page was opened by its address: it waits for the server to say whether a sign-in is needed.
            _ => (link != Link::Contacting).then_some(link == Link::SignInNeeded),
        };
        if stays == Some(false) {
            address.go("/");
        }
        (sign_ins, stays)
    });
    view! { <SignIn /> }
}
