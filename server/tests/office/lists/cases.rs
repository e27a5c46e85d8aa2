//! Tests of the shared cases 03, 04, 07, 08 and 12, each with its own files.

use super::{Place, case, day, names_of, person, unit};
use crate::harness::{Server, client, sign_in};

#[test]
fn case_03_two_people_one_mark_apart_are_two_people() {
    for name in ["03-two-people-one-mark-apart", "03-two-people-one-mark-apart-same-room"] {
        let place = Place::new();
        place.import_file(&case(name), &[]).refused(&[
            "dòng 6, cột I “Tên đăng nhập”: tên đăng nhập “may” của Thử Thị Mấy cũng ghi cho Thử Thị Mây",
            "dòng 7, cột I “Tên đăng nhập”: tên đăng nhập “may” của Thử Thị Mây cũng ghi cho Thử Thị Mấy",
        ]);
        assert!(place.is_untouched(), "{name}");
    }
}

#[tokio::test]
async fn case_04_a_user_name_of_an_earlier_list_does_not_pass_to_somebody_else() {
    let place = Place::new();
    place.import_file(&case("04-user-name-of-somebody-else-a"), &[]).taken();
    let before = place.log_end().await;
    let asked = [
        "dòng 6, cột I “Tên đăng nhập”: tên đăng nhập “trang” trên máy chủ là của Thử Văn Trăng \
         (Chuyên viên, Văn phòng Mây Thử (UBND xã Mây Thử)), danh sách ghi cho Khác Thị Sao Hôm",
        "--confirm renamed",
    ];
    for more in [&[][..], &["--dry-run"], &["--confirm", "heads,namesakes,returning"]] {
        place.import_file(&case("04-user-name-of-somebody-else-b"), more).refused(&asked);
    }
    assert_eq!(place.log_end().await, before, "nothing has changed");
    assert!(place.names("2026-10").contains(&"Thử Văn Trăng".to_owned()));
    assert!(!place.names("2026-10").contains(&"Khác Thị Sao Hôm".to_owned()));
    let server = Server::start(&place.data(), &[]);
    let passwords = place.passwords().remove(0).1;
    let (_, password) = passwords.iter().find(|(username, _)| username == "trang").unwrap();
    let signed_in = sign_in(&client(), &server.url, "trang", password).await;
    let who: serde_json::Value = signed_in.json().await.unwrap();
    let org = place.org().await;
    assert_eq!(who["person"], person(&org, "Thử Văn Trăng").id.to_string(), "his password opens his account");
}

#[tokio::test]
async fn case_04_a_corrected_spelling_goes_through() {
    let place = Place::new();
    place.import_file(&case("04-user-name-of-somebody-else-a"), &[]).taken();
    let id = person(&place.org().await, "Thử Văn Trăng").id;
    let said = place.import_file(&case("04-user-name-of-somebody-else-spelling"), &[]).taken();
    said.says(&["~ Thử Văn Trằng (trang): tên “Thử Văn Trăng” → “Thử Văn Trằng”"]);
    assert_eq!(person(&place.org().await, "Thử Văn Trằng").id, id, "the same person");
    assert_eq!(place.passwords().len(), 1, "no new account");
}

#[tokio::test]
async fn case_07_units_that_differ_by_a_mark_are_two_units() {
    for (name, people) in [("07-communes-one-tone-apart", 2), ("07-communes-one-tone-apart-two-heads", 1)] {
        let place = Place::new();
        place.import_file(&case(name), &[]).taken();
        let org = place.org().await;
        for commune in ["UBND xã Thử Giang", "UBND xã Thử Giàng"] {
            assert_eq!(place.month("2026-10", &["--unit", commune]).len(), people, "{commune} of {name}");
            let unit = unit(&org, commune).id;
            let members = org.members(unit, day("2026-10-31"));
            for other in org.people().filter(|person| !members.contains(&person.id) && person.name != "Thử Văn Tầng")
            {
                let at = org.main_post(other.id, day("2026-10-31")).unwrap().unit;
                let is_read = members.iter().any(|member| org.may_read(*member, at, day("2026-10-31")));
                assert!(!is_read, "{} is read from {commune}", other.name);
            }
        }
        assert_eq!(place.month("2026-10", &[]).len(), 2 * people + 1);
    }
}

#[tokio::test]
async fn case_08_a_corrected_first_day_replaces_the_wrong_one() {
    let place = Place::new();
    place.import_file(&case("08-corrected-first-day-a"), &[]).taken();
    let said = place.import_file(&case("08-corrected-first-day-b"), &[]).taken();
    said.says(&["~ Thử Văn Sửa (sua), Chuyên viên, “Chuyên viên”, Văn phòng Mây Thử (UBND xã Mây Thử): từ ngày “01/06/2026” → “15/05/2026”"]);
    let said = place.import_file(&case("08-corrected-first-day-c"), &[]).taken();
    said.says(&["- Thử Văn Sửa (sua), Chuyên viên, “Chuyên viên”, Văn phòng Mây Thử (UBND xã Mây Thử): đến ngày (trống) → “30/09/2026”"]);
    let count = |period: &str| place.names(period).iter().filter(|name| *name == "Thử Văn Sửa").count();
    assert_eq!((count("2026-09"), count("2026-10")), (1, 0));
    assert_eq!(place.org().await.posts().count(), 4, "one post each");
}

#[test]
fn case_12_a_cell_in_error_is_no_text() {
    let place = Place::new();
    let people = case("12-error-cells-people");
    place.import_file(&people, &[]).refused(&[
        "dòng 6, cột A “Họ và tên”: có “#REF!”",
        "dòng 7, cột D “Chức vụ”: có “#N/A”",
        "dòng 8, cột B “Đơn vị”: có “#NAME?”",
        "dòng 9, cột A “Họ và tên”: có “TRUE”",
    ]);
    assert!(place.is_untouched());
    place.import_file(&case("08-corrected-first-day-a"), &[]).taken();
    let work = case("12-error-cells-work");
    place.run(&["import", "work-list", work.to_str().unwrap(), "--from", "2026-06-01"]).refused(&[
        "dòng 4, cột C “Nhiệm vụ”: có “#N/A”",
        "dòng 5, cột B “Mã CV”: có “#REF!”",
        "dòng 6, cột H “Ghi chú”: có “#VALUE!”",
    ]);
    place
        .import_file(&people, &["--lang", "en"])
        .refused(&["row 6, column A “Họ và tên”: found “#REF!”; text is needed"]);
}

#[tokio::test]
async fn case_05_a_head_who_follows_in_order_is_taken_unasked() {
    let place = Place::new();
    place.import_file(&case("05-head-replaced-a"), &[]).taken();
    let said = place.import_file(&case("05-head-replaced-b"), &[]).taken();
    said.says(&[
        "- Thử Văn Đồi (doi), Trưởng, “Trưởng phòng”, Phòng Gió Thử (UBND xã Mây Thử): đến ngày (trống) → “19/11/2026”",
        "+ Thử Thị Đảo (dao), Trưởng, “Trưởng phòng”, Phòng Gió Thử (UBND xã Mây Thử): từ 20/11/2026",
    ]);
    let org = place.org().await;
    let room = unit(&org, "Phòng Gió Thử").id;
    let head = |text: &str| names_of(&org, &org.head_of(room, day(text)).into_iter().collect::<Vec<_>>());
    assert_eq!(
        (head("2026-11-19"), head("2026-11-20")),
        (vec!["Thử Văn Đồi".to_owned()], vec!["Thử Thị Đảo".to_owned()])
    );
}
