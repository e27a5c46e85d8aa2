//! Faults that are found after a result was decided: those recorded on a card, the dialog that records one, and those of
//! earlier periods that count on a card.
//!
//! Test ids: `faults-HANDLE`, `record-fault-HANDLE`, `fault-rule`, `fault-wrong`, `lift-fault`, `confirm`, `faults-borne`, and
//! those of an event.

use leptos::prelude::*;
use shared::ids::{OpId, StepPlace};
use shared::op::{CardKey, EventStated, Fault, Payload};
use shared::pack::{self, EventRule};
use shared::state::{State, fault_counts_in};

use super::events::{EventFields, event_words, heading};
use super::in_turn::InTurn;
use super::roster;
use crate::components::{AskReason, Dialog, FieldError, Icon, icon};
use crate::i18n::{language, lowered, period_name, t};
use crate::state::Workspace;

/// A fault as it is listed.
#[derive(Clone, PartialEq)]
struct Recorded {
    op: OpId,
    what: String,
    by: String,
    costs: String,
    may_lift: bool,
}

/// What happened, how often, and what shows it.
pub(super) fn fault_words(key: &CardKey, fault: &Fault) -> String {
    let rule = pack::pinned(&key.pack).and_then(|pack| pack.event(&fault.code));
    let title = rule.map_or(fault.code.as_str(), |rule| rule.title.get(language()));
    let day = fault.event.day.map(|day| day.vietnamese());
    let parts = [Some(event_words(Some(&fault.event))), day, Some(fault.event.evidence.clone())];
    format!("{title}: {}", parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

fn recorded(state: &State, key: &CardKey) -> Vec<Recorded> {
    let me = Workspace::get().person().get().map(|me| me.person);
    let Some(card) = state.card(key) else { return Vec::new() };
    let one = |(version, fault): (&shared::card::Version, &Fault)| Recorded {
        op: version.op,
        what: fault_words(key, fault),
        by: t::fault::by(&roster::name(&state.org, version.actor), &version.at.at.day().vietnamese()),
        costs: match fault_counts_in(key, version, fault) {
            None => t::fault::made_anew().to_owned(),
            Some(period) => t::fault::counts_in(&lowered(&period_name(period))),
        },
        may_lift: me.is_some_and(|me| state.may_lift_fault(key, me, fault)),
    };
    card.faults().map(one).collect()
}

/// The faults recorded on a card. Whoever decides on it records another, or lifts one.
#[component]
pub(super) fn Faults(key: CardKey, handle: String, acts: InTurn) -> impl IntoView {
    let workspace = Workspace::get();
    let stored = StoredValue::new(key);
    let list = Memo::new(move |_| workspace.with_view(|state| stored.with_value(|key| recorded(state, key))));
    let open = Memo::new(move |_| {
        let me = workspace.person().get()?.person;
        let may = workspace.with_view(|state| stored.with_value(|key| !state.faults_to_record(key, me).is_empty()));
        (may && workspace.health().with(|health| health.read_only.is_none())).then_some(())
    });
    let recording = RwSignal::new(false);
    let row = move |fault: Recorded| view! { <FaultRow fault=fault key=stored acts=acts /> };
    let (listed, button) = (format!("faults-{handle}"), format!("record-fault-{handle}"));
    view! {
        {move || (!list.read().is_empty()).then(|| view! {
            <section class="notice care" data-testid=listed.clone()><div class="stack tight">
                <p class="strong">{icon(Icon::Warning)}" "{t::fault::title()}</p>
                {list.get().into_iter().map(row).collect_view()}
            </div></section>
        })}
        {move || open.get().map(|()| view! {
            <div class="row end no-print">
                <button type="button" data-testid=button.clone() on:click=move |_| recording.set(true)>{t::fault::record()}</button>
            </div>
        })}
        <Dialog open=recording title=t::fault::record()><Recording key=stored open=recording acts=acts /></Dialog>
    }
}

#[component]
fn FaultRow(fault: Recorded, key: StoredValue<CardKey>, acts: InTurn) -> impl IntoView {
    let lifting = RwSignal::new(false);
    let op = fault.op;
    let lift = Callback::new(move |reason| {
        acts.run(vec![(key.get_value(), Payload::LiftFault { fault: op, reason })]);
    });
    view! {
        <div class="row between">
            <div class="stack tight">
                <p>{fault.what}</p>
                <p class="small quiet">{format!("{} · {}", fault.costs, fault.by)}</p>
            </div>
            {fault.may_lift.then(|| view! {
                <button type="button" class="plain no-print" data-testid="lift-fault" on:click=move |_| lifting.set(true)>{t::fault::lift()}</button>
                <AskReason open=lifting title=t::fault::lift() hint=t::fault::lift_hint() action=t::fault::lift() on_reason=lift />
            })}
        </div>
    }
}

/// The fields of a fault. Nothing is signed before it has what shows it.
#[component]
fn Recording(key: StoredValue<CardKey>, open: RwSignal<bool>, acts: InTurn) -> impl IntoView {
    let workspace = Workspace::get();
    let rules: Vec<(&'static EventRule, Option<StepPlace>)> = untrack(|| {
        let me = workspace.person().get().map(|me| me.person);
        let of = |state: &State| me.map(|me| key.with_value(|key| state.faults_to_record(key, me)));
        workspace.with_view(of).unwrap_or_default()
    });
    let chosen = RwSignal::new(0_usize);
    let event = RwSignal::new(EventStated { count: 1, ..EventStated::default() });
    let wrong = RwSignal::new(None::<String>);
    let rules = StoredValue::new(rules);
    let rule = move || rules.with_value(|rules| rules.get(chosen.get()).copied());
    let submit = move |submitted: leptos::ev::SubmitEvent| {
        submitted.prevent_default();
        // The rest of a text is taken when its field is left.
        workspace.finish_typing();
        let Some((rule, reopens)) = untrack(rule) else { return };
        let stated = event.get_untracked();
        if stated.count == 0 || stated.evidence.trim().is_empty() {
            return wrong.set(Some(t::fault::evidence_missing().to_owned()));
        }
        open.set(false);
        let fault = Fault { code: rule.code.clone(), event: stated, reopens };
        acts.run(vec![(key.get_value(), Payload::RecordFault(fault))]);
    };
    view! {
        <form class="stack" on:submit=submit>
            <Which rules=rules chosen=chosen />
            {move || rule().map(|(rule, reopens)| view! { <Stated key=key rule=rule anew=reopens.is_some() event=event /> })}
            <FieldError id="fault-wrong" message=wrong />
            <div class="row end">
                <button type="button" on:click=move |_| open.set(false)>{t::common::cancel()}</button>
                <button type="submit" class="main" data-testid="confirm">{t::fault::sign()}</button>
            </div>
        </form>
    }
}

/// The choice between the faults that the text names; nothing where it names one.
#[component]
fn Which(rules: StoredValue<Vec<(&'static EventRule, Option<StepPlace>)>>, chosen: RwSignal<usize>) -> impl IntoView {
    let options = rules.with_value(|rules| {
        let option = |(place, (rule, _)): (usize, &(&'static EventRule, Option<StepPlace>))| {
            let selected = move || chosen.get() == place;
            view! { <option value=place.to_string() prop:selected=selected>{rule.title.get(language())}</option> }
        };
        (rules.len() > 1).then(|| rules.iter().enumerate().map(option).collect_view())
    });
    options.map(|options| {
        view! {
            <div class="field">
                <label for="fault-rule">{t::fault::which()}</label>
                <select id="fault-rule" data-testid="fault-rule"
                    on:change:target=move |event| chosen.set(event.target().value().parse().unwrap_or_default())>{options}</select>
            </div>
        }
    })
}

#[component]
fn Stated(
    key: StoredValue<CardKey>,
    rule: &'static EventRule,
    anew: bool,
    event: RwSignal<EventStated>,
) -> impl IntoView {
    let (period, pack) = key.with_value(|key| (key.period, pack::pinned(&key.pack)));
    let value = Memo::new(move |_| event.get());
    let put = Callback::new(move |stated| event.set(stated));
    view! {
        {pack.map(|pack| heading(pack, rule))}
        <p class="hint">{if anew { t::fault::hint_anew() } else { t::fault::hint_found() }}</p>
        <EventFields rule=rule period=period value=value put=put closed=false />
    }
}

/// Faults of earlier periods that count on a card, so that nobody finds points missing without a reason.
#[component]
pub(super) fn FaultsBorne(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let rows = Memo::new(move |_| {
        workspace.with_view(|state| {
            let row = |(other, fault): (&CardKey, &Fault)| {
                let whose = (other.subject != key.subject).then(|| roster::name(&state.org, other.subject));
                let of = [Some(period_name(other.period)), whose].into_iter().flatten().collect::<Vec<_>>().join(", ");
                format!("{of}: {}", fault_words(other, fault))
            };
            state.faults_on(&key).into_iter().map(row).collect::<Vec<_>>()
        })
    });
    move || {
        let rows = rows.get();
        (!rows.is_empty()).then(|| {
            view! {
                <div class="notice care" data-testid="faults-borne"><div class="stack tight">
                    <p class="strong">{icon(Icon::Warning)}" "{t::fault::borne()}</p>
                    {rows.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
                </div></div>
            }
        })
    }
}
