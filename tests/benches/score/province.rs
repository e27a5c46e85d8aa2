//! Scores a whole province: 100,000 officials, twelve months each, the year of each, and the quota of each unit.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};
use std::{fs, mem};

use serde_json::json;
use shared::num::Exact;
use shared::pack::{self, Pack, Span};
use shared::score::{
    CardInput, InputError, Member, PeriodResult, QuotaGroup, QuotaInput, RollUpInput, Subject, quota, roll_up,
};
use shared::sorted_map::Map;
use shared::time::Period;
use tests::measure::{PACK, ROLE, staff_card};
use tests::random::Draw;
use tests::scoring::Engine;

const OFFICIALS: u64 = 100_000;
const MONTHS: u8 = 12;
const OFFICIALS_PER_UNIT: usize = 40;

/// How the time was spent.
#[derive(Default)]
struct Spent {
    making: Duration,
    scoring: Duration,
    rolling_up: Duration,
    quota: Duration,
}

/// Scores the province and writes the costs as one line of JSON.
pub(crate) fn province() -> Result<(), Box<dyn Error>> {
    let pack = pack::find(PACK).ok_or("no such pack")?;
    let engine = Engine::new(pack, ROLE, &Map::new()).map_err(refused)?;
    let mut spent = Spent::default();
    let mut classes: BTreeMap<String, u64> = BTreeMap::new();
    let mut members = Vec::new();
    let (mut units, mut allowed, mut over) = (0, 0, 0);
    let whole = start();
    for official in 0..OFFICIALS {
        let months = months(&engine, pack, official, &mut spent)?;
        let member = year(pack, official, months, &mut spent)?;
        *classes.entry(member.class.clone().unwrap_or_default()).or_default() += 1;
        members.push(member);
        if members.len() == OFFICIALS_PER_UNIT || official + 1 == OFFICIALS {
            let found = unit_quota(pack, units, mem::take(&mut members), &mut spent)?;
            units += 1;
            allowed += found.0;
            over += found.1;
        }
    }
    let took = whole.elapsed();
    let report = json!({
        "officials": OFFICIALS, "cards": OFFICIALS * u64::from(MONTHS), "units": units, "classes": classes,
        "highest_class_allowed": allowed, "highest_class_over": over,
        "milliseconds": {
            "whole": took.as_millis(), "making_cards": spent.making.as_millis(),
            "scoring": spent.scoring.as_millis(), "rolling_up": spent.rolling_up.as_millis(),
            "quota": spent.quota.as_millis(),
        },
        "peak_kib": peak_kib(),
    });
    println!("{report}");
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a measurement")]
fn start() -> Instant {
    Instant::now()
}

fn refused(errors: Vec<InputError>) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// The totals of twelve months.
fn months(engine: &Engine<'_>, pack: &Pack, official: u64, spent: &mut Spent) -> Result<Vec<Exact>, Box<dyn Error>> {
    let begun = start();
    let months = u64::from(MONTHS);
    let care = Draw::at(1, "care", official).between(0, 10);
    let draws = (0..months).map(|month| Draw::at(1, "province", official * months + month));
    let cards: Vec<CardInput> = draws.map(|mut draw| staff_card(pack, care, &mut draw)).collect();
    spent.making += begun.elapsed();
    let begun = start();
    let mut totals = Vec::with_capacity(cards.len());
    for card in &cards {
        let verdict = engine.run(&engine.accept(card).map_err(refused)?);
        totals.push(verdict.total().ok_or("a month without a total")?);
    }
    spent.scoring += begun.elapsed();
    Ok(totals)
}

fn year(pack: &Pack, official: u64, months: Vec<Exact>, spent: &mut Spent) -> Result<Member, Box<dyn Error>> {
    let begun = start();
    let period = |(month, total)| PeriodResult {
        period: Period::Month(2026, month),
        total: Some(total),
        worked: true,
        absence: None,
        class: None,
        unit: None,
        facts: Map::new(),
    };
    let input = RollUpInput {
        total: None,
        pack: PACK.to_owned(),
        to: Span::Year,
        periods: (1..=MONTHS).zip(months).map(period).collect(),
        options: Map::new(),
        subject: Subject::default(),
        facts: Map::new(),
    };
    let rolled = roll_up(pack, &input).map_err(refused)?;
    let member = Member {
        id: official.to_string(),
        total: Some(rolled.total.ok_or("a year without a total")?.exact),
        class: Some(rolled.class.ok_or("a year without a class")?.code),
        tie_breaks: Map::new(),
        head: false,
    };
    spent.rolling_up += begun.elapsed();
    Ok(member)
}

/// How many people of a unit may be in the highest class, and how many are over the limit.
fn unit_quota(
    pack: &Pack,
    unit: u64,
    members: Vec<Member>,
    spent: &mut Spent,
) -> Result<(usize, usize), Box<dyn Error>> {
    let begun = start();
    let group = QuotaGroup { name: unit.to_string(), outstanding: unit.is_multiple_of(10), members };
    let input = QuotaInput { pack: PACK.to_owned(), options: Map::new(), groups: vec![group] };
    let found = quota(pack, &input).map_err(refused)?;
    spent.quota += begun.elapsed();
    Ok(found.groups.iter().fold((0, 0), |sum, group| (sum.0 + group.allowed, sum.1 + group.over.len())))
}

/// The peak memory of this process, as Linux counts it.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
