//! Lists of people: plainly fictitious ones.

use std::collections::BTreeMap;

use server::import::{Lang, PeoplePlan, people_operations, people_template, read_people};
use shared::ids::PersonId;
use shared::op::Payload;
use shared::org::{Org, Rank, UnitKind};
use shared::time::Day;

use super::books::{C, Page, book, cell, t};

/// A commune of two units with four people, one of whom holds two posts. Data in rows 3 to 7.
fn commune() -> Page {
    let headings =
        ["Họ và tên", "Đơn vị", "Thuộc đơn vị", "Chức vụ", "Vai trò", "Từ ngày", "Tên đăng nhập", "Tổ chức cán bộ"];
    let row = |cells: [&str; 8]| cells.iter().map(|text| if text.is_empty() { C::E } else { t(text) }).collect();
    Page {
        name: "Danh sách".to_owned(),
        rows: vec![
            vec![t("DANH SÁCH CÔNG CHỨC XÃ VÍ DỤ")],
            headings.iter().map(|heading| t(heading)).collect(),
            row(["Nguyễn Văn Ví Dụ", "UBND xã Ví Dụ", "", "Chủ tịch", "Trưởng", "01/07/2025", "vidu.nguyen", ""]),
            row([
                "Trần Thị Thử",
                "Văn phòng",
                "UBND xã Ví Dụ",
                "Chánh Văn phòng",
                "Trưởng",
                "1/7/2025",
                "thu.tran",
                "x",
            ]),
            row(["Lê Văn Mẫu", "Văn phòng", "UBND xã Ví Dụ", "Văn thư", "Chuyên viên", "15/08/2025", "mau.le", ""]),
            row(["Trần Thị Thử", "UBND xã Ví Dụ", "", "Phó Chủ tịch", "Phó", "01/01/2026", "Thu.Tran", ""]),
            row(["Phạm Văn Giả", "Văn phòng", "", "Lái xe", "Phục vụ", "01/09/2025", "gia.pham", "không"]),
        ],
        merges: vec![(0, 0, 0, 7)],
    }
}

fn read(page: &Page) -> PeoplePlan {
    read_people(&book(std::slice::from_ref(page)), false)
}

/// Spoils the list and expects it refused whole with exactly these faults.
fn check(spoil: impl FnOnce(&mut Page), expected: &[&str]) {
    let mut page = commune();
    spoil(&mut page);
    let plan = read(&page);
    let text = plan.report.to_text(Lang::En);
    let faults: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  ✗ sheet “Danh sách”, ")).collect();
    assert_eq!(faults, expected, "\n{text}");
    assert!(!plan.report.accepted && plan.units.is_empty() && plan.people.is_empty() && plan.posts.is_empty());
    assert!(people_operations(&plan, &Org::default(), &BTreeMap::new(), || [0; 16]).payloads.is_empty());
}

fn ids() -> impl FnMut() -> [u8; 16] {
    let mut last = 0_u8;
    move || {
        last += 1;
        [last; 16]
    }
}

#[test]
fn units_people_and_posts_are_read() {
    let plan = read(&commune());
    assert!(plan.report.accepted, "{}", plan.report.to_text(Lang::En));
    let units: Vec<(&str, Option<&str>, UnitKind)> =
        plan.units.iter().map(|unit| (unit.name.as_str(), unit.parent.as_deref(), unit.kind)).collect();
    assert_eq!(
        units,
        [("UBND xã Ví Dụ", None, UnitKind::Agency), ("Văn phòng", Some("UBND xã Ví Dụ"), UnitKind::Division)]
    );
    let people: Vec<&str> = plan.people.iter().map(|person| person.username.as_str()).collect();
    assert_eq!(people, ["vidu.nguyen", "thu.tran", "mau.le", "gia.pham"]);
    let ranks: Vec<Rank> = plan.posts.iter().map(|post| post.rank).collect();
    assert_eq!(ranks, [Rank::Head, Rank::Head, Rank::Staff, Rank::Deputy, Rank::Support]);
    assert_eq!(plan.posts[1].from, Day::from_civil(2025, 7, 1).unwrap());
    assert!(plan.posts[1].personnel && !plan.posts[4].personnel);
}

#[test]
fn dates_may_be_real_dates() {
    let mut page = commune();
    *cell(&mut page, "F3") = C::D(2025, 7, 1);
    assert_eq!(read(&page).posts, read(&commune()).posts);
}

#[test]
fn a_unit_above_an_agency_is_a_region() {
    let mut page = commune();
    page.rows[1].push(t("Loại đơn vị"));
    page.rows[2].push(t("Cơ quan"));
    *cell(&mut page, "C3") = t("Cụm Ví Dụ");
    let kinds: Vec<(String, UnitKind)> = read(&page).units.into_iter().map(|unit| (unit.name, unit.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("Cụm Ví Dụ".to_owned(), UnitKind::Region),
            ("UBND xã Ví Dụ".to_owned(), UnitKind::Agency),
            ("Văn phòng".to_owned(), UnitKind::Division),
        ]
    );
}

#[test]
fn importing_twice_changes_nothing_the_second_time() {
    let plan = read(&commune());
    let mut org = Org::default();
    let first = people_operations(&plan, &org, &BTreeMap::new(), ids());
    assert_eq!((first.payloads.len(), first.new_accounts.len(), first.unchanged), (2 + 4 + 5, 4, 0));
    for payload in &first.payloads {
        match payload.clone() {
            Payload::PutUnit(unit) => {
                assert!(unit.parent.is_none_or(|parent| org.unit(parent).is_some()), "the unit above comes first");
                org.put_unit(unit);
            }
            Payload::PutPerson(person) => org.put_person(person),
            Payload::PutPost(post) => {
                assert!(org.unit(post.unit).is_some() && org.person(post.person).is_some());
                org.put_post(post);
            }
            other => panic!("{other:?}"),
        }
    }
    let accounts: BTreeMap<String, PersonId> = first.new_accounts.into_iter().collect();
    let second = people_operations(&plan, &org, &accounts, || panic!("nothing is new"));
    assert_eq!((second.payloads.len(), second.new_accounts.len(), second.unchanged), (0, 0, 11));

    let mut page = commune();
    *cell(&mut page, "D5") = t("Văn thư, lưu trữ");
    let third = people_operations(&read(&page), &org, &accounts, || panic!("nothing is new"));
    let [Payload::PutPost(post)] = third.payloads.as_slice() else { panic!("{:?}", third.payloads) };
    assert_eq!(post.title, "Văn thư, lưu trữ");
    assert!(org.post(post.id).is_some(), "the post keeps its identity");
}

#[test]
fn rows_must_agree_with_each_other() {
    check(
        |page| *cell(page, "G5") = t("thu.tran"),
        &[
            "row 5, column G “Tên đăng nhập”: the user name “thu.tran” is another person's in sheet “Danh sách”, row 4, column G “Tên đăng nhập”",
            "row 4, column G “Tên đăng nhập”: the user name “thu.tran” is another person's in sheet “Danh sách”, row 5, column G “Tên đăng nhập”",
        ],
    );
    check(
        |page| *cell(page, "E5") = t("Trưởng phòng"),
        &["row 5: “Văn phòng” has a head already in sheet “Danh sách”, row 4"],
    );
    check(
        |page| {
            let row = page.rows[4].clone();
            page.rows.push(row);
        },
        &["row 8: the same person and post as in sheet “Danh sách”, row 5"],
    );
    check(
        |page| *cell(page, "C5") = t("UBND xã Khác"),
        &[
            "row 5, column B “Đơn vị”: “Văn phòng” is said to be under “UBND xã Khác”, but sheet “Danh sách”, row 4, column B “Đơn vị” says under “UBND xã Ví Dụ”",
        ],
    );
}

#[test]
fn units_must_not_run_in_a_circle() {
    let mut page = commune();
    *cell(&mut page, "C3") = t("Văn phòng");
    let plan = read(&page);
    let text = plan.report.to_text(Lang::En);
    assert!(!plan.report.accepted && plan.units.is_empty(), "{text}");
    assert!(text.contains("“Văn phòng” stands under itself through other units, or too deep"), "{text}");
}

#[test]
fn cells_must_be_what_their_columns_need() {
    check(
        |page| *cell(page, "E4") = t("Sếp"),
        &["row 4, column E “Vai trò”: found “Sếp”; allowed are “Trưởng”, “Phó”, “Chuyên viên”, “Phục vụ”"],
    );
    check(
        |page| *cell(page, "F4") = t("31/02/2025"),
        &["row 4, column F “Từ ngày”: found “31/02/2025”; a day such as 25/10/2026 is needed"],
    );
    check(
        |page| *cell(page, "G4") = t("thử trần"),
        &[
            "row 4, column G “Tên đăng nhập”: the user name is “thử trần”; allowed are small letters a-z, digits, dot, dash, underscore",
        ],
    );
    check(|page| *cell(page, "A4") = C::E, &["row 4, column A “Họ và tên”: the cell is empty; it is needed"]);
    check(
        |page| *cell(page, "H4") = t("có lẽ"),
        &["row 4, column H “Tổ chức cán bộ”: found “có lẽ”; “có” (yes), “không” (no) or nothing is needed"],
    );
    check(
        |page| {
            *cell(page, "H2") = t("Đến ngày");
            for row in ["3", "4", "5", "6", "7"] {
                *cell(page, &format!("H{row}")) = t("30/06/2025");
            }
            for row in page.rows.iter_mut().skip(3) {
                row[7] = C::E;
            }
        },
        &["row 3, column H “Đến ngày”: the last day 30/06/2025 is before the first day 01/07/2025"],
    );
    check(
        |page| *cell(page, "E2") = t("Vai"),
        &[
            "row 2: the column “Vai trò” is missing; the row of headings has “Họ và tên”, “Đơn vị”, “Thuộc đơn vị”, “Chức vụ”, “Vai”, “Từ ngày”, “Tên đăng nhập”, “Tổ chức cán bộ”",
        ],
    );
}

#[test]
fn a_head_may_follow_another() {
    let mut page = commune();
    page.rows[1].push(t("Đến ngày"));
    page.rows[3].push(t("14/08/2025"));
    *cell(&mut page, "E5") = t("Trưởng");
    let plan = read(&page);
    assert!(plan.report.accepted, "{}", plan.report.to_text(Lang::En));
}

#[test]
fn a_partial_import_leaves_no_unit_of_a_refused_row() {
    let mut page = commune();
    page.rows.push(
        ["Đỗ Văn Sai", "Trạm Sai", "UBND xã Ví Dụ", "Trạm trưởng", "Sếp", "01/01/2026", "sai.do"].map(t).to_vec(),
    );
    let plan = read_people(&book(&[page]), true);
    assert!(plan.report.accepted);
    assert_eq!((plan.report.taken(), plan.report.refused()), (5, 1));
    assert!(plan.units.iter().all(|unit| unit.name != "Trạm Sai"));
}

#[test]
fn the_template_is_read_as_an_empty_list() {
    let plan = read_people(&people_template().unwrap(), false);
    let text = plan.report.to_text(Lang::En);
    assert!(!plan.report.accepted);
    assert_eq!(plan.report.faults_total, 1, "{text}");
    assert!(text.contains("there is no row of data under the headings"), "{text}");
}

#[test]
fn a_work_list_is_no_list_of_people() {
    let report = read_people(&book(&[super::books::sound()]), false).report;
    let text = report.to_text(Lang::Vi);
    assert_eq!(report.faults_total, 1, "{text}");
    assert!(text.contains("không trang nào có một dòng tiêu đề gồm các cột “Họ và tên”"), "{text}");
}
