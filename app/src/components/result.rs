//! A result: total, class, how far the next class is, and how every number came about.

use crate::ui::{RwSignal, Signal, view};
use leptos::prelude::*;
use shared::num::Exact;
use shared::pack::{Pack, Rule};
use shared::score::{InputError, Outcome, Status};

use super::icon::{Icon, icon};
use crate::i18n::{decimal, input_error, language, mark, percent, t};

/// What the engine says of a card.
pub type Scored = Result<Outcome, Vec<InputError>>;

/// The card of a result. `complete` is false while marks are missing, which count as 0 until given.
#[component]
pub fn ResultCard(
    #[prop(into)] title: String,
    pack: &'static Pack,
    role: &'static str,
    #[prop(into)] outcome: Signal<Option<Scored>>,
    #[prop(into, optional)] missing: Signal<usize>,
) -> impl IntoView {
    let inside = move || match outcome.get() {
        None => view! { <p class="quiet">{t::result::none()}</p> }.into_any(),
        Some(Err(errors)) => {
            let errors =
                errors.iter().map(|error| view! { <li class="wrong">{input_error(error)}</li> }).collect_view();
            view! { <ul class="plain stack">{errors}</ul> }.into_any()
        }
        Some(Ok(outcome)) => summary(pack, role, &outcome, missing.get()),
    };
    view! {
        <section class="card" aria-label=title.clone()>
            <h2>{title.clone()}</h2>
            <div class="stack" aria-live="polite">{inside}</div>
            {move || outcome.get().and_then(Result::ok).map(|outcome| view! { <Why pack=pack role=role outcome=outcome /> })}
        </section>
    }
}

fn summary(pack: &'static Pack, role: &'static str, outcome: &Outcome, missing: usize) -> AnyView {
    let total = outcome.total.as_ref().map(|total| total.exact.clone());
    let exact = total.as_ref().map(ToString::to_string);
    let range = outcome.range.as_ref();
    let points = match (&total, range) {
        (Some(total), _) => decimal(total),
        (None, Some(range)) => format!("{} – {}", decimal(&range.low.exact), decimal(&range.high.exact)),
        (None, None) => "–".to_owned(),
    };
    let parts = parts(pack, role, outcome);
    view! {
        <p class="total"><span data-testid="total" data-exact=exact>{points}</span><small>{format!(" / {}", mark(&pack.scale_max))}</small></p>
        <p class="strong" data-testid="class">{class_words(pack, outcome)}</p>
        {(missing > 0).then(|| view! { <p class="quiet">{t::result::missing(missing)}</p> })}
        {total.and_then(|total| distance(pack, outcome, &total)).map(|words| view! { <p>{words}</p> })}
        <dl class="parts">{parts}</dl>
    }
    .into_any()
}

/// The class in words, or why there is none.
pub fn class_words(pack: &Pack, outcome: &Outcome) -> String {
    match (&outcome.class, outcome.status) {
        (Some(class), _) => class_title(pack, &class.code),
        (None, Status::InsufficientData) => t::result::insufficient().to_owned(),
        (None, Status::NotClassified) => t::result::not_classified().to_owned(),
        (None, _) => t::result::provisional().to_owned(),
    }
}

/// The official name of a class.
pub fn class_title(pack: &Pack, code: &str) -> String {
    pack.class(code).map_or_else(|| code.to_owned(), |class| class.title.get(language()).to_owned())
}

/// How far the next class is, by points.
fn distance(pack: &Pack, outcome: &Outcome, total: &Exact) -> Option<String> {
    let by_points = &outcome.class.as_ref()?.by_points;
    let place = pack.classes.iter().position(|class| class.code == *by_points)?;
    let next = pack.classes.get(place.checked_sub(1)?)?;
    let distance = &next.min - total;
    Some(t::result::distance(&mark(&distance), next.title.get(language())))
}

fn parts(pack: &'static Pack, role: &'static str, outcome: &Outcome) -> Vec<AnyView> {
    pack.components_for(role)
        .filter_map(|component| {
            let value = &outcome.components.get(&component.id)?.exact;
            // Marks and weighted sums are points; everything else is a share.
            let shown = match component.rule {
                Rule::Marks { .. } | Rule::Sum { .. } => mark(value),
                _ => percent(value),
            };
            Some(view! { <dt>{component.title.get(language())}</dt><dd>{shown}</dd> }.into_any())
        })
        .collect()
}

/// Every step of a result: formula, inputs, value, clause.
#[component]
pub fn Why(pack: &'static Pack, role: &'static str, outcome: Outcome) -> impl IntoView {
    let open = RwSignal::new(false);
    let outcome = StoredValue::new(outcome);
    view! {
        <details data-testid="why" on:toggle:target=move |event| open.set(event.target().open())>
            <summary>{t::result::why()}</summary>
            {move || open.get().then(|| outcome.with_value(|outcome| steps(pack, role, outcome)))}
        </details>
    }
}

fn steps(pack: &'static Pack, role: &str, outcome: &Outcome) -> AnyView {
    let step = |step| view! { <li>{shared::score::text(pack, role, step, language())}</li> };
    let steps = outcome.explanation.iter().map(step).collect_view();
    let assumed = outcome.assumed.iter().filter_map(|assumed| {
        let fact = pack.facts.iter().find(|fact| fact.id == assumed.fact)?;
        Some(view! { <li>{t::result::assumed_fact(fact.title.get(language()), &assumed.clause)}</li> })
    });
    let (assumed, any) = (assumed.collect_view(), !outcome.assumed.is_empty());
    view! {
        <ol class="why plain">{steps}</ol>
        {any.then(|| view! {
            <div class="stack tight">
                <p class="strong">{t::result::assumed()}</p>
                <ul>{assumed}</ul>
            </div>
        })}
        <p class="quiet small">{icon(Icon::Info)}{t::result::pack(pack.title.get(language()), &pack.instrument)}</p>
    }
    .into_any()
}
