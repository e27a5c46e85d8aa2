//! Tests of a folder that is not the office's, a key that is not its key, a disk that is full or damaged. Each is
//! reported at the start or by `/v1/ready`, and never repaired with something new.

use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;
use shared::op::Payload;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use crate::harness::{Demo, Device, Server, binary, client, demo_copy, open_month, refusal};
use crate::sync::free_work;

fn start(data: &Path, more: &[&str]) -> Output {
    binary().args(["serve", "--port", "0", "--data"]).arg(data).args(more).output().unwrap()
}

/// The message with which a start is refused. Nothing in the folder may change.
fn refused(data: &Path) -> String {
    let before = files(data);
    let output = start(data, &[]);
    assert!(!output.status.success());
    let after: Vec<String> = files(data).into_iter().filter(|name| !name.ends_with(".lock")).collect();
    assert_eq!(after, before.into_iter().filter(|name| !name.ends_with(".lock")).collect::<Vec<_>>(), "nothing new");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The present state, not the finding of a moment ago.
async fn ready(server: &Server) -> (StatusCode, Value) {
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    ask_ready(server).await
}

async fn ask_ready(server: &Server) -> (StatusCode, Value) {
    let response = client().get(format!("{}/v1/ready", server.url)).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn d7_a_mistyped_folder_is_no_new_office() {
    let folder = tempfile::TempDir::new().unwrap();
    let mistyped = folder.path().join("dta");
    let words = refused(&mistyped);
    assert!(words.contains("found no office") && words.contains("--init"), "{words}");
    assert!(!mistyped.exists());
    std::fs::create_dir(&mistyped).unwrap();
    assert!(refused(&mistyped).contains("found no office"));
    let server = Server::start(&mistyped, &["--init"]);
    assert_eq!(ready(&server).await.0, StatusCode::OK);
    drop(server);
    let again = Server::start(&mistyped, &[]);
    assert_eq!(ready(&again).await.0, StatusCode::OK, "made once, it starts without");
    for command in [&["account", "list"][..], &["export", "cards", "--period", "2026-10"]] {
        let elsewhere = binary().args(command).arg("--data").arg(folder.path().join("nowhere")).output().unwrap();
        assert!(!elsewhere.status.success() && !folder.path().join("nowhere").exists());
    }
}

#[tokio::test]
async fn d7_a_lost_key_is_not_replaced_in_silence() {
    let data = demo_copy().await;
    let key = data.path().join("server.key");
    let bytes = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let copy = data.path().join("copy");
    let backup = ["backup", "--to", copy.to_str().unwrap()];
    for command in [&["serve", "--port", "0"][..], &["serve", "--port", "0", "--init"], &backup] {
        let output = binary().args(command).arg("--data").arg(data.path()).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && words.contains("server.key") && words.contains("found none"),
            "{command:?}: {words}"
        );
        assert!(!key.exists() && !copy.exists(), "{command:?} made something");
    }
    std::fs::write(&key, [9; 32]).unwrap();
    assert!(refused(data.path()).contains("is not the one this database knows"), "another folder's key");
    std::fs::write(&key, b"short").unwrap();
    assert!(refused(data.path()).contains("found 5 bytes"));
    std::fs::write(&key, bytes).unwrap();
    assert_eq!(ready(&data.serve()).await.0, StatusCode::OK);
}

#[tokio::test]
async fn d7_a_lost_database_is_not_replaced_in_silence() {
    let data = demo_copy().await;
    std::fs::remove_file(data.path().join("congtam.sqlite3")).unwrap();
    for command in [&["serve", "--port", "0"][..], &["serve", "--port", "0", "--init"], &["demo"]] {
        let output = binary().args(command).arg("--data").arg(data.path()).output().unwrap();
        let words = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(!output.status.success() && words.contains("congtam.sqlite3"), "{command:?}: {words}");
        assert!(!data.path().join("congtam.sqlite3").exists(), "{command:?} made a database");
    }
}

#[tokio::test]
async fn d7_on_a_database_server_neither() {
    let cluster = crate::cluster::Cluster::start();
    let url = cluster.database().await;
    let data = Demo::made_on_server(url.clone()).await;
    let elsewhere = tempfile::TempDir::new().unwrap();
    let at = ["--database", &url.to_string()];
    let output = start(elsewhere.path(), &at);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && words.contains("server.key"), "{words}");
    assert!(files(elsewhere.path()).iter().all(|name| name.ends_with(".lock")), "no key was drawn");
    let empty = cluster.database().await;
    let output = start(elsewhere.path(), &["--database", &empty.to_string()]);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && words.contains("--init"), "{words}");
    assert_eq!(ready(&data.serve()).await.0, StatusCode::OK);
}

#[tokio::test]
async fn d6_asking_in_a_loop_whether_the_server_is_ready_writes_nothing_more() {
    let data = demo_copy().await;
    let server = data.serve();
    let mut beside = SqliteConnectOptions::new().filename(data.dir().database()).connect().await.unwrap();
    for _ in 0..5 {
        let begun = server::clock::now().0;
        assert_eq!(ready(&server).await.0, StatusCode::OK);
        // The number changes whenever somebody else has written.
        let before: i64 = sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut beside).await.unwrap();
        for _ in 0..30 {
            assert_eq!(ask_ready(&server).await.0, StatusCode::OK);
        }
        let after: i64 = sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut beside).await.unwrap();
        if server::clock::now().0 - begun < 4_000 {
            assert_eq!(after, before);
            return;
        }
    }
    panic!("thirty answers took two seconds, five times");
}

/// Overwrites a page as a failing disk might.
fn spoil(file: &Path, page: u64) {
    let mut file = std::fs::File::options().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(page * 4096)).unwrap();
    file.write_all(&[0xa5; 4096]).unwrap();
}

#[tokio::test]
async fn d7_a_damaged_page_is_found_at_the_start_wherever_it_is() {
    let data = demo_copy().await;
    let database = data.path().join("congtam.sqlite3");
    let whole = std::fs::read(&database).unwrap();
    let pages = whole.len() as u64 / 4096;
    let mut found = 0;
    let tried: Vec<u64> = (1..pages).step_by(usize::try_from(pages / 24).unwrap().max(1)).collect();
    for page in &tried {
        std::fs::write(&database, &whole).unwrap();
        spoil(&database, *page);
        if let Some(words) = refusal_to_start(data.path()) {
            assert!(words.contains("damaged") || words.contains("malformed"), "page {page}: {words}");
            found += 1;
        }
    }
    // A page on SQLite's list of free pages holds nothing that could be lost.
    println!("{found} of {} damaged pages found at the start", tried.len());
    assert!(found + 1 >= tried.len(), "{found} of {}", tried.len());
    std::fs::write(&database, &whole).unwrap();
    assert_eq!(ready(&data.serve()).await.0, StatusCode::OK);
}

/// Why the server does not start. None when it does.
fn refusal_to_start(data: &Path) -> Option<String> {
    let mut command = binary();
    command.args(["serve", "--port", "0", "--data"]).arg(data).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let up = lines.any(|line| line.starts_with("listening on "));
    if up {
        child.kill().unwrap();
    }
    let output = child.wait_with_output().unwrap();
    (!up).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A server whose files may not grow beyond this many blocks of 512 bytes.
#[cfg(unix)]
fn confined(data: &Path, blocks: u32) -> Server {
    let script = format!(r#"trap '' XFSZ; ulimit -f {blocks}; exec "$@""#);
    let mut command = Command::new("sh");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_congtam"), "serve", "--port", "0", "--log-filter", "off"]);
    Server::spawned(command.arg("--data").arg(data))
}

#[cfg(unix)]
#[tokio::test]
async fn d7_what_cannot_be_written_is_not_acknowledged_and_told_to_whoever_watches() {
    let data = demo_copy().await;
    let server = confined(data.path(), 300);
    let mut device = Device::of(&server, "canbo1", 1).await;
    device.sync().await;
    assert_eq!(ready(&server).await.0, StatusCode::OK);
    let key = device.card(open_month());
    let failed = loop {
        device.on_card(&key, &Payload::AssignWork(vec![free_work(&"việc ".repeat(80))]));
        let response = device.post(device.replica.request(64 * 1024).to_bytes()).await.unwrap();
        if response.status() != StatusCode::OK {
            break response;
        }
        let answer = shared::sync::SyncResponse::from_bytes(&response.bytes().await.unwrap()).unwrap();
        device.replica.absorb(&answer, server::clock::now()).unwrap();
    };
    assert_eq!(failed.headers()["retry-after"], "60");
    refusal(failed, StatusCode::SERVICE_UNAVAILABLE, "storage_failing").await;
    let (status, told) = ready(&server).await;
    assert_eq!((status, &told["cause"]), (StatusCode::SERVICE_UNAVAILABLE, &Value::from("storage_failing")), "{told}");
    drop(server);
    let server = data.serve();
    device.url.clone_from(&server.url);
    device.sync().await;
    assert_eq!(ready(&server).await.0, StatusCode::OK, "with room again everything goes out");
}

/// A server on a disk of its own with this many megabytes.
#[cfg(target_os = "linux")]
fn on_small_disk(data: &Path, megabytes: u32) -> Option<Server> {
    let probe = Command::new("unshare").args(["-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        println!("this test DID NOT RUN: it needs a disk of its own, and `unshare -Urm mount` is not allowed here");
        return None;
    }
    let script = format!(
        r#"mount -t tmpfs -o size={megabytes}m tmpfs /mnt && cp "$1"/* /mnt/ && exec "$2" serve --port 0 --log-filter off --data /mnt"#
    );
    let mut command = Command::new("unshare");
    command.args(["-Urm", "sh", "-c", &script, "sh"]).arg(data).arg(env!("CARGO_BIN_EXE_congtam"));
    Some(Server::spawned(&mut command))
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn d7_a_full_disk_is_said_and_work_goes_on_when_there_is_room_again() {
    let data = demo_copy().await;
    let Some(server) = on_small_disk(data.path(), 96) else { return };
    let mut device = Device::of(&server, "canbo1", 1).await;
    device.sync().await;
    assert_eq!(ready(&server).await.0, StatusCode::OK);
    let filler = format!("/proc/{}/root/mnt/filler", server.id());
    let mut file = std::fs::File::create(&filler).unwrap();
    while file.write_all(&[7; 4096]).is_ok() {}
    drop(file);
    let (status, told) = ready(&server).await;
    assert_eq!((status, &told["cause"]), (StatusCode::SERVICE_UNAVAILABLE, &Value::from("storage_full")), "{told}");
    let key = device.card(open_month());
    let failed = loop {
        device.on_card(&key, &Payload::AssignWork(vec![free_work(&"việc ".repeat(80))]));
        let response = device.post(device.replica.request(64 * 1024).to_bytes()).await.unwrap();
        if response.status() != StatusCode::OK {
            break response;
        }
        let answer = shared::sync::SyncResponse::from_bytes(&response.bytes().await.unwrap()).unwrap();
        device.replica.absorb(&answer, server::clock::now()).unwrap();
    };
    refusal(failed, StatusCode::SERVICE_UNAVAILABLE, "storage_full").await;
    std::fs::remove_file(&filler).unwrap();
    device.sync().await;
    assert_eq!(ready(&server).await.0, StatusCode::OK);
}

#[cfg(unix)]
#[tokio::test]
async fn d8_files_that_others_could_read_are_closed_at_the_start() {
    use std::os::unix::fs::PermissionsExt as _;
    let data = demo_copy().await;
    let passwords = data.path().join("new-passwords-1.csv");
    std::fs::write(&passwords, "a,b").unwrap();
    let paths = [data.path().to_owned(), data.dir().key(), data.dir().database(), passwords];
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for path in &paths {
        let open = if path.is_dir() { 0o755 } else { 0o644 };
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(open)).unwrap();
    }
    let server = data.serve();
    assert_eq!(paths.each_ref().map(|path| mode(path)), [0o700, 0o600, 0o600, 0o600]);
    for suffix in ["-wal", "-shm"] {
        let beside = data.path().join(format!("congtam.sqlite3{suffix}"));
        assert_eq!(mode(&beside), 0o600, "{suffix}");
    }
    drop(server);
    let fresh = tempfile::TempDir::new().unwrap();
    let folder = fresh.path().join("office");
    drop(Server::start(&folder, &["--init"]));
    for name in files(&folder) {
        assert_eq!(mode(&folder.join(&name)) & 0o077, 0, "{name}");
    }
}
