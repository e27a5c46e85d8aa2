//! A result: the total, the class, the distance to the next class, and the links to its explanation.

use leptos::prelude::*;
use shared::num::Exact;
use shared::pack::{Pack, Rule};
use shared::score::{self, CardInput, InputError, Outcome, Status};

use super::dialog::Dialog;
use crate::chunks::{Deferred, Piece};
use crate::i18n::{decimal, input_error, is_cut, language, mark, missing_points, percent, t};

/// What the engine returns for a card.
pub type Scored = Result<Outcome, Vec<InputError>>;

/// The box that shows a result. `missing` counts the marks not given yet, which count as 0.
#[component]
pub fn ResultCard(
    #[prop(into)] title: String,
    pack: &'static Pack,
    role: &'static str,
    #[prop(into)] evidence: Signal<Option<CardInput>>,
    #[prop(into, optional)] missing: Signal<usize>,
) -> impl IntoView {
    let outcome: Memo<Option<Scored>> =
        Memo::new(move |_| evidence.read().as_ref().map(|input| score::evaluate(pack, input)));
    let scored = move || outcome.with(|outcome| matches!(outcome, Some(Ok(_))));
    let inside = move || match outcome.get() {
        None => view! { <p class="quiet">{t::result::none()}</p> }.into_any(),
        Some(Err(errors)) => view! { <Deferred piece=Piece::Wrong(StoredValue::new(errors)) /> }.into_any(),
        Some(Ok(outcome)) => summary(pack, role, &outcome, missing.get()),
    };
    view! {
        <section class="card" aria-label=title.clone()>
            <h2>{title.clone()}</h2>
            <div class="stack" aria-live="polite">{inside}</div>
            {move || scored().then(|| view! { <Why pack=pack role=role evidence=evidence /><Compare pack=pack evidence=evidence /> })}
        </section>
    }
}

/// What the engine refused, as a list.
pub(crate) fn wrong_inputs(errors: &[InputError]) -> AnyView {
    let errors = errors.iter().map(|error| view! { <li class="wrong">{input_error(error)}</li> }).collect_view();
    view! { <ul class="plain stack">{errors}</ul> }.into_any()
}

fn summary(pack: &'static Pack, role: &'static str, outcome: &Outcome, missing: usize) -> AnyView {
    let total = outcome.total.as_ref().map(|total| total.exact.clone());
    let points = match (&total, &outcome.range) {
        (Some(total), _) => decimal(total),
        (None, Some(range)) => format!("{} – {}", decimal(&range.low.exact), decimal(&range.high.exact)),
        (None, None) => "–".to_owned(),
    };
    let parts = parts(pack, role, outcome);
    view! {
        {large_points("total", total.as_ref(), points, Some(&pack.scale_max))}
        <p class="strong" data-testid="class">{class_words(pack, outcome)}</p>
        {(missing > 0).then(|| view! { <p class="quiet">{t::result::missing(missing)}</p> })}
        {total.and_then(|total| distance(pack, outcome, &total)).map(|words| view! { <p>{words}</p> })}
        <dl class="parts">{parts}</dl>
    }
    .into_any()
}

/// The points in large letters, and out of how many. Where the number is cut, a tap shows all of it.
pub fn large_points(testid: &'static str, total: Option<&Exact>, points: String, of: Option<&Exact>) -> AnyView {
    let exact = total.map(ToString::to_string);
    let is_cut = total.is_some_and(is_cut);
    let open = RwSignal::new(false);
    let whole = exact.clone().unwrap_or_default();
    let label = t::result::exactly(&whole);
    let number = view! { <span data-testid=testid data-exact=exact>{points}</span> };
    let number = match is_cut {
        true => view! {
            <button type="button" class="figure" aria-expanded=move || open.get().to_string() title=label.clone()
                on:click=move |_| open.set(!open.get_untracked())>{number}</button>
        }
        .into_any(),
        false => number.into_any(),
    };
    view! {
        <p class="total">{number}{of.map(|of| view! { <small>{format!(" / {}", mark(of))}</small> })}</p>
        {move || open.get().then(|| view! { <p class="quiet" data-testid="exactly">{label.clone()}</p> })}
    }
    .into_any()
}

/// The class in words, or why there is none.
pub fn class_words(pack: &Pack, outcome: &Outcome) -> String {
    let class = outcome.class.as_ref();
    class.map_or_else(|| unclassified(outcome.status).to_owned(), |class| class_title(pack, &class.code))
}

/// Why there is no class.
pub fn unclassified(status: Status) -> &'static str {
    match status {
        Status::InsufficientData => t::result::insufficient(),
        Status::NotClassified => t::result::not_classified(),
        Status::Scored | Status::Provisional => t::result::provisional(),
    }
}

/// The official name of a class.
pub fn class_title(pack: &Pack, code: &str) -> String {
    pack.class(code).map_or_else(|| code.to_owned(), |class| class.title.get(language()).to_owned())
}

/// How many points are missing to the next class.
fn distance(pack: &Pack, outcome: &Outcome, total: &Exact) -> Option<String> {
    let by_points = &outcome.class.as_ref()?.by_points;
    let place = pack.classes.iter().position(|class| class.code == *by_points)?;
    let next = pack.classes.get(place.checked_sub(1)?)?;
    let distance = &next.min - total;
    Some(t::result::distance(&missing_points(&distance), next.title.get(language())))
}

fn parts(pack: &'static Pack, role: &'static str, outcome: &Outcome) -> Vec<AnyView> {
    pack.components_for(role)
        .filter_map(|component| {
            let value = &outcome.components.get(&component.id)?.exact;
            // Marks, events, products and weighted sums are points; everything else is a share.
            let shown = match component.rule {
                Rule::Marks { .. } | Rule::Events { .. } | Rule::Products { .. } | Rule::Sum { .. } => decimal(value),
                _ => percent(value),
            };
            Some(view! { <dt>{component.title.get(language())}</dt><dd>{shown}</dd> }.into_any())
        })
        .collect()
}

/// Every step of a result. The daily chunk writes them when someone asks.
#[component]
pub fn Why(
    pack: &'static Pack,
    role: &'static str,
    #[prop(into)] evidence: Signal<Option<CardInput>>,
    #[prop(default = "why")] testid: &'static str,
) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <details data-testid=testid prop:open=open on:toggle:target=move |event| open.set(event.target().open())>
            <summary>{t::result::why()}</summary>
            <Show when=move || open.get()><Deferred piece=Piece::Why { pack, role, evidence } /></Show>
        </details>
    }
}

/// The button that shows what another regulation makes of the same evidence. The reference chunk draws it.
#[component]
pub fn Compare(pack: &'static Pack, #[prop(into)] evidence: Signal<Option<CardInput>>) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <div class="row">
            <button type="button" data-testid="compare" on:click=move |_| open.set(true)>{t::result::compare()}</button>
        </div>
        <Dialog open=open title=t::result::compare() wide=true>
            <Deferred piece=Piece::Compare { pack, evidence } />
            <div class="row end">
                <button type="button" class="main" data-testid="close" on:click=move |_| open.set(false)>{t::common::close()}</button>
            </div>
        </Dialog>
    }
}
