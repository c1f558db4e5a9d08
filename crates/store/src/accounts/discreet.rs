//! Signing up where nobody may learn who has an account.
//!
//! A free address and a taken one go the same way: the rows of an account are written behind a savepoint, which is then
//! kept or taken back with the messages to webhooks, and the mail and the event follow. For a taken address the rows stand under an address that nobody
//! can have, so that they are really written, with all the work of their triggers and indexes, and their pages are dirty
//! when the transaction ends.

use rookery_core::AuditEvent;
use rookery_core::ports::{AddressHolder, Admission, NewAccount};
use rookery_domain::{AuditOutcome, EmailAddress, Timestamp, UserId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement, TransactionTrait, Value};

use super::SqlAccountStore;
use crate::error::Failure;
use crate::row::Columns;
use crate::transaction::Ending;
use crate::{audit_log, outbox, webhooks};

/// Whose the address `$1` is, or else whom it is kept for at `$2`, since they may still take a change of it back.
const HOLDER: &str = "SELECT 1, u.id, u.name, \
         CASE WHEN u.deleted IS NULL AND c.disabled_at IS NULL THEN u.email END, f.language, f.timezone \
     FROM rookery_addresses a \
     JOIN users u ON u.id = a.user_id \
     LEFT JOIN rookery_credentials c ON c.user_id = u.id \
     LEFT JOIN user_preferences f ON f.user_id = u.id \
     WHERE a.address = $1 \
     UNION ALL SELECT 2, user_id, NULL, NULL, NULL, NULL FROM rookery_undos \
     WHERE address = $1 AND used_at IS NULL AND voided_at IS NULL AND expires_at > $2 \
     ORDER BY 1 LIMIT 1";

pub(super) async fn holder(
    conn: &impl ConnectionTrait,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<Option<AddressHolder>, Failure> {
    let values: [Value; 2] = [email.key().into(), now.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), HOLDER, values);
    let row = conn.query_one_raw(statement).await?;
    row.map(|row| {
        let mut columns = Columns::of(&row);
        columns.take::<i32>("rank")?;
        Ok(AddressHolder {
            user: UserId::from_uuid(columns.take("users.id")?),
            name: columns.take("users.name")?,
            reachable_at: columns.parse_optional("users.email", EmailAddress::parse)?,
            reader: columns.reader()?,
        })
    })
    .transpose()
}

impl SqlAccountStore {
    pub(super) async fn admit_in_a_savepoint(
        &self,
        conn: &DatabaseTransaction,
        account: &NewAccount,
    ) -> Result<Ending<Admission>, Failure> {
        let savepoint = conn.begin().await?;
        match self.insert(&savepoint, account, account.email.as_str()).await? {
            Admission::EmailTaken => {
                savepoint.rollback().await?;
                Ok(Ending::RollBack(Admission::EmailTaken))
            }
            Admission::Admitted => {
                webhooks::announce(&savepoint, &account.event).await?;
                savepoint.commit().await?;
                tell(conn, account).await?;
                Ok(Ending::Commit(Admission::Admitted))
            }
        }
    }

    pub(super) async fn feign_in_a_savepoint(
        &self,
        conn: &DatabaseTransaction,
        account: &NewAccount,
    ) -> Result<Ending<()>, Failure> {
        let savepoint = conn.begin().await?;
        // Taken or not does not matter for rows that are taken back, and by its id it never is.
        self.insert(&savepoint, account, &nobodys_address(account)).await?;
        webhooks::announce(&savepoint, &as_if_admitted(account)).await?;
        savepoint.rollback().await?;
        tell(conn, account).await?;
        Ok(Ending::Commit(()))
    }
}

/// In a domain that never will be (RFC 6761, section 6.4).
fn nobodys_address(account: &NewAccount) -> String {
    format!("{}@feigned.invalid", account.user)
}

/// The event of a sign-up that succeeded, for the webhooks that will not hear of it.
fn as_if_admitted(account: &NewAccount) -> AuditEvent {
    AuditEvent {
        outcome: AuditOutcome::Success,
        user: Some(account.user),
        tenant: account.tenant.as_ref().map(|tenant| tenant.id),
        ..account.event.clone()
    }
}

async fn tell(conn: &impl ConnectionTrait, account: &NewAccount) -> Result<(), Failure> {
    outbox::queue(conn, &account.mail, &account.mail.to).await?;
    audit_log::write(conn, &account.event).await
}
