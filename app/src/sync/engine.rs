//! The engine: one task per open desk, woken by hand, by the person's return, by the network and by time.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use shared::sync::Replica;
use tokio_sync::sync::Notify;

use super::exchange::{Hindrance, ensure_registered, exchange};
use super::reception::Reception;
use super::{Outcome, Pace};
use crate::platform::{now, random};
use crate::session::{ask_session, session_person, set_session_person, settle_session};
use crate::state::{Desk, Link, Workspace};

/// Exchanges of one contact: a server that always says "more" must not hold the tablet for ever.
const EXCHANGES_MAX: u32 = 10_000;

/// Exchanges in a row after which operations are left that were there before.
const STALLED_MAX: u32 = 3;

/// Keeps a desk in touch with the office until it is closed.
pub async fn run(workspace: Workspace, desk: Rc<Desk>, wake: Rc<Notify>) {
    let mut pace = Pace::default();
    while workspace.has_open(&desk) {
        let outcome = contact(workspace, &desk, &mut pace).await;
        let rest_ms = pace.rest_ms(outcome, random::<1>().map_or(128, |[chance]| chance));
        let alarm = Rc::clone(&wake);
        let timer = Timeout::new(rest_ms, move || alarm.notify_one());
        wake.notified().await;
        drop(timer);
    }
}

/// Exchanges until nothing is left to exchange.
async fn contact(workspace: Workspace, desk: &Rc<Desk>, pace: &mut Pace) -> Outcome {
    workspace.note_link(Link::Contacting);
    let exchanged = match speaks_for(desk).await {
        Ok(()) => exchange_all(workspace, desk, pace).await,
        Err(hindrance) => Err(hindrance),
    };
    let outcome = match exchanged {
        Ok(()) => {
            workspace.open_waiting_period(desk);
            workspace.note_link(Link::InTouch { at: now() });
            Outcome::Done
        }
        Err(Hindrance::SignInNeeded) => {
            workspace.note_link(Link::SignInNeeded);
            Outcome::SignInNeeded
        }
        Err(Hindrance::OtherVersion) => {
            pace.failed();
            workspace.note_link(Link::OtherVersion);
            Outcome::Failed
        }
        Err(Hindrance::Unkept(error)) => {
            // The link is fine: saying "offline" would send the person looking in the wrong place.
            pace.failed();
            workspace.note_link(Link::InTouch { at: now() });
            workspace.note_unkept(error);
            Outcome::Failed
        }
        Err(Hindrance::Failed) => {
            pace.failed();
            workspace.note_offline();
            Outcome::Failed
        }
    };
    workspace.note_progress(None);
    outcome
}

/// Whether the session cookie speaks for the person whose desk is open: on a tablet of several people it may speak for
/// another, or for nobody.
async fn speaks_for(desk: &Desk) -> Result<(), Hindrance> {
    settle_session().await.map_err(|_| Hindrance::Failed)?;
    let person = match session_person() {
        Some(remembered) => remembered,
        None => {
            let asked = ask_session().await.map_err(|_| Hindrance::Failed)?;
            set_session_person(asked);
            asked
        }
    };
    if person == Some(desk.person()) { Ok(()) } else { Err(Hindrance::SignInNeeded) }
}

async fn exchange_all(workspace: Workspace, desk: &Rc<Desk>, pace: &mut Pace) -> Result<(), Hindrance> {
    let mut stalled: u32 = 0;
    desk.begin_contact();
    let mut reception = desk.with_replica(|replica| Reception::begin(replica.meta(), now()));
    for _ in 0..EXCHANGES_MAX {
        if !workspace.has_open(desk) {
            return Ok(());
        }
        ensure_registered(desk).await?;
        let undelivered_before = desk.with_replica(undelivered);
        let absorbed = exchange(desk, pace.batch_bytes()).await?;
        pace.exchanged();
        workspace.note_change();
        workspace.note_progress(reception.progress(&absorbed, now()));
        let undelivered_after = desk.with_replica(undelivered);
        // Work done during the exchange goes out with the next one; operations that stay undelivered do not hold the loop.
        stalled = if undelivered_after < undelivered_before { 0 } else { stalled.saturating_add(1) };
        let all_told = undelivered_after == 0 && !desk.has_key_to_register();
        if !absorbed.more && (all_told || stalled >= STALLED_MAX) {
            return Ok(());
        }
    }
    Ok(())
}

/// Operations that the office has not answered for. Held ones have an answer: they are offered again at the next contact.
fn undelivered(replica: &Replica) -> usize {
    replica.unsent().filter(|own| own.awaits_answer()).count()
}
