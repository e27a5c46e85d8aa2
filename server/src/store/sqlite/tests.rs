//! Tests of the SQLite store.

use super::*;

#[tokio::test]
async fn the_writer_is_durable_and_readers_cannot_write() {
    let folder = tempfile::TempDir::new().unwrap();
    let store = Sqlite::open(&folder.path().join("test.sqlite3")).await.unwrap();
    let pragma = async |name: &'static str| -> i64 { sqlx::query_scalar(name).fetch_one(&store.writer).await.unwrap() };
    assert_eq!(pragma("PRAGMA synchronous").await, 2, "FULL");
    assert_eq!(pragma("PRAGMA foreign_keys").await, 1);
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&store.writer).await.unwrap();
    assert_eq!(mode, "wal");
    assert_eq!(store.writer.options().get_max_connections(), 1, "one writer");
    let write = sqlx::query("INSERT INTO meta VALUES ('a', x'00')").execute(&store.readers).await;
    assert!(write.unwrap_err().to_string().contains("readonly"));
}

#[tokio::test]
async fn opened_to_read_it_makes_no_file() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("test.sqlite3");
    assert!(Sqlite::open_to_read(&file).await.is_err());
    assert!(!file.exists());
}

#[test]
fn versions_are_compared_part_by_part() {
    for (version, recent) in
        [("3.51.3", true), ("3.51.10", true), ("3.100.0", true), ("4.0", true), ("3.51.2", false), ("3.9.9", false)]
    {
        assert_eq!(is_recent(version), recent, "{version}");
    }
}
