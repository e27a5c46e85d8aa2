//! Listens on the network. It limits how many may connect and how long they may take to send a request, and it speaks
//! TLS where there is a certificate.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::caller::Peer;

/// The most bytes of a request's head. Ours have some hundred.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// The longest that a client may leave an answer unread: three round trips of the worst link.
const STALL_MAX: Duration = Duration::from_secs(60);
/// The pause after a connection could not be accepted, as when the process has no file left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// The first byte of every TLS connection.
const TLS_HANDSHAKE: u8 = 22;

/// The limits on connections.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// Connections at a time. More wait until one ends.
    pub connections_max: usize,
    /// The time to shake hands and to send the head of a request.
    pub head_time_max: Duration,
    /// The time between two requests.
    pub idle_time_max: Duration,
}

/// A socket to listen at.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    tls: Option<Arc<TlsListener>>,
    limits: ConnectionLimits,
}

/// What a socket with TLS needs.
struct TlsListener {
    acceptor: TlsAcceptor,
    /// Answers clients that come without TLS.
    plain: Router,
}

impl std::fmt::Debug for TlsListener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsListener").finish_non_exhaustive()
    }
}

impl Listener {
    /// A socket without TLS.
    #[must_use]
    pub const fn plain(listener: TcpListener, limits: ConnectionLimits) -> Self {
        Self { listener, tls: None, limits }
    }

    /// A socket with TLS. `plain` answers clients that come without.
    #[must_use]
    pub fn encrypted(listener: TcpListener, limits: ConnectionLimits, acceptor: TlsAcceptor, plain: Router) -> Self {
        Self { listener, tls: Some(Arc::new(TlsListener { acceptor, plain })), limits }
    }

    /// Its address, as a browser on this machine writes it.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn url(&self) -> io::Result<String> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", self.listener.local_addr()?))
    }

    /// Serves until `stop` ends, then lets running requests finish.
    pub async fn serve(self, routes: Router, stop: impl Future<Output = ()>) {
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(self.limits.connections_max.min(Semaphore::MAX_PERMITS)));
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = accept(&self.listener, &places) => accepted,
                () = &mut stop => break,
            };
            let Some((stream, address, place)) = accepted else { continue };
            let visit = Visit { address, limits: self.limits, watcher: graceful.watcher() };
            let (tls, routes) = (self.tls.clone(), routes.clone());
            tokio::spawn(async move {
                visit.receive(stream, tls, routes).await;
                drop(place);
            });
        }
        drop(self.listener);
        graceful.shutdown().await;
    }
}

/// Waits for a free place, then for a connection. Others who come meanwhile wait in the system's queue.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, address)) => Some((stream, address, place)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

/// One connection.
struct Visit {
    address: SocketAddr,
    limits: ConnectionLimits,
    watcher: Watcher,
}

impl Visit {
    async fn receive(self, stream: TcpStream, tls: Option<Arc<TlsListener>>, routes: Router) {
        // Where the system refuses this, answers come a little later.
        let _ = stream.set_nodelay(true);
        let turns = Turns::default();
        let (wait, address) = (self.limits.head_time_max, self.address);
        let stream = Patient::new(stream, wait, Arc::clone(&turns));
        let Some(listener) = tls else { return self.converse(stream, false, routes, turns).await };
        match timeout(wait, speaks_tls(&stream.inner)).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return self.converse(stream, false, listener.plain.clone(), turns).await,
            _ => return,
        }
        match timeout(wait, listener.acceptor.accept(stream)).await {
            Ok(Ok(stream)) => self.converse(stream, true, routes, turns).await,
            Ok(Err(error)) => tracing::debug!(%address, %error, "no handshake"),
            Err(_) => tracing::debug!(%address, "no handshake in time"),
        }
    }

    async fn converse(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
        tls: bool,
        routes: Router,
        turns: Turns,
    ) {
        let peer = Peer { address: self.address, tls };
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            turns.fetch_add(1, Ordering::AcqRel);
            let (answering, turns) = (routes.clone().oneshot(request), Arc::clone(&turns));
            async move {
                let answer = answering.await;
                turns.fetch_add(1, Ordering::AcqRel);
                answer
            }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.limits.idle_time_max).max_buf_size(HEAD_BYTES_MAX);
        let connection = http.serve_connection(TokioIo::new(stream), service);
        if let Err(error) = self.watcher.watch(connection).await {
            tracing::debug!(address = %self.address, %error, "the connection broke off");
        }
    }
}

async fn speaks_tls(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    Ok(stream.peek(&mut first).await? == 1 && first == [TLS_HANDSHAKE])
}

/// Counts the turns of a connection. It is even while the next request is awaited, odd while one is answered.
type Turns = Arc<AtomicUsize>;

/// A stream that breaks off when the head of a request takes too long, or when the client leaves an answer unread.
struct Patient {
    inner: TcpStream,
    turns: Turns,
    /// The value of `turns` up to which `head` was updated.
    seen: usize,
    head_time_max: Duration,
    /// Runs from the first byte of a head. For the first request it runs from the start.
    head: Option<Pin<Box<Sleep>>>,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    fn new(inner: TcpStream, head_time_max: Duration, turns: Turns) -> Self {
        let head = Some(Box::pin(sleep(head_time_max)));
        Self { inner, turns, seen: 0, head_time_max, head, stalled: None }
    }

    fn watch_read(&mut self, context: &mut Context<'_>, read: Poll<io::Result<()>>) -> Poll<io::Result<()>> {
        let turns = self.turns.load(Ordering::Acquire);
        if turns != self.seen {
            (self.seen, self.head) = (turns, None);
        }
        if turns % 2 == 1 {
            return read;
        }
        if read.is_ready() {
            let wait = self.head_time_max;
            self.head.get_or_insert_with(|| Box::pin(sleep(wait)));
            return read;
        }
        match &mut self.head {
            Some(head) => too_late(head, context),
            None => Poll::Pending,
        }
    }

    fn watch_written<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        too_late(self.stalled.get_or_insert_with(|| Box::pin(sleep(STALL_MAX))), context)
    }
}

/// Breaks off when the time is over.
fn too_late<T>(limit: &mut Pin<Box<Sleep>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
    ready!(limit.as_mut().poll(context));
    Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        self.watch_read(context, read)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watch_written(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
