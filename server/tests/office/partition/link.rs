//! The connection between one device and the server, through a proxy that can be made to fail.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Bytes carried at a time. They are few, so that a message is often partly sent when the state of the link changes.
const CARRIED_BYTES: usize = 1024;

/// The state of one direction of a link.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Open,
    /// Bytes are taken and arrive when the link opens again, perhaps long after the sender gave up.
    Hangs,
    /// This many bytes still pass on each connection. Then it ends, even in the middle of a message.
    Cut {
        after: usize,
    },
}

/// The states of both directions, seen from the device.
#[derive(Clone, Copy)]
pub(super) struct Weather {
    pub(super) up: Way,
    pub(super) down: Way,
}

impl Weather {
    pub(super) const FAIR: Self = Self { up: Way::Open, down: Way::Open };
}

/// One device's link to the server. It ends when dropped.
pub(super) struct Link {
    /// The address at which the device reaches it.
    pub(super) url: String,
    weather: watch::Sender<Weather>,
    carrying: JoinHandle<()>,
}

impl Link {
    /// A link to wherever the server listens at the moment.
    pub(super) async fn to(server: watch::Receiver<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (weather, seen) = watch::channel(Weather::FAIR);
        Self { url, weather, carrying: tokio::spawn(accept(listener, server, seen)) }
    }

    pub(super) fn turn(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

async fn accept(listener: TcpListener, server: watch::Receiver<String>, weather: watch::Receiver<Weather>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((near, _)) = accepted {
                    connections.spawn(carry(near, server.clone(), weather.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn carry(near: TcpStream, server: watch::Receiver<String>, weather: watch::Receiver<Weather>) {
    let address = server.borrow().clone();
    // While the server restarts nobody listens there, and the device's connection ends at once.
    let Ok(far) = TcpStream::connect(address).await else { return };
    let ((from_device, to_device), (from_server, to_server)) = (near.into_split(), far.into_split());
    tokio::select! {
        () = pump(from_device, to_server, weather.clone(), |weather| weather.up) => {}
        () = pump(from_server, to_device, weather.clone(), |weather| weather.down) => {}
    }
}

/// Carries one direction until an end closes or the link is cut.
async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut weather: watch::Receiver<Weather>,
    way: fn(&Weather) -> Way,
) {
    let mut bytes = [0; CARRIED_BYTES];
    let mut passed = 0;
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let Ok(now) = weather.wait_for(|weather| way(weather) != Way::Hangs).await.map(|weather| way(&weather)) else {
            return;
        };
        let allowed = match now {
            Way::Cut { after } => after.saturating_sub(passed).min(count),
            Way::Open | Way::Hangs => count,
        };
        if to.write_all(&bytes[..allowed]).await.is_err() || allowed < count {
            return;
        }
        passed = if now == Way::Open { 0 } else { passed + allowed };
    }
}
