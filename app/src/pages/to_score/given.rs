//! Lines of work that are evaluated each by itself, by whoever gave them: the rows of several people, confirmed in one tap
//! where nothing differs, and those of one person.
//!
//! Test ids: `given-list`, `given-PERSON`, `confirm-given`, `plan-for`; of one person `given-lines`, `given-state`,
//! `given-CODE` with `data-answered`, `evaluate-lines`, and for the lines those of `lines`; `by-others`, `other-CODE`.

use leptos::prelude::*;
use shared::card::Card;
use shared::ids::{LineId, PersonId, StepPlace};
use shared::limits::FINDINGS_PER_OPERATION_MAX;
use shared::op::{Appraisal, CardKey, DraftValue, LineReview, Payload, Register};
use shared::procedure::LineSlot;
use shared::score::Form as MarkForm;
use shared::sorted_map::Map;
use shared::state::State;
use shared::time::{Day, Period};

use super::super::in_turn::InTurn;
use super::super::roster;
use super::super::work::line_title;
use super::lines::{LineRow, finding};
use super::model::{ReviewLine, pack_and_role, review_lines};
use super::sheet::LineSheet;
use crate::components::draft::Draft;
use crate::components::{ActNotice, Confirm, Form, Icon, Tone, icon, tag};
use crate::i18n::{quantity, t};
use crate::route::Address;
use crate::screens::Screen;
use crate::state::Workspace;

/// A line that the person may evaluate.
#[derive(Clone, PartialEq, Eq)]
struct GivenLine {
    place: StepPlace,
    line: ReviewLine,
    /// Whether it has its answer.
    answered: bool,
    /// Whether it can be answered as it stands: it is reported, or it is due, or the period is to be decided.
    ripe: bool,
    /// Whether something was entered for it that is not sent yet.
    entered: bool,
}

impl GivenLine {
    /// Whether one tap may confirm it beside others: done as planned, in time, and nothing to look at.
    fn is_plain(&self) -> bool {
        !self.answered && !self.entered && !self.line.report.completed.is_zero() && self.line.is_plain()
    }
}

/// Somebody to whom the person may give work, or gave some.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct GivenRow {
    pub(super) key: CardKey,
    /// What names the card in an address.
    pub(super) handle: String,
    name: String,
    title: String,
    lines: Vec<GivenLine>,
}

impl GivenRow {
    /// The lines that wait for the person.
    pub(super) fn waiting(&self) -> usize {
        self.lines.iter().filter(|line| !line.answered && line.ripe).count()
    }
}

/// Everybody with lines for `actor` to evaluate, and everybody to whom `actor` may give work without scoring the card.
pub(super) fn given(state: &State, actor: PersonId, period: Period, today: Day) -> Vec<GivenRow> {
    let keys = roster::cards_where(state, actor, period, |key| {
        state.evaluates(key, actor) || state.may_plan(key, actor) && state.marking(key, actor).is_none()
    });
    let row = |key: CardKey| GivenRow {
        name: roster::name(&state.org, key.subject),
        title: roster::title(state, &key),
        handle: roster::handle(state, &key),
        lines: lines_of(state, &key, actor, today),
        key,
    };
    keys.into_iter().map(row).collect()
}

/// The lines of a card that `actor` may evaluate.
fn lines_of(state: &State, key: &CardKey, actor: PersonId, today: Day) -> Vec<GivenLine> {
    let mut slots = state.line_slots(key);
    slots.retain(|(_, slot)| slot.actors.contains(&actor));
    let Some(card) = state.card(key).filter(|_| !slots.is_empty()) else { return Vec::new() };
    let (over, entered) = (state.may_be_scored_alone(key, today), card.draft(true));
    let given = |line: ReviewLine| {
        let (place, slot) = slots.iter().find(|(_, slot)| slot.line.id == line.id)?;
        let typed = |field: &DraftValue| field.review.is_some();
        Some(GivenLine {
            place: *place,
            answered: slot.is_answered,
            ripe: over || !line.report.completed.is_zero() || line.due.is_some_and(|due| due < today),
            entered: entered.get(&format!("line/{}", line.id)).is_some_and(typed),
            line,
        })
    };
    review_lines(state, key).into_iter().filter_map(given).collect()
}

/// The acts that record findings, as many in each as an act takes.
fn acts(key: &CardKey, findings: Vec<(StepPlace, LineId, LineReview)>) -> Vec<(CardKey, Payload)> {
    let mut acts: Vec<(StepPlace, Map<LineId, LineReview>)> = Vec::new();
    for (place, line, found) in findings {
        match acts.last_mut().filter(|(at, found)| *at == place && found.len() < FINDINGS_PER_OPERATION_MAX) {
            Some((_, findings)) => drop(findings.insert(line, found)),
            None => acts.push((place, [(line, found)].into_iter().collect())),
        }
    }
    acts.into_iter().map(|(place, findings)| (key.clone(), Payload::EvaluateLines(place, findings))).collect()
}

/// The people to whom this person gave work, each with what waits, and one tap for all that is as reported.
#[component]
pub(super) fn GivenList(rows: Memo<Vec<GivenRow>>) -> impl IntoView {
    let some = Memo::new(move |_| rows.with(|rows| rows.iter().any(|row| !row.lines.is_empty())));
    let others = Memo::new(move |_| rows.with(|rows| rows.iter().filter(|row| row.lines.is_empty()).count()));
    let people = move |with_lines: bool| {
        let rows = rows.read();
        let of = rows.iter().filter(|row| row.lines.is_empty() != with_lines);
        of.map(|row| row.handle.clone()).collect::<Vec<_>>()
    };
    let list = move |with_lines: bool| {
        view! {
            <ul class="plain people">
                <For each=move || people(with_lines) key=Clone::clone let:handle>
                    <li><GivenLink handle=handle rows=rows /></li>
                </For>
            </ul>
        }
    };
    view! {
        {move || some.get().then(|| view! {
            <section class="stack tight" aria-labelledby="given-list-title" data-testid="given-list">
                <h2 id="given-list-title">{t::given::list()}</h2>
                <ConfirmGiven rows=rows />
                {list(true)}
            </section>
        })}
        {move || (others.get() > 0).then(|| view! {
            <details data-testid="plan-for">
                <summary>{move || t::given::plan_for(others.get())}</summary>
                {list(false)}
            </details>
        })}
    }
}

#[component]
fn GivenLink(handle: String, rows: Memo<Vec<GivenRow>>) -> impl IntoView {
    let address = Address::get();
    let (href, testid, own) = (Screen::ToScore.path_of(&handle), format!("given-{handle}"), handle.clone());
    let row = Memo::new(move |_| rows.read().iter().find(|row| row.handle == own).cloned());
    let here = move || (address.thing(Screen::ToScore).as_ref() == Some(&handle)).then_some("page");
    view! {
        <a class="person" href=href data-testid=testid aria-current=here>{move || row.get().map(about)}</a>
    }
}

fn about(row: GivenRow) -> impl IntoView {
    let (waiting, done) = (row.waiting(), row.lines.iter().filter(|line| line.answered).count());
    let titles = row.lines.iter().map(|line| line.line.title.clone()).collect::<Vec<_>>().join(" · ");
    let all = row.lines.len();
    view! {
        <span class="stack tight">
            <span class="who">{row.name}</span>
            <span class="small quiet">{row.title}</span>
            {(all > 0).then(|| view! { <span class="small">{titles}</span> })}
        </span>
        <span class="stack tight">
            {(waiting > 0).then(|| tag(Tone::Care, Icon::Info, t::given::yours()))}
            {(all > 0).then(|| view! { <span class="small number">{t::given::state(done, all)}</span> })}
        </span>
    }
}

/// Confirms in one tap what was done as planned and in time, of everybody.
#[component]
fn ConfirmGiven(rows: Memo<Vec<GivenRow>>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let turn = InTurn::new();
    let count = move |people: bool| {
        rows.with(|rows| {
            let plain = rows.iter().map(|row| row.lines.iter().filter(|line| line.is_plain()).count());
            if people { plain.filter(|count| *count > 0).count() } else { plain.sum() }
        })
    };
    let confirm = move |()| {
        let findings = |row: &GivenRow| {
            let plain = row.lines.iter().filter(|line| line.is_plain());
            plain.map(|line| (line.place, line.line.id, line.line.agreeing.clone())).collect::<Vec<_>>()
        };
        turn.run(rows.with_untracked(|rows| rows.iter().flat_map(|row| acts(&row.key, findings(row))).collect()));
    };
    let words = move || match turn.progress.get() {
        Some((done, all)) => t::given::confirming(done.saturating_add(1).min(all), all),
        None => t::given::confirm_all(count(false)),
    };
    let shown = Memo::new(move |_| count(false) > 0 || turn.progress.get().is_some());
    move || {
        shown.get().then(|| view! {
            <ActNotice error=turn.error />
            <button type="button" class="main" data-testid="confirm-given" disabled=move || turn.progress.get().is_some()
                on:click=move |_| asking.set(true)>{icon(Icon::Tick)}{words}</button>
            <Confirm open=asking title=t::given::list()
                words=Signal::derive(move || t::given::confirm_all_words(count(false), count(true)))
                action=t::given::confirm_all(count(false)) on_confirm=Callback::new(confirm) />
        })
    }
}

/// The lines of one card that this person may evaluate; nothing where there are none.
#[component]
pub(super) fn Given(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let stored = StoredValue::new(key.clone());
    let lines = Memo::new(move |_| {
        let Some(me) = workspace.person().get() else { return Vec::new() };
        workspace.with_view(|state| stored.with_value(|key| lines_of(state, key, me.person, workspace.today())))
    });
    let some = Memo::new(move |_| !lines.read().is_empty());
    let form = untrack(|| {
        workspace.with_view(|state| {
            let (pack, role) = pack_and_role(state, &key)?;
            Some(MarkForm::new(pack, role, &state.options(&key)))
        })
    });
    Form::provide(key);
    form.map(|form| move || some.get().then(|| view! { <Lines key=stored form=form lines=lines /> }))
}

/// What was found before on the lines, of which each has its own place.
fn found_before(state: &State, key: &CardKey, lines: &[GivenLine]) -> Appraisal {
    let finding = |line: &GivenLine| {
        let current = state.card(key)?.current(&Register::Finding(line.place, line.line.id))?;
        match &current.value {
            shared::card::Value::Finding(found) => Some((line.line.id, found.clone())),
            _ => None,
        }
    };
    Appraisal { lines: lines.iter().filter_map(finding).collect(), ..Appraisal::default() }
}

#[component]
fn Lines(key: StoredValue<CardKey>, form: MarkForm<'static>, lines: Memo<Vec<GivenLine>>) -> impl IntoView {
    let workspace = Workspace::get();
    let closed = Memo::new(move |_| {
        let place = lines.with(|lines| lines.first().map(|line| line.place));
        let takes = |state: &State| key.with_value(|key| place.is_some_and(|place| state.takes_findings(key, place)));
        !workspace.with_view(takes) || workspace.health().with(|health| health.read_only.is_some())
    });
    let sheet = LineSheet {
        key,
        form,
        draft: Draft::new(key.get_value(), true),
        closed,
        before: Memo::new(move |_| {
            workspace.with_view(|state| key.with_value(|key| found_before(state, key, &lines.read())))
        }),
        lines: Memo::new(move |_| lines.with(|lines| lines.iter().map(|line| line.line.clone()).collect())),
        apart: true,
    };
    let state =
        move || lines.with(|lines| t::given::state(lines.iter().filter(|line| line.answered).count(), lines.len()));
    let rows = move || lines.get().into_iter().map(|line| row(sheet, line)).collect_view();
    view! {
        <section class="card stack" aria-labelledby="given-title" data-testid="given-lines">
            <h2 id="given-title">{t::given::title()}</h2>
            <p data-testid="given-state">{state}</p>
            {rows}
            <Send sheet=sheet lines=lines />
        </section>
    }
}

fn row(sheet: LineSheet, given: GivenLine) -> impl IntoView {
    let state = if given.answered {
        tag(Tone::Safe, Icon::Tick, t::given::answered())
    } else if given.ripe {
        tag(Tone::Care, Icon::Info, t::given::yours())
    } else {
        tag(Tone::Sent, Icon::Clock, t::given::not_reported())
    };
    let testid = format!("given-{}", given.line.handle);
    view! {
        <div class="stack tight" data-testid=testid data-answered=given.answered.to_string()>
            <div>{state}</div>
            <LineRow sheet=sheet line=given.line />
        </div>
    }
}

/// What is to be sent for a line: the finding as entered, else for a line that waits, as reported.
fn to_send(sheet: LineSheet, given: &GivenLine) -> Option<LineReview> {
    let (entered, before) =
        (finding(sheet, &given.line), sheet.before.with(|before| before.lines.get(&given.line.id).cloned()));
    match (given.answered, entered) {
        (true, entered) => entered.filter(|entered| Some(entered) != before.as_ref()),
        (false, Some(entered)) => Some(entered),
        (false, None) => (given.ripe && !given.line.own).then(|| given.line.agreeing.clone()),
    }
}

/// Sends the findings on one person's lines.
#[component]
fn Send(sheet: LineSheet, lines: Memo<Vec<GivenLine>>) -> impl IntoView {
    let turn = InTurn::new();
    let all = move || {
        let lines = lines.read();
        let found = lines.iter().filter_map(|line| Some((line.clone(), to_send(sheet, line)?)));
        found.collect::<Vec<_>>()
    };
    let differing = move || all().into_iter().filter(|(line, found)| !line.line.agrees(found));
    let unreasoned = Memo::new(move |_| differing().filter(|(_, found)| found.reason.trim().is_empty()).count());
    let unanswered = Memo::new(move |_| {
        let open =
            |line: &&GivenLine| !line.answered && line.ripe && line.line.own && finding(sheet, &line.line).is_none();
        lines.with(|lines| lines.iter().filter(open).count())
    });
    let count = Memo::new(move |_| all().len());
    let send = move |_| {
        let found = untrack(all);
        let findings = found.iter().map(|(line, found)| (line.place, line.line.id, found.clone())).collect();
        turn.run(sheet.key.with_value(|key| acts(key, findings)));
        // What was entered is on the card now. Where the line is reported anew, nothing entered before must answer it.
        found.iter().filter(|(line, _)| line.entered).for_each(|(line, _)| sheet.draft.put_review(line.line.id, None));
    };
    let words = move || match differing().count() {
        0 => t::given::evaluate_as_reported(count.get()),
        _ => t::given::evaluate(count.get()),
    };
    let left = move || match (unanswered.get(), unreasoned.get()) {
        (0, 0) => String::new(),
        (0, unreasoned) => t::given::unreasoned(unreasoned),
        (unanswered, _) => t::given::unanswered(unanswered),
    };
    let closed = move || sheet.closed.get() || unreasoned.get() > 0 || turn.progress.get().is_some();
    view! {
        <ActNotice error=turn.error />
        <p class="small" role="status">{left}</p>
        {move || (count.get() > 0 && !sheet.closed.get()).then(|| view! {
            <div class="row end">
                <button type="button" class="main" data-testid="evaluate-lines" disabled=closed on:click=send>
                    {icon(Icon::Tick)}{words}</button>
            </div>
        })}
    }
}

/// The lines of a card that others evaluate, as whoever scores it reads them.
#[component]
pub(super) fn ByOthers(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let rows = Memo::new(move |_| {
        let Some(me) = workspace.person().get() else { return Vec::new() };
        workspace.with_view(|state| by_others(state, &key, me.person))
    });
    move || {
        let rows = rows.get();
        (!rows.is_empty()).then(|| {
            let rows = rows.into_iter().map(|(handle, title, words)| {
                view! {
                    <li data-testid=format!("other-{handle}")><b>{title}</b>" "<span>{words}</span></li>
                }
            });
            view! {
                <details class="card" data-testid="by-others">
                    <summary>{t::given::others()}</summary>
                    <p class="small quiet">{t::given::others_hint()}</p>
                    <ul>{rows.collect_view()}</ul>
                </details>
            }
        })
    }
}

/// Handle, title and state of each line that others evaluate.
fn by_others(state: &State, key: &CardKey, me: PersonId) -> Vec<(String, String, String)> {
    let Some(card) = state.card(key) else { return Vec::new() };
    let slots = state.line_slots(key).into_iter().filter(|(_, slot)| !slot.actors.contains(&me));
    slots.map(|(place, slot)| other(state, key, card, place, &slot)).collect()
}

fn other(state: &State, key: &CardKey, card: &Card, place: StepPlace, slot: &LineSlot<'_>) -> (String, String, String) {
    let plan = slot.line.plan;
    let handle = if plan.code.is_empty() { slot.line.id.to_string() } else { plan.code.clone() };
    let done = slot.line.progress.map(|report| quantity(&report.completed)).unwrap_or_default();
    let assigned = quantity(&plan.assigned);
    let reported = (!done.is_empty()).then(|| t::given::reported(&done, &assigned));
    let answer = card.current(&Register::Finding(place, slot.line.id)).and_then(|version| {
        let name = roster::name(&state.org, version.actor);
        match &version.value {
            shared::card::Value::Finding(found)
                if found.plan.is_none() && state.speakers(key).contains(&slot.line.assigned_by) =>
            {
                Some(t::given::counts_not(&name))
            }
            shared::card::Value::Finding(found) => {
                let said = t::given::found(&name, &quantity(&found.completed), &assigned);
                Some(format!("{said} {}", found.reason).trim().to_owned())
            }
            _ => None,
        }
    });
    let names = || slot.actors.iter().map(|one| roster::name(&state.org, *one)).collect::<Vec<_>>().join(", ");
    let answer = answer.filter(|_| slot.is_answered).unwrap_or_else(|| t::given::waits(&names()));
    let words = reported.into_iter().chain([answer]).collect::<Vec<_>>().join(" ");
    (handle, line_title(state, plan), words)
}
