//! Assembles the served folder: file names with a hash, the page that names them, and the service worker's list.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Serialize;

use super::content::{kind, list_files, sha256_hex};
use super::shorten::{bare, squeezed};
use crate::node::shrunk;
use crate::place;

/// Files that the page itself names. Anyone may cache everything below `/assets/` for ever.
const HASHED: [&str; 3] = ["boot.js", "styles.css", "tables.css"];
/// Files of the app that the page names.
const PAGE_NAMES: [&str; 2] = ["app.js", "app_bg.wasm"];
/// All rule packs. They are fetched when a screen asks for them, and kept from then on.
const LIBRARY: &str = "packs.bin";
const HASH_CHARS: usize = 12;
/// Length of the beginning of the hash with which a device compares what it fetched.
const DIGEST_CHARS: usize = 24;
const VERSION_CHARS: usize = 16;

/// One entry of the service worker's list.
#[derive(Debug, Serialize)]
struct Listed {
    path: String,
    /// The beginning of the hash, as `public/sw.js` compares it.
    sha256: String,
    #[serde(rename = "type")]
    content_type: &'static str,
    /// Whether it is kept only after somebody asked for it.
    #[serde(rename = "onDemand", skip_serializing_if = "std::ops::Not::not")]
    on_demand: bool,
}

/// Whether a shipped file is fetched only when a screen asks for it. These are all rule packs, the screens about them
/// (`app/src/chunks.rs`), English (`app/src/i18n/english.rs`), and our own Ed25519, which a browser that has one never
/// asks for (`app/src/session/own_keys.rs`).
pub(crate) fn is_on_demand(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let library = LIBRARY.split_once('.').is_some_and(|(stem, kind)| name.starts_with(stem) && name.ends_with(kind));
    library || ["split_reference.", "split_english.", "split_own_keys."].iter().any(|part| name.starts_with(part))
}

/// A function that shortens a script.
type Shorten = dyn Fn(&str) -> Result<String>;

/// Fills `folder` from `public/` and the bound app. Returns the version's name.
pub(super) fn assemble(bound: &Path, folder: &Path, dev: bool) -> Result<String> {
    let script = move |text: &str| if dev { Ok(bare(text)) } else { shrunk(text) };
    let mut page = read_text(&place::public().join("index.html"))?;
    copy_statics(folder, &mut page, &script)?;
    ship_hashed(folder, &mut page, LIBRARY, &shared::pack::write_library(shared::pack::all()))?;
    let wasm_bytes = copy_app(bound, folder, &mut page, &script)?;
    page = replace_once(&page, "data-bytes=\"0\"", &format!("data-bytes=\"{wasm_bytes}\""))?;
    write(&folder.join("index.html"), bare(&page).as_bytes())?;
    write_service_worker(folder, &script)
}

fn copy_statics(folder: &Path, page: &mut String, script: &Shorten) -> Result<()> {
    let public = place::public();
    for file in list_files(&public)? {
        let name = file.strip_prefix(&public)?.to_string_lossy().into_owned();
        if name == "index.html" || name == "sw.js" {
            continue;
        }
        let bytes = match name.rsplit('.').next() {
            Some("js") => script(&read_text(&file)?)?.into_bytes(),
            Some("css") => squeezed(&read_text(&file)?).into_bytes(),
            _ => read(&file)?,
        };
        if HASHED.contains(&name.as_str()) {
            ship_hashed(folder, page, &name, &bytes)?;
        } else {
            write(&folder.join(&name), &bytes)?;
        }
    }
    Ok(())
}

/// Copies the app's files. They name each other both ways, so one hash over all of them goes into every name.
fn copy_app(bound: &Path, folder: &Path, page: &mut String, script: &Shorten) -> Result<usize> {
    let mut files = Vec::new();
    for file in list_files(bound)? {
        let name = file.strip_prefix(bound)?.to_string_lossy().into_owned();
        let bytes = if name.ends_with(".js") { script(&read_text(&file)?)?.into_bytes() } else { read(&file)? };
        files.push((name, bytes));
    }
    let all: String = files.iter().map(|(name, bytes)| format!("{name} {}\n", sha256_hex(bytes))).collect();
    let hash = short_hash(all.as_bytes());
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).filter(|name| !is_snippet(name)).collect();
    let mut wasm_bytes = 0;
    for (name, bytes) in files {
        // The folder name of a snippet has a hash of its crate, and relative paths import it.
        if is_snippet(&name) {
            write(&folder.join("assets").join(&name), &bytes)?;
            continue;
        }
        if name == "app_bg.wasm" {
            wasm_bytes = bytes.len();
        }
        let bytes = if name.ends_with(".js") { rename_within(&bytes, &names, &hash)? } else { bytes };
        let shipped = format!("assets/{}", hashed_name(&name, &hash)?);
        for from in PAGE_NAMES.into_iter().filter(|known| *known == name) {
            *page = replace_once(page, &format!("\"/{from}\""), &format!("\"/{shipped}\""))?;
        }
        write(&folder.join(shipped), &bytes)?;
    }
    Ok(wasm_bytes)
}

fn is_snippet(name: &str) -> bool {
    name.starts_with("snippets/")
}

/// A script with the hashed names of the files that it loads. A name before a colon is the one under which WebAssembly
/// asks for a module. It is also in the WebAssembly, and stays.
fn rename_within(script: &[u8], names: &[String], hash: &str) -> Result<Vec<u8>> {
    let mut text = String::from_utf8(script.to_vec()).context("a script that is not UTF-8")?;
    for name in names {
        for quote in ['"', '\''] {
            let (plain, shipped) =
                (format!("{quote}./{name}{quote}"), format!("{quote}./{}{quote}", hashed_name(name, hash)?));
            text = text.replace(&plain, &shipped).replace(&format!("{shipped}:"), &format!("{plain}:"));
        }
    }
    Ok(text.into_bytes())
}

fn hashed_name(name: &str, hash: &str) -> Result<String> {
    let (stem, extension) = name.rsplit_once('.').with_context(|| format!("{name}: found no extension"))?;
    Ok(format!("{stem}.{hash}.{extension}"))
}

fn digest(bytes: &[u8]) -> String {
    sha256_hex(bytes).chars().take(DIGEST_CHARS).collect()
}

fn short_hash(bytes: &[u8]) -> String {
    sha256_hex(bytes).chars().take(HASH_CHARS).collect()
}

fn ship_hashed(folder: &Path, page: &mut String, name: &str, bytes: &[u8]) -> Result<()> {
    let shipped = format!("assets/{}", hashed_name(name, &short_hash(bytes))?);
    *page = replace_once(page, &format!("\"/{name}\""), &format!("\"/{shipped}\""))?;
    write(&folder.join(shipped), bytes)
}

fn write_service_worker(folder: &Path, script: &Shorten) -> Result<String> {
    let mut files = Vec::new();
    for file in list_files(folder)? {
        let path = format!("/{}", file.strip_prefix(folder)?.to_string_lossy());
        let (content_type, _) = kind(&path)
            .with_context(|| format!("{path}: found a file type that xtask/src/build/content.rs does not list"))?;
        let bytes = read(&file)?;
        let on_demand = is_on_demand(&path);
        files.push(Listed { path, sha256: digest(&bytes), content_type, on_demand });
    }
    let list = serde_json::to_string(&files)?;
    let source = read_text(&place::public().join("sw.js"))?;
    let version: String = sha256_hex(format!("{source}{list}").as_bytes()).chars().take(VERSION_CHARS).collect();
    let rest = replace_once(&source, "const VERSION = 'unbuilt';", "")?;
    let rest = script(&replace_once(&rest, "const FILES = [];", "")?)?;
    // A reader of what a device keeps finds version and list by their names.
    let worker = format!("const VERSION = '{version}';\nconst FILES = {list};\n{rest}\n");
    write(&folder.join("sw.js"), worker.as_bytes())?;
    Ok(version)
}

/// Replaces a placeholder. One that is missing or occurs twice would ship a page that cannot open, so it is an error
/// here.
fn replace_once(text: &str, from: &str, to: &str) -> Result<String> {
    match text.matches(from).count() {
        1 => Ok(text.replacen(from, to, 1)),
        found => bail!("public/: found `{from}` {found} times, allowed once"),
    }
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("could not read {}", file.display()))
}

fn read_text(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))
}

fn write(file: &PathBuf, bytes: &[u8]) -> Result<()> {
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).with_context(|| format!("could not make the folder {}", parent.display()))?;
    }
    fs::write(file, bytes).with_context(|| format!("could not write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_must_stand_exactly_once() {
        assert_eq!(replace_once("a \"/x.js\" b", "\"/x.js\"", "\"/y.js\"").unwrap(), "a \"/y.js\" b");
        assert!(replace_once("nothing", "\"/x.js\"", "y").unwrap_err().to_string().contains("0 times"));
        assert!(replace_once("x x", "x", "y").unwrap_err().to_string().contains("2 times"));
    }

    #[test]
    fn files_that_name_each_other_get_one_hash() {
        let names = ["app.js".to_owned(), "chunks.wasm".to_owned()];
        let script =
            rename_within(b"import './app.js'; fetch(\"./chunks.wasm\"); './other.js'", &names, "0a1b").unwrap();
        assert_eq!(
            String::from_utf8(script).unwrap(),
            "import './app.0a1b.js'; fetch(\"./chunks.0a1b.wasm\"); './other.js'"
        );
    }

    #[test]
    fn webassembly_finds_a_module_under_the_name_it_asks_for() {
        let script = b"import * as one from \"./chunks.js\"\nreturn { \"./chunks.js\": one };";
        let script = rename_within(script, &["chunks.js".to_owned()], "0a1b").unwrap();
        assert_eq!(
            String::from_utf8(script).unwrap(),
            "import * as one from \"./chunks.0a1b.js\"\nreturn { \"./chunks.js\": one };"
        );
    }

    #[test]
    fn the_page_and_the_service_worker_carry_every_placeholder() {
        let page = fs::read_to_string(place::public().join("index.html")).unwrap();
        for name in ["app.js", "app_bg.wasm", "boot.js", "styles.css", "tables.css", LIBRARY] {
            assert_eq!(page.matches(&format!("\"/{name}\"")).count(), 1, "{name}");
        }
        assert_eq!(page.matches("data-bytes=\"0\"").count(), 1);
        let worker = fs::read_to_string(place::public().join("sw.js")).unwrap();
        assert_eq!(worker.matches("const FILES = [];").count(), 1);
        assert_eq!(worker.matches("const VERSION = 'unbuilt';").count(), 1);
    }

    #[test]
    fn only_what_is_about_all_packs_waits_to_be_asked_for() {
        for name in ["/assets/packs.0a1b2c3d4e5f.bin", "/assets/split_reference.0a1b2c3d4e5f.wasm"] {
            assert!(is_on_demand(name), "{name}");
        }
        for name in ["/assets/app.0a1b2c3d4e5f.js", "/index.html", "/assets/split_chunks.0a1b2c3d4e5f.wasm"] {
            assert!(!is_on_demand(name), "{name}");
        }
    }

    #[test]
    fn every_static_file_has_a_known_type() {
        for file in list_files(&place::public()).unwrap() {
            assert!(kind(&file.to_string_lossy()).is_some(), "{}", file.display());
        }
    }
}
