//! Compresses files once at build time, so that no server spends its time on it and every device gets the smallest
//! form.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::content::{kind, list_files};

/// Writes `FILE.br` and `FILE.gz` next to every file that gets smaller.
pub(super) fn compress_folder(folder: &Path) -> Result<()> {
    for file in list_files(folder)? {
        if !kind(&file.to_string_lossy()).is_some_and(|(_, compressible)| compressible) {
            continue;
        }
        let raw = fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
        write_beside(&file, "br", &brotli_bytes(&raw)?)?;
        write_beside(&file, "gz", &gzip_bytes(&raw)?)?;
    }
    Ok(())
}

/// Brotli at its strongest, quality 11.
///
/// # Errors
/// When the encoder fails, which only a lack of memory can cause.
pub(crate) fn brotli_bytes(raw: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: raw.len(), ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*raw, &mut packed, &parameters).context("could not compress with brotli")?;
    Ok(packed)
}

fn gzip_bytes(raw: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(raw).context("could not compress with gzip")?;
    encoder.finish().context("could not compress with gzip")
}

fn write_beside(file: &Path, suffix: &str, bytes: &[u8]) -> Result<()> {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    let name = PathBuf::from(name);
    fs::write(&name, bytes).with_context(|| format!("could not write {}", name.display()))
}
