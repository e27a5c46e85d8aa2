//! What is said on a card: by whom, when, and what comes after it.
//!
//! Devices speak on screens that ask [`crate::procedure::Asked::voices`] first. Without these checks their first download is
//! smaller; the server makes them all.

use super::{CardPolicy, Judgement};
use crate::card::Card;
use crate::ids::{OpId, PersonId, StepPlace};
use crate::op::{Body, Register, Voice};
use crate::pack::Step;

#[cfg(not(feature = "author"))]
#[allow(clippy::unused_self, reason = "as the server's")]
impl CardPolicy<'_> {
    pub(super) const fn may_speak(&self, _: StepPlace, _: PersonId, _: &Voice) -> bool {
        true
    }

    pub(super) const fn speaks_in(&self, _: StepPlace, _: PersonId) -> bool {
        true
    }

    pub(super) const fn voice_admits(&self, _: &Card, _: &Body, _: StepPlace, _: &Voice) -> Judgement {
        Ok(())
    }

    pub(super) const fn heard_before(&self, _: &Card, _: &Body, _: &Step) -> Judgement {
        Ok(())
    }

    pub(super) const fn said(&self, _: &Voice) -> Judgement {
        Ok(())
    }
}

#[cfg(not(feature = "author"))]
#[allow(clippy::unused_self, reason = "as the server's")]
impl Card {
    pub(super) const fn chosen_answer(&self, _: &Body, _: &Register, _: OpId) -> Judgement {
        Ok(())
    }
}

#[cfg(feature = "author")]
mod whole {
    use super::*;
    use crate::card::Version;
    use crate::card::judge::contents::{note, required};
    use crate::card::judge::order::wrong_stage;
    use crate::card::judge::{reject, superseded};
    use crate::op::{Detail, Refusal, RefusalCode, Says, Verdict};
    use crate::pack::Verb;
    use crate::procedure::Voices;

    impl CardPolicy<'_> {
        /// Whether `actor` may speak in a step at all.
        pub(in crate::card::judge) fn speaks_in(&self, place: StepPlace, actor: PersonId) -> bool {
            let step = self.asked().step(place).filter(|step| step.is_spoken());
            step.is_some_and(|step| self.case().may_do(step, actor))
        }

        /// Whether `actor` may say this in a step.
        pub(in crate::card::judge) fn may_speak(&self, place: StepPlace, actor: PersonId, voice: &Voice) -> bool {
            let heard = self.asked().step(place).is_some_and(|step| step.hears(voice.says));
            heard && self.speaks_in(place, actor)
        }

        fn voices<'c>(&'c self, card: &'c Card, place: StepPlace) -> Option<Voices<'c>> {
            self.asked().voices(card, self.case(), place)
        }

        /// Whether it is the turn of what is said: everything before it is done and seen, what it is about still stands, and the
        /// card has not gone on.
        pub(in crate::card::judge) fn voice_admits(
            &self,
            card: &Card,
            body: &Body,
            place: StepPlace,
            voice: &Voice,
        ) -> Judgement {
            card.is_to_be_assessed()?;
            let step = self.asked().step(place).ok_or_else(|| reject(RefusalCode::Unknown, "step"))?;
            if step.verb == Verb::Answer {
                // It answers an objection to a result. Once that is set aside, there is nothing to answer.
                let objection = self.asked().objection_before(step);
                let notice = objection.and_then(|(_, objection)| self.asked().builds_on(objection));
                notice.iter().try_for_each(|notice| card.builds_on(notice, body))?;
            }
            self.done_before(card, body, step)?;
            self.lines_evaluated(card, step)?;
            if self.asked().is_passed(card, place) {
                return Err(wrong_stage(card));
            }
            if voice.about != self.asked().about(card, step) {
                let found = voice.about.map_or(Detail::Nothing, |about| Detail::technical(&about));
                return Err(superseded(RefusalCode::Stale, "about", found));
            }
            match step.verb {
                Verb::Object => self.objection_admits(card, body, (place, step), voice),
                Verb::Answer => self.answer_admits(card, body, (place, step), voice),
                Verb::Confirm => card.said_once(place, body, self.voices(card, place)),
                _ => Ok(()),
            }
        }

        /// Whether everything before a step in which something is said is done, and seen by the author.
        fn done_before(&self, card: &Card, body: &Body, step: &Step) -> Judgement {
            for (place, before) in self.asked().before(step) {
                if before.is_spoken() {
                    self.heard(card, body, place)?;
                    continue;
                }
                match self.asked().result(place, before) {
                    // Once somebody has marked, a self-score comes too late.
                    Some(Register::SelfScore)
                        if (self.alone || card.appraised_in().is_some()) && !card.holds(&Register::SelfScore) =>
                    {
                        card.seen_whole(&Register::SelfScore, body)?;
                    }
                    // The same person did both steps in the later one.
                    Some(register @ Register::Appraisal(_)) if card.appraised_in().is_some_and(|it| *it > register) => {
                    }
                    Some(register) => card.builds_on(&register, body)?,
                    None => self.done_before(card, body, before)?,
                }
            }
            Ok(())
        }

        /// Whether everybody was heard who is to be heard before a step, and the author has seen what they said.
        pub(in crate::card::judge) fn heard_before(&self, card: &Card, body: &Body, step: &Step) -> Judgement {
            self.asked().spoken_before(step).into_iter().try_for_each(|(place, _)| self.heard(card, body, place))
        }

        fn heard(&self, card: &Card, body: &Body, place: StepPlace) -> Judgement {
            let Some(voices) = self.voices(card, place) else { return Ok(()) };
            let own = voices.members.iter().map(|member| Register::Voice(place, Some(*member)));
            for slot in own.chain([Register::Voice(place, None)]) {
                card.is_settled(&slot)?;
                card.seen_whole(&slot, body)?;
            }
            if voices.is_enough() || self.asked().is_passed(card, place) {
                return Ok(());
            }
            let refusal = Refusal::new(RefusalCode::Missing, format!("voices.{}", voices.step.id));
            Err(Verdict::Superseded(refusal.found(voices.said.len()).allowed(voices.members.len())))
        }

        /// The subject objects within the window, may say it in other words until it is answered, or take it back. It was
        /// written on the day that the author's clock gave, and after the last answer that this device had from the server.
        fn objection_admits(
            &self,
            card: &Card,
            body: &Body,
            (place, step): (StepPlace, &Step),
            voice: &Voice,
        ) -> Judgement {
            let register = Register::Voice(place, None);
            let counts = self.voices(card, place).is_some_and(|voices| !voices.said.is_empty());
            let objection = card.current(&register).filter(|_| counts).map(|version| version.op);
            let answers = |version: &Version| version.voice().is_some_and(|said| said.about == objection);
            let answered =
                || card.registers().filter(|one| one.is_voice()).any(|one| card.versions(one).iter().any(answers));
            if objection.is_some() && answered() {
                return Err(wrong_stage(card));
            }
            if voice.says == Says::Withdrawn {
                return if counts { card.builds_on(&register, body) } else { Err(wrong_stage(card)) };
            }
            let written = body.hlc.at.day().max(body.last_server_time.day());
            match self.asked().last_day(self.key, card, step).filter(|last| written > *last) {
                Some(last) => {
                    Err(Verdict::Rejected(Refusal::new(RefusalCode::TooLate, "objection").found(written).allowed(last)))
                }
                None => Ok(()),
            }
        }

        /// An objection is answered once. Its answer names what it reopens, as the pack says it, and has seen all of that.
        fn answer_admits(
            &self,
            card: &Card,
            body: &Body,
            (place, step): (StepPlace, &Step),
            voice: &Voice,
        ) -> Judgement {
            card.said_once(place, body, self.voices(card, place))?;
            let reopens = self.asked().reopened_by(step).filter(|_| voice.says == Says::Upheld);
            if voice.reopens != reopens {
                return Err(reject(RefusalCode::OutOfRange, "reopens"));
            }
            card.reopened_seen(reopens, body)
        }

        /// Whether what is said has the words and the class that its kind needs.
        pub(in crate::card::judge) fn said(&self, voice: &Voice) -> Judgement {
            let proposes = voice.says == Says::Opinion && !voice.class.is_empty();
            if voice.says.needs_words() && !proposes {
                required(&voice.words, "words")?
            } else {
                note(&voice.words, "words")?
            }
            let classes = || self.pack.classes.iter().map(|class| class.code.as_str()).collect::<Vec<_>>().join(", ");
            let fits = match voice.says {
                Says::Class => self.pack.class(&voice.class).is_some(),
                Says::Opinion => voice.class.is_empty() || self.pack.class(&voice.class).is_some(),
                _ => voice.class.is_empty(),
            };
            if fits {
                return Ok(());
            }
            let refusal = Refusal::new(RefusalCode::OutOfRange, "class").found(&voice.class);
            Err(Verdict::Rejected(refusal.allowed(classes())))
        }
    }

    impl Card {
        /// What is said once stands: only somebody who had not seen it says it a second time.
        fn said_once(&self, place: StepPlace, body: &Body, voices: Option<Voices<'_>>) -> Judgement {
            let register = Register::Voice(place, None);
            let stands = voices.is_some_and(|voices| !voices.said.is_empty()) || self.is_contested(&register);
            let seen = self.heads(&register).any(|head| body.base.contains(&head));
            if stands && seen { Err(wrong_stage(self)) } else { Ok(()) }
        }

        fn reopened_seen(&self, from: Option<StepPlace>, body: &Body) -> Judgement {
            let Some(from) = from else { return Ok(()) };
            self.results_from(from).try_for_each(|register| self.seen_whole(register, body))
        }

        /// Choosing an answer that upholds an objection sets the card back, and so has seen what it empties.
        pub(in crate::card::judge) fn chosen_answer(
            &self,
            body: &Body,
            register: &Register,
            choice: OpId,
        ) -> Judgement {
            let chosen = self.versions(register).iter().find(|version| version.op == choice);
            self.reopened_seen(chosen.and_then(|version| version.voice()?.reopens), body)
        }
    }
}
