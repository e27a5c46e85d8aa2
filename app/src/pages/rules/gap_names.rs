//! Names for the places of a template in which something is entered.

use shared::pack::{Pack, Rule, unwritten};

use super::entries::{self, place};
use crate::i18n::{language, t};

/// A field in the words of the pack. A field without words is named by its path.
pub(super) fn label(pack: &Pack, path: &str) -> String {
    let mut parts = path.split('.').map(place);
    let words = match (parts.next(), parts.next(), parts.next()) {
        (Some(("scale_max", _)), ..) => Some(t::rules::gap_scale().to_owned()),
        (Some(("instrument", _)), ..) => Some(t::rules::gap_instrument().to_owned()),
        (Some(("issuing_body", _)), ..) => Some(t::rules::gap_issuing_body().to_owned()),
        (Some(("classes", Some(at))), Some((field, _)), _) => Some(class_label(pack, at, field)),
        (Some(("groups", Some(at))), Some(("criteria", Some(row))), Some((field, _))) => {
            criterion_label(pack, at, row, field)
        }
        (Some((list, Some(at))), Some(("title", _)), _) => {
            entries::title_of(pack, list, at).map(|title| t::rules::gap_title(bare(&title)))
        }
        (Some(("roll_ups", Some(_))), Some(("clause", _)), _) => Some(t::rules::gap_clause(t::rules::roll_ups())),
        (Some((list, Some(at))), Some(("clause", _)), _) => {
            entries::title_of(pack, list, at).map(|title| t::rules::gap_clause(bare(&title)))
        }
        (Some((list, Some(at))), ..) => number_label(pack, list, at),
        _ => entries::factor(pack, path).map(|found| {
            let title = found.title.get(language());
            if path.ends_with("title") { t::rules::gap_title(bare(title)) } else { t::rules::gap_factor(bare(title)) }
        }),
    };
    words.unwrap_or_else(|| path.to_owned())
}

fn class_label(pack: &Pack, at: usize, field: &str) -> String {
    let number = at.saturating_add(1).to_string();
    let named = pack.classes.get(at).map(|class| class.title.get(language())).filter(|title| !title.is_empty());
    match (field, named) {
        ("code", _) => t::rules::gap_class_code(&number),
        ("title", _) => t::rules::gap_class_title(&number),
        ("min", Some(title)) => t::rules::gap_class(title),
        ("min", None) => t::rules::gap_class(&number),
        (_, Some(title)) => t::rules::gap_clause(title),
        (_, None) => t::rules::gap_class_clause(&number),
    }
}

fn criterion_label(pack: &Pack, at: usize, row: usize, field: &str) -> Option<String> {
    let found = pack.groups.get(at)?.criteria.get(row)?;
    Some(match field {
        "title" => t::rules::gap_criterion_title(&found.code),
        _ => t::rules::gap_criterion(&found.code, bare(found.title.get(language()))),
    })
}

fn number_label(pack: &Pack, list: &str, at: usize) -> Option<String> {
    match list {
        "groups" => pack.groups.get(at).map(|found| t::rules::gap_group(&found.id, bare(found.title.get(language())))),
        "events" => pack.events.get(at).map(|found| t::rules::gap_event(found.title.get(language()))),
        "components" => pack
            .components
            .get(at)
            .filter(|found| matches!(found.rule, Rule::Sum { .. } | Rule::Products { .. }))
            .map(|found| t::rules::gap_component(found.title.get(language()))),
        _ => None,
    }
}

/// Words without the bracket that says what is still to be entered.
pub(super) fn bare(words: &str) -> &str {
    match words.split_once('(') {
        Some((before, behind)) if unwritten(behind).is_some() => before.trim_end(),
        _ => words,
    }
}

/// The title of a part of the form.
pub(super) fn part_title(part: usize) -> &'static str {
    match part {
        1 => t::rules::criteria(),
        2 => t::rules::bands(),
        3 => t::rules::work(),
        4 => t::rules::products(),
        5 => t::rules::events(),
        6 => t::rules::components(),
        7 => t::rules::classes(),
        8 => t::rules::stages(),
        _ => t::rules::about(),
    }
}
