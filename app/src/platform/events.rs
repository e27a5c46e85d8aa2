//! Events around the page: its visibility, the network, and other tabs.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, Event, MessageEvent, VisibilityState, window};

fn listen(target: &web_sys::EventTarget, name: &str, act: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(act);
    if target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref()).is_ok() {
        // It listens as long as the page exists.
        closure.forget();
    }
}

/// Whether the page is visible.
pub fn is_visible() -> bool {
    window()
        .and_then(|window| window.document())
        .is_some_and(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Calls `act` whenever the page becomes visible.
pub fn on_visible(mut act: impl FnMut() + 'static) {
    if let Some(document) = window().and_then(|window| window.document()) {
        listen(&document, "visibilitychange", move || {
            if is_visible() {
                act();
            }
        });
    }
}

/// Calls `act` whenever the page is hidden, such as before a device is put away.
pub fn on_hidden(mut act: impl FnMut() + 'static) {
    if let Some(document) = window().and_then(|window| window.document()) {
        listen(&document, "visibilitychange", move || {
            if !is_visible() {
                act();
            }
        });
    }
}

/// Calls `act` at every event `name` of the window.
pub fn on_event(name: &str, act: impl FnMut() + 'static) {
    if let Some(window) = window() {
        listen(&window, name, act);
    }
}

/// Fires the event `name` on the window.
pub fn announce(name: &str) {
    if let (Some(window), Ok(event)) = (window(), Event::new(name)) {
        // Nothing prevents our own events.
        let _ = window.dispatch_event(&event);
    }
}

/// Calls `act` when the browser believes that a network came up. This is only a hint to try.
pub fn on_reconnect(act: impl FnMut() + 'static) {
    on_event("online", act);
}

/// A channel between the tabs of one browser.
#[derive(Clone)]
pub struct Channel(Option<BroadcastChannel>);

impl Channel {
    /// Joins the channel `name`. In a browser without channels it hears nothing.
    pub fn join(name: &str) -> Self {
        Self(BroadcastChannel::new(name).ok())
    }

    /// Sends a word to the other tabs.
    pub fn say(&self, word: &str) {
        if let Some(channel) = &self.0 {
            // A closed channel has no listeners, so nothing is lost.
            let _ = channel.post_message(&JsValue::from_str(word));
        }
    }

    /// Calls `act` with each word from another tab.
    pub fn hear(&self, mut act: impl FnMut(String) + 'static) {
        let closure = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(word) = event.data().as_string() {
                act(word);
            }
        });
        if let Some(channel) = &self.0 {
            channel.set_onmessage(Some(closure.as_ref().unchecked_ref()));
            closure.forget();
        }
    }

    /// Leaves the channel.
    pub fn leave(&self) {
        if let Some(channel) = &self.0 {
            channel.set_onmessage(None);
            channel.close();
        }
    }
}
