//! Which screen the address names. Links inside the app change the address without loading the page again.

use crate::ui::RwSignal;
use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::Element;

/// The path of the address, `/cham-diem/…`; created once, in `App`.
#[derive(Clone, Copy)]
pub struct Address(RwSignal<String>);

impl Address {
    /// Follows the browser's address from now on.
    pub fn provide() {
        let this = Self(RwSignal::new(here()));
        // The browser's "back" and "forward". Both listeners last as long as the page.
        let _ = window_event_listener(ev::popstate, move |_| this.0.set(here()));
        let _ = window_event_listener(ev::click, move |event| this.follow(&event));
        provide_context(this);
    }

    /// What `App` created.
    pub fn get() -> Self {
        expect_context()
    }

    /// The path; who reads it is run again when it changes.
    pub fn path(self) -> String {
        self.0.get()
    }

    /// The part of the path after `before`, if it has one.
    pub fn after(self, before: &str) -> Option<String> {
        self.0.with(|path| path.strip_prefix(before).map(ToOwned::to_owned))
    }

    /// Whether the path is `place` or lies below it.
    pub fn is_at(self, place: &str) -> bool {
        self.0.with(|path| path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }

    /// Goes to another screen.
    pub fn go(self, path: &str) {
        let window = window();
        // A browser that keeps no history still shows the screen.
        let _ = window.history().and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(path)));
        self.0.set(path.to_owned());
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Takes over a plain click on a link into the app; every other click is the browser's.
    fn follow(self, event: &MouseEvent) {
        let plain = event.button() == 0
            && !(event.default_prevented()
                || event.ctrl_key()
                || event.meta_key()
                || event.shift_key()
                || event.alt_key());
        let link = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest("a[href^='/']:not([download]):not([target])").ok().flatten());
        if let (true, Some(path)) = (plain, link.and_then(|link| link.get_attribute("href"))) {
            event.prevent_default();
            self.go(&path);
        }
    }
}

fn here() -> String {
    window().location().pathname().unwrap_or_default()
}
