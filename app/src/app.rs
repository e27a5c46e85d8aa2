//! What is where: the routes, and who sees them when.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::chunks::{Deferred, Piece, fetch_daily_ahead};
use crate::components::Frame;
use crate::i18n::provide_language;
use crate::pages::{MyMonth, SelfScorePage, SignIn, restore_settings};
use crate::route::Address;
use crate::screens::Screen;
use crate::state::{Link, Phase, Workspace};

/// The whole app. The workspace lives here, so that it outlives every page.
#[component]
pub fn App() -> impl IntoView {
    provide_language(restore_settings());
    let workspace = Workspace::begin();
    spawn_local(workspace.start());
    Address::provide();
    let address = Address::get();
    // Whoever signs in next begins where people begin, and not on a screen of the last one's.
    // It goes there when the last one leaves, so that no tap of the next one is undone.
    Effect::new(move |was_open: Option<bool>| match workspace.phase().get() {
        Phase::Open => true,
        // While the stores close.
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

/// The sign-in as a place, for someone whose session has ended while their work stays open; once done it leads home.
#[component]
fn SignInAgain() -> impl IntoView {
    let workspace = Workspace::get();
    let address = Address::get();
    Effect::new(move |before: Option<(u32, Option<bool>)>| {
        let (sign_ins, link) = (workspace.sign_ins().get(), workspace.link().get());
        let stays = match before {
            Some((before, _)) if before != sign_ins => Some(false),
            // What becomes of the link later takes the form from nobody who is typing.
            Some((_, Some(stays))) => Some(stays),
            // After the first sign-in at this address there is nothing to sign in for.
            None if sign_ins > 0 => Some(link == Link::SignInNeeded),
            // Opened by its address, the page learns from the office first whether there is.
            _ => (link != Link::Contacting).then_some(link == Link::SignInNeeded),
        };
        if stays == Some(false) {
            address.go("/");
        }
        (sign_ins, stays)
    });
    view! { <SignIn /> }
}
