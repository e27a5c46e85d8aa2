//! Đ.14, Đ.15 with the open questions of section 12: by what work is weighed and divided, where 100 % is the limit, and
//! what counts as lateness.

use std::collections::BTreeMap;

use num_traits::{One, Zero};
use serde_json::Value;

use crate::case::Case;
use crate::reading::{Fraction, list, maybe, named, number, whole, word, words};

/// A work line in numbers.
#[derive(Clone)]
struct Line {
    code: String,
    /// The weight of one piece.
    weight: Fraction,
    given: Fraction,
    own: Fraction,
    extra: Fraction,
    /// The share that remains after failed reviews or lateness.
    kept: Fraction,
}

impl Case<'_> {
    /// Converted work over converted work. None when nothing was assigned.
    pub fn work(self, measure: &str) -> Option<Fraction> {
        let lines: Vec<Line> = list(self.card, "work").into_iter().map(|line| self.line(line, measure)).collect();
        let assigned: Fraction = lines.iter().map(|line| &line.weight * &line.given).sum();
        if assigned.is_zero() {
            self.note("nothing assigned");
            return None;
        }
        self.note("work converted");
        let by_completed = measure != "quantity" && self.option("denominator") == "completed";
        let divisor = if by_completed {
            let whole_lines = lines.iter().map(|line| Line { kept: Fraction::one(), ..line.clone() });
            self.note("work divided by what was completed");
            self.counted(&whole_lines.collect::<Vec<_>>())
        } else {
            assigned
        };
        let ratio = if divisor.is_zero() { Fraction::zero() } else { self.counted(&lines) / divisor };
        if self.option("cap") == "total" {
            self.note_if(ratio > Fraction::one(), "only the whole limited");
            return Some(ratio);
        }
        self.note_if(ratio > Fraction::one(), "component limited to 1");
        Some(ratio.min(Fraction::one()))
    }

    fn counted(self, lines: &[Line]) -> Fraction {
        match self.option("cap") {
            "indicator" => self.counted_by_code(lines),
            "component" | "total" => {
                lines.iter().map(|line| &line.weight * &line.kept * (&line.own + &line.extra)).sum()
            }
            _ => {
                self.note_if(lines.iter().any(|line| line.own > line.given), "line limited to what was assigned");
                let counted = |line: &Line| (&line.own).min(&line.given) + &line.extra;
                lines.iter().map(|line| &line.weight * &line.kept * counted(line)).sum()
            }
        }
    }

    /// The own work of all lines of one product counts together at most as assigned, the best of it first. Work beyond
    /// the plan is added (Đ.18(1)d).
    fn counted_by_code(self, lines: &[Line]) -> Fraction {
        let mut products: BTreeMap<(&str, usize), Vec<&Line>> = BTreeMap::new();
        for (place, line) in lines.iter().enumerate() {
            // A line without a code is a product of its own.
            let own = if line.code.is_empty() { place } else { 0 };
            products.entry((&line.code, own)).or_default().push(line);
        }
        let mut sum = Fraction::zero();
        for mut product in products.into_values() {
            let mut room: Fraction = product.iter().map(|line| &line.given).sum();
            product.sort_by_key(|line| std::cmp::Reverse(&line.weight * &line.kept));
            for line in product {
                self.note_if(line.own > room, "product limited to what was assigned");
                let counted = (&line.own).min(&room).clone();
                sum += &line.weight * &line.kept * (&counted + &line.extra);
                room -= counted;
            }
        }
        sum
    }

    fn line(self, line: &Value, measure: &str) -> Line {
        let part = |key: &str| maybe(&line[key]).unwrap_or_else(Fraction::zero);
        let share = maybe(&line["share"]).unwrap_or_else(Fraction::one);
        self.note_if(share < Fraction::one(), "product made together");
        self.note_if(!part("extra").is_zero(), "work beyond the plan");
        let mut weight = share;
        if self.option("coefficient") != "level" {
            weight *= number(&line["coefficient"]);
        }
        if matches!(self.option("coefficient"), "level" | "product_level") {
            weight *= self.factor("work", "difficulties", &line["difficulty"]);
        }
        if self.option("position_multiplier") == "on" {
            self.note("work multiplied by the position");
            weight *= self.factor("work", "positions", &self.card["subject"]["position"]);
        }
        self.note(match self.option("coefficient") {
            "level" => "work weighed by level",
            "product_level" => "work weighed by product and level",
            _ => "work weighed by product",
        });
        Line {
            code: line["code"].as_str().unwrap_or_default().to_owned(),
            weight,
            given: number(&line["assigned"]),
            own: number(&line["completed"]),
            extra: part("extra"),
            kept: self.kept(line, measure),
        }
    }

    fn kept(self, line: &Value, measure: &str) -> Fraction {
        let count = |key: &str| maybe(&line[key]).unwrap_or_else(Fraction::zero);
        let lossless =
            count("failed_reviews").is_zero() && count("late_days").is_zero() && count("late_times").is_zero();
        if words(line, "objective_cause").contains(&measure) {
            self.note_if(!lossless, "loss waived by an objective cause");
            return Fraction::one();
        }
        let after = |loss: &str, times: Fraction, kind: &'static str| {
            let kept = (Fraction::one() - number(&self.pack["work"][loss]) * times).max(Fraction::zero());
            self.note_if(kept < Fraction::one(), kind);
            kept
        };
        match (measure, self.option("late_unit")) {
            ("quality", _) => after("failed_review_loss", count("failed_reviews"), "loss by failed reviews"),
            ("progress", "day") => after("late_loss", count("late_days"), "loss by days late"),
            ("progress", "bands") => {
                let kept = self.late_band(&count("late_days"));
                self.note_if(kept < Fraction::one(), "loss by bands of days late");
                kept
            }
            ("progress", _) => after("late_loss", count("late_times"), "loss by times late"),
            _ => Fraction::one(),
        }
    }

    /// The share that remains after days of lateness: that of the first band that reaches so far.
    pub fn late_band(self, days: &Fraction) -> Fraction {
        let bands = list(&self.pack["work"], "late_bands");
        let band = bands.into_iter().find(|band| maybe(&band["to_days"]).is_none_or(|last| *days <= last));
        number(&band.unwrap()["kept"])
    }

    /// Σ points of the products of an axis, or of all, up to a maximum.
    pub fn products(self, rule: &Value) -> Fraction {
        let mut sum = Fraction::zero();
        for product in list(self.card, "products") {
            if rule["axis"].is_null() || rule["axis"] == product["axis"] {
                self.note(if rule["axis"].is_null() { "products summed" } else { "products of an axis summed" });
                sum += self.product(product);
            }
        }
        let max = number(&rule["max"]);
        self.note_if(sum > max, "products at most");
        sum.min(max)
    }

    /// Points of a product × Σ share of the frame × the results of its dimensions.
    fn product(self, product: &Value) -> Fraction {
        let rules = &self.pack["products"];
        let mut points = if rules["weights_sum"].is_null() {
            self.note("product of a kind");
            self.factor("products", "standards", &product["standard"])
        } else {
            self.note("product with a weight");
            number(&product["weight"])
        };
        if !list(rules, "difficulties").is_empty() {
            self.note("product multiplied by difficulty");
            points *= self.factor("products", "difficulties", &product["difficulty"]);
        }
        let frame = named(&list(rules, "frames"), "id", word(product, "frame")).unwrap();
        let own = list(product, "frame_weights");
        self.note_if(!own.is_empty(), "product with weights of its own");
        let weights = if own.is_empty() { list(frame, "weights") } else { own };
        let reached = list(rules, "dimensions").into_iter().zip(weights);
        let share: Fraction =
            reached.map(|(dimension, weight)| self.dimension(dimension, product) * number(weight)).sum();
        let exact = points * share / whole(100);
        if self.option("rounding") != "tenth_product" {
            return exact;
        }
        let rounded = crate::reckon::half_up(&exact, 10);
        self.note_if(rounded != exact, "product rounded to 0.1");
        rounded
    }

    /// The result of a product in one dimension, from 0 to 1.
    fn dimension(self, dimension: &Value, product: &Value) -> Fraction {
        match dimension["source"].as_str() {
            Some("mark") => {
                self.note("dimension by mark");
                number(&product["marks"][word(dimension, "id")]) / whole(100)
            }
            Some("done") => {
                self.note("dimension by quantity done");
                (number(&product["completed"]) / number(&product["assigned"])).min(Fraction::one())
            }
            Some("late") => {
                self.note("dimension by days late");
                self.late_band(&maybe(&product["late_days"]).unwrap_or_else(Fraction::zero))
            }
            _ => {
                self.note("dimension as a mean of others");
                let others = words(&dimension["source"], "mean");
                let count = whole(i64::try_from(others.len()).unwrap());
                let dimensions = list(&self.pack["products"], "dimensions");
                let one = |id: &str| self.dimension(named(&dimensions, "id", id).unwrap(), product);
                others.into_iter().map(one).sum::<Fraction>() / count
            }
        }
    }
}
