//! "Not assessed in this period" ("Không đánh giá kỳ này"): a superior or a personnel officer records it, and takes it
//! back with a reason.
//!
//! Test ids: `absence-ID`, `absence-record-ID`, `absence-lift-ID`, `absence-CAUSE`, `absence-note`, `confirm`,
//! `reason`.

use leptos::prelude::*;
use shared::card::{Card, Version};
use shared::op::{Absence, CardKey, Payload, Register, Stage, Target};
use shared::state::State;
use shared::work::AbsenceCause;

use super::roster;
use crate::components::{ActNotice, AskReason, Dialog, FieldError, Icon, Tone, icon, tag};
use crate::i18n::{clock_text, language, t};
use crate::state::{ActError, Workspace};

/// "Không đánh giá: nghỉ ốm" as a chip.
pub(super) fn absence_tag(absence: &Absence) -> AnyView {
    tag(Tone::Here, Icon::Info, words(absence))
}

/// "Không đánh giá: nghỉ ốm".
pub(super) fn words(absence: &Absence) -> String {
    t::absence::because(absence.words(language()))
}

/// What the screen shows of a card's absence.
#[derive(Clone, PartialEq, Eq)]
struct Recorded {
    words: String,
    note: String,
    by: String,
}

impl Recorded {
    fn of(state: &State, key: &CardKey) -> Option<Self> {
        let card = state.card(key)?;
        let absence = card.absence()?;
        let by = |version: &Version| {
            let when = clock_text(version.at.at, Workspace::get().now());
            t::absence::by(&roster::name(&state.org, version.actor), &when)
        };
        Some(Self {
            words: words(absence),
            note: if absence.cause == AbsenceCause::Other { String::new() } else { absence.note.clone() },
            by: card.current(&Register::Absence).map(by).unwrap_or_default(),
        })
    }
}

/// Shows the recorded absence of a card.
#[component]
pub(super) fn AbsenceNotice(key: CardKey) -> impl IntoView {
    let person = key.subject;
    let recorded = Memo::new(move |_| Workspace::get().with_view(|state| Recorded::of(state, &key)));
    view! {
        {move || recorded.get().map(|recorded| view! {
            <div class="notice care" data-testid=format!("absence-{person}")>
                {icon(Icon::Info)}
                <div>
                    <p class="strong">{recorded.words}</p>
                    <p>{recorded.note}</p>
                    <p class="small quiet">{recorded.by}</p>
                </div>
            </div>
        })}
    }
}

/// Shows the recorded absence of a card. A person who may change it also gets the buttons that record it and take it
/// back.
#[component]
pub(super) fn AbsenceOf(key: CardKey) -> impl IntoView {
    let workspace = Workspace::get();
    let person = key.subject;
    let name = untrack(|| workspace.with_view(|state| roster::name(&state.org, person)));
    let stored = StoredValue::new(key.clone());
    let with_card = move |read: fn(&Card) -> bool| {
        workspace.with_view(|state| stored.with_value(|key| state.card(key).is_some_and(read)))
    };
    let absent = Memo::new(move |_| with_card(|card| card.absence().is_some()));
    let may = Memo::new(move |_| {
        let Some(me) = workspace.person().get() else { return false };
        let entitled = workspace.with_view(|state| stored.with_value(|key| state.may_record_absence(key, me.person)));
        let decided = with_card(|card| card.stage() >= Stage::Approved);
        entitled && !decided && workspace.health().with(|health| health.read_only.is_none())
    });
    let (recording, lifting) = (RwSignal::new(false), RwSignal::new(false));
    let error = RwSignal::new(None::<ActError>);
    let act = move |payload: Payload| {
        let target = Target::Card(stored.get_value());
        workspace.see_through(async move {
            let _ = error.try_set(workspace.act(target, payload).await.err());
        });
    };
    let button = move || {
        let (name, words, open) = match absent.get() {
            true => ("lift", t::absence::lift(), lifting),
            false => ("record", t::absence::record(), recording),
        };
        view! {
            <div class="row"><button type="button" data-testid=format!("absence-{name}-{person}")
                on:click=move |_| open.set(true)>{words}</button></div>
        }
    };
    view! {
        <AbsenceNotice key=key />
        {move || may.get().then(button)}
        <ActNotice error=error />
        <Record open=recording name=name on_absence=Callback::new(move |absence| act(Payload::RecordAbsence(absence))) />
        <AskReason open=lifting title=t::absence::lift() hint=t::absence::lift_hint() action=t::absence::lift()
            on_reason=Callback::new(move |reason| act(Payload::LiftAbsence { reason })) />
    }
}

/// The dialog that asks for the cause.
#[component]
fn Record(open: RwSignal<bool>, name: String, on_absence: Callback<Absence>) -> impl IntoView {
    let cause = RwSignal::new(None::<AbsenceCause>);
    let note = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let words = note.get_untracked().trim().to_owned();
        match cause.get_untracked() {
            None => wrong.set(Some(t::absence::cause_missing().to_owned())),
            Some(AbsenceCause::Other) if words.is_empty() => wrong.set(Some(t::absence::note_missing().to_owned())),
            Some(cause) => {
                wrong.set(None);
                open.set(false);
                on_absence.run(Absence { cause, note: words });
            }
        }
    };
    let choice = move |one: AbsenceCause| {
        view! {
            <label class="choice">
                <input type="radio" name="absence-cause" data-testid=format!("absence-{}", one.word())
                    prop:checked=move || cause.get() == Some(one) on:change=move |_| cause.set(Some(one)) />
                <span>{in_sentence_case(one.name(language()))}</span>
            </label>
        }
    };
    let choices = move || AbsenceCause::ALL.map(choice).collect_view();
    view! {
        <Dialog open=open title=t::absence::title(&name)>
            <form class="stack" on:submit=submit>
                <p>{t::absence::hint()}</p>
                <fieldset class="stack tight">
                    <legend>{t::common::reason()}</legend>
                    {choices()}
                </fieldset>
                <div class="field">
                    <label for="absence-note">{t::field::note()}</label>
                    <input id="absence-note" data-testid="absence-note" type="text" maxlength="2000" autocomplete="off"
                        aria-describedby="absence-error" prop:value=note
                        on:input:target=move |event| note.set(event.target().value()) />
                    <FieldError id="absence-error" message=Signal::derive(move || wrong.get()) />
                </div>
                <div class="row end">
                    <button type="button" on:click=move |_| open.set(false)>{t::common::cancel()}</button>
                    <button type="submit" class="main" data-testid="confirm">{t::absence::record()}</button>
                </div>
            </form>
        </Dialog>
    }
}

/// `words` with a capital first letter.
fn in_sentence_case(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
