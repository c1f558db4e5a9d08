//! Queued mails in `rookery_outbox`.

mod claim;

use async_trait::async_trait;
use rookery_core::ports::{Addressee, ClaimedMail, Outbox, OutboxClaim, OutgoingMail, Settlement};
use rookery_core::{LetterKind, PortError};
use rookery_domain::{MailId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::Database;
use crate::entity::mail::{self, ActiveModel, Column, Entity};
use crate::error::Failure;
use crate::transaction::{Ending, Scope};

pub(crate) use claim::{CLAIM_POSTGRES, CLAIM_SQLITE};

/// Waits to be sent.
const QUEUED: &str = "queued";
/// The mail server has it.
const SENT: &str = "sent";
/// Was never meant to be sent.
const DISCARDED: &str = "discarded";
/// Will never be sent.
const ABANDONED: &str = "abandoned";

/// [`Outbox`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlOutbox(Database);

impl SqlOutbox {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl Outbox for SqlOutbox {
    /// A row that makes no sense is abandoned and logged, for otherwise it would hold up every other mail for ever.
    async fn claim(&self, claim: &OutboxClaim) -> Result<Vec<ClaimedMail>, PortError> {
        self.0
            .atomically("outbox.claim", Scope::Service, |conn| async move {
                let conn = &*conn;
                claim::claim(conn, self.0.dialect(), claim).await.map(Ending::Commit)
            })
            .await
    }

    async fn settle(&self, mail: &MailId, settlement: &Settlement, at: &Timestamp) -> Result<(), PortError> {
        self.0
            .atomically("outbox.settle", Scope::Service, |conn| async move {
                let conn = &*conn;
                settle(conn, *mail, settlement, *at).await.map(Ending::Commit)
            })
            .await
    }
}

/// Queues a mail in the transaction that causes it; for nobody as one that will not be sent, without address or content.
pub(crate) async fn queue(conn: &impl ConnectionTrait, mail: &OutgoingMail, to: &Addressee) -> Result<(), Failure> {
    let (user, recipient, sealed, state) = match to {
        Addressee::Person { user, email, .. } => {
            (Some(user.as_uuid()), Some(email.as_str()), Some(&mail.sealed), QUEUED)
        }
        Addressee::Mailbox { email, .. } => (None, Some(email.as_str()), Some(&mail.sealed), QUEUED),
        Addressee::Nobody => (None, None, None, DISCARDED),
    };
    let row = ActiveModel {
        id: Set(mail.id.as_uuid()),
        user_id: Set(user),
        kind: Set(mail.kind.as_str().to_owned()),
        recipient: Set(recipient.map(str::to_owned)),
        sealed: Set(sealed.cloned()),
        state: Set(state.to_owned()),
        attempts: Set(0),
        created_at: Set(mail.created),
        next_attempt_at: Set(mail.created),
        expires_at: Set(mail.expires),
        ..ActiveModel::default()
    };
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Queues the last mail to somebody whose account is gone: the row is nobody's.
pub(crate) async fn queue_farewell(conn: &impl ConnectionTrait, mail: &OutgoingMail) -> Result<(), Failure> {
    let Addressee::Person { email, .. } = &mail.to else {
        return Ok(());
    };
    let row = ActiveModel {
        id: Set(mail.id.as_uuid()),
        kind: Set(mail.kind.as_str().to_owned()),
        recipient: Set(Some(email.as_str().to_owned())),
        sealed: Set(Some(mail.sealed.clone())),
        state: Set(QUEUED.to_owned()),
        attempts: Set(0),
        created_at: Set(mail.created),
        next_attempt_at: Set(mail.created),
        expires_at: Set(mail.expires),
        ..ActiveModel::default()
    };
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Deletes a queued mail that leaves no trace. `false` for every other.
async fn forget(conn: &impl ConnectionTrait, mail: MailId) -> Result<bool, Failure> {
    let traceless = LetterKind::ALL.iter().filter(|kind| kind.leaves_no_trace());
    let gone = Entity::delete_many()
        .filter(mail::COLUMN.id.eq(mail.as_uuid()))
        .filter(mail::COLUMN.state.eq(QUEUED))
        .filter(Column::Kind.is_in(traceless.map(|kind| kind.as_str())))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Only a queued mail can be settled: one that somebody else has sent meanwhile stays sent.
async fn settle(
    conn: &impl ConnectionTrait,
    mail: MailId,
    settlement: &Settlement,
    at: Timestamp,
) -> Result<(), Failure> {
    let is_final = !matches!(settlement, Settlement::Retry { .. });
    if is_final && forget(conn, mail).await? {
        return Ok(());
    }
    let open = ActiveModel {
        lease_until: Set(None),
        ..ActiveModel::default()
    };
    let (settled, failures) = match settlement {
        Settlement::Sent => (
            ActiveModel {
                state: Set(SENT.to_owned()),
                sealed: Set(None),
                sent_at: Set(Some(at)),
                ..open
            },
            0,
        ),
        Settlement::Retry { next_attempt, error } => (
            ActiveModel {
                next_attempt_at: Set(*next_attempt),
                last_error: Set(Some(error.clone())),
                ..open
            },
            1,
        ),
        Settlement::Abandoned { error } => (
            ActiveModel {
                state: Set(ABANDONED.to_owned()),
                sealed: Set(None),
                last_error: Set(Some(error.clone())),
                ..open
            },
            1,
        ),
    };
    Entity::update_many()
        .set(settled)
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(failures))
        .filter(mail::COLUMN.id.eq(mail.as_uuid()))
        .filter(mail::COLUMN.state.eq(QUEUED))
        .exec(conn)
        .await?;
    Ok(())
}
