//! Deductions and bonuses as the superior states them: only these count. What the person claims in the own favour waits
//! for an answer; what the person admits is taken over until the superior states something else.
//!
//! Test ids: see `pages::events`; `event-CODE-confirm`, `event-CODE-refuse`, `reason-event-CODE`.

use leptos::prelude::*;
use shared::limits::NOTE_CHARS_MAX;
use shared::op::{Appraisal, DraftValue, EventStated, SelfScore};
use shared::pack::{EventRule, Pack};
use shared::sorted_map::Map;

use super::super::events::{EventFields, event_words, heading, section};
use super::sheet::Sheet;
use crate::components::TextField;
use crate::components::draft;
use crate::i18n::{language, t};

/// The events that count: entered here, else said before, else as they were admitted to. What the person claims in the own
/// favour is not there before it is answered; what somebody before stated is.
pub(super) fn effective(
    pack: &Pack,
    fields: &Map<String, DraftValue>,
    own: &SelfScore,
    before: &Map<String, EventStated>,
    builds_on_marks: bool,
) -> Map<String, EventStated> {
    let taken_over = |(code, event): &(&String, &EventStated)| builds_on_marks || !pack.is_bonus(code, event);
    let plain =
        |(code, event): (&String, &EventStated)| (code.clone(), EventStated { reason: String::new(), ..event.clone() });
    let mut events: Map<_, _> = own.events.iter().filter(taken_over).map(plain).collect();
    events.extend(before.clone());
    events.extend(draft::events(fields));
    for (code, event) in &mut events {
        // Both say the same again, so its reason no longer applies.
        if event.says_as(own.events.get(code)) {
            event.reason.clear();
        }
    }
    // What nobody stated and nobody states is not mentioned.
    events.retain(|code, event| event.count > 0 || own.events.contains_key(code));
    events
}

/// Whether what the person stated is not answered yet.
pub(super) fn waits(own: &SelfScore, appraisal: &Appraisal, code: &str) -> bool {
    own.events.get(code).is_some_and(|event| event.count > 0) && !appraisal.events.contains_key(code)
}

/// The section. Nothing where the pack asks for no events.
#[component]
pub(super) fn Events(sheet: Sheet, appraisal: Memo<Appraisal>) -> impl IntoView {
    let mut rules: Vec<&'static EventRule> = sheet.pack.events_asked(sheet.role).collect();
    let stated = untrack(|| {
        let (own, mine) = (sheet.own.read(), appraisal.read());
        own.events.keys().chain(mine.events.keys()).cloned().collect::<Vec<_>>()
    });
    // What somebody stated comes first. This is decided once: a row must not move under the finger.
    rules.sort_by_key(|rule| !stated.contains(&rule.code));
    (!rules.is_empty()).then(|| {
        let rows = rules.into_iter().map(|rule| view! { <Row sheet=sheet rule=rule appraisal=appraisal /> });
        section(!stated.is_empty(), t::special::events_hint_above(), rows.collect_view().into_any())
    })
}

#[component]
fn Row(sheet: Sheet, rule: &'static EventRule, appraisal: Memo<Appraisal>) -> impl IntoView {
    let code = &rule.code;
    let own = Memo::new(move |_| sheet.own.with(|own| own.events.get(code).cloned()));
    let said = move || {
        let words = event_words(Some(&own.get()?));
        let evidence = own.get()?.evidence;
        let words = if evidence.is_empty() { words } else { format!("{words} – {evidence}") };
        Some(if sheet.builds_on_marks() { t::special::event_before(&words) } else { t::special::event_own(&words) })
    };
    // As typed: the texts of the appraisal have lost the blanks around them.
    let value = Memo::new(move |_| {
        sheet
            .draft
            .event(code)
            .or_else(|| appraisal.with(|appraisal| appraisal.events.get(code).cloned()))
            .unwrap_or_default()
    });
    let put = Callback::new(move |event| sheet.draft.put_event(code, event));
    let is_claim = untrack(|| own.get()).is_some_and(|own| sheet.pack.is_bonus(code, &own));
    let answered = Memo::new(move |_| !is_claim || appraisal.with(|mine| mine.events.contains_key(code)));
    let period = sheet.key.with_value(|key| key.period);
    view! {
        <article class="criterion" data-testid=format!("event-{code}-row")>
            <div class="stack tight">
                {heading(sheet.pack, rule)}
                <p class="small">{said}</p>
                {is_claim.then(|| view! { <Answer sheet=sheet rule=rule own=own value=value answered=answered put=put /> })}
            </div>
            {move || answered.get().then(|| view! {
                <EventFields rule=rule period=period value=value put=put closed=sheet.closed />
            })}
            <Reason sheet=sheet rule=rule own=own value=value answered=answered put=put />
        </article>
    }
}

/// The answer to what the person claims in the own favour.
#[component]
fn Answer(
    sheet: Sheet,
    rule: &'static EventRule,
    own: Memo<Option<EventStated>>,
    value: Memo<EventStated>,
    answered: Memo<bool>,
    put: Callback<EventStated>,
) -> impl IntoView {
    let name = format!("event-{}", rule.code);
    let choice = |confirms: bool, suffix: &str, words: &'static str| {
        let chosen = move || answered.get() && value.with(|event| (event.count > 0) == confirms);
        let choose = move |_| {
            let reason = value.get_untracked().reason;
            let claimed = own.get_untracked().unwrap_or_default();
            put.run(match confirms {
                true => EventStated { reason, ..claimed },
                false => EventStated { reason, evidence: claimed.evidence, day: claimed.day, ..EventStated::default() },
            });
        };
        view! {
            <label class="choice">
                <input type="radio" name=format!("{name}-answer") data-testid=format!("{name}-{suffix}")
                    disabled=sheet.closed prop:checked=chosen on:change=choose />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="stack tight">
            <legend class="unseen">{rule.title.get(language())}</legend>
            {choice(true, "confirm", t::special::event_confirm())}
            {choice(false, "refuse", t::special::event_refuse())}
        </fieldset>
    }
}

/// Why the superior states something else; asked for as soon as it differs.
#[component]
fn Reason(
    sheet: Sheet,
    rule: &'static EventRule,
    own: Memo<Option<EventStated>>,
    value: Memo<EventStated>,
    answered: Memo<bool>,
    put: Callback<EventStated>,
) -> impl IntoView {
    let differs = Memo::new(move |_| answered.get() && !value.with(|event| event.says_as(own.read().as_ref())));
    let reason = Signal::derive(move || value.with(|event| event.reason.clone()));
    let change = Callback::new(move |reason: String| put.run(EventStated { reason, ..value.get_untracked() }));
    let label = t::special::event_reason(rule.title.get(language()));
    let id = format!("reason-event-{}", rule.code);
    move || {
        let (id, label) = (id.clone(), label.clone());
        differs.get().then(|| {
            view! {
                <div class="field reason">
                    <label for=id.clone()>{label.clone()}</label>
                    <TextField name=id label=label value=reason max=NOTE_CHARS_MAX short=true required=true
                        on_change=change disabled=sheet.closed />
                </div>
            }
        })
    }
}
