//! Draws a regulation: roles, readings, and a procedure that the check of packs lets through. The form and the arithmetic
//! are those of the example in `docs/packs.md`.

use std::sync::OnceLock;

use shared::num::Exact;
use shared::org::{Rank, UnitKind};
use shared::pack::{
    self, Actor, Due, DueFrom, Named, Opening, OptionRule, OptionScope, OptionValue, Pack, Place, PositionAt,
    ReasonWhen, RecordsOf, Role, Rule, Slots, Span, Step, StepSubject, SubjectKind, Tally, Text, Verb, Who,
};
use shared::sorted_map::Map;

use super::oracle::{Leaves, leaves};
use crate::random::Draw;

/// The positions that the procedures name.
pub(super) const POSITIONS: [&str; 2] = ["party_secretary", "scorer"];
/// The body that they name.
pub(super) const BODY: &str = "scoring_team";
/// The fact that the gate of the highest class asks for.
pub(super) const GATE_FACT: &str = "dossiers_on_time_share";
/// What marks count in a pack that converts no work: nothing but themselves.
const WORK_COMPONENTS: [&str; 5] = ["a", "b", "c", "task", "deductions"];
/// Drafts of one procedure until the check lets one through.
const DRAFTS_MAX: usize = 400;
/// Where steps can be done.
const PLACES: [Place; 4] = [Place::OwnUnit, Place::Parent, Place::Agency, Place::Region];

/// A pack that passes the check, made available, and how many drafts did not pass.
///
/// # Errors
/// When no draft passed: the generator is wrong then.
pub(super) fn regulation(draw: &mut Draw) -> Result<(&'static Pack, usize), String> {
    let example = example().ok_or("the example of the documentation is no pack")?;
    let mut found = Vec::new();
    for refused in 0..DRAFTS_MAX {
        let draft = draft(draw, example);
        found = pack::findings(&draft);
        if found.is_empty() {
            let learned = pack::learn(&draft.to_bytes());
            return learned.map(|pack| (pack, refused)).ok_or_else(|| "a drawn pack does not read again".to_owned());
        }
    }
    let first = found.first().map(|finding| format!("{}: {}", finding.field, finding.message));
    Err(format!("no draft of a procedure passed the check: {}", first.unwrap_or_default()))
}

/// The same regulation under a corrected text: another pack with the same id.
#[must_use]
pub(super) fn corrected(pack: &Pack) -> Option<&'static Pack> {
    let title = text("Quy định đã sửa");
    pack::learn(&Pack { title, ..pack.clone() }.to_bytes())
}

/// The regulation as it reads under the readings of an adoption.
#[must_use]
pub(super) fn under(pack: &Pack, readings: &Map<String, String>) -> Pack {
    let mut pack = pack.clone();
    for option in &mut pack.options {
        option.default = readings.get(&option.id).cloned().unwrap_or_else(|| option.default.clone());
    }
    pack
}

fn example() -> Option<&'static Pack> {
    static EXAMPLE: OnceLock<Option<Pack>> = OnceLock::new();
    let read = || pack::read_toml(include_str!("../../../docs/example-pack.toml")).ok();
    EXAMPLE.get_or_init(read).as_ref()
}

fn draft(draw: &mut Draw, example: &Pack) -> Pack {
    let mut pack = Pack { id: "drawn".to_owned(), ..example.clone() };
    if draw.chance(50) {
        without_work(&mut pack);
    }
    pack.roles = roles(draw);
    pack.options.extend((0..draw.below(3)).map(option));
    pack.positions = POSITIONS.map(named).to_vec();
    pack.bodies = vec![named(BODY)];
    pack.periods = match draw.below(10) {
        0 => vec![Span::Quarter],
        1 => vec![Span::Month, Span::Quarter],
        _ => vec![Span::Month],
    };
    pack.roll_ups.clear();
    pack.steps = Steps { draw, pack: &pack, steps: Vec::new(), due: 16 }.all();
    pack
}

/// Marks alone count. The classes keep their shares of the highest total.
fn without_work(pack: &mut Pack) {
    pack.work = None;
    pack.events.clear();
    pack.options.clear();
    pack.components.retain(|component| !WORK_COMPONENTS.contains(&component.id.as_str()));
    for component in &mut pack.components {
        if let Rule::Sum { terms, max, .. } = &mut component.rule {
            terms.truncate(1);
            *max = Exact::from_int(40);
        }
    }
    pack.scale_max = Exact::from_int(40);
    for (class, min) in pack.classes.iter_mut().zip([34, 26, 20, 0]) {
        class.min = Exact::from_int(min);
    }
}

fn text(words: &str) -> Text {
    Text { vi: words.to_owned(), en: words.to_owned() }
}

fn named(id: &str) -> Named {
    Named { id: id.to_owned(), title: text(id), clause: "Đ.1".to_owned() }
}

fn option(n: usize) -> OptionRule {
    let id = if n == 0 { "reading_a" } else { "reading_b" };
    let value = |id: &str| OptionValue { id: id.to_owned(), title: text(id) };
    OptionRule {
        id: id.to_owned(),
        scope: OptionScope::Record,
        title: text(id),
        default: "yes".to_owned(),
        clause: "Đ.1".to_owned(),
        reason: text("Văn bản không rõ."),
        values: vec![value("yes"), value("no")],
    }
}

/// Who has which role. In some regulations a chairman, a deputy or a whole level has none.
fn roles(draw: &mut Draw) -> Vec<Role> {
    let rank = |rank| Who { rank: Some(rank), ..Who::default() };
    let at = |one, kind| Who { unit_kind: Some(kind), ..rank(one) };
    let holds = Who { position: Some(POSITIONS[0].to_owned()), ..Who::default() };
    let sorts: Vec<Vec<Who>> = match draw.below(6) {
        0 => vec![vec![Who::default()]],
        1 => vec![vec![rank(Rank::Head), rank(Rank::Deputy)], vec![Who::default()]],
        2 => vec![vec![holds], vec![Who::default()]],
        3 => vec![vec![rank(Rank::Staff)], vec![rank(Rank::Deputy)], vec![at(Rank::Head, UnitKind::Division)]],
        4 => vec![vec![rank(Rank::Staff), rank(Rank::Support)], vec![rank(Rank::Head)]],
        _ => vec![vec![at(Rank::Head, UnitKind::Agency), at(Rank::Deputy, UnitKind::Agency)], vec![rank(Rank::Staff)]],
    };
    let role = |(n, who): (usize, Vec<Who>)| Role {
        id: format!("role{n}"),
        title: text("Nhóm"),
        clause: "Đ.1".to_owned(),
        subject: SubjectKind::Person,
        who,
    };
    sorts.into_iter().enumerate().map(role).collect()
}

/// Draws the steps one after the other.
struct Steps<'d> {
    draw: &'d mut Draw,
    pack: &'d Pack,
    steps: Vec<Step>,
    /// The day until which the latest step is due. Days go on into the next month.
    due: u8,
}

/// A step that is about to be drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Plan,
    Report,
    Own,
    /// Each line of work is evaluated by itself.
    Lines,
    Mark,
    Paper,
    /// An opinion.
    Opine,
    /// An open vote.
    Vote,
    /// Something is checked before others go on.
    Check,
    Decide,
    Tell,
    /// The person has received the notice.
    Receive,
    Object,
    Answer,
    /// The sum of a unit's period. It is data here: nobody plays it yet.
    Collect,
}

impl Steps<'_> {
    fn all(mut self) -> Vec<Step> {
        let mut sorts = self.usual();
        if self.draw.chance(25) {
            self.disarrange(&mut sorts);
        }
        if sorts.last() == Some(&Sort::Tell) {
            sorts.extend(self.after_the_notice());
        }
        for sort in sorts {
            self.step(sort);
        }
        self.steps
    }

    /// The order that texts have: work, the own score, others' marks, the decision, the end.
    fn usual(&mut self) -> Vec<Sort> {
        let mut sorts = Vec::new();
        let often = |draw: &mut Draw, sort, percent: u64| draw.chance(percent).then_some(sort);
        sorts.extend(often(self.draw, Sort::Plan, 50));
        sorts.extend(often(self.draw, Sort::Report, 50));
        sorts.extend(often(self.draw, Sort::Lines, 20));
        sorts.extend(often(self.draw, Sort::Own, 85));
        for _ in 0..=self.draw.below(3) {
            sorts.extend(often(self.draw, Sort::Lines, 10));
            sorts.extend(self.before_judging());
            sorts.push(Sort::Mark);
            sorts.extend(often(self.draw, Sort::Paper, 10));
        }
        for _ in 0..self.draw.below(3) {
            sorts.extend(self.before_judging());
            sorts.push(Sort::Decide);
        }
        sorts.push(if self.draw.chance(80) { Sort::Tell } else { Sort::Collect });
        sorts
    }

    /// What is said before somebody marks or decides.
    fn before_judging(&mut self) -> Option<Sort> {
        let sort = *self.draw.pick(&[Sort::Opine, Sort::Vote, Sort::Check])?;
        self.draw.chance(15).then_some(sort)
    }

    /// What is said once the result is made known.
    fn after_the_notice(&mut self) -> Vec<Sort> {
        let receives = self.draw.chance(25).then_some(Sort::Receive);
        let objects = self.draw.chance(45).then_some(Sort::Object);
        let answers = objects.and_then(|_| self.draw.chance(85).then_some(Sort::Answer));
        [receives, objects, answers].into_iter().flatten().collect()
    }

    /// Leaves a step out, puts one in, or lets two change places. Most of that does not pass the check, and what passes
    /// must be playable.
    fn disarrange(&mut self, sorts: &mut Vec<Sort>) {
        let (one, other) = (self.draw.below(sorts.len()), self.draw.below(sorts.len()));
        match self.draw.below(3) {
            0 => drop(sorts.remove(one)),
            1 => sorts.swap(one, other),
            _ => {
                let all = [Sort::Own, Sort::Lines, Sort::Mark, Sort::Paper, Sort::Decide, Sort::Tell];
                sorts.insert(one, *self.draw.pick(&all).unwrap_or(&Sort::Mark));
            }
        }
    }

    fn step(&mut self, sort: Sort) {
        let place = self.steps.len();
        let letter = char::from(b'a'.saturating_add(u8::try_from(place).unwrap_or_default()));
        let verb = match sort {
            Sort::Plan => Verb::Plan,
            Sort::Report => Verb::Report,
            Sort::Own | Sort::Mark | Sort::Lines => Verb::Mark,
            Sort::Paper | Sort::Vote => Verb::Vote,
            Sort::Opine => Verb::Opine,
            Sort::Check | Sort::Receive => Verb::Confirm,
            Sort::Object => Verb::Object,
            Sort::Answer => Verb::Answer,
            Sort::Decide => Verb::Decide,
            Sort::Tell => Verb::Notify,
            Sort::Collect => Verb::Collect,
        };
        // Whoever may object is answered, whatever the role.
        let afterwards = matches!(sort, Sort::Receive | Sort::Object | Sort::Answer);
        let limited = sort != Sort::Own && !afterwards && self.pack.roles.len() > 1 && self.draw.chance(20);
        let role = self.draw.pick(&self.pack.roles).filter(|_| limited).map(|role| role.id.clone());
        let mark = sort == Sort::Mark;
        let step = Step {
            id: format!("step_{letter}"),
            verb,
            title: text("Bước"),
            on: if sort == Sort::Collect { StepSubject::UnitPeriod } else { StepSubject::Card },
            roles: role.into_iter().collect(),
            when: if afterwards { Map::new() } else { self.when() },
            after: if afterwards {
                self.steps.last().map(|step| step.id.clone()).into_iter().collect()
            } else {
                self.after()
            },
            after_others: Vec::new(),
            by: self.by(sort),
            per: if sort == Sort::Lines { Slots::Line } else { Slots::One },
            tally: None,
            quorum: None,
            blind: false,
            builds_on: self.builds_on().filter(|_| mark),
            reason_when: None,
            opens: self.opens(),
            due: if sort == Sort::Object { self.days_to_object() } else { self.due() },
            clause: "Đ.1".to_owned(),
            reopens: self.reopens().filter(|_| sort == Sort::Answer),
            public_in: None,
        };
        let reason_when = self.reason_when(&step).filter(|_| mark);
        let step = self.apart(sort, Step { reason_when, ..step });
        self.steps.push(step);
    }

    /// A third of the steps in which others mark is for a team, whose members mark apart. What others do for each of those
    /// entitled leaves one act all the same.
    fn apart(&mut self, sort: Sort, step: Step) -> Step {
        let percent = match sort {
            Sort::Mark => 34,
            Sort::Own | Sort::Decide => 5,
            Sort::Opine => 50,
            Sort::Vote => 100,
            _ => 0,
        };
        if !self.draw.chance(percent) {
            return step;
        }
        let tally = if self.draw.chance(60) { Tally::Mean } else { Tally::Agreed };
        let quorums = [None, None, Exact::ratio(1, 2), Exact::ratio(2, 3), Some(Exact::one())];
        let quorum = self.draw.pick(&quorums).cloned().flatten();
        let by = if sort == Sort::Mark { self.team() } else { step.by };
        let by = if matches!(sort, Sort::Opine | Sort::Vote) { self.team() } else { by };
        let tally = Some(tally).filter(|_| sort != Sort::Opine && sort != Sort::Vote);
        Step { per: Slots::Actor, tally, quorum, blind: self.draw.chance(40), by, ..step }
    }

    /// Who marks in a team: mostly the members of a body, alone, beside others, or before others where nobody is in it.
    fn team(&mut self) -> Vec<Actor> {
        let place = *self.draw.pick(&PLACES).unwrap_or(&Place::OwnUnit);
        let (body, deputies) = (Actor::Member(BODY.to_owned()), Actor::Deputy(place));
        let (head, keepers) = (Actor::Head(place), Actor::Personnel(RecordsOf::Agency));
        let mut by = match self.draw.below(10) {
            0..=3 => vec![body],
            4 => vec![Actor::AnyOf(vec![body, deputies])],
            5 => vec![Actor::FirstOf(vec![body, keepers])],
            6 => vec![Actor::AnyOf(vec![head.clone(), deputies])],
            7 => vec![Actor::AnyOf(vec![head.clone(), keepers]), body],
            8 => vec![Actor::Appointed, body],
            _ => vec![Actor::AnyOf(vec![self.rule(1), self.rule(1)])],
        };
        if self.draw.chance(60) {
            by.push(head);
        }
        by
    }

    fn when(&mut self) -> Map<String, String> {
        let own: Vec<&OptionRule> = self.pack.options.iter().filter(|one| one.scope == OptionScope::Record).collect();
        let option = if self.draw.chance(15) { self.draw.pick(&own) } else { None };
        let value = if self.draw.chance(50) { "yes" } else { "no" };
        option.map(|option| (option.id.clone(), value.to_owned())).into_iter().collect()
    }

    /// The step before, and sometimes others or another one.
    fn after(&mut self) -> Vec<String> {
        let ids: Vec<String> = self.steps.iter().map(|step| step.id.clone()).collect();
        let mut after: Vec<String> = ids.last().filter(|_| self.draw.chance(92)).cloned().into_iter().collect();
        if self.draw.chance(15)
            && let Some(other) = self.draw.pick(&ids).filter(|other| !after.contains(other))
        {
            after.push(other.clone());
        }
        after
    }

    fn by(&mut self, sort: Sort) -> Vec<Actor> {
        if matches!(sort, Sort::Own | Sort::Report | Sort::Receive | Sort::Object) {
            return vec![Actor::Subject];
        }
        if sort == Sort::Lines {
            return self.givers();
        }
        let mut by: Vec<Actor> = (0..=self.draw.below(2)).map(|_| self.rule(0)).collect();
        if self.draw.chance(75) {
            by.push(Actor::Head(*self.draw.pick(&PLACES).unwrap_or(&Place::Agency)));
        }
        if self.draw.chance(10) {
            by.insert(0, Actor::Subject);
        }
        by
    }

    /// Who evaluates lines: mostly whoever gave them, and somebody else for what nobody gave.
    fn givers(&mut self) -> Vec<Actor> {
        let other = self.rule(1);
        match self.draw.below(10) {
            0..=2 => vec![Actor::Assigner],
            3..=4 => vec![Actor::FirstOf(vec![Actor::Assigner, Actor::Head(Place::OwnUnit)])],
            5..=6 => vec![Actor::Assigner, other],
            7 => vec![Actor::AnyOf(vec![Actor::Assigner, other])],
            8 => vec![other, Actor::Assigner],
            _ => vec![other, Actor::Head(Place::OwnUnit)],
        }
    }

    fn rule(&mut self, depth: usize) -> Actor {
        let place = *self.draw.pick(&PLACES).unwrap_or(&Place::OwnUnit);
        match self.draw.below(100) {
            0..=29 => Actor::Head(place),
            30..=41 => Actor::Deputy(place),
            42..=54 => {
                let id = (*self.draw.pick(&POSITIONS).unwrap_or(&BODY)).to_owned();
                Actor::Position(PositionAt { id, at: if self.draw.chance(40) { Place::Bound } else { place } })
            }
            55..=65 => Actor::Member(BODY.to_owned()),
            66..=75 => Actor::Appointed,
            76..=84 => Actor::Personnel(if self.draw.chance(60) { RecordsOf::Agency } else { RecordsOf::Above }),
            85..=90 if depth < 2 => Actor::AnyOf((0..=self.draw.below(3)).map(|_| self.rule(depth + 1)).collect()),
            91..=93 if depth < 2 => Actor::FirstOf((0..=self.draw.below(3)).map(|_| self.rule(depth + 1)).collect()),
            94..=98 => Actor::Managing,
            _ => Actor::Subject,
        }
    }

    /// The days for an objection are counted from the notice, or there are none.
    fn days_to_object(&mut self) -> Option<Due> {
        let days = 1 + u8::try_from(self.draw.below(12)).unwrap_or_default();
        let due = Due { by: Some(days), of: DueFrom::Step, working_days: self.draw.chance(50), ..Due::default() };
        self.draw.chance(75).then_some(due)
    }

    /// The step from which an upheld objection lets the card be done anew.
    fn reopens(&mut self) -> Option<String> {
        let judging = |step: &&Step| matches!(leaves(step), Leaves::Marks | Leaves::Result);
        let judging: Vec<&Step> = self.steps.iter().filter(judging).collect();
        let from = self.draw.pick(&judging).map(|step| step.id.clone());
        from.filter(|_| self.draw.chance(70))
    }

    fn builds_on(&mut self) -> Option<String> {
        let marks: Vec<&Step> = self.steps.iter().filter(|step| step.verb == Verb::Mark).collect();
        let base = self.draw.pick(&marks).map(|step| step.id.clone());
        base.filter(|_| self.draw.chance(80))
    }

    fn reason_when(&mut self, step: &Step) -> Option<ReasonWhen> {
        match self.draw.below(6) {
            0 => Some(ReasonWhen::BelowMax),
            1 => Some(ReasonWhen::Always),
            2 => Some(ReasonWhen::Never),
            3 if step.builds_on.is_some() => Some(ReasonWhen::Differs),
            _ => None,
        }
    }

    fn opens(&mut self) -> Option<Opening> {
        let day = |draw: &mut Draw| 1 + u8::try_from(draw.below(15)).unwrap_or_default();
        match self.draw.below(10) {
            0 => Some(Opening { from: Some(day(self.draw)), december: None }),
            1 => Some(Opening { from: Some(day(self.draw)), december: Some(day(self.draw)) }),
            2 => Some(Opening { from: None, december: Some(day(self.draw)) }),
            _ => None,
        }
    }

    /// A last day that is not before that of the steps before.
    fn due(&mut self) -> Option<Due> {
        if self.draw.chance(60) {
            return None;
        }
        self.due += u8::try_from(self.draw.below(4)).unwrap_or_default();
        let of = if self.due > 28 { DueFrom::NextPeriod } else { DueFrom::PeriodEnd };
        let day = if self.due > 28 { self.due - 28 } else { self.due };
        Some(Due { by: Some(day), of, ..Due::default() })
    }
}
