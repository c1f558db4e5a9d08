//! Looking a host up, and at what comes out.

use std::sync::Arc;

use tracing::debug;
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::Reach;

/// Looks a host up once and refuses it when it may not be reached. Whoever connects connects to what this answers: the name
/// is not looked up again between the check and the connection.
#[derive(Clone, Debug)]
pub(crate) struct CheckedResolver {
    names: Arc<dyn Resolver>,
    reach: Reach,
}

impl CheckedResolver {
    pub(crate) fn new(names: impl Resolver, reach: Reach) -> Self {
        Self {
            names: Arc::new(names),
            reach,
        }
    }
}

impl Resolver for CheckedResolver {
    /// A host with one address that may not be reached is refused whole: it is either an attack or a mistake. That it does
    /// not exist, that nobody knows, and that it is forbidden all sound the same.
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().unwrap_or_default();
        let addresses = match self.names.resolve(uri, config, timeout) {
            Err(Error::Timeout(which)) => return Err(Error::Timeout(which)),
            Err(error) => {
                debug!(%error, "a webhook's host could not be looked up");
                return Err(Error::HostNotFound);
            }
            Ok(addresses) => addresses,
        };
        let admitted = !addresses.is_empty() && addresses.iter().all(|address| self.reach.admits(host, address.ip()));
        if admitted {
            Ok(addresses)
        } else {
            debug!("a webhook's host has an address that nothing is sent to");
            Err(Error::HostNotFound)
        }
    }
}
