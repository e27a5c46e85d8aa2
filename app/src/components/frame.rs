//! The frame around every screen: the person, the month, the save state, and the navigation.

use leptos::prelude::*;
use shared::pack;
use shared::report::reachable;
use shared::state::not_in_force;
use shared::time::Day;

use super::UpdateNotice;
use super::icon::{Icon, icon};
use crate::chunks::{Deferred, Piece, fetch_reference_ahead};
use crate::i18n::{act_error, link_state, localised, period_name, read_only, stage_name, t};
use crate::route::Address;
use crate::screens::{RailPlace, SCREENS, Screen};
use crate::state::{Duties, Link, SaveState, Workspace};

/// The header, the rail, and the room for the screen.
#[component]
pub fn Frame(children: ChildrenFn) -> impl IntoView {
    localised(move || {
        let children = children.clone();
        view! {
            <a class="skip" href="#main">{t::nav::skip()}</a>
            <div class="frame">
                <Masthead />
                <Rail />
                <main id="main" tabindex="-1">
                    <UpdateNotice />
                    <ReadOnlyNotice />
                    <ClockNotice />
                    <PeriodNotice />
                    {children()}
                </main>
            </div>
        }
    })
}

#[component]
fn Masthead() -> impl IntoView {
    let workspace = Workspace::get();
    let offline = move || matches!(workspace.link().get(), Link::Offline { .. });
    view! {
        <header class="masthead">
            <span class="brand">"Công Tâm"</span>
            <Periods />
            <span class="whoami" data-testid="person-name">
                {move || workspace.person().get().map(|person| person.name)}
            </span>
            <SaveStatus />
            <Resend />
            <div role="status" class="offline" data-testid="offline" hidden=move || !offline()>
                {icon(Icon::Cloud)}<span>{move || if offline() { t::link::offline() } else { "" }}</span>
            </div>
        </header>
    }
}

/// The month that all screens show, and the state of the person's own card of it.
#[component]
fn Periods() -> impl IntoView {
    let workspace = Workspace::get();
    let period = workspace.period();
    let state = move || {
        let person = workspace.person().get()?.person;
        workspace.with_view(|view| {
            let key = view.card_key(person, period.get())?;
            Some(view.card(&key).map_or(shared::op::Stage::Working, shared::card::Card::stage))
        })
    };
    let reach =
        Memo::new(move |_| workspace.with_view(|state| reachable(state, period.get().span(), workspace.today())));
    let at_start = move || period.get() <= reach.get().0;
    let at_end = move || period.get() >= reach.get().1;
    view! {
        <div class="periods" role="group" aria-label=t::period::switch()>
            <button type="button" aria-label=t::period::previous() data-testid="period-previous"
                disabled=at_start
                on:click=move |_| workspace.go_to(period.get_untracked().previous())>{icon(Icon::Back)}</button>
            <span class="name" aria-live="polite">
                <strong data-testid="period">{move || period_name(period.get())}</strong>
                <small>{move || state().map(stage_name)}</small>
            </span>
            <Deferred piece=Piece::Spans />
            <button type="button" aria-label=t::period::next() data-testid="period-next"
                disabled=at_end
                on:click=move |_| workspace.go_to(period.get_untracked().next())>{icon(Icon::Forward)}</button>
        </div>
    }
}

/// Whether the work is saved, and when it was sent. It is quiet as long as everything is saved.
#[component]
fn SaveStatus() -> impl IntoView {
    let workspace = Workspace::get();
    let failed = move || matches!(workspace.save_state().get(), SaveState::Failed(_) | SaveState::Wrong { .. });
    let saved = move || match workspace.save_state().get() {
        // Nothing was entered: the time of sending is enough.
        SaveState::Nothing => String::new(),
        SaveState::Typing => t::save::typing().to_owned(),
        SaveState::Wrong { field } => t::save::wrong(&field),
        SaveState::Saving => t::save::saving().to_owned(),
        SaveState::Saved { .. } => t::save::saved().to_owned(),
        SaveState::Failed(error) => t::save::failed(&act_error(&error)),
    };
    // The same in one word, for programs that drive the app.
    let save_word = move || match workspace.save_state().get() {
        SaveState::Nothing => "ready",
        SaveState::Typing => "typing",
        SaveState::Wrong { .. } => "wrong",
        SaveState::Saving => "saving",
        SaveState::Saved { .. } => "saved",
        SaveState::Failed(_) => "failed",
    };
    let link_word = move || match workspace.link().get() {
        Link::InTouch { .. } => "in-touch",
        Link::Offline { .. } => "offline",
        Link::Contacting => "contacting",
        Link::SignInNeeded => "sign-in-needed",
        Link::OtherVersion => "other-version",
    };
    let link = move || link_state(workspace.link().get(), workspace.now());
    let address = Address::get();
    let here = move || address.is_at(Screen::Sync.path()).then_some("page");
    view! {
        <div class="status" class:attention=failed role="status">
            <a href=Screen::Sync.path() aria-current=here>
                {move || icon(if failed() { Icon::Warning } else { Icon::Tablet })}
                <span data-testid="save-state" data-state=save_word>{saved}</span>
                {move || (save_word() != "ready").then(|| view! { <span aria-hidden="true">"·"</span> })}
                <span data-testid="link-state" data-state=link_word>{link}</span>
            </a>
        </div>
    }
}

#[component]
fn ReadOnlyNotice() -> impl IntoView {
    let workspace = Workspace::get();
    view! {
        {move || workspace.health().get().read_only.map(|why| view! {
            <div class="notice care" role="status" data-testid="read-only">{icon(Icon::Warning)}<div>{read_only(why)}</div></div>
        })}
    }
}

/// Warns of a clock that is far off: nothing is lost by it, but the device shows another month than the server.
#[component]
fn ClockNotice() -> impl IntoView {
    let workspace = Workspace::get();
    let told = move || {
        let meta = workspace.with_replica(|replica| *replica.meta());
        let office = meta.filter(|meta| meta.clock_is_wrong(workspace.now()))?.server_time;
        // Gives the full date: "yesterday" would be computed from the wrong clock.
        Some(t::link::clock_wrong(&t::time::on_day(&office.clock(), &office.day().vietnamese())))
    };
    view! {
        {move || told().map(|told| view! {
            <div class="notice care" role="status" data-testid="clock-wrong">{icon(Icon::Warning)}<div>{told}</div></div>
        })}
    }
}

/// The way to sign in again, from the first time it was needed on: the dialog must outlast its success.
#[component]
fn Resend() -> impl IntoView {
    let ended = Workspace::get().session_ended();
    let needed = Memo::new(move |before: Option<&bool>| before.is_some_and(|needed| *needed) || ended.get());
    view! { <Show when=move || needed.get()><Deferred piece=Piece::SignInToSend /></Show> }
}

/// For a month that cannot be scored, says why before anybody tries.
#[component]
fn PeriodNotice() -> impl IntoView {
    let workspace = Workspace::get();
    let told = Memo::new(move |_| {
        let (period, today) = (workspace.period().get(), workspace.today());
        let me = workspace.person().get()?.person;
        let key = workspace.with_view(|state| state.card_key(me, period));
        let before = key.and_then(|key| not_in_force(pack::pinned(&key.pack)?, period));
        let day = |day: Day| day.vietnamese();
        match before {
            Some(from) => Some(t::period::before_rules(&day(from))),
            None if period.first_day() > today => Some(t::period::not_begun(&day(period.first_day()))),
            None => None,
        }
    });
    view! {
        {move || told.get().map(|told| view! {
            <div class="notice" role="status" data-testid="period-closed">{icon(Icon::Info)}<div>{told}</div></div>
        })}
    }
}

#[component]
fn Rail() -> impl IntoView {
    let workspace = Workspace::get();
    let duties = Memo::new(move |_| Duties::of(workspace));
    Effect::new(move |_| {
        if duties.with(|duties| duties.approves || duties.oversees) {
            fetch_reference_ahead();
        }
    });
    let places = SCREENS.iter().filter_map(|row| row.rail.map(|place| (row.path, place)));
    let room = places.clone().count();
    let on_phones = places.clone().filter(|(_, place)| !place.wide_only).count();
    view! {
        <nav class="rail" aria-label=t::nav::label()>
            <ul style:--places=room.to_string() style:--places-on-phones=on_phones.to_string()>
                {places.map(|(path, place)| view! {
                    <Show when=move || duties.with(place.seen_by)><Place path=path place=place /></Show>
                }).collect_view()}
            </ul>
        </nav>
    }
}

#[component]
fn Place(path: &'static str, place: RailPlace) -> impl IntoView {
    let address = Address::get();
    let here = move || address.is_at(path) || (path == Screen::MyMonth.path() && address.path() == "/");
    view! {
        <li class:lasting=place.lasting class:wide-only=place.wide_only>
            <a href=path data-testid=place.testid aria-current=move || here().then_some("page")>
                {icon(place.icon)}<span>{(place.words)()}</span>
            </a>
        </li>
    }
}
