//! The cards to decide on, one row each.

use leptos::prelude::*;
use shared::card::Side;
use shared::num::Exact;
use shared::op::{Payload, Stage};

use super::super::absence::{AbsenceOf, absence_tag};
use super::super::beside::SideBySide;
use super::super::decided::decided_notes;
use super::super::faults::Faults;
use super::super::said;
use super::Decisions;
use super::model::{DecideRow, approval, classes_words, publication};
use super::otherwise::{Entered, Otherwise};
use crate::components::{
    AskReason, Asked, Compare, Confirm, Icon, Tone, Why, class_title, figure, icon, stage_tag, tag,
};
use crate::i18n::{decimal, t};
use crate::state::Workspace;

#[component]
pub(super) fn Rows() -> impl IntoView {
    let decisions = expect_context::<Decisions>();
    let cards = move || decisions.rows.read().iter().map(|row| row.handle.clone()).collect::<Vec<_>>();
    view! {
        <ul class="plain stack" aria-label=t::approve::people()>
            <For each=cards key=|handle| handle.clone() let:handle>
                <li><RowOf handle=handle /></li>
            </For>
        </ul>
    }
}

#[component]
fn RowOf(handle: String) -> impl IntoView {
    let decisions = expect_context::<Decisions>();
    let row = Memo::new(move |_| decisions.rows.read().iter().find(|row| row.handle == handle).cloned());
    move || row.get().map(|row| view! { <RowCard row=row /> })
}

#[component]
fn RowCard(row: DecideRow) -> impl IntoView {
    let pack = row.pack();
    let class = pack.zip(row.class()).map(|(pack, class)| class_title(pack, class));
    let total = |total: Option<&Exact>, side: Side| match total {
        Some(total) => figure(decimal(total), &row.name, Asked::Card { key: row.key.clone(), side }),
        None => "–".into_any(),
    };
    let (own, appraised) = (total(row.self_total.as_ref(), Side::SelfScored), total(row.total(), Side::Appraised));
    let (handle, acts) = (row.handle.clone(), expect_context::<Decisions>().acts);
    let role = untrack(|| Workspace::get().with_view(|state| state.role(&row.key))).unwrap_or_default();
    let key = row.key.clone();
    let evidence = Signal::derive(move || Workspace::get().with_view(|state| state.input(&key, Side::Appraised)));
    let why = pack
        .filter(|_| row.outcome.is_some())
        .map(|pack| view! { <Why pack=pack role=role evidence=evidence /><Compare pack=pack evidence=evidence /> });
    let not_yet = row.opens.filter(|_| row.waits_for_decision()).map(|day| {
        view! { <p class="quiet" data-testid="not-yet">{t::approve::not_yet(&day.vietnamese())}</p> }
    });
    view! {
        <article class="card" data-testid=format!("person-{handle}")>
            <div class="row between">
                <div class="stack tight">
                    <h2>{row.name.clone()}</h2>
                    <p class="quiet small">{format!("{} · {}", row.title, row.unit)}</p>
                    {row.regulation.clone().map(|words| view! { <p class="strong small">{words}</p> })}
                </div>
                <div class="row">
                    {row.contested.then(|| tag(Tone::Care, Icon::Warning, t::line::contested()))}
                    {match &row.absence {
                        Some(absence) => absence_tag(absence),
                        None if row.is_being_scored() => tag(Tone::Sent, Icon::Clock, t::approve::scoring()),
                        None => stage_tag(row.stage),
                    }}
                </div>
            </div>
            <p class="row">
                <span>{t::unit::own()}" "{own}</span><span>{t::unit::appraised()}" "{appraised}</span>
                {row.entered.as_ref().map(|total| view! { <span>{t::unit::approved()}" "{decimal(total)}</span> })}
                {class.map(|class| view! { <strong>{class}</strong> })}
                {decided_notes(pack, row.reckoned.as_ref(), row.document.as_ref())}
            </p>
            {row.outcome.is_some().then(|| view! { <SideBySide key=row.key.clone() /> })}
            {said::heard(&row.key)}
            {said::objections(&row.key)}
            {(row.stage == Stage::Appraised && !row.missing.is_empty()).then(|| view! {
                <p class="small" data-testid=format!("missing-{handle}")>
                    {icon(Icon::Clock)}" "{t::approve::missing(row.missing.len(), &row.missing.join(", "))}
                </p>
            })}
            {why}
            <AbsenceOf key=row.key.clone() />
            <Faults key=row.key.clone() handle=handle.clone() acts=acts />
            {not_yet}
            <Decisions row=row />
        </article>
    }
}

#[component]
fn Decisions(row: DecideRow) -> impl IntoView {
    let decisions = expect_context::<Decisions>();
    let returning = RwSignal::new(false);
    let writable = move || Workspace::get().health().with(|health| health.read_only.is_none());
    let handle = row.handle.clone();
    let (enters, entering, setting) = (row.may_be_entered(), RwSignal::new(false), RwSignal::new(false));
    let (for_entry, for_setting) = (enters.then(|| row.clone()), row.may_be_approved().then(|| row.clone()));
    let (approves, publishes, returns) = (row.may_be_approved(), row.may_be_published(), row.may_be_returned());
    let row = StoredValue::new(row);
    let confirming = RwSignal::new(false);
    let sign = move || decisions.acts.run(row.with_value(approval).into_iter().collect());
    let over = move || row.with_value(|row| decisions.pressure(std::slice::from_ref(row), true));
    // Before signing, the person must confirm that the share is exceeded.
    let approve = move |_| if untrack(over).is_empty() { sign() } else { confirming.set(true) };
    let words = move || t::approve::approve_words(1, &row.with_value(|row| classes_words(std::slice::from_ref(row))));
    let publish = move |_| decisions.acts.run(row.with_value(publication).into_iter().collect());
    let send_back = Callback::new(move |reason| {
        let key = row.with_value(|row| row.key.clone());
        decisions.acts.run(vec![(key, Payload::ReturnCard { to: Stage::SelfScored, reason })]);
    });
    view! {
        <div class="row end">
            {returns.then(|| view! {
                <button type="button" data-testid=format!("return-{handle}") disabled=move || !writable()
                    on:click=move |_| returning.set(true)>{t::to_score::send_back()}</button>
            })}
            {enters.then(|| view! {
                <button type="button" data-testid=format!("enter-{handle}") disabled=move || !writable()
                    on:click=move |_| entering.set(true)>{icon(Icon::Stamp)}{t::outside::enter()}</button>
            })}
            {approves.then(|| view! {
                <button type="button" data-testid=format!("set-{handle}") disabled=move || !writable()
                    on:click=move |_| setting.set(true)>{t::outside::set()}</button>
            })}
            {approves.then(|| view! {
                <button type="button" data-testid=format!("approve-{handle}") disabled=move || !writable()
                    on:click=approve>{icon(Icon::Stamp)}{t::approve::approve()}</button>
            })}
            {publishes.then(|| view! {
                <button type="button" data-testid=format!("publish-{handle}") disabled=move || !writable()
                    on:click=publish>{icon(Icon::DoubleTick)}{t::approve::publish()}</button>
            })}
        </div>
        <Confirm open=confirming title=t::approve::approve_title() words=Signal::derive(words) action=t::approve::approve()
            on_confirm=Callback::new(move |()| sign()) warnings=Signal::derive(over) />
        {for_entry.map(|row| view! { <Entered row=row open=entering /> })}
        {for_setting.map(|row| view! { <Otherwise row=row open=setting /> })}
        <AskReason open=returning title=t::to_score::send_back() hint=t::approve::send_back_hint()
            action=t::to_score::send_back() on_reason=send_back />
    }
}
