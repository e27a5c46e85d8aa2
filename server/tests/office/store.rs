//! The database keeps what it was given.

use server::data_dir::DataDir;
use server::office;
use server::store::{Account, StoreError};
use shared::ids::PersonId;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use crate::harness::demo_copy;

#[tokio::test]
async fn the_database_itself_refuses_to_change_or_forget_the_log() {
    let data = demo_copy().await;
    let options = SqliteConnectOptions::new().filename(data.path().join("congtam.sqlite3"));
    let pool = SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("INSERT INTO aside VALUES (zeroblob(32), zeroblob(32), x'00', x'00', 'held', x'00', x'00', x'00', 1)")
        .execute(&pool)
        .await
        .unwrap();
    let attempts = [
        "UPDATE operations SET body = x'00' WHERE server_seq = 1",
        "DELETE FROM operations WHERE server_seq = 1",
        "UPDATE verdicts SET word = 'rejected' WHERE server_seq = 1",
        "DELETE FROM verdicts WHERE server_seq = 1",
        "UPDATE receipts SET receipt = x'00' WHERE server_seq = 1",
        "DELETE FROM receipts WHERE server_seq = 1",
        "UPDATE aside SET body = x'01'",
        "DELETE FROM aside",
        "UPDATE devices SET public_key = zeroblob(32)",
        "DELETE FROM devices",
    ];
    for attempt in attempts {
        let error = sqlx::query(attempt).execute(&pool).await.unwrap_err().to_string();
        assert!(error.contains("append-only") || error.contains("never replaced"), "{attempt}: {error}");
    }
    let settings: (String, i64) =
        sqlx::query_as("SELECT journal_mode, 0 FROM pragma_journal_mode").fetch_one(&pool).await.unwrap();
    assert_eq!(settings.0, "wal");
}

#[tokio::test]
async fn a_name_signs_in_one_person_and_a_person_has_one_name() {
    let data = demo_copy().await;
    let store = office::open_store(&DataDir::new(data.path())).await.unwrap();
    let known = store.account("canbo1").await.unwrap().unwrap();
    let stranger = PersonId::from_bytes([9; 16]);
    let now = server::clock::now();
    let taken = Account { person: stranger, ..known.clone() };
    assert!(
        matches!(store.put_accounts(&[taken], now).await, Err(StoreError::UsernameTaken { username }) if username == "canbo1")
    );
    let second = Account { username: "canbo1b".into(), ..known.clone() };
    assert!(matches!(store.put_accounts(&[second], now).await, Err(StoreError::Database(_))));
    assert_eq!(store.account("canbo1").await.unwrap(), Some(known));
}
