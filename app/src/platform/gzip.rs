//! Compression with gzip by the browser.

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};

use super::javascript::{Js, await_promise, call, get, global};

/// `bytes` compressed with gzip; `None` where the browser cannot do it.
pub async fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    compress(bytes).await.ok()
}

async fn compress(bytes: &[u8]) -> Js<Vec<u8>> {
    let content: JsValue = Uint8Array::from(bytes).into();
    let compressor = construct("CompressionStream", &"gzip".into())?;
    let source = get(&construct("Response", &content)?, "body")?;
    let compressed = construct("Response", &call(&source, "pipeThrough", &[compressor])?)?;
    let buffer = await_promise(call(&compressed, "arrayBuffer", &[])?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn construct(class: &str, argument: &JsValue) -> Js {
    let constructor: Function = get(&global(), class)?.dyn_into()?;
    Reflect::construct(&constructor, &Array::of1(argument))
}
