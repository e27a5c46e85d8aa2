//! The folder in which one office keeps everything: database, key, lock.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use ed25519_dalek::SigningKey;

const DATABASE: &str = "congtam.sqlite3";
const KEY: &str = "server.key";
const LOCK: &str = "congtam.lock";

/// The folder of one office.
#[derive(Clone, Debug)]
pub struct DataDir(PathBuf);

/// Held while a process writes: a second writer would fold a log that the first has moved on.
#[derive(Debug)]
pub struct WriterLock {
    _file: File,
}

impl DataDir {
    /// Names the folder; nothing is touched yet.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The database file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join(DATABASE)
    }

    /// The file of the server's key.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.0.join(KEY)
    }

    /// Makes the folder if it is missing, readable by its owner only.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(&self) -> anyhow::Result<()> {
        if self.0.is_dir() {
            return Ok(());
        }
        fs::create_dir_all(&self.0).with_context(|| format!("data directory {}", self.0.display()))?;
        restrict(&self.0, 0o700)
    }

    /// Takes the right to write; released when dropped or when the process ends, however it ends.
    ///
    /// # Errors
    /// When another process holds it.
    pub fn lock(&self) -> anyhow::Result<WriterLock> {
        let path = self.0.join(LOCK);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("lock file {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(WriterLock { _file: file }),
            Err(fs::TryLockError::WouldBlock) => {
                bail!("data directory {}: in use by a running congtam; stop that one first", self.0.display())
            }
            Err(fs::TryLockError::Error(error)) => Err(error).context(format!("lock file {}", path.display())),
        }
    }

    /// The office's signing key, drawn at the first start.
    ///
    /// # Errors
    /// When it cannot be read or kept, or is not 32 bytes.
    pub fn signing_key(&self) -> anyhow::Result<SigningKey> {
        let path = self.key();
        let place = || format!("server key {}", path.display());
        if !path.exists() {
            let mut seed = [0_u8; 32];
            getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("random numbers: {error}"))?;
            write_secret(&path, &seed).with_context(place)?;
        }
        let mut bytes = Vec::new();
        File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)).with_context(place)?;
        let Ok(seed) = <[u8; 32]>::try_from(bytes.as_slice()) else {
            bail!("{}: found {} bytes, allowed 32", place(), bytes.len());
        };
        Ok(SigningKey::from_bytes(&seed))
    }
}

/// Writes a file that only its owner may read, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub fn write_secret(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let part = path.with_extension("part");
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    Ok(())
}

fn restrict(path: &Path, mode: u32) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}
