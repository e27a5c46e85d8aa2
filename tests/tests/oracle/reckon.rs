//! The arithmetic once more, from the description of the schemes: nothing here is the engine's.

use std::collections::BTreeMap;

use num_traits::{One, Zero};
use serde_json::Value;

use crate::reading::{Fraction, fraction, list, maybe, number, of_role, whole, word, words};

/// A pack and a card under it.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    pub pack: &'a Value,
    pub card: &'a Value,
}

/// What stands for a statement nobody made yet.
#[derive(Clone, Copy)]
pub enum Unstated {
    Worst,
    Best,
}

impl<'a> Case<'a> {
    pub fn role(self) -> &'a str {
        word(&self.card["subject"], "role")
    }

    /// The answer chosen to a question, or the pack's own; empty where the pack does not ask.
    pub fn option(self, id: &str) -> &'a str {
        let Some(question) = list(self.pack, "options").into_iter().find(|option| option["id"] == id) else {
            return "";
        };
        self.card["options"][id].as_str().unwrap_or_else(|| word(question, "default"))
    }

    /// Whether a rule counts under the answers chosen.
    pub fn applies(self, rule: &Value) -> bool {
        let Some(when) = rule["when"].as_object() else { return true };
        when.iter().all(|(option, value)| value == self.option(option))
    }

    /// The statements the arithmetic reads that nobody made.
    pub fn lacks_statements(self) -> bool {
        let read = of_role(self.pack, "components", self.role()).into_iter();
        let mut read = read.filter_map(|component| component["rule"]["stated"]["statement"].as_str());
        read.any(|id| self.card["leadership"].get(id).is_none())
    }

    /// The total after rounding; none when nothing was assigned.
    pub fn total(self, unstated: Unstated) -> Option<Fraction> {
        let mut known: BTreeMap<&str, Fraction> = BTreeMap::new();
        for component in of_role(self.pack, "components", self.role()) {
            if let Some(value) = self.component(&component["rule"], &known, unstated) {
                known.insert(word(component, "id"), value);
            }
        }
        known.remove("total").map(|total| round(total, self.option("rounding")))
    }

    fn component(self, rule: &Value, known: &BTreeMap<&str, Fraction>, unstated: Unstated) -> Option<Fraction> {
        let (name, rule) = rule.as_object().and_then(|fields| fields.iter().next()).unwrap();
        match name.as_str() {
            "marks" => Some(self.marks(&words(rule, "groups"))),
            "share" => Some(self.share(word(rule, "criterion"))),
            "work" => self.work(rule.as_str().unwrap()),
            "events" => Some(self.events(rule)),
            "stated" => Some(self.stated(word(rule, "statement"), unstated)),
            "mean" => {
                let parts = words(rule, "of");
                let count = whole(i64::try_from(parts.len()).unwrap());
                let sum: Option<Fraction> = parts.into_iter().map(|id| known.get(id).cloned()).sum();
                Some((sum? / count).min(number(&rule["max"])))
            }
            "sum" => {
                let term = |term: &Value| Some(known.get(word(term, "component"))? * number(&term["weight"]));
                let sum: Option<Fraction> = list(rule, "terms").into_iter().map(term).sum();
                Some(sum?.min(number(&rule["max"])))
            }
            other => panic!("the oracle was not taught the rule {other:?}"),
        }
    }

    fn marks(self, groups: &[&str]) -> Fraction {
        let read = of_role(self.pack, "groups", self.role()).into_iter();
        let rows = read.filter(|group| groups.contains(&word(group, "id"))).flat_map(|group| list(group, "criteria"));
        rows.map(|row| number(&self.card["criteria"][word(row, "code")])).sum()
    }

    fn share(self, code: &str) -> Fraction {
        let rows = of_role(self.pack, "groups", self.role()).into_iter().flat_map(|group| list(group, "criteria"));
        let row = rows.into_iter().find(|row| row["code"] == code).unwrap();
        number(&self.card["criteria"][code]) / number(&row["max"])
    }

    fn events(self, rule: &Value) -> Fraction {
        let once = self.option("event_count") == "once";
        let mut points = Fraction::zero();
        for code in words(rule, "of") {
            let kinds = of_role(self.pack, "events", self.role());
            let Some(kind) = kinds.into_iter().find(|kind| kind["code"] == code) else { continue };
            let happened = list(self.card, "events").into_iter().filter(|event| event["code"] == code);
            let times: Fraction = happened.map(|event| number(&event["count"])).sum();
            let times = if once { times.min(Fraction::one()) } else { times };
            points += number(&kind["points"]) * times;
        }
        let points = maybe(&rule["min"]).map_or(points.clone(), |min| points.max(min));
        maybe(&rule["max"]).map_or(points.clone(), |max| points.min(max))
    }

    fn stated(self, id: &str, unstated: Unstated) -> Fraction {
        if let Some(value) = self.card["leadership"].get(id) {
            return number(value);
        }
        let statement =
            of_role(self.pack, "statements", self.role()).into_iter().find(|found| found["id"] == id).unwrap();
        let values = list(statement, "values").into_iter().map(|value| number(&value["value"]));
        match unstated {
            Unstated::Worst => values.min().unwrap(),
            Unstated::Best => values.max().unwrap(),
        }
    }

    /// Đ.14, Đ.15 with the open questions of section 12: what is divided by, where 100 % is the limit, what a lateness is.
    fn work(self, measure: &str) -> Option<Fraction> {
        let rules = &self.pack["work"];
        let (mut assigned, mut done, mut counted) = (Fraction::zero(), Fraction::zero(), Fraction::zero());
        for line in list(self.card, "work") {
            let k = number(&line["coefficient"]);
            let (given, own) = (number(&line["assigned"]), number(&line["completed"]));
            let own = if self.limits_lines() { own.min(given.clone()) } else { own };
            let converted = &k * (own + maybe(&line["extra"]).unwrap_or_else(Fraction::zero));
            assigned += &k * given;
            counted += &converted * self.kept(line, rules, measure);
            done += converted;
        }
        if assigned.is_zero() {
            return None;
        }
        let by_completed = measure != "quantity" && self.option("denominator") == "completed";
        let whole_work = if by_completed { done } else { assigned };
        let ratio = if whole_work.is_zero() { Fraction::zero() } else { counted / whole_work };
        Some(if self.option("cap") == "total" { ratio } else { ratio.min(Fraction::one()) })
    }

    fn limits_lines(self) -> bool {
        matches!(self.option("cap"), "line" | "")
    }

    /// The share of a line that failed reviews or lateness leave.
    fn kept(self, line: &Value, rules: &Value, measure: &str) -> Fraction {
        let excused = |cause: &str| words(line, "objective_cause").contains(&cause);
        let count = |key: &str| maybe(&line[key]).unwrap_or_else(Fraction::zero);
        let after = |loss: &Value, times: Fraction| (Fraction::one() - number(loss) * times).max(Fraction::zero());
        match measure {
            "quality" if !excused("quality") => after(&rules["failed_review_loss"], count("failed_reviews")),
            "progress" if !excused("progress") => match self.option("late_unit") {
                "day" => after(&rules["late_loss"], count("late_days")),
                "bands" => {
                    let days = count("late_days");
                    let bands = list(rules, "late_bands");
                    let band = bands.into_iter().find(|band| maybe(&band["to_days"]).is_none_or(|last| days <= last));
                    number(&band.unwrap()["kept"])
                }
                _ => after(&rules["late_loss"], count("late_times")),
            },
            _ => Fraction::one(),
        }
    }
}

/// Half up to 0.1 or 0.5, or cut after two decimals; below 0 half away from it.
fn round(total: Fraction, rounding: &str) -> Fraction {
    let half = fraction("1/2");
    let half_up = |units: Fraction| {
        if units < Fraction::zero() { -((-units + &half).floor()) } else { (units + &half).floor() }
    };
    match rounding {
        "tenth" => half_up(total * whole(10)) / whole(10),
        "half" => half_up(total * whole(2)) / whole(2),
        "cut_hundredth" => (total * whole(100)).floor() / whole(100),
        _ => total,
    }
}
