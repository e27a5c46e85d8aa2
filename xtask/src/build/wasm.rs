//! Compiles Rust to WebAssembly, and turns WebAssembly into something that JavaScript can load.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::content::{empty_folder, list_files};
use super::reorder::reorder;
use super::variant::Variant;
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

/// Compiles the app. Returns the module before wasm-bindgen.
pub(super) fn compile_app(variant: Variant) -> Result<PathBuf> {
    compile("app", &[&["--bin", "app"], variant.features()].concat(), "app.wasm", variant.profile())
}

/// Compiles the library of the `tests` crate. Returns the module before wasm-bindgen.
///
/// # Errors
/// When the compiler refuses.
pub(crate) fn compile_tests(profile: &str) -> Result<PathBuf> {
    compile("tests", &["--lib"], "tests.wasm", profile)
}

fn compile(package: &str, what: &[&str], file: &str, profile: &str) -> Result<PathBuf> {
    ensure_target()?;
    let mut command = cargo();
    if profile != "dev" {
        command.args(["--config", &without_places()]);
    }
    run(command.args(["build", "--package", package, "--target", TARGET, "--profile", profile]).args(what))?;
    let folder = if profile == "dev" { "debug" } else { profile };
    let module = place::target().join(TARGET).join(folder).join(file);
    if !module.is_file() {
        bail!("{package}: found no {}, which cargo should have written", module.display());
    }
    Ok(module)
}

/// Flags that remove folder names of the build machine, which panics would otherwise carry to devices.
fn without_places() -> String {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let crates = home.map(|home| home.join("registry/src")).and_then(|sources| std::fs::read_dir(sources).ok());
    let flags: Vec<String> = crates
        .into_iter()
        .flatten()
        .flatten()
        .map(|index| format!("\"--remap-path-prefix={}=\"", index.path().display()))
        .collect();
    format!("target.{TARGET}.rustflags = [{}]", flags.join(", "))
}

/// Writes `app.js`, `app_bg.wasm`, and the chunks that load later (`chunks.js` and its modules) into a folder of their
/// own and returns that folder. `app/src/chunks.rs` says what loads later.
pub(super) fn bind_for_browser(module: &Path, dev: bool) -> Result<PathBuf> {
    let folder = place::target().join("bindgen-app");
    empty_folder(&folder)?;
    let first = split(module, &folder)?;
    Bindgen::new()
        .input_path(&first)
        .out_name("app")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        // The later modules use the linker's exports.
        .keep_lld_exports(true)
        .keep_debug(dev)
        .remove_name_section(!dev)
        .remove_producers_section(!dev)
        .generate(&folder)
        .context("wasm-bindgen refused the app")?;
    if !dev {
        super::shorten::shorten(&folder)?;
        for module in list_files(&folder)?.into_iter().filter(|file| file.extension().is_some_and(|end| end == "wasm"))
        {
            reorder(&module)?;
        }
    }
    Ok(folder)
}

/// Splits the module in two and returns the first part.
fn split(module: &Path, folder: &Path) -> Result<PathBuf> {
    let bytes = std::fs::read(module).with_context(|| format!("could not read {}", module.display()))?;
    let first = module.with_file_name("app_first.wasm");
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = folder;
    options.main_out_path = &first;
    options.main_module = "./app.js";
    options.link_name = "./chunks.js";
    let parts = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow::anyhow!("the app could not be split: {error:?}"))?;
    for part in parts.split_modules {
        compact(&part)?;
    }
    Ok(first)
}

/// Compacts a module. The linker leaves room in every number for other addresses, and it leaves names: a quarter of
/// what would cross the network.
fn compact(part: &Path) -> Result<()> {
    let mut config = walrus::ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut module =
        config.parse_file(part).map_err(|error| anyhow::anyhow!("{} is no module: {error:?}", part.display()))?;
    module.emit_wasm_file(part).map_err(|error| anyhow::anyhow!("could not write {}: {error:?}", part.display()))
}

/// Writes `tests.js` for Node into a folder under the target folder and returns its path.
///
/// # Errors
/// When wasm-bindgen refuses the module.
pub(crate) fn bind_for_node(module: &Path, folder: &str) -> Result<PathBuf> {
    let folder = place::target().join(folder);
    empty_folder(&folder)?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name("tests").nodejs(true)?.typescript(false);
    bindgen.generate(&folder).context("wasm-bindgen refused the tests")?;
    Ok(folder)
}
