//! Who stands behind a request, as far as the wire shows it.

use std::net::{IpAddr, SocketAddr};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, USER_AGENT, X_FORWARDED_FOR};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::{Ready, ready};
use ipnet::IpNet;
use rookery_core::Subject;
use rookery_domain::{Caller, Channel};

use super::request_id::RequestId;
use crate::door::Door;

/// The caller, for a handler.
pub struct CallerInfo(pub Caller);

impl FromRequest for CallerInfo {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(Caller {
            is_operator: false,
            channel: request
                .app_data::<Data<Door>>()
                .map_or_else(Channel::default, |door| door.channel),
            request_id: request.extensions().get::<RequestId>().map(|id| id.as_str().to_owned()),
            address: address_of(request),
            user_agent: user_agent(request.headers()),
        })))
    }
}

/// Where the client is, as far as that can be trusted.
fn address_of(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let proxies = request
        .app_data::<Data<Door>>()
        .map_or(&[][..], |door| &door.trusted_proxies);
    Some(client_address(peer, request.headers(), proxies))
}

/// The network the client is counted with.
pub(crate) fn client_network(request: &HttpRequest) -> Subject {
    Subject::network(address_of(request))
}

/// The peer's address, unless the peer is a trusted proxy: then the nearest address in `X-Forwarded-For`, walked from the
/// right, that is not a trusted proxy itself. Everything further left was written by a stranger. An entry that is no
/// address ends the walk at whoever wrote it.
fn client_address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| proxies.iter().any(|network| network.contains(address));
    let hops: Vec<&[u8]> = headers
        .get_all(X_FORWARDED_FOR)
        .flat_map(|header| header.as_bytes().split(|&byte| byte == b','))
        .collect();
    let mut nearest = peer;
    for hop in hops.into_iter().rev() {
        if !is_trusted(&nearest) {
            break;
        }
        let Some(address) = address_in(hop) else { break };
        nearest = address;
    }
    nearest
}

/// An entry of `X-Forwarded-For`: an address, which some proxies write with a port.
fn address_in(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let address = text
        .parse()
        .or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()))
        .ok()?;
    Some(IpAddr::to_canonical(&address))
}

/// Printable and short, whatever was sent.
fn user_agent(headers: &HeaderMap) -> Option<String> {
    let sent = headers.get(USER_AGENT)?;
    let text: String = String::from_utf8_lossy(sent.as_bytes())
        .chars()
        .filter(|c| !c.is_control())
        .take(Caller::MAX_USER_AGENT)
        .collect();
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn seen(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_str(value).unwrap());
        }
        let proxies: Vec<IpNet> = proxies.iter().map(|text| text.parse().unwrap()).collect();
        client_address(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn a_stranger_cannot_say_where_he_is() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.9");
    }

    // Proves: ASVS 4.1.3
    #[test]
    fn a_trusted_proxy_is_believed_from_the_right_and_no_further() {
        let proxies = ["10.0.0.0/8", "fd00::/8"];
        assert_eq!(seen("10.0.0.1", &["198.51.100.1"], &proxies), "198.51.100.1");
        assert_eq!(
            seen("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.2"], &proxies),
            "198.51.100.1"
        );
        assert_eq!(seen("10.0.0.1", &["1.1.1.1", "198.51.100.1"], &proxies), "198.51.100.1");
        assert_eq!(seen("fd00::1", &["[2001:db8::7]:4711"], &proxies), "2001:db8::7");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1:80"], &proxies), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["::ffff:198.51.100.1"], &proxies), "198.51.100.1");
    }

    #[test]
    fn an_entry_that_is_no_address_ends_the_walk() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(seen("10.0.0.1", &["198.51.100.1, unknown"], &proxies), "10.0.0.1");
        assert_eq!(
            seen("10.0.0.1", &["198.51.100.1, ', DROP TABLE', 10.0.0.7"], &proxies),
            "10.0.0.7"
        );
        assert_eq!(seen("10.0.0.1", &[""], &proxies), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[], &proxies), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["10.0.0.2, 10.0.0.3"], &proxies), "10.0.0.2");
    }
}
