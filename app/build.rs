//! Makes the typed catalogue of texts from `locales/{vi,en}.toml`: one function per key, one parameter per placeholder.
//!
//! A key that only one language has, or whose placeholders differ, stops the build: nobody meets a missing sentence in the field.
//!
//! Sections that only screens of a later file use get a table of their own, which comes with that file; one of them named in
//! an earlier file brings the table back there, and `cargo xtask size` shows it.
//!
//! Placeholders: `{name}` takes a text, `{name#}` a number, `{name#task|tasks}` chooses a word by that number.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

type Texts = BTreeMap<String, BTreeMap<String, String>>;

/// Sections whose texts come with the daily chunk, and those whose texts come with that of reference (`src/screens.rs`).
const DAILY: [&str; 34] = [
    "absence", "approve", "assign", "beside", "chart", "copy", "details", "did", "fault", "field", "figure", "given",
    "hint", "outside", "panel", "parts", "password", "product", "quota", "refusal", "register", "returned", "review",
    "says", "send", "settings", "special", "steps", "storage", "sync", "to_score", "told", "unit", "year",
];
const REFERENCE: [&str; 4] = ["compare", "reporting", "rules", "voices"];
/// The tables of Vietnamese texts, each with the function that reads it.
const TABLES: [(&str, &str); 3] =
    [("VIETNAMESE", "text_of"), ("DAILY_VIETNAMESE", "daily_text_of"), ("REFERENCE_VIETNAMESE", "reference_text_of")];

/// In which table a section is.
fn table_of(section: &str) -> usize {
    match section {
        section if REFERENCE.contains(&section) => 2,
        section if DAILY.contains(&section) => 1,
        _ => 0,
    }
}

enum Piece {
    Literal(String),
    Text(String),
    Number(String),
    Word { by: String, one: String, many: String },
}

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=locales");
    // What cuts the app in two (`xtask/src/build/wasm.rs`) needs to know who calls whom.
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            for problem in problems.lines() {
                println!("cargo::error={problem}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let vietnamese = read("vi")?;
    let english = read("en")?;
    let mut problems = String::new();
    compare(&vietnamese, &english, "en", &mut problems);
    compare(&english, &vietnamese, "vi", &mut problems);
    let catalogue = generate(&vietnamese, &english, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let folder = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    let write =
        |name: &str, text: String| fs::write(Path::new(&folder).join(name), text).map_err(|error| error.to_string());
    write("catalogue.rs", catalogue.vietnamese)?;
    write("english.rs", catalogue.english)
}

fn read(language: &str) -> Result<Texts, String> {
    let path = format!("locales/{language}.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    toml::from_str(&text).map_err(|error| format!("{path}: {error}"))
}

fn compare(here: &Texts, there: &Texts, other: &str, problems: &mut String) {
    for (section, keys) in here {
        for key in keys.keys() {
            if there.get(section).is_none_or(|keys| !keys.contains_key(key)) {
                let _ = writeln!(problems, "locales/{other}.toml has no text for {section}.{key}");
            }
        }
    }
}

/// Functions for all texts, and a table of texts for each language: the app opens with one and fetches the other.
fn generate(vietnamese: &Texts, english: &Texts, problems: &mut String) -> Catalogue {
    let (mut code, mut en_table, mut place) = (String::new(), String::new(), 0_usize);
    for section in DAILY.iter().chain(&REFERENCE).filter(|section| !vietnamese.contains_key(**section)) {
        let _ = writeln!(problems, "{section}: named in app/build.rs, but locales/vi.toml has no such section");
    }
    for (number, (name, reader)) in TABLES.into_iter().enumerate() {
        let (mut vi_table, first) = (String::new(), place);
        for (section, keys) in vietnamese.iter().filter(|(section, _)| table_of(section) == number) {
            let _ = writeln!(code, "pub(crate) mod {section} {{\n use super::*;");
            for (key, vi) in keys {
                let Some(en) = english.get(section).and_then(|keys| keys.get(key)) else { continue };
                match function(key, &format!("{reader}({place})"), vi, en) {
                    Ok(one) => {
                        code.push_str(&one.code);
                        let _ = writeln!(vi_table, "    {:?},", one.vi);
                        let _ = writeln!(en_table, "    {:?},", one.en);
                        place += 1;
                    }
                    Err(problem) => {
                        let _ = writeln!(problems, "{section}.{key}: {problem}");
                    }
                }
            }
            code.push_str("}\n");
        }
        // English has all texts in one table, in the same order.
        if number > 0 {
            let _ = writeln!(code, "pub(super) const {name}_FROM: usize = {first};");
        }
        code.push_str(&table(name, &vi_table, place - first));
    }
    Catalogue { vietnamese: code, english: table("ENGLISH", &en_table, place) }
}

fn table(name: &str, rows: &str, count: usize) -> String {
    format!("static {name}: [&str; {count}] = [\n{rows}];\n")
}

struct Catalogue {
    vietnamese: String,
    english: String,
}

struct Function {
    code: String,
    /// The texts with numbered placeholders.
    vi: String,
    en: String,
}

fn function(key: &str, text: &str, vi: &str, en: &str) -> Result<Function, String> {
    let (vi_pieces, en_pieces) = (pieces(vi)?, pieces(en)?);
    let (parameters, found) = (parameters(&vi_pieces)?, parameters(&en_pieces)?);
    let sorted = |list: &[(String, &'static str)]| {
        let mut list = list.to_vec();
        list.sort();
        list
    };
    if sorted(&parameters) != sorted(&found) {
        return Err(format!("vi has the placeholders {parameters:?}, en has {found:?}"));
    }
    let code = if parameters.is_empty() {
        format!(" pub(crate) fn {key}() -> &'static str {{ {text} }}\n")
    } else {
        let signature: Vec<String> = parameters.iter().map(|(name, kind)| format!("{name}: {kind}")).collect();
        let arguments: Vec<String> = parameters
            .iter()
            .map(|(name, kind)| if *kind == "usize" { format!("Number({name})") } else { format!("Text({name})") })
            .collect();
        format!(
            " pub(crate) fn {key}({}) -> String {{ sentence_of({text}, &[{}]) }}\n",
            signature.join(", "),
            arguments.join(", ")
        )
    };
    Ok(Function { code, vi: numbered(&vi_pieces, &parameters), en: numbered(&en_pieces, &parameters) })
}

fn pieces(template: &str) -> Result<Vec<Piece>, String> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        found.push(Piece::Literal(literal.to_owned()));
        let (inside, after) = after.split_once('}').ok_or_else(|| format!("unclosed placeholder in \"{template}\""))?;
        found.push(piece(inside)?);
        rest = after;
    }
    found.push(Piece::Literal(rest.to_owned()));
    Ok(found)
}

fn piece(inside: &str) -> Result<Piece, String> {
    match inside.split_once('#') {
        None => Ok(Piece::Text(inside.to_owned())),
        Some((name, "")) => Ok(Piece::Number(name.to_owned())),
        Some((name, words)) => {
            let (one, many) =
                words.split_once('|').ok_or_else(|| format!("{{{inside}}}: expected {{name#one|many}}"))?;
            Ok(Piece::Word { by: name.to_owned(), one: one.to_owned(), many: many.to_owned() })
        }
    }
}

fn parameters(pieces: &[Piece]) -> Result<Vec<(String, &'static str)>, String> {
    let mut found: Vec<(String, &'static str)> = Vec::new();
    for piece in pieces {
        let (name, kind) = match piece {
            Piece::Literal(_) => continue,
            Piece::Text(name) => (name, "&str"),
            Piece::Number(name) | Piece::Word { by: name, .. } => (name, "usize"),
        };
        match found.iter().find(|(known, _)| known == name) {
            Some((_, known)) if *known != kind => return Err(format!("{{{name}}} is both a text and a number")),
            Some(_) => {}
            None => found.push((name.clone(), kind)),
        }
    }
    Ok(found)
}

/// A text whose placeholders are the places of parameters: `{0}` for a text or a number, `{0|task|tasks}` for a word.
fn numbered(pieces: &[Piece], parameters: &[(String, &'static str)]) -> String {
    let place = |name: &String| parameters.iter().position(|(known, _)| known == name).unwrap_or_default();
    let part = |piece: &Piece| match piece {
        Piece::Literal(text) => text.clone(),
        Piece::Text(name) | Piece::Number(name) => format!("{{{}}}", place(name)),
        Piece::Word { by, one, many } => format!("{{{}|{one}|{many}}}", place(by)),
    };
    pieces.iter().map(part).collect()
}
