//! Tests of imports next to a running server. The server's devices see what the command line writes, and neither loses
//! anything.

use std::path::Path;
use std::process::Output;

use server::data_directory::DataDirectory;
use server::open_directory;
use shared::op::{Payload, Verdict};
use shared::procedure::Act;
use shared::time::Day;

use crate::harness::{Device, binary, demo_copy, open_month};
use crate::sync::free_work;

/// Work lines that a device sends while a list is imported.
const WORKS: usize = 30;

fn run(data: &Path, arguments: &[&str]) -> Output {
    binary().args(arguments).arg("--data").arg(data).output().unwrap()
}

fn real_list() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/work-list-commune-2026.xlsx");
    assert!(path.exists(), "the real work list must lie at {}", path.display());
    path.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c_a_work_list_is_imported_beside_a_running_server_whose_devices_write_on() {
    let data = demo_copy().await;
    let server = data.serve();
    let mut device = Device::of(&server, "canbo1", 1).await;
    device.sync().await;
    let key = device.card(open_month());
    let path = data.path().to_owned();
    let importing =
        tokio::task::spawn_blocking(move || run(&path, &["import", "work-list", &real_list(), "--from", "2026-11-01"]));
    for n in 0..WORKS {
        device.on_card(&key, &Payload::AssignWork(vec![free_work(&format!("việc {n}"))]));
        device.sync().await;
    }
    let imported = importing.await.unwrap();
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    device.on_card(&key, &Payload::AssignWork(vec![free_work("việc sau cùng")]));
    device.sync().await;
    let receipts: Vec<_> = device.replica.own().map(|own| own.receipt.clone().unwrap().verdict).collect();
    assert_eq!(receipts, vec![Verdict::Accepted; WORKS + 1], "the server judges on what the import wrote");
    let view = device.replica.view();
    let commune = view.org.units().find(|unit| unit.name.contains("xã")).unwrap().id;
    let (_, list) = view.work_lists.in_force(&[commune], Day::parse("2026-11-30").unwrap()).unwrap();
    assert_eq!(list.products.len(), 371, "the tablet sees the list without the server being restarted");
    drop(server);
    let folded = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    assert_eq!(folded.state().card_hash(&key), device.replica.view().card_hash(&key), "the log is one");
}

#[tokio::test]
async fn a_unit_decides_beside_a_running_server_and_its_devices_hear_of_it() {
    let data = demo_copy().await;
    let server = data.serve();
    let mut device = Device::of(&server, "canbo1", 1).await;
    device.sync().await;
    let key = device.card(open_month());
    let before = device.replica.view().opens(&key, Act::Decide);
    let adopt = ["adopt", "--pack", "nd335-congchuc", "--decision", "Quyết định 7/QĐ-UBND", "--opens-day", "25"];
    let said = |lang: &str| {
        let done = run(data.path(), &[&adopt[..], &["--lang", lang]].concat());
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    assert!(said("vi").contains("áp dụng nd335-congchuc"));
    assert!(said("en").contains("lives by nd335-congchuc"));
    device.sync().await;
    let after = device.replica.view().opens(&key, Act::Decide);
    assert_eq!((before, after), (Day::parse("2026-11-20").unwrap(), Day::parse("2026-11-25").unwrap()));
    let nowhere = tempfile::TempDir::new().unwrap();
    let refused = run(nowhere.path(), &adopt);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("found no office"), "{refused:?}");
}
