//! `congtam packs`: shows the regulations that the program knows, and what each requires.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::json;
use shared::pack::{self, Language, OptionRule, Pack, PackStatus};

use super::{REFUSED, tell};
use crate::words::{said, spoken};

/// Arguments of `packs`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Show this pack whole: roles, criteria, options, notes
    id: Option<String>,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let language = spoken();
    let Some(id) = &args.id else {
        match args.json {
            true => tell(&serde_json::to_string_pretty(&pack::all().map(summary).collect::<Vec<_>>())?)?,
            false => tell(&(table(pack::all(), language) + &count(pack::all())))?,
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(pack) = pack::find(id) else {
        let known: Vec<&str> = pack::all().map(|pack| pack.id.as_str()).collect();
        let known = known.join(", ");
        eprintln!(
            "{}",
            said(format!("id: đang là {id:?}; cho phép: {known}"), format!("id: found {id:?}; allowed: {known}"))
        );
        return Ok(ExitCode::from(REFUSED));
    };
    match args.json {
        true => tell(&serde_json::to_string_pretty(pack)?)?,
        false => tell(&whole(pack, language))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// How many regulations and samples there are. Samples come last in the table.
fn count<'a>(packs: impl Iterator<Item = &'a Pack>) -> String {
    let (samples, regulations): (Vec<&Pack>, Vec<&Pack>) = packs.partition(|pack| pack.status == PackStatus::Sample);
    let (all, samples) = (regulations.len(), samples.len());
    said(format!("{all} quy định, {samples} bản mẫu"), format!("{all} regulations, {samples} samples"))
}

fn status_word(pack: &Pack) -> &'static str {
    match pack.status {
        PackStatus::Complete => said("đủ số liệu", "complete"),
        PackStatus::Template => said("còn thiếu số liệu", "template"),
        PackStatus::Sample => said("bản mẫu: số minh họa", "sample: illustrative numbers"),
    }
}

fn summary(pack: &Pack) -> serde_json::Value {
    json!({
        "id": pack.id,
        "title": pack.title,
        "issuing_body": pack.issuing_body,
        "instrument": pack.instrument,
        "effective_from": pack.effective_from,
        "effective_to": pack.effective_to,
        "status": pack.status,
        "hash": format!("sha256:{}", pack.hash),
    })
}

fn table<'a>(packs: impl Iterator<Item = &'a Pack>, language: Language) -> String {
    let header = said(
        ["MÃ", "TÊN", "CƠ QUAN BAN HÀNH", "TỪ", "ĐẾN", "TÌNH TRẠNG"],
        ["ID", "TITLE", "ISSUING BODY", "FROM", "TO", "STATUS"],
    );
    let header = header.map(ToOwned::to_owned);
    let rows: Vec<[String; 6]> = packs
        .map(|pack| {
            [
                pack.id.clone(),
                pack.title.get(language).to_owned(),
                format!("{} ({})", pack.issuing_body.get(language), pack.instrument),
                pack.effective_from.clone(),
                pack.effective_to.clone().unwrap_or_else(|| "—".to_owned()),
                status_word(pack).to_owned(),
            ]
        })
        .collect();
    let all: Vec<&[String; 6]> = std::iter::once(&header).chain(&rows).collect();
    let mut text = String::new();
    for row in &all {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = all.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
            let _ = write!(line, "{cell:<width$}  ", width = width.unwrap_or_default());
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn whole(pack: &Pack, language: Language) -> String {
    let mut text = String::new();
    let to = pack.effective_to.as_deref().unwrap_or("—");
    let _ = writeln!(text, "{}  {}", pack.id, pack.title.get(language));
    let _ = writeln!(
        text,
        "{} {}, {} – {to}, {}",
        pack.issuing_body.get(language),
        pack.instrument,
        pack.effective_from,
        status_word(pack)
    );
    let _ = writeln!(text, "sha256:{}", pack.hash);
    if !pack.illustrative.is_empty() {
        let _ = writeln!(text, "{}: {}", said("số minh họa", "illustrative"), pack.illustrative.join(", "));
    }
    for note in &pack.notes {
        let _ = writeln!(text, "\n* {}", note.get(language));
    }
    for role in &pack.roles {
        let _ =
            writeln!(text, "\n{} {:<8} {} [{}]", said("vai", "role"), role.id, role.title.get(language), role.clause);
        for criterion in pack.criteria_for(&role.id) {
            let _ = writeln!(
                text,
                "  criteria.{:<6} 0–{:<4} {}",
                criterion.code,
                criterion.max.to_decimal(6),
                criterion.title.get(language)
            );
        }
        for statement in pack.statements_for(&role.id) {
            let values: Vec<String> = statement.values.iter().map(|value| value.value.to_decimal(6)).collect();
            let title = statement.title.get(language);
            let _ = writeln!(text, "  leadership.{} {} {title} [{}]", statement.id, values.join("|"), statement.clause);
        }
        for fact in pack.facts_for(&role.id) {
            let _ = writeln!(text, "  facts.{} {} [{}]", fact.id, fact.title.get(language), fact.clause);
        }
    }
    for option in &pack.options {
        write_option(&mut text, option, language);
    }
    text
}

fn write_option(text: &mut String, option: &OptionRule, language: Language) {
    let _ = writeln!(
        text,
        "\n{} {} — {} [{}]",
        said("lựa chọn", "option"),
        option.id,
        option.title.get(language),
        option.clause
    );
    for value in &option.values {
        let mark = if value.id == option.default { '*' } else { ' ' };
        let _ = writeln!(text, " {mark} {:<15} {}", value.id, value.title.get(language));
    }
    let _ = writeln!(text, "   {}", option.reason.get(language));
}
