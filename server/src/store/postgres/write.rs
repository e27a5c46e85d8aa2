//! What a batch adds to the log: a statement for each table, however many rows it has.

use sqlx::{Postgres as Database, Transaction};

use super::LOG;
use crate::store::columns::{signed, unsigned, verdict_bytes};
use crate::store::{NewEntry, StoreError};

/// Takes the places at the end of the log and fills them.
pub(super) async fn log(tx: &mut Transaction<'_, Database>, entries: &[NewEntry]) -> Result<(), StoreError> {
    let Some(first) = entries.first() else { return Ok(()) };
    take_places(tx, first.server_seq, entries.len()).await?;
    operations(tx, entries).await?;
    verdicts(tx, entries).await?;
    receipts(tx, entries).await
}

/// Moves the end of the log. The row stays locked until the transaction ends: the next writer sees places only when they are
/// filled, and they become visible in their order.
async fn take_places(tx: &mut Transaction<'_, Database>, first: u64, count: usize) -> Result<(), StoreError> {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let end: i64 =
        sqlx::query_scalar("UPDATE log_ends SET server_seq = server_seq + $1 WHERE log = $2 RETURNING server_seq")
            .bind(signed(count)?)
            .bind(LOG)
            .fetch_one(&mut **tx)
            .await?;
    let found = unsigned("log end", end)?.saturating_sub(count);
    let judged_at = first.saturating_sub(1);
    if found == judged_at { Ok(()) } else { Err(StoreError::Moved { judged_at, found }) }
}

async fn operations(tx: &mut Transaction<'_, Database>, entries: &[NewEntry]) -> Result<(), StoreError> {
    let numbers = |of: fn(&NewEntry) -> Result<i64, StoreError>| entries.iter().map(of).collect::<Result<Vec<_>, _>>();
    let bytes = |of: fn(&NewEntry) -> &[u8]| entries.iter().map(of).collect::<Vec<&[u8]>>();
    sqlx::query(
        "INSERT INTO operations (server_seq, op_id, actor, device, epoch, chain_seq, kind, body, signature, received_at_ms)
         SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[],
                              $7::bigint[], $8::bytea[], $9::bytea[], $10::bigint[])",
    )
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
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn verdicts(tx: &mut Transaction<'_, Database>, entries: &[NewEntry]) -> Result<(), StoreError> {
    let places: Vec<i64> = entries.iter().map(|entry| signed(entry.server_seq)).collect::<Result<_, _>>()?;
    let words: Vec<&str> = entries.iter().map(|entry| entry.verdict.word()).collect();
    let verdicts: Vec<Vec<u8>> = entries.iter().map(|entry| verdict_bytes(&entry.verdict)).collect::<Result<_, _>>()?;
    sqlx::query(
        "INSERT INTO verdicts (server_seq, word, verdict) SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[])",
    )
    .bind(places)
    .bind(words)
    .bind(verdicts)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn receipts(tx: &mut Transaction<'_, Database>, entries: &[NewEntry]) -> Result<(), StoreError> {
    let places: Vec<i64> = entries.iter().map(|entry| signed(entry.server_seq)).collect::<Result<_, _>>()?;
    let receipts: Vec<&[u8]> = entries.iter().map(|entry| entry.receipt.receipt.as_slice()).collect();
    let signatures: Vec<&[u8]> = entries.iter().map(|entry| entry.receipt.signature.as_slice()).collect();
    sqlx::query(
        "INSERT INTO receipts (server_seq, receipt, signature)
         SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[])",
    )
    .bind(places)
    .bind(receipts)
    .bind(signatures)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
