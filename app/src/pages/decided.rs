//! A result that the decider set otherwise than reckoned, or that an authority outside decided: what every list says
//! beside it. Test id: `decided-notes`.

use leptos::prelude::*;
use shared::num::Exact;
use shared::op::{Document, Reckoned};
use shared::pack::Pack;

use crate::components::class_title;
use crate::i18n::{decimal, language, t};

/// Points as people read them; a dash where a document states none.
pub(super) fn points_words(total: Option<&Exact>) -> String {
    total.map_or_else(|| "–".to_owned(), decimal)
}

/// A class by name; that there is none is said.
pub(super) fn class_words(pack: &Pack, class: &str) -> String {
    if class.is_empty() { t::result::not_classified().to_owned() } else { class_title(pack, class) }
}

/// What was reckoned and why it was decided otherwise, and by which document.
pub(super) fn notes(pack: &Pack, reckoned: Option<&Reckoned>, document: Option<&Document>) -> Vec<String> {
    let otherwise =
        |it: &Reckoned| t::outside::reckoned(&decimal(&it.total), &class_words(pack, &it.class), &it.reason);
    let by = |it: &Document| t::outside::by_document(&it.words(language()));
    [reckoned.map(otherwise), document.map(by)].into_iter().flatten().collect()
}

/// The same as small lines of a list.
pub(super) fn decided_notes(
    pack: Option<&Pack>,
    reckoned: Option<&Reckoned>,
    document: Option<&Document>,
) -> Option<AnyView> {
    let notes = notes(pack?, reckoned, document);
    let lines = notes.into_iter().map(|words| view! { <span>{words}</span> }).collect_view();
    (reckoned.is_some() || document.is_some())
        .then(|| view! { <span class="stack tight small quiet" data-testid="decided-notes">{lines}</span> }.into_any())
}
