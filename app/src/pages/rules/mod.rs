//! The regulations ("Quy định"): the list of them, and the text, clauses, readings and gaps of each.
//!
//! Test ids: `packs-missing`, `pack-ID`, `pack-title`, `gaps`, `options`, `option-ID`; for completing a pack see
//! `gaps`, for issuing it `issue`.

mod entries;
mod formula;
mod gap_names;
mod gaps;
mod issue;
mod issue_fields;
mod issuing;
mod list;
mod lived;
mod outcomes;
mod procedure;
mod products;
mod readings;
mod row;
mod sections;
mod whole;

use leptos::prelude::*;
use shared::pack::Pack;

use crate::components::PageHead;
use crate::i18n::t;
use crate::library::Library;
use crate::route::Address;
use crate::screens::Screen;
use list::List;
use whole::Whole;

/// The template with what was entered on this device, if that completes it.
pub fn whole_pack(template: &Pack) -> Option<Pack> {
    entries::whole(template)
}

/// The screen: the list, or the pack that the address names.
#[component]
pub fn Rules() -> impl IntoView {
    let address = Address::get();
    let library = Library::open();
    let chosen = Memo::new(move |_| address.thing(Screen::Rules));
    let here = move |id: &str| match library.find(id) {
        Some(pack) => view! { <Whole pack=pack library=library /> }.into_any(),
        // The pack may still be on its way; the notice says so.
        None => view! { <PageHead title=t::rules::title() next_step=t::rules::unknown() /> }.into_any(),
    };
    view! {
        {library.notice()}
        {move || match chosen.get() {
            Some(id) => here(&id),
            None => view! { <List library=library /> }.into_any(),
        }}
    }
}
