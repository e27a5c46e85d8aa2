//! Puts steps into sentences, in both languages. The JSON of a result keeps the formulas.

mod appraisal;
mod formula;
mod names;

use self::formula::Speaker;
use self::names::Names;
use super::explain::{ORDER, UNDECIDED, UNSTATED};
use super::outcome::Step;
use crate::pack::{Language, Pack, cited};

pub use self::names::Numbers;
pub(super) use self::names::readable;

/// A step of an explanation as a sentence: the name, the formula, the inputs, the result and its clause.
///
/// `role` is the role under which the card was scored: the same letter can name different things for different roles.
#[must_use]
pub fn text(pack: &Pack, role: &str, step: &Step, language: Language, numbers: Numbers) -> String {
    let names = Names { pack, role, language, numbers };
    let said = condition(pack, step, language).unwrap_or_else(|| reckoning(&names, step));
    let by = if language == Language::Vi { "Căn cứ" } else { "By" };
    format!("{said}. {by} {}.", cited(pack, &step.clause, language))
}

/// A computation in words: its name, the formula, the other known inputs, and the value.
fn reckoning(names: &Names<'_>, step: &Step) -> String {
    if step.step == "class" {
        return class_by_points(names, step);
    }
    let value = names.value(&step.step, &step.value);
    // A stated value needs no computation.
    if step.inputs.get(&step.formula) == Some(&step.value) {
        return format!("{}: {value}", names.title(step));
    }
    let say = |key: &str, value: &str| names.input(key, value);
    let number = |value: &str| names.number(value);
    let speaker = Speaker::new(&step.inputs, names.language, &say, &number);
    let how = match step.formula.as_str() {
        "authority" => readable("authority", names.language),
        formula => names.periods(formula).unwrap_or_else(|| speaker.formula(formula)),
    };
    let beside = speaker.unsaid().filter(|(key, _)| !names.is_in_title(step, key));
    let beside: Vec<String> = beside.map(|(key, value)| names.beside(key, value)).collect();
    let beside = if beside.is_empty() { String::new() } else { format!(" ({})", beside.join("; ")) };
    let equals = if value.starts_with('≈') { "" } else { "= " };
    format!("{}: {how}{beside} {equals}{value}", names.title(step))
}

/// `70 ≤ total < 90`: the points between which the total lies.
fn class_by_points(names: &Names<'_>, step: &Step) -> String {
    let vi = names.language == Language::Vi;
    let from = step.formula.split_once(" ≤ total").map(|(from, _)| names.number(from));
    let below = step.formula.split_once("total < ").map(|(_, below)| names.number(below));
    let total = step.inputs.get(super::TOTAL).map(|total| names.value(super::TOTAL, total)).unwrap_or_default();
    let between = match (from, below, vi) {
        (Some(from), Some(below), true) => format!("từ {from} đến dưới {below}"),
        (Some(from), Some(below), false) => format!("from {from} to below {below}"),
        (Some(from), None, true) => format!("từ {from} trở lên"),
        (Some(from), None, false) => format!("{from} or more"),
        (None, below, true) => format!("dưới {}", below.unwrap_or_default()),
        (None, below, false) => format!("below {}", below.unwrap_or_default()),
    };
    let class = value(names.pack, &step.value, names.language);
    match vi {
        true => format!("Mức theo điểm: tổng điểm {total}, {between}: {class}"),
        false => format!("Class by points: total {total}, {between}: {class}"),
    }
}

/// Conditions are written as met or not met, not as formulas.
fn condition(pack: &Pack, step: &Step, language: Language) -> Option<String> {
    let vi = language == Language::Vi;
    let (kind, id) = step.step.split_once('.').unwrap_or((&step.step, ""));
    let is_told = |(key, value): &(&String, &String)| *value != UNSTATED && *key != ORDER && *key != "class";
    let told = || step.inputs.iter().filter(is_told);
    let inputs = || told().map(|(key, value)| fact_input(pack, key, value, language)).collect::<Vec<_>>();
    let met = match (step.value.as_str(), vi) {
        ("true", true) => "đạt",
        ("true", false) => "met",
        (_, true) => "không đạt",
        (_, false) => "not met",
    };
    match kind {
        "knock_out" => {
            let title = pack.facts.iter().find(|fact| fact.id == id)?.title.get(language);
            let stated = step.inputs.get(id).map(|value| readable(value, language))?;
            let excused =
                step.inputs.iter().filter(|(key, value)| *key != id && *key != "leads_to" && *value != UNSTATED);
            let excused: String =
                excused.map(|(key, value)| format!("; {}", fact_input(pack, key, value, language))).collect();
            Some(format!("{title}: {stated}{excused}"))
        }
        "gate" => Some(format!("{}: {met} ({})", gate_title(pack, id, language)?, inputs().join(", "))),
        "cap" => {
            let rule = pack.class_caps.iter().find(|rule| rule.code == id)?;
            Some(format!("{}: {met} ({})", rule.title.get(language), inputs().join(", ")))
        }
        "group_min" => {
            let (class, group) = id.split_once('.')?;
            let group = pack.groups.iter().find(|one| one.id == group)?;
            let class = pack.class(class)?.title.get(language);
            Some(format!("{class}: {} {}: {met}", group.title.get(language), step.formula))
        }
        "level" => {
            let band = pack.bands.iter().find(|band| band.id == step.value)?;
            Some(format!("{id}: {} ({})", band.title.get(language), step.formula))
        }
        "eligibility" => {
            let rule = pack.eligibility.iter().find(|rule| rule.code == id)?;
            Some(format!("{}: {met} ({})", rule.title.get(language), inputs().join(", ")))
        }
        "carried" | "excused" => carried(pack, step, id, language),
        "appraisal_gap" => appraisal::sentence(pack, step, language),
        "insufficient_data" if vi => {
            Some("Không có việc nào được giao (Σ k·g = 0): chưa đủ dữ liệu để chấm".to_owned())
        }
        "insufficient_data" => Some("No work was assigned (Σ k·g = 0): not enough data to score".to_owned()),
        "class" if id == "limited" => Some(match vi {
            true => format!("Mức xếp loại còn lại: {}", value(pack, &step.value, language)),
            false => format!("Class that is left: {}", value(pack, &step.value, language)),
        }),
        "class" if id == "decided" => {
            let by_points = value(pack, step.inputs.get("by_points")?, language);
            if step.value == UNDECIDED {
                return Some(undecided(&by_points, vi));
            }
            let class = value(pack, &step.value, language);
            let authority = match (step.formula.as_str(), vi) {
                ("authority", true) => "; cấp có thẩm quyền quyết định",
                ("authority", false) => "; the authority decides",
                _ => "",
            };
            Some(match vi {
                true => format!("Mức xếp loại: {class}, theo điểm là {by_points}{authority}"),
                false => format!("Class: {class}, by points {by_points}{authority}"),
            })
        }
        _ => None,
    }
}

/// The sentence for points that suffice where no condition holds and the text does not give the lowest class to such a
/// case.
fn undecided(by_points: &str, vi: bool) -> String {
    match vi {
        true => format!(
            "Theo điểm là {by_points}, nhưng không đủ điều kiện của mức nào và văn bản không xếp trường hợp này vào mức thấp nhất: cấp có thẩm quyền quyết định"
        ),
        false => format!(
            "By points {by_points}, but the conditions of no class hold and the text does not give such a case the lowest class: the authority decides"
        ),
    }
}

/// The facts that shorter periods carry into a longer one: the fact, its periods, and the excuse where it does not
/// count.
fn carried(pack: &Pack, step: &Step, id: &str, language: Language) -> Option<String> {
    let title = |id: &str| pack.facts.iter().find(|fact| fact.id == id).map(|fact| fact.title.get(language));
    let one = |(period, by): (&String, &String)| match title(by) {
        Some(excuse) => format!("{period} ({excuse})"),
        None => period.clone(),
    };
    let periods = step.inputs.iter().map(one).collect::<Vec<_>>().join(", ");
    let told = match (step.value.as_str(), language) {
        ("true", Language::Vi) => format!("có trong kỳ {periods}, tính cho cả kỳ"),
        ("true", Language::En) => format!("in {periods}, which counts for the whole"),
        (_, Language::Vi) => format!("có trong kỳ {periods}, không tính"),
        (_, Language::En) => format!("in {periods}, which does not count"),
    };
    Some(format!("{}: {told}", title(id)?))
}

fn fact_input(pack: &Pack, id: &str, value: &str, language: Language) -> String {
    let title = pack.facts.iter().find(|fact| fact.id == id).map_or(id, |fact| fact.title.get(language));
    format!("{title}: {}", readable(value, language))
}

fn gate_title(pack: &Pack, rest: &str, language: Language) -> Option<String> {
    let (class, code) = rest.split_once('.')?;
    let class = pack.class(class)?;
    let gate = class.gates.iter().find(|gate| gate.code == code)?;
    Some(format!("{}: {}", class.title.get(language), gate.title.get(language)))
}

fn value(pack: &Pack, value: &str, language: Language) -> String {
    match pack.class(value) {
        Some(class) => format!("{} ({})", class.title.get(language), class.code),
        None => readable(value, language),
    }
}
