//! What the signed-in person is asked to say about others: the list above the cards to mark and to decide.

use leptos::prelude::*;
use shared::ids::StepPlace;
use shared::op::{CardKey, Says};
use shared::pack::{self, Verb};
use shared::report::{ToSay, to_say};
use shared::time::Day;

use super::super::beside::SideBySide;
use super::super::decided::points_words;
use super::super::in_turn::InTurn;
use super::super::roster;
use super::{said_view, say};
use crate::components::{ActNotice, AskReason, Icon, Tone, class_title, icon, tag};
use crate::i18n::{clause_words, language, t};
use crate::state::Workspace;

/// The steps that wait for a word of the signed-in person in the shown period, those with a last day first.
#[component]
pub(crate) fn ToSayList() -> impl IntoView {
    let workspace = Workspace::get();
    let asked = Memo::new(move |_| {
        let Some(me) = workspace.person().get() else { return Vec::new() };
        let period = workspace.period().get();
        workspace.with_view(|state| to_say(state, me.person, period, workspace.today()))
    });
    let acts = InTurn::new();
    let some = Memo::new(move |_| !asked.read().is_empty());
    let id = |one: &ToSay| {
        let words = one.objection.as_ref().map(|said| said.voice.words.clone()).unwrap_or_default();
        format!("{} {} {words}", one.key, one.place)
    };
    view! {
        <ActNotice error=acts.error />
        <Show when=move || some.get()>
            <section class="stack" data-testid="to-say" aria-labelledby="to-say-title">
                <h2 id="to-say-title">{move || t::voices::asked(asked.read().len())}</h2>
                <For each=move || asked.get() key=id let:one><AskedOf one=one acts=acts /></For>
            </section>
        </Show>
    }
}

/// How much time is left for an answer, in working days.
fn clock(due: Day, today: Day) -> String {
    if today > due {
        return t::voices::overdue(&due.vietnamese(), due.working_days_to(today));
    }
    t::voices::due(&due.vietnamese(), today.working_days_to(due))
}

#[component]
fn AskedOf(one: ToSay, acts: InTurn) -> impl IntoView {
    let workspace = Workspace::get();
    let ToSay { key, step, place, due, objection } = one;
    let (name, title, result, objected) = untrack(|| {
        workspace.with_view(|state| {
            let result = workspace.person().get().map(|me| state.result_for(me.person, &key));
            let words = result.as_ref().and_then(|known| known.result()).map(|one| {
                let class = pack::pinned(&key.pack).map(|pack| class_title(pack, &one.class)).unwrap_or_default();
                format!("{} · {class}", points_words(one.total.as_ref()))
            });
            let objected = objection.as_ref().map(|said| said_view(state, &key, said));
            (roster::name(&state.org, key.subject), roster::title(state, &key), words, objected)
        })
    });
    let testid = format!("say-{}-{}", key.subject, step.id);
    let late = due.is_some_and(|due| workspace.today() > due);
    let clause = pack::pinned(&key.pack).map(|pack| clause_words(pack, &step.clause));
    view! {
        <article class="card stack" data-testid=testid>
            <div class="row between">
                <div class="stack tight">
                    <h3>{name}</h3>
                    <p class="quiet small">{title}</p>
                </div>
                {tag(if late { Tone::Care } else { Tone::Sent }, Icon::Clock, step.title.get(language()).to_owned())}
            </div>
            {result.map(|result| view! { <p class="strong">{result}</p> })}
            {objected}
            {due.map(|due| view! { <p data-testid="clock">{icon(Icon::Clock)}" "{clock(due, workspace.today())}</p> })}
            <SideBySide key=key.clone() />
            <Choices key=key place=place verb=step.verb acts=acts />
            <p class="small quiet">{clause}</p>
        </article>
    }
}

/// The buttons of a step.
#[component]
fn Choices(key: CardKey, place: StepPlace, verb: Verb, acts: InTurn) -> impl IntoView {
    let key = StoredValue::new(key);
    match verb {
        Verb::Vote => view! {
            <div class="row end">
                <ByClass key=key place=place says=Says::Class acts=acts />
                <Word key=key place=place says=Says::Abstain acts=acts />
                <Word key=key place=place says=Says::Against acts=acts />
                <Word key=key place=place says=Says::For acts=acts />
            </div>
        }
        .into_any(),
        Verb::Opine => view! {
            <div class="row end">
                <ByClass key=key place=place says=Says::Opinion acts=acts />
                <Grounds key=key place=place says=Says::Opinion acts=acts />
            </div>
        }
        .into_any(),
        Verb::Answer => view! {
            <div class="row end">
                <Grounds key=key place=place says=Says::Refused acts=acts />
                <Grounds key=key place=place says=Says::Upheld acts=acts />
            </div>
        }
        .into_any(),
        _ => {
            view! { <div class="row end"><Word key=key place=place says=Says::Confirmed acts=acts /></div> }.into_any()
        }
    }
}

/// Whether something may be written now.
fn is_writable(acts: InTurn) -> bool {
    acts.progress.get().is_none() && Workspace::get().health().with(|health| health.read_only.is_none())
}

/// What a button says, and its test id.
const fn button_words(says: Says) -> (&'static str, fn() -> &'static str) {
    match says {
        Says::For => ("say-for", t::says::for_it),
        Says::Against => ("say-against", t::says::against_it),
        Says::Abstain => ("say-abstain", t::says::abstains),
        Says::Upheld => ("say-upheld", t::voices::uphold),
        Says::Refused => ("say-refused", t::voices::refuse),
        Says::Confirmed => ("say-confirmed", t::voices::confirm),
        _ => ("say-opinion", t::voices::give_opinion),
    }
}

/// Says something that needs no words.
#[component]
fn Word(key: StoredValue<CardKey>, place: StepPlace, says: Says, acts: InTurn) -> impl IntoView {
    let (testid, words) = button_words(says);
    let main = matches!(says, Says::For | Says::Confirmed);
    view! {
        <button type="button" class:main=main data-testid=testid disabled=move || !is_writable(acts)
            on:click=move |_| key.with_value(|key| say(acts, key, place, says, "", ""))>{words()}</button>
    }
}

/// Says something that needs words.
#[component]
fn Grounds(key: StoredValue<CardKey>, place: StepPlace, says: Says, acts: InTurn) -> impl IntoView {
    let (testid, words) = button_words(says);
    let asking = RwSignal::new(false);
    let hint = match says {
        Says::Upheld => t::voices::uphold_hint(),
        Says::Refused => t::voices::refuse_hint(),
        _ => t::voices::opinion_hint(),
    };
    let said = Callback::new(move |words: String| key.with_value(|key| say(acts, key, place, says, "", &words)));
    view! {
        <button type="button" class:main=says == Says::Opinion data-testid=testid disabled=move || !is_writable(acts)
            on:click=move |_| asking.set(true)>{words()}</button>
        <AskReason open=asking title=words() hint=hint action=words() on_reason=said />
    }
}

/// Proposes a class, or votes for one.
#[component]
fn ByClass(key: StoredValue<CardKey>, place: StepPlace, says: Says, acts: InTurn) -> impl IntoView {
    let classes = key.with_value(|key| pack::pinned(&key.pack)).map_or(&[] as &[_], |pack| &pack.classes);
    let options =
        classes.iter().map(|class| view! { <option value=class.code.clone()>{class.title.get(language())}</option> });
    let choose = move |code: String| {
        if !code.is_empty() {
            key.with_value(|key| say(acts, key, place, says, &code, ""));
        }
    };
    let label = if says == Says::Class { t::voices::other_class() } else { t::voices::propose_class() };
    view! {
        <select data-testid="say-class" aria-label=label disabled=move || !is_writable(acts)
            on:change:target=move |event| choose(event.target().value())>
            <option value="">{label}</option>
            {options.collect_view()}
        </select>
    }
}
