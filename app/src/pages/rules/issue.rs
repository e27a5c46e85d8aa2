//! "Ban hành cho đơn vị": a person who may adopt lets a unit live by the pack that was completed here. The pack is kept on
//! this device and the adoption signed; both are sent when there is a link.
//!
//! Test ids: `issue`, `issue-unit`, `issue-number`, `issue-day`, `issue-from`, `issue-role-ID`, `issue-option-ID`,
//! `issue-end-others`, `issue-changes`, `issue-refused`, `confirm`, `issued`.

use std::sync::Arc;

use leptos::prelude::*;
use shared::ids::UnitId;
use shared::op::{Detail, Payload, Refusal, RefusalCode, Target};
use shared::pack::Pack;
use shared::sorted_map::Map;
use shared::time::{Day, DayMisread, Period};

use super::entries;
use super::issue_fields::Fields;
use super::issuing::{self, Choice};
use crate::components::{ActNotice, Dialog, FieldError, Icon, icon};
use crate::i18n::{refusal, t};
use crate::state::{ActError, Workspace};

/// What is entered in the dialog.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) pack: StoredValue<Arc<Pack>>,
    pub(super) unit: RwSignal<Option<UnitId>>,
    pub(super) number: RwSignal<String>,
    pub(super) day: RwSignal<String>,
    pub(super) from: RwSignal<Period>,
    pub(super) roles: RwSignal<Vec<bool>>,
    pub(super) options: RwSignal<Map<String, String>>,
    pub(super) ends_others: RwSignal<bool>,
    /// The field in which something is missing or wrong, with what is allowed.
    pub(super) wrong: RwSignal<Option<(&'static str, String)>>,
}

impl Draft {
    fn of(pack: Pack, unit: Option<UnitId>, today: Day) -> Self {
        Self {
            unit: RwSignal::new(unit),
            number: RwSignal::new(String::new()),
            day: RwSignal::new(String::new()),
            from: RwSignal::new(Period::month_of(today).next()),
            roles: RwSignal::new(vec![true; pack.roles.len()]),
            options: RwSignal::new(Map::new()),
            ends_others: RwSignal::new(true),
            wrong: RwSignal::new(None),
            pack: StoredValue::new(Arc::new(pack)),
        }
    }

    /// The choice, if all of it is there. Else the field in which something is missing says so.
    fn choice(self, today: Day) -> Option<Choice> {
        let number = self.number.get_untracked().trim().to_owned();
        let day = match Day::read_written(&self.day.get_untracked(), Period::month_of(today)) {
            Ok(day) | Err(DayMisread::Outside(day)) => Some(day),
            Err(_) => None,
        };
        let roles = self.roles.get_untracked();
        let wrong = if number.is_empty() {
            Some(("number", t::rules::issue_number_missing().to_owned()))
        } else if day.is_none() {
            Some(("day", t::rules::issue_day_wrong(&today.vietnamese())))
        } else if !roles.contains(&true) {
            Some(("roles", t::rules::issue_no_role().to_owned()))
        } else {
            None
        };
        self.wrong.set(wrong.clone());
        if wrong.is_some() {
            return None;
        }
        Some(Choice {
            unit: self.unit.get_untracked()?,
            decision: t::rules::issue_decision(&number, &day?.vietnamese()),
            from: self.from.get_untracked(),
            roles,
            options: self.options.get_untracked(),
            ends_others: self.ends_others.get_untracked(),
        })
    }
}

/// The button, for a person who may adopt, and its dialog. Anybody else reads who may.
#[component]
pub(super) fn Issue(template: Arc<Pack>) -> impl IntoView {
    let workspace = Workspace::get();
    let template = StoredValue::new(template);
    let units = Memo::new(move |_| {
        let me = workspace.person().get().map(|known| known.person);
        me.map(|me| workspace.with_view(|state| issuing::units(state, me, workspace.today()))).unwrap_or_default()
    });
    let (open, issued) = (RwSignal::new(false), RwSignal::new(false));
    let dialog = move || {
        let whole = template.with_value(|template| entries::whole(template))?;
        let draft = Draft::of(whole, units.read_untracked().first().map(|(unit, _)| *unit), workspace.today());
        Some(view! { <Form draft=draft units=units open=open issued=issued /> })
    };
    view! {
        <p role="status" class="strong" data-testid="issued">
            {move || issued.get().then(|| view! { {icon(Icon::Tick)}" "{t::rules::issued()} })}
        </p>
        {move || if units.read().is_empty() {
            view! { <p class="quiet">{t::rules::issue_who()}</p> }.into_any()
        } else {
            view! {
                <div class="row end"><button type="button" class="main" data-testid="issue"
                    on:click=move |_| open.set(true)>{t::rules::issue()}</button></div>
            }.into_any()
        }}
        <Dialog open=open title=t::rules::issue() wide=true>{dialog()}</Dialog>
    }
}

/// A refusal in words. The days are those of rules, not those of a decision on a card.
fn words(found: &Refusal) -> String {
    match (found.code, &*found.allowed) {
        (RefusalCode::TooEarly, Detail::Day(day)) => t::rules::issue_too_early(&day.vietnamese()),
        (RefusalCode::NotInForce, Detail::Day(day)) => t::rules::issue_not_in_force(&day.vietnamese()),
        _ => refusal(found),
    }
}

#[component]
fn Form(
    draft: Draft,
    units: Memo<Vec<(UnitId, String)>>,
    open: RwSignal<bool>,
    issued: RwSignal<bool>,
) -> impl IntoView {
    let workspace = Workspace::get();
    let (refused, error) = (RwSignal::new(None::<(Period, Refusal)>), RwSignal::new(None::<ActError>));
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let today = workspace.today();
        let (Some(choice), Some(me)) = (draft.choice(today), workspace.person().get_untracked()) else { return };
        let pack = draft.pack.get_value();
        // Adopting a pack needs the pack itself, so it is made known before it is kept.
        let bytes = pack.to_bytes();
        let _ = shared::pack::learn(&bytes);
        let acts = untrack(|| workspace.with_view(|state| issuing::acts(state, me.person, &pack, &choice, today)));
        refused.set(acts.as_ref().err().map(|refusal| (choice.from, refusal.clone())));
        let Ok(acts) = acts else { return };
        busy.set(true);
        workspace.see_through(async move {
            let mut failed = workspace.keep_pack(&bytes).await.err();
            for adoption in acts {
                if failed.is_none() {
                    failed = workspace.act(Target::Org, Payload::AdoptPack(adoption)).await.err();
                }
            }
            let _ = busy.try_set(false);
            if failed.is_none() {
                let _ = issued.try_set(true);
                let _ = open.try_set(false);
            }
            let _ = error.try_set(failed);
        });
    };
    // It stands until another month is chosen.
    let why = Signal::derive(move || {
        let (_, refusal) = refused.get().filter(|(from, _)| *from == draft.from.get())?;
        Some(words(&refusal))
    });
    view! {
        <form class="stack" on:submit=submit>
            <Fields draft=draft units=units />
            <div data-testid="issue-refused"><FieldError id="issue-refused" message=why /></div>
            <ActNotice error=error />
            <div class="row end">
                <button type="button" on:click=move |_| open.set(false)>{t::common::cancel()}</button>
                <button type="submit" class="main" data-testid="confirm" disabled=busy>{t::rules::issue_sign()}</button>
            </div>
        </form>
    }
}
