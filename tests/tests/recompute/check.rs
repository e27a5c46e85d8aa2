//! Recomputes an explanation step by step, from its own texts only.

use std::collections::BTreeMap;

use num_traits::Zero;
use shared::score::Step;

use crate::formula::{Fraction, Line, Names, Scope, Value, fraction, value};

/// The result of an explanation.
#[derive(Default, Debug)]
pub struct Reckoned {
    pub total: Option<Fraction>,
    /// None where the text gives no class, or nobody is classified.
    pub class: Option<String>,
}

/// What was read so far.
struct Reading<'a> {
    steps: &'a [Step],
    /// The last value of every step by its name.
    known: BTreeMap<String, String>,
    /// The kinds of steps and formulas that occurred.
    met: &'a mut BTreeMap<String, usize>,
}

pub fn reckon(steps: &[Step], met: &mut BTreeMap<String, usize>) -> Result<Reckoned, String> {
    let mut reading = Reading { steps, known: BTreeMap::new(), met };
    for step in steps {
        reading.step(step).map_err(|error| format!("{error}\n  in {step:?}"))?;
        reading.known.insert(step.step.clone(), step.value.clone());
        if step.step == "rounding" {
            reading.known.insert("total".to_owned(), step.value.clone());
        }
    }
    let total = reading.known.get("total").map(|total| fraction(total)).transpose()?;
    let classified = steps.iter().any(|step| step.step == "class");
    let class = if classified { class(steps)? } else { None };
    Ok(Reckoned { total, class })
}

fn names(step: &Step) -> Names {
    step.inputs.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

impl Reading<'_> {
    fn meet(&mut self, kind: &str) {
        *self.met.entry(kind.to_owned()).or_default() += 1;
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        let (head, rest) = step.step.split_once('.').unwrap_or((&step.step, ""));
        self.meet(head);
        for sign in ["h′", "Σ", "⌊", "[", "min(", "max(", "∀", "∨", "∧", "|", "= 0: 0", ".i", "times, "] {
            if step.formula.contains(sign) {
                self.meet(&format!("formula with {sign}"));
            }
        }
        self.inputs_are_known(step)?;
        match head {
            "not_worked" | "missing" | "sent_by_unit" => {
                let listed = step.formula.split(", ").count();
                same(&listed.to_string(), &step.value, "the length of the list")
            }
            "limit" => {
                let periods: Vec<&str> = step.formula.split(", ").collect();
                let stated: Vec<&str> = step.inputs.keys().map(String::as_str).filter(|key| *key != "after").collect();
                let wanted = step.inputs.get("after").ok_or("no class that limits")?;
                let all = stated.iter().all(|key| step.inputs.get(*key) == Some(wanted));
                if all && periods == stated { Ok(()) } else { Err("periods with another class".to_owned()) }
            }
            "cap" => self.cap(step),
            "class" if rest.is_empty() => self.holds(step, true),
            "class" => same(&class_until(self.steps, step)?.unwrap_or("undecided".into()), &step.value, "the class"),
            "level" => self.holds(step, true),
            "knock_out" | "gate" | "group_min" | "eligibility" | "insufficient_data" => {
                self.holds(step, step.value == "true")
            }
            _ if step.formula == "authority" => Ok(()),
            _ => self.number(step),
        }
    }

    /// Checks that every input named after a step has that step's value.
    fn inputs_are_known(&self, step: &Step) -> Result<(), String> {
        for (key, given) in &step.inputs {
            // The class to which a limit applies is that of the conditions; `cap` computes it.
            if key == "class" && step.step.starts_with("cap.") {
                continue;
            }
            // Any other step means the class as decided so far.
            let decided = ["class.limited", "class.decided"].iter().find_map(|name| self.known.get(*name));
            if let Some(decided) = decided.filter(|_| key == "class") {
                same(decided, given, "the class decided")?;
                continue;
            }
            let own = format!("{}.{key}", step.step);
            let of_line = step.step.split_once('.').map(|(_, line)| format!("{key}.{line}"));
            let counted = format!("{key}.{}", step.step);
            let names = [Some(own), Some(key.clone()), of_line, Some(counted)];
            // A dimension of a product may have the name of a component, and `k` has the name of nothing.
            let is_view = step.step.split('.').count() == 2 && key.len() < 3 && step.formula.starts_with("points_max");
            let is_letter = ["k", "g", "h", "q", "l", "x", "G", "H"].contains(&key.as_str());
            for (place, name) in names.into_iter().enumerate() {
                let Some(known) = name.and_then(|name| self.known.get(&name)) else { continue };
                if place == 1 && (is_view || is_letter) {
                    continue;
                }
                same(known, given, &format!("input {key}"))?;
                break;
            }
        }
        Ok(())
    }

    fn lines(&self, step: &Step) -> Vec<Line> {
        let mut lines: BTreeMap<usize, Line> = BTreeMap::new();
        for other in self.steps {
            let Some((id, number)) = other.step.split_once('.') else { continue };
            let (Ok(number), true) = (number.parse::<usize>(), other.inputs.contains_key("g")) else { continue };
            let line = lines.entry(number).or_default();
            line.values.insert(id.to_owned(), other.value.clone());
            if id == step.step {
                line.inputs = names(other);
            }
        }
        lines.into_values().collect()
    }

    fn value(&self, step: &Step) -> Result<Value, String> {
        let lines = if step.formula.contains('Σ') { self.lines(step) } else { Vec::new() };
        value(&step.formula, &Scope { names: &names(step), lines: &lines })
    }

    fn holds(&self, step: &Step, wanted: bool) -> Result<(), String> {
        match self.value(step)? {
            Value::Truth(truth) if truth == wanted => Ok(()),
            other => Err(format!("found {other:?}, printed is {}", step.value)),
        }
    }

    fn number(&self, step: &Step) -> Result<(), String> {
        let printed = fraction(&step.value)?;
        match self.value(step)? {
            Value::Number(number) if number == printed => {}
            other => return Err(format!("found {other:?}, printed is {}", step.value)),
        }
        if let (Some(above), Some(below)) = (step.inputs.get("numerator"), step.inputs.get("denominator")) {
            self.both_sums(step, above, below)?;
        }
        if step.step.starts_with("h′.") {
            self.best_first(step)?;
        }
        Ok(())
    }

    /// Checks that the sums above and below the fraction bar are those that are printed.
    fn both_sums(&self, step: &Step, above: &str, below: &str) -> Result<(), String> {
        let formula = step.formula.trim_start_matches("min(1, ").trim_start_matches('[');
        let formula = formula.rsplit("0; ").next().unwrap_or(formula);
        let (over, under) = formula.split_once(" / ").ok_or("no fraction")?;
        let lines = self.lines(step);
        for (sum, printed) in [(over, above), (under.trim_end_matches([')', ']']), below)] {
            // The last bracket of a sum under limits may belong to the sum.
            let open = sum.matches('(').count().saturating_sub(sum.matches(')').count());
            let sum = format!("{sum}{}", ")".repeat(open));
            let found = value(&sum, &Scope { names: &Names::new(), lines: &lines })?;
            if found != Value::Number(fraction(printed)?) {
                return Err(format!("{sum} is {found:?}, printed is {printed}"));
            }
        }
        Ok(())
    }

    /// h′: the assigned amount of a product is filled by its best lines first.
    fn best_first(&self, step: &Step) -> Result<(), String> {
        let of = |name: &str| self.steps.iter().find(|other| other.step == name);
        let line = step.step.trim_start_matches("h′.");
        let (id, number) = line.split_once('.').ok_or("no line")?;
        let own = of(line).ok_or("no line")?;
        let code = own.inputs.get("code");
        let is_same = |other: &&Step| {
            let of_measure = other.step.split_once('.').is_some_and(|(other, place)| {
                other == id && (place == number || (code.is_some() && place.parse::<usize>().is_ok()))
            });
            of_measure && (other.step == line || other.inputs.get("code") == code)
        };
        let same_product: Vec<&Step> = self.steps.iter().filter(is_same).collect();
        let number_of = |step: &Step, key: &str| fraction(step.inputs.get(key).map_or("0", String::as_str));
        let mut assigned = Fraction::zero();
        for other in &same_product {
            assigned += number_of(other, "g")?;
        }
        let printed = number_of(step, "G")?;
        if assigned != printed {
            return Err(format!("assigned of the product: {assigned}, printed {printed}"));
        }
        // The worth of a line per unit: its value over what counts of it.
        let worth = |line: &Step| -> Result<Fraction, String> {
            let mut one = line.clone();
            for (key, value) in [("h′", "1"), ("x", "0")] {
                one.inputs.insert(key.to_owned(), value.to_owned());
            }
            match value(&one.formula, &Scope { names: &names(&one), lines: &[] })? {
                Value::Number(number) => Ok(number),
                other => Err(format!("{other:?}")),
            }
        };
        let before = |line: &Step| number_of(of(&format!("h′.{}", line.step)).ok_or("no h′")?, "H");
        let mine = (worth(own)?, before(own)?);
        let mut used = Fraction::zero();
        for other in same_product.iter().filter(|other| other.step != line) {
            let theirs = (worth(other)?, before(other)?);
            let earlier = theirs.1 < mine.1 || (theirs.1 == mine.1 && number_of(other, "h′")?.is_zero());
            if theirs.1 < mine.1 {
                used += number_of(other, "h′")?;
            }
            if (theirs.0 > mine.0 && !earlier && theirs.1 != mine.1) || (theirs.0 < mine.0 && theirs.1 < mine.1) {
                return Err(format!("not the best first: {theirs:?} and {mine:?}"));
            }
        }
        if used == mine.1 { Ok(()) } else { Err(format!("counted before: {used}, printed {}", mine.1)) }
    }

    fn cap(&self, step: &Step) -> Result<(), String> {
        let order = order(step)?;
        let place = |code: &str| order.iter().position(|other| *other == code).ok_or(format!("no class {code}"));
        let highest = place(&highest_of(step)?)?;
        let class = step.inputs.get("class").ok_or("no class")?;
        let by_points = place(self.known.get("class").ok_or("no class by points")?)?;
        let mut met = [false, true].into_iter().map(|others| by_conditions(self.steps, &order, by_points, others));
        let is_met =
            |found: Result<Option<usize>, String>| Ok::<bool, String>(found?.map_or("", |found| order[found]) == class);
        if !met.try_fold(false, |any, found| Ok::<bool, String>(any | is_met(found)?))? {
            return Err(format!("class {class} does not follow from the conditions"));
        }
        let holds = if class.is_empty() { highest + 1 < order.len() } else { place(class)? >= highest };
        same(&holds.to_string(), &step.value, "the limit")
    }
}

fn same(found: &str, printed: &str, what: &str) -> Result<(), String> {
    let equal = found == printed
        || matches!((fraction(found), fraction(printed)), (Ok(found), Ok(printed)) if found == printed);
    if equal { Ok(()) } else { Err(format!("{what}: {found}, printed is {printed}")) }
}

fn order(step: &Step) -> Result<Vec<&str>, String> {
    Ok(step.inputs.get("order").ok_or("no order of classes")?.split(" > ").collect())
}

/// `class ≤ HTT`, or `class ≤ unit_class` with the class it stands for.
fn highest_of(step: &Step) -> Result<String, String> {
    let (_, word) = step.formula.split_once("class ≤ ").ok_or("no limit")?;
    Ok(step.inputs.get(word).filter(|_| word != "class").cloned().unwrap_or_else(|| word.to_owned()))
}

/// The final class. None where the text gives none, or nobody is classified.
fn class(steps: &[Step]) -> Result<Option<String>, String> {
    if steps.iter().any(|step| step.step.starts_with("eligibility.")) {
        return Ok(None);
    }
    let last = steps.iter().rfind(|step| step.step == "class.limited" || step.step == "class.decided");
    match last {
        Some(step) => Ok(Some(step.value.clone()).filter(|value| value != "undecided")),
        // Where the class by points remains, nothing is printed. Then nothing may contradict it.
        None => {
            let by_points = steps.iter().find(|step| step.step == "class").ok_or("no class")?;
            let against = |step: &&Step| {
                let head = step.step.split('.').next().unwrap_or_default();
                let elsewhere = step.inputs.get("leads_to").is_none_or(|class| *class != by_points.value);
                step.value == "false" && elsewhere && ["knock_out", "gate", "group_min", "cap"].contains(&head)
            };
            match steps.iter().find(against) {
                None => Ok(Some(by_points.value.clone())),
                Some(step) => Err(format!("{step:?} is against the class by points")),
            }
        }
    }
}

/// The class that follows from the steps before a step.
fn class_until(steps: &[Step], end: &Step) -> Result<Option<String>, String> {
    let count = steps.iter().take_while(|step| !std::ptr::eq(*step, end)).count();
    let before = &steps[..count];
    let order = order(end)?;
    let lowest = order.len() - 1;
    let place = |code: &str| order.iter().position(|other| *other == code).ok_or(format!("no class {code}"));
    let of = |kind: &str| {
        let kind = format!("{kind}.");
        before.iter().filter(move |step| step.step.starts_with(&kind)).collect::<Vec<_>>()
    };
    if end.step == "class.limited" {
        let class = match end.inputs.get("class") {
            Some(class) => place(class)?,
            None => return Err("no class to limit".to_owned()),
        };
        let mut left = class;
        for limit in of("limit").iter().filter(|step| !step.value.is_empty()) {
            left = left.max(place(&limit.value)?);
        }
        return Ok(Some(order[left].to_owned()));
    }
    let by_points = place(end.inputs.get("by_points").ok_or("no class by points")?)?;
    let others = end.inputs.get("otherwise").is_some_and(|word| word == "true");
    let mut class = by_conditions(before, &order, by_points, others)?;
    for step in before.iter().filter(|step| step.step.starts_with("cap.")) {
        let highest = place(&highest_of(step)?)?;
        class = match class {
            Some(class) => Some(class.max(highest)),
            None => (highest == lowest).then_some(lowest),
        };
    }
    Ok(class.map(|class| order[class].to_owned()))
}

/// The class from knock-outs, gates and groups of marks, as its place in the order. `others` says that the lowest class
/// is that of all others.
fn by_conditions(steps: &[Step], order: &[&str], by_points: usize, others: bool) -> Result<Option<usize>, String> {
    let lowest = order.len() - 1;
    let place = |code: &str| order.iter().position(|other| *other == code).ok_or(format!("no class {code}"));
    let of = |kind: &str| {
        let kind = format!("{kind}.");
        steps.iter().filter(move |step| step.step.starts_with(&kind)).collect::<Vec<_>>()
    };
    let mut class = None;
    for step in of("knock_out").iter().filter(|step| step.value == "false") {
        let leads_to = place(step.inputs.get("leads_to").ok_or("leads nowhere")?)?;
        class = Some(class.map_or(leads_to, |class: usize| class.max(leads_to)));
    }
    if class.is_none() {
        let fails = |kind: &str, code: &str| {
            let name = format!("{kind}.{code}.");
            steps.iter().any(|step| step.step.starts_with(&name) && step.value == "false")
        };
        class = (by_points..lowest).find(|place| !fails("gate", order[*place]) && !fails("group_min", order[*place]));
        let low_marks = of("group_min").iter().any(|step| step.value == "false");
        if class.is_none() && (by_points == lowest || low_marks || others) {
            class = Some(lowest);
        }
    }
    Ok(class)
}
