//! Tests of built-in HTTPS: `congtam certificate`, `--certificate`, `--private-key`.

use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::harness::{PASSWORD, Server, app_folder, binary, demo_copy};

fn certificate(data: &Path, hosts: &[&str]) -> Output {
    let mut command = binary();
    command.args(["certificate", "--lang", "en", "--data"]).arg(data);
    for host in hosts {
        command.args(["--host", host]);
    }
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

fn serve(data: &Path, more: &[&str]) -> Server {
    let file = |name: &str| data.join("certificate").join(name).to_str().unwrap().to_owned();
    let (certificate, key) = (file("server.crt"), file("server.key"));
    Server::start(data, &[&["--certificate", &certificate, "--private-key", &key], more].concat())
}

/// The answer for a device that trusts the commune's authority and nobody else.
async fn ask(data: &Path, server: &Server, name: &str, request: &str) -> Result<String, std::io::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(data.join("certificate/authority.crt")).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(server.url.strip_prefix("https://").unwrap()).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer).await;
    if answer.is_empty() { read.map(|_| String::new()) } else { Ok(String::from_utf8_lossy(&answer).into_owned()) }
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: congtam.test\r\nconnection: close\r\n\r\n")
}

#[tokio::test]
async fn d9_a_private_authority_vouches_for_the_offices_own_names() {
    let data = demo_copy().await;
    let made = certificate(data.path(), &["congtam.test", "127.0.0.1"]);
    let words = said(&made);
    assert!(made.status.success() && words.contains("Install the authority") && words.contains("SHA-256"), "{words}");
    let server = serve(data.path(), &[]);
    assert!(server.url.starts_with("https://"), "{}", server.url);
    for name in ["congtam.test", "127.0.0.1"] {
        let answer = ask(data.path(), &server, name, &get("/v1/health")).await.unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.contains("strict-transport-security: max-age="),
            "{answer}"
        );
    }
    let other = ask(data.path(), &server, "bank.test", &get("/v1/health")).await;
    assert!(other.is_err(), "not for other names");
    let body = format!(r#"{{"username":"canbo1","password":"{PASSWORD}"}}"#);
    let sign_in = format!(
        "POST /v1/session HTTP/1.1\r\nhost: congtam.test\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = ask(data.path(), &server, "congtam.test", &sign_in).await.unwrap();
    assert!(answer.contains("set-cookie: __Host-congtam_session="), "{answer}");
    assert!(answer.contains("; Secure") && answer.contains("; Path=/"), "{answer}");
}

#[tokio::test]
async fn d9_a_certificate_is_renewed_without_touching_the_devices() {
    let data = demo_copy().await;
    assert!(certificate(data.path(), &["congtam.test"]).status.success());
    let read = |name: &str| std::fs::read(data.path().join("certificate").join(name)).unwrap();
    let (authority, own) = (read("authority.crt"), read("server.crt"));
    let again = certificate(data.path(), &["congtam.test", "a.congtam.test"]);
    assert!(said(&again).contains("nothing is to be installed again"), "{}", said(&again));
    assert!(read("authority.crt") == authority && read("server.crt") != own);
    let server = serve(data.path(), &[]);
    assert!(ask(data.path(), &server, "a.congtam.test", &get("/v1/health")).await.is_ok());
    for refused in [&["bank.test"][..], &["congtam.test", "192.168.1.9"], &["https://congtam.test"]] {
        let output = certificate(data.path(), refused);
        assert!(!output.status.success() && said(&output).contains("allowed"), "{}", said(&output));
    }
    #[cfg(unix)]
    for (name, mode) in [("", 0o700), ("authority.key", 0o600), ("server.key", 0o600)] {
        use std::os::unix::fs::PermissionsExt as _;
        let found = std::fs::metadata(data.path().join("certificate").join(name)).unwrap().permissions().mode();
        assert_eq!(found & 0o777, mode, "{name}");
    }
}

#[tokio::test]
async fn d9_who_comes_without_encryption_is_sent_to_the_encrypted_address() {
    let data = demo_copy().await;
    assert!(certificate(data.path(), &["127.0.0.1"]).status.success());
    let app = app_folder();
    let server = serve(data.path(), &["--static", app.path().to_str().unwrap()]);
    let address = server.url.strip_prefix("https://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /viec?a=1 HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 308") && answer.contains(&format!("location: https://{address}/viec?a=1")),
        "{answer}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn d9_a_key_that_is_not_the_certificates_or_that_everybody_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let (data, other) = (demo_copy().await, demo_copy().await);
    for folder in [&data, &other] {
        assert!(certificate(folder.path(), &["127.0.0.1"]).status.success());
    }
    let start = |certificate: &Path, key: &Path| {
        let output = binary()
            .args(["serve", "--port", "0", "--data"])
            .arg(data.path())
            .arg("--certificate")
            .arg(certificate)
            .arg("--private-key")
            .arg(key)
            .output()
            .unwrap();
        assert!(!output.status.success());
        said(&output)
    };
    let own = data.path().join("certificate/server.crt");
    let strange = start(&own, &other.path().join("certificate/server.key"));
    assert!(strange.contains("do not belong together"), "{strange}");
    let key = data.path().join("certificate/server.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let open = start(&own, &key);
    assert!(open.contains("everybody may read"), "{open}");
    let none = start(&data.path().join("server.key"), &key);
    assert!(none.contains("certificate"), "{none}");
}

#[cfg(unix)]
#[tokio::test]
async fn d9_the_settings_are_checked_with_words_for_each_fault_of_key_and_certificate() {
    use std::os::unix::fs::PermissionsExt as _;
    let data = demo_copy().await;
    assert!(certificate(data.path(), &["127.0.0.1"]).status.success());
    let folder = data.path().join("certificate");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).unwrap();
        std::fs::set_permissions(folder.join(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    };
    write("locked.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
    write("strange.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    write("cut.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n");
    write("strange.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    for (certificate, key, words) in [
        ("server.crt", "server.key", "server.key: mode 0600, belongs to the certificate"),
        ("server.crt", "nowhere.key", "nowhere.key: cannot be read: No such file"),
        ("server.crt", "locked.key", "locked.key: found none, allowed a private key as PEM, without a password"),
        ("server.crt", "strange.key", "strange.key: found a key of another kind"),
        ("server.crt", "cut.key", "cut.key: found what is damaged"),
        ("server.crt", "authority.key", "do not belong together, allowed the key that the certificate was made for"),
        ("nowhere.crt", "server.key", "nowhere.crt: cannot be read: No such file"),
        ("server.key", "server.key", "server.key: found no certificate, allowed one or more as PEM"),
        ("strange.crt", "server.key", "strange.crt: found what is no certificate"),
    ] {
        let mut command = binary();
        command.args(["check-config", "--port", "0", "--data"]).arg(data.path());
        command.arg("--certificate").arg(folder.join(certificate)).arg("--private-key").arg(folder.join(key));
        let output = command.output().unwrap();
        assert!(said(&output).contains(words), "{certificate} {key}: {}", said(&output));
        assert_eq!(output.status.success(), key == "server.key" && certificate == "server.crt", "{}", said(&output));
    }
}
