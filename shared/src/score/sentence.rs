//! Steps as sentences, in both languages.

use super::explain::{ORDER, UNDECIDED, UNSTATED};
use super::outcome::{DECIMAL_PLACES, Step};
use crate::num::Exact;
use crate::pack::{Language, Pack};

/// A step of an explanation as a sentence: what, how, from what, the result and its clause.
///
/// `role` is the role the card was scored under: the same letter can name different things for different roles.
#[must_use]
pub fn text(pack: &Pack, role: &str, step: &Step, language: Language) -> String {
    let vi = language == Language::Vi;
    let said = condition(pack, step, language).unwrap_or_else(|| {
        let name = name(pack, role, &step.step, language);
        let inputs: Vec<String> = step.inputs.iter().map(|(key, value)| input(key, value, language)).collect();
        let with = if vi { "với" } else { "with" };
        let inputs = if inputs.is_empty() { String::new() } else { format!(", {with} {}", inputs.join(", ")) };
        format!("{name}: {}{inputs} → {}", step.formula, value(pack, &step.value, language))
    });
    format!("{said}. {} {}.", if vi { "Căn cứ" } else { "By" }, step.clause)
}

/// Conditions are told as met or not, rather than as formulas.
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
        "appraisal_gap" => super::appraisal::sentence(pack, step, language),
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

/// What is said where points suffice, no condition holds, and the text does not give the lowest class to such a case.
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

/// What shorter periods bring into a longer one: which fact, in which of them, and why it does not count where it does not.
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

fn name(pack: &Pack, role: &str, id: &str, language: Language) -> String {
    let vi = language == Language::Vi;
    let (head, rest) = id.split_once('.').unwrap_or((id, ""));
    match head {
        "class" => return if vi { "Mức theo điểm" } else { "Class by points" }.to_owned(),
        "rounding" => return if vi { "Làm tròn" } else { "Rounding" }.to_owned(),
        "served" => return if vi { "Nghỉ được tính đủ thời gian" } else { "Leave that counts as served" }.to_owned(),
        "not_worked" => return if vi { "Không làm việc" } else { "Not worked" }.to_owned(),
        "missing" => return if vi { "Chưa có kết quả" } else { "No result yet" }.to_owned(),
        "sent_by_unit" => return if vi { "Do đơn vị cũ gửi" } else { "Sent by the unit of that time" }.to_owned(),
        _ => {}
    }
    let event = pack.events.iter().find(|event| head == "event" && event.code == rest);
    if let Some(event) = event {
        return event.title.get(language).to_owned();
    }
    let limit = pack.roll_ups.iter().flat_map(|rule| &rule.limits).find(|limit| head == "limit" && limit.code == rest);
    if let Some(limit) = limit {
        return limit.title.get(language).to_owned();
    }
    // A fact that limits, of a role that is not asked for it any more.
    let fact = pack.facts.iter().find(|fact| head == "limit" && fact.id == rest);
    if let Some(fact) = fact {
        return fact.title.get(language).to_owned();
    }
    let group = pack.groups_for(role).find(|group| group.id == head).map(|group| &group.title);
    let title = pack.component(role, head).map(|component| &component.title).or(group);
    let Some(title) = title else { return id.to_owned() };
    let line = if vi { "việc thứ" } else { "line" };
    match rest {
        "" => format!("{} ({head})", title.get(language)),
        line_number => format!("{} ({head}), {line} {line_number}", title.get(language)),
    }
}

fn gate_title(pack: &Pack, rest: &str, language: Language) -> Option<String> {
    let (class, code) = rest.split_once('.')?;
    let class = pack.class(class)?;
    let gate = class.gates.iter().find(|gate| gate.code == code)?;
    Some(format!("{}: {}", class.title.get(language), gate.title.get(language)))
}

/// Words for what a step is worked out from: the key, Vietnamese, English.
const INPUTS: [(&str, &str, &str); 22] = [
    ("code", "mã", "code"),
    ("name", "việc", "work"),
    ("k", "k (hệ số)", "k (coefficient)"),
    ("g", "g (giao)", "g (assigned)"),
    ("h", "h (hoàn thành)", "h (completed)"),
    ("h′", "h′ (được tính)", "h′ (counted)"),
    ("x", "x (làm thêm)", "x (extra)"),
    ("q", "q (lần chưa đạt)", "q (failed reviews)"),
    ("l", "l (chậm)", "l (late)"),
    ("numerator", "tử số", "numerator"),
    ("denominator", "mẫu số", "denominator"),
    ("handed_over", "đã bàn giao", "handed over"),
    ("objective_cause", "nguyên nhân khách quan", "objective cause"),
    ("total", "tổng điểm", "total"),
    ("coefficient", "hệ số sản phẩm", "product's coefficient"),
    ("share", "phần tham gia", "share"),
    ("difficulty", "mức độ khó", "difficulty"),
    ("position", "vị trí", "position"),
    ("points_max", "điểm tối đa của sản phẩm", "product's points at most"),
    ("not_applicable", "không áp dụng", "not applicable"),
    ("times", "số lần", "times"),
    ("evidence", "căn cứ", "evidence"),
];

fn input(key: &str, value: &str, language: Language) -> String {
    let known = INPUTS.iter().find(|(known, ..)| *known == key);
    let word = known.map_or(key, |(_, vi, en)| if language == Language::Vi { vi } else { en });
    format!("{word} = {}", readable(value, language))
}

fn value(pack: &Pack, value: &str, language: Language) -> String {
    match pack.class(value) {
        Some(class) => format!("{} ({})", class.title.get(language), class.code),
        None => readable(value, language),
    }
}

/// Words as words; numbers exactly, and a fraction that decimals cannot say with its decimal beside it.
pub(super) fn readable(value: &str, language: Language) -> String {
    match (value, language) {
        ("true", Language::Vi) => return "có".to_owned(),
        ("true", Language::En) => return "yes".to_owned(),
        ("false", Language::Vi) => return "không".to_owned(),
        ("false", Language::En) => return "no".to_owned(),
        ("assumed", Language::Vi) => return "không nêu, coi như không có".to_owned(),
        ("assumed", Language::En) => return "not stated, taken as absent".to_owned(),
        (UNSTATED, Language::Vi) => return "không nêu".to_owned(),
        (UNSTATED, Language::En) => return "not stated".to_owned(),
        _ => {}
    }
    let Ok(number) = Exact::parse(value) else { return value.to_owned() };
    let decimal = number.to_decimal(DECIMAL_PLACES);
    let shown = if language == Language::Vi { decimal.replace('.', ",") } else { decimal.clone() };
    let exact = Exact::parse(&decimal).is_ok_and(|shown| shown == number);
    if exact { shown } else { format!("{value} ≈ {shown}") }
}
