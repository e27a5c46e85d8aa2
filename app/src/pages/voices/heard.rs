//! What was said before the result: for whoever decides, by name; for the person scored, once it is published, without names.

use leptos::prelude::*;
use shared::op::{CardKey, Says};
use shared::pack::Verb;
use shared::report::{self, heard};
use shared::state::State;

use super::super::roster;
use super::said_view;
use crate::i18n::{language, t};
use crate::state::Workspace;

/// The opinions and votes on a card, as far as the reader may know them.
#[component]
pub(crate) fn Heard(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let of = key.clone();
    let shown = Memo::new(move |_| {
        let me = workspace.person().get()?.person;
        Some(workspace.with_view(|state| heard(state, me, &of)))
    });
    move || {
        let steps = shown.get().unwrap_or_default();
        let rows =
            untrack(|| workspace.with_view(|state| steps.iter().map(|one| row(state, &key, one)).collect_view()));
        (!steps.is_empty()).then(|| view! { <div class="stack tight" data-testid="heard">{rows}</div> })
    }
}

fn row(state: &State, key: &CardKey, one: &report::Heard) -> impl IntoView + use<> {
    let votes = [
        (Says::For, t::says::for_it()),
        (Says::Against, t::says::against_it()),
        (Says::Abstain, t::says::abstains()),
        (Says::Class, t::voices::other_class()),
    ];
    let counted = votes.iter().filter(|_| one.step.verb == Verb::Vote && one.said.len() == one.spoken);
    let counted = counted.map(|(says, words)| (one.count(*says), words)).filter(|(count, _)| *count > 0);
    let counted: Vec<String> = counted.map(|(count, words)| format!("{words}: {count}")).collect();
    let names: Vec<String> = one.missing.iter().map(|person| roster::name(&state.org, *person)).collect();
    let missing = (!names.is_empty()).then(|| match one.is_over {
        true => t::voices::absent(&names.join(", ")),
        false => t::voices::missing(&names.join(", ")),
    });
    let hidden = one.said.len() < one.spoken;
    let said = one.said.iter().map(|said| view! { <li>{said_view(state, key, said)}</li> }).collect_view();
    view! {
        <details data-testid=format!("heard-{}", one.step.id)>
            <summary>
                {t::voices::state(one.step.title.get(language()), one.spoken, one.members)}
                {(!counted.is_empty()).then(|| format!(" {}.", counted.join(", ")))}
            </summary>
            {hidden.then(|| view! { <p class="small quiet">{t::voices::blind()}</p> })}
            <ul class="plain stack tight">{said}</ul>
            {missing.map(|words| view! { <p class="small">{words}</p> })}
        </details>
    }
}
