//! Tests of `/v1/blobs`: uploads and downloads that are cut, and bytes that are not what they are called.

use reqwest::header::{CACHE_CONTROL, CONTENT_RANGE, ETAG, HeaderMap, RANGE};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use shared::ids::BlobHash;
use shared::limits::{BLOB_BYTES_MAX, BLOB_PART_BYTES_MAX};

use crate::chance::Chance;
use crate::harness::{PASSWORD, Server, binary, client, demo_copy, refusal, sign_in};

/// A signed-in person with a browser.
struct Browser {
    client: Client,
    url: String,
}

impl Browser {
    async fn of(server: &Server, username: &str) -> Self {
        let client = client();
        assert_eq!(sign_in(&client, &server.url, username, PASSWORD).await.status(), StatusCode::OK);
        Self { client, url: server.url.clone() }
    }

    fn address(&self, hash: BlobHash) -> String {
        format!("{}/v1/blobs/{hash}", self.url)
    }

    async fn put(&self, hash: BlobHash, place: &str, bytes: &[u8]) -> Response {
        let request = self.client.put(self.address(hash)).header("content-type", "application/octet-stream");
        request.header("content-range", place).body(bytes.to_vec()).send().await.unwrap()
    }

    /// Sends a range of a blob, and returns the status with how far the upload has come.
    async fn send(&self, whole: &[u8], from: usize, to: usize) -> (u16, Value) {
        let place = format!("bytes {from}-{}/{}", to - 1, whole.len());
        progress(self.put(BlobHash::of(whole), &place, &whole[from..to]).await).await
    }

    async fn ask(&self, whole: &[u8]) -> (u16, Value) {
        progress(self.put(BlobHash::of(whole), &format!("bytes */{}", whole.len()), &[]).await).await
    }

    async fn get(&self, hash: BlobHash, range: &str) -> Response {
        let request = self.client.get(self.address(hash));
        let request = if range.is_empty() { request } else { request.header(RANGE, range) };
        request.send().await.unwrap()
    }
}

/// Bytes that no other seed gives.
fn contents(seed: u64, length: usize) -> Vec<u8> {
    let mut chance = Chance(seed);
    (0..length).map(|_| u8::try_from(chance.below(256)).unwrap()).collect()
}

async fn progress(response: Response) -> (u16, Value) {
    (response.status().as_u16(), response.json().await.unwrap())
}

fn at(status: u16, have: usize, whole: bool) -> (u16, Value) {
    (status, json!({ "have": have, "whole": whole }))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn an_upload_whose_answer_was_lost_goes_on_and_a_download_that_was_cut_does_too() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let (sender, reader) = (Browser::of(&server, "canbo1").await, Browser::of(&server, "truong1").await);
    let whole = contents(1, 100_000);
    let hash = BlobHash::of(&whole);
    assert_eq!(sender.ask(&whole).await, at(200, 0, false));
    assert_eq!(sender.send(&whole, 0, 40_000).await, at(200, 40_000, false));
    // The answer to the second part is lost, so the sender repeats it.
    assert_eq!(sender.send(&whole, 40_000, 80_000).await, at(200, 80_000, false));
    assert_eq!(sender.send(&whole, 40_000, 80_000).await, at(409, 80_000, false));
    assert_eq!(sender.ask(&whole).await, at(200, 80_000, false));
    refusal(reader.get(hash, "").await, StatusCode::NOT_FOUND, "not_found").await;
    assert_eq!(sender.send(&whole, 80_000, 100_000).await, at(200, 100_000, true));
    assert_eq!(sender.send(&whole, 80_000, 100_000).await, at(200, 100_000, true), "told again");
    assert_eq!(sender.ask(&whole).await, at(200, 100_000, true));

    let all = reader.get(hash, "").await;
    assert_eq!(all.status(), StatusCode::OK);
    assert_eq!(all.headers()[ETAG], format!("\"{hash}\""));
    assert_eq!(all.headers()[CACHE_CONTROL], "private, max-age=31536000, immutable");
    assert_eq!((header(all.headers(), "vary"), header(all.headers(), "congtam")), ("cookie", "1"));
    assert_eq!(all.bytes().await.unwrap(), whole);
    let first = reader.get(hash, "bytes=0-33332").await;
    assert_eq!(first.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(first.headers()[CONTENT_RANGE], "bytes 0-33332/100000");
    let rest = reader.get(hash, "bytes=33333-").await;
    assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(rest.headers()[CONTENT_RANGE], "bytes 33333-99999/100000");
    let joined = [first.bytes().await.unwrap(), rest.bytes().await.unwrap()].concat();
    assert_eq!(joined, whole);
    let behind = reader.get(hash, "bytes=100000-").await;
    assert_eq!(behind.headers()[CONTENT_RANGE], "bytes */100000");
    let said = refusal(behind, StatusCode::RANGE_NOT_SATISFIABLE, "out_of_range").await;
    assert_eq!(
        (&said["field"], &said["found"], &said["allowed"]),
        (&json!("range"), &json!("100000"), &json!("below 100000"))
    );
}

#[tokio::test]
async fn an_upload_goes_on_after_the_server_was_killed_and_a_backup_holds_the_blob() {
    let data = demo_copy().await;
    let mut server = Server::start(data.path(), &[]);
    let whole = contents(2, 50_000);
    assert_eq!(Browser::of(&server, "canbo1").await.send(&whole, 0, 30_000).await, at(200, 30_000, false));
    server.kill();
    let mut server = Server::start(data.path(), &[]);
    let sender = Browser::of(&server, "canbo1").await;
    assert_eq!(sender.ask(&whole).await, at(200, 30_000, false));
    assert_eq!(sender.send(&whole, 30_000, 50_000).await, at(200, 50_000, true));
    let copy = data.path().join("copy");
    let made = binary().args(["backup", "--data"]).arg(data.path()).arg("--to").arg(&copy).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    server.kill();
    let restored = Server::start(&copy, &[]);
    let read = Browser::of(&restored, "canbo2").await.get(BlobHash::of(&whole), "").await;
    assert_eq!(read.bytes().await.unwrap(), whole);
}

#[tokio::test]
async fn two_people_send_the_same_blob_and_neither_continues_the_other() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let (one, other) = (Browser::of(&server, "canbo1").await, Browser::of(&server, "canbo2").await);
    let whole = contents(3, 90_000);
    assert_eq!(one.send(&whole, 0, 60_000).await, at(200, 60_000, false));
    assert_eq!(other.ask(&whole).await, at(200, 0, false));
    assert_eq!(other.send(&whole, 60_000, 90_000).await, at(409, 0, false));
    assert_eq!(other.send(&whole, 0, 50_000).await, at(200, 50_000, false));
    assert_eq!(one.send(&whole, 60_000, 90_000).await, at(200, 90_000, true));
    assert_eq!(other.send(&whole, 50_000, 90_000).await, at(200, 90_000, true), "it is here already");
    assert_eq!(other.get(BlobHash::of(&whole), "").await.bytes().await.unwrap(), whole);
}

#[tokio::test]
async fn bytes_with_another_hash_are_refused_and_forgotten() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let sender = Browser::of(&server, "canbo1").await;
    let (whole, hash) = (contents(4, 1_000), BlobHash::of(b"another"));
    assert_eq!(progress(sender.put(hash, "bytes 0-499/1000", &whole[..500]).await).await, at(200, 500, false));
    let refused = sender.put(hash, "bytes 500-999/1000", &whole[500..]).await;
    let said = refusal(refused, StatusCode::BAD_REQUEST, "invalid").await;
    let found = BlobHash::of(&whole).to_string();
    assert_eq!((&said["field"], &said["found"], &said["allowed"]), (&json!("hash"), &json!(found), &json!(hash)));
    refusal(sender.get(hash, "").await, StatusCode::NOT_FOUND, "not_found").await;
    assert_eq!(progress(sender.put(hash, "bytes */1000", &[]).await).await, at(200, 0, false), "begins anew");
}

#[tokio::test]
async fn what_is_too_large_or_not_as_said_is_refused() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let sender = Browser::of(&server, "canbo1").await;
    let whole = contents(5, BLOB_BYTES_MAX);
    let hash = BlobHash::of(&whole);
    let (too_large, all) = (StatusCode::PAYLOAD_TOO_LARGE, BLOB_BYTES_MAX);
    let blob = sender.put(hash, &format!("bytes 0-9/{}", all + 1), &whole[..10]).await;
    assert_eq!(refusal(blob, too_large, "too_large").await["allowed"], format!("{all} bytes"));
    let length = BLOB_PART_BYTES_MAX + 1;
    let part = sender.put(hash, &format!("bytes 0-{BLOB_PART_BYTES_MAX}/{all}"), &whole[..length]).await;
    assert_eq!(refusal(part, too_large, "too_large").await["allowed"], format!("{BLOB_PART_BYTES_MAX} bytes"));
    for (place, length) in [("bytes 0-9/30", 9), ("bytes 0-9/9", 10), ("", 10), ("bytes */30", 1), ("bytes 0-9/30", 0)]
    {
        let said = refusal(sender.put(hash, place, &whole[..length]).await, StatusCode::BAD_REQUEST, "invalid").await;
        assert_eq!(said["field"], "content-range", "{place}: {said}");
    }
    let untyped = sender.client.put(sender.address(hash)).header("content-range", "bytes 0-0/9").body("1").send().await;
    refusal(untyped.unwrap(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_type").await;
    let misnamed = sender.client.get(format!("{}/v1/blobs/pack", sender.url)).send().await.unwrap();
    assert_eq!(refusal(misnamed, StatusCode::BAD_REQUEST, "invalid").await["field"], "hash");
    for from in (0..all).step_by(BLOB_PART_BYTES_MAX) {
        let to = from + BLOB_PART_BYTES_MAX;
        assert_eq!(sender.send(&whole, from, to).await, at(200, to, to == all), "the largest there may be");
    }
    assert!(sender.get(hash, "").await.bytes().await.unwrap() == whole);
}

#[tokio::test]
async fn without_a_session_nothing_is_read_or_taken() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let stranger = Browser { client: client(), url: server.url.clone() };
    let hash = BlobHash::of(b"pack");
    refusal(stranger.get(hash, "").await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
    refusal(stranger.put(hash, "bytes 0-3/4", b"pack").await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
    let sender = Browser::of(&server, "canbo1").await;
    refusal(sender.get(hash, "").await, StatusCode::NOT_FOUND, "not_found").await;
    refusal(sender.get(hash, "bytes=2-").await, StatusCode::NOT_FOUND, "not_found").await;
    assert_eq!(sender.send(b"pack", 0, 4).await, at(200, 4, true));
    refusal(stranger.get(hash, "").await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
}
