//! Tests of `/v1/session`.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, Server, client, demo_copy, refusal, session_cookie, sign_in};

#[tokio::test]
async fn signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let client = client();
    let response = sign_in(&client, &server.url, "  CanBo1 ", PASSWORD).await;
    assert_eq!(response.status(), StatusCode::OK, "names are trimmed and compared in lower case");
    let cookie = session_cookie(&response);
    for part in ["congtam_session=", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=7776000"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Secure"));
    let who: Value = response.json().await.unwrap();
    assert_eq!(who["server_key"].as_str().unwrap().len(), 64);
    let again: Value = client.get(format!("{}/v1/session", server.url)).send().await.unwrap().json().await.unwrap();
    assert_eq!(again["person"], who["person"]);
    assert_eq!(again["name"], who["name"]);
}

#[tokio::test]
async fn behind_tls_the_cookie_is_secure() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &["--secure-cookie", "--session-days", "1"]);
    let response = sign_in(&client(), &server.url, "canbo1", PASSWORD).await;
    let cookie = session_cookie(&response);
    assert!(cookie.contains("Secure") && cookie.contains("Max-Age=86400"), "{cookie}");
}

#[tokio::test]
async fn signing_out_ends_the_session_at_the_office_too() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let browser = client();
    let response = sign_in(&browser, &server.url, "canbo1", PASSWORD).await;
    let cookie = session_cookie(&response).split(';').next().unwrap().to_owned();
    let url = format!("{}/v1/session", server.url);
    assert_eq!(browser.delete(&url).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    refusal(browser.get(&url).send().await.unwrap(), StatusCode::UNAUTHORIZED, "not_signed_in").await;
    let thief = client().get(&url).header("cookie", cookie).send().await.unwrap();
    refusal(thief, StatusCode::UNAUTHORIZED, "not_signed_in").await;
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_look_alike() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    for (username, password) in [("canbo1", "wrong"), ("nobody", PASSWORD)] {
        let response = sign_in(&client(), &server.url, username, password).await;
        assert!(response.headers().get("set-cookie").is_none());
        let error = refusal(response, StatusCode::UNAUTHORIZED, "wrong_credentials").await;
        assert_eq!(error, json!({ "code": "wrong_credentials" }));
    }
}

#[tokio::test]
async fn guessing_has_to_wait_and_others_do_not() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    for _ in 0..5 {
        let response = sign_in(&client(), &server.url, "canbo2", "guess").await;
        refusal(response, StatusCode::UNAUTHORIZED, "wrong_credentials").await;
    }
    let response = sign_in(&client(), &server.url, "canbo2", PASSWORD).await;
    let seconds: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&seconds), "{seconds}");
    refusal(response, StatusCode::TOO_MANY_REQUESTS, "too_many_attempts").await;
    assert_eq!(sign_in(&client(), &server.url, "canbo1", PASSWORD).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn bodies_that_are_not_credentials_are_named() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let url = format!("{}/v1/session", server.url);
    let post = |body: &'static str, kind: &'static str| client().post(&url).header("content-type", kind).body(body);
    let json = "application/json";
    let plain = post("{}", "text/plain").send().await.unwrap();
    refusal(plain, StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_type").await;
    for body in ["{", "{}", r#"{"username":"a","password":"b","admin":true}"#, "[]"] {
        let error = refusal(post(body, json).send().await.unwrap(), StatusCode::BAD_REQUEST, "invalid").await;
        assert_eq!(error["field"], "body", "{body}");
    }
    let empty = post(r#"{"username":" ","password":"b"}"#, json).send().await.unwrap();
    assert_eq!(refusal(empty, StatusCode::BAD_REQUEST, "invalid").await["field"], "username");
}

#[tokio::test]
async fn addresses_that_do_not_exist_answer_as_ours() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let get = |path: &str| client().get(format!("{}{path}", server.url)).send();
    refusal(get("/v1/nothing").await.unwrap(), StatusCode::NOT_FOUND, "not_found").await;
    refusal(get("/v1/sync").await.unwrap(), StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed").await;
    let health = get("/v1/health").await.unwrap();
    assert_eq!((health.status(), health.headers()["congtam"].as_bytes()), (StatusCode::OK, &b"1"[..]));
    assert_eq!(health.headers()["cache-control"], "no-store");
    let ready: Value = get("/v1/ready").await.unwrap().json().await.unwrap();
    assert!(ready["log_end"].as_u64().unwrap() > 800, "{ready}");
}

/// Signs in through a proxy that names its client.
async fn sign_in_from(server: &Server, address: &str, password: &str) -> reqwest::Response {
    let request = client().post(format!("{}/v1/session", server.url)).header("x-forwarded-for", address);
    request.json(&json!({ "username": "canbo2", "password": password })).send().await.unwrap()
}

#[tokio::test]
async fn d6_a_proxy_is_not_one_client_and_a_guesser_does_not_lock_the_owner_out() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &["--trusted-proxy", "127.0.0.0/8"]);
    for _ in 0..5 {
        let guess = sign_in_from(&server, "203.0.113.7", "guess").await;
        refusal(guess, StatusCode::UNAUTHORIZED, "wrong_credentials").await;
    }
    let stopped = sign_in_from(&server, "203.0.113.7", PASSWORD).await;
    refusal(stopped, StatusCode::TOO_MANY_REQUESTS, "too_many_attempts").await;
    let spoofed = sign_in_from(&server, "198.51.100.1, 203.0.113.7", PASSWORD).await;
    refusal(spoofed, StatusCode::TOO_MANY_REQUESTS, "too_many_attempts").await;
    let owner = sign_in_from(&server, "198.51.100.20", PASSWORD).await;
    assert_eq!(owner.status(), StatusCode::OK, "the owner, from elsewhere");
    let cookie = session_cookie(&owner);
    assert!(cookie.starts_with("__Host-congtam_session=") && cookie.contains("; Secure"), "through a proxy: {cookie}");
}

#[tokio::test]
async fn d6_a_neighbour_behind_the_same_address_does_not_lock_a_known_browser_out() {
    let data = demo_copy().await;
    let server = Server::start(data.path(), &[]);
    let own = client();
    assert_eq!(sign_in(&own, &server.url, "canbo2", PASSWORD).await.status(), StatusCode::OK);
    for _ in 0..5 {
        sign_in(&client(), &server.url, "canbo2", "guess").await;
    }
    let strange = sign_in(&client(), &server.url, "canbo2", PASSWORD).await;
    refusal(strange, StatusCode::TOO_MANY_REQUESTS, "too_many_attempts").await;
    assert_eq!(sign_in(&own, &server.url, "canbo2", PASSWORD).await.status(), StatusCode::OK);
    // The proofs of that browser do not help to guess somebody else's password.
    for _ in 0..5 {
        sign_in(&own, &server.url, "canbo3", "guess").await;
    }
    let guessing = sign_in(&own, &server.url, "canbo3", PASSWORD).await;
    refusal(guessing, StatusCode::TOO_MANY_REQUESTS, "too_many_attempts").await;
}

#[tokio::test]
async fn d8_failed_sign_ins_stand_in_the_log_with_their_address_and_no_name() {
    let data = demo_copy().await;
    let log = data.path().join("log");
    let file = std::fs::File::create(&log).unwrap();
    let mut command = crate::harness::binary();
    command.args(["serve", "--port", "0", "--trusted-proxy", "127.0.0.1", "--data"]).arg(data.path()).stderr(file);
    let server = Server::spawned(&mut command);
    sign_in_from(&server, "203.0.113.7", "guess").await;
    let body = json!({ "username": "matkhaucuatoi", "password": "x" });
    let typed_wrong = client().post(format!("{}/v1/session", server.url)).header("x-forwarded-for", "203.0.113.8");
    typed_wrong.json(&body).send().await.unwrap();
    let lines = std::fs::read_to_string(&log).unwrap();
    let failed: Vec<&str> = lines.lines().filter(|line| line.contains("sign-in failed")).collect();
    assert!(failed.iter().any(|line| line.contains("203.0.113.7") && line.contains("wrong password")), "{lines}");
    assert!(failed.iter().any(|line| line.contains("203.0.113.8") && line.contains("no such account")), "{lines}");
    assert!(!lines.contains("matkhaucuatoi") && !lines.contains("guess"), "{lines}");
}
