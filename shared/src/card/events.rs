//! Events of a pack on a card, in the form that the engine takes.

use crate::limits::NOTE_CHARS_MAX;
use crate::op::EventStated;
use crate::pack::Pack;
use crate::score::Event;
use crate::sorted_map::Map;

/// The events that a superior states. One that did not happen is left out.
pub(super) fn confirmed(events: &Map<String, EventStated>) -> Vec<Event> {
    events.iter().filter(|(_, event)| event.count > 0).map(happened).collect()
}

/// The events that count in the own result: what the person admits. What brings points waits for a superior.
pub(super) fn admitted(pack: &Pack, events: &Map<String, EventStated>) -> Vec<Event> {
    let counts = |(code, event): &(&String, &EventStated)| event.count > 0 && !pack.is_bonus(code, event);
    events.iter().filter(counts).map(happened).collect()
}

/// The same event in two entries counts once: what was found later is added to what was stated.
pub(super) fn with_faults(mut events: Vec<Event>, faults: &[Event]) -> Vec<Event> {
    for fault in faults {
        match events.iter_mut().find(|event| event.code == fault.code) {
            Some(event) => {
                event.count = event.count.saturating_add(fault.count);
                // What shows each stays readable where it was written. Here too long a text would stop the reckoning.
                let both = [event.evidence.as_str(), &fault.evidence].join("; ");
                event.evidence = both.chars().take(NOTE_CHARS_MAX).collect();
            }
            None => events.push(fault.clone()),
        }
    }
    events
}

pub(super) fn happened((code, event): (&String, &EventStated)) -> Event {
    Event { code: code.clone(), count: event.count, evidence: event.evidence.clone(), points: event.points.clone() }
}
