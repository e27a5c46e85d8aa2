//! Tests of single cells and headings: not a text, not a day, or typed in an encoding from before Unicode.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Worksheet};

use super::{COMMUNE, HEADINGS, Place, Row, person, write_rows};

/// The commune's list with some cells overwritten.
fn with(place: &Place, change: impl FnOnce(&mut Worksheet)) -> super::Said {
    place.import_sheet(
        |sheet| {
            write_rows(sheet, &COMMUNE);
            change(sheet);
        },
        &[],
    )
}

#[test]
fn c_what_is_no_text_is_refused_in_every_column_of_text() {
    let place = Place::new();
    let said = with(&place, |sheet| {
        sheet.write_boolean(1, 3, true).unwrap();
        sheet.write_formula(2, 8, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        let day = ExcelDateTime::from_ymd(2025, 7, 1).unwrap();
        sheet.write_datetime_with_format(3, 0, day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
        sheet.write_formula(4, 2, Formula::new("=VLOOKUP(A1,B1:C2,2,0)").set_result("#N/A")).unwrap();
        sheet.write_number(4, 0, 12_345).unwrap();
    });
    said.refused(&[
        "dòng 2, cột D “Chức vụ”: có “TRUE”",
        "dòng 3, cột I “Tên đăng nhập”: có “#DIV/0!”",
        "dòng 4, cột A “Họ và tên”: có “01/07/2025”; cần chữ",
        "dòng 5, cột C “Thuộc đơn vị”: có “#N/A”",
        "dòng 5, cột A “Họ và tên”: có “12345”; cần chữ",
    ]);
    assert!(place.is_untouched());
}

#[tokio::test]
async fn c_a_truth_value_says_yes_or_no() {
    let place = Place::new();
    with(&place, |sheet| {
        sheet.write_boolean(2, 7, true).unwrap();
    })
    .taken();
    let org = place.org().await;
    let song = person(&org, "Thử Thị Sông").id;
    assert!(org.posts().all(|post| post.personnel == (post.person == song)));
}

#[test]
fn c_years_of_two_digits_and_impossible_years_are_refused() {
    let place = Place::new();
    let day = |year: u16| ExcelDateTime::from_ymd(year, 6, 1).unwrap();
    let format = Format::new().set_num_format("dd/mm/yyyy");
    let said = with(&place, |sheet| {
        sheet.write_string(1, 5, "01/07/25").unwrap();
        sheet.write_string(2, 5, "01/07/20225").unwrap();
        sheet.write_string(3, 5, "25-07-01").unwrap();
        sheet.write_datetime_with_format(4, 5, day(1901), &format).unwrap();
        sheet.write_string(1, 6, "31/12/9999").unwrap();
        sheet.write_string(2, 6, "31/11/2026").unwrap();
        sheet.write_number(3, 6, 46_000).unwrap();
    });
    said.refused(&[
        "dòng 2, cột F “Từ ngày”: có “01/07/25”; năm phải ghi đủ bốn chữ số",
        "dòng 3, cột F “Từ ngày”: có “01/07/20225”",
        "dòng 4, cột F “Từ ngày”: có “25-07-01”; năm phải ghi đủ bốn chữ số",
        "dòng 5, cột F “Từ ngày”: có “01/06/1901”; năm cho phép từ 1945 đến 2100",
        "dòng 2, cột G “Đến ngày”: có “31/12/9999”; năm cho phép từ 1945 đến 2100 (chưa có ngày thì để trống)",
        "dòng 3, cột G “Đến ngày”: có “31/11/2026”; cần một ngày",
        "dòng 4, cột G “Đến ngày”: có “46000”; cần một ngày",
    ]);
}

#[test]
fn c_letters_of_before_unicode_are_refused_with_their_name() {
    let place = Place::new();
    with(&place, |sheet| {
        sheet.write_string(1, 0, "Thö V¨n Nói").unwrap();
        sheet.write_string(2, 3, "Ch¸nh V¨n phßng").unwrap();
    })
    .refused(&["dòng 2, cột A: có “Thö V¨n Nói” và 2 ô như vậy gõ bằng bảng mã cũ TCVN3 (ABC)", "UniKey"]);
    with(&place, |sheet| {
        sheet.write_string(1, 0, "Thöû Vaên Nuùi").unwrap();
    })
    .refused(&["có “Thöû Vaên Nuùi” và 1 ô như vậy gõ bằng bảng mã cũ VNI"]);
    // Headings, too, get one sentence that names the cause.
    let legacy = [
        "Hä vµ tªn",
        "§¬n vÞ",
        "Thuéc ®¬n vÞ",
        "Chøc vô",
        "Vai trß",
        "Tõ ngµy",
        "§Õn ngµy",
        "Tæ chøc c¸n bé",
        "Tªn ®¨ng nhËp",
    ];
    let said = place.import_sheet(
        |sheet| {
            for (column, heading) in (0..).zip(legacy) {
                sheet.write_string(0, column, heading).unwrap();
            }
        },
        &[],
    );
    let said = said.refused(&["dòng 1, cột A: có “Hä vµ tªn”", "TCVN3 (ABC)"]);
    assert_eq!(said.text.matches('✗').count(), 1, "{}", said.text);
    assert!(place.is_untouched());
}

/// The commune with its names in two columns, under the headings that `head` writes. Rows begin at `first`.
fn in_two_columns(first: u32, head: impl FnOnce(&mut Worksheet)) -> impl FnOnce(&mut Worksheet) {
    move |sheet| {
        for (column, heading) in (2..).zip(&HEADINGS[1..]) {
            sheet.write_string(0, column, *heading).unwrap();
        }
        for (row, cells) in (first..).zip(&COMMUNE) {
            let (family, given) = cells[0].rsplit_once(' ').unwrap();
            for (column, cell) in
                (0..).zip([family, given].iter().chain(&cells[1..])).filter(|(_, cell)| !cell.is_empty())
            {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
        head(sheet);
    }
}

#[tokio::test]
async fn c_a_name_may_stand_in_two_columns() {
    let merged = |sheet: &mut Worksheet| {
        sheet.merge_range(0, 0, 0, 1, "Họ và tên", &Format::new()).unwrap();
    };
    let place = Place::new();
    place.import_sheet(in_two_columns(1, merged), &[]).taken().says(&["tiêu đề ở dòng 1: A “Họ và tên”"]);
    let known = place.org().await;
    assert_eq!(names(&known), ["Thử Thị Sông", "Thử Văn Núi", "Thử Văn Suối", "Thử Văn Đồi"]);
    let two_headings = |sheet: &mut Worksheet| {
        sheet.write_string(0, 0, "Họ và tên đệm").unwrap();
        sheet.write_string(0, 1, "Tên").unwrap();
    };
    let two_rows = |sheet: &mut Worksheet| {
        sheet.merge_range(0, 0, 0, 1, "Họ và tên", &Format::new()).unwrap();
        sheet.write_string(1, 0, "Họ đệm").unwrap();
        sheet.write_string(1, 1, "Tên").unwrap();
        for (column, heading) in (2..).zip(&HEADINGS[1..]) {
            sheet.merge_range(0, column, 1, column, heading, &Format::new()).unwrap();
        }
    };
    let whole_and_given = |sheet: &mut Worksheet| {
        for (row, cells) in (1..).zip(&COMMUNE) {
            sheet.write_string(row, 0, cells[0]).unwrap();
        }
        sheet.write_string(0, 0, "Họ và tên").unwrap();
        sheet.write_string(0, 1, "Tên").unwrap();
    };
    place.import_sheet(in_two_columns(1, two_headings), &[]).taken();
    place.import_sheet(in_two_columns(2, two_rows), &[]).taken();
    place.import_sheet(in_two_columns(1, whole_and_given), &[]).taken();
    assert_eq!(place.org().await, known, "the same people however their names are split");
}

fn names(org: &shared::org::Org) -> Vec<String> {
    let mut names: Vec<String> = org.people().map(|person| person.name.clone()).collect();
    names.sort();
    names
}

#[test]
fn c_given_names_without_a_heading_are_not_lost() {
    let place = Place::new();
    let only_first = |sheet: &mut Worksheet| {
        sheet.write_string(0, 0, "Họ và tên").unwrap();
    };
    place
        .import_sheet(in_two_columns(1, only_first), &[])
        .refused(&["dòng 2, cột B: có “Núi” trong cột không có tiêu đề, bên cạnh cột “Họ và tên”"]);
    let merged = |sheet: &mut Worksheet| {
        sheet.merge_range(0, 0, 0, 1, "Họ và tên", &Format::new()).unwrap();
        sheet.write_blank(3, 1, &Format::new()).unwrap();
    };
    place.import_sheet(in_two_columns(1, merged), &[]).refused(&["dòng 4, cột B “Họ và tên”: ô trống"]);
    assert!(place.is_untouched());
}

#[test]
fn c_the_answer_names_the_headings_it_saw_and_where_it_looked() {
    let place = Place::new();
    let said = place.import_sheet(
        |sheet| {
            write_rows(sheet, &COMMUNE);
            sheet.write_string(0, 9, "Ghi chú").unwrap();
        },
        &[],
    );
    said.taken().says(&["tiêu đề ở dòng 1: A “Họ và tên”, B “Đơn vị”", "; không đọc cột J “Ghi chú”"]);
    let other = |sheet: &mut Worksheet| {
        for (column, heading) in (0..).zip(["Tên cán bộ", "Phòng", "Ngày nhận"]) {
            sheet.write_string(4, column, heading).unwrap();
        }
    };
    place.import_sheet(other, &[]).refused(&[
        "không trang nào có một dòng tiêu đề gồm các cột “Họ và tên”, “Đơn vị”, “Vai trò”, “Từ ngày”, “Tên đăng nhập”; đã tìm ở \
         trang “Danh sách” (40 dòng đầu có nội dung; giống tiêu đề nhất là dòng 5: “Tên cán bộ”, “Phòng”, “Ngày nhận”)",
    ]);
    let without: Row<'_> = COMMUNE[0];
    let said = place.import_sheet(
        |sheet| {
            write_rows(sheet, &[without]);
            sheet.write_string(0, 4, "Vai").unwrap();
        },
        &["--lang", "en"],
    );
    said.refused(&["row 1: the column “Vai trò” is missing; the row of headings has “Họ và tên”, “Đơn vị”"]);
}
