//! Reports row by row what an import took and refused, for people and for machines.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::compare::Changes;
use super::fault::{Fault, FileProblem, Problem, TableProblem};
use super::headings::{Known, SeenHeading, Table, looked};
use super::limits::FAULTS_MAX;
use super::people_changes::PeopleChanges;
use super::sentence::{describe_place, sentence};
use super::sheet::{Place, Sheet, ranges};
use crate::lang::Lang;

/// The kind of content found on a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetKind {
    /// Products of a work list.
    Products,
    /// The common criteria.
    CommonCriteria,
    /// Units, people and posts.
    People,
    /// Nothing that an import knows.
    Unknown,
    /// It was not read, for the reason that its faults give.
    NotRead,
    /// It is hidden and was skipped, as asked for.
    Hidden,
}

/// The report about one sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetReport {
    /// Its name.
    pub name: String,
    /// Its kind of content.
    pub kind: SheetKind,
    /// Rows without a fault.
    pub taken: usize,
    /// Rows with a fault.
    pub refused: usize,
    /// Rows that hold no record, such as titles of sections. They are not read, and the report says so.
    pub skipped_rows: Vec<u32>,
    /// The row of the headings, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading_row: Option<u32>,
    /// The headings found.
    pub headings: Vec<SeenHeading>,
    /// Hidden rows with content, such as `5, 7-9`. They are read or skipped, as asked for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hidden_rows: String,
}

impl SheetReport {
    /// A sheet of which nothing was read yet.
    #[must_use]
    pub fn new(name: &str, kind: SheetKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            taken: 0,
            refused: 0,
            skipped_rows: Vec::new(),
            heading_row: None,
            headings: Vec::new(),
            hidden_rows: String::new(),
        }
    }

    /// A sheet with a table of which no row was read yet.
    #[must_use]
    pub fn of_table<F>(sheet: &Sheet, kind: SheetKind, table: &Table<F>) -> Self {
        Self {
            heading_row: Some(table.heading_row.number()),
            headings: table.seen.clone(),
            hidden_rows: ranges(sheet.hidden.rows.iter().copied()),
            ..Self::new(&sheet.name, kind)
        }
    }
}

/// The whole report of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Whether anything may be taken: no fault, or `partial` with sound rows left.
    pub accepted: bool,
    /// Whether sound rows are taken although others are refused.
    pub partial: bool,
    /// Sheet by sheet.
    pub sheets: Vec<SheetReport>,
    /// The faults, at most [`FAULTS_MAX`] of them.
    pub faults: Vec<Fault>,
    /// The number of all faults.
    pub faults_total: usize,
    /// What would change against what is known now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// What would change of units, people and posts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<PeopleChanges>,
    /// All rows with a fault, by sheet, even when not all faults are kept.
    #[serde(skip)]
    faulty_rows: BTreeMap<String, BTreeSet<u32>>,
    /// Set by a fault after which no row can be trusted.
    #[serde(skip)]
    all_refused: bool,
}

impl ImportReport {
    /// Rows without a fault, over all sheets.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.records().map(|sheet| sheet.taken).sum()
    }

    /// Rows with a fault, over all sheets.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.records().map(|sheet| sheet.refused).sum()
    }

    fn records(&self) -> impl Iterator<Item = &SheetReport> {
        self.sheets.iter().filter(|sheet| matches!(sheet.kind, SheetKind::Products | SheetKind::People))
    }

    /// Adds faults, keeping no more than a report can show.
    pub fn add_faults(&mut self, faults: impl IntoIterator<Item = Fault>) {
        for fault in faults {
            self.faults_total += 1;
            self.all_refused |= leaves_nothing(&fault.problem);
            self.faulty_rows.entry(fault.place.sheet.clone()).or_default().extend(fault.place.row);
            if self.faults.len() < FAULTS_MAX {
                self.faults.push(fault);
            }
        }
    }

    /// Adds a fault for each unrecognised sheet. It may be a list with spoiled headings, and leaving it out silently
    /// would lose its rows. If there is no table at all, one fault says where it was looked for and what was found
    /// there.
    pub(super) fn add_unknown_sheets<F: Copy + Ord>(&mut self, known: &Known<F>, sheets: &[Sheet], is_found: bool) {
        let is_unknown = |sheet: &&Sheet| {
            self.sheets.iter().any(|report| report.kind == SheetKind::Unknown && report.name == sheet.name)
        };
        let unknown: Vec<&Sheet> = sheets.iter().filter(is_unknown).collect();
        let allowed = known.needed();
        if is_found {
            let fault = |sheet: &Sheet| {
                let problem =
                    TableProblem::SheetNotRecognised { allowed: allowed.clone(), looked: looked(sheet, known) };
                Fault::new(Place::sheet(sheet), problem)
            };
            let faults: Vec<Fault> = unknown.into_iter().map(fault).collect();
            self.add_faults(faults);
        } else if self.faults_total == 0 {
            let looked = unknown.into_iter().map(|sheet| looked(sheet, known)).collect();
            self.add_faults([Fault::of_file(FileProblem::NoTable { allowed, looked })]);
        }
    }

    /// Refuses a row that depends on the doubtful change of another row.
    pub(super) fn refuse_row(&mut self, place: &Place) {
        self.faulty_rows.entry(place.sheet.clone()).or_default().extend(place.row);
    }

    /// Whether the row has a fault.
    #[must_use]
    pub fn is_faulty(&self, place: &Place) -> bool {
        let rows = self.faulty_rows.get(&place.sheet);
        place.row.is_some_and(|row| rows.is_some_and(|rows| rows.contains(&row)))
    }

    /// Counts the rows read, given by place, and decides whether the sound ones may be taken.
    pub(super) fn decide<'a>(&mut self, rows: impl Iterator<Item = &'a Place>, partial: bool) {
        for place in rows {
            let is_faulty = self.is_faulty(place);
            let Some(sheet) = self.sheets.iter_mut().find(|sheet| sheet.name == place.sheet) else { continue };
            sheet.refused += usize::from(is_faulty);
            sheet.taken += usize::from(!is_faulty);
        }
        self.partial = partial;
        self.accepted = self.taken() > 0 && !self.all_refused && (partial || self.faults_total == 0);
    }

    /// The report as text.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        let mut out = String::new();
        for sheet in &self.sheets {
            let _ = writeln!(out, "{}", sheet_line(sheet, lang));
            if let Some(headings) = headings_line(sheet, lang) {
                let _ = writeln!(out, "  {headings}");
            }
        }
        for fault in &self.faults {
            let _ = writeln!(out, "  ✗ {}: {}", describe_place(&fault.place, lang), sentence(&fault.problem, lang));
        }
        let more = self.faults_total.saturating_sub(self.faults.len());
        if more > 0 {
            let _ =
                writeln!(out, "  {}", lang.pick(format!("… và {more} lỗi nữa"), format!("… and {more} more faults")));
        }
        if let Some(changes) = &self.changes {
            out.push_str(&changes.to_text(lang));
        }
        // Someone who is asked has to see what the answer would do. Someone who must first correct the list does not.
        let is_question = |fault: &Fault| matches!(fault.problem, Problem::Question(_));
        if let Some(changes) = self.people.as_ref().filter(|_| self.accepted || self.faults.iter().all(is_question)) {
            out.push_str(&changes.to_text(lang));
        }
        let _ = writeln!(out, "{}", self.closing_line(lang));
        out
    }

    fn closing_line(&self, lang: Lang) -> String {
        let (taken, refused, faults) = (self.taken(), self.refused(), self.faults_total);
        if !self.accepted {
            lang.pick(
                format!("Không nhận dòng nào, không có gì thay đổi: {faults} lỗi, {refused} dòng bị từ chối."),
                format!("Nothing was taken, nothing has changed: {faults} faults, {refused} rows refused."),
            )
        } else if faults > 0 {
            lang.pick(
                format!("Nhận {taken} dòng, từ chối {refused} dòng ({faults} lỗi)."),
                format!("{taken} rows taken, {refused} rows refused ({faults} faults)."),
            )
        } else {
            lang.pick(format!("Nhận {taken} dòng, không có lỗi."), format!("{taken} rows taken, no fault."))
        }
    }
}

/// Whether a fault makes every row doubtful, so that even a partial import may take none.
const fn leaves_nothing(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::File(_) | Problem::Table(TableProblem::StandardMissing | TableProblem::StandardConflict { .. })
    )
}

fn sheet_line(sheet: &SheetReport, lang: Lang) -> String {
    let kind = match sheet.kind {
        SheetKind::Products => lang.pick("sản phẩm/công việc", "products"),
        SheetKind::CommonCriteria => lang.pick("tiêu chí chung", "common criteria"),
        SheetKind::People => lang.pick("người", "people"),
        SheetKind::Unknown | SheetKind::NotRead => lang.pick("không đọc", "not read"),
        SheetKind::Hidden => lang.pick("bỏ qua vì bị ẩn", "passed over, for it is hidden"),
    };
    let (name, taken, refused) = (&sheet.name, sheet.taken, sheet.refused);
    let mut line = lang.pick(
        format!("Trang “{name}”: {kind}, {taken} dòng đúng, {refused} dòng lỗi"),
        format!("Sheet “{name}”: {kind}, {taken} rows sound, {refused} rows faulty"),
    );
    if !sheet.skipped_rows.is_empty() {
        let rows = sheet.skipped_rows.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        line.push_str(&lang.pick(
            format!("; bỏ qua dòng không có bản ghi: {rows}"),
            format!("; rows without a record passed over: {rows}"),
        ));
    }
    if !sheet.hidden_rows.is_empty() {
        line.push_str(
            &lang.pick(format!("; dòng bị ẩn: {}", sheet.hidden_rows), format!("; hidden rows: {}", sheet.hidden_rows)),
        );
    }
    line
}

/// The headings found, their places, and which of them are not read.
fn headings_line(sheet: &SheetReport, lang: Lang) -> Option<String> {
    let row = sheet.heading_row?;
    let of = |is_read: bool| {
        let headings = sheet.headings.iter().filter(|heading| heading.is_read == is_read && !heading.text.is_empty());
        headings.map(|heading| format!("{} “{}”", heading.column, heading.text)).collect::<Vec<_>>().join(", ")
    };
    let (read, unread) = (of(true), of(false));
    let mut line = lang.pick(format!("tiêu đề ở dòng {row}: {read}"), format!("headings in row {row}: {read}"));
    if !unread.is_empty() {
        line.push_str(&lang.pick(format!("; không đọc cột {unread}"), format!("; columns not read: {unread}")));
    }
    Some(line)
}
