//! Adds a batch to the log, many rows with one statement.

use sqlx::{Sqlite as Database, Transaction};

use crate::store::columns::{signed, verdict_bytes};
use crate::store::{NewEntry, StoreError};

/// Rows of one statement. A prepared statement of each length is kept ready.
const ROWS: [usize; 2] = [32, 1];

/// Adds entries to the log, many rows with one statement.
pub(super) async fn log(tx: &mut Transaction<'_, Database>, entries: &[NewEntry]) -> Result<(), StoreError> {
    let mut rest = entries;
    while !rest.is_empty() {
        let rows = ROWS.into_iter().find(|rows| *rows <= rest.len()).unwrap_or(1);
        let (now, later) = rest.split_at(rows);
        operations(tx, now).await?;
        verdicts(tx, now).await?;
        receipts(tx, now).await?;
        rest = later;
    }
    Ok(())
}

/// The statement for this many rows of this many values each.
fn statement(head: &str, rows: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(", "));
    format!("{head} VALUES {}", vec![row; rows].join(", "))
}

async fn operations(tx: &mut Transaction<'_, Database>, entries: &[NewEntry]) -> Result<(), StoreError> {
    const HEAD: &str = "INSERT INTO operations
        (server_seq, op_id, actor, device, epoch, chain_seq, kind, body, signature, received_at_ms)";
    let mut query = sqlx::query(sqlx::AssertSqlSafe(statement(HEAD, entries.len(), 10)));
    for entry in entries {
        query = query
            .bind(signed(entry.server_seq)?)
            .bind(entry.op_id.as_bytes().as_slice())
            .bind(entry.chain.actor.as_bytes().as_slice())
            .bind(entry.chain.device.as_bytes().as_slice())
            .bind(i64::from(entry.chain.epoch))
            .bind(signed(entry.chain_seq)?)
            .bind(i64::from(entry.kind))
            .bind(entry.operation.body.as_slice())
            .bind(entry.operation.signature.as_slice())
            .bind(signed(entry.received_at.0)?);
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

async fn verdicts(tx: &mut Transaction<'_, Database>, entries: &[NewEntry]) -> Result<(), StoreError> {
    const HEAD: &str = "INSERT INTO verdicts (server_seq, word, verdict)";
    let mut query = sqlx::query(sqlx::AssertSqlSafe(statement(HEAD, entries.len(), 3)));
    for entry in entries {
        query = query.bind(signed(entry.server_seq)?).bind(entry.verdict.word()).bind(verdict_bytes(&entry.verdict)?);
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

async fn receipts(tx: &mut Transaction<'_, Database>, entries: &[NewEntry]) -> Result<(), StoreError> {
    const HEAD: &str = "INSERT INTO receipts (server_seq, receipt, signature)";
    let mut query = sqlx::query(sqlx::AssertSqlSafe(statement(HEAD, entries.len(), 3)));
    for entry in entries {
        query = query
            .bind(signed(entry.server_seq)?)
            .bind(entry.receipt.receipt.as_slice())
            .bind(entry.receipt.signature.as_slice());
    }
    query.execute(&mut **tx).await?;
    Ok(())
}
