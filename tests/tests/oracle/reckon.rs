//! The arithmetic a second time, written from the description of the schemes. Nothing here is the engine's.

use std::collections::BTreeMap;

use num_traits::{One, Zero};
use serde_json::Value;

use crate::case::Case;
use crate::reading::{Fraction, fraction, list, maybe, named, number, of_role, whole, word, words};

/// What to use for a statement that nobody made yet.
#[derive(Clone, Copy)]
pub enum Unstated {
    Worst,
    Best,
}

/// The components that have a value, by id.
pub type Values<'a> = BTreeMap<&'a str, Fraction>;

impl<'a> Case<'a> {
    /// Whether the arithmetic needs statements that nobody made and that do not follow from the people led.
    pub fn lacks_statements(self) -> bool {
        let read = of_role(self.pack, "components", self.role()).into_iter();
        let mut read = read.filter_map(|component| component["rule"]["stated"]["statement"].as_str());
        read.any(|id| self.share_stated(id).is_none())
    }

    /// Every component in order, then the rounded total. The total is absent when nothing was assigned.
    pub fn components(self, unstated: Unstated) -> Values<'a> {
        let mut known = Values::new();
        for component in of_role(self.pack, "components", self.role()) {
            if let Some(value) = self.component(&component["rule"], &known, unstated) {
                known.insert(word(component, "id"), value);
            }
        }
        if let Some(total) = known.get_mut("total") {
            if self.option("total_floor") == "zero" && *total < Fraction::zero() {
                self.note("total below 0 kept at 0");
                *total = Fraction::zero();
            }
            *total = self.round(total.clone());
        }
        known
    }

    fn component(self, rule: &Value, known: &Values<'_>, unstated: Unstated) -> Option<Fraction> {
        let (name, rule) = rule.as_object().and_then(|fields| fields.iter().next()).unwrap();
        match name.as_str() {
            "marks" => {
                let summed = words(rule, "groups");
                let read = self.groups().into_iter().filter(|group| summed.contains(&word(group, "id")));
                self.note("marks summed");
                Some(read.map(|group| self.group(group)).sum())
            }
            "share" => Some(self.share(word(rule, "criterion"))),
            "work" => self.work(rule.as_str().unwrap()),
            "events" => Some(self.events(rule)),
            "products" => Some(self.products(rule)),
            "stated" => Some(self.stated(word(rule, "statement"), unstated)),
            "mean" => {
                let parts = words(rule, "of");
                let count = whole(i64::try_from(parts.len()).unwrap());
                let sum: Option<Fraction> = parts.into_iter().map(|id| known.get(id).cloned()).sum();
                self.note("mean of components");
                Some((sum? / count).min(number(&rule["max"])))
            }
            "sum" => {
                let terms = list(rule, "terms");
                self.note(if terms.is_empty() { "pack without points" } else { "weighted sum of components" });
                let term = |term: &Value| Some(known.get(word(term, "component"))? * number(&term["weight"]));
                let sum: Option<Fraction> = terms.into_iter().map(term).sum();
                Some(sum?.min(number(&rule["max"])))
            }
            other => panic!("the oracle was not taught the rule {other:?}"),
        }
    }

    /// The sum of a group's marks. Criteria that do not apply are granted in full, or the rest is stretched in their
    /// place.
    pub fn group(self, group: &Value) -> Fraction {
        let rows = list(group, "criteria");
        let (marked, other): (Vec<&Value>, Vec<&Value>) = rows.into_iter().partition(|row| self.is_marked(row));
        let sum: Fraction = marked.iter().map(|row| number(&self.card["criteria"][word(row, "code")])).sum();
        let most = |rows: &[&Value]| -> Fraction { rows.iter().map(|row| number(&row["max"])).sum() };
        let own = |row: &&Value| {
            let mark = number(&self.card["criteria"][word(row, "code")]);
            row["marking"] == "graded"
                && self.option("common") == "binary"
                && !mark.is_zero()
                && mark != number(&row["max"])
        };
        self.note_if(marked.iter().any(own), "criterion marked in its own way");
        match self.option("not_applicable") {
            _ if other.is_empty() => sum,
            "grant" => {
                self.note("criterion not applicable, granted");
                sum + most(&other)
            }
            "rescale" if marked.is_empty() => {
                self.note("group not applicable at all");
                number(&group["max"])
            }
            "rescale" => {
                self.note("criterion not applicable, rest stretched");
                sum * number(&group["max"]) / most(&marked)
            }
            other => panic!("nothing may be left out under {other:?}"),
        }
    }

    fn share(self, code: &str) -> Fraction {
        let rows: Vec<&Value> = self.groups().into_iter().flat_map(|group| list(group, "criteria")).collect();
        let row = named(&rows, "code", code).unwrap();
        if self.is_marked(row) {
            self.note("mark as a share");
            return number(&self.card["criteria"][code]) / number(&row["max"]);
        }
        self.note("share of a criterion not applicable");
        Fraction::one()
    }

    /// Σ points × times, with the approver's points where the pack leaves them open.
    fn events(self, rule: &Value) -> Fraction {
        let mut points = Fraction::zero();
        for code in words(rule, "of") {
            let kinds = of_role(self.pack, "events", self.role());
            let Some(kind) = named(&kinds, "code", code) else { continue };
            let Some(event) = named(&list(self.card, "events"), "code", code) else { continue };
            let happened = number(&event["count"]);
            let counted = maybe(&kind["times_max"]).map_or(happened.clone(), |most| happened.clone().min(most));
            self.note_if(counted < happened, "event counted at most so often");
            let once = self.option("event_count") == "once" && counted > Fraction::one();
            self.note_if(once, "event counted once");
            let counted = if once { Fraction::one() } else { counted };
            let is_open = !kind["stated"].is_null();
            self.note(if is_open { "event with stated points" } else { "event with fixed points" });
            points += number(if is_open { &event["points"] } else { &kind["points"] }) * counted;
        }
        let raised = maybe(&rule["min"]).map_or(points.clone(), |min| points.clone().max(min));
        self.note_if(raised > points, "events at least");
        let lowered = maybe(&rule["max"]).map_or(raised.clone(), |max| raised.clone().min(max));
        self.note_if(lowered < raised, "events at most");
        lowered
    }

    /// A share stated about a leader, or what follows from the people led. It is the lowest as soon as one of them is
    /// below, the highest when all are known and none is, and nothing while that is open.
    fn share_stated(self, id: &str) -> Option<Fraction> {
        if let Some(value) = self.card["leadership"].get(id) {
            self.note("share stated");
            return Some(number(value));
        }
        let statement = self.statement(id);
        let least = maybe(&statement["subordinates_min"])?;
        let totals: Vec<Option<Fraction>> =
            list(self.card, "subordinates").into_iter().map(|led| maybe(&led["total"])).collect();
        if totals.iter().flatten().any(|total| *total < least) {
            self.note("share lowered by someone led");
            return values(statement).min();
        }
        if !totals.is_empty() && totals.iter().all(Option::is_some) {
            self.note("share full, as all led reach the bound");
            return values(statement).max();
        }
        self.note_if(!totals.is_empty(), "share open while a result of someone led has not come");
        None
    }

    fn stated(self, id: &str, unstated: Unstated) -> Fraction {
        let statement = self.statement(id);
        self.share_stated(id).unwrap_or_else(|| match unstated {
            Unstated::Worst => values(statement).min().unwrap(),
            Unstated::Best => values(statement).max().unwrap(),
        })
    }

    fn statement(self, id: &str) -> &'a Value {
        named(&of_role(self.pack, "statements", self.role()), "id", id).unwrap()
    }

    /// The total under the chosen reading of rounding; `tenth_product` rounds products only.
    fn round(self, total: Fraction) -> Fraction {
        let (rounded, kind) = match self.option("rounding") {
            "tenth" => (half_up(&total, 10), "total rounded to 0.1"),
            "half" => (half_up(&total, 2), "total rounded to 0.5"),
            "cut_hundredth" => ((&total * whole(100)).floor() / whole(100), "total cut after two decimals"),
            _ => return total,
        };
        self.note_if(rounded != total, kind);
        rounded
    }
}

/// The shares that may be stated.
fn values(statement: &Value) -> impl Iterator<Item = Fraction> {
    list(statement, "values").into_iter().map(|value| number(&value["value"]))
}

/// Rounds half up to a multiple of one in this many parts. A number below 0 rounds half away from it.
pub fn half_up(number: &Fraction, parts: i64) -> Fraction {
    let (units, half) = (number * whole(parts), fraction("1/2"));
    let rounded = if units < Fraction::zero() { -((-units + half).floor()) } else { (units + half).floor() };
    rounded / whole(parts)
}
