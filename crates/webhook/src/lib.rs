//! Sends account events to other systems: the port [`WebhookSender`](rookery_core::ports::WebhookSender) over HTTP.
//!
//! A webhook makes this service call a URL that somebody else chose, from inside the network it stands in. So:
//!
//! | danger | answer |
//! |---|---|
//! | a name that leads inside | every address a name has is checked ([`Reach`]); one forbidden address and nothing is sent |
//! | a name that leads elsewhere a moment later | it is looked up once; the connection goes to the address that was checked, with the name kept for TLS and `Host` |
//! | a redirect that leads inside | redirects are answers like any other, and never followed |
//! | a proxy that looks names up by itself | there is no proxy: the environment's is not asked |
//! | a receiver that never ends | 5 seconds to connect, 10 in all, 64 KiB of an answer nobody keeps |
//! | telling an attacker what is inside | failures are five words that say nothing of addresses |
//!
//! What is sent is signed as Standard Webhooks 1.0 have it.

mod reach;
mod resolver;
mod sender;
mod signature;

pub use ipnet::IpNet;
pub use reach::Reach;
pub use sender::{HttpWebhookSender, Trust};

/// Looking names up, for tests that want to know what happens when an answer changes.
pub use ureq::unversioned::resolver::{DefaultResolver, Resolver};
