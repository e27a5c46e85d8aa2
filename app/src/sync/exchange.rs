//! One exchange with the office, from request to kept answer.

use shared::op::{Receipt, RefusalCode, SignedReceipt};
use shared::sync::{Absorbed, PROTOCOL, Replica, SyncRequest, SyncResponse};

use crate::platform::{Answer, Call, Method, gzip, send};
use crate::session::{OfficeKey, Registered, register_device};
use crate::state::{AbsorbError, ActError, Desk};

/// On the worst link a batch of 64 kB takes some twenty seconds.
const TIMEOUT_MS: u32 = 60_000;
/// Below this, compression gains less than its header costs in patience.
const GZIP_BYTES_MIN: usize = 1024;
const CBOR: &str = "application/cbor";

/// Keys made known before one exchange.
const REGISTRATIONS_MAX: usize = 16;

/// Why an exchange did not take place.
#[derive(Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// The office was not reached, or what came is not its answer.
    Failed,
    /// The office wants a sign-in first.
    SignInNeeded,
    /// It speaks another version of the exchange.
    OtherVersion,
    /// Its answer could not be kept on this tablet.
    Unkept(ActError),
}

/// Makes the signing key known at the office when it is not, and a lost one that the office misses: what it signed is sent
/// again anyhow.
///
/// # Errors
/// See [`Hindrance`].
pub async fn ensure_registered(desk: &Desk) -> Result<(), Hindrance> {
    for _ in 0..REGISTRATIONS_MAX {
        let Some(registration) = desk.registration_due().or_else(|| desk.former_registration_due()) else {
            return Ok(());
        };
        let is_current = registration.epoch == desk.epoch();
        match register_device(registration).await {
            Registered::Known if is_current => {
                desk.note_registered(Some(registration.epoch)).await.map_err(Hindrance::Unkept)?;
            }
            Registered::EpochTaken { epoch_max } if is_current => {
                desk.start_epoch_above(epoch_max).await.map_err(Hindrance::Unkept)?;
            }
            // Where the office has another key for the number of a lost one, that one speaks.
            Registered::Known | Registered::EpochTaken { .. } => desk.note_former(),
            Registered::SignInNeeded => return Err(Hindrance::SignInNeeded),
            Registered::NotNow => return Err(Hindrance::Failed),
        }
    }
    Err(Hindrance::Failed)
}

/// Sends one batch, takes and keeps the answer.
///
/// # Errors
/// See [`Hindrance`].
pub async fn exchange(desk: &Desk, batch_bytes: usize) -> Result<Absorbed, Hindrance> {
    let request = desk.request(batch_bytes);
    let answer = post(&request).await?;
    let response = read(&answer)?;
    let key = desk.office_key().ok_or(Hindrance::SignInNeeded)?;
    // A batch sent is a batch answered for: a short list would leave operations neither sent nor unsent.
    if response.receipts.len() != request.operations.len() || !all_genuine(&key, &response.receipts).await {
        return Err(Hindrance::Failed);
    }
    let (misses_ours, misses_former) = missing_keys(desk.epoch(), &request, &response.receipts);
    desk.note_misses_former(misses_former);
    if misses_ours {
        // The office was restored from before our registration, or never had it.
        desk.note_registered(None).await.map_err(Hindrance::Unkept)?;
    }
    let absorbed = desk.absorb(&response).await;
    if desk.with_replica(Replica::has_forked) {
        // Another device signs in this chain, as after a profile was copied: what follows goes into a chain of its own.
        desk.start_epoch_above(desk.epoch()).await.map_err(Hindrance::Unkept)?;
        ensure_registered(desk).await?;
    }
    // The other may have taken the same number for its new chain: nothing is done again in one that is not known to be ours.
    if desk.registration_due().is_none() {
        desk.repeat_forked().await.map_err(Hindrance::Unkept)?;
    }
    absorbed.map_err(|error| match error {
        AbsorbError::Answer => Hindrance::Failed,
        AbsorbError::Store(error) => Hindrance::Unkept(error),
    })
}

async fn post(request: &SyncRequest) -> Result<Answer, Hindrance> {
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
    send(&call).await.map_err(|_| Hindrance::Failed)
}

fn read(answer: &Answer) -> Result<SyncResponse, Hindrance> {
    match answer.status {
        200 if answer.content_type == CBOR => match SyncResponse::from_bytes(&answer.body) {
            Ok(response) if response.protocol == PROTOCOL => Ok(response),
            Ok(_) => Err(Hindrance::OtherVersion),
            Err(_) => Err(Hindrance::Failed),
        },
        // What this app writes is readable to every office of its version.
        400 => Err(Hindrance::OtherVersion),
        401 => Err(Hindrance::SignInNeeded),
        _ => Err(Hindrance::Failed),
    }
}

async fn all_genuine(key: &OfficeKey, receipts: &[SignedReceipt]) -> bool {
    for signed in receipts {
        if !key.verifies(&signed.receipt, &signed.signature).await {
            return false;
        }
    }
    true
}

/// Whether the office does not know the key of `epoch`, and that of another, which signed something of what was sent.
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
