//! What comes after the app is open. Screens and explanations: a second file, fetched as soon as someone is signed in, kept for offline use
//! with the rest. What nobody needs to register and score the own month is not waited for on a slow line.

use std::cell::Cell;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

use shared::op::CardKey;
use shared::pack::Pack;
use shared::score::CardInput;

use crate::components::{comparison, follow_steps};
use crate::i18n::t;
use crate::pages::{Approve, Published, QuotaScreen, Rules, Settings, SyncPage, ToScore, UnitMonth, Year};

/// What the files behind the first draw.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// A screen of the second file.
    Screen(Screen),
    /// A decided card, for its subject; of the second file.
    Published(StoredValue<CardKey>),
    /// How a number on a screen of the first file came about; of the second file.
    Why { pack: &'static Pack, role: &'static str, evidence: Signal<Option<CardInput>> },
    /// The regulations; of the third file, which is fetched when somebody wants to read or compare, and ahead for whoever
    /// approves.
    Rules,
    /// Who may be in the class that is limited; of the third file.
    Quota,
    /// Someone's year; of the third file.
    Year,
    /// The same evidence under two regulations; of the third file.
    Compare { pack: &'static Pack, evidence: Signal<Option<CardInput>> },
}

impl Part {
    /// Whether it is drawn by the third file.
    const fn is_of_rules(self) -> bool {
        matches!(self, Self::Rules | Self::Quota | Self::Year | Self::Compare { .. })
    }
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
        Part::Published(key) => view! { <Published key=key.get_value() /> }.into_any(),
        Part::Rules | Part::Quota | Part::Year | Part::Compare { .. } => ().into_any(),
    }
}

fn draw_rules(part: Part) -> AnyView {
    match part {
        Part::Rules => view! { <Rules /> }.into_any(),
        Part::Quota => view! { <QuotaScreen /> }.into_any(),
        Part::Year => view! { <Year /> }.into_any(),
        Part::Compare { pack, evidence } => comparison(pack, evidence),
        Part::Screen(_) | Part::Published(_) | Part::Why { .. } => ().into_any(),
    }
}

fn draw_screen(screen: Screen) -> AnyView {
    match screen {
        Screen::ToScore => view! { <ToScore /> }.into_any(),
        Screen::Approve => view! { <Approve /> }.into_any(),
        Screen::UnitMonth => view! { <UnitMonth /> }.into_any(),
        Screen::Sync => view! { <SyncPage /> }.into_any(),
        Screen::Settings => view! { <Settings /> }.into_any(),
    }
}

#[allow(unsafe_code, reason = "the macro declares the border between the two files; see DESIGN.md")]
mod border {
    use super::{Draw, SplitLoaderError, draw, draw_rules};

    #[leptos::wasm_split::wasm_split(later, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn screens() -> Result<Draw, SplitLoaderError> {
        Ok(draw)
    }

    #[leptos::wasm_split::wasm_split(rules, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub(super) fn rules() -> Result<Draw, SplitLoaderError> {
        Ok(draw_rules)
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
    static SCREENS: Cell<Option<Draw>> = const { Cell::new(None) };
    static RULES: Cell<Option<Draw>> = const { Cell::new(None) };
}

fn here(of_rules: bool) -> Option<Draw> {
    if of_rules { RULES.get() } else { SCREENS.get() }
}

async fn arrive(of_rules: bool) -> Arrival {
    let found = if of_rules { border::rules().await } else { border::screens().await };
    if let Ok(draw) = found {
        let place = if of_rules { &RULES } else { &SCREENS };
        place.set(Some(draw));
    }
    found.map_or(Arrival::Failed, Arrival::Here)
}

/// A part of a later file, or in plain words why it is not there yet.
#[component]
pub(crate) fn Later(part: Part) -> impl IntoView {
    let of_rules = part.is_of_rules();
    let arrival = RwSignal::new(here(of_rules).map_or(Arrival::Waiting, Arrival::Here));
    let fetch = move || {
        arrival.set(Arrival::Waiting);
        spawn_local(async move {
            let arrived = arrive(of_rules).await;
            // The person may have gone on to another screen meanwhile.
            let _ = arrival.try_set(arrived);
        });
    };
    if here(of_rules).is_none() {
        fetch();
    }
    move || match arrival.get() {
        Arrival::Here(draw) => draw(part),
        Arrival::Waiting => view! { <p role="status">{t::later::waiting()}</p> }.into_any(),
        Arrival::Failed => view! {
            <div class="notice care" role="status" data-testid="screen-missing">
                <p>{t::later::missing()}</p>
                <button type="button" on:click=move |_| fetch()>{t::later::again()}</button>
            </div>
        }
        .into_any(),
    }
}

/// Fetches the second file without showing anything, so that it is there when the network is not.
pub(crate) fn fetch_ahead() {
    fetch_part(false);
}

/// The same of the third file, for whoever approves: a quota is not only asked for where there is a network.
pub(crate) fn fetch_rules_ahead() {
    fetch_part(true);
}

fn fetch_part(of_rules: bool) {
    spawn_local(async move {
        // Whoever opens one of its screens hears of a failure and can try again.
        let _ = arrive(of_rules).await;
    });
}
