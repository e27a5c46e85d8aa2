//! Puts the served folder together: names that carry a hash, the page that names them, the list the service worker keeps.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Serialize;

use super::content::{kind, list_files, sha256_hex};
use crate::place;

/// Files the page names itself; everything below `/assets/` can be cached by anyone for ever.
const HASHED: [&str; 2] = ["boot.js", "styles.css"];
const HASH_CHARS: usize = 12;
const VERSION_CHARS: usize = 16;

/// One entry of the service worker's list.
#[derive(Debug, Serialize)]
struct Listed {
    path: String,
    bytes: usize,
    sha256: String,
    #[serde(rename = "type")]
    content_type: &'static str,
}

/// Fills `folder` from `public/` and the bound app; gives the version's name.
pub(super) fn assemble(bound: &Path, folder: &Path) -> Result<String> {
    let mut page = read_text(&place::public().join("index.html"))?;
    copy_statics(folder, &mut page)?;
    let wasm_bytes = copy_app(bound, folder, &mut page)?;
    page = replace_once(&page, "data-bytes=\"0\"", &format!("data-bytes=\"{wasm_bytes}\""))?;
    write(&folder.join("index.html"), page.as_bytes())?;
    write_service_worker(folder)
}

fn copy_statics(folder: &Path, page: &mut String) -> Result<()> {
    let public = place::public();
    for file in list_files(&public)? {
        let name = file.strip_prefix(&public)?.to_string_lossy().into_owned();
        if name == "index.html" || name == "sw.js" {
            continue;
        }
        let bytes = read(&file)?;
        if HASHED.contains(&name.as_str()) {
            ship_hashed(folder, page, &name, &bytes)?;
        } else {
            write(&folder.join(&name), &bytes)?;
        }
    }
    Ok(())
}

fn copy_app(bound: &Path, folder: &Path, page: &mut String) -> Result<usize> {
    let mut wasm_bytes = 0;
    for file in list_files(bound)? {
        let name = file.strip_prefix(bound)?.to_string_lossy().into_owned();
        let bytes = read(&file)?;
        match name.as_str() {
            "app.js" => ship_hashed(folder, page, &name, &bytes)?,
            "app_bg.wasm" => {
                wasm_bytes = bytes.len();
                ship_hashed(folder, page, &name, &bytes)?;
            }
            // Snippets carry a hash of their crate in their folder's name and are imported by relative paths.
            _ if name.starts_with("snippets/") => write(&folder.join("assets").join(&name), &bytes)?,
            _ => bail!("wasm-bindgen: found {name}, allowed app.js, app_bg.wasm and snippets/"),
        }
    }
    Ok(wasm_bytes)
}

fn ship_hashed(folder: &Path, page: &mut String, name: &str, bytes: &[u8]) -> Result<()> {
    let (stem, extension) = name.rsplit_once('.').with_context(|| format!("{name}: found no extension"))?;
    let hash: String = sha256_hex(bytes).chars().take(HASH_CHARS).collect();
    let shipped = format!("assets/{stem}.{hash}.{extension}");
    *page = replace_once(page, &format!("\"/{name}\""), &format!("\"/{shipped}\""))?;
    write(&folder.join(shipped), bytes)
}

fn write_service_worker(folder: &Path) -> Result<String> {
    let mut files = Vec::new();
    for file in list_files(folder)? {
        let path = format!("/{}", file.strip_prefix(folder)?.to_string_lossy());
        let (content_type, _) = kind(&path)
            .with_context(|| format!("{path}: found a file type that xtask/src/build/content.rs does not list"))?;
        let bytes = read(&file)?;
        files.push(Listed { path, bytes: bytes.len(), sha256: sha256_hex(&bytes), content_type });
    }
    let list = serde_json::to_string(&files)?;
    let source = read_text(&place::public().join("sw.js"))?;
    let version: String = sha256_hex(format!("{source}{list}").as_bytes()).chars().take(VERSION_CHARS).collect();
    let worker = replace_once(&source, "const VERSION = 'unbuilt';", &format!("const VERSION = '{version}';"))?;
    let worker = replace_once(&worker, "const FILES = [];", &format!("const FILES = {list};"))?;
    write(&folder.join("sw.js"), worker.as_bytes())?;
    Ok(version)
}

/// A placeholder that is missing or stands twice would ship a page that cannot open, so it is an error here.
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
    fn the_page_and_the_service_worker_carry_every_placeholder() {
        let page = fs::read_to_string(place::public().join("index.html")).unwrap();
        for name in ["app.js", "app_bg.wasm", "boot.js", "styles.css"] {
            assert_eq!(page.matches(&format!("\"/{name}\"")).count(), 1, "{name}");
        }
        assert_eq!(page.matches("data-bytes=\"0\"").count(), 1);
        let worker = fs::read_to_string(place::public().join("sw.js")).unwrap();
        assert_eq!(worker.matches("const FILES = [];").count(), 1);
        assert_eq!(worker.matches("const VERSION = 'unbuilt';").count(), 1);
    }

    #[test]
    fn every_static_file_has_a_known_type() {
        for file in list_files(&place::public()).unwrap() {
            assert!(kind(&file.to_string_lossy()).is_some(), "{}", file.display());
        }
    }
}
