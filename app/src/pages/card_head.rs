//! What stands above the person's own card: the choice between several, its steps, that it was sent back, that the person is
//! not assessed. Drawn by the daily chunk.
//!
//! Test ids: `card-choice`, `card-under-PACK`.

use leptos::prelude::*;
use shared::op::CardKey;
use shared::pack;

use super::absence::AbsenceNotice;
use super::returned::Returned;
use super::steps::CardSteps;
use super::voices::SetAside;
use crate::i18n::t;
use crate::state::Workspace;

#[component]
pub(crate) fn CardHead(key: CardKey) -> impl IntoView {
    view! {
        <CardChoice key=key.clone() />
        <CardSteps key=key.clone() />
        <Returned key=key.clone() />
        <AbsenceNotice key=key.clone() />
        <SetAside key=key />
    }
}

/// The choice between the person's cards, where several regulations score the person in the period.
#[component]
pub(super) fn CardChoice(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let shown = key.pack;
    let keys = Memo::new(move |_| workspace.with_view(|state| state.card_keys(key.person, key.period)));
    let one = move |card: CardKey| {
        let pack = pack::pinned(&card.pack)?;
        Some(view! {
            <button type="button" class="chip" data-testid=format!("card-under-{}", pack.id)
                aria-pressed=(card.pack == shown).to_string()
                on:click=move |_| workspace.show_card_under(card.pack)>{t::unit::under(pack.short_name())}</button>
        })
    };
    move || {
        (keys.read().len() > 1).then(|| {
            view! {
                <div class="row no-print" role="group" aria-label=t::unit::own_cards() data-testid="card-choice">
                    {keys.get().into_iter().map(one).collect_view()}
                </div>
            }
        })
    }
}
