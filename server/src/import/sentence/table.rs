//! The sentences about faults of a table: its sheet, its headings and its surroundings.

use crate::import::fault::Looked;
use crate::import::fault::TableProblem;
use crate::import::legacy::Encoding;
use crate::import::sheet::quote;
use crate::lang::Lang;

pub(super) fn of_table(problem: &TableProblem) -> (String, String) {
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

/// A fault of a sheet as a whole.
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

/// Where headings were looked for on a sheet, and what was found there.
pub(super) fn describe_looked(looked: &Looked, lang: Lang) -> String {
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
