//! Reads a work list: from the bytes of a spreadsheet to products that obey the list's own rules.

use std::collections::BTreeMap;

use shared::limits::PRODUCTS_PER_LIST_MAX;
use shared::num::Exact;
use shared::work::{Product, WorkList};

use super::coefficient::standard_points;
use super::compare::Changes;
use super::criteria::{self, CommonCriterion};
use super::fault::{Counted, Fault, FileProblem, Problem, ProductProblem, TableProblem};
use super::headings::{Known, Table, find_table};
use super::product::{HEADINGS, ProductField, frame_text, is_no_product, read_product};
use super::report::{ImportReport, SheetKind, SheetReport};
use super::row::RowReader;
use super::sheet::{Place, Sheet};
use super::sheets::{HiddenParts, readable_sheets};
use super::workbook::read_workbook;
use crate::names::identity;

/// All known headings of a work list.
const KNOWN: Known<ProductField> = Known { headings: &HEADINGS, in_parts: None, matched_min: 3 };
/// With fewer rows, nothing can be said about shifted columns.
const SHIFTED_ROWS_MIN: usize = 3;

/// How to read a work list.
#[derive(Clone, Debug, Default)]
pub struct WorkListOptions {
    /// Take sound rows although others are refused.
    pub partial: bool,
    /// Points of the standard product, where the file does not say.
    pub standard_points: Option<Exact>,
    /// What to do with hidden sheets, rows and columns.
    pub hidden: HiddenParts,
    /// The common criteria of the rule pack, to compare a sheet of criteria with.
    pub expected_criteria: Option<Vec<CommonCriterion>>,
}

/// The list that a spreadsheet would put in force. It has all rows when there are no faults, the sound rows in a
/// partial import, and otherwise none.
#[derive(Clone, Debug, Default)]
pub struct WorkListPlan {
    /// The decision that came with the list, as its title rows name it.
    pub title: String,
    /// Points of the standard product. None when neither the file nor anybody states them.
    pub standard_points: Option<Exact>,
    /// The products, in the order of the file.
    pub products: Vec<Product>,
    /// The common criteria, where a sheet has them.
    pub common_criteria: Vec<CommonCriterion>,
    /// What was taken and refused, and why.
    pub report: ImportReport,
}

/// A row that was read, with its place for messages.
struct ReadRow {
    product: Product,
    code_place: Place,
    frame_place: Place,
    has_frame: bool,
}

/// Reads a work list and checks all of it. Takes nothing when anything is wrong, unless `options.partial`.
///
/// `known` is the list in force; the report says what would change.
#[must_use]
pub fn read_work_list(bytes: &[u8], options: &WorkListOptions, known: Option<&WorkList>) -> WorkListPlan {
    let mut plan = WorkListPlan::default();
    let workbook = match read_workbook(bytes) {
        Ok(workbook) => workbook,
        Err(problem) => {
            plan.report.add_faults([Fault::of_file(problem)]);
            return plan;
        }
    };
    let sheets = readable_sheets(workbook, options.hidden, &mut plan.report);
    let mut rows = Vec::new();
    let (standard, standard_faults) = standard_points(&sheets, options.standard_points.as_ref());
    for sheet in &sheets {
        read_sheet(sheet, standard.as_ref(), options, &mut plan, &mut rows);
    }
    let is_found = plan.report.sheets.iter().any(|sheet| sheet.kind == SheetKind::Products);
    plan.report.add_faults(standard_faults.into_iter().filter(|_| is_found));
    plan.report.add_unknown_sheets(&KNOWN, &sheets, is_found);
    plan.report.add_faults(codes_twice(&rows));
    plan.report.add_faults(frames_that_differ(&rows));
    if rows.len() > PRODUCTS_PER_LIST_MAX {
        let problem = FileProblem::TooMuch { what: Counted::Products, allowed: PRODUCTS_PER_LIST_MAX };
        plan.report.add_faults([Fault::of_file(problem)]);
    }
    plan.report.decide(rows.iter().map(|row| &row.code_place), options.partial);
    if plan.report.accepted {
        let sound = rows.into_iter().filter(|row| !plan.report.is_faulty(&row.code_place));
        plan.products = sound.map(|row| row.product).collect();
        plan.report.changes = Some(Changes::between(known, &plan.products));
    }
    plan.title = title_of(&sheets);
    plan.standard_points = standard;
    plan
}

fn read_sheet(
    sheet: &Sheet,
    standard: Option<&Exact>,
    options: &WorkListOptions,
    plan: &mut WorkListPlan,
    rows: &mut Vec<ReadRow>,
) {
    if let Some(table) = find_table(sheet, &KNOWN) {
        plan.report.sheets.push(SheetReport::of_table(sheet, SheetKind::Products, &table));
        if table.faults.is_empty() {
            rows.extend(read_rows(sheet, &table, standard, &mut plan.report));
        } else {
            plan.report.add_faults(table.faults);
        }
    } else if let Some(table) = find_table(sheet, &criteria::KNOWN) {
        let (found, faults) = criteria::read_criteria(sheet, &table, options.expected_criteria.as_deref());
        let mut counted = SheetReport::of_table(sheet, SheetKind::CommonCriteria, &table);
        counted.taken = found.len();
        plan.report.sheets.push(counted);
        if faults.is_empty() {
            plan.common_criteria.extend(found);
        }
        plan.report.add_faults(faults);
    } else {
        plan.report.sheets.push(SheetReport::new(&sheet.name, SheetKind::Unknown));
    }
}

fn read_rows(
    sheet: &Sheet,
    table: &Table<ProductField>,
    standard: Option<&Exact>,
    report: &mut ImportReport,
) -> Vec<ReadRow> {
    let mut rows = Vec::new();
    let mut faults = table.merged_rows(sheet);
    let mut shifted = Shifted::default();
    let mut skipped = Vec::new();
    for (row, cells) in table.data_rows(sheet) {
        let mut reader = RowReader::new(sheet, table, *row, cells);
        if is_no_product(&reader) {
            skipped.push(row.number());
            continue;
        }
        let product = read_product(&mut reader, standard);
        shifted.look_at(&reader);
        let has_frame = product.frame_max > Exact::zero();
        let (code_place, frame_place) = (reader.place_of(ProductField::Code), reader.place_of(ProductField::Frame));
        rows.push(ReadRow { product, code_place, frame_place, has_frame });
        faults.append(&mut reader.faults);
    }
    if let Some(sheet_report) = report.sheets.last_mut() {
        sheet_report.skipped_rows = skipped;
    }
    let place = Place::sheet(sheet).at_row(table.heading_row);
    if rows.is_empty() {
        report.add_faults([Fault::new(place, TableProblem::NoRows)]);
    } else if let Some(problem) = shifted.problem(rows.len()) {
        // One sentence names the cause, instead of one for each of its hundreds of effects.
        report.add_faults([Fault::new(place, problem)]);
        rows.clear();
    } else {
        report.add_faults(faults);
    }
    rows
}

/// Counts rows in which the cell of the frame and another cell do not hold what their headings say.
#[derive(Default)]
struct Shifted {
    rows: usize,
    found: Option<String>,
}

impl Shifted {
    fn look_at(&mut self, reader: &RowReader<'_, ProductField>) {
        let is_frame = |fault: &Fault| matches!(fault.problem, Problem::Product(ProductProblem::FrameMalformed { .. }));
        if reader.faults.len() > 1 && reader.faults.iter().any(is_frame) {
            self.rows += 1;
            self.found.get_or_insert_with(|| reader.cell(ProductField::Frame).quote());
        }
    }

    fn problem(self, rows: usize) -> Option<TableProblem> {
        let is_most = self.rows >= SHIFTED_ROWS_MIN && self.rows * 2 > rows;
        let found = self.found.filter(|_| is_most)?;
        Some(TableProblem::HeadingsShifted { rows: self.rows, found, allowed: "51-100".to_owned() })
    }
}

/// Each row whose code another row also has, with a reference to that row.
fn codes_twice(rows: &[ReadRow]) -> Vec<Fault> {
    let mut by_code: BTreeMap<String, Vec<&ReadRow>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.product.code.is_empty()) {
        by_code.entry(identity(&row.product.code).replace(' ', "")).or_default().push(row);
    }
    let mut faults = Vec::new();
    for same in by_code.values().filter(|same| same.len() > 1) {
        let others = same.iter().skip(1).chain(same.first());
        for (row, other) in same.iter().zip(others) {
            let problem = ProductProblem::CodeTwice {
                found: row.product.code.clone(),
                other: Box::new(other.code_place.clone()),
            };
            faults.push(Fault::new(row.code_place.clone(), problem));
        }
    }
    faults
}

/// Each row whose frame differs from that of most rows of its group.
fn frames_that_differ(rows: &[ReadRow]) -> Vec<Fault> {
    let mut by_group: BTreeMap<&str, BTreeMap<(&Exact, &Exact), Vec<&ReadRow>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.has_frame && !row.product.group.is_empty()) {
        let frame = (&row.product.frame_min, &row.product.frame_max);
        by_group.entry(&row.product.group).or_default().entry(frame).or_default().push(row);
    }
    let mut faults = Vec::new();
    for (group, frames) in &by_group {
        let Some((usual, examples)) = frames.iter().max_by_key(|(_, rows)| rows.len()) else { continue };
        let Some(example) = examples.first() else { continue };
        for (frame, rows) in frames.iter().filter(|(frame, _)| *frame != usual) {
            for row in rows {
                let problem = ProductProblem::FrameDiffersInGroup {
                    found: frame_text(frame.0, frame.1),
                    allowed: frame_text(usual.0, usual.1),
                    group: (*group).to_owned(),
                    other: Box::new(example.frame_place.clone()),
                };
                faults.push(Fault::new(row.frame_place.clone(), problem));
            }
        }
    }
    faults
}

/// The decision that the title rows name: "Quyết định số …", without "Kèm theo" and brackets.
fn title_of(sheets: &[Sheet]) -> String {
    let mut titles = sheets.iter().flat_map(|sheet| sheet.rows.values().take(5)).flat_map(|cells| cells.values());
    let decision = titles.find_map(|cell| {
        let text = cell.text();
        let start = text.to_lowercase().find("quyết định")?;
        let title = text.get(start..)?.trim_end_matches([')', ' ', '.']);
        Some(title.to_owned())
    });
    decision.unwrap_or_default()
}
