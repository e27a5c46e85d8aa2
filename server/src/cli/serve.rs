//! `congtam serve`: runs the server.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;

use super::block_on;
use crate::app::{App, Parts, Policy};
use crate::assets::Assets;
use crate::auth::{Hasher, KnownBrowsers, Throttle};
use crate::caller::TrustedProxies;
use crate::demo;
use crate::guard::Guard;
use crate::health::Health;
use crate::ingest::DailyQuota;
use crate::listen::Listener;
use crate::open_directory::OpenDirectory;
use crate::router::router;
use crate::settings::{LogFormat, Settings};
use crate::tls;
use crate::words::said;

/// How long open requests may continue after the order to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    start_log(&args.settings)?;
    block_on(serve(&args.settings))
}

fn start_log(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log_filter).with_context(|| {
        let found = &settings.log_filter;
        said(format!("log-filter: đang là {found}"), format!("log-filter: found {found}"))
    })?;
    let to_terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(to_terminal).with_writer(std::io::stderr);
    match settings.log {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}

async fn serve(settings: &Settings) -> anyhow::Result<ExitCode> {
    let dir = settings.data.dir();
    let office = if settings.init { OpenDirectory::found(&dir).await? } else { OpenDirectory::open(&dir).await? };
    if let Some(folder) = &settings.static_dir {
        anyhow::ensure!(folder.join("index.html").is_file(), "{}", no_app(folder));
    }
    let listener = listener(settings).await?;
    let requests_max = usize::try_from(settings.requests_max).unwrap_or(usize::MAX);
    let limits = settings.connection_limits();
    let guard = Guard::new(requests_max, settings.request_time_max(), limits.head_time_max);
    let trusted = TrustedProxies::new(&settings.trusted_proxies);
    let routes = router(app(settings, &office)?, Assets::new(settings.static_dir.as_deref()), guard, trusted);
    let ordered = stop_order()?;
    announce(&office, &listener).await?;
    let (told, stopped) = oneshot::channel();
    let serving = listener.serve(routes, async move {
        ordered.await;
        tracing::info!("stopping: requests under way are finished");
        let _ = told.send(());
    });
    tokio::select! {
        () = serving => {}
        () = overdue(stopped) => tracing::warn!(grace_seconds = GRACE.as_secs(), "requests cut off at shutdown"),
    }
    office.store.close().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

fn no_app(folder: &std::path::Path) -> String {
    let folder = folder.display();
    said(
        format!("static: không có index.html trong {folder}; cho phép: thư mục chứa ứng dụng đã dựng"),
        format!("static: found no index.html in {folder}, allowed a folder that holds the built app"),
    )
}

fn app(settings: &Settings, office: &OpenDirectory) -> anyhow::Result<App> {
    Ok(App::new(Parts {
        store: office.store.clone(),
        ingest: office.ingest.clone(),
        hasher: Hasher::new()?,
        throttle: Throttle::default(),
        quota: DailyQuota::default(),
        blob_quota: DailyQuota::default(),
        browsers: KnownBrowsers::new(&settings.data.dir().signing_key()?.to_bytes()),
        health: Health::of(&settings.data.data),
        policy: Policy { session: settings.session(), secure_cookie: settings.secure_cookie },
    }))
}

async fn listener(settings: &Settings) -> anyhow::Result<Listener> {
    let tls = match (&settings.certificate, &settings.private_key) {
        (Some(certificate), Some(private_key)) => Some(tls::acceptor(certificate, private_key)?),
        _ => None,
    };
    let listener = TcpListener::bind(settings.socket()).await.with_context(|| {
        let socket = settings.socket();
        said(format!("address: không lắng nghe được tại {socket}"), format!("address: cannot listen at {socket}"))
    })?;
    let limits = settings.connection_limits();
    Ok(match tls {
        Some(acceptor) => Listener::encrypted(listener, limits, acceptor, tls::to_https()),
        None => Listener::plain(listener, limits),
    })
}

/// Prints the server's address in a line that programs can read, and who may sign in to a demo.
async fn announce(office: &OpenDirectory, listener: &Listener) -> anyhow::Result<()> {
    let url = listener.url()?;
    let mut out = std::io::stdout().lock();
    if let Some(table) = demo::accounts_table(office.store.as_ref()).await? {
        writeln!(out, "{table}")?;
    }
    writeln!(out, "listening on {url}")?;
    out.flush()?;
    tracing::info!(url, "listening");
    Ok(())
}

/// Ends when the server was told to stop and its grace period has passed.
async fn overdue(stopped: oneshot::Receiver<()>) {
    if stopped.await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(GRACE).await;
}

/// Starts listening for the order to stop, before anybody is told that the server is ready. The future ends when the
/// order comes.
#[cfg(unix)]
fn stop_order() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when the keyboard tells the server to stop.
#[cfg(not(unix))]
fn stop_order() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
