//! Turns the packs' TOML into a table of compact data, so that tablets carry no reader of TOML or JSON for them.

#[allow(dead_code, reason = "the library reads what the build script writes")]
#[path = "src/pack/compact.rs"]
mod compact;
#[allow(dead_code, reason = "the library uses the lines, the build script only the data")]
#[path = "src/pack/convert.rs"]
mod convert;
#[allow(dead_code, unreachable_pub, reason = "the library uses all of it, the build script only PackHash")]
#[path = "src/ids.rs"]
mod ids;
#[allow(dead_code, unreachable_pub, reason = "the library uses all of them, the build script only those of packs")]
#[path = "src/limits.rs"]
mod limits;
#[allow(dead_code, unreachable_pub, reason = "the library uses all of it, the build script only the model")]
#[path = "src/pack/model/mod.rs"]
mod model;
#[allow(dead_code, unused_imports, unreachable_pub, reason = "the library calculates, the build script does not")]
#[path = "src/num.rs"]
mod num;
#[allow(dead_code, unused_imports, unreachable_pub, reason = "the library uses all of it, the build script only Map")]
#[path = "src/order/mod.rs"]
mod order;

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use sha2::{Digest as _, Sha256};

const ON_TABLETS: [&str; 1] = ["nd335-congchuc"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=packs");
    println!("cargo:rerun-if-changed=build.rs");
    for source in
        ["ids.rs", "limits.rs", "num.rs", "num", "order/mod.rs", "pack/compact.rs", "pack/convert.rs", "pack/model"]
    {
        println!("cargo:rerun-if-changed=src/{source}");
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir("packs")? {
        let path = entry?.path();
        // Tablets carry what is in force for their cards; offices and authors have every pack.
        let carried = env::var_os("CARGO_FEATURE_AUTHOR").is_some()
            || path.file_stem().is_some_and(|stem| ON_TABLETS.iter().any(|id| stem == *id));
        if path.extension().is_some_and(|extension| extension == "toml") && carried {
            paths.push(path);
        }
    }
    paths.sort();
    let mut table = String::from("pub(super) static TABLE: &[BuiltinPack] = &[\n");
    let mut remarks = String::from("pub(super) static REMARKS: &[(&str, &[u8])] = &[\n");
    let mut bilingual = String::from("pub(super) static BILINGUAL: &[(&str, &[u8])] = &[\n");
    for path in paths {
        let rows = rows(&path)?;
        table.push_str(&rows.rules);
        remarks.push_str(&rows.remarks);
        bilingual.push_str(&rows.bilingual);
    }
    for rows in [remarks, bilingual] {
        table.push_str("];\n");
        table.push_str(&rows);
    }
    table.push_str("];\n");
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(Path::new(&out).join("packs.rs"), table)?;
    Ok(())
}

/// The rows of one pack in the tables.
struct Rows {
    /// The rules as tablets first need them: without English, unless it is an office that reads them.
    rules: String,
    remarks: String,
    /// The rules in both languages.
    bilingual: String,
}

fn rows(path: &Path) -> Result<Rows, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let told = |refused: &[convert::Refused]| {
        let mut message = String::new();
        for one in refused {
            let _ = writeln!(message, "{}:{}: {} {}", path.display(), one.line, one.path, one.message.en);
        }
        message
    };
    let converted = convert::to_json(&text).map_err(|refused| told(&refused))?;
    if !converted.refused.is_empty() {
        return Err(told(&converted.refused).into());
    }
    let id = path.file_stem().and_then(|stem| stem.to_str()).ok_or("a pack's file name is its id")?;
    let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let json: serde_json::Value = serde_json::from_str(&converted.json)?;
    let read = |json| serde_json::from_value(json).map_err(|error| format!("{}: {error}", path.display()));
    let pack: model::Pack = read(json.clone())?;
    let (mut both, mut data, mut remarks) = (Vec::new(), Vec::new(), Vec::new());
    compact::Compact::write(&pack, &mut both);
    let first = if env::var_os("CARGO_FEATURE_AUTHOR").is_some() { pack.clone() } else { read(without_english(json))? };
    compact::Compact::write(&first, &mut data);
    let remark = compact::Remarks::of(&pack);
    if ON_TABLETS.contains(&id) && !remark.score_nothing() {
        return Err(format!(
            "{id}: tablets carry it, but products, levels, events, factors or [appraisal_gap] stand with its remarks"
        )
        .into());
    }
    compact::Compact::write(&remark, &mut remarks);
    Ok(Rows {
        rules: format!("    BuiltinPack {{ id: {id:?}, hash: PackHash::from_bytes({hash:?}), data: &{data:?} }},\n"),
        remarks: format!("    ({id:?}, &{remarks:?}),\n"),
        bilingual: format!("    ({id:?}, &{both:?}),\n"),
    })
}

/// The same pack with every English text empty.
fn without_english(mut json: serde_json::Value) -> serde_json::Value {
    match &mut json {
        serde_json::Value::Object(fields) => {
            if let (true, Some(english)) = (fields.contains_key("vi"), fields.get_mut("en")) {
                *english = "".into();
            }
            fields.values_mut().for_each(|field| *field = without_english(field.take()));
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| *item = without_english(item.take())),
        _ => {}
    }
    json
}
