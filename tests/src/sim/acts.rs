//! Draws what people do. Most of it makes sense, and some of it does not.

use shared::card::Card;
use shared::ids::{LineId, PersonId};
use shared::op::{
    Absence, Appraisal, Approval, CardKey, DraftValue, Mark, NewLine, Payload, Progress, Publication, Register,
    SelfScore, Stage, Target,
};
use shared::org::{Person, Rank, Standing, Unit, UnitKind};
use shared::state::State;
use shared::work::AbsenceCause;

use super::commune::{APPRAISE, APPROVE, LIST, OFFICIALS, adoption, day, key, number, person, post, products, unit};
use crate::random::Draw;
use crate::whose;

const REASON: &str = "vì thế";

/// Draws an act for a person who sees `view`.
#[must_use]
pub(crate) fn draw_act(draw: &mut Draw, view: &State, who: PersonId) -> (Target, Payload) {
    if who == person(7) && draw.chance(40) {
        return organise(draw);
    }
    if draw.chance(1) {
        let list = if draw.chance(50) { products(&["A", "B"]) } else { adoption() };
        return (Target::WorkList(LIST), list);
    }
    let own = OFFICIALS.iter().copied().find(|n| person(*n) == who).filter(|_| draw.chance(70));
    let whose = own.or_else(|| draw.pick(&OFFICIALS).copied()).unwrap_or(5);
    let key = key(whose, if draw.chance(70) { 10 } else { 8 + u8::from(draw.chance(70)) });
    let empty = Card::default();
    let card = view.card(&key).unwrap_or(&empty);
    let payload = if draw.chance(12) {
        any_act(draw, view, card, &key)
    } else if key.is_of(who) {
        own_act(draw, view, card, &key)
    } else {
        superiors_act(draw, view, card, &key)
    };
    (Target::Card(key), payload)
}

/// The number of acts of a month in which nothing goes wrong.
pub(crate) const MONTH_STEPS: usize = 6;

/// The person and the act at a step of such a month of official `n`.
#[must_use]
pub(crate) fn month_step(step: usize, n: u8, view: &State, card: &Card) -> (u8, Payload) {
    let mut draw = Draw::new(u64::from(n));
    let line = card.lines().first().map(|line| line.id);
    match step {
        0 => (n, unlisted(&mut draw)),
        1 => (n, report_or_assign(&mut draw, line)),
        2 => (n, Payload::SubmitSelfScore(own_score(view, &key(n, 8)))),
        3 => (4, appraise(&mut draw, view, card, &key(n, 8))),
        4 => (2, approve(view, &key(n, 8))),
        _ => (2, publish(card)),
    }
}

/// A change of a post: it ends, begins again, rises or falls, so that scopes shrink and grow.
#[must_use]
pub(crate) fn organise(draw: &mut Draw) -> (Target, Payload) {
    if draw.chance(20) {
        return (Target::Org, rename(draw));
    }
    let n = *draw.pick(&[4_u8, 5, 6, 6, 3, 2, 7]).unwrap_or(&6);
    let mut post = post(n);
    match draw.below(8) {
        0 => post.to = Some(day("2026-09-15")),
        1 => post.rank = if draw.chance(50) { Rank::Head } else { Rank::Staff },
        2 => post.unit = unit(if draw.chance(50) { 2 } else { 3 }),
        _ => {}
    }
    (Target::Org, Payload::PutPost(post))
}

fn rename(draw: &mut Draw) -> Payload {
    match draw.below(3) {
        0 => Payload::PutPerson(Person { id: person(6), name: format!("Người Mới {}", draw.below(100)) }),
        1 => Payload::PutUnit(Unit {
            id: unit(3),
            parent: Some(unit(2)),
            name: format!("Văn phòng {}", draw.below(100)),
            kind: UnitKind::Division,
        }),
        _ => Payload::AdoptPack(shared::pack::PackAdoption {
            unit: unit(2),
            decision: format!("QĐ {}", draw.below(100)),
            ..shared::fixture::adoption()
        }),
    }
}

fn some_line(draw: &mut Draw, card: &Card) -> Option<LineId> {
    let lines: Vec<LineId> = card.lines().iter().map(|line| line.id).collect();
    draw.pick(&lines).copied()
}

fn own_act(draw: &mut Draw, view: &State, card: &Card, key: &CardKey) -> Payload {
    let line = some_line(draw, card);
    match (card.stage(), draw.below(10)) {
        (_, 0) => resolve(draw, card),
        (Stage::Working, 1 | 2) => assign(draw),
        (Stage::Working, 3..=5) => report_or_assign(draw, line),
        (Stage::Working, 6) => revise_or_assign(draw, line),
        (Stage::Working, 7) => Payload::SubmitSelfScore(own_score(view, key)),
        (Stage::SelfScored, 1..=3) => withdraw(draw),
        _ => draft(draw, false),
    }
}

fn superiors_act(draw: &mut Draw, view: &State, card: &Card, key: &CardKey) -> Payload {
    match (card.stage(), draw.below(10)) {
        (_, 0) => resolve(draw, card),
        (_, 1) => draft(draw, true),
        (_, 9) => absence(draw, card),
        (Stage::Working, 8) => appraise(draw, view, card, key),
        (Stage::Working, _) => assign(draw),
        (Stage::SelfScored, 2..=7) => appraise(draw, view, card, key),
        (Stage::Appraised, 2..=7) => approve(view, key),
        (Stage::Approved, 2..=7) => publish(card),
        _ => back(draw),
    }
}

fn report_or_assign(draw: &mut Draw, line: Option<LineId>) -> Payload {
    match line {
        Some(line) => report(draw, line),
        None => assign(draw),
    }
}

fn revise_or_assign(draw: &mut Draw, line: Option<LineId>) -> Payload {
    match line {
        Some(line) => revise(draw, line),
        None => assign(draw),
    }
}

fn any_act(draw: &mut Draw, view: &State, card: &Card, key: &CardKey) -> Payload {
    let line = some_line(draw, card);
    match draw.below(13) {
        0 => Payload::SubmitSelfScore(own_score(view, key)),
        1 => withdraw(draw),
        2 => appraise(draw, view, card, key),
        3 => approve(view, key),
        4 => publish(card),
        5 => back(draw),
        6 => resolve(draw, card),
        7 => draft(draw, draw_is_even(card)),
        8 => report_or_assign(draw, line),
        9 => revise_or_assign(draw, line),
        10 => absence(draw, card),
        _ => assign(draw),
    }
}

/// Records that a person is not to be assessed, or retracts that.
fn absence(draw: &mut Draw, card: &Card) -> Payload {
    if card.absence().is_some() && draw.chance(70) {
        return Payload::LiftAbsence { reason: maybe_reason(draw) };
    }
    let cause = *draw.pick(&AbsenceCause::ALL).unwrap_or(&AbsenceCause::Sick);
    Payload::RecordAbsence(Absence { cause, note: maybe_reason(draw) })
}

fn draw_is_even(card: &Card) -> bool {
    card.history().len().is_multiple_of(2)
}

fn unlisted(draw: &mut Draw) -> Payload {
    Payload::AssignWork(vec![new_line(draw, false); 2])
}

fn assign(draw: &mut Draw) -> Payload {
    let listed = draw.chance(20);
    let line = new_line(draw, listed);
    Payload::AssignWork(vec![line; 1 + draw.below(2)])
}

fn new_line(draw: &mut Draw, listed: bool) -> NewLine {
    NewLine {
        code: if listed { "A".to_owned() } else { String::new() },
        name: format!("Việc {}", draw.below(1_000)),
        coefficient: number("1.5"),
        assigned: number("4"),
        due: None,
        list: listed.then_some(LIST),
        extra: false,
        level: None,
        carried: None,
    }
}

fn report(draw: &mut Draw, line: LineId) -> Payload {
    let completed = number(draw.pick(&["1", "2.5", "4"]).unwrap_or(&"1"));
    Payload::ReportProgress { line, progress: Progress { completed, ..Progress::default() } }
}

fn revise(draw: &mut Draw, line: LineId) -> Payload {
    if draw.chance(40) {
        return Payload::RemoveLine { line, reason: REASON.to_owned() };
    }
    match assign(draw) {
        Payload::AssignWork(mut lines) => match lines.pop() {
            Some(plan) => Payload::ReviseLine { line, plan },
            None => Payload::AssignWork(lines),
        },
        other => other,
    }
}

fn draft(draw: &mut Draw, appraisal: bool) -> Payload {
    let field = draw.pick(&["mark/I.1", "mark/I.2", "comment"]).unwrap_or(&"comment");
    let value = DraftValue { text: format!("bản nháp {}", draw.below(100)), ..DraftValue::default() };
    Payload::SaveDraft { appraisal, fields: [((*field).to_owned(), value)].into_iter().collect() }
}

fn maybe_reason(draw: &mut Draw) -> String {
    if draw.chance(10) { String::new() } else { REASON.to_owned() }
}

fn withdraw(draw: &mut Draw) -> Payload {
    Payload::WithdrawSelfScore { reason: maybe_reason(draw) }
}

fn back(draw: &mut Draw) -> Payload {
    let to = *draw.pick(&Stage::ALL).unwrap_or(&Stage::Working);
    Payload::ReturnCard { to, reason: maybe_reason(draw) }
}

fn resolve(draw: &mut Draw, card: &Card) -> Payload {
    let contested = card.contested();
    let register = draw.pick(&contested).cloned().unwrap_or(Register::SelfScore);
    let heads: Vec<_> = card.heads(&register).collect();
    let choice = draw.pick(&heads).copied().unwrap_or(shared::ids::OpId::of(b"none"));
    Payload::Resolve { register, choice, reason: maybe_reason(draw) }
}

fn marks() -> shared::sorted_map::Map<String, Mark> {
    let tenths = |code: &str| if code.starts_with("I.") { "5" } else { "2.5" };
    ["I.1", "I.2", "II.1", "II.2", "II.3", "II.4", "III.1", "III.2", "III.3", "III.4"]
        .into_iter()
        .map(|code| (code.to_owned(), Mark { value: number(tenths(code)), reason: String::new() }))
        .collect()
}

/// A score that the rules accept.
pub(crate) fn self_score() -> SelfScore {
    SelfScore { marks: marks(), ..SelfScore::default() }
}

/// The same for a person who is a leader on the card and states three parts more.
fn own_score(view: &State, key: &CardKey) -> SelfScore {
    SelfScore { leadership: parts(view, key), ..self_score() }
}

fn parts(view: &State, key: &CardKey) -> shared::sorted_map::Map<String, Mark> {
    let leads = view.role(key).is_some_and(|role| role != "staff");
    let part = |id: &str| (id.to_owned(), Mark { value: number("1"), reason: String::new() });
    ["unit", "organising", "cohesion"].into_iter().map(part).filter(|_| leads).collect()
}

/// An appraisal. The person's own work counts only when confirmed, and mostly it is.
fn appraise(draw: &mut Draw, view: &State, card: &Card, key: &CardKey) -> Payload {
    let mut lines = card.own_work_confirmed(key, &[whose(key)]);
    if draw.chance(10) {
        lines.retain(|_, _| draw.chance(50));
    }
    let mut marks = marks();
    let value = number(draw.pick(&["3", "4.5"]).unwrap_or(&"3"));
    marks.insert("I.1".to_owned(), Mark { value, reason: REASON.to_owned() });
    Payload::Appraise(APPRAISE, Appraisal { marks, lines, leadership: parts(view, key), ..Appraisal::default() })
}

/// Signs the points shown on the screen.
fn approve(view: &State, key: &CardKey) -> Payload {
    let nothing = || {
        let standing = Standing { unit: unit(3), rank: Rank::Staff, title: String::new() };
        Approval {
            total: Some(number("0")),
            class: String::new(),
            comment: String::new(),
            standing,
            led: Vec::new(),
            reckoned: None,
            document: None,
        }
    };
    Payload::Approve(APPROVE, view.approval(key).unwrap_or_else(nothing))
}

fn publish(card: &Card) -> Payload {
    let class = card.approval().map_or_else(|| "HTT".to_owned(), |approval| approval.class.clone());
    Payload::Publish(Publication { class, document: None })
}
