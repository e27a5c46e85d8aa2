//! Finds out who sends a request, as far as the network shows: the client's address before trusted proxies, and whether
//! the connection is encrypted.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use crate::errors::ApiError;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// Addresses read in one header. No sensible chain of proxies is longer.
const HOPS_MAX: usize = 16;
/// The bits of an IPv6 address that a provider gives to one customer.
const NETWORK_BITS: u32 = 64;

/// The other end of the connection. The code that accepts a connection adds it to the request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peer {
    /// Its address.
    pub address: SocketAddr,
    /// Whether the connection is encrypted up to here.
    pub tls: bool,
}

/// Proxies whose statements about their clients are trusted.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    networks: Arc<[IpNet]>,
    /// Whether the operator was told of a proxy that nobody named.
    told: Arc<AtomicBool>,
}

impl TrustedProxies {
    /// Trusts proxies in these networks.
    #[must_use]
    pub fn new(networks: &[IpNet]) -> Self {
        Self { networks: networks.into(), told: Arc::default() }
    }

    fn has(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// Whether a request seems to come through a proxy in front of this server although none was named. It is true only
    /// once.
    fn meets_unnamed(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        let looks_so = self.networks.is_empty() && is_near(peer) && headers.contains_key(FORWARDED_FOR);
        looks_so && !self.told.swap(true, Ordering::Relaxed)
    }
}

/// Who sent a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Caller {
    /// The address of the browser, as far as trusted proxies report it.
    pub address: IpAddr,
    /// Whether everything between browser and server is encrypted, as far as is known.
    pub encrypted: bool,
    /// Whether the browser is on this machine, so that nothing crosses a network.
    pub is_here: bool,
}

impl Caller {
    fn of(peer: Peer, headers: &HeaderMap, trusted: &TrustedProxies) -> Self {
        let peer_address = peer.address.ip().to_canonical();
        let through_proxy = trusted.has(peer_address);
        let address = if through_proxy { client_address(peer_address, headers, trusted) } else { peer_address };
        let told_encrypted = through_proxy && told_scheme(headers).is_some_and(|scheme| scheme == "https");
        // A proxy on this machine forwards what came over a network.
        let passed_on = [FORWARDED_FOR, FORWARDED_PROTO, header::FORWARDED, header::VIA];
        let direct = passed_on.iter().all(|name| !headers.contains_key(name));
        Self {
            address,
            encrypted: peer.tls || told_encrypted,
            is_here: direct && peer_address.is_loopback() && names_this_machine(headers),
        }
    }

    /// The key for a client at an address. For IPv6 it is the network, because one customer has billions of addresses
    /// there.
    #[must_use]
    pub fn network(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(_) => self.address,
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << NETWORK_BITS))),
        }
    }
}

/// Whether an address belongs to this machine or a private network. A proxy in front of this server has such an
/// address.
fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// Whether the browser's address bar shows a name of this machine.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name).trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The nearest address that is no trusted proxy. If the two headers disagree, somebody forged one of them; then the
/// proxy itself counts as the client.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    let listed = listed(headers, &FORWARDED_FOR, |hop| Some(hop.to_owned()));
    let named = self::listed(headers, &header::FORWARDED, |hop| parameter(hop, "for"));
    let found = |hops: &[String]| last_untrusted(peer, hops, trusted);
    match (listed.is_empty(), named.is_empty()) {
        (true, true) => peer,
        (false, true) => found(&listed),
        (true, false) => found(&named),
        (false, false) if found(&listed) == found(&named) => found(&listed),
        (false, false) => peer,
    }
}

/// The hops of a header, nearest first. Empty when the header is missing.
fn listed(headers: &HeaderMap, name: &HeaderName, read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    let hops = values.iter().rev().flat_map(|value| value.rsplit(','));
    hops.map(|hop| read(hop.trim()).unwrap_or_default()).take(HOPS_MAX).collect()
}

fn last_untrusted(peer: IpAddr, hops: &[String], trusted: &TrustedProxies) -> IpAddr {
    let mut nearest = peer;
    for hop in hops {
        if !trusted.has(nearest) {
            break;
        }
        let Some(address) = address_of(hop) else { break };
        nearest = address;
    }
    nearest
}

/// An address as proxies write it: bare, with a port, or in brackets.
fn address_of(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// A parameter of one hop of a `Forwarded` header.
fn parameter(hop: &str, wanted: &str) -> Option<String> {
    hop.split(';').find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// The scheme in which the nearest proxy was addressed.
fn told_scheme(headers: &HeaderMap) -> Option<String> {
    let proto = listed(headers, &FORWARDED_PROTO, |hop| Some(hop.to_ascii_lowercase()));
    let named = listed(headers, &header::FORWARDED, |hop| parameter(hop, "proto"));
    proto.into_iter().next().or_else(|| named.into_iter().next())
}

/// Finds out who asks, before any other step.
pub(crate) async fn identify(State(trusted): State<TrustedProxies>, mut request: Request, next: Next) -> Response {
    if let Some(peer) = request.extensions().get::<Peer>().copied() {
        let caller = Caller::of(peer, request.headers(), &trusted);
        let proxy = peer.address.ip().to_canonical();
        if trusted.meets_unnamed(proxy, request.headers()) {
            tracing::warn!(
                %proxy,
                "requests are passed on by a proxy that was not named: all who come through it count as one client, and one who \
                 guesses passwords makes all of them wait. If it is your own, start the server with --trusted-proxy {proxy}"
            );
        } else if !trusted.has(proxy) && request.headers().contains_key(FORWARDED_FOR) {
            tracing::debug!(%proxy, "names its client but is not among --trusted-proxy");
        }
        request.extensions_mut().insert(caller);
    }
    next.run(request).await
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let caller = parts.extensions.get().copied();
        caller.ok_or_else(|| ApiError::Internal("a request without a connection".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn caller(peer: &str, headers: &[(&'static str, &str)]) -> Caller {
        let trusted = TrustedProxies::new(&["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_str(value).unwrap());
        }
        Caller::of(Peer { address: peer.parse().unwrap(), tls: false }, &map, &trusted)
    }

    #[test]
    fn only_trusted_proxies_are_believed_and_only_what_they_added() {
        for (peer, headers, expected) in [
            ("203.0.113.9:5", vec![("x-forwarded-for", "198.51.100.1")], "203.0.113.9"),
            ("10.0.0.1:5", vec![], "10.0.0.1"),
            ("10.0.0.1:5", vec![("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
            ("10.0.0.1:5", vec![("x-forwarded-for", "1.1.1.1, 198.51.100.1, 10.0.0.7")], "198.51.100.1"),
            ("10.0.0.1:5", vec![("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
            ("10.0.0.1:5", vec![("x-forwarded-for", "198.51.100.1:4711")], "198.51.100.1"),
            ("10.0.0.1:5", vec![("x-forwarded-for", "unknown")], "10.0.0.1"),
            ("10.0.0.1:5", vec![("forwarded", "for=1.1.1.1, for=\"[2001:db8::7]:99\";proto=https")], "2001:db8::7"),
            ("10.0.0.1:5", vec![("forwarded", "For=198.51.100.1")], "198.51.100.1"),
            ("10.0.0.1:5", vec![("forwarded", "for=1.1.1.1"), ("x-forwarded-for", "198.51.100.1")], "10.0.0.1"),
            ("[fd00::1]:5", vec![("x-forwarded-for", "::ffff:198.51.100.1")], "198.51.100.1"),
            ("[::ffff:10.0.0.1]:5", vec![("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
        ] {
            assert_eq!(caller(peer, &headers).address, expected.parse::<IpAddr>().unwrap(), "{peer} {headers:?}");
        }
    }

    #[test]
    fn the_scheme_is_believed_from_trusted_proxies_only() {
        let proto = ("x-forwarded-proto", "https");
        assert!(caller("10.0.0.1:5", &[proto]).encrypted);
        assert!(!caller("10.0.0.1:5", &[("x-forwarded-proto", "https, http")]).encrypted, "the nearest counts");
        assert!(caller("10.0.0.1:5", &[("forwarded", "for=1.1.1.1;proto=https")]).encrypted);
        assert!(!caller("203.0.113.9:5", &[proto]).encrypted);
    }

    #[test]
    fn a_browser_is_here_when_nothing_stands_in_between() {
        for (host, here) in [
            ("127.0.0.1:8080", true),
            ("localhost", true),
            ("[::1]:8080", true),
            ("congtam.example", false),
            ("127.0.0.1.example:80", false),
        ] {
            assert_eq!(caller("127.0.0.1:5", &[("host", host)]).is_here, here, "{host}");
        }
        assert!(!caller("192.168.1.4:5", &[("host", "127.0.0.1")]).is_here);
        assert!(!caller("127.0.0.1:5", &[("host", "127.0.0.1"), ("x-forwarded-for", "1.1.1.1")]).is_here);
    }

    #[test]
    fn a_proxy_that_nobody_named_is_told_of_once() {
        let mut forwarded = HeaderMap::new();
        forwarded.insert(FORWARDED_FOR, HeaderValue::from_static("198.51.100.1"));
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        for (peer, near) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("10.1.2.3", true),
            ("192.168.1.4", true),
            ("172.20.0.2", true),
            ("fd00::7", true),
            ("203.0.113.9", false),
            ("2001:db8::1", false),
        ] {
            let nobody = TrustedProxies::new(&[]);
            assert!(!nobody.meets_unnamed(address(peer), &HeaderMap::new()), "{peer} passes nothing on");
            assert_eq!(nobody.meets_unnamed(address(peer), &forwarded), near, "{peer}");
            assert!(!nobody.clone().meets_unnamed(address(peer), &forwarded), "{peer} a second time");
        }
        let named = TrustedProxies::new(&["10.0.0.0/8".parse().unwrap()]);
        assert!(!named.meets_unnamed(address("127.0.0.1"), &forwarded), "proxies were thought of");
    }

    #[test]
    fn one_customers_addresses_count_as_one() {
        let of = |peer: &str| caller(peer, &[]).network();
        assert_eq!(of("[2001:db8::1]:1"), of("[2001:db8::ffff:2]:1"));
        assert_ne!(of("[2001:db8::1]:1"), of("[2001:db8:0:1::1]:1"));
        assert_ne!(of("192.0.2.1:1"), of("192.0.2.2:1"));
    }
}
