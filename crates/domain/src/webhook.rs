//! Account events for other systems: where they go, what they are called, and the secret they are signed with.
//!
//! Signing follows Standard Webhooks 1.0 (<https://www.standardwebhooks.com>).

mod event;
mod secret;
mod url;

pub use event::WebhookEvent;
pub use secret::{InvalidWebhookSecret, WebhookSecret};
pub use url::{InvalidWebhookUrl, UrlRules, WebhookUrl};
