//! Tests of what the command line prints in Vietnamese and in English, chosen by option or by the machine's language.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const PACK: &str = "nd335-congchuc";

/// The command without any setting of a language.
fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_congtam"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "CONGTAM_DATA", "CONGTAM_DATABASE", "CONGTAM_STATIC"] {
        command.env_remove(name);
    }
    command
}

fn run(command: &mut Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that refuses its arguments never reads its input, and may do so.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Everything that was printed.
fn said(arguments: &[&str], lang: &str, input: &str) -> String {
    let output = run(binary().args(arguments).args(["--lang", lang]), input);
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

fn pack_file(id: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../shared/packs/{id}.toml"))
}

/// A command, its input, and words it must print in Vietnamese and in English.
type Row<'a> = (&'a [&'a str], &'a str, &'a str, &'a str);

const CARD: &str = r#"{"criteria": {"I.1": 9}, "work": []}"#;

const UNIT: &str =
    r#"{"pack": "nd335-congchuc", "members": [{"id": "a", "card": {"criteria": {"I.1": 9}, "work": []}}]}"#;

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
    (&["score-unit"], UNIT, "\"allowed\":\"từ 0 đến 5\"", "\"allowed\":\"0 to 5\""),
    (&["score-unit", "--pack", PACK], UNIT, "\"allowed\":\"từ 0 đến 5\"", "\"allowed\":\"0 to 5\""),
    (
        &["compare", "--packs", "nd335-congchuc,longbien"],
        CARD,
        "criteria.I.1: đang là 9; cho phép: từ 0 đến 5",
        "criteria.I.1: found 9; allowed: 0 to 5",
    ),
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
    (&["pack"], "", "lệnh: chưa có; cho phép: check", "command: missing; allowed: check"),
    (&["pack", "check", "/nowhere.toml"], "", "không mở được /nowhere.toml", "cannot open /nowhere.toml"),
    (&["export", "cards", "--data", "/nowhere"], "", "data: không có", "data: found no"),
    (&["import", "people", "/nowhere.xlsx", "--data", "/nowhere"], "", "tệp /nowhere.xlsx", "file /nowhere.xlsx"),
    (&["import", "people", "--init", "--data", "/nowhere/x", "Cargo.toml"], "", "dòng", "row"),
    (&["account", "list", "--data", "/nowhere"], "", "data: không có", "data: found no"),
    (&["adopt", "--pack", "longbien", "--data", "/nowhere", "--decision", "x", "--unit", "x"], "", "data:", "data:"),
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

/// A command line and words of its help, in Vietnamese and in English.
type Helped<'a> = (&'a [&'a str], &'a str, &'a str);

const HELP: &[Helped<'_>] = &[
    (&["--help"], "Công Tâm: chấm điểm, xếp loại", "Công Tâm: scores public officials"),
    (&["--help"], "\nCách dùng: congtam [TÙY CHỌN] <LỆNH>\n", "\nUsage: congtam [OPTIONS] <COMMAND>\n"),
    (
        &["--help"],
        "\nLệnh:\n  serve         Chạy máy chủ của cơ quan\n",
        "\nCommands:\n  serve         Run the office's server\n",
    ),
    (&["-h"], "\nTùy chọn:\n", "\nOptions:\n"),
    (&["help"], "Xem hướng dẫn này, hoặc hướng dẫn của một lệnh", "Print this message or the help"),
    (&["--version"], "congtam ", "congtam "),
    (
        &["score", "--help"],
        "Cách dùng: congtam score [TÙY CHỌN] --pack <MÃ|TỆP>",
        "Usage: congtam score [OPTIONS] --pack <ID|PATH>",
    ),
    (&["serve", "-h"], "[biến môi trường: CONGTAM_PORT] [mặc định: 8080]", "[env: CONGTAM_PORT=] [default: 8080]"),
    (&["score", "--help"], "Cùng kết quả nhưng không có phần giải thích", "The same answers without their explanation"),
    (&["serve", "--help"], "- json: mỗi dòng một đối tượng JSON", "- json: One JSON object per line"),
    (
        &["import", "people", "-h"],
        "[mặc định: ask] [cho phép: ask, read, skip]",
        "[default: ask] [possible values: ask, read, skip]",
    ),
    (&["import", "people", "--help"], "- heads: thay người đứng đầu", "Heads are replaced"),
    (&["pack", "check", "--help"], "\nTham số:\n  <TỆP>  Tệp cần kiểm tra\n", "\nArguments:\n  <FILE>  The file\n"),
    (&["account", "list", "--help"], "Mọi tài khoản: của ai", "All accounts: whose they are"),
    (&["help", "account", "list"], "Mọi tài khoản: của ai", "All accounts: whose they are"),
    (&["account", "help", "list"], "Mọi tài khoản: của ai", "All accounts: whose they are"),
];

#[test]
fn the_help_speaks_both_languages() {
    let mut failures = Vec::new();
    for (arguments, vietnamese, english) in HELP {
        for (lang, words) in [("vi_VN.UTF-8", vietnamese), ("en_US.UTF-8", english)] {
            let output = run(binary().args(*arguments).env("LANG", lang), "");
            let printed = String::from_utf8(output.stdout).unwrap();
            if !printed.contains(words) || !output.status.success() || !output.stderr.is_empty() {
                failures.push(format!("{arguments:?} in {lang}: expected {words:?}, found {printed}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A faulty command line, and the words that report it, in Vietnamese and in English.
const WRONG: &[Helped<'_>] = &[
    (&["scor"], "lệnh: đang là \"scor\"; cho phép: serve, demo,", "command: found \"scor\"; allowed: serve, demo,"),
    (&["scor"], "; có phải ý bạn là score", "; did you mean score"),
    (&["pack", "chek", "x"], "lệnh: đang là \"chek\"; cho phép: check;", "command: found \"chek\"; allowed: check;"),
    (&["score"], "pack: chưa có; cho phép: --pack <MÃ|TỆP>\n", "pack: missing; allowed: --pack <ID|PATH>\n"),
    (&["score"], "Cách dùng: congtam score [TÙY CHỌN] --pack", "Usage: congtam score --pack"),
    (&["score"], "Xem `congtam score --help`.", "See `congtam score --help`."),
    (
        &["score", "--pack"],
        "pack: chưa có giá trị; cho phép: --pack <MÃ|TỆP>",
        "pack: found no value; allowed: --pack <ID|PATH>",
    ),
    (
        &["score", "--pack", "x", "--lin"],
        "tham số: đang là \"--lin\"; cho phép: những gì `congtam score --help` liệt kê; có phải ý bạn là --lines?",
        "argument: found \"--lin\"; allowed: those that `congtam score --help` lists; did you mean --lines?",
    ),
    (
        &["packs", "a", "b"],
        "tham số: đang là \"b\"; cho phép: những gì `congtam packs --help` liệt kê",
        "argument: found \"b\"; allowed: those that `congtam packs --help` lists",
    ),
    (&["pack", "check"], "TỆP: chưa có; cho phép: <TỆP>", "FILE: missing; allowed: <FILE>"),
    (
        &["serve"],
        "data: chưa có; cho phép: --data <THƯ-MỤC> hoặc biến CONGTAM_DATA",
        "data: missing; allowed: --data <DIR> or CONGTAM_DATA",
    ),
    (
        &["serve", "--data", "x", "--certificate", "y"],
        "private-key: chưa có; cho phép: --private-key <TỆP>",
        "private-key: missing; allowed: --private-key <FILE>",
    ),
    (&["backup", "--data", "x"], "to: chưa có; cho phép: --to <THƯ-MỤC>", "to: missing; allowed: --to <DIR>"),
    (
        &["demo", "--data", "x", "--accounts", "--today", "2026-10-25"],
        "không dùng được cùng với",
        "found together with",
    ),
    (&["packs", "--json", "--json"], "json: có hai lần; cho phép: một lần", "json: found twice; allowed: once"),
    (
        &["serve", "--data", "x", "--log", "jsn"],
        "log: đang là \"jsn\"; cho phép: text, json; có phải ý bạn là json?",
        "log: found \"jsn\"; allowed: text, json; did you mean json?",
    ),
    (
        &["serve", "--data", "x", "--port", "99999"],
        "port: đang là \"99999\"; cho phép: số nguyên từ 0 đến 65535",
        "port: found \"99999\"; allowed: a whole number from 0 to 65535",
    ),
    (
        &["serve", "--data", "x", "--session-days", "nonsense"],
        "session-days: đang là \"nonsense\"; cho phép: số nguyên từ 1 đến 366",
        "session-days: found \"nonsense\"; allowed: a whole number from 1 to 366",
    ),
    (
        &["serve", "--data", "x", "--address", "here"],
        "address: đang là \"here\"; cho phép: một địa chỉ IP",
        "address: found \"here\"; allowed: an IP address",
    ),
    (
        &["check-config", "--data", "x", "--trusted-proxy", "here"],
        "trusted-proxy: đang là \"here\"; cho phép: một địa chỉ, hoặc một mạng",
        "trusted-proxy: found \"here\"; allowed: an address or a network",
    ),
    (
        &["demo", "--data", "x", "--months", "0"],
        "months: đang là \"0\"; cho phép: số nguyên từ 1 đến 120",
        "months: found \"0\"; allowed: a whole number from 1 to 120",
    ),
    (
        &["adopt", "--pack", "longbien", "--data", "x", "--decision", "y", "--opens-day", "32"],
        "opens-day: đang là \"32\"; cho phép: số nguyên từ 1 đến 31",
        "opens-day: found \"32\"; allowed: a whole number from 1 to 31",
    ),
    (&["rollup", "--year", "26"], "year: đang là \"26\"; cho phép: số", "year: found \"26\"; allowed: a whole number"),
    (
        &["rollup", "--year", "2026", "--person", "Lan"],
        "person: đang là \"Lan\"; cho phép: mã của một người",
        "person: found \"Lan\"; allowed: the id of a person",
    ),
    (
        &["quota", "--period", "2026-13"],
        "period: đang là \"2026-13\"; cho phép: một kỳ",
        "period: found \"2026-13\"; allowed: a period",
    ),
    (
        &["quota", "--outstanding"],
        "period: chưa có; cho phép: --period <KỲ>",
        "period: missing; allowed: --period <PERIOD>",
    ),
    (
        &["export", "month", "--data", "x", "--period", "nay"],
        "period: đang là \"nay\"; cho phép: một kỳ",
        "period: found \"nay\"; allowed: a period",
    ),
    (
        &["export", "cards", "--data", "x", "--person", "Lan"],
        "person: đang là \"Lan\"; cho phép: mã của một người",
        "person: found \"Lan\"; allowed: the id of a person",
    ),
    (
        &["certificate", "--data", "x", "--host", "https://x"],
        "host: đang là \"https://x\"; cho phép: một tên như congtam.xavidu.vn",
        "host: found \"https://x\"; allowed: a name such as congtam.xavidu.vn",
    ),
    (
        &["account", "list", "--data", "x", "--database", "mysql://x"],
        "database: không bắt đầu bằng postgres://; cho phép: một địa chỉ như",
        "database: found another scheme; allowed: such as",
    ),
    (
        &["account", "list", "--data", "x", "--database", "postgres://a:secret@x/y"],
        "database: có mật khẩu; chỉ cho phép đặt mật khẩu trong ~/.pgpass",
        "database: found a password; allowed: only in ~/.pgpass",
    ),
];

/// Every error is reported in the language asked for, wherever the option is, and nothing is done.
#[test]
fn what_is_wrong_with_a_command_line_is_told_in_both_languages() {
    let mut failures = Vec::new();
    for (arguments, vietnamese, english) in WRONG {
        for (lang, words) in [("vi", vietnamese), ("en", english)] {
            let asked = ["--lang", lang];
            for line in [[&asked[..], arguments].concat(), [arguments, &asked[..]].concat()] {
                let output = run(binary().args(&line), "");
                let told = String::from_utf8(output.stderr).unwrap();
                if !told.contains(words) || output.status.code() != Some(2) || !output.stdout.is_empty() {
                    failures.push(format!("{line:?}: expected {words:?}, found {told}"));
                }
                if told.contains("secret") {
                    failures.push(format!("{line:?}: shows a password"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// An unknown language is reported in the machine's language.
#[test]
fn a_language_that_is_none_is_refused() {
    for (machine, words) in [
        ("vi_VN.UTF-8", "lang: đang là \"fr\"; cho phép: vi, en"),
        ("en_GB.UTF-8", "lang: found \"fr\"; allowed: vi, en"),
    ] {
        let output = run(binary().args(["packs", "--lang", "fr"]).env("LANG", machine), "");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(words) && output.status.code() == Some(2), "{told}");
    }
}

/// Errors of the database itself are reported in the current language, too.
#[test]
fn a_database_that_is_refused_is_told_in_both_languages() {
    let (empty, broken) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (folder, content) in [(&empty, &b""[..]), (&broken, &[b'x'; 4096])] {
        fs::write(folder.path().join("server.key"), [7; 32]).unwrap();
        fs::write(folder.path().join("congtam.sqlite3"), content).unwrap();
    }
    let table = [(&empty, ": cơ sở dữ liệu: ", ": database: "), (&broken, ": cơ sở dữ liệu: ", ": database: ")];
    for (folder, vietnamese, english) in table {
        for (lang, words) in [("vi", vietnamese), ("en", english)] {
            let told = said(&["export", "cards", "--data", folder.path().to_str().unwrap()], lang, "");
            assert!(told.contains(words), "{lang}: expected {words:?}, found {told}");
        }
    }
}

/// If the file could not be read whole, the report says that its short list is incomplete.
#[test]
fn a_pack_that_could_not_be_read_whole_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let source = fs::read_to_string(pack_file("longbien")).unwrap();
    let rest = ("Phần còn lại của tệp chưa kiểm tra được", "The rest of the file could not be looked at yet");
    let table = [
        ("curly.toml", source.replacen("= \"template\"", "= “template”", 1), true),
        ("other.toml", source.replacen("\"template\"", "\"complete\"", 1), false),
        ("cut.json", "{\"id\": ".to_owned(), true),
        ("other.json", "{}".to_owned(), false),
    ];
    for (name, text, is_cut) in table {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        let path = file.to_str().unwrap();
        for (lang, words) in [("vi", rest.0), ("en", rest.1)] {
            let (checked, scored) =
                (said(&["pack", "check", path], lang, ""), said(&["score", "--pack", path], lang, CARD));
            assert_eq!((checked.contains(words), scored.contains(words)), (is_cut, is_cut), "{checked}{scored}");
        }
    }
}

/// LC_ALL before LC_MESSAGES before LANG. A language asked for by name comes before all of them. Without any it is
/// Vietnamese.
#[test]
fn the_machine_says_which_language_unless_somebody_asks_for_one() {
    type Speaking<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a str);
    let table: [Speaking<'_>; 6] = [
        (&[], &[], "CƠ QUAN"),
        (&[("LANG", "vi_VN.UTF-8")], &[], "CƠ QUAN"),
        (&[("LC_MESSAGES", "vi_VN.UTF-8"), ("LANG", "en_US.UTF-8")], &[], "CƠ QUAN"),
        (&[("LC_ALL", "C.UTF-8"), ("LANG", "en_GB.UTF-8")], &[], "CƠ QUAN"),
        (&[("LANG", "vi_VN.UTF-8")], &["--lang", "en"], "ISSUING BODY"),
        (&[("LC_ALL", "en_GB.UTF-8")], &["--lang", "vi"], "CƠ QUAN"),
    ];
    for (environment, asked, words) in table {
        let output = run(binary().arg("packs").args(asked).envs(environment.iter().copied()), "");
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.contains(words), "{environment:?} {asked:?}: {printed}");
    }
}

/// JSON keeps its field names in every language. Only the texts for people change.
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
    // A pack with such gaps scores nobody, whatever it states about itself.
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

/// `congtam packs | head`: a reader that stops early is no error.
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
