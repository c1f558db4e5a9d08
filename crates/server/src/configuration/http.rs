//! Where the service is reached, and by whom.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use rookery_api::{CookieMode, IpNet, Origin};
use url::Url;

use super::parse::{Demand, duration, list, number, write_duration};
use super::profile::Profile;
use super::reader::{Noted, Reader};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_hours(1);
/// What `HttpServer` takes.
const MOST_WORKERS: usize = 512;

/// Where people reach the service.
#[derive(Clone, Debug)]
pub enum PublicUrl {
    /// Here.
    Given(Url),
    /// At this URL with the port that is listened on.
    WithPortOf(Url),
}

/// The HTTP server.
#[derive(Clone, Debug)]
pub struct Http {
    /// Where people reach the service.
    pub public_url: PublicUrl,
    /// Origins whose pages may change something, besides the public URL's own.
    pub allowed_origins: Vec<Origin>,
    /// Networks whose word on `X-Forwarded-For` is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// Threads that serve requests.
    pub workers: usize,
    /// Most connections at once, all threads together.
    pub max_connections: usize,
    /// How long a connection may rest between two requests.
    pub keep_alive: Duration,
    /// How long a client may take for the head of a request.
    pub request_timeout: Duration,
    /// How long the server goes on serving after it has said that it is not ready any more.
    pub shutdown_delay: Duration,
    /// How long requests may then take to finish.
    pub shutdown_grace: Duration,
}

impl Http {
    pub(super) fn read(reader: &mut Reader, profile: Profile) -> Result<Self, Noted> {
        let public_url = public_url(reader, profile);
        let allowed_origins = reader.value("http.allowed_origins", list(origin));
        let trusted_proxies = reader.value("http.trusted_proxies", list(network));
        let workers = workers(reader);
        let max_connections = reader.value("http.max_connections", number(16, 1_000_000));
        let keep_alive = reader.value("http.keep_alive", duration(SECOND, HOUR));
        let request_timeout = reader.value("http.request_timeout", duration(SECOND, Duration::from_mins(1)));
        let shutdown_delay = shutdown_delay(reader, profile);
        let shutdown_grace = reader.value("http.shutdown_grace", duration(Duration::ZERO, HOUR));
        Ok(Self {
            public_url: public_url?,
            allowed_origins: allowed_origins?,
            trusted_proxies: trusted_proxies?,
            workers: workers?,
            max_connections: max_connections?,
            keep_alive: keep_alive?,
            request_timeout: request_timeout?,
            shutdown_delay: shutdown_delay?,
            shutdown_grace: shutdown_grace?,
        })
    }

    /// Where people reach a server that listens at this address.
    #[must_use]
    pub fn public_url_at(&self, address: SocketAddr) -> Url {
        match &self.public_url {
            PublicUrl::Given(url) => url.clone(),
            PublicUrl::WithPortOf(url) => {
                let mut url = url.clone();
                // Only a URL without a host takes no port.
                let _ = url.set_port(Some(address.port()));
                url
            }
        }
    }
}

fn public_url(reader: &mut Reader, profile: Profile) -> Result<PublicUrl, Noted> {
    let given = reader.optional("http.public_url", url)?;
    if profile.is_production() && given.as_ref().is_none_or(|url| url.scheme() != "https") {
        return Err(reader.refuse("http.public_url", "be set to an https URL in production"));
    }
    match given {
        Some(url) => Ok(PublicUrl::Given(url)),
        None => match Url::parse("http://localhost") {
            Ok(url) => Ok(PublicUrl::WithPortOf(url)),
            Err(_) => Err(reader.refuse("http.public_url", "be set")),
        },
    }
}

fn workers(reader: &mut Reader) -> Result<usize, Noted> {
    let workers = reader.optional("http.workers", number(1, MOST_WORKERS))?;
    Ok(workers.unwrap_or_else(|| {
        let cores = thread::available_parallelism()
            .map_or(1, NonZeroUsize::get)
            .min(MOST_WORKERS);
        reader.derive("http.workers", &cores);
        cores
    }))
}

/// Long enough in production for a load balancer that asks every few seconds to notice; nobody waits for one in
/// development.
fn shutdown_delay(reader: &mut Reader, profile: Profile) -> Result<Duration, Noted> {
    let delay = reader.optional("http.shutdown_delay", duration(Duration::ZERO, HOUR))?;
    Ok(delay.unwrap_or_else(|| {
        let delay = Duration::from_secs(if profile.is_production() { 5 } else { 0 });
        reader.derive("http.shutdown_delay", &write_duration(delay));
        delay
    }))
}

fn url(text: &str) -> Result<Url, Demand> {
    let url = Url::parse(text).ok().filter(is_plain);
    let url = url.ok_or("be a URL such as https://app.example.com, without user, query and fragment")?;
    match CookieMode::for_url(&url) {
        Ok(_) => Ok(url),
        Err(_) => Err("be https, or http on localhost or 127.0.0.1: sessions would travel readable".to_owned()),
    }
}

fn is_plain(url: &Url) -> bool {
    let nobody = url.username().is_empty() && url.password().is_none();
    nobody && url.has_host() && url.query().is_none() && url.fragment().is_none()
}

pub(super) fn origin(text: &str) -> Result<Origin, Demand> {
    Origin::parse(text).map_err(|_| "be a list of origins such as https://app.example.com, without a path".to_owned())
}

fn network(text: &str) -> Result<IpNet, Demand> {
    let network = text
        .parse()
        .or_else(|_| text.parse().map(|address: std::net::IpAddr| IpNet::from(address)));
    match network {
        Ok(network) if network.prefix_len() > 0 => Ok(network),
        Ok(_) => Err("not trust everybody: name the addresses of your proxies".to_owned()),
        Err(_) => Err("be a list of addresses or networks such as 10.0.0.0/8, 2001:db8::1".to_owned()),
    }
}
