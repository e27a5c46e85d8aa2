//! Completes a template with plausible points, so that its rules can be tested, too.
//!
//! It works on the pack as plain data, whoever read it. What is missing, or 0, is filled in; what the text states is
//! left alone.

use serde_json::{Map, Value};
use shared::num::Exact;
use shared::pack::unwritten;

use super::draw::Draw;

/// The scale of packs whose text states none.
const SCALE: i64 = 100;

/// Completes a pack. The same seed gives the same points. The numbers of a sample stay, as if they were confirmed.
pub fn complete(pack: &mut Value, draw: &mut Draw) {
    let status = pack.get("status").and_then(Value::as_str);
    let is_sample = status == Some("sample");
    if !is_sample && status != Some("template") {
        return;
    }
    write(pack);
    set(pack, "status", "complete".to_owned());
    if is_sample {
        pack.as_object_mut().map(|fields| fields.remove("illustrative"));
        return;
    }
    let scale = number(pack.get("scale_max"));
    complete_groups(pack, scale.as_ref(), draw);
    let scale = scale.unwrap_or_else(|| highest_form(pack));
    set(pack, "scale_max", scale.to_string());
    complete_events(pack, draw);
    complete_factors(pack, draw);
    complete_sums(pack, &scale);
    complete_classes(pack, &scale, draw);
}

/// Replaces the words that say that the text is still to be entered.
fn write(value: &mut Value) {
    match value {
        Value::String(words) if words == "CHUA" => *words = "A".to_owned(),
        Value::String(words) if unwritten(words).is_some() => *words = "as the text says".to_owned(),
        Value::Array(items) => items.iter_mut().for_each(write),
        Value::Object(fields) => fields.values_mut().for_each(write),
        _ => {}
    }
}

/// A number of a pack. None where it is missing or 0.
fn number(value: Option<&Value>) -> Option<Exact> {
    let text = match value? {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Exact::parse(&text).ok().filter(|number| !number.is_zero())
}

fn set(object: &mut Value, key: &str, text: String) {
    if let Value::Object(fields) = object {
        fields.insert(key.to_owned(), Value::String(text));
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn list_mut<'a>(value: &'a mut Value, key: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten()
}

/// Whether something that is limited to roles applies to a role.
fn concerns(thing: &Value, role: &str) -> bool {
    let roles = list(thing, "roles");
    roles.is_empty() || roles.iter().any(|own| own.as_str() == Some(role))
}

fn role_ids(pack: &Value) -> Vec<String> {
    list(pack, "roles").iter().filter_map(|role| Some(role.get("id")?.as_str()?.to_owned())).collect()
}

/// How many rows of a role's form have no points.
fn unpublished_rows(pack: &Value, role: &str) -> usize {
    let groups = list(pack, "groups").iter().filter(|group| concerns(group, role));
    groups.flat_map(|group| list(group, "criteria")).filter(|row| number(row.get("max")).is_none()).count()
}

fn complete_groups(pack: &mut Value, scale: Option<&Exact>, draw: &mut Draw) {
    let rows: Vec<(String, usize)> =
        role_ids(pack).into_iter().map(|role| (role.clone(), unpublished_rows(pack, &role))).collect();
    for group in list_mut(pack, "groups") {
        let rows = rows.iter().find(|(role, _)| concerns(group, role)).map_or(1, |(_, rows)| *rows);
        let rows = i64::try_from(rows).unwrap_or(1).max(1);
        let share = scale.cloned().unwrap_or_else(|| Exact::from_int(SCALE)).checked_div(&Exact::from_int(rows));
        let share = share.unwrap_or_default();
        let mut sum = Exact::zero();
        for row in list_mut(group, "criteria") {
            let max = number(row.get("max")).unwrap_or_else(|| match scale {
                // From the even share upwards, in halves, so that the end of the scale can be reached.
                Some(_) => halves(&share, draw),
                None => share.clone(),
            });
            sum += &max;
            set(row, "max", max.to_string());
        }
        set(group, "max", sum.to_string());
    }
}

fn halves(share: &Exact, draw: &mut Draw) -> Exact {
    let percent = Exact::ratio(draw.between(100, 150), 50).unwrap_or_else(Exact::one);
    let half = Exact::ratio(1, 2).unwrap_or_else(Exact::one);
    ((share * &percent).floor() + Exact::one()) * half
}

/// The largest sum of the rows of one role's form.
fn highest_form(pack: &Value) -> Exact {
    let form = |role: &String| -> Exact {
        let groups = list(pack, "groups").iter().filter(|group| concerns(group, role));
        groups.filter_map(|group| number(group.get("max"))).sum()
    };
    role_ids(pack).iter().map(form).max().unwrap_or_else(Exact::one)
}

fn complete_events(pack: &mut Value, draw: &mut Draw) {
    for event in list_mut(pack, "events") {
        // Points that the approver states are not missing.
        if number(event.get("points")).is_none() && event.get("stated").is_none_or(Value::is_null) {
            let sign = if draw.chance(50) { 1 } else { -1 };
            set(event, "points", (sign * draw.between(1, 15)).to_string());
        }
    }
}

/// Factors of difficulty, position and kind.
fn complete_factors(pack: &mut Value, draw: &mut Draw) {
    for (part, lists) in [("work", ["difficulties", "positions"]), ("products", ["standards", "difficulties"])] {
        let Some(part) = pack.get_mut(part) else { continue };
        for list in lists {
            for one in list_mut(part, list) {
                if number(one.get("factor")).is_none() {
                    let tenths = Exact::ratio(draw.between(5, 30), 10).unwrap_or_else(Exact::one);
                    set(one, "factor", tenths.to_string());
                }
            }
        }
    }
}

fn complete_sums(pack: &mut Value, scale: &Exact) {
    for component in list_mut(pack, "components") {
        let rule = component.get_mut("rule").and_then(Value::as_object_mut);
        let sum = rule.and_then(|rule: &mut Map<String, Value>| {
            let key = if rule.contains_key("products") { "products" } else { "sum" };
            rule.get_mut(key)
        });
        if let Some(sum) = sum
            && number(sum.get("max")).is_none()
        {
            set(sum, "max", scale.to_string());
        }
    }
}

/// Classes share the scale among them, the lowest from 0.
fn complete_classes(pack: &mut Value, scale: &Exact, draw: &mut Draw) {
    let count = i64::try_from(list(pack, "classes").len()).unwrap_or_default();
    for (place, class) in (0_i64..).zip(list_mut(pack, "classes")) {
        let steps_above = count - 1 - place;
        if steps_above > 0 && number(class.get("min")).is_none() {
            let tenths = 10 * steps_above + draw.between(0, 4);
            let share = Exact::ratio(tenths, 10 * count).unwrap_or_default();
            set(class, "min", (scale * &share).to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::completed;
    use shared::pack::{self, PackStatus, findings};

    #[test]
    fn every_template_can_be_completed_in_many_ways() {
        assert!(pack::all().count() >= 10, "found {} packs", pack::all().count());
        for original in pack::all() {
            for seed in 0..20 {
                let pack = completed(&original.id, seed).unwrap();
                assert_eq!(pack.status, PackStatus::Complete);
                let found: Vec<String> = findings(&pack).iter().map(ToString::to_string).collect();
                assert!(found.is_empty(), "{} with seed {seed}: {found:?}", original.id);
            }
        }
    }

    #[test]
    fn what_a_text_gives_is_left_alone() {
        let pack = completed("hatinh-1000", 7).unwrap();
        assert_eq!(pack.scale_max.to_string(), "1000");
        assert_eq!(pack.events.first().unwrap().points.to_string(), "-15");
    }
}
