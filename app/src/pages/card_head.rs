//! What stands above the person's own card: its steps, that it was sent back, work after the cut-off, marks under earlier
//! rules, that the person is not assessed. Drawn by the daily chunk.

use leptos::prelude::*;
use shared::op::CardKey;

use super::absence::AbsenceNotice;
use super::carry::{AfterCutOff, Carry, SetAside};
use super::returned::Returned;
use super::steps::CardSteps;

#[component]
pub(crate) fn CardHead(key: CardKey) -> impl IntoView {
    view! {
        <CardSteps key=key.clone() />
        <Returned key=key.clone() />
        <Carry key=key.clone() />
        <AfterCutOff key=key.clone() />
        <SetAside key=key.clone() />
        <AbsenceNotice key=key />
    }
}
