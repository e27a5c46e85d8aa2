//! Judges operations by what is known: whether an act may be done.

use super::State;
use crate::card::{Card, CardPolicy};
use crate::ids::OpId;
use crate::op::{Body, CardKey, DecodeError, Detail, Led, Payload, Refusal, RefusalCode, Target, Verdict};
use crate::pack;
use crate::score::Event;
use crate::time::{Day, Millis};

/// What a device knows of acts: how they are judged by what is known, and how they are written. The first part of the
/// download knows [`Judge::OWN`] only.
#[derive(Clone, Copy, Debug)]
pub struct Judge {
    /// Whether an operation that arrived at a time may be done.
    pub judges: fn(&State, OpId, &Body, Millis) -> Verdict,
    /// The payload as carried in a body.
    pub writes: fn(&Payload) -> Vec<u8>,
}

impl Judge {
    /// Every act.
    pub const WHOLE: Self = Self { judges: State::judge, writes: Payload::to_bytes };
    /// What a person does on the own card. All else is refused.
    pub const OWN: Self = Self { judges: State::judge_own, writes: Payload::own_to_bytes };
}

impl State {
    /// Judges by what is known here whether an operation that arrived `now` may be done. Signature and chain are
    /// checked elsewhere. Whoever administers must be entitled both on the day by the author's clock and on the day of
    /// arrival, so that a clock set back does not restore a former post.
    #[must_use]
    pub fn judge(&self, id: OpId, body: &Body, now: Millis) -> Verdict {
        let intent = match body.intent() {
            Ok(intent) => intent,
            Err(DecodeError::UnknownKind(kind)) => {
                return Verdict::Held(Refusal::new(RefusalCode::UnknownKind, "kind").found(usize::from(kind)));
            }
            Err(error) => {
                return Verdict::Rejected(
                    Refusal::new(RefusalCode::Malformed, "payload").found(Detail::technical(&error)),
                );
            }
        };
        let today = now.day();
        match &body.target {
            Target::Card(key) => {
                let (led, faults) = match intent {
                    Payload::Appraise(..) | Payload::FillSlot(..) | Payload::Approve(..) => {
                        (self.led(key), self.events_found(key))
                    }
                    _ => (Vec::new(), Vec::new()),
                };
                let owed = match intent {
                    Payload::Appraise(..) | Payload::FillSlot(..) | Payload::SubmitSelfScore(_) => {
                        self.owed(key, body.actor)
                    }
                    _ => 0,
                };
                let judge = |policy: &CardPolicy<'_>, card: &Card| {
                    CardPolicy { owed, ..*policy }.judge(card, id, body, &intent)
                };
                self.with_policy(key, &intent, today, &led, &faults, judge).unwrap_or_else(|verdict| verdict)
            }
            Target::UnitPeriod(key) => self.judge_unit_period(key, body, &intent, today),
            Target::Org | Target::WorkList(_) => self.judge_administration(body, &intent, today),
        }
    }

    /// Judges what a person does on the own card as [`Self::judge`] does, and refuses everything else. It is a small part of
    /// [`Self::judge`]: the first part of the download needs no more. It does not ask whether work waits to be carried
    /// ([`Self::owed`]).
    #[must_use]
    pub fn judge_own(&self, id: OpId, body: &Body, now: Millis) -> Verdict {
        let (Target::Card(key), Ok(intent)) = (&body.target, body.intent()) else {
            return Verdict::Rejected(Refusal::new(RefusalCode::NotEntitled, "actor"));
        };
        let judge = |policy: &CardPolicy<'_>, card: &Card| policy.judge_own(card, id, body, &intent);
        self.with_policy(key, &intent, now.day(), &[], &[], judge).unwrap_or_else(|verdict| verdict)
    }

    /// Asks what a card's policy says to an intent that arrived on `arrived`. The error is a refusal for which the policy need
    /// not be asked.
    fn with_policy<T>(
        &self,
        key: &CardKey,
        intent: &Payload,
        arrived: Day,
        led: &[Led],
        faults: &[Event],
        ask: impl FnOnce(&CardPolicy<'_>, &Card) -> T,
    ) -> Result<T, Verdict> {
        let unknown = |field: &str, found: &dyn std::fmt::Display| {
            Verdict::Rejected(Refusal::new(RefusalCode::Unknown, field).found(Detail::technical(found)))
        };
        let pack = pack::pinned(&key.pack).ok_or_else(|| {
            Verdict::Held(Refusal::new(RefusalCode::UnknownPack, "target.pack").found(Detail::technical(&key.pack)))
        })?;
        let told = matches!(intent, Payload::Publish(_) | Payload::Speak(..));
        let seat = self.seat(key).filter(|_| told || !self.stands_by_decision(key));
        let seat = seat.ok_or_else(|| unknown("target.subject", &key.subject))?;
        self.carry_admits(key, intent)?;
        let admitted = self.work_admits(key, intent).and_then(|()| self.day_admits(key, pack, intent, arrived));
        admitted.map_err(Verdict::Rejected)?;
        // Nobody chooses the rules of a card: only those count that were adopted for the person and the period.
        let role = self.role(key).filter(|_| self.card_keys(key.subject, key.period).contains(key));
        let role = role.ok_or_else(|| unknown("target.pack", &key.pack))?;
        let options = self.options(key);
        let empty = Card::default();
        let policy = CardPolicy {
            key,
            speakers: &self.speakers(key),
            speaker: self.speaker(key),
            org: &self.org,
            pack,
            seat,
            role,
            options: &options,
            bound: self.bound(key),
            outside: self.outside(key),
            cut_off: self.cut_off(key),
            owed: 0,
            alone: self.may_be_scored_alone(key, arrived),
            led,
            faults,
        };
        Ok(ask(&policy, self.card(key).unwrap_or(&empty)))
    }

    /// Of administration, devices only adopt packs: they cannot even encode the rest. The screen that issues one has asked
    /// [`Self::admits_adoption`] before; naming that here would bring it into the first download. The server judges all
    /// of it in `administer`.
    #[cfg(not(feature = "author"))]
    fn judge_administration(&self, _: &Body, _: &Payload, _: Day) -> Verdict {
        Verdict::Accepted
    }
}
