//! A card mark by mark: what the person stated beside what the superior found, with the reasons.

use serde::Serialize;

use crate::card::{Card, Line, Side};
use crate::ids::{LineId, PersonId};
use crate::num::Exact;
use crate::op::{CardKey, FactValue, LineReview, Mark, NewLine, Progress, Register};
use crate::pack::{self, Pack};
use crate::sorted_map::Map;
use crate::state::{Known, State};
use crate::time::Millis;

/// A criterion or a leader's part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MarkBeside {
    /// Its code in the pack.
    pub code: String,
    /// As the person marked it.
    pub own: Option<Mark>,
    /// As the superior did.
    pub found: Option<Mark>,
}

/// A fact that somebody stated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FactBeside {
    /// Its code in the pack.
    pub code: String,
    /// As the person stated it.
    pub own: Option<FactValue>,
    /// As the superior did.
    pub found: Option<FactValue>,
}

/// A line of work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LineBeside {
    /// Which.
    pub id: LineId,
    /// What was assigned.
    pub plan: NewLine,
    /// The person put it on the card, with a coefficient of their own where no list has one.
    pub by_self: bool,
    /// Its share of all converted work assigned; none where nothing is.
    pub share: Option<Exact>,
    /// As reported.
    pub report: Progress,
    /// As the superior found, where that says anything of it.
    pub found: Option<LineReview>,
}

/// A card mark by mark, as far as the reader may know it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Beside {
    /// The results.
    pub known: Known,
    /// Criteria in the order of the form.
    pub criteria: Vec<MarkBeside>,
    /// Leader's parts.
    pub leadership: Vec<MarkBeside>,
    /// Facts that either side stated.
    pub facts: Vec<FactBeside>,
    /// Lines of work.
    pub lines: Vec<LineBeside>,
    /// Who scored as the superior, and when by that device's clock.
    pub found_by: Option<(PersonId, Millis)>,
    /// What the superior says of the whole.
    pub comment: String,
}

/// Whether two sides are there and say different things.
fn differ<T: PartialEq>(own: Option<&T>, found: Option<&T>) -> bool {
    found.is_some() && own != found
}

impl MarkBeside {
    /// Whether the superior marked it otherwise.
    #[must_use]
    pub fn differs(&self) -> bool {
        differ(self.own.as_ref().map(|mark| &mark.value), self.found.as_ref().map(|mark| &mark.value))
    }
}

impl FactBeside {
    /// Whether the superior stated it otherwise.
    #[must_use]
    pub fn differs(&self) -> bool {
        // What nobody states is not so.
        let own = self.own.clone().unwrap_or(FactValue::Flag(false));
        differ(Some(&own), self.found.as_ref())
    }
}

impl Beside {
    /// How many places the superior found otherwise.
    #[must_use]
    pub fn differences(&self) -> usize {
        let marks = self.criteria.iter().chain(&self.leadership).filter(|mark| mark.differs()).count();
        let facts = self.facts.iter().filter(|fact| fact.differs()).count();
        marks + facts + self.lines.iter().filter(|line| line.found.is_some()).count()
    }
}

/// Lays a card out for `reader`; nothing while the person has not scored and nobody else has.
#[must_use]
pub fn side_by_side(state: &State, reader: PersonId, key: &CardKey) -> Option<Beside> {
    let card = state.card(key)?;
    let (pack, role) = (pack::find(&key.pack)?, state.role(key)?);
    if !state.may_know(reader, key, Side::SelfScored) {
        return None;
    }
    let own = card.self_score();
    let found = card.appraisal().filter(|_| state.may_know(reader, key, Side::Appraised));
    if own.is_none() && found.is_none() {
        return None;
    }
    let none = Map::new();
    let (own_marks, found_marks) = (own.map_or(&none, |own| &own.marks), found.map_or(&none, |found| &found.marks));
    let (own_parts, found_parts) =
        (own.map_or(&none, |own| &own.leadership), found.map_or(&none, |found| &found.leadership));
    let criteria = pack.criteria_for(role).map(|row| mark(&row.code, own_marks, found_marks));
    let leadership = pack.statements_for(role).map(|part| mark(&part.id, own_parts, found_parts));
    let nothing = Map::new();
    Some(Beside {
        known: state.result_for(reader, key),
        criteria: criteria.collect(),
        leadership: leadership.collect(),
        facts: facts(pack, own.map_or(&nothing, |own| &own.facts), found.map_or(&nothing, |found| &found.facts)),
        lines: lines(card, key.person, found.is_some()),
        found_by: found.and(card.current(&Register::Appraisal)).map(|version| (version.actor, version.at.at)),
        comment: found.map(|found| found.comment.clone()).unwrap_or_default(),
    })
}

fn mark(code: &str, own: &Map<String, Mark>, found: &Map<String, Mark>) -> MarkBeside {
    MarkBeside { code: code.to_owned(), own: own.get(code).cloned(), found: found.get(code).cloned() }
}

/// The facts that either side stated, in the order of the pack.
fn facts(pack: &Pack, own: &Map<String, FactValue>, found: &Map<String, FactValue>) -> Vec<FactBeside> {
    let stated = |code: &String| own.contains_key(code) || found.contains_key(code);
    let fact =
        |code: &String| FactBeside { code: code.clone(), own: own.get(code).cloned(), found: found.get(code).cloned() };
    pack.facts.iter().filter(|rule| stated(&rule.id)).map(|rule| fact(&rule.id)).collect()
}

fn lines(card: &Card, person: PersonId, with_findings: bool) -> Vec<LineBeside> {
    let lines = card.lines();
    let converted = |line: &Line<'_>| &line.plan.coefficient * &line.plan.assigned;
    let all = lines.iter().fold(Exact::zero(), |sum, line| &sum + &converted(line));
    let beside = |line: &Line<'_>| LineBeside {
        id: line.id,
        plan: line.plan.clone(),
        by_self: line.assigned_by == person,
        share: converted(line).checked_div(&all),
        report: line.progress.cloned().unwrap_or_default(),
        found: line.review.filter(|_| with_findings).cloned(),
    };
    lines.iter().map(beside).collect()
}
