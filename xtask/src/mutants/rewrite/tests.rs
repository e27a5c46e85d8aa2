//! Tests of writing changes into a source.

use super::*;
use crate::mutants::list::Span;

/// A change to the first place where the text occurs.
fn change(source: &str, genre: Genre, text: &str, replacement: &str) -> Change {
    let at = source.find(text).unwrap();
    let place = |at: usize| {
        let before = &source[..at];
        let line_start = before.rfind('\n').map_or(0, |found| found + 1);
        Place { line: before.matches('\n').count() + 1, column: source[line_start..at].chars().count() + 1 }
    };
    let span = Span { start: place(at), end: place(at + text.len()) };
    Change { name: String::new(), file: String::new(), genre, replacement: replacement.into(), span, function: None }
}

fn rewritten(source: &str, genre: Genre, text: &str, replacement: &str) -> String {
    let change = change(source, genre, text, replacement);
    let made = rewrite(source, &[(7, &change)]).unwrap();
    assert!(made.left.is_empty() && made.impossible.is_empty(), "{text}: {made:?}");
    assert_eq!(made.written.len(), 1);
    syn::parse_file(&made.text).unwrap();
    made.text
}

#[test]
fn each_kind_of_change_asks_in_its_own_way() {
    let is = "crate::change::is(7)";
    let table = [
        ("fn f() -> u8 { g() }", Genre::FnValue, "g()", "1", format!("fn f() -> u8 {{ if {is} {{ return 1; }} g() }}")),
        (
            "fn é() { a == b }",
            Genre::BinaryOperator,
            "==",
            "!=",
            format!("fn é() {{ (if {is} {{ a != b }} else {{ a == b }}) }}"),
        ),
        (
            "fn f() { a += b; }",
            Genre::BinaryOperator,
            "+=",
            "-=",
            format!("fn f() {{ (if {is} {{ a -= b }} else {{ a += b }}); }}"),
        ),
        ("fn f() { !a }", Genre::UnaryOperator, "!", "", format!("fn f() {{ (if {is} {{ a }} else {{ !a }}) }}")),
        (
            "fn f() { match a { 1 => b, _ => c } }",
            Genre::MatchArm,
            "1 => b,",
            "",
            format!("fn f() {{ match a {{ 1 if !{is} => b, _ => c }} }}"),
        ),
        (
            "fn f() { match a { 1 if d => b, _ => c } }",
            Genre::MatchArm,
            "1 if d => b,",
            "",
            format!("fn f() {{ match a {{ 1 if !{is} && (d) => b, _ => c }} }}"),
        ),
        (
            "fn f() { match a { 1 if d => b, _ => c } }",
            Genre::MatchArmGuard,
            "d",
            "true",
            format!("fn f() {{ match a {{ 1 if {is} || (d) => b, _ => c }} }}"),
        ),
        (
            "fn f() { match a { 1 if d => b, _ => c } }",
            Genre::MatchArmGuard,
            "d",
            "false",
            format!("fn f() {{ match a {{ 1 if !{is} && (d) => b, _ => c }} }}"),
        ),
        (
            "fn f() { S { x: 1, ..s } }",
            Genre::StructField,
            "x: 1",
            "",
            format!("fn f() {{ (if {is} {{ S {{ .. s }} }} else {{ S {{ x: 1, ..s }} }}) }}"),
        ),
    ];
    for (source, genre, text, replacement, wanted) in table {
        assert_eq!(rewritten(source, genre, text, replacement), wanted);
    }
}

#[test]
fn changes_within_changes_close_what_they_open() {
    let source = "fn f() -> bool { a && !b.is_empty() }";
    let changes = [
        change(source, Genre::FnValue, "a &&", "true"),
        change(source, Genre::BinaryOperator, "&&", "||"),
        change(source, Genre::BinaryOperator, "&&", "=="),
        change(source, Genre::UnaryOperator, "!", ""),
    ];
    let numbered: Vec<_> = (1..).zip(&changes).collect();
    let made = rewrite(source, &numbered).unwrap();
    syn::parse_file(&made.text).unwrap();
    assert!(
        made.text.starts_with("fn f() -> bool { if crate::change::is(1) { return true; } (if crate::change::is(2)")
    );
    for one in &made.written {
        assert!(made.text[one.own.clone()].contains(&format!("is({})", one.number)));
        assert!(one.number == 1 || made.text[one.whole.clone()].ends_with(" })"), "{one:?}");
    }
}

#[test]
fn a_chain_that_binds_stays_a_chain() {
    let source = "fn f() { if let Some(x) = a && x > 1 { g() } }";
    let and = change(source, Genre::BinaryOperator, "&&", "||");
    let above = change(source, Genre::BinaryOperator, ">", "<");
    let made = rewrite(source, &[(1, &and), (2, &above)]).unwrap();
    assert_eq!(made.impossible, [1]);
    let chained = "if let Some(x) = a && (if crate::change::is(2) { x < 1 } else { x > 1 }) { g() }";
    assert!(made.text.contains(chained), "{}", made.text);
    syn::parse_file(&made.text).unwrap();
}

#[test]
fn what_is_not_found_is_left_for_later() {
    let source = "fn f() { matches!(a, 1 if b == c) }";
    let inside = change(source, Genre::BinaryOperator, "==", "!=");
    assert_eq!(rewrite(source, &[(3, &inside)]).unwrap().left, [3]);
    assert_eq!(alone(source, &inside).unwrap(), "fn f() { matches!(a, 1 if b != c) }");
}

#[test]
fn a_constant_function_that_is_changed_is_none_any_more() {
    let source = "const fn f() -> u8 { g() }";
    let mut one = change(source, Genre::FnValue, "g()", "1");
    one.function = serde_json::from_str(
        r#"{"return_type": "-> u8", "span": {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 27}}}"#,
    )
    .unwrap();
    let made = rewrite(source, &[(1, &one)]).unwrap();
    assert_eq!(made.text, "      fn f() -> u8 { if crate::change::is(1) { return 1; } g() }");
    assert_eq!(alone(source, &one).unwrap(), "const fn f() -> u8 { 1 }");
}
