//! What may stand in an element: words, other views, lists of them, and what signals make of them.

use std::sync::{Arc, Mutex};

use leptos::prelude::{AnyView, IntoAny as _, IntoView};

use super::signal::{Content, Memo, RwSignal, Signal};

/// What `view!` takes in braces. All kinds become one, so that each is drawn by the same code.
pub trait Child {
    /// As a view of no particular type.
    fn into_child(self) -> AnyView;
}

/// Words of the program.
#[inline(never)]
pub fn text(words: &'static str) -> AnyView {
    words.into_any()
}

/// A component of Leptos.
pub fn component(view: impl IntoView + 'static) -> AnyView {
    view.into_any()
}

#[inline(never)]
fn live(make: Arc<Mutex<dyn FnMut() -> AnyView + Send>>) -> AnyView {
    make.into_any()
}

#[inline(never)]
fn list(views: Vec<AnyView>) -> AnyView {
    views.into_any()
}

#[inline(never)]
fn perhaps(view: Option<AnyView>) -> AnyView {
    view.into_any()
}

impl Child for AnyView {
    fn into_child(self) -> AnyView {
        self
    }
}

impl Child for () {
    fn into_child(self) -> AnyView {
        self.into_any()
    }
}

impl Child for &'static str {
    fn into_child(self) -> AnyView {
        text(self)
    }
}

impl Child for String {
    #[inline(never)]
    fn into_child(self) -> AnyView {
        self.into_any()
    }
}

impl Child for usize {
    fn into_child(self) -> AnyView {
        self.to_string().into_child()
    }
}

impl<T: Child> Child for Option<T> {
    fn into_child(self) -> AnyView {
        perhaps(self.map(T::into_child))
    }
}

impl<T: Child> Child for Vec<T> {
    fn into_child(self) -> AnyView {
        list(self.into_iter().map(T::into_child).collect())
    }
}

impl<F, T> Child for F
where
    F: FnMut() -> T + Send + 'static,
    T: Child,
{
    fn into_child(mut self) -> AnyView {
        live(Arc::new(Mutex::new(move || self().into_child())))
    }
}

macro_rules! signals {
    ($($signal:ident),+) => {$(
        impl<T: Child + Clone + Content> Child for $signal<T> {
            fn into_child(self) -> AnyView {
                (move || self.get()).into_child()
            }
        }
    )+};
}

signals!(Memo, RwSignal, Signal);
