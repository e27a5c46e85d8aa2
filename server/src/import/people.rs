//! A list of people: units with the units above them, people with user names, and the posts they hold.

use std::collections::BTreeMap;

use serde::Serialize;
use shared::limits::{NAME_CHARS_MAX, UNIT_DEPTH_MAX};
use shared::org::{Rank, UnitKind};
use shared::time::Day;

use super::cells::{day, optional_text, required_text};
use super::fault::{Fault, FileProblem, PersonProblem, Problem, TableProblem};
use super::headings::{Heading, find_table};
use super::limits::USERNAME_CHARS_MAX;
use super::report::{ImportReport, SheetKind, SheetReport};
use super::row::RowReader;
use super::sheet::{Cell, Place, Row, Sheet, heading_key};
use super::units::{PlannedUnit, Units};
use super::workbook::read_workbook;

/// A row with as many known headings is the headings of a list of people.
const HEADINGS_MATCHED_MIN: usize = 3;

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
    /// Name to sign in with; one for each person, the same in every row of that person.
    Username,
}

use PersonField as Field;

/// The headings of a list of people.
pub const HEADINGS: [Heading<Field>; 10] = [
    Heading { field: Field::Name, label: "Họ và tên", keys: &["hovaten", "hoten", "name"], required: true },
    Heading { field: Field::Unit, label: "Đơn vị", keys: &["donvi", "phongban", "unit"], required: true },
    Heading {
        field: Field::Parent, label: "Thuộc đơn vị", keys: &["thuocdonvi", "donvicaptren"], required: true
    },
    Heading { field: Field::Kind, label: "Loại đơn vị", keys: &["loaidonvi"], required: false },
    Heading { field: Field::Title, label: "Chức vụ", keys: &["chucvu", "chucdanh", "title"], required: true },
    Heading { field: Field::Role, label: "Vai trò", keys: &["vaitro", "role"], required: true },
    Heading { field: Field::From, label: "Từ ngày", keys: &["tungay", "from"], required: true },
    Heading { field: Field::To, label: "Đến ngày", keys: &["denngay", "to"], required: false },
    Heading {
        field: Field::Personnel, label: "Tổ chức cán bộ", keys: &["tochuccanbo", "personnel"], required: false
    },
    Heading { field: Field::Username, label: "Tên đăng nhập", keys: &["tendangnhap", "username"], required: true },
];

/// The roles by the wordings recognised, the first of each its usual one.
pub const ROLES: [(Rank, &str, &[&str]); 4] = [
    (
        Rank::Head,
        "Trưởng",
        &["truong", "captruong", "nguoidungdau", "thutruong", "chutich", "truongphong", "giamdoc", "head"],
    ),
    (Rank::Deputy, "Phó", &["pho", "capho", "phochutich", "photruongphong", "phophong", "phogiamdoc", "deputy"]),
    (Rank::Staff, "Chuyên viên", &["chuyenvien", "congchuc", "staff"]),
    (Rank::Support, "Phục vụ", &["phucvu", "nhanvienphucvu", "hotrophucvu", "support"]),
];

/// The kinds of units by the wordings recognised.
pub const KINDS: [(UnitKind, &str, &[&str]); 3] = [
    (UnitKind::Region, "Cấp trên", &["captren", "tinh", "cum", "region"]),
    (UnitKind::Agency, "Cơ quan", &["coquan", "ubnd", "agency"]),
    (UnitKind::Division, "Phòng ban", &["phongban", "phong", "trungtam", "division"]),
];

/// A person of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedPerson {
    /// Full name.
    pub name: String,
    /// Name to sign in with.
    pub username: String,
}

/// A post of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedPost {
    /// Who holds it.
    pub username: String,
    /// In which unit.
    pub unit: String,
    /// Place in the unit's order.
    pub rank: Rank,
    /// As on paper.
    pub title: String,
    /// First day held.
    pub from: Day,
    /// Last day held.
    pub to: Option<Day>,
    /// Whether it keeps the personnel records.
    pub personnel: bool,
}

/// What a list of people would add. Without faults, or sound rows of a partial import; else empty.
#[derive(Clone, Debug, Default)]
pub struct PeoplePlan {
    /// Units, each after the unit above it.
    pub units: Vec<PlannedUnit>,
    /// People, in the order of the file.
    pub people: Vec<PlannedPerson>,
    /// Posts, in the order of the file.
    pub posts: Vec<PlannedPost>,
    /// What was taken and refused, and why.
    pub report: ImportReport,
}

/// A row read.
struct ReadRow {
    person: PlannedPerson,
    post: PlannedPost,
    parent: String,
    kind: Option<UnitKind>,
    place: Place,
    unit_place: Place,
    username_place: Place,
}

/// Reads a list of people and checks it whole. Takes nothing when anything is wrong, unless `partial`.
#[must_use]
pub fn read_people(bytes: &[u8], partial: bool) -> PeoplePlan {
    let mut plan = PeoplePlan::default();
    let sheets = match read_workbook(bytes) {
        Ok(workbook) => workbook.sheets,
        Err(problem) => {
            plan.report.add_faults([Fault::of_file(problem)]);
            return plan;
        }
    };
    let mut rows = Vec::new();
    let mut places = Vec::new();
    for sheet in sheets.iter().filter(|sheet| !sheet.rows.is_empty()) {
        read_sheet(sheet, &mut plan.report, &mut rows, &mut places);
    }
    if plan.report.sheets.iter().all(|sheet| sheet.kind == SheetKind::Unknown) {
        plan.report.add_faults([Fault::of_file(FileProblem::NoTable { allowed: needed_headings() })]);
    } else {
        plan.report.add_unknown_sheets(&needed_headings());
    }
    plan.report.add_faults(usernames_twice(&rows));
    plan.report.add_faults(posts_in_conflict(&rows));
    let mut units = Units::new(UNIT_DEPTH_MAX - 1);
    for row in &rows {
        plan.report.add_faults(units.add(&row.post.unit, &row.parent, row.kind, &row.unit_place));
    }
    plan.report.add_faults(units.faults());
    plan.report.decide(places.iter(), partial);
    if plan.report.accepted {
        take(&mut plan, rows);
    }
    plan
}

/// Keeps the sound rows; units are made anew of these alone, so that a refused row leaves no unit behind.
fn take(plan: &mut PeoplePlan, rows: Vec<ReadRow>) {
    let mut units = Units::new(UNIT_DEPTH_MAX - 1);
    for row in rows {
        if plan.report.is_faulty(&row.place) {
            continue;
        }
        let _none_among_sound_rows = units.add(&row.post.unit, &row.parent, row.kind, &row.unit_place);
        if plan.people.iter().all(|person| person.username != row.person.username) {
            plan.people.push(row.person);
        }
        plan.posts.push(row.post);
    }
    plan.units = units.planned();
}

fn needed_headings() -> Vec<String> {
    HEADINGS.iter().filter(|heading| heading.required).map(|heading| heading.label.to_owned()).collect()
}

fn read_sheet(sheet: &Sheet, report: &mut ImportReport, rows: &mut Vec<ReadRow>, places: &mut Vec<Place>) {
    let Some(table) = find_table(sheet, &HEADINGS, HEADINGS_MATCHED_MIN) else {
        report.sheets.push(SheetReport::new(&sheet.name, SheetKind::Unknown));
        return;
    };
    let mut counted = SheetReport::new(&sheet.name, SheetKind::People);
    if table.faults.is_empty() {
        report.add_faults(table.merged_rows(sheet));
        let before = places.len();
        for (row, cells) in sheet.rows.range(Row(table.heading_row.number())..) {
            let mut reader = RowReader::new(sheet, &table, *row, cells);
            if reader.all_empty(&[Field::Name, Field::Username, Field::Role, Field::Title]) {
                counted.skipped_rows.push(row.number());
                continue;
            }
            places.push(reader.place());
            rows.extend(read_row(&mut reader));
            report.add_faults(reader.faults);
        }
        if places.len() == before {
            report.add_faults([Fault::new(Place::sheet(sheet).at_row(table.heading_row), TableProblem::NoRows)]);
        }
    } else {
        report.add_faults(table.faults);
    }
    report.sheets.push(counted);
}

fn read_row(reader: &mut RowReader<'_, Field>) -> Option<ReadRow> {
    let required = |cell: &Cell| required_text(cell, NAME_CHARS_MAX);
    let name = reader.read(Field::Name, required);
    let unit = reader.read(Field::Unit, required);
    let parent = reader.read(Field::Parent, |cell| optional_text(cell, NAME_CHARS_MAX));
    let kind = reader.read(Field::Kind, read_kind);
    let title = reader.read(Field::Title, required);
    let rank = reader.read(Field::Role, read_role);
    let from = reader.read(Field::From, day);
    let to = reader.read(Field::To, |cell| if cell.is_empty() { Ok(None) } else { day(cell).map(Some) });
    let personnel = reader.read(Field::Personnel, read_yes);
    let username = reader.read(Field::Username, read_username);
    if let (Some(from), Some(Some(to))) = (from, to)
        && to < from
    {
        let problem = PersonProblem::DaysReversed { found: to.vietnamese(), allowed: from.vietnamese() };
        reader.fault(Field::To, problem);
    }
    let username = username?;
    let unit = unit?;
    Some(ReadRow {
        person: PlannedPerson { name: name?, username: username.clone() },
        post: PlannedPost { username, unit, rank: rank?, title: title?, from: from?, to: to?, personnel: personnel? },
        parent: parent?,
        kind: kind?,
        place: reader.place(),
        unit_place: reader.place_of(Field::Unit),
        username_place: reader.place_of(Field::Username),
    })
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
    let key = heading_key(&cell.text());
    if key.is_empty() {
        return Ok(None);
    }
    let kind = KINDS.iter().find(|(_, _, keys)| keys.contains(&key.as_str()));
    kind.map(|(kind, ..)| Some(*kind)).ok_or_else(|| {
        let allowed = KINDS.iter().map(|(_, label, _)| (*label).to_owned()).collect();
        PersonProblem::WordUnknown { found: cell.quote(), allowed }.into()
    })
}

fn read_yes(cell: &Cell) -> Result<bool, PersonProblem> {
    match heading_key(&cell.text()).as_str() {
        "co" | "x" | "yes" | "true" | "1" => Ok(true),
        "" | "khong" | "no" | "false" | "0" => Ok(false),
        _ => Err(PersonProblem::NotYesOrNo { found: cell.quote() }),
    }
}

fn read_username(cell: &Cell) -> Result<String, Problem> {
    let username = required_text(cell, USERNAME_CHARS_MAX).map_err(Problem::from)?.to_ascii_lowercase();
    let is_allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter);
    let is_well_formed =
        username.chars().all(is_allowed) && username.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    if is_well_formed { Ok(username) } else { Err(PersonProblem::UsernameMalformed { found: cell.quote() }.into()) }
}

/// Each row whose user name another name has, too: the same name with the same user name is one person with several posts.
fn usernames_twice(rows: &[ReadRow]) -> Vec<Fault> {
    let mut first: BTreeMap<&str, &ReadRow> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in rows {
        let other = *first.entry(&row.person.username).or_insert(row);
        if heading_key(&other.person.name) != heading_key(&row.person.name) {
            for (row, other) in [(row, other), (other, row)] {
                let found = row.person.username.clone();
                let problem = PersonProblem::UsernameTwice { found, other: Box::new(other.username_place.clone()) };
                faults.push(Fault::new(row.username_place.clone(), problem));
            }
        }
    }
    faults
}

/// Each row that repeats a post, or gives a unit a second head on the same day.
fn posts_in_conflict(rows: &[ReadRow]) -> Vec<Fault> {
    let mut by_unit: BTreeMap<String, Vec<&ReadRow>> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in rows {
        let before = by_unit.entry(heading_key(&row.post.unit)).or_default();
        let other = |other: &ReadRow| Box::new(other.place.clone());
        if let Some(same) = before.iter().find(|same| same.post == row.post) {
            faults.push(Fault::new(row.place.clone(), PersonProblem::PostTwice { other: other(same) }));
        } else if row.post.rank == Rank::Head
            && let Some(head) =
                before.iter().find(|head| head.post.rank == Rank::Head && overlap(&head.post, &row.post))
        {
            let problem = PersonProblem::HeadTwice { unit: row.post.unit.clone(), other: other(head) };
            faults.push(Fault::new(row.place.clone(), problem));
        }
        before.push(row);
    }
    faults
}

fn overlap(one: &PlannedPost, other: &PlannedPost) -> bool {
    let ends_before = |one: &PlannedPost, other: &PlannedPost| one.to.is_some_and(|to| to < other.from);
    !ends_before(one, other) && !ends_before(other, one)
}
