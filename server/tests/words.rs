//! What the command line says, in Vietnamese and in English: to whoever asks for one by name, and to whoever's machine speaks one.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const PACK: &str = "nd335-congchuc";

/// The command with nothing said about languages.
fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_congtam"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "CONGTAM_DATA", "CONGTAM_DATABASE", "CONGTAM_STATIC"] {
        command.env_remove(name);
    }
    command
}

fn run(command: &mut Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that refuses its arguments never reads: that is its right.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// All that was printed.
fn said(arguments: &[&str], lang: &str, input: &str) -> String {
    let output = run(binary().args(arguments).args(["--lang", lang]), input);
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

fn pack_file(id: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../shared/packs/{id}.toml"))
}

/// A command, its input, and words it must say in Vietnamese and in English.
type Row<'a> = (&'a [&'a str], &'a str, &'a str, &'a str);

const CARD: &str = r#"{"criteria": {"I.1": 9}, "work": []}"#;

const ROWS: &[Row<'_>] = &[
    (
        &["score", "--pack", PACK],
        CARD,
        "criteria.I.1: đang là 9; cho phép: từ 0 đến 5",
        "criteria.I.1: found 9; allowed: 0 to 5",
    ),
    (
        &["score", "--pack", "nd336"],
        "{}",
        "pack: đang là \"nd336\"; cho phép: một tệp",
        "pack: found \"nd336\"; allowed: a file",
    ),
    (&["score", "--pack", "longbien"], CARD, "còn thiếu số liệu", "still lacks numbers"),
    (&["score", "--pack", PACK, "--lines"], "[", "1 trong 1 dòng bị từ chối", "1 of 1 lines refused"),
    (&["score", "--pack", PACK, "--lines"], CARD, "\"allowed\":\"từ 0 đến 5\"", "\"allowed\":\"0 to 5\""),
    (&["score-unit"], "{}", "pack: chưa có; cho phép: một đoạn chữ", "pack: missing; allowed: a text"),
    (&["compare", "--packs", PACK], "[]", "JSON: đang là một danh sách", "JSON: found a list"),
    (&["compare", "--packs", "x,y"], CARD, "cho phép: một tệp, hoặc một trong", "allowed: a file, or one of"),
    (&["rollup"], "{\"pack\": 1}", "pack: đang là 1; cho phép: một đoạn chữ", "pack: found 1; allowed: a text"),
    (&["rollup", "--year", "2026"], "", "data: chưa có; cho phép: --data", "data: missing; allowed: --data"),
    (&["quota"], "nonsense", "đang là nonsense ở dòng 1", "found nonsense at line 1"),
    (&["quota", "--period", "2026-10"], "", "data: chưa có; cho phép: --data", "data: missing; allowed: --data"),
    (&["quota", "--pack", PACK, "--period", "2026-10"], "", "chỉ dùng khi đưa JSON", "allowed only with JSON"),
    (&["packs"], "", "CƠ QUAN BAN HÀNH", "ISSUING BODY"),
    (&["packs", PACK], "", "lựa chọn late_unit", "option late_unit"),
    (&["packs", "none"], "", "id: đang là \"none\"; cho phép", "id: found \"none\"; allowed"),
    (&["pack", "check", "/nowhere.toml"], "", "không mở được /nowhere.toml", "cannot open /nowhere.toml"),
    (&["export", "cards", "--data", "/nowhere"], "", "data: không có", "data: found no"),
    (&["import", "people", "/nowhere.xlsx", "--data", "/nowhere"], "", "tệp /nowhere.xlsx", "file /nowhere.xlsx"),
    (&["import", "people", "--init", "--data", "/nowhere/x", "Cargo.toml"], "", "dòng", "row"),
    (&["account", "list", "--data", "/nowhere"], "", "data: không có", "data: found no"),
    (&["decide", "--data", "/nowhere", "--decision", "x", "--opens-day", "5", "--unit", "x"], "", "data:", "data:"),
    (
        &["backup", "--data", "/nowhere", "--to", "/nowhere/copy"],
        "",
        "data: không có cơ sở dữ liệu",
        "data: found no database",
    ),
    (&["serve", "--data", "/nowhere"], "", "data: không có cơ quan", "data: found no office"),
    (
        &["demo", "--data", "/nowhere", "--today", "x"],
        "",
        "today: đang là \"x\"; cho phép: một ngày",
        "today: found \"x\", allowed a day",
    ),
    (
        &["check-config", "--data", "/nowhere/at/all", "--static", "/nowhere"],
        "",
        "vấn đề: static: không có",
        "problem: static: found no",
    ),
];

#[test]
fn every_command_speaks_both_languages() {
    let mut failures = Vec::new();
    for (arguments, input, vietnamese, english) in ROWS {
        for (lang, words) in [("vi", vietnamese), ("en", english)] {
            let said = said(arguments, lang, input);
            if !said.contains(words) {
                failures.push(format!("{arguments:?} in {lang}: expected {words:?}, found {said}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// LC_ALL before LC_MESSAGES before LANG; what is asked for by name before all of them; without any, English.
#[test]
fn the_machine_says_which_language_unless_somebody_asks_for_one() {
    type Speaking<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a str);
    let table: [Speaking<'_>; 6] = [
        (&[], &[], "ISSUING BODY"),
        (&[("LANG", "vi_VN.UTF-8")], &[], "CƠ QUAN"),
        (&[("LC_MESSAGES", "vi_VN.UTF-8"), ("LANG", "en_US.UTF-8")], &[], "CƠ QUAN"),
        (&[("LC_ALL", "C.UTF-8"), ("LANG", "vi_VN.UTF-8")], &[], "ISSUING BODY"),
        (&[("LANG", "vi_VN.UTF-8")], &["--lang", "en"], "ISSUING BODY"),
        (&[("LC_ALL", "en_GB.UTF-8")], &["--lang", "vi"], "CƠ QUAN"),
    ];
    for (environment, asked, words) in table {
        let output = run(binary().arg("packs").args(asked).envs(environment.iter().copied()), "");
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.contains(words), "{environment:?} {asked:?}: {printed}");
    }
}

/// JSON keeps its names whatever the language; only the words for people change.
#[test]
fn json_keeps_its_names_in_both_languages() {
    let refused = |lang: &str| -> Value {
        let output = run(binary().args(["score", "--pack", PACK, "--lines", "--lang", lang]), CARD);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let (vi, en) = (refused("vi"), refused("en"));
    for name in ["field", "code", "found"] {
        assert_eq!(vi["error"][name], en["error"][name], "{name}");
    }
    assert_ne!(vi["error"]["message"], en["error"]["message"]);
    let score = |lang: &str| run(binary().args(["packs", "--json", "--lang", lang]), "").stdout;
    assert_eq!(score("vi"), score("en"));
}

#[test]
fn a_pack_is_checked_in_the_language_asked_for_with_its_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pack.toml");
    let source = fs::read_to_string(pack_file("longbien")).unwrap();
    fs::write(&file, source.replacen("\"template\"", "\"complete\"", 1)).unwrap();
    let path = file.to_str().unwrap();
    let vietnamese = said(&["pack", "check", path], "vi", "");
    assert!(vietnamese.contains(": dòng 9: instrument: "), "{vietnamese}");
    assert!(vietnamese.contains("còn ghi “cần nhập theo văn bản”") && vietnamese.contains(" lỗi"), "{vietnamese}");
    let english = said(&["pack", "check", path], "en", "");
    assert!(english.contains("line ") && english.contains("found “cần nhập theo văn bản”"), "{english}");
    // A pack with such gaps scores nobody, whatever it says of itself.
    let scored = run(binary().args(["score", "--pack", path]), CARD);
    assert_eq!((scored.status.code(), scored.stdout.len()), (Some(2), 0));
}

#[test]
fn a_file_that_is_no_utf_8_is_told_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let utf_16: Vec<u8> = "\u{feff}id = \"x\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let table: [(&str, &[u8], &str, &str); 2] = [
        ("utf-16.toml", &utf_16, "dòng 1: tệp theo mã UTF-16", "line 1: found UTF-16"),
        (
            "old.toml",
            b"id = \"x\"\ntitle.vi = \"\xc4\"\n",
            "dòng 2: có byte không phải UTF-8",
            "line 2: found bytes that are no UTF-8",
        ),
    ];
    for (name, bytes, vietnamese, english) in table {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        for (lang, words) in [("vi", vietnamese), ("en", english)] {
            let said = said(&["pack", "check", file.to_str().unwrap()], lang, "");
            assert!(said.contains(words), "{said}");
        }
    }
}

/// `congtam packs | head`: whoever has read enough goes, and nothing is wrong with that.
#[test]
fn a_reader_who_has_enough_is_no_error() {
    for arguments in [&["packs", "--json"][..], &["packs"], &["packs", PACK]] {
        let mut child = binary().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert!(child.wait().unwrap().success() && errors.is_empty(), "{arguments:?}: {errors}");
    }
}
