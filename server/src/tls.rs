//! TLS of the server itself, with a certificate and its key from two files.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, anyhow, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use crate::words::said;

/// Reads certificate and key, and checks that they belong together.
///
/// # Errors
/// When one cannot be read, everybody may read the key, or they do not belong together.
pub fn acceptor(certificate: &Path, private_key: &Path) -> anyhow::Result<TlsAcceptor> {
    let place = format!("{} {}", said("chứng chỉ", "certificate"), certificate.display());
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect).map_err(|error| {
            unreadable(&place, &error, said("một chứng chỉ trở lên dạng PEM", "one certificate or more as PEM"))
        })?;
    ensure!(
        !chain.is_empty(),
        said(
            format!("{place}: không có chứng chỉ nào, cần một trở lên dạng PEM"),
            format!("{place}: found no certificate, allowed one or more as PEM"),
        )
    );
    let place = format!("{} {}", said("khóa riêng", "private-key"), private_key.display());
    ensure!(
        !is_everybodys(private_key),
        said(
            format!("{place}: ai cũng đọc được tệp này, cần quyền 0600"),
            format!("{place}: found a file that everybody may read, allowed mode 0600"),
        )
    );
    let key = PrivateKeyDer::from_pem_file(private_key).map_err(|error| {
        unreadable(
            &place,
            &error,
            said("khóa riêng dạng PEM, không mật khẩu", "a private key as PEM, without a password"),
        )
    })?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("TLS")?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| unfit(certificate, private_key, &error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Why nothing could be read from a PEM file.
fn unreadable(place: &str, error: &pem::Error, allowed: &str) -> anyhow::Error {
    match error {
        pem::Error::Io(error) => anyhow!("{place}: {}: {error}", said("không đọc được", "cannot be read")),
        pem::Error::NoItemsFound => {
            anyhow!(said(
                format!("{place}: không thấy gì, cần {allowed}"),
                format!("{place}: found none, allowed {allowed}")
            ))
        }
        damaged => anyhow!(said(
            format!("{place}: tệp hỏng ({damaged}), cần {allowed}"),
            format!("{place}: found what is damaged ({damaged}), allowed {allowed}"),
        )),
    }
}

/// Why a certificate and a key that were read cannot be used.
fn unfit(certificate: &Path, private_key: &Path, error: &rustls::Error) -> anyhow::Error {
    let (certificate, private_key) = (certificate.display(), private_key.display());
    match error {
        rustls::Error::InconsistentKeys(_) => anyhow!(said(
            format!(
                "chứng chỉ {certificate} và khóa riêng {private_key} không thuộc về nhau, cần đúng khóa của chứng chỉ"
            ),
            format!(
                "certificate {certificate} and private-key {private_key} do not belong together, allowed the key that the \
                 certificate was made for"
            ),
        )),
        rustls::Error::InvalidCertificate(cause) => anyhow!(said(
            format!(
                "chứng chỉ {certificate}: không phải chứng chỉ ({cause:?}), cần chứng chỉ của máy chủ trước, rồi đến các chứng chỉ \
                 giữa nó và nơi cấp"
            ),
            format!(
                "certificate {certificate}: found what is no certificate ({cause:?}), allowed the server's own first, then those \
                 between it and its authority"
            ),
        )),
        other => anyhow!(said(
            format!("khóa riêng {private_key}: loại khóa khác ({other}), cần RSA, ECDSA hoặc Ed25519"),
            format!("private-key {private_key}: found a key of another kind ({other}), allowed RSA, ECDSA or Ed25519"),
        )),
    }
}

/// A file's permissions in words. None where the system has none.
#[cfg(unix)]
pub(crate) fn mode(file: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).ok().map(|found| found.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
pub(crate) fn mode(_: &Path) -> Option<u32> {
    None
}

fn is_everybodys(file: &Path) -> bool {
    mode(file).is_some_and(|mode| mode & 0o004 != 0)
}

/// Redirects requests without encryption to the same address with it.
pub fn to_https() -> Router {
    Router::new().fallback(async |request: Request<Body>| -> Response {
        let Some(host) = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, format!("https://{host}{path}"))]).into_response()
    })
}
