//! The sentences about faults of a cell.

use crate::import::fault::CellProblem;
use crate::import::sheet::quote;

pub(super) fn of_cell(problem: &CellProblem) -> (String, String) {
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
