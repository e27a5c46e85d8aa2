//! Shows a plain HTML page when the app panics (`#recovery` in index.html, shown by boot.js).

use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, window};

/// The event that boot.js expects. It then shows `#recovery` and offers the journal as a file.
const PANIC_EVENT: &str = "congtam:panic";

/// On a panic, writes the message to the console and shows the recovery page.
pub fn show_recovery_on_panic() {
    std::panic::set_hook(Box::new(|info| {
        announce(&info.to_string());
        console_error_panic_hook::hook(info);
    }));
}

fn announce(details: &str) -> Option<bool> {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(details));
    let event = CustomEvent::new_with_event_init_dict(PANIC_EVENT, &init).ok()?;
    window()?.dispatch_event(&event).ok()
}
