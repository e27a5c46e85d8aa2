//! Spreadsheets in: from bytes to a checked plan, and from a plan to operations. Nothing here writes anything.
//!
//! A plan is made whole or not at all. Everything wrong is reported by sheet, row and column with what was found and what is
//! allowed, as a typed code whose sentences are in [`sentence`].

pub mod cells;
pub mod coefficient;
pub mod compare;
pub mod criteria;
pub mod fault;
pub mod headings;
pub mod limits;
pub mod operations;
pub mod people;
pub mod people_operations;
pub mod product;
pub mod report;
pub mod row;
pub mod sentence;
pub mod sheet;
pub mod template;
pub mod units;
pub mod work_list;
pub mod workbook;

pub use operations::work_list_payloads;
pub use people::{PeoplePlan, read_people};
pub use people_operations::{PeopleOperations, people_operations};
pub use report::ImportReport;
pub use sentence::Lang;
pub use template::people_template;
pub use work_list::{WorkListOptions, WorkListPlan, read_work_list};
