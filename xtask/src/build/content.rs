//! Hashes and types of files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Every file below a folder, sorted, so that results derived from the list are the same on every machine.
///
/// # Errors
/// When a folder cannot be read.
pub(crate) fn list_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        let entries = fs::read_dir(&next).with_context(|| format!("could not read the folder {}", next.display()))?;
        for entry in entries {
            let path = entry.with_context(|| format!("could not read the folder {}", next.display()))?.path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

pub(crate) fn empty_folder(folder: &Path) -> Result<()> {
    remove_folder(folder)?;
    fs::create_dir_all(folder).with_context(|| format!("could not make the folder {}", folder.display()))
}

pub(crate) fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("could not remove {}", folder.display()))?;
    }
    Ok(())
}

/// The type that a server must send for a file, and whether compressing it pays.
pub(crate) fn kind(path: &str) -> Option<(&'static str, bool)> {
    let extension = path.rsplit('.').next()?;
    Some(match extension {
        "html" => ("text/html", true),
        "css" => ("text/css", true),
        // Servers may say text/javascript or application/javascript; the hash decides.
        "js" | "mjs" => ("", true),
        "wasm" => ("application/wasm", true),
        "webmanifest" => ("", true),
        "json" => ("application/json", true),
        "svg" => ("image/svg+xml", true),
        "png" => ("image/png", false),
        "bin" => ("application/octet-stream", true),
        "woff2" => ("font/woff2", false),
        _ => return None,
    })
}
