//! Rows of webhooks into words, and back.

use rookery_core::ports::{DisableReason, Webhook};
use rookery_domain::{TenantId, Timestamp, UrlRules, WebhookEvent, WebhookId, WebhookUrl};

use crate::entity::webhook::Model;
use crate::error::Failure;
use crate::row::to_micros;

/// The kinds as the row lists them: a comma between two and one on either side, so that each is found with its commas.
pub(crate) fn listed(events: &[WebhookEvent]) -> Option<String> {
    if events.is_empty() {
        return None;
    }
    let words: Vec<&str> = events.iter().map(|event| event.as_str()).collect();
    Some(format!(",{},", words.join(",")))
}

/// The webhook of a row. Kinds that this release does not know are left out: a newer one has written them.
pub(crate) fn webhook(row: &Model) -> Result<Webhook, Failure> {
    let words = row.events.as_deref().unwrap_or_default().split(',');
    Ok(Webhook {
        id: WebhookId::from_uuid(row.id),
        tenant: row.tenant_id.map(TenantId::from_uuid),
        url: WebhookUrl::parse(&row.url, UrlRules::Development)
            .map_err(|error| Failure::nonsense("rookery_webhooks.url", error))?,
        events: words.filter_map(WebhookEvent::from_word).collect(),
        created: to_micros(row.created_at),
        disabled: match (row.disabled_at, &row.disabled_reason) {
            (None, _) => None,
            (Some(at), reason) => Some((to_micros(at), reason_of(reason.as_deref())?)),
        },
        failures: u32::try_from(row.failures).map_err(|error| Failure::nonsense("rookery_webhooks.failures", error))?,
        failing_since: row.failing_since.map(to_micros),
        overlap_until: row.overlap_until.map(to_micros),
    })
}

/// The secrets that sign at this moment, newest first.
pub(crate) fn secrets(row: &Model, now: Timestamp) -> Vec<Vec<u8>> {
    let overlaps = row.overlap_until.is_some_and(|until| until > now);
    let previous = row.previous_secret.clone().filter(|_| overlaps);
    std::iter::once(row.secret.clone()).chain(previous).collect()
}

fn reason_of(word: Option<&str>) -> Result<DisableReason, Failure> {
    word.and_then(DisableReason::from_word)
        .ok_or_else(|| Failure::nonsense("rookery_webhooks.disabled_reason", "no reason this release knows"))
}
