//! Who is what in a tenant changes.

use rookery_core::ports::{RosterChange, RosterOutcome, RosterStep};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::LockType;

use crate::dialect::Dialect;
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{audit_log, members, sessions, tenants};

/// The tenant is locked first, so that changes of one tenant come one after the other, on whatever node: each sees what the
/// one before has left, and two owners cannot both go because the other is still there. A tenant that another program has
/// left without an owner is not held to have one.
///
/// The event is written before the steps: a tenant's webhook is told of members, and one who is removed is a member until
/// then.
pub(super) async fn change(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    change: &RosterChange,
) -> Result<Ending<RosterOutcome>, Failure> {
    let tenant = change.tenant;
    let is_as_decided = tenants::lock(conn, tenant, LockType::NoKeyUpdate).await?
        && members::are_as_decided(conn, dialect, tenant, &change.standings).await?;
    if !is_as_decided {
        return Ok(Ending::RollBack(RosterOutcome::Outdated));
    }
    let had_owner = members::has_owner(conn, dialect, tenant).await?;
    audit_log::append(conn, &change.event).await?;
    for step in &change.steps {
        match step {
            RosterStep::Assign { user, roles } => {
                members::assign(conn, dialect, (tenant, *user), roles, change.at).await?;
            }
            RosterStep::Remove { user } => {
                members::remove(conn, tenant, *user, change.at).await?;
                sessions::leave_tenant(conn, *user, tenant).await?;
            }
        }
    }
    if had_owner && !members::has_owner(conn, dialect, tenant).await? {
        return Ok(Ending::RollBack(RosterOutcome::LastOwner));
    }
    Ok(Ending::Commit(RosterOutcome::Changed))
}
