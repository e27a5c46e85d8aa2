//! One exchange with the server, from request to kept answer.

use shared::op::{Receipt, RefusalCode, SignedReceipt};
use shared::sync::{Absorbed, PROTOCOL, Replica, SyncRequest, SyncResponse};

use crate::platform::{Answer, Call, Method, gzip, send};
use crate::session::{Registered, ServerKey, register_device};
use crate::state::{AbsorbError, ActError, LocalSession};

/// On the worst link a batch of 64 kB takes some twenty seconds.
const TIMEOUT_MS: u32 = 60_000;
/// Below this, compression gains less than its header costs in patience.
const GZIP_BYTES_MIN: usize = 1024;
const CBOR: &str = "application/cbor";

/// Keys made known before one exchange.
const REGISTRATIONS_MAX: usize = 16;

/// Why an exchange did not take place.
#[derive(Clone, PartialEq, Eq)]
pub enum ExchangeError {
    /// The server was not reached, or what came is not its answer.
    Failed,
    /// The server wants a sign-in first.
    SignInNeeded,
    /// It speaks another version of the exchange.
    OtherVersion,
    /// Its answer could not be kept on this device.
    Unkept(ActError),
}

/// Makes the signing key known at the server when it is not, and a lost one that the server misses: what it signed is sent
/// again anyhow.
///
/// # Errors
/// See [`ExchangeError`].
pub async fn ensure_registered(session: &LocalSession) -> Result<(), ExchangeError> {
    for _ in 0..REGISTRATIONS_MAX {
        let Some(registration) = session.registration_due().or_else(|| session.former_registration_due()) else {
            return Ok(());
        };
        let is_current = registration.epoch == session.epoch();
        match register_device(registration).await {
            Registered::Known if is_current => {
                session.note_registered(Some(registration.epoch)).await.map_err(ExchangeError::Unkept)?;
            }
            Registered::EpochTaken { epoch_max } if is_current => {
                session.start_epoch_above(epoch_max).await.map_err(ExchangeError::Unkept)?;
            }
            // Where the server has another key for the number of a lost one, that one speaks.
            Registered::Known | Registered::EpochTaken { .. } => session.note_former(),
            Registered::SignInNeeded => return Err(ExchangeError::SignInNeeded),
            Registered::NotNow => return Err(ExchangeError::Failed),
        }
    }
    Err(ExchangeError::Failed)
}

/// Sends one batch, takes and keeps the answer.
///
/// # Errors
/// See [`ExchangeError`].
pub async fn exchange(session: &LocalSession, batch_bytes: usize) -> Result<Absorbed, ExchangeError> {
    let request = session.request(batch_bytes);
    let answer = post(&request).await?;
    let response = read(&answer)?;
    let key = session.server_key().ok_or(ExchangeError::SignInNeeded)?;
    // A batch sent is a batch answered for: a short list would leave operations neither sent nor unsent.
    if response.receipts.len() != request.operations.len() || !all_genuine(&key, &response.receipts).await {
        return Err(ExchangeError::Failed);
    }
    let (misses_ours, misses_former) = missing_keys(session.epoch(), &request, &response.receipts);
    session.note_misses_former(misses_former);
    if misses_ours {
        // The server was restored from before our registration, or never had it.
        session.note_registered(None).await.map_err(ExchangeError::Unkept)?;
    }
    let absorbed = session.absorb(&response).await;
    if session.with_replica(Replica::has_forked) {
        // Another device signs in this chain, as after a profile was copied: what follows goes into a chain of its own.
        session.start_epoch_above(session.epoch()).await.map_err(ExchangeError::Unkept)?;
        ensure_registered(session).await?;
    }
    // The other may have taken the same number for its new chain: nothing is done again in one that is not known to be ours.
    if session.registration_due().is_none() {
        session.repeat_forked().await.map_err(ExchangeError::Unkept)?;
    }
    absorbed.map_err(|error| match error {
        AbsorbError::Answer => ExchangeError::Failed,
        AbsorbError::Store(error) => ExchangeError::Unkept(error),
    })
}

async fn post(request: &SyncRequest) -> Result<Answer, ExchangeError> {
    let plain = request.to_bytes();
    let packed = if plain.len() > GZIP_BYTES_MIN { gzip(&plain).await } else { None };
    let call = Call {
        method: Method::POST,
        path: "/v1/sync",
        content_type: CBOR,
        content_encoding: packed.is_some().then_some("gzip"),
        body: Some(packed.unwrap_or(plain)),
        timeout_ms: TIMEOUT_MS,
    };
    send(&call).await.map_err(|_| ExchangeError::Failed)
}

fn read(answer: &Answer) -> Result<SyncResponse, ExchangeError> {
    match answer.status {
        200 if answer.content_type == CBOR => match SyncResponse::from_bytes(&answer.body) {
            Ok(response) if response.protocol == PROTOCOL => Ok(response),
            Ok(_) => Err(ExchangeError::OtherVersion),
            Err(_) => Err(ExchangeError::Failed),
        },
        // What this app writes is readable to every office of its version.
        400 => Err(ExchangeError::OtherVersion),
        401 => Err(ExchangeError::SignInNeeded),
        _ => Err(ExchangeError::Failed),
    }
}

async fn all_genuine(key: &ServerKey, receipts: &[SignedReceipt]) -> bool {
    for signed in receipts {
        if !key.verifies(&signed.receipt, &signed.signature).await {
            return false;
        }
    }
    true
}

/// Whether the server does not know the key of `epoch`, and that of another, which signed something of what was sent.
fn missing_keys(epoch: u32, request: &SyncRequest, receipts: &[SignedReceipt]) -> (bool, bool) {
    let (mut ours, mut former) = (false, false);
    for (operation, signed) in request.operations.iter().zip(receipts) {
        let Ok(Receipt { verdict, .. }) = signed.decode() else { continue };
        if verdict.refusal().is_some_and(|refusal| refusal.code == RefusalCode::UnknownKey) {
            let current = operation.decode().is_ok_and(|body| body.epoch == epoch);
            *if current { &mut ours } else { &mut former } = true;
        }
    }
    (ours, former)
}
