//! An account is kept after all.

use rookery_core::ports::Keeping;
use rookery_domain::{TenantId, Timestamp, TokenDigest, TokenPurpose, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};

use super::waiting::tenants_of;
use crate::error::Failure;
use crate::row::Columns;
use crate::transaction::Ending;
use crate::{audit_log, outbox, people, tokens};

const TAKE: &str = "DELETE FROM rookery_deletions WHERE user_id = $1 RETURNING requested_at, closed_tenants";

/// Only while it is closed since then: what another program has opened or closed meanwhile is its own business.
const REOPEN: &str = "UPDATE tenants SET deleted = NULL, updated = $3 WHERE id = $1 AND deleted = $2";

/// By the mailed link.
pub(super) async fn keep_by_token(
    conn: &impl ConnectionTrait,
    token: &TokenDigest,
    keeping: &Keeping,
) -> Result<Ending<bool>, Failure> {
    let is_redeemed = people::lock(conn, keeping.user).await?
        && tokens::consume(conn, TokenPurpose::KeepAccount, token, keeping.user, keeping.at).await?;
    if is_redeemed && keep(conn, keeping).await? {
        Ok(Ending::Commit(true))
    } else {
        Ok(Ending::RollBack(false))
    }
}

/// Takes the deletion back, in the transaction of whatever keeps the account. The person is locked. `false` when none waits,
/// and then nothing was written.
pub(crate) async fn keep(conn: &impl ConnectionTrait, keeping: &Keeping) -> Result<bool, Failure> {
    let Some(reopened) = take_back(conn, keeping.user, keeping.at).await? else {
        return Ok(false);
    };
    for turn in keeping.reopening.iter().filter(|turn| reopened.contains(&turn.tenant)) {
        audit_log::append(conn, &turn.event).await?;
    }
    tokens::void(conn, keeping.user, Some(TokenPurpose::KeepAccount), keeping.at).await?;
    outbox::queue(conn, &keeping.mail, &keeping.mail.to).await?;
    audit_log::append(conn, &keeping.event).await?;
    Ok(true)
}

/// Takes a deletion back without a word, for an account that becomes somebody else's: the wish was of whoever had it before.
/// The tokens that keep it go with all others. The person is locked.
pub(crate) async fn forget(conn: &impl ConnectionTrait, user: UserId, at: Timestamp) -> Result<(), Failure> {
    take_back(conn, user, at).await?;
    Ok(())
}

/// No deletion waits any more, and the tenants that were closed with it are open: those that were opened. `None` when none waited.
async fn take_back(conn: &impl ConnectionTrait, user: UserId, at: Timestamp) -> Result<Option<Vec<TenantId>>, Failure> {
    let take = Statement::from_sql_and_values(conn.get_database_backend(), TAKE, [user.as_uuid().into()]);
    let Some(row) = conn.query_one_raw(take).await? else {
        return Ok(None);
    };
    let mut columns = Columns::of(&row);
    let requested = columns.time("rookery_deletions.requested_at")?;
    let closed: String = columns.take("rookery_deletions.closed_tenants")?;
    let mut reopened = Vec::new();
    for tenant in tenants_of(&closed)? {
        if reopen(conn, tenant, requested, at).await? {
            reopened.push(tenant);
        }
    }
    Ok(Some(reopened))
}

async fn reopen(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    closed: Timestamp,
    at: Timestamp,
) -> Result<bool, Failure> {
    let values: [Value; 3] = [tenant.as_uuid().into(), closed.into(), at.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), REOPEN, values);
    Ok(conn.execute_raw(statement).await?.rows_affected() == 1)
}
