//! Lists whose rows keep their place on the page, their focus and what was typed, as long as their key stays.

use std::hash::{BuildHasher as _, Hash};

use leptos::prelude::*;
use leptos::reactive::owner::Owner;
use leptos::tachys::reactive_graph::OwnedView;
use leptos::tachys::view::keyed::keyed;

/// A row that is drawn only if its key is new.
struct Row {
    key: u64,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

/// Draws a row per item, as Leptos's component of that name does, with the same code for every kind of item.
#[component]
pub fn For<E, I, T, C, V, F, K>(each: E, key: F, children: C) -> impl IntoView
where
    E: Fn() -> I + Send + 'static,
    I: IntoIterator<Item = T>,
    T: Send + 'static,
    C: Fn(T) -> V + Send + Clone + 'static,
    V: IntoView + 'static,
    F: Fn(&T) -> K + Send + 'static,
    K: Hash,
{
    let hasher = std::hash::RandomState::new();
    let row = move |item: T| {
        let (key, children) = (hasher.hash_one(key(&item)), children.clone());
        Row { key, draw: Box::new(move || children(item).into_any()) }
    };
    list(Box::new(move || each().into_iter().map(&row).collect()))
}

#[inline(never)]
fn list(rows: Box<dyn Fn() -> Vec<Row> + Send>) -> AnyView {
    let parent = Owner::current().unwrap_or_default();
    let draw = move |_: usize, row: Row| {
        let owner = parent.with(Owner::new);
        let view = owner.with(row.draw);
        (|_: usize| (), OwnedView::new_with_owner(view, owner))
    };
    (move || keyed(rows(), |row: &Row| row.key, draw.clone())).into_any()
}
