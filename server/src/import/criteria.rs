//! Reads the sheet of common criteria, adds it up and compares it with the rule pack.

use std::collections::BTreeMap;

use serde::Serialize;
use shared::limits::NAME_CHARS_MAX;
use shared::num::Exact;
use shared::pack::Pack;
use shared::text::fold;

use super::cells::{positive_number, required_text};
use super::fault::{CriterionProblem, Fault};
use super::headings::{Heading, Known, Table};
use super::row::RowReader;
use super::sheet::{Place, Sheet, number_text};

/// A criterion everybody is scored by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommonCriterion {
    /// `I.1` to `III.4`.
    pub code: String,
    /// Its wording in the regulation.
    pub name: String,
    /// The most points it gives.
    pub max: Exact,
}

/// What a column of the sheet of criteria holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CriterionField {
    /// Roman numeral of a part, or number of a criterion in its part.
    Number,
    /// Wording.
    Name,
    /// Most points.
    Max,
}

use CriterionField as Field;

/// The headings of the sheet of criteria.
pub const HEADINGS: [Heading<Field>; 3] = [
    Heading { field: Field::Number, label: "TT", keys: &["tt", "stt", "sott", "sothutu"], required: true },
    Heading {
        field: Field::Name,
        label: "Tiêu chí chấm điểm",
        keys: &["tieuchichamdiem", "tieuchi", "tieuchidanhgia", "noidungtieuchi"],
        required: true,
    },
    Heading { field: Field::Max, label: "Điểm tối đa", keys: &["diemtoida", "max"], required: true },
];

/// All known headings of the sheet. All of them are needed.
pub const KNOWN: Known<Field> = Known { headings: &HEADINGS, in_parts: None, matched_min: HEADINGS.len() };

/// The role without a leading post. Its criteria apply to everybody.
const COMMON_ROLE: &str = "staff";

/// The criteria of a rule pack that apply to everybody: those of the role without a leading post.
#[must_use]
pub fn criteria_of(pack: &Pack) -> Vec<CommonCriterion> {
    pack.criteria_for(COMMON_ROLE)
        .map(|criterion| CommonCriterion {
            code: criterion.code.clone(),
            name: criterion.title.vi.clone(),
            max: criterion.max.clone(),
        })
        .collect()
}

/// The maximum stated for a part, or for the whole, and the sum of its criteria.
struct Sum {
    stated: Exact,
    added: Exact,
    place: Place,
}

/// Reads the criteria of a sheet; `expected` are those of the rule pack. With any fault the criteria must not be used.
#[must_use]
pub fn read_criteria(
    sheet: &Sheet,
    table: &Table<Field>,
    expected: Option<&[CommonCriterion]>,
) -> (Vec<CommonCriterion>, Vec<Fault>) {
    let mut found: Vec<(CommonCriterion, Place)> = Vec::new();
    let mut parts: BTreeMap<String, Sum> = BTreeMap::new();
    let mut part = String::new();
    let mut faults = table.faults.clone();
    for (row, cells) in table.data_rows(sheet) {
        let mut reader = RowReader::new(sheet, table, *row, cells);
        let name = reader.read(Field::Name, |cell| required_text(cell, NAME_CHARS_MAX));
        let max = reader.read(Field::Max, positive_number);
        let number = reader.cell(Field::Number).text();
        let place = reader.place_of(Field::Max);
        if let (Some(name), Some(max)) = (name, max) {
            if is_roman(&number) || (number.is_empty() && is_total(&name)) {
                part = number;
                parts.insert(part.clone(), Sum { stated: max, added: Exact::zero(), place });
            } else if !part.is_empty() && number.trim_end_matches('.').parse::<u8>().is_ok() {
                if let Some(sum) = parts.get_mut(&part) {
                    sum.added += &max;
                }
                let code = format!("{part}.{}", number.trim_end_matches('.'));
                found.push((CommonCriterion { code, name, max }, place));
            } else {
                reader.fault(Field::Number, CriterionProblem::CriterionNumberMissing { found: number });
            }
        }
        faults.append(&mut reader.faults);
    }
    faults.extend(sums_that_differ(parts));
    faults.extend(expected.map(|expected| differences(sheet, &found, expected)).unwrap_or_default());
    (found.into_iter().map(|(criterion, _)| criterion).collect(), faults)
}

fn is_roman(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| "IVX".contains(letter))
}

fn is_total(name: &str) -> bool {
    let name = fold(name);
    name.starts_with("cong") || name.starts_with("tong")
}

fn sums_that_differ(mut parts: BTreeMap<String, Sum>) -> Vec<Fault> {
    if let Some(total) = parts.remove("") {
        let added = parts.values().map(|part| &part.stated).sum();
        parts.insert(String::new(), Sum { added, ..total });
    }
    let differing = parts.into_iter().filter(|(_, sum)| sum.stated != sum.added);
    differing
        .map(|(part, sum)| {
            let problem = CriterionProblem::CriteriaSumDiffers {
                part,
                found: number_text(&sum.stated),
                allowed: number_text(&sum.added),
            };
            Fault::new(sum.place, problem)
        })
        .collect()
}

fn differences(sheet: &Sheet, found: &[(CommonCriterion, Place)], expected: &[CommonCriterion]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (criterion, place) in found {
        let code = criterion.code.clone();
        match expected.iter().find(|expected| expected.code == code) {
            None => faults.push(Fault::new(place.clone(), CriterionProblem::CriterionUnknown { criterion: code })),
            Some(pack) if pack.max != criterion.max => {
                let (found, allowed) = (number_text(&criterion.max), number_text(&pack.max));
                let problem = CriterionProblem::CriterionMaxDiffers { criterion: code, found, allowed };
                faults.push(Fault::new(place.clone(), problem));
            }
            Some(_) => {}
        }
    }
    for missing in expected.iter().filter(|expected| found.iter().all(|(criterion, _)| criterion.code != expected.code))
    {
        let problem = CriterionProblem::CriterionMissing { criterion: missing.code.clone() };
        faults.push(Fault::new(Place::sheet(sheet), problem));
    }
    faults
}
