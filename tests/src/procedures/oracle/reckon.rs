//! Total and class of a card under the drawn regulations, reckoned by hand: marks, and 60 points for the share of work done.

use shared::ids::PersonId;
use shared::num::Exact;
use shared::op::{Appraisal, FactValue, Mark, SelfScore};
use shared::pack::Pack;
use shared::sorted_map::Map;

use super::Rules;
use super::record::{Line, Record};
use crate::procedures::regulation::GATE_FACT;

/// What work weighs in the example's total.
const WORK_POINTS: i64 = 60;
/// The group below whose minimum nobody comes above the lowest class.
const GROUP: &str = "II";

/// Total and class, each only if it is known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in super::super) struct Reckoned {
    pub(in super::super) total: Option<Exact>,
    pub(in super::super) class: Option<String>,
}

impl Record {
    /// What follows from the latest marks; nothing where nobody else has marked.
    pub(in super::super) fn reckon(&self, rules: Rules<'_>, subject: PersonId) -> Reckoned {
        let latest = self.marks.values().next_back();
        latest.map_or_else(Reckoned::default, |(_, appraisal)| self.reckon_marks(rules, subject, appraisal))
    }

    /// What follows from somebody's marks. What the person put on the own card counts once it was confirmed.
    pub(super) fn reckon_marks(&self, rules: Rules<'_>, subject: PersonId, given: &Appraisal) -> Reckoned {
        let counted = |line: &Line| {
            // What was found of a line counts before what the marks say of it.
            let review = self.finding(line.id).or_else(|| given.lines.get(&line.id));
            let confirmed = review.is_some_and(|review| review.plan.is_some());
            let completed = review.map_or_else(|| line.reported(), |review| review.completed.clone());
            (line.by != subject || confirmed).then_some(completed)
        };
        let counted: Vec<Exact> = self.lines.iter().filter_map(counted).collect();
        reckoned(rules.office.pack, &given.marks, &given.facts, &counted)
    }

    /// What follows from the own score. There all work counts.
    pub(super) fn reckon_own(&self, rules: Rules<'_>, own: &SelfScore) -> Reckoned {
        reckoned(rules.office.pack, &own.marks, &own.facts, &self.lines.iter().map(Line::reported).collect::<Vec<_>>())
    }
}

impl Line {
    pub(super) fn reported(&self) -> Exact {
        if self.done { Exact::one() } else { Exact::zero() }
    }
}

impl Reckoned {
    /// Whether it lacks only the fact that the gate of the highest class asks for. That is never guessed.
    pub(super) const fn lacks_a_fact(&self) -> bool {
        self.total.is_some() && self.class.is_none()
    }
}

fn reckoned(pack: &Pack, marks: &Map<String, Mark>, facts: &Map<String, FactValue>, done: &[Exact]) -> Reckoned {
    let all = Exact::from_int(i64::try_from(done.len()).unwrap_or_default());
    let work = match pack.work {
        None => Some(Exact::zero()),
        // Where nothing was assigned there is nothing to judge.
        Some(_) => (done.iter().sum::<Exact>() * Exact::from_int(WORK_POINTS)).checked_div(&all),
    };
    let total = work.map(|work| points(marks, "") + work);
    Reckoned { class: total.as_ref().and_then(|total| class(pack, total, marks, facts)), total }
}

/// The sum of the marks of a group, or of all.
fn points(marks: &Map<String, Mark>, group: &str) -> Exact {
    let of_group = marks.iter().filter(|(code, _)| group.is_empty() || code.starts_with(&format!("{group}.")));
    of_group.fold(Exact::zero(), |sum, (_, mark)| sum + mark.value.clone())
}

/// The class; none where the fact that the highest one asks for is not stated.
fn class(pack: &Pack, total: &Exact, marks: &Map<String, Mark>, facts: &Map<String, FactValue>) -> Option<String> {
    let lowest = pack.classes.last().map(|class| class.code.clone());
    let disciplined = facts.get("disciplined") == Some(&FactValue::Flag(true));
    let low_group = pack
        .groups
        .iter()
        .any(|group| group.id == GROUP && group.min.as_ref().is_some_and(|min| points(marks, GROUP) < *min));
    if disciplined || low_group {
        return lowest;
    }
    for class in pack.classes.iter().filter(|class| *total >= class.min) {
        if class.gates.is_empty() {
            return Some(class.code.clone());
        }
        match facts.get(GATE_FACT) {
            None => return None,
            Some(FactValue::Number(share)) if *share >= Exact::ratio(95, 100)? => return Some(class.code.clone()),
            Some(_) => {}
        }
    }
    lowest
}
