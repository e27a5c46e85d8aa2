//! What comes after the app is open, screens and explanations: a second file, fetched as soon as someone is signed in, kept for offline use
//! with the rest. What nobody needs to register and score the own month is not waited for on a slow line.

use std::cell::Cell;

use crate::ui::{RwSignal, Signal, view};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

use shared::pack::Pack;
use shared::score::CardInput;

use crate::components::follow_steps;
use crate::i18n::t;
use crate::pages::{Approve, Settings, SyncPage, ToScore, UnitMonth};

/// What the second file draws.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// A screen.
    Screen(Screen),
    /// How a number on a screen of the first file came about.
    Why { pack: &'static Pack, role: &'static str, evidence: Signal<Option<CardInput>> },
}

/// A screen of the second file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    ToScore,
    Approve,
    UnitMonth,
    Sync,
    Settings,
}

type Draw = fn(Part) -> AnyView;

fn draw(part: Part) -> AnyView {
    match part {
        Part::Screen(screen) => draw_screen(screen),
        Part::Why { pack, role, evidence } => follow_steps(pack, role, evidence),
    }
}

fn draw_screen(screen: Screen) -> AnyView {
    match screen {
        Screen::ToScore => view! { <ToScore /> },
        Screen::Approve => view! { <Approve /> },
        Screen::UnitMonth => view! { <UnitMonth /> },
        Screen::Sync => view! { <SyncPage /> },
        Screen::Settings => view! { <Settings /> },
    }
}

#[allow(unsafe_code, reason = "the macro declares the border between the two files; see DESIGN.md")]
mod border {
    use super::{Draw, SplitLoaderError, draw};

    #[leptos::wasm_split::wasm_split(later, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn screens() -> Result<Draw, SplitLoaderError> {
        Ok(draw)
    }
}

#[derive(Clone, Copy)]
enum Arrival {
    Waiting,
    Failed,
    Here(Draw),
}

thread_local! {
    /// What has arrived, so that no screen waits for it a second time.
    static HERE: Cell<Option<Draw>> = const { Cell::new(None) };
}

async fn arrive() -> Arrival {
    match border::screens().await {
        Ok(draw) => {
            HERE.set(Some(draw));
            Arrival::Here(draw)
        }
        Err(_) => Arrival::Failed,
    }
}

/// A part of the second file, or in plain words why it is not there yet.
#[component]
pub(crate) fn Later(part: Part) -> impl IntoView {
    let arrival = RwSignal::new(HERE.get().map_or(Arrival::Waiting, Arrival::Here));
    let fetch = move || {
        arrival.set(Arrival::Waiting);
        spawn_local(async move {
            let arrived = arrive().await;
            // The person may have gone on to another screen meanwhile.
            arrival.try_set(arrived);
        });
    };
    if HERE.get().is_none() {
        fetch();
    }
    move || match arrival.get() {
        Arrival::Here(draw) => draw(part),
        Arrival::Waiting => view! { <p role="status">{t::later::waiting()}</p> },
        Arrival::Failed => view! {
            <div class="notice care" role="status" data-testid="screen-missing">
                <p>{t::later::missing()}</p>
                <button type="button" on:click=move |_| fetch()>{t::later::again()}</button>
            </div>
        },
    }
}

/// Fetches the second file without showing anything, so that it is there when the network is not.
pub(crate) fn fetch_ahead() {
    spawn_local(async {
        // Whoever opens one of its screens hears of a failure and can try again.
        let _ = arrive().await;
    });
}
