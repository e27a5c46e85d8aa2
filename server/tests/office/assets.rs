//! Tests of serving the app's files.

use reqwest::{Response, StatusCode};

use crate::harness::{Server, app_folder, client, demo_copy};

async fn get(server: &Server, path: &str, encodings: &str) -> Response {
    client().get(format!("{}{path}", server.url)).header("accept-encoding", encodings).send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn files_come_precompressed_and_are_kept_as_long_as_their_names_allow() {
    let (data, app) = (demo_copy().await, app_folder());
    let server = Server::start(data.path(), &["--static", app.path().to_str().unwrap()]);
    let script = "/assets/app.0123456789abcdef.js";
    for (encodings, encoding, body) in
        [("gzip, br", "br", "brotli bytes"), ("gzip", "gzip", "gzip bytes"), ("identity", "", "// plain script")]
    {
        let response = get(&server, script, encodings).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, "content-encoding"), encoding);
        assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(header(&response, "content-type"), "text/javascript");
        assert_eq!(response.text().await.unwrap(), body);
    }
    let wasm = get(&server, "/assets/app_bg.fedcba9876543210.wasm", "br").await;
    assert_eq!(header(&wasm, "content-type"), "application/wasm");
    for (path, kind) in [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/sw.js", "text/javascript"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ] {
        let response = get(&server, path, "br").await;
        assert_eq!((response.status(), header(&response, "cache-control")), (StatusCode::OK, "no-cache"), "{path}");
        assert_eq!(header(&response, "content-type"), kind, "{path}");
    }
}

#[tokio::test]
async fn addresses_inside_the_app_give_the_app_and_missing_files_do_not() {
    let (data, app) = (demo_copy().await, app_folder());
    let server = Server::start(data.path(), &["--static", app.path().to_str().unwrap()]);
    for path in ["/viec", "/cham-diem/0192a5c0-0000-7000-8000-000000000000", "/dang-nhap"] {
        let response = get(&server, path, "identity").await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert!(response.text().await.unwrap().contains("<title>app</title>"), "{path}");
    }
    for path in ["/assets/gone.0123456789abcdef.js", "/../congtam.sqlite3", "/%2e%2e/server.key", "/..%2fserver.key"] {
        let response = get(&server, path, "identity").await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(header(&response, "cache-control"), "no-store", "a missing file is not remembered: {path}");
    }
}

#[tokio::test]
async fn every_answer_forbids_what_the_app_never_does() {
    let (data, app) = (demo_copy().await, app_folder());
    let server = Server::start(data.path(), &["--static", app.path().to_str().unwrap()]);
    for path in ["/", "/v1/health", "/v1/session", "/assets/missing.js"] {
        let response = get(&server, path, "identity").await;
        let policy = header(&response, "content-security-policy");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "referrer-policy"), "no-referrer", "{path}");
    }
}
