//! `POST /v1/sync`: take what a tablet brings, give what it is entitled to. One request, one round trip.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use shared::ids::PersonId;
use shared::limits::BATCH_BYTES_MAX;
use shared::op::{SignedOperation, SignedReceipt};
use shared::sync::{LogEntry, Office, PROTOCOL, Page, SyncRequest, SyncResponse, Window};

use crate::app::App;
use crate::auth::CurrentPerson;
use crate::clock;
use crate::errors::ApiError;
use crate::handlers::body::CborBody;

/// Bytes of operations that an answer carries at least, whatever was asked: one always fits.
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
    let (page, scope, reset, log_end) = {
        let office = app.ingest.office().await?;
        let scope = office.state().scope_of(reader);
        // A cursor beyond the end was counted in another log: this one was restored from a copy.
        let reset = request.scope != scope || request.cursor > office.log_end();
        let cursor = if reset { 0 } else { request.cursor };
        (page(&office, reader, request, cursor), scope, reset, office.log_end())
    };
    let (cursor, more) = (page.cursor, page.more);
    Ok(SyncResponse {
        protocol: PROTOCOL,
        server_time: clock::now(),
        receipts,
        entries: entries(app, page).await?,
        cursor,
        more,
        scope,
        reset,
        log_end,
        hashes: Vec::new(),
    })
}

fn page(office: &Office, reader: PersonId, request: &SyncRequest, cursor: u64) -> Page {
    let asked = usize::try_from(request.answer_bytes_max).unwrap_or(BATCH_BYTES_MAX);
    let bytes_max = asked.clamp(ANSWER_BYTES_MIN, BATCH_BYTES_MAX);
    office.page(Window { reader, device: request.device, own: &request.own, cursor, bytes_max })
}

async fn entries(app: &App, page: Page) -> Result<Vec<LogEntry>, ApiError> {
    let places: Vec<u64> = page.rows.iter().filter(|row| row.with_bytes).map(|row| row.server_seq).collect();
    let mut stored: HashMap<u64, SignedOperation> = app.store.operations_at(&places).await?.into_iter().collect();
    page.rows
        .into_iter()
        .map(|row| {
            let operation = stored.remove(&row.server_seq);
            if row.with_bytes && operation.is_none() {
                return Err(ApiError::Internal(format!("log entry {} is not in the store", row.server_seq)));
            }
            Ok(row.entry(operation))
        })
        .collect()
}
