//! What needs attention: the reason as a sentence and the way out.

use crate::ui::{Memo, view};
use leptos::prelude::*;
use shared::op::{Target, Verdict};
use shared::sync::Attention;

use super::contested::Contested;
use super::describe;
use crate::components::{Icon, icon};
use crate::i18n::{refusal, t};
use crate::state::Workspace;

#[component]
pub(super) fn AttentionList(matters: Memo<Vec<Attention>>) -> impl IntoView {
    let matter = |matter: Attention| match matter {
        Attention::Refused { target, kind, verdict, .. } => {
            view! { <Refused target=target kind=kind verdict=verdict /> }.into_any()
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

/// An own act that does not count.
#[component]
fn Refused(target: Target, kind: u16, verdict: Verdict) -> impl IntoView {
    let workspace = Workspace::get();
    let about = workspace.with_view(|state| describe::target(state, &target));
    let why = verdict.refusal().map(refusal).unwrap_or_default();
    let fate = match verdict {
        Verdict::Superseded(_) => t::sync::superseded(),
        Verdict::Held(_) => t::sync::held(),
        _ => t::sync::rejected(),
    };
    let others = move || match &target {
        Target::Card(key) => workspace.person().get_untracked().is_none_or(|me| me.person != key.person),
        Target::Org | Target::WorkList(_) => false,
    };
    let (href, way_out) = match kind {
        20..=22 if others() => ("/cham-diem", t::sync::way_score()),
        20..=23 => ("/viec", t::sync::way_work()),
        24 | 30 | 31 => ("/tu-cham", t::sync::way_self()),
        32 => ("/cham-diem", t::sync::way_score()),
        33..=35 => ("/phe-duyet", t::sync::way_approve()),
        _ => ("/cai-dat", t::sync::way_office()),
    };
    view! {
        <article class="card attention" data-testid="refused">
            <h3>{icon(Icon::Warning)}" "{describe::act(kind)}</h3>
            <p class="quiet">{about}</p>
            <p>{fate}" "{why}</p>
            <div class="row"><a class="button" href=href>{way_out}</a></div>
        </article>
    }
}
