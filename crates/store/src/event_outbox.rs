//! Account events on their way in `rookery_webhook_messages`.

mod claim;

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{
    ClaimedEvent, EventClaim, EventOutbox, EventOutcome, EventSettlement, FailedAttempt, MessageState,
};
use rookery_domain::{Timestamp, WebhookId};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::entity::{webhook, webhook_message};
use crate::error::Failure;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log, webhooks};

pub(crate) use claim::{CLAIM_POSTGRES, CLAIM_SQLITE};

/// [`EventOutbox`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlEventOutbox(Database);

impl SqlEventOutbox {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl EventOutbox for SqlEventOutbox {
    /// A row that makes no sense to this release is put off for an hour and logged: a newer one may have written it.
    async fn claim(&self, claim: &EventClaim) -> Result<Vec<ClaimedEvent>, PortError> {
        self.0
            .atomically("events.claim", Scope::Service, |conn| async move {
                let conn = &*conn;
                claim::claim(conn, self.0.dialect(), claim).await.map(Ending::Commit)
            })
            .await
    }

    async fn settle(&self, settlement: &EventSettlement) -> Result<(), PortError> {
        self.0
            .atomically("events.settle", Scope::Service, |conn| async move {
                let conn = &*conn;
                settle(conn, settlement).await.map(Ending::Commit)
            })
            .await
    }
}

async fn settle(conn: &impl ConnectionTrait, settlement: &EventSettlement) -> Result<(), Failure> {
    let at = settlement.at;
    let row = webhook_message::ActiveModel {
        lease_until: Set(None),
        lease_holder: Set(None),
        ..webhook_message::ActiveModel::default()
    };
    match &settlement.outcome {
        EventOutcome::Delivered { status } => {
            let row = webhook_message::ActiveModel {
                state: Set(MessageState::Delivered.as_str().to_owned()),
                delivered_at: Set(Some(at)),
                last_status: Set(Some(i32::from(*status))),
                last_error: Set(None),
                ..row
            };
            if update(conn, settlement, row, 1, Whose::Anybody).await? {
                well(conn, settlement.webhook).await?;
            }
        }
        EventOutcome::Retry { next_attempt, failure } => {
            let row = webhook_message::ActiveModel {
                next_attempt_at: Set(*next_attempt),
                ..failed(row, failure)
            };
            if update(conn, settlement, row, 1, Whose::TheHolder).await? {
                blame(conn, settlement.webhook, failure, at).await?;
            }
        }
        EventOutcome::Dead { failure } => {
            let row = webhook_message::ActiveModel {
                state: Set(MessageState::Dead.as_str().to_owned()),
                ..failed(row, failure)
            };
            if update(conn, settlement, row, 1, Whose::TheHolder).await? {
                blame(conn, settlement.webhook, failure, at).await?;
            }
        }
        EventOutcome::Postponed { next_attempt, error } => {
            let row = webhook_message::ActiveModel {
                next_attempt_at: Set(*next_attempt),
                last_error: Set(Some(error.clone())),
                ..row
            };
            update(conn, settlement, row, 0, Whose::TheHolder).await?;
        }
    }
    Ok(())
}

fn failed(row: webhook_message::ActiveModel, failure: &FailedAttempt) -> webhook_message::ActiveModel {
    webhook_message::ActiveModel {
        last_status: Set(failure.status.map(i32::from)),
        last_error: Set(Some(failure.error.clone())),
        ..row
    }
}

/// Whose word on a message counts.
enum Whose {
    Anybody,
    TheHolder,
}

/// Whether the message was still queued, and the word counted.
async fn update(
    conn: &impl ConnectionTrait,
    settlement: &EventSettlement,
    row: webhook_message::ActiveModel,
    attempts: i32,
    whose: Whose,
) -> Result<bool, Failure> {
    use webhook_message::{COLUMN, Column};
    let mut settled = webhook_message::Entity::update_many()
        .set(row)
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(attempts))
        .filter(COLUMN.webhook_id.eq(settlement.webhook.as_uuid()))
        .filter(COLUMN.event_id.eq(settlement.event.as_uuid()))
        .filter(COLUMN.state.eq(MessageState::Queued.as_str()));
    if let Whose::TheHolder = whose {
        settled = settled.filter(COLUMN.lease_holder.eq(settlement.holder.as_uuid()));
    }
    Ok(settled.exec(conn).await?.rows_affected == 1)
}

/// Forgets a webhook's failures, if there are any.
async fn well(conn: &impl ConnectionTrait, id: WebhookId) -> Result<(), Failure> {
    webhook::Entity::update_many()
        .set(webhook::ActiveModel {
            failures: Set(0),
            failing_since: Set(None),
            rests_until: Set(None),
            ..webhook::ActiveModel::default()
        })
        .filter(webhook::COLUMN.id.eq(id.as_uuid()))
        .filter(webhook::COLUMN.failures.gt(0))
        .exec(conn)
        .await?;
    Ok(())
}

/// Counts a failure, and does what follows from it.
async fn blame(
    conn: &impl ConnectionTrait,
    id: WebhookId,
    failure: &FailedAttempt,
    at: Timestamp,
) -> Result<(), Failure> {
    use webhook::Column;
    let since = Func::coalesce([Expr::col(Column::FailingSince), Expr::val(at)]);
    webhook::Entity::update_many()
        .set(webhook::ActiveModel {
            rests_until: Set(failure.rest_until),
            ..webhook::ActiveModel::default()
        })
        .col_expr(Column::Failures, Expr::col(Column::Failures).add(1))
        .col_expr(Column::FailingSince, since.into())
        .filter(webhook::COLUMN.id.eq(id.as_uuid()))
        .exec(conn)
        .await?;
    if let Some((reason, event)) = &failure.disable
        && webhooks::disable(conn, id, *reason, at).await?
    {
        audit_log::append(conn, event).await?;
    }
    Ok(())
}
