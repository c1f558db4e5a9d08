//! Whom a limit counts.

use std::net::{IpAddr, Ipv6Addr};

use rookery_domain::{Caller, ChallengeId, DeviceId, EmailAddress, SessionId, TenantId, UserId};

/// Whom a limit counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A network: one IPv4 address, or a /64 of IPv6, which is what one subscriber gets. Clients without an address (a
    /// Unix socket) are one network together, for no address must never mean no limit.
    Network(Option<IpAddr>),
    /// A mailbox, by its one spelling.
    Mailbox(String),
    /// A person.
    User(UserId),
    /// A browser.
    Device(DeviceId),
    /// A session.
    Session(SessionId),
    /// A sign-in that waits for its second factor.
    Challenge(ChallengeId),
    /// A tenant.
    Tenant(TenantId),
}

impl Subject {
    /// The network this address is in.
    #[must_use]
    pub fn network(address: Option<IpAddr>) -> Self {
        Self::Network(address.map(|address| match address.to_canonical() {
            IpAddr::V4(v4) => IpAddr::V4(v4),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }))
    }

    /// The network a request comes from.
    #[must_use]
    pub fn network_of(caller: &Caller) -> Self {
        Self::network(caller.address)
    }

    /// The mailbox with this address, however it is spelt.
    #[must_use]
    pub fn mailbox(email: &EmailAddress) -> Self {
        Self::Mailbox(email.key().to_owned())
    }

    /// What is digested to name the counter: a letter for the kind, then the subject itself.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let (kind, bytes): (u8, Vec<u8>) = match self {
            Self::Network(None) => (b'n', Vec::new()),
            Self::Network(Some(IpAddr::V4(v4))) => (b'4', v4.octets().to_vec()),
            Self::Network(Some(IpAddr::V6(v6))) => (b'6', v6.octets().to_vec()),
            Self::Mailbox(key) => (b'm', key.as_bytes().to_vec()),
            Self::User(id) => (b'u', id.as_uuid().as_bytes().to_vec()),
            Self::Device(id) => (b'd', id.as_uuid().as_bytes().to_vec()),
            Self::Session(id) => (b's', id.as_uuid().as_bytes().to_vec()),
            Self::Challenge(id) => (b'c', id.as_uuid().as_bytes().to_vec()),
            Self::Tenant(id) => (b't', id.as_uuid().as_bytes().to_vec()),
        };
        [&[kind], bytes.as_slice()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Subject {
        Subject::network(Some(text.parse().unwrap()))
    }

    #[test]
    fn one_ipv6_subscriber_is_one_network_and_an_ipv4_address_is_one_however_it_is_written() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("192.0.2.7"), network("::ffff:192.0.2.7"));
        assert_ne!(network("192.0.2.7"), network("192.0.2.8"));
    }

    #[test]
    fn a_client_without_an_address_is_counted_too() {
        assert_eq!(Subject::network(None), Subject::network_of(&Caller::default()));
        assert_ne!(Subject::network(None).bytes(), network("0.0.0.0").bytes());
    }

    #[test]
    fn the_case_of_an_address_does_not_make_another_counter() {
        let written = |text: &str| Subject::mailbox(&EmailAddress::parse(text).unwrap());
        assert_eq!(written("Ada@Example.com"), written("ada@example.COM"));
    }
}
