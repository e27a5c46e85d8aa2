//! Makes a demo quarter, for offices that are scored by the quarter.

use anyhow::Context as _;
use shared::op::Payload;
use shared::pack;
use shared::time::{Day, Period};

use super::calendar::{AFTERNOON, moment, nth};
use super::month::self_score;
use super::offices::Scheme;
use super::profile::Story;
use super::roster::Roster;
use super::scribe::Scribe;

/// Of so many people one has not scored yet.
const UNSCORED_IN: usize = 3;
/// The day of the quarter on which the first ones score themselves.
const SELF_DAY: i32 = 20;

/// Begins a quarter in the office of the scoring team: most have scored themselves, as far as `today` allows, and the team has
/// not begun.
pub(super) async fn begin(scribe: &mut Scribe, roster: &Roster, quarter: Period, today: Day) -> anyhow::Result<()> {
    let people = roster.offices().filter(|official| official.scheme == Scheme::HaTinh);
    for story in people.map(|official| Story::of(official, quarter, false)) {
        // Those whom the text does not score have no card.
        let Some(key) = scribe.state().card_key(story.official.id(), quarter) else { continue };
        if story.roll("self-scored", UNSCORED_IN) != 0 {
            let pack = pack::pinned(&key.pack).context("the pack of the card")?;
            let own = self_score(scribe.state(), &story, &key, pack);
            let at = moment(nth(quarter, SELF_DAY).min(today), AFTERNOON);
            scribe.on_card(key.person, &key, Payload::SubmitSelfScore(own), at).await?;
        }
    }
    Ok(())
}
