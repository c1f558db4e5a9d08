//! `rookery webhook`: account events for other systems.

mod since;
mod telling;

use clap::{Args, Subcommand};
use rookery_core::ports::{MessageFilter, MessageState};
use rookery_core::{WebhookOrder, Webhooks, WebhooksError};
use rookery_domain::{InvalidWebhookUrl, TenantId, UrlRules, WebhookEvent, WebhookId, WebhookUrl};
use serde_json::json;

use super::Failure;
use super::on_database::rookery_on_the_database;
use super::outcome::{Told, print, print_json};
use crate::configuration::Configuration;

use since::Since;
use telling::{tell, tell_all, tell_messages, tell_test, tell_with_secret};

const EXAMPLES: &str = "\
Examples:
  rookery webhook add https://example.com/hooks
  rookery webhook add https://example.com/hooks --events user.created,user.disabled --tenant 0199…
  rookery webhook test 0199…                exits with 1 when the receiver does not take it
  rookery webhook rotate 0199…              a new secret; the old one signs too for 24 hours
  rookery webhook deliveries 0199… --state dead
  rookery webhook replay 0199… --since 2d

Kinds of events:
  user.created, user.updated, user.verified, user.disabled, user.enabled, user.change_undone, session.created,
  session.revoked, session.others_revoked, session.all_revoked, password.changed, password.reset, email.changed,
  factor.added, factor.removed, factor.recovery_codes_renewed, consent.changed, user.deletion_requested, user.deletion_cancelled,
  user.deleted, tenant.created, tenant.updated, tenant.closed, tenant.reopened,
  tenant.policy_changed, tenant.ownership_transferred, member.updated, member.removed, invitation.created,
  invitation.resent, invitation.revoked, invitation.accepted, invitation.declined

Messages are sent by the server, signed as Standard Webhooks have it; how to verify them: docs/webhooks.md.";

/// Tell other systems what happens to accounts
///
/// Works on the database directly, whether or not a server runs on it. Every change is written to the audit log.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Webhook {
    #[command(subcommand)]
    deed: Deed,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Set one up; its secret is shown this once
    Add(Add),
    /// List all of them
    List,
    /// Show one
    Show(Which),
    /// Send a message of the type webhook.test now, and tell what was answered
    Test(Which),
    /// Give it a new secret, shown this once; the old one signs too for 24 hours
    Rotate(Which),
    /// Send nothing there any more
    Disable(Which),
    /// Send there again, beginning with what waits
    Enable(Which),
    /// Take it away, with what waits
    Remove(Which),
    /// Send again what happened since then, under the ids it had
    Replay(Replay),
    /// Show what became of its messages, the newest first
    Deliveries(Deliveries),
}

#[derive(Debug, Args)]
struct Add {
    /// Where to send: https, on port 443 or 8443
    url: String,
    /// Only what happens to the members of this tenant, rather than to everybody
    #[arg(long, value_name = "ID")]
    tenant: Option<TenantId>,
    /// Only these kinds, with commas between them, rather than all there are and will be
    #[arg(long, value_delimiter = ',', value_parser = kind)]
    events: Vec<WebhookEvent>,
}

#[derive(Debug, Args)]
struct Which {
    /// The webhook's id
    id: WebhookId,
}

#[derive(Debug, Args)]
struct Replay {
    /// The webhook's id
    id: WebhookId,
    /// From when on: a time such as 2025-10-27T12:00:00Z, or so long ago such as 30m, 2h or 7d
    #[arg(long)]
    since: Since,
}

#[derive(Debug, Args)]
struct Deliveries {
    /// The webhook's id
    id: WebhookId,
    /// Only those that are queued, delivered or dead
    #[arg(long, value_parser = state)]
    state: Option<MessageState>,
    /// At most this many
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
    limit: u64,
}

fn kind(word: &str) -> Result<WebhookEvent, String> {
    WebhookEvent::from_word(word.trim()).ok_or_else(|| {
        let all: Vec<&str> = WebhookEvent::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("one of {}", all.join(", "))
    })
}

fn state(word: &str) -> Result<MessageState, String> {
    MessageState::from_word(word).ok_or_else(|| "one of queued, delivered, dead".to_owned())
}

impl Told for WebhooksError {}
impl Told for InvalidWebhookUrl {}

impl Webhook {
    pub(super) async fn run(self, configuration: &Configuration) -> Result<(), Failure> {
        let rules = configuration.webhooks.reach.rules;
        let rookery = rookery_on_the_database(configuration).await?;
        let done = self.deed.run(rookery.webhooks(), rules, self.json).await;
        rookery.close().await;
        done
    }
}

impl Deed {
    async fn run(self, webhooks: &dyn Webhooks, rules: UrlRules, as_json: bool) -> Result<(), Failure> {
        match self {
            Self::Add(add) => {
                let order = WebhookOrder {
                    tenant: add.tenant,
                    url: WebhookUrl::parse(&add.url, rules)?,
                    events: add.events,
                };
                tell_with_secret(&webhooks.add(order).await?, as_json)
            }
            Self::List => tell_all(&webhooks.list().await?, as_json),
            Self::Show(Which { id }) => tell(&webhooks.show(&id).await?, as_json),
            Self::Test(Which { id }) => tell_test(&webhooks.test(&id).await?, as_json),
            Self::Rotate(Which { id }) => tell_with_secret(&webhooks.rotate(&id).await?, as_json),
            Self::Disable(Which { id }) => tell(&webhooks.disable(&id).await?, as_json),
            Self::Enable(Which { id }) => tell(&webhooks.enable(&id).await?, as_json),
            Self::Remove(Which { id }) => {
                webhooks.remove(&id).await?;
                if as_json {
                    return print_json(&json!({ "removed": id }));
                }
                print(&format!("removed {id}"))
            }
            Self::Replay(Replay { id, since }) => {
                let queued = webhooks.replay(&id, &since.moment()).await?;
                if as_json {
                    return print_json(&json!({ "queued": queued }));
                }
                print(&format!("{queued} to be sent again"))
            }
            Self::Deliveries(Deliveries { id, state, limit }) => {
                let filter = MessageFilter {
                    webhook: id,
                    state,
                    limit,
                };
                tell_messages(&webhooks.messages(&filter).await?, as_json)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_names_every_kind_of_event() {
        for kind in WebhookEvent::ALL {
            let word = kind.as_str();
            assert!(EXAMPLES.contains(word), "{word}");
        }
    }
}
