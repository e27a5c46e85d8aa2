//! Tests of more than one writer.

use std::sync::Arc;
use std::time::Duration;

use server::store::{AsideEntry, Batch, Store, StoreError};
use shared::op::{Refusal, RefusalCode, Verdict};

use crate::place::{Place, aside, batch, entry};

const BATCHES_EACH: u64 = 40;

async fn end(store: &dyn Store) -> u64 {
    store.entries_after(0, 100_000).await.unwrap().last().map_or(0, |entry| entry.server_seq)
}

/// Writes batches of 1 to 5 operations at the end of the log, each repeated until it is accepted. Returns how many.
async fn write(store: Arc<dyn Store>, n: u8) -> u64 {
    let mut chain_seq = 0;
    for round in 0..BATCHES_EACH {
        let length = round % 5 + 1;
        loop {
            let end = end(store.as_ref()).await;
            let entries = (1..=length).map(|place| entry(end + place, n, chain_seq + place)).collect();
            if store.commit(&batch(entries)).await.is_ok() {
                break;
            }
        }
        chain_seq += length;
    }
    chain_seq
}

pub(crate) async fn two_writers_at_once_fill_the_log_without_gaps(place: Place) {
    let (first, second) = (place.open().await, place.open().await);
    let (one, two) = tokio::join!(tokio::spawn(write(first.clone(), 1)), tokio::spawn(write(second, 2)));
    let written = one.unwrap() + two.unwrap();
    let log = first.entries_after(0, 100_000).await.unwrap();
    let places: Vec<u64> = log.iter().map(|entry| entry.server_seq).collect();
    assert_eq!(places, (1..=written).collect::<Vec<u64>>());
    for n in [1, 2] {
        let own: Vec<_> = log.iter().filter(|stored| stored.operation.signature[0] == n).collect();
        let expected = (1..=written / 2).map(|chain_seq| entry(0, n, chain_seq).operation);
        assert!(
            own.iter().map(|stored| &stored.operation).eq(&expected.collect::<Vec<_>>()),
            "in the order of its chain"
        );
    }
}

pub(crate) async fn a_reader_never_sees_half_a_batch(place: Place) {
    let (writer, reader) = (place.open().await, place.open().await);
    let writing = tokio::spawn(async move {
        for round in 0..50 {
            writer.commit(&batch((1..=7).map(|n| entry(round * 7 + n, 1, round * 7 + n)).collect())).await.unwrap();
        }
    });
    let mut seen = 0;
    while seen < 350 {
        seen = end(reader.as_ref()).await;
        assert_eq!(seen % 7, 0);
        let shared = reader.shared_log_end().await.unwrap().server_seq;
        assert!(shared >= seen, "the end told is never behind what can be read");
        assert!(end(reader.as_ref()).await >= shared, "nor before it");
    }
    writing.await.unwrap();
}

pub(crate) async fn a_writer_that_comes_too_late_keeps_nothing(place: Place) {
    let (first, second) = (place.open().await, place.open().await);
    first.commit(&batch(vec![entry(1, 1, 1)])).await.unwrap();
    let late = entry(1, 2, 1);
    assert!(second.commit(&batch(vec![late.clone()])).await.is_err());
    assert!(second.known(late.op_id).await.unwrap().is_none());
    second.commit(&batch(vec![entry(2, 2, 1)])).await.unwrap();
    assert_eq!(end(first.as_ref()).await, 2);
}

pub(crate) async fn a_batch_judged_on_an_old_end_is_told_so(place: Place) {
    let (first, second) = (place.open().await, place.open().await);
    let end = async || second.shared_log_end().await.unwrap().server_seq;
    assert_eq!(end().await, 0);
    first.commit(&batch(vec![entry(1, 1, 1), entry(2, 1, 2)])).await.unwrap();
    assert_eq!(end().await, 2);
    let late = second.commit(&batch(vec![entry(1, 2, 1)])).await.unwrap_err();
    assert!(matches!(late, StoreError::Moved { judged_at: 0, found: 2 }), "{late}");
    let early = second.commit(&batch(vec![entry(9, 2, 1)])).await.unwrap_err();
    assert!(matches!(early, StoreError::Moved { judged_at: 8, found: 2 }), "{early}");
    assert_eq!(end().await, 2, "places not filled are not taken");
}

pub(crate) async fn a_batch_judged_without_a_fork_that_another_found_is_told_so(place: Place) {
    let (first, second) = (place.open().await, place.open().await);
    let before = second.shared_log_end().await.unwrap();
    let fork = Verdict::Held(Refusal::new(RefusalCode::Fork, "seq"));
    let kept = AsideEntry { verdict: fork, ..aside("twin", 1, "held") };
    first.commit(&Batch { aside: vec![kept], ..Batch::default() }).await.unwrap();
    let after = second.shared_log_end().await.unwrap();
    assert!(after.server_seq == before.server_seq && after.forks != before.forks, "only the forks tell");
    let late = second.commit(&batch(vec![entry(1, 2, 1)])).await.unwrap_err();
    assert!(matches!(late, StoreError::Moved { .. }), "{late}");
    second.commit(&Batch { forks: after.forks, ..batch(vec![entry(1, 2, 1)]) }).await.unwrap();
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
    // A process that never returns it is passed by, and the vain request spoils no connection for later users.
    let third = place.open().await;
    drop(third.precedence().await.unwrap());
    for _ in 0..20 {
        assert_eq!(third.entries_after(0, 10).await.unwrap().len(), 1);
    }
    third.commit(&batch(vec![entry(2, 1, 2)])).await.unwrap();
    drop(slept);
}
