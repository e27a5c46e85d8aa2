//! Tests of `congtam account` and `/v1/password`: what happens to an account after it was made.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use server::open_directory::{self, OpenDirectory};
use shared::op::{Payload, Target};
use shared::org::Post;
use shared::time::Day;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use crate::harness::{
    Demo, Device, PASSWORD, Server, binary, client, demo_copy, open_month, refusal, session_cookie, sign_in,
};
use crate::sync::free_work;

/// A password that nobody else would try.
const OWN: &str = "mèo nhà tôi hay ngủ trưa";

fn account(data: &Path, arguments: &[&str]) -> Output {
    let lang = if arguments.contains(&"--lang") { vec![] } else { vec!["--lang", "en"] };
    binary().arg("account").args(arguments).arg("--data").arg(data).args(lang).output().unwrap()
}

fn printed(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// The cells of the row whose first cell is the given one.
fn cells(table: &str, first: &str) -> Vec<String> {
    let row = table
        .lines()
        .find(|line| line.split("  ").next() == Some(first))
        .unwrap_or_else(|| panic!("{first} in {table}"));
    row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
}

async fn who(client: &Client, server: &Server) -> Response {
    client.get(format!("{}/v1/session", server.url)).send().await.unwrap()
}

async fn change(client: &Client, server: &Server, old: &str, new: &str) -> Response {
    client.put(format!("{}/v1/password", server.url)).json(&json!({ "old": old, "new": new })).send().await.unwrap()
}

#[tokio::test]
async fn case_11_a_forgotten_password_is_replaced_beside_a_running_server() {
    let data = demo_copy().await;
    let server = data.serve();
    let mut device = Device::of(&server, "canbo1", 1).await;
    device.sync().await;
    let key = device.card(open_month());
    let unsent = device.on_card(&key, &Payload::AssignWork(vec![free_work("Việc chưa gửi")]));

    let said = printed(&account(data.path(), &["reset", "CanBo1"]));
    let row = cells(&said, "canbo1");
    let first = row.last().unwrap();
    assert!(said.contains("1 sessions ended") && said.contains("Unsent work stays"), "{said}");
    refusal(who(&device.client, &server).await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
    let old = sign_in(&client(), &server.url, "canbo1", PASSWORD).await;
    refusal(old, StatusCode::UNAUTHORIZED, "wrong_credentials").await;

    let signed_in = sign_in(&device.client, &server.url, "canbo1", first).await;
    assert_eq!(signed_in.status(), StatusCode::OK, "the new first password: {first}");
    device.sync().await;
    assert!(device.replica.own().any(|own| own.id == unsent && own.receipt.is_some()), "unsent work went out");
    assert_eq!(change(&device.client, &server, first, OWN).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(sign_in(&client(), &server.url, "canbo1", OWN).await.status(), StatusCode::OK);
    let listed = cells(&printed(&account(data.path(), &["list"])), "canbo1");
    assert!(listed.last().unwrap().starts_with("changed "), "{listed:?}");
}

#[tokio::test]
async fn d4_changing_the_password_ends_every_other_session_and_this_one_goes_on() {
    let data = demo_copy().await;
    let server = data.serve();
    let (here, elsewhere) = (client(), client());
    for browser in [&here, &elsewhere] {
        assert_eq!(sign_in(browser, &server.url, "canbo2", PASSWORD).await.status(), StatusCode::OK);
    }
    let changed = change(&here, &server, PASSWORD, OWN).await;
    assert_eq!(changed.status(), StatusCode::NO_CONTENT);
    assert!(session_cookie(&changed).contains("HttpOnly"), "under another token");
    assert_eq!(who(&here, &server).await.status(), StatusCode::OK);
    refusal(who(&elsewhere, &server).await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
    refusal(sign_in(&client(), &server.url, "canbo2", PASSWORD).await, StatusCode::UNAUTHORIZED, "wrong_credentials")
        .await;
}

/// Changes an account while its person changes the password. The change begins before the person's request and ends
/// before the answer.
async fn change_overtaken(deed: &'static str, status: StatusCode, code: &str) -> (Value, String, Option<i64>) {
    let data = demo_copy().await;
    let server = data.serve();
    let browser = client();
    assert_eq!(sign_in(&browser, &server.url, "canbo2", PASSWORD).await.status(), StatusCode::OK);
    let options = SqliteConnectOptions::new().filename(data.dir().database());
    let mut office = options.connect().await.unwrap();
    let mut under_way = office.begin().await.unwrap();
    sqlx::query(deed).execute(&mut *under_way).await.unwrap();
    let url = server.url.clone();
    let body = json!({ "old": PASSWORD, "new": OWN });
    let asked =
        tokio::spawn(async move { browser.put(format!("{url}/v1/password")).json(&body).send().await.unwrap() });
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    under_way.commit().await.unwrap();
    let answer = refusal(asked.await.unwrap(), status, code).await;
    let kept = sqlx::query("SELECT password_hash, disabled_at_ms FROM accounts WHERE username = 'canbo2'");
    let row = kept.fetch_one(&mut office).await.unwrap();
    (answer, row.get("password_hash"), row.get("disabled_at_ms"))
}

#[tokio::test]
async fn d4_a_password_chosen_while_the_account_is_closed_does_not_open_it() {
    let deed = "UPDATE accounts SET disabled_at_ms = 5 WHERE username = 'canbo2'";
    let (error, _, closed) = change_overtaken(deed, StatusCode::FORBIDDEN, "account_closed").await;
    assert_eq!((&error["found"], closed), (&json!("disabled"), Some(5)));
}

#[tokio::test]
async fn d4_a_password_chosen_while_the_office_gives_another_does_not_undo_it() {
    let deed = "UPDATE accounts SET password_hash = '$argon2id$given', password_changed_at_ms = NULL WHERE username = 'canbo2'";
    let (_, hash, _) = change_overtaken(deed, StatusCode::UNAUTHORIZED, "not_signed_in").await;
    assert_eq!(hash, "$argon2id$given");
}

#[tokio::test]
async fn d4_a_password_that_is_guessed_first_is_refused_with_its_reason() {
    let data = demo_copy().await;
    let server = data.serve();
    let browser = client();
    assert_eq!(sign_in(&browser, &server.url, "canbo2", PASSWORD).await.status(), StatusCode::OK);
    for (new, found) in [
        ("ngắn", "short"),
        ("Matkhau@2026", "common"),
        ("canbo2-2026", "name"),
        (PASSWORD, "same"),
        ("12345678", "common"),
    ] {
        let refused = change(&browser, &server, PASSWORD, new).await;
        let error = refusal(refused, StatusCode::UNPROCESSABLE_ENTITY, "weak_password").await;
        assert_eq!((&error["field"], &error["found"]), (&json!("new"), &json!(found)), "{new}");
    }
    let wrong = change(&browser, &server, "not mine", OWN).await;
    refusal(wrong, StatusCode::UNAUTHORIZED, "wrong_credentials").await;
    refusal(change(&client(), &server, PASSWORD, OWN).await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
    for _ in 0..4 {
        change(&browser, &server, "guess", OWN).await;
    }
    let waiting = change(&browser, &server, PASSWORD, OWN).await;
    refusal(waiting, StatusCode::TOO_MANY_REQUESTS, "too_many_attempts").await;
    let elsewhere = sign_in(&client(), &server.url, "canbo2", PASSWORD).await;
    assert_eq!(elsewhere.status(), StatusCode::OK, "whoever finds a tablet open locks nobody out");
}

#[tokio::test]
async fn d4_a_closed_account_stops_working_at_once_and_signs_in_no_more() {
    let data = demo_copy().await;
    let server = data.serve();
    let browser = client();
    assert_eq!(sign_in(&browser, &server.url, "canbo3", PASSWORD).await.status(), StatusCode::OK);
    let said = printed(&account(data.path(), &["disable", "canbo3"]));
    assert!(cells(&said, "canbo3").last().unwrap().starts_with("closed since "), "{said}");
    refusal(who(&browser, &server).await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
    let right = sign_in(&client(), &server.url, "canbo3", PASSWORD).await;
    let error = refusal(right, StatusCode::FORBIDDEN, "account_closed").await;
    assert_eq!(error["found"], "disabled");
    let wrong = sign_in(&client(), &server.url, "canbo3", "guess").await;
    refusal(wrong, StatusCode::UNAUTHORIZED, "wrong_credentials").await;
    let said = printed(&account(data.path(), &["reset", "canbo3"]));
    let first = cells(&said, "canbo3").pop().unwrap();
    assert_eq!(sign_in(&client(), &server.url, "canbo3", &first).await.status(), StatusCode::OK, "opened again");
}

/// Ends every post of a person on a day.
async fn end_posts(data: &Demo, username: &str, last: Day) {
    let office = OpenDirectory::open(&data.dir()).await.unwrap();
    let person = office.store.account(username).await.unwrap().unwrap().account.person;
    let folded = open_directory::fold(&data.dir()).await.unwrap();
    let held = folded.state().org.posts().filter(|post| post.person == person);
    let ended = held.map(|post| (Target::Org, Payload::PutPost(Post { to: Some(last), ..post.clone() }))).collect();
    office.write(ended).await.unwrap();
    office.store.close().await;
}

fn days_from_today(days: u64) -> Day {
    shared::time::Millis(server::clock::now().0 - days * 86_400_000).day()
}

#[tokio::test]
async fn d4_whose_posts_are_over_signs_in_no_more_and_sessions_stop_working() {
    let data = demo_copy().await;
    let mut server = data.serve();
    let (leaving, last_day) = (client(), client());
    assert_eq!(sign_in(&leaving, &server.url, "canbo4", PASSWORD).await.status(), StatusCode::OK);
    assert_eq!(sign_in(&last_day, &server.url, "canbo5", PASSWORD).await.status(), StatusCode::OK);
    server.kill();
    end_posts(&data, "canbo4", days_from_today(1)).await;
    end_posts(&data, "canbo5", days_from_today(0)).await;
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let server = Server::start(data.path(), &["--port", &port]);
    refusal(who(&leaving, &server).await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
    let refused = sign_in(&client(), &server.url, "canbo4", PASSWORD).await;
    assert_eq!(refusal(refused, StatusCode::FORBIDDEN, "account_closed").await["found"], "no_post");
    assert_eq!(who(&last_day, &server).await.status(), StatusCode::OK, "the last day is a day of work");
    let listed = printed(&account(data.path(), &["list", "--lang", "vi"]));
    assert!(cells(&listed, "canbo4").contains(&"đã thôi giữ vị trí".to_owned()), "{listed}");
}

#[tokio::test]
async fn d4_a_sign_in_ends_the_session_that_the_browser_had_whoever_it_was_for() {
    let data = demo_copy().await;
    let server = data.serve();
    let browser = client();
    let first = sign_in(&browser, &server.url, "canbo1", PASSWORD).await;
    let cookie = session_cookie(&first).split(';').next().unwrap().to_owned();
    assert_eq!(sign_in(&browser, &server.url, "canbo2", PASSWORD).await.status(), StatusCode::OK);
    let url = format!("{}/v1/session", server.url);
    let old = client().get(&url).header("cookie", cookie).send().await.unwrap();
    refusal(old, StatusCode::UNAUTHORIZED, "not_signed_in").await;
    let who: Value = who(&browser, &server).await.json().await.unwrap();
    assert!(who["person"].is_string());
}

#[tokio::test]
async fn d4_sessions_and_devices_are_listed_in_both_languages() {
    let data = demo_copy().await;
    let server = data.serve();
    let mut device = Device::of(&server, "canbo1", 1).await;
    device.sync().await;
    let key = device.card(open_month());
    device.on_card(&key, &Payload::AssignWork(vec![free_work("Việc")]));
    device.sync().await;
    let sessions = printed(&account(data.path(), &["sessions", "canbo1"]));
    assert!(sessions.starts_with("Since") && sessions.contains("127.0.0.1"), "{sessions}");
    let devices = printed(&account(data.path(), &["devices", "canbo1", "--lang", "vi"]));
    let (heading, row) = devices.split_once('\n').unwrap();
    assert!(heading.starts_with("Máy") && heading.contains("Gửi việc lần cuối"), "{heading}");
    assert!(row.contains("test") && row.matches('/').count() >= 4, "registered and last heard of: {row}");
    let listed = printed(&account(data.path(), &["list", "--lang", "vi"]));
    assert!(cells(&listed, "canbo1").ends_with(&["đang dùng".to_owned(), "mật khẩu đầu tiên".to_owned()]), "{listed}");
    for (lang, words) in [("vi", "không có tài khoản nào"), ("en", "allowed the name of an account")] {
        let unknown = account(data.path(), &["reset", "nobody", "--lang", lang]);
        assert_eq!(unknown.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&unknown.stderr).contains(words));
    }
    let by_environment =
        binary().args(["account", "list", "--data"]).arg(data.path()).env("LANG", "en_GB.UTF-8").output().unwrap();
    assert!(printed(&by_environment).starts_with("User"));
}

/// Takes a database back to the schema from before accounts could be closed.
const OLDER: &str = "DROP INDEX sessions_by_person; ALTER TABLE sessions DROP COLUMN address;
    ALTER TABLE accounts DROP COLUMN password_changed_at_ms; ALTER TABLE accounts DROP COLUMN disabled_at_ms;
    DROP TABLE blob_parts; DROP TABLE blobs; DELETE FROM _sqlx_migrations WHERE version > 2;";

#[tokio::test]
async fn an_account_of_an_older_office_is_changed_where_no_server_runs() {
    let data = demo_copy().await;
    let mut older = SqliteConnectOptions::new().filename(data.dir().database()).connect().await.unwrap();
    sqlx::raw_sql(OLDER).execute(&mut older).await.unwrap();
    older.close().await.unwrap();
    let said = printed(&account(data.path(), &["disable", "canbo1"]));
    assert!(said.contains("closed since"), "brought up to date first: {said}");
}

#[tokio::test]
async fn the_schema_of_a_database_server_is_not_changed_under_its_servers() {
    let cluster = crate::cluster::Cluster::start();
    let data = Demo::made_on_server(cluster.database().await).await;
    let url = data.dir().server().unwrap().clone();
    let mut older = url.options().unwrap().connect().await.unwrap();
    sqlx::raw_sql(OLDER).execute(&mut older).await.unwrap();
    for what in [&["disable", "canbo1"][..], &["list"]] {
        let refused = account(data.path(), &[what, &["--database", &url.to_string()]].concat());
        let words = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && words.contains("found version 2") && words.contains("serve"), "{words}");
    }
    let version: i64 =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut older).await.unwrap();
    assert_eq!(version, 2);
}

#[tokio::test]
async fn d4_on_a_database_server_too() {
    let cluster = crate::cluster::Cluster::start();
    let data = Demo::made_on_server(cluster.database().await).await;
    let server = data.serve();
    let browser = client();
    assert_eq!(sign_in(&browser, &server.url, "canbo1", PASSWORD).await.status(), StatusCode::OK);
    let url = data.dir().server().unwrap().to_string();
    let said = printed(&account(data.path(), &["reset", "canbo1", "--database", &url]));
    let first = cells(&said, "canbo1").pop().unwrap();
    refusal(who(&browser, &server).await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
    assert_eq!(sign_in(&browser, &server.url, "canbo1", &first).await.status(), StatusCode::OK);
    assert_eq!(change(&browser, &server, &first, OWN).await.status(), StatusCode::NO_CONTENT);
    assert!(printed(&account(data.path(), &["disable", "canbo1", "--database", &url])).contains("closed since"));
    refusal(who(&browser, &server).await, StatusCode::UNAUTHORIZED, "not_signed_in").await;
}
