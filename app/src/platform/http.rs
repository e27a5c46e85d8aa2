//! Requests to the server. An answer from anybody else counts as none: a captive portal answers 200 to everything.

pub use gloo_net::http::Method;
use gloo_net::http::{RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::AbortController;

/// Every answer of the server carries this header with this value.
const MARK: (&str, &str) = ("congtam", "1");

/// A request.
pub struct Call<'a> {
    /// HTTP method.
    pub method: Method,
    /// Path on our own origin.
    pub path: &'a str,
    /// MIME type of the body.
    pub content_type: &'a str,
    /// Set when the body is compressed.
    pub content_encoding: Option<&'a str>,
    /// Which bytes are asked for or sent, where not all are: a header and its value.
    pub range: Option<(&'static str, &'a str)>,
    /// Absent for requests without a body.
    pub body: Option<Vec<u8>>,
    /// How long to wait before giving up.
    pub timeout_ms: u32,
}

/// An answer of the server.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// MIME type.
    pub content_type: String,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// No answer of the server came: there is no network, it was too slow, or someone else answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Unreachable;

/// Sends a request and reads the whole answer.
///
/// # Errors
/// [`Unreachable`] whenever the server did not answer, also when someone else did.
pub async fn send(call: &Call<'_>) -> Result<Answer, Unreachable> {
    let controller = AbortController::new().map_err(|_| Unreachable)?;
    let signal = controller.signal();
    // Ends the request, also while the body is arriving. It is dropped when this function returns.
    let _timeout = Timeout::new(call.timeout_ms, move || controller.abort());
    let mut builder = RequestBuilder::new(call.path).method(call.method.clone()).abort_signal(Some(&signal));
    if call.body.is_some() {
        builder = builder.header("content-type", call.content_type);
    }
    if let Some(encoding) = call.content_encoding {
        builder = builder.header("content-encoding", encoding);
    }
    if let Some((name, place)) = call.range {
        builder = builder.header(name, place);
    }
    let request = match &call.body {
        Some(body) => builder.body(JsValue::from(Uint8Array::from(body.as_slice()))),
        None => builder.build(),
    };
    let response = request.map_err(|_| Unreachable)?.send().await.map_err(|_| Unreachable)?;
    read(response).await
}

async fn read(response: Response) -> Result<Answer, Unreachable> {
    let ours = response.headers().get(MARK.0).is_some_and(|value| value == MARK.1);
    if !ours || response.redirected() {
        return Err(Unreachable);
    }
    Ok(Answer {
        status: response.status(),
        content_type: response.headers().get("content-type").unwrap_or_default(),
        body: response.binary().await.map_err(|_| Unreachable)?,
    })
}
