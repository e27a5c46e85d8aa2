//! What stands around every screen: who, which month, whether it is saved, and where to go.

use leptos::prelude::*;
use shared::ids::PersonId;
use shared::op::CardKey;
use shared::pack;
use shared::report::reachable;
use shared::state::{DEFAULT_PACK, State, not_in_force};
use shared::time::{Day, Period};

use super::UpdateNotice;
use super::icon::{Icon, icon};
use super::sign_in_to_send::SignInToSend;
use crate::i18n::{act_error, link_state, localised, period_name, read_only, stage_name, t};
use crate::later::fetch_rules_ahead;
use crate::route::Address;
use crate::state::{Link, SaveState, Workspace};

/// Header, rail and the place of the screen.
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
            <SignInToSend />
            <div role="status" class="offline" data-testid="offline" hidden=move || !offline()>
                {icon(Icon::Cloud)}<span>{move || if offline() { t::link::offline() } else { "" }}</span>
            </div>
        </header>
    }
}

/// Which month all screens show, and how the person's own card of it stands.
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
    let at_start = move || period.get() <= reachable(workspace.today()).0;
    let at_end = move || period.get() >= reachable(workspace.today()).1;
    view! {
        <div class="periods" role="group" aria-label=t::period::switch()>
            <button type="button" aria-label=t::period::previous() data-testid="period-previous"
                disabled=at_start
                on:click=move |_| workspace.go_to(period.get_untracked().previous())>{icon(Icon::Back)}</button>
            <span class="name" aria-live="polite">
                <strong data-testid="period">{move || period_name(period.get())}</strong>
                <small>{move || state().map(stage_name)}</small>
            </span>
            <button type="button" aria-label=t::period::next() data-testid="period-next"
                disabled=at_end
                on:click=move |_| workspace.go_to(period.get_untracked().next())>{icon(Icon::Forward)}</button>
        </div>
    }
}

/// Whether it is saved, and when it was sent. Says so quietly; speaks up only when something is not saved.
#[component]
fn SaveStatus() -> impl IntoView {
    let workspace = Workspace::get();
    let failed = move || matches!(workspace.save_state().get(), SaveState::Failed(_) | SaveState::Wrong { .. });
    let saved = move || match workspace.save_state().get() {
        // Nothing was entered: when it was sent says enough.
        SaveState::Nothing => String::new(),
        SaveState::Typing => t::save::typing().to_owned(),
        SaveState::Wrong { field } => t::save::wrong(&field),
        SaveState::Saving => t::save::saving().to_owned(),
        SaveState::Saved { .. } => t::save::saved().to_owned(),
        SaveState::Failed(error) => t::save::failed(&act_error(&error)),
    };
    // The same in one word, for whoever drives the app by program.
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
    let here = move || address.is_at("/dong-bo").then_some("page");
    view! {
        <div class="status" class:attention=failed role="status">
            <a href="/dong-bo" aria-current=here>
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

/// A clock that is far off loses nothing, but shows another month than the office has.
#[component]
fn ClockNotice() -> impl IntoView {
    let workspace = Workspace::get();
    let told = move || {
        let meta = workspace.with_replica(|replica| *replica.meta());
        let office = meta.filter(|meta| meta.clock_is_wrong(workspace.now()))?.server_time;
        // With its date: "yesterday" would be reckoned by the wrong clock.
        Some(t::link::clock_wrong(&t::time::on_day(&office.clock(), &office.day().vietnamese())))
    };
    view! {
        {move || told().map(|told| view! {
            <div class="notice care" role="status" data-testid="clock-wrong">{icon(Icon::Warning)}<div>{told}</div></div>
        })}
    }
}

/// A month that cannot be scored says why before anybody tries.
#[component]
fn PeriodNotice() -> impl IntoView {
    let workspace = Workspace::get();
    let told = Memo::new(move |_| {
        let (period, today) = (workspace.period().get(), workspace.today());
        let before = pack::find(DEFAULT_PACK).and_then(|pack| not_in_force(pack, period));
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

/// What a person's posts allow on the last day of a period.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Duties {
    has_card: bool,
    scores: bool,
    approves: bool,
    oversees: bool,
}

impl Duties {
    fn of(workspace: Workspace) -> Self {
        let Some(person) = workspace.person().get() else { return Self::default() };
        let period = workspace.period().get();
        let day = period.last_day();
        workspace.with_view(|state| Self {
            has_card: state.card_key(person.person, period).is_some(),
            scores: state.led_by(person.person, period).iter().any(|key| key.person != person.person),
            approves: heads_agency(state, person.person, period),
            oversees: !state.org.overseen_units(person.person, day).is_empty(),
        })
    }
}

fn heads_agency(state: &State, person: PersonId, period: Period) -> bool {
    let keeps_records = state.org.posts_of(person, period.last_day()).iter().any(|post| post.personnel);
    keeps_records || others(state, person, period).any(|key| state.agency_head(&key) == Some(person))
}

/// The cards of everybody but `person`.
fn others(state: &State, person: PersonId, period: Period) -> impl Iterator<Item = CardKey> {
    let people = state.org.people().filter(move |other| other.id != person);
    people.filter_map(move |other| state.card_key(other.id, period))
}

#[component]
fn Rail() -> impl IntoView {
    let workspace = Workspace::get();
    let duties = Memo::new(move |_| Duties::of(workspace));
    let allowed = move |allows: fn(&Duties) -> bool| duties.with(allows);
    Effect::new(move |_| {
        if allowed(|duties| duties.approves) {
            fetch_rules_ahead();
        }
    });
    view! {
        <nav class="rail" aria-label=t::nav::label()>
            <ul>
                <Show when=move || allowed(|duties| duties.has_card)>
                    <Place href="/viec" testid="nav-my-month" drawing=Icon::Work words=t::nav::my_month() />
                    <Place href="/tu-cham" testid="nav-self-score" drawing=Icon::Pencil words=t::nav::self_score() />
                </Show>
                <Show when=move || allowed(|duties| duties.scores)>
                    <Place href="/cham-diem" testid="nav-to-score" drawing=Icon::People words=t::nav::to_score() />
                </Show>
                <Show when=move || allowed(|duties| duties.approves)>
                    <Place href="/phe-duyet" testid="nav-approve" drawing=Icon::Stamp words=t::nav::approve() />
                </Show>
                <Show when=move || allowed(|duties| duties.oversees)>
                    <Place href="/don-vi" testid="nav-unit-month" drawing=Icon::Table words=t::nav::unit_month() />
                </Show>
                <Show when=move || allowed(|duties| duties.has_card)>
                    <Place href="/ca-nam" testid="nav-year" drawing=Icon::Calendar words=t::nav::year() />
                </Show>
                <Place href="/quy-dinh" testid="nav-rules" drawing=Icon::Book words=t::nav::rules() />
                <Place href="/dong-bo" testid="nav-sync" drawing=Icon::Send words=t::nav::sync() />
                <Place href="/cai-dat" testid="nav-settings" drawing=Icon::Gear words=t::nav::settings() />
            </ul>
        </nav>
    }
}

#[component]
fn Place(href: &'static str, testid: &'static str, drawing: Icon, words: &'static str) -> impl IntoView {
    let address = Address::get();
    let here = move || address.is_at(href) || (href == "/viec" && address.path() == "/");
    view! {
        <li>
            <a href=href data-testid=testid aria-current=move || here().then_some("page")>
                {icon(drawing)}<span>{words}</span>
            </a>
        </li>
    }
}
