//! Components that several screens use.

mod chart;
mod compare;
mod day;
mod dialog;
pub mod draft;
mod field;
mod field_error;
mod figure;
mod frame;
mod icon;
mod page;
mod result;
mod sign_in_to_send;
mod stepper;
mod steps;
mod tag;
mod update;

pub use chart::{Bar, BarChart};
pub use compare::comparison;
pub use day::{DayInput, DayOf, DayRule};
pub use dialog::{AskReason, Confirm, Dialog};
pub use field::{Form, TextField, led_to_wrong_field};
pub use field_error::{ActNotice, FieldError, UnsavedNotice};
pub use figure::{Asked, Explained, figure, periods_in_words};
pub use frame::Frame;
pub use icon::{Icon, icon};
pub use page::{Actions, PageHead, Undo, UndoOffer, size_text};
pub use result::{Compare, ResultCard, Why, class_title, large_points};
pub use sign_in_to_send::SignInToSend;
pub use stepper::{Bounds, Stepper};
pub use steps::follow_steps;
pub use tag::{Tone, stage_tag, tag};
pub use update::UpdateNotice;
