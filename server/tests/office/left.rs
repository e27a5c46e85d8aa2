//! Tests case 01: a person who leaves in the middle of a month keeps the month, with the lists as an office sent them.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{adopt, binary, demo_copy};

fn case(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cases").join(name);
    assert!(path.exists(), "the list of case 01 must lie at {}", path.display());
    path
}

fn run(data: &Path, arguments: &[&str]) -> String {
    let output = binary().args(arguments).arg("--data").arg(data).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn import(data: &Path, name: &str) {
    let init: &[&str] = if data.join("congtam.sqlite3").exists() { &[] } else { &["--init"] };
    run(data, &[&["import", "people", case(name).to_str().unwrap()], init].concat());
    adopt(data);
}

/// The names of a month's table, in its order.
fn names(data: &Path, period: &str) -> Vec<String> {
    let table = run(data, &["export", "month", "--period", period]);
    table.lines().skip(1).map(|line| line.split(';').next().unwrap().to_owned()).collect()
}

/// One line of a month's table.
fn line_of(data: &Path, period: &str, name: &str) -> Option<String> {
    let table = run(data, &["export", "month", "--period", period]);
    table.lines().find(|line| line.starts_with(name)).map(str::to_owned)
}

/// A person's year as JSON.
fn year_of(data: &Path, name: &str) -> Value {
    let lines = run(data, &["rollup", "--year", "2026"]);
    lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).find(|year| year["name"] == name).unwrap()
}

fn month_of(year: &Value, period: &str) -> Value {
    year["months"].as_array().unwrap().iter().find(|month| month["period"] == period).unwrap().clone()
}

#[test]
fn case_01_a_month_has_everybody_who_held_a_post_in_it() {
    let data = tempfile::tempdir().unwrap();
    import(data.path(), "01-leaves-in-mid-month.xlsx");
    let october = names(data.path(), "2026-10");
    let expected =
        ["Thử Văn Núi", "Thử Văn Đồi", "Thử Thị Hoa", "Thử Thị Cỏ", "Thử Văn Lá", "Thử Văn Rễ", "Thử Thị Sông"];
    assert_eq!(october, expected, "by unit, then by given name; Hoa once, where she was last");
    assert_eq!(names(data.path(), "2026-11"), ["Thử Văn Núi", "Thử Văn Đồi", "Thử Thị Hoa", "Thử Thị Sông"]);
    let left = year_of(data.path(), "Thử Văn Lá");
    assert_eq!(month_of(&left, "2026-10")["worked"], true);
    assert_eq!(month_of(&left, "2026-11")["worked"], false);
}

#[tokio::test]
async fn case_01_a_published_month_outlives_the_post() {
    let data = demo_copy().await;
    let name = "Đỗ Hư Cấu";
    let before =
        (names(data.path(), "2026-10"), line_of(data.path(), "2026-10", name).unwrap(), year_of(data.path(), name));
    assert!(before.1.contains("85,833333;HTT"), "{}", before.1);
    import(data.path(), "01-leaves-in-mid-month-demo.xlsx");
    let after = year_of(data.path(), name);
    assert_eq!(names(data.path(), "2026-10"), before.0);
    assert_eq!(line_of(data.path(), "2026-10", name).unwrap(), before.1);
    assert_eq!(month_of(&after, "2026-10"), month_of(&before.2, "2026-10"));
    assert_eq!(month_of(&after, "2026-10")["result"]["class"], "HTT");
    assert_eq!(line_of(data.path(), "2026-11", name), None, "November is no longer theirs");
}
