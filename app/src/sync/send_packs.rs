//! Sends issued packs to the server, in parts. Only who issues packs needs it, so it comes with the reference chunk.

use std::pin::Pin;
use std::rc::Rc;

use shared::ids::{BlobHash, PackHash};
use shared::limits::BLOB_PIECE_BYTES;
use shared::op::Payload;
use shared::sync::Replica;

use super::blobs::{REQUESTS_MAX, refused};
use super::exchange::{ExchangeError, TIMEOUT_MS};
use crate::platform::{Answer, Call, Method, from_json, get, send};
use crate::state::LocalSession;

/// [`send_packs`], as the chunk hands it over.
pub type SendPacks = fn(Rc<LocalSession>) -> Pin<Box<dyn Future<Output = Result<(), ExchangeError>>>>;

/// Sends the packs of unsent adoptions. What the server has already is not sent again.
pub fn send_packs(session: Rc<LocalSession>) -> Pin<Box<dyn Future<Output = Result<(), ExchangeError>>>> {
    Box::pin(async move {
        for hash in session.with_replica(issued).into_iter().map(BlobHash::from) {
            if let Some(bytes) = session.blob(hash) {
                send_blob(hash, &bytes).await?;
            }
        }
        Ok(())
    })
}

fn issued(replica: &Replica) -> Vec<PackHash> {
    let pack = |payload| if let Payload::AdoptPack(adoption) = payload { Some(adoption.pack) } else { None };
    replica.unsent().filter_map(|own| own.body.intent().ok().and_then(pack)).collect()
}

/// Asks how much the server has, and sends the rest. A server that does not take the blob says so again in the verdict on
/// the adoption; other work must not wait for that.
async fn send_blob(hash: BlobHash, bytes: &[u8]) -> Result<(), ExchangeError> {
    let mut have = None;
    for _ in 0..REQUESTS_MAX {
        let answer = put(hash, bytes, have).await?;
        match answer.status {
            200 | 409 => {}
            401 => return Err(refused(401)),
            400..=499 => return Ok(()),
            status => return Err(refused(status)),
        }
        let (length, whole) = progress(&answer.body).ok_or(ExchangeError::Failed)?;
        if whole {
            return Ok(());
        }
        have = Some(length);
    }
    Err(ExchangeError::Failed)
}

/// Sends the piece that begins at `have`; without a place, only asks.
async fn put(hash: BlobHash, bytes: &[u8], have: Option<usize>) -> Result<Answer, ExchangeError> {
    let total = bytes.len();
    let (place, piece) = match have {
        None => (format!("bytes */{total}"), Vec::new()),
        Some(first) => {
            let end = first.saturating_add(BLOB_PIECE_BYTES).min(total);
            let piece = bytes.get(first..end).filter(|piece| !piece.is_empty()).ok_or(ExchangeError::Failed)?;
            (format!("bytes {first}-{}/{total}", end.saturating_sub(1)), piece.to_vec())
        }
    };
    let call = Call {
        method: Method::PUT,
        path: &format!("/v1/blobs/{hash}"),
        content_type: "application/octet-stream",
        content_encoding: None,
        range: Some(("content-range", &place)),
        body: Some(piece),
        timeout_ms: TIMEOUT_MS,
    };
    send(&call).await.map_err(|_| ExchangeError::Failed)
}

/// How many bytes the server has, and whether that is all of them.
fn progress(body: &[u8]) -> Option<(usize, bool)> {
    let said = from_json(core::str::from_utf8(body).ok()?)?;
    let have = get(&said, "have").ok()?.as_f64()?;
    Some((have as usize, get(&said, "whole").ok()?.is_truthy()))
}
