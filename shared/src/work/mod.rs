//! The list of work products that a commune may assign, with their coefficients (Đ.13 of Decree 335/2025).
//!
//! A list arrives in parts, each of which is an operation. It counts once it is complete and adopted. Cards keep the
//! coefficient that was in force when the work was assigned.

use crate::sorted_map::Map;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{UnitId, WorkListId};
use crate::language::Language;
use crate::num::Exact;
use crate::time::Day;

/// The penalty that an objective cause waives, once someone entitled has confirmed it (Đ.14(2)b, c of Decree 335/2025).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Cause {
    /// Failed quality reviews.
    #[n(0)]
    Quality,
    /// Lateness.
    #[n(1)]
    Progress,
}

/// Why somebody does not work a whole period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum AbsenceCause {
    /// Sick leave by the law on social insurance.
    #[n(0)]
    Sick,
    /// Maternity leave by the law on social insurance.
    #[n(1)]
    Maternity,
    /// Private leave without pay.
    #[n(2)]
    Unpaid,
    /// Absent for studies.
    #[n(3)]
    Study,
    /// Seconded elsewhere, and assessed there.
    #[n(4)]
    Secondment,
    /// Suspended from work.
    #[n(5)]
    Suspension,
    /// No longer there: retired, resigned, moved away.
    #[n(6)]
    Left,
    /// Another cause, given in the note.
    #[n(7)]
    Other,
}

impl AbsenceCause {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Sick,
        Self::Maternity,
        Self::Unpaid,
        Self::Study,
        Self::Secondment,
        Self::Suspension,
        Self::Left,
        Self::Other,
    ];

    /// The word in JSON and packs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sick => "sick",
            Self::Maternity => "maternity",
            Self::Unpaid => "unpaid",
            Self::Study => "study",
            Self::Secondment => "secondment",
            Self::Suspension => "suspension",
            Self::Left => "left",
            Self::Other => "other",
        }
    }

    /// The name for people.
    #[must_use]
    pub const fn name(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Vi, Self::Sick) => "nghỉ ốm",
            (Language::Vi, Self::Maternity) => "nghỉ thai sản",
            (Language::Vi, Self::Unpaid) => "nghỉ việc riêng không hưởng lương",
            (Language::Vi, Self::Study) => "đi học",
            (Language::Vi, Self::Secondment) => "biệt phái",
            (Language::Vi, Self::Suspension) => "tạm đình chỉ công tác",
            (Language::Vi, Self::Left) => "đã nghỉ việc hoặc chuyển công tác",
            (Language::Vi, Self::Other) => "lý do khác",
            (Language::En, Self::Sick) => "sick leave",
            (Language::En, Self::Maternity) => "maternity leave",
            (Language::En, Self::Unpaid) => "private leave without pay",
            (Language::En, Self::Study) => "studying",
            (Language::En, Self::Secondment) => "seconded",
            (Language::En, Self::Suspension) => "suspended from work",
            (Language::En, Self::Left) => "left or moved",
            (Language::En, Self::Other) => "another reason",
        }
    }
}

/// A product or piece of work of the list.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Product {
    /// Code in the list: `DC.04`.
    #[n(0)]
    pub code: String,
    /// The task.
    #[n(1)]
    pub name: String,
    /// What the task consists of.
    #[n(2)]
    pub detail: String,
    /// The result of the task.
    #[n(3)]
    pub output: String,
    /// The unit it belongs to, by name as in the list; none when shared by all.
    #[n(4)]
    pub unit_name: Option<String>,
    /// Group of complexity: `N1` to `N5`.
    #[n(5)]
    pub group: String,
    /// Lowest points of the group's frame.
    #[n(6)]
    pub frame_min: Exact,
    /// Highest points of the group's frame.
    #[n(7)]
    pub frame_max: Exact,
    /// Points of this product, within the frame.
    #[n(8)]
    pub points: Exact,
    /// Conversion coefficient k: points over the points of the standard product.
    #[n(9)]
    pub coefficient: Exact,
    /// A remark in the list.
    #[n(10)]
    pub note: String,
}

/// The data with which a list is adopted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Adoption {
    /// Title of the decision.
    #[n(0)]
    pub title: String,
    /// The unit for which it counts, with all units below it.
    #[n(1)]
    pub owner: UnitId,
    /// Points of the standard product.
    #[n(2)]
    pub standard_points: Exact,
    /// First day it may be used.
    #[n(3)]
    pub effective_from: Day,
    /// The number of products it must have, so that an incomplete list cannot be adopted.
    #[n(4)]
    pub products: u32,
}

/// A list that is adopted or still arriving.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct WorkList {
    /// Products by code.
    pub products: Map<String, Product>,
    /// Set once the list is complete and in force.
    pub adoption: Option<Adoption>,
}

/// All lists known.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct WorkLists {
    lists: Map<WorkListId, WorkList>,
}

impl WorkLists {
    /// A list by its id.
    #[must_use]
    pub fn get(&self, id: WorkListId) -> Option<&WorkList> {
        self.lists.get(&id)
    }

    /// The list from which a unit assigns work on `day`. `ancestry` is that of the unit, nearest first. The list of the
    /// nearest unit counts, and of several the latest in force.
    #[must_use]
    pub fn in_force(&self, ancestry: &[UnitId], day: Day) -> Option<(WorkListId, &WorkList)> {
        ancestry.iter().find_map(|unit| {
            self.lists
                .iter()
                .filter_map(|(id, list)| {
                    let adoption = list.adoption.as_ref()?;
                    (adoption.owner == *unit && adoption.effective_from <= day).then_some((
                        adoption.effective_from,
                        *id,
                        list,
                    ))
                })
                .max_by_key(|(from, id, _)| (*from, *id))
                .map(|(_, id, list)| (id, list))
        })
    }

    /// Adds products to a list that is still arriving.
    pub(crate) fn add(&mut self, id: WorkListId, products: Vec<Product>) {
        let list = self.lists.entry(id).or_default();
        list.products.extend(products.into_iter().map(|product| (product.code.clone(), product)));
    }

    /// Puts a list in force.
    pub(crate) fn adopt(&mut self, id: WorkListId, adoption: Adoption) {
        self.lists.entry(id).or_default().adoption = Some(adoption);
    }
}
