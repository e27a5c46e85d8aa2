//! Procedures that nobody wrote: a regulation is drawn that passes the check of packs, and an office that lives by it.
//! People act, entitled or not, through the judgement and the fold of tablets and server. `oracle` says a second time what
//! counts and who may read; whatever differs is a failure, and so is a card that does not come to its end.
//!
//! Steps of a unit's period are drawn as data and not played yet: `regulation::Sort` and `life::asked_for` are the places to
//! add them.

mod acts;
mod beside;
mod counts;
mod exchange;
mod life;
mod office;
mod oracle;
mod regulation;
mod tables;
mod teams;

use shared::bug::Bug;
use shared::pack::Step;
use shared::time::Period;

use crate::proved::{Proved, on_all_cores};
use crate::random::Draw;
use crate::sim::bug::Seeded;
pub use counts::Counts;
use exchange::Exchange;
use life::Life;
use oracle::Rules;

/// The periods that are lived through.
const MONTHS: [Period; 3] = [Period::Month(2026, 10), Period::Month(2026, 12), Period::Month(2026, 9)];
const QUARTER: Period = Period::Quarter(2026, 4);

/// Deliberate bugs that this layer must notice.
pub const BUGS: [Seeded; 16] = [
    Seeded::Shared(Bug::SubjectMayJudge),
    Seeded::Shared(Bug::FirstRuleSkipped),
    Seeded::Shared(Bug::StepBeforeNotAwaited),
    Seeded::Shared(Bug::EarlierMarkLater),
    Seeded::Shared(Bug::AnybodyReads),
    Seeded::Shared(Bug::SubjectKnowsEarly),
    Seeded::Shared(Bug::EndedMandateCounts),
    Seeded::Shared(Bug::DaysDoNotMatter),
    Seeded::Shared(Bug::ReadingsIgnored),
    Seeded::Shared(Bug::LateSlotCounts),
    Seeded::Shared(Bug::MemberCloses),
    Seeded::Shared(Bug::MeanLeavesOut),
    Seeded::Shared(Bug::BlindSeenEarly),
    Seeded::Shared(Bug::QuorumIgnored),
    Seeded::Shared(Bug::PanelDoesNotWait),
    Seeded::Shared(Bug::BesideReplaces),
];
/// Procedures in which one must be noticed.
const RUNS_WITH_BUG: u64 = 200;

/// Checks that the deliberate bugs are noticed.
pub fn notice_bugs(proved: &mut Proved, seed: u64) {
    proved.must_notice(&BUGS, || prove(seed, RUNS_WITH_BUG).0);
}

/// Lives through this many procedures, and says how many of what happened.
#[must_use]
pub fn prove(seed: u64, runs: u64) -> (Proved, Counts) {
    let sum = std::sync::Mutex::new(Counts::default());
    let proved = on_all_cores(|share, shares| {
        let mut proved = Proved::default();
        for index in (share as u64..runs).step_by(shares) {
            let seed = seed.wrapping_add(index);
            let played = play(seed).map_err(|wrong| format!("procedure {seed}: {wrong}"));
            if let (Ok(counts), Ok(mut sum)) = (&played, sum.lock()) {
                *sum = sum.with(*counts);
            }
            proved.count(played.map(drop));
        }
        proved
    });
    (proved, sum.into_inner().unwrap_or_default())
}

/// Every so many regulations are replaced by a corrected text. Packs stay in memory for good.
const CORRECTED_EVERY: u64 = 4;
/// In every so many offices a second regulation is lived beside the first.
const BESIDE_EVERY: u64 = 3;
/// Every so many procedures are lived once more, on tablets that exchange with a server.
const EXCHANGED_EVERY: u64 = 20;

/// Lives through one procedure.
///
/// # Errors
/// What was found otherwise than the rules say.
pub fn play(seed: u64) -> Result<Counts, String> {
    let mut draw = Draw::at(seed, "procedures", 0);
    let (pack, _) = regulation::regulation(&mut draw)?;
    let month = draw.pick(&MONTHS).copied().filter(|month| pack.periods.contains(&month.span()));
    let office = office::office(&mut draw, pack, month.unwrap_or(QUARTER));
    let mut life = Life::new(draw, &office)?;
    let named = life.named_gaps()?;
    for _ in 0..3 {
        life.live(16)?;
        life.readers()?;
        life.roster()?;
        life.teams()?;
        life.many_at_once()?;
    }
    if seed.is_multiple_of(CORRECTED_EVERY) {
        life.another_text()?;
    }
    // Whoever has left before the last day of the period is not in the check of an office on that day.
    let serves = |person| Rules { office: &office }.held(office.period.last_day()).any(|post| post.person == person);
    let lacks = |person, step: &Step| named.lacks(person, &step.id) || !serves(person);
    life.end(lacks)?;
    life.readers()?;
    life.roster()?;
    if seed.is_multiple_of(BESIDE_EVERY) {
        let counts = life.beside().map_err(|wrong| format!("beside: {wrong}"))?;
        life.counts = life.counts.with(counts);
    }
    if !seed.is_multiple_of(EXCHANGED_EVERY) {
        return Ok(life.counts);
    }
    let mut exchange = Exchange::new(life.draw.clone(), Rules { office: &office })?;
    exchange.live(80).and_then(|()| exchange.end(lacks)).map_err(|wrong| format!("on tablets: {wrong}"))?;
    Ok(life.counts.with(exchange.counts))
}
