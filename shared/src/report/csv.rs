//! The unit's month as CSV: for Vietnamese spreadsheets with semicolons and decimal commas, else with commas and points.

use super::{Result, Row, UnitMonth};
use crate::op::Absence;
use crate::pack::Language;

/// Places after the decimal mark, for reading; the exact value stands beside it.
const PLACES: u32 = 6;

impl UnitMonth {
    /// The table as text, headings first, lines ended by CR LF.
    #[must_use]
    pub fn to_csv(&self, language: Language) -> String {
        let headings = match language {
            Language::Vi => [
                "Họ và tên",
                "Chức vụ",
                "Đơn vị",
                "Kỳ",
                "Trạng thái",
                "Số việc",
                "Số việc xong",
                "Tự chấm",
                "Mức tự chấm",
                "Cấp trên chấm",
                "Mức cấp trên chấm",
                "Đã duyệt",
                "Mức đã duyệt",
                "Điểm chính xác",
            ],
            Language::En => [
                "Name",
                "Post",
                "Unit",
                "Period",
                "State",
                "Work lines",
                "Lines done",
                "Self-score",
                "Self class",
                "Appraised",
                "Appraised class",
                "Approved",
                "Approved class",
                "Exact points",
            ],
        };
        let mut text = csv_line(headings.map(str::to_owned), language);
        for row in &self.rows {
            text.push_str(&csv_line(self.cells(row, language), language));
        }
        text
    }

    fn cells(&self, row: &Row, language: Language) -> [String; 14] {
        let points = |result: &Option<Result>| {
            result.as_ref().map(|result| decimal(&result.total.to_decimal(PLACES), language)).unwrap_or_default()
        };
        let class = |result: &Option<Result>| result.as_ref().map(|result| result.class.clone()).unwrap_or_default();
        let last = row.approved.as_ref().or(row.appraised.as_ref()).or(row.own.as_ref());
        [
            row.name.clone(),
            row.title.clone(),
            row.unit.clone(),
            self.period.to_string(),
            row.absence
                .as_ref()
                .map_or_else(|| row.stage.name(language).to_owned(), |absence| not_assessed(absence, language)),
            row.lines.to_string(),
            row.lines_done.to_string(),
            points(&row.own),
            class(&row.own),
            points(&row.appraised),
            class(&row.appraised),
            points(&row.approved),
            class(&row.approved),
            last.map(|result| result.total.to_string()).unwrap_or_default(),
        ]
    }
}

/// "Không đánh giá: nghỉ ốm".
fn not_assessed(absence: &Absence, language: Language) -> String {
    let words = match language {
        Language::Vi => "Không đánh giá",
        Language::En => "Not assessed",
    };
    format!("{words}: {}", absence.words(language))
}

fn decimal(text: &str, language: Language) -> String {
    match language {
        Language::Vi => text.replace('.', ","),
        Language::En => text.to_owned(),
    }
}

/// A line of a table that spreadsheet programs open, ended by CR LF.
#[must_use]
pub fn csv_line<const N: usize>(cells: [String; N], language: Language) -> String {
    let separator = match language {
        Language::Vi => ";",
        Language::En => ",",
    };
    let mut text = cells.map(|cell| quoted(&cell, separator)).join(separator);
    text.push_str("\r\n");
    text
}

/// Quotes a cell where needed. What a spreadsheet would take for a formula becomes text: names come from people.
fn quoted(cell: &str, separator: &str) -> String {
    let harmless =
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    if harmless.contains(separator) || harmless.contains(['"', '\n', '\r']) {
        format!("\"{}\"", harmless.replace('"', "\"\""))
    } else {
        harmless
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn cells_are_quoted_where_needed_and_never_become_formulas() {
        let table = [
            ("Nguyễn Văn Thử", ";", "Nguyễn Văn Thử"),
            ("a;b", ";", "\"a;b\""),
            ("a;b", ",", "a;b"),
            ("76,5", ";", "76,5"),
            ("76,5", ",", "\"76,5\""),
            ("=1+1", ";", "'=1+1"),
            ("a\"b", ";", "\"a\"\"b\""),
        ];
        for (cell, separator, expected) in table {
            assert_eq!(quoted(cell, separator), expected);
        }
    }
}
