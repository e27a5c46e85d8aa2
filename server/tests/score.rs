//! Tests of `congtam score`, `packs` and `pack check` as anyone would call them.
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
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "en_GB.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        // A command that refuses its arguments never reads its input, and may do so.
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
fn without_explanation_the_rest_of_every_answer_is_the_same() {
    let cards: Vec<String> = vectors().into_iter().map(|(_, card)| card).collect();
    let input = cards.join("\n");
    let full = congtam(&["score", "--pack", PACK, "--lines"], &input);
    let brief = congtam(&["score", "--pack", PACK, "--lines", "--no-explanation"], &input);
    assert_eq!((brief.status, &brief.stderr), (full.status, &full.stderr));
    let (mut scored, brief) = (0, text(&brief.stdout));
    for (full, brief) in text(&full.stdout).lines().zip(brief.lines()) {
        match full.split_once(",\"explanation\":[") {
            Some((before, _)) => {
                scored += 1;
                assert_eq!(brief, format!("{before}}}"));
            }
            None => assert_eq!(brief, full),
        }
    }
    assert!(scored > 30, "{scored}");
    assert_eq!(brief.lines().count(), cards.len());
    let one = congtam(&["score", "--pack", PACK, "--no-explanation"], &cards[0]);
    assert_eq!(text(&one.stdout).lines().next(), brief.lines().next());
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
    let status = |id: &str| json.as_array().unwrap().iter().find(|pack| pack["id"] == id).unwrap()["status"].clone();
    assert_eq!((status(PACK), status("hatinh-1000")), ("complete".into(), "template".into()));
    assert_eq!(status("longbien-mau"), "sample");
    assert!(text(&table.stdout).ends_with("\n16 regulations, 6 samples\n"), "{}", text(&table.stdout));
    let row = text(&table.stdout).lines().find(|line| line.starts_with("quanba-mau")).unwrap();
    assert!(row.ends_with("sample: illustrative numbers"), "{row}");
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

/// Devices save a completed template as JSON.
#[test]
fn a_pack_in_json_is_checked_and_scores_as_the_one_in_toml() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pack.json");
    let shown = congtam(&["packs", PACK, "--json"], "");
    let json = text(&shown.stdout);
    fs::write(&path, json).unwrap();
    let checked = congtam(&["pack", "check", path.to_str().unwrap()], "");
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stderr));
    let (_, card) = vectors().into_iter().find(|(name, _)| name == "handbook-day").unwrap();
    let total = |pack: &str| {
        let scored: Value = serde_json::from_slice(&congtam(&["score", "--pack", pack], &card).stdout).unwrap();
        scored["total"]["exact"].clone()
    };
    assert_eq!(total(path.to_str().unwrap()), total(PACK));
    fs::write(&path, json.replacen("\"own_unit\"", "\"nobody\"", 1)).unwrap();
    let faulty = congtam(&["pack", "check", path.to_str().unwrap()], "");
    assert_eq!(faulty.status.code(), Some(2));
}

#[test]
fn months_become_a_year_and_what_is_missing_is_named() {
    let months: Vec<String> =
        (1..=12).map(|month| format!(r#"{{"period":"2026-{month:02}","total":"{}"}}"#, 80 + month)).collect();
    let year = |list: &[String]| format!(r#"{{"pack":"{PACK}","to":"year","periods":[{}]}}"#, list.join(","));
    let output = congtam(&["rollup"], &year(&months));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let whole: Value = serde_json::from_slice(&output.stdout).unwrap();
    // Đ.17(3) of Decree 335/2025: (81 + … + 92) / 12.
    assert_eq!(
        (&whole["total"]["exact"], &whole["class"]["code"], &whole["status"]),
        (&"173/2".into(), &"HTT".into(), &"scored".into())
    );
    let part: Value = serde_json::from_slice(&congtam(&["rollup"], &year(&months[..11])).stdout).unwrap();
    assert_eq!(
        (&part["status"], &part["missing"][0], &part["class"]),
        (&"provisional".into(), &"2026-12".into(), &Value::Null)
    );
    let doubled = congtam(&["rollup"], &year(&[months[0].clone(), months[0].clone()]));
    assert_eq!(doubled.status.code(), Some(2));
    assert!(text(&doubled.stderr).contains("periods[1].period: found 2026-01 twice"), "{}", text(&doubled.stderr));
}

#[test]
fn the_quota_says_who_fits_and_who_is_over() {
    let member =
        |id: usize, total: &str, class: &str| format!(r#"{{"id":"{id}","total":"{total}","class":"{class}"}}"#);
    let mut members: Vec<String> = (0..11).map(|id| member(id, "80", "HTT")).collect();
    members.extend([member(11, "95", "HTXS"), member(12, "2699/29", "HTXS"), member(13, "94", "HTXS")]);
    let input = format!(r#"{{"pack":"{PACK}","groups":[{{"name":"chuyên viên","members":[{}]}}]}}"#, members.join(","));
    let output = congtam(&["quota"], &input);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let group = &answer["groups"][0];
    // Đ.20(5): 20 % of eleven is 2.2.
    assert_eq!((&group["allowed"], &group["formula"]), (&2.into(), &"⌊1/5 · 11⌋ = 2".into()));
    assert_eq!((&group["fits"], &group["over"]), (&serde_json::json!(["11", "13"]), &serde_json::json!(["12"])));
}

#[test]
fn packs_are_compared_on_one_card_and_the_clause_is_named() {
    let (_, card) = vectors().into_iter().find(|(name, _)| name == "handbook-day").unwrap();
    let stricter = fs::read_to_string(repository("shared/packs/nd335-congchuc.toml")).unwrap();
    // The thresholds of a city's variant (90/80/60) on the same evidence.
    let stricter = stricter
        .replace("id = \"nd335-congchuc\"", "id = \"city\"")
        .replace("min = 70\nclause = \"Đ.20(2)\"", "min = 80\nclause = \"Cách 3\"")
        .replace("min = 50\nclause = \"Đ.20(3)\"", "min = 60\nclause = \"Cách 3 (60)\"");
    let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    fs::write(file.path(), stricter).unwrap();
    let packs = format!("{PACK},{}", file.path().display());
    let output = congtam(&["compare", "--packs", &packs], &card);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let change = &answer["changes"][0];
    assert_eq!((&change["from"][1], &change["to"][1]), (&"HTT".into(), &"HTNV".into()));
    assert_eq!(change["clauses"], serde_json::json!(["Cách 3 (60)"]));
}

#[test]
fn a_template_is_listed_and_scores_nobody() {
    let output = congtam(&["score", "--pack", "hatinh-1000"], r#"{"criteria":{},"work":[]}"#);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("lacks numbers"), "{}", text(&output.stderr));
}

/// Đ.15(3)a of Decree 335/2025: one subordinate below 50 halves the leader's share. The head is scored after those led.
#[test]
fn a_unit_is_scored_from_below_upwards() {
    let marks: Vec<String> = ["I.1", "I.2"]
        .map(|code| format!(r#""{code}":5"#))
        .into_iter()
        .chain(
            ["II.1", "II.2", "II.3", "II.4", "III.1", "III.2", "III.3", "III.4"]
                .map(|code| format!(r#""{code}":"2.5""#)),
        )
        .collect();
    let card = |role: &str, done: u32, rest: &str| {
        format!(
            r#"{{"subject":{{"role":"{role}"}},"criteria":{{{}}},"work":[{{"code":"A","coefficient":1,"assigned":4,"completed":{done}}}]{rest}}}"#,
            marks.join(",")
        )
    };
    let head = card("leader", 4, r#","leadership":{"organising":1,"cohesion":1}"#);
    let unit = format!(
        r#"{{"pack":"{PACK}","members":[{{"id":"head","card":{head}}},{{"id":"weak","led_by":["head"],"card":{}}}]}}"#,
        card("staff", 0, "")
    );
    let output = congtam(&["score-unit"], &unit);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let result = |place: usize| &answer["members"][place];
    assert_eq!((&result(0)["id"], &result(0)["outcome"]["total"]["decimal"]), (&"weak".into(), &"30".into()));
    // 30 + 70 · (1 + 1 + 1 + 1/2 + 1 + 1) / 6
    assert_eq!((&result(1)["id"], &result(1)["outcome"]["total"]["exact"]), (&"head".into(), &"565/6".into()));
    let circle = unit.replace(r#"{"id":"head","card""#, r#"{"id":"head","led_by":["weak"],"card""#);
    let refused = congtam(&["score-unit"], &circle);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("members.led_by: found head → weak"), "{}", text(&refused.stderr));
}

#[test]
fn a_completed_template_is_rolled_up_and_put_to_the_quota_from_its_file() {
    let template = fs::read_to_string(repository("shared/packs/hanoi-3814.toml")).unwrap();
    let known = congtam(&["quota"], r#"{"pack":"hanoi-3814","groups":[]}"#);
    assert_eq!(known.status.code(), Some(0), "{}", text(&known.stderr));
    let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    fs::write(file.path(), template.replace("id = \"hanoi-3814\"", "id = \"own\"")).unwrap();
    let path = file.path().display().to_string();
    // 3814: at most 30 % of all classified.
    let members: Vec<String> =
        (0..10).map(|id| format!(r#"{{"id":"{id}","total":{},"class":"A"}}"#, 90 + id)).collect();
    let group = format!(r#"{{"pack":"own","groups":[{{"name":"","members":[{}]}}]}}"#, members.join(","));
    let output = congtam(&["quota", "--pack", &path], &group);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["groups"][0]["fits"], serde_json::json!(["9", "8", "7"]));
    assert_eq!(congtam(&["quota"], &group).status.code(), Some(2), "no pack of that name comes with the program");
}

/// A pack is checked against the people of an office: who has no role, which steps nobody can do for whom.
#[test]
fn a_pack_is_checked_against_an_office() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    assert_eq!(congtam(&["demo", "--data", data, "--months", "1"], "").status.code(), Some(0));
    let check = |pack: &str, more: &[&str]| {
        let path = repository(&format!("shared/packs/{pack}.toml"));
        let mut arguments = vec!["pack", "check", path.to_str().unwrap()];
        arguments.extend(more);
        congtam(&arguments, "")
    };
    let commune = ["--data", data, "--unit", "UBND xã Giả Tưởng"];

    let decree = check(PACK, &commune);
    assert_eq!(decree.status.code(), Some(0), "{}", text(&decree.stderr));
    assert!(text(&decree.stdout).contains("no findings"));

    // Above the head of the province there is nobody here.
    let all = check(PACK, &["--data", data]);
    assert_eq!(all.status.code(), Some(1));
    let said = text(&all.stderr);
    assert!(
        said.contains("“Appraise”: nobody can do it for: Nguyễn Minh Họa (Chủ tịch UBND tỉnh, Tỉnh Thử Nghiệm)\n"),
        "{said}"
    );

    // The team of Hà Tĩnh is not recorded anywhere; its pack scores heads only.
    let team = check("hatinh-1000", &commune);
    let said = text(&team.stderr);
    assert_eq!(team.status.code(), Some(1));
    assert!(said.contains("roles: in no role of the pack: ") && said.contains("Đỗ Hư Cấu (Chuyên viên, "), "{said}");
    let scored = said.lines().find(|line| line.contains("“The scoring team scores”")).unwrap();
    assert!(scored.contains("nobody can do it for: Lê Giả Định (Chủ tịch UBND xã, UBND xã Giả Tưởng)"), "{said}");
    assert!(!scored.contains("Đỗ Hư Cấu"), "{said}");

    let nowhere = check(PACK, &["--data", data, "--unit", "Nowhere"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(text(&nowhere.stderr).contains("unit: found Nowhere, allowed one of: "), "{}", text(&nowhere.stderr));
}
