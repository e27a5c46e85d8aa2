//! Tests of imports with files that are no spreadsheets, are broken, or are made to fill the memory.

use server::import::fault::{Counted, FileKind, FileProblem, Problem};
use server::import::limits::{FILE_BYTES_MAX, PARTS_MAX, ROWS_MAX, UNPACKED_BYTES_MAX};
use server::import::{Lang, WorkListOptions, read_work_list};
use shared::limits::PRODUCTS_PER_LIST_MAX;

use super::books::{archive, book, sound, with_part};

fn refusal(bytes: &[u8]) -> FileProblem {
    let plan = read_work_list(bytes, &WorkListOptions { partial: true, ..WorkListOptions::default() }, None);
    assert!(!plan.report.accepted && plan.products.is_empty());
    assert_eq!(plan.report.faults_total, 1, "{}", plan.report.to_text(Lang::En));
    match &plan.report.faults[0].problem {
        Problem::File(problem) => problem.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_no_spreadsheet_is_called_by_its_name() {
    let old_excel = [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &[0; 512]].concat();
    for (bytes, found) in [
        (b"%PDF-1.7\n%\xE2\xE3".to_vec(), FileKind::Pdf),
        ("Mã CV;Nhiệm vụ;Điểm chấm\nTH.01;Soạn công văn;5\n".into(), FileKind::Text),
        (old_excel, FileKind::OldOrLockedExcel),
        (archive(&[("word/document.xml", b"<w/>")]), FileKind::Word),
        (archive(&[("mimetype", b"x"), ("content.xml", b"<o/>")]), FileKind::OpenDocument),
        (archive(&[("anh/con-meo.jpg", b"meo")]), FileKind::Archive),
        (vec![0, 1, 2, 3, 255, 254], FileKind::Unknown),
    ] {
        assert_eq!(refusal(&bytes), FileProblem::NotASpreadsheet { found });
    }
    assert_eq!(refusal(b""), FileProblem::FileEmpty);
}

#[test]
fn a_file_cut_off_anywhere_is_refused_without_a_crash() {
    let whole = book(&[sound()]);
    for cut in (1..whole.len()).step_by(211).chain([whole.len() - 1]) {
        let problem = refusal(&whole[..cut]);
        let is_expected = matches!(problem, FileProblem::FileDamaged { .. } | FileProblem::NotASpreadsheet { .. });
        assert!(is_expected, "cut at {cut}: {problem:?}");
    }
    assert!(matches!(refusal(&whole[..whole.len() / 2]), FileProblem::FileDamaged { .. }));
}

#[test]
fn bytes_changed_anywhere_never_crash_and_never_pass_as_something_else() {
    let whole = book(&[sound()]);
    let sound_products = read_work_list(&whole, &WorkListOptions::default(), None).products;
    assert_eq!(sound_products.len(), 3);
    for place in (0..whole.len()).step_by(29) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x5A;
        let plan = read_work_list(&bytes, &WorkListOptions::default(), None);
        if plan.report.accepted {
            assert_eq!(plan.products, sound_products, "byte {place}: every part has a checksum");
        }
    }
}

#[test]
fn a_file_too_long_is_refused_unread() {
    let problem = refusal(&vec![b'P'; FILE_BYTES_MAX + 1]);
    assert_eq!(problem, FileProblem::FileTooLarge { found_bytes: FILE_BYTES_MAX + 1, allowed_bytes: FILE_BYTES_MAX });
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_read() {
    let bytes = with_part(&book(&[sound()]), "xl/worksheets/sheet1.xml", |content| {
        let room = " ".repeat(usize::try_from(UNPACKED_BYTES_MAX).unwrap());
        content.replace("</sheetData>", &format!("</sheetData>{room}"))
    });
    assert!(bytes.len() < 1_000_000, "{} bytes unpack to more than is allowed", bytes.len());
    assert_eq!(refusal(&bytes), FileProblem::UnpackedTooLarge { allowed_bytes: UNPACKED_BYTES_MAX });
}

#[test]
fn a_file_that_claims_more_texts_than_it_can_hold_is_refused() {
    for claim in ["99999999999", "18446744073709551615", "99999999999999999999999"] {
        let bytes = with_part(&book(&[sound()]), "xl/sharedStrings.xml", |content| {
            let (before, rest) = content.split_once("uniqueCount=\"").unwrap();
            let (_, after) = rest.split_once('"').unwrap();
            format!("{before}uniqueCount=\"{claim}\"{after}")
        });
        assert!(matches!(refusal(&bytes), FileProblem::FileDamaged { .. }), "{claim}");
    }
}

#[test]
fn too_many_parts_are_refused() {
    let names: Vec<String> = (0..=PARTS_MAX).map(|number| format!("xl/{number}.xml")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"<a/>"[..])).collect();
    assert_eq!(refusal(&archive(&parts)), FileProblem::TooMuch { what: Counted::Parts, allowed: PARTS_MAX });
}

/// The sound list with more sound rows, up to row `last`.
fn with_rows_up_to(last: u32) -> Vec<u8> {
    with_part(&book(&[sound()]), "xl/worksheets/sheet1.xml", |content| {
        let text = |column: char, row: u32, text: &str| {
            format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        let row = |row: u32| {
            let cells = [
                text('B', row, &format!("TH.{row}")),
                text('C', row, "Việc thử"),
                text('D', row, "N1"),
                text('E', row, "1-10"),
                format!("<c r=\"F{row}\"><v>7</v></c><c r=\"G{row}\"><v>1.4</v></c>"),
            ];
            format!("<row r=\"{row}\">{}</row>", cells.concat())
        };
        content.replace("</sheetData>", &((7..=last).map(row).collect::<String>() + "</sheetData>"))
    })
}

#[test]
fn a_hundred_thousand_rows_are_refused_by_the_named_limit() {
    let plan = read_work_list(&with_rows_up_to(107), &WorkListOptions::default(), None);
    assert_eq!(plan.products.len(), 104, "the rows are sound as such");
    let problem = refusal(&with_rows_up_to(100_000));
    assert_eq!(problem, FileProblem::TooMuch { what: Counted::Rows, allowed: ROWS_MAX });
    let problem = refusal(&with_rows_up_to(5_100));
    assert_eq!(problem, FileProblem::TooMuch { what: Counted::Products, allowed: PRODUCTS_PER_LIST_MAX });
}

#[test]
fn a_cell_at_the_far_corner_costs_no_memory() {
    let bytes = with_part(&book(&[sound()]), "xl/worksheets/sheet1.xml", |content| {
        content.replace("</sheetData>", "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>")
    });
    let plan = read_work_list(&bytes, &WorkListOptions::default(), None);
    assert_eq!(plan.products.len(), 3);
    assert_eq!(plan.report.sheets[0].skipped_rows, [1_048_576]);
}
