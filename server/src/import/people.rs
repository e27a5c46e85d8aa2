//! Reads a list of people, with a row for each post. [`super::people_plan`] works out what the list changes.

use std::collections::BTreeMap;

use shared::limits::NAME_CHARS_MAX;
use shared::org::{Rank, UnitKind};
use shared::time::Day;

use super::cells::{day, optional_text, required_text, text};
use super::fault::{CellProblem, Fault, PersonProblem, Problem, TableProblem};
use super::headings::{Heading, InParts, Known, find_table};
use super::limits::USERNAME_CHARS_MAX;
use super::report::{ImportReport, SheetKind, SheetReport};
use super::row::RowReader;
use super::sheet::{Cell, Place, Sheet, Value, heading_key};
use super::sheets::{HiddenParts, readable_sheets};
use super::wordings::{KINDS, ROLES};
use super::workbook::read_workbook;
use crate::names::identity;

/// What a column of a list of people holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonField {
    /// Full name.
    Name,
    /// The unit of the post.
    Unit,
    /// The unit above it.
    Parent,
    /// What the unit is.
    Kind,
    /// The post as on paper.
    Title,
    /// Place in the unit's order.
    Role,
    /// First day of the post.
    From,
    /// Last day of the post.
    To,
    /// Whether the post keeps the personnel records.
    Personnel,
    /// Name to sign in with. Each person has one, the same in every row of that person.
    Username,
}

use PersonField as Field;

/// The headings of a list of people. A missing column counts as a blank one.
pub const HEADINGS: [Heading<Field>; 10] = [
    Heading { field: Field::Name, label: "Họ và tên", keys: &["hovaten", "hoten", "name"], required: true },
    Heading { field: Field::Unit, label: "Đơn vị", keys: &["donvi", "phongban", "unit"], required: true },
    Heading {
        field: Field::Parent, label: "Thuộc đơn vị", keys: &["thuocdonvi", "donvicaptren"], required: false
    },
    Heading { field: Field::Kind, label: "Loại đơn vị", keys: &["loaidonvi"], required: false },
    Heading { field: Field::Title, label: "Chức vụ", keys: &["chucvu", "chucdanh", "title"], required: false },
    Heading { field: Field::Role, label: "Vai trò", keys: &["vaitro", "role"], required: true },
    Heading { field: Field::From, label: "Từ ngày", keys: &["tungay", "from"], required: true },
    Heading { field: Field::To, label: "Đến ngày", keys: &["denngay", "to"], required: false },
    Heading {
        field: Field::Personnel, label: "Tổ chức cán bộ", keys: &["tochuccanbo", "personnel"], required: false
    },
    Heading { field: Field::Username, label: "Tên đăng nhập", keys: &["tendangnhap", "username"], required: true },
];

/// All known headings of the list. Many lists have a separate column for the given name, to sort by it.
pub const KNOWN: Known<Field> = Known {
    headings: &HEADINGS,
    in_parts: Some(InParts {
        field: Field::Name,
        first: &["ho", "hodem", "holot", "hovadem", "hochudem", "hovachudem", "hotendem", "hovatendem", "familyname"],
        second: &["ten", "tengoi", "givenname"],
    }),
    matched_min: 3,
};

/// Words that state that a post has no last day.
const NO_LAST_DAY: [&str; 6] = ["khong", "chua", "nay", "dennay", "hiennay", "dangcongtac"];

/// What a row says about the last day of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastDay {
    /// Nothing.
    Blank,
    /// There is no last day.
    None,
    /// This day.
    Day(Day),
}

/// A row of the list. A blank cell or a missing column gives none.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// Full name.
    pub name: String,
    /// Name to sign in with.
    pub username: String,
    /// The unit of the post.
    pub unit: String,
    /// The unit above it.
    pub parent: Option<String>,
    /// What the unit is.
    pub kind: Option<UnitKind>,
    /// Place in the unit's order.
    pub rank: Rank,
    /// The post as on paper.
    pub title: Option<String>,
    /// First day held.
    pub from: Day,
    /// Last day held.
    pub to: LastDay,
    /// Whether the post keeps the personnel records.
    pub personnel: Option<bool>,
    /// Where the row is, and some of its cells.
    pub places: Places,
}

/// Where a row and its cells are.
#[derive(Clone, Debug)]
pub struct Places {
    /// The row.
    pub row: Place,
    /// The cell of the name.
    pub name: Place,
    /// The cell of the unit.
    pub unit: Place,
    /// The cell of the title.
    pub title: Place,
    /// The cell of the first day.
    pub from: Place,
    /// The cell of the last day.
    pub to: Place,
    /// The cell of the user name.
    pub username: Place,
}

/// A list of people that was read, and the faults of its cells.
#[derive(Clone, Debug, Default)]
pub struct PeopleList {
    /// The rows that could be read.
    pub rows: Vec<PersonRow>,
    /// Every row with a record, read or not.
    pub places: Vec<Place>,
    /// The findings and faults.
    pub report: ImportReport,
}

/// Reads a list of people, each cell as what its column needs.
#[must_use]
pub fn read_people(bytes: &[u8], hidden: HiddenParts) -> PeopleList {
    let mut list = PeopleList::default();
    let workbook = match read_workbook(bytes) {
        Ok(workbook) => workbook,
        Err(problem) => {
            list.report.add_faults([Fault::of_file(problem)]);
            return list;
        }
    };
    let sheets = readable_sheets(workbook, hidden, &mut list.report);
    for sheet in &sheets {
        read_sheet(sheet, &mut list);
    }
    let is_found = list.report.sheets.iter().any(|sheet| sheet.kind == SheetKind::People);
    list.report.add_unknown_sheets(&KNOWN, &sheets, is_found);
    let conflicts = usernames_twice(&list.rows);
    list.report.add_faults(conflicts);
    list
}

fn read_sheet(sheet: &Sheet, list: &mut PeopleList) {
    let Some(table) = find_table(sheet, &KNOWN) else {
        list.report.sheets.push(SheetReport::new(&sheet.name, SheetKind::Unknown));
        return;
    };
    let mut counted = SheetReport::of_table(sheet, SheetKind::People, &table);
    if table.faults.is_empty() {
        list.report.add_faults(table.merged_rows(sheet));
        let before = list.places.len();
        for (row, cells) in table.data_rows(sheet) {
            let mut reader = RowReader::new(sheet, &table, *row, cells);
            if reader.all_empty(&[Field::Name, Field::Username, Field::Role, Field::Title]) {
                counted.skipped_rows.push(row.number());
                continue;
            }
            list.places.push(reader.place());
            list.rows.extend(read_row(&mut reader));
            list.report.add_faults(reader.faults);
        }
        if list.places.len() == before {
            list.report.add_faults([Fault::new(Place::sheet(sheet).at_row(table.heading_row), TableProblem::NoRows)]);
        }
    } else {
        list.report.add_faults(table.faults);
    }
    list.report.sheets.push(counted);
}

fn read_row(reader: &mut RowReader<'_, Field>) -> Option<PersonRow> {
    let said = |cell: &Cell| optional_text(cell, NAME_CHARS_MAX).map(|text| Some(text).filter(|text| !text.is_empty()));
    let name = reader.read(Field::Name, read_name);
    let unit = reader.read(Field::Unit, read_name);
    let parent = reader.read(Field::Parent, said);
    let kind = reader.read(Field::Kind, read_kind);
    let title = reader.read(Field::Title, said);
    let rank = reader.read(Field::Role, read_role);
    let from = reader.read(Field::From, day);
    let to = reader.read(Field::To, read_last_day);
    let personnel = reader.read(Field::Personnel, read_yes);
    let username = reader.read(Field::Username, read_username);
    if let (Some(from), Some(LastDay::Day(to))) = (from, to)
        && to < from
    {
        let problem = PersonProblem::DaysReversed { found: to.vietnamese(), allowed: from.vietnamese() };
        reader.fault(Field::To, problem);
    }
    Some(PersonRow {
        name: name?,
        username: username?,
        unit: unit?,
        parent: parent?,
        kind: kind?,
        rank: rank?,
        title: title?,
        from: from?,
        to: to?,
        personnel: personnel?,
        places: Places {
            row: reader.place(),
            name: reader.place_of(Field::Name),
            unit: reader.place_of(Field::Unit),
            title: reader.place_of(Field::Title),
            from: reader.place_of(Field::From),
            to: reader.place_of(Field::To),
            username: reader.place_of(Field::Username),
        },
    })
}

/// Reads a name. It must contain letters, because a number in its place means a shifted column.
fn read_name(cell: &Cell) -> Result<String, CellProblem> {
    let name = required_text(cell, NAME_CHARS_MAX)?;
    if name.chars().any(char::is_alphabetic) { Ok(name) } else { Err(CellProblem::NotText { found: cell.quote() }) }
}

fn read_role(cell: &Cell) -> Result<Rank, Problem> {
    let found = required_text(cell, NAME_CHARS_MAX)?;
    let key = heading_key(&found);
    let role = ROLES.iter().find(|(_, _, keys)| keys.contains(&key.as_str()));
    role.map(|(rank, ..)| *rank).ok_or_else(|| {
        let allowed = ROLES.iter().map(|(_, label, _)| (*label).to_owned()).collect();
        PersonProblem::WordUnknown { found: cell.quote(), allowed }.into()
    })
}

fn read_kind(cell: &Cell) -> Result<Option<UnitKind>, Problem> {
    let key = heading_key(&text(cell)?);
    if key.is_empty() {
        return Ok(None);
    }
    let kind = KINDS.iter().find(|(_, _, keys)| keys.contains(&key.as_str()));
    kind.map(|(kind, ..)| Some(*kind)).ok_or_else(|| {
        let allowed = KINDS.iter().map(|(_, label, _)| (*label).to_owned()).collect();
        PersonProblem::WordUnknown { found: cell.quote(), allowed }.into()
    })
}

fn read_last_day(cell: &Cell) -> Result<LastDay, CellProblem> {
    if cell.is_empty() {
        return Ok(LastDay::Blank);
    }
    let is_word = |text: &String| NO_LAST_DAY.contains(&heading_key(text).as_str());
    match &cell.value {
        Value::Text(text) if is_word(text) => Ok(LastDay::None),
        _ => day(cell).map(LastDay::Day),
    }
}

fn read_yes(cell: &Cell) -> Result<Option<bool>, Problem> {
    if let Value::Truth(truth) = cell.value {
        return Ok(Some(truth));
    }
    match heading_key(&text(cell)?).as_str() {
        "co" | "x" | "yes" | "true" | "1" => Ok(Some(true)),
        "khong" | "no" | "false" | "0" => Ok(Some(false)),
        "" if cell.is_empty() => Ok(None),
        _ => Err(PersonProblem::NotYesOrNo { found: cell.quote() }.into()),
    }
}

fn read_username(cell: &Cell) -> Result<String, Problem> {
    let username = required_text(cell, USERNAME_CHARS_MAX).map_err(Problem::from)?.to_ascii_lowercase();
    let is_allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter);
    let is_well_formed =
        username.chars().all(is_allowed) && username.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    if is_well_formed { Ok(username) } else { Err(PersonProblem::UsernameMalformed { found: cell.quote() }.into()) }
}

/// Each row whose user name another name also has. Only the same name with the same user name is one person with
/// several posts.
fn usernames_twice(rows: &[PersonRow]) -> Vec<Fault> {
    let mut first: BTreeMap<&str, &PersonRow> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in rows {
        let other = *first.entry(&row.username).or_insert(row);
        if identity(&other.name) != identity(&row.name) {
            for (row, other) in [(row, other), (other, row)] {
                let problem = PersonProblem::UsernameTwice {
                    found: row.username.clone(),
                    name: row.name.clone(),
                    other_name: other.name.clone(),
                    other: Box::new(other.places.username.clone()),
                };
                faults.push(Fault::new(row.places.username.clone(), problem));
            }
        }
    }
    faults
}
