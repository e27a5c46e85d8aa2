//! The gaps of a template: numbers and words that nobody has entered from its text. The static check of a complete pack
//! finds them, whatever the pack itself says. This module gives them fields to enter them.
//!
//! Test ids: `gaps`, `gap-PATH`, `keep-PATH`, `gap-classes`, `export-pack`, `forget-entries`, `pack-whole`; for what comes
//! after see `issue`.

use std::sync::Arc;

use leptos::prelude::*;
use shared::limits::NAME_CHARS_MAX;
use shared::num::Exact;
use shared::pack::Pack;

use super::entries::{self, CLASS_COUNT, CLASSES, Entries};
use super::gap_names::{bare, label, part_title};
use super::issue::Issue;
use crate::components::{FieldError, Icon, icon};
use crate::i18n::{count_text, mark, t};
use crate::library::Library;
use crate::platform::{Download, download};

/// The part of the form with the classes.
const PART_OF_CLASSES: usize = 7;
const PARTS: usize = 8;

/// What is entered for one template.
#[derive(Clone, Copy)]
struct Form {
    template: StoredValue<Arc<Pack>>,
    entered: RwSignal<Entries>,
    /// How often everything was forgotten: the fields are drawn anew then.
    forgotten: RwSignal<u32>,
    library: Library,
}

impl Form {
    /// Takes a value, or forgets what was entered. It is saved at once, as everywhere in the app.
    fn set(self, path: &str, value: Option<String>) {
        self.entered.update(|entered| match value {
            Some(value) => drop(entered.insert(path.to_owned(), value)),
            None => drop(entered.remove(path)),
        });
        self.template.with_value(|template| entries::keep(template, &self.entered.read_untracked()));
        self.library.refresh();
    }

    /// The pack as it is with what was entered.
    fn completed(self) -> Pack {
        self.template.with_value(|template| entries::completed(template, &self.entered.read_untracked()))
    }
}

/// What is missing, with a field each, and what the check says of what was entered.
#[component]
pub(super) fn Gaps(template: Arc<Pack>, library: Library) -> impl IntoView {
    let entered = RwSignal::new(entries::kept(&template));
    let lacks_classes = entries::lacks_classes(&template);
    let form = Form { template: StoredValue::new(template), entered, forgotten: RwSignal::new(0), library };
    let classes = Memo::new(move |_| entries::class_count(&entered.read()));
    let fields = Memo::new(move |_| {
        classes.track();
        form.template.with_value(|template| entries::fields(template, &entered.read_untracked()))
    });
    let left = Memo::new(move |_| {
        let found = form.template.with_value(|template| entries::findings(template, &entered.read()));
        found.into_iter().map(|finding| (finding.field, finding.message)).collect::<Vec<_>>()
    });
    let part = move |part: usize| {
        let mine = move || {
            form.forgotten.track();
            let paths = fields.get().into_iter().filter(move |path| entries::part_of(path) == part);
            paths.map(|path| view! { <li><Entry path=path form=form /></li> }).collect_view()
        };
        let chosen =
            (part == PART_OF_CLASSES && lacks_classes).then(|| view! { <ClassCount classes=classes form=form /> });
        let title = format!("gaps-part-{part}");
        let any = move || fields.read().iter().any(|path| entries::part_of(path) == part);
        view! {
            <div role="group" class="stack" aria-labelledby=title.clone() hidden=move || !any()>
                <h3 id=title.clone()>{part_title(part)}</h3>
                {chosen}
                <ul class="plain stack">{mine}</ul>
            </div>
        }
    };
    view! {
        <section class="card attention" aria-labelledby="gaps-title" data-testid="gaps">
            <h2 id="gaps-title">{move || match left.read().len() {
                0 if !entered.read().is_empty() => t::rules::gaps_none().to_owned(),
                count => t::rules::gaps(count),
            }}</h2>
            <p>{icon(Icon::Info)}" "{t::rules::gaps_hint()}</p>
            {(0..=PARTS).map(part).collect_view()}
            <Verdict form=form left=left />
        </section>
    }
}

/// How many classes the text has, where the template names none.
#[component]
fn ClassCount(classes: Memo<usize>, form: Form) -> impl IntoView {
    let option =
        move |count: usize| view! { <option value=count prop:selected=move || classes.get() == count>{count}</option> };
    view! {
        <div class="field">
            <label for="gap-classes">{t::rules::gap_classes()}</label>
            <select id="gap-classes" data-testid="gap-classes"
                on:change:target=move |event| form.set(CLASSES, Some(event.target().value()))>
                {CLASS_COUNT.map(option).collect_view()}
            </select>
        </div>
    }
}

/// Reads what was typed: a number as the pack writes it, or words of one line. The error says what is allowed.
fn read(is_number: bool, text: &str) -> Result<Option<String>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if is_number {
        return entries::read(text).map(|number| Some(number.to_string())).ok_or_else(|| t::rules::not_a_number(text));
    }
    match text.chars().count() {
        count if count > NAME_CHARS_MAX => Err(t::input::text_allowed(&count_text(count), &count_text(NAME_CHARS_MAX))),
        _ => Ok(Some(text.to_owned())),
    }
}

/// A number or words to enter.
#[component]
fn Entry(path: String, form: Form) -> impl IntoView {
    let id = format!("gap-{path}");
    let pack = form.completed();
    let is_number = entries::is_number(&pack, &path);
    let wrong = RwSignal::new(None::<String>);
    let shown = form.entered.read_untracked().get(&path).map(|value| {
        if is_number { Exact::parse(value).ok().as_ref().map(mark).unwrap_or_default() } else { value.clone() }
    });
    let typed = RwSignal::new(shown.unwrap_or_default());
    let before = form.template.with_value(|template| entries::words_at(template, &path));
    let kept = bare(&before).to_owned();
    let may_keep = path.ends_with("title") && !kept.is_empty() && kept != before;
    let path = StoredValue::new(path);
    let change = move |text: String| {
        // A focused field that is removed still gets an event; then the signal it would write to is gone.
        if form.entered.is_disposed() {
            return;
        }
        typed.set(text.clone());
        let value = read(is_number, &text);
        wrong.set(value.as_ref().err().cloned());
        path.with_value(|path| form.set(path, value.ok().flatten()));
    };
    let keep = may_keep.then(|| {
        let (words, said) = (kept.clone(), t::rules::keep_words(&kept));
        view! {
            <div class="row"><button type="button" class="plain" data-testid=format!("keep-{}", path.get_value())
                disabled=move || typed.read() == kept on:click=move |_| change(words.clone())>{said}</button></div>
        }
    });
    let hint = (!before.is_empty()).then(|| view! { <p class="hint">{t::rules::gap_now(&before)}</p> });
    view! {
        <div class="field">
            <label for=id.clone()>{label(&pack, &path.get_value())}</label>
            {hint}
            <input id=id.clone() data-testid=id.clone() type="text" autocomplete="off"
                inputmode=if is_number { "decimal" } else { "text" } aria-describedby=format!("{id}-error")
                prop:value=typed on:change:target=move |event| change(event.target().value()) />
            {keep}
            <FieldError id=format!("{id}-error") message=wrong />
        </div>
    }
}

/// What is still wrong, or that the pack is complete: then it can be issued. A button exports it as a file.
#[component]
fn Verdict(form: Form, left: Memo<Vec<(String, String)>>) -> impl IntoView {
    let Form { template, entered, forgotten, library } = form;
    let any = Signal::derive(move || !entered.read().is_empty());
    let whole = Memo::new(move |_| any.get() && left.read().is_empty());
    let error = RwSignal::new(None::<String>);
    let row = move |(path, message): &(String, String)| {
        let words = label(&form.completed(), path);
        view! { <li>{words}" "<span class="quiet small">{message.clone()}</span></li> }
    };
    let export = move |_| {
        let pack = if whole.get_untracked() {
            form.completed()
        } else {
            template.with_value(|template| entries::unfinished(template, &entered.read_untracked()))
        };
        let name = format!("{}.json", pack.id);
        let saved = pack
            .to_json()
            .map_err(|error| error.to_string())
            .and_then(|text| download(&Download { name: &name, mime: "application/json", bytes: text.as_bytes() }));
        error.set(saved.err().map(|found| t::act::device(&found)));
    };
    let forget = move |_| {
        template.with_value(|template| entries::keep(template, &Entries::new()));
        entered.set(Entries::new());
        forgotten.update(|count| *count = count.saturating_add(1));
        library.refresh();
    };
    view! {
        <div class="stack" aria-live="polite">
            {move || whole.get().then(|| view! {
                <p class="strong" data-testid="pack-whole">{icon(Icon::Tick)}" "{t::rules::whole_now()}</p>
            })}
            {move || (any.get() && !left.read().is_empty()).then(|| view! {
                <p>{t::rules::still(left.read().len())}</p>
                <ul>{left.read().iter().map(&row).collect_view()}</ul>
            })}
        </div>
        <FieldError id="export-error" message=error />
        <div class="row end">
            <button type="button" data-testid="forget-entries" disabled=move || !any.get() on:click=forget>{t::rules::forget()}</button>
            <button type="button" data-testid="export-pack" disabled=move || !any.get()
                on:click=export>{move || if whole.get() { t::rules::export() } else { t::rules::export_unfinished() }}</button>
        </div>
        {move || whole.get().then(|| view! { <Issue template=template.get_value() /> })}
    }
}
