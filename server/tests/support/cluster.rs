//! Starts a real PostgreSQL in a temporary folder, reached through a socket there and as durable as in an office. It is
//! stopped and removed when dropped, and also when the test's process ends in any other way.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

use server::database::DatabaseUrl;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

/// Waits for the test to end, however it ends, then stops the server and removes the folder. If it is told to keep the
/// folder, the server must be killed, because a server that is just starting reacts to no gentler signal.
const WATCHER: &str = r#"
"$@" </dev/null >>"$FOLDER/log" 2>&1 & server=$!
read order
signal=QUIT; [ "$order" = keep ] && signal=KILL
kill -$signal $server 2>/dev/null
wait $server
[ "$order" = keep ] || rm -rf "$FOLDER"
"#;
const USER: &str = "postgres";
/// The port is part of the socket's name; nothing listens on a network.
const PORT: &str = "5432";
const WAIT_STEP: Duration = Duration::from_millis(50);
const WAIT_STEPS_MAX: u32 = 1200;

pub(crate) struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    watcher: Child,
    made: AtomicU32,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("congtam-postgres-").tempdir().unwrap().keep();
        if is_root() {
            let id = |flag: &str| text(&Command::new("id").args([flag, USER]).output().unwrap()).parse().ok();
            let (user, group) = (id("-u"), id("-g"));
            assert!(user.is_some(), "PostgreSQL does not run as root, and there is no user {USER} here");
            std::os::unix::fs::chown(&folder, user, group).unwrap();
        }
        let made = as_user(&programs.join("initdb"))
            .args(["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"])
            .arg("--pgdata")
            .arg(folder.join("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let watcher = watch(&programs, &folder);
        let cluster = Self { folder, programs, watcher, made: AtomicU32::new(0) };
        cluster.wait();
        cluster
    }

    /// A new, empty database.
    pub(crate) async fn database(&self) -> DatabaseUrl {
        self.make("").await
    }

    /// A copy of a database without connections.
    #[allow(dead_code, reason = "not every suite copies")]
    pub(crate) async fn copy(&self, of: &DatabaseUrl) -> DatabaseUrl {
        let options = of.options().unwrap();
        self.make(&format!("TEMPLATE {}", options.get_database().unwrap())).await
    }

    async fn make(&self, more: &str) -> DatabaseUrl {
        let name = format!("test{}", self.made.fetch_add(1, Ordering::Relaxed));
        let mut connection = self.connect("postgres").await;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name} {more}"))).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        self.url(&name, USER)
    }

    async fn connect(&self, database: &str) -> PgConnection {
        self.options(database).connect().await.unwrap()
    }

    fn options(&self, database: &str) -> PgConnectOptions {
        self.url(database, USER).options().unwrap()
    }

    /// The address of a database for a user.
    fn url(&self, database: &str, user: &str) -> DatabaseUrl {
        format!("postgres:///{database}?host={}&user={user}", self.folder.display()).parse().unwrap()
    }

    /// SIGKILL for the whole server, then a new start. As far as a process can tell, this is like a power cut.
    #[allow(dead_code, reason = "not every suite kills")]
    pub(crate) fn kill_and_restart(&mut self) {
        let file = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        let process = file.lines().next().unwrap().trim();
        assert!(Command::new("kill").args(["-9", process]).status().unwrap().success());
        self.watcher.stdin.take().unwrap().write_all(b"keep\n").unwrap();
        self.watcher.wait().unwrap();
        for _ in 0..WAIT_STEPS_MAX {
            self.watcher = watch(&self.programs, &self.folder);
            if self.answers_soon() {
                return;
            }
            // Processes of the killed server still hold its memory; they are about to exit.
            self.watcher.stdin.take().unwrap().write_all(b"keep\n").unwrap();
            self.watcher.wait().unwrap();
        }
        panic!("PostgreSQL does not start again; see {}", self.folder.join("log").display());
    }

    /// Whether the server just started answers. It ends early when the server has given up.
    fn answers_soon(&self) -> bool {
        for _ in 0..WAIT_STEPS_MAX {
            if self.is_ready() {
                return true;
            }
            sleep(WAIT_STEP);
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            let last = log.lines().last().unwrap_or_default();
            // Messages to clients, from the starting server and from the rest of the killed one.
            let to_client = ["is starting up", "terminating connection"].iter().any(|words| last.contains(words));
            if !to_client && (last.contains("HINT:") || last.contains("FATAL:")) {
                return false;
            }
        }
        false
    }

    fn wait(&self) {
        for _ in 0..WAIT_STEPS_MAX {
            if self.is_ready() {
                return;
            }
            sleep(WAIT_STEP);
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not answer: {log}");
    }

    fn is_ready(&self) -> bool {
        let mut asked = Command::new(self.programs.join("pg_isready"));
        asked.arg("--quiet").arg("--host").arg(&self.folder).args(["--port", PORT]);
        asked.status().unwrap().success()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let _ = self.watcher.wait();
    }
}

fn watch(programs: &Path, folder: &Path) -> Child {
    let server = as_user(&programs.join("postgres"));
    let mut watcher = Command::new("sh");
    watcher.args(["-c", WATCHER, "watcher"]).arg(server.get_program()).args(server.get_args());
    watcher.arg("-D").arg(folder.join("data")).arg("-k").arg(folder).args(["-p", PORT]);
    for setting in ["listen_addresses=", "max_connections=200", "fsync=on", "full_page_writes=on"] {
        watcher.args(["-c", setting]);
    }
    watcher.env("FOLDER", folder).stdin(Stdio::piped()).spawn().unwrap()
}

/// A program of PostgreSQL, run as another user, because it refuses to run as root.
fn as_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", USER, "--regid", USER, "--clear-groups", "--"]).arg(program).current_dir("/");
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| text(&output) == "0")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The folder of PostgreSQL's programs: named by the environment, or where Debian puts them, or on the path.
fn programs() -> PathBuf {
    let named = std::env::var_os("POSTGRES_BIN").map(PathBuf::from);
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut debian: Vec<PathBuf> = debian.collect();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let candidates = named.into_iter().chain(debian.into_iter().rev()).chain(std::env::split_paths(&path));
    let whole = |folder: &PathBuf| ["initdb", "postgres", "pg_isready"].iter().all(|name| folder.join(name).is_file());
    candidates.into_iter().find(whole).expect(
        "this test DID NOT RUN: it needs PostgreSQL 15 or later and found none. `cargo xtask test` installs it where it may; \
         else type: sudo apt-get install postgresql (or give its programs with POSTGRES_BIN=/folder)",
    )
}
