//! Makes spreadsheets for the tests, sound ones and spoiled ones.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use server::import::{WorkListOptions, WorkListPlan, read_work_list};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A cell to be written.
#[derive(Clone, Debug)]
pub(crate) enum C {
    /// Nothing.
    E,
    /// Text.
    T(String),
    /// A number.
    N(f64),
    /// A formula with the value that a spreadsheet program stored for it; empty for none.
    F(String, String),
    /// A day.
    D(u16, u8, u8),
}

/// Text.
pub(crate) fn t(text: &str) -> C {
    C::T(text.to_owned())
}

/// A formula with its stored value.
pub(crate) fn f(formula: &str, value: &str) -> C {
    C::F(formula.to_owned(), value.to_owned())
}

/// A sheet to be written: rows of cells, and areas to be merged as (row, column, row, column).
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) rows: Vec<Vec<C>>,
    pub(crate) merges: Vec<(u32, u16, u32, u16)>,
}

/// A sound work list of three products in two groups: title, headings in row 3, products in rows 4 to 6.
pub(crate) fn sound() -> Page {
    let headings = ["STT", "Mã CV", "Nhiệm vụ", "Nhóm", "Khung điểm", "Điểm chấm", "Hệ số quy đổi", "Ghi chú"];
    let product = |number: u32, code: &str, name: &str, group: &str, frame: &str, points: f64, k: &str| {
        let row = number + 3;
        vec![
            C::N(f64::from(number)),
            t(code),
            t(name),
            t(group),
            t(frame),
            C::N(points),
            f(&format!("=ROUND(F{row}/5,2)"), k),
            C::E,
        ]
    };
    Page {
        name: "Danh mục".to_owned(),
        rows: vec![
            vec![t("DANH MỤC THỬ (Kèm theo Quyết định số 01/QĐ-THỬ ngày 01 tháng 6 năm 2026)")],
            vec![t("Sản phẩm chuẩn = 5 điểm = hệ số 1,00")],
            headings.iter().map(|heading| t(heading)).collect(),
            product(1, "TH.01", "Soạn công văn thử", "N1", "1-10", 5.0, "1"),
            product(2, "TH.02", "Soạn báo cáo thử", "N2", "11-50", 25.0, "5"),
            product(3, "TH.03", "Soạn kế hoạch thử", "N2", "11-50", 32.0, "6.4"),
        ],
        merges: vec![(0, 0, 0, 7)],
    }
}

/// The bytes of a workbook of these sheets.
pub(crate) fn book(pages: &[Page]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let day_format = Format::new().set_num_format("dd/mm/yyyy");
    for page in pages {
        let sheet = workbook.add_worksheet().set_name(&page.name).unwrap();
        for (first_row, first_column, last_row, last_column) in &page.merges {
            sheet.merge_range(*first_row, *first_column, *last_row, *last_column, "", &Format::new()).unwrap();
        }
        for (row, cells) in (0_u32..).zip(&page.rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                match cell {
                    C::E => {}
                    C::T(text) => drop(sheet.write_string(row, column, text).unwrap()),
                    C::N(number) => drop(sheet.write_number(row, column, *number).unwrap()),
                    C::F(formula, value) => {
                        let formula = Formula::new(formula).set_result(value);
                        sheet.write_formula(row, column, formula).unwrap();
                    }
                    C::D(year, month, day) => {
                        let day = ExcelDateTime::from_ymd(*year, *month, *day).unwrap();
                        sheet.write_datetime_with_format(row, column, day, &day_format).unwrap();
                    }
                }
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// Reads a workbook of one sheet with the usual options.
pub(crate) fn read(page: &Page) -> WorkListPlan {
    read_work_list(&book(std::slice::from_ref(page)), &WorkListOptions::default(), None)
}

/// Column `letter` of row `number`, as on the sheet.
pub(crate) fn cell<'a>(page: &'a mut Page, address: &str) -> &'a mut C {
    let (letter, number) = address.split_at(1);
    let column = usize::from(letter.as_bytes()[0] - b'A');
    let row: usize = number.parse().unwrap();
    &mut page.rows[row - 1][column]
}

/// A zip archive of these parts.
pub(crate) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook with one part of the file changed.
pub(crate) fn with_part(bytes: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for index in 0..old.len() {
        let mut part = old.by_index(index).unwrap();
        let part_name = part.name().unwrap().to_string();
        let mut content = String::new();
        part.read_to_string(&mut content).unwrap();
        let content = if part_name == name { change(content) } else { content };
        parts.push((part_name, content));
    }
    assert!(parts.iter().any(|(part_name, _)| part_name == name), "{name}");
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (name.as_str(), content.as_bytes())).collect();
    archive(&parts)
}
