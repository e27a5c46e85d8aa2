//! Compares an answer with what a test case or a vector expects.

use serde_json::Value;

/// Everything expected must be there. What the test case does not mention may be anything.
pub(crate) fn mismatch(path: &str, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .find_map(|(key, value)| mismatch(&format!("{path}.{key}"), value, found.get(key).unwrap_or(&Value::Null))),
        _ if expected == found => None,
        _ => Some(format!("{path}: expected {expected}, found {found}")),
    }
}
