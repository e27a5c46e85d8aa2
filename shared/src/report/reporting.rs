//! Which units have reported their period upwards, which not, and what the level above answered.

use crate::ids::{OpId, PersonId, StepPlace, UnitId};
use crate::op::{CardKey, Payload, UnitPeriod};
use crate::pack::{Step, Verb};
use crate::state::State;
use crate::time::{Day, Millis, Period};
use crate::unit_period::{Collection, Confirmation, Filing};

/// How far the report of a unit's period is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reporting {
    /// The unit, the period and the pack.
    pub key: UnitPeriod,
    /// Name of the unit.
    pub unit: String,
    /// The period as a report would sum it up now.
    pub today: Collection,
    /// The reports that wait for an answer: none, one, or several that were written without each other.
    pub waiting: Vec<Report>,
    /// The last answer, unless a report was filed since.
    pub answer: Option<Answer>,
    /// The last day that is in time to report.
    pub due: Option<Day>,
    /// The step in which the reader reports; none for somebody who does not.
    pub collects: Option<StepPlace>,
    /// The step in which the reader answers; none for somebody who does not.
    pub confirms: Option<StepPlace>,
}

impl Reporting {
    /// What to show of the period: the latest report, or else what a report would say now.
    #[must_use]
    pub fn shown(&self) -> &Collection {
        let answered = self.answer.as_ref().and_then(|answer| answer.report.as_ref());
        self.waiting.last().or(answered).map_or(&self.today, |report| &report.collection)
    }

    /// Whether the latest report says what a report would say now.
    #[must_use]
    pub fn says_today(&self) -> bool {
        self.shown().says_the_same(&self.today)
    }

    /// Whether the last answer received the report.
    #[must_use]
    pub fn is_received(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| !answer.confirmation.sent_back)
    }

    /// Whether nothing is left to report: the latest report was not sent back and says what is known now.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        (self.is_received() || self.waiting.len() == 1) && self.says_today()
    }
}

/// A report as it was filed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// The operation.
    pub op: OpId,
    /// Who signed it.
    pub by: PersonId,
    /// When, by that device's clock.
    pub at: Millis,
    /// What it says.
    pub collection: Collection,
}

/// The answer to a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Who signed it.
    pub by: PersonId,
    /// When, by that device's clock.
    pub at: Millis,
    /// What it says.
    pub confirmation: Confirmation,
    /// The report that it answers, if it is here.
    pub report: Option<Report>,
}

/// The periods that `unit` and the units below it report upwards, as far as `reader` may see them. Empty where their packs
/// ask for no report.
#[must_use]
pub fn reportings(state: &State, unit: UnitId, period: Period, reader: PersonId) -> Vec<Reporting> {
    let mut found = reported(state, unit, period);
    found.retain(|(key, _)| state.may_read_unit_period(reader, key));
    found.into_iter().map(|(key, cards)| reporting(state, key, &cards, reader)).collect()
}

/// The periods that `unit` and the units below it report upwards, in the order of the unit's list.
#[must_use]
pub fn reported_periods(state: &State, unit: UnitId, period: Period) -> Vec<UnitPeriod> {
    reported(state, unit, period).into_iter().map(|(key, _)| key).collect()
}

/// The same, each with its cards. A part of an agency reports nothing itself.
fn reported(state: &State, unit: UnitId, period: Period) -> Vec<(UnitPeriod, Vec<CardKey>)> {
    let mut found: Vec<(UnitPeriod, Vec<CardKey>)> = Vec::new();
    for card in state.cards_under(unit, period) {
        let Some(reports) = state.seat(&card).map(|seat| state.reports_in(seat.unit)) else { continue };
        let key = UnitPeriod { unit: reports, period, pack: card.pack };
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some((_, cards)) => cards.push(card),
            None => found.push((key, vec![card])),
        }
    }
    found.retain(|(key, _)| state.org.is_within(key.unit, unit) && state.unit_step(key, Verb::Collect).is_some());
    found
}

fn reporting(state: &State, key: UnitPeriod, cards: &[CardKey], reader: PersonId) -> Reporting {
    let mine = |verb| {
        let (place, step) = state.unit_step(&key, verb)?;
        state.may_file(&key, step, reader).then_some(place)
    };
    let due = |(_, step): (StepPlace, &Step)| step.due?.last_day(key.period);
    let latest = state.latest_filings(&key);
    let mut waiting: Vec<Report> = latest.iter().filter_map(|filing| report(filing)).collect();
    waiting.sort_by_key(|report| report.at);
    let answers = latest.iter().filter_map(|filing| answer(state, &key, filing));
    Reporting {
        unit: state.org.unit(key.unit).map(|unit| unit.name.clone()).unwrap_or_default(),
        today: state.sum_up(cards),
        answer: answers.max_by_key(|answer| answer.at).filter(|_| waiting.is_empty()),
        waiting,
        due: state.unit_step(&key, Verb::Collect).and_then(due),
        collects: mine(Verb::Collect),
        confirms: mine(Verb::Confirm),
        key,
    }
}

fn report(filing: &Filing) -> Option<Report> {
    let Ok(Payload::Collect(_, bytes)) = filing.body.intent() else { return None };
    let collection = Collection::from_bytes(&bytes).ok()?;
    Some(Report { op: filing.op, by: filing.body.actor, at: filing.body.hlc.at, collection })
}

fn answer(state: &State, key: &UnitPeriod, filing: &Filing) -> Option<Answer> {
    let Ok(Payload::Confirm(_, bytes)) = filing.body.intent() else { return None };
    let confirmation = Confirmation::from_bytes(&bytes).ok()?;
    let answered = state.filings(key).find(|other| other.op == confirmation.report).and_then(report);
    Some(Answer { by: filing.body.actor, at: filing.body.hlc.at, confirmation, report: answered })
}
