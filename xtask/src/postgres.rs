//! Finds a real PostgreSQL for tests and measurements. They start it themselves, in a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::apt::{install, is_root, on_path};

const PACKAGES: [&str; 1] = ["postgresql"];
/// Debian keeps one folder for each version here.
const DEBIAN: &str = "/usr/lib/postgresql";
/// A file that the package reads before it creates and starts a database server for the whole system.
const CLUSTER_SETTINGS: &str = "/etc/postgresql-common/createcluster.conf";
const PROGRAMS: [&str; 3] = ["initdb", "postgres", "pg_isready"];

/// Makes sure that PostgreSQL's programs are installed.
///
/// # Errors
/// When they are not and cannot be installed: the message says what to type.
pub(crate) fn ensure_postgres() -> Result<()> {
    if found() {
        return Ok(());
    }
    let settings = Path::new(CLUSTER_SETTINGS);
    if is_root() && !settings.exists() {
        let place = || format!("could not write {}", settings.display());
        fs::create_dir_all(settings.parent().unwrap_or(settings)).with_context(place)?;
        fs::write(settings, "# Only the programs are wanted.\ncreate_main_cluster = false\n").with_context(place)?;
    }
    install("PostgreSQL", &PACKAGES, "or give its programs with POSTGRES_BIN=/folder")?;
    found().then_some(()).context("apt-get installed postgresql, yet its programs are nowhere")
}

fn found() -> bool {
    let named = std::env::var_os("POSTGRES_BIN").map(PathBuf::from);
    let debian = fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let whole = |folder: PathBuf| PROGRAMS.iter().all(|program| folder.join(program).is_file());
    named.into_iter().chain(debian).any(whole) || PROGRAMS.iter().all(|program| on_path(program).is_some())
}
