//! The places of files and folders. Only this module knows them.

use std::env;
use std::path::{Path, PathBuf};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = PathBuf::from(here);
    here.parent().map_or_else(|| here.clone(), Path::to_path_buf)
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |given| root().join(given))
}

/// The app as it is served, by the name of its folder.
pub(crate) fn dist(folder: &str) -> PathBuf {
    target().join(folder)
}

/// The hand-written static files.
pub(crate) fn public() -> PathBuf {
    root().join("public")
}

/// The Node scripts of the build.
pub(crate) fn scripts() -> PathBuf {
    root().join("xtask/scripts")
}

/// The browser tests and the unit tests of the plain JavaScript.
pub(crate) fn browser_tests() -> PathBuf {
    root().join("tests/browser")
}
