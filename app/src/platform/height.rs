//! Passes the height of an element to the style sheet.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver, window};

/// Watches the height until it is dropped.
pub struct HeightWatch {
    observer: ResizeObserver,
    _told: Closure<dyn FnMut()>,
}

impl Drop for HeightWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Keeps the style sheet's variable `name` at the height of `element`. In a browser that watches no sizes, the style
/// sheet's own value stays.
pub fn tell_height(element: &HtmlElement, name: &'static str) -> Option<HeightWatch> {
    let page = window()?.document()?.document_element()?.dyn_into::<HtmlElement>().ok()?;
    let watched = element.clone();
    let told = Closure::<dyn FnMut()>::new(move || {
        // If the browser refuses, the assumed height stays.
        let _ = page.style().set_property(name, &format!("{}px", watched.offset_height()));
    });
    let observer = ResizeObserver::new(told.as_ref().unchecked_ref()).ok()?;
    observer.observe(element);
    Some(HeightWatch { observer, _told: told })
}
