//! Explains in words what is wrong with a command line: which argument, what was found, what is allowed.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};
use shared::pack::Language;

use super::{REFUSED, help};
use crate::words::{said, spoken};

/// Prints the result of reading the command line: the help that was asked for, or what is wrong.
pub(super) fn tell(error: &Error, tree: &Command) -> ExitCode {
    use ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    if matches!(error.kind(), DisplayHelp | DisplayVersion | DisplayHelpOnMissingArgumentOrSubcommand) {
        // It is no error when the reader, such as `head`, stops reading.
        let _ = error.print();
        return ExitCode::from(if error.use_stderr() { REFUSED } else { 0 });
    }
    let meant = Meant::by(std::env::args().skip(1), tree);
    let mut text = String::new();
    for sentence in sentences(error, &meant) {
        let _ = writeln!(text, "{sentence}");
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let _ =
            writeln!(text, "{}", said(format!("Cách dùng: {}", help::usage(&usage.to_string())), usage.to_string()));
    }
    let path = &meant.path;
    let see = said(format!("Xem `{path} --help`."), format!("See `{path} --help`."));
    eprintln!("{text}{see}");
    ExitCode::from(REFUSED)
}

/// The command that was meant, as far as its name could be read.
struct Meant<'a> {
    command: &'a Command,
    path: String,
}

impl<'a> Meant<'a> {
    fn by(words: impl Iterator<Item = String>, tree: &'a Command) -> Self {
        let mut meant = Self { command: tree, path: tree.get_name().to_owned() };
        for word in words {
            if let Some(below) = meant.command.find_subcommand(&word).filter(|below| below.get_name() != "help") {
                meant = Self { command: below, path: format!("{} {word}", meant.path) };
            }
        }
        meant
    }

    /// Its subcommands.
    fn below(&self) -> String {
        let names: Vec<&str> =
            self.command.get_subcommands().map(Command::get_name).filter(|name| *name != "help").collect();
        names.join(", ")
    }

    /// The environment variable that can supply an argument.
    fn variable(&self, argument: &str) -> Option<String> {
        let known = self.command.get_arguments().find(|known| named(&known.to_string()) == named(argument))?;
        known.get_env().map(|variable| variable.to_string_lossy().into_owned())
    }
}

/// The name of an argument without its placeholder: `pack` of `--pack <ID|PATH>`, `FILE` of `<FILE>`.
fn named(argument: &str) -> &str {
    let first = argument.split([' ', '=']).next().unwrap_or(argument);
    first.trim_start_matches("--").trim_end_matches("...").trim_matches(['<', '>', '[', ']'])
}

fn sentences(error: &Error, meant: &Meant<'_>) -> Vec<String> {
    let arguments = texts(error, ContextKind::InvalidArg);
    if error.kind() == ErrorKind::MissingRequiredArgument {
        return arguments.iter().map(|argument| missing(argument, meant)).collect();
    }
    let argument = arguments.first().map(String::as_str).unwrap_or_default();
    let name = named(argument);
    vec![match error.kind() {
        ErrorKind::UnknownArgument => unknown(error, argument, meant),
        ErrorKind::InvalidSubcommand | ErrorKind::MissingSubcommand => command(error, meant),
        ErrorKind::InvalidValue => not_allowed(error, argument),
        ErrorKind::ValueValidation => {
            // The value parsers themselves report what they found and what is allowed.
            let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("{name}: {cause}")
        }
        ErrorKind::ArgumentConflict => conflict(error, argument),
        ErrorKind::NoEquals => said(
            format!("{name}: không có dấu =; cho phép: {argument}"),
            format!("{name}: found no =; allowed: {argument}"),
        ),
        ErrorKind::TooManyValues => {
            let value = texts(error, ContextKind::InvalidValue).join(", ");
            said(
                format!("{name}: thừa {value:?}; cho phép: {argument}"),
                format!("{name}: found {value:?} too many; allowed: {argument}"),
            )
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            let found = texts(error, ContextKind::ActualNumValues).join("");
            said(
                format!("{name}: có {found} giá trị; cho phép: {argument}"),
                format!("{name}: found {found} values; allowed: {argument}"),
            )
        }
        ErrorKind::InvalidUtf8 => said(
            "tham số: có byte không phải UTF-8; cho phép: chữ theo mã UTF-8".to_owned(),
            "arguments: found bytes that are no UTF-8; allowed: text in UTF-8".to_owned(),
        ),
        _ => error.to_string(),
    }]
}

/// What the parser reports about an error, as texts.
fn texts(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::Number(number)) => vec![number.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

fn missing(argument: &str, meant: &Meant<'_>) -> String {
    let (name, variable) = (named(argument), meant.variable(argument));
    let or =
        variable.map(|variable| said(format!(" hoặc biến {variable}"), format!(" or {variable}"))).unwrap_or_default();
    said(format!("{name}: chưa có; cho phép: {argument}{or}"), format!("{name}: missing; allowed: {argument}{or}"))
}

fn unknown(error: &Error, found: &str, meant: &Meant<'_>) -> String {
    let path = &meant.path;
    let mut sentence = said(
        format!("tham số: đang là {found:?}; cho phép: những gì `{path} --help` liệt kê"),
        format!("argument: found {found:?}; allowed: those that `{path} --help` lists"),
    );
    sentence.push_str(&perhaps(&texts(error, ContextKind::SuggestedArg)));
    if found.starts_with('-') {
        // If another command knows the argument, clap says so in a sentence of its own: `'score --lines' exists`.
        let elsewhere = texts(error, ContextKind::Suggested);
        let commands: Vec<String> = elsewhere
            .iter()
            .filter_map(|told| told.strip_suffix("' exists"))
            .map(|told| told.trim_start_matches('\'').to_owned())
            .collect();
        sentence.push_str(&perhaps(&commands));
        if elsewhere.iter().any(|told| told.contains("as a value")) {
            sentence.push_str(&said(
                format!("; nếu đó là một giá trị, hãy viết `-- {found}`"),
                format!("; where it is a value, write `-- {found}`"),
            ));
        }
    }
    sentence
}

fn command(error: &Error, meant: &Meant<'_>) -> String {
    let below = meant.below();
    let found = texts(error, ContextKind::InvalidSubcommand).join(" ");
    // If no subcommand was given, the error names the command that needs one.
    if error.kind() == ErrorKind::MissingSubcommand {
        return said(format!("lệnh: chưa có; cho phép: {below}"), format!("command: missing; allowed: {below}"));
    }
    let sentence = said(
        format!("lệnh: đang là {found:?}; cho phép: {below}"),
        format!("command: found {found:?}; allowed: {below}"),
    );
    // The nearest match comes last.
    let near: Vec<String> = texts(error, ContextKind::SuggestedSubcommand).into_iter().rev().collect();
    sentence + &perhaps(&near)
}

fn not_allowed(error: &Error, argument: &str) -> String {
    let (name, value) = (named(argument), texts(error, ContextKind::InvalidValue).join(", "));
    let valid = texts(error, ContextKind::ValidValue).join(", ");
    let allowed = if valid.is_empty() { argument } else { &valid };
    if value.is_empty() {
        return said(
            format!("{name}: chưa có giá trị; cho phép: {allowed}"),
            format!("{name}: found no value; allowed: {allowed}"),
        );
    }
    let sentence = said(
        format!("{name}: đang là {value:?}; cho phép: {allowed}"),
        format!("{name}: found {value:?}; allowed: {allowed}"),
    );
    sentence + &perhaps(&texts(error, ContextKind::SuggestedValue))
}

fn conflict(error: &Error, argument: &str) -> String {
    let (name, others) = (named(argument), texts(error, ContextKind::PriorArg));
    if others.iter().all(|other| other == argument) {
        return said(format!("{name}: có hai lần; cho phép: một lần"), format!("{name}: found twice; allowed: once"));
    }
    let others = others.join(", ");
    said(
        format!("{name}: không dùng được cùng với {others}; cho phép: một trong hai"),
        format!("{name}: found together with {others}; allowed: one of them"),
    )
}

/// The suggestions of what may have been meant.
fn perhaps(suggested: &[String]) -> String {
    if suggested.is_empty() {
        return String::new();
    }
    match spoken() {
        Language::Vi => format!("; có phải ý bạn là {}?", suggested.join(", ")),
        Language::En => format!("; did you mean {}?", suggested.join(", ")),
    }
}
