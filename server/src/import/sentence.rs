//! The sentences of the faults, in Vietnamese and English: what was found, what is allowed, what to do.

use super::fault::{
    CellProblem, Counted, CriterionProblem, FileKind, FileProblem, PersonProblem, Problem, ProductProblem, TableProblem,
};
use super::headings::Looked;
use super::legacy::Encoding;
use super::question;
use super::sheet::{Place, quote};

/// The language of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Lang {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The one of two texts that is in this language.
    #[must_use]
    pub fn pick<T>(self, vi: T, en: T) -> T {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }
}

/// The fault in a sentence.
#[must_use]
pub fn sentence(problem: &Problem, lang: Lang) -> String {
    let (vi, en) = match problem {
        Problem::File(problem) => of_file(problem),
        Problem::Table(problem) => of_table(problem),
        Problem::Cell(problem) => of_cell(problem),
        Problem::Product(problem) => of_product(problem),
        Problem::Criterion(problem) => of_criterion(problem),
        Problem::Person(problem) => of_person(problem),
        Problem::Question(question) => question::sentences(question),
    };
    lang.pick(vi, en)
}

/// Where a fault is, in words: the sheet, the row, the column with its heading.
#[must_use]
pub fn describe_place(place: &Place, lang: Lang) -> String {
    let mut parts = Vec::new();
    if place.sheet.is_empty() {
        parts.push(lang.pick("cả tệp", "the file").to_owned());
    } else {
        parts.push(format!("{} “{}”", lang.pick("trang", "sheet"), quote(&place.sheet)));
    }
    if let Some(row) = place.row {
        parts.push(format!("{} {row}", lang.pick("dòng", "row")));
    }
    if let Some(column) = &place.column {
        let heading = place.heading.as_ref().map(|heading| format!(" “{heading}”")).unwrap_or_default();
        parts.push(format!("{} {column}{heading}", lang.pick("cột", "column")));
    }
    parts.join(", ")
}

fn both(place: &Place) -> (String, String) {
    (describe_place(place, Lang::Vi), describe_place(place, Lang::En))
}

const fn counted(what: Counted) -> (&'static str, &'static str) {
    match what {
        Counted::Parts => ("thành phần bên trong tệp", "parts inside the file"),
        Counted::Sheets => ("trang tính", "sheets"),
        Counted::Rows => ("dòng có nội dung", "rows with content"),
        Counted::Cells => ("ô có nội dung", "cells with content"),
        Counted::TextBytes => ("byte văn bản", "bytes of text"),
        Counted::Merges => ("vùng ô gộp trên một trang", "merged areas on one sheet"),
        Counted::Products => ("sản phẩm/công việc trong một danh mục", "products in one list"),
    }
}

const fn kind_name(kind: FileKind) -> (&'static str, &'static str) {
    match kind {
        FileKind::OldOrLockedExcel => {
            ("tệp Excel đời cũ (.xls) hoặc có đặt mật khẩu", "an old Excel file (.xls) or one locked by a password")
        }
        FileKind::OpenDocument => ("bảng tính OpenDocument (.ods)", "an OpenDocument spreadsheet (.ods)"),
        FileKind::Word => ("tài liệu Word", "a Word document"),
        FileKind::Pdf => ("tài liệu PDF", "a PDF document"),
        FileKind::Text => ("tệp văn bản thuần, ví dụ CSV", "plain text, such as CSV"),
        FileKind::Archive => ("tệp nén không phải bảng tính", "an archive that is no spreadsheet"),
        FileKind::Unknown => ("tệp không rõ loại", "a file of unknown kind"),
    }
}

fn of_file(problem: &FileProblem) -> (String, String) {
    match problem {
        FileProblem::FileEmpty => (
            "tệp rỗng; cần một bảng tính Excel (.xlsx)".to_owned(),
            "the file is empty; an Excel workbook (.xlsx) is needed".to_owned(),
        ),
        FileProblem::FileTooLarge { found_bytes, allowed_bytes } => (
            format!("tệp dài {found_bytes} byte; cho phép tối đa {allowed_bytes} byte"),
            format!("the file has {found_bytes} bytes; at most {allowed_bytes} are allowed"),
        ),
        FileProblem::NotASpreadsheet { found } => {
            let (vi, en) = kind_name(*found);
            (
                format!("đây là {vi}; chỉ nhận bảng tính Excel (.xlsx), hãy mở và lưu lại ở định dạng .xlsx"),
                format!("this is {en}; only Excel workbooks (.xlsx) are taken, open it and save it as .xlsx"),
            )
        }
        FileProblem::FileDamaged { .. } => (
            "tệp bảng tính bị hỏng hoặc chưa tải hết; hãy tải lại, hoặc mở và lưu lại ở định dạng .xlsx".to_owned(),
            "the workbook is damaged or was not copied whole; copy it again, or open it and save it as .xlsx"
                .to_owned(),
        ),
        FileProblem::UnpackedTooLarge { allowed_bytes } => (
            format!(
                "nội dung giải nén vượt quá {allowed_bytes} byte cho phép; đây không phải một danh mục bình thường"
            ),
            format!("the unpacked content exceeds the {allowed_bytes} bytes allowed; this is no ordinary list"),
        ),
        FileProblem::TooMuch { what, allowed } => {
            let (vi, en) = counted(*what);
            (
                format!("có nhiều hơn {allowed} {vi}; giới hạn là {allowed}"),
                format!("there are more than {allowed} {en}; the limit is {allowed}"),
            )
        }
        FileProblem::NoTable { allowed, looked } => {
            let headings = allowed.join("”, “");
            let of = |lang| match looked.as_slice() {
                [] => nowhere(lang).to_owned(),
                looked => looked.iter().map(|looked| describe_looked(looked, lang)).collect::<Vec<_>>().join("; "),
            };
            (
                format!("không trang nào có một dòng tiêu đề gồm các cột “{headings}”; đã tìm ở {}", of(Lang::Vi)),
                format!("no sheet has a row of headings with the columns “{headings}”; looked for at {}", of(Lang::En)),
            )
        }
    }
}

const fn nowhere(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "không trang nào, vì mọi trang đều trống hoặc bị bỏ qua",
        Lang::En => "no sheet, for all are empty or passed over",
    }
}

/// Where headings were looked for on a sheet, and what was found there.
fn describe_looked(looked: &Looked, lang: Lang) -> String {
    let (sheet, rows) = (quote(&looked.sheet), looked.rows);
    let found = looked.found.join("”, “");
    match looked.row {
        None => lang.pick(format!("trang “{sheet}” (trống)"), format!("sheet “{sheet}” (empty)")),
        Some(row) => lang.pick(
            format!("trang “{sheet}” ({rows} dòng đầu có nội dung; giống tiêu đề nhất là dòng {row}: “{found}”)"),
            format!("sheet “{sheet}” (first {rows} rows with content; most like headings is row {row}: “{found}”)"),
        ),
    }
}

/// What is wrong with a sheet as a whole.
fn of_sheet(problem: &TableProblem) -> (String, String) {
    match problem {
        TableProblem::SheetNotRecognised { allowed, looked } => {
            let headings = allowed.join("”, “");
            let of = |lang| describe_looked(looked, lang);
            (
                format!(
                    "trang có nội dung nhưng không có dòng tiêu đề “{headings}”; hãy sửa tiêu đề hoặc xóa trang này; \
                     đã tìm ở {}",
                    of(Lang::Vi)
                ),
                format!(
                    "the sheet has content but no row of headings “{headings}”; mend them or delete the sheet; \
                     looked for at {}",
                    of(Lang::En)
                ),
            )
        }
        TableProblem::TextWithoutHeading { found, beside } => (
            format!(
                "có “{found}” trong cột không có tiêu đề, bên cạnh cột “{beside}”; nếu đó là tên thì gộp ô tiêu đề \
                 trên cả hai cột hoặc ghi “Họ và tên đệm” và “Tên”, nếu không thì đặt tiêu đề cho cột"
            ),
            format!(
                "found “{found}” in a column without a heading, beside “{beside}”; if these are given names, merge the \
                 heading over both columns or write “Họ và tên đệm” and “Tên”, else give the column a heading"
            ),
        ),
        TableProblem::SheetHidden => (
            "trang này bị ẩn; hãy bỏ ẩn hoặc xóa đi, hoặc chạy lại với --hidden read (đọc cả phần ẩn) hay \
             --hidden skip (bỏ qua phần ẩn)"
                .to_owned(),
            "the sheet is hidden; show or delete it, or run again with --hidden read (hidden parts are read) or \
             --hidden skip (they are passed over)"
                .to_owned(),
        ),
        TableProblem::RowsHidden { found, rows } => (
            format!(
                "{rows} dòng có nội dung bị ẩn hoặc bị lọc: {found}; hãy bỏ lọc và hiện ra, hoặc chạy lại với \
                 --hidden read (đọc cả các dòng này) hay --hidden skip (bỏ qua)"
            ),
            format!(
                "{rows} rows with content are hidden or filtered out: {found}; show them, or run again with \
                 --hidden read (they are read) or --hidden skip (they are passed over)"
            ),
        ),
        TableProblem::ColumnsHidden { found } => (
            format!(
                "các cột bị ẩn: {found}; hãy hiện ra, hoặc chạy lại với --hidden read (đọc cả các cột này) hay \
                 --hidden skip (bỏ qua)"
            ),
            format!(
                "these columns are hidden: {found}; show them, or run again with --hidden read (they are read) or \
                 --hidden skip (they are passed over)"
            ),
        ),
        TableProblem::LegacyEncoding { encoding, found, cells } => of_legacy(*encoding, &quote(found), *cells),
        _ => Default::default(),
    }
}

fn of_legacy(encoding: Encoding, found: &str, cells: usize) -> (String, String) {
    let name = match encoding {
        Encoding::Tcvn3 => "TCVN3 (ABC)",
        Encoding::Vni => "VNI",
    };
    (
        format!(
            "có “{found}” và {cells} ô như vậy gõ bằng bảng mã cũ {name}; hãy chuyển cả tệp sang Unicode \
             (UniKey: Ctrl+Shift+F6, từ {name} sang Unicode) rồi nhập lại"
        ),
        format!(
            "found “{found}”: {cells} cells are typed in the old encoding {name}; convert the file to Unicode \
             (UniKey: Ctrl+Shift+F6) and import it again"
        ),
    )
}

fn of_table(problem: &TableProblem) -> (String, String) {
    match problem {
        TableProblem::SheetHidden
        | TableProblem::RowsHidden { .. }
        | TableProblem::ColumnsHidden { .. }
        | TableProblem::LegacyEncoding { .. }
        | TableProblem::SheetNotRecognised { .. }
        | TableProblem::TextWithoutHeading { .. } => of_sheet(problem),
        TableProblem::HeadingMissing { missing, seen, found } => {
            let found = found.join("”, “");
            let (seen_vi, seen_en) = seen.as_ref().map_or_else(Default::default, |cell| {
                (
                    format!("; tiêu đề này đang nằm ở ô {cell}, hãy đưa về cùng một dòng"),
                    format!("; that heading is in cell {cell}, put it into the same row"),
                )
            });
            (
                format!("thiếu cột “{missing}”; dòng tiêu đề có “{found}”{seen_vi}"),
                format!("the column “{missing}” is missing; the row of headings has “{found}”{seen_en}"),
            )
        }
        TableProblem::HeadingTwice { other_column } => (
            format!("tiêu đề này đã có ở cột {other_column}; mỗi tiêu đề chỉ được có một lần"),
            format!("column {other_column} has this heading already; each is allowed once"),
        ),
        TableProblem::HeadingMerged { area } => (
            format!("tiêu đề nằm trong vùng ô gộp {area}; hãy bỏ gộp để mỗi cột có một ô tiêu đề riêng trên một dòng"),
            format!("the heading is in the merged cells {area}; unmerge them so that each column has one heading cell"),
        ),
        TableProblem::HeadingsShifted { rows, found, allowed } => (
            format!(
                "tiêu đề bị lệch so với dữ liệu: ở {rows} dòng, nội dung các cột không đúng tiêu đề; \
                 ví dụ dưới “Khung điểm” có “{found}”, cần dạng “{allowed}”"
            ),
            format!(
                "the headings are shifted against the data: in {rows} rows the columns do not hold what their headings say; \
                 under “Khung điểm”, for example, “{found}” was found where “{allowed}” is needed"
            ),
        ),
        TableProblem::NoRows => (
            "dưới dòng tiêu đề không có dòng dữ liệu nào".to_owned(),
            "there is no row of data under the headings".to_owned(),
        ),
        TableProblem::CellsMerged { area } => (
            format!("dòng này nằm trong vùng ô gộp {area}; hãy bỏ gộp và ghi giá trị vào từng dòng"),
            format!("the row is in the merged cells {area}; unmerge them and write the value into each row"),
        ),
        TableProblem::StandardMissing => (
            "không thấy điểm của sản phẩm chuẩn; cần ghi “Sản phẩm chuẩn = 5 điểm” ở phần tiêu đề, \
             hoặc dùng --standard-points"
                .to_owned(),
            "the points of the standard product are not said; write “Sản phẩm chuẩn = 5 điểm” among the headings, \
             or use --standard-points"
                .to_owned(),
        ),
        TableProblem::StandardConflict { found, allowed } => (
            format!("ở đây sản phẩm chuẩn = {} điểm, nơi khác ghi {} điểm", quote(found), quote(allowed)),
            format!("here the standard product has {} points, elsewhere {}", quote(found), quote(allowed)),
        ),
    }
}

fn of_cell(problem: &CellProblem) -> (String, String) {
    match problem {
        CellProblem::CellEmpty => {
            ("ô trống; bắt buộc phải có".to_owned(), "the cell is empty; it is needed".to_owned())
        }
        CellProblem::TextInNumberCell { found } => (
            format!("có chữ “{found}”; cần một số (nếu trông như số thì ô đang ở định dạng văn bản, hãy đổi sang số)"),
            format!(
                "found the text “{found}”; a number is needed (if it looks like one, the cell is formatted as text)"
            ),
        ),
        CellProblem::NotANumber { found } => {
            (format!("có “{found}”; cần một số"), format!("found “{found}”; a number is needed"))
        }
        CellProblem::FormulaWithoutValue { found } => (
            format!("công thức “{found}” chưa được tính; hãy mở tệp bằng Excel, lưu lại, hoặc ghi số"),
            format!(
                "the formula “{found}” has no computed value; open and save the file in Excel, or write the number"
            ),
        ),
        CellProblem::NumberOutOfRange { found, allowed_above, allowed_max } => (
            format!("có {}; cần số lớn hơn {} và không quá {}", quote(found), quote(allowed_above), quote(allowed_max)),
            format!(
                "found {}; allowed is above {} and at most {}",
                quote(found),
                quote(allowed_above),
                quote(allowed_max)
            ),
        ),
        CellProblem::TextTooLong { found_chars, allowed_chars } => (
            format!("dài {found_chars} ký tự; cho phép tối đa {allowed_chars}"),
            format!("{found_chars} characters long; at most {allowed_chars} are allowed"),
        ),
        CellProblem::NotADay { found } => (
            format!("có “{found}”; cần một ngày dạng ngày/tháng/năm, ví dụ 25/10/2026"),
            format!("found “{found}”; a day such as 25/10/2026 is needed"),
        ),
        CellProblem::YearOfTwoDigits { found } => (
            format!("có “{found}”; năm phải ghi đủ bốn chữ số, ví dụ 25/10/2026"),
            format!("found “{found}”; the year needs four digits, such as 25/10/2026"),
        ),
        CellProblem::YearImpossible { found, allowed_min, allowed_max } => (
            format!("có “{found}”; năm cho phép từ {allowed_min} đến {allowed_max} (chưa có ngày thì để trống)"),
            format!(
                "found “{found}”; years from {allowed_min} to {allowed_max} are allowed (leave empty if there is no day)"
            ),
        ),
        CellProblem::NotText { found } => (
            format!("có “{found}”; cần chữ (ngày, giá trị đúng/sai và ô lỗi không phải là chữ)"),
            format!("found “{found}”; text is needed (a day, a truth value or an error is none)"),
        ),
    }
}

fn of_product(problem: &ProductProblem) -> (String, String) {
    match problem {
        ProductProblem::CodeTwice { found, other } => {
            let (vi, en) = both(other);
            (
                format!("mã “{found}” cũng có ở {vi}; mỗi mã chỉ được dùng một lần"),
                format!("the code “{found}” is also in {en}; each code is allowed once"),
            )
        }
        ProductProblem::FrameMalformed { found } => (
            format!("có “{found}”; cần khung điểm dạng “51-100”"),
            format!("found “{found}”; a frame such as “51-100” is needed"),
        ),
        ProductProblem::FrameBecameDate { found } => (
            format!("Excel đã đổi khung điểm thành ngày {found}; hãy định dạng ô là văn bản rồi ghi lại, ví dụ “1-10”"),
            format!(
                "Excel turned the frame into the day {found}; format the cell as text and write it again, such as “1-10”"
            ),
        ),
        ProductProblem::FrameReversed { found } => (
            format!("khung “{found}” có đầu lớn hơn cuối; cần dạng thấp-cao, ví dụ “51-100”"),
            format!("the frame “{found}” begins above its end; low-high is needed, such as “51-100”"),
        ),
        ProductProblem::FrameDiffersInGroup { found, allowed, group, other } => {
            let (vi, en) = both(other);
            (
                format!("khung “{found}” khác khung “{allowed}” của nhóm {group} (xem {vi})"),
                format!("the frame “{found}” differs from the frame “{allowed}” of group {group} (see {en})"),
            )
        }
        ProductProblem::PointsOutsideFrame { found, allowed_min, allowed_max } => (
            format!(
                "điểm {} nằm ngoài khung; cho phép từ {} đến {}",
                quote(found),
                quote(allowed_min),
                quote(allowed_max)
            ),
            format!(
                "{} points are outside the frame; allowed are {} to {}",
                quote(found),
                quote(allowed_min),
                quote(allowed_max)
            ),
        ),
        ProductProblem::CoefficientMismatch { found, allowed, points, standard_points } => {
            let (found, allowed) = (quote(found), quote(allowed));
            let (points, standard) = (quote(points), quote(standard_points));
            (
                format!("hệ số {found}; phải bằng {points} điểm / {standard} điểm chuẩn = {allowed}"),
                format!(
                    "the coefficient is {found}; it must be {points} points / {standard} standard points = {allowed}"
                ),
            )
        }
    }
}

fn of_criterion(problem: &CriterionProblem) -> (String, String) {
    match problem {
        CriterionProblem::CriterionNumberMissing { found } => (
            format!("có “{found}”; cần số La Mã của mục hoặc số thứ tự của tiêu chí trong mục"),
            format!("found “{found}”; a part's Roman numeral or a criterion's number is needed"),
        ),
        CriterionProblem::CriterionMaxDiffers { criterion, found, allowed } => (
            format!("tiêu chí {criterion} tối đa {} điểm; bộ quy tắc quy định {}", quote(found), quote(allowed)),
            format!("criterion {criterion} has at most {} points; the rule pack says {}", quote(found), quote(allowed)),
        ),
        CriterionProblem::CriterionUnknown { criterion } => {
            (format!("bộ quy tắc không có tiêu chí {criterion}"), format!("the rule pack has no criterion {criterion}"))
        }
        CriterionProblem::CriterionMissing { criterion } => (
            format!("thiếu tiêu chí {criterion} của bộ quy tắc"),
            format!("criterion {criterion} of the rule pack is missing"),
        ),
        CriterionProblem::CriteriaSumDiffers { part, found, allowed } if part.is_empty() => (
            format!("tổng cộng ghi {}; các mục cộng lại là {}", quote(found), quote(allowed)),
            format!("the total says {}; the parts add up to {}", quote(found), quote(allowed)),
        ),
        CriterionProblem::CriteriaSumDiffers { part, found, allowed } => (
            format!("mục {part} ghi {}; các tiêu chí cộng lại là {}", quote(found), quote(allowed)),
            format!("part {part} says {}; its criteria add up to {}", quote(found), quote(allowed)),
        ),
    }
}

fn of_person(problem: &PersonProblem) -> (String, String) {
    match problem {
        PersonProblem::WordUnknown { found, allowed } => {
            let allowed = allowed.join("”, “");
            (format!("có “{found}”; cho phép “{allowed}”"), format!("found “{found}”; allowed are “{allowed}”"))
        }
        PersonProblem::UsernameMalformed { found } => (
            format!("tên đăng nhập “{found}”; chỉ gồm chữ thường không dấu, số, dấu chấm, gạch nối, gạch dưới"),
            format!("the user name is “{found}”; allowed are small letters a-z, digits, dot, dash, underscore"),
        ),
        PersonProblem::DaysReversed { found, allowed } => (
            format!("ngày thôi {found} trước ngày nhận {allowed}"),
            format!("the last day {found} is before the first day {allowed}"),
        ),
        PersonProblem::NotYesOrNo { found } => (
            format!("có “{found}”; cần “có”, “không” hoặc để trống"),
            format!("found “{found}”; “có” (yes), “không” (no) or nothing is needed"),
        ),
        PersonProblem::UsernameTwice { found, name, other_name, other } => {
            let (vi, en) = both(other);
            (
                format!("tên đăng nhập “{found}” của {name} cũng ghi cho {other_name} ở {vi}; mỗi người một tên riêng"),
                format!("the user name “{found}” of {name} is {other_name}'s, too, in {en}; each person needs one"),
            )
        }
        PersonProblem::HeadTwice { unit, head, other } => {
            let (vi, en) = both(other);
            (
                format!("“{unit}” cùng lúc có người đứng đầu khác là {head} ở {vi}"),
                format!("“{unit}” has another head at that time, {head}, in {en}"),
            )
        }
        PersonProblem::HeadLater { unit, head, since } => (
            format!(
                "“{unit}” trên máy chủ có người đứng đầu là {head} từ {since}, sau ngày ghi ở đây; danh sách cũ hơn máy chủ"
            ),
            format!(
                "the head of “{unit}” is {head} since {since}, later than here; the list is older than what is known"
            ),
        ),
        PersonProblem::PostTwice { other } => {
            let (vi, en) = both(other);
            (
                format!("trùng với {vi}: cùng người, cùng đơn vị, cùng vai trò trong cùng thời gian"),
                format!("the same person, unit and role at the same time as in {en}"),
            )
        }
        PersonProblem::PostsOverlap { name, unit, found } => {
            let found = found.join("; ");
            (
                format!(
                    "{name} ở “{unit}” trên máy chủ đang có nhiều chức vụ cùng vai trò: {found}; không rõ dòng này là chức vụ nào"
                ),
                format!(
                    "{name} has several posts of this role in “{unit}”: {found}; which one the row means is unclear"
                ),
            )
        }
        PersonProblem::KindDiffers { .. }
        | PersonProblem::UnitAmbiguous { .. }
        | PersonProblem::UnitsInCircle { .. } => of_unit(problem),
    }
}

fn of_unit(problem: &PersonProblem) -> (String, String) {
    match problem {
        PersonProblem::KindDiffers { unit, other } => {
            let (vi, en) = both(other);
            (format!("loại của đơn vị “{unit}” khác với {vi}"), format!("the unit “{unit}” is of another kind in {en}"))
        }
        PersonProblem::UnitAmbiguous { unit, parents } => {
            let parents = parents.join("”, “");
            (
                format!("có đơn vị tên “{unit}” thuộc “{parents}”; hãy ghi rõ ở cột “Thuộc đơn vị”"),
                format!("“{unit}” stands under “{parents}”; say which is meant in the column “Thuộc đơn vị”"),
            )
        }
        PersonProblem::UnitsInCircle { unit } => (
            format!("“{unit}” thuộc chính nó qua các đơn vị khác, hoặc nằm quá sâu"),
            format!("“{unit}” stands under itself through other units, or too deep"),
        ),
        _ => Default::default(),
    }
}
