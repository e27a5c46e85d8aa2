//! The table of every card. The name stays visible when the table is scrolled sideways.

use leptos::prelude::*;
use shared::card::Side;
use shared::ids::Subject;
use shared::op::CardKey;
use shared::pack;
use shared::report::{Result as Scored, Row, UnitMonth as Month};

use super::super::absence::absence_tag;
use super::super::decided::{decided_notes, points_words};
use super::super::roster;
use super::Shown;
use crate::components::{Asked, Icon, Tone, class_title, figure, stage_tag, tag};
use crate::i18n::t;
use crate::screens::Screen;
use crate::state::Workspace;

#[component]
pub(super) fn Table(month: Memo<Option<Month>>, filter: RwSignal<Option<Shown>>) -> impl IntoView {
    let cards = move || {
        let shown = |row: &&Row| filter.get().is_none_or(|shown| shown.has(row));
        month.with(|month| {
            month.iter().flat_map(|month| &month.rows).filter(shown).map(|row| row.card.clone()).collect::<Vec<_>>()
        })
    };
    view! {
        // The region takes the focus, so that the keyboard can scroll it sideways.
        <div class="scroll" role="region" tabindex="0" aria-label=t::unit::table()>
            <table class="sticky" data-testid="unit-table">
                <caption class="unseen">{t::unit::table()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t::unit::name()}</th>
                        <th scope="col">{t::unit::state()}</th>
                        <th scope="col" class="number">{t::unit::approved()}</th>
                        <th scope="col">{t::unit::class()}</th>
                        <th scope="col" class="number">{t::unit::appraised()}</th>
                        <th scope="col" class="number">{t::unit::own()}</th>
                        <th scope="col" class="number">{t::unit::work()}</th>
                        <th scope="col">{t::unit::unit()}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=cards key=Clone::clone let:card>
                        <RowView card=card month=month />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// A total that opens its explanation. A decided total is explained by the superior's score.
fn points(row: &Row, result: Option<&Scored>, side: Side) -> AnyView {
    match result {
        // What an authority outside decided has no marks that explain it.
        Some(result) if side == Side::Appraised && row.appraised.is_none() => {
            points_words(result.total.as_ref()).into_any()
        }
        Some(result) => {
            figure(points_words(result.total.as_ref()), &row.name, Asked::Card { key: row.card.clone(), side })
        }
        None => "–".into_any(),
    }
}

#[component]
fn RowView(card: CardKey, month: Memo<Option<Month>>) -> impl IntoView {
    let handle = Workspace::get().with_view(|state| roster::handle(state, &card));
    let row = Memo::new(move |_| month.with(|month| month.as_ref()?.rows.iter().find(|row| row.card == card).cloned()));
    let testid = format!("row-{handle}");
    view! { <tr data-testid=testid>{move || row.get().map(|row| cells(&row, &handle))}</tr> }
}

fn cells(row: &Row, handle: &str) -> AnyView {
    let result = row.approved.as_ref().or(row.appraised.as_ref()).or(row.own.as_ref());
    let class = result
        .and_then(|result| Some(class_title(pack::pinned(&row.card.pack)?, &result.class)))
        .unwrap_or_else(|| "–".to_owned());
    let subject = row.subject;
    let title = match subject {
        Subject::Person(_) => row.title.clone(),
        Subject::Unit(_) => t::unit::unit().to_owned(),
    };
    let regulation =
        row.several.then(|| view! { <br /><span class="small strong">{t::unit::under(&row.regulation)}</span> });
    let notes = decided_notes(pack::pinned(&row.card.pack), row.reckoned.as_ref(), row.document.as_ref());
    view! {
        <th scope="row"><a href=Screen::Year.path_of(subject)>{row.name.clone()}</a><br /><span class="small quiet">{title}</span>{regulation}</th>
        <td>{row.absence.as_ref().map_or_else(|| stage_tag(row.stage), absence_tag)}{row.contested.then(|| tag(Tone::Care, Icon::Warning, t::line::contested()))}</td>
        <td class="number" data-testid=format!("row-total-{handle}")>{points(row, row.approved.as_ref(), Side::Appraised)}</td>
        <td class="words" data-testid=format!("row-class-{handle}")>{class}{notes}</td>
        <td class="number">
            {if row.withheld { view! { <span class="small">{t::unit::withheld()}</span> }.into_any() } else { points(row, row.appraised.as_ref(), Side::Appraised) }}
        </td>
        <td class="number">{points(row, row.own.as_ref(), Side::SelfScored)}</td>
        <td class="number">{format!("{}/{}", row.lines_done, row.lines)}</td>
        <td>{row.unit.clone()}</td>
    }.into_any()
}
