//! Creates a database with direct calls of the browser's interface. The library's own function would add 18 kB, because
//! it links the formatting of binary fractions for an error that cannot happen.

use js_sys::{Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::javascript::{Js, await_promise, call, get, global};

/// Creates the database `name` with empty `stores` if it is not there yet. In a browser without databases it does
/// nothing: opening the database reports that.
///
/// # Errors
/// The browser's exception; then nothing was created.
pub async fn lay_out_database(name: &str, stores: &'static [&'static str]) -> Js<()> {
    let factory = get(&global(), "indexedDB")?;
    if !factory.is_object() {
        return Ok(());
    }
    let request = call(&factory, "open", &[name.into(), 1.into()])?;
    let fresh = request.clone();
    let make = Closure::once(move || {
        if make_stores(&fresh, stores).is_err() {
            // Half a layout would stay for ever.
            let _ = get(&fresh, "transaction").and_then(|transaction| call(&transaction, "abort", &[]));
        }
    });
    let set = |name: &str, value: &JsValue| Reflect::set(&request, &name.into(), value).map(drop);
    set("onupgradeneeded", make.as_ref())?;
    let mut listening = Ok(());
    let opened = Promise::new(&mut |done, failed| {
        listening = set("onsuccess", &done).and_then(|()| set("onerror", &failed));
    });
    listening?;
    if await_promise(opened.into()).await.is_err() {
        return Err(get(&request, "error")?);
    }
    call(&get(&request, "result")?, "close", &[]).map(drop)
}

fn make_stores(request: &JsValue, stores: &[&str]) -> Js<()> {
    let database = get(request, "result")?;
    stores.iter().try_for_each(|store| call(&database, "createObjectStore", &[(*store).into()]).map(drop))
}
