//! Tests of importing lists of people, all fictitious.

use std::collections::BTreeMap;

use server::import::{
    Answer, HiddenParts, KnownPeople, Lang, PeopleOptions, PeoplePlan, people_template, plan_people, read_people,
};
use shared::ids::PersonId;
use shared::op::Payload;
use shared::org::{Org, Post, Rank, Unit, UnitKind};
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

/// An office that imports lists.
#[derive(Default)]
struct Known {
    org: Org,
    accounts: BTreeMap<String, PersonId>,
    last_id: u8,
}

impl Known {
    fn plan(&mut self, page: &Page, options: &PeopleOptions) -> PeoplePlan {
        self.plan_bytes(&book(std::slice::from_ref(page)), options)
    }

    fn plan_bytes(&mut self, bytes: &[u8], options: &PeopleOptions) -> PeoplePlan {
        let list = read_people(bytes, HiddenParts::Ask);
        let today = Day::from_civil(2026, 11, 29).unwrap();
        let known = KnownPeople { org: &self.org, accounts: &self.accounts, today };
        let last = &mut self.last_id;
        plan_people(&list, &known, options, || {
            *last += 1;
            [*last; 16]
        })
    }

    /// Carries out a plan.
    fn carry_out(&mut self, plan: &PeoplePlan) {
        for payload in plan.payloads.clone() {
            match payload {
                Payload::PutUnit(unit) => {
                    assert!(
                        unit.parent.is_none_or(|parent| self.org.unit(parent).is_some()),
                        "the unit above comes first"
                    );
                    self.org.put_unit(unit);
                }
                Payload::PutPerson(person) => self.org.put_person(person),
                Payload::PutPost(post) => {
                    assert!(self.org.unit(post.unit).is_some() && self.org.person(post.person).is_some());
                    self.org.put_post(post);
                }
                other => panic!("{other:?}"),
            }
        }
        self.accounts.extend(plan.new_accounts.iter().map(|new| (new.username.clone(), new.person)));
    }

    fn take(&mut self, page: &Page) -> PeoplePlan {
        let plan = self.plan(page, &PeopleOptions::default());
        assert!(plan.report.accepted, "{}", plan.report.to_text(Lang::En));
        self.carry_out(&plan);
        plan
    }
}

fn read(page: &Page) -> PeoplePlan {
    Known::default().plan(page, &PeopleOptions::default())
}

fn units_of(plan: &PeoplePlan) -> Vec<Unit> {
    let units =
        plan.payloads.iter().filter_map(|payload| if let Payload::PutUnit(unit) = payload { Some(unit) } else { None });
    units.cloned().collect()
}

fn posts_of(plan: &PeoplePlan) -> Vec<Post> {
    let posts =
        plan.payloads.iter().filter_map(|payload| if let Payload::PutPost(post) = payload { Some(post) } else { None });
    posts.cloned().collect()
}

/// Spoils the list and expects exactly these faults, with nothing taken.
fn check(spoil: impl FnOnce(&mut Page), expected: &[&str]) {
    let mut page = commune();
    spoil(&mut page);
    let plan = read(&page);
    let text = plan.report.to_text(Lang::En);
    let faults: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  ✗ sheet “Danh sách”, ")).collect();
    assert_eq!(faults, expected, "\n{text}");
    assert!(!plan.report.accepted && plan.payloads.is_empty() && plan.new_accounts.is_empty());
}

#[test]
fn units_people_and_posts_are_read() {
    let plan = read(&commune());
    assert!(plan.report.accepted, "{}", plan.report.to_text(Lang::En));
    let units = units_of(&plan);
    let words: Vec<(&str, Option<&str>, UnitKind)> = units
        .iter()
        .map(|unit| {
            let above = unit.parent.and_then(|id| units.iter().find(|above| above.id == id));
            (unit.name.as_str(), above.map(|above| above.name.as_str()), unit.kind)
        })
        .collect();
    assert_eq!(
        words,
        [("UBND xã Ví Dụ", None, UnitKind::Agency), ("Văn phòng", Some("UBND xã Ví Dụ"), UnitKind::Division)]
    );
    let people: Vec<&str> = plan.new_accounts.iter().map(|new| new.username.as_str()).collect();
    assert_eq!(people, ["vidu.nguyen", "thu.tran", "mau.le", "gia.pham"]);
    let first = &plan.new_accounts[0];
    assert_eq!(
        (first.name.as_str(), first.unit.as_str(), first.title.as_str()),
        ("Nguyễn Văn Ví Dụ", "UBND xã Ví Dụ", "Chủ tịch")
    );
    let posts = posts_of(&plan);
    let ranks: Vec<Rank> = posts.iter().map(|post| post.rank).collect();
    assert_eq!(ranks, [Rank::Head, Rank::Head, Rank::Staff, Rank::Deputy, Rank::Support]);
    assert_eq!(posts[1].from, Day::from_civil(2025, 7, 1).unwrap());
    assert!(posts[1].personnel && !posts[4].personnel);
}

#[test]
fn dates_may_be_real_dates() {
    let mut page = commune();
    *cell(&mut page, "F3") = C::D(2025, 7, 1);
    assert_eq!(posts_of(&read(&page)), posts_of(&read(&commune())));
}

#[test]
fn a_unit_above_an_agency_is_a_region() {
    let mut page = commune();
    page.rows[1].push(t("Loại đơn vị"));
    page.rows[2].push(t("Cơ quan"));
    *cell(&mut page, "C3") = t("Cụm Ví Dụ");
    let kinds: Vec<(String, UnitKind)> =
        units_of(&read(&page)).into_iter().map(|unit| (unit.name, unit.kind)).collect();
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
    let mut office = Known::default();
    let first = office.take(&commune());
    assert_eq!((first.payloads.len(), first.new_accounts.len()), (2 + 4 + 5, 4));
    let second = office.take(&commune());
    assert_eq!((second.payloads.len(), second.new_accounts.len()), (0, 0));
    let changes = second.report.people.unwrap();
    assert!(changes.is_none() && changes.unchanged == 11, "{changes:?}");

    let mut page = commune();
    *cell(&mut page, "D5") = t("Văn thư, lưu trữ");
    let third = office.plan(&page, &PeopleOptions::default());
    let [Payload::PutPost(post)] = third.payloads.as_slice() else { panic!("{:?}", third.payloads) };
    assert_eq!(post.title, "Văn thư, lưu trữ");
    assert!(office.org.post(post.id).is_some(), "the post keeps its identity");
    let text = third.report.to_text(Lang::Vi);
    assert!(text.contains("~ Lê Văn Mẫu (mau.le), Chuyên viên, “Văn thư, lưu trữ”, Văn phòng (UBND xã Ví Dụ): chức vụ “Văn thư” → “Văn thư, lưu trữ”"), "{text}");
}

#[test]
fn rows_must_agree_with_each_other() {
    check(
        |page| *cell(page, "G5") = t("thu.tran"),
        &[
            "row 5, column G “Tên đăng nhập”: the user name “thu.tran” of Lê Văn Mẫu is Trần Thị Thử's, too, in sheet “Danh sách”, row 4, column G “Tên đăng nhập”; each person needs one",
            "row 4, column G “Tên đăng nhập”: the user name “thu.tran” of Trần Thị Thử is Lê Văn Mẫu's, too, in sheet “Danh sách”, row 5, column G “Tên đăng nhập”; each person needs one",
        ],
    );
    check(
        |page| *cell(page, "E5") = t("Trưởng phòng"),
        &[
            "row 5: “Văn phòng (UBND xã Ví Dụ)” has another head at that time, Trần Thị Thử, in sheet “Danh sách”, row 4",
        ],
    );
    check(
        |page| {
            let row = page.rows[4].clone();
            page.rows.push(row);
        },
        &["row 8: the same person, unit and role at the same time as in sheet “Danh sách”, row 5"],
    );
    // A name is unique under its parent. A division of the same name elsewhere is another division, and rows must say
    // which they mean.
    check(
        |page| *cell(page, "C5") = t("UBND xã Khác"),
        &[
            "row 7, column B “Đơn vị”: “Văn phòng” stands under “UBND xã Ví Dụ”, “UBND xã Khác”; say which is meant in the column “Thuộc đơn vị”",
            "row 3, column B “Đơn vị”: “UBND xã Ví Dụ” is a new unit and no row says what it stands under; write that, or add --confirm top-units if it is a topmost unit",
            "row 5, column B “Đơn vị”: “UBND xã Khác” is a new unit and no row says what it stands under; write that, or add --confirm top-units if it is a topmost unit",
        ],
    );
}

#[test]
fn units_must_not_run_in_a_circle() {
    let mut page = commune();
    *cell(&mut page, "C3") = t("Văn phòng");
    let plan = read(&page);
    let text = plan.report.to_text(Lang::En);
    assert!(!plan.report.accepted && plan.payloads.is_empty(), "{text}");
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
    let partial = PeopleOptions { partial: true, ..PeopleOptions::default() };
    let plan = Known::default().plan(&page, &partial);
    assert!(plan.report.accepted);
    assert_eq!((plan.report.taken(), plan.report.refused()), (5, 1));
    assert!(units_of(&plan).iter().all(|unit| unit.name != "Trạm Sai"));
}

#[test]
fn a_partial_import_takes_nothing_that_hangs_on_a_question() {
    let mut page = commune();
    let station = |name: &str, username: &str| {
        [name, "Trạm Sai", "", "Nhân viên", "Chuyên viên", "01/01/2026", username].map(t).to_vec()
    };
    page.rows.extend([station("Đỗ Văn Một", "mot.do"), station("Đỗ Văn Hai", "hai.do")]);
    let mut office = Known::default();
    let mut plan = office.plan(&commune(), &PeopleOptions::default());
    office.carry_out(&plan);
    plan = office.plan(&page, &PeopleOptions { partial: true, ..PeopleOptions::default() });
    assert_eq!((plan.report.taken(), plan.report.refused()), (5, 2), "{}", plan.report.to_text(Lang::En));
    assert!(plan.payloads.is_empty(), "both rows of the unit in doubt are refused: {:?}", plan.payloads);
    let answers = [Answer::TopUnits].into();
    plan = office.plan(&page, &PeopleOptions { answers, ..PeopleOptions::default() });
    assert_eq!(plan.new_accounts.len(), 2, "{}", plan.report.to_text(Lang::En));
}

#[test]
fn the_template_is_read_as_an_empty_list() {
    let plan = Known::default().plan_bytes(&people_template().unwrap(), &PeopleOptions::default());
    let text = plan.report.to_text(Lang::En);
    assert!(!plan.report.accepted);
    assert_eq!(plan.report.faults_total, 1, "{text}");
    assert!(text.contains("there is no row of data under the headings"), "{text}");
}

#[test]
fn a_work_list_is_no_list_of_people() {
    let report = read(&super::books::sound()).report;
    let text = report.to_text(Lang::Vi);
    assert_eq!(report.faults_total, 1, "{text}");
    assert!(text.contains("không trang nào có một dòng tiêu đề gồm các cột “Họ và tên”"), "{text}");
    let looked = "trang “Danh mục” (40 dòng đầu có nội dung; giống tiêu đề nhất là dòng 3: “STT”, “Mã CV”, “Nhiệm vụ”";
    assert!(text.contains(looked), "the answer says where it looked and what it saw: {text}");
}
