//! The names of steps and their inputs, and the notation of their values.

use super::super::TOTAL;
use super::super::explain::UNSTATED;
use super::super::outcome::{DECIMAL_PLACES, Step};
use crate::num::Exact;
use crate::pack::{Language, Pack, Rule};
use crate::time::Period;

/// How sentences write numbers that decimals cannot express.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Numbers {
    /// As exact fractions, followed by decimals.
    Exact,
    /// As decimals after `≈`. Points have [`POINT_PLACES`] and are cut off, so that none seems to reach a class that it
    /// does not reach. Shares have [`DECIMAL_PLACES`].
    Short,
}

/// Decimal places of points in the short notation.
const POINT_PLACES: u32 = 2;

/// The names of inputs: the key, Vietnamese, English.
const INPUTS: [(&str, &str, &str); 34] = [
    ("code", "mã", "code"),
    ("k", "hệ số", "coefficient"),
    ("g", "được giao", "assigned"),
    ("h", "hoàn thành", "completed"),
    ("h′", "hoàn thành được tính", "completed that counts"),
    ("G", "được giao cùng sản phẩm", "assigned of the same product"),
    ("H", "đã tính ở việc khác", "counted for other work"),
    ("x", "làm thêm", "extra"),
    ("q", "lần chưa đạt", "failed reviews"),
    ("l", "chậm", "late"),
    ("handed_over", "đã bàn giao", "handed over"),
    ("objective_cause", "nguyên nhân khách quan được xác nhận", "confirmed objective cause"),
    (TOTAL, "tổng điểm", "total"),
    ("coefficient", "hệ số sản phẩm", "product's coefficient"),
    ("share", "phần tham gia", "share"),
    ("difficulty", "mức độ khó", "difficulty"),
    ("difficulty_id", "mức độ khó", "difficulty"),
    ("position", "vị trí", "position"),
    ("position_id", "vị trí", "position"),
    ("standard", "chuẩn của loại sản phẩm", "standard of the product's kind"),
    ("standard_id", "loại sản phẩm", "kind of product"),
    ("points_max", "điểm tối đa của sản phẩm", "product's points at most"),
    ("mark", "điểm chấm", "mark"),
    ("completed", "hoàn thành", "completed"),
    ("assigned", "được giao", "assigned"),
    ("not_applicable", "không áp dụng", "not applicable"),
    ("times", "số lần", "times"),
    ("evidence", "căn cứ", "evidence"),
    ("worked", "số tháng làm việc", "months worked"),
    ("served", "số tháng nghỉ được tính", "months of leave that count"),
    ("class", "mức", "class"),
    ("after", "sau mức", "after"),
    ("by_points", "theo điểm", "by points"),
    ("explanation", "giải trình", "explanation"),
];

/// The names of steps that do not depend on a regulation: the first part of a step's name, Vietnamese, English.
const STEPS: [(&str, &str, &str); 9] = [
    ("rounding", "Làm tròn", "Rounding"),
    ("served", "Nghỉ được tính đủ thời gian", "Leave that counts as served"),
    ("not_worked", "Không làm việc", "Not worked"),
    ("missing", "Chưa có kết quả", "No result yet"),
    ("sent_by_unit", "Do đơn vị cũ gửi", "Sent by the unit of that time"),
    ("k", "Hệ số của việc", "Coefficient of the work"),
    ("h′", "Hoàn thành được tính", "Completed that counts"),
    ("points_max", "Điểm tối đa", "Points at most"),
    (TOTAL, "Tổng điểm", "Total"),
];

/// The names on a card, for one reader.
pub(super) struct Names<'a> {
    pub(super) pack: &'a Pack,
    pub(super) role: &'a str,
    pub(super) language: Language,
    pub(super) numbers: Numbers,
}

impl Names<'_> {
    const fn pick<'t>(&self, vi: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    fn known(&self, words: &[(&str, &'static str, &'static str)], key: &str) -> Option<&'static str> {
        let (_, vi, en) = words.iter().find(|(known, ..)| *known == key)?;
        Some(self.pick(vi, en))
    }

    /// The name of a step. If the step concerns one line, the name of the work is added.
    pub(super) fn title(&self, step: &Step) -> String {
        let (head, rest) = step.step.split_once('.').unwrap_or((&step.step, ""));
        if let Some(title) = self.by_code(head, rest) {
            return title;
        }
        let Some(title) = self.component(head) else {
            let known = self.known(&STEPS, head);
            // h′ of a line names the component and then the line.
            let of = self.work(step, rest.rsplit('.').next().unwrap_or_default());
            return known.map_or_else(|| step.step.clone(), |known| format!("{known}{of}"));
        };
        // Letters from the text are shown. Names that exist only in the JSON are not.
        let letter = if head.chars().count() == 1 || head.chars().all(char::is_uppercase) {
            format!(" ({head})")
        } else {
            String::new()
        };
        format!("{title}{letter}{}", self.work(step, rest))
    }

    /// ", “Xử lý đơn”": the work of a step, by its name, or else by its place and code.
    fn work(&self, step: &Step, rest: &str) -> String {
        if rest.is_empty() {
            return String::new();
        }
        let code = step.inputs.get("code").map(|code| format!(" ({code})")).unwrap_or_default();
        let (line, part) = rest.split_once('.').unwrap_or((rest, ""));
        let part = if part.is_empty() { String::new() } else { format!(", {}", self.part(part)) };
        match step.inputs.get("name") {
            Some(name) => format!(", “{name}”{part}"),
            None => format!(", {} {line}{code}{part}", self.pick("việc thứ", "line")),
        }
    }

    /// The name of a dimension of a product.
    fn part(&self, id: &str) -> String {
        let dimension = self.pack.products.iter().flat_map(|rule| &rule.dimensions).find(|one| one.id == id);
        let title = dimension.map(|one| one.title.get(self.language));
        title.or_else(|| self.known(&STEPS, id)).unwrap_or(id).to_owned()
    }

    /// Whether the title already contains an input.
    pub(super) fn is_in_title(&self, step: &Step, key: &str) -> bool {
        key == "name" || (key == "code" && step.step.contains('.'))
    }

    fn by_code(&self, head: &str, rest: &str) -> Option<String> {
        let Self { pack, language, .. } = self;
        let title = match head {
            "event" => &pack.event(rest)?.title,
            "limit" => {
                let limit = pack.roll_ups.iter().flat_map(|rule| &rule.limits).find(|limit| limit.code == rest);
                // A limiting fact for which the role is not asked any more.
                let fact = || pack.facts.iter().find(|fact| fact.id == rest);
                match limit {
                    Some(limit) => &limit.title,
                    None => &fact()?.title,
                }
            }
            _ => return None,
        };
        Some(title.get(*language).to_owned())
    }

    fn component(&self, id: &str) -> Option<&str> {
        let group = self.pack.groups_for(self.role).find(|group| group.id == id).map(|group| &group.title);
        let title = self.pack.component(self.role, id).map(|component| &component.title).or(group)?;
        Some(title.get(self.language))
    }

    /// The name of an input.
    fn word(&self, key: &str) -> String {
        if let Some(word) = self.known(&INPUTS, key) {
            return word.to_owned();
        }
        if let Ok(period) = key.parse::<Period>() {
            return self.period(period);
        }
        let fact = || self.pack.facts.iter().find(|fact| fact.id == key).map(|fact| fact.title.get(self.language));
        let event = || self.pack.event(key).map(|event| event.title.get(self.language));
        let statement = || {
            let mut statements = self.pack.statements_for(self.role);
            statements.find(|one| one.id == key).map(|one| one.title.get(self.language))
        };
        // Groups have official numbers, which suffice after their own steps.
        let group = self.pack.groups_for(self.role).any(|group| group.id == key);
        let component = if group { None } else { self.component(key) };
        let dimension = || self.pack.products.iter().flat_map(|rule| &rule.dimensions).find(|one| one.id == key);
        let dimension = || dimension().map(|one| one.title.get(self.language));
        component.or_else(fact).or_else(event).or_else(statement).or_else(dimension).unwrap_or(key).to_owned()
    }

    fn period(&self, period: Period) -> String {
        match (period, self.language) {
            (Period::Month(year, month), Language::Vi) => format!("tháng {month}/{year}"),
            (Period::Quarter(year, quarter), Language::Vi) => format!("quý {quarter}/{year}"),
            (Period::HalfYear(year, 1), Language::Vi) => format!("6 tháng đầu năm {year}"),
            (Period::HalfYear(year, _), Language::Vi) => format!("6 tháng cuối năm {year}"),
            (Period::Year(year), Language::Vi) => format!("năm {year}"),
            (period, Language::En) => period.to_string(),
        }
    }

    /// A list of periods, if the step's formula is one.
    pub(super) fn periods(&self, list: &str) -> Option<String> {
        let one = |text: &str| text.parse::<Period>().ok().map(|period| self.period(period));
        let periods: Option<Vec<_>> = list.split(", ").map(one).collect();
        Some(periods?.join(", "))
    }

    /// An input within a formula: `hệ số (2,7)`.
    pub(super) fn input(&self, key: &str, value: &str) -> String {
        format!("{} ({})", self.word(key), self.value(key, value))
    }

    /// An input beside a formula: `được giao: 5`.
    pub(super) fn beside(&self, key: &str, value: &str) -> String {
        format!("{}: {}", self.word(key), self.value(key, value))
    }

    /// A value of the input or step named `of`.
    pub(super) fn value(&self, of: &str, value: &str) -> String {
        if let Some(class) = self.pack.class(value) {
            return format!("{} ({})", class.title.get(self.language), class.code);
        }
        match (self.numbers, Exact::parse(value)) {
            (Numbers::Short, Ok(number)) => self.short(&number, self.is_points(of)),
            _ => readable(value, self.language),
        }
    }

    /// A number that stands in a formula.
    pub(super) fn number(&self, value: &str) -> String {
        self.value("", value)
    }

    fn short(&self, number: &Exact, points: bool) -> String {
        let places = if points { POINT_PLACES } else { DECIMAL_PLACES };
        let decimal = if points { cut(number) } else { number.to_decimal(places) };
        let shown = Exact::parse(&decimal).is_ok_and(|shown| shown == *number);
        // A number that was cut off keeps its places: 59,90 is not written 59,9.
        let decimal = if shown || !points { decimal } else { with_places(&decimal, places) };
        let sign = if shown { "" } else { "≈ " };
        format!("{sign}{}", localised(&decimal, self.language))
    }

    /// Whether a value is points, which are written with two decimals.
    fn is_points(&self, of: &str) -> bool {
        let rule = self.pack.component(self.role, of).map(|component| &component.rule);
        of == TOTAL
            || of == "rounding"
            || matches!(rule, Some(Rule::Marks { .. } | Rule::Sum { .. }))
            || of.parse::<Period>().is_ok()
    }
}

fn cut(number: &Exact) -> String {
    let hundred = Exact::from_int(100);
    let cut = (number * &hundred).floor().checked_div(&hundred).unwrap_or_default();
    cut.to_decimal(POINT_PLACES)
}

fn with_places(decimal: &str, places: u32) -> String {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let width = usize::try_from(places).unwrap_or_default();
    format!("{whole}.{fraction:0<width$}")
}

fn localised(decimal: &str, language: Language) -> String {
    if language == Language::Vi { decimal.replace('.', ",") } else { decimal.to_owned() }
}

/// Words stay words. Numbers are written exactly; a fraction that decimals cannot express gets a decimal beside it.
pub(in crate::score) fn readable(value: &str, language: Language) -> String {
    let words = match value {
        "true" => Some(("có", "yes")),
        "false" => Some(("không", "no")),
        "assumed" => Some(("không nêu, coi như không có", "not stated, taken as absent")),
        "authority" => Some(("cấp có thẩm quyền quyết định", "the authority decides")),
        UNSTATED => Some(("không nêu", "not stated")),
        _ => None,
    };
    if let Some((vi, en)) = words {
        return if language == Language::Vi { vi } else { en }.to_owned();
    }
    let Ok(number) = Exact::parse(value) else { return value.to_owned() };
    let decimal = number.to_decimal(DECIMAL_PLACES);
    let exact = Exact::parse(&decimal).is_ok_and(|shown| shown == number);
    let shown = localised(&decimal, language);
    if exact { shown } else { format!("{value} ≈ {shown}") }
}
