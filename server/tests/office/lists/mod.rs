//! Tests of lists of people as offices really send them, imported by the real command line: what they may change, what
//! they must not, and what is asked first.

mod authority;
mod cases;
mod cells;
mod files;
mod identity;

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Workbook, Worksheet};
use server::data_directory::DataDirectory;
use server::open_directory;
use shared::ids::PersonId;
use shared::org::{Org, Person, Unit};
use shared::time::Day;
use tempfile::TempDir;

use crate::harness::binary;

/// The headings of a list, in the order of the cells of a row.
const HEADINGS: [&str; 9] = [
    "Họ và tên",
    "Đơn vị",
    "Thuộc đơn vị",
    "Chức vụ",
    "Vai trò",
    "Từ ngày",
    "Đến ngày",
    "Tổ chức cán bộ",
    "Tên đăng nhập",
];

type Row<'a> = [&'a str; 9];

/// A fictitious commune of two divisions.
const COMMUNE: [Row<'static>; 4] = [
    ["Thử Văn Núi", "UBND xã Mây Thử", "", "Chủ tịch", "Trưởng", "01/07/2025", "", "", "nui"],
    ["Thử Thị Sông", "Văn phòng", "UBND xã Mây Thử", "Chánh Văn phòng", "Trưởng", "01/07/2025", "", "x", "song"],
    ["Thử Văn Đồi", "Phòng Gió", "UBND xã Mây Thử", "Trưởng phòng", "Trưởng", "01/07/2025", "", "", "doi"],
    ["Thử Văn Suối", "Phòng Gió", "UBND xã Mây Thử", "Chuyên viên", "Chuyên viên", "01/07/2025", "", "", "suoi"],
];

/// The output of a command.
struct Said {
    code: i32,
    text: String,
    errors: String,
}

impl Said {
    #[track_caller]
    fn taken(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.text, self.errors);
        self
    }

    /// Expects a refusal in words that contain all of these.
    #[track_caller]
    fn refused(self, words: &[&str]) -> Self {
        assert_eq!(self.code, 2, "{}{}", self.text, self.errors);
        self.says(words)
    }

    #[track_caller]
    fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.text.contains(word), "{word:?} is not in\n{}", self.text);
        }
        self
    }
}

/// An office in a folder of its own, and the command line.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// An office that has imported the commune.
    fn with_commune() -> Self {
        let place = Self::new();
        place.import(&COMMUNE, &[]).taken();
        place
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let mut command = binary();
        command.args(arguments).arg("--data").arg(self.data()).env("LANG", "vi_VN.UTF-8");
        let output = command.output().unwrap();
        Said {
            code: output.status.code().unwrap(),
            text: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Imports a file of people. The first list makes the office.
    fn import_file(&self, file: &Path, more: &[&str]) -> Said {
        let init: &[&str] = if self.is_untouched() { &["--init"] } else { &[] };
        self.run(&[&["import", "people", file.to_str().unwrap()], more, init].concat())
    }

    /// Imports a sheet that `write` fills.
    fn import_sheet(&self, write: impl FnOnce(&mut Worksheet), more: &[&str]) -> Said {
        self.import_book(
            |book| {
                write(book.add_worksheet().set_name("Danh sách").unwrap());
            },
            more,
        )
    }

    fn import_book(&self, write: impl FnOnce(&mut Workbook), more: &[&str]) -> Said {
        let file = self.folder.path().join("list.xlsx");
        let mut book = Workbook::new();
        write(&mut book);
        book.save(&file).unwrap();
        self.import_file(&file, more)
    }

    /// Imports a list of these rows under the usual headings.
    fn import(&self, rows: &[Row<'_>], more: &[&str]) -> Said {
        self.import_sheet(|sheet| write_rows(sheet, rows), more)
    }

    /// Whether nothing was ever made here.
    fn is_untouched(&self) -> bool {
        !self.data().exists()
    }

    async fn org(&self) -> Org {
        open_directory::fold(&DataDirectory::new(&self.data())).await.unwrap().state().org.clone()
    }

    async fn log_end(&self) -> u64 {
        open_directory::fold(&DataDirectory::new(&self.data())).await.unwrap().log_end()
    }

    /// The rows of the month as CSV.
    fn month(&self, period: &str, more: &[&str]) -> Vec<String> {
        crate::harness::adopt(&self.data());
        let said = self.run(&[&["export", "month", "--period", period], more].concat()).taken();
        said.text.lines().skip(1).map(str::to_owned).collect()
    }

    /// Names in the month, in its order.
    fn names(&self, period: &str) -> Vec<String> {
        let first = |row: String| row.split(';').next().unwrap().to_owned();
        self.month(period, &[]).into_iter().map(first).collect()
    }

    /// Every file of first passwords, the oldest first: user name and password by line, with the whole text.
    fn passwords(&self) -> Vec<(String, Vec<(String, String)>)> {
        let entries = std::fs::read_dir(self.data()).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "csv")).collect();
        files.sort();
        let pairs = |text: &str| {
            let cells = text.lines().skip(1).map(|line| line.split(';').collect::<Vec<_>>());
            cells.map(|cells| (cells[3].to_owned(), cells[4].to_owned())).collect::<Vec<_>>()
        };
        let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap());
        texts.map(|text| (text.clone(), pairs(&text))).collect()
    }
}

fn write_rows(sheet: &mut Worksheet, rows: &[Row<'_>]) {
    for (row, cells) in (0..).zip(std::iter::once(&HEADINGS).chain(rows)) {
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
}

/// A case of the shared folder. A missing folder must fail the test.
fn case(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cases").join(format!("{name}.xlsx"));
    assert!(path.exists(), "the case must lie at {}", path.display());
    path
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn person<'a>(org: &'a Org, name: &str) -> &'a Person {
    let mut found = org.people().filter(|person| person.name == name);
    let person = found.next().unwrap_or_else(|| panic!("nobody is called {name}"));
    assert!(found.next().is_none(), "two people are called {name}");
    person
}

fn unit<'a>(org: &'a Org, name: &str) -> &'a Unit {
    let mut found = org.units().filter(|unit| unit.name == name);
    let unit = found.next().unwrap_or_else(|| panic!("no unit is called {name}"));
    assert!(found.next().is_none(), "two units are called {name}");
    unit
}

fn names_of(org: &Org, people: &[PersonId]) -> Vec<String> {
    let mut names: Vec<String> = people.iter().map(|id| org.person(*id).unwrap().name.clone()).collect();
    names.sort();
    names
}
