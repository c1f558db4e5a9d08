//! Posting one message.

use std::io::{self, Read};
use std::time::Duration;

use async_trait::async_trait;
use rookery_core::ports::{Dispatch, SendFailure, WebhookSender};
use rookery_domain::WebhookUrl;
use tracing::{debug, error};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, Resolver};
use ureq::unversioned::transport::{Connector, NextTimeout, RustlsConnector, TcpConnector};
use ureq::{Agent, Error, Timeout};

use crate::Reach;
use crate::resolver::CheckedResolver;
use crate::signature::sign;

/// Longest wait for a connection, TLS included.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest wait for all of it.
const TOTAL: Duration = Duration::from_secs(10);
/// What is read of an answer before the connection is closed.
const ANSWER: u64 = 64 * 1024;
/// Longest head of an answer.
const HEAD: usize = 16 * 1024;

/// Whose word on certificates is taken.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The authorities browsers trust (Mozilla's list, as it was when this program was built).
    Public,
    /// This authority alone, in DER.
    Only(Vec<u8>),
}

/// [`WebhookSender`] over HTTP/1.1 and TLS.
///
/// Each message has a connection of its own: one that is kept would outlive the check of the address behind it.
#[derive(Clone, Debug)]
pub struct HttpWebhookSender {
    agent: Agent,
    resolver: CheckedResolver,
    reach: Reach,
}

impl HttpWebhookSender {
    /// Sends to where it may, and looks names up as this machine does. `product` and its version are what it calls itself.
    #[must_use]
    pub fn new(reach: Reach, product: &str) -> Self {
        Self::with(reach, product, &Trust::Public, DefaultResolver::default())
    }

    /// The same with another trust and another way to look names up; every answer is checked all the same.
    #[must_use]
    pub fn with(reach: Reach, product: &str, trust: &Trust, names: impl Resolver) -> Self {
        let roots = match trust {
            Trust::Public => RootCerts::WebPki,
            Trust::Only(der) => RootCerts::new_with_certs(&[Certificate::from_der(der).to_owned()]),
        };
        let config = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(TOTAL))
            .max_response_header_size(HEAD)
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .user_agent(product)
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .build();
        let resolver = CheckedResolver::new(names, reach.clone());
        // TCP and TLS and nothing else: no proxy can come in between.
        let connector = TcpConnector::default().chain(RustlsConnector::default());
        Self {
            agent: Agent::with_parts(config, connector, resolver.clone()),
            resolver,
            reach,
        }
    }

    fn is_sendable(&self, url: &WebhookUrl) -> Result<(), SendFailure> {
        url.obeys(self.reach.rules).map_err(|_| SendFailure::NoAddress)
    }
}

#[async_trait]
impl WebhookSender for HttpWebhookSender {
    async fn send(&self, dispatch: &Dispatch) -> Result<u16, SendFailure> {
        self.is_sendable(&dispatch.url)?;
        let (agent, dispatch) = (self.agent.clone(), dispatch.clone());
        aside(move || post(&agent, &dispatch)).await
    }

    async fn admits(&self, url: &WebhookUrl) -> Result<(), SendFailure> {
        self.is_sendable(url)?;
        let uri: Uri = url.as_str().parse().map_err(|_| SendFailure::NoAddress)?;
        let (resolver, config) = (self.resolver.clone(), self.agent.config().clone());
        aside(move || look_up(&resolver, &uri, &config)).await
    }
}

/// Does something that blocks on a thread where it may.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SendFailure> + Send + 'static,
) -> Result<T, SendFailure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|died| {
        error!(%died, "sending a message to a webhook died of a defect");
        Err(SendFailure::Garbled)
    })
}

fn look_up(resolver: &CheckedResolver, uri: &Uri, config: &Config) -> Result<(), SendFailure> {
    let timeout = NextTimeout {
        after: CONNECT.into(),
        reason: Timeout::Resolve,
        ..NextTimeout::default()
    };
    match resolver.resolve(uri, config, timeout) {
        Ok(_) => Ok(()),
        Err(error) => Err(meaning(&error)),
    }
}

fn post(agent: &Agent, dispatch: &Dispatch) -> Result<u16, SendFailure> {
    let (id, timestamp) = (dispatch.id.to_string(), dispatch.at.timestamp());
    let signatures: Vec<String> = dispatch
        .secrets
        .iter()
        .map(|secret| sign(secret.as_bytes(), &id, timestamp, &dispatch.body))
        .collect();
    let answer = agent
        .post(dispatch.url.as_str())
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", timestamp.to_string())
        .header("webhook-signature", signatures.join(" "))
        .send(dispatch.body.as_slice())
        .map_err(|error| {
            debug!(%error, "a message to a webhook failed");
            meaning(&error)
        })?;
    let status = answer.status().as_u16();
    // What the receiver says besides is nobody's business, and the status counts even if the rest does not come.
    let _ = io::copy(&mut answer.into_body().into_reader().take(ANSWER), &mut io::sink());
    Ok(status)
}

fn meaning(error: &Error) -> SendFailure {
    match error {
        Error::HostNotFound | Error::BadUri(_) => SendFailure::NoAddress,
        Error::Timeout(_) => SendFailure::TimedOut,
        Error::Tls(_) | Error::Rustls(_) => SendFailure::Untrusted,
        Error::Io(error) => match error.kind() {
            // This is how what TLS does not like comes up.
            io::ErrorKind::InvalidData => SendFailure::Untrusted,
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => SendFailure::TimedOut,
            _ => SendFailure::Unreachable,
        },
        Error::ConnectionFailed => SendFailure::Unreachable,
        _ => SendFailure::Garbled,
    }
}
