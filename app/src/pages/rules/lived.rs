//! Which units live by a regulation, and whether the server knows of it yet.
//!
//! Test ids: `lived`, `lived-UNIT`.

use leptos::prelude::*;
use shared::op::Payload;
use shared::pack::{Pack, PackAdoption};

use super::super::roster::unit_name;
use crate::components::{Icon, Tone, icon, tag};
use crate::i18n::t;
use crate::state::Workspace;

/// An adoption as it is shown.
#[derive(Clone, PartialEq, Eq)]
struct Lived {
    adoption: PackAdoption,
    unit: String,
    /// It is only on this device.
    unsent: bool,
}

fn lived(id: &str) -> Vec<Lived> {
    let workspace = Workspace::get();
    let unsent = workspace.with_replica(|replica| {
        let adopts = |payload| if let Payload::AdoptPack(adoption) = payload { Some(adoption) } else { None };
        let waiting = replica.unsent().filter_map(|own| own.body.intent().ok().and_then(adopts));
        waiting.collect::<Vec<_>>()
    });
    let unsent = unsent.unwrap_or_default();
    workspace.with_view(|state| {
        let of = |adoption: &PackAdoption| Lived {
            adoption: adoption.clone(),
            unit: unit_name(&state.org, adoption.unit),
            unsent: unsent.contains(adoption),
        };
        state.adoptions.all().filter(|one| one.id == id).map(of).collect()
    })
}

/// The units that live by any text of this regulation; nothing where none does.
#[component]
pub(super) fn LivedBy(pack: std::sync::Arc<Pack>) -> impl IntoView {
    let found = Memo::new(move |_| lived(&pack.id));
    let row = |one: Lived| {
        let from = one.adoption.from.vietnamese();
        let when = match one.adoption.to {
            Some(to) => t::rules::from_to(&from, &to.vietnamese()),
            None => t::rules::from_on(&from),
        };
        let state = if one.unsent {
            tag(Tone::Here, Icon::Tablet, t::rules::lived_here())
        } else {
            tag(Tone::Sent, Icon::Tick, t::rules::lived_sent())
        };
        view! {
            <li class="stack tight" data-testid=format!("lived-{}", one.adoption.unit)>
                <p class="strong">{one.unit}</p>
                <p>{format!("{when}. {}", one.adoption.decision)}</p>
                <p>{state}</p>
            </li>
        }
    };
    view! {
        {move || (!found.read().is_empty()).then(|| view! {
            <section class="card" aria-labelledby="lived-title" data-testid="lived">
                <h2 id="lived-title">{icon(Icon::Stamp)}" "{t::rules::lived()}</h2>
                <ul class="plain stack">{found.get().into_iter().map(row).collect_view()}</ul>
            </section>
        })}
    }
}
