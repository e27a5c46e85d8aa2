//! One pack: what it is, what it asks, how it calculates, its readings and its gaps.

use std::sync::Arc;

use leptos::prelude::*;
use shared::pack::{Pack, PackStatus};

use super::gaps::Gaps;
use super::list::{back, in_force, status_tag};
use super::lived::LivedBy;
use super::{formula, readings, sections};
use crate::i18n::{language, t};
use crate::library::Library;

#[component]
pub(super) fn Whole(pack: Arc<Pack>, library: Library) -> impl IntoView {
    let lacking = pack.status == PackStatus::Template;
    view! {
        <div class="page-head">
            {back()}
            <h1 data-testid="pack-title">{pack.title.get(language()).to_owned()}</h1>
        </div>
        <Heading pack=Arc::clone(&pack) library=library />
        <LivedBy pack=Arc::clone(&pack) />
        {lacking.then(|| view! { <Gaps template=Arc::clone(&pack) library=library /> })}
        {sections::all(&pack)}
        {readings::section(&pack)}
    }
}

#[component]
fn Heading(pack: Arc<Pack>, library: Library) -> impl IntoView {
    let notes = pack.notes.iter().map(|note| view! { <p>{note.get(language()).to_owned()}</p> }).collect_view();
    let periods: Vec<&str> = pack.periods.iter().map(|span| formula::span(*span)).collect();
    let tagged = Arc::clone(&pack);
    let roles = pack
        .roles
        .iter()
        .map(|role| format!("{} ({})", role.title.get(language()), crate::i18n::clause_words(&pack, &role.clause)));
    view! {
        <section class="card" aria-label=t::rules::about()>
            <div class="row between">
                <p class="strong">{pack.instrument.clone()}</p>
                {move || status_tag(&tagged, library)}
            </div>
            <p>{t::rules::issued_by(pack.issuing_body.get(language()))}" "{in_force(&pack)}</p>
            <p>{t::rules::scores(&roles.collect::<Vec<_>>().join("; "))}" "{t::rules::periods(&periods.join(", "))}</p>
            {(!pack.scale_max.is_zero()).then(|| view! { <p>{t::rules::scale(&crate::i18n::mark(&pack.scale_max))}</p> })}
            {(!pack.notes.is_empty()).then(|| view! {
                <details>
                    <summary>{t::rules::notes()}</summary>
                    <div class="stack">{notes}</div>
                </details>
            })}
            <p class="quiet small hash">{format!("{} · sha256:{}", pack.id, pack.hash)}</p>
        </section>
    }
}
