//! The SQL statements for blobs that are the same for every database; see `statements`.

/// The statements about blobs for one database.
macro_rules! blob_statements {
    ($database:ty) => {
        use shared::ids::{BlobHash, PersonId};
        use shared::limits::BLOB_PARTS_KEPT_MS;
        use shared::time::Millis;
        use sqlx::{Pool, Row as _};

        use crate::store::columns::{signed, size, unsigned};
        use crate::store::{BlobPart, BlobRange, StoreError, Upload};

        pub(super) async fn put_blob(
            pool: &Pool<$database>,
            hash: BlobHash,
            bytes: &[u8],
            now: Millis,
        ) -> Result<(), StoreError> {
            let mut tx = pool.begin().await?;
            sqlx::query(
                "INSERT INTO blobs (hash, bytes, size, kept_at_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING",
            )
            .bind(hash.as_bytes().as_slice())
            .bind(bytes)
            .bind(size(bytes)?)
            .bind(signed(now.0)?)
            .execute(&mut *tx)
            .await?;
            sqlx::query("DELETE FROM blob_parts WHERE hash = $1").bind(hash.as_bytes().as_slice()).execute(&mut *tx).await?;
            Ok(tx.commit().await?)
        }

        pub(super) async fn blob_range(
            pool: &Pool<$database>,
            hash: BlobHash,
            from: u64,
            length: usize,
        ) -> Result<Option<BlobRange>, StoreError> {
            // Databases count bytes from one, in half a word. No blob is that large.
            let place = i32::try_from(from.saturating_add(1)).unwrap_or(i32::MAX);
            let length = i32::try_from(length).unwrap_or(i32::MAX).min(i32::MAX.saturating_sub(place));
            let row = sqlx::query("SELECT size, substr(bytes, $2, $3) AS piece FROM blobs WHERE hash = $1")
                .bind(hash.as_bytes().as_slice())
                .bind(place)
                .bind(length)
                .fetch_optional(pool)
                .await?;
            row.map(|row| Ok(BlobRange { bytes: row.try_get("piece")?, size: unsigned("size", row.try_get("size")?)? }))
                .transpose()
        }

        /// Adds a part to an upload that ends where the part begins.
        pub(super) async fn add_blob_part(
            pool: &Pool<$database>,
            part: &BlobPart<'_>,
            now: Millis,
        ) -> Result<Upload, StoreError> {
            let before = uploaded(pool, part).await?;
            let have = before.len() as u64;
            let end = part.from.saturating_add(part.bytes.len() as u64);
            if part.bytes.is_empty() || have != part.from || end > part.total {
                return Ok(Upload { added: false, bytes: before });
            }
            let bytes = [before, part.bytes.to_vec()].concat();
            let added =
                if part.from == 0 { begin_upload(pool, part, now).await? } else { continue_upload(pool, part, &bytes, now).await? };
            // Another request of the same person may have been faster.
            Ok(Upload { added, bytes: if added { bytes } else { uploaded(pool, part).await? } })
        }

        /// What a person has uploaded of a blob with this total.
        async fn uploaded(pool: &Pool<$database>, part: &BlobPart<'_>) -> Result<Vec<u8>, StoreError> {
            let query = sqlx::query_scalar("SELECT bytes FROM blob_parts WHERE hash = $1 AND person = $2 AND total = $3")
                .bind(part.hash.as_bytes().as_slice())
                .bind(part.person.as_bytes().as_slice())
                .bind(signed(part.total)?);
            let found: Option<Vec<u8>> = query.fetch_optional(pool).await?;
            Ok(found.unwrap_or_default())
        }

        /// Begins an upload, in place of one with another total. False when it has begun already.
        async fn begin_upload(pool: &Pool<$database>, part: &BlobPart<'_>, now: Millis) -> Result<bool, StoreError> {
            sqlx::query("DELETE FROM blob_parts WHERE changed_at_ms < $1")
                .bind(signed(now.0.saturating_sub(BLOB_PARTS_KEPT_MS))?)
                .execute(pool)
                .await?;
            let begun = sqlx::query(
                "INSERT INTO blob_parts (hash, person, bytes, have, total, changed_at_ms) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (hash, person) DO UPDATE SET bytes = excluded.bytes, have = excluded.have,
                   total = excluded.total, changed_at_ms = excluded.changed_at_ms
                 WHERE blob_parts.total <> excluded.total",
            )
            .bind(part.hash.as_bytes().as_slice())
            .bind(part.person.as_bytes().as_slice())
            .bind(part.bytes)
            .bind(size(part.bytes)?)
            .bind(signed(part.total)?)
            .bind(signed(now.0)?)
            .execute(pool)
            .await?;
            Ok(begun.rows_affected() > 0)
        }

        /// Replaces an upload by what it is with the part behind it. False when it no longer ends where the part begins.
        async fn continue_upload(
            pool: &Pool<$database>,
            part: &BlobPart<'_>,
            bytes: &[u8],
            now: Millis,
        ) -> Result<bool, StoreError> {
            let continued = sqlx::query(
                "UPDATE blob_parts SET bytes = $3, have = $4, changed_at_ms = $5
                 WHERE hash = $1 AND person = $2 AND have = $6 AND total = $7",
            )
            .bind(part.hash.as_bytes().as_slice())
            .bind(part.person.as_bytes().as_slice())
            .bind(bytes)
            .bind(size(bytes)?)
            .bind(signed(now.0)?)
            .bind(signed(part.from)?)
            .bind(signed(part.total)?)
            .execute(pool)
            .await?;
            Ok(continued.rows_affected() > 0)
        }

        pub(super) async fn drop_blob_parts(
            pool: &Pool<$database>,
            hash: BlobHash,
            person: PersonId,
        ) -> Result<(), StoreError> {
            sqlx::query("DELETE FROM blob_parts WHERE hash = $1 AND person = $2")
                .bind(hash.as_bytes().as_slice())
                .bind(person.as_bytes().as_slice())
                .execute(pool)
                .await?;
            Ok(())
        }
    };
}

pub(super) use blob_statements;
