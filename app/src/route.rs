//! The router: which screen the address names. Links inside the app change the address without loading the page again.

use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::Element;

use crate::screens::{Screen, lies_at};

/// The state by which the browser's history marks the entry of a dialog.
const DIALOG: &str = "dialog";

/// The path of the address, `/cham-diem/…`. Created once, in `App`.
///
/// An open dialog has an entry of its own in the browser's history, so that "back" closes it and stays on the screen. A
/// dialog that is closed in another way leaves its entry there. The next screen or dialog reuses the entry, and "back"
/// skips it. Calling `history.back()` on closing would also work, but it comes later and could undo a tap made in
/// between.
#[derive(Clone, Copy)]
pub struct Address {
    path: RwSignal<String>,
    dialogs: StoredValue<Vec<RwSignal<bool>>>,
    /// Whether the browser is at the entry of a dialog.
    at_dialog: StoredValue<bool>,
}

impl Address {
    /// Follows the browser's address from now on.
    pub fn provide() {
        let this = Self {
            path: RwSignal::new(here()),
            dialogs: StoredValue::new(Vec::new()),
            at_dialog: StoredValue::new(is_at_dialog()),
        };
        // The browser's "back" and "forward". Both listeners stay as long as the page.
        let _ = window_event_listener(ev::popstate, move |_| this.arrive());
        let _ = window_event_listener(ev::click, move |event| this.follow(&event));
        provide_context(this);
    }

    /// The instance that `App` created.
    pub fn get() -> Self {
        expect_context()
    }

    /// The path. A caller in a memo or view runs again when it changes.
    pub fn path(self) -> String {
        self.path.get()
    }

    /// What the path names on a screen: a person, a pack, an operation.
    pub fn thing(self, screen: Screen) -> Option<String> {
        self.path.with(|path| screen.thing(path).map(ToOwned::to_owned))
    }

    /// Whether the path is `place` or lies below it.
    pub fn is_at(self, place: &str) -> bool {
        self.path.with(|path| lies_at(path, place))
    }

    /// Goes to another screen.
    pub fn go(self, path: &str) {
        let window = window();
        // Without a history the browser still shows the screen.
        let _ = window.history().and_then(|history| match self.at_dialog.get_value() {
            true => history.replace_state_with_url(&JsValue::NULL, "", Some(path)),
            false => history.push_state_with_url(&JsValue::NULL, "", Some(path)),
        });
        self.at_dialog.set_value(false);
        self.path.set(path.to_owned());
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// A dialog has opened: "back" closes it.
    pub fn note_opened(self, dialog: RwSignal<bool>) {
        self.dialogs.update_value(|dialogs| dialogs.push(dialog));
        if !self.at_dialog.get_value() {
            let history = window().history();
            let pushed = history.and_then(|history| history.push_state(&JsValue::from_str(DIALOG), ""));
            self.at_dialog.set_value(pushed.is_ok());
        }
    }

    /// A dialog has closed or is gone.
    pub fn note_closed(self, dialog: RwSignal<bool>) {
        self.dialogs.update_value(|dialogs| dialogs.retain(|open| *open != dialog));
    }

    /// The browser has gone back or forward.
    fn arrive(self) {
        let left_dialog = self.at_dialog.get_value() && !is_at_dialog();
        self.at_dialog.set_value(is_at_dialog());
        let dialog = self.dialogs.with_value(|dialogs| dialogs.last().copied());
        match dialog {
            Some(dialog) if left_dialog => {
                // The page of the dialog closes it. A dialog that is gone has nothing to close.
                let _ = dialog.try_set(false);
            }
            _ if left_dialog && here() == self.path.get_untracked() => {
                // The entry of a dialog that was closed in another way: go one further back.
                let _ = window().history().and_then(|history| history.back());
            }
            _ => self.path.set(here()),
        }
    }

    /// Handles a plain click on a link into the app. The browser handles every other click.
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

fn is_at_dialog() -> bool {
    let state = window().history().and_then(|history| history.state());
    state.is_ok_and(|state| state.as_string().as_deref() == Some(DIALOG))
}

fn here() -> String {
    window().location().pathname().unwrap_or_default()
}
