//! The team that marks a person together: who has marked and who has not, and the closing with the one result.
//!
//! Test ids: `team`, `team-state`, `team-missing`, `close-team`, `agree-CODE`, `close-all`.

use leptos::prelude::*;
use shared::ids::PersonId;
use shared::num::Exact;
use shared::op::{Appraisal, CardKey, Payload, Target};
use shared::pack::Tally;
use shared::report::{PanelMarks, panels};
use shared::score;
use shared::sorted_map::Map;
use shared::state::{Marking, State};

use super::super::in_turn::InTurn;
use super::super::roster;
use super::super::team::TeamMarks;
use super::model::{self, QueueRow, points};
use super::sheet::Sheet;
use crate::components::{Confirm, Icon, icon};
use crate::i18n::{mark, percent, t};
use crate::state::Workspace;

/// The team of a card in the step in which `actor` marks; none where one person marks.
pub(super) fn team_of(state: &State, key: &CardKey, actor: PersonId, marking: Option<Marking>) -> Option<PanelMarks> {
    let step = marking.filter(|marking| marking.apart)?.step;
    panels(state, actor, key).into_iter().find(|panel| panel.place == step)
}

/// The reason of a mark that differs from the self-score. It is signed, so it is Vietnamese whatever the language of the
/// screen.
fn reason(team: &PanelMarks) -> String {
    if team.step.tally == Some(Tally::Agreed) {
        "Tổ thống nhất".to_owned()
    } else {
        format!("Trung bình của {} thành viên", team.marked)
    }
}

/// The one result of a team, with the marks on which its members agreed.
fn result(state: &State, key: &CardKey, team: &PanelMarks, agreed: &Map<String, Exact>) -> Option<Appraisal> {
    let marking = Marking { step: team.place, ready: true, done: true, apart: true, over: false, builds_on: None };
    let starts = model::starting_point(state, key, Some(marking));
    let starts = Appraisal { marks: starts.marks, leadership: starts.leadership, ..Appraisal::default() };
    let mut result = state.panel(key, team.place)?.result(&starts, &reason(team));
    for (code, value) in agreed {
        let row = if result.marks.contains_key(code) { &mut result.marks } else { &mut result.leadership };
        if let Some(mark) = row.get_mut(code) {
            mark.value = value.clone();
            mark.reason = reason(team);
        }
    }
    Some(result)
}

/// The act that closes a team.
fn closing(state: &State, key: &CardKey, team: &PanelMarks, agreed: &Map<String, Exact>) -> Option<(CardKey, Payload)> {
    Some((key.clone(), Payload::Appraise(team.place, result(state, key, team, agreed)?)))
}

/// The acts that close every card on which the whole team has marked.
fn closings(rows: &[QueueRow], actor: PersonId) -> Vec<(CardKey, Payload)> {
    Workspace::get().with_view(|state| {
        let one = |row: &QueueRow| {
            let team = team_of(state, &row.key, actor, state.marking(&row.key, actor))?;
            closing(state, &row.key, &team, &Map::new())
        };
        rows.iter().filter(|row| row.is_closable()).filter_map(one).collect()
    })
}

/// The team of the person shown.
#[component]
pub(super) fn Team(sheet: Sheet) -> impl IntoView {
    let open = Memo::new(move |_| sheet.team.with(|team| team.is_some()));
    move || open.get().then(|| view! { <TeamCard sheet=sheet /> })
}

#[component]
fn TeamCard(sheet: Sheet) -> impl IntoView {
    let workspace = Workspace::get();
    let names = move |people: &[PersonId]| {
        workspace
            .with_view(|state| people.iter().map(|one| roster::name(&state.org, *one)).collect::<Vec<_>>().join(", "))
    };
    let state = move || sheet.team.with(|team| team.as_ref().map(|team| t::panel::state(team.marked, team.members)));
    let missing = move || {
        let (missing, closed) =
            sheet.team.with(|team| team.as_ref().map(|team| (team.missing.clone(), team.is_closed)))?;
        let words = if closed { t::panel::absent } else { t::panel::missing };
        (!missing.is_empty()).then(|| view! { <p data-testid="team-missing">{words(&names(&missing))}</p> })
    };
    let blind = move || {
        let hidden = |team: &PanelMarks| team.step.blind && !team.is_closed && team.slots.len() < team.marked;
        sheet
            .team
            .with(|team| team.as_ref().is_some_and(hidden))
            .then(|| view! { <p class="small quiet">{t::panel::blind()}</p> })
    };
    let closes =
        Memo::new(move |_| sheet.team.with(|team| team.as_ref().is_some_and(|team| team.closes && !team.is_closed)));
    view! {
        <section class="card stack" data-testid="team" aria-labelledby="team-title">
            <h2 id="team-title" data-testid="team-state">{state}</h2>
            {missing}
            {blind}
            <TeamMarks key=sheet.key.get_value() />
            {move || closes.get().then(|| view! { <Close sheet=sheet /> })}
        </section>
    }
}

/// The closing, for whoever leads the team or keeps its papers.
#[component]
fn Close(sheet: Sheet) -> impl IntoView {
    let workspace = Workspace::get();
    let agreed = RwSignal::new(Map::<String, Exact>::new());
    let asking = RwSignal::new(false);
    let enough = Memo::new(move |_| sheet.team.with(|team| team.as_ref().is_some_and(|team| team.is_enough)));
    let total = move || {
        let team = sheet.team.get()?;
        let input = workspace.with_view(|state| {
            sheet.key.with_value(|key| {
                let result = result(state, key, &team, &agreed.read())?;
                state.confirmed(key, &result, &sheet.led.read())
            })
        })?;
        Some(score::evaluate(sheet.pack, &input).ok()?.total?.exact)
    };
    let words = Signal::derive(move || {
        let (marked, members) =
            sheet.team.with(|team| team.as_ref().map_or((0, 0), |team| (team.marked, team.members)));
        t::panel::close_words(&points(total().as_ref()), marked, members)
    });
    let absent = Signal::derive(move || {
        let missing = sheet.team.with(|team| team.as_ref().map(|team| team.missing.clone())).unwrap_or_default();
        let names =
            workspace.with_view(|state| missing.iter().map(|one| roster::name(&state.org, *one)).collect::<Vec<_>>());
        if names.is_empty() { Vec::new() } else { vec![t::panel::absent(&names.join(", "))] }
    });
    let needed = move || {
        let quorum = sheet.team.with(|team| team.as_ref().and_then(|team| team.step.quorum.clone()));
        quorum.map_or_else(|| t::panel::all_needed().to_owned(), |share| t::panel::share_needed(&percent(&share)))
    };
    let close = move |()| {
        let act = sheet.team.get_untracked().and_then(|team| {
            workspace
                .with_view(|state| sheet.key.with_value(|key| closing(state, key, &team, &agreed.read_untracked())))
        });
        let Some((key, payload)) = act else { return };
        workspace.see_through(async move {
            let result = workspace.act(Target::Card(key), payload).await;
            let _ = sheet.error.try_set(result.err());
        });
    };
    view! {
        <Agree sheet=sheet agreed=agreed />
        {move || (!enough.get()).then(|| view! { <p class="small quiet">{needed}</p> })}
        <div class="row end">
            <button type="button" class="main" data-testid="close-team" disabled=move || !enough.get()
                on:click=move |_| asking.set(true)>{icon(Icon::Tick)}{t::panel::close()}</button>
        </div>
        <Confirm open=asking title=t::panel::close() words=words action=t::panel::close()
            on_confirm=Callback::new(close) warnings=absent />
    }
}

/// Where the text lets members agree: for each row on which they differ, the marks that they gave and their mean.
#[component]
fn Agree(sheet: Sheet, agreed: RwSignal<Map<String, Exact>>) -> impl IntoView {
    let rows = move || {
        let team = sheet.team.get().filter(|team| team.step.tally == Some(Tally::Agreed) && team.is_enough)?;
        let choices = Workspace::get().with_view(|state| {
            let panel = sheet.key.with_value(|key| state.panel(key, team.place))?;
            let codes = panel.filled.first().map(|(_, slot)| slot.marks.keys().cloned().collect::<Vec<_>>())?;
            let differing = |code: String| {
                let mut given: Vec<Exact> = panel.marks(|score| &score.marks, &code).cloned().collect();
                given.extend(panel.mean(|score| &score.marks, &code));
                given.sort();
                given.dedup();
                (given.len() > 1).then_some((code, given))
            };
            Some(codes.into_iter().filter_map(differing).collect::<Vec<_>>())
        })?;
        Some(choices.into_iter().map(|(code, given)| choice(code, given, agreed)).collect_view())
    };
    view! { <div class="stack tight">{rows}</div> }
}

fn choice(code: String, given: Vec<Exact>, agreed: RwSignal<Map<String, Exact>>) -> impl IntoView {
    let shown = agreed.with_untracked(|agreed| agreed.get(&code).cloned());
    let options = given.iter().map(|value| {
        let chosen = shown.as_ref() == Some(value);
        view! { <option value=value.to_string() selected=chosen>{mark(value)}</option> }
    });
    let label = t::panel::agree(&code);
    let testid = format!("agree-{code}");
    let choose = move |word: String| {
        let value = Exact::parse(&word).ok();
        agreed.update(|agreed| match value {
            Some(value) => drop(agreed.insert(code.clone(), value)),
            None => drop(agreed.remove(&code)),
        });
    };
    view! {
        <label class="row between"><span>{label}</span>
            <select data-testid=testid on:change:target=move |event| choose(event.target().value())>
                <option value="">{t::panel::mean()}</option>
                {options.collect_view()}
            </select>
        </label>
    }
}

/// Closes every card on which the whole team has marked.
#[component]
pub(super) fn CloseAll(rows: Memo<Vec<QueueRow>>) -> impl IntoView {
    let workspace = Workspace::get();
    let asking = RwSignal::new(false);
    let acts = InTurn::new();
    let count = Memo::new(move |_| rows.with(|rows| rows.iter().filter(|row| row.is_closable()).count()));
    let close = move |()| {
        let Some(me) = workspace.person().get_untracked() else { return };
        acts.run(rows.with_untracked(|rows| closings(rows, me.person)));
    };
    let words = move || match acts.progress.get() {
        Some((done, all)) => t::panel::closing(done.saturating_add(1).min(all), all),
        None => t::panel::close_all(count.get()),
    };
    move || {
        (count.get() > 0 || acts.progress.get().is_some()).then(|| view! {
            <crate::components::ActNotice error=acts.error />
            <button type="button" class="main" data-testid="close-all" disabled=move || acts.progress.get().is_some()
                on:click=move |_| asking.set(true)>{icon(Icon::Tick)}{words}</button>
            <Confirm open=asking title=t::panel::close() words=Signal::derive(move || t::panel::close_all_words(count.get()))
                action=t::panel::close() on_confirm=Callback::new(close) />
        })
    }
}
