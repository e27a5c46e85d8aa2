//! What people state when they act: work, marks, decisions, reasons. Most of it makes sense.

use shared::card::Card;
use shared::ids::{LineId, PersonId, StepPlace, UnitId};
use shared::num::Exact;
use shared::op::{
    Absence, Appraisal, Approval, CardKey, DraftValue, FactValue, LineReview, Mark, NewLine, Payload, Progress,
    Publication, Says, SelfScore, Stage,
};
use shared::org::{Rank, Standing};
use shared::pack::{Pack, Step, Verb};
use shared::procedure::Panel;
use shared::sorted_map::Map;
use shared::state::State;
use shared::work::AbsenceCause;

use super::regulation::GATE_FACT;
use crate::random::Draw;
use crate::whose;

const REASON: &str = "vì thế";
const VOTES: [Says; 4] = [Says::For, Says::Against, Says::Abstain, Says::Class];

/// The card that somebody acts on, as the author sees it.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a> {
    pub(super) state: &'a State,
    pub(super) pack: &'a Pack,
    pub(super) key: &'a CardKey,
}

impl Sight<'_> {
    fn card<T>(self, read: impl FnOnce(&Card) -> T) -> T {
        let empty = Card::default();
        read(self.state.card(self.key).unwrap_or(&empty))
    }

    fn lines(self) -> Vec<(LineId, bool)> {
        self.card(|card| card.lines().iter().map(|line| (line.id, line.progress.is_some())).collect())
    }

    fn marks(self, draw: &mut Draw, reason: &str) -> Map<String, Mark> {
        let rows = self.pack.groups.iter().flat_map(|group| &group.criteria);
        let mut marks = Map::new();
        for row in rows {
            let max = row.max.as_small().map_or(0, |(max, _)| i64::try_from(max).unwrap_or_default());
            let value = if draw.chance(50) { max } else { draw.between(max / 2, max) };
            marks.insert(row.code.clone(), Mark { value: Exact::from_int(value), reason: reason.to_owned() });
        }
        marks
    }

    /// Puts one piece of work on the card.
    pub(super) fn plan(self) -> Payload {
        Payload::AssignWork(vec![new_line()])
    }

    /// Whether work may be on the card.
    pub(super) fn takes_work(self) -> bool {
        self.state.role(self.key).is_some_and(|role| self.pack.takes_work(role))
    }

    /// What somebody says who is asked in a step.
    pub(super) fn said(self, draw: &mut Draw, place: StepPlace, step: &Step) -> Option<Payload> {
        let says = match step.verb {
            Verb::Opine => Says::Opinion,
            Verb::Vote => *draw.pick(&VOTES)?,
            Verb::Object => Says::Objection,
            Verb::Answer => *draw.pick(&[Says::Upheld, Says::Refused])?,
            _ => Says::Confirmed,
        };
        let mut voice = self.state.voice(self.key, place, says, REASON)?;
        if says == Says::Class || says == Says::Opinion && draw.chance(40) {
            let classes: Vec<&str> = self.pack.classes.iter().map(|class| class.code.as_str()).collect();
            voice.class = (*draw.pick(&classes)?).to_owned();
        }
        Some(Payload::Speak(place, voice))
    }

    /// What somebody tries to say in a step, whoever it is and whenever: mostly what is asked for.
    pub(super) fn something_said(self, draw: &mut Draw, place: StepPlace) -> Option<Payload> {
        let step = self.pack.steps.get(usize::from(place.0))?;
        let Some(Payload::Speak(place, mut voice)) = self.said(draw, place, step) else { return None };
        match draw.below(14) {
            0 => voice.words = " ".to_owned(),
            1 => voice.class = "E".to_owned(),
            2 => voice.class = String::new(),
            3 => voice.says = *draw.pick(&[Says::Confirmed, Says::Upheld, Says::Against, Says::Opinion])?,
            4 => voice.about = None,
            5 => voice.reopens = Some(StepPlace(u8::try_from(draw.below(self.pack.steps.len())).unwrap_or_default())),
            6..=8 if step.verb == Verb::Object => voice.says = Says::Withdrawn,
            _ => {}
        }
        Some(Payload::Speak(place, voice))
    }

    /// Takes over a line of work as it stands.
    fn revise(self, draw: &mut Draw) -> Option<Payload> {
        let lines = self.lines();
        draw.pick(&lines).map(|(line, _)| Payload::ReviseLine { line: *line, plan: new_line() })
    }

    /// What somebody finds of all lines that wait for an answer in a step; mostly as reported.
    pub(super) fn findings(self, draw: &mut Draw, place: StepPlace, actor: PersonId) -> Option<Payload> {
        let slots = self.state.line_slots(self.key);
        let mut mine = slots.iter().filter(|(at, slot)| *at == place && slot.actors.contains(&actor)).peekable();
        mine.peek()?;
        let open = mine.filter(|(_, slot)| !slot.is_answered).map(|(_, slot)| slot.line.id);
        let found: Map<LineId, LineReview> = open.map(|line| (line, self.found(draw, line))).collect();
        Some(Payload::EvaluateLines(place, found))
    }

    /// What may be found of a line: as reported, or otherwise with a reason.
    fn found(self, draw: &mut Draw, line: LineId) -> LineReview {
        let ends = self.key.period.last_day();
        let reported = self.card(|card| {
            let line = card.line(line)?;
            let own = self.key.is_of(line.assigned_by);
            Some(LineReview { plan: own.then(|| line.planned()), ..line.as_reported(ends) })
        });
        let mut found = reported.unwrap_or_default();
        if draw.chance(25) {
            let halves = draw.between(0, 2);
            found.completed = Exact::ratio(halves, 2).unwrap_or_default();
            REASON.clone_into(&mut found.reason);
        }
        found
    }

    /// What somebody tries to find of lines, whether they are theirs to evaluate or not.
    fn some_findings(self, draw: &mut Draw, place: StepPlace) -> Payload {
        let mut lines = self.lines();
        if draw.chance(50) {
            lines = draw.pick(&lines).copied().into_iter().collect();
        }
        let mut found: Map<LineId, LineReview> =
            lines.into_iter().map(|(line, _)| (line, self.found(draw, line))).collect();
        match draw.below(8) {
            0 => found.values_mut().for_each(|one| one.reason.clear()),
            1 => found.values_mut().for_each(|one| one.plan = None),
            2 => found.values_mut().for_each(|one| one.completed = Exact::ratio(1, 2).unwrap_or_default()),
            _ => {}
        }
        Payload::EvaluateLines(place, found)
    }

    /// What somebody tries in a step of lines, whoever it is and whenever: mostly to evaluate, else to change the work.
    pub(super) fn on_lines(self, draw: &mut Draw, place: StepPlace) -> Payload {
        match draw.below(10) {
            0 => self.plan(),
            1 => self.revise(draw).unwrap_or_else(|| self.plan()),
            _ => self.some_findings(draw, place),
        }
    }

    /// Reports a piece of work that was not reported yet as done.
    pub(super) fn report(self) -> Option<Payload> {
        let (line, _) = self.lines().into_iter().find(|(_, reported)| !reported)?;
        Some(Payload::ReportProgress { line, progress: Progress { completed: Exact::one(), ..Progress::default() } })
    }

    pub(super) fn own_score(self, draw: &mut Draw) -> Payload {
        Payload::SubmitSelfScore(SelfScore {
            marks: self.marks(draw, ""),
            facts: gate_fact(draw),
            ..SelfScore::default()
        })
    }

    /// Marks with all that a result needs.
    pub(super) fn marks_in_full(self, draw: &mut Draw, place: StepPlace) -> Payload {
        Payload::Appraise(place, self.full(draw))
    }

    fn full(self, draw: &mut Draw) -> Appraisal {
        let mut facts = gate_fact(draw);
        if draw.chance(5) {
            facts.insert("disciplined".to_owned(), FactValue::Flag(true));
        }
        let lines = self.card(|card| {
            let mut lines = card.own_work_confirmed(self.key, &[whose(self.key)]);
            // What was found of a line is not for anybody else to change.
            lines.retain(|line, _| card.finding(*line).is_none());
            lines
        });
        Appraisal { marks: self.marks(draw, REASON), facts, lines, ..Appraisal::default() }
    }

    /// Marks that lack something: reasons, a fact, the person's own work.
    pub(super) fn some_marks(self, draw: &mut Draw, place: StepPlace) -> Payload {
        let mut appraisal = self.full(draw);
        lacking(draw, &mut appraisal);
        if draw.chance(5) {
            appraisal.lines = self.card(|card| card.own_work_confirmed(self.key, &[whose(self.key)]));
        }
        Payload::Appraise(place, appraisal)
    }

    /// The marks of a member of a team, with all that a result needs.
    pub(super) fn slot_in_full(self, draw: &mut Draw, place: StepPlace) -> Payload {
        Payload::FillSlot(place, self.full(draw))
    }

    /// Marks of a member that may lack something.
    pub(super) fn some_slot(self, draw: &mut Draw, place: StepPlace) -> Payload {
        let mut appraisal = self.full(draw);
        lacking(draw, &mut appraisal);
        Payload::FillSlot(place, appraisal)
    }

    /// The result of a team as the screen offers it; none where no team marks.
    pub(super) fn result(self, place: StepPlace) -> Option<Payload> {
        let panel = self.state.panel(self.key, place)?;
        Some(Payload::Appraise(place, panel.result(&Appraisal::default(), REASON)))
    }

    /// A result of a team that may be another one than that of its slots.
    pub(super) fn some_result(self, draw: &mut Draw, place: StepPlace) -> Payload {
        let Some(Payload::Appraise(place, mut result)) = self.result(place) else {
            return self.some_marks(draw, place);
        };
        let codes: Vec<String> = result.marks.keys().cloned().collect();
        let code = draw.pick(&codes).cloned().unwrap_or_default();
        match draw.below(8) {
            // Another mark: a little more or less, or what one of the members gave.
            0 => {
                let by = if draw.chance(50) { Exact::one() } else { Exact::from_int(-1) };
                result.marks.entry(code).or_default().value += by;
            }
            1 | 2 => {
                let panel = self.state.panel(self.key, place);
                let given = panel.iter().flat_map(|panel| panel.marks(|slot| &slot.marks, &code)).cloned();
                let given: Vec<Exact> = given.collect();
                if let Some(value) = draw.pick(&given).cloned() {
                    result.marks.entry(code).or_default().value = value;
                }
            }
            3 => drop(result.marks.remove(&code)),
            4 => lacking(draw, &mut result),
            5 => drop(result.facts.insert("disciplined".to_owned(), FactValue::Flag(true))),
            _ => {}
        }
        Payload::Appraise(place, result)
    }

    /// What somebody tries in a step of a team, whoever it is and whenever: to mark, to mark anew, to close, to take it back.
    pub(super) fn in_team(self, draw: &mut Draw, place: StepPlace) -> Payload {
        // Where it can be closed, members are more likely to try.
        let panel = self.state.panel(self.key, place).filter(Panel::is_enough);
        let filled = panel.is_some_and(|panel| !panel.filled.is_empty());
        match draw.below(20) {
            0..=3 => self.some_slot(draw, place),
            4..=11 if !filled => self.some_slot(draw, place),
            4..=16 => self.some_result(draw, place),
            17 => self.back(*draw.pick(&Stage::ALL).unwrap_or(&Stage::Working)),
            18 => Payload::WithdrawSelfScore { reason: reason(draw) },
            _ => self.some_decision(draw, place),
        }
    }

    /// Signs the result that is on the screen.
    pub(super) fn decision(self, place: StepPlace) -> Option<Payload> {
        Some(Payload::Approve(place, self.state.approval(self.key)?))
    }

    /// Signs a result that may be made up.
    fn some_decision(self, draw: &mut Draw, place: StepPlace) -> Payload {
        let nothing = || {
            let standing = Standing { unit: UnitId::from_bytes([1; 16]), rank: Rank::Staff, title: String::new() };
            Approval {
                total: Some(Exact::zero()),
                class: "A".to_owned(),
                comment: String::new(),
                standing,
                led: Vec::new(),
                reckoned: None,
                document: None,
            }
        };
        let mut approval = self.state.approval(self.key).unwrap_or_else(nothing);
        if draw.chance(10) {
            approval.class = "A".to_owned();
        }
        Payload::Approve(place, approval)
    }

    pub(super) fn publication(self) -> Payload {
        let class = self.card(|card| card.approval().map_or_else(|| "A".to_owned(), |approval| approval.class.clone()));
        Payload::Publish(Publication { class, document: None })
    }

    pub(super) fn back(self, to: Stage) -> Payload {
        Payload::ReturnCard { to, reason: REASON.to_owned() }
    }

    /// Anything, by anybody, at any time.
    pub(super) fn anything(self, draw: &mut Draw) -> Payload {
        let place = StepPlace(u8::try_from(draw.below(self.pack.steps.len())).unwrap_or_default());
        match draw.below(25) {
            0 => self.plan(),
            1 => self.report().unwrap_or_else(|| self.plan()),
            2 | 3 => self.own_score(draw),
            4 => Payload::WithdrawSelfScore { reason: reason(draw) },
            5..=7 => self.some_marks(draw, place),
            8 => self.some_slot(draw, place),
            9 => self.some_result(draw, place),
            10..=13 => self.some_decision(draw, place),
            14..=16 => self.publication(),
            17 | 18 => {
                let to = *draw.pick(&Stage::ALL).unwrap_or(&Stage::Working);
                Payload::ReturnCard { to, reason: reason(draw) }
            }
            19 => self.absence(draw),
            20 => self.draft(draw),
            21 => self.on_lines(draw, place),
            22 | 23 => self.something_said(draw, place).unwrap_or_else(|| self.plan()),
            _ => self.report().unwrap_or_else(|| self.publication()),
        }
    }

    fn absence(self, draw: &mut Draw) -> Payload {
        if self.card(|card| card.absence().is_some()) {
            return Payload::LiftAbsence { reason: reason(draw) };
        }
        let cause = if draw.chance(50) { AbsenceCause::Sick } else { AbsenceCause::Other };
        Payload::RecordAbsence(Absence { cause, note: reason(draw) })
    }

    fn draft(self, draw: &mut Draw) -> Payload {
        let value = DraftValue { text: "bản nháp".to_owned(), ..DraftValue::default() };
        let fields = [("comment".to_owned(), value)].into_iter().collect();
        Payload::SaveDraft { appraisal: draw.chance(50), fields }
    }
}

/// A piece of work.
fn new_line() -> NewLine {
    NewLine {
        code: String::new(),
        name: "Việc".to_owned(),
        coefficient: Exact::one(),
        assigned: Exact::one(),
        due: None,
        list: None,
        extra: false,
        level: None,
        carried: None,
    }
}

/// Takes something away from marks: reasons, a fact, the person's own work, a row.
fn lacking(draw: &mut Draw, appraisal: &mut Appraisal) {
    match draw.below(9) {
        0 | 1 => appraisal.marks.values_mut().for_each(|mark| mark.reason.clear()),
        2 | 3 => appraisal.facts.clear(),
        4 | 5 => appraisal.lines.clear(),
        6 => {
            let codes: Vec<String> = appraisal.marks.keys().cloned().collect();
            let code = draw.pick(&codes).cloned().unwrap_or_default();
            appraisal.marks.remove(&code);
        }
        _ => {}
    }
}

/// The fact that the gate of the highest class asks for, on one side of the gate or the other.
fn gate_fact(draw: &mut Draw) -> Map<String, FactValue> {
    let (part, whole) = if draw.chance(70) { (97, 100) } else { (9, 10) };
    let share = Exact::ratio(part, whole).unwrap_or_default();
    [(GATE_FACT.to_owned(), FactValue::Number(share))].into_iter().collect()
}

fn reason(draw: &mut Draw) -> String {
    if draw.chance(15) { " ".to_owned() } else { REASON.to_owned() }
}

/// What an act is called in a report of a failure.
pub(super) fn called(payload: &Payload, subject: PersonId, actor: PersonId) -> String {
    let short = |person: PersonId| person.as_bytes().first().copied().unwrap_or_default();
    let what = match payload {
        Payload::AssignWork(_) => "plans".to_owned(),
        Payload::ReportProgress { .. } => "reports".to_owned(),
        Payload::ReviseLine { .. } => "takes over a line".to_owned(),
        Payload::Speak(place, voice) => format!("says {:?} in step {place}", voice.says),
        Payload::EvaluateLines(place, found) => format!("evaluates {} lines in step {place}", found.len()),
        Payload::SubmitSelfScore(_) => "scores".to_owned(),
        Payload::WithdrawSelfScore { .. } => "withdraws the score".to_owned(),
        Payload::Appraise(place, _) => format!("marks in step {place}"),
        Payload::FillSlot(place, _) => format!("marks as a member in step {place}"),
        Payload::Approve(place, approval) => format!("signs {:?} in step {place}", approval.class),
        Payload::Publish(_) => "publishes".to_owned(),
        Payload::ReturnCard { to, .. } => format!("sends back to {}", to.word()),
        Payload::RecordAbsence(_) => "records an absence".to_owned(),
        Payload::LiftAbsence { .. } => "lifts the absence".to_owned(),
        Payload::SaveDraft { appraisal, .. } => format!("drafts, appraisal {appraisal}"),
        Payload::Resolve { register, .. } => format!("chooses a version of {register}"),
        other => format!("kind {}", other.kind()),
    };
    format!("person {} {what} on the card of {}", short(actor), short(subject))
}
