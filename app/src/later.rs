//! The screens that come after the app is open: a second file, fetched as soon as someone is signed in, kept for offline use
//! with the rest. What nobody needs to register and score the own month is not waited for on a slow line.

use crate::ui::{RwSignal, view};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

use crate::i18n::t;
use crate::pages::{Approve, Settings, SyncPage, ToScore, UnitMonth};

/// A screen of the second file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    ToScore,
    Approve,
    UnitMonth,
    Sync,
    Settings,
}

type Draw = fn(Screen) -> AnyView;

fn draw(screen: Screen) -> AnyView {
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

/// One screen of the second file, or in plain words why it is not there yet.
#[component]
pub(crate) fn Later(screen: Screen) -> impl IntoView {
    let arrival = RwSignal::new(Arrival::Waiting);
    let fetch = move || {
        arrival.set(Arrival::Waiting);
        spawn_local(async move {
            let found = border::screens().await;
            // The person may have gone on to another screen meanwhile.
            arrival.try_set(found.map_or(Arrival::Failed, Arrival::Here));
        });
    };
    fetch();
    move || match arrival.get() {
        Arrival::Here(draw) => draw(screen),
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
        let _ = border::screens().await;
    });
}
