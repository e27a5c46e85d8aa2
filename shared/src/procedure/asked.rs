//! What a pack asks for on one card: its steps, what comes before each, and in which place of the card each is done.

use super::Case;
use crate::bug::{self, Bug};
use crate::card::Card;
use crate::ids::{PersonId, StepPlace};
use crate::op::{Appraisal, Mark, Register, Stated};
use crate::pack::{Actor, Pack, Slots, Step, StepSubject, Verb, concerns};
use crate::sorted_map::Map;

/// A pack, read for one role under the readings in force.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The role in which the card is scored.
    pub role: &'a str,
    /// The readings decided; the pack's own count for the others.
    pub options: &'a Map<String, String>,
}

/// What is done on a card, whatever the steps for it are called in a pack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// The person scores.
    SelfScore,
    /// Others mark the person.
    Mark,
    /// The result is signed.
    Decide,
    /// The result is made known.
    Notify,
    /// Something is said: an opinion, a vote, an objection, an answer, an acknowledgement.
    Speak,
}

impl<'a> Asked<'a> {
    /// The steps on the card, in the order of the pack.
    #[must_use]
    pub fn steps(self) -> Vec<(StepPlace, &'a Step)> {
        let places = (0..=u8::MAX).map(StepPlace).zip(&self.pack.steps);
        places.filter(|(place, _)| self.step(*place).is_some()).collect()
    }

    /// The step at a place, if it is asked for.
    #[must_use]
    pub fn step(self, place: StepPlace) -> Option<&'a Step> {
        self.pack.steps.get(usize::from(place.0)).filter(|step| step.on == StepSubject::Card && self.asks(step))
    }

    /// Whether a step concerns the role and the readings in force ask for it.
    fn asks(self, step: &Step) -> bool {
        concerns(&step.roles, self.role) && is_in_force(self.pack, step, self.options)
    }

    /// Whether a step in which work is planned names `actor`.
    #[must_use]
    pub fn plans(self, case: Case<'_>, actor: PersonId) -> bool {
        let mut steps = self.steps().into_iter();
        steps.any(|(_, step)| step.verb == Verb::Plan && case.may_do(step, actor))
    }

    /// The steps in which others mark the subject, in order. Where the text knows no marks of others, whoever decides first
    /// marks before.
    #[must_use]
    pub fn marking(self) -> Vec<(StepPlace, &'a Step)> {
        self.steps_of(Act::Mark)
    }

    /// The first step in which others mark the subject.
    #[must_use]
    pub fn first_marking(self) -> Option<StepPlace> {
        self.marking().into_iter().map(|(place, _)| place).min()
    }

    /// The steps in which the result is signed, in order. Where the text knows no decision, whoever marks last signs what
    /// follows from the marks.
    #[must_use]
    pub fn deciding(self) -> Vec<(StepPlace, &'a Step)> {
        self.steps_of(Act::Decide)
    }

    /// The steps in which an act is done, in order.
    #[must_use]
    pub fn steps_of(self, act: Act) -> Vec<(StepPlace, &'a Step)> {
        let writing = |act| {
            let mut steps = self.steps();
            let act_of = |place, step| match register(place, step) {
                Some(register) => act_in(&register),
                None => step.is_spoken().then_some(Act::Speak),
            };
            steps.retain(|(place, step)| act_of(*place, step) == Some(act));
            steps
        };
        let steps = writing(act);
        match act {
            Act::Mark if steps.is_empty() => writing(Act::Decide).into_iter().take(1).collect(),
            Act::Decide if steps.is_empty() => writing(Act::Mark).pop().into_iter().collect(),
            _ => steps,
        }
    }

    /// The place of a card on which a step builds: the last of those before it, which builds on the others. What leaves no
    /// trace of its own on the card (planning, a vote on paper) is looked through.
    #[must_use]
    pub fn builds_on(self, step: &Step) -> Option<Register> {
        let before = self.before(step).into_iter();
        before.filter_map(|(place, before)| self.result(place, before).or_else(|| self.builds_on(before))).max()
    }

    /// The place of a card from which the result follows that is signed in a step. Whoever marks in the step as well signs
    /// what follows from the own marks.
    #[must_use]
    pub fn signed_from(self, place: StepPlace, step: &Step) -> Option<Register> {
        if self.marking().iter().any(|(marked, _)| *marked == place) {
            return Some(Register::Appraisal(place));
        }
        self.builds_on(step)
    }

    /// Whether everything before a step in which `actor` marks is done on a card. Who may do the step before as well need
    /// not do it apart: where two levels are one person, that person marks once. Before a panel (`apart`) nothing is left
    /// out. Before a step that an authority outside did, what such an authority does as well need not be entered apart.
    #[must_use]
    pub fn is_ready_for(self, card: &Card, case: Case<'_>, step: &Step, actor: PersonId, apart: bool) -> bool {
        self.lines_are_answered(card, case, step) && self.is_marked_before(card, case, step, actor, apart)
    }

    fn is_marked_before(self, card: &Card, case: Case<'_>, step: &Step, actor: PersonId, apart: bool) -> bool {
        self.before(step).into_iter().all(|(place, before)| match register(place, before) {
            Some(Register::SelfScore) => true,
            Some(register) if card.appraised_in().is_some_and(|latest| *latest >= register) => true,
            // Nobody marks for a panel alone.
            Some(_) if apart || !case.covers(step, before, actor) => false,
            _ => self.is_marked_before(card, case, before, actor, apart),
        })
    }

    /// The steps directly before a step. One that is not asked for is looked through.
    #[must_use]
    pub fn before(self, step: &Step) -> Vec<(StepPlace, &'a Step)> {
        let mut found = Vec::new();
        for (place, before) in (0..=u8::MAX).map(StepPlace).zip(&self.pack.steps) {
            if step.after.contains(&before.id) {
                match self.step(place) {
                    Some(before) => found.push((place, before)),
                    None => found.extend(self.before(before)),
                }
            }
        }
        found
    }

    /// The place of a card that a later step builds on: the signed result, where the step signs one.
    #[must_use]
    pub fn result(self, place: StepPlace, step: &Step) -> Option<Register> {
        let signs = self.deciding().iter().any(|(deciding, _)| *deciding == place);
        if signs { Some(Register::Approval(place)) } else { register(place, step) }
    }

    /// The place of the score on which the marks of a step build; none where that is the self-score. A step that nobody did
    /// apart is looked through.
    #[must_use]
    pub fn marked_in(self, card: &Card, place: StepPlace) -> Option<StepPlace> {
        let id = self.pack.steps.get(usize::from(place.0))?.builds_on.as_ref()?;
        let (before, _) = (0..=u8::MAX).map(StepPlace).zip(&self.pack.steps).find(|(_, before)| before.id == *id)?;
        if card.holds(&Register::Appraisal(before)) { Some(before) } else { self.marked_in(card, before) }
    }

    /// The score of the step before, on which that of a step builds.
    fn earlier(self, card: &Card, place: StepPlace) -> Option<&Appraisal> {
        card.appraisal_in(&Register::Appraisal(self.marked_in(card, place)?))
    }

    /// The marks and the leadership parts on which those of a step build.
    #[must_use]
    pub fn starting_point(self, card: &Card, place: StepPlace) -> (Map<String, Mark>, Map<String, Mark>) {
        if let Some(earlier) = self.earlier(card, place) {
            return (earlier.marks.clone(), earlier.leadership.clone());
        }
        let own = card.self_score().cloned().unwrap_or_default();
        (own.marks, own.leadership)
    }

    /// What was stated beside marks, on which a step builds: in the step before, or else by the person.
    #[must_use]
    pub fn stated_before(self, card: &Card, place: StepPlace) -> Stated {
        let own = || card.self_score().map(|own| &own.stated);
        self.earlier(card, place).map(|earlier| &earlier.stated).or_else(own).cloned().unwrap_or_default()
    }
}

/// Whether the readings decided ask for a step; the pack's own count for the others.
pub(crate) fn is_in_force(pack: &Pack, step: &Step, options: &Map<String, String>) -> bool {
    step.when.iter().all(|(option, value)| {
        let default = pack.option(option).map(|option| &option.default);
        let decided = options.get(option).filter(|_| !bug::is(Bug::ReadingsIgnored));
        decided.or(default) == Some(value)
    })
}

/// The act that writes a register.
const fn act_in(register: &Register) -> Option<Act> {
    match register {
        Register::SelfScore => Some(Act::SelfScore),
        Register::Appraisal(_) | Register::Slot(..) => Some(Act::Mark),
        Register::Approval(_) => Some(Act::Decide),
        Register::Publication => Some(Act::Notify),
        _ => None,
    }
}

/// The place of a card in which a step has its result. None where many acts make it up, where it has none (something is only
/// said), or where it leaves no trace there.
#[must_use]
pub fn register(place: StepPlace, step: &Step) -> Option<Register> {
    match step.verb {
        Verb::Mark if step.by == [Actor::Subject] => Some(Register::SelfScore),
        // Each line has a place of its own.
        Verb::Mark if step.per != Slots::Line => Some(Register::Appraisal(place)),
        Verb::Decide => Some(Register::Approval(place)),
        Verb::Notify => Some(Register::Publication),
        _ => None,
    }
}

#[cfg(all(test, feature = "author"))]
mod tests {
    use super::*;
    use crate::pack;

    fn ids<'a>(steps: &[(StepPlace, &'a Step)]) -> Vec<&'a str> {
        steps.iter().map(|(_, step)| step.id.as_str()).collect()
    }

    /// Where a text names every step before, also those that another of them waits for, only the last ones count: one that
    /// was skipped, because the same person marked in the next, would hold the card up for ever.
    #[test]
    fn a_step_builds_on_the_last_of_those_before_it() {
        let text = include_str!("../../../docs/example-pack.toml");
        let named = text.replace("after = [\"appraise\"]", "after = [\"report\", \"self_score\", \"appraise\"]");
        assert_ne!(text, named);
        let pack = pack::read_toml(&named).unwrap();
        let options = Map::new();
        let asked = Asked { pack: &pack, role: "staff", options: &options };
        assert_eq!(asked.builds_on(pack.step("approve").unwrap()), Some(Register::Appraisal(StepPlace(2))));
    }

    /// Decree 90/2020 as its pack has it: the head of the agency decides on the self-score.
    #[test]
    fn where_nobody_marks_whoever_decides_marks_before() {
        let pack = pack::find("nd90-2020").unwrap();
        let options = Map::new();
        let asked = Asked { pack, role: "staff", options: &options };
        let (marking, deciding) = (asked.marking(), asked.deciding());
        assert_eq!((ids(&marking), ids(&deciding)), (vec!["approve"], vec!["approve"]));
        let (place, step) = *deciding.first().unwrap();
        assert_eq!(asked.signed_from(place, step), Some(Register::Appraisal(place)));
    }
}
