//! Where events may go.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use rookery_domain::UrlRules;

/// The addresses events may be sent to: public ones, and those an operator has named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// What URLs must be like. In development one that names this machine reaches it.
    pub rules: UrlRules,
    /// Networks of the inside that events may be sent to all the same.
    pub allow_internal: Vec<IpNet>,
}

impl Reach {
    /// Public addresses alone.
    #[must_use]
    pub const fn public() -> Self {
        Self {
            rules: UrlRules::Production,
            allow_internal: Vec::new(),
        }
    }

    /// Whether events may go to this address, which a host of this name has.
    #[must_use]
    pub fn admits(&self, host: &str, address: IpAddr) -> bool {
        let at_home = self.rules == UrlRules::Development && address.is_loopback() && names_this_machine(host);
        at_home || is_public(address) || self.allow_internal.iter().any(|network| network.contains(&address))
    }
}

fn names_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Everything but what IANA's registry of special-purpose addresses (RFC 6890 and its heirs) keeps from being global, and
/// the anycast address of 6to4.
fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127 | 224..=255, ..] // this network, private, loopback, multicast, reserved and broadcast
            | [100, 64..=127, ..] // shared by a carrier's customers (CGNAT)
            | [169, 254, ..] // link-local, and the metadata of clouds
            | [172, 16..=31, ..] // private
            | [192, 0, 0 | 2, _] // IETF's, documentation
            | [192, 88, 99, _] // 6to4 relays
            | [192, 168, ..] // private
            | [198, 18 | 19, ..] // benchmarks
            | [198, 51, 100, _] // documentation
            | [203, 0, 113, _] // documentation
    )
}

/// Global unicast (`2000::/3`) without the parts of it that lead to IPv4 in disguise or nowhere. All else is out: loopback and
/// unspecified, IPv4 mapped and translated (NAT64), unique local, link-local, site-local, multicast.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let is_global_unicast = segments[0] & 0xe000 == 0x2000;
    let is_special = matches!(
        segments,
        [0x2001, 0x0000..=0x01ff | 0x0db8, ..] // IETF's (Teredo, ORCHID, benchmarks and the like), documentation
            | [0x2002, ..] // 6to4
            | [0x3fff, 0x0000..=0x0fff, ..] // documentation
    );
    is_global_unicast && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A68: the addresses that nothing is ever sent to.
    const INSIDE: &[&str] = &[
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ];
    const OUTSIDE: &[&str] = &[
        "1.1.1.1",
        "8.8.8.8",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "192.167.255.255",
        "192.169.0.1",
        "198.17.255.255",
        "198.20.0.1",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2003::1",
        "2606:4700:4700::1111",
        "2a00::1",
        "3fff:1000::1",
    ];

    fn parse(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    // Proves: ASVS 1.3.6
    #[test]
    fn a68_nothing_goes_to_an_address_of_the_inside() {
        let reach = Reach::public();
        for address in INSIDE {
            assert!(!reach.admits("example.com", parse(address)), "{address}");
            assert!(!reach.admits(address, parse(address)), "{address}");
        }
        for address in OUTSIDE {
            assert!(reach.admits("example.com", parse(address)), "{address}");
        }
    }

    // Proves: ASVS 13.2.4
    #[test]
    fn a_network_that_was_named_is_reached_and_its_neighbours_are_not() {
        let reach = Reach {
            allow_internal: vec!["10.1.0.0/16".parse().unwrap(), "fd12::/16".parse().unwrap()],
            ..Reach::public()
        };
        for (address, admitted) in [
            ("10.1.2.3", true),
            ("fd12::1", true),
            ("10.2.0.1", false),
            ("fd13::1", false),
            ("::ffff:10.1.2.3", false),
            ("127.0.0.1", false),
        ] {
            assert_eq!(reach.admits("example.com", parse(address)), admitted, "{address}");
        }
    }

    #[test]
    fn in_development_this_machine_is_reached_by_its_own_names_alone() {
        let reach = Reach {
            rules: UrlRules::Development,
            ..Reach::public()
        };
        for (host, address, admitted) in [
            ("localhost", "127.0.0.1", true),
            ("LocalHost", "::1", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("[::1]", "::1", true),
            ("rebinding.example.com", "127.0.0.1", false),
            ("localhost", "10.0.0.1", false),
            ("localhost", "169.254.169.254", false),
        ] {
            assert_eq!(reach.admits(host, parse(address)), admitted, "{host} {address}");
        }
    }
}
