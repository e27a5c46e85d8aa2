//! `congtam serve`: the office's server.

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;

use super::block_on;
use crate::app::{App, Parts, Policy};
use crate::assets::Assets;
use crate::auth::{Hasher, Throttle};
use crate::demo;
use crate::guard::Guard;
use crate::ingest::DailyQuota;
use crate::office::Office;
use crate::router::router;
use crate::settings::{LogFormat, Settings};

/// How long requests under way may go on after the server was told to stop.
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
    let filter = EnvFilter::try_new(&settings.log_filter).context("log-filter")?;
    let to_terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(to_terminal).with_writer(std::io::stderr);
    match settings.log {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}

async fn serve(settings: &Settings) -> anyhow::Result<ExitCode> {
    let office = Office::open(&settings.data.dir()).await?;
    if let Some(folder) = &settings.static_dir {
        anyhow::ensure!(folder.join("index.html").is_file(), "static: found no index.html in {}", folder.display());
    }
    let app = App::new(Parts {
        store: office.store.clone(),
        ingest: office.ingest.clone(),
        hasher: Hasher::new()?,
        throttle: Throttle::default(),
        quota: DailyQuota::default(),
        policy: Policy { session: settings.session(), secure_cookie: settings.secure_cookie },
    });
    let listener =
        TcpListener::bind(settings.socket()).await.with_context(|| format!("address {}", settings.socket()))?;
    let address = listener.local_addr()?;
    let requests_max = usize::try_from(settings.requests_max).unwrap_or(usize::MAX);
    let guard = Guard::new(requests_max, settings.request_time_max());
    let routes = router(app, Assets::new(settings.static_dir.as_deref()), guard);
    let ordered = stop_order()?;
    announce(&office, address).await?;
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let (told, stopped) = oneshot::channel();
    let serving = axum::serve(listener, routes.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            ordered.await;
            tracing::info!("stopping: requests under way are finished");
            let _ = told.send(());
        });
    tokio::select! {
        ended = serving.into_future() => ended.context("serving")?,
        () = overdue(stopped) => tracing::warn!(grace_seconds = GRACE.as_secs(), "requests cut off at shutdown"),
    }
    office.store.close().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Says where the server is, in a line that programs read, and who may sign in to a demo.
async fn announce(office: &Office, address: SocketAddr) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if let Some(table) = demo::accounts_table(office.store.as_ref()).await? {
        writeln!(out, "{table}")?;
    }
    writeln!(out, "listening on http://{address}")?;
    out.flush()?;
    tracing::info!(%address, "listening");
    Ok(())
}

/// Ends when the server was told to stop and its grace is over.
async fn overdue(stopped: oneshot::Receiver<()>) {
    if stopped.await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(GRACE).await;
}

/// Listens for the order to stop from now on, before anybody is told that the server is there; the future ends when the
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

/// Ends when the server is told to stop from the keyboard.
#[cfg(not(unix))]
fn stop_order() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
