//! Who is staff, in `rookery_staff`.

use async_trait::async_trait;
use rookery_core::ports::{StaffGrant, StaffMember, StaffStanding, StaffStore};
use rookery_core::{AuditEvent, PortError};
use rookery_domain::{StaffRole, UserId};
use sea_orm::sea_query::{LockType, OnConflict, Query};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set, Statement};

use crate::entity::staff_member;
use crate::error::Failure;
use crate::row::Columns;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log, people};

const LIST: &str = "SELECT u.id, u.email, u.name, s.role, s.granted_at FROM rookery_staff s \
     JOIN users u ON u.id = s.user_id AND u.deleted IS NULL ORDER BY lower(u.email), u.id";

/// [`StaffStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlStaffStore(Database);

impl SqlStaffStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl StaffStore for SqlStaffStore {
    async fn role_of(&self, user: &UserId) -> Result<Option<StaffRole>, PortError> {
        let user = *user;
        self.0
            .reading("staff.role_of", Scope::User(user), |conn| async move {
                let conn = &*conn;
                role_of(conn, user, None).await
            })
            .await
    }

    async fn list(&self) -> Result<Vec<StaffMember>, PortError> {
        self.0
            .reading("staff.list", Scope::Service, |conn| async move {
                let conn = &*conn;
                let statement = Statement::from_string(conn.get_database_backend(), LIST);
                let rows = conn.query_all_raw(statement).await?;
                rows.iter().map(|row| read(&mut Columns::of(row))).collect()
            })
            .await
    }

    async fn grant(&self, grant: &StaffGrant) -> Result<bool, PortError> {
        self.0
            .atomically("staff.grant", Scope::Service, |conn| async move {
                let conn = &*conn;
                if !people::lock(conn, grant.user).await? {
                    return Ok(Ending::RollBack(false));
                }
                let row = staff_member::ActiveModel {
                    user_id: Set(grant.user.as_uuid()),
                    role: Set(grant.role.as_str().to_owned()),
                    granted_at: Set(grant.at),
                };
                let replaced = OnConflict::column(staff_member::Column::UserId)
                    .update_columns([staff_member::Column::Role, staff_member::Column::GrantedAt])
                    .to_owned();
                staff_member::Entity::insert(row)
                    .on_conflict(replaced)
                    .exec_without_returning(conn)
                    .await?;
                audit_log::append(conn, &grant.event).await?;
                Ok(Ending::Commit(true))
            })
            .await
    }

    async fn revoke(&self, user: &UserId, event: &AuditEvent) -> Result<bool, PortError> {
        let user = *user;
        self.0
            .atomically("staff.revoke", Scope::Service, |conn| async move {
                let conn = &*conn;
                people::lock(conn, user).await?;
                let gone = staff_member::Entity::delete_many()
                    .filter(staff_member::COLUMN.user_id.eq(user.as_uuid()))
                    .exec(conn)
                    .await?;
                if gone.rows_affected == 0 {
                    return Ok(Ending::RollBack(false));
                }
                audit_log::append(conn, event).await?;
                Ok(Ending::Commit(true))
            })
            .await
    }
}

/// What somebody living is; with a lock nobody changes it until the transaction ends.
pub(crate) async fn role_of(
    conn: &impl ConnectionTrait,
    user: UserId,
    lock: Option<LockType>,
) -> Result<Option<StaffRole>, Failure> {
    let mut select = Query::select();
    select
        .column(staff_member::Column::Role)
        .from(staff_member::Entity)
        .and_where(staff_member::COLUMN.user_id.eq(user.as_uuid()))
        .and_where(sea_orm::sea_query::Expr::exists(people::living(user)));
    if let Some(lock) = lock {
        select.lock(lock);
    }
    let row = conn.query_one(&select).await?;
    row.map(|row| take_role(&mut Columns::of(&row))).transpose()
}

/// Whether somebody still is what they were when something was decided, which stays so until the transaction ends: a role that is
/// being taken away is waited for. Nobody at the command line is anything.
pub(crate) async fn is_as_decided(conn: &impl ConnectionTrait, by: Option<StaffStanding>) -> Result<bool, Failure> {
    let Some(StaffStanding { user, role }) = by else {
        return Ok(true);
    };
    Ok(role_of(conn, user, Some(LockType::Share)).await? == Some(role))
}

fn take_role(columns: &mut Columns<'_>) -> Result<StaffRole, Failure> {
    columns.parse("rookery_staff.role", str::parse)
}

fn read(columns: &mut Columns<'_>) -> Result<StaffMember, Failure> {
    Ok(StaffMember {
        user: UserId::from_uuid(columns.take("users.id")?),
        email: columns.email("users.email")?,
        name: columns.take("users.name")?,
        role: take_role(columns)?,
        since: columns.time("rookery_staff.granted_at")?,
    })
}
