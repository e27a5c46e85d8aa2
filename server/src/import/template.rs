//! Makes an empty list of people to be filled in.

use rust_xlsxwriter::{DataValidation, Format, Workbook, XlsxError};

use super::people::{HEADINGS, PersonField};
use super::wordings::{KINDS, ROLES};

/// The number of template rows that offer a choice of the column's words.
const ROWS_OFFERED: u32 = 1_000;
/// The row of headings, from 0.
const HEADING_ROW: u32 = 2;

/// The bytes of an `.xlsx` workbook with the headings of a list of people, but without people.
///
/// # Errors
/// When the library cannot write the workbook.
pub fn people_template() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Danh sách")?;
    let bold = Format::new().set_bold();
    let text = Format::new().set_num_format("@");
    sheet.write_with_format(0, 0, "DANH SÁCH CÔNG CHỨC, NGƯỜI LAO ĐỘNG", &bold)?;
    sheet.write(
        1,
        0,
        "Mỗi dòng một chức vụ, ngày ghi dạng 25/10/2026. Người giữ nhiều chức vụ có nhiều dòng với cùng tên đăng nhập. \
         Tên đăng nhập: chữ thường không dấu, số, dấu chấm.",
    )?;
    for (column, heading) in (0_u16..).zip(&HEADINGS) {
        sheet.write_with_format(HEADING_ROW, column, heading.label, &bold)?;
        sheet.set_column_width(column, 22)?;
        // The cells are text. A spreadsheet program that takes 1/2/2026 for a day may take the wrong one.
        sheet.set_column_format(column, &text)?;
        let words: Vec<&str> = match heading.field {
            PersonField::Role => ROLES.iter().map(|(_, label, _)| *label).collect(),
            PersonField::Kind => KINDS.iter().map(|(_, label, _)| *label).collect(),
            PersonField::Personnel => vec!["Có", "Không"],
            _ => continue,
        };
        let offered = DataValidation::new().allow_list_strings(&words)?;
        sheet.add_data_validation(HEADING_ROW + 1, column, HEADING_ROW + ROWS_OFFERED, column, &offered)?;
    }
    sheet.set_freeze_panes(HEADING_ROW + 1, 0)?;
    workbook.save_to_buffer()
}
