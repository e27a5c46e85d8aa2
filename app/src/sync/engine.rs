//! The engine: one task per open session. It is woken by hand, when the page becomes visible, by the network and by
//! time.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use shared::op::Target;
use shared::sync::{OwnOperation, Replica};
use tokio_sync::sync::Notify;

use super::blobs::fetch_packs;
use super::download_progress::DownloadProgress;
use super::exchange::{ExchangeError, ensure_registered, exchange};
use super::{Backoff, Outcome};
use crate::chunks::pack_sender;
use crate::platform::{now, random};
use crate::session::{ask_session, session_person, set_session_person, settle_session};
use crate::state::{Link, LocalSession, Workspace};

/// The most exchanges of one contact: a server that always says "more" must not keep the device busy for ever.
const EXCHANGES_MAX: u32 = 10_000;

/// How many exchanges in a row may deliver no operation before the contact ends.
const STALLED_MAX: u32 = 3;

/// Keeps a session in touch with the server until it is closed.
pub async fn run(workspace: Workspace, session: Rc<LocalSession>, wake: Rc<Notify>) {
    let mut backoff = Backoff::default();
    while workspace.has_open(&session) {
        let outcome = contact(workspace, &session, &mut backoff).await;
        let rest_ms = backoff.rest_ms(outcome, random::<1>().map_or(128, |[chance]| chance));
        let alarm = Rc::clone(&wake);
        let timer = Timeout::new(rest_ms, move || alarm.notify_one());
        wake.notified().await;
        drop(timer);
    }
}

/// Runs exchanges until nothing is left to exchange.
async fn contact(workspace: Workspace, session: &Rc<LocalSession>, backoff: &mut Backoff) -> Outcome {
    workspace.note_link(Link::Contacting);
    let exchanged = match speaks_for(session).await {
        Ok(()) => exchange_all(workspace, session, backoff).await,
        Err(error) => Err(error),
    };
    let outcome = match exchanged {
        Ok(()) => {
            workspace.open_waiting_period(session);
            workspace.note_link(Link::InTouch { at: now() });
            Outcome::Done
        }
        Err(ExchangeError::SignInNeeded) => {
            workspace.note_link(Link::SignInNeeded);
            Outcome::SignInNeeded
        }
        Err(ExchangeError::OtherVersion) => {
            backoff.failed();
            workspace.note_link(Link::OtherVersion);
            Outcome::Failed
        }
        Err(ExchangeError::Unkept(error)) => {
            // The link works, so "offline" would mislead the person.
            backoff.failed();
            workspace.note_link(Link::InTouch { at: now() });
            workspace.note_unkept(error);
            Outcome::Failed
        }
        Err(ExchangeError::Failed) => {
            backoff.failed();
            workspace.note_offline();
            Outcome::Failed
        }
    };
    workspace.note_progress(None);
    outcome
}

/// Checks that the session cookie belongs to the person whose session is open. On a device of several people it may
/// belong to another person, or to nobody.
async fn speaks_for(session: &LocalSession) -> Result<(), ExchangeError> {
    settle_session().await.map_err(|_| ExchangeError::Failed)?;
    let person = match session_person() {
        Some(remembered) => remembered,
        None => {
            let asked = ask_session().await.map_err(|_| ExchangeError::Failed)?;
            set_session_person(asked);
            asked
        }
    };
    if person == Some(session.person()) { Ok(()) } else { Err(ExchangeError::SignInNeeded) }
}

async fn exchange_all(
    workspace: Workspace,
    session: &Rc<LocalSession>,
    backoff: &mut Backoff,
) -> Result<(), ExchangeError> {
    let mut stalled: u32 = 0;
    session.begin_contact();
    let mut download = session.with_replica(|replica| DownloadProgress::begin(replica.meta(), now()));
    for _ in 0..EXCHANGES_MAX {
        if !workspace.has_open(session) {
            return Ok(());
        }
        ensure_registered(session).await?;
        send_issued(session).await?;
        let undelivered_before = session.with_replica(undelivered);
        let absorbed = exchange(session, backoff.batch_bytes()).await?;
        backoff.exchanged();
        workspace.note_change();
        workspace.note_progress(download.progress(&absorbed, now()));
        let undelivered_after = session.with_replica(undelivered);
        // Work done during the exchange is sent with the next one. Operations that stay undelivered do not keep the
        // loop running.
        stalled = if undelivered_after < undelivered_before { 0 } else { stalled.saturating_add(1) };
        let all_told = undelivered_after == 0 && !session.has_key_to_register();
        if !absorbed.more && (all_told || stalled >= STALLED_MAX) {
            if fetch_packs(session).await? {
                workspace.note_change();
            }
            return Ok(());
        }
    }
    Ok(())
}

/// Sends the packs that unsent adoptions name. The server refuses an adoption whose pack it lacks, so the packs go first.
async fn send_issued(session: &Rc<LocalSession>) -> Result<(), ExchangeError> {
    // Of acts that are on no card, devices only adopt packs.
    let adopts = |own: &OwnOperation| matches!(own.body.target, Target::Org);
    if !session.with_replica(|replica| replica.unsent().any(adopts)) {
        return Ok(());
    }
    let send = pack_sender().await.ok_or(ExchangeError::Failed)?;
    send(Rc::clone(session)).await
}

/// The number of operations that the server has not answered. Held ones are answered; they are sent again at the next
/// contact.
fn undelivered(replica: &Replica) -> usize {
    replica.unsent().filter(|own| own.awaits_answer()).count()
}
