//! One exchange with the server, from the request to the saved answer.

use shared::op::{Receipt, RefusalCode, SignedReceipt};
use shared::sync::{Absorbed, PROTOCOL, Replica, SyncRequest, SyncResponse};

use crate::platform::{Answer, Call, Method, gzip, send};
use crate::session::{Registered, ServerKey, register_device};
use crate::state::{AbsorbError, ActError, LocalSession};

/// On the worst link a batch of 64 kB takes some twenty seconds.
pub(super) const TIMEOUT_MS: u32 = 60_000;
/// Below this size, compression gains less than it costs.
const GZIP_BYTES_MIN: usize = 1024;
const CBOR: &str = "application/cbor";

/// The most keys registered before one exchange.
const REGISTRATIONS_MAX: usize = 16;

/// Why an exchange failed.
#[derive(Clone, PartialEq, Eq)]
pub enum ExchangeError {
    /// The server was not reached, or the answer was not valid.
    Failed,
    /// The server wants a sign-in first.
    SignInNeeded,
    /// The server speaks another version of the exchange.
    OtherVersion,
    /// The answer could not be saved on this device.
    Unkept(ActError),
}

/// Registers the signing key at the server if the server does not know it. Also registers lost keys that the server
/// lacks, because their operations are sent again in any case.
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
            // If the server has another key for the epoch of a lost key, the server's key stays.
            Registered::Known | Registered::EpochTaken { .. } => session.note_former(),
            Registered::SignInNeeded => return Err(ExchangeError::SignInNeeded),
            Registered::NotNow => return Err(ExchangeError::Failed),
        }
    }
    Err(ExchangeError::Failed)
}

/// Sends one batch, and takes and saves the answer.
///
/// # Errors
/// See [`ExchangeError`].
pub async fn exchange(session: &LocalSession, batch_bytes: usize) -> Result<Absorbed, ExchangeError> {
    let request = session.request(batch_bytes);
    let answer = post(&request).await?;
    let response = read(&answer)?;
    let key = session.server_key().ok_or(ExchangeError::SignInNeeded)?;
    // Every sent operation needs a receipt. With a shorter list, some operations would count neither as sent nor as
    // unsent.
    if response.receipts.len() != request.operations.len() || !all_genuine(&key, &response.receipts).await {
        return Err(ExchangeError::Failed);
    }
    let (misses_ours, misses_former) = missing_keys(session.epoch(), &request, &response.receipts);
    session.note_misses_former(misses_former);
    if misses_ours {
        // The server was restored from a backup before our registration, or never had it.
        session.note_registered(None).await.map_err(ExchangeError::Unkept)?;
    }
    let absorbed = session.absorb(&response).await;
    if session.with_replica(Replica::has_forked) {
        // Another device signs in this chain, as after a profile was copied. New operations go into a chain of their
        // own.
        session.start_epoch_above(session.epoch()).await.map_err(ExchangeError::Unkept)?;
        ensure_registered(session).await?;
    }
    // The other device may have taken the same epoch for its new chain. So nothing is repeated before the server has
    // confirmed our key for this epoch.
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
        range: None,
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
        // Every server of the same version can read what this app writes.
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

/// Whether the server lacks the key of `epoch`, and whether it lacks another key that signed a sent operation.
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
