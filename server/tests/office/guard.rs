//! Limits of time and number.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use reqwest::StatusCode;

use crate::harness::{PASSWORD, Server, app_folder, client, demo_copy, refusal, sign_in};

/// A request whose body never comes.
fn dawdle(server: &Server) -> TcpStream {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = "POST /v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

#[tokio::test]
async fn a_request_that_dawdles_is_ended_in_words() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &["--request-seconds-max", "1"]);
    let mut stream = dawdle(&server);
    let answer = tokio::task::spawn_blocking(move || {
        let mut bytes = [0; 4096];
        let length = stream.read(&mut bytes).unwrap();
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    });
    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("too_slow") && answer.contains("congtam: 1"), "{answer}");
}

#[tokio::test]
async fn when_nobody_more_may_wait_the_next_is_told_to_come_again_and_health_still_answers() {
    let data = demo_copy().await;
    let app = app_folder();
    let server = Server::start(data.path(), &["--requests-max", "1", "--static", app.path().to_str().unwrap()]);
    // One has the turn, sixteen wait for it.
    let dawdlers: Vec<TcpStream> = (0..17).map(|_| dawdle(&server)).collect();
    // They are there when the server has read their heads.
    std::thread::sleep(std::time::Duration::from_millis(300));
    let response = sign_in(&client(), &server.url, "canbo1", PASSWORD).await;
    assert_eq!(response.headers()["retry-after"], "5");
    refusal(response, StatusCode::SERVICE_UNAVAILABLE, "busy").await;
    let health = client().get(format!("{}/v1/health", server.url)).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    let page = client().get(&server.url).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK, "the app's files have turns of their own");
    drop(dawdlers);
    let response = sign_in(&client(), &server.url, "canbo1", PASSWORD).await;
    assert_eq!(response.status(), StatusCode::OK, "a closed connection gives its turn back");
}

#[tokio::test]
async fn who_waits_is_served_when_a_turn_is_free_and_is_told_to_come_again_when_none_is_for_long() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &["--requests-max", "1", "--request-seconds-max", "4"]);
    let dawdler = dawdle(&server);
    std::thread::sleep(std::time::Duration::from_millis(300));
    let response = sign_in(&client(), &server.url, "canbo1", PASSWORD).await;
    refusal(response, StatusCode::SERVICE_UNAVAILABLE, "busy").await;
    drop(dawdler);
    let many: Vec<_> =
        (0..16).map(|_| tokio::spawn(client().get(format!("{}/v1/session", server.url)).send())).collect();
    for response in many {
        assert_eq!(response.await.unwrap().unwrap().status(), StatusCode::UNAUTHORIZED);
    }
}
