//! The people to decide on, one row each.

use leptos::prelude::*;
use shared::card::Side;
use shared::ids::PersonId;
use shared::num::Exact;
use shared::op::{Payload, Stage};

use super::super::absence::{AbsenceOf, absence_tag};
use super::super::beside::SideBySide;
use super::Decisions;
use super::model::{DecideRow, approval, classes_words, publication};
use crate::components::{
    AskReason, Asked, Compare, Confirm, Icon, Tone, Why, class_title, figure, icon, stage_tag, tag,
};
use crate::i18n::{decimal, t};
use crate::state::Workspace;

#[component]
pub(super) fn Rows() -> impl IntoView {
    let decisions = expect_context::<Decisions>();
    let people = move || decisions.rows.read().iter().map(|row| row.key.person).collect::<Vec<_>>();
    view! {
        <ul class="plain stack" aria-label=t::approve::people()>
            <For each=people key=|person| *person let:person>
                <li><RowOf person=person /></li>
            </For>
        </ul>
    }
}

#[component]
fn RowOf(person: PersonId) -> impl IntoView {
    let decisions = expect_context::<Decisions>();
    let row = Memo::new(move |_| decisions.rows.read().iter().find(|row| row.key.person == person).cloned());
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
    let person = row.key.person;
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
        <article class="card" data-testid=format!("person-{person}")>
            <div class="row between">
                <div class="stack tight">
                    <h2>{row.name.clone()}</h2>
                    <p class="quiet small">{format!("{} · {}", row.title, row.unit)}</p>
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
                {class.map(|class| view! { <strong>{class}</strong> })}
            </p>
            {row.outcome.is_some().then(|| view! { <SideBySide key=row.key.clone() /> })}
            {(row.stage == Stage::Appraised && !row.missing.is_empty()).then(|| view! {
                <p class="small" data-testid=format!("missing-{person}")>
                    {icon(Icon::Clock)}" "{t::approve::missing(row.missing.len(), &row.missing.join(", "))}
                </p>
            })}
            {why}
            <AbsenceOf key=row.key.clone() />
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
    let person = row.key.person;
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
                <button type="button" data-testid=format!("return-{person}") disabled=move || !writable()
                    on:click=move |_| returning.set(true)>{t::to_score::send_back()}</button>
            })}
            {approves.then(|| view! {
                <button type="button" data-testid=format!("approve-{person}") disabled=move || !writable()
                    on:click=approve>{icon(Icon::Stamp)}{t::approve::approve()}</button>
            })}
            {publishes.then(|| view! {
                <button type="button" data-testid=format!("publish-{person}") disabled=move || !writable()
                    on:click=publish>{icon(Icon::DoubleTick)}{t::approve::publish()}</button>
            })}
        </div>
        <Confirm open=confirming title=t::approve::approve_title() words=Signal::derive(words) action=t::approve::approve()
            on_confirm=Callback::new(move |()| sign()) warnings=Signal::derive(over) />
        <AskReason open=returning title=t::to_score::send_back() hint=t::approve::send_back_hint()
            action=t::to_score::send_back() on_reason=send_back />
    }
}
