//! What a person states beside marks and words: events and special cases, and what of it waits for the superior. In the
//! daily chunk.

use leptos::prelude::*;
use shared::card::{Card, Line};

use super::super::events::OwnEvents;
use super::super::position::Position;
use super::super::products::OwnProducts;
use super::super::special::Special;
use super::super::without::Without;
use super::Sheet;
use crate::components::draft;
use crate::i18n::t;
use crate::state::Workspace;

/// The sections that the pack asks for.
#[component]
pub(crate) fn OwnStatements(sheet: Sheet) -> impl IntoView {
    let key = sheet.key.get_value();
    view! {
        <OwnProducts form=sheet.form draft=sheet.draft closed=sheet.closed />
        <Position form=sheet.form draft=sheet.draft closed=sheet.closed />
        <Without form=sheet.form draft=sheet.draft closed=sheet.closed />
        <OwnEvents pack=sheet.pack role=sheet.role period=key.period draft=sheet.draft closed=sheet.closed />
        <Special pack=sheet.pack role=sheet.role key=key draft=sheet.draft closed=sheet.closed />
    }
}

/// What counts in the person's favour only once a superior has confirmed it, in words; empty when there is nothing.
fn waiting(sheet: Sheet) -> Vec<String> {
    let stated = draft::self_score(&sheet.draft.fields());
    let excuses = stated.facts.keys().filter(|code| sheet.pack.is_excuse(code)).count();
    let bonuses = stated.stated.events.iter().filter(|(code, event)| sheet.pack.is_bonus(code, event)).count();
    let (own, causes) = Workspace::get().with_view(|state| {
        sheet.key.with_value(|key| {
            let lines = state.card(key).map(Card::lines).unwrap_or_default();
            let speakers = state.speakers(key);
            let own = lines.iter().filter(|line| speakers.contains(&line.assigned_by)).count();
            let claims = |line: &&Line<'_>| line.progress.is_some_and(|report| !report.causes.is_empty());
            (own, lines.iter().filter(claims).count())
        })
    });
    let (without, products) = (stated.stated.without.len(), stated.stated.products.len());
    [
        (without > 0).then(|| t::special::waiting_without(without)),
        (products > 0).then(|| t::product::waiting_own(products)),
        (own > 0).then(|| t::special::waiting_own(own)),
        (causes > 0).then(|| t::special::waiting_causes(causes)),
        (excuses > 0).then(|| t::special::waiting_excuses(excuses)),
        (bonuses > 0).then(|| t::special::waiting_bonuses(bonuses)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What waits for the superior's confirmation, beside the result that it may change.
#[component]
pub(crate) fn Waiting(sheet: Sheet) -> impl IntoView {
    let waiting = Memo::new(move |_| waiting(sheet));
    move || {
        let words = waiting.get();
        (!words.is_empty()).then(|| {
            let words = words.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
            view! {
                <section class="card" data-testid="waiting">
                    <p class="strong">{t::special::waiting()}</p>
                    <ul>{words}</ul>
                </section>
            }
        })
    }
}
