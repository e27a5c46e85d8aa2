//! Pieces used by several screens.

mod autosave;
mod chart;
mod dialog;
pub mod draft;
mod field_error;
mod frame;
mod icon;
mod page;
mod result;
mod stepper;
mod steps;
mod tag;
mod update;

pub use autosave::Autosave;
pub use chart::{Bar, BarChart};
pub use dialog::{AskReason, Confirm, Dialog};
pub use field_error::{ActNotice, FieldError};
pub use frame::Frame;
pub use icon::{Icon, icon};
pub use page::{Actions, PageHead, Undo, UndoOffer, size_text};
pub use result::{ResultCard, Why, class_title};
pub use stepper::{Bounds, Stepper};
pub use steps::follow_steps;
pub use tag::{Tone, stage_tag, tag};
pub use update::UpdateNotice;
