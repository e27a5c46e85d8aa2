//! Shortens the glue code. wasm-bindgen writes it for people to read, which is a fifth of its cost on a slow
//! connection.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The module name under which the glue offers its functions to WebAssembly.
const GLUE: &str = "./app_bg.js";
/// Classes that a library adds for streams to the server, which this app never opens. They are kept only because they
/// are exported.
const UNUSED_CLASSES: [&str; 3] = ["IntoUnderlyingByteSource", "IntoUnderlyingSink", "IntoUnderlyingSource"];

/// Gives the functions between `app.js` and `app_bg.wasm` short names and removes comments and indentation from
/// `app.js`.
///
/// # Errors
/// When one of the two differs from what wasm-bindgen writes.
pub(super) fn shorten(folder: &Path) -> Result<()> {
    let (script, wasm) = (folder.join("app.js"), folder.join("app_bg.wasm"));
    let mut config = walrus::ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut module =
        config.parse_file(&wasm).map_err(|error| anyhow::anyhow!("{} is no module: {error:?}", wasm.display()))?;
    drop_unused(&mut module)?;
    let mut names = HashMap::new();
    for import in module.imports.iter_mut().filter(|import| import.module == GLUE) {
        let count = names.len();
        let short = names.entry(import.name.clone()).or_insert_with(|| format!("i{count}"));
        import.name = short.clone();
    }
    let later = folder.join("chunks.js");
    let (later_text, text) = (read(&later)?, without_classes(&bare(&read(&script)?))?);
    let only_glue = |name: &str| text.contains(&format!("wasm.{name}")) && !later_text.contains(name);
    for export in module.exports.iter_mut().filter(|export| only_glue(&export.name)) {
        let count = names.len();
        let short = names.entry(export.name.clone()).or_insert_with(|| format!("e{count}"));
        export.name = short.clone();
    }
    // Browsers look at the code, not at the list of features that it needs.
    module.customs.remove_raw("target_features");
    write(&later, &bare(&later_text))?;
    write(&script, &rename(&text, &names)?)?;
    module.emit_wasm_file(&wasm).map_err(|error| anyhow::anyhow!("could not write {}: {error:?}", wasm.display()))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("could not write {}", file.display()))
}

fn drop_unused(module: &mut walrus::Module) -> Result<()> {
    let is_unused = |name: &str| {
        let name = name.strip_prefix("__wbg_").unwrap_or(name);
        UNUSED_CLASSES.iter().any(|class| name.starts_with(&class.to_lowercase()))
    };
    let unused: Vec<_> =
        module.exports.iter().filter(|export| is_unused(&export.name)).map(|export| export.id()).collect();
    if unused.is_empty() {
        bail!("app_bg.wasm: found none of {UNUSED_CLASSES:?}; if they are gone, xtask need not drop them");
    }
    for export in unused {
        module.exports.delete(export);
    }
    walrus::passes::gc::run(module);
    Ok(())
}

/// Removes the classes whose functions were dropped: from the line that opens one to the line about its disposal, and
/// the statements that name it.
fn without_classes(bare: &str) -> Result<String> {
    let mut kept = String::new();
    let (mut within, mut goes_on) = (false, false);
    for line in bare.lines() {
        goes_on = goes_on && line.starts_with(['?', ':']);
        let names_one = UNUSED_CLASSES.iter().any(|class| line.contains(class));
        let starts = names_one && line.starts_with("export class ");
        goes_on = goes_on || names_one;
        if !within && !goes_on {
            kept.push_str(line);
            kept.push('\n');
        }
        within = (within || starts) && !line.starts_with("if (Symbol.dispose)");
    }
    if within { bail!("app.js: found no end of a class") } else { Ok(kept) }
}

/// A style sheet without unneeded spaces.
pub(super) fn squeezed(styles: &str) -> String {
    let mut kept = String::new();
    for letter in bare(styles).chars() {
        let after = kept.chars().next_back();
        match letter {
            ' ' | '\n' if after.is_none_or(|before| matches!(before, '{' | '}' | ';' | ',' | ':' | '\n')) => {}
            '{' | '}' => {
                kept.truncate(kept.trim_end_matches([' ', '\n', ';']).len());
                kept.push(letter);
            }
            _ => kept.push(letter),
        }
    }
    kept
}

/// Removes whole-line comments, indentation and empty lines. A text over several lines must not depend on them.
pub(super) fn bare(text: &str) -> String {
    let mut within_remark = false;
    let mut kept = String::new();
    for line in text.lines().map(str::trim) {
        let starts = line.starts_with("/*");
        let remark = within_remark || starts || line.starts_with("//");
        within_remark = (within_remark || starts) && !line.ends_with("*/");
        if !remark && !line.is_empty() {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Renames functions. Every name must occur in the glue, where it offers a function or calls one.
fn rename(text: &str, names: &HashMap<String, String>) -> Result<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let (mut renamed, mut found) = (String::new(), HashSet::new());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, word_on) = rest.split_at(start);
        let (word, after) = word_on.split_at(word_on.find(|letter| !is_part(letter)).unwrap_or(word_on.len()));
        renamed.push_str(before);
        match names.get(word) {
            Some(short) => {
                found.insert(word);
                renamed.push_str(short);
            }
            None => renamed.push_str(word),
        }
        rest = after;
    }
    renamed.push_str(rest);
    match names.keys().find(|name| !found.contains(name.as_str())) {
        Some(name) => bail!("app.js: found no `{name}`"),
        None => Ok(renamed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_and_indentation_go_and_code_stays() {
        let text = "/**\n * @param {number} a\n */\n  f(a) {\n    // why\n    return `/* ${a} */`;\n\n  }\n/* one line */\ng();";
        assert_eq!(bare(text), "f(a) {\nreturn `/* ${a} */`;\n}\ng();\n");
    }

    #[test]
    fn a_style_sheet_means_the_same_without_its_spaces() {
        let styles = "/* why */\na :hover, b {\n  color: red;\n  inset: auto 0;\n}\n@media (min-width: 9px) { .c { margin: calc(1px + 2px); } }\n";
        let squeezed = squeezed(styles);
        assert_eq!(squeezed, "a :hover,b{color:red;inset:auto 0}@media (min-width:9px){.c{margin:calc(1px + 2px)}}");
    }

    #[test]
    fn unused_classes_go_with_all_that_names_them() {
        let text = "a();\nexport class IntoUnderlyingSink {\nfree() {\n}\n}\nif (Symbol.dispose) IntoUnderlyingSink.x;\n\
                    const IntoUnderlyingSinkFinalization = (b)\n? { c }\n: new D();\nconst e = (f)\n? g\n: h;\n";
        assert_eq!(without_classes(text).unwrap(), "a();\nconst e = (f)\n? g\n: h;\n");
        assert!(without_classes("export class IntoUnderlyingSink {\n}\n").is_err());
    }

    #[test]
    fn a_name_is_replaced_as_a_whole_word_and_must_be_there() {
        let names = HashMap::from([("__wbg_get".to_owned(), "i0".to_owned())]);
        assert_eq!(rename("{__wbg_get: f, __wbg_get_2: g}", &names).unwrap(), "{i0: f, __wbg_get_2: g}");
        assert!(rename("{}", &names).unwrap_err().to_string().contains("found no `__wbg_get`"));
    }
}
