//! Files handed to the person.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast as _;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url, window};

use super::javascript::{Js, describe};

/// A file to hand out.
pub struct Download<'a> {
    /// As proposed to the person.
    pub name: &'a str,
    /// MIME type.
    pub mime: &'a str,
    /// Content.
    pub bytes: &'a [u8],
}

/// Hands out a file.
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
