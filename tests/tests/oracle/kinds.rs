//! Lists every kind of rule, and how a pack shows that it uses it.

use serde_json::Value;

use crate::reading::{list, words};

/// A kind of rule, by the name that the oracle notes when the rule has its effect, and whether a pack uses it.
pub struct Kind(pub &'static str, pub fn(&Value) -> bool);

/// The entries at a path of keys. Lists on the path are traversed.
fn at<'a>(pack: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = vec![pack];
    for key in path.split('.') {
        let inner = found.into_iter().filter_map(|value| value.get(key));
        found =
            inner.flat_map(|value| value.as_array().map_or_else(|| vec![value], |all| all.iter().collect())).collect();
    }
    found
}

fn has(pack: &Value, path: &str) -> bool {
    !at(pack, path).is_empty()
}

/// Whether a reading may be chosen.
fn offers(pack: &Value, option: &str, value: &str) -> bool {
    let asked = list(pack, "options").into_iter().filter(|asked| asked["id"] == option);
    asked.flat_map(|asked| list(asked, "values")).any(|answer| answer["id"] == value)
}

fn converts(pack: &Value) -> bool {
    has(pack, "components.rule.work")
}

fn leaves_out(pack: &Value) -> bool {
    offers(pack, "not_applicable", "rescale") || offers(pack, "not_applicable", "grant")
}

fn some(pack: &Value, path: &str, test: fn(&Value) -> bool) -> bool {
    at(pack, path).into_iter().any(test)
}

fn scores_by(pack: &Value, source: &str) -> bool {
    has(pack, "components.rule.products") && some_source(pack, source)
}

fn some_source(pack: &Value, source: &str) -> bool {
    at(pack, "products.dimensions.source").into_iter().any(|own| own == source || own.get(source).is_some())
}

/// Whether a rule that could limit or deny a class applies to some roles only.
fn has_roles(rule: &Value) -> bool {
    !words(rule, "roles").is_empty()
}

fn has_when(rule: &Value) -> bool {
    rule["when"].as_object().is_some_and(|when| !when.is_empty())
}

fn is_flag_rule(rule: &Value) -> bool {
    rule["below"].is_null() && rule["above"].is_null()
}

const FORMS: &[Kind] = &[
    Kind("marks summed", |pack| has(pack, "components.rule.marks")),
    Kind("mark as a share", |pack| has(pack, "components.rule.share")),
    Kind("mean of components", |pack| has(pack, "components.rule.mean")),
    Kind("weighted sum of components", |pack| has(pack, "components.rule.sum.terms")),
    Kind("pack without points", |pack| !has(pack, "groups") && !has(pack, "components.rule.sum.terms")),
    Kind("criterion marked in its own way", |pack| {
        offers(pack, "common", "binary") && some(pack, "groups.criteria.marking", |own| own == "graded")
    }),
    Kind("criterion not applicable, granted", |pack| offers(pack, "not_applicable", "grant")),
    Kind("criterion not applicable, rest stretched", |pack| offers(pack, "not_applicable", "rescale")),
    Kind("group not applicable at all", |pack| offers(pack, "not_applicable", "rescale")),
    Kind("share of a criterion not applicable", |pack| leaves_out(pack) && has(pack, "components.rule.share")),
    Kind("group below its lowest sum", |pack| has(pack, "groups.min")),
    Kind("event with fixed points", |pack| some(pack, "events", |event| event["stated"].is_null())),
    Kind("event with stated points", |pack| has(pack, "events.stated")),
    Kind("event counted at most so often", |pack| has(pack, "events.times_max")),
    Kind("event counted once", |pack| has(pack, "events") && offers(pack, "event_count", "once")),
    Kind("events at least", |pack| has(pack, "components.rule.events.min")),
    Kind("events at most", |pack| has(pack, "components.rule.events.max")),
    Kind("share stated", |pack| has(pack, "components.rule.stated")),
    Kind("share lowered by someone led", |pack| has(pack, "statements.subordinates_min")),
    Kind("share full, as all led reach the bound", |pack| has(pack, "statements.subordinates_min")),
    Kind("share open while a result of someone led has not come", |pack| has(pack, "statements.subordinates_min")),
    Kind("total below 0 kept at 0", |pack| has(pack, "events") && offers(pack, "total_floor", "zero")),
    Kind("total rounded to 0.1", |pack| offers(pack, "rounding", "tenth")),
    Kind("total rounded to 0.5", |pack| offers(pack, "rounding", "half")),
    Kind("total cut after two decimals", |pack| offers(pack, "rounding", "cut_hundredth")),
];

const WORK: &[Kind] = &[
    Kind("work converted", converts),
    Kind("nothing assigned", converts),
    Kind("work divided by what was completed", |pack| converts(pack) && offers(pack, "denominator", "completed")),
    Kind("line limited to what was assigned", converts),
    Kind("product limited to what was assigned", |pack| converts(pack) && offers(pack, "cap", "indicator")),
    Kind("component limited to 1", converts),
    Kind("only the whole limited", |pack| converts(pack) && offers(pack, "cap", "total")),
    Kind("product made together", converts),
    Kind("work beyond the plan", converts),
    Kind("loss waived by an objective cause", converts),
    Kind("loss by failed reviews", converts),
    Kind("loss by times late", converts),
    Kind("loss by days late", |pack| converts(pack) && offers(pack, "late_unit", "day")),
    Kind("loss by bands of days late", |pack| converts(pack) && offers(pack, "late_unit", "bands")),
    Kind("work weighed by product", converts),
    Kind("work weighed by level", |pack| offers(pack, "coefficient", "level")),
    Kind("work weighed by product and level", |pack| offers(pack, "coefficient", "product_level")),
    Kind("work multiplied by the position", |pack| offers(pack, "position_multiplier", "on")),
    Kind("products summed", |pack| some(pack, "components.rule.products", |rule| rule["axis"].is_null())),
    Kind("products of an axis summed", |pack| has(pack, "components.rule.products.axis")),
    Kind("products at most", |pack| has(pack, "components.rule.products.axis")),
    Kind("product of a kind", |pack| has(pack, "products.standards")),
    Kind("product with a weight", |pack| has(pack, "products.weights_sum")),
    Kind("product multiplied by difficulty", |pack| has(pack, "products.difficulties")),
    Kind("product with weights of its own", |pack| has(pack, "products.shift_max")),
    Kind("product rounded to 0.1", |pack| offers(pack, "rounding", "tenth_product")),
    Kind("dimension by mark", |pack| scores_by(pack, "mark")),
    Kind("dimension by quantity done", |pack| scores_by(pack, "done")),
    Kind("dimension by days late", |pack| scores_by(pack, "late")),
    Kind("dimension as a mean of others", |pack| scores_by(pack, "mean")),
];

const CLASSES: &[Kind] = &[
    Kind("other lowest total under a reading", |pack| has(pack, "classes.min_when")),
    Kind("gate with a lowest value fails", |pack| has(pack, "classes.gates.at_least")),
    Kind("gate with a highest value fails", |pack| has(pack, "classes.gates.at_most")),
    Kind("gate with a value to exceed fails", |pack| has(pack, "classes.gates.above")),
    Kind("gate on a flag fails", |pack| has(pack, "classes.gates.is")),
    Kind("gate on a flag assumed to be no", |pack| has(pack, "classes.gates.is")),
    Kind("gate on a component fails", |pack| has(pack, "classes.gates.component")),
    Kind("gate of some roles fails", |pack| some(pack, "classes.gates", has_roles)),
    Kind("gate under a reading fails", |pack| some(pack, "classes.gates", has_when)),
    Kind("lower class for a failed gate", |pack| has(pack, "classes.gates") || has(pack, "groups.min")),
    Kind("no class that the text gives", |pack| has(pack, "classes.gates")),
    Kind("lowest class for too low marks of a group", |pack| has(pack, "groups.min")),
    Kind("lowest class for all others", |pack| has(pack, "classes.otherwise")),
    Kind("lowest class as nothing else is left", |pack| has(pack, "classes.gates") && has(pack, "class_caps")),
    Kind("gate passed by a flag in its place", |pack| has(pack, "classes.gates.unless")),
    Kind("authority decides on a failed gate", |pack| offers(pack, "gate_failure", "authority")),
    Kind("knock-out by a flag", |pack| some(pack, "knock_outs", is_flag_rule)),
    Kind("knock-out by a quantity below a bound", |pack| has(pack, "knock_outs.below")),
    Kind("knock-out by a quantity above a bound", |pack| has(pack, "knock_outs.above")),
    Kind("knock-out of some roles", |pack| some(pack, "knock_outs", has_roles)),
    Kind("knock-out under a reading", |pack| some(pack, "knock_outs", has_when)),
    Kind("knock-out excused", |pack| has(pack, "knock_outs.unless")),
    Kind("several knock-outs", |pack| at(pack, "knock_outs").len() > 1),
    Kind("knock-outs to several classes", |pack| {
        at(pack, "knock_outs.class").windows(2).any(|pair| pair.first() != pair.last())
    }),
    Kind("class limited by a flag", |pack| has(pack, "class_caps.class_max")),
    Kind("class limited by the class of the unit", |pack| some(pack, "class_caps", |rule| rule["class_max"].is_null())),
    Kind("not eligible for too small a share", |pack| has(pack, "eligibility.of")),
    Kind("not eligible for too small a number", |pack| {
        some(pack, "eligibility", |rule| rule["of"].is_null() && !rule["at_least"].is_null())
    }),
    Kind("not eligible for too large a number", |pack| has(pack, "eligibility.below")),
    Kind("not eligible for a flag", |pack| has(pack, "eligibility.is")),
    Kind("eligibility of some roles", |pack| some(pack, "eligibility", has_roles)),
    Kind("eligibility under a reading", |pack| some(pack, "eligibility", has_when)),
    Kind("appraisal far from the self-score", |pack| has(pack, "appraisal_gap")),
    Kind("appraisal of another class than the self-score", |pack| some(pack, "appraisal_gap.class", |own| own == true)),
    Kind("appraisal far from the self-score not explained", |pack| has(pack, "appraisal_gap")),
    Kind("appraisal near the self-score", |pack| has(pack, "appraisal_gap")),
    Kind("presence assumed to be full", |pack| some(pack, "facts", |fact| fact["assume"] == "full")),
];

pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    [FORMS, WORK, CLASSES].into_iter().flatten()
}
