//! Every limit of the system. Device and server both enforce them; exceeding one gives an error that names it.

/// Work lines on one card.
pub const LINES_PER_CARD_MAX: usize = 200;
/// Lines created by one operation.
pub const LINES_PER_OPERATION_MAX: usize = 50;
/// Work lines ever put on one card, including those taken off again: each stays readable.
pub const LINES_EVER_PER_CARD_MAX: usize = 1_000;
/// Days from the beginning of a card's period to that of the one to which its work is carried, at most: a year.
pub const CARRIED_WITHIN_DAYS_MAX: i32 = 366;
/// Lines of work that one act evaluates. It names the plan, the report and the finding of each as its base.
pub const FINDINGS_PER_OPERATION_MAX: usize = 16;
/// Bytes of the work and the self-score of one card. Superiors' devices receive all of it at once. A full month of
/// twenty lines takes some ten thousand.
pub const CARD_BYTES_MAX: usize = 128 * 1024;
/// Versions of one place of a card between which nobody has chosen yet. Two devices of one person never make more, and
/// whoever chooses must name all of them ([`BASE_MAX`]).
pub const HEADS_PER_REGISTER_MAX: usize = 8;
/// Fields of one person's draft on a card.
pub const DRAFT_FIELDS_PER_CARD_MAX: usize = 1_000;
/// Characters in a note, a reason, a comment.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// Characters in a name or title.
pub const NAME_CHARS_MAX: usize = 500;
/// The fewest characters of a password that a person chooses.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Characters in a code: of a product, a criterion, an option.
pub const CODE_CHARS_MAX: usize = 40;
/// Bytes of one signed operation.
pub const OPERATION_BYTES_MAX: usize = 16 * 1024;
/// Bytes of one sync request or of the operations in one answer.
pub const BATCH_BYTES_MAX: usize = 64 * 1024;
/// Bytes of the first batch on an unknown link: some eight seconds on a slow one.
pub const BATCH_BYTES_FIRST: usize = 24 * 1024;
/// Bytes of a batch on a link that breaks.
pub const BATCH_BYTES_MIN: usize = 8 * 1024;
/// Operations one person may hand in on one day. Months of work without a network are a tenth of it.
pub const OPERATIONS_PER_DAY_MAX: usize = 20_000;
/// Bytes one person may hand in on one day, and as many again of blobs.
pub const BYTES_PER_DAY_MAX: usize = 32 * 1024 * 1024;
/// Bytes of one blob: a rule pack, a scan, a piece of evidence. Both stores of a device hold it as one record.
pub const BLOB_BYTES_MAX: usize = 512 * 1024;
/// Bytes of one part of a blob's upload.
pub const BLOB_PART_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a blob that a device asks for or sends at a time: some eight seconds on a slow link. After a cut no more
/// than that is repeated.
pub const BLOB_PIECE_BYTES: usize = 16 * 1024;
/// How long the parts of an unfinished upload are kept after the last of them.
pub const BLOB_PARTS_KEPT_MS: u64 = 7 * 24 * 60 * 60 * 1000;
/// Heads an operation may name as its base.
pub const BASE_MAX: usize = 64;
/// Products in one work list.
pub const PRODUCTS_PER_LIST_MAX: usize = 5_000;
/// Bytes of a rule pack's text. The longest so far has an eighth of it.
pub const PACK_BYTES_MAX: usize = 256 * 1024;
/// Values in a rule pack. Tables and lists count, too.
pub const PACK_VALUES_MAX: usize = 20_000;
/// How deeply the values of a rule pack may be nested.
pub const PACK_DEPTH_MAX: usize = 24;
/// Letters of the name of a rule pack's field.
pub const PACK_FIELD_CHARS_MAX: usize = 64;
/// People on one server.
pub const ROSTER_MAX: usize = 200_000;
/// Levels of the tree of units.
pub const UNIT_DEPTH_MAX: usize = 12;
/// The largest plausible quantity, count of days or coefficient. Anything larger is a typing error.
pub const QUANTITY_MAX: i64 = 100_000;
/// The largest coefficient of work outside the list where no list is in force: the 500 points of the highest frame in
/// the ministry's handbook, divided by the 5 of a standard product.
pub const FREE_COEFFICIENT_MAX: i64 = 100;
/// The most people whose totals a decision on their head names. Those with the lowest totals are named; the others
/// decide nothing.
pub const LED_NAMED_MAX: usize = 100;
/// The largest denominator of a mark, a quantity or a coefficient: six decimals. Finer numbers mean nothing on a form,
/// and sums of many would grow to thousands of digits.
pub const DENOMINATOR_MAX: i128 = 1_000_000;
/// The day of a period's last month from which its class may be decided, where neither the office nor the pack names
/// another. Offices that score close between the 12th and the 28th.
pub const DECIDE_FROM_DAY: u8 = 20;
/// The same for periods that end with the year, whose classes are due before 15 December (Đ.19(2) of Decree 335/2025).
pub const DECIDE_FROM_DAY_DECEMBER: u8 = 1;
/// The most times of one event on a card. More than two a day in a year is a typing error.
pub const EVENT_TIMES_MAX: u32 = 1_000;
/// Products with weights on a card. Regulations speak of three to seven; no list of an office names more.
pub const PRODUCTS_PER_CARD_MAX: usize = 50;
/// Days of the longest period.
pub const DAYS_PER_YEAR_MAX: i64 = 366;
/// How far a device's clock may differ from the server's before its person is warned.
pub const CLOCK_SKEW_MS_MAX: u64 = 15 * 60 * 1000;
