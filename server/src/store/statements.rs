//! The SQL statements that are the same for every database. sqlx binds values by the type of the database, so the
//! statements are a macro, written once and expanded for each adapter.

/// The statements for one database.
macro_rules! statements {
    ($database:ty) => {
        use shared::ids::{DeviceId, OpId, PersonId};
        use shared::op::{ChainKey, SignedOperation, SignedReceipt, Verdict};
        use shared::time::Millis;
        use sqlx::{Pool, Row as _, Transaction};

        use crate::store::columns::{bytes_hash, epoch, fixed, signed, unsigned, verdict, verdict_bytes};
        use crate::store::{
            Account, AsideEntry, Batch, DeviceKey, FORKS, KeptDevice, Known, NewPassword, Registration,
            Session, AccountStatus, StoreError, StoredEntry, is_fork,
        };

        /// The operation in a row.
        pub(super) fn operation_of(row: &<$database as sqlx::Database>::Row) -> Result<SignedOperation, StoreError> {
            Ok(SignedOperation { body: row.try_get("body")?, signature: row.try_get("signature")? })
        }

        fn account_in(row: &<$database as sqlx::Database>::Row) -> Result<Account, StoreError> {
            let person: Vec<u8> = row.try_get("person")?;
            Ok(Account {
                username: row.try_get("username")?,
                person: PersonId::from_bytes(fixed("person", &person)?),
                password_hash: row.try_get("password_hash")?,
            })
        }

        pub(super) async fn entries_after(pool: &Pool<$database>, server_seq: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
            let rows = sqlx::query(
                "SELECT server_seq, op_id, body, signature, received_at_ms, verdict FROM operations JOIN verdicts USING (server_seq)
                 WHERE server_seq > $1 ORDER BY server_seq LIMIT $2",
            )
            .bind(signed(server_seq)?)
            .bind(i64::from(limit))
            .fetch_all(pool)
            .await?;
            let entry = |row: &<$database as sqlx::Database>::Row| {
                let given: Vec<u8> = row.try_get("verdict")?;
                let server_seq = unsigned("server_seq", row.try_get("server_seq")?)?;
                let (op_id, operation): (Vec<u8>, _) = (row.try_get("op_id")?, operation_of(row)?);
                if operation.id().as_bytes().as_slice() != op_id {
                    let detail = format!("place {server_seq} does not hold what was received");
                    return Err(StoreError::Damaged { what: "operation", detail });
                }
                let received_at = Millis(unsigned("received_at_ms", row.try_get("received_at_ms")?)?);
                Ok(StoredEntry { server_seq, operation, verdict: verdict(&given)?, received_at })
            };
            rows.iter().map(entry).collect()
        }

        pub(super) async fn known(pool: &Pool<$database>, op_id: OpId) -> Result<Option<Known>, StoreError> {
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
            pool: &Pool<$database>,
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

        pub(super) async fn held_aside(pool: &Pool<$database>) -> Result<Vec<(SignedOperation, Verdict)>, StoreError> {
            let rows = sqlx::query("SELECT body, signature, verdict FROM aside WHERE word = 'held'").fetch_all(pool).await?;
            let kept = |row: &<$database as sqlx::Database>::Row| Ok((operation_of(row)?, verdict(row.try_get("verdict")?)?));
            rows.iter().map(kept).collect()
        }

        pub(super) async fn device_key(pool: &Pool<$database>, chain: &ChainKey) -> Result<Option<[u8; 32]>, StoreError> {
            let key: Option<Vec<u8>> =
                sqlx::query_scalar("SELECT public_key FROM devices WHERE person = $1 AND device = $2 AND epoch = $3")
                    .bind(chain.actor.as_bytes().as_slice())
                    .bind(chain.device.as_bytes().as_slice())
                    .bind(i64::from(chain.epoch))
                    .fetch_optional(pool)
                    .await?;
            key.map(|key| fixed("public key", &key)).transpose()
        }

        pub(super) async fn chain_end(pool: &Pool<$database>, chain: &ChainKey) -> Result<Option<(u64, OpId)>, StoreError> {
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

        pub(super) async fn epoch_max(pool: &Pool<$database>, person: PersonId, device: DeviceId) -> Result<Option<u32>, StoreError> {
            let highest: Option<i64> = sqlx::query_scalar("SELECT max(epoch) FROM devices WHERE person = $1 AND device = $2")
                .bind(person.as_bytes().as_slice())
                .bind(device.as_bytes().as_slice())
                .fetch_one(pool)
                .await?;
            highest.map(epoch).transpose()
        }

        fn account_status_of(row: &<$database as sqlx::Database>::Row) -> Result<AccountStatus, StoreError> {
            let time = |at: Option<i64>| at.map(|at| unsigned("time", at).map(Millis)).transpose();
            Ok(AccountStatus {
                account: account_in(row)?,
                password_changed_at: time(row.try_get("password_changed_at_ms")?)?,
                disabled_at: time(row.try_get("disabled_at_ms")?)?,
            })
        }

        pub(super) async fn account(pool: &Pool<$database>, username: &str) -> Result<Option<AccountStatus>, StoreError> {
            let row = sqlx::query(
                "SELECT username, person, password_hash, password_changed_at_ms, disabled_at_ms FROM accounts WHERE username = $1",
            )
            .bind(username)
            .fetch_optional(pool)
            .await?;
            row.as_ref().map(account_status_of).transpose()
        }

        pub(super) async fn account_of(pool: &Pool<$database>, person: PersonId) -> Result<Option<AccountStatus>, StoreError> {
            let row = sqlx::query(
                "SELECT username, person, password_hash, password_changed_at_ms, disabled_at_ms FROM accounts WHERE person = $1",
            )
            .bind(person.as_bytes().as_slice())
            .fetch_optional(pool)
            .await?;
            row.as_ref().map(account_status_of).transpose()
        }

        pub(super) async fn account_statuses(pool: &Pool<$database>) -> Result<Vec<AccountStatus>, StoreError> {
            let rows = sqlx::query(
                "SELECT username, person, password_hash, password_changed_at_ms, disabled_at_ms FROM accounts ORDER BY username",
            )
            .fetch_all(pool)
            .await?;
            rows.iter().map(account_status_of).collect()
        }

        /// Gives a person another password, and ends every session except one. False when the account is not what it
        /// was.
        pub(super) async fn set_password(pool: &Pool<$database>, new: &NewPassword<'_>) -> Result<bool, StoreError> {
            let mut tx = pool.begin().await?;
            // An empty text matches no account, because no hash is empty.
            let set = sqlx::query(
                "UPDATE accounts SET password_hash = $2, password_changed_at_ms = $3, disabled_at_ms = NULL
                 WHERE person = $1 AND ($4 = '' OR (password_hash = $4 AND disabled_at_ms IS NULL))",
            )
            .bind(new.person.as_bytes().as_slice())
            .bind(new.hash)
            .bind(new.chosen_at.map(|at| signed(at.0)).transpose()?)
            .bind(new.instead_of.unwrap_or_default())
            .execute(&mut *tx)
            .await?;
            if set.rows_affected() == 0 {
                return Ok(false);
            }
            end_sessions(&mut tx, new.person, new.keep.as_ref()).await?;
            tx.commit().await?;
            Ok(true)
        }

        /// Closes an account. False when there is nothing to close.
        pub(super) async fn disable_account(pool: &Pool<$database>, person: PersonId, now: Millis) -> Result<bool, StoreError> {
            let mut tx = pool.begin().await?;
            let closed = sqlx::query("UPDATE accounts SET disabled_at_ms = $2 WHERE person = $1 AND disabled_at_ms IS NULL")
                .bind(person.as_bytes().as_slice())
                .bind(signed(now.0)?)
                .execute(&mut *tx)
                .await?;
            end_sessions(&mut tx, person, None).await?;
            tx.commit().await?;
            Ok(closed.rows_affected() > 0)
        }

        async fn end_sessions(
            tx: &mut Transaction<'_, $database>,
            person: PersonId,
            keep: Option<&[u8; 32]>,
        ) -> Result<(), StoreError> {
            // Empty bytes match no session, because no hash is empty.
            let keep = keep.map_or(&[][..], |keep| keep.as_slice());
            sqlx::query("DELETE FROM sessions WHERE person = $1 AND token_hash <> $2")
                .bind(person.as_bytes().as_slice())
                .bind(keep)
                .execute(&mut **tx)
                .await?;
            Ok(())
        }

        pub(super) async fn accounts(pool: &Pool<$database>) -> Result<Vec<Account>, StoreError> {
            let rows =
                sqlx::query("SELECT username, person, password_hash FROM accounts ORDER BY username").fetch_all(pool).await?;
            rows.iter().map(account_in).collect()
        }

        fn session_of(row: &<$database as sqlx::Database>::Row) -> Result<Session, StoreError> {
            let (token_hash, person): (Vec<u8>, Vec<u8>) = (row.try_get("token_hash")?, row.try_get("person")?);
            let address: String = row.try_get("address")?;
            Ok(Session {
                token_hash: fixed("token hash", &token_hash)?,
                person: PersonId::from_bytes(fixed("person", &person)?),
                created_at: Millis(unsigned("created_at_ms", row.try_get("created_at_ms")?)?),
                expires_at: Millis(unsigned("expires_at_ms", row.try_get("expires_at_ms")?)?),
                address: address.parse().ok(),
            })
        }

        pub(super) async fn session(pool: &Pool<$database>, token_hash: &[u8; 32], now: Millis) -> Result<Option<Session>, StoreError> {
            let row = sqlx::query(
                "SELECT token_hash, person, created_at_ms, expires_at_ms, address FROM sessions
                 WHERE token_hash = $1 AND expires_at_ms > $2",
            )
            .bind(token_hash.as_slice())
            .bind(signed(now.0)?)
            .fetch_optional(pool)
            .await?;
            row.as_ref().map(session_of).transpose()
        }

        pub(super) async fn sessions_of(pool: &Pool<$database>, person: PersonId, now: Millis) -> Result<Vec<Session>, StoreError> {
            let rows = sqlx::query(
                "SELECT token_hash, person, created_at_ms, expires_at_ms, address FROM sessions
                 WHERE person = $1 AND expires_at_ms > $2 ORDER BY created_at_ms DESC, token_hash",
            )
            .bind(person.as_bytes().as_slice())
            .bind(signed(now.0)?)
            .fetch_all(pool)
            .await?;
            rows.iter().map(session_of).collect()
        }

        pub(super) async fn devices_of(pool: &Pool<$database>, person: PersonId) -> Result<Vec<KeptDevice>, StoreError> {
            let rows = sqlx::query(
                "SELECT device, epoch, label, registered_at_ms,
                   (SELECT max(received_at_ms) FROM operations
                    WHERE actor = devices.person AND operations.device = devices.device AND operations.epoch = devices.epoch)
                   AS last_received_at_ms
                 FROM devices WHERE person = $1 ORDER BY registered_at_ms DESC, device, epoch",
            )
            .bind(person.as_bytes().as_slice())
            .fetch_all(pool)
            .await?;
            let device = |row: &<$database as sqlx::Database>::Row| {
                let device: Vec<u8> = row.try_get("device")?;
                let last: Option<i64> = row.try_get("last_received_at_ms")?;
                Ok(KeptDevice {
                    device: DeviceId::from_bytes(fixed("device", &device)?),
                    epoch: epoch(row.try_get("epoch")?)?,
                    label: row.try_get("label")?,
                    registered_at: Millis(unsigned("registered_at_ms", row.try_get("registered_at_ms")?)?),
                    last_received_at: last.map(|at| unsigned("received_at_ms", at).map(Millis)).transpose()?,
                })
            };
            rows.iter().map(device).collect()
        }

        /// Writes everything of a batch that is outside the log.
        pub(super) async fn put_beside(tx: &mut Transaction<'_, $database>, batch: &Batch) -> Result<(), StoreError> {
            for entry in &batch.aside {
                if keep_aside(tx, entry).await? && is_fork(entry) {
                    put_meta(&mut **tx, FORKS, &bytes_hash(&entry.operation)).await?;
                }
            }
            for (account, made_at) in &batch.accounts {
                put_account(tx, account, *made_at).await?;
            }
            Ok(())
        }

        /// Keeps bytes outside the log. False when they are there already, because the same bytes may be sent again
        /// while they wait.
        async fn keep_aside(tx: &mut Transaction<'_, $database>, entry: &AsideEntry) -> Result<bool, StoreError> {
            let kept = sqlx::query(
                "INSERT INTO aside
                   (bytes_hash, op_id, body, signature, word, verdict, receipt, receipt_signature, received_at_ms)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (bytes_hash) DO NOTHING",
            )
            .bind(bytes_hash(&entry.operation).as_slice())
            .bind(entry.op_id.as_bytes().as_slice())
            .bind(entry.operation.body.as_slice())
            .bind(entry.operation.signature.as_slice())
            .bind(entry.verdict.word())
            .bind(verdict_bytes(&entry.verdict)?)
            .bind(entry.receipt.receipt.as_slice())
            .bind(entry.receipt.signature.as_slice())
            .bind(signed(entry.received_at.0)?)
            .execute(&mut **tx)
            .await?;
            Ok(kept.rows_affected() > 0)
        }

        /// Writes all accounts or none.
        pub(super) async fn put_accounts(pool: &Pool<$database>, accounts: &[Account], now: Millis) -> Result<(), StoreError> {
            let mut tx = pool.begin().await?;
            for account in accounts {
                put_account(&mut tx, account, now).await?;
            }
            Ok(tx.commit().await?)
        }

        /// Adds an account or gives a known one its new password.
        async fn put_account(
            tx: &mut Transaction<'_, $database>,
            account: &Account,
            now: Millis,
        ) -> Result<(), StoreError> {
            let written = sqlx::query(
                "INSERT INTO accounts (username, person, password_hash, created_at_ms) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (username) DO UPDATE SET password_hash = excluded.password_hash
                 WHERE accounts.person = excluded.person",
            )
            .bind(account.username.as_str())
            .bind(account.person.as_bytes().as_slice())
            .bind(account.password_hash.as_str())
            .bind(signed(now.0)?)
            .execute(&mut **tx)
            .await?;
            if written.rows_affected() == 0 {
                return Err(StoreError::UsernameTaken { username: account.username.clone() });
            }
            Ok(())
        }

        /// Binds a key to a chain unless the chain has one. Returns whose key it then has.
        pub(super) async fn register_device(
            pool: &Pool<$database>,
            key: &DeviceKey,
            label: &str,
            now: Millis,
        ) -> Result<Registration, StoreError> {
            put_device(pool, key, label, now).await?;
            if device_key(pool, &key.chain).await? == Some(key.public_key) {
                return Ok(Registration::Registered);
            }
            let highest = epoch_max(pool, key.chain.actor, key.chain.device).await?;
            Ok(Registration::Taken { epoch_max: highest.unwrap_or(key.chain.epoch) })
        }

        async fn put_device(pool: &Pool<$database>, key: &DeviceKey, label: &str, now: Millis) -> Result<(), StoreError> {
            sqlx::query(
                "INSERT INTO devices (person, device, epoch, public_key, label, registered_at_ms)
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person, device, epoch) DO NOTHING",
            )
            .bind(key.chain.actor.as_bytes().as_slice())
            .bind(key.chain.device.as_bytes().as_slice())
            .bind(i64::from(key.chain.epoch))
            .bind(key.public_key.as_slice())
            .bind(label)
            .bind(signed(now.0)?)
            .execute(pool)
            .await?;
            Ok(())
        }

        /// Stores a session in place of another and removes expired ones. False, and nothing has changed, when the
        /// account is not what it was.
        pub(super) async fn create_session(
            pool: &Pool<$database>,
            session: &Session,
            password_hash: &str,
            instead: Option<&[u8; 32]>,
        ) -> Result<bool, StoreError> {
            let mut tx = pool.begin().await?;
            sqlx::query("DELETE FROM sessions WHERE expires_at_ms <= $1 OR token_hash = $2")
                .bind(signed(session.created_at.0)?)
                .bind(instead.map_or(&[][..], |instead| instead.as_slice()))
                .execute(&mut *tx)
                .await?;
            // This stops a sign-in at the moment when the password is replaced or the account closed. Writing the row
            // unchanged waits for a transaction that is changing it, and makes others wait.
            let stands = sqlx::query(
                "UPDATE accounts SET disabled_at_ms = NULL WHERE person = $1 AND password_hash = $2 AND disabled_at_ms IS NULL",
            )
            .bind(session.person.as_bytes().as_slice())
            .bind(password_hash)
            .execute(&mut *tx)
            .await?;
            if stands.rows_affected() == 0 {
                return Ok(false);
            }
            sqlx::query(
                "INSERT INTO sessions (token_hash, person, created_at_ms, expires_at_ms, address) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(session.token_hash.as_slice())
            .bind(session.person.as_bytes().as_slice())
            .bind(signed(session.created_at.0)?)
            .bind(signed(session.expires_at.0)?)
            .bind(session.address.map(|address| address.to_string()).unwrap_or_default())
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            Ok(true)
        }

        pub(super) async fn delete_session(pool: &Pool<$database>, token_hash: &[u8; 32]) -> Result<(), StoreError> {
            sqlx::query("DELETE FROM sessions WHERE token_hash = $1").bind(token_hash.as_slice()).execute(pool).await?;
            Ok(())
        }

        /// Keeps a whole blob and forgets all parts of it.
        pub(super) async fn meta(pool: &Pool<$database>, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
            Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = $1").bind(key).fetch_optional(pool).await?)
        }

        pub(super) async fn put_meta(
            to: impl sqlx::Executor<'_, Database = $database>,
            key: &str,
            value: &[u8],
        ) -> Result<(), StoreError> {
            sqlx::query("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
                .bind(key)
                .bind(value)
                .execute(to)
                .await?;
            Ok(())
        }
    };
}

pub(super) use statements;
