//! What is read.

use shared::ids::{DeviceId, OpId, PersonId};
use shared::op::{ChainKey, SignedOperation, SignedReceipt, Verdict};
use shared::time::Millis;
use sqlx::Row as _;
use sqlx::postgres::{PgPool, PgRow};

use super::LOG;
use crate::store::columns::{bytes_hash, epoch, fixed, signed, unsigned, verdict};
use crate::store::{Account, Known, Session, StoreError, StoredEntry};

fn operation_of(row: &PgRow) -> Result<SignedOperation, StoreError> {
    Ok(SignedOperation { body: row.try_get("body")?, signature: row.try_get("signature")? })
}

fn account_of(row: &PgRow) -> Result<Account, StoreError> {
    let person: Vec<u8> = row.try_get("person")?;
    Ok(Account {
        username: row.try_get("username")?,
        person: PersonId::from_bytes(fixed("person", &person)?),
        password_hash: row.try_get("password_hash")?,
    })
}

pub(super) async fn log_end(pool: &PgPool) -> Result<u64, StoreError> {
    let end = sqlx::query_scalar("SELECT server_seq FROM log_ends WHERE log = $1").bind(LOG).fetch_one(pool).await?;
    unsigned("log end", end)
}

pub(super) async fn entries_after(pool: &PgPool, server_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
    let rows = sqlx::query(
        "SELECT server_seq, body, signature, verdict FROM operations JOIN verdicts USING (server_seq)
         WHERE server_seq > $1 ORDER BY server_seq LIMIT $2",
    )
    .bind(signed(server_seq)?)
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    let entry = |row: &PgRow| {
        let given: Vec<u8> = row.try_get("verdict")?;
        let server_seq = unsigned("server_seq", row.try_get("server_seq")?)?;
        Ok(StoredEntry { server_seq, operation: operation_of(row)?, verdict: verdict(&given)? })
    };
    rows.iter().map(entry).collect()
}

pub(super) async fn operations_at(pool: &PgPool, places: &[u64]) -> Result<Vec<(u64, SignedOperation)>, StoreError> {
    let places: Vec<i64> = places.iter().map(|place| signed(*place)).collect::<Result<_, _>>()?;
    let rows = sqlx::query(
        "SELECT server_seq, body, signature FROM operations WHERE server_seq = ANY($1) ORDER BY server_seq",
    )
    .bind(places)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| Ok((unsigned("server_seq", row.try_get("server_seq")?)?, operation_of(row)?))).collect()
}

pub(super) async fn known(pool: &PgPool, op_id: OpId) -> Result<Option<Known>, StoreError> {
    let row = sqlx::query(
        "SELECT operations.signature AS given, receipt, receipts.signature AS signature
         FROM operations JOIN receipts USING (server_seq) WHERE op_id = $1",
    )
    .bind(op_id.as_bytes().as_slice())
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        let receipt = SignedReceipt { receipt: row.try_get("receipt")?, signature: row.try_get("signature")? };
        Ok(Known { signature: row.try_get("given")?, receipt })
    })
    .transpose()
}

pub(super) async fn known_aside(
    pool: &PgPool,
    operation: &SignedOperation,
) -> Result<Option<SignedReceipt>, StoreError> {
    let row = sqlx::query(
        "SELECT receipt, receipt_signature FROM aside WHERE bytes_hash = $1 AND word IN ('rejected', 'superseded')",
    )
    .bind(bytes_hash(operation).as_slice())
    .fetch_optional(pool)
    .await?;
    row.map(|row| Ok(SignedReceipt { receipt: row.try_get("receipt")?, signature: row.try_get("receipt_signature")? }))
        .transpose()
}

pub(super) async fn held_aside(pool: &PgPool) -> Result<Vec<(SignedOperation, Verdict)>, StoreError> {
    let rows = sqlx::query("SELECT body, signature, verdict FROM aside WHERE word = 'held'").fetch_all(pool).await?;
    let kept = |row: &PgRow| {
        let operation = SignedOperation { body: row.try_get("body")?, signature: row.try_get("signature")? };
        Ok((operation, verdict(row.try_get("verdict")?)?))
    };
    rows.iter().map(kept).collect()
}

pub(super) async fn device_key(pool: &PgPool, chain: &ChainKey) -> Result<Option<[u8; 32]>, StoreError> {
    let key: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT public_key FROM devices WHERE person = $1 AND device = $2 AND epoch = $3")
            .bind(chain.actor.as_bytes().as_slice())
            .bind(chain.device.as_bytes().as_slice())
            .bind(i64::from(chain.epoch))
            .fetch_optional(pool)
            .await?;
    key.map(|key| fixed("public key", &key)).transpose()
}

pub(super) async fn chain_end(pool: &PgPool, chain: &ChainKey) -> Result<Option<(u64, OpId)>, StoreError> {
    let row = sqlx::query(
        "SELECT chain_seq, op_id FROM operations WHERE actor = $1 AND device = $2 AND epoch = $3
         ORDER BY chain_seq DESC LIMIT 1",
    )
    .bind(chain.actor.as_bytes().as_slice())
    .bind(chain.device.as_bytes().as_slice())
    .bind(i64::from(chain.epoch))
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        let op_id: Vec<u8> = row.try_get("op_id")?;
        Ok((unsigned("chain_seq", row.try_get("chain_seq")?)?, OpId::from_bytes(fixed("op_id", &op_id)?)))
    })
    .transpose()
}

pub(super) async fn epoch_max(pool: &PgPool, person: PersonId, device: DeviceId) -> Result<Option<u32>, StoreError> {
    let highest: Option<i64> = sqlx::query_scalar("SELECT max(epoch) FROM devices WHERE person = $1 AND device = $2")
        .bind(person.as_bytes().as_slice())
        .bind(device.as_bytes().as_slice())
        .fetch_one(pool)
        .await?;
    highest.map(epoch).transpose()
}

pub(super) async fn account(pool: &PgPool, username: &str) -> Result<Option<Account>, StoreError> {
    // PostgreSQL knows no text with this character, so nobody has such a name; asking would be an error.
    if username.contains('\0') {
        return Ok(None);
    }
    let row = sqlx::query("SELECT username, person, password_hash FROM accounts WHERE username = $1")
        .bind(username)
        .fetch_optional(pool)
        .await?;
    row.as_ref().map(account_of).transpose()
}

pub(super) async fn accounts(pool: &PgPool) -> Result<Vec<Account>, StoreError> {
    let rows =
        sqlx::query("SELECT username, person, password_hash FROM accounts ORDER BY username").fetch_all(pool).await?;
    rows.iter().map(account_of).collect()
}

pub(super) async fn session(pool: &PgPool, token_hash: &[u8; 32], now: Millis) -> Result<Option<Session>, StoreError> {
    let row = sqlx::query(
        "SELECT person, created_at_ms, expires_at_ms FROM sessions WHERE token_hash = $1 AND expires_at_ms > $2",
    )
    .bind(token_hash.as_slice())
    .bind(signed(now.0)?)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        let person: Vec<u8> = row.try_get("person")?;
        Ok(Session {
            token_hash: *token_hash,
            person: PersonId::from_bytes(fixed("person", &person)?),
            created_at: Millis(unsigned("created_at_ms", row.try_get("created_at_ms")?)?),
            expires_at: Millis(unsigned("expires_at_ms", row.try_get("expires_at_ms")?)?),
        })
    })
    .transpose()
}
