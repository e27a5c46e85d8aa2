//! The score of one person: the person's claims and the superior's findings.

use leptos::prelude::*;
use shared::op::{Appraisal, CardKey, Register, SelfScore, Stage};
use shared::score;

use super::super::absence::AbsenceOf;
use super::super::beside::SideBySide;
use super::super::carry::Carry;
use super::super::faults::FaultsBorne;
use super::super::form::TextInput;
use super::super::position::{Before, Position};
use super::super::returned::Returned;
use super::super::roster;
use super::super::said;
use super::super::special::Special;
use super::super::steps::CardSteps;
use super::super::without::Without;
use super::assign::Assign;
use super::events::Events;
use super::given::{ByOthers, Given};
use super::lines::Lines;
use super::model::{self, QueueRow};
use super::parts::Parts;
use super::products::ProductsOf;
use super::rows::Rows;
use super::sheet::Sheet;
use super::submit::Foot;
use super::team::Team;
use crate::components::{ActNotice, Icon, ResultCard, Tone, UnsavedNotice, Why, icon, stage_tag, tag};
use crate::i18n::{clause_words, mark, t};
use crate::screens::Screen;
use crate::state::Workspace;

#[component]
pub(super) fn Detail(key: CardKey, rows: Memo<Vec<QueueRow>>) -> impl IntoView {
    Sheet::new(key).map(|sheet| view! { <DetailOf sheet=sheet rows=rows /> })
}

#[component]
fn DetailOf(sheet: Sheet, rows: Memo<Vec<QueueRow>>) -> impl IntoView {
    let appraisal = Memo::new(move |_| sheet.appraisal());
    let evidence = Memo::new(move |_| sheet.evidence(&appraisal.read()));
    let closed = sheet.closed;
    let missing = Memo::new(move |_| sheet.missing(&appraisal.read()));
    let scored = Memo::new(move |_| sheet.stage.get() >= Stage::SelfScored || sheet.alone.get() && !sheet.absent.get());
    view! {
        <Who sheet=sheet />
        <CardSteps key=sheet.key.get_value() />
        <Returned key=sheet.key.get_value() />
        <AbsenceOf key=sheet.key.get_value() />
        <FaultsBorne key=sheet.key.get_value() />
        <ActNotice error=sheet.error />
        <Carry key=sheet.key.get_value() />
        <ScoredBefore sheet=sheet />
        <Team sheet=sheet />
        {said::heard(&sheet.key.get_value())}
        <Given key=sheet.key.get_value() />
        <ByOthers key=sheet.key.get_value() />
        {said::set_aside(&sheet.key.get_value())}
        {move || (sheet.stage.get() >= Stage::Appraised).then(|| view! { <SideBySide key=sheet.key.get_value() /> })}
        {move || if scored.get() { view! {
            <UnsavedNotice card=sheet.key.get_value() />
            <div class="columns">
                <ResultCard title=t::to_score::mine() pack=sheet.pack role=sheet.role evidence=evidence missing=missing />
                {move || if sheet.alone.get() {
                    view! { <p class="card" data-testid="scored-alone">{t::to_score::scored_alone()}</p> }.into_any()
                } else {
                    view! { <SelfTotal sheet=sheet /> }.into_any()
                }}
            </div>
            <Rows sheet=sheet appraisal=appraisal />
            <Without form=sheet.form draft=sheet.draft closed=closed claimed=sheet.own />
            <ProductsOf sheet=sheet appraisal=appraisal />
            {sheet.pack.takes_work(sheet.role).then(|| view! { <Lines sheet=sheet.of_lines() /> })}
            <PositionOf sheet=sheet appraisal=appraisal />
            <Parts sheet=sheet appraisal=appraisal />
            <Events sheet=sheet appraisal=appraisal />
            <section class="card" aria-label=t::field::comment()>
                <TextInput name="comment" label=t::field::comment() draft=sheet.draft closed=closed />
                <Gap sheet=sheet appraisal=appraisal />
            </section>
            <Special pack=sheet.pack role=sheet.role key=sheet.key.get_value() draft=sheet.draft closed=closed claimed=sheet.own />
        }.into_any() } else { view! {
            <NotSubmitted sheet=sheet />
            <Assign key=sheet.key.get_value() />
        }.into_any() }}
        <Foot sheet=sheet appraisal=appraisal missing=missing rows=rows />
    }
}

/// The position by which work is multiplied.
#[component]
fn PositionOf(sheet: Sheet, appraisal: Memo<Appraisal>) -> impl IntoView {
    let stated = Memo::new(move |_| sheet.own.with(|own| own.stated.clone()));
    let found = Memo::new(move |_| appraisal.with(|mine| mine.stated.clone()));
    view! { <Position form=sheet.form draft=sheet.draft closed=sheet.closed before=Before { stated, found } /> }
}

/// Why the result is far from the self-score, where the regulation asks for it in writing and it is.
#[component]
fn Gap(sheet: Sheet, appraisal: Memo<Appraisal>) -> impl IntoView {
    let rule = sheet.pack.appraisal_gap.as_ref();
    let asked = Memo::new(move |_| appraisal.with(|mine| !mine.explanation.is_empty() || sheet.is_unexplained(mine)));
    rule.map(|rule| {
        move || {
            asked.get().then(|| view! {
        <p class="small">{t::product::gap(&mark(&rule.points))}" "{clause_words(sheet.pack, &rule.clause)}</p>
        <TextInput name="explanation" label=t::product::gap_label() draft=sheet.draft closed=sheet.closed />
    })
        }
    })
}

/// Who has scored before this person, where somebody has.
#[component]
fn ScoredBefore(sheet: Sheet) -> impl IntoView {
    let who = Memo::new(move |_| {
        let register = Register::Appraisal(sheet.marking.get().filter(|marking| !marking.done)?.builds_on?);
        Workspace::get().with_view(|state| {
            let version =
                sheet.key.with_value(|key| state.card(key)?.current(&register).map(|version| version.actor))?;
            let day = sheet.key.with_value(|key| key.period.last_day());
            let title = state.org.main_post(version, day).map_or("", |post| post.title.as_str());
            Some(format!("{}, {title}", roster::name(&state.org, version)))
        })
    });
    move || {
        who.get().map(|who| view! {
            <div class="notice" data-testid="scored-before">{icon(Icon::Info)}<div>{t::to_score::builds_on(&who)}</div></div>
        })
    }
}

/// The notice that there is no self-score. From the day of decisions on, it offers to score without one.
#[component]
fn NotSubmitted(sheet: Sheet) -> impl IntoView {
    let workspace = Workspace::get();
    let may = Memo::new(move |_| {
        let today = workspace.today();
        workspace.with_view(|state| sheet.key.with_value(|key| state.may_be_scored_alone(key, today)))
            && !sheet.absent.get()
    });
    let name =
        untrack(|| workspace.with_view(|state| sheet.key.with_value(|key| roster::name(&state.org, key.subject))));
    view! {
        <section class="card stack" aria-labelledby="not-submitted">
            <p id="not-submitted">{t::to_score::not_submitted(&name)}</p>
            {move || may.get().then(|| view! {
                <p class="quiet">{t::to_score::score_alone_hint()}</p>
                <div class="row"><button type="button" data-testid="score-alone"
                    on:click=move |_| sheet.chosen_alone.set(true)>{t::to_score::score_alone()}</button></div>
            })}
        </section>
    }
}

/// Somebody whose card this person does not score: only the lines that are the person's to evaluate, and the giving of work.
#[component]
pub(super) fn Lent(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let me = workspace.person().get_untracked().map(|me| me.person);
    let plans = untrack(|| workspace.with_view(|state| me.is_some_and(|me| state.may_plan(&key, me))));
    let (name, title) =
        untrack(|| workspace.with_view(|state| (roster::name(&state.org, key.subject), roster::title(state, &key))));
    view! {
        <div class="stack tight">
            <a class="button plain" href=Screen::ToScore.path()>{t::to_score::back()}</a>
            <h2 data-testid="subject">{name}</h2>
            <p class="quiet">{title}</p>
        </div>
        <UnsavedNotice card=key.clone() />
        <Given key=key.clone() />
        {plans.then(|| view! { <Carry key=key.clone() /> <Assign key=key /> })}
    }
}

#[component]
fn Who(sheet: Sheet) -> impl IntoView {
    let who = |state: &shared::state::State| {
        sheet.key.with_value(|key| {
            (roster::name(&state.org, key.subject), roster::title(state, key), roster::regulation(state, key))
        })
    };
    let (name, title, regulation) = untrack(|| Workspace::get().with_view(who));
    let subject = sheet.key.with_value(|key| key.subject);
    view! {
        <div class="row between">
            <div class="stack tight">
                <a class="button plain" href=Screen::ToScore.path()>{t::to_score::back()}</a>
                <h2 data-testid="subject">{name}</h2>
                <p class="quiet">{title}</p>
                {regulation.map(|words| view! { <p class="strong" data-testid="regulation">{words}</p> })}
                <p><a href=Screen::Year.path_of(subject) data-testid="to-year">{t::year::link()}</a></p>
            </div>
            {move || match sheet.marking.get() {
                Some(marking) if sheet.stage.get() == Stage::Appraised && !marking.done && marking.ready => {
                    tag(Tone::Sent, Icon::Clock, t::to_score::yours())
                }
                _ => stage_tag(sheet.stage.get()),
            }}
        </div>
    }
}

/// The person's own marks and texts.
#[component]
fn SelfTotal(sheet: Sheet) -> impl IntoView {
    let side = shared::card::Side::SelfScored;
    let evidence =
        Memo::new(move |_| Workspace::get().with_view(|state| sheet.key.with_value(|key| state.input(key, side))));
    let total = move || {
        let total = score::evaluate(sheet.pack, evidence.read().as_ref()?).ok()?.total?;
        Some(model::points(Some(&total.exact)))
    };
    let words = move |read: fn(&SelfScore) -> &String| sheet.own.with(|own| read(own).clone());
    let block = |label: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <div><p class="strong">{label}</p><p>{text}</p></div> })
    };
    view! {
        <section class="card" aria-label=t::to_score::theirs()>
            <h2>{t::to_score::theirs()}</h2>
            <p class="total" data-testid="self-total">{total}</p>
            <Why pack=sheet.pack role=sheet.role evidence=evidence testid="self-why" />
            {move || block(t::field::strengths(), words(|own| &own.strengths))}
            {move || block(t::field::weaknesses(), words(|own| &own.weaknesses))}
        </section>
    }
}
