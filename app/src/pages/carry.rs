//! Work of the period before that came after its cut-off: one tap puts it on this card. And marks given before the rules
//! were changed: set aside, to be read. Drawn by the daily chunk.
//!
//! Test ids: `carry`, `carry-lines`, `after-cut-off`, `set-aside`.

use leptos::prelude::*;
use shared::op::{CardKey, Payload, Target};
use shared::pack;

use super::beside::SideBySide;
use super::work::line_title;
use crate::components::{ActNotice, Icon, icon};
use crate::i18n::{language, lowered, period_name, t};
use crate::state::{ActError, Workspace};

/// What can be carried to the card, with the button that does it. The card is not scored before.
#[component]
pub(super) fn Carry(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let (target, error) = (Target::Card(key.clone()), RwSignal::new(None::<ActError>));
    let open = Memo::new(move |_| {
        let me = workspace.person().get();
        workspace.with_view(|state| {
            let me = me.as_ref().map_or_else(|| state.speaker(&key), |me| me.person);
            let lines = state.to_carry_by(&key, me);
            let titles = lines.iter().map(|line| line_title(state, &line.plan)).collect::<Vec<_>>().join("; ");
            let mut periods: Vec<String> =
                lines.iter().filter_map(|line| Some(lowered(&period_name(line.plan.carried?)))).collect();
            periods.dedup();
            (lines, t::outside::to_carry(state.owed(&key, me), &periods.join(", ")), titles)
        })
    });
    let writable = move || workspace.health().with(|health| health.read_only.is_none());
    let carry = move |_| {
        let (target, (lines, ..)) = (target.clone(), open.get_untracked());
        workspace.see_through(async move {
            let done = workspace.act(target, Payload::CarryWork(lines)).await;
            let _ = error.try_set(done.err());
        });
    };
    let carry = StoredValue::new(carry);
    view! {
        <Show when=move || !open.read().0.is_empty()>
            <div class="notice care" data-testid="carry-lines"><div class="stack tight">
                <p>{icon(Icon::Info)}" "{move || open.read().1.clone()}</p>
                <p class="small">{move || open.read().2.clone()}</p>
                <div class="row end">
                    <button type="button" class="main" data-testid="carry" disabled=move || !writable()
                        on:click=move |event| carry.with_value(|carry| carry(event))>{t::outside::carry()}</button>
                </div>
            </div></div>
        </Show>
        <ActNotice error=error />
    }
}

/// Which lines of the card count in the next period, and from which day.
#[component]
pub(super) fn AfterCutOff(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let next = lowered(&period_name(key.period.next()));
    let words = move || {
        workspace.with_view(|state| {
            let lines = state.lines_after(&key).len();
            let day = state.cut_off(&key).filter(|_| lines > 0)?;
            Some(t::outside::after_cut_off(lines, &day.vietnamese(), &next))
        })
    };
    let words = Memo::new(move |_| words());
    move || {
        words.get().map(|words| view! { <p class="small" data-testid="after-cut-off">{icon(Icon::Info)}" "{words}</p> })
    }
}

/// Marks given before the rules were changed.
#[component]
pub(super) fn SetAside(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let cards = Memo::new(move |_| workspace.with_view(|state| state.set_aside(key.subject, key.period)));
    let card = |key: CardKey| {
        let title = pack::pinned(&key.pack).map(|pack| pack.title.get(language()).to_owned()).unwrap_or_default();
        view! {
            <div class="stack tight">
                <p><strong>{t::outside::old_rules()}</strong>" "{title}</p>
                <p class="small quiet">{t::outside::old_rules_hint()}</p>
                <SideBySide key=key />
            </div>
        }
    };
    move || {
        let cards = cards.get();
        (!cards.is_empty()).then(|| {
            view! { <section class="card" data-testid="set-aside">{cards.into_iter().map(card).collect_view()}</section> }
        })
    }
}
