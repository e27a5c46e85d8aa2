//! Moves the cursor to a field.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, window};

use super::sleep;

/// How often a field is looked for that is drawn a moment later, and how long to wait each time.
const TRIES: u32 = 60;
const WAIT_MS: u32 = 50;

/// Puts the cursor into the element with the id `id` once it is on the page, and opens the folded parts around it. It
/// gives up on an element that does not come.
pub async fn focus_when_there(id: &str) {
    for _ in 0..TRIES {
        // Wait also before the first try: the screen is still being drawn.
        sleep(WAIT_MS).await;
        let element = window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id(id));
        if let Some(element) = element {
            unfold(&element);
            if let Ok(element) = element.dyn_into::<HtmlElement>() {
                element.scroll_into_view();
                // An element that takes no focus is still shown.
                let _ = element.focus();
            }
            return;
        }
    }
}

fn unfold(element: &Element) {
    let mut folded = element.closest("details:not([open])").ok().flatten();
    while let Some(details) = folded {
        // The browser refuses only malformed names, and this one is a constant.
        let _ = details.set_attribute("open", "");
        folded = element.closest("details:not([open])").ok().flatten();
    }
}
