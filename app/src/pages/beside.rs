//! A card mark by mark: what the person stated beside what the superior found, the reasons where they differ, and the
//! decision. The person, the scorer and the decider all see it through this module.
//!
//! Test ids: `decided`, `decided-total`, `decided-class`, `beside`, `beside-CODE`, `beside-line-HANDLE`,
//! `beside-product-N`, `beside-position`, `beside-comment`, `beside-explanation`, `beside-of-PERSON`.

use leptos::prelude::*;
use shared::num::Exact;
use shared::op::{CardKey, EventStated, FactValue, Mark, PositionStated, ProductStated};
use shared::pack::{self, Dimension, Pack};
use shared::report::{
    Beside, EventBeside, FactBeside, LineBeside, MarkBeside, PositionBeside, ProductBeside, Result as Scored,
    side_by_side,
};
use shared::state::{Decided, State};
use shared::time::Millis;

use super::card_head::CardChoice;
use super::decided::{notes as decided_notes, points_words};
use super::events::event_words;
use super::faults::Faults;
use super::in_turn::InTurn;
use super::products::{kind_words, reached};
use super::roster;
use super::said;
use super::team::TeamMarks;
use super::work::line_title;
use crate::components::{Icon, Tone, class_title, icon, large_points, tag, word_title};
use crate::i18n::{language, mark, percent, quantity, t};
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
    /// What was reckoned where it was decided otherwise, and the document where an authority outside decided.
    notes: Vec<String>,
    by: Option<String>,
    comment: String,
    explanation: String,
    differences: usize,
}

fn shown(state: &State, beside: Beside, pack: &'static Pack) -> Shown {
    let known = &beside.known;
    let name = |person| roster::name(&state.org, person);
    let decided = known.decided.clone().map(|decided| {
        let class = class_words(pack, &decided.result);
        let by = if decided.document.is_some() { t::outside::by_officer } else { t::beside::by_decider };
        let who = by(&name(decided.by), &on_day(decided.at));
        (decided, class, who)
    });
    let lines = beside.lines.iter().map(|line| of_line(state, pack, line)).collect::<Vec<_>>();
    let numbered = beside.products.iter().zip(1..);
    let parts = [
        (t::to_score::criteria(), beside.criteria.iter().map(|row| of_criterion(pack, row)).collect::<Vec<_>>()),
        (t::self_score::leadership(), beside.leadership.iter().map(|part| of_statement(pack, part)).collect()),
        (t::product::title(), numbered.flat_map(|(product, place)| of_product(pack, product, place)).collect()),
        (t::product::position(), beside.position.iter().map(|position| of_position(pack, position)).collect()),
        (t::special::facts(), beside.facts.iter().map(|fact| of_fact(pack, fact)).collect()),
        (t::special::events(), beside.events.iter().map(|event| of_event(pack, event)).collect()),
        (t::beside::lines(), lines),
    ];
    let told = known.decided.as_ref();
    let notes = told.map(|it| decided_notes(pack, it.reckoned.as_ref(), it.document.as_ref())).unwrap_or_default();
    Shown {
        notes,
        totals: totals(pack, &beside),
        decided,
        by: beside.found_by.map(|(person, at)| t::beside::by(&name(person), &on_day(at))),
        differences: beside.differences(),
        comment: beside.comment,
        explanation: beside.explanation,
        parts: parts.into_iter().filter(|(_, rows)| !rows.is_empty()).collect(),
    }
}

/// The time with its date: a decision is shown with its day, also on that day.
fn on_day(at: Millis) -> String {
    t::time::on_day(&at.clock(), &at.day().vietnamese())
}

fn class_words(pack: &Pack, result: &Scored) -> String {
    super::decided::class_words(pack, &result.class)
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
        row("total", t::year::points(), |_, result| points_words(result.total.as_ref())),
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
    let rule = pack.event(&event.code);
    Row {
        testid: format!("beside-{}", event.code),
        title: rule.map(|rule| rule.title.get(language()).to_owned()).unwrap_or_default(),
        own: cell(&event.own),
        found: cell(&event.found),
        differs: event.differs(),
        notes: notes.into_iter().flatten().collect(),
    }
}

/// A product: its weight and where it belongs, and below it every aspect.
fn of_product(pack: &'static Pack, product: &ProductBeside, place: usize) -> Vec<Row> {
    let Some(rule) = pack.products.as_ref() else { return Vec::new() };
    let weight = |stated: &Option<ProductStated>| match stated {
        None => dash(),
        Some(one) if one.struck => t::product::not_counted().to_owned(),
        Some(_) if rule.weights_sum.is_none() => t::beside::yes().to_owned(),
        Some(one) => mark(&one.weight),
    };
    let text = |stated: &Option<ProductStated>, read: fn(&ProductStated) -> &String| {
        stated.as_ref().map(read).filter(|text| !text.trim().is_empty()).cloned()
    };
    let kind = |stated: &Option<ProductStated>| stated.as_ref().map(|one| kind_words(rule, one).join(" · "));
    let (own_kind, found_kind) = (kind(&product.own), kind(&product.found));
    let counts = product.found.as_ref().is_some_and(|one| !one.struck);
    let other_kind = found_kind.filter(|found| counts && own_kind.as_ref() != Some(found));
    let evidence = text(&product.found, |one| &one.evidence).or_else(|| text(&product.own, |one| &one.evidence));
    let notes = [
        own_kind.filter(|words| !words.is_empty()),
        other_kind.map(|words| t::product::found_kind(&words)),
        evidence.map(|evidence| t::review::evidence(&evidence)),
        text(&product.found, |one| &one.reason).map(|reason| t::beside::reason(&reason)),
    ];
    let name = text(&product.found, |one| &one.name).or_else(|| text(&product.own, |one| &one.name));
    let head = Row {
        testid: format!("beside-product-{}", product.number),
        title: t::product::named(place, &name.unwrap_or_default()),
        own: weight(&product.own),
        found: weight(&product.found),
        differs: product.differs(),
        notes: notes.into_iter().flatten().collect(),
    };
    let aspects = rule.dimensions.iter().filter_map(|dimension| of_aspect(dimension, product));
    std::iter::once(head).chain(aspects).collect()
}

/// What both sides state of a product in one aspect.
fn of_aspect(dimension: &'static Dimension, product: &ProductBeside) -> Option<Row> {
    let cell =
        |stated: &Option<ProductStated>| stated.as_ref().filter(|one| !one.struck).map(|one| reached(dimension, one));
    let (own, found) = (cell(&product.own), cell(&product.found));
    Some(Row {
        testid: format!("beside-product-{}-{}", product.number, dimension.id),
        title: t::product::aspect(dimension.title.get(language())),
        differs: found.is_some() && own != found,
        own: own.unwrap_or_else(|| Some(dash()))?,
        found: found.unwrap_or_else(|| Some(dash()))?,
        notes: Vec::new(),
    })
}

fn of_position(pack: &Pack, position: &PositionBeside) -> Row {
    let factors = pack.work.as_ref().map_or(&[][..], |work| &work.positions);
    let cell = |stated: &Option<PositionStated>| stated.as_ref().map_or_else(dash, |one| word_title(factors, &one.id));
    let reason = position.found.as_ref().filter(|found| !found.reason.is_empty());
    Row {
        testid: "beside-position".to_owned(),
        title: t::product::position().to_owned(),
        own: cell(&position.own),
        found: cell(&position.found),
        differs: position.differs(),
        notes: reason.map(|found| t::beside::reason(&found.reason)).into_iter().collect(),
    }
}

fn of_line(state: &State, pack: &Pack, line: &LineBeside) -> Row {
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
    let set = found.and_then(|found| found.plan.as_ref()).and_then(|plan| plan.level.as_ref());
    let levels = pack.work.as_ref().map_or(&[][..], |work| &work.difficulties);
    let level = set.or(line.plan.level.as_ref()).map(|level| word_title(levels, level));
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
        notes: std::iter::once(weight).chain(level).chain(own_coefficient).chain(reason).collect(),
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
    let (team, chosen) = (key.clone(), key.clone());
    let (objections, heard) = (said::objections(&key), said::heard(&key));
    let shown = Memo::new(move |_| read(&key));
    let decision = move || {
        let Shown { decided, notes, .. } = shown.get()?;
        let (decided, class, who) = decided?;
        Some(view! {
            <section class="card" data-testid="decided" aria-labelledby="decided-title">
                <h2 id="decided-title">{if decided.published { t::beside::published() } else { t::beside::decided() }}</h2>
                {large_points("decided-total", decided.result.total.as_ref(), points_words(decided.result.total.as_ref()), None)}
                <p class="strong" data-testid="decided-class">{class}</p>
                <p>{who}</p>
                {notes.into_iter().map(|words| view! { <p data-testid="decided-note">{words}</p> }).collect_view()}
                {comment(t::beside::decision_comment(), &decided.comment)}
            </section>
        })
    };
    view! {
        <div class="stack">
            <CardChoice key=chosen.clone() />
            {decision}
            <Faults key=chosen handle="own".to_owned() acts=InTurn::new() />
            {objections}
            <section class="card" aria-labelledby="beside-title">
                <h2 id="beside-title">{t::beside::title()}</h2>
                {move || shown.get().map(table)}
                <TeamMarks key=team />
                {heard}
            </section>
        </div>
    }
}

/// Both sides, row by row. They are built when somebody opens them.
#[component]
pub(super) fn SideBySide(key: CardKey) -> impl IntoView {
    let open = RwSignal::new(false);
    let testid = format!("beside-of-{}", key.subject);
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
    let notes = shown.notes.into_iter().map(|words| view! { <p class="small">{words}</p> }).collect_view();
    let decided = shown.decided.map(|(decided, class, who)| {
        view! {
            <tr data-testid="beside-decided">
                <th scope="row">{t::unit::approved()}<p class="small quiet">{who}</p>{notes}{note(t::beside::decision_comment(), &decided.comment)}</th>
                <td class="number" colspan="2">{points_words(decided.result.total.as_ref())}<br />{class}</td>
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
    let explained = comment(t::product::gap_label(), &shown.explanation)
        .map(|said| view! { <div data-testid="beside-explanation">{said}</div> });
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
            {explained}
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
