//! Imports spreadsheets: turns bytes into a checked plan, and a plan into operations. Nothing here writes anything.
//!
//! A plan is made whole or not at all. Each fault is reported by sheet, row and column with what was found and what is
//! allowed. It is a typed code whose sentences are in [`sentence`].

pub mod cells;
pub mod coefficient;
pub mod compare;
pub mod criteria;
pub mod fault;
pub mod headings;
pub mod hidden;
pub mod legacy;
pub mod limits;
pub mod operations;
pub mod people;
pub mod people_changes;
pub mod people_plan;
mod post_plan;
pub mod product;
pub mod report;
pub mod row;
pub mod sentence;
pub mod sheet;
pub mod sheets;
pub mod template;
mod unit_plan;
mod wordings;
pub mod work_list;
pub mod workbook;

pub use crate::lang::Lang;
pub use fault::Answer;
pub use operations::work_list_payloads;
pub use people::{PeopleList, read_people};
pub use people_plan::{KnownPeople, NewAccount, PeopleOptions, PeoplePlan, plan_people};
pub use report::ImportReport;
pub use sheets::HiddenParts;
pub use template::people_template;
pub use work_list::{WorkListOptions, WorkListPlan, read_work_list};
