//! Adds a batch to the log with one statement, however many rows it has. So it costs one round trip.

use sqlx::postgres::PgConnection;

use super::LOG;
use crate::store::columns::{signed, unsigned, verdict_bytes};
use crate::store::{Batch, FORKS, NewEntry, StoreError};

/// Moves the end of the log and fills the places taken, unless another process moved it or a chain forked since the
/// batch was judged. The row of `log_ends` stays locked until the transaction ends. So the next writer sees places only
/// when they are filled, and they become visible in order.
const ADD: &str = "
    WITH taken AS (
        UPDATE log_ends SET server_seq = server_seq + $1
        WHERE log = $2 AND server_seq = $3 AND coalesce((SELECT value FROM meta WHERE key = $18), '') = $19
        RETURNING server_seq
    ), given AS (
        SELECT * FROM unnest(
            $4::bigint[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bytea[],
            $12::bytea[], $13::bigint[], $14::text[], $15::bytea[], $16::bytea[], $17::bytea[]
        ) AS given (server_seq, op_id, actor, device, epoch, chain_seq, kind, body, signature, received_at_ms,
                    word, verdict, receipt, receipt_signature)
        WHERE EXISTS (SELECT FROM taken)
    ), placed AS (
        INSERT INTO operations
            (server_seq, op_id, actor, device, epoch, chain_seq, kind, body, signature, received_at_ms)
        SELECT server_seq, op_id, actor, device, epoch, chain_seq, kind, body, signature, received_at_ms FROM given
    ), judged AS (
        INSERT INTO verdicts (server_seq, word, verdict) SELECT server_seq, word, verdict FROM given
    )
    INSERT INTO receipts (server_seq, receipt, signature) SELECT server_seq, receipt, receipt_signature FROM given";

/// Takes the places at the end of the log and fills them.
pub(super) async fn log(connection: &mut PgConnection, batch: &Batch) -> Result<(), StoreError> {
    let Batch { log: entries, forks, .. } = batch;
    let Some(first) = entries.first() else { return Ok(()) };
    let judged_at = first.server_seq.saturating_sub(1);
    let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    let numbers = |of: fn(&NewEntry) -> Result<i64, StoreError>| entries.iter().map(of).collect::<Result<Vec<_>, _>>();
    let bytes = |of: fn(&NewEntry) -> &[u8]| entries.iter().map(of).collect::<Vec<&[u8]>>();
    let verdicts: Vec<Vec<u8>> = entries.iter().map(|entry| verdict_bytes(&entry.verdict)).collect::<Result<_, _>>()?;
    let added = sqlx::query(ADD)
        .bind(signed(count)?)
        .bind(LOG)
        .bind(signed(judged_at)?)
        .bind(numbers(|entry| signed(entry.server_seq))?)
        .bind(bytes(|entry| entry.op_id.as_bytes().as_slice()))
        .bind(bytes(|entry| entry.chain.actor.as_bytes().as_slice()))
        .bind(bytes(|entry| entry.chain.device.as_bytes().as_slice()))
        .bind(numbers(|entry| Ok(i64::from(entry.chain.epoch)))?)
        .bind(numbers(|entry| signed(entry.chain_seq))?)
        .bind(numbers(|entry| Ok(i64::from(entry.kind)))?)
        .bind(bytes(|entry| &entry.operation.body))
        .bind(bytes(|entry| &entry.operation.signature))
        .bind(numbers(|entry| signed(entry.received_at.0))?)
        .bind(entries.iter().map(|entry| entry.verdict.word()).collect::<Vec<&str>>())
        .bind(verdicts)
        .bind(bytes(|entry| &entry.receipt.receipt))
        .bind(bytes(|entry| &entry.receipt.signature))
        .bind(FORKS)
        .bind(forks)
        .execute(&mut *connection)
        .await?
        .rows_affected();
    if added == count {
        return Ok(());
    }
    let end = sqlx::query_scalar("SELECT server_seq FROM log_ends WHERE log = $1").bind(LOG);
    Err(StoreError::Moved { judged_at, found: unsigned("log end", end.fetch_one(connection).await?)? })
}
