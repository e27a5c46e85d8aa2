//! Tests of the limits on time and number, before and after sign-in.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use reqwest::{Client, StatusCode};

use crate::harness::{PASSWORD, Server, app_folder, client, demo_copy, refusal, session_cookie, sign_in};

/// The time for the server to read what was sent.
const SETTLE: Duration = Duration::from_millis(300);

fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap()
}

/// A request whose body never comes.
fn dawdle(server: &Server, path: &str, headers: &str) -> TcpStream {
    let mut stream = connect(server);
    let head = format!("POST {path} HTTP/1.1\r\nhost: {}\r\n{headers}content-length: 50\r\n\r\n", &server.url[7..]);
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// A sign-in whose body never comes.
fn dawdling_sign_in(server: &Server) -> TcpStream {
    dawdle(server, "/v1/session", "content-type: application/json\r\n")
}

/// An exchange of a signed-in person, whose body never comes.
async fn dawdling_exchange(server: &Server) -> TcpStream {
    let response = sign_in(&client(), &server.url, "canbo3", PASSWORD).await;
    let cookie = session_cookie(&response).split(';').next().unwrap().to_owned();
    dawdle(server, "/v1/sync", &format!("content-type: application/cbor\r\ncookie: {cookie}\r\n"))
}

/// Everything that arrives until the server closes the connection.
async fn last_words(mut stream: TcpStream) -> String {
    let read = tokio::task::spawn_blocking(move || {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut bytes = Vec::new();
        // A reset counts as an end.
        if let Err(error) = stream.read_to_end(&mut bytes) {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "the server waits on");
        }
        String::from_utf8(bytes).unwrap()
    });
    read.await.unwrap()
}

async fn health(server: &Server) -> StatusCode {
    client().get(format!("{}/v1/health", server.url)).send().await.unwrap().status()
}

#[tokio::test]
async fn a_request_that_dawdles_is_ended_in_words() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &["--request-seconds-max", "1"]);
    let answer = last_words(dawdling_exchange(&server).await).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("too_slow") && answer.contains("congtam: 1"), "{answer}");
}

#[tokio::test]
async fn d6_a_head_that_comes_byte_by_byte_and_a_connection_that_says_nothing_are_ended() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &["--head-seconds-max", "1", "--idle-seconds-max", "2"]);
    let silent = connect(&server);
    let mut slow = connect(&server);
    let dripping = tokio::task::spawn_blocking(move || {
        for byte in b"GET /v1/health HTTP/1.1\r\nhost: a\r\n".iter().cycle().take(600) {
            if slow.write_all(&[*byte]).is_err() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    });
    let mut idle = connect(&server);
    idle.write_all(b"GET /v1/health HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    assert_eq!(last_words(silent).await, "");
    assert!(dripping.await.unwrap(), "who drips is cut off");
    let answer = last_words(idle).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.matches("HTTP/1.1").count() == 1, "{answer}");
    assert_eq!(health(&server).await, StatusCode::OK);
}

#[tokio::test]
async fn d6_sign_ins_that_never_arrive_keep_nobody_waiting() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &["--head-seconds-max", "4"]);
    let dawdlers: Vec<TcpStream> = (0..200).map(|_| dawdling_sign_in(&server)).collect();
    std::thread::sleep(SETTLE);
    assert_eq!(sign_in(&client(), &server.url, "canbo1", PASSWORD).await.status(), StatusCode::OK);
    for dawdler in dawdlers.into_iter().take(3) {
        let answer = last_words(dawdler).await;
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("too_slow"), "{answer}");
    }
}

#[tokio::test]
async fn d6_bodies_that_nobody_signed_in_sends_are_not_waited_for() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    for path in ["/v1/sync", "/v1/devices"] {
        let answer = last_words(dawdle(&server, path, "content-type: application/cbor\r\nconnection: close\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("not_signed_in"), "{answer}");
    }
    let large = client().post(format!("{}/v1/session", server.url)).header("content-type", "application/json");
    let refused = large.body(vec![b' '; 20_000]).send().await.unwrap();
    refusal(refused, StatusCode::PAYLOAD_TOO_LARGE, "too_large").await;
}

#[tokio::test]
async fn d6_more_connections_than_allowed_wait_until_one_ends() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &["--connections-max", "4", "--head-seconds-max", "3"]);
    let held: Vec<TcpStream> = (0..4).map(|_| connect(&server)).collect();
    std::thread::sleep(SETTLE);
    let one = Client::builder().timeout(Duration::from_millis(700)).build().unwrap();
    let url = format!("{}/v1/health", server.url);
    assert!(one.get(&url).send().await.is_err(), "no place is free");
    // Connections that send nothing are closed after three seconds.
    let patient = client().get(&url).timeout(Duration::from_secs(60)).send().await.unwrap();
    assert_eq!(patient.status(), StatusCode::OK);
    drop(held);
}

/// The peak memory of a process in kilobytes.
#[cfg(target_os = "linux")]
fn peak_kib(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn d6_many_sign_ins_at_once_do_not_make_the_server_grow() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    assert_eq!(sign_in(&client(), &server.url, "canbo1", PASSWORD).await.status(), StatusCode::OK);
    let before = peak_kib(&server);
    let attempts: Vec<_> = (0..240)
        .map(|n| {
            let url = server.url.clone();
            tokio::spawn(async move {
                let (client, name) = (client(), format!("nobody{n}"));
                let attempt = sign_in(&client, &url, &name, "guess");
                // Some clients close the connection early.
                let patience = Duration::from_millis(if n % 4 == 0 { 50 } else { 60_000 });
                tokio::time::timeout(patience, attempt).await.is_ok()
            })
        })
        .collect();
    for attempt in attempts {
        attempt.await.unwrap();
    }
    let grown = peak_kib(&server) - before;
    println!("{before} KiB before, {grown} KiB more after 240 sign-ins at once");
    assert!(grown < 80 * 1024, "{grown} KiB more");
}

#[tokio::test]
async fn when_nobody_more_may_wait_the_next_is_told_to_come_again_and_health_still_answers() {
    let data = demo_copy().await;
    let app = app_folder();
    let server = Server::start(data.path(), &["--requests-max", "1", "--static", app.path().to_str().unwrap()]);
    let show = || client().get(format!("{}/v1/session", server.url)).send();
    // One has the turn, and sixteen wait for it.
    let mut dawdlers = Vec::new();
    for _ in 0..17 {
        dawdlers.push(dawdling_exchange(&server).await);
    }
    // They count once the server has read their heads.
    std::thread::sleep(SETTLE);
    let response = show().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "5");
    refusal(response, StatusCode::SERVICE_UNAVAILABLE, "busy").await;
    assert_eq!(health(&server).await, StatusCode::OK);
    let page = client().get(&server.url).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK, "the app's files have turns of their own");
    let response = sign_in(&client(), &server.url, "canbo1", PASSWORD).await;
    assert_eq!(response.status(), StatusCode::OK, "so have sign-ins");
    drop(dawdlers);
    let response = show().await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "a closed connection gives its turn back");
}

#[tokio::test]
async fn who_waits_is_served_when_a_turn_is_free_and_is_told_to_come_again_when_none_is_for_long() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &["--requests-max", "1", "--request-seconds-max", "4"]);
    let dawdler = dawdling_exchange(&server).await;
    std::thread::sleep(SETTLE);
    let show = || client().get(format!("{}/v1/session", server.url)).send();
    refusal(show().await.unwrap(), StatusCode::SERVICE_UNAVAILABLE, "busy").await;
    drop(dawdler);
    let many: Vec<_> = (0..16).map(|_| tokio::spawn(show())).collect();
    for response in many {
        assert_eq!(response.await.unwrap().unwrap().status(), StatusCode::UNAUTHORIZED);
    }
}
