//! Submitting a self-score, with the name of who gets it, and withdrawing it before it is scored.

use leptos::prelude::*;
use shared::op::{Payload, Stage};
use shared::procedure::Act;

use super::super::roster;
use super::Sheet;
use crate::components::{Actions, AskReason, Confirm, draft, led_to_wrong_field};
use crate::i18n::t;
use crate::route::Address;
use crate::state::Workspace;

#[component]
pub(super) fn Foot(sheet: Sheet, missing: Memo<usize>) -> impl IntoView {
    let submitting = RwSignal::new(false);
    let withdrawing = RwSignal::new(false);
    let address = Address::get();
    let stage = sheet.stage;
    let writable = move || Workspace::get().health().with(|health| health.read_only.is_none());
    let workspace = Workspace::get();
    let wrong = Memo::new(move |_| sheet.key.with_value(|key| workspace.first_wrong(Some(key))));
    let may_submit = move || stage.get() == Stage::Working && missing.get() == 0 && writable() && sheet.is_open();
    view! {
        <Actions>
            <span class="sum" data-testid="submit-sum">{move || (stage.get() == Stage::Working).then(|| match wrong.get() {
                Some((_, wrong)) => t::self_score::wrong(&wrong.label),
                None if missing.get() > 0 => t::self_score::left(missing.get()),
                None => String::new(),
            })}</span>
            {move || (stage.get() == Stage::SelfScored).then(|| view! {
                <button type="button" data-testid="withdraw-self" disabled=move || !writable()
                    on:click=move |_| withdrawing.set(true)>{t::self_score::withdraw()}</button>
            })}
            {move || (stage.get() == Stage::Working).then(|| view! {
                <button type="button" class="main" data-testid="submit-self" disabled=move || !may_submit() && wrong.read().is_none()
                    on:click=move |_| submitting.set(!led_to_wrong_field(address, &sheet.key.get_value()))>{t::self_score::submit()}</button>
            })}
        </Actions>
        <Confirm open=submitting title=t::self_score::submit_title() words=Signal::derive(move || destination(sheet))
            action=t::self_score::submit() on_confirm=Callback::new(move |()| submit(sheet)) />
        <AskReason open=withdrawing title=t::self_score::withdraw() hint=t::self_score::withdraw_hint()
            action=t::self_score::withdraw()
            on_reason=Callback::new(move |reason| withdraw(sheet, reason)) />
    }
}

/// The person who gets the self-score, in words.
fn destination(sheet: Sheet) -> String {
    let who =
        Workspace::get().with_view(|state| sheet.key.with_value(|key| roster::actor_words(state, key, Act::Mark)));
    who.map_or_else(|| t::self_score::goes_to_nobody().to_owned(), |who| t::self_score::goes_to(&who))
}

fn submit(sheet: Sheet) {
    let workspace = Workspace::get();
    let key = sheet.key.get_value();
    let score = draft::self_score(&untrack(|| sheet.draft.fields()));
    workspace.see_through(async move {
        let result = workspace.act_on_own_card(key, Payload::SubmitSelfScore(score)).await;
        let _ = sheet.error.try_set(result.err());
    });
}

fn withdraw(sheet: Sheet, reason: String) {
    let workspace = Workspace::get();
    let key = sheet.key.get_value();
    workspace.see_through(async move {
        let result = workspace.act_on_own_card(key, Payload::WithdrawSelfScore { reason }).await;
        let _ = sheet.error.try_set(result.err());
    });
}
