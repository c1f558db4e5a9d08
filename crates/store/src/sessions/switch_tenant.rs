//! A session that goes on in another tenant.

use rookery_core::ports::{SwitchOutcome, TenantSwitch};
use sea_orm::sea_query::LockType;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use super::is_live;
use crate::dialect::Dialect;
use crate::entity::session;
use crate::error::Failure;
use crate::transaction::Ending;
use crate::{audit_log, members, tenants};

/// The tenant is locked against changes of its members first: a membership that is being ended has ended by the time it is
/// looked at, or ends behind this and takes the session out again.
pub(super) async fn switch_tenant(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    switch: &TenantSwitch,
) -> Result<Ending<SwitchOutcome>, Failure> {
    if !tenants::lock(conn, switch.tenant, LockType::Share).await? {
        return Ok(Ending::RollBack(SwitchOutcome::NotAMember));
    }
    if members::roles_of(conn, dialect, switch.tenant, switch.user)
        .await?
        .is_none()
    {
        return Ok(Ending::RollBack(SwitchOutcome::NotAMember));
    }
    let moved = session::ActiveModel {
        tenant_id: Set(Some(switch.tenant.as_uuid())),
        idle_seconds: Set(i32::try_from(switch.idle.num_seconds()).unwrap_or(i32::MAX)),
        idle_expires_at: Set((switch.at + switch.idle).min(switch.expires)),
        expires_at: Set(switch.expires),
        ..session::ActiveModel::default()
    };
    let updated = session::Entity::update_many()
        .set(moved)
        .filter(session::COLUMN.id.eq(switch.session.as_uuid()))
        .filter(session::COLUMN.user_id.eq(switch.user.as_uuid()))
        .filter(is_live(switch.at))
        .exec(conn)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(Ending::RollBack(SwitchOutcome::NotSignedIn));
    }
    audit_log::append(conn, &switch.event).await?;
    Ok(Ending::Commit(SwitchOutcome::Switched))
}
