//! Reads a unit's month or year from the office's own data, for commands that otherwise read JSON from standard input.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Serialize;
use shared::ids::UnitId;
use shared::sync::LogState;

use super::block_on;
use super::unit::unit_of;
use crate::open_directory;
use crate::settings::DatabaseArgs;
use crate::words::said;

/// Whose cards to take from the office's data.
#[derive(Debug, clap::Args)]
pub(super) struct StoredArgs {
    /// Folder of the server's key, and of the database unless another is named
    #[arg(long, env = "CONGTAM_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
    /// The unit, with all below it, by name or id; without it, the only agency
    #[arg(long)]
    unit: Option<String>,
}

impl StoredArgs {
    /// Opens the office's data and finds the unit meant.
    pub(super) fn open(&self) -> anyhow::Result<(LogState, UnitId)> {
        let missing = || {
            said(
                "data: chưa có; cho phép: --data THƯ-MỤC hoặc biến CONGTAM_DATA",
                "data: missing; allowed: --data DIR or CONGTAM_DATA",
            )
        };
        let data = self.data.as_ref().with_context(missing)?;
        let folded = block_on(open_directory::fold(&self.database.dir(data)))?;
        let unit = unit_of(&folded.state().org, "unit", self.unit.as_deref())?;
        Ok((folded, unit))
    }
}

/// Writes one JSON object per line.
pub(super) fn write_lines<T: Serialize>(rows: impl Iterator<Item = T>) -> anyhow::Result<ExitCode> {
    match write(io::BufWriter::new(io::stdout().lock()), rows) {
        // The reader of the output closed it, which is no error.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn write<T: Serialize>(mut out: impl io::Write, rows: impl Iterator<Item = T>) -> io::Result<()> {
    for row in rows {
        serde_json::to_writer(&mut out, &row)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
