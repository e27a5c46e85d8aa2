//! A panel: who closes it, when, and with which result.

use super::{CardPolicy, Judgement, reject};
use crate::card::Card;
use crate::ids::{PersonId, StepPlace};
use crate::op::{Appraisal, Body, Refusal, RefusalCode, Register, Verdict};
use crate::procedure::Panel;
#[cfg(feature = "author")]
use crate::{
    op::{Detail, Mark},
    sorted_map::Map,
};

impl CardPolicy<'_> {
    pub(super) fn panel<'c>(&'c self, card: &'c Card, step: StepPlace) -> Option<Panel<'c>> {
        self.asked().panel(card, self.case(), step)
    }

    /// Whether `actor` may give the one result of a step. Where no panel marks, whoever marks does.
    pub(super) fn may_close(&self, card: &Card, step: StepPlace, actor: PersonId) -> bool {
        self.asked().may_close(card, self.case(), step, actor)
    }
}

impl Card {
    /// Whether enough members have marked, each once, and the author has seen all their marks.
    pub(super) fn is_whole(&self, panel: &Panel<'_>, place: StepPlace, body: &Body) -> Judgement {
        for member in &panel.members {
            let slot = Register::Slot(place, *member);
            self.is_settled(&slot)?;
            self.seen_whole(&slot, body)?;
        }
        if panel.is_enough() {
            return Ok(());
        }
        let refusal = Refusal::new(RefusalCode::Missing, "members").found(panel.filled.len());
        Err(Verdict::Superseded(refusal.allowed(panel.members.len())))
    }
}

/// Devices compute the result themselves, on the screen that closes a panel. Without this check the first download is
/// smaller.
#[cfg(not(feature = "author"))]
pub(super) fn tallied(_: &Panel<'_>, _: &Appraisal) -> Judgement {
    Ok(())
}

/// Whether a result is the one of all slots. A mark is their mean, or one on which they can agree: nobody agrees on more
/// than any of them gave. A finding on work and a fact are as all or some of them stated.
#[cfg(feature = "author")]
pub(super) fn tallied(panel: &Panel<'_>, result: &Appraisal) -> Judgement {
    marks(panel, |score| &score.marks, result, "marks")?;
    marks(panel, |score| &score.leadership, result, "leadership")?;
    let slots = || panel.filled.iter().map(|(_, slot)| *slot);
    stated(&result.facts, slots().map(|slot| &slot.facts), "facts")?;
    stated(&result.lines, slots().map(|slot| &slot.lines), "lines")
}

#[cfg(feature = "author")]
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

/// Whether every row is as one of the slots has it. A row that a slot lacks may be left out.
#[cfg(feature = "author")]
fn stated<'s, K: Ord + Clone + std::fmt::Display + 's, V: PartialEq + 's>(
    given: &Map<K, V>,
    slots: impl Iterator<Item = &'s Map<K, V>> + Clone,
    part: &str,
) -> Judgement {
    let rows = slots.clone().flat_map(|slot| slot.keys()).chain(given.keys().map(|key| key as &K));
    for row in rows {
        if !slots.clone().any(|slot| slot.get(row) == given.get(row)) {
            return Err(reject(RefusalCode::ResultDiffers, &format!("{part}.{row}")));
        }
    }
    Ok(())
}
