//! Tests of changes to authority: heads, people who had left, units without a parent.

use super::{COMMUNE, Place, Row, day, names_of, person, unit};

fn head(from: &'static str, to: &'static str) -> Row<'static> {
    ["Thử Thị Đảo", "Phòng Gió", "UBND xã Mây Thử", "Trưởng phòng", "Trưởng", from, to, "", "dao"]
}

#[tokio::test]
async fn c_a_head_is_compared_with_the_heads_that_the_office_knows() {
    let place = Place::with_commune();
    let before = place.log_end().await;
    let asked = [
        "dòng 2: “Phòng Gió (UBND xã Mây Thử)” đang có người đứng đầu là Thử Văn Đồi (từ 01/07/2025), thay từ 20/11/2026: \
         Thử Thị Đảo",
        "--confirm heads",
    ];
    place.import(&[head("20/11/2026", "")], &[]).refused(&asked);
    place.import(&[head("20/11/2026", "")], &["--dry-run"]).refused(&asked);
    assert_eq!(place.log_end().await, before);
    let said = place.import(&[head("20/11/2026", "")], &["--confirm", "heads"]).taken();
    said.says(&[
        "- Thử Văn Đồi (doi), Trưởng, “Trưởng phòng”, Phòng Gió (UBND xã Mây Thử): đến ngày (trống) → “19/11/2026”",
        "+ Thử Thị Đảo (dao)",
    ]);
    let org = place.org().await;
    let room = unit(&org, "Phòng Gió").id;
    let head_on = |text: &str| names_of(&org, &org.head_of(room, day(text)).into_iter().collect::<Vec<_>>());
    assert_eq!(
        (head_on("2026-11-19"), head_on("2026-11-20")),
        (vec!["Thử Văn Đồi".into()], vec!["Thử Thị Đảo".into()])
    );
    // The earlier list says nothing of his last day, and that is kept.
    place.import(&COMMUNE, &[]).taken().says(&["Không có gì để thay đổi."]);
    assert_eq!(place.org().await, org, "an older list makes nobody head again");
}

#[tokio::test]
async fn c_a_head_beside_another_for_a_time_is_asked_about_and_ends_nobody() {
    let place = Place::with_commune();
    let stand_in = head("20/11/2026", "10/12/2026");
    place.import(&[stand_in], &[]).refused(&["có thêm người đứng đầu từ 20/11/2026 đến 10/12/2026: Thử Thị Đảo"]);
    place.import(&[stand_in], &["--confirm", "heads"]).taken();
    let org = place.org().await;
    let of_head = person(&org, "Thử Văn Đồi").id;
    assert!(org.posts().all(|post| post.person != of_head || post.to.is_none()));
}

#[test]
fn c_a_head_of_before_the_one_known_is_refused_as_an_older_list() {
    let place = Place::with_commune();
    place.import(&[head("01/01/2025", "")], &["--confirm", "heads"]).refused(&[
        "“Phòng Gió (UBND xã Mây Thử)” trên máy chủ có người đứng đầu là Thử Văn Đồi từ 01/07/2025, sau ngày ghi ở đây",
    ]);
    place.import(&[COMMUNE[2], head("20/11/2026", "")], &["--confirm", "heads"]).refused(&[
        "dòng 3: “Phòng Gió (UBND xã Mây Thử)” cùng lúc có người đứng đầu khác là Thử Văn Đồi ở trang “Danh sách”, dòng 2",
    ]);
}

#[tokio::test]
async fn the_keeping_of_personnel_records_is_given_and_taken_only_when_confirmed() {
    let place = Place::with_commune();
    let before = place.log_end().await;
    let (mut stream, mut river) = (COMMUNE[3], COMMUNE[1]);
    (stream[7], river[7]) = ("x", "không");
    let given = "Thử Văn Suối sẽ giữ hồ sơ tổ chức cán bộ ở “Phòng Gió (UBND xã Mây Thử)” từ 01/07/2025";
    let taken = "Thử Thị Sông sẽ không còn giữ hồ sơ tổ chức cán bộ ở “Văn phòng (UBND xã Mây Thử)”";
    place.import(&[stream, river], &[]).refused(&["dòng 2: ", given, "dòng 3: ", taken, "--confirm personnel"]);
    place.import(&[stream], &["--confirm", "heads,returning,first-days"]).refused(&[given]);
    place.import(&[stream], &["--lang", "en"]).refused(&["Thử Văn Suối would keep the personnel records", "publish"]);
    assert_eq!(place.log_end().await, before);
    place.import(&[stream, river], &["--confirm", "personnel"]).taken();
    let org = place.org().await;
    let keepers: Vec<_> = org.posts().filter(|post| post.personnel).map(|post| post.person).collect();
    assert_eq!(names_of(&org, &keepers), ["Thử Văn Suối"]);
    place.import(&[stream, river], &[]).taken().says(&["Không có gì để thay đổi."]);
}

#[test]
fn who_leaves_or_is_replaced_is_named_as_keeper_of_personnel_records() {
    let place = Place::with_commune();
    let mut river = COMMUNE[1];
    river[6] = "30/11/2026";
    let ended =
        "Thử Thị Sông sẽ không còn giữ hồ sơ tổ chức cán bộ ở “Văn phòng (UBND xã Mây Thử)” sau ngày 30/11/2026";
    place.import(&[river], &[]).refused(&[ended]);
    let next =
        ["Thử Thị Đảo", "Văn phòng", "UBND xã Mây Thử", "Chánh Văn phòng", "Trưởng", "01/12/2026", "", "", "dao"];
    place.import(&[next], &["--confirm", "heads"]).refused(&[ended]);
    place.import(&[next], &["--confirm", "heads,personnel"]).taken();
}

#[tokio::test]
async fn c_an_older_list_brings_nobody_back_unasked() {
    let place = Place::with_commune();
    let stream = |from: &'static str, to: &'static str| -> Row<'static> {
        ["Thử Văn Suối", "Phòng Gió", "UBND xã Mây Thử", "Chuyên viên", "Chuyên viên", from, to, "", "suoi"]
    };
    place.import(&[stream("01/07/2025", "30/09/2026")], &[]).taken();
    let left = place.org().await;
    let is_there = |names: Vec<String>| names.contains(&"Thử Văn Suối".to_owned());
    assert!(is_there(place.names("2026-09")) && !is_there(place.names("2026-10")));
    // The earlier list, and one that corrects his first day. Both leave his last day blank.
    place.import(&COMMUNE, &[]).taken();
    assert_eq!(place.org().await, left);
    place.import(&[stream("01/06/2025", "")], &[]).taken();
    assert!(!is_there(place.names("2026-10")), "a blank last day keeps what is known");
    // Stated directly, or by a new post: both are asked about.
    let room = ["Thử Văn Suối", "Văn phòng", "UBND xã Mây Thử", "Văn thư", "Chuyên viên", "01/10/2026", "", "", "suoi"];
    for row in [stream("01/06/2025", "đến nay"), room] {
        let asked = "Thử Văn Suối đã thôi giữ mọi chức vụ từ 30/09/2026; danh sách ghi lại như đang làm việc; nếu đúng, \
                     thêm --confirm returning";
        place.import(&[row], &[]).refused(&[asked]);
    }
    place.import(&[room], &["--confirm", "returning"]).taken();
    assert!(is_there(place.names("2026-10")));
}

#[tokio::test]
async fn c_a_missing_parent_makes_no_top_level_agency() {
    let lost: Row<'_> = ["Thử Văn Lạc", "Phòng Lạc", "", "Chuyên viên", "Chuyên viên", "01/07/2025", "", "", "lac"];
    let asked = [
        "dòng 2, cột B “Đơn vị”: “Phòng Lạc” là đơn vị mới và không dòng nào ghi thuộc đơn vị nào",
        "--confirm top-units",
    ];
    let place = Place::with_commune();
    place.import(&[lost], &[]).refused(&asked);
    // In the very first list one unit may have nothing above it, not two.
    let first = Place::new();
    let rows = [lost, COMMUNE[0], COMMUNE[1]];
    first.import(&rows, &[]).refused(&[asked[0], "“UBND xã Mây Thử” là đơn vị mới và không dòng nào ghi"]);
    assert!(first.is_untouched());
    first.import(&rows, &["--confirm", "top-units"]).taken();
    assert_eq!(first.org().await.units().filter(|unit| unit.parent.is_none()).count(), 2);
}

#[tokio::test]
async fn c_a_forgotten_parent_puts_nobody_into_another_communes_room() {
    let place = Place::new();
    let of = |commune: &'static str, name: &'static str, username: &'static str| -> [Row<'static>; 2] {
        [
            [name, commune, "Cụm Thử", "Chủ tịch", "Trưởng", "01/07/2025", "", "", username],
            [
                "Thử Văn Chung",
                "Văn phòng",
                commune,
                "Văn thư",
                "Chuyên viên",
                "01/07/2025",
                "",
                "",
                if username == "mot" { "chung1" } else { "chung2" },
            ],
        ]
    };
    let [one, two] = [of("UBND xã Một Thử", "Thử Văn Một", "mot"), of("UBND xã Hai Thử", "Thử Văn Hai", "hai")];
    place.import(&[one, two].concat(), &[]).taken();
    let org = place.org().await;
    let offices: Vec<_> = org.units().filter(|unit| unit.name == "Văn phòng").collect();
    assert_eq!(offices.len(), 2, "names are unique under their parent only");
    assert_ne!(offices[0].parent, offices[1].parent);
    assert_eq!(org.people().filter(|person| person.name == "Thử Văn Chung").count(), 2, "two people of one name");
    let new = |parent: &'static str| -> Row<'static> {
        ["Thử Thị Mới", "Văn phòng", parent, "Văn thư", "Chuyên viên", "01/07/2025", "", "", "moi"]
    };
    place
        .import(&[new("")], &[])
        .refused(&["có đơn vị tên “Văn phòng” thuộc “UBND xã", "hãy ghi rõ ở cột “Thuộc đơn vị”"]);
    place.import(&[new("UBND xã Hai Thử")], &[]).taken();
    let org = place.org().await;
    let unit = org.main_post(person(&org, "Thử Thị Mới").id, day("2026-10-31")).unwrap().unit;
    assert_eq!(org.unit(org.unit(unit).unwrap().parent.unwrap()).unwrap().name, "UBND xã Hai Thử");
}

#[tokio::test]
async fn c_blank_columns_keep_what_is_known() {
    let place = Place::with_commune();
    let ended = [
        "Thử Văn Suối",
        "Phòng Gió",
        "UBND xã Mây Thử",
        "Chuyên viên",
        "Chuyên viên",
        "01/07/2025",
        "31/12/2027",
        "",
        "suoi",
    ];
    place.import(&[ended], &[]).taken();
    let known = place.org().await;
    // First blank cells, then no such columns at all.
    place.import(&COMMUNE.map(|row| [row[0], row[1], row[2], "", row[4], row[5], "", "", row[8]]), &[]).taken();
    assert_eq!(place.org().await, known);
    let said = place.import_sheet(
        |sheet| {
            let wanted = [0, 1, 4, 5, 8];
            for (row, cells) in (0..).zip(std::iter::once(&super::HEADINGS).chain(&COMMUNE)) {
                for (column, at) in (0..).zip(wanted) {
                    sheet.write_string(row, column, cells[at]).unwrap();
                }
            }
        },
        &[],
    );
    said.taken().says(&["Không có gì để thay đổi."]);
    assert_eq!(place.org().await, known, "titles, last days, who keeps the records, parents");
    // A confirmed change is made: the records go to somebody else.
    let rows = [
        ["Thử Thị Sông", "Văn phòng", "UBND xã Mây Thử", "", "Trưởng", "01/07/2025", "", "không", "song"],
        ["Thử Văn Suối", "Phòng Gió", "UBND xã Mây Thử", "", "Chuyên viên", "01/07/2025", "", "có", "suoi"],
    ];
    place.import(&rows, &["--confirm", "personnel"]).taken().says(&[
        "~ Thử Thị Sông (song), Trưởng, “Chánh Văn phòng”, Văn phòng (UBND xã Mây Thử): tổ chức cán bộ “có” → “không”",
        "~ Thử Văn Suối (suoi), Chuyên viên, “Chuyên viên”, Phòng Gió (UBND xã Mây Thử): tổ chức cán bộ “không” → “có”",
    ]);
}

#[tokio::test]
async fn c_a_first_day_that_moves_later_is_asked_about() {
    let place = Place::with_commune();
    let known = place.org().await;
    // The same list with the list's date in every row.
    let rows = COMMUNE.map(|row| [row[0], row[1], row[2], row[3], row[4], "01/11/2026", "", "", row[8]]);
    place.import(&rows, &[]).refused(&[
        "Thử Văn Suối ở “Phòng Gió (UBND xã Mây Thử)”: ngày nhận lùi từ 01/07/2025 sang 01/11/2026",
        "--confirm first-days",
    ]);
    assert_eq!(place.org().await, known);
    // A new post of the same kind is one when the list ends the earlier one.
    let two = [
        [
            "Thử Văn Suối",
            "Phòng Gió",
            "UBND xã Mây Thử",
            "Chuyên viên",
            "Chuyên viên",
            "01/07/2025",
            "31/10/2026",
            "",
            "suoi",
        ],
        [
            "Thử Văn Suối",
            "Phòng Gió",
            "UBND xã Mây Thử",
            "Chuyên viên chính",
            "Chuyên viên",
            "01/11/2026",
            "",
            "",
            "suoi",
        ],
    ];
    place.import(&two, &[]).taken();
    place.import(&[rows[3]], &[]).taken();
    let org = place.org().await;
    let stream = person(&org, "Thử Văn Suối").id;
    assert_eq!(org.posts().filter(|post| post.person == stream).count(), 2);
    let at_once = [two[0], [two[1][0], two[1][1], two[1][2], two[1][3], two[1][4], "01/10/2026", "", "", "suoi"]];
    place.import(&at_once, &["--confirm", "first-days"]).refused(&["trùng với trang “Danh sách”, dòng 2"]);
}
