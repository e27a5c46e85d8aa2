//! Tests of spoiled work lists. Each is refused whole, with the place, what was found and what is allowed.

use server::import::{Lang, WorkListOptions, read_work_list, work_list_payloads};
use shared::ids::UnitId;
use shared::num::Exact;
use shared::time::Day;

use super::books::{C, Page, book, cell, f, read, sound, t, with_part};

/// Spoils a sound list and expects a refusal, with exactly these faults in English and some text in Vietnamese.
fn check(spoil: impl FnOnce(&mut Page), expected: &[&str]) {
    let mut page = sound();
    spoil(&mut page);
    let plan = read(&page);
    let text = plan.report.to_text(Lang::En);
    let faults: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  ✗ ")).collect();
    assert_eq!(faults, expected, "\n{text}");
    assert!(!plan.report.accepted && plan.products.is_empty() && plan.report.changes.is_none(), "{text}");
    let day = Day::from_civil(2026, 6, 1).unwrap();
    assert!(work_list_payloads(&plan, UnitId::from_bytes([1; 16]), day).is_empty());
    let vietnamese = plan.report.to_text(Lang::Vi);
    assert_eq!(vietnamese.lines().filter(|line| line.starts_with("  ✗ ")).count(), expected.len());
    assert!(vietnamese.contains("Không nhận dòng nào, không có gì thay đổi"), "{vietnamese}");
}

#[test]
fn the_sound_list_is_taken() {
    let plan = read(&sound());
    assert!(plan.report.accepted, "{}", plan.report.to_text(Lang::En));
    let products: Vec<(&str, String)> =
        plan.products.iter().map(|product| (product.code.as_str(), product.coefficient.to_decimal(3))).collect();
    let products: Vec<(&str, &str)> = products.iter().map(|(code, k)| (*code, k.as_str())).collect();
    assert_eq!(products, [("TH.01", "1"), ("TH.02", "5"), ("TH.03", "6.4")]);
}

#[test]
fn columns_may_stand_in_any_order_with_headings_in_any_spelling() {
    let mut page = sound();
    for row in page.rows.iter_mut().skip(2) {
        row.reverse();
        // k moves from G to B and the points from F to C.
        if let C::F(formula, _) = &mut row[1] {
            *formula = formula.replace('F', "C");
        }
    }
    *cell(&mut page, "B3") = t("HE SO  quy\nđổi:");
    *cell(&mut page, "G3") = t("Ma\u{303} CV");
    assert_eq!(read(&page).products, read(&sound()).products);
}

/// The sound list as written by a program that does not compute. Its formulas have the value `0` or none.
fn uncomputed(stored: &str, formula: impl Fn(u32) -> String) -> Vec<u8> {
    let mut page = sound();
    for row in 4..=6_u32 {
        *cell(&mut page, &format!("G{row}")) = f(&formula(row), "0");
    }
    with_part(&book(&[page]), "xl/worksheets/sheet1.xml", |content| {
        content.replace("</f><v>0</v>", &format!("</f>{stored}"))
    })
}

#[test]
fn formulas_without_stored_values_are_computed() {
    for stored in ["", "<v></v>", "<v>0</v>"] {
        let bytes = uncomputed(stored, |row| format!("=ROUND(F{row}/5,2)"));
        let plan = read_work_list(&bytes, &WorkListOptions::default(), None);
        assert_eq!(plan.products, read(&sound()).products, "{}", plan.report.to_text(Lang::En));
    }
    let bytes = uncomputed("", |row| format!("=VLOOKUP(F{row},Z:Z,1)"));
    let text = read_work_list(&bytes, &WorkListOptions::default(), None).report.to_text(Lang::En);
    assert!(
        text.contains("row 6, column G “Hệ số quy đổi”: the formula “VLOOKUP(F6,Z:Z,1)” has no computed value"),
        "{text}"
    );
}

#[test]
fn titles_of_sections_and_repeated_headings_are_passed_over_and_named() {
    let mut page = sound();
    let headings = page.rows[2].clone();
    page.rows.push(vec![C::E, C::E, t("II. NHIỆM VỤ KHÁC")]);
    page.rows.push(headings);
    let plan = read(&page);
    assert!(plan.report.accepted && plan.products.len() == 3);
    let text = plan.report.to_text(Lang::En);
    assert!(text.contains("rows without a record passed over: 7, 8"), "{text}");
}

#[test]
fn duplicate_codes_name_both_rows() {
    check(
        |page| *cell(page, "B6") = t("th.01 "),
        &[
            "sheet “Danh mục”, row 4, column B “Mã CV”: the code “TH.01” is also in sheet “Danh mục”, row 6, column B “Mã CV”; each code is allowed once",
            "sheet “Danh mục”, row 6, column B “Mã CV”: the code “th.01” is also in sheet “Danh mục”, row 4, column B “Mã CV”; each code is allowed once",
        ],
    );
}

#[test]
fn frames_and_points_must_agree() {
    check(
        |page| {
            *cell(page, "F4") = C::N(11.0);
            *cell(page, "G4") = C::N(2.2);
        },
        &["sheet “Danh mục”, row 4, column F “Điểm chấm”: 11 points are outside the frame; allowed are 1 to 10"],
    );
    check(
        |page| *cell(page, "E4") = t("một đến mười"),
        &["sheet “Danh mục”, row 4, column E “Khung điểm”: found “một đến mười”; a frame such as “51-100” is needed"],
    );
    check(
        |page| *cell(page, "E4") = t("10-1"),
        &[
            "sheet “Danh mục”, row 4, column E “Khung điểm”: the frame “10-1” begins above its end; low-high is needed, such as “51-100”",
        ],
    );
    check(
        |page| *cell(page, "E4") = C::D(2026, 10, 1),
        &[
            "sheet “Danh mục”, row 4, column E “Khung điểm”: Excel turned the frame into the day 01/10/2026; format the cell as text and write it again, such as “1-10”",
        ],
    );
    check(
        |page| {
            let mut row = page.rows[5].clone();
            row[1] = t("TH.04");
            row[4] = t("12-50");
            row[6] = C::N(6.4);
            page.rows.push(row);
        },
        &[
            "sheet “Danh mục”, row 7, column E “Khung điểm”: the frame “12-50” differs from the frame “11-50” of group N2 (see sheet “Danh mục”, row 5, column E “Khung điểm”)",
        ],
    );
}

#[test]
fn the_coefficient_must_be_points_over_standard_exactly() {
    let place = "sheet “Danh mục”, row 6, column G “Hệ số quy đổi”";
    for (k, found) in [
        (C::N(6.0), "6"),
        (f("=ROUND(F6/5,0)", "6"), "6"),
        (f("=ROUND(F6/4,2)", ""), "8"),
        // The stored value no longer fits its formula.
        (f("=ROUND(F6/5,2)", "6.5"), "6.5"),
        (f("=F6/5+0.1", "6.5"), "6.5"),
    ] {
        let sentence = format!("{place}: the coefficient is {found}; it must be 32 points / 5 standard points = 6.4");
        check(|page| *cell(page, "G6") = k, &[&sentence]);
    }
}

#[test]
fn numbers_must_be_numbers_within_bounds() {
    let text = "a number is needed (if it looks like one, the cell is formatted as text)";
    for (value, found) in [
        (t("năm"), format!("found the text “năm”; {text}")),
        (t("5"), format!("found the text “5”; {text}")),
        (C::E, "the cell is empty; it is needed".to_owned()),
        (C::D(2026, 5, 5), "found “05/05/2026”; a number is needed".to_owned()),
        (f("=1/0", "#DIV/0!"), "found “#DIV/0!”; a number is needed".to_owned()),
        (C::N(0.0), "found 0; allowed is above 0 and at most 100000".to_owned()),
        (C::N(-5.0), "found -5; allowed is above 0 and at most 100000".to_owned()),
        (C::N(100_001.0), "found 100001; allowed is above 0 and at most 100000".to_owned()),
    ] {
        let sentence = format!("sheet “Danh mục”, row 4, column F “Điểm chấm”: {found}");
        check(|page| *cell(page, "F4") = value, &[&sentence]);
    }
}

#[test]
fn a_huge_number_is_quoted_shortly() {
    let mut page = sound();
    *cell(&mut page, "F4") = C::N(1e300);
    let text = read(&page).report.to_text(Lang::Vi);
    assert!(text.lines().all(|line| line.chars().count() < 250), "{text}");
}

#[test]
fn names_must_be_there_and_not_too_long() {
    check(
        |page| *cell(page, "C5") = t("   "),
        &["sheet “Danh mục”, row 5, column C “Nhiệm vụ”: the cell is empty; it is needed"],
    );
    check(
        |page| *cell(page, "C5") = t(&"ệ".repeat(501)),
        &["sheet “Danh mục”, row 5, column C “Nhiệm vụ”: 501 characters long; at most 500 are allowed"],
    );
    check(
        |page| *cell(page, "B5") = t(&"M".repeat(41)),
        &["sheet “Danh mục”, row 5, column B “Mã CV”: 41 characters long; at most 40 are allowed"],
    );
}

#[test]
fn headings_must_be_whole_and_in_one_row() {
    check(
        |page| *cell(page, "F3") = t("Số lượng"),
        &[
            "sheet “Danh mục”, row 3: the column “Điểm chấm” is missing; the row of headings has “STT”, “Mã CV”, “Nhiệm vụ”, “Nhóm”, “Khung điểm”, “Số lượng”, “Hệ số quy đổi”, “Ghi chú”",
        ],
    );
    check(
        |page| {
            *cell(page, "F3") = C::E;
            page.rows[1] = vec![C::E, C::E, t("Sản phẩm chuẩn = 5 điểm"), C::E, C::E, t("Điểm chấm")];
        },
        &[
            "sheet “Danh mục”, row 3: the column “Điểm chấm” is missing; the row of headings has “STT”, “Mã CV”, “Nhiệm vụ”, “Nhóm”, “Khung điểm”, “Hệ số quy đổi”, “Ghi chú”; that heading is in cell F2, put it into the same row",
        ],
    );
    check(
        |page| *cell(page, "H3") = t("Điểm chấm"),
        &["sheet “Danh mục”, row 3, column H “Điểm chấm”: column F has this heading already; each is allowed once"],
    );
    check(
        |page| {
            page.merges.push((2, 4, 2, 5));
            *cell(page, "F3") = C::E;
        },
        &[
            "sheet “Danh mục”, row 3, column E “Khung điểm”: the heading is in the merged cells E3:F3; unmerge them so that each column has one heading cell",
            "sheet “Danh mục”, row 3: the column “Điểm chấm” is missing; the row of headings has “STT”, “Mã CV”, “Nhiệm vụ”, “Nhóm”, “Khung điểm”, “Hệ số quy đổi”, “Ghi chú”",
        ],
    );
}

#[test]
fn headings_shifted_against_the_data_are_said_once() {
    check(
        |page| page.rows[2].insert(0, C::E),
        &[
            "sheet “Danh mục”, row 3: the headings are shifted against the data: in 3 rows the columns do not hold what their headings say; under “Khung điểm”, for example, “5” was found where “51-100” is needed",
        ],
    );
}

#[test]
fn values_merged_over_rows_are_not_guessed() {
    check(
        |page| {
            page.merges.push((3, 2, 4, 2));
            *cell(page, "C5") = C::E;
        },
        &[
            "sheet “Danh mục”, row 4, column C: the row is in the merged cells C4:C5; unmerge them and write the value into each row",
            "sheet “Danh mục”, row 5, column C: the row is in the merged cells C4:C5; unmerge them and write the value into each row",
            "sheet “Danh mục”, row 5, column C “Nhiệm vụ”: the cell is empty; it is needed",
        ],
    );
}

#[test]
fn the_standard_product_must_be_said_once() {
    check(
        |page| page.rows[1] = vec![],
        &[
            "the file: the points of the standard product are not said; write “Sản phẩm chuẩn = 5 điểm” among the headings, or use --standard-points",
        ],
    );
    let mut page = sound();
    page.rows[1] = vec![];
    let given = WorkListOptions { standard_points: Some(Exact::from_int(5)), ..WorkListOptions::default() };
    assert_eq!(read_work_list(&book(&[page]), &given, None).products, read(&sound()).products);
    let other =
        WorkListOptions { standard_points: Some(Exact::from_int(4)), partial: true, ..WorkListOptions::default() };
    let plan = read_work_list(&book(&[sound()]), &other, None);
    assert!(!plan.report.accepted && plan.products.is_empty(), "every k is in doubt, so nothing is taken even in part");
    let text = plan.report.to_text(Lang::En);
    assert!(text.contains("row 2, column A “Sản phẩm chuẩn = 5 điểm = hệ số 1,00”: here the standard product has 5 points, elsewhere 4"), "{text}");
}

#[test]
fn a_sheet_that_is_not_recognised_is_not_left_out_silently() {
    let notes = Page { name: "Ghi chép".to_owned(), rows: vec![vec![t("Việc cần hỏi lại")]], merges: vec![] };
    let empty = Page { name: "Sheet3".to_owned(), rows: vec![], merges: vec![] };
    let plan = read_work_list(&book(&[sound(), notes.clone(), empty]), &WorkListOptions::default(), None);
    assert!(!plan.report.accepted);
    let text = plan.report.to_text(Lang::En);
    assert!(text.contains("sheet “Ghi chép”: the sheet has content but no row of headings"), "{text}");
    assert_eq!(plan.report.faults_total, 1, "{text}");
    let plan = read_work_list(&book(&[notes]), &WorkListOptions::default(), None);
    let text = plan.report.to_text(Lang::En);
    assert!(text.contains("✗ the file: no sheet has a row of headings with the columns “Mã CV”"), "{text}");
    assert_eq!(plan.report.faults_total, 1, "{text}");
}

#[test]
fn a_list_without_rows_is_no_list() {
    check(|page| page.rows.truncate(3), &["sheet “Danh mục”, row 3: there is no row of data under the headings"]);
}

#[test]
fn a_partial_import_takes_the_sound_rows_only() {
    let mut page = sound();
    *cell(&mut page, "F5") = t("hai mươi lăm");
    let options = WorkListOptions { partial: true, ..WorkListOptions::default() };
    let plan = read_work_list(&book(&[page]), &options, None);
    let codes: Vec<&str> = plan.products.iter().map(|product| product.code.as_str()).collect();
    assert_eq!(codes, ["TH.01", "TH.03"]);
    assert!(plan.report.to_text(Lang::En).ends_with("2 rows taken, 1 rows refused (1 faults).\n"));
}

#[test]
fn rows_beyond_the_faults_a_report_keeps_are_refused_too() {
    let mut page = sound();
    page.rows.truncate(4);
    for number in 5..=1_500_u32 {
        let mut row = page.rows[3].clone();
        row[1] = t(&format!("TH.{number}"));
        row[5] = C::N(-1.0);
        page.rows.push(row);
    }
    let options = WorkListOptions { partial: true, ..WorkListOptions::default() };
    let plan = read_work_list(&book(&[page]), &options, None);
    assert_eq!((plan.products.len(), plan.report.faults.len(), plan.report.faults_total), (1, 1_000, 1_496));
    assert!(plan.report.to_text(Lang::En).contains("… and 496 more faults"));
}

#[test]
fn the_report_is_also_for_machines() {
    let mut page = sound();
    *cell(&mut page, "F4") = C::N(0.0);
    let json = serde_json::to_value(&read(&page).report).unwrap();
    assert_eq!(
        json["faults"][0],
        serde_json::json!({
            "place": { "sheet": "Danh mục", "row": 4, "column": "F", "heading": "Điểm chấm" },
            "code": "number_out_of_range",
            "found": "0",
            "allowed_above": "0",
            "allowed_max": "100000",
        })
    );
    assert_eq!((&json["accepted"], &json["sheets"][0]["refused"]), (&false.into(), &1.into()));
}
