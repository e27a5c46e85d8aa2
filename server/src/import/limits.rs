//! Limits on how much of a spreadsheet is read. Input over a limit gives a message that names the limit, and never
//! fills the memory.

/// Bytes of the file as it arrives.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Bytes of all parts of the file once unpacked. A zip bomb unpacks to a thousand times its size.
pub const UNPACKED_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// Unpacked bytes of any part but a sheet. The library keeps whole texts and formats in memory, each larger than in the
/// file.
pub const PART_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Parts inside a workbook.
pub const PARTS_MAX: usize = 1_000;
/// Sheets in a workbook.
pub const SHEETS_MAX: usize = 50;
/// Rows with content, over all sheets.
pub const ROWS_MAX: usize = 10_000;
/// Cells with content, over all sheets.
pub const CELLS_MAX: usize = 400_000;
/// Bytes of text kept, over all sheets. Many cells may share one long text.
pub const TEXT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Merged areas looked at, per sheet.
pub const MERGES_MAX: usize = 5_000;
/// Hidden areas of columns looked at, per sheet.
pub const HIDDEN_AREAS_MAX: usize = 5_000;
/// The headings are within this many rows from the top.
pub const HEADING_ROWS_MAX: usize = 40;
/// The number of headings that a message names.
pub const HEADINGS_NAMED_MAX: usize = 20;
/// Years in which a post may begin or end. A year outside is a slip, or a sign for "no end".
pub const YEARS: std::ops::RangeInclusive<i32> = 1945..=2100;
/// Faults kept in a report; more are counted.
pub const FAULTS_MAX: usize = 1_000;
/// Characters of a cell's text that a message quotes.
pub const QUOTE_CHARS_MAX: usize = 60;
/// Characters in a user name.
pub const USERNAME_CHARS_MAX: usize = 64;
