//! The folder in which one office keeps everything: database (unless it is on a server), key, lock.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use ed25519_dalek::SigningKey;

use crate::database::DatabaseUrl;
use crate::words::said;

const DATABASE: &str = "congtam.sqlite3";
const KEY: &str = "server.key";
const LOCK: &str = "congtam.lock";
/// The names of the database, its side files and the locks begin with this.
const OURS: &str = "congtam.";
/// The names of lists of first passwords begin with this.
pub const PASSWORDS: &str = "new-passwords";

/// The folder of one office, and the database server that keeps its log, if any.
#[derive(Clone, Debug)]
pub struct DataDirectory {
    folder: PathBuf,
    server: Option<DatabaseUrl>,
}

/// A lock. It is held while a process serves, and while key and schema may be made, so that two processes starting at
/// once do not make two.
#[derive(Debug)]
pub struct WriterLock {
    _file: File,
}

impl DataDirectory {
    /// Names the folder. Touches nothing yet.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { folder: path.to_owned(), server: None }
    }

    /// The same folder with its log on a database server.
    #[must_use]
    pub fn with_server(self, server: Option<DatabaseUrl>) -> Self {
        Self { server, ..self }
    }

    /// The database server. None when the log is a file in the folder.
    #[must_use]
    pub const fn server(&self) -> Option<&DatabaseUrl> {
        self.server.as_ref()
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// The database file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }

    /// The file of the server's key.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.folder.join(KEY)
    }

    /// Makes the folder if it is missing, readable by its owner only.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(&self) -> anyhow::Result<()> {
        if self.folder.is_dir() {
            return Ok(());
        }
        fs::create_dir_all(&self.folder).with_context(|| named("thư mục dữ liệu", "data directory", &self.folder))?;
        restrict(&self.folder, 0o700)
    }

    /// Removes other users' access to what they could read: folder, key, database and the lists of first passwords.
    ///
    /// # Errors
    /// When something is readable by others and belongs to somebody else, so that access cannot be removed.
    pub fn close_to_others(&self) -> anyhow::Result<()> {
        close(&self.folder, 0o700)?;
        let place = || named("thư mục dữ liệu", "data directory", &self.folder);
        for entry in fs::read_dir(&self.folder).with_context(place)? {
            let entry = entry.with_context(place)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_ours = [OURS, KEY, PASSWORDS].iter().any(|ours| name.starts_with(ours));
            if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                close(&entry.path(), 0o600)?;
            }
        }
        Ok(())
    }

    /// Takes the right to serve. It is released when dropped or when the process ends, however it ends.
    ///
    /// # Errors
    /// When another process holds it.
    pub fn lock(&self) -> anyhow::Result<WriterLock> {
        self.try_lock()?.with_context(|| {
            let folder = self.folder.display();
            said(
                format!("thư mục dữ liệu {folder}: một congtam khác đang dùng; hãy dừng nó trước"),
                format!("data directory {folder}: in use by a running congtam; stop that one first"),
            )
        })
    }

    /// Takes the right to serve. None when another process holds it.
    ///
    /// # Errors
    /// When the file cannot be locked.
    pub fn try_lock(&self) -> anyhow::Result<Option<WriterLock>> {
        let (path, file) = self.lock_file()?;
        match file.try_lock() {
            Ok(()) => Ok(Some(WriterLock { _file: file })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error).context(named("tệp khóa", "lock file", &path)),
        }
    }

    /// Waits until nobody has the right to serve, and takes it.
    ///
    /// # Errors
    /// When the file cannot be locked.
    pub fn wait_for_lock(&self) -> anyhow::Result<WriterLock> {
        let (path, file) = self.lock_file()?;
        file.lock().with_context(|| named("tệp khóa", "lock file", &path))?;
        Ok(WriterLock { _file: file })
    }

    fn lock_file(&self) -> anyhow::Result<(PathBuf, File)> {
        let path = self.folder.join(LOCK);
        let file = private()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| named("tệp khóa", "lock file", &path))?;
        Ok((path, file))
    }

    /// Draws the signing key of a new office.
    ///
    /// # Errors
    /// When there is one already, or it cannot be kept.
    pub fn draw_key(&self) -> anyhow::Result<()> {
        let path = self.key();
        let place = || named("khóa của máy chủ", "server key", &path);
        ensure!(
            !path.exists(),
            "{}: {}",
            place(),
            said("đã có, nơi lập cơ quan mới phải chưa có", "found one, allowed none where a new office is made")
        );
        let mut seed = [0_u8; 32];
        getrandom::fill(&mut seed)
            .map_err(|error| anyhow::anyhow!("{}: {error}", said("số ngẫu nhiên", "random numbers")))?;
        write_secret(&path, &seed).with_context(place)
    }

    /// The server's signing key. A lost key is never replaced, because devices would refuse every receipt signed with
    /// another.
    ///
    /// # Errors
    /// When it cannot be read, or is not 32 bytes.
    pub fn signing_key(&self) -> anyhow::Result<SigningKey> {
        let path = self.key();
        let place = || named("khóa của máy chủ", "server key", &path);
        ensure!(
            path.exists(),
            "{}: {}",
            place(),
            said(
                "không thấy; đưa lại đúng khóa của cơ quan, như trong bản sao lưu",
                "found none; put back the office's own key, as a backup has it",
            )
        );
        let mut bytes = Vec::new();
        File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)).with_context(place)?;
        let Ok(seed) = <[u8; 32]>::try_from(bytes.as_slice()) else {
            let (place, length) = (place(), bytes.len());
            bail!(said(
                format!("{place}: có {length} byte; cho phép: 32"),
                format!("{place}: found {length} bytes, allowed 32"),
            ));
        };
        Ok(SigningKey::from_bytes(&seed))
    }
}

/// Options for opening a file. If they create the file, only its owner may read it.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Makes an empty file that only its owner may read, unless there is one.
///
/// # Errors
/// When it cannot be made.
pub fn make_private(path: &Path) -> std::io::Result<()> {
    private().create(true).append(true).open(path).map(drop)
}

/// Writes a file that only its owner may read, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub fn write_secret(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let part = path.with_extension("part");
    // A leftover file may be readable by others.
    drop(fs::remove_file(&part));
    let mut file = private().create_new(true).write(true).open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    Ok(())
}

/// Removes everybody else's access to a file or folder.
///
/// # Errors
/// When it belongs to somebody else.
pub fn restrict(path: &Path, mode: u32) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}

/// Removes other users' rights from a file or folder.
#[cfg(unix)]
fn close(path: &Path, mode: u32) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let found = fs::metadata(path).with_context(|| path.display().to_string())?.permissions().mode() & 0o777;
    if found & 0o077 == 0 {
        return Ok(());
    }
    restrict(path, mode).with_context(|| {
        let path = path.display();
        said(
            format!("{path}: quyền {found:04o} của người khác; cho phép: {mode:04o}"),
            format!("{path}: found mode {found:04o} of somebody else's, allowed {mode:04o}"),
        )
    })?;
    tracing::warn!(path = %path.display(), found = format!("{found:04o}"), now = format!("{mode:04o}"), "closed to others");
    Ok(())
}

#[cfg(not(unix))]
fn close(_: &Path, _: u32) -> anyhow::Result<()> {
    Ok(())
}

/// What a file is, and where it is.
fn named(vi: &str, en: &str, path: &Path) -> String {
    format!("{} {}", said(vi, en), path.display())
}
