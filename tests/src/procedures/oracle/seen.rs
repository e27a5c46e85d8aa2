//! The record that a card shows, for a witness who was not there, and what a card holds otherwise.

use std::collections::BTreeMap;

use shared::card::{self, Card};
use shared::ids::{LineId, OpId, PersonId, StepPlace};
use shared::op::{LineReview, Progress, Publication, Register};
use shared::time::Day;

use super::record::Line;
use super::voices::{Said, Spot};
use super::{Leaves, Record, Rules, is_panel, leaves};

impl Record {
    /// What a card shows, for a witness who was not there.
    pub(in super::super) fn of(card: &Card, rules: Rules<'_>) -> Self {
        let steps = rules.office.pack.steps.len();
        let places = || (0..u8::try_from(steps).unwrap_or(u8::MAX)).map(StepPlace);
        let slots = slots(rules).filter(|(_, register)| card.holds(register));
        let held = |place: &StepPlace| card.holds(&Register::Appraisal(*place));
        let marks = places().filter(held).filter_map(|place| {
            let version = card.versions(&Register::Appraisal(place)).first()?;
            Some((
                place.0,
                (version.actor, card.appraisal_in(&Register::Appraisal(place)).cloned().unwrap_or_default()),
            ))
        });
        let signed = places().filter(|place| card.holds(&Register::Approval(*place)));
        let done = |progress: &Progress| !progress.completed.is_zero();
        let line = |line: &card::Line<'_>| Line {
            id: line.id,
            added: line.added_by,
            by: line.assigned_by,
            done: line.progress.is_some_and(done),
        };
        let findings = places().flat_map(|place| {
            let finding = move |line: &card::Line<'_>| {
                let found = finding_in(card, place, line.id)?;
                Some(((place.0, line.id), found))
            };
            card.lines().iter().filter_map(finding).collect::<Vec<_>>()
        });
        Self {
            found: findings.collect(),
            lines: card.lines().iter().map(line).collect(),
            own: card.holds(&Register::SelfScore).then(|| card.self_score().cloned().unwrap_or_default()),
            marks: marks.collect(),
            slots: slots.map(|(at, one)| (at, card.appraisal_in(&one).cloned().unwrap_or_default())).collect(),
            signed: signed.filter_map(|place| Some((place.0, card.approval()?.clone()))).collect(),
            told: card.holds(&Register::Publication).then(|| {
                let nothing = Publication { class: String::new(), document: None };
                card.publication().cloned().unwrap_or(nothing)
            }),
            spots: spots(card, steps),
            said: said(card, rules),
            absent: card.absence().is_some(),
            objected: 0,
        }
    }

    /// What the card holds otherwise than the witness knows, if anything.
    pub(in super::super) fn differs_from(&self, card: Option<&Card>, rules: Rules<'_>) -> Option<String> {
        let empty = Card::default();
        let steps = rules.office.pack.steps.len();
        let card = card.unwrap_or(&empty);
        let told = [
            (Register::SelfScore, self.own.is_some()),
            (Register::Publication, self.told.is_some()),
            (Register::Absence, self.absent),
        ];
        let at = (0..u8::try_from(steps).unwrap_or(u8::MAX)).flat_map(|place| {
            [
                (Register::Appraisal(StepPlace(place)), self.marks.contains_key(&place)),
                (Register::Approval(StepPlace(place)), self.signed.contains_key(&place)),
            ]
        });
        let of_members = slots(rules).map(|(at, register)| (register, self.slots.contains_key(&at)));
        let places = 0..u8::try_from(steps).unwrap_or(u8::MAX);
        let of_lines = places.flat_map(|place| {
            let register = move |line: &Line| Register::Finding(StepPlace(place), line.id);
            self.lines.iter().map(move |line| (register(line), self.found.contains_key(&(place, line.id))))
        });
        let voices: Vec<_> = said(card, rules).into_iter().map(|(key, said)| (key, said.id)).collect();
        if !self.said.iter().map(|(key, said)| (*key, said.id)).eq(voices) {
            return Some("other things were said".to_owned());
        }
        let mut held = told.into_iter().chain(at).chain(of_members).chain(of_lines);
        let wrong = held.find(|(register, held)| card.holds(register) != *held);
        let other = |(at, register): &((u8, PersonId), Register)| self.slots.get(at) != card.appraisal_in(register);
        if let Some((_, register)) = slots(rules).find(other) {
            return Some(format!("{register} holds other marks"));
        }
        wrong.map(|(register, held)| format!("{register} should be {}", if held { "there" } else { "empty" }))
    }
}

/// The acts that left what stands on a card, with the day of their arrival.
fn spots(card: &Card, steps: usize) -> BTreeMap<Spot, (OpId, Day)> {
    let places = (0..u8::try_from(steps).unwrap_or(u8::MAX)).flat_map(|place| {
        [
            (Spot::Marked(place), Register::Appraisal(StepPlace(place))),
            (Spot::Signed(place), Register::Approval(StepPlace(place))),
        ]
    });
    let all = [(Spot::Own, Register::SelfScore), (Spot::Told, Register::Publication)].into_iter().chain(places);
    all.filter_map(|(spot, register)| Some((spot, arrived(card.current(&register)?)))).collect()
}

fn arrived(version: &card::Version) -> (OpId, Day) {
    (version.op, version.received_at.unwrap_or(version.at.at).day())
}

/// What was said on a card.
fn said(card: &Card, rules: Rules<'_>) -> BTreeMap<(u8, Option<PersonId>), Said> {
    let steps = (0..).zip(&rules.office.pack.steps).filter(|(_, step)| leaves(step) == Leaves::Said);
    let people = || rules.office.people.iter().map(|one| Some(one.id)).chain([None]);
    let keys = steps.flat_map(|(place, _)| people().map(move |one| (place, one)));
    let said = |key: (u8, Option<PersonId>)| {
        let register = Register::Voice(StepPlace(key.0), key.1);
        let ((by, voice), (id, day)) = (card.voice_in(&register)?, arrived(card.current(&register)?));
        Some((key, Said { id, by, voice: voice.clone(), day }))
    };
    keys.filter_map(said).collect()
}

/// What was found of a line in one step.
fn finding_in(card: &Card, place: StepPlace, line: LineId) -> Option<LineReview> {
    match &card.current(&Register::Finding(place, line))?.value {
        card::Value::Finding(found) => Some(found.clone()),
        _ => None,
    }
}

/// Every place in which a member of a team may mark, and anybody else.
fn slots(rules: Rules<'_>) -> impl Iterator<Item = ((u8, PersonId), Register)> {
    let teams = (0..).zip(&rules.office.pack.steps).filter(|(_, step)| is_panel(step));
    let people = rules.office.people.iter();
    teams.flat_map(move |(place, _)| {
        people.clone().map(move |one| ((place, one.id), Register::Slot(StepPlace(place), one.id)))
    })
}
