//! Tests of what only a database shared by several processes must keep.

use server::store::{Account, BlobPart, DeviceKey, Postgres, Session, Store, StoreError};
use shared::ids::{BlobHash, PersonId};
use shared::time::Millis;
use sqlx::ConnectOptions as _;

use crate::place::{Place, aside, batch, chain, entry};

pub(crate) async fn the_end_of_the_log_only_moves_on(place: Place) {
    let store = place.open().await;
    store.commit(&batch(vec![entry(1, 1, 1), entry(2, 1, 2)])).await.unwrap();
    let back = place.run("UPDATE log_ends SET server_seq = 1").await.unwrap_err();
    assert!(back.contains("only moves on"), "{back}");
    for forget in ["DELETE FROM log_ends", "TRUNCATE log_ends"] {
        assert!(place.run(forget).await.unwrap_err().contains("only moves on"));
    }
}

pub(crate) async fn a_role_that_is_not_the_owner_can_serve_and_change_nothing(place: Place) {
    place.open().await.close().await;
    let Place::Postgres(url) = &place else { panic!("asked of PostgreSQL only") };
    let owner = url.options().unwrap();
    let role = format!("server_of_{}", owner.get_database().unwrap());
    place.run(&format!("CREATE ROLE {role} LOGIN")).await.unwrap();
    place.run(&include_str!("../../grants/postgres.sql").replace(":role", &role)).await.unwrap();
    let options = owner.username(&role);
    let store = Postgres::open(&options).await.unwrap();
    let all = server::store::Batch { aside: vec![aside("bytes", 1, "held")], ..batch(vec![entry(1, 1, 1)]) };
    store.commit(&all).await.unwrap();
    let key = DeviceKey { chain: chain(1), public_key: [1; 32], label: String::new() };
    store.register_device(&key, Millis(1)).await.unwrap();
    let person = PersonId::from_bytes([1; 16]);
    let session = Session { token_hash: [1; 32], person, created_at: Millis(1), expires_at: Millis(2), address: None };
    let hash = "$argon2id$";
    store
        .put_accounts(&[Account { username: "a".into(), person, password_hash: hash.into() }], Millis(1))
        .await
        .unwrap();
    assert!(store.create_session(&session, hash, None).await.unwrap());
    assert!(store.disable_account(person, Millis(1)).await.unwrap());
    store.delete_session(&[1; 32]).await.unwrap();
    store.put_meta("a", b"1").await.unwrap();
    store.put_meta("a", b"2").await.unwrap();
    let hash = BlobHash::of(b"pack");
    for (from, bytes, total) in [(0, &b"pa"[..], 5), (0, b"pa", 4), (2, b"ck", 4)] {
        let part = BlobPart { hash, person, from, bytes, total };
        assert!(store.add_blob_part(part, Millis(1)).await.unwrap().added);
    }
    store.put_blob(hash, b"pack", Millis(1)).await.unwrap();
    drop(store.precedence().await.unwrap());
    let mut connection = options.connect().await.unwrap();
    for attempt in [
        "UPDATE operations SET body = body",
        "DELETE FROM receipts",
        "TRUNCATE aside",
        "UPDATE blobs SET bytes = bytes",
        "DELETE FROM blobs",
        "ALTER TABLE operations DISABLE TRIGGER ALL",
        "DROP TRIGGER operations_no_change ON operations",
        "DROP TABLE verdicts",
        "CREATE TABLE public.more (n int)",
        "INSERT INTO log_ends VALUES (2, 0)",
    ] {
        let refused = sqlx::raw_sql(attempt).execute(&mut connection).await.unwrap_err().to_string();
        assert!(refused.contains("permission denied") || refused.contains("must be owner"), "{attempt}: {refused}");
    }
}

pub(crate) async fn what_a_replica_may_skip_is_refused_all_the_same(place: Place) {
    place.open().await.commit(&batch(vec![entry(1, 1, 1)])).await.unwrap();
    let as_replica = "SET session_replication_role = replica; DELETE FROM receipts";
    assert!(place.run(as_replica).await.unwrap_err().contains("append-only"));
}

pub(crate) async fn a_database_that_may_forget_what_it_confirmed_is_refused(place: Place) {
    place.open().await.close().await;
    let Place::Postgres(url) = &place else { panic!("asked of PostgreSQL only") };
    let database = url.options().unwrap().get_database().unwrap().to_owned();
    place.run(&format!("ALTER DATABASE {database} SET synchronous_commit = off")).await.unwrap();
    let refused = place.try_open().await.unwrap_err();
    assert!(matches!(refused, StoreError::NotDurable { setting: "synchronous_commit" }), "{refused}");
}
