//! `congtam backup`: copies a data directory, so that a server can run on the copy if the first is lost.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{block_on, tell};
use crate::backup;
use crate::database::DatabaseUrl;
use crate::settings::DataArgs;
use crate::words::said;

/// Arguments of `backup`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    data: DataArgs,
    /// A folder that does not exist yet, best on another machine's disk
    #[arg(long, value_name = "DIR", required_unless_present = "copied_to")]
    to: Option<PathBuf>,
    /// With --database: the address of a copy made by the database's own means, such as a standby or a dump restored, on another
    /// machine: that it is one cannot be told from here. What it holds of the log is safe once it was read and compared
    #[arg(long, value_name = "URL", conflicts_with = "to")]
    copied_to: Option<DatabaseUrl>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let from = args.data.dir();
    if let Some(to) = &args.to {
        let operations = block_on(backup::make(&from, to))?;
        let to = to.display();
        tell(&said(
            format!("{to}: {operations} thao tác, đã đọc lại và tính lại"),
            format!("{to}: {operations} operations, read back and folded"),
        ))?;
    }
    if let Some(copy) = &args.copied_to {
        let operations = block_on(backup::confirm(&from, copy))?;
        tell(&said(
            format!("{copy}: {operations} thao tác, đã đọc, tính lại và giống như ở đây"),
            format!("{copy}: {operations} operations, read, folded and the same as here"),
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
