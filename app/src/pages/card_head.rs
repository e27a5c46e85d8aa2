//! What stands above the person's own card: its steps, that it was sent back, that the person is not assessed. Drawn by the
//! daily chunk.

use leptos::prelude::*;
use shared::op::CardKey;

use super::absence::AbsenceNotice;
use super::returned::Returned;
use super::steps::CardSteps;

#[component]
pub(crate) fn CardHead(key: CardKey) -> impl IntoView {
    view! {
        <CardSteps key=key.clone() />
        <Returned key=key.clone() />
        <AbsenceNotice key=key />
    }
}
