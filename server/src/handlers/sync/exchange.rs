//! `POST /v1/sync`: takes a device's operations and returns what it is entitled to. One request, one round trip.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use shared::ids::PersonId;
use shared::limits::BATCH_BYTES_MAX;
use shared::op::{SignedOperation, SignedReceipt};
use shared::sync::{Contact, LogEntry, PROTOCOL, PageRow, SyncRequest, SyncResponse};

use crate::app::App;
use crate::auth::CurrentPerson;
use crate::clock;
use crate::errors::ApiError;
use crate::handlers::body::CborBody;

/// How long the same part of the cards is compared.
const COMPARING_TURN_MS: u64 = 60_000;
/// The least number of bytes of operations that an answer carries, whatever was asked. One operation always fits.
const ANSWER_BYTES_MIN: usize = 1024;

/// Receives the batch, then answers with receipts and the log after the cursor.
pub(crate) async fn exchange(
    State(app): State<App>,
    current: CurrentPerson,
    CborBody(bytes): CborBody,
) -> Result<impl IntoResponse, ApiError> {
    let request =
        SyncRequest::from_bytes(&bytes).map_err(|error| ApiError::invalid("body", error, "a sync request"))?;
    if request.protocol != PROTOCOL {
        return Err(ApiError::invalid("protocol", request.protocol, PROTOCOL));
    }
    let sent = request.operations.len();
    app.quota.take(current.person, sent, bytes.len(), clock::now()).map_err(|exceeded| {
        tracing::warn!(person = %current.person, device = %request.device, "handed in too much for one day");
        ApiError::TooManyAttempts { seconds: exceeded.seconds }
    })?;
    let receipts = app.ingest.receive(request.operations.clone()).await?;
    let response = answer(&app, current.person, &request, receipts).await?;
    tracing::info!(
        person = %current.person,
        device = %request.device,
        operations = sent,
        entries = response.entries.len(),
        reset = response.reset,
        cursor = response.cursor,
        log_end = response.log_end,
        "synced"
    );
    const TYPE: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/cbor")];
    Ok((TYPE, response.to_bytes()))
}

async fn answer(
    app: &App,
    reader: PersonId,
    request: &SyncRequest,
    receipts: Vec<SignedReceipt>,
) -> Result<SyncResponse, ApiError> {
    if let Some(cards) = request.differs {
        tracing::warn!(person = %reader, device = %request.device, cards, "a tablet folds to another state");
    }
    let now = clock::now();
    let asked = usize::try_from(request.answer_bytes_max).unwrap_or(BATCH_BYTES_MAX);
    let contact = Contact {
        now,
        safe: app.ingest.safe_seq().await?,
        turn: now.0 / COMPARING_TURN_MS,
        bytes_max: asked.clamp(ANSWER_BYTES_MIN, BATCH_BYTES_MAX),
    };
    let (rows, response) = app.ingest.log_state().await?.answer(reader, request, contact);
    Ok(SyncResponse { receipts, entries: entries(app, rows).await?, ..response })
}

async fn entries(app: &App, rows: Vec<PageRow>) -> Result<Vec<LogEntry>, ApiError> {
    let places: Vec<u64> = rows.iter().filter(|row| row.with_bytes).map(|row| row.server_seq).collect();
    let stored: HashMap<u64, SignedOperation> = app.store.operations_at(&places).await?.into_iter().collect();
    rows.into_iter()
        .map(|row| {
            let operation = stored.get(&row.server_seq).cloned();
            if row.with_bytes && operation.is_none() {
                return Err(ApiError::Internal(format!("log entry {} is not in the store", row.server_seq)));
            }
            Ok(row.entry(operation))
        })
        .collect()
}
