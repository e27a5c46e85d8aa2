//! The oracle's way from a total and facts to a class, independent of the engine.

use num_traits::{Signed, Zero};
use serde_json::Value;

use crate::case::{Case, Stated};
use crate::reading::{Fraction, list, maybe, number, word, words};
use crate::reckon::{Unstated, Values};

/// The result of a card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// A fact that a condition needs is not stated, or an explanation is missing.
    Refused,
    Known {
        total: Option<Fraction>,
        /// The limits of a total for which statements are still missing.
        range: Option<(Fraction, Fraction)>,
        class: Option<String>,
        status: &'static str,
    },
}

/// A fact that a condition needs is not stated.
#[derive(Clone, Copy, Debug)]
struct Unknown;

pub fn judge(case: Case<'_>) -> Found {
    let known = |total, class, status| Found::Known { total, range: None, class, status };
    let values = case.components(Unstated::Worst);
    let Some(total) = values.get("total").cloned() else {
        return known(None, None, "insufficient_data");
    };
    if case.lacks_statements() {
        let best = case.components(Unstated::Best).get("total").cloned();
        let range = best.map(|best| (total, best));
        return Found::Known { total: None, range, class: None, status: "provisional" };
    }
    let (Ok((class, open)), Ok(eligible)) = (class(case, &values), is_eligible(case)) else { return Found::Refused };
    if case.lacks_explanation(&total, class.as_ref().filter(|_| eligible && !open)) {
        return Found::Refused;
    }
    match (eligible, open) {
        (false, _) => known(Some(total), None, "not_classified"),
        (true, true) => known(Some(total), class, "provisional"),
        (true, false) => known(Some(total), class, "scored"),
    }
}

impl Case<'_> {
    /// HD 03: if self-score and appraisal differ by this many points, or have different classes, they need an
    /// explanation in writing.
    fn lacks_explanation(self, total: &Fraction, class: Option<&String>) -> bool {
        let (rule, own) = (&self.pack["appraisal_gap"], &self.card["self"]);
        if rule.is_null() || own.is_null() {
            return false;
        }
        let difference = total - number(&own["total"]);
        let far = difference.abs() >= number(&rule["points"]);
        let other = rule["class"] == true && class.is_some_and(|class| own["class"] != **class);
        let silent = own["explanation"].as_str().is_none_or(|words| words.trim().is_empty());
        self.note_if(far && !silent, "appraisal far from the self-score");
        self.note_if(other && !silent, "appraisal of another class than the self-score");
        self.note_if((far || other) && silent, "appraisal far from the self-score not explained");
        self.note_if(!far && !other && silent, "appraisal near the self-score");
        (far || other) && silent
    }
}

/// The class, and whether the authority still has to decide. There is no class if the points suffice for one above the
/// lowest, no conditions hold, and the text does not give the lowest to all others: Đ.8(4), Đ.20(4) of Decree 335 list
/// their cases.
fn class(case: Case<'_>, values: &Values<'_>) -> Result<(Option<String>, bool), Unknown> {
    let classes = list(case.pack, "classes");
    let lowest = classes.len() - 1;
    let highest_left = cap(case, &classes);
    let code = |place: usize| Some(word(classes[place.max(highest_left)], "code").to_owned());
    if let Some(place) = knocked_out(case, &classes)? {
        return Ok((code(place), false));
    }
    let reached = |class: &&Value| least(case, class) <= values["total"];
    let by_points = classes.iter().position(reached).unwrap_or(lowest);
    for (place, class) in classes.iter().enumerate().take(lowest).skip(by_points) {
        if gates_hold(case, class, values)? && groups_suffice(case) {
            let open = place > by_points && case.option("gate_failure") == "authority";
            case.note_if(place > by_points && !open, "lower class for a failed gate");
            case.note_if(open, "authority decides on a failed gate");
            // Below the class of the unit led only the lowest remains.
            return Ok((code(place), open && (highest_left < lowest)));
        }
    }
    if highest_left == lowest {
        case.note_if(by_points < lowest, "lowest class as nothing else is left");
        return Ok((code(lowest), false));
    }
    let low_marks = by_points < lowest && !groups_suffice(case);
    let all_others = by_points < lowest && classes[lowest]["otherwise"] == true;
    case.note_if(low_marks, "lowest class for too low marks of a group");
    case.note_if(all_others && !low_marks, "lowest class for all others");
    if by_points == lowest || low_marks || all_others {
        return Ok((code(lowest), by_points < lowest && case.option("gate_failure") == "authority"));
    }
    case.note("no class that the text gives");
    Ok((None, true))
}

/// The lowest total of a class.
fn least(case: Case<'_>, class: &Value) -> Fraction {
    let usual = maybe(&class["min"]).unwrap_or_else(Fraction::zero);
    let other = list(class, "min_when").into_iter().find(|other| case.applies(other));
    case.note_if(other.is_some(), "other lowest total under a reading");
    other.map_or(usual, |other| number(&other["min"]))
}

fn place_of(classes: &[&Value], code: &Value) -> usize {
    classes.iter().position(|class| class["code"] == *code).unwrap()
}

/// A flag. If nobody stated it, it is "no" where the pack assumes so.
fn flag(stated: Stated<'_>) -> Result<bool, Unknown> {
    match stated {
        Stated::Value(value) => Ok(value.as_bool().unwrap()),
        Stated::Assumed("absent") => Ok(false),
        Stated::Assumed(_) | Stated::Missing => Err(Unknown),
    }
}

fn quantity(stated: Stated<'_>) -> Result<Fraction, Unknown> {
    match stated {
        Stated::Value(value) => Ok(number(value)),
        Stated::Assumed(_) | Stated::Missing => Err(Unknown),
    }
}

/// The lowest class to which a stated fact leads.
fn knocked_out(case: Case<'_>, classes: &[&Value]) -> Result<Option<usize>, Unknown> {
    let mut places = Vec::new();
    for rule in list(case.pack, "knock_outs") {
        let Some(stated) = case.fact(word(rule, "fact")) else { continue };
        if !case.applies(rule) {
            continue;
        }
        let (below, above) = (maybe(&rule["below"]), maybe(&rule["above"]));
        let (decides, kind) = match (below, above) {
            (None, None) => (flag(stated)?, "knock-out by a flag"),
            (Some(bound), _) => (quantity(stated)? < bound, "knock-out by a quantity below a bound"),
            (None, Some(bound)) => (quantity(stated)? > bound, "knock-out by a quantity above a bound"),
        };
        let is_yes = |id: &str| matches!(case.fact(id), Some(Stated::Value(Value::Bool(true))));
        let excused = decides && words(rule, "unless").into_iter().any(is_yes);
        case.note_if(excused, "knock-out excused");
        if decides && !excused {
            case.note(kind);
            case.note_if(!words(rule, "roles").is_empty(), "knock-out of some roles");
            case.note_if(!rule["when"].is_null(), "knock-out under a reading");
            places.push(place_of(classes, &rule["class"]));
        }
    }
    case.note_if(places.len() > 1, "several knock-outs");
    case.note_if(places.iter().any(|place| *place != places[0]), "knock-outs to several classes");
    Ok(places.into_iter().max())
}

fn gates_hold(case: Case<'_>, class: &Value, values: &Values<'_>) -> Result<bool, Unknown> {
    let mut hold = true;
    for gate in list(class, "gates").into_iter().filter(|gate| case.applies(gate)) {
        let is_yes = |id: &str| matches!(case.fact(id), Some(Stated::Value(Value::Bool(true))));
        if words(gate, "unless").into_iter().any(is_yes) {
            case.note("gate passed by a flag in its place");
            continue;
        }
        let own = if let Some(id) = gate["component"].as_str() {
            let Some(value) = values.get(id) else { continue };
            let holds = is_within(case, gate, value);
            case.note_if(!holds, "gate on a component fails");
            holds
        } else {
            let Some(stated) = case.fact(word(gate, "fact")) else { continue };
            match gate["is"].as_bool() {
                Some(wanted) => {
                    case.note_if(matches!(stated, Stated::Assumed(_)), "gate on a flag assumed to be no");
                    let holds = flag(stated)? == wanted;
                    case.note_if(!holds, "gate on a flag fails");
                    holds
                }
                None => is_within(case, gate, &quantity(stated)?),
            }
        };
        case.note_if(!own && !words(gate, "roles").is_empty(), "gate of some roles fails");
        case.note_if(!own && !gate["when"].is_null(), "gate under a reading fails");
        hold &= own;
    }
    Ok(hold)
}

fn is_within(case: Case<'_>, gate: &Value, value: &Fraction) -> bool {
    let low = maybe(&gate["at_least"]).is_some_and(|lowest| *value < lowest);
    let high = maybe(&gate["at_most"]).is_some_and(|highest| *value > highest);
    let short = maybe(&gate["above"]).is_some_and(|bound| *value <= bound);
    case.note_if(low, "gate with a lowest value fails");
    case.note_if(high, "gate with a highest value fails");
    case.note_if(short, "gate with a value to exceed fails");
    !(low || high || short)
}

/// Whether the groups with marks reach their lowest sums. Otherwise only the lowest class remains.
fn groups_suffice(case: Case<'_>) -> bool {
    let marked = |group: &&Value| list(group, "criteria").into_iter().any(|row| case.is_marked(row));
    let short = |group: &Value| maybe(&group["min"]).is_some_and(|least| case.group(group) < least);
    let fails = case.groups().into_iter().filter(marked).any(short);
    case.note_if(fails, "group below its lowest sum");
    !fails
}

/// The highest class that remains, by its place: that of the unit led, or what a flag allows. Missing statements limit
/// nobody.
fn cap(case: Case<'_>, classes: &[&Value]) -> usize {
    let mut highest = 0;
    for rule in list(case.pack, "class_caps").into_iter().filter(|rule| case.applies(rule)) {
        let place = match case.fact(word(rule, "fact")) {
            Some(Stated::Value(Value::Bool(true))) => {
                case.note("class limited by a flag");
                place_of(classes, &rule["class_max"])
            }
            Some(Stated::Value(code @ Value::String(_))) => {
                case.note("class limited by the class of the unit");
                place_of(classes, code)
            }
            _ => 0,
        };
        highest = highest.max(place);
    }
    highest
}

/// Whether anybody in this position is classified at all. One rule that denies it is enough, whatever is not known
/// about the others.
fn is_eligible(case: Case<'_>) -> Result<bool, Unknown> {
    let rules = list(case.pack, "eligibility").into_iter().filter(|rule| case.applies(rule));
    let verdicts: Vec<Result<bool, Unknown>> = rules.map(|rule| allows(case, rule)).collect();
    if verdicts.iter().any(|verdict| matches!(verdict, Ok(false))) {
        return Ok(false);
    }
    verdicts.into_iter().try_fold(true, |all, verdict| Ok(all && verdict?))
}

fn allows(case: Case<'_>, rule: &Value) -> Result<bool, Unknown> {
    let (holds, kind) = match (case.fact(word(rule, "fact")), rule["is"].as_bool()) {
        (None, _) => return Ok(true),
        (Some(Stated::Assumed("full")), _) => {
            case.note("presence assumed to be full");
            return Ok(true);
        }
        // A fact that counts as absent counts as zero.
        (Some(Stated::Assumed(_)), None) => is_enough(case, rule, &Fraction::zero())?,
        (Some(stated), Some(wanted)) => (flag(stated)? == wanted, "not eligible for a flag"),
        (Some(stated), None) => is_enough(case, rule, &quantity(stated)?)?,
    };
    case.note_if(!holds, kind);
    case.note_if(!holds && !words(rule, "roles").is_empty(), "eligibility of some roles");
    case.note_if(!holds && !rule["when"].is_null(), "eligibility under a reading");
    Ok(holds)
}

/// Whether a number, or its share of another, lies within the bounds.
fn is_enough(case: Case<'_>, rule: &Value, value: &Fraction) -> Result<(bool, &'static str), Unknown> {
    let of = match rule["of"].as_str().and_then(|id| case.fact(id)) {
        Some(stated) => Some(quantity(stated)?),
        None => None,
    };
    let scaled = |bound: Fraction| of.as_ref().map_or(bound.clone(), |of| bound * of);
    let enough = maybe(&rule["at_least"]).is_none_or(|bound| *value >= scaled(bound));
    let little = maybe(&rule["below"]).is_none_or(|bound| *value < scaled(bound));
    let kind = match (&of, enough) {
        (Some(_), false) => "not eligible for too small a share",
        (None, false) => "not eligible for too small a number",
        (_, true) => "not eligible for too large a number",
    };
    Ok((enough && little, kind))
}
