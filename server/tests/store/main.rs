//! Tests of what every store promises, run on both databases: SQLite in a temporary file, and a real PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod blobs;
#[path = "../support/cluster.rs"]
mod cluster;
mod log;
mod migrations;
mod people;
mod place;
mod postgres;
mod writers;

use std::pin::Pin;

use cluster::Cluster;
use place::Place;

/// The name of a promise, and the function that tests it.
type Promise = (&'static str, fn(Place) -> Pin<Box<dyn Future<Output = ()> + Send>>);

macro_rules! promises {
    ($($room:ident: $($story:ident),+);+ $(;)?) => {
        [$($((concat!(stringify!($room), ": ", stringify!($story)), |place| Box::pin($room::$story(place)))),+),+]
    };
}

/// What both databases must keep.
const BOTH: [Promise; 36] = promises! {
    log: a_batch_is_written_whole_or_not_at_all,
         batches_of_every_length_are_written,
         the_database_itself_refuses_to_change_or_forget_the_log,
         what_is_there_is_not_put_in_again,
         an_operation_has_one_place_and_a_place_one_operation,
         a_receipt_is_the_same_bytes_whenever_asked_for,
         bytes_in_custody_are_kept_once_and_answered_when_the_decision_was_final,
         the_log_is_read_in_order_and_in_pages,
         the_largest_values_come_back_as_they_were;
    people: a_name_signs_in_one_person_and_a_person_has_one_name,
            accounts_are_put_all_or_none_and_listed_by_name,
            a_session_ends_at_its_time_or_when_told,
            d4_a_session_takes_the_place_of_another,
            d4_a_new_password_ends_every_session_but_the_one_to_keep,
            d4_a_closed_account_has_no_sessions_until_it_is_opened_again,
            d4_whoever_chooses_a_password_undoes_nothing_that_the_office_did_meanwhile,
            d4_a_persons_keys_are_listed_with_what_they_last_signed,
            a_key_once_bound_is_never_replaced,
            a_character_that_databases_refuse_is_nobodys_name,
            a_value_is_kept_under_its_key;
    blobs: a_blob_is_kept_whole_and_read_in_ranges,
           a_blob_once_whole_is_never_changed,
           an_upload_goes_on_where_it_ends_and_nowhere_else,
           an_upload_of_another_length_begins_anew,
           parts_that_nobody_continues_are_forgotten,
           of_two_parts_at_once_one_is_taken;
    migrations: opened_again_everything_is_there,
                opened_to_read_nothing_changes,
                the_schema_of_a_later_version_is_refused,
                without_a_schema_there_is_nothing_to_read;
    writers: two_writers_at_once_fill_the_log_without_gaps,
             a_reader_never_sees_half_a_batch,
             a_writer_that_comes_too_late_keeps_nothing,
             a_batch_judged_on_an_old_end_is_told_so,
             a_batch_judged_without_a_fork_that_another_found_is_told_so,
             the_right_of_way_is_one_writers_at_a_time;
};

/// What only a database server can keep.
const POSTGRES: [Promise; 4] = promises! {
    postgres: the_end_of_the_log_only_moves_on,
              a_role_that_is_not_the_owner_can_serve_and_change_nothing,
              what_a_replica_may_skip_is_refused_all_the_same,
              a_database_that_may_forget_what_it_confirmed_is_refused;
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_every_promise() {
    let mut broken = Vec::new();
    for (words, story) in BOTH {
        broken.extend(broken_promise("sqlite", words, story(Place::sqlite())).await);
    }
    assert!(broken.is_empty(), "{} of {} broken: {broken:#?}", broken.len(), BOTH.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_keeps_every_promise() {
    let cluster = Cluster::start();
    let mut broken = Vec::new();
    for (words, story) in BOTH.into_iter().chain(POSTGRES) {
        broken.extend(broken_promise("postgresql", words, story(Place::postgres(&cluster).await)).await);
    }
    drop(cluster);
    assert!(broken.is_empty(), "{} of {} broken: {broken:#?}", broken.len(), BOTH.len() + POSTGRES.len());
}

/// Runs a test in a task of its own, so that a failure does not stop the others.
async fn broken_promise(
    database: &str,
    words: &'static str,
    story: Pin<Box<dyn Future<Output = ()> + Send>>,
) -> Option<&'static str> {
    let kept = tokio::spawn(story).await.is_ok();
    println!("{database}: {words}: {}", if kept { "kept" } else { "BROKEN" });
    (!kept).then_some(words)
}
