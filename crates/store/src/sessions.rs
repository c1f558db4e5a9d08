//! Sessions in `rookery_sessions`.

mod list;
mod methods;
mod renew;
mod resolve;
mod revoke;
mod rounds;
mod switch_tenant;

use async_trait::async_trait;
use chrono::Duration;
use rookery_core::ports::{
    ListedSession, NewSession, RevocationOutcome, SessionRenewal, SessionRevocation, SessionStore, SessionTouch,
    SignedIn, SwitchOutcome, TenantSwitch,
};
use rookery_core::{AuditEvent, PortError};
use rookery_domain::{Session, SessionId, TenantId, Timestamp, TokenDigest, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};

use crate::entity::session;
use crate::error::Failure;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log};

use resolve::LookUps;

pub(crate) use renew::on_password_change as renew;
pub(crate) use renew::on_proof as renew_on_proof;

/// [`SessionStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlSessionStore {
    database: Database,
    look_ups: LookUps,
    grace: Duration,
}

impl SqlSessionStore {
    /// On this database. People have so long to set up a second factor once a tenant asks for it.
    #[must_use]
    pub fn new(database: Database, grace: Duration) -> Self {
        Self {
            database,
            look_ups: LookUps::default(),
            grace,
        }
    }
}

#[async_trait]
impl SessionStore for SqlSessionStore {
    async fn resolve(&self, digest: &TokenDigest, now: &Timestamp) -> Result<Option<SignedIn>, PortError> {
        self.database
            .in_time(resolve::resolve(&self.database, &self.look_ups, digest, *now))
            .await
            .map(|found| found.map(|found| found.within(self.grace)))
            .map_err(|failure| failure.during("sessions.resolve"))
    }

    async fn touch(&self, touch: &SessionTouch) -> Result<(), PortError> {
        self.database
            .atomically("sessions.touch", Scope::User(touch.user), |conn| async move {
                let conn = &*conn;
                let seen = session::ActiveModel {
                    last_seen_at: Set(touch.seen),
                    idle_expires_at: Set(touch.idle_expires),
                    ..session::ActiveModel::default()
                };
                session::Entity::update_many()
                    .set(seen)
                    .filter(session::COLUMN.id.eq(touch.session.as_uuid()))
                    .filter(session::COLUMN.user_id.eq(touch.user.as_uuid()))
                    .filter(session::COLUMN.last_seen_at.lt(touch.seen))
                    .filter(is_live(touch.seen))
                    .exec(conn)
                    .await?;
                Ok(Ending::Commit(()))
            })
            .await
    }

    async fn end(&self, session: &SessionId, event: &AuditEvent) -> Result<bool, PortError> {
        self.database
            .atomically("sessions.end", Scope::of(event.user), |conn| async move {
                let conn = &*conn;
                let mut end = session::Entity::delete_many()
                    .filter(session::COLUMN.id.eq(session.as_uuid()))
                    .filter(is_live(event.at));
                if let Some(user) = event.user {
                    end = end.filter(session::COLUMN.user_id.eq(user.as_uuid()));
                }
                if end.exec(conn).await?.rows_affected == 0 {
                    return Ok(Ending::RollBack(false));
                }
                audit_log::append(conn, event).await?;
                Ok(Ending::Commit(true))
            })
            .await
    }

    async fn list(&self, user: &UserId, now: &Timestamp) -> Result<Vec<ListedSession>, PortError> {
        self.database
            .reading("sessions.list", Scope::User(*user), |conn| async move {
                let conn = &*conn;
                list::list(conn, *user, *now).await
            })
            .await
    }

    async fn renew(&self, renewal: &SessionRenewal) -> Result<bool, PortError> {
        self.database
            .atomically("sessions.renew", Scope::User(renewal.user), |conn| async move {
                let conn = &*conn;
                renew::on_proof(conn, renewal).await
            })
            .await
    }

    async fn revoke(&self, revocation: &SessionRevocation) -> Result<RevocationOutcome, PortError> {
        self.database
            .atomically("sessions.revoke", Scope::User(revocation.user), |conn| async move {
                let conn = &*conn;
                revoke::revoke(conn, revocation).await
            })
            .await
    }

    /// In the service's scope, for only there is a tenant locked.
    async fn switch_tenant(&self, switch: &TenantSwitch) -> Result<SwitchOutcome, PortError> {
        self.database
            .atomically("sessions.switch_tenant", Scope::Service, |conn| async move {
                let conn = &*conn;
                switch_tenant::switch_tenant(conn, self.database.dialect(), switch).await
            })
            .await
    }
}

fn is_live(at: Timestamp) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(session::COLUMN.idle_expires_at.gt(at))
        .add(session::COLUMN.expires_at.gt(at))
}

/// Whether this session of the person is live.
pub(crate) async fn is_open(
    conn: &impl ConnectionTrait,
    session: SessionId,
    user: UserId,
    at: Timestamp,
) -> Result<bool, Failure> {
    let open = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::COLUMN.id.eq(session.as_uuid()))
        .and_where(session::COLUMN.user_id.eq(user.as_uuid()))
        .cond_where(is_live(at))
        .take();
    Ok(conn.query_one(&open).await?.is_some())
}

/// Stores a session that begins now.
pub(crate) async fn insert(conn: &impl ConnectionTrait, new: &NewSession, at: Timestamp) -> Result<(), Failure> {
    let expires = at + new.lifetime.absolute;
    let row = session::ActiveModel {
        id: Set(new.id.as_uuid()),
        user_id: Set(new.user.as_uuid()),
        tenant_id: Set(new.tenant.map(|tenant| tenant.as_uuid())),
        token_hash: Set(new.digest.as_bytes().to_vec()),
        remember: Set(new.remembered),
        methods: Set(methods::write(&new.methods)),
        created_at: Set(at),
        authenticated_at: Set(at),
        last_seen_at: Set(at),
        // Longer than an i32 of seconds is 68 years, and the absolute life ends it before.
        idle_seconds: Set(i32::try_from(new.lifetime.idle.num_seconds()).unwrap_or(i32::MAX)),
        idle_expires_at: Set(at + new.lifetime.idle.min(new.lifetime.absolute)),
        expires_at: Set(expires),
        address: Set(new.caller.address.map(|address| address.to_string())),
        user_agent: Set(new.caller.user_agent.clone()),
    };
    session::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Ends the person's oldest sessions so that one more fits, and clears away those that had ended anyway. Before the new
/// one is stored, so that a clock that went back cannot make it the oldest.
pub(crate) async fn make_room(conn: &impl ConnectionTrait, user: UserId, at: Timestamp) -> Result<(), Failure> {
    let newest = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::COLUMN.user_id.eq(user.as_uuid()))
        .cond_where(is_live(at))
        .order_by(session::Column::CreatedAt, Order::Desc)
        .order_by(session::Column::Id, Order::Desc)
        .limit(u64::from(Session::MAX_PER_USER) - 1)
        .take();
    session::Entity::delete_many()
        .filter(session::COLUMN.user_id.eq(user.as_uuid()))
        .filter(Expr::col(session::Column::Id).not_in_subquery(newest))
        .exec(conn)
        .await?;
    Ok(())
}

/// Takes the person's sessions out of a tenant.
pub(crate) async fn leave_tenant(conn: &impl ConnectionTrait, user: UserId, tenant: TenantId) -> Result<(), Failure> {
    let outside = session::ActiveModel {
        tenant_id: Set(None),
        ..session::ActiveModel::default()
    };
    session::Entity::update_many()
        .set(outside)
        .filter(session::COLUMN.user_id.eq(user.as_uuid()))
        .filter(session::COLUMN.tenant_id.eq(tenant.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends the session with this token, whoever it belongs to.
pub(crate) async fn end_by_digest(conn: &impl ConnectionTrait, digest: &TokenDigest) -> Result<(), Failure> {
    session::Entity::delete_many()
        .filter(session::COLUMN.token_hash.eq(digest.as_bytes().to_vec()))
        .exec(conn)
        .await?;
    Ok(())
}

/// The person's live sessions, the last used first.
pub(crate) async fn list_of(
    conn: &impl ConnectionTrait,
    user: UserId,
    at: Timestamp,
) -> Result<Vec<ListedSession>, Failure> {
    list::list(conn, user, at).await
}

/// How many sessions of the person are live.
pub(crate) async fn count_live(conn: &impl ConnectionTrait, user: UserId, at: Timestamp) -> Result<u64, Failure> {
    let live = session::Entity::find()
        .filter(session::COLUMN.user_id.eq(user.as_uuid()))
        .filter(is_live(at));
    Ok(live.count(conn).await?)
}

/// Ends every session of the person.
pub(crate) async fn end_all(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    session::Entity::delete_many()
        .filter(session::COLUMN.user_id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends every session of the person but this one.
pub(crate) async fn end_all_but(conn: &impl ConnectionTrait, user: UserId, kept: SessionId) -> Result<(), Failure> {
    session::Entity::delete_many()
        .filter(session::COLUMN.user_id.eq(user.as_uuid()))
        .filter(session::COLUMN.id.ne(kept.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}
