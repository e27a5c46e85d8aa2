//! Compares the same evidence under two regulations, side by side: the total, the class, the clause that changes the
//! class, and what was left out. Only the reference chunk may use this.

use std::sync::Arc;

use leptos::prelude::*;
use shared::pack::{Pack, PackStatus};
use shared::score::{self, CardInput, Compared, Comparison};

use super::result::{class_title, unclassified};
use super::steps::steps_of_card;
use crate::i18n::{clause_words, decimal, input_error, language, t};
use crate::library::Library;
use crate::screens::Screen;

/// Lets the person choose two packs, and shows what each makes of the evidence.
pub fn comparison(own: &'static Pack, evidence: Signal<Option<CardInput>>) -> AnyView {
    let library = Library::open();
    let chosen = [RwSignal::new(own.id.clone()), RwSignal::new(String::new())];
    let [left, right] = chosen;
    // Preselects the first other pack that can score, or else any other pack.
    let other = move || {
        let packs = library.able();
        let first = right.get();
        let known = packs.iter().find(|pack| pack.id == first);
        let usual = || packs.iter().find(|pack| pack.id != own.id);
        known.or_else(usual).map(|pack| pack.id.clone()).unwrap_or_default()
    };
    let right_now = Signal::derive(other);
    let table = move || {
        let evidence = evidence.get()?;
        let all = library.able();
        let find = |id: &str| all.iter().find(|pack| pack.id == id).cloned();
        let packs = [find(&left.get())?, find(&right_now.get())?];
        Some(side_by_side(&packs, &evidence))
    };
    view! {
        <div class="stack" data-testid="comparison">
            <p class="hint">{t::compare::hint()}</p>
            {library.notice()}
            <div class="columns">
                <Choice id="compare-left" label=t::compare::first() library=library value=left chosen=left />
                <Choice id="compare-right" label=t::compare::second() library=library value=right_now chosen=right />
            </div>
            <div class="stack" aria-live="polite">{table}</div>
        </div>
    }
    .into_any()
}

#[component]
fn Choice(
    id: &'static str,
    label: &'static str,
    library: Library,
    #[prop(into)] value: Signal<String>,
    chosen: RwSignal<String>,
) -> impl IntoView {
    let option = move |pack: &Arc<Pack>| {
        let id = pack.id.clone();
        let words = format!("{} ({})", pack.title.get(language()), pack.instrument);
        view! { <option value=id.clone() prop:selected=move || value.get() == id>{words}</option> }
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id data-testid=id on:change:target=move |event| chosen.set(event.target().value())>
                {move || library.able().iter().map(option).collect_view()}
            </select>
        </div>
    }
}

fn side_by_side(packs: &[Arc<Pack>; 2], evidence: &CardInput) -> AnyView {
    let Comparison { results, .. } = score::compare(&[&packs[0], &packs[1]], evidence);
    let cards = packs.iter().zip(&results).map(|(pack, result)| one_side(packs, pack, result, evidence)).collect_view();
    view! {
        <p class="strong" data-testid="compare-verdict">{verdict(packs, &results)}</p>
        <div class="columns">{cards}</div>
    }
    .into_any()
}

fn one_side(packs: &[Arc<Pack>; 2], pack: &Arc<Pack>, result: &Compared, evidence: &CardInput) -> AnyView {
    let title = pack.title.get(language()).to_owned();
    let exact = result.total.as_ref().map(|total| total.exact.to_string());
    let total = result.total.as_ref().map(|total| decimal(&total.exact));
    let reached = result.class.as_ref().map(|code| class_title(pack, code));
    let class = reached.or_else(|| result.status.map(|status| unclassified(status).to_owned()));
    let scale = format!(" / {}", decimal(&pack.scale_max));
    view! {
        <section class="card" aria-label=title.clone()>
            <h3>{title.clone()}</h3>
            {total.map(|total| view! { <p class="total"><span data-exact=exact>{total}</span><small>{scale}</small></p> })}
            {class.map(|class| view! { <p class="strong">{class}</p> })}
            {(!result.clauses.is_empty()).then(|| view! { <p class="quiet">{t::compare::by(&clauses(pack, result))}</p> })}
            {refused(pack, result)}
            {left_out(packs, result)}
            {why(pack, result, evidence)}
        </section>
    }.into_any()
}

/// The clauses that decided, as people cite them.
fn clauses(pack: &Pack, result: &Compared) -> String {
    result.clauses.iter().map(|clause| clause_words(pack, clause)).collect::<Vec<_>>().join("; ")
}

/// Whether the class differs, and by which clause.
fn verdict(packs: &[Arc<Pack>; 2], results: &[Compared]) -> String {
    let [first, second] = results else { return String::new() };
    let named = |pack: &Pack, class: &Option<String>| class.as_ref().map(|code| class_title(pack, code));
    match (named(&packs[0], &first.class), named(&packs[1], &second.class)) {
        (Some(before), Some(after)) if first.class == second.class || before == after => t::compare::same(&after),
        (Some(before), Some(after)) => t::compare::changes(&before, &after, &clauses(&packs[1], second)),
        _ => t::compare::unknown().to_owned(),
    }
}

fn left_out(packs: &[Arc<Pack>; 2], result: &Compared) -> Option<AnyView> {
    let words = |path: &String| view! { <li>{evidence_words(packs, path)}</li> };
    let (count, words) = (result.left_out.len(), result.left_out.iter().map(words).collect_view());
    (count > 0).then(|| {
        view! {
            <details>
                <summary>{t::compare::left_out(count)}</summary>
                <ul class="small">{words}</ul>
            </details>
        }
        .into_any()
    })
}

/// A part of the evidence, in the words of the pack that knows it.
fn evidence_words(packs: &[Arc<Pack>; 2], path: &str) -> String {
    let (list, key) = path.split_once('.').unwrap_or((path, ""));
    let title = packs.iter().find_map(|pack| match list {
        "criteria" => {
            pack.groups.iter().flat_map(|group| &group.criteria).find(|one| one.code == key).map(|one| &one.title)
        }
        "leadership" => pack.statements.iter().find(|one| one.id == key).map(|one| &one.title),
        "facts" => pack.facts.iter().find(|one| one.id == key).map(|one| &one.title),
        "events" => pack.event(key).map(|one| &one.title),
        "options" => pack.option(key).map(|one| &one.title),
        _ => None,
    });
    match (list, title) {
        ("work", _) => t::compare::work().to_owned(),
        ("criteria", Some(title)) => format!("{key}. {}", title.get(language())),
        (_, Some(title)) => title.get(language()).to_owned(),
        (_, None) => path.to_owned(),
    }
}

/// Why a pack cannot score the evidence.
fn refused(pack: &Pack, result: &Compared) -> Option<AnyView> {
    if pack.status == PackStatus::Template {
        let words = t::compare::template();
        return Some(view! { <p><a href=Screen::Rules.path_of(&pack.id)>{words}</a></p> }.into_any());
    }
    let words = result.errors.iter().map(|error| view! { <li>{input_error(error)}</li> }).collect_view();
    (!result.errors.is_empty())
        .then(|| view! { <p>{t::compare::refused()}</p><ul class="small">{words}</ul> }.into_any())
}

fn why(pack: &Arc<Pack>, result: &Compared, evidence: &CardInput) -> Option<AnyView> {
    result.total.as_ref()?;
    let open = RwSignal::new(false);
    let (pack, (known, _)) = (Arc::clone(pack), score::known_part(pack, evidence));
    let steps = move || open.get().then(|| steps_of_card(&pack, &known.subject.role, &known));
    Some(
        view! {
            <details on:toggle:target=move |event| open.set(event.target().open())>
                <summary>{t::result::why()}</summary>
                {steps}
            </details>
        }
        .into_any(),
    )
}
