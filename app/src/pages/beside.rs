//! A card mark by mark: what the person stated beside what the superior found, the reasons where they differ, and the
//! decision. The person, the scorer and the decider all see it through this module.
//!
//! Test ids: `decided`, `decided-total`, `decided-class`, `beside`, `beside-CODE`, `beside-line-HANDLE`,
//! `beside-comment`, `beside-of-PERSON`.

use leptos::prelude::*;
use shared::num::Exact;
use shared::op::{CardKey, EventStated, FactValue, Mark};
use shared::pack::{self, Pack};
use shared::report::{Beside, EventBeside, FactBeside, LineBeside, MarkBeside, Result as Scored, side_by_side};
use shared::state::{Decided, State};
use shared::time::Millis;

use super::events::event_words;
use super::roster;
use super::team::TeamMarks;
use super::work::line_title;
use crate::components::{Icon, Tone, class_title, icon, large_points, tag};
use crate::i18n::{decimal, language, mark, percent, quantity, t};
use crate::state::Workspace;

/// One row: its subject, both sides, and further remarks.
#[derive(Clone, PartialEq, Eq)]
struct Row {
    testid: String,
    title: String,
    own: String,
    found: String,
    differs: bool,
    notes: Vec<String>,
}

/// What the screen shows, from one reading of the state.
#[derive(Clone, PartialEq, Eq)]
struct Shown {
    totals: Vec<Row>,
    parts: Vec<(&'static str, Vec<Row>)>,
    decided: Option<(Decided, String, String)>,
    by: Option<String>,
    comment: String,
    differences: usize,
}

fn shown(state: &State, beside: Beside, pack: &'static Pack) -> Shown {
    let known = &beside.known;
    let name = |person| roster::name(&state.org, person);
    let decided = known.decided.clone().map(|decided| {
        let class = class_words(pack, &decided.result);
        let who = t::beside::by_decider(&name(decided.by), &on_day(decided.at));
        (decided, class, who)
    });
    let lines = beside.lines.iter().map(|line| of_line(state, line)).collect::<Vec<_>>();
    let parts = [
        (t::to_score::criteria(), beside.criteria.iter().map(|row| of_criterion(pack, row)).collect::<Vec<_>>()),
        (t::self_score::leadership(), beside.leadership.iter().map(|part| of_statement(pack, part)).collect()),
        (t::special::facts(), beside.facts.iter().map(|fact| of_fact(pack, fact)).collect()),
        (t::special::events(), beside.events.iter().map(|event| of_event(pack, event)).collect()),
        (t::beside::lines(), lines),
    ];
    Shown {
        totals: totals(pack, &beside),
        decided,
        by: beside.found_by.map(|(person, at)| t::beside::by(&name(person), &on_day(at))),
        differences: beside.differences(),
        comment: beside.comment,
        parts: parts.into_iter().filter(|(_, rows)| !rows.is_empty()).collect(),
    }
}

/// The time with its date: a decision is shown with its day, also on that day.
fn on_day(at: Millis) -> String {
    t::time::on_day(&at.clock(), &at.day().vietnamese())
}

fn class_words(pack: &Pack, result: &Scored) -> String {
    if result.class.is_empty() { t::result::not_classified().to_owned() } else { class_title(pack, &result.class) }
}

fn totals(pack: &'static Pack, beside: &Beside) -> Vec<Row> {
    let known = &beside.known;
    let cell = |result: Option<&Scored>, word: fn(&'static Pack, &Scored) -> String| {
        result.map_or_else(dash, |result| word(pack, result))
    };
    let row = |name: &str, title: &str, word: fn(&'static Pack, &Scored) -> String| {
        let (own, found) = (cell(known.own.as_ref(), word), cell(known.found.as_ref(), word));
        let differs = known.found.is_some() && own != found;
        Row { testid: format!("beside-{name}"), title: title.to_owned(), own, found, differs, notes: Vec::new() }
    };
    vec![
        row("total", t::year::points(), |_, result| decimal(&result.total)),
        row("class", t::unit::class(), class_words),
    ]
}

fn dash() -> String {
    "–".to_owned()
}

fn of_criterion(pack: &Pack, row: &MarkBeside) -> Row {
    let rule = pack.groups.iter().flat_map(|group| &group.criteria).find(|rule| rule.code == row.code);
    let title = rule.map(|rule| rule.title.get(language())).unwrap_or_default();
    let mut shown = of_mark(row, format!("{} {title}", row.code), |given| mark(&given.value));
    let says = [(&row.own_without, t::to_score::said as fn(&str) -> String), (&row.found_without, t::beside::reason)];
    for (cell, (without, said)) in [&mut shown.own, &mut shown.found].into_iter().zip(says) {
        let Some(reason) = without else { continue };
        t::beside::without().clone_into(cell);
        shown.notes.extend((!reason.is_empty()).then(|| said(reason)));
    }
    shown
}

fn of_statement(pack: &Pack, part: &MarkBeside) -> Row {
    let rule = pack.statements.iter().find(|rule| rule.id == part.code);
    of_mark(part, rule.map(|rule| rule.title.get(language()).to_owned()).unwrap_or_default(), |given| {
        percent(&given.value)
    })
}

fn of_mark(row: &MarkBeside, title: String, words: fn(&Mark) -> String) -> Row {
    let cell = |given: &Option<Mark>| given.as_ref().map_or_else(dash, words);
    let reason = |given: &Option<Mark>, said: fn(&str) -> String| {
        given.as_ref().filter(|given| !given.reason.trim().is_empty()).map(|given| said(&given.reason))
    };
    let notes = [reason(&row.own, t::to_score::said), reason(&row.found, t::beside::reason)];
    Row {
        testid: format!("beside-{}", row.code),
        title,
        own: cell(&row.own),
        found: cell(&row.found),
        differs: row.differs(),
        notes: notes.into_iter().flatten().collect(),
    }
}

fn of_fact(pack: &Pack, fact: &FactBeside) -> Row {
    let words = |value: &Option<FactValue>| match value {
        None => dash(),
        Some(FactValue::Flag(true)) => t::beside::yes().to_owned(),
        Some(FactValue::Flag(false)) => t::beside::no().to_owned(),
        Some(FactValue::Number(number)) => quantity(number),
        Some(FactValue::Class(class)) => class_title(pack, class),
    };
    let rule = pack.facts.iter().find(|rule| rule.id == fact.code);
    Row {
        testid: format!("beside-{}", fact.code),
        title: rule.map(|rule| rule.title.get(language()).to_owned()).unwrap_or_default(),
        own: words(&fact.own),
        found: words(&fact.found),
        differs: fact.differs(),
        notes: Vec::new(),
    }
}

fn of_event(pack: &Pack, event: &EventBeside) -> Row {
    let cell = |stated: &Option<EventStated>| stated.as_ref().map_or_else(dash, |stated| event_words(Some(stated)));
    let text = |stated: &Option<EventStated>, read: fn(&EventStated) -> &String| {
        stated.as_ref().map(read).filter(|text| !text.trim().is_empty()).cloned()
    };
    let evidence =
        text(&event.found, |stated| &stated.evidence).or_else(|| text(&event.own, |stated| &stated.evidence));
    let notes = [
        evidence.map(|evidence| t::review::evidence(&evidence)),
        text(&event.found, |stated| &stated.reason).map(|reason| t::beside::reason(&reason)),
    ];
    let rule = pack.events.iter().find(|rule| rule.code == event.code);
    Row {
        testid: format!("beside-{}", event.code),
        title: rule.map(|rule| rule.title.get(language()).to_owned()).unwrap_or_default(),
        own: cell(&event.own),
        found: cell(&event.found),
        differs: event.differs(),
        notes: notes.into_iter().flatten().collect(),
    }
}

fn of_line(state: &State, line: &LineBeside) -> Row {
    let done = |done: &Exact, failed: u32, times: u32, days: u32| {
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let late = (times > 0 || days > 0).then(|| t::line::late(count(times), count(days)));
        let failed = (failed > 0).then(|| t::line::failed(count(failed)));
        let amount = format!("{}/{}", quantity(done), quantity(&line.plan.assigned));
        std::iter::once(amount).chain(failed).chain(late).collect::<Vec<_>>().join(" · ")
    };
    let report = &line.report;
    let found = line.found.as_ref();
    let coefficient = quantity(&line.plan.coefficient);
    let weight = match &line.share {
        Some(share) => t::beside::weight(&coefficient, &percent(share)),
        None => t::line::coefficient(&coefficient),
    };
    let own_coefficient = (line.by_self && line.plan.code.is_empty()).then(|| t::beside::own_coefficient().to_owned());
    let reason = found.filter(|found| !found.reason.trim().is_empty()).map(|found| t::beside::reason(&found.reason));
    Row {
        testid: format!("beside-line-{}", line.id),
        title: line_title(state, &line.plan),
        own: done(&report.completed, report.failed_reviews, report.late_times, report.late_days),
        found: found.map_or_else(
            || t::beside::as_reported().to_owned(),
            |found| done(&found.completed, found.failed_reviews, found.late_times, found.late_days),
        ),
        differs: found.is_some(),
        notes: std::iter::once(weight).chain(own_coefficient).chain(reason).collect(),
    }
}

fn read(key: &CardKey) -> Option<Shown> {
    let workspace = Workspace::get();
    let me = workspace.person().get()?.person;
    let pack = pack::pinned(&key.pack)?;
    workspace.with_view(|state| Some(shown(state, side_by_side(state, me, key)?, pack)))
}

/// A published card, for its subject: first the decision, with who decided and when, then its explanation.
#[component]
pub fn Published(key: CardKey) -> impl IntoView {
    let team = key.clone();
    let shown = Memo::new(move |_| read(&key));
    let decision = move || {
        let (decided, class, who) = shown.get()?.decided?;
        Some(view! {
            <section class="card" data-testid="decided" aria-labelledby="decided-title">
                <h2 id="decided-title">{if decided.published { t::beside::published() } else { t::beside::decided() }}</h2>
                {large_points("decided-total", Some(&decided.result.total), decimal(&decided.result.total), None)}
                <p class="strong" data-testid="decided-class">{class}</p>
                <p>{who}</p>
                {comment(t::beside::decision_comment(), &decided.comment)}
            </section>
        })
    };
    view! {
        <div class="stack">
            {decision}
            <section class="card" aria-labelledby="beside-title">
                <h2 id="beside-title">{t::beside::title()}</h2>
                {move || shown.get().map(table)}
                <TeamMarks key=team />
            </section>
        </div>
    }
}

/// Both sides, row by row. They are built when somebody opens them.
#[component]
pub(super) fn SideBySide(key: CardKey) -> impl IntoView {
    let open = RwSignal::new(false);
    let testid = format!("beside-of-{}", key.person);
    let team = StoredValue::new(key.clone());
    let shown = Memo::new(move |_| if open.get() { read(&key) } else { None });
    view! {
        <details data-testid=testid prop:open=open on:toggle:target=move |event| open.set(event.target().open())>
            <summary>{t::beside::title()}</summary>
            {move || shown.get().map(table)}
            {move || open.get().then(|| view! { <TeamMarks key=team.get_value() /> })}
        </details>
    }
}

fn table(shown: Shown) -> AnyView {
    let decided = shown.decided.map(|(decided, class, who)| {
        view! {
            <tr data-testid="beside-decided">
                <th scope="row">{t::unit::approved()}<p class="small quiet">{who}</p>{note(t::beside::decision_comment(), &decided.comment)}</th>
                <td class="number" colspan="2">{decimal(&decided.result.total)}<br />{class}</td>
            </tr>
        }
    });
    let totals = shown.totals.into_iter().map(row).collect_view();
    let parts = shown.parts.into_iter().map(|(title, rows)| {
        view! {
            <tbody>
                <tr class="longer"><th scope="rowgroup" colspan="3">{title}</th></tr>
                {rows.into_iter().map(row).collect_view()}
            </tbody>
        }
    });
    let said = comment(t::field::comment(), &shown.comment)
        .map(|said| view! { <div data-testid="beside-comment">{said}</div> });
    view! {
        <div class="stack" data-testid="beside">
            <p>{t::to_score::differences(shown.differences)}</p>
            <table class="beside">
                <thead><tr>
                    <th scope="col">{t::beside::what()}</th>
                    <th scope="col" class="number">{t::unit::own()}</th>
                    <th scope="col" class="number">{t::unit::appraised()}</th>
                </tr></thead>
                <tbody>{totals}{decided}</tbody>
                {parts.collect_view()}
            </table>
            {shown.by.map(|by| view! { <p class="quiet small">{by}</p> })}
            {said}
        </div>
    }
    .into_any()
}

fn row(row: Row) -> AnyView {
    let notes = row.notes.into_iter().map(|note| view! { <p class="small">{note}</p> }).collect_view();
    let differs = row.differs;
    view! {
        <tr data-testid=row.testid>
            <th scope="row">
                <span>{row.title}</span>
                {differs.then(|| view! { " "{tag(Tone::Care, Icon::Info, t::beside::differs())} })}
                {notes}
            </th>
            <td class="number">{row.own}</td>
            <td class="number" class:changed=differs>{row.found}</td>
        </tr>
    }
    .into_any()
}

/// A comment under its heading; `None` when the text is empty.
fn comment(label: &'static str, text: &str) -> Option<AnyView> {
    let text = text.trim().to_owned();
    (!text.is_empty())
        .then(|| view! { <div><p class="strong">{icon(Icon::Info)}" "{label}</p><p>{text}</p></div> }.into_any())
}

fn note(label: &'static str, text: &str) -> Option<AnyView> {
    let text = text.trim().to_owned();
    (!text.is_empty()).then(|| view! { <p class="small">{format!("{label}: {text}")}</p> }.into_any())
}
