use super::*;

#[tokio::test]
async fn the_writer_is_durable_and_readers_cannot_write() {
    let folder = tempfile::TempDir::new().unwrap();
    let store = Sqlite::open(&folder.path().join("test.sqlite3")).await.unwrap();
    let pragma = async |name: &'static str| -> i64 { sqlx::query_scalar(name).fetch_one(&store.writer).await.unwrap() };
    assert_eq!(pragma("PRAGMA synchronous").await, 2, "FULL");
    assert_eq!(pragma("PRAGMA foreign_keys").await, 1);
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&store.writer).await.unwrap();
    assert_eq!(mode, "wal");
    assert_eq!(store.writer.options().get_max_connections(), 1, "one writer");
    let write = sqlx::query("INSERT INTO meta VALUES ('a', x'00')").execute(&store.readers).await;
    assert!(write.unwrap_err().to_string().contains("readonly"));
}

#[tokio::test]
async fn opened_to_read_it_makes_nothing_and_changes_nothing() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("test.sqlite3");
    assert!(Sqlite::open_to_read(&file).await.is_err());
    assert!(!file.exists(), "no database is made");
    let writer = Sqlite::open(&file).await.unwrap();
    writer.put_meta("a", b"1").await.unwrap();
    let reader = Sqlite::open_to_read(&file).await.unwrap();
    assert_eq!(reader.meta("a").await.unwrap(), Some(b"1".to_vec()), "beside the writer");
    assert!(reader.put_meta("a", b"2").await.unwrap_err().to_string().contains("readonly"));
    writer.put_meta("a", b"3").await.unwrap();
    assert_eq!(reader.meta("a").await.unwrap(), Some(b"3".to_vec()));
    sqlx::query("UPDATE _sqlx_migrations SET version = version + 1000").execute(&writer.writer).await.unwrap();
    let refused = Sqlite::open_to_read(&file).await.unwrap_err();
    assert!(matches!(refused, StoreError::OtherSchema { found: 1001, allowed: 1 }), "{refused}");
}

#[test]
fn versions_are_compared_part_by_part() {
    for (version, recent) in
        [("3.51.3", true), ("3.51.10", true), ("3.100.0", true), ("4.0", true), ("3.51.2", false), ("3.9.9", false)]
    {
        assert_eq!(is_recent(version), recent, "{version}");
    }
}

#[tokio::test]
async fn a_batch_is_written_whole_or_not_at_all() {
    let folder = tempfile::TempDir::new().unwrap();
    let store = Sqlite::open(&folder.path().join("test.sqlite3")).await.unwrap();
    let entry = |server_seq: u64, chain_seq: u64| NewEntry {
        server_seq,
        op_id: OpId::of(&server_seq.to_be_bytes()),
        chain: ChainKey { actor: PersonId::from_bytes([1; 16]), device: DeviceId::from_bytes([2; 16]), epoch: 1 },
        chain_seq,
        kind: 1,
        operation: SignedOperation { body: vec![1], signature: vec![0; 64] },
        verdict: Verdict::Accepted,
        receipt: SignedReceipt { receipt: vec![2], signature: vec![0; 64] },
        received_at: Millis(1),
    };
    let account = |username: &str| {
        let person = PersonId::from_bytes([7; 16]);
        (
            Account {
                username: username.to_owned(),
                person,
                password_hash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA".to_owned(),
            },
            Millis(1),
        )
    };
    let batch = |log, accounts| Batch { log, accounts, aside: Vec::new() };
    let twice_one_place = batch(vec![entry(1, 1), entry(2, 1)], vec![account("a")]);
    assert!(store.commit(&twice_one_place).await.is_err());
    let twice_one_person = batch(vec![entry(1, 1)], vec![account("a"), account("b")]);
    assert!(store.commit(&twice_one_person).await.is_err());
    assert!(store.accounts().await.unwrap().is_empty());
    assert!(store.entries_after(0, 10).await.unwrap().is_empty(), "operations do not stay without their accounts");
    assert!(store.entries_after(0, 10).await.unwrap().is_empty(), "the first did not stay either");
    store.commit(&batch(vec![entry(1, 1), entry(2, 2)], vec![account("a")])).await.unwrap();
    assert_eq!(store.accounts().await.unwrap().len(), 1);
    assert_eq!(store.entries_after(0, 10).await.unwrap().len(), 2);
    assert_eq!(store.operations_at(&[2, 9]).await.unwrap().len(), 1);
    let end = store.chain_end(&entry(1, 1).chain).await.unwrap();
    assert_eq!(end, Some((2, OpId::of(&2_u64.to_be_bytes()))));
}
