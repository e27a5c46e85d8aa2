//! My self-score ("Tự chấm"): the pack's form, the current result, and who gets it when submitted. Once published, the
//! decided result and its explanation (`beside`).
//!
//! Test ids: `mark-CODE`, `mark-CODE-plus`, `mark-CODE-minus`, `mark-CODE-max`, `reason-mark-CODE`,
//! `leadership-PART-0`, `leadership-PART-1`, `strengths`, `weaknesses`, `group-ID`, `submit-self`,
//! `withdraw-self`, `result`.

mod groups;
mod statements;
mod submit;

use leptos::prelude::*;
use shared::card::Card;
use shared::op::{CardKey, DraftValue, Stage};
use shared::pack::{self, Pack, Statement};
use shared::procedure::Act;
use shared::score::{self, CardInput, Form as MarkForm};
use shared::state::State;
use shared::sync::{CardSync, Replica};

use super::form::{StatementInput, TextInput};
use super::{is_open, own_card};
use crate::chunks::{Deferred, Piece};
use crate::components::draft::{self, Draft};
use crate::components::{ActNotice, Form, Icon, PageHead, ResultCard, UnsavedNotice, icon};
use crate::i18n::{stage_name, t};
use crate::state::{ActError, Workspace};
use groups::Groups;
pub(crate) use statements::{OwnStatements, Waiting};
use submit::Foot;

/// A self-score being filled in.
#[derive(Clone, Copy)]
pub(crate) struct Sheet {
    key: StoredValue<CardKey>,
    pack: &'static Pack,
    role: &'static str,
    /// How rows are marked under the readings chosen.
    form: MarkForm<'static>,
    draft: Draft,
    stage: Memo<Stage>,
    /// Whether nothing can be entered.
    closed: Memo<bool>,
    error: RwSignal<Option<ActError>>,
}

impl Sheet {
    fn new(key: CardKey) -> Option<Self> {
        let workspace = Workspace::get();
        let pack = pack::pinned(&key.pack)?;
        let role = untrack(|| workspace.with_view(|state| state.role(&key)))?;
        let form = MarkForm::new(pack, role, &untrack(|| workspace.with_view(|state| state.options(&key))));
        Form::provide(key.clone());
        let for_stage = key.clone();
        let stage =
            Memo::new(move |_| workspace.with_view(|state| state.card(&for_stage).map_or(Stage::Working, Card::stage)));
        let draft = Draft::new(key.clone(), false);
        let key = StoredValue::new(key);
        let closed = Memo::new(move |_| {
            stage.get() != Stage::Working
                || !key.with_value(|key| is_open(key, Act::SelfScore))
                || workspace.health().with(|health| health.read_only.is_some())
        });
        Some(Self { key, pack, role, form, draft, stage, closed, error: RwSignal::new(None) })
    }

    /// Whether the month has begun.
    fn is_open(self) -> bool {
        self.key.with_value(|key| is_open(key, Act::SelfScore))
    }

    /// Whether the superior scored without a self-score.
    fn scored_alone(self) -> bool {
        let card = |state: &State| self.key.with_value(|key| state.card(key).is_some_and(Card::is_scored_alone));
        Workspace::get().with_view(card)
    }

    /// The number of criteria and leader's parts without a mark, of events that are not whole, and of what products lack.
    fn missing(self) -> usize {
        let fields = self.draft.fields();
        let own = draft::self_score(&fields);
        let lacks =
            |code: &String| !own.marks.contains_key(code) && own.stated.without.get(code).is_none_or(String::is_empty);
        let marks = self.pack.criteria_for(self.role).filter(|row| lacks(&row.code)).count();
        let parts = self.pack.statements_for(self.role).filter(|part| !own.leadership.contains_key(&part.id)).count();
        marks
            + parts
            + self.pack.unfinished_events(&own.stated.events)
            + self.form.unfinished(&own.stated)
            + self.wrong_products()
    }

    /// What the rules refuse of the products: their number, or what their weights add up to.
    fn wrong_products(self) -> usize {
        let input = self.form.products().and_then(|_| self.evidence());
        input.map_or(0, |input| score::wrong_products(self.pack, &input))
    }

    /// The current evidence; marks not given yet count as 0, events that are not whole do not count.
    fn evidence(self) -> Option<CardInput> {
        if self.stage.get() >= Stage::SelfScored {
            return Workspace::get().with_view(|state| self.key.with_value(|key| state.own_input(key)));
        }
        let mut fields = self.draft.fields();
        for row in self.pack.criteria_for(self.role) {
            let field: &mut DraftValue = fields.entry(format!("mark/{}", row.code)).or_default();
            field.value.get_or_insert_default();
        }
        let mut own = draft::self_score(&fields);
        own.stated.events.retain(|code, event| self.pack.is_whole(code, event));
        self.form.fill(&mut own.stated);
        Workspace::get().with_view(|state| self.key.with_value(|key| state.claimed(key, &own)))
    }
}

/// The screen of the self-score.
#[component]
pub fn SelfScorePage() -> impl IntoView {
    let key = own_card();
    view! {
        {move || match key.get().and_then(Sheet::new) {
            Some(sheet) => view! { <SheetOf sheet=sheet /> }.into_any(),
            None => view! { <PageHead title=t::self_score::title() next_step=t::my_month::no_post() /> }.into_any(),
        }}
    }
}

/// The form, until the result is published; then the result.
#[component]
fn SheetOf(sheet: Sheet) -> impl IntoView {
    let published = Memo::new(move |_| sheet.stage.get() == Stage::Published);
    move || {
        if published.get() {
            view! {
                <PageHead title=t::self_score::title() next_step=Signal::derive(move || next_step(sheet, 0)) />
                <Deferred piece=Piece::Published(sheet.key) />
            }
            .into_any()
        } else {
            view! { <Form sheet=sheet /> }.into_any()
        }
    }
}

#[component]
fn Form(sheet: Sheet) -> impl IntoView {
    let evidence = Memo::new(move |_| sheet.evidence());
    let missing = Memo::new(move |_| sheet.missing());
    let closed = sheet.closed;
    view! {
        <PageHead title=t::self_score::title() next_step=Signal::derive(move || next_step(sheet, missing.get())) />
        <Deferred piece=Piece::Head(sheet.key) />
        {move || sheet.scored_alone().then(|| view! {
            <p class="notice" data-testid="scored-alone">{icon(Icon::Info)}<span>{t::self_score::scored_alone()}</span></p>
        })}
        <ActNotice error=sheet.error />
        <UnsavedNotice card=sheet.key.get_value() />
        <div class="split">
            <div class="stack">
                <Groups sheet=sheet />
                <Leadership sheet=sheet />
                <section class="card" aria-label=t::self_score::words()>
                    <TextInput name="strengths" label=t::self_score::strengths() draft=sheet.draft closed=closed />
                    <TextInput name="weaknesses" label=t::self_score::weaknesses() draft=sheet.draft closed=closed />
                </section>
                <Deferred piece=Piece::OwnStatements(sheet) />
            </div>
            <aside data-testid="result" aria-label=t::self_score::result()>
                <ResultCard title=t::self_score::result() pack=sheet.pack role=sheet.role evidence=evidence missing=missing />
                <Deferred piece=Piece::Waiting(sheet) />
            </aside>
        </div>
        <Foot sheet=sheet missing=missing />
    }
}

/// The parts for leaders and deputies.
#[component]
fn Leadership(sheet: Sheet) -> impl IntoView {
    let parts: Vec<_> = sheet.pack.statements_for(sheet.role).collect();
    let any = !parts.is_empty();
    let input = move |statement: &'static Statement| {
        let field = format!("leadership/{}", statement.id);
        let value = Signal::derive(move || sheet.draft.field(&field).and_then(|field| field.value));
        view! { <StatementInput pack=sheet.pack statement=statement draft=sheet.draft value=value closed=sheet.closed /> }
    };
    any.then(|| {
        view! {
            <section class="card" aria-labelledby="leadership-title">
                <h2 id="leadership-title">{t::self_score::leadership()}</h2>
                {parts.into_iter().map(input).collect_view()}
            </section>
        }
    })
}

fn next_step(sheet: Sheet, missing: usize) -> String {
    let wrong = sheet.key.with_value(|key| Workspace::get().first_wrong(Some(key)));
    match (sheet.stage.get(), wrong) {
        (Stage::Working, Some((_, wrong))) => t::self_score::wrong(&wrong.label),
        (Stage::Working, None) if missing > 0 => t::self_score::left(missing),
        (Stage::Working, None) => t::self_score::ready().to_owned(),
        _ if is_on_tablet(sheet) => t::self_score::signed().to_owned(),
        (stage, _) => t::self_score::at_stage(stage_name(stage)),
    }
}

/// Whether an operation of the card is signed here and has not reached the server.
fn is_on_tablet(sheet: Sheet) -> bool {
    let delivery = |replica: &Replica| sheet.key.with_value(|key| replica.delivery(key));
    let delivery = Workspace::get().with_replica(delivery);
    matches!(delivery, Some(CardSync::OnDevice { .. }))
}
