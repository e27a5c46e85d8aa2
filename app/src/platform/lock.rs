//! Web Locks, with which only one tab writes.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use tokio_sync::sync::oneshot;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};

use super::clock::sleep;
use super::javascript::{Js, call, get, global, object};

/// A held lock. It is released when dropped, or when the tab closes.
pub struct Hold(Option<Function>);

impl Drop for Hold {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            // The lock ends when the promise given to it settles.
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// How often to try: a reloaded page may ask before the browser has released the lock of the old page.
const ATTEMPTS: u32 = 5;
const WAIT_MS: u32 = 60;

/// Takes the lock `name` if no other tab holds it now. A browser without locks always grants it: the journal's file
/// handle still keeps a second writer out.
pub async fn try_hold(name: &str) -> Option<Hold> {
    let options = object(&[("ifAvailable", &JsValue::TRUE)]);
    for _ in 0..ATTEMPTS {
        match request(name, &options) {
            Ok(granted) => {
                if let Some(hold) = granted.await.ok().flatten() {
                    return Some(hold);
                }
            }
            Err(_) => return Some(Hold(None)),
        }
        sleep(WAIT_MS).await;
    }
    None
}

/// Waits until the lock `name` is free, which may take for ever.
pub async fn hold_when_free(name: &str) -> Option<Hold> {
    request(name, &object(&[])).ok()?.await.ok().flatten()
}

fn request(name: &str, options: &JsValue) -> Js<oneshot::Receiver<Option<Hold>>> {
    let (sender, receiver) = oneshot::channel();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let answer = |hold| {
            if let Some(sender) = sender.borrow_mut().take() {
                let _ = sender.send(hold);
            }
        };
        if lock.is_null() {
            answer(None);
            return JsValue::UNDEFINED;
        }
        Promise::new(&mut |resolve, _| answer(Some(Hold(Some(resolve))))).into()
    });
    let locks = get(&get(&global(), "navigator")?, "locks")?;
    call(&locks, "request", &[JsValue::from_str(name), options.clone(), granted.unchecked_into()])?;
    Ok(receiver)
}
