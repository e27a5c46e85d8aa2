//! Calls by name to browser functions that web-sys offers only as unstable.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The result of a browser call: a value, or what it threw.
pub type Js<T = JsValue> = Result<T, JsValue>;

/// The page's global object.
pub fn global() -> JsValue {
    js_sys::global().into()
}

/// `target[name]`.
///
/// # Errors
/// When `target` is not an object.
pub fn get(target: &JsValue, name: &str) -> Js {
    Reflect::get(target, &JsValue::from_str(name))
}

/// `target[name](...arguments)`.
///
/// # Errors
/// What the call threw, or that there is no such function.
pub fn call(target: &JsValue, name: &str, arguments: &[JsValue]) -> Js {
    let function: Function = get(target, name)?.dyn_into()?;
    let list = Array::new();
    for argument in arguments {
        list.push(argument);
    }
    function.apply(target, &list)
}

/// The text of a field; `None` when the field is not a text.
pub fn words(target: &JsValue, name: &str) -> Option<String> {
    get(target, name).ok()?.as_string()
}

/// `text` in lower case. The browser does it, so that the app need not carry tables of letters.
pub fn lower_case(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// The value of a JSON text; `None` when it is not JSON.
pub fn from_json(text: &str) -> Option<JsValue> {
    js_sys::JSON::parse(text).ok()
}

/// A value made of objects, arrays, texts and numbers, as JSON.
pub fn to_json(value: &JsValue) -> String {
    js_sys::JSON::stringify(value).map(String::from).unwrap_or_default()
}

/// Awaits a promise.
///
/// # Errors
/// The reason of the rejection, or the value when it is not a promise.
pub async fn await_promise(value: JsValue) -> Js {
    JsFuture::from(value.dyn_into::<Promise>()?).await
}

/// An object with the given fields.
pub fn object(fields: &[(&str, &JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

/// What was thrown, as text for a log or a detail line.
pub fn describe(thrown: &JsValue) -> String {
    let part = |name: &str| get(thrown, name).ok().and_then(|value| value.as_string()).unwrap_or_default();
    match (part("name"), part("message")) {
        (name, message) if !message.is_empty() => format!("{name}: {message}"),
        (name, _) if !name.is_empty() => name,
        _ => thrown.as_string().unwrap_or_else(|| "unknown error".into()),
    }
}
