//! From a total and facts to a class, once more.

use num_traits::Zero;
use serde_json::Value;

use crate::reading::{Fraction, list, maybe, number, of_role, word, words};
use crate::reckon::{Case, Unstated};

/// What follows from a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// A fact that a condition needs is not stated.
    Refused,
    Known {
        total: Option<Fraction>,
        /// Between what a total will lie that statements are still missing for.
        range: Option<(Fraction, Fraction)>,
        class: Option<String>,
        status: &'static str,
    },
}

pub fn judge(case: Case<'_>) -> Found {
    let known = |total, class, status| Found::Known { total, range: None, class, status };
    let Some(total) = case.total(Unstated::Worst) else {
        return known(None, None, "insufficient_data");
    };
    if case.lacks_statements() {
        let range = case.total(Unstated::Best).map(|best| (total, best));
        return Found::Known { total: None, range, class: None, status: "provisional" };
    }
    let Some((class, open)) = class(case, &total) else { return Found::Refused };
    let Some(eligible) = is_eligible(case) else { return Found::Refused };
    match (eligible, open) {
        (false, _) => known(Some(total), None, "not_classified"),
        (true, true) => known(Some(total), Some(class), "provisional"),
        (true, false) => known(Some(total), Some(class), "scored"),
    }
}

/// The class, and whether the authority still has to decide; none when a fact is missing.
fn class(case: Case<'_>, total: &Fraction) -> Option<(String, bool)> {
    let classes = list(case.pack, "classes");
    let lowest = classes.last().unwrap();
    if let Some(class) = knocked_out(case, &classes) {
        return Some((class, false));
    }
    let reached: Vec<&Value> = classes.iter().copied().filter(|class| min(class) <= *total).collect();
    let by_points = reached.first().copied().unwrap_or(lowest);
    let mut decided = *lowest;
    for class in reached {
        if gates_hold(case, class)? {
            decided = class;
            break;
        }
    }
    let open = decided["code"] != by_points["code"] && case.option("gate_failure") == "authority";
    Some((word(decided, "code").to_owned(), open))
}

fn min(class: &Value) -> Fraction {
    maybe(&class["min"]).unwrap_or_else(Fraction::zero)
}

/// The lowest class that a stated fact leads to.
fn knocked_out(case: Case<'_>, classes: &[&Value]) -> Option<String> {
    let facts = of_role(case.pack, "facts", case.role());
    let is_true = |fact: &str| case.card["facts"][fact] == true;
    let stated = of_role(case.pack, "knock_outs", case.role()).into_iter().filter(|rule| {
        let fact = word(rule, "fact");
        let value = &case.card["facts"][fact];
        let beyond = |bound: &str| Some((maybe(value)?, maybe(&rule[bound])?));
        let happened = match (&rule["below"], &rule["above"]) {
            (Value::Null, Value::Null) => is_true(fact),
            _ => {
                beyond("below").is_some_and(|(value, bound)| value < bound)
                    || beyond("above").is_some_and(|(value, bound)| value > bound)
            }
        };
        let excused = words(rule, "unless").into_iter().any(is_true);
        facts.iter().any(|known| known["id"] == fact) && case.applies(rule) && happened && !excused
    });
    let named = stated.filter_map(|rule| classes.iter().find(|class| class["code"] == rule["class"]));
    named.min_by_key(|class| min(class)).map(|class| word(class, "code").to_owned())
}

fn gates_hold(case: Case<'_>, class: &Value) -> Option<bool> {
    let mut hold = true;
    for gate in of_role(class, "gates", case.role()).into_iter().filter(|gate| case.applies(gate)) {
        let value = maybe(&case.card["facts"][word(gate, "fact")])?;
        hold &= maybe(&gate["at_least"]).is_none_or(|lowest| value >= lowest);
        hold &= maybe(&gate["at_most"]).is_none_or(|highest| value <= highest);
    }
    Some(hold)
}

/// Whether enough days were worked to be classified at all; none when a fact is missing.
fn is_eligible(case: Case<'_>) -> Option<bool> {
    for rule in list(case.pack, "eligibility").into_iter().filter(|rule| case.applies(rule)) {
        let Some(days) = maybe(&case.card["facts"][word(rule, "days")]) else { continue };
        let of_days = maybe(&case.card["facts"][word(rule, "of_days")])?;
        if days < of_days * number(&rule["at_least"]) {
            return Some(false);
        }
    }
    Some(true)
}
