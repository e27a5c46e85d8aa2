//! Tests of bytes kept beside the log: whole blobs, and uploads that are not whole yet.

use std::sync::Arc;

use server::store::{BlobPart, Store, Upload};
use shared::ids::{BlobHash, PersonId};
use shared::limits::{BLOB_BYTES_MAX, BLOB_PARTS_KEPT_MS};
use shared::time::Millis;

use crate::place::Place;

/// Bytes of every value, so that none of them is changed on the way.
pub(crate) fn bytes(length: usize) -> Vec<u8> {
    (0..=u8::MAX).cycle().take(length).collect()
}

/// Adds bytes to a person's upload. Returns whether they were taken, and how many there are.
async fn add(store: &Arc<dyn Store>, whole: &[u8], person: u8, from: usize, to: usize, now: u64) -> (bool, usize) {
    let (hash, person) = (BlobHash::of(whole), PersonId::from_bytes([person; 16]));
    let part = BlobPart { hash, person, from: from as u64, bytes: &whole[from..to], total: whole.len() as u64 };
    let Upload { added, bytes } = store.add_blob_part(part, Millis(now)).await.unwrap();
    assert_eq!(bytes, whole[..bytes.len()]);
    (added, bytes.len())
}

pub(crate) async fn a_blob_is_kept_whole_and_read_in_ranges(place: Place) {
    let store = place.open().await;
    for whole in [bytes(1), bytes(1_000), bytes(BLOB_BYTES_MAX)] {
        let hash = BlobHash::of(&whole);
        assert_eq!(store.blob_range(hash, 0, 1).await.unwrap(), None);
        store.put_blob(hash, &whole, Millis(1)).await.unwrap();
        let end = whole.len();
        for (from, length) in [(0, usize::MAX), (0, end), (0, 0), (end / 2, 7), (end - 1, 9), (end, 1), (end + 9, 1)] {
            let found = store.blob_range(hash, from as u64, length).await.unwrap().unwrap();
            let expected: Vec<u8> = whole.iter().skip(from).take(length).copied().collect();
            assert!(found.bytes == expected && found.size == end as u64, "{length} bytes from {from} of {end}");
        }
        assert!(store.blob_range(hash, u64::MAX, usize::MAX).await.unwrap().unwrap().bytes.is_empty());
    }
    store.close().await;
    let again = place.open().await;
    let kept = again.blob_range(BlobHash::of(&bytes(1_000)), 0, usize::MAX).await.unwrap().unwrap();
    assert_eq!(kept.bytes, bytes(1_000), "also after a restart");
}

pub(crate) async fn a_blob_once_whole_is_never_changed(place: Place) {
    let store = place.open().await;
    let (whole, hash) = (bytes(300), BlobHash::of(&bytes(300)));
    store.put_blob(hash, &whole, Millis(1)).await.unwrap();
    store.put_blob(hash, b"other", Millis(2)).await.unwrap();
    assert_eq!(store.blob_range(hash, 0, usize::MAX).await.unwrap().unwrap().bytes, whole, "the first stays");
    let mut attempts = vec!["UPDATE blobs SET bytes = bytes", "DELETE FROM blobs"];
    if place.is_shared() {
        attempts.push("TRUNCATE blobs");
        attempts.push("SET session_replication_role = replica; DELETE FROM blobs");
    } else {
        place.run("REPLACE INTO blobs SELECT hash, x'00', 1, 1 FROM blobs").await.unwrap();
    }
    for attempt in attempts {
        let refused = place.run(attempt).await.expect_err(attempt);
        assert!(refused.contains("append-only"), "{attempt}: {refused}");
    }
    assert_eq!(store.blob_range(hash, 0, usize::MAX).await.unwrap().unwrap().bytes, whole);
}

pub(crate) async fn an_upload_goes_on_where_it_ends_and_nowhere_else(place: Place) {
    let store = place.open().await;
    let whole = bytes(1_000);
    assert_eq!(add(&store, &whole, 1, 0, 0, 1).await, (false, 0), "nothing is there");
    assert_eq!(add(&store, &whole, 1, 400, 700, 1).await, (false, 0), "nothing begins in the middle");
    assert_eq!(add(&store, &whole, 1, 0, 400, 1).await, (true, 400));
    assert_eq!(add(&store, &whole, 1, 0, 400, 2).await, (false, 400), "what came is not taken twice");
    assert_eq!(add(&store, &whole, 1, 0, 0, 2).await, (false, 400), "asking adds nothing");
    assert_eq!(add(&store, &whole, 1, 500, 700, 2).await, (false, 400), "no gaps");
    assert_eq!(add(&store, &whole, 2, 400, 700, 2).await, (false, 0), "nobody continues what another began");
    assert_eq!(add(&store, &whole, 2, 0, 100, 2).await, (true, 100));
    assert_eq!(add(&store, &whole, 1, 400, 700, 3).await, (true, 700));
    assert_eq!(add(&store, &whole, 1, 700, 1_000, 4).await, (true, 1_000));
    assert_eq!(store.blob_range(BlobHash::of(&whole), 0, 1).await.unwrap(), None, "it is not kept yet");
    store.put_blob(BlobHash::of(&whole), &whole, Millis(5)).await.unwrap();
    for person in [1, 2] {
        assert_eq!(add(&store, &whole, person, 0, 0, 6).await, (false, 0), "what is whole needs no parts");
    }
}

pub(crate) async fn an_upload_of_another_length_begins_anew(place: Place) {
    let store = place.open().await;
    let whole = bytes(1_000);
    let (hash, person) = (BlobHash::of(&whole), PersonId::from_bytes([1; 16]));
    let lie = BlobPart { hash, person, from: 0, bytes: b"lie", total: 5 };
    assert!(store.add_blob_part(lie, Millis(1)).await.unwrap().added);
    let too_long = BlobPart { from: 3, bytes: b"long", ..lie };
    assert!(!store.add_blob_part(too_long, Millis(1)).await.unwrap().added, "no more than the total");
    assert_eq!(add(&store, &whole, 1, 3, 400, 2).await, (false, 0));
    assert_eq!(add(&store, &whole, 1, 0, 400, 2).await, (true, 400));
    store.drop_blob_parts(hash, person).await.unwrap();
    assert_eq!(add(&store, &whole, 1, 0, 0, 3).await, (false, 0));
}

pub(crate) async fn parts_that_nobody_continues_are_forgotten(place: Place) {
    let store = place.open().await;
    let (old, young, new) = (bytes(500), bytes(600), bytes(700));
    assert_eq!(add(&store, &old, 1, 0, 100, 1_000).await, (true, 100));
    assert_eq!(add(&store, &young, 1, 0, 100, 1_000).await, (true, 100));
    assert_eq!(add(&store, &young, 1, 100, 200, 1_001).await, (true, 200));
    assert_eq!(add(&store, &new, 2, 0, 100, 1_001 + BLOB_PARTS_KEPT_MS).await, (true, 100));
    assert_eq!(add(&store, &old, 1, 0, 0, 2_000).await, (false, 0));
    assert_eq!(add(&store, &young, 1, 0, 0, 2_000).await, (false, 200), "it was continued later");
}

pub(crate) async fn of_two_parts_at_once_one_is_taken(place: Place) {
    let store = place.open().await;
    let whole = bytes(1_000);
    for (from, to) in [(0, 300), (300, 600), (600, 1_000)] {
        let both = tokio::join!(add(&store, &whole, 1, from, to, 1), add(&store, &whole, 1, from, to, 1));
        assert!(both.0.0 != both.1.0, "{both:?}");
        assert_eq!(add(&store, &whole, 1, 0, 0, 1).await, (false, to));
    }
}
