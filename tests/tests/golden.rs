//! Tests that the golden files of numbers and text give the stored answers. (`shared` checks those of scoring itself.)

use std::fs;
use std::path::Path;

use serde_json::Value;

#[test]
fn the_answers_are_those_that_were_worked_out_elsewhere() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut checked = 0;
    for kind in ["numbers", "text"] {
        for entry in fs::read_dir(folder.join(kind)).unwrap() {
            let path = entry.unwrap().path();
            let file = fs::read_to_string(&path).unwrap();
            let answer: Value = serde_json::from_str(&tests::golden_answer(kind, &file)).unwrap();
            let expected: Value = serde_json::from_str(&file).unwrap();
            assert_eq!(answer, expected["expect"], "{}", path.display());
            checked += 1;
        }
    }
    assert!(checked >= 2, "found {checked} golden files in {}", folder.display());
}

#[test]
fn a_kind_nobody_knows_is_refused_by_name() {
    assert_eq!(
        tests::golden_answer("songs", "{\"input\": 1}"),
        "refused: kind: found songs, allowed fold, numbers, operations, score, text"
    );
}

#[test]
fn an_operation_is_written_again_as_it_was_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/operations");
    let mut checked = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let file = fs::read_to_string(&path).unwrap();
        let answer: Value = serde_json::from_str(&tests::golden_answer("operations", &file)).unwrap();
        assert_eq!(answer["again"], file.trim(), "{}", path.display());
        checked += 1;
    }
    assert!(checked >= 18, "found {checked} operations in {}", folder.display());
}
