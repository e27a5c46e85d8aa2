//! Serves the app's files as the build tool wrote them. The files are precompressed. Files with a hash in their name
//! are cached for ever; files with a fixed name are requested again each time.

use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

/// Allows nothing from other hosts and nothing inline. WebAssembly may be compiled.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; worker-src 'self'; manifest-src 'self'; \
     object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
/// For files whose name changes with their content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// For files whose content changes under one name. Browsers keep them but ask again each time.
const ASK_AGAIN: &str = "no-cache";
/// The least number of hexadecimal digits that make the last part of a name a content hash.
const HASH_DIGITS_MIN: usize = 8;

/// The device features that no page of ours ever asks for.
const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), bluetooth=(), camera=(), display-capture=(), \
     encrypted-media=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// Sent over encrypted connections: for half a year browsers use no other. Subdomains are left out because they belong
/// to other people.
pub(crate) const STRICT_TRANSPORT: (HeaderName, &str) = (header::STRICT_TRANSPORT_SECURITY, "max-age=15552000");

/// Headers on every answer, files and API alike.
pub(crate) const SECURITY_HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The folder of the app's files.
#[derive(Clone, Debug)]
pub struct Assets {
    files: Option<ServeDir>,
}

impl Assets {
    /// Serves from `folder`. Without one only the API answers.
    #[must_use]
    pub fn new(folder: Option<&Path>) -> Self {
        let files = folder.map(|folder| {
            ServeDir::new(folder).append_index_html_on_directories(false).precompressed_br().precompressed_gzip()
        });
        Self { files }
    }

    /// Answers with the file at a path, or with the app itself for an address inside it.
    pub async fn serve(self, mut request: Request<Body>) -> Response {
        let Some(files) = self.files else { return StatusCode::NOT_FOUND.into_response() };
        if is_navigation(request.method(), request.uri().path()) {
            *request.uri_mut() = Uri::from_static("/index.html");
        }
        let cache = if is_hashed(request.uri().path()) { FOR_EVER } else { ASK_AGAIN };
        let Ok(answer) = files.oneshot(request).await;
        let mut response = answer.into_response();
        let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
        let cache = if found { cache } else { "no-store" };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        response
    }
}

/// Whether a request is for an address of the app. Such an address has no dot in its last part; a file has one.
fn is_navigation(method: &Method, path: &str) -> bool {
    matches!(*method, Method::GET | Method::HEAD) && !path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// Whether the name ends in a content hash: `app-1a2b3c4d5e6f7081_bg.wasm`, `styles.0123456789abcdef.css`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    let is_hash = |part: &str| {
        part.len() >= HASH_DIGITS_MIN
            && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            && part.bytes().any(|byte| byte.is_ascii_digit())
    };
    stem.split(['-', '.', '_']).skip(1).any(is_hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_content_hash_are_for_ever() {
        for path in ["/app-1a2b3c4d5e6f7081.js", "/app-1a2b3c4d5e6f7081_bg.wasm", "/styles.0123456789abcdef.css"] {
            assert!(is_hashed(path), "{path}");
        }
        for path in ["/sw.js", "/index.html", "/journal-worker.js", "/icon-512.png", "/a-feedface", "/app-deadbeef.js"]
        {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn addresses_of_the_app_are_told_from_files() {
        assert!(is_navigation(&Method::GET, "/"));
        assert!(is_navigation(&Method::GET, "/cham-diem/0192"));
        assert!(!is_navigation(&Method::GET, "/app.js"));
        assert!(!is_navigation(&Method::POST, "/viec"));
    }
}
