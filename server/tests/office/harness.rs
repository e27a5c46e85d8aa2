//! A real server on a free port, killed when dropped, and devices that talk to it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use server::data_directory::DataDirectory;
use server::database::DatabaseUrl;
use server::demo::{Scheme, create_with};
use server::open_directory;
use shared::ids::{DeviceId, Nonce, OpId, PackHash, PersonId, StepPlace, UnitId};
use shared::op::{CardKey, Payload, Receipt, Refusal, SignedOperation, Target};
use shared::sync::{Absorbed, Replica, SyncRequest, SyncResponse};
use shared::time::{Day, Millis, Period};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "congtam-demo";
/// The demo's today: November 2026 is open, September and October are published.
pub(crate) const TODAY: &str = "2026-11-20";
/// The step of the demo's pack in which the superior scores, and the one in which the head of the agency decides.
pub(crate) const APPRAISE: StepPlace = StepPlace(3);
pub(crate) const APPROVE: StepPlace = StepPlace(4);

/// Lets every highest unit of an office live by the decree, as far as it does not yet.
pub(crate) fn adopt(data: &Path) {
    let folder = DataDirectory::new(data);
    let fold = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let folded = runtime.block_on(open_directory::fold(&folder)).unwrap();
        let state = folded.state();
        let roots = state.org.units().filter(|unit| unit.parent.is_none()).map(|unit| unit.id);
        roots.filter(|id| state.adoptions.all().all(|known| known.unit != *id)).collect::<Vec<_>>()
    };
    for unit in std::thread::spawn(fold).join().unwrap() {
        adopt_for(data, unit);
    }
}

/// Lets a unit live by the decree.
pub(crate) fn adopt_for(data: &Path, unit: UnitId) {
    let words = ["adopt", "--pack", "nd335-congchuc", "--decision", "QĐ 1", "--unit", &unit.to_string()];
    let done = binary().args(words).arg("--data").arg(data).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The demo's pack, by content.
pub(crate) fn pack_hash() -> PackHash {
    shared::pack::find("nd335-congchuc").unwrap().hash
}

pub(crate) fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_congtam"));
    for name in ["CONGTAM_DATA", "CONGTAM_DATABASE", "CONGTAM_PORT", "CONGTAM_ADDRESS", "CONGTAM_STATIC"] {
        command.env_remove(name);
    }
    // The output must not depend on where the tests run.
    for name in ["LC_ALL", "LC_MESSAGES"] {
        command.env_remove(name);
    }
    command.env("LANG", "en_GB.UTF-8");
    command
}

/// A demo commune for one test, on either kind of database.
pub(crate) struct Demo {
    folder: TempDir,
    server: Option<DatabaseUrl>,
}

impl Demo {
    /// A copy of a commune that was made on a database server.
    pub(crate) fn on_server(original: &Path, server: DatabaseUrl) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::copy(original.join("server.key"), folder.path().join("server.key")).unwrap();
        Self { folder, server: Some(server) }
    }

    /// A commune made on a database server.
    pub(crate) async fn made_on_server(server: DatabaseUrl) -> Self {
        let demo = Self { folder: TempDir::new().unwrap(), server: Some(server) };
        server::demo::create(&demo.dir(), Day::parse(TODAY).unwrap()).await.unwrap();
        demo
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn dir(&self) -> DataDirectory {
        DataDirectory::new(self.path()).with_server(self.server.clone())
    }

    /// A server of this commune.
    pub(crate) fn serve(&self) -> Server {
        let url = self.server.as_ref().map(ToString::to_string);
        let more: Vec<&str> = url.iter().flat_map(|url| ["--database", url]).collect();
        Server::start(self.path(), &more)
    }
}

/// A fresh copy of a demo commune, which is made once for all tests.
pub(crate) async fn demo_copy() -> Demo {
    static MADE: OnceLock<tokio::sync::OnceCell<TempDir>> = OnceLock::new();
    let made = MADE.get_or_init(tokio::sync::OnceCell::new);
    let original = made
        .get_or_init(|| async {
            let folder = TempDir::new().unwrap();
            server::demo::create(&DataDirectory::new(folder.path()), Day::parse(TODAY).unwrap()).await.unwrap();
            folder
        })
        .await;
    let copy = TempDir::new().unwrap();
    for file in ["congtam.sqlite3", "server.key"] {
        std::fs::copy(original.path().join(file), copy.path().join(file)).unwrap();
    }
    Demo { folder: copy, server: None }
}

/// A new demo with these offices, and who is behind each user name.
pub(crate) async fn demo_of(schemes: &[Scheme], today: Day) -> (TempDir, BTreeMap<String, PersonId>) {
    let data = TempDir::new().unwrap();
    let folder = DataDirectory::new(data.path());
    create_with(&folder, today, 1, schemes).await.unwrap();
    let store = open_directory::open_to_read(&folder).await.unwrap();
    let accounts = store.accounts().await.unwrap();
    store.close().await;
    let people = accounts.into_iter().map(|account| (account.username, account.person)).collect();
    (data, people)
}

pub(crate) fn open_month() -> Period {
    "2026-11".parse().unwrap()
}

pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start(data: &Path, more: &[&str]) -> Self {
        let mut command = binary();
        command.arg("serve").arg("--data").arg(data).args(["--log-filter", "warn"]).args(more);
        if !more.contains(&"--port") {
            command.args(["--port", "0"]);
        }
        Self::spawned(&mut command)
    }

    /// The server that a command starts.
    pub(crate) fn spawned(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let listening =
            lines.map_while(Result::ok).find_map(|line| line.strip_prefix("listening on ").map(String::from));
        Self { url: listening.expect("the server says where it listens"), child }
    }

    /// Sends SIGKILL, which leaves no chance to tidy up.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn wait(&mut self) -> std::process::ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn client() -> Client {
    // A test that works for long between two requests does not notice that the server has closed the connection.
    let client = Client::builder().cookie_store(true).pool_idle_timeout(std::time::Duration::from_secs(10));
    client.no_gzip().no_brotli().build().unwrap()
}

pub(crate) async fn sign_in(client: &Client, url: &str, username: &str, password: &str) -> Response {
    let body = json!({ "username": username, "password": password });
    client.post(format!("{url}/v1/session")).json(&body).send().await.unwrap()
}

/// The session cookie that an answer sets, with its attributes.
pub(crate) fn session_cookie(response: &Response) -> String {
    let cookies = response.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    cookies.filter(|cookie| cookie.contains("congtam_session=")).map(str::to_owned).next().unwrap()
}

/// Checks that an answer is a typed refusal of ours, and returns its detail.
pub(crate) async fn refusal(response: Response, status: StatusCode, code: &str) -> Value {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers().get("congtam").map(|mark| mark.as_bytes()), Some(&b"1"[..]));
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["code"], code, "{body}");
    body["error"].clone()
}

/// A signed-in person with a registered key and a copy of the log.
pub(crate) struct Device {
    pub(crate) client: Client,
    pub(crate) url: String,
    pub(crate) person: PersonId,
    pub(crate) id: DeviceId,
    pub(crate) key: SigningKey,
    pub(crate) replica: Replica,
    server_key: VerifyingKey,
    clock: u64,
}

impl Device {
    /// Signs in and registers. `n` tells devices apart.
    pub(crate) async fn of(server: &Server, username: &str, n: u8) -> Self {
        let device = Self::unregistered(server, username, n).await;
        assert_eq!(device.register().await.status(), StatusCode::OK);
        device
    }

    pub(crate) async fn unregistered(server: &Server, username: &str, n: u8) -> Self {
        let client = client();
        let signed_in = sign_in(&client, &server.url, username, PASSWORD).await;
        assert_eq!(signed_in.status(), StatusCode::OK, "{username} signs in");
        let who: Value = signed_in.json().await.unwrap();
        let person: PersonId = who["person"].as_str().unwrap().parse().unwrap();
        let mut key = [0; 32];
        hex::decode_to_slice(who["server_key"].as_str().unwrap(), &mut key).unwrap();
        let device = DeviceId::from_bytes([n; 16]);
        Self {
            client,
            url: server.url.clone(),
            person,
            id: device,
            key: SigningKey::from_bytes(&[n; 32]),
            replica: Replica::new(person, device, 1),
            server_key: VerifyingKey::from_bytes(&key).unwrap(),
            clock: server::clock::now().0,
        }
    }

    pub(crate) async fn register(&self) -> Response {
        self.register_as(1, &self.key).await
    }

    pub(crate) async fn register_as(&self, epoch: u32, key: &SigningKey) -> Response {
        let public_key = hex::encode(key.verifying_key().to_bytes());
        let body = json!({ "device": self.id, "epoch": epoch, "public_key": public_key, "label": "test" });
        self.client.post(format!("{}/v1/devices", self.url)).json(&body).send().await.unwrap()
    }

    /// Prepares, signs and stores an act without a network, as a device does.
    pub(crate) fn act(&mut self, target: Target, payload: &Payload) -> OpId {
        self.try_act(target, payload).unwrap()
    }

    /// Like [`Self::act`], but returns the refusal when the device itself refuses the act.
    pub(crate) fn try_act(&mut self, target: Target, payload: &Payload) -> Result<OpId, Refusal> {
        self.clock += 1;
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).unwrap();
        let body = self.replica.prepare(target, payload, Some(Nonce(nonce)), Millis(self.clock))?;
        let body = body.to_bytes();
        let signature = self.key.sign(&body).to_bytes().to_vec();
        Ok(self.replica.append(SignedOperation { body, signature }).unwrap())
    }

    pub(crate) fn on_card(&mut self, key: &CardKey, payload: &Payload) -> OpId {
        self.act(Target::Card(key.clone()), payload)
    }

    pub(crate) fn card(&self, period: Period) -> CardKey {
        self.replica.view().card_key(self.person, period).unwrap()
    }

    pub(crate) async fn post(&self, bytes: Vec<u8>) -> Result<Response, reqwest::Error> {
        let request = self.client.post(format!("{}/v1/sync", self.url));
        request.header("content-type", "application/cbor").body(bytes).send().await
    }

    /// Sends exactly these operations, outside the replica.
    pub(crate) async fn push(&self, operations: Vec<SignedOperation>) -> Vec<Receipt> {
        let request = SyncRequest { operations, ..self.replica.request(0) };
        let response = self.post(request.to_bytes()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let answer = SyncResponse::from_bytes(&response.bytes().await.unwrap()).unwrap();
        self.verified(&answer)
    }

    /// The receipts, after checking the server's signature on each.
    pub(crate) fn verified(&self, answer: &SyncResponse) -> Vec<Receipt> {
        let check = |signed: &shared::op::SignedReceipt| {
            let signature = Signature::from_slice(&signed.signature).unwrap();
            self.server_key.verify_strict(&signed.receipt, &signature).unwrap();
            signed.decode().unwrap()
        };
        answer.receipts.iter().map(check).collect()
    }

    /// One exchange with a server that may fail meanwhile. Returns the receipts, or none when the answer was not as it
    /// should be.
    pub(crate) async fn offer(&mut self, bytes_max: usize) -> Option<Vec<Receipt>> {
        let response = self.post(self.replica.request(bytes_max).to_bytes()).await.ok()?;
        if response.status() != StatusCode::OK {
            return None;
        }
        let answer = SyncResponse::from_bytes(&response.bytes().await.ok()?).unwrap();
        let receipts = self.verified(&answer);
        self.replica.absorb(&answer, Millis(self.clock)).unwrap();
        Some(receipts)
    }

    pub(crate) async fn exchange(&mut self, bytes_max: usize) -> Result<Absorbed, reqwest::Error> {
        let response = self.post(self.replica.request(bytes_max).to_bytes()).await?;
        assert_eq!(response.status(), StatusCode::OK);
        let answer = SyncResponse::from_bytes(&response.bytes().await?).unwrap();
        self.verified(&answer);
        Ok(self.replica.absorb(&answer, Millis(self.clock)).unwrap())
    }

    /// Exchanges until nothing is left either way. Returns the number of round trips.
    pub(crate) async fn sync(&mut self) -> usize {
        for trip in 1..200 {
            let absorbed = self.exchange(64 * 1024).await.unwrap();
            if !absorbed.more && self.replica.unsent().next().is_none() {
                return trip;
            }
        }
        panic!("the exchange does not come to an end");
    }
}

/// A folder of app files as the build tool leaves it.
pub(crate) fn app_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path: PathBuf = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("index.html", b"<!doctype html><title>app</title>");
    write("sw.js", b"// worker");
    write("manifest.webmanifest", b"{}");
    write("assets/app.0123456789abcdef.js", b"// plain script");
    write("assets/app.0123456789abcdef.js.br", b"brotli bytes");
    write("assets/app.0123456789abcdef.js.gz", b"gzip bytes");
    write("assets/app_bg.fedcba9876543210.wasm", b"\0asm");
    folder
}
