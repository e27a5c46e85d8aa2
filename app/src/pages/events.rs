//! Deductions and bonuses, as both the person and the superior state them. In the daily chunk.
//!
//! Test ids: `events`, `event-CODE-row`, `event-CODE` with its buttons, `event-CODE-takes`,
//! `event-CODE-gives`, `event-CODE-points`, `event-CODE-day`,
//! `event-CODE-evidence`.

use leptos::prelude::*;
use shared::limits::{EVENT_TIMES_MAX, NOTE_CHARS_MAX};
use shared::num::Exact;
use shared::op::EventStated;
use shared::pack::{EventRule, Pack};
use shared::time::{Day, Period};

use super::work::finish_rule;
use crate::components::draft::{self, Draft};
use crate::components::{Bounds, DayInput, Stepper, TextField};
use crate::i18n::{clause_words, language, mark, t};
use crate::state::Workspace;

/// The section of the own score. Nothing where the pack asks for no events.
#[component]
pub(super) fn OwnEvents(
    pack: &'static Pack,
    role: &'static str,
    period: Period,
    draft: Draft,
    #[prop(into)] closed: Signal<bool>,
) -> impl IntoView {
    let rules: Vec<&'static EventRule> = pack.events_asked(role).collect();
    let stated = untrack(|| draft::self_score(&draft.fields()).events);
    let own = move |rule: &'static EventRule| {
        let code = &rule.code;
        let value = Memo::new(move |_| draft.event(code).unwrap_or_default());
        let put = Callback::new(move |event| draft.put_event(code, event));
        view! {
            <article class="criterion" data-testid=format!("event-{code}-row")>
                <div class="stack tight">{heading(pack, rule)}</div>
                <EventFields rule=rule period=period value=value put=put closed=closed own=true />
            </article>
        }
    };
    (!rules.is_empty()).then(|| {
        section(!stated.is_empty(), t::special::events_hint(), rules.into_iter().map(own).collect_view().into_any())
    })
}

/// All events, folded while there are none.
pub(super) fn section(any: bool, hint: &'static str, rows: AnyView) -> AnyView {
    let workspace = Workspace::get();
    let open = RwSignal::new(any);
    Effect::new(move |_| {
        if workspace.is_sought("event-") {
            open.set(true);
        }
    });
    view! {
        <details class="card" data-testid="events" prop:open=open on:toggle:target=move |event| open.set(event.target().open())>
            <summary>{t::special::events()}</summary>
            <p class="quiet small">{hint}</p>
            {rows}
        </details>
    }
    .into_any()
}

/// What an event is, with its points and the clause.
pub(super) fn heading(pack: &'static Pack, rule: &'static EventRule) -> AnyView {
    let points = match &rule.stated {
        Some(bounds) => t::special::event_stated(&mark(&bounds.min), &mark(&bounds.max)),
        None => t::special::event_each(&mark(&rule.points)),
    };
    let most = rule.times_max.map(|most| t::special::event_most(usize::try_from(most).unwrap_or(usize::MAX)));
    let about = [Some(points), most, Some(clause_words(pack, &rule.clause))];
    let about = about.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <h3>{rule.title.get(language())}</h3>
        <p class="quiet small">{about}</p>
    }
    .into_any()
}

/// An event in words: how often, and with which points where they are stated.
pub(super) fn event_words(event: Option<&EventStated>) -> String {
    let Some(event) = event.filter(|event| event.count > 0) else { return t::special::event_none().to_owned() };
    let count = usize::try_from(event.count).unwrap_or(usize::MAX);
    match &event.points {
        Some(points) => t::special::event_times_of(count, &mark(points)),
        None => t::special::event_times(count),
    }
}

/// How often, and once it happened: points where they are stated, the day, what shows it.
#[component]
pub(super) fn EventFields(
    rule: &'static EventRule,
    period: Period,
    value: Memo<EventStated>,
    put: Callback<EventStated>,
    #[prop(into)] closed: Signal<bool>,
    /// Whether it is the person's own statement: then a bonus needs what shows it.
    #[prop(optional)]
    own: bool,
) -> impl IntoView {
    let id = format!("event-{}", rule.code);
    let title = rule.title.get(language());
    let count = Signal::derive(move || value.with(|event| (event.count > 0).then(|| Exact::from(event.count))));
    let change = Callback::new(move |count: Option<Exact>| {
        let count = count.unwrap_or_default().to_decimal(0).parse().unwrap_or_default();
        let before = value.get_untracked();
        // What did not happen has no points.
        let points = before.points.clone().filter(|_| count > 0);
        put.run(EventStated { count, points, ..before });
    });
    let happened = Memo::new(move |_| value.with(|event| event.count > 0));
    let label = format!("{}: {title}", t::special::event_count());
    view! {
        <div class="field">
            <label for=id.clone()>{t::special::event_count()}</label>
            <Stepper name=id label=label value=count bounds=Bounds::whole(i64::from(EVENT_TIMES_MAX)) on_change=change disabled=closed />
        </div>
        {move || happened.get().then(|| view! { <EventDetails rule=rule period=period value=value put=put closed=closed own=own /> })}
    }
}

#[component]
fn EventDetails(
    rule: &'static EventRule,
    period: Period,
    value: Memo<EventStated>,
    put: Callback<EventStated>,
    closed: Signal<bool>,
    own: bool,
) -> impl IntoView {
    let id = format!("event-{}", rule.code);
    let title = rule.title.get(language());
    let day = Signal::derive(move || value.with(|event| event.day));
    let on_day = Callback::new(move |day: Option<Day>| put.run(EventStated { day, ..value.get_untracked() }));
    let evidence = Signal::derive(move || value.with(|event| event.evidence.clone()));
    let on_evidence = Callback::new(move |evidence: String| put.run(EventStated { evidence, ..value.get_untracked() }));
    let needed = Memo::new(move |_| own && value.with(|event| rule.favours(event.points.as_ref())));
    let label = move || if needed.get() { t::special::event_evidence_needed() } else { t::special::event_evidence() };
    let evidence_id = format!("{id}-evidence");
    view! {
        <div class="reason columns">
        {rule.stated.is_some().then(|| view! { <Points rule=rule value=value put=put closed=closed /> })}
        <DayInput id=format!("{id}-day") label=t::special::event_day() title=title value=day
            rule=Signal::derive(move || finish_rule(period)) on_change=on_day disabled=closed />
        <div class="field">
            <label for=evidence_id.clone()>{label}</label>
            <TextField name=evidence_id label=format!("{}: {title}", t::special::event_evidence()) value=evidence
                max=NOTE_CHARS_MAX short=true on_change=on_evidence disabled=closed />
        </div>
        </div>
    }
}

/// The points each time, where they are stated. They are entered without a sign, because the keyboards of tablets for
/// numbers have none; where both are allowed, a choice says whether points are taken or given.
#[component]
fn Points(
    rule: &'static EventRule,
    value: Memo<EventStated>,
    put: Callback<EventStated>,
    closed: Signal<bool>,
) -> impl IntoView {
    let id = format!("event-{}-points", rule.code);
    let (min, max) = rule.stated.as_ref().map(|bounds| (bounds.min.clone(), bounds.max.clone())).unwrap_or_default();
    let both = min.is_negative() && max > Exact::zero();
    let stated = untrack(|| value.with(|event| event.points.clone()));
    let takes = RwSignal::new(stated.map_or(min.is_negative(), |points| points.is_negative()));
    let signed = |size: Exact, takes: bool| if takes { Exact::zero() - size } else { size };
    let size =
        Signal::derive(move || value.with(|event| event.points.clone()).map(|points| signed(points, takes.get())));
    let bounds = Signal::derive(move || {
        let (low, high) = if takes.get() {
            (signed(max.clone(), true), signed(min.clone(), true))
        } else {
            (min.clone(), max.clone())
        };
        Bounds { min: low.max(Exact::zero()), max: high, step: Exact::one(), whole: false }
    });
    let state = move |size: Option<Exact>| {
        let points = size.map(|size| signed(size, takes.get_untracked()));
        put.run(EventStated { points, ..value.get_untracked() });
    };
    let choice = move |takes_them: bool, suffix: &str, words: &'static str| {
        let choose = move |_| {
            takes.set(takes_them);
            // A number of the other sign was meant otherwise.
            state(None);
        };
        view! {
            <label class="choice">
                <input type="radio" name=format!("event-{}-sign", rule.code) disabled=closed
                    data-testid=format!("event-{}-{suffix}", rule.code) prop:checked=move || takes.get() == takes_them on:change=choose />
                <span>{words}</span>
            </label>
        }
    };
    let label = move || if takes.get() { t::special::event_points_taken() } else { t::special::event_points_given() };
    let name = format!("{}: {}", untrack(label), rule.title.get(language()));
    view! {
        <div class="stack tight">
        {both.then(|| view! {
            <fieldset class="row">
                <legend class="unseen">{rule.title.get(language())}</legend>
                {choice(true, "takes", t::special::event_takes())}
                {choice(false, "gives", t::special::event_gives())}
            </fieldset>
        })}
        <div class="field">
            <label for=id.clone()>{label}</label>
            <Stepper name=id label=name value=size bounds=bounds on_change=Callback::new(state) disabled=closed />
        </div>
        </div>
    }
}
