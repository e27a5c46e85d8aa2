//! `congtam pack check`: reports the faults of a rule pack line by line, before anyone is scored by it. With an office's
//! data it also names who would be left out there.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use serde::de::IgnoredAny;
use shared::pack::{self, Finding, Language, Pack, SubjectKind};

use super::unit::unit_of;
use super::{REFUSED, block_on, pack_office, tell};
use crate::data_directory::DataDirectory;
use crate::settings::DatabaseArgs;
use crate::words::{said, spoken};
use crate::{clock, open_directory};

/// The largest file read as a pack. The reader of each format allows no more than it needs.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Arguments of `pack`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Check a pack's file, TOML or JSON; every message names the field, and of TOML the line
    Check {
        /// The file
        file: PathBuf,
        /// Folder of an office: also name the people there who have no role, and the steps that nobody can do for them
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        #[command(flatten)]
        database: DatabaseArgs,
        /// Only this unit with all below it, by name or id
        #[arg(long, requires = "data")]
        unit: Option<String>,
    },
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Action::Check { file, data, database, unit } = &args.action;
    let name = file.display();
    let text = match read(file)? {
        Ok(text) => text,
        Err(refusal) => {
            eprintln!("{name}: {refusal}");
            return Ok(ExitCode::from(REFUSED));
        }
    };
    match parse(file, &text) {
        Ok(pack) => match data {
            Some(data) => look_into(&name.to_string(), &pack, &database.dir(data), unit.as_deref()),
            None => nothing_found(&name.to_string(), &pack),
        },
        Err(findings) => {
            for finding in &findings {
                eprintln!("{name}: {}", sentence(finding));
            }
            let count = findings.len();
            eprintln!("{}", said(format!("{count} lỗi"), format!("{count} findings")));
            if let Some(note) = unseen(file, &text) {
                eprintln!("{note}");
            }
            Ok(ExitCode::from(REFUSED))
        }
    }
}

fn nothing_found(name: &str, pack: &Pack) -> anyhow::Result<ExitCode> {
    let status = pack.status.word();
    let nothing = said("không có lỗi", "no findings");
    tell(&format!("{name}: {nothing} ({}, {status}, sha256:{})", pack.id, pack.hash))?;
    Ok(ExitCode::SUCCESS)
}

/// Names what the office in a folder lacks today for the pack, a line each.
fn look_into(name: &str, pack: &Pack, dir: &DataDirectory, unit: Option<&str>) -> anyhow::Result<ExitCode> {
    let folded = block_on(open_directory::fold(dir))?;
    let org = &folded.state().org;
    let unit = match unit.map(|unit| unit_of(org, "unit", Some(unit))).transpose() {
        Ok(unit) => unit,
        Err(refusal) => {
            eprintln!("{refusal}");
            return Ok(ExitCode::from(REFUSED));
        }
    };
    if pack.roles.iter().any(|role| role.subject == SubjectKind::Unit) {
        let unseen = said("các nhóm là đơn vị chưa được đối chiếu", "roles of units were not looked at");
        eprintln!("{name}: {unseen}");
    }
    let lacking = pack_office::missing(pack, org, unit, clock::now().day());
    if lacking.is_empty() {
        return nothing_found(name, pack);
    }
    for line in &lacking {
        eprintln!("{name}: {line}");
    }
    let count = lacking.len();
    eprintln!("{}", said(format!("{count} điểm thiếu"), format!("{count} findings")));
    Ok(ExitCode::FAILURE)
}

/// A finding with its place, in the current language.
fn sentence(finding: &Finding) -> String {
    match (spoken(), finding.line) {
        (Language::Vi, Some(line)) => format!("dòng {line}: {}", Finding { line: None, ..finding.clone() }),
        _ => finding.to_string(),
    }
}

/// A pack by id, or from a file. The inner error is a refusal in words.
pub(super) fn load(id_or_path: &str) -> anyhow::Result<Result<Pack, String>> {
    if let Some(pack) = pack::find(id_or_path) {
        return Ok(Ok(pack.clone()));
    }
    let path = Path::new(id_or_path);
    if !path.exists() {
        let known: Vec<&str> = pack::all().map(|pack| pack.id.as_str()).collect();
        let known = known.join(", ");
        return Ok(Err(said(
            format!("pack: đang là {id_or_path:?}; cho phép: một tệp, hoặc một trong {known}"),
            format!("pack: found {id_or_path:?}; allowed: a file, or one of {known}"),
        )));
    }
    let text = match read(path)? {
        Ok(text) => text,
        Err(refusal) => return Ok(Err(format!("pack: {id_or_path}: {refusal}"))),
    };
    Ok(parse(path, &text).map_err(|findings| {
        let mut lines: Vec<String> =
            findings.iter().map(|finding| format!("{id_or_path}: {}", sentence(finding))).collect();
        lines.extend(unseen(path, &text).map(ToOwned::to_owned));
        lines.join("\n")
    }))
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

/// The message that only unreadable parts were reported. Without it a short list would look complete.
fn unseen(path: &Path, text: &str) -> Option<&'static str> {
    let is_read = if is_json(path) { serde_json::from_str::<IgnoredAny>(text).is_ok() } else { pack::is_toml(text) };
    (!is_read).then(|| {
        said(
            "Phần còn lại của tệp chưa kiểm tra được; hãy sửa những chỗ nêu trên rồi kiểm tra lại.",
            "The rest of the file could not be looked at yet; mend what is told above, and check again.",
        )
    })
}

/// Parses a pack: TOML as authors write it, or JSON as devices save a completed template.
fn parse(path: &Path, text: &str) -> Result<Pack, Vec<Finding>> {
    if is_json(path) { pack::read_checked_in(text, spoken()) } else { pack::read_toml_in(text, spoken()) }
}

/// The text of a file. The inner error says in words why it is not text.
fn read(path: &Path) -> anyhow::Result<Result<String, String>> {
    let place = |vi, en| format!("{} {}", said(vi, en), path.display());
    let file = fs::File::open(path).with_context(|| place("không mở được", "cannot open"))?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).with_context(|| place("không đọc được", "cannot read"))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Ok(Err(said(
            format!("dài hơn {FILE_BYTES_MAX} byte; cho phép: không quá số đó"),
            format!("found more than {FILE_BYTES_MAX} bytes, allowed up to as many"),
        )));
    }
    Ok(String::from_utf8(bytes).map_err(|error| no_text(error.as_bytes(), error.utf8_error().valid_up_to())))
}

/// Why bytes are not UTF-8, and what to do.
fn no_text(bytes: &[u8], valid_up_to: usize) -> String {
    if matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
        return said(
            "dòng 1: tệp theo mã UTF-16; cho phép: UTF-8. Hãy lưu lại với mã UTF-8 (trong Notepad: Lưu thành → Mã hóa → UTF-8)",
            "line 1: found UTF-16, allowed is UTF-8: save the file again as UTF-8 (in Notepad: Save as → Encoding → UTF-8)",
        )
        .to_owned();
    }
    let line = bytes.iter().take(valid_up_to).filter(|byte| **byte == b'\n').count() + 1;
    said(
        format!(
            "dòng {line}: có byte không phải UTF-8; cho phép: UTF-8. Hãy lưu lại với mã UTF-8, không dùng TCVN3 hay VNI"
        ),
        format!("line {line}: found bytes that are no UTF-8, allowed is UTF-8: save the file again as UTF-8"),
    )
}
