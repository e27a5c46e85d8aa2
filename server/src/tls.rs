//! TLS of our own: a certificate and its key from two files.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::words::said;

/// Reads certificate and key, and sees to it that they belong together.
///
/// # Errors
/// When one cannot be read, everybody may read the key, or they do not belong together.
pub fn acceptor(certificate: &Path, private_key: &Path) -> anyhow::Result<TlsAcceptor> {
    let place = || format!("{} {}", said("chứng chỉ", "certificate"), certificate.display());
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect).with_context(place)?;
    ensure!(!chain.is_empty(), "{}: found no certificate, allowed one or more as PEM", place());
    let place = || format!("{} {}", said("khóa riêng", "private-key"), private_key.display());
    ensure!(!is_everybodys(private_key), "{}: found a file that everybody may read, allowed mode 0600", place());
    let key = PrivateKeyDer::from_pem_file(private_key).with_context(place)?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("TLS")?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context(said(
            "certificate và private-key không thuộc về nhau",
            "certificate and private-key do not belong together",
        ))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

#[cfg(unix)]
fn is_everybodys(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).is_ok_and(|found| found.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_everybodys(_: &Path) -> bool {
    false
}

/// Sends whoever comes to an encrypted door without encryption to the same address with it.
pub fn to_https() -> Router {
    Router::new().fallback(async |request: Request<Body>| -> Response {
        let Some(host) = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, format!("https://{host}{path}"))]).into_response()
    })
}
