//! Tests of whole files: hidden parts, zip bombs, dry runs, and exports.

use std::io::Write as _;
use std::path::Path;

use rust_xlsxwriter::{Worksheet, XlsxError};
use shared::op::Verdict;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{COMMUNE, Place, Row, day, person, unit, write_rows};
use crate::harness::{Device, Server, binary, client, demo_copy, sign_in};

#[tokio::test]
async fn c_filtered_rows_are_named_and_asked_for() {
    let hide = |sheet: &mut Worksheet| {
        write_rows(sheet, &COMMUNE);
        sheet.autofilter(0, 0, 4, 8).unwrap();
        sheet.set_row_hidden(3).unwrap();
        sheet.set_row_hidden(4).unwrap();
        sheet.set_row_hidden(40).unwrap();
    };
    let place = Place::new();
    place.import_sheet(hide, &[]).refused(&[
        "dòng 4: 2 dòng có nội dung bị ẩn hoặc bị lọc: 4-5",
        "--hidden read",
        "--hidden skip",
    ]);
    assert!(place.is_untouched());
    place.import_sheet(hide, &["--hidden", "skip"]).taken().says(&["2 dòng đúng", "; dòng bị ẩn: 4-5"]);
    assert_eq!(place.org().await.people().count(), 2);
    place.import_sheet(hide, &["--hidden", "read"]).taken();
    assert_eq!(place.org().await.people().count(), 4);
}

#[tokio::test]
async fn c_hidden_sheets_and_columns_are_named_and_asked_for() {
    let place = Place::new();
    let with_sheet = |book: &mut rust_xlsxwriter::Workbook| -> Result<(), XlsxError> {
        write_rows(book.add_worksheet().set_name("Danh sách")?, &COMMUNE[..2]);
        let old = book.add_worksheet().set_name("Danh sách cũ")?;
        write_rows(old, &COMMUNE[2..]);
        old.set_hidden(true);
        let deep = book.add_worksheet().set_name("Sâu hơn")?;
        deep.write_string(0, 0, "Ghi chú")?;
        deep.set_very_hidden(true);
        Ok(())
    };
    let said = place.import_book(|book| with_sheet(book).unwrap(), &[]);
    said.refused(&["trang “Danh sách cũ”: trang này bị ẩn", "trang “Sâu hơn”: trang này bị ẩn"]);
    let said = place.import_book(|book| with_sheet(book).unwrap(), &["--hidden", "skip"]).taken();
    said.says(&["Trang “Danh sách cũ”: bỏ qua vì bị ẩn"]);
    assert_eq!(place.org().await.people().count(), 2);

    let column = |sheet: &mut Worksheet| {
        write_rows(
            sheet,
            &[["Thử Thị Sông", "Văn phòng", "UBND xã Mây Thử", "", "Trưởng", "01/07/2025", "30/09/2026", "", "song"]],
        );
        sheet.set_column_hidden(6).unwrap();
    };
    place.import_sheet(column, &[]).refused(&["các cột bị ẩn: G"]);
    place.import_sheet(column, &["--hidden", "skip"]).taken().says(&["Không có gì để thay đổi."]);
    let read = ["--hidden", "read", "--confirm", "personnel"];
    place.import_sheet(column, &read).taken().says(&["đến ngày (trống) → “30/09/2026”"]);
}

/// A workbook of the commune with one part replaced.
fn with_part(part: &str, make: impl FnOnce(&mut dyn std::io::Write, &str)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    write_rows(book.add_worksheet(), &COMMUNE);
    let bytes = book.save_to_buffer().unwrap();
    let mut old = ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(1));
    let mut make = Some(make);
    for index in 0..old.len() {
        let entry = old.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let content = std::io::read_to_string(entry).unwrap();
        writer.start_file(&*name, options).unwrap();
        if name == part {
            make.take().unwrap()(&mut writer, &content);
        } else {
            writer.write_all(content.as_bytes()).unwrap();
        }
    }
    assert!(make.is_none(), "{part}");
    writer.finish().unwrap().into_inner()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

/// This many rows of one cell each.
fn many_rows(out: &mut dyn std::io::Write, content: &str, rows: u32) {
    let (before, after) = content.split_once("</sheetData>").unwrap();
    out.write_all(before.as_bytes()).unwrap();
    for row in 10..10 + rows {
        write!(out, "<row r=\"{row}\"><c r=\"A{row}\"><v>1</v></c></row>").unwrap();
    }
    write!(out, "</sheetData>{after}").unwrap();
}

/// Memory that a refusal may take: the largest part of a workbook, plus room for the program.
const MEMORY_KB: u64 = 400_000;

#[cfg(unix)]
#[test]
fn d8_workbooks_made_to_fill_the_memory_are_refused_before_it_goes() {
    let empty = |out: &mut dyn std::io::Write, content: &str, cell: &str, times: usize| {
        let (before, after) = content.split_once("</sheetData>").unwrap();
        write!(out, "{before}<row r=\"9\">{}</row></sheetData>{after}", cell.repeat(times)).unwrap();
    };
    let bombs: [(&str, Vec<u8>, &str); 6] = [
        (
            "a million rows",
            with_part(SHEET, |out, content| many_rows(out, content, 1_000_000)),
            "nhiều hơn 10000 dòng có nội dung",
        ),
        ("rows without content", with_part(SHEET, |out, content| empty(out, content, "<c r=\"A9\"/>", 1_000_000)), ""),
        (
            "a sheet that unpacks a thousandfold",
            with_part(SHEET, |out, content| empty(out, content, &" ".repeat(1_000_000), 140)),
            "nội dung giải nén vượt quá 134217728 byte",
        ),
        (
            "a huge dimension",
            with_part(SHEET, |out, content| {
                let start = content.find("<dimension").unwrap();
                let end = content[start..].find("/>").unwrap() + start;
                write!(out, "{}<dimension ref=\"A1:XFD1048576\"{}", &content[..start], &content[end..]).unwrap();
            }),
            "",
        ),
        (
            "millions of texts",
            with_part("xl/sharedStrings.xml", |out, _| {
                write!(out, "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">").unwrap();
                (0..3).for_each(|_| out.write_all("<si><t/></si>".repeat(1_000_000).as_bytes()).unwrap());
                write!(out, "</sst>").unwrap();
            }),
            "nội dung giải nén vượt quá 33554432 byte",
        ),
        (
            "millions of formats",
            with_part("xl/styles.xml", |out, content| {
                let (before, after) = content.split_once("</cellXfs>").unwrap();
                write!(out, "{before}").unwrap();
                (0..2).for_each(|_| {
                    out.write_all("<xf numFmtId=\"0\" xfId=\"0\"/>".repeat(1_000_000).as_bytes()).unwrap()
                });
                write!(out, "</cellXfs>{after}").unwrap();
            }),
            "nội dung giải nén vượt quá 33554432 byte",
        ),
    ];
    for (what, bytes, refusal) in bombs {
        let place = Place::new();
        let file = place.folder.path().join("bomb.xlsx");
        std::fs::write(&file, &bytes).unwrap();
        let said = under_limit(&place, &file);
        if refusal.is_empty() {
            assert!(said.0 == 0, "{what}: {}", said.1);
        } else {
            assert!(said.0 == 2 && said.1.contains(refusal) && place.is_untouched(), "{what}: {} {}", said.0, said.1);
        }
    }
}

/// Imports as a dry run under a memory limit. A process that asks for more is killed.
#[cfg(unix)]
fn under_limit(place: &Place, file: &Path) -> (i32, String) {
    let program = binary().get_program().to_owned();
    let script = format!("ulimit -v {MEMORY_KB}; exec \"$0\" \"$@\"");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .arg(program)
        .env("LC_ALL", "vi_VN.UTF-8")
        .args(["import", "people"])
        .arg(file)
        .args(["--init", "--dry-run", "--data"])
        .arg(place.data())
        .output()
        .unwrap();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr),
    )
}

#[tokio::test]
async fn c_every_change_is_told_by_name_before_it_is_made() {
    let place = Place::new();
    let lines = [
        "So với máy chủ: đơn vị thêm 3, sửa 0; người thêm 4, có thay đổi 0; chức vụ thêm 4, sửa 0, kết thúc 0; giữ nguyên 0 mục",
        "+ Phòng Gió (UBND xã Mây Thử): Phòng ban",
        "+ Thử Thị Sông (song): người mới, tài khoản mới",
        "+ Thử Thị Sông (song), Trưởng, “Chánh Văn phòng”, Văn phòng (UBND xã Mây Thử): từ 01/07/2025, giữ hồ sơ tổ chức cán bộ",
    ];
    place.import(&COMMUNE, &["--dry-run"]).taken().says(&lines).says(&["Chạy thử: không có gì thay đổi."]);
    assert!(place.is_untouched());
    let told = place.import(&COMMUNE, &[]).taken().says(&lines).text;
    assert!(told.find("+ Thử Thị Sông").unwrap() < told.find("Đã ghi.").unwrap());
    let moved: Row<'_> =
        ["Thử Văn Suối", "Văn phòng", "UBND xã Mây Thử", "Văn thư", "Chuyên viên", "01/12/2026", "", "", "suoi"];
    let said = place.import(&[moved], &["--json", "--dry-run"]).taken();
    let report: serde_json::Value = serde_json::from_str(&said.text).unwrap();
    let change = &report["people"]["people"][0];
    assert_eq!(change["posts"][0]["act"], "added");
    assert_eq!(change["still"][0], "Chuyên viên, Phòng Gió (UBND xã Mây Thử)", "the post that goes on is named");
    place.import(&[moved], &["--lang", "en"]).taken().says(&[
        "+ Thử Văn Suối (suoi), Chuyên viên, “Văn thư”, Văn phòng (UBND xã Mây Thử): from 01/12/2026",
        "! Thử Văn Suối (suoi) goes on as: Chuyên viên, Phòng Gió (UBND xã Mây Thử)",
    ]);
}

#[tokio::test]
async fn c_the_file_of_first_passwords_bears_names_and_opens_in_a_spreadsheet() {
    let place = Place::with_commune();
    let (text, pairs) = place.passwords().remove(0);
    let head = "\u{feff}Họ và tên;Đơn vị;Chức vụ;Tên đăng nhập;Mật khẩu đầu tiên\r\n";
    assert!(text.starts_with(head), "{text}");
    for row in &COMMUNE {
        assert!(text.contains(&format!("\r\n{};", row[0])), "{}", row[0]);
    }
    assert!(text.contains("Thử Thị Sông;Văn phòng;Chánh Văn phòng;song;"));
    let server = Server::start(&place.data(), &[]);
    for (username, password) in pairs {
        assert!(sign_in(&client(), &server.url, &username, &password).await.status().is_success(), "{username}");
    }
}

#[test]
fn c_the_month_at_the_command_line_opens_in_a_spreadsheet() {
    let place = Place::with_commune();
    let csv = place.run(&["export", "month", "--period", "2026-10"]).taken().text;
    assert!(csv.starts_with("\u{feff}Họ và tên;"), "{csv}");
}

#[test]
fn c_rows_of_the_month_stand_by_given_names_as_in_vietnamese_lists() {
    let place = Place::with_commune();
    let user_names = ["u1", "u2", "u3", "u4", "u5", "u6"];
    // By letters without marks Đan would come before Dũng. By whole names Bùi Văn Dung would come before the head of
    // the division.
    let names = ["Bùi Văn Tư", "Lý Thị Đan", "Vũ Văn Dũng", "Bùi Văn Dung", "An Thị Ánh", "Trần Văn An"];
    let row = |(name, user): (&'static str, &'static str)| -> Row<'_> {
        [name, "Phòng Gió", "UBND xã Mây Thử", "Chuyên viên", "Chuyên viên", "01/07/2025", "", "", user]
    };
    let rows: Vec<Row<'_>> = names.into_iter().zip(user_names).map(row).collect();
    place.import(&rows, &[]).taken();
    let sorted = [
        "Thử Văn Núi",
        "Trần Văn An",
        "An Thị Ánh",
        "Bùi Văn Dung",
        "Vũ Văn Dũng",
        "Lý Thị Đan",
        "Thử Văn Đồi",
        "Thử Văn Suối",
        "Bùi Văn Tư",
        "Thử Thị Sông",
    ];
    assert_eq!(place.names("2026-10"), sorted, "the commune's own, then its rooms by their names");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c_people_are_imported_beside_a_running_server_whose_devices_see_them() {
    let data = demo_copy().await;
    let server = data.serve();
    let mut head = Device::of(&server, "truong2", 1).await;
    head.sync().await;
    let file = data.path().join("people.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let new: Row<'_> = [
        "Thử Văn Mới",
        "Phòng Kinh tế",
        "UBND xã Giả Tưởng",
        "Chuyên viên",
        "Chuyên viên",
        "01/10/2026",
        "",
        "",
        "moi",
    ];
    write_rows(book.add_worksheet(), &[new]);
    book.save(&file).unwrap();
    let output = binary().args(["import", "people"]).arg(&file).arg("--data").arg(data.path()).output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let mut files = std::fs::read_dir(data.path()).unwrap().map(|entry| entry.unwrap().path());
    let table = files.find(|path| path.extension().is_some_and(|end| end == "csv")).unwrap();
    let table = std::fs::read_to_string(table).unwrap();
    let password = table.lines().nth(1).unwrap().split(';').nth(4).unwrap().to_owned();
    assert!(sign_in(&client(), &server.url, "moi", &password).await.status().is_success(), "without a restart");
    head.sync().await;
    let view = head.replica.view();
    let newcomer = person(&view.org, "Thử Văn Mới").id;
    let key = view.card_key(newcomer, "2026-11".parse().unwrap()).unwrap();
    assert_eq!(view.direct_head(&key), Some(head.person), "the head's tablet knows");
    assert!(view.org.members(unit(&view.org, "Phòng Kinh tế").id, day("2026-11-30")).contains(&newcomer));
    head.on_card(&key, &shared::op::Payload::AssignWork(vec![crate::sync::free_work("việc đầu tiên")]));
    head.sync().await;
    let verdict = head.replica.own().last().unwrap().receipt.clone().unwrap().verdict;
    assert_eq!(verdict, Verdict::Accepted, "and the server judges by it");
}
