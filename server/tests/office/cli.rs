//! Tests of commands that work on a data directory.

use std::path::Path;
use std::process::Output;

use server::data_directory::DataDirectory;
use server::open_directory;
use shared::ids::PersonId;
use shared::pack::Language;
use shared::procedure::Act;
use shared::report::unit_month;

use crate::harness::{Server, binary, demo_copy};

fn run(data: &Path, arguments: &[&str]) -> Output {
    binary().args(arguments).arg("--data").arg(data).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn real_list() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/work-list-commune-2026.xlsx");
    assert!(path.exists(), "the real work list must lie at {}", path.display());
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_real_work_list_comes_into_force_whole_and_once() {
    let data = demo_copy().await;
    let before = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap().log_end();
    let rehearsed = run(data.path(), &["import", "work-list", &real_list(), "--dry-run"]);
    assert!(rehearsed.status.success(), "{}", text(&rehearsed.stderr));
    assert_eq!(
        open_directory::fold(&DataDirectory::new(data.path())).await.unwrap().log_end(),
        before,
        "a rehearsal writes nothing"
    );
    let taken = run(data.path(), &["import", "work-list", &real_list(), "--from", "2026-11-01"]);
    assert!(taken.status.success(), "{}", text(&taken.stderr));
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let commune = state.org.units().find(|unit| unit.name.contains("xã")).unwrap().id;
    let (_, list) = state.work_lists.in_force(&[commune], "2026-11-30".parse_day()).unwrap();
    assert_eq!(list.products.len(), 371);
    let again = run(data.path(), &["import", "work-list", &real_list(), "--from", "2026-11-01"]);
    assert!(again.status.success());
    assert_eq!(
        open_directory::fold(&DataDirectory::new(data.path())).await.unwrap().log_end(),
        office.log_end(),
        "once is enough"
    );
}

trait ParseDay {
    fn parse_day(&self) -> shared::time::Day;
}

impl ParseDay for str {
    fn parse_day(&self) -> shared::time::Day {
        shared::time::Day::parse(self).unwrap()
    }
}

#[tokio::test]
async fn a_file_that_is_no_spreadsheet_changes_nothing() {
    let data = demo_copy().await;
    let file = data.path().join("list.xlsx");
    std::fs::write(&file, b"%PDF-1.7 not a spreadsheet").unwrap();
    let before = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap().log_end();
    let refused = run(data.path(), &["import", "work-list", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stdout).contains("PDF"), "{}", text(&refused.stdout));
    assert_eq!(open_directory::fold(&DataDirectory::new(data.path())).await.unwrap().log_end(), before);
}

#[tokio::test]
async fn two_servers_never_share_a_data_directory() {
    let data = demo_copy().await;
    let _server = Server::start(data.path(), &[]);
    let refused = run(data.path(), &["serve", "--port", "0"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("in use by a running congtam"), "{}", text(&refused.stderr));
    let exported = run(data.path(), &["export", "cards", "--period", "2026-10"]);
    assert_eq!(text(&exported.stdout).lines().count(), 40, "reading goes on beside a server");
}

#[tokio::test]
async fn what_is_exported_scores_to_the_same_result_at_the_command_line() {
    use std::io::Write as _;
    let data = demo_copy().await;
    let exported = run(data.path(), &["export", "cards", "--period", "2026-10"]);
    let mut inputs = String::new();
    let mut expected = Vec::new();
    for line in text(&exported.stdout).lines() {
        let card: serde_json::Value = serde_json::from_str(line).unwrap();
        for side in [&card["self"], &card["appraised"]] {
            inputs.push_str(&side["input"].to_string());
            inputs.push('\n');
            expected.push(side["outcome"].clone());
        }
    }
    let mut score = binary()
        .args(["score", "--pack", "nd335-congchuc", "--lines"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = score.stdin.take().unwrap();
    // Results come while cards are still being written. Both would stop if nobody read the results.
    let writer = std::thread::spawn(move || stdin.write_all(inputs.as_bytes()));
    let scored = score.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let results: Vec<serde_json::Value> =
        text(&scored.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(results, expected);
    assert_eq!(results.len(), 80, "both sides of forty cards");
}

#[tokio::test]
async fn the_month_as_csv_is_the_table_of_the_device() {
    let data = demo_copy().await;
    let exported = run(data.path(), &["export", "month", "--period", "2026-10", "--unit", "phòng kinh tế"]);
    let office = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = office.state();
    let unit = state.org.units().find(|unit| unit.name == "Phòng Kinh tế").unwrap().id;
    let table = unit_month(state, unit, "2026-10".parse().unwrap(), PersonId::SYSTEM);
    assert_eq!(text(&exported.stdout), format!("\u{feff}{}", table.to_csv(Language::Vi)));
    assert_eq!(table.rows.len(), 7);
    let unknown = run(data.path(), &["export", "month", "--period", "2026-10", "--unit", "Sở Không Có"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("Phòng Kinh tế"), "the allowed units are named");
}

#[tokio::test]
async fn check_config_names_each_problem() {
    let data = demo_copy().await;
    let good = run(data.path(), &["check-config", "--port", "0"]);
    assert!(good.status.success(), "{}", text(&good.stdout));
    assert!(text(&good.stdout).contains("no problems"));
    let server = Server::start(data.path(), &[]);
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let bad = run(data.path(), &["check-config", "--port", &port, "--static", "/nowhere", "--log-filter", "a=b=c"]);
    assert_eq!(bad.status.code(), Some(2));
    let said = text(&bad.stdout);
    for problem in ["problem: data:", "problem: static:", "problem: address:", "problem: log-filter:"] {
        assert!(said.contains(problem), "{problem} in {said}");
    }
    let file = data.path().join("server.key");
    let bad = run(&file, &["check-config", "--port", "0"]);
    assert!(text(&bad.stdout).contains("found a file at"), "{}", text(&bad.stdout));
    let nowhere = data.path().join("nowhere");
    let none = run(&nowhere, &["check-config", "--port", "0"]);
    assert!(text(&none.stdout).contains("found no office"), "{}", text(&none.stdout));
    let fresh = run(&nowhere, &["check-config", "--port", "0", "--init", "--address", "0.0.0.0"]);
    let said = text(&fresh.stdout);
    assert!(said.contains("without HTTPS") && !said.contains("problem: data"), "{said}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_servers_key_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::TempDir::new().unwrap();
    let dir = DataDirectory::new(&folder.path().join("fresh"));
    let key = {
        dir.create().unwrap();
        dir.draw_key().unwrap();
        dir.signing_key().unwrap()
    };
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(dir.path()), mode(&dir.key())), (0o700, 0o600));
    assert_eq!(dir.signing_key().unwrap().to_bytes(), key.to_bytes(), "drawn once");
    std::fs::write(dir.key(), b"short").unwrap();
    assert!(dir.signing_key().unwrap_err().to_string().contains("5 byte"));
}

/// A commune of three people, as a personnel officer would type it.
fn people_list(file: &Path, more: &[[&str; 8]]) {
    let rows = [
        ["Họ và tên", "Đơn vị", "Thuộc đơn vị", "Loại đơn vị", "Chức vụ", "Vai trò", "Từ ngày", "Tên đăng nhập"],
        ["Nguyễn Giả Định", "UBND xã Ví Dụ", "", "Cơ quan", "Chủ tịch", "Trưởng", "01/07/2025", "chutich"],
        ["Trần Thí Điểm", "Phòng Thử", "UBND xã Ví Dụ", "Phòng ban", "Trưởng phòng", "Trưởng", "01/07/2025", "truong"],
        ["Lê Mô Phỏng", "Phòng Thử", "UBND xã Ví Dụ", "Phòng ban", "Chuyên viên", "Chuyên viên", "01/07/2025", "canbo"],
    ];
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip(rows.iter().chain(more)) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
    workbook.save(file).unwrap();
}

#[tokio::test]
async fn imported_people_sign_in_with_passwords_that_only_the_office_can_read() {
    let folder = tempfile::TempDir::new().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("people.xlsx"));
    people_list(&file, &[]);
    let import = ["import", "people", file.to_str().unwrap()];
    let founding = [import.as_slice(), &["--init"]].concat();
    let rehearsed = run(&data, &[founding.as_slice(), &["--dry-run"]].concat());
    assert!(rehearsed.status.success(), "{}{}", text(&rehearsed.stdout), text(&rehearsed.stderr));
    assert!(!data.exists(), "a rehearsal makes nothing");
    let taken = run(&data, &founding);
    assert!(taken.status.success(), "{}{}", text(&taken.stdout), text(&taken.stderr));
    let passwords = || password_files(&data);
    assert_eq!(passwords().len(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&passwords()[0]).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let again = run(&data, &import);
    assert!(again.status.success() && passwords().len() == 1, "{}", text(&again.stdout));
    let listed = std::fs::read_to_string(&passwords()[0]).unwrap();
    assert_eq!(listed.lines().count(), 1 + 3, "a heading, and a line each");
    let server = Server::start(&data, &[]);
    for line in listed.lines().skip(1) {
        let [.., username, password] = line.split(';').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let signed_in = crate::harness::sign_in(&crate::harness::client(), &server.url, username, password).await;
        assert!(signed_in.status().is_success(), "{line}");
    }
    crate::harness::adopt(&data);
    let folded = open_directory::fold(&DataDirectory::new(&data)).await.unwrap();
    let (state, org) = (folded.state(), &folded.state().org);
    let named = |name: &str| org.people().find(|person| person.name == name).unwrap().id;
    let card = state.card_key(named("Lê Mô Phỏng"), "2026-10".parse().unwrap()).unwrap();
    assert_eq!(state.direct_head(&card), Some(named("Trần Thí Điểm")));
    assert_eq!(org.people().count(), 3, "the second import found everybody again");
}

fn password_files(data: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|end| end == "csv")).collect()
}

#[tokio::test]
async fn a_list_of_people_makes_a_new_office_only_when_that_is_asked_for() {
    let folder = tempfile::TempDir::new().unwrap();
    let (data, mistyped) = (folder.path().join("data"), folder.path().join("dta"));
    let file = folder.path().join("people.xlsx");
    people_list(&file, &[]);
    let import = ["import", "people", file.to_str().unwrap()];
    assert!(run(&data, &[import.as_slice(), &["--init"]].concat()).status.success());
    let command = format!("congtam import people \"{}\" --data \"{}\" --init", file.display(), mistyped.display());
    for (more, words) in [
        (&["--lang", "vi"][..], "chưa có cơ quan nào"),
        (&["--lang", "vi", "--dry-run"], "chưa có cơ quan nào"),
        (&["--lang", "en"], "found no office"),
        (&["--lang", "vi", "--json"], "chưa có cơ quan nào"),
    ] {
        let refused = run(&mistyped, &[import.as_slice(), more].concat());
        let said = text(&refused.stderr);
        assert!(
            refused.status.code() == Some(2) && said.contains(words) && said.contains(&command),
            "{more:?}: {said}"
        );
        assert!(!mistyped.exists(), "{more:?} left something");
    }
    let again = run(&data, &[import.as_slice(), &["--init", "--lang", "vi"]].concat());
    assert!(again.status.code() == Some(2) && text(&again.stderr).contains("bỏ --init"), "{}", text(&again.stderr));
}

#[tokio::test]
async fn a_bad_list_of_people_leaves_no_trace() {
    let folder = tempfile::TempDir::new().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("people.xlsx"));
    let import = ["import", "people", file.to_str().unwrap(), "--init"];
    let nameless = ["", "Phòng Thử", "UBND xã Ví Dụ", "Phòng ban", "Chuyên viên", "Chuyên viên", "01/07/2025", "canbo"];
    people_list(&file, &[nameless]);
    let refused = run(&data, &import);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stdout));
    assert!(!data.exists(), "not even a folder");
    people_list(&file, &[]);
    assert!(run(&data, &import).status.success());
    assert_eq!(password_files(&data).len(), 1);
}

/// With a key that does not belong to the database, the office's own operations are refused, although the file was
/// found sound.
#[tokio::test]
async fn people_whom_the_office_refuses_get_neither_account_nor_password() {
    let folder = tempfile::TempDir::new().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("people.xlsx"));
    let import = ["import", "people", file.to_str().unwrap()];
    people_list(&file, &[]);
    assert!(run(&data, &[import.as_slice(), &["--init"]].concat()).status.success());
    let held = async || {
        let store = open_directory::open_to_read(&DataDirectory::new(&data)).await.unwrap();
        let accounts = store.accounts().await.unwrap().len();
        store.close().await;
        (
            accounts,
            open_directory::fold(&DataDirectory::new(&data)).await.unwrap().log_end(),
            password_files(&data).len(),
        )
    };
    let (accounts, log_end, files) = held().await;
    assert_eq!((accounts, files), (3, 1));
    let fourth =
        ["Phạm Hư Cấu", "Phòng Thử", "UBND xã Ví Dụ", "Phòng ban", "Chuyên viên", "Chuyên viên", "01/07/2025", "moi"];
    people_list(&file, &[fourth]);
    let key = std::fs::read(data.join("server.key")).unwrap();
    std::fs::write(data.join("server.key"), [9; 32]).unwrap();
    let refused = run(&data, &import);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("server key"), "{}", text(&refused.stderr));
    assert_eq!(held().await, (accounts, log_end, files), "nothing has changed");
    std::fs::write(data.join("server.key"), key).unwrap();
    assert!(run(&data, &import).status.success());
    let (accounts_after, log_end_after, files_after) = held().await;
    assert_eq!((accounts_after, files_after), (4, 2));
    assert_eq!(log_end_after, log_end + 2, "a person and a post");
}

fn json_lines(output: &Output) -> Vec<serde_json::Value> {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Đ.17(3) of Decree 335/2025: the year is the mean of its months, and here two of them have come.
#[tokio::test]
async fn the_year_of_a_unit_is_made_of_the_months_the_office_holds() {
    let data = demo_copy().await;
    let years = json_lines(&run(data.path(), &["rollup", "--year", "2026"]));
    assert_eq!(years.len(), 40);
    let exported = json_lines(&run(data.path(), &["export", "cards", "--period", "2026-10"]));
    for year in &years {
        let months = year["months"].as_array().unwrap();
        assert_eq!(months.len(), 12);
        let card = exported.iter().find(|card| card["person"] == year["person"]).unwrap();
        assert_eq!(months[9]["result"]["total"], card["appraised"]["outcome"]["total"]["exact"], "{}", year["name"]);
        let longer = year["longer"].as_array().unwrap();
        let whole = &longer.iter().find(|longer| longer["period"] == "2026").unwrap()["outcome"];
        assert_eq!((&whole["status"], whole["counted"].as_array().unwrap().len()), (&"provisional".into(), 2));
    }
    let one =
        json_lines(&run(data.path(), &["rollup", "--year", "2026", "--person", years[3]["person"].as_str().unwrap()]));
    assert_eq!(one, years[3..4]);
    let nobody = run(data.path(), &["rollup", "--year", "2026", "--person", "0199c0de-0000-7000-8000-000000000000"]);
    assert!(text(&nobody.stderr).contains("person: found 0199c0de"), "{}", text(&nobody.stderr));
}

/// Đ.20(5): at most 20 % of those classified good, 25 % where the organisation is outstanding, in each group of similar duty.
#[tokio::test]
async fn the_quota_of_a_units_month_has_a_line_in_every_group() {
    let data = demo_copy().await;
    let count = |output: &Output, what: &str| {
        let quotas: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let groups = quotas[0]["groups"].as_array().unwrap().clone();
        let counted = groups.iter().map(|group| match what {
            "allowed" => group["outcome"]["allowed"].as_u64().unwrap() as usize,
            side => group["outcome"][side].as_array().unwrap().len(),
        });
        (groups.len(), counted.sum::<usize>())
    };
    let usual = run(data.path(), &["quota", "--period", "2026-10"]);
    let outstanding = run(data.path(), &["quota", "--period", "2026-10", "--outstanding"]);
    let month = json_lines(&run(data.path(), &["export", "cards", "--period", "2026-10"]));
    let excellent = month.iter().filter(|card| card["appraised"]["outcome"]["class"]["code"] == "HTXS").count();
    let sides = ["fits", "over", "ties"].map(|side| count(&usual, side).1);
    assert_eq!(count(&usual, "fits").0, 4, "leaders, deputies, staff, support");
    assert_eq!(sides.iter().sum::<usize>(), excellent, "everyone proposed stands on one side of the line");
    assert!(count(&outstanding, "allowed").1 >= count(&usual, "allowed").1);
    let open = run(data.path(), &["quota", "--period", "2026-11"]);
    let open: serde_json::Value = serde_json::from_slice(&open.stdout).unwrap();
    let missing: usize =
        open[0]["groups"].as_array().unwrap().iter().map(|group| group["missing"].as_array().unwrap().len()).sum();
    assert_eq!(missing, 40, "nobody has a result in the open month");
}

#[tokio::test]
async fn a_units_month_is_compared_under_two_packs() {
    let data = demo_copy().await;
    let rows = json_lines(&run(data.path(), &["compare", "--packs", "nd335-congchuc,longbien", "--period", "2026-10"]));
    assert_eq!(rows.len(), 40);
    for row in &rows {
        assert_eq!((&row["side"], row["results"].as_array().unwrap().len()), (&"appraised".into(), 2));
        assert!(
            row["results"][0]["total"]["exact"].is_string()
                && !row["results"][1]["errors"].as_array().unwrap().is_empty()
        );
    }
    let unknown =
        run(data.path(), &["compare", "--packs", "nd335-congchuc", "--period", "2026-10", "--unit", "nowhere"]);
    assert!(text(&unknown.stderr).contains("unit: found nowhere"), "{}", text(&unknown.stderr));
    let nothing = binary().args(["quota", "--period", "2026-10"]).env_remove("CONGTAM_DATA").output().unwrap();
    assert!(text(&nothing.stderr).contains("data: missing"), "{}", text(&nothing.stderr));
}

/// The office's decision about the day of decision and about an ambiguous text is an operation like any other.
#[tokio::test]
async fn a7_the_office_decides_from_which_day_months_are_decided() {
    let data = demo_copy().await;
    let adopt = |more: &[&str]| {
        let words =
            ["adopt", "--pack", "nd335-congchuc", "--lang", "vi", "--decision", "QĐ 12/QĐ-UBND ngày 02/01/2026"];
        run(data.path(), &[&words[..], more].concat())
    };
    let done = adopt(&["--opens-day", "12", "--option", "late_unit=day", "--from", "2026-11-01"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    for (wrong, said) in [
        (["--opens-day", "32"], "opens-day: đang là \"32\"; cho phép: số nguyên từ 1 đến 31"),
        (["--option", "late_unit=hour"], "options.late_unit: OutOfRange"),
        (["--option", "late_unit"], "cần hai vế như late_unit=day"),
        (["--from", "2026-13-01"], "from: đang là \"2026-13-01\""),
        (["--role", "guard"], "roles: Unknown"),
        (["--bind", "party_secretary=UBND xã Giả Tưởng"], "bound: Unknown"),
    ] {
        let refused = adopt(&wrong);
        assert!(!refused.status.success());
        assert!(text(&refused.stderr).contains(said), "{wrong:?}: {}", text(&refused.stderr));
    }
    let folded = open_directory::fold(&DataDirectory::new(data.path())).await.unwrap();
    let state = folded.state();
    let person = state
        .org
        .people()
        .find(|person| {
            state
                .org
                .main_post(person.id, shared::time::Day::parse("2026-11-30").unwrap())
                .is_some_and(|post| post.title == "Chuyên viên")
        })
        .unwrap();
    let opens = |month: &str| {
        let key = state.card_key(person.id, month.parse().unwrap()).unwrap();
        (state.opens(&key, Act::Decide).to_string(), state.options(&key).get("late_unit").cloned())
    };
    assert_eq!(opens("2026-11"), ("2026-11-12".into(), Some("day".into())));
    assert_eq!(opens("2026-10"), ("2026-10-20".into(), None), "not backwards");
}
