//! Faults of links and server while devices write, as a seed decides.

use std::process::Command;
use std::time::Duration;

use tokio::sync::watch;

use super::link::{Link, Way, Weather};
use crate::chance::Chance;
use crate::harness::{Demo, Server};

/// Upper limit (exclusive) of bytes that still pass before a cut. The cut falls within the head of a message, or within
/// its body.
const CUT_AFTER_BYTES_MAX: u64 = 4_000;
/// How long a link works, and how long it does not. Each is a least time and an upper limit (exclusive), in
/// milliseconds.
const FAIR_MS: [u64; 2] = [300, 3_000];
const FOUL_MS: [u64; 2] = [200, 4_000];
/// How long the server runs undisturbed, and how long it is paused.
const CALM_MS: [u64; 2] = [1_000, 6_000];
const PAUSE_MS: [u64; 2] = [200, 3_000];

/// Waits. True when the run ends before that.
async fn rest(chance: &mut Chance, [from, below]: [u64; 2], over: &mut watch::Receiver<bool>) -> bool {
    let time = Duration::from_millis(from + chance.below(below - from));
    tokio::time::timeout(time, over.wait_for(|over| *over)).await.is_ok()
}

fn foul(chance: &mut Chance) -> Weather {
    let mut cut = || Way::Cut { after: usize::try_from(chance.below(CUT_AFTER_BYTES_MAX)).unwrap() };
    let (up, down) = (cut(), cut());
    match chance.below(6) {
        0 => Weather { up: Way::Hangs, down: Way::Hangs },
        1 => Weather { up: Way::Hangs, down: Way::Open },
        2 => Weather { up: Way::Open, down: Way::Hangs },
        3 => Weather { up, down: Way::Open },
        4 => Weather { up: Way::Open, down },
        _ => Weather { up: Way::Cut { after: 0 }, down: Way::Cut { after: 0 } },
    }
}

/// Disturbs one link repeatedly, and leaves it working. Returns how often.
pub(super) async fn on_link(link: &Link, mut chance: Chance, mut over: watch::Receiver<bool>) -> u64 {
    let mut times = 0;
    while !rest(&mut chance, FAIR_MS, &mut over).await {
        link.turn(foul(&mut chance));
        times += 1;
        rest(&mut chance, FOUL_MS, &mut over).await;
        link.turn(Weather::FAIR);
    }
    times
}

/// Pauses the server, or kills and restarts it, and leaves it running. Returns how often it did each.
pub(super) async fn on_server(
    data: &Demo,
    mut server: Server,
    address: &watch::Sender<String>,
    mut chance: Chance,
    mut over: watch::Receiver<bool>,
) -> (Server, u64, u64) {
    let (mut pauses, mut kills) = (0, 0);
    while !rest(&mut chance, CALM_MS, &mut over).await {
        if chance.below(2) == 0 {
            signal(&server, "-STOP");
            rest(&mut chance, PAUSE_MS, &mut over).await;
            signal(&server, "-CONT");
            pauses += 1;
        } else {
            server.kill();
            server = tokio::task::block_in_place(|| data.serve());
            address.send_replace(place(&server));
            kills += 1;
        }
    }
    (server, pauses, kills)
}

/// Host and port.
pub(super) fn place(server: &Server) -> String {
    server.url.strip_prefix("http://").unwrap().to_owned()
}

fn signal(server: &Server, name: &str) {
    assert!(Command::new("kill").args([name, &server.id().to_string()]).status().unwrap().success());
}
