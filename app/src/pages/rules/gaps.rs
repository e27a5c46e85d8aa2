//! What a template lacks: numbers that its text never gave. The static check of a complete pack finds them, whatever the pack
//! says; here they get names.

use crate::ui::view;
use leptos::prelude::*;
use shared::pack::{self, Finding, Pack, PackStatus, Rule};

use crate::components::{Icon, icon};
use crate::i18n::{language, t};

/// A number to enter.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Gap {
    /// Path of the field: `groups[0].criteria[1].max`.
    pub(super) path: String,
    /// What it is, in words.
    pub(super) words: String,
}

/// The numbers a pack lacks before it can score.
pub(super) fn gaps(template: &Pack) -> Vec<Gap> {
    let whole = Pack { status: PackStatus::Complete, ..template.clone() };
    let gap = |finding: Finding| Gap { words: name(template, &finding.field), path: finding.field };
    pack::findings(&whole).into_iter().map(gap).collect()
}

/// A field in the words of the pack; one that has no words keeps its path.
fn name(pack: &Pack, path: &str) -> String {
    let mut parts = path.split('.').map(place);
    match (parts.next(), parts.next(), path.rsplit('.').next()) {
        (Some(("scale_max", _)), ..) => t::rules::gap_scale().to_owned(),
        (Some(("groups", Some(at))), Some(("criteria", Some(row))), _) => {
            let criterion = pack.groups.get(at).and_then(|group| group.criteria.get(row));
            criterion.map(|found| t::rules::gap_criterion(&found.code, found.title.get(language())))
        }
        .unwrap_or_else(|| path.to_owned()),
        (Some(("groups", Some(at))), ..) => {
            let group = pack.groups.get(at);
            group.map_or_else(|| path.to_owned(), |found| t::rules::gap_group(&found.id, found.title.get(language())))
        }
        (Some(("events", Some(at))), ..) => {
            let event = pack.events.get(at);
            event.map_or_else(|| path.to_owned(), |found| t::rules::gap_event(found.title.get(language())))
        }
        (Some(("classes", Some(at))), ..) => {
            let class = pack.classes.get(at);
            class.map_or_else(|| path.to_owned(), |found| t::rules::gap_class(found.title.get(language())))
        }
        (Some(("components", Some(at))), ..) => {
            let component = pack.components.get(at).filter(|found| matches!(found.rule, Rule::Sum { .. }));
            component.map_or_else(|| path.to_owned(), |found| t::rules::gap_component(found.title.get(language())))
        }
        _ => path.to_owned(),
    }
}

/// `groups[3]` as its name and place.
fn place(part: &str) -> (&str, Option<usize>) {
    let Some((name, rest)) = part.split_once('[') else { return (part, None) };
    (name, rest.strip_suffix(']').and_then(|place| place.parse().ok()))
}

/// The list of what is missing.
pub(super) fn section(pack: &Pack) -> AnyView {
    let gaps = gaps(pack);
    let count = gaps.len();
    let rows = gaps.into_iter().map(|gap| view! { <li>{gap.words}</li> }).collect_view();
    view! {
        <section class="card attention" aria-labelledby="gaps-title" data-testid="gaps">
            <h2 id="gaps-title">{t::rules::gaps(count)}</h2>
            <p>{icon(Icon::Info)}" "{t::rules::gaps_hint()}</p>
            <ul>{rows}</ul>
        </section>
    }
}
