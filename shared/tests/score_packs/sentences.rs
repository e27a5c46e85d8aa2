//! What is said of each kind of condition, met and not met, in both languages.

use shared::order::Map;
use shared::pack::{self, Language, Pack};
use shared::score::{Step, text};

/// A step as it would be told, in both languages.
fn said(pack: &Pack, name: &str, formula: &str, inputs: &[(&str, &str)], value: &str) -> String {
    let inputs: Map<String, String> = inputs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    let step = Step { step: name.into(), formula: formula.into(), inputs, value: value.into(), clause: "Đ.1".into() };
    let role = &pack.roles[0].id;
    format!("{}\n{}\n", text(pack, role, &step, Language::Vi), text(pack, role, &step, Language::En))
}

fn first(with: impl Fn(&Pack) -> bool) -> &'static Pack {
    pack::all().iter().find(|pack| with(pack)).unwrap()
}

#[test]
fn every_kind_of_condition_has_its_sentence() {
    let mut told = String::new();
    let capped = first(|pack| !pack.class_caps.is_empty());
    let cap = capped.class_caps.last().unwrap();
    let name = format!("cap.{}", cap.code);
    told += &said(capped, &name, "class ≤ B", &[(&cap.fact, "assumed")], "true");
    told += &said(capped, &name, "class ≤ B", &[(&cap.fact, "true")], "false");
    let levelled = first(|pack| !pack.bands.is_empty());
    let band = levelled.bands.last().unwrap();
    told += &said(levelled, "level.1.1", "1/2 ≤ 1.1 / 2 < 1", &[("1.1", "1")], &band.id);
    let grouped = first(|pack| pack.groups.len() > 1);
    let (group, class) = (&grouped.groups.last().unwrap().id, &grouped.classes[1].code);
    told += &said(grouped, &format!("group_min.{class}.{group}"), &format!("{group} ≥ 10"), &[], "false");
    let limited = first(|pack| !pack.eligibility.is_empty());
    let rule = limited.eligibility.last().unwrap();
    let name = format!("eligibility.{}", rule.code);
    told += &said(limited, &name, "1 ≥ 1/2", &[(&rule.fact, "10")], "false");
    let decree = pack::find("nd335-congchuc").unwrap();
    told += &said(decree, "insufficient_data", "Σ k·g > 0", &[("Σ k·g", "0")], "false");
    told += &said(decree, "class", "70 ≤ total < 90", &[("total", "2699/30")], "HTT");
    for formula in ["authority", "gates"] {
        told += &said(decree, "class.decided", formula, &[("by_points", "HTXS")], "HTT");
    }
    told += &said(decree, "knock_out.disciplined", "not disciplined", &[("disciplined", "assumed")], "true");
    told += &said(decree, "gate.HTXS.nothing", "nothing", &[], "true");
    insta::assert_snapshot!(told);
}

#[test]
fn what_is_no_component_has_a_name_of_its_own() {
    let decree = pack::find("nd335-congchuc").unwrap();
    let mut told = String::new();
    for name in ["rounding", "not_worked", "missing", "sent_by_unit", "nobody.knows", "a", "a.2", "I"] {
        told += &said(decree, name, "x", &[("l", "2"), ("weather", "false")], "true");
    }
    let deducting = first(|pack| pack.events.len() > 1);
    let event = deducting.events.last().unwrap();
    told += &said(deducting, &format!("event.{}", event.code), "-5·times", &[("times", "2")], "-10");
    told += &said(deducting, "total", "criteria + deductions", &[], "90");
    let whole: Vec<Pack> = pack::builtin().iter().filter_map(|one| pack::find_with_remarks(one.id)).collect();
    let limits = |pack: &&Pack| pack.roll_ups.iter().map(|rule| rule.limits.len()).sum::<usize>();
    let limiting = whole.iter().max_by_key(limits).unwrap();
    let limit = limiting.roll_ups.iter().flat_map(|rule| &rule.limits).last().unwrap();
    told += &said(limiting, &format!("limit.{}", limit.code), "x", &[], "false");
    told += &said(limiting, &format!("other.{}", limit.code), "x", &[], "false");
    insta::assert_snapshot!(told);
}
