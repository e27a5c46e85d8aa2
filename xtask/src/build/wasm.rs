//! Rust to WebAssembly, and WebAssembly to something JavaScript can load.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::content::empty_folder;
use crate::place;
use crate::process::{ask, cargo, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the compiler can write WebAssembly.
///
/// # Errors
/// When the target is missing and cannot be added; the message says what to type.
pub(crate) fn ensure_target() -> Result<()> {
    let sysroot = ask(Command::new("rustc").args(["--print", "sysroot"])).context("rustc does not answer")?;
    if Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib").is_dir() {
        return Ok(());
    }
    run(Command::new("rustup").args(["target", "add", TARGET]).current_dir(place::root()))
        .with_context(|| format!("the compiler lacks {TARGET}; type: rustup target add {TARGET}"))
}

/// Compiles the app; gives the module before wasm-bindgen.
pub(super) fn compile_app(dev: bool) -> Result<PathBuf> {
    compile("app", &["--bin", "app"], "app.wasm", if dev { "dev" } else { "wasm" })
}

/// Compiles the golden runner of the `tests` crate; gives the module before wasm-bindgen.
///
/// # Errors
/// When the compiler refuses.
pub(crate) fn compile_tests() -> Result<PathBuf> {
    compile("tests", &["--lib"], "tests.wasm", "dev")
}

fn compile(package: &str, what: &[&str], file: &str, profile: &str) -> Result<PathBuf> {
    ensure_target()?;
    run(cargo().args(["build", "--quiet", "--package", package, "--target", TARGET, "--profile", profile]).args(what))?;
    let folder = if profile == "dev" { "debug" } else { profile };
    let module = place::target().join(TARGET).join(folder).join(file);
    if !module.is_file() {
        bail!("{package}: found no {}, which cargo should have written", module.display());
    }
    Ok(module)
}

/// Writes `app.js` and `app_bg.wasm` into a folder of their own and gives that folder.
pub(super) fn bind_for_browser(module: &Path, dev: bool) -> Result<PathBuf> {
    let folder = place::target().join("bindgen-app");
    empty_folder(&folder)?;
    Bindgen::new()
        .input_path(module)
        .out_name("app")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .keep_debug(dev)
        .remove_name_section(!dev)
        .remove_producers_section(!dev)
        .generate(&folder)
        .context("wasm-bindgen refused the app")?;
    Ok(folder)
}

/// Writes `tests.js` for Node and gives the folder.
///
/// # Errors
/// When wasm-bindgen refuses the module.
pub(crate) fn bind_for_node(module: &Path) -> Result<PathBuf> {
    let folder = place::target().join("bindgen-tests");
    empty_folder(&folder)?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name("tests").nodejs(true)?.typescript(false);
    bindgen.generate(&folder).context("wasm-bindgen refused the golden runner")?;
    Ok(folder)
}
