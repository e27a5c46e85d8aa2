//! Runs devices that write all the time, over links that hang or are cut anywhere, to a server that is paused and
//! killed. When everything works again, nothing may be lost, doubled, replaced or unexplained.
//!
//! `cargo xtask prove partition` sets more or longer runs or another seed. A failing run prints a line with its seed.

mod acts;
mod check;
mod client;
mod cut;
mod link;
mod weather;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use server::database::DatabaseUrl;
use server::open_directory;
use shared::op::CardKey;
use shared::sync::SyncRequest;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use self::client::Client;
use self::link::Link;
use crate::chance::{Chance, asked};
use crate::cluster::Cluster;
use crate::harness::{Demo, Device, Server, demo_copy, open_month};

/// Default number of runs, their length, and how many run at a time.
const RUNS: u64 = 4;
const SECONDS: u64 = 15;
const AT_ONCE: u64 = 2;
/// Devices of a run, and operations that all of them together write in a second.
const TABLETS: [usize; 2] = [5, 10];
const RATES: [u64; 4] = [10, 20, 30, 40];
/// For one in so many seeds the log is on PostgreSQL.
const POSTGRES_EVERY: u64 = 3;
/// The person at each device: people with two devices, their head with two, the one who decides, and the personnel
/// officer.
const PEOPLE: [&str; 10] =
    ["canbo1", "canbo1", "truong1", "truong1", "canbo2", "canbo2", "canbo3", "chutich", "chutich", "nhansu"];
/// The user names of the people whose cards everyone writes on begin with this.
const SUBJECTS: &str = "canbo";
/// Rounds in which everyone exchanges once. After them nothing may be left.
const ROUNDS_MAX: usize = 200;
const BATCH_BYTES: usize = 60 * 1024;

/// What a seed decides in advance.
#[derive(Clone, Copy)]
struct Plan {
    seed: u64,
    devices: usize,
    rate: u64,
    on_postgres: bool,
}

impl Plan {
    fn of(seed: u64) -> Self {
        let place = |length: usize, number: u64| usize::try_from(number).unwrap() % length;
        Self {
            seed,
            devices: TABLETS[place(TABLETS.len(), seed)],
            rate: RATES[place(RATES.len(), seed + seed / 4)],
            on_postgres: seed % POSTGRES_EVERY == POSTGRES_EVERY - 1,
        }
    }
}

/// The counts of a run.
#[derive(Default)]
struct Report {
    lines: Vec<String>,
    failures: Vec<String>,
}

/// The databases that runs copy.
struct Ground {
    postgres: Option<(Cluster, Demo, DatabaseUrl)>,
}

impl Ground {
    async fn prepare(with_postgres: bool) -> Self {
        if !with_postgres {
            return Self { postgres: None };
        }
        let cluster = Cluster::start();
        let url = cluster.database().await;
        Self { postgres: Some((cluster, Demo::made_on_server(url.clone()).await, url)) }
    }

    async fn data(&self, plan: Plan) -> Demo {
        match &self.postgres {
            Some((cluster, original, url)) if plan.on_postgres => {
                Demo::on_server(original.path(), cluster.copy(url).await)
            }
            _ => demo_copy().await,
        }
    }
}

/// The participants of a run.
#[derive(Clone, Copy)]
struct Stage<'a> {
    data: &'a Demo,
    clients: &'a [Arc<Client>],
    links: &'a [Arc<Link>],
    cards: &'a [CardKey],
    address: &'a watch::Sender<String>,
}

/// Lets everyone write and exchange while links and server fail. Returns the running server.
async fn storm(plan: Plan, seconds: u64, stage: Stage<'_>, server: Server) -> (Server, String) {
    let mut chance = Chance(plan.seed);
    let (ends, over) = watch::channel(false);
    let every_ms = u64::try_from(plan.devices).unwrap() * 1_000 / plan.rate;
    let (mut busy, mut disturbing) = (JoinSet::new(), JoinSet::new());
    for (client, link) in stage.clients.iter().cloned().zip(stage.links.iter().cloned()) {
        let (writer, writes, exchanges) = (Arc::clone(&client), chance.apart(), chance.apart());
        let (until, also_until) = (over.clone(), over.clone());
        let cards = stage.cards.to_vec();
        busy.spawn(async move { writer.write(&cards, every_ms, writes, until).await });
        busy.spawn(async move { client.exchange_often(exchanges, also_until).await });
        let (chance, until) = (chance.apart(), over.clone());
        disturbing.spawn(async move { weather::on_link(&link, chance, until).await });
    }
    let suffering = weather::on_server(stage.data, server, stage.address, chance, over);
    let end = async {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        ends.send_replace(true);
    };
    let ((server, pauses, kills), ()) = tokio::join!(suffering, end);
    let disturbed: u64 = disturbing.join_all().await.into_iter().sum();
    busy.join_all().await;
    (server, format!("{disturbed} times a link hung or was cut, {pauses} pauses, {kills} kills"))
}

/// Lets everyone exchange until nothing is left. Returns what is left otherwise.
async fn come_to_rest(clients: &[Arc<Client>]) -> Vec<String> {
    for _ in 0..ROUNDS_MAX {
        for client in clients {
            client.exchange(BATCH_BYTES).await;
        }
        // Those who came first have not received what later ones brought.
        let ends = clients.iter().map(|client| client.session().device.replica.meta().log_end);
        let one_end = ends.clone().min() == ends.max();
        if one_end && clients.iter().all(|client| client.is_quiet()) {
            return Vec::new();
        }
    }
    let left = |client: &&Arc<Client>| !client.is_quiet();
    let tell = |client: &Arc<Client>| {
        let session = client.session();
        let replica = &session.device.replica;
        format!("{}: does not come to rest: {} unsent, {:?}", client.name, replica.unsent().count(), replica.meta())
    };
    clients.iter().filter(left).map(tell).collect()
}

/// Sends everything once more, whatever the answers were. Each receipt must be the earlier one, byte for byte.
async fn ask_again(client: &Client) -> Vec<String> {
    let (http, url, request, own) = {
        let device = &client.session().device;
        let own: Vec<_> = device.replica.own().map(|own| own.signed.clone()).collect();
        (device.client.clone(), device.url.clone(), device.replica.request(0), own)
    };
    let mut failures = Vec::new();
    for operations in own.chunks(50) {
        let request = SyncRequest { operations: operations.to_vec(), ..request.clone() };
        let answer = client::send(&http, &url, &request).await.unwrap().unwrap();
        let session = client.session();
        for (operation, given) in operations.iter().zip(answer.receipts) {
            if session.receipts.get(&operation.id()).is_some_and(|first| *first != given) {
                failures.push(format!("{}: another receipt for {} when asked again", client.name, operation.id()));
            }
        }
    }
    failures
}

/// Compares the server with the devices.
async fn compare(data: &Demo, clients: &[Arc<Client>]) -> Report {
    let store = open_directory::open_to_read(&data.dir()).await.unwrap();
    let log = check::read(store.as_ref()).await;
    store.close().await;
    let folded = open_directory::fold(&data.dir()).await.unwrap();
    let by_id: BTreeMap<_, _> = log.iter().map(|entry| (entry.id, entry)).collect();
    let (several, mut failures) = check::registers(&log, &folded);
    failures.extend(check::order(&log));
    let (mut written, mut receipts, mut compared, mut answered, mut cut_off) = (0, 0, 0, 0, 0);
    for client in clients {
        let session = &mut *client.session();
        failures.append(&mut session.failures);
        failures.extend(check::fates(&client.name, session, &by_id));
        let (cards, differing) = check::cards(&client.name, session, &folded);
        failures.extend(differing);
        (written, receipts, compared) =
            (written + session.written.len(), receipts + session.receipts.len(), compared + cards);
        (answered, cut_off) = (answered + session.answered, cut_off + session.cut_off);
    }
    let mine =
        log.iter().filter(|entry| clients.iter().any(|client| client.session().receipts.contains_key(&entry.id)));
    let mut verdicts = BTreeMap::<&str, usize>::new();
    mine.for_each(|entry| *verdicts.entry(entry.verdict.word()).or_default() += 1);
    let counts = format!(
        "{written} operations, {receipts} receipts, {verdicts:?}, {several} registers hold several versions; {answered} \
         exchanges, {cut_off} cut off; {compared} cards compared"
    );
    Report { lines: vec![counts], failures }
}

async fn play(plan: Plan, seconds: u64, data: Demo) -> Report {
    let server = data.serve();
    let (address, listens) = watch::channel(weather::place(&server));
    let (mut clients, mut links, mut cards) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (n, username) in (1_u8..).zip(&PEOPLE[..plan.devices]) {
        let mut device = Device::of(&server, username, n).await;
        device.sync().await;
        if username.starts_with(SUBJECTS) {
            cards.insert(device.card(open_month()));
        }
        let link = Link::to(listens.clone()).await;
        device.url.clone_from(&link.url);
        clients.push(Arc::new(Client::new(format!("{username} on tablet {n}"), device)));
        links.push(Arc::new(link));
    }
    let cards: Vec<CardKey> = cards.into_iter().collect();
    let stage = Stage { data: &data, clients: &clients, links: &links, cards: &cards, address: &address };
    let (server, suffered) = storm(plan, seconds, stage, server).await;
    let mut failures = come_to_rest(&clients).await;
    for client in &clients {
        failures.extend(ask_again(client).await);
    }
    drop(server);
    let mut report = compare(&data, &clients).await;
    report.lines.push(suffered);
    report.failures.append(&mut failures);
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partitions_pauses_and_kills_lose_nothing() {
    let (runs, first) = (asked("CONGTAM_PROVE_RUNS", RUNS), asked("CONGTAM_PROVE_SEED", 0));
    let seconds = asked("CONGTAM_PROVE_SECONDS", SECONDS);
    let at_once = usize::try_from(asked("CONGTAM_PROVE_AT_ONCE", AT_ONCE)).unwrap();
    println!("partition: seeds {first} to {}, {seconds} s each, {at_once} at a time", first + runs.saturating_sub(1));
    let plans: Vec<Plan> = (first..first + runs).map(Plan::of).collect();
    let ground = Arc::new(Ground::prepare(plans.iter().any(|plan| plan.on_postgres)).await);
    let turns = Arc::new(Semaphore::new(at_once));
    let playing: Vec<_> = plans
        .into_iter()
        .map(|plan| {
            let (ground, turns) = (Arc::clone(&ground), Arc::clone(&turns));
            let played = async move {
                let _turn = turns.acquire_owned().await.unwrap();
                play(plan, seconds, ground.data(plan).await).await
            };
            (plan, tokio::spawn(played))
        })
        .collect();
    let mut failed = 0;
    for (Plan { seed, devices, rate, on_postgres }, played) in playing {
        let stopped = |error| Report { lines: Vec::new(), failures: vec![format!("stopped: {error}")] };
        let report = played.await.unwrap_or_else(stopped);
        let database = if on_postgres { "postgresql" } else { "sqlite" };
        let ended = if report.failures.is_empty() { "held" } else { "FAILED" };
        println!(
            "partition, seed {seed}: {devices} tablets, {rate}/s, {database}: {ended}; {}",
            report.lines.join("; ")
        );
        for failure in &report.failures {
            println!("partition, seed {seed}: {failure}");
        }
        failed += u64::from(!report.failures.is_empty());
    }
    println!("partition: {runs} runs, {failed} failures");
    assert_eq!(failed, 0);
}

#[tokio::test]
async fn the_checks_notice_what_they_are_there_for() {
    let data = demo_copy().await;
    let server = data.serve();
    let mut device = Device::of(&server, "canbo1", 1).await;
    device.sync().await;
    let key = device.card(open_month());
    let id = device.on_card(&key, &shared::op::Payload::AssignWork(vec![crate::sync::free_work("việc")]));
    let client = Client::new("canbo1".to_owned(), device);
    client.session().written.push(id);
    assert!(!client.is_quiet() && client.exchange(BATCH_BYTES).await && client.is_quiet());
    drop(server);
    let store = open_directory::open_to_read(&data.dir()).await.unwrap();
    let mut log = check::read(store.as_ref()).await;
    let folded = open_directory::fold(&data.dir()).await.unwrap();
    let faults = |log: &[check::Entry]| {
        let by_id: BTreeMap<_, _> = log.iter().map(|entry| (entry.id, entry)).collect();
        let fates = check::fates(&client.name, &client.session(), &by_id).len();
        [check::order(log).len(), check::registers(log, &folded).1.len(), fates]
    };
    assert_eq!(faults(&log), [0, 0, 0]);
    let last = log.pop().unwrap();
    assert_eq!((last.id, faults(&log)), (id, [0, 1, 1]), "a receipt without an operation, a line from nowhere");
    let first = log.remove(0);
    assert!(faults(&log)[0] > 0, "a gap, and a chain without its beginning");
    client.session().written.push(first.id);
    assert_eq!(faults(&log)[2], 2, "saved, and gone from the tablet");
    let other = open_directory::fold(&demo_copy().await.dir()).await.unwrap();
    assert_eq!(check::cards(&client.name, &client.session(), &other).1.len(), 1, "another card than the office's");
}
