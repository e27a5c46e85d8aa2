//! Tests of the log and of what is kept outside it.

use shared::ids::{OpId, PersonId};
use shared::op::SignedOperation;
use shared::time::Millis;

use server::store::{Account, Batch, Store};

use crate::place::{Place, aside, batch, chain, entry};

fn account(username: &str, person: u8) -> (Account, Millis) {
    let password_hash = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA".to_owned();
    (Account { username: username.to_owned(), person: PersonId::from_bytes([person; 16]), password_hash }, Millis(1))
}

async fn length(store: &dyn Store) -> usize {
    store.entries_after(0, 10_000).await.unwrap().len()
}

pub(crate) async fn a_batch_is_written_whole_or_not_at_all(place: Place) {
    let store = place.open().await;
    let refused = [
        Batch { accounts: vec![account("a", 1)], ..batch(vec![entry(1, 1, 1), entry(2, 1, 1)]) },
        Batch { accounts: vec![account("a", 1), account("b", 1)], ..batch(vec![entry(1, 1, 1)]) },
        Batch { aside: vec![aside("bytes", 1, "accepted_word")], ..batch(vec![entry(1, 1, 1), entry(1, 2, 1)]) },
    ];
    for batch in &refused {
        assert!(store.commit(batch).await.is_err());
        assert_eq!(length(store.as_ref()).await, 0, "no operation stays");
        assert!(store.accounts().await.unwrap().is_empty(), "nor an account");
        assert!(
            store.known_aside(&aside("bytes", 1, "rejected").operation).await.unwrap().is_none(),
            "nor bytes aside"
        );
    }
    let whole = Batch {
        accounts: vec![account("a", 1)],
        aside: vec![aside("bytes", 1, "rejected")],
        ..batch(vec![entry(1, 1, 1), entry(2, 1, 2)])
    };
    store.commit(&whole).await.unwrap();
    assert_eq!((length(store.as_ref()).await, store.accounts().await.unwrap().len()), (2, 1));
    assert!(store.known_aside(&whole.aside[0].operation).await.unwrap().is_some());
    assert_eq!(store.chain_end(&chain(1)).await.unwrap(), Some((2, entry(2, 1, 2).op_id)));
}

pub(crate) async fn batches_of_every_length_are_written(place: Place) {
    let store = place.open().await;
    let mut end = 0;
    for length in [1, 2, 31, 32, 33, 64, 65, 300] {
        let entries = (1..=length).map(|n| entry(end + n, 1, end + n)).collect();
        store.commit(&batch(entries)).await.unwrap();
        end += length;
    }
    let read = store.entries_after(0, 10_000).await.unwrap();
    assert_eq!(read.len() as u64, end);
    for (n, found) in (1..).zip(read) {
        let put = entry(n, 1, n);
        assert_eq!((found.server_seq, found.operation, found.verdict), (n, put.operation, put.verdict));
        assert_eq!(store.known(put.op_id).await.unwrap().unwrap().receipt, put.receipt);
    }
}

pub(crate) async fn the_database_itself_refuses_to_change_or_forget_the_log(place: Place) {
    let store = place.open().await;
    let all = Batch { aside: vec![aside("bytes", 1, "held")], ..batch(vec![entry(1, 1, 1)]) };
    store.commit(&all).await.unwrap();
    let key = server::store::DeviceKey { chain: chain(1), public_key: [1; 32], label: String::new() };
    store.register_device(&key, Millis(1)).await.unwrap();
    let tables = ["operations", "verdicts", "receipts", "aside", "devices"];
    let columns = ["body", "verdict", "receipt", "body", "public_key"];
    for (table, column) in tables.into_iter().zip(columns) {
        let mut attempts = vec![format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")];
        if place.is_shared() {
            attempts.push(format!("TRUNCATE {table} CASCADE"));
            attempts.push(format!("MERGE INTO {table} USING log_ends ON true WHEN MATCHED THEN DELETE"));
        }
        for attempt in attempts {
            let refused = place.run(&attempt).await.expect_err(&attempt);
            let words = ["append-only", "never replaced"];
            assert!(words.iter().any(|word| refused.contains(word)), "{attempt}: {refused}");
        }
    }
    assert_eq!(store.entries_after(0, 10).await.unwrap()[0].operation, entry(1, 1, 1).operation);
}

pub(crate) async fn what_is_there_is_not_put_in_again(place: Place) {
    let store = place.open().await;
    let key = server::store::DeviceKey { chain: chain(1), public_key: [1; 32], label: String::new() };
    store.register_device(&key, Millis(1)).await.unwrap();
    store.commit(&Batch { aside: vec![aside("bytes", 1, "rejected")], ..batch(vec![entry(1, 1, 1)]) }).await.unwrap();
    if place.is_shared() {
        // PostgreSQL has no REPLACE, and its ON CONFLICT DO UPDATE is an update.
        return;
    }
    let (twice, anew) = ("SELECT * FROM", "SELECT server_seq + 1, op_id, actor, device, epoch, chain_seq + 1");
    for attempt in [
        format!("REPLACE INTO operations {twice} operations"),
        format!("REPLACE INTO operations {anew}, kind, body, signature, received_at_ms FROM operations"),
        format!("REPLACE INTO verdicts {twice} verdicts"),
        format!("REPLACE INTO receipts {twice} receipts"),
    ] {
        let refused = place.run(&attempt).await.expect_err(&attempt);
        assert!(refused.contains("append-only"), "{attempt}: {refused}");
    }
    place.run("REPLACE INTO devices SELECT person, device, epoch, zeroblob(32), label, 1 FROM devices").await.unwrap();
    assert_eq!(store.device_key(&chain(1)).await.unwrap(), Some([1; 32]), "the first key stays");
    let forged =
        "REPLACE INTO aside SELECT bytes_hash, op_id, body, signature, word, verdict, x'00', signature, 1 FROM aside";
    place.run(forged).await.unwrap();
    let kept = aside("bytes", 1, "rejected");
    assert_eq!(store.known_aside(&kept.operation).await.unwrap(), Some(kept.receipt), "the first answer stays");
}

pub(crate) async fn an_operation_has_one_place_and_a_place_one_operation(place: Place) {
    let store = place.open().await;
    store.commit(&batch(vec![entry(1, 1, 1), entry(2, 1, 2)])).await.unwrap();
    let same_id = server::store::NewEntry { op_id: entry(1, 1, 1).op_id, ..entry(3, 2, 1) };
    let same_chain_place = server::store::NewEntry { chain_seq: 2, ..entry(3, 1, 9) };
    for (what, twice) in [("id", same_id), ("chain place", same_chain_place), ("place in the log", entry(2, 2, 1))] {
        assert!(store.commit(&batch(vec![twice])).await.is_err(), "{what} twice");
    }
    store.commit(&batch(vec![entry(3, 1, 3)])).await.unwrap();
    assert_eq!(length(store.as_ref()).await, 3, "what was refused took no place");
}

pub(crate) async fn a_receipt_is_the_same_bytes_whenever_asked_for(place: Place) {
    let store = place.open().await;
    let given = entry(1, 1, 1);
    store.commit(&batch(vec![given.clone()])).await.unwrap();
    store.commit(&batch((2..40).map(|n| entry(n, 1, n)).collect())).await.unwrap();
    for _ in 0..2 {
        let known = store.known(given.op_id).await.unwrap().unwrap();
        assert_eq!((known.receipt, known.signature), (given.receipt.clone(), given.operation.signature.clone()));
    }
    store.close().await;
    let again = place.open().await;
    assert_eq!(again.known(given.op_id).await.unwrap().unwrap().receipt, given.receipt, "also after a restart");
    assert!(again.known(OpId::of(b"never seen")).await.unwrap().is_none());
}

pub(crate) async fn bytes_in_custody_are_kept_once_and_answered_when_the_decision_was_final(place: Place) {
    let store = place.open().await;
    let (held, rejected) = (aside("held", 1, "held"), aside("rejected", 1, "rejected"));
    let put = async |entries: Vec<_>| store.commit(&Batch { aside: entries, ..Batch::default() }).await;
    put(vec![held.clone(), rejected.clone()]).await.unwrap();
    put(vec![held.clone(), rejected.clone()]).await.unwrap();
    assert_eq!(store.known_aside(&held.operation).await.unwrap(), None, "what waits is judged again");
    assert_eq!(store.known_aside(&rejected.operation).await.unwrap(), Some(rejected.receipt.clone()));
    let forged = aside("held", 2, "rejected");
    put(vec![forged.clone()]).await.unwrap();
    assert_eq!(store.known_aside(&forged.operation).await.unwrap(), Some(forged.receipt));
    assert_eq!(store.known_aside(&held.operation).await.unwrap(), None, "a wrong signature stands in nobody's way");
    assert!(store.known(held.op_id).await.unwrap().is_none(), "custody is no place in the log");
    assert_eq!(length(store.as_ref()).await, 0);
}

pub(crate) async fn the_log_is_read_in_order_and_in_pages(place: Place) {
    let store = place.open().await;
    store.commit(&batch((1..=25).map(|n| entry(n, 1, n)).collect())).await.unwrap();
    let mut read = Vec::new();
    loop {
        let page = store.entries_after(read.last().copied().unwrap_or_default(), 10).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 10);
        read.extend(page.iter().map(|entry| entry.server_seq));
    }
    assert_eq!(read, (1..=25).collect::<Vec<u64>>());
    let places: Vec<u64> = store.operations_at(&[25, 3, 99]).await.unwrap().iter().map(|(place, _)| *place).collect();
    assert_eq!(places, [3, 25]);
    assert!(store.operations_at(&[]).await.unwrap().is_empty());
    assert_eq!(store.chain_end(&chain(9)).await.unwrap(), None);
}

pub(crate) async fn the_largest_values_come_back_as_they_were(place: Place) {
    let store = place.open().await;
    let late = Millis(i64::MAX.unsigned_abs());
    let mut large = entry(1, 1, i64::MAX.unsigned_abs());
    large.chain.epoch = u32::MAX;
    large.kind = u16::MAX;
    large.received_at = late;
    large.operation = SignedOperation { body: vec![0xff; shared::limits::OPERATION_BYTES_MAX], signature: vec![0; 64] };
    large.op_id = large.operation.id();
    store.commit(&batch(vec![large.clone()])).await.unwrap();
    assert_eq!(store.entries_after(0, 1).await.unwrap()[0].operation, large.operation);
    assert_eq!(store.chain_end(&large.chain).await.unwrap(), Some((large.chain_seq, large.op_id)));
    let beyond = server::store::NewEntry { chain_seq: u64::MAX, ..entry(2, 2, 1) };
    assert!(store.commit(&batch(vec![beyond])).await.is_err(), "what does not fit is refused, never bent");
}
