//! Two versions of one value, side by side, of which an entitled person chooses one.

use leptos::prelude::*;
use shared::card::Version;
use shared::ids::OpId;
use shared::op::{CardKey, Payload, Register, Target};

use super::super::roster;
use super::describe;
use crate::components::{ActNotice, AskReason, Icon, icon};
use crate::i18n::{clock_text, device_name, t};
use crate::state::{ActError, Workspace};

#[component]
pub(super) fn Contested(card: CardKey, register: Register) -> impl IntoView {
    let workspace = Workspace::get();
    let (title, about, versions) = workspace.with_view(|state| {
        let versions = state.card(&card).map(|found| found.versions(&register).to_vec()).unwrap_or_default();
        (describe::register(state, &card, &register), describe::card(state, &card), versions)
    });
    let choice = RwSignal::new(None::<OpId>);
    let asking = RwSignal::new(false);
    let error = RwSignal::new(None::<ActError>);
    let choose = Callback::new(move |op: OpId| {
        choice.set(Some(op));
        asking.set(true);
    });
    let (target, key) = (Target::Card(card.clone()), card);
    let resolve = Callback::new(move |reason: String| {
        let Some(choice) = choice.get_untracked() else { return };
        let (target, register) = (target.clone(), register.clone());
        workspace.see_through(async move {
            let result = workspace.act(target, Payload::Resolve { register, choice, reason }).await;
            let _ = error.try_set(result.err());
        });
    });
    view! {
        <article class="card attention" data-testid="contested">
            <h3>{icon(Icon::Warning)}" "{title}</h3>
            <p class="quiet">{about}</p>
            <p>{t::sync::contested_words()}</p>
            <Comparison card=key versions=versions choose=choose />
            <ActNotice error=error />
            <AskReason open=asking title=t::sync::choose() hint=t::sync::choose_hint() action=t::sync::choose()
                on_reason=resolve />
        </article>
    }
}

/// The fields of both versions. Differences are also marked in words.
#[component]
fn Comparison(card: CardKey, versions: Vec<Version>, choose: Callback<OpId>) -> impl IntoView {
    let workspace = Workspace::get();
    let columns: Vec<Vec<(String, String)>> = workspace
        .with_view(|state| versions.iter().map(|version| describe::fields(state, &card, &version.value)).collect());
    let names: Vec<String> = columns
        .iter()
        .max_by_key(|column| column.len())
        .map(|column| column.iter().map(|(name, _)| name.clone()).collect())
        .unwrap_or_default();
    let content = |column: &Vec<(String, String)>, name: &String| {
        column.iter().find(|(found, _)| found == name).map(|(_, content)| content.clone()).unwrap_or_default()
    };
    let rows = names.iter().map(|name| {
        let cells: Vec<String> = columns.iter().map(|column| content(column, name)).collect();
        let differs = cells.windows(2).any(|pair| pair.first() != pair.last());
        let cells = cells.into_iter().map(|cell| view! { <td class:changed=differs>{cell}</td> }).collect_view();
        let mark = differs.then(|| view! { <span class="small care">{t::sync::differs()}</span> });
        view! { <tr><th scope="row">{name.clone()}" "{mark}</th>{cells}</tr> }
    });
    let heads = versions.iter().map(|version| {
        let who = workspace.with_view(|state| roster::name(&state.org, version.actor));
        let tablet = device_name(version.device);
        let when = clock_text(version.at.at, workspace.now());
        let here = workspace.device() == Some(version.device);
        let written = if here { t::sync::written_here(&tablet, &when) } else { t::sync::written(&tablet, &when) };
        let arrived = version.arrived_later().map(|day| t::sync::arrived(&day.vietnamese()));
        view! {
            <th scope="col">{who}<br /><span class="small">{written}</span>
                {arrived.map(|words| view! { <br /><span class="small">{words}</span> })}</th>
        }
    });
    let buttons = versions.iter().enumerate().map(|(place, version)| {
        let op = version.op;
        view! { <td><button type="button" data-testid=format!("choose-{place}") on:click=move |_| choose.run(op)>{t::sync::choose()}</button></td> }
    });
    view! {
        <div class="scroll" role="region" tabindex="0" aria-label=t::sync::versions()>
            <table class="compare">
                <thead><tr><th scope="col">{t::sync::field()}</th>{heads.collect_view()}</tr></thead>
                <tbody>{rows.collect_view()}<tr><td></td>{buttons.collect_view()}</tr></tbody>
            </table>
        </div>
    }
}
