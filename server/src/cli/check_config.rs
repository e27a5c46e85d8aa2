//! `congtam check-config`: the settings in effect, and what is wrong with them, before anything is started.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

use super::{REFUSED, block_on};
use crate::office;
use crate::settings::Settings;
use crate::store::{SQLITE_VERSION_MIN, Sqlite};

/// Arguments of `check-config`: those of `serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let settings = &args.settings;
    print_settings(settings);
    let mut problems = Vec::new();
    problems.extend(data_problem(settings));
    problems.extend(static_problem(settings));
    problems.extend(listen_problem(settings));
    problems.extend(block_on(library_problem())?);
    problems.extend(block_on(server_problem(settings))?);
    problems.extend(filter_problem(settings));
    if problems.is_empty() {
        println!("no problems");
        return Ok(ExitCode::SUCCESS);
    }
    for problem in &problems {
        println!("problem: {problem}");
    }
    Ok(ExitCode::from(REFUSED))
}

fn print_settings(settings: &Settings) {
    let folder = |folder: &Path| folder.display().to_string();
    let database = &settings.data.database.database;
    let rows = [
        ("data", folder(&settings.data.data)),
        ("database", database.as_ref().map_or_else(|| "in the data folder".to_owned(), ToString::to_string)),
        ("address", settings.address.to_string()),
        ("port", settings.port.to_string()),
        ("static", settings.static_dir.as_deref().map_or_else(|| "none: API only".to_owned(), folder)),
        ("session-days", settings.session_days.to_string()),
        ("secure-cookie", settings.secure_cookie.to_string()),
        ("request-seconds-max", settings.request_seconds_max.to_string()),
        ("requests-max", settings.requests_max.to_string()),
        ("log", settings.log.to_string()),
        ("log-filter", settings.log_filter.clone()),
    ];
    for (name, value) in rows {
        println!("{name:<20} {value}");
    }
}

fn data_problem(settings: &Settings) -> Option<String> {
    let dir = settings.data.dir();
    let path = dir.path().display();
    if !dir.path().exists() {
        let parent = dir.path().ancestors().skip(1).find(|above| above.exists()).unwrap_or(Path::new("."));
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        let writable = !fs::metadata(parent).is_ok_and(|found| found.permissions().readonly());
        return (!writable).then(|| format!("data: {path} does not exist and cannot be made in {}", parent.display()));
    }
    if !dir.path().is_dir() {
        return Some(format!("data: found a file at {path}, allowed a folder"));
    }
    let probe = dir.path().join("check-config.part");
    if let Err(error) = fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)) {
        return Some(format!("data: {path} cannot be written: {error}"));
    }
    if dir.server().is_some() {
        return None;
    }
    dir.lock().err().map(|error| format!("data: {error:#}"))
}

fn static_problem(settings: &Settings) -> Option<String> {
    let folder = settings.static_dir.as_ref()?;
    let index = folder.join("index.html");
    (!index.is_file())
        .then(|| format!("static: found no {}, allowed a folder that holds the built app", index.display()))
}

fn listen_problem(settings: &Settings) -> Option<String> {
    let socket = settings.socket();
    TcpListener::bind(socket).err().map(|error| format!("address: cannot listen at {socket}: {error}"))
}

fn filter_problem(settings: &Settings) -> Option<String> {
    let error = tracing_subscriber::EnvFilter::try_new(&settings.log_filter).err()?;
    Some(format!("log-filter: found {}: {error}", settings.log_filter))
}

/// Whether the database server named answers, with a schema that this program can work on.
async fn server_problem(settings: &Settings) -> anyhow::Result<Option<String>> {
    let dir = settings.data.dir();
    let Some(server) = dir.server() else { return Ok(None) };
    Ok(office::holds_data(&dir).await.err().map(|error| format!("database: {server}: {error:#}")))
}

async fn library_problem() -> anyhow::Result<Option<String>> {
    let found = Sqlite::library_version().await?;
    println!("{:<20} {found}", "sqlite");
    Ok((!crate::store::is_recent(&found))
        .then(|| format!("sqlite: found {found}, allowed {SQLITE_VERSION_MIN} and later")))
}
