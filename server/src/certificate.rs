//! A private certificate authority for a commune's own network, and certificates from it for the server. The authority
//! may vouch only for the names it was made for. So whoever steals its key can imitate this server, but not a bank.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

use crate::clock;
use crate::data_directory::{restrict, write_secret};
use crate::values::refused;
use crate::words::said;

/// The folder of everything made here, inside the data directory.
const FOLDER: &str = "certificate";
const AUTHORITY: &str = "authority.crt";
const AUTHORITY_KEY: &str = "authority.key";
const SERVER: &str = "server.crt";
const SERVER_KEY: &str = "server.key";
/// How long devices trust the authority, in days.
const AUTHORITY_DAYS: i64 = 3_650;
/// How long the server's certificate is valid. Browsers of one maker refuse certificates valid for longer than 825
/// days.
const SERVER_DAYS: i64 = 820;
/// Days that a certificate is valid before today, for devices whose clocks are behind.
const EARLIER_DAYS: i64 = 2;
/// The longest name, in letters. The parts of a name have a limit, too.
const NAME_LETTERS_MAX: usize = 253;
const LABEL_LETTERS_MAX: usize = 63;

/// A name by which devices reach the server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Host {
    /// A name that the network's name server knows.
    Name(String),
    /// An address.
    Address(IpAddr),
}

impl std::str::FromStr for Host {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        let name = text.to_ascii_lowercase();
        let is_label = |label: &str| {
            (1..=LABEL_LETTERS_MAX).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let number = name.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        if name.len() <= NAME_LETTERS_MAX && name.split('.').all(is_label) && !number {
            return Ok(Self::Name(name));
        }
        Err(refused(
            text,
            "một tên như congtam.xavidu.vn hoặc một địa chỉ như 192.168.1.10, không kèm https:// và cổng",
            "a name such as congtam.xavidu.vn or an address such as 192.168.1.10, without https:// and port",
        ))
    }
}

impl std::fmt::Display for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(address) => write!(f, "{address}"),
        }
    }
}

/// The files that were made, and where they are.
#[derive(Debug)]
pub struct Made {
    /// The authority's certificate, to be installed on every device.
    pub authority: PathBuf,
    /// The fingerprint that browsers show, for comparison.
    pub fingerprint: String,
    /// Whether the authority is new. Then it has to be installed.
    pub authority_is_new: bool,
    /// For `congtam serve --certificate`.
    pub certificate: PathBuf,
    /// For `congtam serve --private-key`.
    pub private_key: PathBuf,
    /// Until when the server's certificate is valid.
    pub until: OffsetDateTime,
}

/// Makes a certificate for a server of these names, and an authority where there is none yet.
///
/// # Errors
/// When the authority that is there may not vouch for one of the names, or something cannot be written.
pub fn make(data: &Path, hosts: &[Host]) -> anyhow::Result<Made> {
    let folder = data.join(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("{} {}", said("thư mục", "folder"), folder.display()))?;
    restrict(&folder, 0o700)?;
    let (authority, key) = (folder.join(AUTHORITY), folder.join(AUTHORITY_KEY));
    let now = OffsetDateTime::from_unix_timestamp_nanos(i128::from(clock::now().0) * 1_000_000)?;
    let authority_is_new = !authority.exists() && !key.exists();
    if authority_is_new {
        found(&authority, &key, hosts, now)?;
    }
    let place = || format!("{} {}", said("tệp chứng thực", "authority"), authority.display());
    let pem = fs::read_to_string(&authority).with_context(place)?;
    let key_pem = fs::read_to_string(&key)
        .with_context(|| format!("{} {}", said("khóa của tệp chứng thực", "authority's key"), key.display()))?;
    let bytes = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| anyhow!("{}: {error}", place()))?;
    ensure_permitted(&bytes, hosts).with_context(place)?;
    let issuer = Issuer::from_ca_cert_pem(&pem, KeyPair::from_pem(&key_pem)?).with_context(place)?;
    let until = now + Duration::days(SERVER_DAYS);
    let own = KeyPair::generate()?;
    let certificate = server_params(hosts, now, until)?.signed_by(&own, &issuer)?;
    let (certificate_file, own_file) = (folder.join(SERVER), folder.join(SERVER_KEY));
    write_secret(&own_file, own.serialize_pem().as_bytes())?;
    write_secret(&certificate_file, certificate.pem().as_bytes())?;
    Ok(Made {
        authority,
        fingerprint: fingerprint(&bytes),
        authority_is_new,
        certificate: certificate_file,
        private_key: own_file,
        until,
    })
}

fn found(authority: &Path, key: &Path, hosts: &[Host], now: OffsetDateTime) -> anyhow::Result<()> {
    let pair = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: hosts.iter().map(subtree).collect(),
        excluded_subtrees: Vec::new(),
    });
    let first = hosts.first().map(ToString::to_string).unwrap_or_default();
    params.distinguished_name.push(DnType::OrganizationName, "Cong Tam");
    params.distinguished_name.push(DnType::CommonName, format!("Cong Tam {first}"));
    params.not_before = now - Duration::days(EARLIER_DAYS);
    params.not_after = now + Duration::days(AUTHORITY_DAYS);
    let certificate = params.self_signed(&pair)?;
    write_secret(key, pair.serialize_pem().as_bytes())?;
    write_secret(authority, certificate.pem().as_bytes())
}

fn server_params(hosts: &[Host], now: OffsetDateTime, until: OffsetDateTime) -> anyhow::Result<CertificateParams> {
    let mut params = CertificateParams::default();
    for host in hosts {
        params.subject_alt_names.push(match host {
            Host::Name(name) => SanType::DnsName(name.as_str().try_into()?),
            Host::Address(address) => SanType::IpAddress(*address),
        });
    }
    let first = hosts
        .first()
        .map(ToString::to_string)
        .with_context(|| said("host: chưa có, cần một trở lên", "host: found none, allowed one or more"))?;
    params.distinguished_name.push(DnType::CommonName, first);
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.not_before = now - Duration::days(EARLIER_DAYS);
    params.not_after = until;
    Ok(params)
}

fn subtree(host: &Host) -> GeneralSubtree {
    match host {
        Host::Name(name) => GeneralSubtree::DnsName(name.clone()),
        Host::Address(address) => {
            let bits = if address.is_ipv4() { 32 } else { 128 };
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, bits))
        }
    }
}

/// Checks that the authority may vouch for all of the hosts. Browsers refuse the others.
fn ensure_permitted(authority: &CertificateDer<'_>, hosts: &[Host]) -> anyhow::Result<()> {
    use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};
    let (_, authority) = X509Certificate::from_der(authority)
        .map_err(|error| anyhow!("{}: {error}", said("không phải chứng chỉ", "no certificate")))?;
    let Some(constraints) = authority.name_constraints()? else { return Ok(()) };
    let subtrees = constraints.value.permitted_subtrees.as_deref().unwrap_or_default();
    let names: Vec<&str> = subtrees
        .iter()
        .filter_map(|subtree| match subtree.base {
            GeneralName::DNSName(name) => Some(name),
            _ => None,
        })
        .collect();
    let addresses: Vec<IpAddr> = subtrees
        .iter()
        .filter_map(|subtree| match subtree.base {
            // The address, then the mask of one address.
            GeneralName::IPAddress(bytes) => match bytes.len() {
                8 => <[u8; 4]>::try_from(bytes.get(..4)?).ok().map(IpAddr::from),
                _ => <[u8; 16]>::try_from(bytes.get(..16)?).ok().map(IpAddr::from),
            },
            _ => None,
        })
        .collect();
    for host in hosts {
        let permitted = match host {
            Host::Name(name) => names
                .iter()
                .any(|above| name == above || name.strip_suffix(above).is_some_and(|rest| rest.ends_with('.'))),
            Host::Address(address) => addresses.contains(address),
        };
        let allowed: Vec<String> =
            names.iter().map(ToString::to_string).chain(addresses.iter().map(ToString::to_string)).collect();
        if !permitted {
            let allowed = allowed.join(", ");
            bail!(said(
                format!(
                    "host: đang là {host}; cho phép: {allowed}; muốn tên khác thì xóa thư mục và cài tệp chứng thực mới vào mọi máy tính bảng"
                ),
                format!(
                    "host: found {host}, allowed {allowed}; for other names remove the folder, and install the new authority on every tablet"
                ),
            ));
        }
    }
    Ok(())
}

/// SHA-256, as browsers show it.
fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let bytes: Vec<String> = Sha256::digest(certificate).iter().map(|byte| format!("{byte:02X}")).collect();
    bytes.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_and_nothing_around_it() {
        for text in ["congtam.xavidu.vn", "may-chu", "192.168.1.10", "fd00::1", "Xa-1.local"] {
            assert_eq!(text.parse::<Host>().unwrap().to_string(), text.to_lowercase());
        }
        for text in ["https://congtam.vn", "congtam.vn:8443", "", "-a", "a b", "*.vn", "1.2.3", "a..b", "công-tâm.vn"]
        {
            assert!(text.parse::<Host>().unwrap_err().contains(text), "{text}");
        }
    }
}
