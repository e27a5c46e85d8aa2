//! What is said on a card: opinions, votes, acknowledgements, an objection and its answer.

use std::collections::BTreeSet;

use shared::ids::{OpId, PersonId, StepPlace};
use shared::num::Exact;
use shared::op::{Says, Voice};
use shared::pack::{Actor, DueFrom, Slots, Step, Verb};
use shared::time::Day;

use super::{Deed, Leaves, Record, Rules, leaves};

/// A place of a card in which something stands on which later steps build, the later one after the earlier one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in super::super) enum Spot {
    Own,
    Marked(u8),
    Signed(u8),
    Told,
}

/// Something said: in which act, by whom, on which day it arrived.
#[derive(Clone, Debug)]
pub(in super::super) struct Said {
    pub(super) id: OpId,
    pub(super) by: PersonId,
    pub(super) voice: Voice,
    pub(super) day: Day,
}

/// Whether everybody says such a thing in a place of the own.
pub(super) fn is_apart(step: &Step) -> bool {
    matches!(step.verb, Verb::Opine | Verb::Vote)
}

/// Whether this is said in such a step.
fn hears(step: &Step, says: Says) -> bool {
    match says {
        Says::Opinion => step.verb == Verb::Opine,
        Says::For | Says::Against | Says::Abstain | Says::Class => step.verb == Verb::Vote,
        Says::Objection | Says::Withdrawn => step.verb == Verb::Object,
        Says::Upheld | Says::Refused => step.verb == Verb::Answer,
        Says::Confirmed => step.verb == Verb::Confirm,
    }
}

/// What is looked through: it leaves nothing that counts as a result.
pub(super) fn is_looked_through(step: &Step) -> bool {
    matches!(leaves(step), Leaves::Nothing | Leaves::Lines | Leaves::Said)
}

impl<'a> Rules<'a> {
    fn said_at(self, subject: PersonId, place: u8) -> Option<&'a Step> {
        self.leaving(subject, Leaves::Said).into_iter().find(|(at, _)| *at == place).map(|(_, step)| step)
    }

    /// The place on the card in which a step has its result: the signed one, where it signs.
    fn spot(self, subject: PersonId, (place, step): (u8, &Step)) -> Option<Spot> {
        let signs = self.signing(subject).iter().any(|(signed, _)| *signed == place);
        match leaves(step) {
            Leaves::Own => Some(Spot::Own),
            Leaves::Marks | Leaves::Result if signs => Some(Spot::Signed(place)),
            Leaves::Marks => Some(Spot::Marked(place)),
            Leaves::Result => Some(Spot::Signed(place)),
            Leaves::Told => Some(Spot::Told),
            Leaves::Lines | Leaves::Said | Leaves::Nothing => None,
        }
    }

    /// The last result before a step.
    fn spot_before(self, subject: PersonId, step: &Step) -> Option<Spot> {
        let before = self.before(subject, step).into_iter();
        before.filter_map(|(at, one)| self.spot(subject, (at, one)).or_else(|| self.spot_before(subject, one))).max()
    }

    /// The steps in which something is said before a step, with nothing between that has a result.
    fn said_before(self, subject: PersonId, step: &Step) -> Vec<(u8, &'a Step)> {
        let mut found = Vec::new();
        for (place, before) in self.before(subject, step).into_iter().filter(|(_, one)| is_looked_through(one)) {
            found.extend(self.said_before(subject, before));
            found.extend((leaves(before) == Leaves::Said).then_some((place, before)));
        }
        found
    }

    fn objection_before(self, subject: PersonId, step: &Step) -> Option<(u8, &'a Step)> {
        let mut before = self.before(subject, step).into_iter();
        before.find(|(_, one)| step.verb == Verb::Answer && one.verb == Verb::Object)
    }
}

impl Record {
    /// What is said in a step is about the objection that is answered, else about the last result before the step.
    fn about(&self, rules: Rules<'_>, subject: PersonId, step: &Step) -> Option<OpId> {
        match rules.objection_before(subject, step) {
            Some((place, objection)) => {
                let said = self.said.get(&(place, None))?;
                (said.voice.about == self.about(rules, subject, objection)).then_some(said.id)
            }
            None => self.spots.get(&rules.spot_before(subject, step)?).map(|(id, _)| *id),
        }
    }

    /// Who has said something in a step that still counts.
    pub(in super::super) fn speakers(
        &self,
        rules: Rules<'_>,
        subject: PersonId,
        (place, step): (u8, &Step),
    ) -> BTreeSet<PersonId> {
        let about = self.about(rules, subject, step);
        let members = rules.actors(step, subject);
        let here = self.said.iter().filter(|((at, apart), _)| {
            *at == place && apart.is_some() == is_apart(step) && apart.is_none_or(|one| members.contains(&one))
        });
        here.filter(|(_, said)| said.voice.about == about).map(|(_, said)| said.by).collect()
    }

    /// Whether enough was said in a step: by one, or by the share that the text names of those who are asked.
    pub(in super::super) fn is_heard(&self, rules: Rules<'_>, subject: PersonId, (place, step): (u8, &Step)) -> bool {
        let said = self.speakers(rules, subject, (place, step)).len();
        let all = rules.actors(step, subject).len();
        let count = |count: usize| Exact::from_int(i64::try_from(count).unwrap_or_default());
        match step.per {
            Slots::Actor => all > 0 && count(said) >= step.quorum.clone().unwrap_or_else(Exact::one) * count(all),
            _ => said > 0,
        }
    }

    /// Those who are still asked in a step; nobody where one voice is enough and there is one.
    pub(in super::super) fn silent(
        &self,
        rules: Rules<'_>,
        subject: PersonId,
        (place, step): (u8, &Step),
    ) -> BTreeSet<PersonId> {
        let said = self.speakers(rules, subject, (place, step));
        if step.per != Slots::Actor && !said.is_empty() {
            return BTreeSet::new();
        }
        rules.actors(step, subject).difference(&said).copied().collect()
    }

    /// Whether everybody was heard who is to be heard before a step, and may be heard still.
    pub(super) fn heard_before(&self, rules: Rules<'_>, subject: PersonId, step: &Step) -> bool {
        let said = rules.said_before(subject, step).into_iter();
        said.into_iter().all(|step| self.is_heard(rules, subject, step) || self.has_gone_on(rules, subject, step.1))
    }

    /// Whether the card has gone on from a step: somebody has marked, decided or made known after it.
    pub(in super::super) fn has_gone_on(&self, rules: Rules<'_>, subject: PersonId, step: &Step) -> bool {
        let after = |other: &Step| rules.all_before(other).contains(&step.id);
        let done = |(place, other): &(u8, &Step)| match leaves(other) {
            Leaves::Own => self.own.is_some(),
            Leaves::Marks | Leaves::Result => self.marks.contains_key(place) || self.signed.contains_key(place),
            Leaves::Told => self.told.is_some(),
            Leaves::Lines | Leaves::Said | Leaves::Nothing => false,
        };
        rules.steps(subject).into_iter().any(|other| after(other.1) && done(&other))
    }

    /// Whether everything before a step in which something is said is done.
    pub(in super::super) fn may_be_said(&self, rules: Rules<'_>, subject: PersonId, step: &Step, day: Day) -> bool {
        let heard = self.heard_before(rules, subject, step) && self.lines_answered_before(rules, subject, step);
        heard && self.has_results_before(rules, subject, step, day)
    }

    fn has_results_before(&self, rules: Rules<'_>, subject: PersonId, step: &Step, day: Day) -> bool {
        rules.before(subject, step).into_iter().all(|(place, before)| match rules.spot(subject, (place, before)) {
            None => self.has_results_before(rules, subject, before, day),
            // Once somebody has marked, a self-score comes too late.
            Some(Spot::Own) => self.own.is_some() || !self.marks.is_empty() || rules.is_late(subject, day),
            // One person on two levels marks once, in the later of the two.
            Some(Spot::Marked(_)) => self.is_marked_up_to(place),
            Some(spot) => self.spots.contains_key(&spot),
        })
    }

    /// The last day for an objection; none where the text gives none.
    pub(in super::super) fn last_day(&self, rules: Rules<'_>, subject: PersonId, step: &Step) -> Option<Day> {
        let due = step.due.filter(|due| due.of == DueFrom::Step)?;
        let number = due.by?;
        let arrived = |(place, before): (u8, &Step)| match rules.spot(subject, (place, before)) {
            Some(spot) => self.spots.get(&spot).map(|(_, day)| *day),
            None => self.said.get(&(place, None)).map(|said| said.day),
        };
        let begins = rules.before(subject, step).into_iter().filter_map(arrived).max()?;
        // The day of the notice is not counted. A last day of rest moves on.
        let mut day = begins;
        let mut counted = 0;
        while counted < number || !day.is_working() {
            day = Day(day.0 + 1);
            counted += u8::from(!due.working_days || day.is_working());
        }
        Some(day)
    }

    /// Whether what is said is about what stands, and the card has not gone on.
    pub(super) fn is_time_to_speak(&self, rules: Rules<'_>, deed: Deed<'_>, at: StepPlace, voice: &Voice) -> bool {
        let subject = deed.subject;
        let Some(step) = rules.said_at(subject, at.0) else { return false };
        !self.absent
            && self.may_be_said(rules, subject, step, deed.day)
            && !self.has_gone_on(rules, subject, step)
            && voice.about == self.about(rules, subject, step)
    }

    /// Whether it is the turn of what is said. What is said once stands.
    pub(super) fn may_speak(&self, rules: Rules<'_>, deed: Deed<'_>, at: StepPlace, voice: &Voice) -> bool {
        let (subject, place) = (deed.subject, at.0);
        let Some(step) = rules.said_at(subject, place) else { return false };
        let turn = self.is_time_to_speak(rules, deed, at, voice);
        let stands = !self.speakers(rules, subject, (place, step)).is_empty();
        turn && match step.verb {
            Verb::Object => self.may_object(rules, deed, (place, step), voice, stands),
            Verb::Answer => {
                let reopens = self.reopened(rules, step).filter(|_| voice.says == Says::Upheld);
                !stands && voice.reopens.map(|place| place.0) == reopens
            }
            Verb::Confirm => !stands,
            _ => true,
        }
    }

    /// Until it is answered, an objection is said in other words or taken back. A new one comes within its days.
    fn may_object(&self, rules: Rules<'_>, deed: Deed<'_>, at: (u8, &Step), voice: &Voice, stands: bool) -> bool {
        let objection = self.said.get(&(at.0, None)).filter(|_| stands).map(|said| said.id);
        let answered = objection.is_some() && self.said.values().any(|said| said.voice.about == objection);
        let in_time = || self.last_day(rules, deed.subject, at.1).is_none_or(|last| deed.day <= last);
        !answered && if voice.says == Says::Withdrawn { stands } else { in_time() }
    }

    /// The step from which an answer that upholds an objection lets the card be done anew.
    fn reopened(&self, rules: Rules<'_>, step: &Step) -> Option<u8> {
        let id = step.reopens.as_ref()?;
        (0..).zip(&rules.office.pack.steps).find(|(_, other)| other.id == *id).map(|(place, _)| place)
    }

    /// Whether a rule lets somebody say this in a step.
    pub(super) fn speaks(&self, rules: Rules<'_>, deed: Deed<'_>, at: StepPlace, voice: &Voice) -> bool {
        let step = rules.said_at(deed.subject, at.0).filter(|step| hears(step, voice.says));
        step.is_some_and(|step| rules.actors(step, deed.subject).contains(&deed.actor))
    }

    /// Whether what is said has the words and the class that it needs.
    pub(super) fn may_word(rules: Rules<'_>, voice: &Voice) -> bool {
        let known = rules.office.pack.classes.iter().any(|class| class.code == voice.class);
        let (words, class) = (!voice.words.trim().is_empty(), !voice.class.is_empty());
        match voice.says {
            Says::Opinion => (words || class) && (known || !class),
            Says::Class => known,
            Says::Objection | Says::Upheld | Says::Refused => words && !class,
            Says::For | Says::Against | Says::Abstain | Says::Confirmed | Says::Withdrawn => !class,
        }
    }

    /// Notes something said. An answer that upholds an objection empties the results from the step on that it names.
    pub(super) fn note_voice(&mut self, id: OpId, deed: Deed<'_>, at: StepPlace, voice: &Voice) {
        let apart = matches!(voice.says, Says::Opinion | Says::For | Says::Against | Says::Abstain | Says::Class);
        let key = (at.0, apart.then_some(deed.actor));
        if voice.says == Says::Withdrawn {
            self.said.remove(&key);
            return;
        }
        self.objected += usize::from(voice.says == Says::Objection);
        self.said.insert(key, Said { id, by: deed.actor, voice: voice.clone(), day: deed.day });
        let Some(from) = voice.reopens.map(|place| place.0).filter(|_| voice.says == Says::Upheld) else { return };
        self.marks.retain(|place, _| *place < from);
        self.slots.retain(|(place, _), _| *place < from);
        self.signed.retain(|place, _| *place < from);
        self.told = None;
        self.spots.retain(|spot, _| match spot {
            Spot::Own => true,
            Spot::Marked(place) | Spot::Signed(place) => *place < from,
            Spot::Told => false,
        });
    }

    /// Whether a reader learns what somebody said. Objection, answer and what the person said are for everybody who reads the
    /// card; the rest the person learns with the notice. What is said blind is read once enough have spoken, the reader as well.
    pub(in super::super) fn shows_voice(
        &self,
        rules: Rules<'_>,
        subject: PersonId,
        reader: PersonId,
        (place, speaker): (u8, Option<PersonId>),
    ) -> bool {
        let Some(step) = rules.said_at(subject, place) else { return false };
        let open = matches!(step.verb, Verb::Object | Verb::Answer) || step.by == [Actor::Subject];
        let asked = rules.actors(step, subject).contains(&reader);
        let spoke = self.speakers(rules, subject, (place, step)).contains(&reader);
        let over = self.is_heard(rules, subject, (place, step)) && (!asked || spoke);
        let shown = !step.blind || speaker == Some(reader) || over || self.has_gone_on(rules, subject, step);
        rules.reads(reader, subject) && shown && (open || reader != subject || self.is_told(rules, subject))
    }
}
