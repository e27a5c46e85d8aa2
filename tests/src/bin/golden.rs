//! Answers every golden file natively, with one line per file: `<kind>/<file> TAB <answer as a JSON string>`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    let folder = env::args().nth(1).map_or_else(|| PathBuf::from("tests/golden"), PathBuf::from);
    match answer_all(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("golden: {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn answer_all(folder: &Path) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for kind in sorted(folder)? {
        for file in sorted(&kind)? {
            let (kind_name, file_name) = (last(&kind), last(&file));
            let answer = tests::golden_answer(&kind_name, &fs::read_to_string(&file)?);
            writeln!(out, "{kind_name}/{file_name}\t{}", serde_json::Value::String(answer))?;
        }
    }
    Ok(())
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found =
        fs::read_dir(folder)?.map(|entry| entry.map(|found| found.path())).collect::<io::Result<Vec<_>>>()?;
    found.sort();
    Ok(found)
}

fn last(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
