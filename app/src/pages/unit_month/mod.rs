//! The unit's month ("Đơn vị"): everyone with state and class, as a table, a chart, a file and on paper.
//!
//! Test ids: `unit`, `filter-all`, `filter-working`, `filter-self_scored`, `filter-appraised`, `filter-approved`,
//! `filter-published`, `filter-absent`, `unit-table`, `row-ID`, `row-total-ID`, `row-class-ID`, `export-csv`, `print`,
//! `chart-numbers`.

mod reporting;
mod table;

use leptos::prelude::*;
use shared::op::Stage;
use shared::pack::{self, Verb};
use shared::report::{Row, UnitMonth as Month};

use super::units::{UnitChoice, Units};
use crate::components::{Actions, Bar, BarChart, Explained, FieldError, Icon, PageHead, class_title, icon};
use crate::i18n::{language, period_name, stage_name, t};
use crate::platform::{Download, download};
use crate::screens::Screen;
use crate::state::Workspace;
use reporting::Reportings;
use table::Table;

/// A byte order mark, by which spreadsheet programs recognise UTF-8.
const BOM: &str = "\u{feff}";

/// The screen of the unit's month.
#[component]
pub fn UnitMonth() -> impl IntoView {
    let workspace = Workspace::get();
    let units = Units::new();
    let month = Memo::new(move |_| units.month());
    let filter = RwSignal::new(None::<Shown>);
    let heading = move || units.name().unwrap_or_else(|| t::unit::title().to_owned());
    view! {
        <Explained>
            <PageHead title=Signal::derive(heading) next_step=Signal::derive(move || next_step(&month.read())) />
            <p class="paper-only">{move || period_name(workspace.period().get())}</p>
            <UnitChoice units=units />
            <Filters month=month filter=filter />
            <Reportings units=units />
            <Table month=month filter=filter />
            <Distribution month=month />
            <Foot month=month />
        </Explained>
    }
}

#[component]
fn Filters(month: Memo<Option<Month>>, filter: RwSignal<Option<Shown>>) -> impl IntoView {
    let count = move |shown: Option<Shown>| {
        let has = |row: &&Row| shown.is_none_or(|shown| shown.has(row));
        month.with(|month| month.as_ref().map_or(0, |month| month.rows.iter().filter(has).count()))
    };
    let chip = move |shown: Option<Shown>| {
        let (word, code) = match shown {
            None => (t::unit::all(), "all"),
            Some(Shown::Absent) => (t::absence::not_assessed(), "absent"),
            Some(Shown::At(stage)) => (stage_name(stage), code(stage)),
        };
        view! {
            <button type="button" class="chip" data-testid=format!("filter-{code}")
                aria-pressed=move || (filter.get() == shown).to_string()
                on:click=move |_| filter.set(shown)>{move || t::unit::filter(word, count(shown))}</button>
        }
    };
    let stages = Stage::ALL.into_iter().map(Shown::At).chain([Shown::Absent]);
    let chips = std::iter::once(None).chain(stages.map(Some)).map(chip).collect_view();
    view! { <div class="row chips no-print" role="group" aria-label=t::unit::filters()>{chips}</div> }
}

/// Which rows are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    At(Stage),
    Absent,
}

impl Shown {
    fn has(self, row: &Row) -> bool {
        match self {
            Self::At(stage) => row.stage == stage && row.absence.is_none(),
            Self::Absent => row.absence.is_some(),
        }
    }
}

const fn code(stage: Stage) -> &'static str {
    match stage {
        Stage::Working => "working",
        Stage::SelfScored => "self_scored",
        Stage::Appraised => "appraised",
        Stage::Approved => "approved",
        Stage::Published => "published",
    }
}

/// The chart, and its numbers as a table.
#[component]
fn Distribution(month: Memo<Option<Month>>) -> impl IntoView {
    let bars = Memo::new(move |_| month.with(|month| month.as_ref().map(bars).unwrap_or_default()));
    let rows = move || {
        bars.get()
            .into_iter()
            .map(|bar| view! { <tr><th scope="row">{bar.label}</th><td class="number">{bar.count}</td></tr> })
            .collect_view()
    };
    view! {
        <section class="card" aria-labelledby="classes-title">
            <h2 id="classes-title">{t::approve::classes()}</h2>
            <BarChart title=t::approve::classes() bars=bars />
            <p class="no-print"><a class="button" href=Screen::Quota.path() data-testid="to-quota">{t::quota::title()}</a></p>
            <details>
                <summary>{t::chart::as_table()}</summary>
                <table data-testid="chart-numbers">
                    <thead><tr><th scope="col">{t::unit::class()}</th><th scope="col" class="number">{t::unit::people()}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </section>
    }
}

fn bars(month: &Month) -> Vec<Bar> {
    let Some(pack) = month.rows.first().and_then(|row| pack::pinned(&row.card.pack)) else { return Vec::new() };
    let counts = month.distribution();
    let count = |code: &str| counts.get(code).map_or(0, |(all, _)| *all);
    let mut bars: Vec<Bar> = pack
        .classes
        .iter()
        .map(|class| Bar { label: class_title(pack, &class.code), count: count(&class.code) })
        .collect();
    let classed: usize = bars.iter().map(|bar| bar.count).sum();
    let assessed = month.rows.len() - month.absent();
    bars.push(Bar { label: t::chart::no_class().to_owned(), count: assessed - classed });
    bars
}

#[component]
fn Foot(month: Memo<Option<Month>>) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let export = move |_| {
        let Some(month) = month.get_untracked() else { return };
        let text = format!("{BOM}{}", month.to_csv(language()));
        let name = format!("cong-tam-{}.csv", month.period);
        let file = Download { name: &name, mime: "text/csv;charset=utf-8", bytes: text.as_bytes() };
        error.set(download(&file).err().map(|found| t::act::device(&found)));
    };
    let print = move |_| {
        // A browser that cannot print shows that itself.
        let _ = window().print();
    };
    view! {
        <Actions>
            <FieldError id="export-error" message=error />
            <button type="button" data-testid="print" on:click=print>{t::unit::print()}</button>
            <button type="button" class="main" data-testid="export-csv" on:click=export>{icon(Icon::Table)}{t::unit::export()}</button>
        </Actions>
    }
}

/// Whether a regulation of the month has a step in which results are made known. Elsewhere the decision is the end.
fn makes_known(month: &Month) -> bool {
    let packs = month.rows.iter().filter_map(|row| pack::pinned(&row.card.pack));
    packs.flat_map(|pack| &pack.steps).any(|step| step.verb == Verb::Notify)
}

fn next_step(month: &Option<Month>) -> String {
    let Some(month) = month else { return t::unit::none().to_owned() };
    let stages = month.stages();
    let count = |stage| stages.get(&stage).copied().unwrap_or_default();
    let (absent, published) = (month.absent(), count(Stage::Published));
    let all = month.rows.len() - absent;
    let [working, self_scored, appraised, approved] =
        [Stage::Working, Stage::SelfScored, Stage::Appraised, Stage::Approved].map(count);
    let words = if published == all {
        t::unit::all_published(all)
    } else if makes_known(month) {
        t::unit::states(all, working, self_scored, appraised, approved, published)
    } else if approved == all {
        t::unit::all_decided(all)
    } else {
        t::unit::states_to_decision(all, working, self_scored, appraised, approved)
    };
    if absent > 0 { format!("{words} {}", t::unit::absent(absent)) } else { words }
}
