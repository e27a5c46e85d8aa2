//! How safely this device keeps what is not sent yet.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Icon, icon, size_text};
use crate::i18n::t;
use crate::state::Workspace;

/// How safely this device keeps what is not sent yet.
#[component]
pub fn StorageSection() -> impl IntoView {
    let workspace = Workspace::get();
    let health = workspace.health();
    let persistence = move || match health.get().persisted {
        Some(true) => t::storage::persisted(),
        Some(false) => t::storage::not_persisted(),
        None => t::storage::not_asked(),
    };
    let room = move || {
        let health = health.get();
        let (used, quota) = (health.used_bytes?, health.quota_bytes?);
        Some(t::storage::room(&size_text(used), &size_text(quota)))
    };
    let ask = move |_| spawn_local(async move { workspace.request_persistence().await });
    view! {
        <section class="card" aria-labelledby="storage-title">
            <h2 id="storage-title">{t::storage::title()}</h2>
            <p>{move || if health.get().database_behind { t::storage::behind() } else { t::storage::two_stores() }}</p>
            <p data-testid="persistence" aria-live="polite">{icon(Icon::Tablet)}" "{persistence}</p>
            {move || (health.get().persisted != Some(true)).then(|| view! {
                <div class="row"><button type="button" data-testid="ask-persistence" on:click=ask>{t::storage::ask()}</button></div>
            })}
            {move || room().map(|words| view! { <p class="quiet">{words}</p> })}
            <Mended />
        </section>
    }
}

/// What was rebuilt at this start.
#[component]
fn Mended() -> impl IntoView {
    let health = Workspace::get().health();
    let notes = move || {
        let health = health.get();
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        [
            (health.database_mended > 0).then(|| t::storage::database_mended(count(health.database_mended))),
            (health.journal_mended > 0).then(|| t::storage::journal_mended(count(health.journal_mended))),
            health.stores_lost.then(|| t::storage::lost().to_owned()),
            (health.torn_bytes > 0).then(|| t::storage::torn().to_owned()),
        ]
        .into_iter()
        .flatten()
        .map(|words| view! { <div class="notice" data-testid="mended">{icon(Icon::Info)}<div>{words}</div></div> })
        .collect_view()
    };
    view! { <div class="stack">{notes}</div> }
}
