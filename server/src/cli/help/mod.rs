//! The help in Vietnamese. The English help is written next to the arguments in the code; this module replaces it with
//! the Vietnamese texts.

mod vietnamese;

use clap::builder::{IntoResettable as _, Resettable};
use clap::{Arg, Command};
use shared::pack::Language;

use vietnamese::{TEXTS, VALUE_NAMES};

/// The layout of the help, with the heading that clap writes in English only.
const TEMPLATE: &str = "{before-help}{about-with-newline}\nCách dùng: {usage}\n\n{all-args}{after-help}";
/// The path of texts that apply to an argument in every command.
const EVERYWHERE: &str = "*";
/// The argument and command that clap adds to each command.
const HELP: &str = "help";

/// The command line with its help in the given language.
pub(super) fn in_language(tree: Command, language: Language) -> Command {
    match language {
        Language::En => tree,
        Language::Vi => {
            let mut tree = tree;
            // Before this call the help command has no help of its own.
            tree.build();
            in_vietnamese(tree, "")
        }
    }
}

fn in_vietnamese(command: Command, path: &str) -> Command {
    let about = text(path, "");
    let mut command = command
        .mut_args(|argument| argument_in_vietnamese(argument, path))
        .mut_subcommands(|below| {
            let path = path_below(path, below.get_name());
            in_vietnamese(below, &path)
        })
        .help_template(TEMPLATE)
        .subcommand_help_heading("Lệnh")
        .subcommand_value_name("LỆNH");
    if let Some(about) = about {
        command = command.about(about);
    }
    let usage = usage(&command.render_usage().to_string());
    command.override_usage(usage)
}

/// A usage line without its heading. The words for "any options" are translated, because clap writes them in English
/// only.
pub(super) fn usage(english: &str) -> String {
    english.trim_start_matches("Usage:").trim().replace("[OPTIONS]", "[TÙY CHỌN]")
}

/// The path of a subcommand, such as `account list`. `help account list` and `account help list` describe the same
/// command.
fn path_below(path: &str, name: &str) -> String {
    match (path, name) {
        ("" | HELP, name) => name.to_owned(),
        (path, name) => format!("{} {name}", path.trim_end_matches(HELP).trim_end()),
    }
}

/// The Vietnamese text of a command, or of one of its arguments or of a value of one.
fn text(path: &str, id: &str) -> Option<&'static str> {
    // Every command with subcommands has a help command of its own.
    entry(if path.ends_with(HELP) { HELP } else { path }, id).map(|(.., text)| *text)
}

/// The row of the table: that of the command itself, or else what the argument is in every command.
fn entry(path: &str, id: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let of = |wanted: &str| TEXTS.iter().find(|(path, own, _)| *path == wanted && *own == id);
    of(path).or_else(|| if id.is_empty() { None } else { of(EVERYWHERE) })
}

/// An argument that also states in Vietnamese what clap states in English only: allowed values, default, environment
/// variable.
fn argument_in_vietnamese(argument: Arg, path: &str) -> Arg {
    let Some(text) = text(path, argument.get_id().as_str()) else { return argument };
    let mut notes = Vec::new();
    notes.extend(argument.get_env().map(|variable| format!("[biến môi trường: {}]", variable.to_string_lossy())));
    let values = argument.get_possible_values();
    let takes_values = argument.get_action().takes_values();
    if takes_values {
        let default: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        notes.extend((!default.is_empty()).then(|| format!("[mặc định: {}]", default.join(", "))));
        let names: Vec<&str> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
        notes.extend((!names.is_empty()).then(|| format!("[cho phép: {}]", names.join(", "))));
    }
    let short = [&[text.to_owned()], notes.as_slice()].concat().join(" ");
    let described: Vec<String> = values
        .iter()
        .filter(|value| takes_values && value.get_help().is_some())
        .filter_map(|value| described(path, &argument, value.get_name()))
        .collect();
    let heading = if argument.is_positional() { "Tham số" } else { "Tùy chọn" };
    let names: Option<Vec<&str>> =
        argument.get_value_names().unwrap_or_default().iter().map(|name| value_name(name)).collect();
    let mut argument =
        argument.help_heading(heading).hide_env(true).hide_default_value(true).hide_possible_values(true);
    if let Some(names) = names.filter(|names| takes_values && !names.is_empty()) {
        argument = argument.value_names(names);
    }
    // If values explain themselves, clap gives its own help argument a longer text, in English.
    let long = if described.is_empty() {
        Resettable::Reset
    } else {
        format!("{short}\n{}", described.join("\n")).into_resettable()
    };
    argument.long_help(long).help(short)
}

/// A value with its meaning.
fn described(path: &str, argument: &Arg, value: &str) -> Option<String> {
    Some(format!("- {value}: {}", text(path, &format!("{}={value}", argument.get_id()))?))
}

/// The Vietnamese placeholder of a value.
fn value_name(english: &str) -> Option<&'static str> {
    VALUE_NAMES.iter().find(|(own, _)| *own == english).map(|(_, vietnamese)| *vietnamese)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use clap::CommandFactory as _;

    use super::*;

    /// Collects the texts of the help: path of the command, id of the argument or of the value, English text.
    fn said(command: &Command, path: &str, out: &mut Vec<(String, String, String)>) {
        let english = |text: Option<&clap::builder::StyledStr>| text.map(ToString::to_string).unwrap_or_default();
        out.push((path.to_owned(), String::new(), english(command.get_about())));
        for argument in command.get_arguments() {
            let id = argument.get_id().to_string();
            out.push((
                path.to_owned(),
                id.clone(),
                english(argument.get_help()).split(" (see ").next().unwrap().to_owned(),
            ));
            let values = argument.get_possible_values();
            for value in values.iter().filter(|value| value.get_help().is_some()) {
                out.push((path.to_owned(), format!("{id}={}", value.get_name()), english(value.get_help())));
            }
        }
        for below in
            command.get_subcommands().filter(|below| path != HELP && below.get_name() != HELP || path.is_empty())
        {
            said(below, &path_below(path, below.get_name()), out);
        }
    }

    fn all_said() -> Vec<(String, String, String)> {
        let mut tree = super::super::Cli::command();
        tree.build();
        let mut out = Vec::new();
        said(&tree, "", &mut out);
        out
    }

    #[test]
    fn everything_in_the_help_has_its_vietnamese_text_and_every_text_its_place() {
        let mut wrong = Vec::new();
        let mut used: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
        for (path, id, english) in all_said() {
            match entry(&path, &id) {
                None => wrong.push(format!("`congtam {path}` {id}: no Vietnamese text for: {english}")),
                Some((path, id, _)) => drop(used.entry((*path, *id)).or_default().insert(english)),
            }
        }
        let mut seen = BTreeSet::new();
        for (path, id, text) in TEXTS {
            match used.get(&(*path, *id)) {
                None => wrong.push(format!("`congtam {path}` {id}: belongs to nothing: {text}")),
                Some(english) if english.len() > 1 => {
                    wrong.push(format!("`congtam {path}` {id}: one text for {english:?}"))
                }
                Some(_) => {}
            }
            if !seen.insert((path, id)) {
                wrong.push(format!("`congtam {path}` {id}: stands twice"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Words that clap itself writes, in English only.
    const CLAPS: [&str; 10] = [
        "Usage",
        "Options:",
        "OPTIONS",
        "Commands:",
        "COMMAND",
        "Arguments:",
        "[default",
        "[env",
        "ossible values",
        "Print ",
    ];

    fn english_left(command: &mut Command, out: &mut Vec<String>) {
        for help in [command.render_help(), command.render_long_help()] {
            let help = help.to_string();
            let left = CLAPS.iter().filter(|words| help.contains(**words));
            out.extend(left.map(|words| format!("{words} in {help}")));
        }
        command.get_subcommands_mut().for_each(|below| english_left(below, out));
    }

    #[test]
    fn nothing_of_the_help_stays_english() {
        let mut left = Vec::new();
        english_left(&mut in_language(super::super::Cli::command(), Language::Vi), &mut left);
        assert!(left.is_empty(), "{}", left.join("\n"));
    }

    fn value_names(command: &Command, out: &mut BTreeSet<String>) {
        for argument in command.get_arguments().filter(|argument| argument.get_action().takes_values()) {
            out.extend(argument.get_value_names().unwrap_or_default().iter().map(ToString::to_string));
        }
        command.get_subcommands().for_each(|below| value_names(below, out));
    }

    #[test]
    fn whatever_stands_for_a_value_has_its_vietnamese_word() {
        let mut found = BTreeSet::new();
        value_names(&super::super::Cli::command(), &mut found);
        let known: BTreeSet<String> = VALUE_NAMES.iter().map(|(english, _)| (*english).to_owned()).collect();
        assert_eq!(found, known);
    }
}
