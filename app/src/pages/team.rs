//! What each member of a team marked, row by row beside the team's result. Members, deciders and, once it is published, the
//! person scored see it through this module; the person learns no names.
//!
//! Test ids: `team-marks`, `team-row-CODE`.

use leptos::prelude::*;
use shared::ids::PersonId;
use shared::op::{Appraisal, CardKey, Mark, Register};
use shared::pack::{self, Pack};
use shared::report::{PanelMarks, panels};
use shared::score::{self, CardInput};
use shared::sorted_map::Map;
use shared::state::State;

use super::roster;
use crate::i18n::{decimal, language, mark, percent, t};
use crate::state::Workspace;

/// One row of the form: what each member gave, and the result.
#[derive(Clone, PartialEq, Eq)]
struct Row {
    code: String,
    title: String,
    given: Vec<String>,
    result: String,
    differs: bool,
}

/// What the table shows.
#[derive(Clone, PartialEq, Eq)]
struct Shown {
    title: &'static str,
    members: Vec<String>,
    /// Rows on which members differ.
    rows: Vec<Row>,
    /// How many rows have one mark from all.
    alike: usize,
    comments: Vec<(String, String)>,
}

/// The marks of every team of a card that the reader may see.
#[component]
pub(super) fn TeamMarks(key: CardKey) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let workspace = Workspace::get();
        let me = workspace.person().get().map(|me| me.person);
        workspace.with_view(|state| me.map(|me| read(state, me, &key)).unwrap_or_default())
    });
    move || shown.get().into_iter().map(table).collect_view()
}

fn read(state: &State, me: PersonId, key: &CardKey) -> Vec<Shown> {
    let Some(pack) = pack::pinned(&key.pack) else { return Vec::new() };
    let seen = panels(state, me, key).into_iter().filter(|panel| !panel.slots.is_empty());
    seen.map(|panel| shown(state, pack, key, &panel)).collect()
}

fn shown(state: &State, pack: &'static Pack, key: &CardKey, panel: &PanelMarks) -> Shown {
    // Before the team has its result, whoever sees all marks sees what would follow from them.
    let coming = || state.panel(key, panel.place).filter(|_| panel.is_enough && panel.slots.len() == panel.marked);
    let result = state.card(key).and_then(|card| card.appraisal_in(&Register::Appraisal(panel.place))).cloned();
    let result = result.or_else(|| Some(coming()?.result(&Appraisal::default(), "")));
    let rows =
        |of: fn(&Appraisal) -> &Map<String, Mark>, words: fn(&Mark) -> String, title: &dyn Fn(&str) -> String| {
            let codes = panel.slots.iter().flat_map(|(_, slot)| of(slot).keys().cloned()).collect::<Vec<_>>();
            let row = |code: String| {
                let given: Vec<String> =
                    panel.slots.iter().map(|(_, slot)| of(slot).get(&code).map_or_else(dash, words)).collect();
                let differs = given.windows(2).any(|pair| pair.first() != pair.last());
                let result = result.as_ref().and_then(|result| of(result).get(&code)).map_or_else(dash, words);
                Row { title: title(&code), given, result, differs, code }
            };
            let mut codes = codes;
            codes.sort();
            codes.dedup();
            codes.into_iter().map(row).collect::<Vec<_>>()
        };
    let criterion = |code: &str| {
        let rule = pack.groups.iter().flat_map(|group| &group.criteria).find(|rule| rule.code == code);
        format!("{code} {}", rule.map_or("", |rule| rule.title.get(language())))
    };
    let statement = |code: &str| {
        let rule = pack.statements.iter().find(|rule| rule.id == code);
        rule.map_or(code, |rule| rule.title.get(language())).to_owned()
    };
    let name = |(place, member): (usize, Option<PersonId>)| {
        member.map_or_else(|| t::panel::member(place), |member| roster::name(&state.org, member))
    };
    let members: Vec<String> = (1..).zip(panel.slots.iter().map(|(member, _)| *member)).map(name).collect();
    let said = members.iter().cloned().zip(panel.slots.iter().map(|(_, slot)| slot.comment.clone()));
    let marked = rows(|score| &score.marks, |given| mark(&given.value), &criterion);
    let stated = rows(|score| &score.leadership, |given| percent(&given.value), &statement);
    let (differing, alike): (Vec<Row>, Vec<Row>) = marked.into_iter().chain(stated).partition(|row| row.differs);
    Shown {
        title: panel.step.title.get(language()),
        rows: std::iter::once(totals(state, pack, key, panel, result.as_ref())).chain(differing).collect(),
        alike: alike.len(),
        comments: said.filter(|(_, comment)| !comment.trim().is_empty()).collect(),
        members,
    }
}

/// The total that follows from the marks of each, and that of the result.
fn totals(state: &State, pack: &'static Pack, key: &CardKey, panel: &PanelMarks, result: Option<&Appraisal>) -> Row {
    let led = state.led(key);
    let of = |input: Option<CardInput>| {
        let total = input.and_then(|input| score::evaluate(pack, &input).ok()?.total);
        total.map_or_else(dash, |total| decimal(&total.exact))
    };
    let given = panel.slots.iter().map(|(_, slot)| of(state.confirmed(key, slot, &led))).collect();
    let result = of(result.and_then(|result| state.confirmed(key, result, &led)));
    Row { code: "total".to_owned(), title: t::year::points().to_owned(), given, result, differs: false }
}

fn dash() -> String {
    "–".to_owned()
}

fn table(shown: Shown) -> impl IntoView {
    let heads = shown.members.into_iter().map(|name| view! { <th scope="col" class="number">{name}</th> });
    let comments =
        shown.comments.into_iter().map(|(name, words)| view! { <p class="small">{format!("{name}: {words}")}</p> });
    view! {
        <details data-testid="team-marks">
            <summary>{t::panel::marks()}</summary>
            <div class="scroll" role="region" tabindex="0" aria-label=shown.title>
                <table class="team">
                    <thead><tr>
                        <th scope="col">{t::beside::what()}</th>
                        {heads.collect_view()}
                        <th scope="col" class="number">{t::panel::result()}</th>
                    </tr></thead>
                    <tbody>{shown.rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            {(shown.alike > 0).then(|| view! { <p class="small">{t::panel::alike(shown.alike)}</p> })}
            {comments.collect_view()}
        </details>
    }
}

fn row(row: Row) -> impl IntoView {
    let differs = row.differs;
    let cells = row.given.into_iter().map(|given| view! { <td class="number" class:changed=differs>{given}</td> });
    view! {
        <tr data-testid=format!("team-row-{}", row.code)>
            <th scope="row">{row.title}</th>
            {cells.collect_view()}
            <td class="number strong">{row.result}</td>
        </tr>
    }
}
