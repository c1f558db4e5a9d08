//! Where account events may be sent.

use rookery_domain::UrlRules;
use rookery_webhook::{IpNet, Reach};

use super::parse::{Demand, list};
use super::profile::Profile;
use super::reader::{Noted, Reader};

/// Account events for other systems.
#[derive(Clone, Debug)]
pub struct Webhooks {
    /// Public addresses, and those named. In development this machine too, by its own names.
    pub reach: Reach,
}

impl Webhooks {
    pub(super) fn read(reader: &mut Reader, profile: Profile) -> Result<Self, Noted> {
        Ok(Self {
            reach: Reach {
                rules: if profile.is_production() {
                    UrlRules::Production
                } else {
                    UrlRules::Development
                },
                allow_internal: reader.value("webhooks.allow_internal", list(network))?,
            },
        })
    }
}

fn network(text: &str) -> Result<IpNet, Demand> {
    let network = text
        .parse()
        .or_else(|_| text.parse().map(|address: std::net::IpAddr| IpNet::from(address)));
    match network {
        Ok(network) if network.prefix_len() > 0 => Ok(network),
        Ok(_) => Err("not allow everything: name the networks of your receivers".to_owned()),
        Err(_) => Err("be a list of addresses or networks such as 10.20.0.0/16, fd12::1".to_owned()),
    }
}
