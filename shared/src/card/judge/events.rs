//! Judges the events that a person states on the own card, and those that count because whoever marks states them.

use super::contents::{note, required};
use super::{CardPolicy, Judgement, reject};
use crate::card::Card;
use crate::ids::StepPlace;
use crate::limits::EVENT_TIMES_MAX;
use crate::num::Exact;
use crate::op::{Detail, EventStated, Refusal, RefusalCode, Verdict};
use crate::pack::EventRule;
use crate::sorted_map::Map;
use crate::time::Day;

type Events = Map<String, EventStated>;

impl CardPolicy<'_> {
    /// Events on the own card: each happened, and what brings points names what shows it.
    pub(super) fn own_events(&self, today: Day, events: &Events) -> Judgement {
        for (code, event) in events {
            let rule = self.event(code, event, 1, today)?;
            if rule.favours(event.points.as_ref()) && event.evidence.trim().is_empty() {
                return Err(reject(RefusalCode::Missing, &format!("events.{code}.evidence")));
            }
        }
        Ok(())
    }

    /// Events as whoever marks states them. What differs from the statement it builds on needs a reason: a deduction
    /// added, an event that does not count, another number of times. So nothing that was stated is passed over.
    pub(super) fn found_events(&self, card: &Card, today: Day, place: StepPlace, events: &Events) -> Judgement {
        let before = self.asked().stated_before(card, place).events;
        for (code, event) in events {
            self.event(code, event, 0, today)?;
            if !event.says_as(before.get(code)) {
                required(&event.reason, &format!("events.{code}.reason"))?;
            }
        }
        let passed_over = before.iter().find(|(code, event)| event.count > 0 && !events.contains_key(*code));
        match passed_over {
            Some((code, _)) => Err(reject(RefusalCode::ReasonRequired, &format!("events.{code}.reason"))),
            None => Ok(()),
        }
    }

    /// One event within what the pack allows, and its rule.
    pub(super) fn event(
        &self,
        code: &str,
        event: &EventStated,
        count_min: u32,
        today: Day,
    ) -> Result<&EventRule, Verdict> {
        let field = format!("events.{code}");
        let Some(rule) = self.pack.events_for(self.role).find(|rule| rule.code == code) else {
            let known: Vec<&str> = self.pack.events_for(self.role).map(|rule| rule.code.as_str()).collect();
            return Err(out(RefusalCode::Unknown, &field, Detail::from(code), Detail::from(known.join(", "))));
        };
        if event.count < count_min || event.count > EVENT_TIMES_MAX {
            let allowed = Detail::Numbers([Exact::from(count_min), Exact::from(EVENT_TIMES_MAX)]);
            return Err(out(RefusalCode::OutOfRange, &format!("{field}.count"), &Exact::from(event.count), allowed));
        }
        points(rule, event, &format!("{field}.points"))?;
        self.finish_day(self.key.period, event.day, today, &format!("{field}.day"))?;
        note(&event.evidence, &format!("{field}.evidence"))?;
        note(&event.reason, &format!("{field}.reason"))?;
        Ok(rule)
    }
}

/// Points are stated exactly where the pack leaves them to be stated and the event happened.
fn points(rule: &EventRule, event: &EventStated, field: &str) -> Judgement {
    let bounds = rule.stated.as_ref().filter(|_| event.count > 0);
    match (bounds, &event.points) {
        (None, None) => Ok(()),
        (None, Some(points)) => Err(out(RefusalCode::OutOfRange, field, points, Detail::Nothing)),
        (Some(_), None) => Err(reject(RefusalCode::Missing, field)),
        (Some(bounds), Some(points)) => {
            let within = *points >= bounds.min && *points <= bounds.max;
            let allowed = Detail::Numbers([bounds.min.clone(), bounds.max.clone()]);
            if within { Ok(()) } else { Err(out(RefusalCode::OutOfRange, field, points, allowed)) }
        }
    }
}

fn out(code: RefusalCode, field: &str, found: impl Into<Detail>, allowed: Detail) -> Verdict {
    Verdict::Rejected(Refusal::new(code, field).found(found).allowed(allowed))
}
