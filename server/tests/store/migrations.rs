//! Tests of the schemas: the same on both databases, kept up to date, never guessed.

use std::fs;
use std::path::Path;

use server::store::StoreError;

use crate::place::{Place, batch, entry};

#[test]
fn every_migration_has_its_partner() {
    let names = |folder: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn both_schemas_have_the_same_tables_columns_and_constraints() {
    let words = |folder: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let text: String = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
        // SQLite needs no row with the end of the log.
        let text = text.split("CREATE TABLE ").filter(|table| !table.starts_with("log_ends")).collect::<Vec<_>>();
        let names = text.iter().flat_map(|table| table.lines()).filter_map(|line| {
            let line = line.trim();
            let name = line.strip_prefix("CONSTRAINT ").unwrap_or(line).split([' ', '(']).next()?.to_owned();
            let column = ["INTEGER", "BIGINT", "BLOB", "BYTEA", "TEXT"].iter().any(|kind| line.contains(kind));
            (line.starts_with("CONSTRAINT ") || column).then_some(name)
        });
        names.collect::<Vec<_>>()
    };
    assert_eq!(words("sqlite"), words("postgres"));
}

pub(crate) async fn opened_again_everything_is_there(place: Place) {
    for n in 1..=3 {
        let store = place.open().await;
        assert_eq!(store.entries_after(0, 10).await.unwrap().len() as u64, n - 1);
        store.commit(&batch(vec![entry(n, 1, n)])).await.unwrap();
        store.close().await;
    }
}

pub(crate) async fn opened_to_read_nothing_changes(place: Place) {
    let writer = place.open().await;
    writer.put_meta("a", b"1").await.unwrap();
    let reader = place.open_to_read().await.unwrap();
    assert_eq!(reader.meta("a").await.unwrap(), Some(b"1".to_vec()), "beside the writer");
    let refused = reader.put_meta("a", b"2").await.unwrap_err().to_string();
    assert!(refused.contains("read") && refused.contains("only"), "{refused}");
    assert!(reader.commit(&batch(vec![entry(1, 1, 1)])).await.is_err());
    writer.put_meta("a", b"3").await.unwrap();
    assert_eq!(reader.meta("a").await.unwrap(), Some(b"3".to_vec()));
}

pub(crate) async fn the_schema_of_a_later_version_is_refused(place: Place) {
    place.open().await.close().await;
    place.run("UPDATE _sqlx_migrations SET version = version + 1000").await.unwrap();
    let refused = place.open_to_read().await.unwrap_err();
    assert!(
        matches!(refused, StoreError::OtherSchema { found, allowed } if found == allowed + 1_000 && allowed > 0),
        "{refused}"
    );
    assert!(place.try_open().await.is_err(), "a program never goes back to an older schema");
}

pub(crate) async fn without_a_schema_there_is_nothing_to_read(place: Place) {
    assert!(place.open_to_read().await.is_err());
    assert!(place.run("SELECT * FROM operations").await.is_err(), "nothing was made");
}
