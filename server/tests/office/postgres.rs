//! Tests of the real binary with the log on PostgreSQL, and of several processes that share the log.

use std::pin::Pin;

use server::data_directory::DataDirectory;
use server::open_directory::{self, OpenDirectory};
use shared::op::{Payload, Verdict};
use shared::time::Day;
use sqlx::{ConnectOptions as _, Executor as _};
use tempfile::TempDir;

use crate::cluster::Cluster;
use crate::harness::{Demo, Device, TODAY, binary, open_month};
use crate::sync::free_work;
use crate::{device, entitlement, ingest, processes, sync};

type Story = fn(Demo) -> Pin<Box<dyn Future<Output = ()> + Send>>;

macro_rules! stories {
    ($($story:path),+ $(,)?) => { [$((stringify!($story), |data| Box::pin($story(data)))),+] };
}

const STORIES: [(&str, Story); 14] = stories![
    ingest::dropped_batch,
    sync::two_devices,
    sync::second_decision,
    sync::act_without_authority,
    entitlement::entitled_cards,
    entitlement::private_drafts,
    device::epoch_of_first_key,
    two_servers_share_one_log,
    processes::two_processes_write_at_once_and_lose_nothing,
    processes::a_process_that_was_overtaken_judges_anew,
    processes::a_key_that_one_process_gave_up_is_given_up_by_all,
    a_process_with_another_key_does_not_serve,
    commands_read_from_the_server,
    an_import_that_heard_no_answer_keeps_the_first_passwords,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_stories_are_told_on_postgresql() {
    let cluster = Cluster::start();
    let (folder, original) = (TempDir::new().unwrap(), cluster.database().await);
    let dir = DataDirectory::new(folder.path()).with_server(Some(original.clone()));
    server::demo::create(&dir, Day::parse(TODAY).unwrap()).await.unwrap();
    let mut failed = Vec::new();
    for (name, story) in STORIES {
        let data = Demo::on_server(folder.path(), cluster.copy(&original).await);
        let told = tokio::spawn(story(data)).await.is_ok();
        println!("postgresql: {name}: {}", if told { "told" } else { "FAILED" });
        failed.extend((!told).then_some(name));
    }
    drop(cluster);
    assert!(failed.is_empty(), "{failed:#?}");
}

async fn two_servers_share_one_log(data: Demo) {
    let (here, there) = (data.serve(), data.serve());
    let mut official = Device::of(&here, "canbo1", 1).await;
    let mut head = Device::of(&there, "truong1", 2).await;
    official.sync().await;
    let key = official.card(open_month());
    for round in 0..5 {
        official.on_card(&key, &Payload::AssignWork(vec![free_work(&format!("việc {round}"))]));
        official.sync().await;
        head.sync().await;
        let lines = head.replica.view().card(&key).unwrap().lines().len();
        assert_eq!(lines, official.replica.view().card(&key).unwrap().lines().len(), "seen at once at the other");
        // The next exchange is with the other server, which must know the chain's end.
        official.url.clone_from(if round % 2 == 0 { &there.url } else { &here.url });
    }
    let own = official.replica.own().map(|own| own.receipt.as_ref().unwrap());
    assert!(own.into_iter().all(|receipt| receipt.verdict == Verdict::Accepted));
}

async fn a_process_with_another_key_does_not_serve(data: Demo) {
    drop(OpenDirectory::open(&data.dir()).await.unwrap());
    std::fs::write(data.path().join("server.key"), [9; 32]).unwrap();
    let refused = OpenDirectory::open(&data.dir()).await.unwrap_err().to_string();
    assert!(refused.contains("server.key"), "{refused}");
}

async fn commands_read_from_the_server(data: Demo) {
    let _server = data.serve();
    let dir = data.dir();
    let url = dir.server().unwrap().to_string();
    let run = |arguments: &[&str]| {
        let output =
            binary().args(arguments).arg("--data").arg(data.path()).args(["--database", &url]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, cards, errors) = run(&["export", "cards", "--period", "2026-10"]);
    assert_eq!((code, cards.lines().count()), (Some(0), 40), "{errors}");
    let (code, month, errors) = run(&["export", "month", "--period", "2026-10"]);
    assert!(code == Some(0) && month.lines().count() > 40, "{errors}");
    let (code, quota, errors) = run(&["quota", "--period", "2026-10"]);
    assert!(code == Some(0) && !quota.is_empty(), "{errors}");
    let (code, settings, errors) = run(&["check-config", "--port", "0"]);
    assert!(code == Some(0) && settings.contains(&url), "{settings}{errors}");
    let (code, accounts, errors) = run(&["demo", "--accounts"]);
    assert!(code == Some(0) && accounts.contains("chutich"), "{errors}");
    let (code, kept, errors) = run(&["demo"]);
    assert!(code == Some(2) && kept.contains("holds data already"), "{kept}{errors}");
    let (code, _, refused) = run(&["backup", "--to", "/nowhere"]);
    assert!(code == Some(1) && refused.contains("by its own means"), "{refused}");
}

/// Ends the connection in the middle of the commit that creates an account.
const CUT: &str = "
    CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON accounts DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION cut();";

async fn an_import_that_heard_no_answer_keeps_the_first_passwords(data: Demo) {
    let dir = data.dir();
    let url = dir.server().unwrap();
    let mut beside = url.options().unwrap().connect().await.unwrap();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("list.xlsx");
    let commune = open_directory::fold(&dir)
        .await
        .unwrap()
        .state()
        .org
        .units()
        .find(|unit| unit.name.contains("xã"))
        .unwrap()
        .clone();
    let rows = [
        ["Họ và tên", "Đơn vị", "Thuộc đơn vị", "Chức vụ", "Vai trò", "Từ ngày", "Tên đăng nhập"],
        ["Thử Văn Mới", "Phòng Kinh tế", &commune.name, "Chuyên viên", "Chuyên viên", "01/10/2026", "moi"],
    ];
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(&rows) {
        sheet.write_row(row, 0, *cells).unwrap();
    }
    book.save(&file).unwrap();
    let import = |lang: &str| {
        let mut command = binary();
        command.args(["import", "people", "--lang", lang, "--database", &url.to_string()]).arg(&file);
        let output = command.arg("--data").arg(data.path()).output().unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let passwords = || {
        let entries = std::fs::read_dir(data.path()).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|end| end == "csv")).collect::<Vec<_>>()
    };
    beside.execute(CUT).await.unwrap();
    for (lang, words) in
        [("vi", "chưa biết danh sách đã được ghi hay chưa"), ("en", "not known whether the list was written")]
    {
        let (code, said) = import(lang);
        let kept = passwords().iter().any(|file| said.contains(&file.display().to_string()));
        assert!(code == Some(1) && said.contains(words) && kept, "{said}");
        assert!(!said.contains("nothing has changed"), "{said}");
    }
    beside.execute("DROP TRIGGER cut ON accounts").await.unwrap();
    let (code, said) = import("vi");
    assert!(code == Some(0) && passwords().len() == 3, "{said}");
    assert!(import("vi").1.contains("Không có gì để thay đổi"));
}
