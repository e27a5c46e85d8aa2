//! The gaps of a template: numbers that its text never gave. The static check of a complete pack finds them, whatever
//! the pack itself says. This module gives them names, and fields to enter them. Missing texts can be entered only in
//! the file.
//!
//! Test ids: `gaps`, `gap-PLACE`, `export-pack`, `forget-numbers`, `pack-whole`.

use std::sync::Arc;

use leptos::prelude::*;
use shared::pack::{Pack, PackStatus, Rule};

use super::numbers::{self, Numbers, place};
use crate::components::{FieldError, Icon, icon};
use crate::i18n::{language, mark, t};
use crate::library::Library;
use crate::platform::{Download, download};

/// A field in the words of the pack. A field without words is named by its path.
fn name(pack: &Pack, path: &str) -> String {
    let mut parts = path.split('.').map(place);
    let words = match (parts.next(), parts.next()) {
        (Some(("scale_max", _)), _) => Some(t::rules::gap_scale().to_owned()),
        (Some(("groups", Some(at))), Some(("criteria", Some(row)))) => {
            let criterion = pack.groups.get(at).and_then(|group| group.criteria.get(row));
            criterion.map(|found| t::rules::gap_criterion(&found.code, found.title.get(language())))
        }
        (Some(("groups", Some(at))), _) => {
            pack.groups.get(at).map(|found| t::rules::gap_group(&found.id, found.title.get(language())))
        }
        (Some(("events", Some(at))), _) => {
            pack.events.get(at).map(|found| t::rules::gap_event(found.title.get(language())))
        }
        (Some(("classes", Some(at))), _) => {
            pack.classes.get(at).map(|found| t::rules::gap_class(found.title.get(language())))
        }
        (Some(("components", Some(at))), _) => pack
            .components
            .get(at)
            .filter(|found| matches!(found.rule, Rule::Sum { .. } | Rule::Products { .. }))
            .map(|found| t::rules::gap_component(found.title.get(language()))),
        _ => numbers::factor(pack, path).map(|found| t::rules::gap_factor(found.title.get(language()))),
    };
    words.unwrap_or_else(|| path.to_owned())
}

/// The missing numbers with a field each, and what the check says of those entered.
#[component]
pub(super) fn Gaps(template: Arc<Pack>, library: Library) -> impl IntoView {
    let entered = RwSignal::new(numbers::kept(&template));
    let asked = numbers::findings(&template, &Numbers::new());
    let before = entered.get_untracked();
    let mut paths: Vec<String> = asked.into_iter().map(|finding| finding.field).collect();
    paths.extend(before.keys().cloned());
    // A path may be found twice, or be both found and entered: it gets one field.
    let mut seen = shared::sorted_map::Set::new();
    paths.retain(|path| seen.insert(path.clone()) && numbers::takes_number(&template, path));
    let count = paths.len();
    let of_template = Arc::clone(&template);
    let left = Memo::new(move |_| {
        let found = numbers::findings(&of_template, &entered.read());
        found.into_iter().map(|finding| (finding.field, finding.message)).collect::<Vec<_>>()
    });
    let for_fields = Arc::clone(&template);
    let field = move |(place, path): (usize, String)| {
        view! { <li><Entry place=place path=path template=Arc::clone(&for_fields) entered=entered library=library /></li> }
    };
    let fields = paths.into_iter().enumerate().map(field).collect_view();
    view! {
        <section class="card attention" aria-labelledby="gaps-title" data-testid="gaps">
            <h2 id="gaps-title">{t::rules::gaps(count)}</h2>
            <p>{icon(Icon::Info)}" "{t::rules::gaps_hint()}</p>
            <ul class="plain stack">{fields}</ul>
            <Verdict template=template entered=entered left=left library=library />
        </section>
    }
}

/// A number to enter. It is saved at once, as everywhere in the app.
#[component]
fn Entry(
    place: usize,
    path: String,
    template: Arc<Pack>,
    entered: RwSignal<Numbers>,
    library: Library,
) -> impl IntoView {
    let id = format!("gap-{place}");
    let wrong = RwSignal::new(None::<String>);
    let value = entered.get_untracked().get(&path).map(mark).unwrap_or_default();
    let label = name(&template, &path);
    let change = move |text: String| {
        // A focused field that is removed still gets an event; then the signal it would write to is gone.
        if entered.is_disposed() {
            return;
        }
        let number = numbers::read(&text);
        wrong.set((number.is_none() && !text.trim().is_empty()).then(|| t::rules::not_a_number(&text)));
        entered.update(|entered| match &number {
            Some(number) => drop(entered.insert(path.clone(), number.clone())),
            None => drop(entered.remove(&path)),
        });
        numbers::keep(&template, &entered.read_untracked());
        library.refresh();
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id.clone() data-testid=id.clone() type="text" inputmode="decimal" autocomplete="off"
                aria-describedby=format!("{id}-error") prop:value=value
                on:change:target=move |event| change(event.target().value()) />
            <FieldError id=format!("{id}-error") message=wrong />
        </div>
    }
}

/// What is still wrong, or that the pack is complete, and a button to export it as a file.
#[component]
fn Verdict(
    template: Arc<Pack>,
    entered: RwSignal<Numbers>,
    left: Memo<Vec<(String, String)>>,
    library: Library,
) -> impl IntoView {
    let error = RwSignal::new(None::<String>);
    let (for_names, for_file) = (Arc::clone(&template), Arc::clone(&template));
    let row = move |(path, message): &(String, String)| {
        let words = name(&for_names, path);
        view! { <li>{words}" "<span class="quiet small">{message.clone()}</span></li> }
    };
    let export = move |_| {
        let mut pack = numbers::completed(&for_file, &entered.read_untracked());
        if !left.read_untracked().is_empty() {
            // An incomplete pack stays a template.
            pack.status = PackStatus::Template;
        }
        let name = format!("{}.json", pack.id);
        let saved = pack
            .to_json()
            .map_err(|error| error.to_string())
            .and_then(|text| download(&Download { name: &name, mime: "application/json", bytes: text.as_bytes() }));
        error.set(saved.err().map(|found| t::act::device(&found)));
    };
    let forget = move |_| {
        numbers::keep(&template, &Numbers::new());
        entered.set(Numbers::new());
        library.refresh();
    };
    let any = Signal::derive(move || !entered.read().is_empty());
    view! {
        <div class="stack" aria-live="polite">
            {move || (any.get() && left.read().is_empty()).then(|| view! {
                <p class="strong" data-testid="pack-whole">{icon(Icon::Tick)}" "{t::rules::whole_now()}</p>
            })}
            {move || (any.get() && !left.read().is_empty()).then(|| view! {
                <p>{t::rules::still(left.read().len())}</p>
                <ul>{left.read().iter().map(&row).collect_view()}</ul>
            })}
        </div>
        <FieldError id="export-error" message=error />
        <div class="row end">
            <button type="button" data-testid="forget-numbers" disabled=move || !any.get() on:click=forget>{t::rules::forget()}</button>
            <button type="button" data-testid="export-pack" disabled=move || !any.get()
                on:click=export>{move || if left.read().is_empty() { t::rules::export() } else { t::rules::export_unfinished() }}</button>
        </div>
    }
}
