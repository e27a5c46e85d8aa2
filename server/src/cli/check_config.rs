//! `congtam check-config`: shows the settings in effect and their problems, before anything is started.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

use super::{REFUSED, block_on, tell};
use crate::open_directory;
use crate::settings::Settings;
use crate::store::{SQLITE_VERSION_MIN, Sqlite};
use crate::tls;
use crate::words::said;

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
        tell(said("không có vấn đề gì", "no problems"))?;
        return Ok(ExitCode::SUCCESS);
    }
    for problem in &problems {
        tell(&format!("{}: {problem}", said("vấn đề", "problem")))?;
    }
    Ok(ExitCode::from(REFUSED))
}

fn print_settings(settings: &Settings) {
    let folder = |folder: &Path| folder.display().to_string();
    let database = &settings.data.database.database;
    let rows = [
        ("data", folder(&settings.data.data)),
        (
            "database",
            database
                .as_ref()
                .map_or_else(|| said("trong thư mục dữ liệu", "in the data folder").to_owned(), ToString::to_string),
        ),
        ("init", settings.init.to_string()),
        ("address", settings.address.to_string()),
        ("port", settings.port.to_string()),
        (
            "static",
            settings
                .static_dir
                .as_deref()
                .map_or_else(|| said("không có: chỉ API", "none: API only").to_owned(), folder),
        ),
        ("session-days", settings.session_days.to_string()),
        (
            "certificate",
            settings
                .certificate
                .as_deref()
                .map_or_else(|| said("không có: không HTTPS", "none: no HTTPS").to_owned(), folder),
        ),
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
    if networks.is_empty() {
        return said("không có: mọi kết nối là máy khách", "none: every connection is a client").to_owned();
    }
    networks.join(", ")
}

/// The private key's file and its state. Its faults are listed among the problems.
fn private_key(settings: &Settings) -> String {
    let Some(file) = settings.private_key.as_deref() else {
        return said("không có: không HTTPS", "none: no HTTPS").to_owned();
    };
    let mode = |mode| format!("{} {mode:04o}, ", said("quyền", "mode"));
    let mode = tls::mode(file).map(mode).unwrap_or_default();
    let stands = match tls_problem(settings) {
        None => said("khớp với chứng chỉ", "belongs to the certificate"),
        Some(_) => said("không dùng được, xem bên dưới", "cannot be used, see below"),
    };
    format!("{}: {mode}{stands}", file.display())
}

fn tls_problem(settings: &Settings) -> Option<String> {
    let (certificate, private_key) = (settings.certificate.as_deref()?, settings.private_key.as_deref()?);
    tls::acceptor(certificate, private_key).err().map(|error| format!("{error:#}"))
}

/// Without HTTPS over a network, browsers store nothing and sign nobody in.
fn open_network_problem(settings: &Settings) -> Option<String> {
    let open = settings.certificate.is_none() && settings.trusted_proxies.is_empty() && !settings.address.is_loopback();
    open.then(|| {
        let address = settings.address;
        said(
            format!(
                "address: {address} mở ra mạng mà không có HTTPS, khi đó trình duyệt không giữ việc và không ai đăng nhập được; hãy đưa \
                 --certificate và --private-key (`congtam certificate` tạo ra), hoặc nêu proxy bằng --trusted-proxy"
            ),
            format!(
                "address: {address} can be reached over the network without HTTPS, where browsers keep no work and nobody can sign in; give \
                 --certificate and --private-key (`congtam certificate` makes them), or name the proxy with --trusted-proxy"
            ),
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
        let parent = parent.display();
        return (!writable).then(|| {
            said(
                format!("data: {path} chưa có và không tạo được trong {parent}"),
                format!("data: {path} does not exist and cannot be made in {parent}"),
            )
        });
    }
    if !dir.path().is_dir() {
        return Some(said(
            format!("data: {path} là một tệp; cho phép: một thư mục"),
            format!("data: found a file at {path}, allowed a folder"),
        ));
    }
    let probe = dir.path().join("check-config.part");
    if let Err(error) = fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)) {
        return Some(said(
            format!("data: không ghi được vào {path}: {error}"),
            format!("data: {path} cannot be written: {error}"),
        ));
    }
    if dir.server().is_some() {
        return None;
    }
    dir.lock().err().map(|error| format!("data: {error:#}"))
}

fn static_problem(settings: &Settings) -> Option<String> {
    let folder = settings.static_dir.as_ref()?;
    let index = folder.join("index.html");
    (!index.is_file()).then(|| {
        let index = index.display();
        said(
            format!("static: không có {index}; cho phép: thư mục chứa ứng dụng đã dựng"),
            format!("static: found no {index}, allowed a folder that holds the built app"),
        )
    })
}

fn listen_problem(settings: &Settings) -> Option<String> {
    let socket = settings.socket();
    TcpListener::bind(socket).err().map(|error| {
        said(
            format!("address: không lắng nghe được tại {socket}: {error}"),
            format!("address: cannot listen at {socket}: {error}"),
        )
    })
}

fn filter_problem(settings: &Settings) -> Option<String> {
    let error = tracing_subscriber::EnvFilter::try_new(&settings.log_filter).err()?;
    let found = &settings.log_filter;
    Some(said(format!("log-filter: đang là {found}: {error}"), format!("log-filter: found {found}: {error}")))
}

/// Whether the office's key and database exist, and whether a named database server answers.
async fn office_problem(settings: &Settings) -> anyhow::Result<Option<String>> {
    let dir = settings.data.dir();
    Ok(match open_directory::holds_data(&dir).await {
        Err(error) => Some(format!("{error:#}")),
        Ok(found) if found == settings.init => Some(open_directory::other_than_asked(&dir, found)),
        Ok(_) => None,
    })
}

async fn library_problem() -> anyhow::Result<Option<String>> {
    let found = Sqlite::library_version().await?;
    println!("{:<20} {found}", "sqlite");
    Ok((!crate::store::is_recent(&found)).then(|| {
        said(
            format!("sqlite: đang là {found}; cho phép: từ {SQLITE_VERSION_MIN}"),
            format!("sqlite: found {found}, allowed {SQLITE_VERSION_MIN} and later"),
        )
    }))
}
