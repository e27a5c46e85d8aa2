//! Turns the packs' TOML into a table of JSON, so that tablets carry no TOML reader.

#[allow(dead_code, reason = "the library uses the lines, the build script only the data")]
#[path = "src/pack/convert.rs"]
mod convert;

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use sha2::{Digest as _, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=packs");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/pack/convert.rs");
    let mut paths = Vec::new();
    for entry in fs::read_dir("packs")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut table = String::from("pub(super) static TABLE: &[BuiltinPack] = &[\n");
    for path in paths {
        table.push_str(&row(&path)?);
    }
    table.push_str("];\n");
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(Path::new(&out).join("packs.rs"), table)?;
    Ok(())
}

fn row(path: &Path) -> Result<String, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let converted = convert::to_json(&text).map_err(|refused| {
        let mut message = String::new();
        for one in refused {
            let _ = writeln!(message, "{}:{}: {} {}", path.display(), one.line, one.path, one.message);
        }
        message
    })?;
    let id = path.file_stem().and_then(|stem| stem.to_str()).ok_or("a pack's file name is its id")?;
    let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    Ok(format!("    BuiltinPack {{ id: {id:?}, hash: PackHash::from_bytes({hash:?}), json: {:?} }},\n", converted.json))
}
