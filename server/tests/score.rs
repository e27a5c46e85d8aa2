//! `congtam score`, `packs` and `pack check` as anyone would call them.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use shared::score::score_json;

const PACK: &str = "nd335-congchuc";

fn congtam(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_congtam"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // A command that refuses its arguments never reads: that is its right.
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn vectors() -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(repository("tests/golden/score")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let vector: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(vector["pack"], PACK);
        (vector["name"].as_str().unwrap().to_owned(), vector["input"].to_string())
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn the_handbooks_example_is_exact() {
    let (_, card) = vectors().into_iter().find(|(name, _)| name == "handbook-day").unwrap();
    let output = congtam(&["score", "--pack", PACK], &card);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).trim_end(), score_json(PACK, &card));
    assert!(text(&output.stdout).contains(r#""total":{"exact":"11045/144","decimal":"76.701389"}"#));
    let path = repository("shared/packs/nd335-congchuc.toml");
    let from_file = congtam(&["score", "--pack", path.to_str().unwrap()], &card);
    assert_eq!(
        text(&from_file.stdout),
        text(&output.stdout),
        "the file's hash and result are those of the built-in pack"
    );
}

#[test]
fn lines_keep_their_places_and_the_rest_goes_on() {
    let vectors = vectors();
    let input: String = vectors.iter().map(|(_, card)| format!("{card}\n")).collect();
    let output = congtam(&["score", "--pack", PACK, "--lines"], &input);
    let answers: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(answers.len(), vectors.len());
    let mut refused = 0;
    for (index, ((name, card), answer)) in vectors.iter().zip(&answers).enumerate() {
        let expected = score_json(PACK, card);
        match expected.strip_prefix("{\"error\":") {
            Some(error) => {
                refused += 1;
                assert_eq!(**answer, format!("{{\"line\":{},\"error\":{error}", index + 1), "{name}");
            }
            None => assert_eq!(**answer, expected, "{name}"),
        }
    }
    assert!(refused > 15, "{refused}");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with(&format!("{refused} of {} lines refused", vectors.len())));
}

#[test]
fn a_refused_card_is_told_on_standard_error_and_nothing_is_printed() {
    let output = congtam(&["score", "--pack", PACK], r#"{"criteria": {"I.1": 9}, "work": []}"#);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).contains("criteria.I.1: found 9; allowed: 0 to 5"), "{}", text(&output.stderr));
}

#[test]
fn an_unknown_pack_names_those_known() {
    let output = congtam(&["score", "--pack", "nd336"], "{}");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("\"nd336\"") && text(&output.stderr).contains(PACK));
}

#[test]
fn packs_are_listed_and_shown() {
    let table = congtam(&["packs"], "");
    let row = text(&table.stdout).lines().find(|line| line.starts_with(PACK)).unwrap();
    assert!(row.contains("335/2025/NĐ-CP") && row.contains("2026-01-01") && row.ends_with("complete"), "{row}");
    let json: Value = serde_json::from_slice(&congtam(&["packs", "--json"], "").stdout).unwrap();
    assert_eq!(json[0]["id"], PACK);
    let whole = congtam(&["packs", PACK, "--lang", "en"], "");
    insta::assert_snapshot!(
        text(&whole.stdout).lines().filter(|line| !line.starts_with("sha256:")).collect::<Vec<_>>().join("\n")
    );
    assert_eq!(congtam(&["packs", "none"], "").status.code(), Some(2));
}

#[test]
fn a_faulty_pack_is_refused_with_line_and_field() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faulty.toml");
    let source = fs::read_to_string(repository("shared/packs/nd335-congchuc.toml")).unwrap();
    fs::write(&path, source.replacen("max = \"2.5\"", "max = 2.5", 1)).unwrap();
    let line = source.lines().position(|line| line == "max = \"2.5\"").unwrap() + 1;
    let path = path.to_str().unwrap();
    for arguments in [["pack", "check", path].as_slice(), &["score", "--pack", path]] {
        let output = congtam(arguments, "");
        assert_eq!(output.status.code(), Some(2));
        let expected = format!("{path}: line {line}: groups[1].criteria[0].max: found the float 2.5");
        assert!(text(&output.stderr).contains(&expected), "{}", text(&output.stderr));
    }
    let whole = congtam(&["pack", "check", repository("shared/packs/nd335-congchuc.toml").to_str().unwrap()], "");
    assert_eq!(whole.status.code(), Some(0), "{}", text(&whole.stderr));
}

/// What a stream of cards needs does not grow with its length.
#[cfg(target_os = "linux")]
#[test]
fn memory_stays_constant_however_many_lines() {
    let (_, card) = vectors().into_iter().find(|(name, _)| name == "handbook-day").unwrap();
    let peak_kb = |lines: usize| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_congtam"))
            .args(["score", "--pack", PACK, "--lines"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        for _ in 0..lines {
            writeln!(stdin, "{card}").unwrap();
        }
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        drop(stdin);
        assert!(child.wait().unwrap().success());
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    let (few, many) = (peak_kb(500), peak_kb(4_000));
    assert!(many < few + 1_024, "{few} kB for 500 lines, {many} kB for 4,000");
}
