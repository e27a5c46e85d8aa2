//! Tests of the quota.

use super::*;

fn group(good: usize, excellent: &[&str]) -> QuotaGroup {
    let member = |id: String, total: &str, class: &str| Member {
        id,
        total: Some(Exact::parse(total).unwrap()),
        class: Some(class.to_owned()),
        tie_breaks: Map::new(),
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
    // 2 of 3 keep the class. The third makes ten good: ⌊10/5⌋ = 2.
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
    twice.members.first_mut().unwrap().class = Some("A".into());
    let options = Map::from([("quota_base".to_owned(), "all".to_owned())]);
    let input = QuotaInput { pack: "nd335-congchuc".into(), options, groups: vec![twice] };
    let errors = quota(pack::find("nd335-congchuc").unwrap(), &input).unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["options.quota_base", "groups[0].members[0].class", "groups[0].members[2].id"]);
}

#[test]
fn while_cards_are_missing_the_number_is_a_range() {
    let mut waiting = group(9, &["95", "94", "93"]);
    for member in waiting.members.iter_mut().take(2) {
        (member.total, member.class) = (None, None);
    }
    let outcome = reckon(&[], waiting);
    assert_eq!((outcome.allowed, outcome.allowed_range), (1, Some((1, 1))));
    assert_eq!(outcome.missing, ["g0", "g1"]);
    let mut waiting = group(12, &["95"]);
    for member in waiting.members.iter_mut().take(3) {
        (member.total, member.class) = (None, None);
    }
    assert_eq!(reckon(&[], waiting).allowed_range, Some((1, 2)));
    let mut half = group(5, &["95"]);
    half.members.last_mut().unwrap().total = None;
    let input = QuotaInput { pack: "nd335-congchuc".into(), options: Map::new(), groups: vec![half] };
    let errors = quota(pack::find("nd335-congchuc").unwrap(), &input).unwrap_err();
    assert_eq!(errors.first().unwrap().field, "groups[0].members[5].total");
}

/// Guidance 02-HD: the person with more quarters in the highest class goes first.
#[test]
fn tie_breaks_decide_between_equals_and_are_justified() {
    let mut pack = pack::find("nd335-congchuc").unwrap().clone();
    let quarters = TieBreak { id: "quarters".into(), title: Default::default(), clause: "02-HD".into() };
    pack.quota.as_mut().unwrap().tie_breaks.push(quarters);
    let mut members = group(5, &["95", "95", "94"]);
    members.members.get_mut(6).unwrap().tie_breaks.insert("quarters".into(), Exact::from_int(2));
    let reckon = |group: &QuotaGroup| {
        let input = QuotaInput { pack: pack.id.clone(), options: Map::new(), groups: vec![group.clone()] };
        quota(&pack, &input).map(|outcome| outcome.groups.into_iter().next().unwrap())
    };
    let outcome = reckon(&members).unwrap();
    assert_eq!((outcome.fits, outcome.ties.len()), (vec!["x1".to_owned()], 0));
    assert_eq!(outcome.justify, [Justified { id: "x1".into(), why: "tie_break" }]);
    members.members.get_mut(6).unwrap().tie_breaks = Map::from([("age".to_owned(), Exact::one())]);
    assert_eq!(reckon(&members).unwrap_err().first().unwrap().field, "groups[0].members[6].tie_breaks.age");
}

/// Đ.20(5): the larger share needs the authority's decision, so people who fit only by it are named.
#[test]
fn who_fits_only_by_the_larger_share_is_named() {
    let group = QuotaGroup { outstanding: true, ..group(12, &["95", "94", "93"]) };
    let outcome = reckon(&[], group);
    assert_eq!(outcome.fits.len(), 3);
    assert_eq!(outcome.justify, [Justified { id: "x2".into(), why: "outstanding_share" }]);
}

fn agency(groups: Vec<QuotaGroup>) -> QuotaOutcome {
    let options = Map::from([("quota_scope".to_owned(), "agency".to_owned())]);
    let input = QuotaInput { pack: "nd335-congchuc".into(), options, groups };
    quota(pack::find("nd335-congchuc").unwrap(), &input).unwrap()
}

/// An agency counted as one group is outstanding if all of its groups are.
#[test]
fn an_agency_has_the_larger_share_where_all_its_groups_are_outstanding() {
    let outstanding = |outstanding: bool, name: &str| {
        let mut group = QuotaGroup { outstanding, ..group(10, &[]) };
        group.members.iter_mut().for_each(|member| member.id = format!("{name}{}", member.id));
        group
    };
    for (second, allowed) in [(true, 5), (false, 4)] {
        let outcome = agency(vec![outstanding(true, "a"), outstanding(second, "b")]);
        assert_eq!(
            (outcome.groups.len(), outcome.groups[0].allowed),
            (1, allowed),
            "second group outstanding: {second}"
        );
    }
    assert_eq!(agency(Vec::new()).groups[0].formula, "⌊1/5 · 0⌋ = 0");
}

#[test]
fn a_total_without_a_class_and_a_class_without_a_total_are_refused() {
    for (total, class, field) in [(true, false, "class"), (false, true, "total")] {
        let mut group = group(1, &[]);
        let member = &mut group.members[0];
        member.total = member.total.take().filter(|_| total);
        member.class = member.class.take().filter(|_| class);
        let input = QuotaInput { pack: "nd335-congchuc".into(), options: Map::new(), groups: vec![group] };
        let errors = quota(pack::find("nd335-congchuc").unwrap(), &input).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, [format!("groups[0].members[0].{field}")]);
    }
}

/// If higher classes count too, nobody who moves down makes the base larger.
#[test]
fn the_share_of_the_base_is_exact_and_a_base_with_all_in_it_does_not_grow() {
    assert_eq!(reckon(&[], group(11, &[])).share_of_base.exact.to_string(), "11/5");
    let outcome = reckon(&[("quota_base", "good_and_above")], group(9, &["95", "94", "93", "92", "91"]));
    assert_eq!((outcome.allowed, outcome.allowed_after), (2, 2));
}
