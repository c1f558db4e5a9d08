//! Leasing mails that are due.

use rookery_core::ports::{ClaimedMail, OutboxClaim, Settlement};
use rookery_domain::{MailId, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use tracing::error;
use uuid::Uuid;

use super::settle;
use crate::dialect::Dialect;
use crate::error::Failure;
use crate::row::Columns;

/// Materialised, for PostgreSQL might otherwise run the inner query several times and lease more than it was asked for;
/// and `state` is compared with a literal, for only then does the planner see that the partial index of what is due
/// serves.
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "WITH due AS MATERIALIZED (SELECT id FROM rookery_outbox \
             WHERE state = 'queued' AND next_attempt_at <= $1 AND (lease_until IS NULL OR lease_until <= $1) \
             ORDER BY next_attempt_at, id LIMIT $3",
            $lock,
            ") UPDATE rookery_outbox SET lease_until = $2 WHERE id IN (SELECT id FROM due) \
             RETURNING id, recipient, sealed, attempts, created_at, expires_at, next_attempt_at"
        )
    };
}

/// Leases mails due at `$1` until `$2`, at most `$3` of them. A row that another worker is just leasing is passed by.
pub(crate) const CLAIM_POSTGRES: &str = claim!(" FOR UPDATE SKIP LOCKED");
/// As [`CLAIM_POSTGRES`]; there is one writer, so there is nobody to pass by.
pub(crate) const CLAIM_SQLITE: &str = claim!("");

pub(super) async fn claim(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    claim: &OutboxClaim,
) -> Result<Vec<ClaimedMail>, Failure> {
    let limit = i64::try_from(claim.limit).unwrap_or(i64::MAX);
    let values: [sea_orm::Value; 3] = [claim.now.into(), claim.lease_until.into(), limit.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), dialect.outbox_claim, values);
    let mut claimed = Vec::new();
    for row in conn.query_all_raw(statement).await? {
        let id = MailId::from_uuid(row.try_get_by_index::<Uuid>(0)?);
        match read(&row) {
            Ok(mail) => claimed.push(mail),
            Err(failure) => {
                let reason = failure.during("outbox.claim").chain();
                error!(mail = %id, error = reason, "a queued mail makes no sense and will never be delivered");
                settle(conn, id, &Settlement::Abandoned { error: reason }, claim.now).await?;
            }
        }
    }
    claimed.sort_by_key(|(due, mail)| (*due, mail.id));
    Ok(claimed.into_iter().map(|(_, mail)| mail).collect())
}

/// The mail and since when it is due.
fn read(row: &QueryResult) -> Result<(Timestamp, ClaimedMail), Failure> {
    let mut columns = Columns::of(row);
    let mail = ClaimedMail {
        id: MailId::from_uuid(columns.take("rookery_outbox.id")?),
        to: columns.email("rookery_outbox.recipient")?,
        sealed: columns.take("rookery_outbox.sealed")?,
        attempts: columns.count("rookery_outbox.attempts")?,
        created: columns.time("rookery_outbox.created_at")?,
        expires: columns.time("rookery_outbox.expires_at")?,
    };
    Ok((columns.time("rookery_outbox.next_attempt_at")?, mail))
}
