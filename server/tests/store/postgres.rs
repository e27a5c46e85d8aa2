//! What only a database that several processes share has to keep.

use std::time::Duration;

use server::store::{DeviceKey, Postgres, Session, Store, StoreError};
use shared::ids::PersonId;
use shared::time::Millis;
use sqlx::ConnectOptions as _;

use crate::place::{Place, aside, batch, chain, entry};

pub(crate) async fn a_batch_judged_on_an_old_end_is_told_so(place: Place) {
    let (first, second) = (place.open().await, place.open().await);
    let end = async || second.shared_log_end().await.unwrap().unwrap().server_seq;
    assert_eq!(end().await, 0);
    first.commit(&batch(vec![entry(1, 1, 1), entry(2, 1, 2)])).await.unwrap();
    assert_eq!(end().await, 2);
    let late = second.commit(&batch(vec![entry(1, 2, 1)])).await.unwrap_err();
    assert!(matches!(late, StoreError::Moved { judged_at: 0, found: 2 }), "{late}");
    let early = second.commit(&batch(vec![entry(9, 2, 1)])).await.unwrap_err();
    assert!(matches!(early, StoreError::Moved { judged_at: 8, found: 2 }), "{early}");
    assert_eq!(end().await, 2, "places not filled are not taken");
    let back = place.run("UPDATE log_ends SET server_seq = 1").await.unwrap_err();
    assert!(back.contains("only moves on"), "{back}");
    for forget in ["DELETE FROM log_ends", "TRUNCATE log_ends"] {
        assert!(place.run(forget).await.unwrap_err().contains("only moves on"));
    }
}

pub(crate) async fn the_right_of_way_is_one_writers_at_a_time(place: Place) {
    let (first, second) = (place.open().await, place.open().await);
    let held = first.precedence().await.unwrap();
    let waiting = tokio::spawn(async move { second.precedence().await.map(drop) });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished(), "the second waits");
    first.commit(&batch(vec![entry(1, 1, 1)])).await.unwrap();
    drop(held);
    waiting.await.unwrap().unwrap();
    let slept = first.precedence().await.unwrap();
    // Whoever never gives it back is passed by, and what was asked in vain spoils no connection for those who come after.
    let third = place.open().await;
    drop(third.precedence().await.unwrap());
    for _ in 0..20 {
        assert_eq!(third.entries_after(0, 10).await.unwrap().len(), 1);
    }
    third.commit(&batch(vec![entry(2, 1, 2)])).await.unwrap();
    drop(slept);
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
    let session = Session { token_hash: [1; 32], person, created_at: Millis(1), expires_at: Millis(2) };
    store.create_session(&session).await.unwrap();
    store.delete_session(&[1; 32]).await.unwrap();
    store.put_meta("a", b"1").await.unwrap();
    store.put_meta("a", b"2").await.unwrap();
    drop(store.precedence().await.unwrap());
    let mut connection = options.connect().await.unwrap();
    for attempt in [
        "UPDATE operations SET body = body",
        "DELETE FROM receipts",
        "TRUNCATE aside",
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
