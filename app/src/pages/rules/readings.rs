//! The readings of a pack: the allowed answers, the default, the answer in force for the reader, the clause and the
//! reason.

use leptos::prelude::*;
use shared::pack::{OptionRule, OptionScope, OptionValue, Pack};
use shared::sorted_map::Map;

use crate::components::{Icon, Tone, tag};
use crate::i18n::{clause_words, language, t};
use crate::state::Workspace;

pub(super) fn section(pack: &Pack) -> Option<AnyView> {
    let chosen = in_force(pack);
    let rows = pack
        .options
        .iter()
        .map(|option| view! { <li class="clause">{reading(pack, option, &chosen)}</li> })
        .collect_view();
    (!pack.options.is_empty()).then(|| {
        view! {
            <section class="card">
                <details class="group" data-testid="options">
                    <summary><h2 class="name">{t::rules::options()}</h2><span class="points">{pack.options.len()}</span></summary>
                    <p class="hint">{t::rules::options_hint()}</p>
                    <ul class="plain stack">{rows}</ul>
                </details>
            </section>
        }
        .into_any()
    })
}

/// The readings decided for the unit of the signed-in person.
fn in_force(pack: &Pack) -> Map<String, String> {
    let workspace = Workspace::get();
    let Some(me) = workspace.person().get() else { return Map::new() };
    let period = workspace.period().get();
    workspace.with_view(|state| {
        let key = state.card_key(me.person, period).filter(|key| key.pack == pack.hash);
        key.map(|key| state.options(&key)).unwrap_or_default()
    })
}

fn reading(pack: &Pack, option: &OptionRule, chosen: &Map<String, String>) -> AnyView {
    let used = chosen.get(&option.id).unwrap_or(&option.default);
    let value = |value: &OptionValue| {
        let words = value.title.get(language()).to_owned();
        let is_default = value.id == option.default;
        view! {
            <li>
                <span>{words}</span>
                {is_default.then(|| view! { " "<span class="quiet small">{t::rules::default()}</span> })}
                {(value.id == *used).then(|| view! { " "{tag(Tone::Sent, Icon::Tick, t::rules::used())} })}
            </li>
        }
    };
    let scope = match option.scope {
        OptionScope::Score => t::rules::scope_score(),
        OptionScope::Record => t::rules::scope_record(),
        OptionScope::Quota => t::rules::scope_quota(),
    };
    // Missing until the file of all packs has come.
    let reason = option.reason.get(language());
    view! {
        <div class="stack tight" data-testid=format!("option-{}", option.id)>
            <p class="strong">{option.title.get(language()).to_owned()}</p>
            <ul>{option.values.iter().map(value).collect_view()}</ul>
            {(!reason.is_empty()).then(|| view! { <p>{reason.to_owned()}</p> })}
            <p class="quiet small">{format!("{} {scope}", t::rules::by(&clause_words(pack, &option.clause)))}</p>
        </div>
    }
    .into_any()
}
