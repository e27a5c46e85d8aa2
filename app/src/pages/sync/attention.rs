//! Matters that need attention, each with its reason as a sentence and what to do about it.

use leptos::prelude::*;
use shared::ids::{OpId, PersonId};
use shared::op::{CardKey, RefusalCode, Target, Verdict};
use shared::procedure::Act;
use shared::state::State;
use shared::sync::Attention;

use super::super::roster;
use super::contested::Contested;
use super::describe;
use crate::components::{Icon, icon};
use crate::i18n::{refusal, t};
use crate::screens::Screen;
use crate::state::Workspace;

#[component]
pub(super) fn AttentionList(matters: Memo<Vec<Attention>>) -> impl IntoView {
    let matter = |matter: Attention| match matter {
        Attention::Refused { op, target, kind, verdict } => {
            view! { <Refused op=op target=target kind=kind verdict=verdict /> }.into_any()
        }
        Attention::Contested { card, register } => view! { <Contested card=card register=register /> }.into_any(),
    };
    view! {
        {move || (!matters.read().is_empty()).then(|| view! {
            <section class="stack" aria-labelledby="attention-title">
                <h2 id="attention-title">{t::sync::attention_title()}</h2>
                {matters.get().into_iter().map(matter).collect_view()}
            </section>
        })}
    }
}

/// An own act that does not count: what it was, why it was refused, and what can be done now.
#[component]
pub(super) fn Refused(
    op: OpId,
    target: Target,
    kind: u16,
    verdict: Verdict,
    #[prop(optional)] whole: bool,
) -> impl IntoView {
    let workspace = Workspace::get();
    let about = workspace.with_view(|state| describe::target(state, &target));
    let why = verdict.refusal().map(refusal).unwrap_or_default();
    let fate = match verdict {
        Verdict::Superseded(_) => t::sync::superseded(),
        Verdict::Held(_) => t::sync::held(),
        _ => t::sync::rejected(),
    };
    let way = workspace.with_view(|state| match (&target, workspace.person().get()) {
        (Target::Card(key), Some(me)) => way_back(state, me.person, key, kind).map(|way| (Some(key.period), way)),
        (Target::UnitPeriod(key), _) => {
            Some((Some(key.period), Way { href: Screen::UnitMonth.path().to_owned(), words: t::sync::way_unit() }))
        }
        (Target::Org, _) if kind == describe::ADOPT_PACK => {
            Some((None, Way { href: Screen::Rules.path().to_owned(), words: t::sync::way_rules() }))
        }
        _ => None,
    });
    let link = way.map(|(period, Way { href, words })| {
        let card = match &target {
            Target::Card(key) => Some(key.clone()),
            _ => None,
        };
        let go = move |_| {
            if let Some(period) = period {
                workspace.go_to(period);
            }
            if let Some(card) = &card {
                workspace.show_card(card);
            }
        };
        view! { <a class="button" href=href data-testid="way-back" on:click=go>{words}</a> }
    });
    let content = describe::content_of(workspace, op, &target);
    let rows = content.into_iter().map(|(name, said)| view! { <tr><th scope="row">{name}</th><td>{said}</td></tr> });
    let open = RwSignal::new(whole);
    view! {
        <article class="card attention" data-testid="refused">
            <h3>{icon(Icon::Warning)}" "{describe::act(kind)}</h3>
            <p class="quiet">{about}</p>
            <p data-testid="refused-why">{fate}" "{why}</p>
            <p data-testid="refused-todo">{todo(&verdict, kind, link.is_some())}</p>
            <details prop:open=open>
                <summary data-testid="refused-content">{t::sync::content()}</summary>
                <table><tbody>{rows.collect_view()}</tbody></table>
            </details>
            <div class="row">{link}</div>
        </article>
    }
}

/// What can be done about a refused act.
fn todo(verdict: &Verdict, kind: u16, has_way: bool) -> &'static str {
    let Some(refusal) = verdict.refusal() else { return "" };
    match (verdict, refusal.code) {
        (_, code) if kind == describe::ADOPT_PACK && code != RefusalCode::NotEntitled => t::sync::todo_issue(),
        (_, RefusalCode::UnknownPack | RefusalCode::UnknownKind) => t::sync::todo_update(),
        (Verdict::Held(_), RefusalCode::ResultDiffers) if has_way => t::sync::todo_look(),
        (Verdict::Held(_), _) => t::sync::todo_wait(),
        (_, RefusalCode::TooEarly) if has_way => t::sync::todo_later(),
        (_, RefusalCode::NotEntitled) => t::sync::todo_office(),
        _ if has_way => t::sync::todo_look(),
        _ => t::sync::todo_office(),
    }
}

/// A screen of this person on which the act can be done again.
struct Way {
    href: String,
    words: &'static str,
}

/// The screen on which the act can be done again, if this person still has one in the card's month.
fn way_back(state: &State, me: PersonId, key: &CardKey, kind: u16) -> Option<Way> {
    let at = |href: &str, words| Some(Way { href: href.to_owned(), words });
    let own = state.keys_spoken_for(me, key.period).contains(key);
    let others = state.speaker(key) != me;
    let scores = others && state.acts(key, Act::Mark, me);
    let decides = others && [Act::Decide, Act::Notify].into_iter().any(|act| state.acts(key, act, me));
    match kind {
        20..=23 | 25 if own => at(Screen::MyMonth.path(), t::sync::way_work()),
        24 | 30 | 31 if own => at(Screen::SelfScore.path(), t::sync::way_self()),
        20..=25 | 32 | 35 if scores => at(&Screen::ToScore.path_of(roster::handle(state, key)), t::sync::way_score()),
        33..=35 if decides => at(Screen::Approve.path(), t::sync::way_approve()),
        _ => None,
    }
}
