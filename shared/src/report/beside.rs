//! Compares a card mark by mark: what the person stated beside what the superior found, with the reasons.

use serde::Serialize;

use crate::card::{Card, Line, Side};
use crate::ids::{LineId, PersonId, ProductNumber};
use crate::num::Exact;
use crate::op::{
    CardKey, EventStated, FactValue, LineReview, Mark, NewLine, PositionStated, ProductStated, Progress, Stated,
};
use crate::pack::{self, Pack};
use crate::sorted_map::Map;
use crate::state::{Known, State};
use crate::time::Millis;

/// The marks of a criterion or of a leader's part, from both sides.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MarkBeside {
    /// Its code in the pack.
    pub code: String,
    /// The person's mark.
    pub own: Option<Mark>,
    /// The superior's mark.
    pub found: Option<Mark>,
    /// Why it does not apply, as the person says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_without: Option<String>,
    /// Why it does not apply, as the superior says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_without: Option<String>,
}

/// A fact that at least one side stated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FactBeside {
    /// Its code in the pack.
    pub code: String,
    /// The value that the person stated.
    pub own: Option<FactValue>,
    /// The value that the superior stated.
    pub found: Option<FactValue>,
}

/// An event that at least one side stated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct EventBeside {
    /// Its code in the pack.
    pub code: String,
    /// What the person stated.
    pub own: Option<EventStated>,
    /// What the superior stated. Once there is a score, what it does not mention did not happen.
    pub found: Option<EventStated>,
}

/// A weighted product that at least one side stated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ProductBeside {
    /// Its number on the card.
    pub number: ProductNumber,
    /// What the person stated.
    pub own: Option<ProductStated>,
    /// What the superior stated.
    pub found: Option<ProductStated>,
}

/// The position by which work is multiplied.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PositionBeside {
    /// What the person stated.
    pub own: Option<PositionStated>,
    /// What the superior stated.
    pub found: Option<PositionStated>,
}

/// A line of work, as reported and as found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LineBeside {
    /// The line.
    pub id: LineId,
    /// What was assigned.
    pub plan: NewLine,
    /// Whether the person put it on the card, with a coefficient of their own where no list has one.
    pub by_self: bool,
    /// Its share of all converted work assigned; none where no work is assigned.
    pub share: Option<Exact>,
    /// The person's report.
    pub report: Progress,
    /// The superior's finding, if there is one.
    pub found: Option<LineReview>,
}

/// A card compared mark by mark, as far as the reader may know it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Beside {
    /// The results.
    pub known: Known,
    /// Criteria in the order of the form.
    pub criteria: Vec<MarkBeside>,
    /// Leader's parts.
    pub leadership: Vec<MarkBeside>,
    /// Facts that at least one side stated.
    pub facts: Vec<FactBeside>,
    /// Events that at least one side stated.
    pub events: Vec<EventBeside>,
    /// Weighted products, in the order of their numbers.
    pub products: Vec<ProductBeside>,
    /// The position, if at least one side stated one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<PositionBeside>,
    /// Lines of work.
    pub lines: Vec<LineBeside>,
    /// Who scored as the superior, and when by that device's clock.
    pub found_by: Option<(PersonId, Millis)>,
    /// The superior's comment on the whole card.
    pub comment: String,
    /// Why self-score and appraisal are far apart, as the superior explains it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub explanation: String,
}

/// Whether both sides stated something and differ.
fn differ<T: PartialEq>(own: Option<&T>, found: Option<&T>) -> bool {
    found.is_some() && own != found
}

impl MarkBeside {
    /// Whether the superior gave another mark.
    #[must_use]
    pub fn differs(&self) -> bool {
        differ(self.own.as_ref().map(|mark| &mark.value), self.found.as_ref().map(|mark| &mark.value))
            || self.found_without.is_some() && self.own_without.is_none()
    }
}

impl FactBeside {
    /// Whether the superior stated another value.
    #[must_use]
    pub fn differs(&self) -> bool {
        // A fact that nobody states counts as "no".
        let own = self.own.clone().unwrap_or(FactValue::Flag(false));
        differ(Some(&own), self.found.as_ref())
    }
}

impl EventBeside {
    /// Whether the superior stated something else.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.found.as_ref().is_some_and(|found| !found.says_as(self.own.as_ref()))
    }
}

impl ProductBeside {
    /// Whether the superior stated something else.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.found.as_ref().is_some_and(|found| !found.says_as(self.own.as_ref()))
    }
}

impl PositionBeside {
    /// Whether the superior named another position.
    #[must_use]
    pub fn differs(&self) -> bool {
        differ(self.own.as_ref().map(|one| &one.id), self.found.as_ref().map(|one| &one.id))
    }
}

impl Beside {
    /// The number of places where the superior differs.
    #[must_use]
    pub fn differences(&self) -> usize {
        let marks = self.criteria.iter().chain(&self.leadership).filter(|mark| mark.differs()).count();
        let facts = self.facts.iter().filter(|fact| fact.differs()).count();
        let events = self.events.iter().filter(|event| event.differs()).count();
        let products = self.products.iter().filter(|product| product.differs()).count();
        let position = usize::from(self.position.as_ref().is_some_and(PositionBeside::differs));
        marks + facts + events + products + position + self.lines.iter().filter(|line| line.found.is_some()).count()
    }
}

/// Compares the sides of a card for `reader`. None while neither the person nor anybody else has scored or decided.
#[must_use]
pub fn side_by_side(state: &State, reader: PersonId, key: &CardKey) -> Option<Beside> {
    let card = state.card(key)?;
    let (pack, role) = (pack::pinned(&key.pack)?, state.role(key)?);
    if !state.may_know(reader, key, Side::SelfScored) {
        return None;
    }
    let own = card.self_score();
    let found = card.appraisal().filter(|_| state.may_know(reader, key, Side::Appraised));
    let known = state.result_for(reader, key);
    if own.is_none() && found.is_none() && known.decided.is_none() {
        return None;
    }
    let none = Map::new();
    let (own_marks, found_marks) = (own.map_or(&none, |own| &own.marks), found.map_or(&none, |found| &found.marks));
    let (own_parts, found_parts) =
        (own.map_or(&none, |own| &own.leadership), found.map_or(&none, |found| &found.leadership));
    let (own_said, found_said) = (own.map(|own| &own.stated), found.map(|found| &found.stated));
    let criteria = pack.criteria_for(role).map(|row| MarkBeside {
        own_without: own_said.and_then(|said| said.without.get(&row.code)).cloned(),
        found_without: found_said.and_then(|said| said.without.get(&row.code)).cloned(),
        ..mark(&row.code, own_marks, found_marks)
    });
    let leadership = pack.statements_for(role).map(|part| mark(&part.id, own_parts, found_parts));
    let nothing = Map::new();
    Some(Beside {
        known,
        criteria: criteria.collect(),
        leadership: leadership.collect(),
        facts: facts(pack, own.map_or(&nothing, |own| &own.facts), found.map_or(&nothing, |found| &found.facts)),
        events: events(pack, own_said, found_said),
        products: products(own_said, found_said),
        position: position(own_said, found_said),
        lines: lines(card, &state.speakers(key), found.is_some()),
        found_by: found
            .and(card.appraised_in().and_then(|register| card.current(register)))
            .map(|version| (version.actor, version.at.at)),
        comment: found.map(|found| found.comment.clone()).unwrap_or_default(),
        explanation: found.map(|found| found.explanation.clone()).unwrap_or_default(),
    })
}

fn mark(code: &str, own: &Map<String, Mark>, found: &Map<String, Mark>) -> MarkBeside {
    let (own, found) = (own.get(code).cloned(), found.get(code).cloned());
    MarkBeside { code: code.to_owned(), own, found, own_without: None, found_without: None }
}

/// The facts that at least one side stated, in the order of the pack.
fn facts(pack: &Pack, own: &Map<String, FactValue>, found: &Map<String, FactValue>) -> Vec<FactBeside> {
    let stated = |code: &String| own.contains_key(code) || found.contains_key(code);
    let fact =
        |code: &String| FactBeside { code: code.clone(), own: own.get(code).cloned(), found: found.get(code).cloned() };
    pack.facts.iter().filter(|rule| stated(&rule.id)).map(|rule| fact(&rule.id)).collect()
}

/// The events that at least one side stated, in the order of the pack.
fn events(pack: &Pack, own: Option<&Stated>, found: Option<&Stated>) -> Vec<EventBeside> {
    let event = |code: &String| {
        let own = own.and_then(|own| own.events.get(code)).cloned();
        let stated = found.and_then(|found| found.events.get(code)).cloned();
        if own.is_none() && stated.is_none() {
            return None;
        }
        Some(EventBeside { code: code.clone(), own, found: found.map(|_| stated.unwrap_or_default()) })
    };
    pack.events.iter().filter_map(|rule| event(&rule.code)).collect()
}

/// The products that at least one side stated.
fn products(own: Option<&Stated>, found: Option<&Stated>) -> Vec<ProductBeside> {
    let mut numbers: Vec<ProductNumber> =
        [own, found].into_iter().flatten().flat_map(|side| side.products.keys().copied()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let beside = |number: ProductNumber| {
        let of = |side: Option<&Stated>| side.and_then(|stated| stated.products.get(&number)).cloned();
        ProductBeside { number, own: of(own), found: of(found) }
    };
    numbers.into_iter().map(beside).collect()
}

fn position(own: Option<&Stated>, found: Option<&Stated>) -> Option<PositionBeside> {
    let of = |side: Option<&Stated>| side.and_then(|stated| stated.position.clone());
    let (own, found) = (of(own), of(found));
    (own.is_some() || found.is_some()).then_some(PositionBeside { own, found })
}

fn lines(card: &Card, speakers: &[PersonId], with_findings: bool) -> Vec<LineBeside> {
    let lines = card.lines();
    let converted = |line: &Line<'_>| &line.plan.coefficient * &line.plan.assigned;
    let all = lines.iter().fold(Exact::zero(), |sum, line| &sum + &converted(line));
    let beside = |line: &Line<'_>| LineBeside {
        id: line.id,
        plan: line.plan.clone(),
        by_self: speakers.contains(&line.assigned_by),
        share: converted(line).checked_div(&all),
        report: line.progress.cloned().unwrap_or_default(),
        found: line.review.filter(|_| with_findings).cloned(),
    };
    lines.iter().map(beside).collect()
}
