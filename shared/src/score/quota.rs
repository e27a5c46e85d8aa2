//! The quota on the limited class: the number allowed in each group, who fits, who is over, and between whom there is a
//! tie.
//!
//! The number is computed from the proposed classes, as a meeting does it. People who are over go to the class below.
//! That can raise the base, so the result also gives the number that would then be allowed.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::check::{decimal, range};
use super::input::unique;
use super::json;
use super::outcome::Number;
use super::unit::UNIT_JSON_BYTES_MAX;
use crate::input_error::{Allowed, ErrorCode, InputError};
use crate::num::Exact;
use crate::pack::{self, Class, OptionScope, Pack, Quota, TieBreak};
use crate::sorted_map::Map;

/// The proposed classes, by groups of similar duty.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaInput {
    /// The pack, by id.
    pub pack: String,
    /// Readings chosen; the pack's defaults apply to the rest.
    #[serde(default, deserialize_with = "unique")]
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

/// A person who was classified.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The person's id.
    pub id: String,
    /// The exact total; absent while the card is missing.
    #[serde(default)]
    pub total: Option<Exact>,
    /// The class proposed; absent while the card is missing.
    #[serde(default)]
    pub class: Option<String>,
    /// Numbers that decide between equals, by the pack's tie-breaks. The higher number goes first.
    #[serde(default, deserialize_with = "unique")]
    pub tie_breaks: Map<String, Exact>,
    /// Whether the person is the head of the agency.
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
    /// The clause that says so.
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
    /// The computation of that number: `⌊1/5 · 11⌋ = 2`.
    pub formula: String,
    /// The share of the base before any rounding.
    pub share_of_base: Number,
    /// How many would be allowed if everyone who is over went to the class that is the base.
    pub allowed_after: usize,
    /// The fewest and the most that can be allowed, while cards are missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_range: Option<(usize, usize)>,
    /// The people whose cards are missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// The people who fit, best first.
    pub fits: Vec<String>,
    /// The people who are over, best first. Each needs a reason or another class.
    pub over: Vec<String>,
    /// Equals of whom only some would fit. No order decides between them, so the authority does.
    pub ties: Vec<String>,
    /// People whose place in the class needs a written reason, because they have it by the larger share or by a
    /// tie-break.
    pub justify: Vec<Justified>,
    /// Heads who are not counted, where the reading leaves them out.
    pub left_out: Vec<String>,
}

/// A person whose place needs a written reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Justified {
    /// The person's id.
    pub id: String,
    /// `outstanding_share`: fits only by the larger share; `tie_break`: went before an equal; `tie`: equals between
    /// whom nothing decides.
    pub why: &'static str,
}

/// The quota as JSON, from JSON.
///
/// # Errors
/// As [`quota`], or a text that is not such an input.
pub fn quota_json(input: &str) -> Result<String, Vec<InputError>> {
    let input: QuotaInput = json::read_up_to(input, UNIT_JSON_BYTES_MAX)?;
    let pack = pack::find(&input.pack).ok_or_else(|| vec![json::unknown_pack(&input.pack)])?;
    Ok(json::to_json(&quota(pack, &input)?))
}

/// The same as [`quota_json`], under a pack that does not come with the program.
///
/// # Errors
/// As [`quota_json`].
pub fn quota_under(pack: &Pack, input: &str) -> Result<String, Vec<InputError>> {
    Ok(json::to_json(&quota(pack, &json::read_up_to(input, UNIT_JSON_BYTES_MAX)?)?))
}

/// Computes the quota.
///
/// # Errors
/// A pack without a quota, an unknown option or class, someone named twice.
pub fn quota(pack: &Pack, input: &QuotaInput) -> Result<QuotaOutcome, Vec<InputError>> {
    let Some(rule) = &pack.quota else {
        return Err(vec![InputError::new(
            ErrorCode::NotAllowed,
            "pack",
            &pack.id,
            Allowed::words_of("một bộ quy định có giới hạn tỷ lệ", "a pack with a quota"),
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
    let mut seen = crate::sorted_map::Set::new();
    for (place, group) in input.groups.iter().enumerate() {
        for (index, member) in group.members.iter().enumerate() {
            let field = |name: &str| format!("groups[{place}].members[{index}].{name}");
            if let Some(class) = member.class.as_ref().filter(|class| pack.class(class).is_none()) {
                errors.push(InputError::new(ErrorCode::Unknown, field("class"), class, Allowed::OneOf(classes())));
            }
            // A class without a total could not be ranked. A total without a class could not be counted.
            match (&member.total, &member.class) {
                (None, Some(_)) => errors.push(InputError::missing(field("total"), Allowed::Number)),
                (Some(_), None) => errors.push(InputError::missing(field("class"), Allowed::OneOf(classes()))),
                _ => {}
            }
            errors.extend(misfit(pack, member, field));
            errors.extend(unknown_tie_breaks(pack, member, &field("tie_breaks")));
            if !seen.insert(member.id.clone()) {
                errors.push(InputError::new(ErrorCode::Doubled, field("id"), &member.id, Allowed::Once));
            }
        }
    }
    errors
}

/// The refusal of a total that the scale does not have, or that is too low for the class under every reading of the
/// pack.
fn misfit(pack: &Pack, member: &Member, field: impl Fn(&str) -> String) -> Option<InputError> {
    let (total, class) = (member.total.as_ref()?, pack.class(member.class.as_ref()?)?);
    let has_floor = pack.option("total_floor").is_none();
    if (has_floor && total.is_negative()) || (!pack.scale_max.is_zero() && *total > pack.scale_max) {
        let allowed = range(&Exact::zero(), &pack.scale_max);
        return Some(InputError::new(ErrorCode::OutOfRange, field("total"), decimal(total), allowed));
    }
    let lowest = |class: &Class| class.min_when.iter().map(|other| &other.min).chain([&class.min]).min().cloned();
    let fits = |class: &&Class| lowest(class).is_none_or(|lowest| *total >= lowest);
    if fits(&class) {
        return None;
    }
    let allowed = pack.classes.iter().filter(fits).map(|class| class.code.clone()).collect();
    let (code, total) = (&class.code, decimal(total));
    let found = format!("{code} with a total of {total}");
    let error = InputError::new(ErrorCode::NotAllowed, field("class"), found, Allowed::OneOf(allowed));
    Some(error.found_vi(format!("{code} với tổng điểm {total}")))
}

fn unknown_tie_breaks(pack: &Pack, member: &Member, field: &str) -> Vec<InputError> {
    let known: Vec<String> = pack.quota.iter().flat_map(|rule| &rule.tie_breaks).map(|one| one.id.clone()).collect();
    let unknown = member.tie_breaks.keys().filter(|id| !known.contains(id));
    let allowed = || if known.is_empty() { Allowed::Nothing } else { Allowed::OneOf(known.clone()) };
    unknown.map(|id| InputError::new(ErrorCode::Unknown, format!("{field}.{id}"), id, allowed())).collect()
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
        let is = |member: &&&Member, class: &String| member.class.as_ref() == Some(class);
        let mut candidates: Vec<&Member> =
            counted.iter().filter(|member| is(member, &self.rule.class)).copied().collect();
        candidates.sort_by_cached_key(|member| Reverse(self.rank(member)));
        let good = counted.iter().filter(|member| is(member, &self.rule.of_class)).count();
        let missing: Vec<&Member> = counted.iter().filter(|member| member.class.is_none()).copied().collect();
        let base = match (self.rule.of_all, self.above_too) {
            (true, _) => counted.len(),
            (false, true) => good.saturating_add(candidates.len()),
            (false, false) => good,
        };
        let share = if group.outstanding { &self.rule.outstanding_share } else { &self.rule.share };
        let allowed = self.of(base, share);
        let line = self.line(&candidates, allowed);
        // A missing person may or may not belong to the base.
        let most = if self.rule.of_all { base } else { base.saturating_add(missing.len()) };
        GroupOutcome {
            name: group.name.clone(),
            allowed,
            formula: self.formula(base, share, allowed),
            share_of_base: Number::new(&(share * &number(base))),
            allowed_after: self.after(base, candidates.len(), share),
            allowed_range: (!missing.is_empty()).then(|| (allowed, self.of(most, share))),
            missing: ids(&missing),
            justify: self.justify(&line, self.of(base, &self.rule.share)),
            fits: ids(line.fits),
            over: ids(line.over),
            ties: ids(line.ties),
            left_out: ids(&left_out),
        }
    }

    /// The order of members: the total first, then the pack's tie-breaks in order.
    fn rank(&self, member: &Member) -> Vec<Exact> {
        let number = |one: &TieBreak| member.tie_breaks.get(&one.id).cloned().unwrap_or_default();
        let total = member.total.clone().unwrap_or_default();
        [total].into_iter().chain(self.rule.tie_breaks.iter().map(number)).collect()
    }

    /// Divides the candidates at the last allowed place: those who fit, those who are over, and those in a tie across
    /// it.
    fn line<'m>(&self, candidates: &'m [&'m Member], allowed: usize) -> Line<'m> {
        let last_in = allowed.checked_sub(1).and_then(|place| candidates.get(place));
        let (above, below) = match (last_in, candidates.get(allowed)) {
            (Some(last_in), Some(first_out)) if self.rank(last_in) == self.rank(first_out) => {
                let equal = |member: &&&Member| self.rank(member) == self.rank(first_out);
                let above = candidates.iter().take_while(|member| !equal(member)).count();
                (above, above.saturating_add(candidates.iter().filter(equal).count()))
            }
            _ => (allowed.min(candidates.len()), allowed.min(candidates.len())),
        };
        let part = |from: usize, to: usize| candidates.get(from..to).unwrap_or_default();
        Line { fits: part(0, above), ties: part(above, below), over: part(below, candidates.len()) }
    }

    fn justify(&self, line: &Line<'_>, allowed_without: usize) -> Vec<Justified> {
        let because = |member: &&Member, why| Justified { id: member.id.clone(), why };
        let larger = line.fits.iter().skip(allowed_without).map(|member| because(member, "outstanding_share"));
        let first_out = line.over.first();
        let equal = |member: &&&Member| first_out.is_some_and(|out| out.total == member.total);
        let broken = line.fits.iter().filter(equal).map(|member| because(member, "tie_break"));
        let tied = line.ties.iter().map(|member| because(member, "tie"));
        larger.chain(broken).chain(tied).collect()
    }

    fn of(&self, base: usize, share: &Exact) -> usize {
        let exact = share * &number(base);
        let half = Exact::one().checked_div(&Exact::from_int(2)).unwrap_or_default();
        let whole = if self.half_up { (&exact + &half).floor() } else { exact.floor() };
        whole.to_string().parse().unwrap_or_default()
    }

    /// The highest number that stays within the share after everyone who is over has moved to the base.
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

/// The candidates, divided at the last allowed place.
struct Line<'m> {
    fits: &'m [&'m Member],
    ties: &'m [&'m Member],
    over: &'m [&'m Member],
}

fn ids(members: &[&Member]) -> Vec<String> {
    members.iter().map(|member| member.id.clone()).collect()
}

#[cfg(test)]
mod tests;
