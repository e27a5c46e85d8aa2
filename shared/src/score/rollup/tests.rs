//! Tests of longer periods made from shorter ones.

use super::*;

fn months(totals: &[Option<&str>]) -> Vec<PeriodResult> {
    let one = |(index, total): (usize, &Option<&str>)| PeriodResult {
        period: Period::Month(2026, u8::try_from(index + 1).unwrap()),
        total: total.map(|total| Exact::parse(total).unwrap()),
        worked: total.is_some(),
        absence: None,
        class: None,
        unit: None,
        facts: Map::new(),
    };
    totals.iter().enumerate().map(one).collect()
}

fn year(periods: Vec<PeriodResult>) -> RollUpOutcome {
    let input = RollUpInput {
        pack: "nd335-congchuc".into(),
        to: Span::Year,
        periods,
        total: None,
        options: Map::new(),
        subject: Subject::default(),
        facts: Map::new(),
    };
    roll_up(pack::find("nd335-congchuc").unwrap(), &input).unwrap()
}

/// Đ.17(3): the year's result is the mean of twelve months. Đ.11(2): of those actually worked. Đ.11(1): with fewer than
/// six months worked nobody is classified.
#[test]
fn a_year_is_the_mean_of_the_months_worked() {
    let all = year(months(&[Some("90"); 12]));
    assert_eq!((all.total.unwrap().decimal.as_str(), all.class.unwrap().code.as_str()), ("90", "HTXS"));
    let thirds = year(months(&[
        Some("100/3"),
        Some("200/3"),
        Some("2699/30"),
        Some("80"),
        Some("81"),
        Some("82"),
        Some("1/7"),
        Some("50"),
        Some("60"),
        Some("70"),
        Some("80"),
        Some("90"),
    ]));
    assert_eq!(thirds.total.unwrap().exact.to_string(), "164453/2520");
    let leave: Vec<Option<&str>> = (0..12).map(|month| (month < 6).then_some("70")).collect();
    let leave = year(months(&leave));
    assert_eq!((leave.status, leave.not_worked.len(), leave.class.unwrap().code.as_str()), (Status::Scored, 6, "HTT"));
    let short: Vec<Option<&str>> = (0..12).map(|month| (month < 5).then_some("95")).collect();
    let short = year(months(&short));
    assert_eq!((short.status, short.class), (Status::NotClassified, None));
}

/// B7, Đ.11(1), (2) of Decree 335/2025: with fewer than six months nobody is classified, except after sick or maternity
/// leave. Then the class is that of the time actually worked.
#[test]
fn b7_maternity_and_sickness_leave_the_class_of_the_time_worked() {
    let away = |worked: usize, cause: Option<AbsenceCause>| {
        let months = months(&(0..12).map(|month| (month < worked).then_some("92")).collect::<Vec<_>>());
        let absent = |month: PeriodResult| PeriodResult { absence: cause.filter(|_| !month.worked), ..month };
        year(months.into_iter().map(absent).collect())
    };
    for cause in [AbsenceCause::Maternity, AbsenceCause::Sick] {
        for worked in [1, 5] {
            let outcome = away(worked, Some(cause));
            assert_eq!((outcome.status, outcome.class.unwrap().code.as_str()), (Status::Scored, "HTXS"), "{cause:?}");
            assert_eq!((outcome.counted.len(), outcome.not_worked.len()), (worked, 12 - worked));
            let told = outcome.explanation.iter().find(|step| step.step == "eligibility.worked_min").unwrap();
            assert_eq!((told.formula.as_str(), told.value.as_str()), ("worked + served ≥ 6", "true"));
            assert_eq!(told.clause, "Đ.17(3), Đ.11(1), (2)");
        }
    }
    // After unpaid leave, six months of work must remain. The same holds for all other causes.
    for cause in [None, Some(AbsenceCause::Unpaid), Some(AbsenceCause::Study), Some(AbsenceCause::Left)] {
        assert_eq!(away(5, cause).status, Status::NotClassified, "{cause:?}");
        assert_eq!(away(6, cause).status, Status::Scored, "{cause:?}");
    }
    // Two months of sickness do not turn three months into six. Without any work there is nothing to classify.
    let mut few = months(&(0..12).map(|month| (month < 3).then_some("92")).collect::<Vec<_>>());
    few.iter_mut().skip(3).take(2).for_each(|month| month.absence = Some(AbsenceCause::Sick));
    assert_eq!(year(few).status, Status::NotClassified);
    assert_eq!(away(0, Some(AbsenceCause::Maternity)).status, Status::NotClassified);
}

#[test]
fn b7_an_absence_is_read_as_json_and_never_of_a_month_worked() {
    let read = |month: &str| {
        let input = format!(r#"{{"pack": "nd335-congchuc", "to": "quarter", "periods": [{month}]}}"#);
        roll_up_json(&input).map_err(|errors| errors.into_iter().map(|error| error.field).collect::<Vec<_>>())
    };
    assert!(read(r#"{"period": "2026-01", "worked": false, "absence": "maternity"}"#).is_ok());
    let worked = read(r#"{"period": "2026-01", "total": 90, "absence": "sick"}"#);
    assert_eq!(worked.unwrap_err(), ["periods[0].absence"]);
    assert!(read(r#"{"period": "2026-01", "worked": false, "absence": "holiday"}"#).is_err());
}

#[test]
fn what_has_not_come_is_named_and_nothing_is_final() {
    let mut periods = months(&[Some("95"); 11]);
    let outcome = year(periods.clone());
    assert_eq!((outcome.status, outcome.missing), (Status::Provisional, vec![Period::Month(2026, 12)]));
    assert!(outcome.class.is_none());
    periods.push(PeriodResult {
        period: Period::Month(2026, 12),
        total: None,
        worked: true,
        absence: None,
        class: None,
        unit: None,
        facts: Map::new(),
    });
    assert_eq!(year(periods).missing.len(), 1);
}

/// A pack of quarters by the rules of Guidance 02-HD. Quarter IV is part of the year; the year is not a mechanical
/// mean; a quarter in the lowest class excludes the highest class; two in a row have to be considered.
fn by_quarters() -> Pack {
    let mut pack = pack::find("nd335-congchuc").unwrap().clone();
    let limit = |code: &str, in_a_row, class_max: Option<&str>| RollUpLimit {
        code: code.into(),
        title: Default::default(),
        after: "KHT".into(),
        in_a_row,
        class_max: class_max.map(Into::into),
        roles: Vec::new(),
        when: Map::new(),
        clause: "02-HD".into(),
    };
    *pack.roll_ups = vec![RollUp {
        to: Span::Year,
        from: Span::Quarter,
        rule: RollUpRule::Decided,
        worked_min: None,
        served: Vec::new(),
        parts: Some(3),
        limits: vec![limit("barred", None, Some("HTT")), limit("replace", Some(2), None)],
        carries: Vec::new(),
        when: Map::new(),
        clause: "02-HD".into(),
    }];
    pack
}

fn of_quarters(totals: [&str; 3], total: Option<&str>) -> Result<RollUpOutcome, Vec<InputError>> {
    let part = |(index, total): (usize, &&str)| PeriodResult {
        period: Period::Quarter(2026, u8::try_from(index + 1).unwrap()),
        total: Exact::parse(total).ok(),
        worked: true,
        absence: None,
        class: None,
        unit: (index == 0).then(|| "Xã cũ".to_owned()),
        facts: Map::new(),
    };
    let input = RollUpInput {
        pack: String::new(),
        to: Span::Year,
        periods: totals.iter().enumerate().map(part).collect(),
        total: total.map(|total| Exact::parse(total).unwrap()),
        options: Map::new(),
        subject: Subject::default(),
        facts: Map::new(),
    };
    roll_up(&by_quarters(), &input)
}

#[test]
fn a_bad_quarter_bars_the_highest_class_and_two_in_a_row_are_told() {
    let year = |totals, total| of_quarters(totals, total).unwrap();
    let code = |outcome: &RollUpOutcome| outcome.class.as_ref().unwrap().code.clone();
    assert_eq!(year(["95", "80", "90"], None).status, Status::Provisional, "the authority's own total is missing");
    let good = year(["95", "80", "90"], Some("95"));
    assert_eq!((good.status, code(&good), good.limits.len()), (Status::Scored, "HTXS".to_owned(), 0));
    let once = year(["95", "40", "90"], Some("95"));
    assert_eq!((code(&once), once.class.as_ref().unwrap().by_points.as_str()), ("HTT".to_owned(), "HTXS"));
    assert_eq!(once.limits.first().unwrap().periods, [Period::Quarter(2026, 2)]);
    let apart = year(["40", "90", "40"], Some("95"));
    assert_eq!(apart.limits.len(), 1, "two that do not follow each other are no row");
    let row = year(["90", "40", "45"], Some("60"));
    assert_eq!((code(&row), row.limits.len()), ("HTNV".to_owned(), 2));
    let told = row.explanation.iter().find(|step| step.step == "limit.replace").unwrap();
    assert_eq!(told.formula, "2026-Q2, 2026-Q3");
}

/// Đ.19(1) of Decree 335/2025: the old unit sends the results of the time when the person worked there.
#[test]
fn results_sent_by_another_unit_are_told() {
    let outcome = of_quarters(["95", "80", "90"], Some("90")).unwrap();
    let step = outcome.explanation.iter().find(|step| step.step == "sent_by_unit").unwrap();
    assert_eq!(step.inputs.get("2026-Q1").unwrap(), "Xã cũ");
}

#[test]
fn a_quarter_that_is_part_of_the_year_has_no_result_of_its_own() {
    let mut input = RollUpInput {
        pack: String::new(),
        to: Span::Year,
        periods: vec![PeriodResult {
            period: Period::Quarter(2026, 4),
            total: Some(Exact::from_int(101)),
            worked: true,
            absence: None,
            class: Some("A".into()),
            unit: None,
            facts: Map::new(),
        }],
        total: Some(Exact::from_int(-1)),
        options: Map::new(),
        subject: Subject::default(),
        facts: Map::new(),
    };
    let fields = |input: &RollUpInput, pack: &Pack| {
        let errors = roll_up(pack, input).unwrap_err();
        errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
    };
    let all = ["periods[0].period", "periods[0].class", "periods[0].total", "total"];
    assert_eq!(fields(&input, &by_quarters()), all);
    // Nobody may state a mean.
    (input.periods, input.total) = (months(&[Some("90")]), Some(Exact::from_int(90)));
    assert_eq!(fields(&input, pack::find("nd335-congchuc").unwrap()), ["total"]);
}

#[test]
fn a_year_without_a_single_result_has_not_enough_data_and_says_what_is_missing() {
    let mut periods = months(&[None; 12]);
    periods.iter_mut().for_each(|period| period.worked = true);
    let outcome = year(periods);
    assert_eq!((outcome.status, outcome.total), (Status::InsufficientData, None));
    let steps: Vec<(&str, &str)> =
        outcome.explanation.iter().map(|step| (step.step.as_str(), step.value.as_str())).collect();
    assert_eq!(steps, [("missing", "12")]);
}

#[test]
fn the_whole_scale_is_no_total_too_large() {
    assert_eq!(year(months(&[Some("100"); 12])).total.unwrap().decimal, "100");
}
