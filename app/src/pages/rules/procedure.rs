//! The steps of a regulation: who does what, from when, until when.

use leptos::prelude::*;
use shared::pack::{Pack, Slots, Step};

use super::formula;
use super::row::{row, words};
use crate::i18n::{self, t};

pub(super) fn step(pack: &Pack, one: &Step) -> AnyView {
    let each = if one.per == Slots::Actor { t::steps::each_actor() } else { "" };
    let who = format!("{}{each}.", i18n::actors(pack, &one.by));
    let opens = one.opens.map(i18n::opening).unwrap_or_default();
    let due = one.due.map(i18n::due).unwrap_or_default();
    let when = formula::when(pack, &one.when);
    let limits = [when.trim_start_matches("; ").to_owned(), formula::roles(pack, &one.roles)];
    let all: Vec<String> =
        [who].into_iter().chain(opens).chain(due).chain(limits).filter(|words| !words.is_empty()).collect();
    row(pack, words(&one.title), all.join(" "), &one.clause)
}
