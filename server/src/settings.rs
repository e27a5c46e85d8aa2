//! The settings, given by flag or by environment variable. Secrets are never settings: they are files in the data
//! directory.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use ipnet::IpNet;

use crate::data_directory::DataDirectory;
use crate::database::DatabaseUrl;
use crate::listen::ConnectionLimits;
use crate::values::{address, network, whole};

/// Which database, when it is not the one in the data folder.
#[derive(Clone, Debug, Args)]
pub struct DatabaseArgs {
    /// A PostgreSQL database instead of a file in the data folder, such as postgres://user@127.0.0.1:5432/congtam
    #[arg(long, env = "CONGTAM_DATABASE", value_name = "URL")]
    pub database: Option<DatabaseUrl>,
}

impl DatabaseArgs {
    /// The folder, with this database.
    #[must_use]
    pub fn dir(&self, data: &Path) -> DataDirectory {
        DataDirectory::new(data).with_server(self.database.clone())
    }
}

/// Where the office keeps everything.
#[derive(Clone, Debug, Args)]
pub struct DataArgs {
    /// Folder of the server's key, and of the database unless another is named
    #[arg(long, env = "CONGTAM_DATA", value_name = "DIR")]
    pub data: PathBuf,
    /// The database
    #[command(flatten)]
    pub database: DatabaseArgs,
}

impl DataArgs {
    /// The folder.
    #[must_use]
    pub fn dir(&self) -> DataDirectory {
        self.database.dir(&self.data)
    }
}

/// How log lines are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

/// Settings of a server.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// Where everything is kept
    #[command(flatten)]
    pub data: DataArgs,
    /// Address to listen at
    #[arg(long, env = "CONGTAM_ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_parser = address)]
    pub address: IpAddr,
    /// Port to listen at; 0 takes a free one
    #[arg(long, env = "CONGTAM_PORT", default_value_t = 8080, value_parser = whole(0..=u16::MAX))]
    pub port: u16,
    /// Folder of the app's files; without it only the API answers
    #[arg(long = "static", env = "CONGTAM_STATIC", value_name = "DIR")]
    pub static_dir: Option<PathBuf>,
    /// Make a new office in a folder that has none; else one that is not there is refused, as a mistyped folder is
    #[arg(long)]
    pub init: bool,
    /// Days until a tablet must sign in again
    #[arg(long, env = "CONGTAM_SESSION_DAYS", default_value_t = 90, value_parser = whole(1..=366_u32))]
    pub session_days: u32,
    /// The certificate, with those between it and its authority, as PEM: the server then speaks HTTPS. `congtam certificate` makes one
    #[arg(long, env = "CONGTAM_CERTIFICATE", value_name = "FILE", requires = "private_key")]
    pub certificate: Option<PathBuf>,
    /// The certificate's private key, as PEM
    #[arg(long, env = "CONGTAM_PRIVATE_KEY", value_name = "FILE", requires = "certificate")]
    pub private_key: Option<PathBuf>,
    /// A proxy whose word on its clients' addresses and on HTTPS is believed, as an address or a network such as 10.0.0.0/8; may be
    /// given several times
    #[arg(long = "trusted-proxy", env = "CONGTAM_TRUSTED_PROXY", value_name = "ADDRESS|NETWORK", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
    /// Send cookies over HTTPS only even to a browser that seems to be on this machine: for a proxy that says nothing of its clients
    #[arg(long, env = "CONGTAM_SECURE_COOKIE")]
    pub secure_cookie: bool,
    /// Seconds a request may take
    #[arg(long, env = "CONGTAM_REQUEST_SECONDS_MAX", default_value_t = 120, value_parser = whole(1..=3600_u32))]
    pub request_seconds_max: u32,
    /// Requests served at a time, of the API and of files each; more wait for their turn
    #[arg(long, env = "CONGTAM_REQUESTS_MAX", default_value_t = 256, value_parser = whole(1..=65_536_u32))]
    pub requests_max: u32,
    /// Connections at a time; more wait
    #[arg(long, env = "CONGTAM_CONNECTIONS_MAX", default_value_t = 4096, value_parser = whole(1..=65_536_u32))]
    pub connections_max: u32,
    /// Seconds that the head of a request may take to arrive, and the whole of a sign-in
    #[arg(long, env = "CONGTAM_HEAD_SECONDS_MAX", default_value_t = 20, value_parser = whole(1..=600_u32))]
    pub head_seconds_max: u32,
    /// Seconds that a connection may be idle between two requests
    #[arg(long, env = "CONGTAM_IDLE_SECONDS_MAX", default_value_t = 75, value_parser = whole(1..=3600_u32))]
    pub idle_seconds_max: u32,
    /// How log lines are written
    #[arg(long = "log", env = "CONGTAM_LOG", default_value_t = LogFormat::Text)]
    pub log: LogFormat,
    /// Which log lines are written
    #[arg(long, env = "CONGTAM_LOG_FILTER", default_value = "info,sqlx=warn", value_name = "FILTER")]
    pub log_filter: String,
}

impl Settings {
    /// The socket to listen at.
    #[must_use]
    pub const fn socket(&self) -> SocketAddr {
        SocketAddr::new(self.address, self.port)
    }

    /// How long a session lasts.
    #[must_use]
    pub fn session(&self) -> Duration {
        Duration::from_secs(u64::from(self.session_days) * 86_400)
    }

    /// What connections may take.
    #[must_use]
    pub fn connection_limits(&self) -> ConnectionLimits {
        ConnectionLimits {
            connections_max: usize::try_from(self.connections_max).unwrap_or(usize::MAX),
            head_time_max: Duration::from_secs(u64::from(self.head_seconds_max)),
            idle_time_max: Duration::from_secs(u64::from(self.idle_seconds_max)),
        }
    }

    /// How long a request may take.
    #[must_use]
    pub fn request_time_max(&self) -> Duration {
        Duration::from_secs(u64::from(self.request_seconds_max))
    }
}
