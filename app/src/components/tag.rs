//! Chips that show a state in words with an icon; the colour only repeats them.

use leptos::prelude::*;
use shared::op::Stage;

use super::icon::{Icon, icon};
use crate::i18n::stage_name;

/// The colour of a state.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// On this device only, or not begun. Neutral.
    Here,
    /// Under way, or received.
    Sent,
    /// Done, or safe.
    Safe,
    /// Someone must look at it.
    Care,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Here => "tag",
            Self::Sent => "tag sent",
            Self::Safe => "tag safe",
            Self::Care => "tag care",
        }
    }
}

/// A state as a chip.
pub fn tag(tone: Tone, drawing: Icon, words: impl Into<String>) -> AnyView {
    let words: String = words.into();
    view! { <span class=tone.class()>{icon(drawing)}{words}</span> }.into_any()
}

/// A card's stage as a chip.
pub fn stage_tag(stage: Stage) -> AnyView {
    let (tone, drawing) = match stage {
        Stage::Working => (Tone::Here, Icon::Pencil),
        Stage::SelfScored => (Tone::Sent, Icon::Clock),
        Stage::Appraised => (Tone::Sent, Icon::Tick),
        Stage::Approved => (Tone::Safe, Icon::Tick),
        Stage::Published => (Tone::Safe, Icon::DoubleTick),
    };
    tag(tone, drawing, stage_name(stage))
}
