//! Fetches blobs in pieces, so that a cut costs no more than one piece.

use shared::ids::BlobHash;
use shared::limits::{BLOB_BYTES_MAX, BLOB_PIECE_BYTES};
use shared::pack;

use super::exchange::{ExchangeError, TIMEOUT_MS};
use crate::platform::{Answer, Call, Method, send};
use crate::state::LocalSession;

/// The most requests for one blob. More than one for each piece are needed only where somebody else sends, too.
pub(super) const REQUESTS_MAX: usize = 2 * BLOB_BYTES_MAX / BLOB_PIECE_BYTES;

/// Fetches the packs that the person's cards and lists need and that this device lacks. Returns whether any came.
///
/// # Errors
/// See [`ExchangeError`]. What was fetched before stays.
pub async fn fetch_packs(session: &LocalSession) -> Result<bool, ExchangeError> {
    let needed = session.with_replica(|replica| replica.view().packs_needed(session.person()));
    let mut came = false;
    // What another person of this tablet has fetched is not in this person's stores.
    for hash in needed.into_iter().map(BlobHash::from).filter(|hash| session.blob(*hash).is_none()) {
        let bytes = fetch_blob(session, hash).await?;
        came |= bytes.and_then(|bytes| pack::learn(&bytes)).is_some();
    }
    Ok(came)
}

/// A blob of the server. A download that was cut goes on where its part ends. `None` when the server has no such blob,
/// or the person may not read it.
///
/// # Errors
/// See [`ExchangeError`]. What has come is kept, unless it cannot become this blob.
pub async fn fetch_blob(session: &LocalSession, hash: BlobHash) -> Result<Option<Vec<u8>>, ExchangeError> {
    if let Some(bytes) = session.blob(hash) {
        return Ok(Some(bytes));
    }
    let mut bytes = session.blob_part(hash);
    for _ in 0..REQUESTS_MAX {
        let have = bytes.len();
        let last = have.saturating_add(BLOB_PIECE_BYTES).saturating_sub(1);
        let answer = ask(hash, have, last).await?;
        match answer.status {
            200 => bytes.clear(),
            404 => return Ok(None),
            // Behind the end, and not the blob: the part is spoiled.
            206 | 416 => {}
            status => return Err(refused(status)),
        }
        let piece = if answer.status == 416 { &[][..] } else { &answer.body };
        bytes.extend_from_slice(piece);
        if BlobHash::of(&bytes) == hash {
            session.keep_blob(hash, &bytes).await.map_err(ExchangeError::Unkept)?;
            return Ok(Some(bytes));
        }
        let ended = answer.status != 206 || piece.len() < BLOB_PIECE_BYTES || bytes.len() >= BLOB_BYTES_MAX;
        if ended {
            bytes.clear();
        }
        session.keep_blob_part(hash, &bytes).await.map_err(ExchangeError::Unkept)?;
        if ended {
            break;
        }
    }
    Err(ExchangeError::Failed)
}

/// Asks for the bytes from `first` to `last`, both included.
async fn ask(hash: BlobHash, first: usize, last: usize) -> Result<Answer, ExchangeError> {
    let call = Call {
        method: Method::GET,
        path: &format!("/v1/blobs/{hash}"),
        content_type: "application/octet-stream",
        content_encoding: None,
        range: Some(("range", &format!("bytes={first}-{last}"))),
        body: None,
        timeout_ms: TIMEOUT_MS,
    };
    send(&call).await.map_err(|_| ExchangeError::Failed)
}

pub(super) const fn refused(status: u16) -> ExchangeError {
    if status == 401 { ExchangeError::SignInNeeded } else { ExchangeError::Failed }
}
