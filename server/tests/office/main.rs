//! Tests of the real binary over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod accounts;
mod adopt;
mod adversary;
mod assets;
mod backup;
mod beside;
mod blobs;
mod bytes;
mod chance;
mod cli;
#[path = "../support/cluster.rs"]
mod cluster;
mod demo;
mod device;
mod entitlement;
mod guard;
mod hanoi;
mod harness;
mod hatinh;
mod history;
mod ingest;
mod issue;
mod kill;
mod left;
mod lists;
mod matrix;
mod partition;
mod phutho;
mod postgres;
mod printed;
mod processes;
mod reporting;
mod session;
mod storage;
mod sync;
mod sync_sizes;
mod tls;
