//! The steps of a card as a line of marks. Opened, it says of each step who did it or who is to do it, why that
//! person, and until when. Drawn by the daily chunk.
//!
//! Test ids: `steps`, `step-ID` with `data-status`.

use leptos::prelude::*;
use shared::ids::PersonId;
use shared::op::CardKey;
use shared::pack::{self, Pack};
use shared::state::{CardStep, State, StepStatus};
use shared::time::Day;

use super::roster;
use crate::i18n::{actors, clause_words, lowered, step_word, t};
use crate::state::Workspace;

/// A step as it is shown.
#[derive(Clone, PartialEq)]
struct Mark {
    id: &'static str,
    word: String,
    title: &'static str,
    status: &'static str,
    words: String,
    clause: String,
}

/// The steps of the card.
#[component]
pub(super) fn CardSteps(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let marks = Memo::new(move |_| {
        let Some(me) = workspace.person().get() else { return Vec::new() };
        workspace.with_view(|state| all(state, &key, me.person, workspace.today()))
    });
    let line = move || marks.get().into_iter().map(mark).collect_view();
    let list = move || marks.get().into_iter().map(row).collect_view();
    let some = Memo::new(move |_| !marks.read().is_empty());
    view! {
        <Show when=move || some.get()>
            <details class="steps" data-testid="steps">
                <summary><span class="unseen">{t::steps::way()}</span><span class="way">{line}</span></summary>
                <ol>{list}</ol>
            </details>
        </Show>
    }
}

fn mark(mark: Mark) -> impl IntoView {
    // The check mark of a step that is done is drawn by the style sheet, which no screen reader reads.
    let done = (mark.status == "done").then(|| view! { <span class="unseen">{t::steps::done()}</span> });
    view! { <span class="step" data-testid=format!("step-{}", mark.id) data-status=mark.status><span>{mark.word}</span>{done}</span> }
}

fn row(mark: Mark) -> impl IntoView {
    view! {
        <li data-status=mark.status>
            <b>{mark.title}</b>
            <span>{mark.words}</span>
            <small>{mark.clause}</small>
        </li>
    }
}

fn all(state: &State, key: &CardKey, me: PersonId, today: Day) -> Vec<Mark> {
    let Some(pack) = pack::pinned(&key.pack) else { return Vec::new() };
    let mark = |one: CardStep| Mark {
        id: &one.step.id,
        word: match one.marked.filter(|_| one.status == StepStatus::Open) {
            Some((marked, members)) => format!("{} {marked}/{members}", step_word(one.step)),
            None => step_word(one.step).to_owned(),
        },
        title: one.step.title.get(crate::i18n::language()),
        status: status(one.status),
        words: words(state, pack, key, me, &one),
        clause: clause_words(pack, &one.step.clause),
    };
    let mut marks: Vec<Mark> = state.steps_of(me, key, today).into_iter().map(mark).collect();
    number(&mut marks);
    marks
}

/// Numbers steps with one word: "Chấm 1", "Chấm 2".
fn number(marks: &mut [Mark]) {
    let words: Vec<String> = marks.iter().map(|mark| mark.word.clone()).collect();
    for (place, mark) in marks.iter_mut().enumerate() {
        let alike = |words: &[String]| words.iter().filter(|word| **word == mark.word).count();
        let (before, all) = (alike(words.get(..place).unwrap_or_default()), alike(&words));
        if all > 1 {
            mark.word = format!("{} {}", mark.word, before + 1);
        }
    }
}

const fn status(status: StepStatus) -> &'static str {
    match status {
        StepStatus::Done(_) => "done",
        StepStatus::Skipped => "skipped",
        StepStatus::Open => "open",
        StepStatus::Waiting => "waiting",
    }
}

fn words(state: &State, pack: &Pack, key: &CardKey, me: PersonId, one: &CardStep) -> String {
    let rule = lowered(&actors(pack, &one.step.by));
    let who = match one.actors.as_slice() {
        // Of a team, those are named who have not marked, and in the end those who close it.
        team @ [_, _, ..] if one.marked.is_some() => {
            team.iter().map(|one| roster::name(&state.org, *one)).collect::<Vec<_>>().join(", ")
        }
        [person] if *person == me => t::steps::you().to_owned(),
        [person] if one.above => t::steps::person_above(&named(state, key, *person), &rule),
        [person] => t::steps::person_because(&named(state, key, *person), &rule),
        _ => rule,
    };
    let first = match one.status {
        StepStatus::Done(Some((person, day))) => {
            return t::steps::done_by(&named(state, key, person), &day.vietnamese());
        }
        StepStatus::Done(None) => return t::steps::done().to_owned(),
        StepStatus::Skipped => return t::steps::skipped().to_owned(),
        _ if one.actors.is_empty() => t::steps::nobody(&who),
        StepStatus::Open if one.marked.is_some_and(|(marked, members)| marked == members) => {
            t::steps::waits_to_close(&who)
        }
        StepStatus::Open => t::steps::waits_for(&who),
        StepStatus::Waiting => t::steps::then(&who),
    };
    let opens = one.opens.map(|day| t::steps::opens(&day.vietnamese()));
    let due = one.due.map(|day| t::steps::due(&day.vietnamese()));
    let marked = one.marked.filter(|_| one.status == StepStatus::Open);
    let marked = marked.map(|(marked, members)| t::steps::marked(marked, members));
    [marked, Some(first), opens, due].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Name and title: "Nguyễn Văn A, Trưởng phòng".
fn named(state: &State, key: &CardKey, person: PersonId) -> String {
    let title = state.org.main_post(person, key.period.last_day()).map_or("", |post| post.title.as_str());
    let name = roster::name(&state.org, person);
    if title.is_empty() { name } else { format!("{name}, {title}") }
}
