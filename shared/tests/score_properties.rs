//! Properties that must hold for every card, and an independent evaluation of the decree for comparison.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;
use shared::num::Exact;
use shared::pack::{self, Pack, Rule};
use shared::score::{CardInput, Outcome, Status, Subject, WorkLine, evaluate, explained};
use shared::work::Cause;

const PACK: &str = "nd335-congchuc";

fn the_pack() -> &'static Pack {
    pack::find(PACK).unwrap()
}

fn exact(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

fn quarters(count: i64) -> Exact {
    Exact::ratio(count, 4).unwrap()
}

fn scored(input: &CardInput) -> Outcome {
    let outcome = explained(the_pack(), input).unwrap_or_else(|errors| panic!("{errors:?}"));
    // The explanation does not change the numbers.
    assert_eq!(Ok(Outcome { explanation: Vec::new(), ..outcome.clone() }), evaluate(the_pack(), input));
    outcome
}

fn total(input: &CardInput) -> Option<Exact> {
    scored(input).total.map(|total| total.exact)
}

prop_compose! {
    fn line()(
        coefficient in 1_i64..300,
        assigned in prop_oneof![1 => Just(0_i64), 4 => 1_i64..80],
        part in 0_i64..=120,
        handed in prop_oneof![3 => Just(0_i64), 1 => 0_i64..=100],
        extra in prop_oneof![2 => Just(0_i64), 1 => 0_i64..20],
        failed_reviews in 0_u32..6,
        late_times in 0_u32..6,
        late_days in 0_u32..9,
        causes in 0_u8..4,
    ) -> WorkLine {
        let handed_over = assigned * handed / 100;
        let most = if handed_over > 0 { assigned - handed_over } else { assigned * 3 / 2 };
        let cause = |bit: u8, cause: Cause| (causes & bit != 0).then_some(cause);
        WorkLine {
            code: format!("V{coefficient}"),
            coefficient: Exact::ratio(coefficient, 10).unwrap(),
            assigned: quarters(assigned),
            completed: quarters((assigned * part / 100).min(most)),
            failed_reviews,
            late_times,
            late_days,
            objective_cause: [cause(1, Cause::Quality), cause(2, Cause::Progress)].into_iter().flatten().collect(),
            extra: quarters(extra),
            handed_over: quarters(handed_over),
            ..WorkLine::default()
        }
    }
}

fn options(assigned_only: bool) -> impl Strategy<Value = BTreeMap<String, String>> {
    let pick = |id: &'static str| {
        let values = the_pack().option(id).unwrap().values.iter().map(|value| value.id.clone());
        let values: Vec<String> = values.filter(|value| !assigned_only || value != "completed").collect();
        proptest::sample::select(values).prop_map(move |value| (id.to_owned(), value))
    };
    (pick("late_unit"), pick("denominator"), pick("cap"), pick("rounding"))
        .prop_map(|(a, b, c, d)| [a, b, c, d].into_iter().collect())
}

fn card(assigned_only: bool) -> impl Strategy<Value = CardInput> {
    let role = proptest::sample::select(vec!["staff", "leader", "deputy", "support"]);
    let marks = proptest::collection::vec(0_i64..=100, 13);
    let halves = proptest::collection::vec(any::<bool>(), 3);
    (role, options(assigned_only), proptest::collection::vec(line(), 0..6), marks, halves).prop_map(
        |(role, options, work, marks, halves)| {
            let pack = the_pack();
            let mark = |(criterion, percent): (&pack::Criterion, &i64)| {
                (criterion.code.clone(), &criterion.max * Exact::ratio(*percent, 100).unwrap())
            };
            let stated = |(statement, half): (&pack::Statement, &bool)| {
                (statement.id.clone(), if *half { exact("0.5") } else { Exact::one() })
            };
            CardInput {
                options,
                subject: Subject { role: role.to_owned(), position: None },
                criteria: pack.criteria_for(role).zip(&marks).map(mark).collect(),
                work: if pack.counts_work(role) { work } else { Vec::new() },
                leadership: pack.statements_for(role).zip(&halves).map(stated).collect(),
                ..CardInput::default()
            }
        },
    )
}

// A second evaluation of the decree, directly from its text and in another arithmetic. It shares only the input with
// the engine.

fn rational(value: &Exact) -> BigRational {
    let text = value.to_string();
    let (numerator, denominator) = text.split_once('/').unwrap_or((&text, "1"));
    BigRational::new(numerator.parse().unwrap(), denominator.parse().unwrap())
}

fn fraction(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
}

fn kept_progress(line: &WorkLine, late_unit: &str) -> BigRational {
    let quarter_each = |times: u32| fraction(4 - i64::from(times.min(4)), 4);
    match (late_unit, line.late_days) {
        _ if line.objective_cause.contains(&Cause::Progress) => fraction(1, 1),
        ("occurrence", _) => quarter_each(line.late_times),
        ("day", days) => quarter_each(days),
        (_, 0) => fraction(1, 1),
        (_, 1..=3) => fraction(8, 10),
        (_, 4..=5) => fraction(6, 10),
        _ => fraction(0, 1),
    }
}

/// The share of a product's completed quantity that its assigned quantity admits.
fn oracle_product_share(work: &[WorkLine], code: &str) -> BigRational {
    let sum = |quantity: fn(&WorkLine) -> &Exact| -> BigRational {
        work.iter().filter(|line| line.code == code).map(|line| rational(quantity(line))).sum()
    };
    let (assigned, completed) = (sum(|line| &line.assigned), sum(|line| &line.completed));
    if completed > assigned { assigned / completed } else { fraction(1, 1) }
}

fn oracle_work(input: &CardInput) -> Option<[BigRational; 3]> {
    let option = |id: &str| input.options[id].as_str();
    let zero = || fraction(0, 1);
    let (mut assigned, mut done, mut good, mut timely) = (zero(), zero(), zero(), zero());
    for line in &input.work {
        let k = rational(&line.coefficient);
        let own = match option("cap") {
            "line" => rational(&line.completed).min(rational(&line.assigned)),
            "indicator" => rational(&line.completed) * oracle_product_share(&input.work, &line.code),
            _ => rational(&line.completed),
        };
        let converted = &k * (own + rational(&line.extra));
        let quality = match line.objective_cause.contains(&Cause::Quality) {
            true => fraction(1, 1),
            false => fraction(4 - i64::from(line.failed_reviews.min(4)), 4),
        };
        good += &converted * quality;
        timely += &converted * kept_progress(line, option("late_unit"));
        assigned += &k * rational(&line.assigned);
        done += converted;
    }
    if assigned == zero() {
        return None;
    }
    let against = if option("denominator") == "completed" { done.clone() } else { assigned.clone() };
    let over = |part: BigRational, whole: &BigRational| if *whole == zero() { zero() } else { part / whole };
    let limit = |ratio: BigRational| if option("cap") == "total" { ratio } else { ratio.min(fraction(1, 1)) };
    Some([limit(over(done, &assigned)), limit(over(good, &against)), limit(over(timely, &against))])
}

fn oracle_total(input: &CardInput) -> Option<BigRational> {
    let is_common = |code: &str| !code.starts_with("KQ.");
    let common: BigRational =
        input.criteria.iter().filter(|(code, _)| is_common(code)).map(|(_, mark)| rational(mark)).sum();
    let mut parts: Vec<BigRational> = if input.subject.role == "support" {
        let percent = |code: &str| rational(&input.criteria[code]) / fraction(100, 1);
        ["KQ.a", "KQ.b", "KQ.c"].map(percent).to_vec()
    } else {
        oracle_work(input)?.to_vec()
    };
    parts.extend(input.leadership.values().map(rational));
    let count = i64::try_from(parts.len()).unwrap();
    let task = (parts.into_iter().sum::<BigRational>() / fraction(count, 1)).min(fraction(1, 1));
    let total = common + task * fraction(70, 1);
    let half = fraction(1, 2);
    Some(match input.options["rounding"].as_str() {
        "tenth" => (total * fraction(10, 1) + half).floor() / fraction(10, 1),
        "half" => (total * fraction(2, 1) + half).floor() / fraction(2, 1),
        "cut_hundredth" => (total * fraction(100, 1)).floor() / fraction(100, 1),
        _ => total,
    })
}

/// 600, or the number that `cargo xtask mutants` sets, which runs these a thousand times.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(600)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn equals_an_independent_evaluation(card in card(false)) {
        let expected = oracle_total(&card).map(|total| total.to_string());
        prop_assert_eq!(total(&card).map(|total| total.to_string()), expected);
    }

    #[test]
    fn stays_within_the_scale(card in card(false)) {
        let outcome = scored(&card);
        if let Some(total) = outcome.total {
            prop_assert!(!total.exact.is_negative() && total.exact <= the_pack().scale_max);
            prop_assert!(outcome.class.is_some());
        } else {
            prop_assert_eq!(outcome.status, Status::InsufficientData);
        }
    }

    #[test]
    fn doing_more_and_better_never_costs(card in card(true), which in any::<prop::sample::Index>(), by in 1_i64..8) {
        prop_assume!(!card.work.is_empty());
        let place = which.index(card.work.len());
        let before = total(&card);
        let change = |edit: &dyn Fn(&mut WorkLine)| {
            let mut better = card.clone();
            edit(&mut better.work[place]);
            total(&better)
        };
        let more = change(&|line| if line.handed_over.is_zero() { line.completed += quarters(by) });
        prop_assert!(more >= before, "more done: {:?} after {:?}", more, before);
        let extra = change(&|line| line.extra += quarters(by));
        prop_assert!(extra >= before, "more extra: {:?} after {:?}", extra, before);
        let good = change(&|line| line.failed_reviews = line.failed_reviews.saturating_sub(1));
        prop_assert!(good >= before, "fewer failed reviews: {:?} after {:?}", good, before);
        let timely = change(&|line| {
            line.late_times = line.late_times.saturating_sub(1);
            line.late_days = line.late_days.saturating_sub(1);
        });
        prop_assert!(timely >= before, "less late: {:?} after {:?}", timely, before);
    }

    #[test]
    fn a_higher_mark_never_costs(card in card(false), which in any::<prop::sample::Index>()) {
        let code = which.get(&card.criteria.keys().cloned().collect::<Vec<_>>()).clone();
        let max = the_pack().criteria_for(&card.subject.role).find(|found| found.code == code).unwrap().max.clone();
        let mut better = card.clone();
        better.criteria.insert(code, max);
        prop_assert!(total(&better) >= total(&card));
    }

    #[test]
    fn an_objective_cause_never_hurts(card in card(false)) {
        let mut excused = card.clone();
        for line in &mut excused.work {
            line.objective_cause = BTreeSet::from([Cause::Quality, Cause::Progress]);
        }
        prop_assert!(total(&excused) >= total(&card));
    }

    #[test]
    fn the_order_of_work_is_no_matter(card in card(false), turn in 0_usize..6) {
        let mut turned = card.clone();
        let by = turn % turned.work.len().max(1);
        turned.work.rotate_left(by);
        turned.work.reverse();
        let (one, other) = (scored(&card), scored(&turned));
        prop_assert_eq!(one.total, other.total);
        prop_assert_eq!(one.components, other.components);
        prop_assert_eq!(one.class, other.class);
    }

    #[test]
    fn cards_survive_their_json(card in card(false)) {
        let json = serde_json::to_string(&card).unwrap();
        prop_assert_eq!(&serde_json::from_str::<CardInput>(&json).unwrap(), &card);
        prop_assert_eq!(shared::score::score_json(PACK, &json), serde_json::to_string(&scored(&card)).unwrap());
    }

    #[test]
    fn the_lines_of_an_explanation_add_up(card in card(false)) {
        let outcome = scored(&card);
        let step = |name: &str| outcome.explanation.iter().find(|step| step.step == name).unwrap();
        for component in the_pack().components_for(&card.subject.role) {
            if !matches!(component.rule, Rule::Work(_)) || !outcome.components.contains_key(&component.id) {
                continue;
            }
            let lines = (1..=card.work.len()).map(|line| exact(&step(&format!("{}.{line}", component.id)).value));
            let whole = step(&component.id);
            let numerator = exact(&whole.inputs["numerator"]);
            prop_assert_eq!(lines.sum::<Exact>(), numerator.clone());
            let ratio = numerator.checked_div(&exact(&whole.inputs["denominator"])).unwrap_or_default();
            let limited = if whole.formula.starts_with("min(1, ") { ratio.min(Exact::one()) } else { ratio };
            prop_assert_eq!(limited, exact(&whole.value));
        }
        if let Some(total) = &outcome.total {
            let last = step("total");
            let by_hand = exact(&last.inputs["common"]) + exact("70") * exact(&last.inputs["task"]);
            prop_assert_eq!(&by_hand, &exact(&last.value));
            let rounded = outcome.explanation.iter().find(|step| step.step == "rounding");
            prop_assert_eq!(&total.exact, &exact(&rounded.unwrap_or(last).value));
        }
    }
}

/// Under the reading that divides by the completed work, more poor work can lower the result. The pack says so, and
/// therefore the property above is tested under the decree's own reading.
#[test]
fn dividing_by_what_was_completed_is_not_monotone() {
    let line = |code: &str, completed: i64, failed: u32| WorkLine {
        code: code.to_owned(),
        coefficient: Exact::one(),
        assigned: Exact::one(),
        completed: Exact::from_int(completed),
        failed_reviews: failed,
        late_times: failed,
        ..WorkLine::default()
    };
    let card = |second: i64| CardInput {
        options: [("denominator".to_owned(), "completed".to_owned())].into(),
        criteria: the_pack().criteria_for("staff").map(|found| (found.code.clone(), found.max.clone())).collect(),
        work: vec![line("good", 1, 0), line("poor", second, 4)],
        ..CardInput::default()
    };
    assert!(total(&card(1)) < total(&card(0)));
    assert!(pack::find(PACK).unwrap().option("denominator").unwrap().reason.en.contains("can lower the result"));
}
