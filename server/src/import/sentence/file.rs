//! The sentences about faults of a whole file.

use super::table::describe_looked;
use crate::import::fault::{Counted, FileKind, FileProblem};
use crate::lang::Lang;

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

pub(super) fn of_file(problem: &FileProblem) -> (String, String) {
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
