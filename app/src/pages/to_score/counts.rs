//! What a superior's score still lacks, and where it differs from what was stated before.

use leptos::prelude::*;
use shared::ids::{LineId, ProductNumber};
use shared::op::{Appraisal, EventStated, FactValue, LineReview, Mark, PositionStated, ProductStated, SelfScore};
use shared::pack::Statement;
use shared::score;
use shared::sorted_map::Map;

use super::sheet::Sheet;
use super::{events, model, products};

impl Sheet {
    /// The number of criteria and leader's parts without a mark, of events without points, and of what products lack. A
    /// row that the person leaves out waits for an answer instead.
    pub(super) fn missing(self, appraisal: &Appraisal) -> usize {
        let own = self.own.read();
        let open = |code: &String| {
            let given = appraisal.marks.contains_key(code) || appraisal.stated.without.contains_key(code);
            !given && !self.row_waits(&own, appraisal, code)
        };
        let marks = self.pack.criteria_for(self.role).filter(|row| open(&row.code)).count();
        // Nobody states a part that follows from the people led.
        let follows = |part: &&Statement| part.subordinates_min.is_some() && !self.led.read().is_empty();
        let stated = self.pack.statements_for(self.role).filter(|part| !follows(part));
        let stated_events = appraisal.stated.events.iter();
        let points = stated_events.filter(|(code, event)| !self.pack.is_whole(code, event)).count();
        let position = usize::from(self.position_waits(&own, appraisal));
        let weighed = self.form.unfinished(&appraisal.stated).saturating_sub(position) + self.wrong_products(appraisal);
        marks + points + weighed + stated.filter(|part| !appraisal.leadership.contains_key(&part.id)).count()
    }

    /// What the rules refuse of products that are all confirmed: their number, or what their weights add up to.
    fn wrong_products(self, appraisal: &Appraisal) -> usize {
        let own = self.own.read();
        let waits = || own.stated.products.keys().any(|number| products::waits(&own.stated, appraisal, *number));
        if self.form.products().is_none() || waits() {
            return 0;
        }
        self.evidence(appraisal).map_or(0, |input| score::wrong_products(self.pack, &input))
    }

    /// Whether a row that the person leaves out is not answered yet: it neither has a mark nor is left out, and nobody said
    /// that it applies.
    fn row_waits(self, own: &SelfScore, appraisal: &Appraisal, code: &String) -> bool {
        let answered = appraisal.marks.contains_key(code) || appraisal.stated.without.contains_key(code);
        own.stated.without.contains_key(code) && !answered && !self.draft.is_said_to_apply(code)
    }

    fn position_waits(self, own: &SelfScore, appraisal: &Appraisal) -> bool {
        let asked = !self.form.positions().is_empty();
        asked && own.stated.position.is_some() && appraisal.stated.position.is_none()
    }

    /// The number of own work lines, claimed facts, bonuses, rows left out and products of the person, and of the position,
    /// that were not answered yet.
    pub(super) fn unanswered(self, appraisal: &Appraisal) -> usize {
        let (own, lines) = (self.own.read(), self.lines.read());
        let lines = lines.iter().filter(|line| line.own && !appraisal.lines.contains_key(&line.id)).count();
        let claimed = own.facts.iter().filter(|(_, fact)| **fact == FactValue::Flag(true));
        let facts = claimed.filter(|(code, _)| !appraisal.facts.contains_key(*code)).count();
        let events = own.stated.events.keys().filter(|code| events::waits(&own, appraisal, code)).count();
        let rows = own.stated.without.keys().filter(|code| self.row_waits(&own, appraisal, code)).count();
        let proposed = own.stated.products.keys();
        let products = proposed.filter(|number| products::waits(&own.stated, appraisal, **number)).count();
        lines + facts + events + rows + products + usize::from(self.position_waits(&own, appraisal))
    }

    /// The findings that differ from the person's statements, or confirm a cause.
    fn findings(self, appraisal: &Appraisal) -> Vec<LineReview> {
        let lines = self.lines.read();
        let differs = |(id, review): (&LineId, &LineReview)| {
            let agrees = lines.iter().any(|line| line.id == *id && line.agrees(review));
            (!agrees).then(|| review.clone())
        };
        appraisal.lines.iter().filter_map(differs).collect()
    }

    /// The number of places that differ from the person's statements.
    pub(super) fn differences(self, appraisal: &Appraisal) -> usize {
        let own = self.own.read();
        let marks = appraisal.marks.iter().filter(|(code, mark)| model::differs(&own.marks, code, mark)).count();
        let parts =
            appraisal.leadership.iter().filter(|(code, mark)| model::differs(&own.leadership, code, mark)).count();
        let stated = &appraisal.stated;
        let events = stated.events.iter().filter(|(code, event)| !event.says_as(own.stated.events.get(*code))).count();
        let without = stated.without.keys().filter(|code| !own.stated.without.contains_key(*code)).count();
        let products = stated.products.iter().filter(|(number, one)| !one.says_as(own.stated.products.get(*number)));
        let position = usize::from(other_position(&own, appraisal).is_some());
        marks + parts + events + without + products.count() + position + self.findings(appraisal).len()
    }

    /// Whether the score is so far from the self-score that the regulation asks for an explanation, and there is none.
    pub(super) fn is_unexplained(self, appraisal: &Appraisal) -> bool {
        if self.pack.appraisal_gap.is_none() || !appraisal.explanation.is_empty() {
            return false;
        }
        let input = self.evidence(appraisal).and_then(|mut input| {
            input.self_score.as_mut()?.explanation.clear();
            Some(input)
        });
        input.is_some_and(|input| score::is_unexplained(self.pack, &input))
    }

    /// The number of differences without a reason.
    pub(super) fn unreasoned(self, appraisal: &Appraisal) -> usize {
        let own = self.own.read();
        let bare = |own: &Map<String, Mark>, code: &String, mark: &Mark| {
            model::differs(own, code, mark) && mark.reason.trim().is_empty()
        };
        let marks = appraisal.marks.iter().filter(|(code, mark)| bare(&own.marks, code, mark)).count();
        let parts = appraisal.leadership.iter().filter(|(code, mark)| bare(&own.leadership, code, mark)).count();
        let lines = self.findings(appraisal).iter().filter(|review| review.reason.trim().is_empty()).count();
        let stated = &appraisal.stated;
        let unlike = |(code, event): &(&String, &EventStated)| !event.says_as(own.stated.events.get(*code));
        let events = stated.events.iter().filter(unlike).filter(|(_, event)| event.reason.is_empty()).count();
        let out = |(code, reason): &(&String, &String)| !own.stated.without.contains_key(*code) && reason.is_empty();
        let without = stated.without.iter().filter(out).count();
        let changed = |(number, one): &(&ProductNumber, &ProductStated)| !one.says_as(own.stated.products.get(*number));
        let products = stated.products.iter().filter(changed).filter(|(_, one)| one.reason.is_empty()).count();
        let position = usize::from(other_position(&own, appraisal).is_some_and(|one| one.reason.is_empty()));
        let gap = usize::from(self.is_unexplained(appraisal));
        marks + parts + events + without + products + position + gap + lines
    }
}

/// The position, where it is another one than was stated before.
fn other_position<'a>(own: &SelfScore, appraisal: &'a Appraisal) -> Option<&'a PositionStated> {
    let before = own.stated.position.as_ref()?;
    appraisal.stated.position.as_ref().filter(|position| position.id != before.id)
}
