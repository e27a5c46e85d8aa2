//! Who may be in the class that is limited: the number allowed in each group, who fits, who is over, and where equals stand.
//!
//! The number is reckoned from the classes as they were proposed, as a meeting does it. Whoever is over goes to the class
//! below, which can raise the base, so the number that would then be allowed stands beside it.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::error::{Allowed, ErrorCode, InputError};
use super::json;
use super::outcome::Number;
use crate::num::Exact;
use crate::order::{Map, sort_by_key};
use crate::pack::{self, OptionScope, Pack, Quota};

/// Who was classified how, by groups of similar duty.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaInput {
    /// The pack, by id.
    pub pack: String,
    /// Readings chosen; the pack's defaults apply to the rest.
    #[serde(default)]
    pub options: Map<String, String>,
    /// Groups of similar duty within one agency.
    pub groups: Vec<QuotaGroup>,
}

/// A group of similar duty.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaGroup {
    /// Name for people.
    pub name: String,
    /// Whether the competent authority decided that the organisation is outstanding.
    #[serde(default)]
    pub outstanding: bool,
    /// Its members.
    pub members: Vec<Member>,
}

/// Someone classified.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Who.
    pub id: String,
    /// The exact total.
    pub total: Exact,
    /// The class proposed.
    pub class: String,
    /// Whether they head the agency.
    #[serde(default)]
    pub head: bool,
}

/// The quota of a pack on some groups.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct QuotaOutcome {
    /// The pack.
    pub pack: String,
    /// Readings used, defaults included.
    pub options: Map<String, String>,
    /// The class that is limited.
    pub class: String,
    /// Where the text says so.
    pub clause: String,
    /// A result for each group.
    pub groups: Vec<GroupOutcome>,
}

/// The quota in one group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct GroupOutcome {
    /// The group.
    pub name: String,
    /// How many may be in the class.
    pub allowed: usize,
    /// How that came about: `⌊1/5 · 11⌋ = 2`.
    pub formula: String,
    /// The share of the base before any rounding.
    pub share_of_base: Number,
    /// How many would be allowed if everyone over went to the class that is the base.
    pub allowed_after: usize,
    /// Who fits, best first.
    pub fits: Vec<String>,
    /// Who is over, best first: each needs a reason or another class.
    pub over: Vec<String>,
    /// Equals among whom the line would fall: the authority decides, no order does.
    pub ties: Vec<String>,
    /// Heads left out of the count, where the reading leaves them out.
    pub left_out: Vec<String>,
}

/// As JSON, from JSON.
///
/// # Errors
/// As [`quota`], or a text that says something else.
pub fn quota_json(input: &str) -> Result<String, Vec<InputError>> {
    let input: QuotaInput = json::read(input)?;
    let pack = pack::find(&input.pack).ok_or_else(|| vec![json::unknown_pack(&input.pack)])?;
    Ok(json::to_json(&quota(pack, &input)?))
}

/// Reckons the quota.
///
/// # Errors
/// A pack without a quota, an unknown option or class, someone named twice.
pub fn quota(pack: &Pack, input: &QuotaInput) -> Result<QuotaOutcome, Vec<InputError>> {
    let Some(rule) = &pack.quota else {
        return Err(vec![InputError::new(
            ErrorCode::NotAllowed,
            "pack",
            &pack.id,
            Allowed::Words("a pack with a quota".into()),
        )]);
    };
    let errors = refused(pack, input);
    if !errors.is_empty() {
        return Err(errors);
    }
    let options: Map<String, String> = pack
        .options
        .iter()
        .filter(|option| option.scope == OptionScope::Quota)
        .map(|option| (option.id.clone(), input.options.get(&option.id).unwrap_or(&option.default).clone()))
        .collect();
    let reading = |option: &str, value: &str| options.get(option).is_some_and(|chosen| chosen == value);
    let whole = QuotaGroup {
        name: input.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(", "),
        outstanding: !input.groups.is_empty() && input.groups.iter().all(|group| group.outstanding),
        members: input.groups.iter().flat_map(|group| group.members.iter().cloned()).collect(),
    };
    let groups = if reading("quota_scope", "agency") { std::slice::from_ref(&whole) } else { &input.groups };
    let count = Count {
        rule,
        above_too: reading("quota_base", "good_and_above"),
        half_up: reading("quota_rounding", "half_up"),
        without_heads: reading("quota_scope", "without_heads"),
    };
    let groups = groups.iter().map(|group| count.group(group)).collect();
    Ok(QuotaOutcome { pack: pack.id.clone(), options, class: rule.class.clone(), clause: rule.clause.clone(), groups })
}

fn refused(pack: &Pack, input: &QuotaInput) -> Vec<InputError> {
    let mut errors = Vec::new();
    for (id, value) in &input.options {
        let option = pack.options.iter().find(|option| option.id == *id && option.scope == OptionScope::Quota);
        let values = option.map(|option| option.values.iter().map(|value| value.id.clone()).collect::<Vec<_>>());
        if values.as_ref().is_none_or(|values| !values.contains(value)) {
            let allowed = values.map_or(Allowed::Nothing, Allowed::OneOf);
            errors.push(InputError::new(ErrorCode::NotAllowed, format!("options.{id}"), value, allowed));
        }
    }
    let classes = || pack.classes.iter().map(|class| class.code.clone()).collect();
    let mut seen = crate::order::Set::new();
    for (place, group) in input.groups.iter().enumerate() {
        for (index, member) in group.members.iter().enumerate() {
            let field = |name: &str| format!("groups[{place}].members[{index}].{name}");
            if pack.class(&member.class).is_none() {
                errors.push(InputError::new(
                    ErrorCode::Unknown,
                    field("class"),
                    &member.class,
                    Allowed::OneOf(classes()),
                ));
            }
            if !seen.insert(member.id.clone()) {
                errors.push(InputError::new(ErrorCode::Doubled, field("id"), &member.id, Allowed::Once));
            }
        }
    }
    errors
}

/// How the members of a group are counted.
struct Count<'a> {
    rule: &'a Quota,
    above_too: bool,
    half_up: bool,
    without_heads: bool,
}

impl Count<'_> {
    fn group(&self, group: &QuotaGroup) -> GroupOutcome {
        let (left_out, counted): (Vec<&Member>, Vec<&Member>) =
            group.members.iter().partition(|member| self.without_heads && member.head);
        let mut candidates: Vec<&Member> =
            counted.iter().copied().filter(|member| member.class == self.rule.class).collect();
        sort_by_key(&mut candidates, |member| Reverse(member.total.clone()));
        let good = counted.iter().filter(|member| member.class == self.rule.of_class).count();
        let base = match (self.rule.of_all, self.above_too) {
            (true, _) => counted.len(),
            (false, true) => good.saturating_add(candidates.len()),
            (false, false) => good,
        };
        let share = if group.outstanding { &self.rule.outstanding_share } else { &self.rule.share };
        let allowed = self.of(base, share);
        let (fits, over, ties) = line(&candidates, allowed);
        GroupOutcome {
            name: group.name.clone(),
            allowed,
            formula: self.formula(base, share, allowed),
            share_of_base: Number::new(&(share * &number(base))),
            allowed_after: self.after(base, candidates.len(), share),
            fits,
            over,
            ties,
            left_out: left_out.into_iter().map(|member| member.id.clone()).collect(),
        }
    }

    fn of(&self, base: usize, share: &Exact) -> usize {
        let exact = share * &number(base);
        let half = Exact::one().checked_div(&Exact::from_int(2)).unwrap_or_default();
        let whole = if self.half_up { (&exact + &half).floor() } else { exact.floor() };
        whole.to_string().parse().unwrap_or_default()
    }

    /// The most that stay within the share once everyone over has gone to the base.
    fn after(&self, base: usize, candidates: usize, share: &Exact) -> usize {
        if self.rule.of_all || self.above_too {
            return self.of(base, share);
        }
        let stays = |count: &usize| *count <= self.of(base.saturating_add(candidates.saturating_sub(*count)), share);
        (0..=candidates).rev().find(stays).unwrap_or_default()
    }

    fn formula(&self, base: usize, share: &Exact, allowed: usize) -> String {
        if self.half_up {
            format!("⌊{share} · {base} + 1/2⌋ = {allowed}")
        } else {
            format!("⌊{share} · {base}⌋ = {allowed}")
        }
    }
}

fn number(count: usize) -> Exact {
    Exact::from_int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Those above the line, those below, and those among whom it falls.
fn line(candidates: &[&Member], allowed: usize) -> (Vec<String>, Vec<String>, Vec<String>) {
    let ids = |members: &[&Member]| members.iter().map(|member| member.id.clone()).collect::<Vec<_>>();
    let last_in = allowed.checked_sub(1).and_then(|place| candidates.get(place));
    match (last_in, candidates.get(allowed)) {
        (Some(last_in), Some(first_out)) if last_in.total == first_out.total => {
            let equal = |member: &&&Member| member.total == first_out.total;
            let above = candidates.iter().take_while(|member| !equal(member)).count();
            let tied = candidates.iter().filter(equal).count();
            let below = above.saturating_add(tied);
            let part = |from: usize, to: usize| ids(candidates.get(from..to).unwrap_or_default());
            (part(0, above), part(below, candidates.len()), part(above, below))
        }
        _ => {
            let (fits, over) = candidates.split_at_checked(allowed).unwrap_or((candidates, &[]));
            (ids(fits), ids(over), Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(good: usize, excellent: &[&str]) -> QuotaGroup {
        let member = |id: String, total: &str, class: &str| Member {
            id,
            total: Exact::parse(total).unwrap(),
            class: class.to_owned(),
            head: false,
        };
        let good = (0..good).map(|place| member(format!("g{place}"), "80", "HTT"));
        let excellent = excellent.iter().enumerate().map(|(place, total)| member(format!("x{place}"), total, "HTXS"));
        QuotaGroup { name: "staff".into(), outstanding: false, members: good.chain(excellent).collect() }
    }

    fn reckon(options: &[(&str, &str)], group: QuotaGroup) -> GroupOutcome {
        let options = options.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
        let input = QuotaInput { pack: "nd335-congchuc".into(), options, groups: vec![group] };
        quota(pack::find("nd335-congchuc").unwrap(), &input).unwrap().groups.remove(0)
    }

    /// Đ.20(5) of Decree 335/2025: at most 20 % of those classified good, 25 % where the organisation is outstanding.
    #[test]
    fn a_fifth_of_the_good_may_be_excellent() {
        for (good, outstanding, allowed) in
            [(0, false, 0), (4, false, 0), (5, false, 1), (11, false, 2), (11, true, 2), (12, true, 3)]
        {
            let group = QuotaGroup { outstanding, ..group(good, &["95", "94", "93", "92"]) };
            assert_eq!(reckon(&[], group).allowed, allowed, "{good} good, outstanding: {outstanding}");
        }
    }

    #[test]
    fn the_best_fit_the_rest_are_over_and_equals_at_the_line_are_neither() {
        let outcome = reckon(&[], group(11, &["93", "95", "93", "91"]));
        assert_eq!(
            (outcome.fits, outcome.ties, outcome.over),
            (vec!["x1".into()], vec!["x0".into(), "x2".into()], vec!["x3".to_owned()])
        );
        let outcome = reckon(&[], group(11, &["93", "95", "94"]));
        assert_eq!((outcome.fits, outcome.over), (vec!["x1".into(), "x2".into()], vec!["x0".to_owned()]));
        assert_eq!(outcome.formula, "⌊1/5 · 11⌋ = 2");
    }

    #[test]
    fn readings_change_the_base_and_the_rounding() {
        let nine = || group(9, &["95", "94", "93"]);
        assert_eq!(reckon(&[], nine()).allowed, 1);
        assert_eq!(reckon(&[("quota_base", "good_and_above")], nine()).allowed, 2);
        assert_eq!(reckon(&[("quota_rounding", "half_up")], nine()).allowed, 2);
        // 2 of 3 keep the class, the third makes ten good: ⌊10/5⌋ = 2.
        assert_eq!(reckon(&[], nine()).allowed_after, 2);
    }

    #[test]
    fn heads_are_left_out_where_the_reading_says_so() {
        let mut with_head = group(10, &["95", "94"]);
        with_head.members.last_mut().unwrap().head = true;
        let outcome = reckon(&[("quota_scope", "without_heads")], with_head);
        assert_eq!((outcome.left_out, outcome.fits), (vec!["x1".to_owned()], vec!["x0".to_owned()]));
    }

    #[test]
    fn unknown_classes_options_and_doubles_are_named() {
        let mut twice = group(1, &["95"]);
        twice.members.push(twice.members.first().unwrap().clone());
        twice.members.first_mut().unwrap().class = "A".into();
        let options = Map::from([("quota_base".to_owned(), "all".to_owned())]);
        let input = QuotaInput { pack: "nd335-congchuc".into(), options, groups: vec![twice] };
        let errors = quota(pack::find("nd335-congchuc").unwrap(), &input).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["options.quota_base", "groups[0].members[0].class", "groups[0].members[2].id"]);
    }
}
