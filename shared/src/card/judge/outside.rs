//! Steps that an authority outside did, entered by its document, and results that the decider sets otherwise than
//! reckoned.
//!
//! Devices enter both in dialogs that ask for the same. Without the checks of contents their first download is smaller; the
//! server makes them all.

use super::{CardPolicy, Judgement};
use crate::card::Card;
use crate::ids::{PersonId, StepPlace};
use crate::op::{Approval, Document, Payload, Register};
use crate::procedure::Act;
use crate::time::Day;

impl CardPolicy<'_> {
    /// Whether `actor` may enter the step at a place for an authority outside.
    pub(super) fn enters(&self, place: StepPlace, actor: PersonId) -> bool {
        self.asked().step(place).is_some_and(|step| self.case().may_enter(step, actor))
    }

    /// The same, where the step is one for an act: nobody enters a decision as the document of a step that only marks, or
    /// makes known.
    pub(super) fn enters_as(&self, act: Act, place: StepPlace, actor: PersonId) -> bool {
        let of_act = self.asked().steps_of(act).into_iter().any(|(asked, _)| asked == place);
        of_act && self.enters(place, actor)
    }

    /// Whether `actor` may enter marks of an authority outside.
    pub(super) fn enters_marks(&self, actor: PersonId) -> bool {
        self.enters_act(Act::Mark, actor)
    }

    /// Whether `actor` may enter that an authority outside made the result known.
    pub(super) fn enters_notice(&self, actor: PersonId) -> bool {
        self.enters_act(Act::Notify, actor)
    }

    fn enters_act(&self, act: Act, actor: PersonId) -> bool {
        self.asked().steps_of(act).iter().any(|(_, step)| self.case().may_enter(step, actor))
    }

    /// Whether what a register holds is such that `actor` enters it for an authority outside.
    pub(super) fn is_entered(&self, register: &Register, actor: PersonId) -> bool {
        match register {
            Register::Appraisal(place) => self.enters_as(Act::Mark, *place, actor),
            Register::Approval(place) => self.enters_as(Act::Decide, *place, actor),
            Register::Publication => self.enters_act(Act::Decide, actor) || self.enters_notice(actor),
            _ => false,
        }
    }

    /// Whether sending the card back takes away only what `actor` enters for an authority outside. A result that was decided
    /// here, and made known without a document, is not theirs.
    pub(super) fn takes_back_entered(&self, card: &Card, actor: PersonId, intent: &Payload) -> bool {
        let Payload::ReturnCard { to, .. } = intent else { return false };
        let mut undone = card.undone_by_return(*to).peekable();
        undone.peek().is_some()
            && undone.all(|register| self.is_entered(register, actor) && self.is_theirs(card, register, actor))
    }

    fn is_theirs(&self, card: &Card, register: &Register, actor: PersonId) -> bool {
        let documented = || card.versions(register).iter().all(|version| version.value.document().is_some());
        *register != Register::Publication || self.enters_act(Act::Decide, actor) || documented()
    }
}

#[cfg(not(feature = "author"))]
#[allow(clippy::unused_self, reason = "as the server's")]
impl CardPolicy<'_> {
    pub(super) const fn document(&self, _: Day, _: Option<&Document>) -> Judgement {
        Ok(())
    }

    pub(super) const fn decided_outside(&self, _: Day, _: &Approval) -> Judgement {
        Ok(())
    }

    pub(super) const fn set_otherwise(&self, _: &Approval) -> Judgement {
        Ok(())
    }
}

#[cfg(feature = "author")]
mod contents_of {
    use super::super::contents::{required, within};
    use super::super::reject;
    use super::*;
    use crate::limits::NAME_CHARS_MAX;
    use crate::num::Exact;
    use crate::op::{Detail, Refusal, RefusalCode, Verdict};

    impl CardPolicy<'_> {
        /// Whether a document says what it is: its number, its authority, and a day from the period's first to today.
        pub(in crate::card::judge) fn document(&self, today: Day, document: Option<&Document>) -> Judgement {
            let Some(Document { number, day, authority }) = document else { return Ok(()) };
            for (text, field) in [(number, "document.number"), (authority, "document.authority")] {
                if text.trim().is_empty() {
                    return Err(reject(RefusalCode::Missing, field));
                }
                within(field, text.chars().count(), NAME_CHARS_MAX)?;
            }
            let first = self.key.period.first_day();
            if (first..=today.max(first)).contains(day) {
                return Ok(());
            }
            let refusal = Refusal::new(RefusalCode::OutOfRange, "document.day").found(*day);
            Err(Verdict::Rejected(refusal.allowed(Detail::Days([first, today.max(first)]))))
        }

        /// A decision of an authority outside: total and class as its document says them. One of both is there.
        pub(in crate::card::judge) fn decided_outside(&self, today: Day, approval: &Approval) -> Judgement {
            self.document(today, approval.document.as_ref())?;
            if approval.reckoned.is_some() {
                return Err(reject(RefusalCode::Malformed, "reckoned"));
            }
            let classified = !self.pack.classes.is_empty();
            if approval.class.is_empty() && (classified || approval.total.is_none()) {
                return Err(reject(RefusalCode::Missing, "class"));
            }
            self.known_result(approval)
        }

        /// A result that the decider sets instead of the one reckoned: another one, with a reason.
        pub(in crate::card::judge) fn set_otherwise(&self, approval: &Approval) -> Judgement {
            let Some(total) = &approval.total else { return Err(reject(RefusalCode::Missing, "total")) };
            let Some(reckoned) = &approval.reckoned else { return Ok(()) };
            required(&reckoned.reason, "reckoned.reason")?;
            if approval.class.is_empty() && !reckoned.class.is_empty() {
                return Err(reject(RefusalCode::Missing, "class"));
            }
            if (total, &approval.class) == (&reckoned.total, &reckoned.class) {
                return Err(reject(RefusalCode::ResultDiffers, "reckoned"));
            }
            self.known_result(approval)
        }

        /// Whether the class is one of the pack, and the total neither negative nor above the form's.
        fn known_result(&self, approval: &Approval) -> Judgement {
            let is_known = approval.class.is_empty() || self.pack.class(&approval.class).is_some();
            if !is_known {
                let allowed: Vec<&str> = self.pack.classes.iter().map(|class| class.code.as_str()).collect();
                let refusal = Refusal::new(RefusalCode::Unknown, "class").found(&approval.class);
                return Err(Verdict::Rejected(refusal.allowed(allowed.join(", "))));
            }
            let most = self.pack.scale_max.clone();
            let Some(total) = approval.total.as_ref().filter(|total| total.is_negative() || **total > most) else {
                return Ok(());
            };
            let refusal = Refusal::new(RefusalCode::OutOfRange, "total").found(total);
            Err(Verdict::Rejected(refusal.allowed(Detail::Numbers([Exact::zero(), most]))))
        }
    }
}
