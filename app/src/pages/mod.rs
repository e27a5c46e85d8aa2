//! The screens, one file or folder each. Each lists its own `data-testid`s. The frame has `nav-my-month`,
//! `nav-self-score`, `nav-to-score`, `nav-approve`, `nav-unit-month`, `nav-year`, `nav-rules`, `nav-sync`,
//! `nav-settings`, `period`, `period-previous`, `period-next`, `save-state`, `link-state`, `offline`, `clock-wrong`,
//! `next-step`, `person-name`, `confirm`, `reason`, `undo`, `act-error`, `total`, `class`, `why`.

mod absence;
mod approve;
mod beside;
mod card_head;
mod events;
mod form;
mod in_turn;
mod my_month;
mod password;
mod quota;
mod returned;
mod roster;
mod rules;
mod self_score;
mod settings;
mod sign_in;
mod special;
mod steps;
mod sync;
mod team;
mod to_score;
mod unit_month;
mod units;
mod without;
mod work;
mod year;

use leptos::prelude::*;
use shared::op::CardKey;
use shared::procedure::Act;

pub use approve::Approve;
pub use beside::Published;
pub(crate) use card_head::CardHead;
pub use my_month::MyMonth;
pub(crate) use my_month::SameAsLastMonth;
pub use quota::QuotaScreen;
pub use rules::{Rules, whole_pack};
pub use self_score::SelfScorePage;
pub(crate) use self_score::{OwnStatements, Sheet as OwnSheet, Waiting};
pub use settings::{Settings, restore as restore_settings};
pub use sign_in::SignIn;
pub use sync::SyncPage;
pub use to_score::ToScore;
pub use unit_month::UnitMonth;
pub(crate) use work::{LineFields, LineHandle, Month};
pub use year::Year;

use crate::state::Workspace;

/// Whether an act on a card may be done today by this device's clock. The server judges by its own clock.
fn is_open(key: &CardKey, act: Act) -> bool {
    let workspace = Workspace::get();
    workspace.with_view(|state| state.is_open(key, act, workspace.today()))
}

/// The card of the signed-in person for the shown period.
fn own_card() -> Memo<Option<CardKey>> {
    let workspace = Workspace::get();
    Memo::new(move |_| {
        let person = workspace.person().get()?.person;
        let period = workspace.period().get();
        workspace.with_view(|state| state.card_key(person, period))
    })
}
