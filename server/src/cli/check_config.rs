//! `congtam check-config`: the settings in effect, and what is wrong with them, before anything is started.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

use super::{REFUSED, block_on};
use crate::office;
use crate::settings::Settings;
use crate::store::{SQLITE_VERSION_MIN, Sqlite};
use crate::tls;

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
    problems.extend(tls_problem(settings));
    problems.extend(open_network_problem(settings));
    problems.extend(block_on(library_problem())?);
    problems.extend(block_on(office_problem(settings))?);
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
        ("init", settings.init.to_string()),
        ("address", settings.address.to_string()),
        ("port", settings.port.to_string()),
        ("static", settings.static_dir.as_deref().map_or_else(|| "none: API only".to_owned(), folder)),
        ("session-days", settings.session_days.to_string()),
        ("certificate", settings.certificate.as_deref().map_or_else(|| "none: no HTTPS".to_owned(), folder)),
        ("private-key", private_key(settings)),
        ("trusted-proxy", list(&settings.trusted_proxies)),
        ("secure-cookie", settings.secure_cookie.to_string()),
        ("request-seconds-max", settings.request_seconds_max.to_string()),
        ("requests-max", settings.requests_max.to_string()),
        ("connections-max", settings.connections_max.to_string()),
        ("head-seconds-max", settings.head_seconds_max.to_string()),
        ("idle-seconds-max", settings.idle_seconds_max.to_string()),
        ("log", settings.log.to_string()),
        ("log-filter", settings.log_filter.clone()),
    ];
    for (name, value) in rows {
        println!("{name:<20} {value}");
    }
}

fn list(networks: &[ipnet::IpNet]) -> String {
    let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
    if networks.is_empty() { "none: every connection is a client".to_owned() } else { networks.join(", ") }
}

/// The private key's file, and how it stands; what is wrong with it is said among the problems.
fn private_key(settings: &Settings) -> String {
    let Some(file) = settings.private_key.as_deref() else { return "none: no HTTPS".to_owned() };
    let mode = tls::mode(file).map(|mode| format!("mode {mode:04o}, ")).unwrap_or_default();
    let stands =
        if tls_problem(settings).is_none() { "belongs to the certificate" } else { "cannot be used, see below" };
    format!("{}: {mode}{stands}", file.display())
}

fn tls_problem(settings: &Settings) -> Option<String> {
    let (certificate, private_key) = (settings.certificate.as_deref()?, settings.private_key.as_deref()?);
    tls::acceptor(certificate, private_key).err().map(|error| format!("{error:#}"))
}

/// Browsers keep nothing and sign nobody in over a network without HTTPS.
fn open_network_problem(settings: &Settings) -> Option<String> {
    let open = settings.certificate.is_none() && settings.trusted_proxies.is_empty() && !settings.address.is_loopback();
    open.then(|| {
        format!(
            "address: {} can be reached over the network without HTTPS, where browsers keep no work and nobody can sign in; give \
             --certificate and --private-key (`congtam certificate` makes them), or name the proxy with --trusted-proxy",
            settings.address
        )
    })
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

/// Whether key and database of an office are there, and a database server named answers.
async fn office_problem(settings: &Settings) -> anyhow::Result<Option<String>> {
    let dir = settings.data.dir();
    Ok(match office::holds_data(&dir).await {
        Err(error) => Some(format!("{error:#}")),
        Ok(found) if found == settings.init => Some(office::other_than_asked(&dir, found)),
        Ok(_) => None,
    })
}

async fn library_problem() -> anyhow::Result<Option<String>> {
    let found = Sqlite::library_version().await?;
    println!("{:<20} {found}", "sqlite");
    Ok((!crate::store::is_recent(&found))
        .then(|| format!("sqlite: found {found}, allowed {SQLITE_VERSION_MIN} and later")))
}
