//! What has been done on a card, kept beside the card by a witness, and who may do what on top of it.

use std::collections::BTreeMap;

use shared::ids::{LineId, OpId, PersonId, StepPlace};
use shared::op::{Appraisal, Approval, LineReview, Payload, Publication, SelfScore, Stage};
use shared::pack::Step;
use shared::time::Day;

use super::voices::{Said, Spot};
use super::{Leaves, Rules, is_panel};

/// Why an act must not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum Why {
    /// No rule names the author.
    NotEntitled,
    /// Something before it is missing, or something after it was done.
    NotItsTurn,
    /// It arrives too early.
    TooEarly,
    /// It says what may not be said.
    Content,
}

/// A line of work: who put it on the card, whose plan it is now, and whether it was reported as done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) id: LineId,
    pub(super) added: PersonId,
    pub(super) by: PersonId,
    pub(super) done: bool,
}

/// What has been done on one card.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Record {
    pub(super) lines: Vec<Line>,
    /// What was found of lines, by the place of their step.
    pub(super) found: BTreeMap<(u8, LineId), LineReview>,
    pub(super) own: Option<SelfScore>,
    /// Marks by the place of their step, with their author.
    pub(in super::super) marks: BTreeMap<u8, (PersonId, Appraisal)>,
    /// What members of a team have marked, by the place of their step.
    pub(in super::super) slots: BTreeMap<(u8, PersonId), Appraisal>,
    pub(super) signed: BTreeMap<u8, Approval>,
    pub(super) told: Option<Publication>,
    /// The acts that left what stands, with the day of their arrival.
    pub(super) spots: BTreeMap<Spot, (OpId, Day)>,
    /// What was said, by the place of its step; what everybody says apart, also by who said it.
    pub(in super::super) said: BTreeMap<(u8, Option<PersonId>), Said>,
    pub(super) absent: bool,
    /// How often the person has objected.
    pub(in super::super) objected: usize,
}

/// An act: who does what on whose card.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Deed<'a> {
    pub(in super::super) subject: PersonId,
    pub(in super::super) actor: PersonId,
    pub(in super::super) payload: &'a Payload,
    /// The day of its arrival.
    pub(in super::super) day: Day,
}

impl Record {
    /// How far the card is. Where a member of a team has marked, it is as far as with the own score.
    pub(in super::super) fn stage(&self) -> Stage {
        match (self.told.is_some(), self.signed.is_empty(), self.marks.is_empty()) {
            (true, ..) => Stage::Published,
            (_, false, _) => Stage::Approved,
            (.., false) => Stage::Appraised,
            _ if self.own.is_some() || !self.slots.is_empty() => Stage::SelfScored,
            _ => Stage::Working,
        }
    }

    /// Whether the person is not assessed.
    pub(in super::super) const fn is_away(&self) -> bool {
        self.absent
    }

    /// Whether the act counts.
    ///
    /// # Errors
    /// Why it does not.
    pub(in super::super) fn counts(&self, rules: Rules<'_>, deed: Deed<'_>) -> Result<(), Why> {
        let checks = [
            (self.is_entitled(rules, deed), Why::NotEntitled),
            (opens(rules, deed).is_none_or(|opens| deed.day >= opens), Why::TooEarly),
            (self.is_its_turn(rules, deed), Why::NotItsTurn),
            (self.may_say(rules, deed), Why::Content),
        ];
        checks.into_iter().try_for_each(|(holds, why)| if holds { Ok(()) } else { Err(why) })
    }

    /// Whether a rule names the author.
    pub(in super::super) fn is_entitled(&self, rules: Rules<'_>, deed: Deed<'_>) -> bool {
        let Deed { subject, actor, payload, .. } = deed;
        if !rules.has_card(subject) {
            return false;
        }
        let does = |steps: &[(u8, &Step)]| steps.iter().any(|(_, step)| rules.actors(step, subject).contains(&actor));
        let (marking, signing) = (rules.marking(subject), rules.signing(subject));
        let signs = || rules.signs(&signing, subject, actor);
        let signs_at = |steps: &[(u8, &Step)], at: &StepPlace| {
            steps.iter().any(|one| one.0 == at.0 && rules.signs(&[*one], subject, actor))
        };
        // Of a team, only those who close it undo what others have marked.
        let undoes = || {
            let after = |place| marking.iter().filter(|(other, _)| *other >= place).copied().collect::<Vec<_>>();
            self.marked_beside(actor).is_none_or(|place| rules.signs(&after(place), subject, actor))
        };
        let own = actor == subject;
        // Where the rules find nobody who marks, the keepers of the records enter what an authority outside gave.
        let nobody = || marking.iter().any(|(_, step)| rules.actors(step, subject).is_empty());
        let enters = || !own && nobody() && rules.keeps_records(actor, subject);
        match payload {
            Payload::AssignWork(_) => own || does(&marking) || does(&signing) || does(&rules.planning(subject)),
            Payload::ReportProgress { .. }
            | Payload::WithdrawSelfScore { .. }
            | Payload::SaveDraft { appraisal: false, .. } => own,
            Payload::SubmitSelfScore(_) => own && !rules.leaving(subject, Leaves::Own).is_empty(),
            // What somebody else gave is not the person's to change.
            Payload::ReviseLine { line, .. } => {
                let all_own = self.lines.iter().any(|known| known.id == *line && known.by == subject);
                let gave = !own && self.gave(actor, *line) && does(&rules.planning(subject));
                own && all_own || does(&marking) || does(&signing) || gave
            }
            Payload::EvaluateLines(at, findings) => {
                self.evaluates_all(rules, deed, at.0, &findings.keys().copied().collect::<Vec<_>>())
            }
            Payload::SaveDraft { appraisal: true, .. } => {
                does(&marking) || enters() || self.evaluates_any(rules, subject, actor)
            }
            Payload::FillSlot(at, _) => {
                let mut teams = marking.iter().filter(|(place, step)| *place == at.0 && is_panel(step));
                teams.any(|(_, step)| rules.actors(step, subject).contains(&actor))
            }
            Payload::Appraise(at, _) => signs_at(&marking, at),
            Payload::Approve(at, _) => signs_at(&signing, at),
            Payload::Speak(at, voice) => self.speaks(rules, deed, *at, voice),
            // Whoever signs the result may also make it known.
            Payload::Publish(_) => signs() || does(&rules.leaving(subject, Leaves::Told)),
            Payload::ReturnCard { .. } => match self.stage() {
                Stage::Working | Stage::SelfScored => does(&marking) && undoes(),
                Stage::Appraised => signs() || undoes(),
                // Nobody sends back what was decided in a later step.
                Stage::Approved | Stage::Published => {
                    let last = self.signed.keys().next_back().copied().unwrap_or_default();
                    let after: Vec<_> = signing.iter().filter(|(place, _)| *place >= last).copied().collect();
                    rules.signs(&after, subject, actor)
                }
            },
            Payload::RecordAbsence(_) | Payload::LiftAbsence { .. } => {
                !own && (does(&marking) || does(&signing) || rules.keeps_records(actor, subject))
            }
            _ => false,
        }
    }

    /// Notes an act that counted.
    pub(in super::super) fn note(&mut self, id: OpId, deed: Deed<'_>) {
        match deed.payload {
            Payload::AssignWork(lines) => {
                let new = (0..).zip(lines).map(|(place, _)| LineId::new(id, place));
                self.lines.extend(new.map(|id| Line { id, added: deed.actor, by: deed.actor, done: false }));
            }
            // A line that changes waits for another finding.
            Payload::ReportProgress { line, .. } => {
                self.lines.iter_mut().filter(|known| known.id == *line).for_each(|known| known.done = true);
                self.found.retain(|(_, of), _| of != line);
            }
            Payload::ReviseLine { line, .. } => {
                self.lines.iter_mut().filter(|known| known.id == *line).for_each(|known| known.by = deed.actor);
                self.found.retain(|(_, of), _| of != line);
            }
            Payload::EvaluateLines(at, findings) => {
                self.found.extend(findings.iter().map(|(line, found)| ((at.0, *line), found.clone())));
            }
            Payload::SubmitSelfScore(score) => {
                self.own = Some(score.clone());
                self.spots.insert(Spot::Own, (id, deed.day));
            }
            Payload::WithdrawSelfScore { .. } => {
                self.own = None;
                self.spots.remove(&Spot::Own);
            }
            Payload::Speak(at, voice) => self.note_voice(id, deed, *at, voice),
            Payload::Appraise(at, appraisal) => {
                self.spots.insert(Spot::Marked(at.0), (id, deed.day));
                self.marks.insert(at.0, (deed.actor, appraisal.clone()));
            }
            Payload::FillSlot(at, appraisal) => {
                self.slots.insert((at.0, deed.actor), appraisal.clone());
            }
            Payload::Approve(at, approval) => {
                self.spots.insert(Spot::Signed(at.0), (id, deed.day));
                self.signed.insert(at.0, approval.clone());
            }
            Payload::Publish(publication) => {
                self.told = Some(publication.clone());
                self.spots.insert(Spot::Told, (id, deed.day));
            }
            Payload::ReturnCard { to, .. } => self.go_back(*to),
            Payload::RecordAbsence(_) => self.absent = true,
            Payload::LiftAbsence { .. } => self.absent = false,
            _ => {}
        }
    }

    fn go_back(&mut self, to: Stage) {
        self.told = None;
        self.spots.retain(|spot, _| match spot {
            Spot::Own => to >= Stage::SelfScored,
            Spot::Marked(_) => to >= Stage::Appraised,
            Spot::Signed(_) => to >= Stage::Approved,
            Spot::Told => false,
        });
        if to < Stage::Approved {
            self.signed.clear();
        }
        if to < Stage::Appraised {
            self.marks.clear();
            // The team marks anew.
            self.slots.clear();
        }
        if to < Stage::SelfScored {
            self.own = None;
        }
    }
}

/// The first day of an act that makes a result.
fn opens(rules: Rules<'_>, deed: Deed<'_>) -> Option<Day> {
    let first = |what| rules.leaving(deed.subject, what).first().map(|(_, step)| rules.opens(step, false));
    match deed.payload {
        Payload::SubmitSelfScore(_) => Some(first(Leaves::Own).unwrap_or_else(|| rules.office.period.first_day())),
        Payload::Appraise(at, _) | Payload::FillSlot(at, _) | Payload::EvaluateLines(at, _) | Payload::Speak(at, _) => {
            Some(rules.opens(Record::step(rules, at.0)?, false))
        }
        Payload::Approve(at, _) => Some(rules.opens(Record::step(rules, at.0)?, true)),
        Payload::Publish(_) => Some(first(Leaves::Told).unwrap_or_else(|| rules.office.period.first_day())),
        _ => None,
    }
}
