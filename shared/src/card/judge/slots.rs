//! A panel: who closes it, when, and with which result.
//!
//! Devices close a panel on a screen that asks [`crate::state::State::panel`] first. Without these checks their first
//! download is smaller; the server makes them all.

use super::{CardPolicy, Judgement};
use crate::card::Card;
use crate::ids::{PersonId, StepPlace};
use crate::op::{Appraisal, Body};

#[cfg(not(feature = "author"))]
#[allow(clippy::unused_self, reason = "as the server's")]
impl CardPolicy<'_> {
    pub(super) const fn may_close(&self, _: &Card, _: StepPlace, _: PersonId) -> bool {
        true
    }

    pub(super) const fn is_whole(&self, _: &Card, _: StepPlace, _: &Body) -> Judgement {
        Ok(())
    }

    pub(super) const fn tallied(&self, _: &Card, _: StepPlace, _: &Appraisal) -> Judgement {
        Ok(())
    }
}

#[cfg(feature = "author")]
mod whole {
    use super::*;
    use crate::card::judge::reject;
    use crate::op::{Detail, Mark, Refusal, RefusalCode, Register, Verdict};
    use crate::procedure::Panel;
    use crate::sorted_map::Map;

    impl CardPolicy<'_> {
        fn panel<'c>(&'c self, card: &'c Card, step: StepPlace) -> Option<Panel<'c>> {
            self.asked().panel(card, self.case(), step)
        }

        /// Whether `actor` may give the one result of a step. Where no panel marks, whoever marks does.
        pub(in crate::card::judge) fn may_close(&self, card: &Card, step: StepPlace, actor: PersonId) -> bool {
            self.asked().may_close(card, self.case(), step, actor)
        }

        /// Whether enough members have marked, each once, and the author has seen all their marks.
        pub(in crate::card::judge) fn is_whole(&self, card: &Card, place: StepPlace, body: &Body) -> Judgement {
            let Some(panel) = self.panel(card, place) else { return Ok(()) };
            for member in &panel.members {
                let slot = Register::Slot(place, *member);
                card.is_settled(&slot)?;
                card.seen_whole(&slot, body)?;
            }
            if panel.is_enough() {
                return Ok(());
            }
            let refusal = Refusal::new(RefusalCode::Missing, "members").found(panel.filled.len());
            Err(Verdict::Superseded(refusal.allowed(panel.members.len())))
        }

        /// Whether a result is the one of all slots. A mark is their mean, or one on which they can agree: nobody agrees
        /// on more than any of them gave. A finding on work, an event and a fact are as most of them stated; where they
        /// agree, as one of them did.
        pub(in crate::card::judge) fn tallied(&self, card: &Card, place: StepPlace, result: &Appraisal) -> Judgement {
            let Some(panel) = self.panel(card, place) else { return Ok(()) };
            marks(&panel, |score| &score.marks, result, "marks")?;
            marks(&panel, |score| &score.leadership, result, "leadership")?;
            let slots = || panel.filled.iter().map(|(_, slot)| *slot);
            let most = panel.takes_mean();
            stated(most, &result.facts, slots().map(|slot| &slot.facts), "facts")?;
            stated(most, &result.events, slots().map(|slot| &slot.events), "events")?;
            // A row that one member marked applies, whatever the others say.
            stated(false, &result.without, slots().map(|slot| &slot.without), "without")?;
            stated(most, &result.lines, slots().map(|slot| &slot.lines), "lines")
        }
    }

    fn marks(panel: &Panel<'_>, of: fn(&Appraisal) -> &Map<String, Mark>, result: &Appraisal, part: &str) -> Judgement {
        for code in panel.filled.iter().flat_map(|(_, slot)| of(slot).keys()) {
            if !of(result).contains_key(code) {
                return Err(reject(RefusalCode::Missing, &format!("{part}.{code}")));
            }
        }
        for (code, mark) in of(result) {
            let (lowest, highest) = if panel.takes_mean() {
                (panel.mean(of, code), panel.mean(of, code))
            } else {
                (panel.marks(of, code).min().cloned(), panel.marks(of, code).max().cloned())
            };
            let differs = || Refusal::new(RefusalCode::ResultDiffers, format!("{part}.{code}")).found(&mark.value);
            match lowest.zip(highest) {
                Some((lowest, highest)) if lowest <= mark.value && mark.value <= highest => {}
                Some((lowest, highest)) => {
                    return Err(Verdict::Rejected(differs().allowed(Detail::Numbers([lowest, highest]))));
                }
                None => return Err(Verdict::Rejected(differs())),
            }
        }
        Ok(())
    }

    /// Whether every row is as most of the slots have it, or else as one of them has it. That a slot lacks a row counts as
    /// well. Otherwise whoever closes could choose the word of a friend.
    fn stated<'s, K: Ord + Clone + std::fmt::Display + 's, V: PartialEq + 's>(
        by_most: bool,
        given: &Map<K, V>,
        slots: impl Iterator<Item = &'s Map<K, V>> + Clone,
        part: &str,
    ) -> Judgement {
        let rows = slots.clone().flat_map(|slot| slot.keys()).chain(given.keys().map(|key| key as &K));
        for row in rows {
            let held = |value: Option<&V>| slots.clone().filter(|slot| slot.get(row) == value).count();
            let most = slots.clone().map(|slot| held(slot.get(row))).max().unwrap_or_default();
            let needed = if by_most { most } else { 1 };
            if held(given.get(row)) < needed {
                return Err(reject(RefusalCode::ResultDiffers, &format!("{part}.{row}")));
            }
        }
        Ok(())
    }
}
