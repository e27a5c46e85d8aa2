//! A number in a list or table that can be explained: a button opens the explanation of this number. Only screens of
//! the daily chunk may use this.

use leptos::prelude::*;
use shared::card::Side;
use shared::ids::{PackHash, PersonId, Subject};
use shared::op::CardKey;
use shared::pack;
use shared::report;
use shared::time::Period;

use super::dialog::Dialog;
use super::steps::{steps, steps_of_card};
use crate::i18n::{input_error, period_name, period_within_year, t};
use crate::state::{View, Workspace};

/// Which number is asked about.
#[derive(Clone, PartialEq, Eq)]
pub enum Asked {
    /// The total of a card as one side sees it.
    Card { key: CardKey, side: Side },
    /// The total that a regulation makes of shorter periods.
    Longer { subject: Subject, pack: PackHash, period: Period },
}

/// What is asked on a screen: whose number, and which number.
#[derive(Clone, Copy)]
struct Question(RwSignal<Option<(String, Asked)>>);

/// Wraps a screen whose numbers can be explained.
#[component]
pub fn Explained(children: ChildrenFn) -> impl IntoView {
    let question = Question(RwSignal::new(None));
    provide_context(question);
    let open = RwSignal::new(false);
    Effect::new(move || open.set(question.0.read().is_some()));
    Effect::new(move || {
        if !open.get() && question.0.read_untracked().is_some() {
            question.0.set(None);
        }
    });
    let title = move || question.0.with(|asked| asked.as_ref().map(|(title, _)| title.clone()).unwrap_or_default());
    view! {
        {children()}
        <Dialog open=open title=Signal::derive(title) wide=true>
            <div class="stack" data-testid="explanation">
                {move || question.0.get().map(|(_, asked)| Workspace::get().with_view(|state| answer(state, &asked)))}
            </div>
            <div class="row end">
                <button type="button" class="main" data-testid="close" on:click=move |_| open.set(false)>{t::common::close()}</button>
            </div>
        </Dialog>
    }
}

/// A number that opens its explanation. Its label gives the number in words, and whose it is.
pub fn figure(number: impl Into<String>, whose: &str, asked: Asked) -> AnyView {
    let Some(Question(question)) = use_context::<Question>() else { return number.into().into_any() };
    let number: String = number.into();
    let label = t::figure::why(whose, &number);
    let asked = (t::figure::title(whose, &period_name(asked.period()), &number), asked);
    view! {
        <button type="button" class="figure" aria-label=label on:click=move |_| question.set(Some(asked.clone()))>{number}</button>
    }.into_any()
}

impl Asked {
    fn period(&self) -> Period {
        match self {
            Self::Card { key, .. } => key.period,
            Self::Longer { period, .. } => *period,
        }
    }
}

fn answer(state: &View, asked: &Asked) -> AnyView {
    let reader = Workspace::get().person().get().map(|reader| reader.person);
    let found = reader.and_then(|reader| match asked {
        Asked::Card { key, side } => of_card(state, key, *side).filter(|_| state.may_know(reader, key, *side)),
        Asked::Longer { subject, pack, period } => of_longer(state, reader, *subject, *pack, *period),
    });
    found.unwrap_or_else(|| view! { <p>{t::result::none()}</p> }.into_any())
}

fn of_card(state: &View, key: &CardKey, side: Side) -> Option<AnyView> {
    let (pack, role, input) = (pack::pinned(&key.pack)?, state.role(key)?, state.input(key, side)?);
    Some(steps_of_card(pack, role, &input))
}

fn of_longer(state: &View, reader: PersonId, subject: Subject, pack: PackHash, period: Period) -> Option<AnyView> {
    let (year, ..) = period.first_day().civil();
    let years = report::person_years(state, reader, subject, u16::try_from(year).ok()?);
    let year = years.into_iter().find(|year| year.pack == pack)?;
    let pack = pack::pinned(&year.pack)?;
    let longer = year.longer.into_iter().find(|longer| longer.period == period)?;
    let Some(outcome) = longer.outcome else {
        let errors = longer.errors.iter().map(|error| view! { <li>{input_error(error)}</li> }).collect_view();
        return Some(view! { <ul>{errors}</ul> }.into_any());
    };
    // The excluded periods are listed below in the reader's language.
    let told: Vec<_> = outcome
        .explanation
        .into_iter()
        .filter(|step| !matches!(step.step.as_str(), "not_worked" | "missing"))
        .collect();
    let (missing, not_worked) = (periods_in_words(&outcome.missing), periods_in_words(&outcome.not_worked));
    Some(
        view! {
            {(!missing.is_empty()).then(|| view! { <p>{t::figure::missing(&missing)}</p> })}
            {(!not_worked.is_empty()).then(|| view! { <p>{t::figure::not_worked(&not_worked)}</p> })}
            {steps(pack, &year.role, &told, &outcome.assumed)}
        }
        .into_any(),
    )
}

/// "Tháng 1, 2, 3": names periods of one year. Months after the first are given by number only.
pub fn periods_in_words(periods: &[Period]) -> String {
    let word = |(place, period): (usize, &Period)| match period {
        Period::Month(_, month) if place > 0 => month.to_string(),
        other => period_within_year(*other),
    };
    periods.iter().enumerate().map(word).collect::<Vec<_>>().join(", ")
}
