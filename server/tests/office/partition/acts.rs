//! Draws the acts of people on each other's cards. Devices that rarely see each other often write the same registers.

use shared::card::Card;
use shared::ids::PersonId;
use shared::num::Exact;
use shared::op::{CardKey, DraftValue, Payload, Progress, Publication, Register, SelfScore, Stage};
use shared::procedure::Act;
use shared::state::State;

use crate::chance::Chance;
use crate::harness::{APPRAISE, APPROVE};
use crate::sync::{free_work, full_marks, one_mark_lower};

/// Lines of a card above which nobody adds more.
const LINES_MAX: usize = 40;
const REASON: &str = "vì thế";

/// An act of `who`. The device may refuse it.
pub(super) fn draw(chance: &mut Chance, view: &State, who: PersonId, cards: &[CardKey]) -> Option<(CardKey, Payload)> {
    let own = cards.iter().find(|key| key.is_of(who));
    let key = own.or_else(|| chance.pick(cards))?.clone();
    let empty = Card::default();
    let card = view.card(&key).unwrap_or(&empty);
    let payload = match card.stage() {
        _ if chance.below(8) == 0 => resolve(chance, card)?,
        stage if key.is_of(who) => own_act(chance, stage, &key, card),
        stage if view.acts(&key, Act::Mark, who) => superiors_act(chance, stage, view, &key, card),
        stage => deciders_act(chance, stage, view, &key, card),
    };
    Some((key, payload))
}

fn own_act(chance: &mut Chance, stage: Stage, key: &CardKey, card: &Card) -> Payload {
    match (stage, chance.below(12)) {
        (Stage::Working, 0) => Payload::SubmitSelfScore(SelfScore { marks: full_marks(key), ..SelfScore::default() }),
        (Stage::Working, 1 | 2) => assign(chance, card),
        (Stage::Working, 3..=7) => report(chance, card),
        (Stage::SelfScored, 0..=2) => Payload::WithdrawSelfScore { reason: REASON.to_owned() },
        _ => draft(chance, false),
    }
}

fn superiors_act(chance: &mut Chance, stage: Stage, view: &State, key: &CardKey, card: &Card) -> Payload {
    match (stage, chance.below(8)) {
        (Stage::Working, 0..=3) => assign(chance, card),
        (Stage::SelfScored, 0..=5) => Payload::Appraise(APPRAISE, one_mark_lower(key, view)),
        (Stage::Appraised, 0..=2) => back(chance),
        _ => draft(chance, true),
    }
}

fn deciders_act(chance: &mut Chance, stage: Stage, view: &State, key: &CardKey, card: &Card) -> Payload {
    match (stage, chance.below(4)) {
        (Stage::Appraised, 0 | 1) => approve(view, key).unwrap_or_else(|| back(chance)),
        (Stage::Approved, 0) => {
            let class = card.approval().map(|approval| approval.class.clone()).unwrap_or_default();
            Payload::Publish(Publication { class, document: None })
        }
        (Stage::Working, _) => assign(chance, card),
        _ => back(chance),
    }
}

fn assign(chance: &mut Chance, card: &Card) -> Payload {
    if card.lines().len() >= LINES_MAX {
        return report(chance, card);
    }
    Payload::AssignWork(vec![free_work(&format!("việc {}", chance.below(1_000_000)))])
}

fn report(chance: &mut Chance, card: &Card) -> Payload {
    let lines: Vec<_> = card.lines().iter().map(|line| line.id).collect();
    match chance.pick(&lines) {
        None => draft(chance, false),
        Some(line) => {
            let late_times = u32::try_from(chance.below(5)).unwrap();
            let progress = Progress { completed: Exact::from_int(2), late_times, ..Progress::default() };
            Payload::ReportProgress { line: *line, progress }
        }
    }
}

fn draft(chance: &mut Chance, appraisal: bool) -> Payload {
    let field = (*chance.pick(&["strengths", "weaknesses", "comment", "mark/I.1"]).unwrap()).to_owned();
    let value = DraftValue { text: format!("bản nháp {}", chance.below(1_000_000)), ..DraftValue::default() };
    Payload::SaveDraft { appraisal, fields: [(field, value)].into() }
}

fn back(chance: &mut Chance) -> Payload {
    let to = *chance.pick(&[Stage::Working, Stage::SelfScored, Stage::Appraised]).unwrap();
    Payload::ReturnCard { to, reason: REASON.to_owned() }
}

fn resolve(chance: &mut Chance, card: &Card) -> Option<Payload> {
    let contested: Vec<Register> = card.contested();
    let register = chance.pick(&contested)?.clone();
    let heads: Vec<_> = card.heads(&register).collect();
    let choice = *chance.pick(&heads)?;
    Some(Payload::Resolve { register, choice, reason: REASON.to_owned() })
}

/// Signs the points shown on the screen.
fn approve(view: &State, key: &CardKey) -> Option<Payload> {
    view.approval(key).map(|approval| Payload::Approve(APPROVE, approval))
}
