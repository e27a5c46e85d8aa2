//! What the queue and the detail show, computed from the folded state. No signals here.

use shared::order::Map;

use shared::card::{Card, Line, Side};
use shared::ids::{LineId, PersonId};
use shared::num::Exact;
use shared::op::{Absence, CardKey, DraftValue, LineReview, Mark, Progress, SelfScore, Stage};
use shared::order::{map_of, sort_by_key};
use shared::pack::{self, Pack};
use shared::state::State;
use shared::time::{Day, Period};

use super::super::roster;
use super::super::work::line_title;
use crate::components::draft;
use crate::i18n::{decimal, t};

/// One person of the queue.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct QueueRow {
    pub(super) key: CardKey,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) stage: Stage,
    pub(super) self_total: Option<Exact>,
    pub(super) total: Option<Exact>,
    /// What a scorer should look at, in words.
    pub(super) hints: String,
    /// Not assessed in the period, and why.
    pub(super) absence: Option<Absence>,
    /// Without a self-score, and the person had every day of the period for it.
    alone: bool,
    pub(super) contested: bool,
}

impl QueueRow {
    /// Whether the superior can score now and has not.
    pub(super) fn waits(&self) -> bool {
        let due = self.stage == Stage::SelfScored || self.stage == Stage::Working && self.alone;
        due && self.absence.is_none()
    }

    /// Whether nothing is left to do for the superior.
    pub(super) fn is_done(&self) -> bool {
        self.stage >= Stage::Appraised || self.absence.is_some()
    }
}

/// Whether a card is scored without a self-score: it has none, and none is waited for. Where the office closes early a superior
/// need not wait for the last day, but says so (`chosen`): until then work is assigned here.
pub(super) fn is_alone(state: &State, key: &CardKey, today: Day, chosen: bool) -> bool {
    match state.card(key) {
        Some(card) if card.stage() >= Stage::SelfScored => card.is_scored_alone(),
        card => {
            let begun = card.is_some_and(|card| !card.draft(true).is_empty());
            let over = || state.org.last_day_in(key.person, key.period).is_some_and(|last| today > last);
            state.may_be_scored_alone(key, today) && (chosen || begun || over())
        }
    }
}

/// Everyone whose card `actor` scores in `period`; those who wait come first.
pub(super) fn queue(state: &State, actor: PersonId, period: Period, today: Day) -> Vec<QueueRow> {
    let keys = roster::cards_for(state, actor, "appraise", period);
    let mut rows: Vec<QueueRow> = keys.into_iter().map(|key| row(state, key, today)).collect();
    sort_by_key(&mut rows, |row| match (row.waits(), row.is_done()) {
        (true, _) => 0,
        (_, false) => 1,
        (_, true) => 2,
    });
    rows
}

fn row(state: &State, key: CardKey, today: Day) -> QueueRow {
    let total = |side| state.outcome(&key, side)?.ok()?.total.map(|total| total.exact);
    let card = state.card(&key);
    QueueRow {
        name: roster::name(&state.org, key.person),
        title: roster::title(state, &key),
        stage: card.map_or(Stage::Working, Card::stage),
        self_total: total(Side::SelfScored),
        total: total(Side::Appraised),
        hints: card.map(hints).unwrap_or_default(),
        absence: card.and_then(|card| card.absence().cloned()),
        alone: is_alone(state, &key, today, false),
        contested: card.is_some_and(|card| !card.contested().is_empty()),
        key,
    }
}

fn hints(card: &Card) -> String {
    let lines = card.lines();
    let count = |test: fn(&Progress) -> bool| lines.iter().filter(|line| line.progress.is_some_and(test)).count();
    let undone = lines
        .iter()
        .filter(|line| line.progress.is_none_or(|progress| progress.completed < line.plan.assigned))
        .count();
    let (late, failed, claimed) = (
        count(|progress| progress.late_times > 0 || progress.late_days > 0),
        count(|progress| progress.failed_reviews > 0),
        count(|progress| !progress.causes.is_empty()),
    );
    let unproven = count(|progress| progress.evidence.trim().is_empty() && !progress.completed.is_zero());
    [
        (undone > 0).then(|| t::hint::undone(undone)),
        (late > 0).then(|| t::hint::late(late)),
        (failed > 0).then(|| t::hint::failed(failed)),
        (claimed > 0).then(|| t::hint::claimed(claimed)),
        (unproven > 0).then(|| t::hint::unproven(unproven)),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" · ")
}

/// A line of work as the superior checks it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ReviewLine {
    pub(super) id: LineId,
    pub(super) handle: String,
    pub(super) title: String,
    pub(super) assigned: Exact,
    pub(super) coefficient: Exact,
    pub(super) report: Progress,
}

impl ReviewLine {
    /// Whether there is something to look at beyond "done as planned, in time".
    pub(super) fn is_plain(&self) -> bool {
        let report = &self.report;
        report.completed >= self.assigned
            && report.failed_reviews == 0
            && report.late_times == 0
            && report.late_days == 0
            && report.causes.is_empty()
            && report.handed_over.is_zero()
    }

    /// The finding that agrees with the report and confirms nothing yet.
    pub(super) fn as_reported(&self) -> LineReview {
        LineReview {
            completed: self.report.completed.clone(),
            failed_reviews: self.report.failed_reviews,
            late_times: self.report.late_times,
            late_days: self.report.late_days,
            ..LineReview::default()
        }
    }
}

/// The lines of a card.
pub(super) fn review_lines(state: &State, key: &CardKey) -> Vec<ReviewLine> {
    let view = |line: Line<'_>| ReviewLine {
        id: line.id,
        handle: if line.plan.code.is_empty() { line.id.to_string() } else { line.plan.code.clone() },
        title: line_title(state, line.plan),
        assigned: line.plan.assigned.clone(),
        coefficient: line.plan.coefficient.clone(),
        report: line.progress.cloned().unwrap_or_default(),
    };
    state.card(key).map(|card| card.lines().into_iter().map(view).collect()).unwrap_or_default()
}

/// A superior's marks: the draft where there is one, else what was submitted before, else the person's own.
pub(super) fn effective_marks(
    fields: &Map<String, DraftValue>,
    prefix: &str,
    own: &Map<String, Mark>,
    before: &Map<String, Mark>,
) -> Map<String, Mark> {
    let plain =
        own.iter().map(|(code, mark)| (code.clone(), Mark { value: mark.value.clone(), reason: String::new() }));
    let mut marks = map_of(plain);
    marks.extend(before.clone());
    marks.extend(draft::marks(fields, prefix));
    for (code, mark) in &mut marks {
        // A reason left over from a mark that was set back says nothing any more.
        if own.get(code).is_some_and(|own| own.value == mark.value) {
            mark.reason.clear();
        }
    }
    marks
}

/// Whether a mark differs from the person's own.
pub(super) fn differs(own: &Map<String, Mark>, code: &str, mark: &Mark) -> bool {
    own.get(code).is_none_or(|own| own.value != mark.value)
}

/// The share the law suggests for a leader's unit: whole when everyone led scores at least "completed", else the lower
/// share; none while someone's score is missing.
pub(super) struct UnitShare {
    pub(super) suggested: Option<Exact>,
    pub(super) words: String,
}

/// Looks at the scores of everyone `leader` leads directly.
pub(super) fn unit_share(state: &State, pack: &Pack, leader: PersonId, period: Period) -> UnitShare {
    // Who is not assessed is not waited for.
    let assessed = |key: &CardKey| state.card(key).is_none_or(|card| card.absence().is_none());
    let led: Vec<CardKey> = state.led_by(leader, period).into_iter().filter(assessed).collect();
    let lowest_pass = pack.classes.iter().rev().find(|class| !class.min.is_zero()).map(|class| class.min.clone());
    let totals: Vec<Exact> = led
        .iter()
        .filter_map(|key| state.outcome(key, Side::Appraised)?.ok()?.total.map(|total| total.exact))
        .collect();
    let below = totals.iter().filter(|total| lowest_pass.as_ref().is_some_and(|min| *total < min)).count();
    let missing = led.len() - totals.len();
    let (full, half) = (Some(Exact::one()), Exact::ratio(1, 2));
    match (led.len(), below, missing) {
        (0, ..) => UnitShare { suggested: None, words: t::parts::leads_nobody().to_owned() },
        (_, below, _) if below > 0 => UnitShare { suggested: half, words: t::parts::some_below(below) },
        (count, _, 0) => UnitShare { suggested: full, words: t::parts::all_pass(count) },
        (count, _, missing) => UnitShare { suggested: None, words: t::parts::missing(missing, count) },
    }
}

/// Own score of a card, empty while there is none.
pub(super) fn own_score(state: &State, key: &CardKey) -> SelfScore {
    state.card(key).and_then(Card::self_score).cloned().unwrap_or_default()
}

/// The pack of a card with the role scored.
pub(super) fn pack_and_role(state: &State, key: &CardKey) -> Option<(&'static Pack, &'static str)> {
    Some((pack::find(&key.pack)?, state.role(key)?))
}

/// "76,7", or a dash.
pub(super) fn points(total: Option<&Exact>) -> String {
    total.map_or_else(|| "–".to_owned(), decimal)
}
