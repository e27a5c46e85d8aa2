//! What can be wrong with a spreadsheet: a code with parameters. The sentences are in [`super::sentence`].
//!
//! Numbers are kept as people write them: they are for reading, never for computing.

use serde::Serialize;

use super::sheet::Place;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    #[serde(flatten)]
    pub problem: Problem,
}

/// What is wrong, by how far it reaches.
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
    /// No byte in it.
    FileEmpty,
    /// Longer than [`super::limits::FILE_BYTES_MAX`].
    FileTooLarge { found_bytes: usize, allowed_bytes: usize },
    /// Not an `.xlsx` workbook.
    NotASpreadsheet { found: FileKind },
    /// Cut off or broken inside; `detail` is for whoever looks into the bytes.
    FileDamaged { detail: String },
    /// Unpacks to more than is sane.
    UnpackedTooLarge { allowed_bytes: u64 },
    /// More parts, sheets, rows, cells or text than allowed.
    TooMuch { what: Counted, allowed: usize },
    /// No sheet has the headings looked for.
    NoTable { allowed: Vec<String> },
}

/// What is counted against a limit.
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
    /// Content, but no headings that are known.
    SheetNotRecognised { allowed: Vec<String> },
    /// A needed heading is not in the row of headings; `seen` is where it stands instead.
    HeadingMissing { missing: String, seen: Option<String>, found: Vec<String> },
    /// Two columns have the same heading.
    HeadingTwice { other_column: String },
    /// A heading spans several cells.
    HeadingMerged { area: String },
    /// The columns do not hold what their headings say.
    HeadingsShifted { rows: usize, found: String, allowed: String },
    /// Headings, and nothing under them.
    NoRows,
    /// Cells merged across rows of data: which row the value belongs to is a guess.
    CellsMerged { area: String },
    /// The points of the standard product are said nowhere.
    StandardMissing,
    /// They are said twice, differently.
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
}

/// Why a product contradicts the list's own rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ProductProblem {
    /// The code stands in another row too.
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
    /// The unit is said to stand under two different units.
    ParentDiffers { unit: String, found: String, allowed: String, other: Box<Place> },
    /// The units stand under each other in a circle, or too deep.
    UnitsInCircle { unit: String },
    /// The user name stands in another person's row too.
    UsernameTwice { found: String, other: Box<Place> },
    /// Not made of small letters, digits, dots, dashes.
    UsernameMalformed { found: String },
    /// The unit has a head already.
    HeadTwice { unit: String, other: Box<Place> },
    /// The same person with the same post stands in another row too.
    PostTwice { other: Box<Place> },
    /// The last day is before the first.
    DaysReversed { found: String, allowed: String },
    /// Not yes or no.
    NotYesOrNo { found: String },
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
