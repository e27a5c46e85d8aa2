//! The list of all packs that are here.

use std::sync::Arc;

use leptos::prelude::*;
use shared::pack::{Pack, PackStatus};

use crate::components::{Icon, PageHead, Tone, icon, tag};
use crate::i18n::{iso_day, language, t};
use crate::library::Library;
use crate::screens::Screen;

#[component]
pub(super) fn List(library: Library) -> impl IntoView {
    let next_step = Signal::derive(move || {
        let packs = library.packs();
        let count = |status: PackStatus| packs.iter().filter(|pack| pack.status == status).count();
        let (able, samples) = (count(PackStatus::Complete), count(PackStatus::Sample));
        match (packs.len().saturating_sub(samples), samples) {
            (all, 0) => t::rules::count(all, able),
            (all, samples) => t::rules::count_samples(all, able, samples),
        }
    });
    view! {
        <PageHead title=t::rules::title() next_step=next_step />
        <nav aria-label=t::rules::title()>
            <ul class="plain people">
                <For each=move || library.packs() key=|pack| (pack.id.clone(), pack.hash.to_string()) let:pack>
                    <li>{link(pack, library)}</li>
                </For>
            </ul>
        </nav>
    }
}

/// A name can change: another pack with the same id may still be arriving.
fn link(pack: Arc<Pack>, library: Library) -> impl IntoView {
    move || {
        let (id, pack) = (library.name_of(&pack), pack.clone());
        view! {
            <a class="person" href=Screen::Rules.path_of(&id) data-testid=format!("pack-{id}")>
                <span class="stack tight">
                    <span class="who">{pack.title.get(language()).to_owned()}</span>
                    <span class="small quiet">{format!("{} · {}", pack.instrument, pack.issuing_body.get(language()))}</span>
                    <span class="small">{in_force(&pack)}</span>
                </span>
                <span>{move || status_tag(&pack, library)}</span>
            </a>
        }
    }
}

/// The days from and to which it applies.
pub(super) fn in_force(pack: &Pack) -> String {
    let from = iso_day(&pack.effective_from);
    match &pack.effective_to {
        Some(to) => t::rules::from_to(&from, &iso_day(to)),
        None => t::rules::from_on(&from),
    }
}

/// Whether it can score.
pub(super) fn status_tag(pack: &Pack, library: Library) -> AnyView {
    match pack.status {
        PackStatus::Complete => tag(Tone::Safe, Icon::Tick, t::rules::complete()),
        PackStatus::Template if library.is_whole(&pack.id) => tag(Tone::Sent, Icon::Tick, t::rules::completed_here()),
        PackStatus::Template => tag(Tone::Care, Icon::Warning, t::rules::template()),
        PackStatus::Sample => tag(Tone::Care, Icon::Info, t::rules::sample()),
    }
}

/// The link back to the list.
pub(super) fn back() -> AnyView {
    view! { <a class="button plain" href=Screen::Rules.path()>{icon(Icon::Back)}{t::rules::all()}</a> }.into_any()
}
