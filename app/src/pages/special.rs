//! Special cases on a card, as both the person and the superior state them: facts, numbers that a rule reads, days
//! worked. In the daily chunk.
//!
//! Test ids: `facts`, `numbers`, `days-worked`, `fact-CODE`, `fact-CODE-confirm`, `fact-CODE-refuse`, `fact-CODE-same`,
//! `claimed-CODE`.

use leptos::prelude::*;
use shared::limits::QUANTITY_MAX;
use shared::num::Exact;
use shared::op::{CardKey, FactValue, SelfScore};
use shared::pack::{Class, FactKind, FactRule, Pack};
use shared::score::facts_asked;
use shared::time::Period;

use crate::components::draft::{self, Draft};
use crate::components::{Bounds, Stepper};
use crate::i18n::{clause_words, language, percent, quantity, t};
use crate::state::Workspace;

/// Every special case that a card is asked for.
#[component]
pub(super) fn Special(
    pack: &'static Pack,
    role: &'static str,
    key: CardKey,
    draft: Draft,
    #[prop(into)] closed: Signal<bool>,
    #[prop(optional)] claimed: Option<Memo<SelfScore>>,
) -> impl IntoView {
    let period = key.period;
    view! {
        <Facts pack=pack role=role key=key.clone() draft=draft closed=closed claimed=claimed />
        <Numbers pack=pack role=role key=key draft=draft closed=closed claimed=claimed />
        <DaysWorked pack=pack role=role period=period draft=draft closed=closed claimed=claimed />
    }
}

/// What the person stated as a number.
fn number_claimed(claimed: Option<Memo<SelfScore>>, code: &str) -> Option<Exact> {
    match claimed?.with(|own| own.facts.get(code).cloned())? {
        FactValue::Number(number) => Some(number),
        _ => None,
    }
}

/// Shares and counts that a rule in force reads, such as the share of dossiers settled in time. Shares are entered in
/// percent. A superior sees what the person stated and can state the same.
#[component]
fn Numbers(
    pack: &'static Pack,
    role: &'static str,
    key: CardKey,
    draft: Draft,
    closed: Signal<bool>,
    claimed: Option<Memo<SelfScore>>,
) -> impl IntoView {
    let options = untrack(|| Workspace::get().with_view(|state| state.options(&key)));
    let asked = [FactKind::Share, FactKind::Count].map(|kind| facts_asked(pack, role, &options, kind));
    let number = |fact| view! { <NumberOf pack=pack fact=fact draft=draft closed=closed claimed=claimed /> };
    let numbers = asked.into_iter().flatten().map(number).collect_view();
    (!numbers.is_empty()).then(|| {
        view! {
            <section class="card" data-testid="numbers" aria-labelledby="numbers-title">
                <h2 id="numbers-title">{t::special::numbers()}</h2>
                {numbers}
            </section>
        }
    })
}

#[component]
fn NumberOf(
    pack: &'static Pack,
    fact: &'static FactRule,
    draft: Draft,
    closed: Signal<bool>,
    claimed: Option<Memo<SelfScore>>,
) -> impl IntoView {
    let is_share = fact.kind == FactKind::Share;
    let hundred = move || if is_share { Exact::from_int(100) } else { Exact::one() };
    let field = format!("{}{}", draft::NUMBER, fact.id);
    let (read, same) = (field.clone(), field.clone());
    let value = Signal::derive(move || Some(draft.field(&read)?.value? * hundred()));
    let change = Callback::new(move |shown: Option<Exact>| {
        draft.put_value(&field, shown.and_then(|shown| shown.checked_div(&hundred())));
    });
    let bounds = if is_share { Bounds::up_to(hundred(), Exact::one()) } else { Bounds::whole(QUANTITY_MAX) };
    let title = fact.title.get(language());
    let label = if is_share { t::special::percent_of(title) } else { title.to_owned() };
    let id = format!("fact-{}", fact.id);
    let stated = move || {
        let number = number_claimed(claimed, &fact.id)?;
        let words = t::special::stated(&if is_share { percent(&number) } else { quantity(&number) });
        let take = {
            let same = same.clone();
            move |_| draft.put_value(&same, Some(number.clone()))
        };
        Some(view! {
            <div class="row">
                <span class="small" data-testid=format!("claimed-{}", fact.id)>{words}</span>
                <button type="button" data-testid=format!("fact-{}-same", fact.id) disabled=closed on:click=take>
                    {t::special::confirm_stated()}
                </button>
            </div>
        })
    };
    view! {
        <div class="field">
            <label for=id.clone()>{fact_words(pack, fact)}</label>
            {stated}
            <Stepper name=id label=label value=value bounds=bounds on_change=change disabled=closed />
        </div>
    }
}

/// Facts that decide a class by themselves, such as discipline. An unticked fact counts as "no", and the result says
/// so. Facts that no rule in force reads are not asked. A superior answers what the person `claimed`, and also states
/// classes.
#[component]
fn Facts(
    pack: &'static Pack,
    role: &'static str,
    key: CardKey,
    draft: Draft,
    closed: Signal<bool>,
    claimed: Option<Memo<SelfScore>>,
) -> impl IntoView {
    let options = untrack(|| Workspace::get().with_view(|state| state.options(&key)));
    let claims = claimed
        .map(|own| untrack(|| own.with(|own| own.facts.keys().cloned().collect::<Vec<_>>())))
        .unwrap_or_default();
    let flags = facts_asked(pack, role, &options, FactKind::Flag).into_iter().map(|fact| {
        if claims.contains(&fact.id) {
            return view! { <Answer pack=pack fact=fact draft=draft closed=closed /> }.into_any();
        }
        view! { <Flag pack=pack fact=fact draft=draft closed=closed /> }.into_any()
    });
    let classes = claimed.map(|_| facts_asked(pack, role, &options, FactKind::Class)).unwrap_or_default();
    let classes = classes.into_iter().map(|fact| view! { <ClassOf pack=pack fact=fact draft=draft closed=closed /> });
    let (flags, classes) = (flags.collect_view(), classes.collect_view());
    (!flags.is_empty() || !classes.is_empty()).then(|| {
        view! {
            <details class="card" open=!claims.is_empty() data-testid="facts">
                <summary>{t::special::facts()}</summary>
                <p class="quiet small">{t::special::facts_hint()}</p>
                {flags}
                {classes}
            </details>
        }
    })
}

/// How many days were worked, out of how many. The office keeps this as evidence, and the score reads it where the
/// regulation says so. A superior sees what the person stated.
#[component]
fn DaysWorked(
    pack: &'static Pack,
    role: &'static str,
    period: Period,
    draft: Draft,
    closed: Signal<bool>,
    claimed: Option<Memo<SelfScore>>,
) -> impl IntoView {
    let days = pack.facts_for(role).filter(|fact| fact.kind == FactKind::Days).map(|fact| {
        let field = format!("{}{}", draft::NUMBER, fact.id);
        let read = field.clone();
        let value = Signal::derive(move || draft.field(&read).and_then(|field| field.value));
        let change = Callback::new(move |days| draft.put_value(&field, days));
        let stated = move || {
            let days = number_claimed(claimed, &fact.id)?;
            Some(view! { <p class="small quiet" data-testid=format!("claimed-{}", fact.id)>{t::special::stated_days(&quantity(&days))}</p> })
        };
        // Nobody works more days than there are working days.
        let of = pack.eligibility.iter().find(|rule| rule.fact == fact.id).and_then(|rule| rule.of.as_ref());
        let of = of.map(|of| format!("{}{of}", draft::NUMBER));
        let bounds = Signal::derive(move || {
            let most = of.as_ref().and_then(|of| draft.field(of)?.value);
            Bounds::up_to(most.unwrap_or_else(|| days_of(period)), half_a_day())
        });
        let id = format!("fact-{}", fact.id);
        view! {
            <div class="field">
                <label for=id.clone()>{fact_words(pack, fact)}</label>
                {stated}
                <Stepper name=id label=fact.title.get(language()).to_owned() value=value bounds=bounds
                    on_change=change disabled=closed />
            </div>
        }
    });
    let days = days.collect_view();
    (!days.is_empty()).then(|| {
        view! {
            <details class="card" data-testid="days-worked">
                <summary>{t::special::days_worked()}</summary>
                <p class="quiet small">{t::special::days_hint()}</p>
                {days}
            </details>
        }
    })
}

/// How many days a period has.
fn days_of(period: Period) -> Exact {
    let days = period.last_day().0.saturating_sub(period.first_day().0).saturating_add(1);
    Exact::from_int(i64::from(days))
}

fn half_a_day() -> Exact {
    Exact::ratio(1, 2).unwrap_or_default()
}

/// A fact in words, with its clause.
fn fact_words(pack: &Pack, fact: &'static FactRule) -> AnyView {
    view! { <span>{fact.title.get(language())}<span class="quiet small">" "{clause_words(pack, &fact.clause)}</span></span> }.into_any()
}

#[component]
fn Flag(pack: &'static Pack, fact: &'static FactRule, draft: Draft, closed: Signal<bool>) -> impl IntoView {
    let field = format!("fact/{}", fact.id);
    let read = field.clone();
    let toggle = move |checked: bool| draft.put_value(&field, checked.then(Exact::one));
    view! {
        <label class="choice">
            <input type="checkbox" data-testid=format!("fact-{}", fact.id) disabled=closed
                prop:checked=move || draft.field(&read).and_then(|field| field.value).is_some_and(|value| !value.is_zero())
                on:change:target=move |event| toggle(event.target().checked()) />
            {fact_words(pack, fact)}
        </label>
    }
}

/// The superior's answer to a claim of the person. A claim counts only once the superior confirms it.
#[component]
fn Answer(pack: &'static Pack, fact: &'static FactRule, draft: Draft, closed: Signal<bool>) -> impl IntoView {
    let name = format!("fact-{}", fact.id);
    let choice = |confirms: bool, suffix: &str, words: &'static str| {
        let (read, write) = (format!("fact/{}", fact.id), format!("fact/{}", fact.id));
        let is_chosen =
            move || draft.field(&read).and_then(|field| field.value).is_some_and(|value| value.is_zero() != confirms);
        let choose = move |_| draft.put_value(&write, Some(Exact::from(u32::from(confirms))));
        view! {
            <label class="choice">
                <input type="radio" name=name.clone() data-testid=format!("{name}-{suffix}") disabled=closed
                    prop:checked=is_chosen on:change=choose />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="stack tight" data-testid=format!("{name}-claimed")>
            <legend>{fact_words(pack, fact)}</legend>
            <p class="small">{t::special::claimed()}</p>
            {choice(true, "confirm", t::special::confirm())}
            {choice(false, "refuse", t::special::refuse())}
        </fieldset>
    }
}

/// A class that somebody else was given, such as that of the unit led.
#[component]
fn ClassOf(pack: &'static Pack, fact: &'static FactRule, draft: Draft, closed: Signal<bool>) -> impl IntoView {
    let id = format!("fact-{}", fact.id);
    let (read, write) = (format!("fact/{}", fact.id), format!("fact/{}", fact.id));
    let stated = Memo::new(move |_| draft.text(&read));
    let option = |class: &'static Class| {
        let selected = move || stated.with(|stated| *stated == class.code);
        view! { <option value=class.code.clone() selected=selected>{class.title.get(language())}</option> }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{fact_words(pack, fact)}</label>
            <select id=id.clone() data-testid=id disabled=closed
                on:change:target=move |event| draft.put_text(&write, event.target().value())>
                <option value="" selected=move || stated.with(String::is_empty)>{t::special::class_unstated()}</option>
                {pack.classes.iter().map(option).collect_view()}
            </select>
        </div>
    }
}
