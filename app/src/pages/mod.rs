//! One file per screen.

mod approve;
mod my_month;
mod self_score;
mod settings;
mod sign_in;
mod sync;
mod to_score;
mod unit_month;

pub use approve::Approve;
pub use my_month::MyMonth;
pub use self_score::SelfScorePage;
pub use settings::Settings;
pub use sign_in::SignIn;
pub use sync::SyncPage;
pub use to_score::ToScore;
pub use unit_month::UnitMonth;
