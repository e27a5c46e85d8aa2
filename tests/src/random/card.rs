//! A random card under any pack, with what people usually enter and what nobody expects.

use shared::num::Exact;
use shared::pack::{Component, Criterion, FactKind, FactRule, Factor, MarkingRule, Pack, Rule, Statement};
use shared::score::{CardInput, Event, Fact, SelfScore, Subject, Subordinate, TOTAL, WorkLine, evaluate};
use shared::sorted_map::{Map, Set};
use shared::work::Cause;

use super::draw::Draw;
use super::products::products;

/// Denominators of ordinary numbers.
const DENOMINATORS: [i64; 10] = [1, 1, 2, 3, 4, 7, 10, 12, 97, 1000];
/// Primes just below the finest denominator allowed. Sums of such numbers overflow every machine word.
const FINE_DENOMINATORS: [i64; 4] = [999_983, 999_979, 999_961, 999_959];
const LINES_MAX: usize = 12;

/// What kind of month it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Month {
    /// Anything may happen.
    Ordinary,
    /// All work was done well and in time, with marks up to the border of a class.
    AtBorder,
    /// Nothing was assigned.
    Idle,
    /// Numbers are as fine and as large as the limits allow.
    Extreme,
}

/// A card that the pack accepts, or refuses only because a fact that a gate needs is not stated.
#[must_use]
pub fn card(pack: &Pack, draw: &mut Draw) -> CardInput {
    let month = match draw.below(20) {
        0..=2 => Month::AtBorder,
        3 => Month::Idle,
        4 => Month::Extreme,
        _ => Month::Ordinary,
    };
    let role = draw.pick(&pack.roles).map(|role| role.id.clone()).unwrap_or_default();
    let options = options(pack, draw);
    let mut criteria = marks(pack, &role, month, &options, draw);
    let not_applicable = not_applicable(pack, &options, &mut criteria, draw);
    let (leadership, subordinates) = leadership(pack, &role, month, draw);
    let below = |code: &str| {
        let max = pack.criteria_for(&role).find(|criterion| criterion.code == code).map(|criterion| &criterion.max);
        max.zip(criteria.get(code)).is_some_and(|(max, mark)| mark < max)
    };
    let reasons = criteria.keys().filter(|code| below(code)).map(|code| (code.clone(), "VB 7/2026".to_owned()));
    let card = CardInput {
        reasons: reasons.collect(),
        not_applicable,
        work: if pack.counts_work(&role) { work(pack, month, draw) } else { Vec::new() },
        products: products(pack, &role, month == Month::AtBorder, draw),
        leadership,
        subordinates,
        events: events(pack, &role, month, draw),
        facts: facts(pack, &role, draw),
        sources: Map::new(),
        subject: Subject { role, position: pack.work.as_ref().and_then(|work| factor(&work.positions, draw)) },
        criteria,
        options,
        self_score: None,
    };
    CardInput { self_score: self_score(pack, &card, draw), ..card }
}

/// The total of the person's own score, where the pack compares it. It is often exactly so far away that an explanation
/// is needed, which some cards lack.
fn self_score(pack: &Pack, card: &CardInput, draw: &mut Draw) -> Option<SelfScore> {
    let rule = pack.appraisal_gap.as_ref().filter(|_| draw.chance(70))?;
    let outcome = evaluate(pack, card).ok();
    let total = outcome.as_ref().and_then(|outcome| outcome.total.as_ref()).map(|total| total.exact.clone());
    let hair = Exact::ratio(1, 1000).unwrap_or_default();
    let gaps = [Exact::zero(), &rule.points - &hair, rule.points.clone(), &rule.points + &hair, Exact::from_int(10)];
    let gap = draw.pick(&gaps).cloned().unwrap_or_default();
    let total = total.unwrap_or_default();
    let total = if draw.chance(50) { total + gap } else { total - gap };
    // Totals of numbers as fine as the limits allow are finer than what may be stated.
    let total = Exact::parse(&total.to_decimal(4)).unwrap_or_default();
    let found = outcome.and_then(|outcome| outcome.class).map(|class| class.code);
    let other = draw.pick(&pack.classes).map(|class| class.code.clone());
    Some(SelfScore {
        total: total.min(pack.scale_max.clone()).max(Exact::zero()),
        class: found.filter(|_| draw.chance(70)).or(other),
        explanation: if draw.chance(80) { "VB 9/2026".to_owned() } else { " ".to_owned() },
    })
}

/// One of some factors by name.
pub(super) fn factor(factors: &[Factor], draw: &mut Draw) -> Option<String> {
    draw.pick(factors).map(|factor| factor.id.clone())
}

/// Criteria that do not apply, where the chosen readings allow that. Their marks are removed.
fn not_applicable(
    pack: &Pack,
    options: &Map<String, String>,
    marks: &mut Map<String, Exact>,
    draw: &mut Draw,
) -> Set<String> {
    let default = pack.option("not_applicable").map(|option| &option.default);
    let allowed = options.get("not_applicable").or(default).is_some_and(|word| word != "refuse");
    let codes: Vec<String> = marks.keys().filter(|_| allowed && draw.chance(15)).cloned().collect();
    codes.iter().for_each(|code| {
        marks.remove(code);
    });
    codes.into_iter().collect()
}

/// The statement about a leader, or the results of people led from which it follows.
fn leadership(pack: &Pack, role: &str, month: Month, draw: &mut Draw) -> (Map<String, Exact>, Vec<Subordinate>) {
    let mut stated = statements(pack, role, month, draw);
    let follows = |statement: &&Statement| statement.subordinates_min.is_some();
    let Some(statement) = pack.statements_for(role).find(follows).filter(|_| draw.chance(50)) else {
        return (stated, Vec::new());
    };
    stated.remove(&statement.id);
    let least = statement.subordinates_min.clone().unwrap_or_default();
    let led = (0..draw.below(6)).map(|index| {
        let total = match draw.below(10) {
            0 => None,
            1 | 2 => Some(least.clone()),
            _ => Some(&pack.scale_max * &Exact::ratio(draw.between(0, 100), 100).unwrap_or_default()),
        };
        Subordinate { id: format!("P{index}"), total, ..Subordinate::default() }
    });
    (stated, led.collect())
}

/// Makes a card that must be refused, or refused differently.
pub fn spoil(card: &mut CardInput, draw: &mut Draw) {
    let wrong = [Exact::from_int(-1), Exact::from_int(100_001), Exact::ratio(1, 1_000_003).unwrap_or_default()];
    let number = draw.pick(&wrong).cloned().unwrap_or_default();
    match draw.below(6) {
        0 => {
            if let Some(mark) = card.criteria.values_mut().next() {
                *mark = number;
            }
        }
        1 => card.work.iter_mut().take(1).for_each(|line| line.coefficient = number.clone()),
        2 => card.work.iter_mut().take(1).for_each(|line| line.completed = number.clone()),
        3 => card.subject.role = "nobody".to_owned(),
        4 => {
            card.facts.insert("weather".to_owned(), Fact::Flag(true));
        }
        _ => {
            card.options.insert("cap".to_owned(), "sky".to_owned());
        }
    }
}

fn options(pack: &Pack, draw: &mut Draw) -> Map<String, String> {
    let mut chosen = Map::new();
    for option in &pack.options {
        if let Some(value) = draw.pick(&option.values)
            && draw.chance(60)
        {
            chosen.insert(option.id.clone(), value.id.clone());
        }
    }
    chosen
}

/// Whether marks may only be 0 or the maximum, where a criterion does not say.
fn is_binary(pack: &Pack, options: &Map<String, String>) -> bool {
    let default = pack.option("common").map(|option| &option.default);
    options.get("common").or(default).is_some_and(|word| word == "binary")
}

fn marks(pack: &Pack, role: &str, month: Month, options: &Map<String, String>, draw: &mut Draw) -> Map<String, Exact> {
    let mut marks = Map::new();
    let mut left = (month == Month::AtBorder).then(|| border(pack, role, draw));
    let binary = is_binary(pack, options);
    for criterion in pack.criteria_for(role) {
        let mark = match &mut left {
            Some(left) => {
                let mark = left.clone().min(criterion.max.clone());
                *left = &*left - &mark;
                mark
            }
            None => mark(criterion, month, draw),
        };
        let binary = criterion.marking.map_or(binary, |own| own == MarkingRule::Binary);
        let between = !mark.is_zero() && mark != criterion.max;
        let mark = if binary && between { Exact::zero() } else { mark };
        marks.insert(criterion.code.clone(), mark);
    }
    marks
}

/// Points that marks must reach so that the total is exactly the lower limit of a class, with all the rest perfect.
fn border(pack: &Pack, role: &str, draw: &mut Draw) -> Exact {
    let aim = draw.pick(&pack.classes).map(|class| class.min.clone()).unwrap_or_default();
    let marked = |id: &str| pack.component(role, id).is_some_and(|found| matches!(found.rule, Rule::Marks { .. }));
    let rest: Exact = match pack.component(role, TOTAL) {
        Some(Component { rule: Rule::Sum { terms, .. }, .. }) => {
            terms.iter().filter(|term| !marked(&term.component)).map(|term| &term.weight).sum()
        }
        _ => Exact::zero(),
    };
    // Weights of 1 are points already. A share carries many points.
    let needed = if rest > Exact::from_int(10) { &aim - &rest } else { aim };
    needed.max(Exact::zero())
}

fn mark(criterion: &Criterion, month: Month, draw: &mut Draw) -> Exact {
    if month == Month::Extreme {
        let denominator = draw.pick(&FINE_DENOMINATORS).copied().unwrap_or(1);
        let number = Exact::ratio(draw.between(0, denominator), denominator).unwrap_or_default();
        return number.min(criterion.max.clone());
    }
    match draw.below(10) {
        0 => Exact::zero(),
        1..=3 => criterion.max.clone(),
        4..=6 => &criterion.max * &Exact::ratio(draw.between(0, 4), 4).unwrap_or_default(),
        _ => {
            let denominator = draw.pick(&DENOMINATORS).copied().unwrap_or(1);
            &criterion.max * &Exact::ratio(draw.between(0, denominator), denominator).unwrap_or_default()
        }
    }
}

fn work(pack: &Pack, month: Month, draw: &mut Draw) -> Vec<WorkLine> {
    let most = if draw.chance(2) { 40 } else { LINES_MAX };
    let count = draw.below(most + 1);
    let levels = pack.work.as_ref().map_or(&[][..], |work| &work.difficulties);
    let weighed = |line: WorkLine, draw: &mut Draw| {
        let tenths = if draw.chance(10) { draw.between(1, 9) } else { 10 };
        // Work made together has a code of its own. Sometimes a line has none.
        let code = match tenths {
            10 if draw.chance(5) => String::new(),
            10 => line.code.clone(),
            _ => format!("{}/{}", line.code, draw.bits()),
        };
        WorkLine {
            code,
            difficulty: factor(levels, draw),
            share: Exact::ratio(tenths, 10).unwrap_or_else(Exact::one),
            ..line
        }
    };
    (0..count).map(|index| weighed(line(index, month, draw), draw)).collect()
}

fn line(index: usize, month: Month, draw: &mut Draw) -> WorkLine {
    let among = if month == Month::Extreme { &FINE_DENOMINATORS[..] } else { &DENOMINATORS[..] };
    let denominator = draw.pick(among).copied().unwrap_or(1);
    let part = |count: i64| Exact::ratio(count, denominator).unwrap_or_default();
    let largest = if month == Month::Extreme { 100_000 } else { 20 };
    let assigned = match month {
        Month::Idle => 0,
        _ if draw.chance(10) => 0,
        _ => draw.between(1, largest * denominator),
    };
    let handed = if month != Month::AtBorder && draw.chance(20) { draw.between(0, assigned) } else { 0 };
    let most = if handed > 0 { assigned - handed } else { (assigned * 3 / 2).min(100_000 * denominator) };
    let completed = match draw.below(4) {
        _ if month == Month::AtBorder => assigned,
        0 => assigned.min(most),
        _ => draw.between(0, most),
    };
    let flawless = month == Month::AtBorder;
    // Late this many times, and at least as many days.
    let late_times = if flawless { 0 } else { draw.few(6) };
    let late_days = if late_times == 0 { 0 } else { late_times.saturating_add(draw.few(6)) };
    let cause = |draw: &mut Draw, cause: Cause| draw.chance(15).then_some(cause);
    WorkLine {
        // Sometimes two lines have one product.
        code: format!("V.{}", if draw.chance(20) { index / 2 } else { index }),
        coefficient: coefficient(month, draw),
        assigned: part(assigned),
        completed: part(completed),
        failed_reviews: if flawless { 0 } else { draw.few(6) },
        late_times,
        late_days,
        objective_cause: [cause(draw, Cause::Quality), cause(draw, Cause::Progress)].into_iter().flatten().collect(),
        extra: if !flawless && draw.chance(20) { part(draw.between(0, 5 * denominator)) } else { Exact::zero() },
        handed_over: part(handed),
        ..WorkLine::default()
    }
}

fn coefficient(month: Month, draw: &mut Draw) -> Exact {
    let (most, denominator) = match draw.below(10) {
        _ if month == Month::Extreme => (100_000, draw.pick(&FINE_DENOMINATORS).copied().unwrap_or(1)),
        0 => (10, draw.pick(&DENOMINATORS).copied().unwrap_or(1)),
        _ => (10, 10),
    };
    Exact::ratio(draw.between(1, most * denominator), denominator).unwrap_or_else(Exact::one)
}

fn statements(pack: &Pack, role: &str, month: Month, draw: &mut Draw) -> Map<String, Exact> {
    let mut stated = Map::new();
    for Statement { id, values, .. } in pack.statements_for(role) {
        let best = values.iter().map(|allowed| &allowed.value).max();
        let value = match month {
            Month::AtBorder => best,
            _ if draw.chance(4) => None,
            _ => draw.pick(values).map(|allowed| &allowed.value),
        };
        stated.extend(value.map(|value| (id.clone(), value.clone())));
    }
    stated
}

fn events(pack: &Pack, role: &str, month: Month, draw: &mut Draw) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for rule in pack.events_for(role) {
        if month != Month::AtBorder && draw.chance(40) {
            // Every paper counts once.
            let evidence = if draw.chance(50) { format!("VB {}/2026", events.len()) } else { String::new() };
            let points = rule.stated.as_ref().map(|bounds| {
                let part = Exact::ratio(draw.between(0, 4), 4).unwrap_or_default();
                &bounds.min + &((&bounds.max - &bounds.min) * part)
            });
            let count = if month == Month::Extreme { 100_000 } else { draw.few(5) };
            events.push(Event { code: rule.code.clone(), count, evidence, points });
        }
    }
    let turn = draw.below(events.len().max(1));
    events.rotate_left(turn);
    events
}

fn facts(pack: &Pack, role: &str, draw: &mut Draw) -> Map<String, Fact> {
    let mut facts = Map::new();
    let days = draw.between(18, 23);
    let worked = match draw.below(3) {
        0 => days,
        1 => days / 2,
        _ => draw.between(0, days),
    };
    for rule in pack.facts_for(role) {
        let fact = match rule.kind {
            // Where nothing may be assumed, most cards state it.
            FactKind::Flag => {
                let often = if rule.assume.is_some() { 30 } else { 90 };
                draw.chance(often).then(|| Fact::Flag(draw.chance(20)))
            }
            FactKind::Share => (!draw.chance(2)).then(|| Fact::Quantity(share(pack, rule, draw))),
            FactKind::Days => {
                let is_part = pack.eligibility.iter().any(|eligibility| eligibility.fact == rule.id);
                (!draw.chance(15)).then(|| Fact::Quantity(Exact::from_int(if is_part { worked } else { days })))
            }
            FactKind::Count => {
                let usual = draw.pick(&[0, 1, 2, 6, 6, 12]).copied().unwrap_or_default();
                let count = if draw.chance(70) { usual } else { draw.between(0, 12) };
                (!draw.chance(2)).then(|| Fact::Quantity(Exact::from_int(count)))
            }
            FactKind::Class => {
                let class = draw.pick(&pack.classes).filter(|_| draw.chance(50));
                class.map(|class| Fact::Class(class.code.clone()))
            }
        };
        facts.extend(fact.map(|fact| (rule.id.clone(), fact)));
    }
    facts
}

/// A share, often exactly at the bound of a gate.
fn share(pack: &Pack, rule: &FactRule, draw: &mut Draw) -> Exact {
    let gates = pack.classes.iter().flat_map(|class| &class.gates).filter(|gate| gate.fact.as_ref() == Some(&rule.id));
    let knock_outs = pack.knock_outs.iter().filter(|one| one.fact == rule.id).flat_map(|one| [&one.below, &one.above]);
    let bounds: Vec<&Exact> =
        gates.flat_map(|gate| [&gate.at_least, &gate.at_most, &gate.above]).chain(knock_outs).flatten().collect();
    match draw.below(4) {
        0 | 1 => draw.pick(&bounds).map_or_else(Exact::one, |bound| (*bound).clone()),
        2 => Exact::one(),
        _ => {
            let denominator = draw.pick(&DENOMINATORS).copied().unwrap_or(1);
            Exact::ratio(draw.between(0, denominator), denominator).unwrap_or_default()
        }
    }
}
