//! Steps as sentences, in both languages.

use super::outcome::{DECIMAL_PLACES, Step};
use crate::num::Exact;
use crate::pack::{Language, Pack};

/// A step of an explanation as a sentence: what, how, from what, the result and its clause.
///
/// `role` is the role the card was scored under: the same letter can name different things for different roles.
#[must_use]
pub fn text(pack: &Pack, role: &str, step: &Step, language: Language) -> String {
    let name = name(pack, role, &step.step, language);
    let inputs = step.inputs.iter().map(|(key, value)| input(key, value, language)).collect::<Vec<_>>().join(", ");
    let value = value(pack, &step.value, language);
    let formula = &step.formula;
    match (language, inputs.is_empty()) {
        (Language::Vi, true) => format!("{name}: {formula} → {value}. Căn cứ {}.", step.clause),
        (Language::En, true) => format!("{name}: {formula} → {value}. By {}.", step.clause),
        (Language::Vi, false) => format!("{name}: {formula}, với {inputs} → {value}. Căn cứ {}.", step.clause),
        (Language::En, false) => format!("{name}: {formula}, with {inputs} → {value}. By {}.", step.clause),
    }
}

fn name(pack: &Pack, role: &str, id: &str, language: Language) -> String {
    let vi = language == Language::Vi;
    let (head, rest) = id.split_once('.').unwrap_or((id, ""));
    let fixed = match head {
        "class" if rest == "decided" => Some(if vi { "Mức xếp loại" } else { "Class" }.to_owned()),
        "class" => Some(if vi { "Mức theo điểm" } else { "Class by points" }.to_owned()),
        "rounding" => Some(if vi { "Làm tròn" } else { "Rounding" }.to_owned()),
        "gate" => gate_title(pack, rest, language),
        "knock_out" => pack.facts.iter().find(|fact| fact.id == rest).map(|fact| fact.title.get(language).to_owned()),
        "eligibility" => {
            pack.eligibility.iter().find(|rule| rule.code == rest).map(|rule| rule.title.get(language).to_owned())
        }
        _ => None,
    };
    if let Some(name) = fixed {
        return name;
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

fn input(key: &str, value: &str, language: Language) -> String {
    let vi = language == Language::Vi;
    let word = match key {
        "code" if vi => "mã",
        "k" if vi => "k (hệ số)",
        "k" => "k (coefficient)",
        "g" if vi => "g (giao)",
        "g" => "g (assigned)",
        "h" if vi => "h (hoàn thành)",
        "h" => "h (completed)",
        "x" if vi => "x (làm thêm)",
        "x" => "x (extra)",
        "q" if vi => "q (lần chưa đạt)",
        "q" => "q (failed reviews)",
        "l" if vi => "l (chậm)",
        "l" => "l (late)",
        "numerator" if vi => "tử số",
        "denominator" if vi => "mẫu số",
        "handed_over" if vi => "đã bàn giao",
        "handed_over" => "handed over",
        "objective_cause" if vi => "nguyên nhân khách quan",
        "objective_cause" => "objective cause",
        "by_points" if vi => "theo điểm",
        "by_points" => "by points",
        "total" if vi => "tổng điểm",
        other => other,
    };
    format!("{word} = {}", readable(value, language))
}

fn value(pack: &Pack, value: &str, language: Language) -> String {
    match pack.class(value) {
        Some(class) => format!("{} ({})", class.title.get(language), class.code),
        None => readable(value, language),
    }
}

/// Words as words; numbers exactly, and a fraction that decimals cannot say with its decimal beside it.
fn readable(value: &str, language: Language) -> String {
    match (value, language) {
        ("true", Language::Vi) => return "có".to_owned(),
        ("true", Language::En) => return "yes".to_owned(),
        ("false", Language::Vi) => return "không".to_owned(),
        ("false", Language::En) => return "no".to_owned(),
        ("assumed", Language::Vi) => return "không nêu".to_owned(),
        ("assumed", Language::En) => return "not stated".to_owned(),
        _ => {}
    }
    let Ok(number) = Exact::parse(value) else { return value.to_owned() };
    let decimal = number.to_decimal(DECIMAL_PLACES);
    let shown = if language == Language::Vi { decimal.replace('.', ",") } else { decimal.clone() };
    let exact = Exact::parse(&decimal).is_ok_and(|shown| shown == number);
    if exact { shown } else { format!("{value} ≈ {shown}") }
}
