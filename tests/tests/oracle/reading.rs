//! Reads packs and cards as plain data, with numbers as fractions of whole numbers of any length.

use num_bigint::BigInt;
use num_rational::BigRational;
use serde_json::Value;

pub type Fraction = BigRational;

pub fn whole(number: i64) -> Fraction {
    Fraction::from_integer(BigInt::from(number))
}

/// A number written `30`, `-2.5` or `2699/30`.
pub fn fraction(text: &str) -> Fraction {
    if let Some((above, below)) = text.split_once('/') {
        return Fraction::new(above.parse().unwrap(), below.parse().unwrap());
    }
    let (before, after) = text.split_once('.').unwrap_or((text, ""));
    let places = u32::try_from(after.len()).unwrap();
    Fraction::new(format!("{before}{after}").parse().unwrap(), BigInt::from(10).pow(places))
}

pub fn number(value: &Value) -> Fraction {
    match value {
        Value::String(text) => fraction(text),
        Value::Number(number) => fraction(&number.to_string()),
        other => panic!("found {other} in place of a number"),
    }
}

/// A number that may be missing.
pub fn maybe(value: &Value) -> Option<Fraction> {
    if value.is_null() { None } else { Some(number(value)) }
}

pub fn list<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    value[key].as_array().map(|values| values.iter().collect()).unwrap_or_default()
}

pub fn words<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    list(value, key).into_iter().filter_map(Value::as_str).collect()
}

pub fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("found no {key} in {value}"))
}

/// Whether something that may be limited to roles applies to one.
pub fn is_of_role(thing: &Value, role: &str) -> bool {
    let roles = words(thing, "roles");
    roles.is_empty() || roles.contains(&role)
}

/// The entries of a list that apply to a role. Entries may be limited to roles.
pub fn of_role<'a>(pack: &'a Value, key: &str, role: &str) -> Vec<&'a Value> {
    list(pack, key).into_iter().filter(|thing| is_of_role(thing, role)).collect()
}

/// The entry of a list with such an id or code.
pub fn named<'a>(entries: &[&'a Value], key: &str, name: &str) -> Option<&'a Value> {
    entries.iter().copied().find(|entry| entry[key] == name)
}
