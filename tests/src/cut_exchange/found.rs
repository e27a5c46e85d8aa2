//! Prepares the moment before an exchange: much to send, much to receive, something contested.

use shared::op::{Payload, Target};
use shared::org::Post;

use super::CUT;
use crate::random::Draw;
use crate::rig::Rig;
use crate::sim::acts::{draw_act, self_score};
use crate::sim::commune::{day, key, post};
use crate::sim::violation::{Checked, require};

/// Two devices of the official, then those of the head of office and the personnel officer.
const PEOPLE: [u8; 4] = [5, 5, 4, 7];
const PERSONNEL: usize = 3;
/// The acts of the official on the device that is cut, and those of the others.
const ACTS: [(usize, usize); 3] = [(1, 4), (2, 4), (CUT, 6)];
/// How many acts are drawn to find one that the session accepts.
const DRAWS_MAX: usize = 200;

/// The server and four devices just before an exchange of the first.
///
/// # Errors
/// A broken invariant, or acts that nobody accepts.
pub(crate) fn found(seed: u64, index: u64) -> Checked<Rig> {
    let mut draw = Draw::at(seed, "cut", index);
    let mut rig = Rig::new(&PEOPLE)?;
    (0..PEOPLE.len()).try_for_each(|place| rig.meet(place))?;
    for (place, acts) in ACTS {
        let mut saved = 0;
        for _ in 0..DRAWS_MAX {
            let Some(session) = &rig.device(place)?.session else { break };
            let (target, payload) = draw_act(&mut draw, session.replica.view(), session.replica.person());
            saved += usize::from(rig.act(place, target, &payload)?);
            if saved == acts {
                break;
            }
        }
        require(saved == acts, 0, || format!("tablet {place} did {saved} of {acts} acts"))?;
        if place != 2 {
            // On both devices, before either has seen the other's act.
            rig.act(place, Target::Card(key(5, 10)), &Payload::SubmitSelfScore(self_score()))?;
        }
    }
    if !index.is_multiple_of(2) {
        // A different end of the post is a different scope, so the answer starts from the beginning.
        let ends = Post { to: Some(day("2026-12-31")), ..post(5) };
        rig.act(PERSONNEL, Target::Org, &Payload::PutPost(ends))?;
    }
    (1..PEOPLE.len()).try_for_each(|place| rig.meet(place))?;
    Ok(rig)
}
