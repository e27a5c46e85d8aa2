//! The acknowledgement of a notice, the objection to a result, its answer, and the results that were made known before.

use leptos::prelude::*;
use shared::card::{Earlier, Value};
use shared::op::{CardKey, Says};
use shared::pack;
use shared::report::{self, Objection};
use shared::state::State;

use super::super::decided::points_words;
use super::super::in_turn::InTurn;
use super::super::roster;
use super::{said_view, say};
use crate::components::{ActNotice, AskReason, Icon, class_title, icon};
use crate::i18n::{clause_words, language, t};
use crate::state::Workspace;

/// What comes after the notice: for the person scored with the forms, for others to read.
#[component]
pub(crate) fn Objections(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let acts = InTurn::new();
    let key = StoredValue::new(key);
    let shown = Memo::new(move |_| {
        let me = workspace.person().get()?.person;
        workspace.with_view(|state| key.with_value(|key| report::objection(state, me, key, workspace.today())))
    });
    view! {
        <ActNotice error=acts.error />
        <Acknowledge key=key acts=acts />
        {move || shown.get().map(|objection| view! { <ObjectionCard objection=objection key=key acts=acts /> })}
        <EarlierResults key=key.get_value() />
    }
}

/// The button by which the person scored acknowledges the notice, where the text asks for it.
#[component]
fn Acknowledge(key: StoredValue<CardKey>, acts: InTurn) -> impl IntoView {
    let workspace = Workspace::get();
    let asked = Memo::new(move |_| {
        let me = workspace.person().get()?.person;
        let own = key.with_value(|key| workspace.with_view(|state| state.speaker(key)) == me);
        let to_say = |state: &State| key.with_value(|key| state.to_say(key, me, workspace.today()));
        workspace.with_view(to_say).first().copied().filter(|_| own)
    });
    move || {
        asked.get().map(|place| {
            let confirm = move |_| key.with_value(|key| say(acts, key, place, Says::Confirmed, "", ""));
            view! {
                <div class="notice row between">
                    <p>{t::voices::acknowledge_words()}</p>
                    <button type="button" data-testid="acknowledge" disabled=move || acts.progress.get().is_some()
                        on:click=confirm>{icon(Icon::Tick)}{t::voices::acknowledge()}</button>
                </div>
            }
        })
    }
}

/// "Khiếu nại đến hết ngày 27/10/2026".
fn until(objection: &Objection) -> String {
    let title = objection.step.title.get(language());
    match objection.last_day {
        Some(last) => t::voices::until(title, &last.vietnamese()),
        None => t::voices::without_end(title),
    }
}

#[component]
fn ObjectionCard(objection: Objection, key: StoredValue<CardKey>, acts: InTurn) -> impl IntoView {
    let workspace = Workspace::get();
    let (said, answer) = untrack(|| {
        workspace.with_view(|state| {
            key.with_value(|key| {
                let view = |said: &report::Said| said_view(state, key, said);
                (objection.said.as_ref().map(view), objection.answer.as_ref().map(view))
            })
        })
    });
    let waits = (said.is_some() && answer.is_none()).then(|| match objection.answer_due {
        Some(due) => t::voices::answer_by(&due.vietnamese()),
        None => t::voices::answer_awaited().to_owned(),
    });
    let clause = key.with_value(|key| pack::pinned(&key.pack)).map(|pack| clause_words(pack, &objection.step.clause));
    let contested = (!objection.contested.is_empty())
        .then(|| view! { <p class="strong">{icon(Icon::Warning)}" "{t::line::contested()}</p> });
    let (open, objected, place) = (objection.is_open, said.is_some(), objection.place);
    view! {
        <section class="card stack" data-testid="objection" aria-labelledby="objection-title">
            <h2 id="objection-title">{until(&objection)}</h2>
            {said}
            {contested}
            {waits.map(|words| view! { <p>{icon(Icon::Clock)}" "{words}</p> })}
            {answer.map(|answer| view! { <div data-testid="answer">{answer}</div> })}
            {open.then(|| view! { <Forms key=key place=place objected=objected acts=acts title=objection.step.title.get(language()) /> })}
            <p class="small quiet">{clause}</p>
        </section>
    }
}

/// The forms of the person scored: to object, to say it in other words, to take it back.
#[component]
fn Forms(
    key: StoredValue<CardKey>,
    place: shared::ids::StepPlace,
    objected: bool,
    acts: InTurn,
    title: &'static str,
) -> impl IntoView {
    let (asking, withdrawing) = (RwSignal::new(false), RwSignal::new(false));
    let said = move |says: Says| {
        Callback::new(move |words: String| key.with_value(|key| say(acts, key, place, says, "", &words)))
    };
    let writable =
        move || acts.progress.get().is_none() && Workspace::get().health().with(|health| health.read_only.is_none());
    let again = if objected { t::voices::object_again() } else { title };
    view! {
        <div class="row end">
            {objected.then(|| view! {
                <button type="button" data-testid="withdraw" disabled=move || !writable()
                    on:click=move |_| withdrawing.set(true)>{t::voices::withdraw()}</button>
            })}
            <button type="button" data-testid="object" disabled=move || !writable()
                on:click=move |_| asking.set(true)>{again}</button>
        </div>
        <AskReason open=asking title=title hint=t::voices::object_hint() action=t::voices::send()
            on_reason=said(Says::Objection) />
        <AskReason open=withdrawing title=t::voices::withdraw() hint=t::voices::withdraw_hint()
            action=t::voices::withdraw() on_reason=said(Says::Withdrawn) />
    }
}

/// The published results of a card that were set aside, each with the objection that led to it.
#[component]
fn EarlierResults(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let of = key.clone();
    let earlier = Memo::new(move |_| {
        let me = workspace.person().get()?.person;
        Some(workspace.with_view(|state| state.earlier_results(me, &of).to_vec()))
    });
    move || {
        let all = earlier.get().unwrap_or_default();
        let rows =
            untrack(|| workspace.with_view(|state| all.iter().map(|one| result(state, &key, one)).collect_view()));
        (!all.is_empty()).then(|| {
            view! {
                <section class="card stack" data-testid="earlier" aria-labelledby="earlier-title">
                    <h2 id="earlier-title">{t::voices::earlier()}</h2>
                    {rows}
                </section>
            }
        })
    }
}

fn result(state: &State, key: &CardKey, earlier: &Earlier) -> impl IntoView + use<> {
    let decided = match &earlier.decision.value {
        Value::Approval(approval) => {
            let class = pack::pinned(&key.pack).map(|pack| class_title(pack, &approval.class)).unwrap_or_default();
            format!("{} · {class}", points_words(approval.total.as_ref()))
        }
        _ => String::new(),
    };
    let day = |version: &shared::card::Version| version.at.at.day().vietnamese();
    let name = |version: &shared::card::Version| roster::name(&state.org, version.actor);
    let told = t::voices::earlier_told(&name(&earlier.decision), &day(&earlier.decision), &day(&earlier.publication));
    let said = |version: &shared::card::Version| {
        let voice = version.voice()?.clone();
        let said =
            report::Said { by: Some(version.actor), voice, day: version.at.at.day(), arrived: version.arrived_later() };
        Some(said_view(state, key, &said))
    };
    let sent_back = earlier.answer.is_none().then(|| {
        let reason = match &earlier.set_aside.value {
            Value::Cleared(reason) => reason.clone(),
            _ => String::new(),
        };
        t::voices::set_aside(&name(&earlier.set_aside), &day(&earlier.set_aside), &reason)
    });
    view! {
        <div class="stack tight">
            <p class="strong">{decided}</p>
            <p class="small quiet">{told}</p>
            {earlier.objection.as_ref().and_then(said)}
            {earlier.answer.as_ref().and_then(said)}
            {sent_back.map(|words| view! { <p>{words}</p> })}
        </div>
    }
}
