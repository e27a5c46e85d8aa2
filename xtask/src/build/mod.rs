//! Builds the app from its sources into the folder that is served.

mod assemble;
mod compress;
mod content;
mod reorder;
mod shorten;
mod variant;
mod wasm;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::node::{ensure_node, ensure_packages};
use crate::place;
use crate::stopwatch::{Stopwatch, seconds};

pub(crate) use assemble::is_on_demand;
pub(crate) use compress::brotli_bytes;
pub(crate) use content::{list_files, sha256_hex};
pub(crate) use variant::Variant;
pub(crate) use wasm::{bind_for_node, compile_tests, ensure_target};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Small and compressed, as it is served to tablets (the default)
    #[arg(long, conflicts_with = "dev")]
    release: bool,
    /// Quick to build, large, with names in stack traces; lies in target/dist-dev
    #[arg(long)]
    dev: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    build_app(if args.dev { Variant::Dev } else { Variant::Shipped })?;
    Ok(ExitCode::SUCCESS)
}

/// Builds the app and returns the folder to serve. Unchanged steps are skipped.
///
/// # Errors
/// When the compiler, wasm-bindgen or the disk refuses; the message names the step.
pub(crate) fn build_app(variant: Variant) -> Result<PathBuf> {
    let watch = Stopwatch::start();
    let compiled = wasm::compile_app(variant)?;
    let dist = place::dist(variant.folder());
    let stamp_file = dist.with_extension("stamp");
    let stamp = stamp(&compiled)?;
    if dist.join("sw.js").is_file() && fs::read_to_string(&stamp_file).is_ok_and(|found| found == stamp) {
        println!("app: unchanged, {}", dist.display());
        return Ok(dist);
    }
    let dev = variant.is_quick();
    if !dev {
        ensure_node()?;
        ensure_packages(&place::scripts())?;
    }
    let bound = wasm::bind_for_browser(&compiled, dev)?;
    let fresh = dist.with_extension("fresh");
    content::empty_folder(&fresh)?;
    let version = assemble::assemble(&bound, &fresh, dev)?;
    if !dev {
        compress::compress_folder(&fresh)?;
    }
    put_in_place(&fresh, &dist)?;
    fs::write(&stamp_file, stamp).with_context(|| format!("could not write {}", stamp_file.display()))?;
    println!("app: version {version}, {} ({} s)", dist.display(), seconds(watch.elapsed()));
    Ok(dist)
}

/// A value that changes whenever the compiled app, a static file, a rule pack or this tool changes.
fn stamp(compiled: &std::path::Path) -> Result<String> {
    let mut inputs = vec![compiled.to_path_buf(), place::root().join("Cargo.lock")];
    inputs.extend(["shrink.mjs", "package-lock.json"].map(|name| place::scripts().join(name)));
    inputs.extend(list_files(&place::public())?);
    inputs.extend(list_files(&place::root().join("xtask/src/build"))?);
    let mut all = sha256_hex(&shared::pack::write_library(shared::pack::all()));
    for file in &inputs {
        let bytes = fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
        all.push_str(&format!("{} {}\n", file.display(), sha256_hex(&bytes)));
    }
    Ok(sha256_hex(all.as_bytes()))
}

/// Puts the new folder in place. A running server sees the old folder or the new one, never a mixture.
fn put_in_place(fresh: &std::path::Path, dist: &std::path::Path) -> Result<()> {
    let old = dist.with_extension("old");
    content::remove_folder(&old)?;
    if dist.exists() {
        fs::rename(dist, &old).with_context(|| format!("could not move {} away", dist.display()))?;
    }
    fs::rename(fresh, dist).with_context(|| format!("could not put {} in place", dist.display()))?;
    content::remove_folder(&old)
}
