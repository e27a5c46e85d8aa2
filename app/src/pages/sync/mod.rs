//! The sync screen ("Đồng bộ"): what is only on this device, what arrived, what needs someone's attention and what to
//! do about it.
//!
//! Test ids: `sync-now`, `sync-state`, `only-here`, `decisions-here`, `reports-here`, `received`, `safe`, `attention-count`, `last-contact`,
//! `sync-progress`, `card-sync-ID`, `to-refused`, `refused`, `refused-why`, `refused-todo`, `refused-content`,
//! `way-back`, `all-matters`, `contested`, `choose-PLACE`.

mod attention;
mod cards;
mod contested;
mod describe;

use leptos::prelude::*;
use shared::ids::OpId;
use shared::op::Target;
use shared::sync::Attention;
use shared::time::Millis;

use crate::components::{Actions, Icon, PageHead, SignInToSend, StorageSection, icon};
use crate::i18n::{clock_text, days_ago, link_state, t};
use crate::route::Address;
use crate::screens::Screen;
use crate::state::{Link, Workspace};
use attention::{AttentionList, Refused};
use cards::{CardList, CardState};

/// The state of sync in three numbers.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Numbers {
    /// The number of cards with something that is only on this device.
    here: usize,
    /// The number of decisions to live by a pack that are only on this device.
    decisions: usize,
    /// The number of reports of units, and of answers to them, that are only on this device.
    reports: usize,
    /// When the oldest of all that was made.
    oldest: Option<Millis>,
    /// The number of cards that the server has whole.
    received: usize,
    /// The number of cards that its backup also has whole.
    safe: usize,
    /// The number of matters for the person.
    attention: usize,
}

impl Numbers {
    fn of(cards: &[CardState], decided: &[Millis], reported: &[Millis], attention: usize) -> Self {
        let here = cards.iter().filter(|card| card.waiting > 0);
        Self {
            here: here.clone().count(),
            decisions: decided.len(),
            reports: reported.len(),
            oldest: here.filter_map(|card| card.oldest).chain(decided.iter().chain(reported).copied()).min(),
            received: cards.iter().filter(|card| card.waiting == 0 && !card.safe && card.refused.is_none()).count(),
            safe: cards.iter().filter(|card| card.safe).count(),
            attention,
        }
    }
}

/// After so many days, work that is only on this device is mentioned: it would be lost with the device.
const DAYS_TO_MENTION: i32 = 1;
const DAYS_TO_ASK: i32 = 3;
const DAYS_TO_URGE: i32 = 7;

/// What to do without a network. This depends on the age of the oldest work that is only here, never on its amount.
fn offline_step(oldest: Option<Millis>, now: Millis) -> String {
    let days = oldest.map_or(0, |oldest| now.day().0.saturating_sub(oldest.day().0));
    let count = usize::try_from(days).unwrap_or_default();
    match days {
        DAYS_TO_URGE.. => t::sync::step_urge(count),
        DAYS_TO_ASK.. => t::sync::step_ask(count),
        DAYS_TO_MENTION.. => t::sync::step_mention(count),
        _ => t::sync::step_offline().to_owned(),
    }
}

/// The sync screen.
#[component]
pub fn SyncPage() -> impl IntoView {
    let workspace = Workspace::get();
    let cards = Memo::new(move |_| cards::cards(workspace));
    let matters = Memo::new(move |_| workspace.with_replica(|replica| replica.attention()).unwrap_or_default());
    let decided = Memo::new(move |_| cards::unsent_on(workspace, |target| *target == Target::Org));
    let reported = Memo::new(move |_| cards::unsent_on(workspace, |target| matches!(target, Target::UnitPeriod(_))));
    let numbers =
        Memo::new(move |_| Numbers::of(&cards.read(), &decided.read(), &reported.read(), matters.read().len()));
    let address = Address::get();
    let chosen = Memo::new(move |_| address.thing(Screen::Sync).and_then(|op| op.parse::<OpId>().ok()));
    view! {
        <PageHead title=t::sync::title() next_step=Signal::derive(move || next_step(workspace, numbers.get())) />
        {move || match chosen.get() {
            Some(op) => view! { <OneMatter op=op matters=matters /> }.into_any(),
            None => view! {
                <NumbersCard numbers=numbers />
                <AttentionList matters=matters />
                <CardList cards=cards />
                <StorageSection />
            }.into_any(),
        }}
        <Foot />
    }
}

/// One refused act, opened by its link.
#[component]
fn OneMatter(op: OpId, matters: Memo<Vec<Attention>>) -> impl IntoView {
    let found = move || {
        matters.get().into_iter().find_map(|matter| match matter {
            Attention::Refused { op: id, target, kind, verdict } if id == op => Some((target, kind, verdict)),
            _ => None,
        })
    };
    view! {
        <p><a class="button plain" href=Screen::Sync.path() data-testid="all-matters">{t::sync::all()}</a></p>
        {move || match found() {
            Some((target, kind, verdict)) => {
                view! { <Refused op=op target=target kind=kind verdict=verdict whole=true /> }.into_any()
            }
            None => view! { <p class="card">{t::sync::matter_gone()}</p> }.into_any(),
        }}
    }
}

#[component]
fn NumbersCard(numbers: Memo<Numbers>) -> impl IntoView {
    let workspace = Workspace::get();
    let here = move || match (numbers.get().here, numbers.get().oldest) {
        (0, _) => t::sync::nothing_here().to_owned(),
        (count, Some(oldest)) => t::sync::only_here(count, &days_ago(oldest, workspace.now())),
        (count, None) => t::sync::only_here_plain(count),
    };
    let contact = move || match workspace.with_replica(|replica| replica.meta().contact_at) {
        Some(at) if at.0 > 0 => t::sync::last_contact(&clock_text(at, workspace.now())),
        _ => t::sync::never().to_owned(),
    };
    let progress = move || {
        let progress = workspace.progress().get()?;
        let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let left = progress.seconds_left.map(|seconds| t::sync::seconds_left(number(seconds))).unwrap_or_default();
        Some(t::sync::progress(number(progress.done), number(progress.end)) + &left)
    };
    view! {
        <section class="card" aria-labelledby="numbers-title">
            <h2 id="numbers-title">{t::sync::state()}</h2>
            <ul class="plain stack tight">
                <li data-testid="only-here" data-count=move || numbers.get().here.to_string()>{icon(Icon::Tablet)}" "{here}</li>
                {move || Some(numbers.get().decisions).filter(|count| *count > 0).map(|count| view! {
                    <li data-testid="decisions-here">{icon(Icon::Tablet)}" "{t::sync::decisions_here(count)}</li>
                })}
                {move || Some(numbers.get().reports).filter(|count| *count > 0).map(|count| view! {
                    <li data-testid="reports-here">{icon(Icon::Tablet)}" "{t::sync::reports_here(count)}</li>
                })}
                <li data-testid="received">{icon(Icon::Tick)}" "{move || t::sync::received(numbers.get().received)}</li>
                <li data-testid="safe">{icon(Icon::DoubleTick)}" "{move || t::sync::safe(numbers.get().safe)}</li>
                <li data-testid="attention-count">{icon(Icon::Warning)}" "{move || t::sync::attention(numbers.get().attention)}</li>
            </ul>
            <p data-testid="last-contact">{contact}</p>
            <p role="status" data-testid="sync-progress">{progress}</p>
        </section>
    }
}

#[component]
fn Foot() -> impl IntoView {
    let workspace = Workspace::get();
    let words = move || link_state(workspace.link().get(), workspace.now());
    view! {
        <Actions>
            <span class="sum" role="status" data-testid="sync-state">{words}</span>
            <SignInToSend />
            <button type="button" class="main" data-testid="sync-now" on:click=move |_| workspace.sync_now()>
                {icon(Icon::Send)}{t::sync::now()}
            </button>
        </Actions>
    }
}

fn next_step(workspace: Workspace, numbers: Numbers) -> String {
    match (workspace.link().get(), numbers) {
        (_, Numbers { attention, .. }) if attention > 0 => t::sync::step_attention(attention),
        (Link::SignInNeeded, _) => t::sync::step_sign_in().to_owned(),
        (Link::OtherVersion, _) => t::sync::step_other_version().to_owned(),
        (_, Numbers { here: 0, decisions: 0, reports: 0, .. }) => t::sync::step_nothing().to_owned(),
        (Link::Offline { .. }, Numbers { oldest, .. }) => offline_step(oldest, workspace.now()),
        _ => t::sync::step_sending().to_owned(),
    }
}
