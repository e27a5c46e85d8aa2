//! The screens, one file or folder each. Each lists its own `data-testid`s. The frame has `nav-my-month`,
//! `nav-self-score`, `nav-to-score`, `nav-approve`, `nav-unit-month`, `nav-year`, `nav-rules`, `nav-sync`,
//! `nav-settings`, `period`, `period-previous`, `period-next`, `save-state`, `link-state`, `offline`, `clock-wrong`,
//! `next-step`, `person-name`, `confirm`, `reason`, `undo`, `act-error`, `total`, `class`, `why`.

mod absence;
mod answer;
mod approve;
mod beside;
mod card_head;
mod carry;
mod decided;
mod document;
mod events;
mod faults;
mod folded;
mod form;
mod in_turn;
mod my_month;
mod password;
mod position;
mod products;
mod quota;
mod returned;
mod roster;
mod rules;
mod said;
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
mod voices;
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
pub(crate) use voices::{Heard, Objections, ToSayList};
pub(crate) use work::{LineFields, LineHandle, Month, WorkLevel};
pub use year::Year;

use crate::state::Workspace;

/// Whether an act on a card may be done today by this device's clock. The server judges by its own clock.
fn is_open(key: &CardKey, act: Act) -> bool {
    let workspace = Workspace::get();
    workspace.with_view(|state| state.is_open(key, act, workspace.today()))
}

/// The card of the signed-in person that is shown.
fn own_card() -> Memo<Option<CardKey>> {
    Memo::new(|_| Workspace::get().own_card())
}
