//! The data of the queue and the detail, computed from the folded state. No signals here.

use shared::sorted_map::Map;

use shared::card::{Card, Lateness, Line, Side};
use shared::ids::{LineId, PersonId};
use shared::num::Exact;
use shared::op::{
    Absence, Appraisal, CardKey, DraftValue, FactValue, Led, LineReview, Mark, PlanReview, Progress, Register,
    SelfScore, Stage,
};
use shared::pack::{self, Pack, Statement, Tally};
use shared::procedure::Act;
use shared::report::PanelMarks;
use shared::score::{self, Subordinate, share_of_led};
use shared::state::{Marking, State};
use shared::time::{Day, Period};

use super::super::roster;
use super::super::work::line_title;
use super::team::team_of;
use crate::components::draft;
use crate::i18n::{decimal, t};

/// The reason of every mark where there is no self-score. It is signed, so it is Vietnamese whatever the language of
/// the screen.
pub(super) const NOT_SELF_SCORED: &str = "Không tự chấm";

/// One card of the queue.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct QueueRow {
    pub(super) key: CardKey,
    pub(super) name: String,
    pub(super) title: String,
    /// What names the card in the address.
    pub(super) handle: String,
    /// By which regulation, where the person has several cards.
    pub(super) regulation: Option<String>,
    pub(super) stage: Stage,
    marking: Option<Marking>,
    pub(super) self_total: Option<Exact>,
    pub(super) total: Option<Exact>,
    /// What the scorer should look at, in words.
    pub(super) hints: String,
    /// The absence, if the person is not assessed in the period.
    pub(super) absence: Option<Absence>,
    /// Whether there is no self-score, although every day of the period to submit one has passed.
    alone: bool,
    pub(super) contested: bool,
    /// How many of how many of a team have marked, before it has its result.
    pub(super) team: Option<(usize, usize)>,
    /// Whether the whole team has marked, and this person closes it.
    closable: bool,
    /// Whether an authority outside marks and decides: its decision alone is enough.
    optional: bool,
}

impl QueueRow {
    /// Whether the whole team has marked, and this person may sign its result.
    pub(super) fn is_closable(&self) -> bool {
        self.closable && self.absence.is_none()
    }

    /// Whether the total is that of a team.
    pub(super) fn is_of_team(&self) -> bool {
        self.marking.is_some_and(|marking| marking.apart && marking.over)
    }

    /// Whether the superior can score now and has not.
    pub(super) fn waits(&self) -> bool {
        let begun = self.stage >= Stage::SelfScored || self.alone;
        let to_mark = self.marking.is_some_and(|marking| marking.ready && !marking.done) && !self.optional;
        begun && self.absence.is_none() && to_mark || self.is_closable()
    }

    /// Whether somebody before this person has scored, and this person has not.
    pub(super) fn is_scored_before(&self) -> bool {
        self.stage == Stage::Appraised && self.waits()
    }

    /// Whether the superior has marked, or has nothing to mark.
    pub(super) fn is_marked(&self) -> bool {
        self.marking.is_some_and(|marking| marking.done) || self.is_done()
    }

    /// Whether the superior has nothing left to do.
    pub(super) fn is_done(&self) -> bool {
        let marked = self.marking.is_some_and(|marking| marking.done);
        marked && !self.is_closable() || self.stage >= Stage::Approved || self.absence.is_some()
    }
}

/// Whether a card is scored without a self-score: it has none, and nobody waits for one. Where the office closes early,
/// a superior need not wait for the last day, but must say so (`chosen`). Until then the superior assigns work here.
pub(super) fn is_alone(state: &State, key: &CardKey, today: Day, chosen: bool) -> bool {
    match state.card(key) {
        Some(card) if card.stage() >= Stage::SelfScored => card.is_scored_alone(),
        card => {
            let begun = card.is_some_and(|card| !card.draft(true).is_empty());
            let over = || state.org.last_day_in(key.subject, key.period).is_some_and(|last| today > last);
            state.may_be_scored_alone(key, today) && (chosen || begun || over())
        }
    }
}

/// Everyone whose card `actor` scores in `period`. Those who wait come first.
pub(super) fn queue(state: &State, actor: PersonId, period: Period, today: Day) -> Vec<QueueRow> {
    let keys = roster::cards_for(state, actor, Act::Mark, period);
    let mut rows: Vec<QueueRow> = keys.into_iter().map(|key| row(state, actor, key, today)).collect();
    rows.sort_by_key(|row| match (row.waits(), row.is_done()) {
        (true, _) => 0,
        (_, false) => 1,
        (_, true) => 2,
    });
    rows
}

fn row(state: &State, actor: PersonId, key: CardKey, today: Day) -> QueueRow {
    let total = |side| state.outcome(&key, side)?.ok()?.total.map(|total| total.exact);
    let card = state.card(&key);
    let marking = state.marking_heard(&key, actor);
    let team = team_of(state, &key, actor, marking).filter(|team| !team.is_closed);
    // Before the team has its result, everybody's own marks are shown to them.
    let mine = || {
        let slot = card?.appraisal_in(&Register::Slot(marking?.step, actor))?;
        let input = state.confirmed(&key, slot, &state.led(&key))?;
        score::evaluate(pack::pinned(&key.pack)?, &input).ok()?.total.map(|total| total.exact)
    };
    let by_mean = |team: &PanelMarks| team.step.tally == Some(Tally::Mean);
    QueueRow {
        name: roster::name(&state.org, key.subject),
        title: roster::title(state, &key),
        handle: roster::handle(state, &key),
        regulation: roster::regulation(state, &key),
        stage: card.map_or(Stage::Working, Card::stage),
        marking,
        self_total: total(Side::SelfScored),
        total: total(Side::Appraised).or_else(mine),
        team: team.as_ref().map(|team| (team.marked, team.members)),
        closable: team.is_some_and(|team| team.closes && team.missing.is_empty() && by_mean(&team)),
        optional: marking.is_some_and(|it| it.outside) && state.deciding(&key, actor).is_some_and(|it| it.outside),
        hints: card.map(|card| hints(state, &key, card)).unwrap_or_default(),
        absence: card.and_then(|card| card.absence().cloned()),
        alone: is_alone(state, &key, today, false),
        contested: card.is_some_and(|card| !card.contested().is_empty()),
        key,
    }
}

fn is_begun(progress: &Progress) -> bool {
    !progress.completed.is_zero()
}

fn hints(state: &State, key: &CardKey, card: &Card) -> String {
    let lines = card.lines();
    let ends = key.period.last_day();
    let count = |test: fn(&Progress) -> bool| lines.iter().filter(|line| line.progress.is_some_and(test)).count();
    let speakers = state.speakers(key);
    let own = lines.iter().filter(|line| speakers.contains(&line.assigned_by)).count();
    let is_late = |line: &&Line<'_>| line.progress.is_some_and(is_begun) && line.lateness(ends).is_late();
    let late = lines.iter().filter(is_late).count();
    let undone = lines
        .iter()
        .filter(|line| line.progress.is_none_or(|progress| progress.completed < line.plan.assigned))
        .count();
    let failed = count(|progress| progress.failed_reviews > 0);
    let claimed = count(|progress| !progress.causes.is_empty())
        + card.self_score().map_or(0, |own| own.facts.values().filter(|fact| **fact == FactValue::Flag(true)).count());
    let pack = pack::pinned(&key.pack);
    let is_bonus = |code: &str, event| pack.is_some_and(|pack| pack.is_bonus(code, event));
    let bonus = card
        .self_score()
        .map_or(0, |own| own.stated.events.iter().filter(|(code, event)| is_bonus(code, event)).count());
    let products = card.self_score().map_or(0, |own| own.stated.products.len());
    let unproven = count(|progress| progress.evidence.trim().is_empty() && is_begun(progress));
    [
        (own > 0).then(|| t::hint::own(own)),
        (undone > 0).then(|| t::hint::undone(undone)),
        (late > 0).then(|| t::hint::late(late)),
        (failed > 0).then(|| t::hint::failed(failed)),
        (claimed > 0).then(|| t::hint::claimed(claimed)),
        (bonus > 0).then(|| t::hint::bonus(bonus)),
        (products > 0).then(|| t::hint::products(products)),
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
    /// The person put it on the card. It counts only if the superior confirms or sets it.
    pub(super) own: bool,
    /// No list has this work.
    pub(super) free: bool,
    pub(super) due: Option<Day>,
    pub(super) planned: PlanReview,
    pub(super) report: Progress,
    pub(super) late: Lateness,
    /// The finding that agrees with everything the person said, and confirms no cause.
    pub(super) agreeing: LineReview,
}

impl ReviewLine {
    /// Whether it was simply done as planned and in time, with nothing to look at.
    pub(super) fn is_plain(&self) -> bool {
        let report = &self.report;
        !self.own
            && report.completed >= self.planned.assigned
            && report.failed_reviews == 0
            && !self.late.is_late()
            && report.causes.is_empty()
            && report.handed_over.is_zero()
    }

    /// Whether a finding agrees with what the person said.
    pub(super) fn agrees(&self, review: &LineReview) -> bool {
        LineReview { reason: String::new(), ..review.clone() } == self.agreeing
    }
}

/// The lines of a card.
pub(super) fn review_lines(state: &State, key: &CardKey) -> Vec<ReviewLine> {
    let ends = key.period.last_day();
    let speakers = state.speakers(key);
    let view = |line: Line<'_>| {
        let own = speakers.contains(&line.assigned_by);
        let plan = own.then(|| line.planned());
        ReviewLine {
            id: line.id,
            handle: if line.plan.code.is_empty() { line.id.to_string() } else { line.plan.code.clone() },
            title: line_title(state, line.plan),
            own,
            free: line.plan.code.is_empty(),
            due: line.plan.due,
            planned: line.planned(),
            report: line.progress.cloned().unwrap_or_default(),
            late: line.lateness(ends),
            agreeing: LineReview { plan, ..line.as_reported(ends) },
        }
    };
    // What came after the cut-off is marked with the next period.
    let cut_off = state.cut_off(key);
    let counts = |line: &Line<'_>| cut_off.is_none_or(|day| !line.is_after(day, &speakers));
    let mut lines: Vec<ReviewLine> =
        state.card(key).map(|card| card.lines().into_iter().filter(counts).map(view).collect()).unwrap_or_default();
    // Lines that wait for the superior's answer come first, and among them those that no list has.
    lines.sort_by_key(|line| (!line.own, line.own && !line.free));
    lines
}

/// The lines that a superior's score answers: not those that whoever gave them evaluates.
pub(super) fn lines_in_score(state: &State, key: &CardKey) -> Vec<ReviewLine> {
    let by_line = state.line_slots(key);
    let mut lines = review_lines(state, key);
    lines.retain(|line| !by_line.iter().any(|(_, slot)| slot.line.id == line.id));
    lines
}

/// A superior's marks: from the draft, or else the last submission, or else the person's own.
pub(super) fn effective_marks(
    fields: &Map<String, DraftValue>,
    prefix: &str,
    own: &Map<String, Mark>,
    before: &Map<String, Mark>,
) -> Map<String, Mark> {
    let plain =
        own.iter().map(|(code, mark)| (code.clone(), Mark { value: mark.value.clone(), reason: String::new() }));
    let mut marks: Map<_, _> = plain.collect();
    marks.extend(before.clone());
    marks.extend(draft::marks(fields, prefix));
    for (code, mark) in &mut marks {
        // The mark was set back to the person's own, so its reason no longer applies.
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

/// The share of a leader's part that follows from the results of the people led, and why.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct UnitShare {
    /// `None` while someone's result is missing and nobody's is too low.
    pub(super) share: Option<Exact>,
    pub(super) words: String,
}

/// What follows from the results of everyone led, directly or not; `None` if nobody is led.
pub(super) fn unit_share(state: &State, statement: &Statement, led: &[Led]) -> Option<UnitShare> {
    let least = statement.subordinates_min.as_ref().filter(|_| !led.is_empty())?;
    let names = |one: fn(&Led, &Exact) -> bool| {
        let found = led.iter().filter(|led| one(led, least));
        found.map(|led| roster::name(&state.org, led.person)).collect::<Vec<_>>()
    };
    let below = names(|led, least| led.total.as_ref().is_some_and(|total| total < least));
    let missing = names(|led, _| led.total.is_none());
    let words = match (below.len(), missing.len()) {
        (0, 0) => t::parts::all_pass(led.len()),
        (0, count) => t::parts::missing(count, led.len(), &missing.join(", ")),
        (count, _) => t::parts::some_below(count, &below.join(", ")),
    };
    let people: Vec<Subordinate> = led.iter().map(Subordinate::from).collect();
    Some(UnitShare { share: share_of_led(statement, &people), words })
}

/// What a superior's score starts from: the self-score of a card, empty while there is none, with the marks of the step
/// before where somebody has scored before.
pub(super) fn starting_point(state: &State, key: &CardKey, marking: Option<Marking>) -> SelfScore {
    let card = state.card(key);
    let own = card.and_then(Card::self_score).cloned().unwrap_or_default();
    let earlier = marking.and_then(|marking| marking.builds_on).map(Register::Appraisal);
    match card.zip(earlier).and_then(|(card, register)| card.appraisal_in(&register).cloned()) {
        Some(earlier) => {
            let Appraisal { marks, leadership, stated, .. } = earlier;
            SelfScore { marks, leadership, stated, ..own }
        }
        None => own,
    }
}

/// What the superior said before: the own score, else the findings of whoever scored before.
pub(super) fn said_before(state: &State, key: &CardKey, actor: PersonId, marking: Option<Marking>) -> Appraisal {
    let found = |register| state.card(key)?.appraisal_in(&register).cloned();
    let own = |marking: Marking| match marking.apart {
        true => Register::Slot(marking.step, actor),
        false => Register::Appraisal(marking.step),
    };
    marking.map(own).and_then(found).unwrap_or_else(|| {
        let before = marking.and_then(|marking| marking.builds_on).map(Register::Appraisal);
        let earlier = before.and_then(found).unwrap_or_default();
        let Appraisal { lines, facts, stated, .. } = earlier;
        Appraisal { lines, facts, stated, ..Appraisal::default() }
    })
}

/// The pack of a card and the scored role.
pub(super) fn pack_and_role(state: &State, key: &CardKey) -> Option<(&'static Pack, &'static str)> {
    Some((pack::pinned(&key.pack)?, state.role(key)?))
}

/// "76,7", or a dash.
pub(super) fn points(total: Option<&Exact>) -> String {
    total.map_or_else(|| "–".to_owned(), decimal)
}
