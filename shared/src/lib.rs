//! Rules, scoring, operations and sync of Công Tâm: pure and exact code that is the same on a device and on a server.
//!
//! # A guided tour
//!
//! A regulation is a [`pack`]: data that says which criteria there are, how work counts, and where the classes begin. A
//! **card** is one person's month under one pack. What happened in the month is evidence. [`score::evaluate`] turns
//! evidence into a total, a class, and the reason for every number:
//!
//! ```
//! let pack = shared::pack::find("nd335-congchuc").unwrap();
//! let input = r#"{
//!     "criteria": {"I.1": 5, "I.2": 5, "II.1": 2.5, "II.2": 2.5, "II.3": 2.5, "II.4": 2.5,
//!                  "III.1": 2.5, "III.2": 2.5, "III.3": 2.5, "III.4": 2.5},
//!     "work": [{"code": "DC.01", "coefficient": 1, "assigned": 4, "completed": 3}]
//! }"#;
//! let input: shared::score::CardInput = serde_json::from_str(input).unwrap();
//! let outcome = shared::score::evaluate(pack, &input).unwrap();
//! // 30 common points, and three quarters of the 70 for work: Đ.16(1) and Đ.17(1) of Decree 335/2025.
//! assert_eq!(outcome.total.unwrap().decimal, "82.5");
//! assert_eq!(outcome.class.unwrap().code, "HTT");
//! ```
//!
//! People change a card by [`op`]erations, which are signed, chained and never rewritten. [`state::State`] folds them.
//! The same [`state::State::judge`] decides whether an operation may be done: on the device before signing, and at the
//! server on arrival.
//!
//! Devices and the server meet through [`sync`]: a [`sync::Replica`] asks, a [`sync::LogState`] answers, and both end
//! with the same bytes. Who may score and read whom follows from the dated posts in [`org`].
#![forbid(unsafe_code)]

pub mod bug;
pub mod card;
pub mod device_store;
#[cfg(feature = "fixture")]
pub mod fixture;
pub mod ids;
mod input_error;
mod language;
pub mod limits;
pub mod num;
pub mod op;
pub mod org;
pub mod pack;
pub mod procedure;
pub mod report;
pub mod score;
pub mod sort;
pub mod sorted_map;
pub mod state;
pub mod sync;
pub mod text;
pub mod time;
pub mod unit_period;
pub mod work;
