//! More than one writer.

use std::sync::Arc;

use server::store::Store;

use crate::place::{Place, batch, entry};

const BATCHES_EACH: u64 = 40;

async fn end(store: &dyn Store) -> u64 {
    store.entries_after(0, 100_000).await.unwrap().last().map_or(0, |entry| entry.server_seq)
}

/// Writes batches of 1 to 5 operations at the end of the log, again and again until they are taken; tells how many.
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
        if let Some(shared) = reader.shared_log_end().await.unwrap() {
            let shared = shared.server_seq;
            assert!(shared >= seen, "the end told is never behind what can be read");
            assert!(end(reader.as_ref()).await >= shared, "nor before it");
        }
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
