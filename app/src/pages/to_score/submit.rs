//! The buttons to accept, to submit differences, to send back, and to go on to the next person.

use leptos::either::Either;
use leptos::prelude::*;
use shared::ids::PersonId;
use shared::op::{Appraisal, Payload, Stage, Target};
use shared::state::Marking;

use super::model::QueueRow;
use super::sheet::Sheet;
use crate::components::{Actions, AskReason, Icon, icon, led_to_wrong_field};
use crate::i18n::t;
use crate::route::Address;
use crate::screens::Screen;
use crate::state::Workspace;

#[component]
pub(super) fn Foot(
    sheet: Sheet,
    appraisal: Memo<Appraisal>,
    missing: Memo<usize>,
    rows: Memo<Vec<QueueRow>>,
) -> impl IntoView {
    let returning = RwSignal::new(false);
    let differences = Memo::new(move |_| sheet.differences(&appraisal.read()));
    let unreasoned = Memo::new(move |_| sheet.unreasoned(&appraisal.read()));
    let stage = sheet.stage;
    let done = move || sheet.marking.get().is_some_and(|marking| marking.done);
    let new = move || !done() || appraisal.with(|mine| *mine != *sheet.before.read());
    let open = move || !sheet.closed.get();
    let unanswered = Memo::new(move |_| sheet.unanswered(&appraisal.read()));
    let left = move || missing.get() + unreasoned.get() + unanswered.get();
    let may_submit = move || open() && left() == 0 && new();
    let may_return = move || open() && stage.get() >= Stage::SelfScored && sheet.may_send_back();
    let submit_words = move || if sheet.alone.get() { t::to_score::submit_alone() } else { t::to_score::submit() };
    let accept_words =
        move || if sheet.builds_on_marks() { t::to_score::accept_before() } else { t::to_score::accept_all() };
    let address = Address::get();
    let workspace = Workspace::get();
    let wrong = Memo::new(move |_| sheet.key.with_value(|key| workspace.first_wrong(Some(key))));
    let may_press = move || may_submit() || open() && wrong.read().is_some();
    let go = move || {
        if !led_to_wrong_field(address, &sheet.key.get_value()) {
            submit(sheet, appraisal);
        }
    };
    let sum = move || match (unanswered.get(), unreasoned.get(), differences.get()) {
        _ if missing.get() > 0 => t::self_score::left(missing.get()),
        (0, 0, 0) => String::new(),
        (0, 0, _) if sheet.alone.get() => String::new(),
        (0, 0, differences) if sheet.builds_on_marks() => t::to_score::differences_before(differences),
        (0, 0, differences) => t::to_score::differences(differences),
        (0, unreasoned, _) => t::to_score::unreasoned(unreasoned),
        (unanswered, ..) => t::to_score::unanswered(unanswered),
    };
    view! {
        <Actions>
            <span class="sum" aria-live="polite">{move || open().then(|| match wrong.get() {
                Some((_, wrong)) => t::self_score::wrong(&wrong.label),
                None => sum(),
            })}</span>
            <button type="button" data-testid="return-card" disabled=move || !may_return() on:click=move |_| returning.set(true)>
                {t::to_score::send_back()}
            </button>
            <Next sheet=sheet rows=rows />
            {move || if differences.get() == 0 && !sheet.alone.get() { Either::Left(view! {
                <button type="button" class="main" data-testid="accept-all" disabled=move || !may_press()
                    on:click=move |_| go()>{icon(Icon::Tick)}{accept_words}</button>
            }) } else { Either::Right(view! {
                <button type="button" class="main" data-testid="submit-appraisal" disabled=move || !may_press()
                    on:click=move |_| go()>{icon(Icon::Tick)}{submit_words}</button>
            }) }}
        </Actions>
        <AskReason open=returning title=t::to_score::send_back() hint=t::to_score::send_back_hint()
            action=t::to_score::send_back() on_reason=Callback::new(move |reason| send_back(sheet, reason)) />
    }
}

/// The next person who waits after this one. After the last, it starts from the top.
fn next_person(rows: &[QueueRow], here: PersonId) -> Option<PersonId> {
    let place = rows.iter().position(|row| row.key.person == here).map_or(0, |place| place + 1);
    let after = rows.iter().cycle().skip(place).take(rows.len());
    let mut waiting = after.filter(|row| row.waits() && row.key.person != here);
    waiting.next().map(|row| row.key.person)
}

#[component]
fn Next(sheet: Sheet, rows: Memo<Vec<QueueRow>>) -> impl IntoView {
    let address = Address::get();
    let next = Memo::new(move |_| rows.with(|rows| next_person(rows, sheet.key.with_value(|key| key.person))));
    let go = move |_| {
        if let Some(person) = next.get_untracked() {
            address.go(&Screen::ToScore.path_of(person));
        }
    };
    view! {
        <button type="button" data-testid="next-person" disabled=move || next.get().is_none() on:click=go>
            {t::to_score::next()}{icon(Icon::Forward)}
        </button>
    }
}

fn submit(sheet: Sheet, appraisal: Memo<Appraisal>) {
    let workspace = Workspace::get();
    let target = Target::Card(sheet.key.get_value());
    let appraisal = appraisal.get_untracked();
    let Some(Marking { step, apart, .. }) = sheet.marking.get_untracked() else { return };
    let act = if apart { Payload::FillSlot(step, appraisal) } else { Payload::Appraise(step, appraisal) };
    workspace.see_through(async move {
        let result = workspace.act(target, act).await;
        let _ = sheet.error.try_set(result.err());
    });
}

fn send_back(sheet: Sheet, reason: String) {
    let workspace = Workspace::get();
    let target = Target::Card(sheet.key.get_value());
    workspace.see_through(async move {
        let result = workspace.act(target, Payload::ReturnCard { to: Stage::Working, reason }).await;
        let _ = sheet.error.try_set(result.err());
    });
}
