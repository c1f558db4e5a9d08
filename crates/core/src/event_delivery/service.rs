//! Sending queued account events, decided.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use futures_util::future::join_all;
use rookery_domain::{Actor, AuditAction, AuditOutcome, Caller, Timestamp, WorkerId};
use tracing::{debug, error, warn};

use super::schedule::{GIVEN_UP_AFTER, pause, rest};
use super::{EventDelivery, EventsSent};
use crate::ports::{
    ClaimedEvent, DisableReason, Dispatch, EventClaim, EventOutbox, EventOutcome, EventSettlement, FailedAttempt,
    PortError, Sealer, WebhookSender,
};
use crate::webhooks::{is_taken, of_event, opened, written};
use crate::{AuditEvent, Mint};

/// How many messages a round takes on, and so how many are sent at once at most.
const BATCH: u64 = 20;
/// How many of them may be for one webhook: one that hangs leaves room for the others.
const BATCH_OF_ONE: u64 = 5;
/// How long a round holds them. A process that dies with messages in its hands delays them by no more.
const LEASE: Duration = Duration::minutes(1);
/// What one sending may take, and twice that for clocks that differ and a database that is slow to write it down. With
/// less than this left of the lease nothing is begun, so that no other worker sends the same message meanwhile.
const MARGIN: Duration = Duration::seconds(20);
/// The pause when this node cannot sign.
const UNSIGNABLE: Duration = Duration::minutes(1);
/// The receiver is gone for good (RFC 9110, section 15.5.11).
const GONE: u16 = 410;

/// [`EventDelivery`] on top of the ports.
pub struct EventDeliveryService {
    /// Where messages wait.
    pub outbox: Arc<dyn EventOutbox>,
    /// Opens the secrets they are signed with.
    pub sealer: Arc<dyn Sealer>,
    /// Sends them.
    pub sender: Arc<dyn WebhookSender>,
    /// Tells the time and draws the jitter.
    pub mint: Mint,
    /// Whom leases are given to: another for each process.
    pub holder: WorkerId,
}

#[async_trait]
impl EventDelivery for EventDeliveryService {
    async fn send_due(&self) -> Result<EventsSent, PortError> {
        let now = self.mint.now();
        let claim = EventClaim {
            holder: self.holder,
            now,
            lease_until: now + LEASE,
            limit: BATCH,
            limit_per_webhook: BATCH_OF_ONE,
        };
        // Those of one person to one webhook one after the other, everything else at once.
        let mut queues: BTreeMap<_, Vec<ClaimedEvent>> = BTreeMap::new();
        for claimed in self.outbox.claim(&claim).await? {
            let queue = (claimed.webhook, claimed.event.user);
            queues.entry(queue).or_default().push(claimed);
        }
        let rounds = queues
            .into_values()
            .map(|queue| self.send_in_order(queue, claim.lease_until));
        let mut sent = EventsSent::default();
        for round in join_all(rounds).await {
            let round = round?;
            sent.delivered += round.delivered;
            sent.postponed += round.postponed;
            sent.dead += round.dead;
        }
        Ok(sent)
    }
}

impl EventDeliveryService {
    async fn send_in_order(
        &self,
        mut queue: Vec<ClaimedEvent>,
        lease_until: Timestamp,
    ) -> Result<EventsSent, PortError> {
        queue.sort_by_key(|claimed| (claimed.event.occurred, claimed.event.id));
        let mut sent = EventsSent::default();
        for claimed in &queue {
            if self.mint.now() + MARGIN > lease_until {
                debug!(webhook = %claimed.webhook, "the lease is nearly over: the rest waits for the next round");
                break;
            }
            let outcome = self.attempt(claimed).await;
            tell(claimed, &outcome);
            match &outcome {
                EventOutcome::Delivered { .. } => sent.delivered += 1,
                EventOutcome::Retry { .. } | EventOutcome::Postponed { .. } => sent.postponed += 1,
                EventOutcome::Dead { .. } => sent.dead += 1,
            }
            let settlement = EventSettlement {
                webhook: claimed.webhook,
                event: claimed.event.id,
                holder: self.holder,
                at: self.mint.now(),
                outcome,
            };
            self.outbox.settle(&settlement).await?;
        }
        Ok(sent)
    }

    async fn attempt(&self, claimed: &ClaimedEvent) -> EventOutcome {
        let now = self.mint.now();
        // Another node may hold the key already, or this one may be given it: while keys change, no message is lost.
        let signable = opened(self.sealer.as_ref(), claimed.webhook, &claimed.secrets)
            .and_then(|secrets| Ok((secrets, of_event(&claimed.event)?)));
        let (secrets, body) = match signable {
            Ok(signable) => signable,
            Err(error) => {
                return EventOutcome::Postponed {
                    next_attempt: now + UNSIGNABLE,
                    error: error.chain(),
                };
            }
        };
        let dispatch = Dispatch {
            id: claimed.event.id,
            url: claimed.url.clone(),
            body,
            secrets,
            at: now,
        };
        match self.sender.send(&dispatch).await {
            Ok(status) if is_taken(status) => EventOutcome::Delivered { status },
            Ok(status) => self.failed(claimed, Some(status), format!("the receiver answered {status}")),
            Err(failure) => self.failed(claimed, None, failure.to_string()),
        }
    }

    fn failed(&self, claimed: &ClaimedEvent, status: Option<u16>, error: String) -> EventOutcome {
        let now = self.mint.now();
        let reason = if status == Some(GONE) {
            Some(DisableReason::Gone)
        } else {
            let too_long = claimed.failing_since.is_some_and(|since| now - since >= GIVEN_UP_AFTER);
            too_long.then_some(DisableReason::Failing)
        };
        let disable = reason.map(|reason| {
            let event = AuditEvent {
                actor: Actor::Service,
                ..self.mint.event(
                    now,
                    AuditAction::WebhookChanged,
                    AuditOutcome::Success,
                    &Caller::default(),
                )
            };
            let what = format!("disabled: {}", reason.as_str());
            (reason, written(event, claimed.webhook, &what))
        });
        let failure = FailedAttempt {
            status,
            error,
            rest_until: rest(claimed.failures.saturating_add(1), self.mint.fraction()).map(|rest| now + rest),
            disable,
        };
        match pause(claimed.attempts.saturating_add(1), self.mint.fraction()) {
            Some(pause) if status != Some(GONE) => EventOutcome::Retry {
                next_attempt: now + pause,
                failure,
            },
            _ => EventOutcome::Dead { failure },
        }
    }
}

/// Logs what became of an attempt, once.
fn tell(claimed: &ClaimedEvent, outcome: &EventOutcome) {
    let (webhook, event, attempts) = (claimed.webhook, claimed.event.id, claimed.attempts + 1);
    let disabled = match outcome {
        EventOutcome::Delivered { status } => {
            debug!(%webhook, %event, attempts, status, "an account event was delivered");
            return;
        }
        EventOutcome::Postponed { error, .. } => {
            error!(%webhook, %event, error, "an account event could not be signed and will be tried again");
            return;
        }
        EventOutcome::Retry { failure, .. } => {
            let error = &failure.error;
            warn!(%webhook, %event, attempts, error, "an account event was not taken and will be tried again");
            &failure.disable
        }
        EventOutcome::Dead { failure } => {
            let error = &failure.error;
            warn!(%webhook, %event, attempts, error, "an account event was not taken and will not be tried again");
            &failure.disable
        }
    };
    if let Some((reason, _)) = disabled {
        error!(%webhook, reason = reason.as_str(), "a webhook is disabled: it takes no account events");
    }
}

#[cfg(test)]
mod tests;
