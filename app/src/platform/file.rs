//! Files handed to the person, and files of the app itself.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast as _;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url, window};

use super::javascript::{Js, await_promise, call, describe, get, global};

/// A file of the app, from the service worker or the server; `None` when it does not arrive. The caller must check that
/// it is the right file, because a captive portal answers every request.
pub async fn shipped(path: &str) -> Option<Vec<u8>> {
    fetched(path).await.ok()
}

async fn fetched(path: &str) -> Js<Vec<u8>> {
    let answer = await_promise(call(&global(), "fetch", &[path.into()])?).await?;
    if !get(&answer, "ok")?.is_truthy() {
        return Err(answer);
    }
    let content = await_promise(call(&answer, "arrayBuffer", &[])?).await?;
    Ok(Uint8Array::new(&content).to_vec())
}

/// A file to hand out.
pub struct Download<'a> {
    /// The name that is proposed to the person.
    pub name: &'a str,
    /// MIME type.
    pub mime: &'a str,
    /// Content.
    pub bytes: &'a [u8],
}

/// Hands a file to the person.
///
/// # Errors
/// What the browser said when it could not.
pub fn download(file: &Download<'_>) -> Result<(), String> {
    offer(file).map_err(|error| describe(&error))
}

fn offer(file: &Download<'_>) -> Js<()> {
    let document = window().and_then(|window| window.document()).ok_or("no document")?;
    let options = BlobPropertyBag::new();
    options.set_type(file.mime);
    let parts = Array::of1(&Uint8Array::from(file.bytes));
    let url = Url::create_object_url_with_blob(&Blob::new_with_u8_array_sequence_and_options(&parts, &options)?)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(file.name);
    link.click();
    Url::revoke_object_url(&url)
}
