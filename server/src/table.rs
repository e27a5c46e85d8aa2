//! Sets rows in columns, for people who read a terminal.

/// Spaces between two columns.
const GAP: &str = "  ";

/// Lines of a table. The first row is the heading.
#[must_use]
pub(crate) fn lines<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0_usize; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let spread = |row: &[String; N]| {
        let padded = row.iter().zip(widths).map(|(cell, width)| {
            let spaces = " ".repeat(width.saturating_sub(cell.chars().count()));
            format!("{cell}{spaces}")
        });
        padded.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
    };
    rows.iter().map(spread).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_not_bytes() {
        let rows = [["Họ tên", "Mã"], ["Lê Ví Dụ", "x"]].map(|row| row.map(str::to_owned));
        assert_eq!(lines(&rows), "Họ tên    Mã\nLê Ví Dụ  x");
    }
}
