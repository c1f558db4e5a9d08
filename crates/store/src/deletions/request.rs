//! An account begins to wait for its deletion.

use rookery_core::ports::{DeletionRequest, DeletionRequestOutcome, StakeFate, TenantStake};
use rookery_domain::{TenantId, Timestamp, UserId};
use sea_orm::sea_query::LockType;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set, Statement, Value};

use super::stakes;
use crate::dialect::Dialect;
use crate::entity::tenant;
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{audit_log, credentials, devices, factors, outbox, people, sessions, tenants, tokens};

const INSERT: &str = "INSERT INTO rookery_deletions (user_id, requested_at, due_at, closed_tenants, reason) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_id) DO UPDATE SET requested_at = excluded.requested_at, \
     due_at = excluded.due_at, closed_tenants = excluded.closed_tenants, reason = excluded.reason";

/// The tenants are locked, in the order of their ids, before it is decided what becomes of them: of two last owners who ask at
/// once the second sees that the first will be gone.
pub(super) async fn request(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    request: &DeletionRequest,
) -> Result<Ending<DeletionRequestOutcome>, Failure> {
    use DeletionRequestOutcome as Outcome;
    let (user, at) = (request.user, request.at);
    if !people::lock(conn, user).await? || !sessions::is_open(conn, request.by, user, at).await? {
        return Ok(Ending::RollBack(Outcome::SessionEnded));
    }
    let stakes = locked_stakes(conn, dialect, user).await?;
    if !is_as_decided(&stakes, request) {
        return Ok(Ending::RollBack(Outcome::Outdated));
    }
    if !credentials::outdate(conn, user, request.credential_version).await? {
        return Ok(Ending::RollBack(Outcome::Superseded));
    }
    if let Some(used) = &request.used
        && !factors::spend(conn, user, used, at).await?
    {
        return Ok(Ending::RollBack(Outcome::CodeSpent));
    }
    // Events come before what they tell of, for a tenant's webhook is told of its members.
    audit_log::append(conn, &request.event).await?;
    for turn in &request.closing {
        audit_log::append(conn, &turn.event).await?;
        close(conn, turn.tenant, at).await?;
    }
    insert(conn, request).await?;
    sessions::end_all(conn, user).await?;
    devices::forget_all(conn, user).await?;
    factors::end_challenges(conn, user).await?;
    tokens::void(conn, user, None, at).await?;
    tokens::insert(conn, &request.token, request.token.owner.as_ref()).await?;
    outbox::queue(conn, &request.mail, &request.mail.to).await?;
    Ok(Ending::Commit(Outcome::Requested))
}

/// What is at stake, once nobody else can change who belongs to these tenants.
pub(super) async fn locked_stakes(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    user: UserId,
) -> Result<Vec<TenantStake>, Failure> {
    let mut ids: Vec<TenantId> = stakes::read(conn, dialect, user)
        .await?
        .iter()
        .map(|stake| stake.tenant)
        .collect();
    ids.sort_unstable();
    for id in ids {
        tenants::lock(conn, id, LockType::NoKeyUpdate).await?;
    }
    stakes::read(conn, dialect, user).await
}

fn is_as_decided(stakes: &[TenantStake], request: &DeletionRequest) -> bool {
    let is_decided = |tenant: TenantId| request.closing.iter().any(|turn| turn.tenant == tenant);
    let closing = stakes.iter().filter(|stake| stake.fate == StakeFate::Closes).count();
    closing == request.closing.len()
        && stakes.iter().all(|stake| match stake.fate {
            StakeFate::GoesOn => true,
            StakeFate::NeedsOwner => false,
            StakeFate::Closes => is_decided(stake.tenant),
        })
}

async fn close(conn: &impl ConnectionTrait, id: TenantId, at: Timestamp) -> Result<(), Failure> {
    let closed = tenant::ActiveModel {
        deleted: Set(Some(at)),
        updated: Set(at),
        ..tenant::ActiveModel::default()
    };
    tenant::Entity::update_many()
        .set(closed)
        .filter(tenant::COLUMN.id.eq(id.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

async fn insert(conn: &impl ConnectionTrait, request: &DeletionRequest) -> Result<(), Failure> {
    let closed: Vec<TenantId> = request.closing.iter().map(|turn| turn.tenant).collect();
    let values: [Value; 5] = [
        request.user.as_uuid().into(),
        request.at.into(),
        request.due.into(),
        serde_json::json!(closed).to_string().into(),
        request.reason.as_ref().map(|reason| reason.as_str().to_owned()).into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), INSERT, values);
    conn.execute_raw(statement).await?;
    Ok(())
}
