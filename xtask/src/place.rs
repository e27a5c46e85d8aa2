//! Where things lie. The only file that knows.

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

/// The static files as they are written by hand.
pub(crate) fn public() -> PathBuf {
    root().join("public")
}

/// What Node does for the build.
pub(crate) fn scripts() -> PathBuf {
    root().join("xtask/scripts")
}

/// The browser stories and the unit tests of the plain JavaScript.
pub(crate) fn browser_tests() -> PathBuf {
    root().join("tests/browser")
}
