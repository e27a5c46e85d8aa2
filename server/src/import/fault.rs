//! The faults of a spreadsheet, as codes with parameters. The sentences are in [`super::sentence`].
//!
//! Numbers are kept as people write them, because they are for reading, never for computing.

use clap::ValueEnum;
use serde::Serialize;
use shared::org::UnitKind;

use super::legacy::Encoding;
use super::sheet::Place;

/// Where headings were looked for on a sheet, and what looked most like them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// The sheet.
    pub sheet: String,
    /// Rows looked at from the top.
    pub rows: usize,
    /// The row that looked most like headings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The content of that row.
    pub found: Vec<String>,
}

/// One fault and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Its place.
    pub place: Place,
    /// The problem.
    #[serde(flatten)]
    pub problem: Problem,
}

/// A problem, by how far it reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Problem {
    /// The file cannot be read at all.
    File(FileProblem),
    /// A table cannot be found or trusted.
    Table(TableProblem),
    /// A cell is not what its column needs.
    Cell(CellProblem),
    /// A row of a work list contradicts the list's own rules.
    Product(ProductProblem),
    /// The common criteria are not those of the rule pack.
    Criterion(CriterionProblem),
    /// A row of a list of people contradicts another or the rules of posts.
    Person(PersonProblem),
    /// A row of a list of people may have another meaning.
    Question(Box<Question>),
}

/// What a file that is no `.xlsx` seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Excel before 2007, or a workbook locked by a password.
    OldOrLockedExcel,
    /// LibreOffice's own format.
    OpenDocument,
    /// A Word document.
    Word,
    /// A PDF document.
    Pdf,
    /// Plain text, such as CSV.
    Text,
    /// A zip archive of something else.
    Archive,
    /// Anything else.
    Unknown,
}

/// Why the file cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum FileProblem {
    /// It has no bytes.
    FileEmpty,
    /// Longer than [`super::limits::FILE_BYTES_MAX`].
    FileTooLarge { found_bytes: usize, allowed_bytes: usize },
    /// Not an `.xlsx` workbook.
    NotASpreadsheet { found: FileKind },
    /// It is cut off or broken inside. `detail` is for whoever looks into the bytes.
    FileDamaged { detail: String },
    /// It unpacks to more than is sane.
    UnpackedTooLarge { allowed_bytes: u64 },
    /// More parts, sheets, rows, cells or text than allowed.
    TooMuch { what: Counted, allowed: usize },
    /// No sheet has the headings looked for. `looked` says where they were looked for and what was found there.
    NoTable { allowed: Vec<String>, looked: Vec<Looked> },
}

impl FileProblem {
    pub(super) fn damaged(detail: impl std::fmt::Display) -> Self {
        Self::FileDamaged { detail: detail.to_string() }
    }
}

/// Things that are counted against a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Parts inside the file.
    Parts,
    /// Sheets.
    Sheets,
    /// Rows with content.
    Rows,
    /// Cells with content.
    Cells,
    /// Bytes of text.
    TextBytes,
    /// Merged areas of a sheet.
    Merges,
    /// Products of the list.
    Products,
}

/// Why a table cannot be found or trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum TableProblem {
    /// It has content, but no known headings.
    SheetNotRecognised { allowed: Vec<String>, looked: Looked },
    /// The sheet is hidden. People must decide whether its content belongs to the list.
    SheetHidden,
    /// Rows hidden by a filter or by hand, such as `5, 7-9`.
    RowsHidden { found: String, rows: usize },
    /// Columns that are hidden.
    ColumnsHidden { found: String },
    /// Text typed for a font from before Unicode.
    LegacyEncoding { encoding: Encoding, found: String, cells: usize },
    /// A needed heading is not in the row of headings. `seen` is where it was found instead.
    HeadingMissing { missing: String, seen: Option<String>, found: Vec<String> },
    /// Text in a column without a heading, next to one that may be the first part of a name.
    TextWithoutHeading { found: String, beside: String },
    /// Two columns have the same heading.
    HeadingTwice { other_column: String },
    /// A heading spans several cells.
    HeadingMerged { area: String },
    /// The columns do not hold what their headings say.
    HeadingsShifted { rows: usize, found: String, allowed: String },
    /// Headings without rows under them.
    NoRows,
    /// Cells merged across rows of data. It is unclear to which row the value belongs.
    CellsMerged { area: String },
    /// The points of the standard product are not stated.
    StandardMissing,
    /// They are stated twice, with different values.
    StandardConflict { found: String, allowed: String },
}

/// Why a cell is not what its column needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum CellProblem {
    /// Nothing in it.
    CellEmpty,
    /// Text where a number is needed, even if it reads like one.
    TextInNumberCell { found: String },
    /// A day, a truth value or an error where a number is needed.
    NotANumber { found: String },
    /// A formula whose value the file does not hold.
    FormulaWithoutValue { found: String },
    /// Zero, negative or too large.
    NumberOutOfRange { found: String, allowed_above: String, allowed_max: String },
    /// Longer than the limit.
    TextTooLong { found_chars: usize, allowed_chars: usize },
    /// Not a calendar day.
    NotADay { found: String },
    /// A day whose century is unclear.
    YearOfTwoDigits { found: String },
    /// A day in a year in which nobody began or ended a post.
    YearImpossible { found: String, allowed_min: i32, allowed_max: i32 },
    /// A day, a truth value or an error where text is needed.
    NotText { found: String },
}

/// Why a product contradicts the list's own rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ProductProblem {
    /// The code also appears in another row.
    CodeTwice { found: String, other: Box<Place> },
    /// Not like `51-100`.
    FrameMalformed { found: String },
    /// The spreadsheet program took the frame for a day.
    FrameBecameDate { found: String },
    /// The lower end is above the upper.
    FrameReversed { found: String },
    /// Other rows of the group have another frame.
    FrameDiffersInGroup { found: String, allowed: String, group: String, other: Box<Place> },
    /// The points are not within the frame.
    PointsOutsideFrame { found: String, allowed_min: String, allowed_max: String },
    /// k is not points divided by the points of the standard product.
    CoefficientMismatch { found: String, allowed: String, points: String, standard_points: String },
}

/// Why the common criteria are not those of the rule pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum CriterionProblem {
    /// The row has neither a part's Roman numeral nor a criterion's number.
    CriterionNumberMissing { found: String },
    /// Another maximum than the pack's.
    CriterionMaxDiffers { criterion: String, found: String, allowed: String },
    /// The pack has no such criterion.
    CriterionUnknown { criterion: String },
    /// The pack has a criterion that the sheet lacks.
    CriterionMissing { criterion: String },
    /// The criteria of a part, or the parts, do not add up to the maximum stated.
    CriteriaSumDiffers { part: String, found: String, allowed: String },
}

/// Why a person's row contradicts another or the rules of posts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PersonProblem {
    /// Not one of the words a column knows: a role, a kind of unit.
    WordUnknown { found: String, allowed: Vec<String> },
    /// The unit is given two different kinds.
    KindDiffers { unit: String, other: Box<Place> },
    /// Several units have this name, and the row does not say which is meant. `parents` are the units above them.
    UnitAmbiguous { unit: String, parents: Vec<String> },
    /// The units form a circle, or are nested too deep.
    UnitsInCircle { unit: String },
    /// The user name also appears in the row of a person with another name.
    UsernameTwice { found: String, name: String, other_name: String, other: Box<Place> },
    /// Not made of small letters, digits, dots, dashes.
    UsernameMalformed { found: String },
    /// Another row makes somebody else head of the unit at the same time.
    HeadTwice { unit: String, head: String, other: Box<Place> },
    /// The same person with the same post at the same time also appears in another row.
    PostTwice { other: Box<Place> },
    /// The office knows several posts of this person in this unit and role at that time. It is unclear which is meant.
    PostsOverlap { name: String, unit: String, found: Vec<String> },
    /// The office knows a head of the unit who begins later, so the list is older than what is known.
    HeadLater { unit: String, head: String, since: String },
    /// The last day is before the first.
    DaysReversed { found: String, allowed: String },
    /// Not yes or no.
    NotYesOrNo { found: String },
}

/// A change that a list may or may not mean. It is made only when whoever imports confirms it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Question {
    /// The user name belongs to a person whom the office knows under another name.
    UsernameOfOther { username: String, found: String, holder: String, posts: Vec<String> },
    /// Somebody of this name is known in the same agency under another user name.
    Namesake { name: String, known_username: String, posts: Vec<String> },
    /// Somebody whose posts have all ended would hold one again.
    BroughtBack { name: String, last_day: String },
    /// The unit has a head who would be replaced; or, with `until`, who would have a second head next to them for a
    /// time.
    HeadReplaced { unit: String, head: String, since: String, new: String, from: String, until: Option<String> },
    /// A first day would move to a later one, so that the days between lose the post.
    FirstDayLater { name: String, unit: String, known: String, found: String },
    /// Somebody would become a keeper of the personnel records, who may publish and administer units and people.
    PersonnelGiven { name: String, unit: String, from: String },
    /// A keeper of the personnel records would lose that right: after the last day, or without one at all.
    PersonnelTaken { name: String, unit: String, last_day: Option<String> },
    /// A new unit has almost the name of a known one.
    UnitLooksLike { unit: String, known: String },
    /// A unit of this name is known, and has no unit above it.
    UnitStandsElsewhere { unit: String, parent: String },
    /// A known unit would become one of another kind.
    UnitKindChanges { unit: String, known: UnitKind, found: UnitKind },
    /// A new unit has no unit above it.
    TopUnit { unit: String },
}

/// The confirmation of one kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Heads are replaced as listed
    Heads,
    /// People who had left come back as listed
    Returning,
    /// People whose name changes are the same people; their accounts stay theirs
    Renamed,
    /// People of the same name with another user name are other people
    Namesakes,
    /// First days move to later ones as listed
    FirstDays,
    /// The personnel records are given to people and taken from them as listed
    Personnel,
    /// Units that look like known ones are these, under a new name, place or kind
    SameUnits,
    /// Units that look like known ones are new ones
    NewUnits,
    /// New units stand under nothing
    TopUnits,
}

impl Answer {
    /// Its word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Heads => "heads",
            Self::Returning => "returning",
            Self::Renamed => "renamed",
            Self::Namesakes => "namesakes",
            Self::FirstDays => "first-days",
            Self::Personnel => "personnel",
            Self::SameUnits => "same-units",
            Self::NewUnits => "new-units",
            Self::TopUnits => "top-units",
        }
    }
}

macro_rules! into_problem {
    ($($kind:ident => $variant:ident),* $(,)?) => {$(
        impl From<$kind> for Problem {
            fn from(problem: $kind) -> Self {
                Self::$variant(problem)
            }
        }
    )*};
}

into_problem! {
    FileProblem => File,
    TableProblem => Table,
    CellProblem => Cell,
    ProductProblem => Product,
    CriterionProblem => Criterion,
    PersonProblem => Person,
}

impl From<Question> for Problem {
    fn from(question: Question) -> Self {
        Self::Question(Box::new(question))
    }
}

impl From<Box<Question>> for Problem {
    fn from(question: Box<Question>) -> Self {
        Self::Question(question)
    }
}

impl Fault {
    /// `problem` at `place`.
    pub fn new(place: Place, problem: impl Into<Problem>) -> Self {
        Self { place, problem: problem.into() }
    }

    /// `problem` with the file as a whole.
    pub fn of_file(problem: FileProblem) -> Self {
        Self::new(Place::file(), problem)
    }
}
