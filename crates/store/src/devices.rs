//! Browsers people have signed in with, in `rookery_devices`.

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{DeviceStore, DeviceUse, KnownDevice, NewDevice};
use rookery_domain::{DeviceId, EmailAddress, SessionId, Timestamp, TokenDigest, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set, Statement, Value};

use crate::Database;
use crate::entity::device;
use crate::error::Failure;
use crate::row::Columns;
use crate::transaction::Scope;

const KNOWN: &str = "SELECT d.id, d.user_id, d.last_used_at, d.trusted_until FROM rookery_devices d \
     JOIN rookery_addresses a ON a.user_id = d.user_id WHERE d.token_hash = $1 AND a.address = $2";

/// The browser a session is in was last used when the session began in it, unless it has begun another one since.
const TOUCH_WHERE_IT_BEGAN: &str = "UPDATE rookery_devices SET last_used_at = $3 WHERE user_id = $1 \
     AND last_used_at = (SELECT s.created_at FROM rookery_sessions s WHERE s.id = $2 AND s.user_id = $1)";

/// [`DeviceStore`] on a [`Database`]. In the service's scope: whoever shows a device's token is not known yet.
#[derive(Clone, Debug)]
pub struct SqlDeviceStore(Database);

impl SqlDeviceStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl DeviceStore for SqlDeviceStore {
    async fn known(&self, digest: &TokenDigest, email: &EmailAddress) -> Result<Option<KnownDevice>, PortError> {
        self.0
            .reading("devices.known", Scope::Service, |conn| async move {
                let conn = &*conn;
                let values: [Value; 2] = [digest.as_bytes().to_vec().into(), email.key().into()];
                let statement = Statement::from_sql_and_values(conn.get_database_backend(), KNOWN, values);
                let Some(row) = conn.query_one_raw(statement).await? else {
                    return Ok(None);
                };
                let mut columns = Columns::of(&row);
                Ok(Some(KnownDevice {
                    id: DeviceId::from_uuid(columns.take("rookery_devices.id")?),
                    user: UserId::from_uuid(columns.take("rookery_devices.user_id")?),
                    last_used: columns.time("rookery_devices.last_used_at")?,
                    trusted_until: columns.optional_time("rookery_devices.trusted_until")?,
                }))
            })
            .await
    }
}

/// Writes that the person has signed in, or shown that they read their mailbox, with this browser.
pub(crate) async fn remember(
    conn: &impl ConnectionTrait,
    user: UserId,
    device: &DeviceUse,
    user_agent: Option<&str>,
    at: Timestamp,
) -> Result<(), Failure> {
    match device {
        DeviceUse::Known(id) => touch(conn, user, *id, user_agent, at).await,
        DeviceUse::New(new) => insert(conn, user, new, user_agent, at).await,
    }
}

async fn touch(
    conn: &impl ConnectionTrait,
    user: UserId,
    id: DeviceId,
    user_agent: Option<&str>,
    at: Timestamp,
) -> Result<(), Failure> {
    let touched = device::ActiveModel {
        user_agent: Set(user_agent.map(str::to_owned)),
        last_used_at: Set(at),
        ..device::ActiveModel::default()
    };
    device::Entity::update_many()
        .set(touched)
        .filter(device::COLUMN.id.eq(id.as_uuid()))
        .filter(device::COLUMN.user_id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

async fn insert(
    conn: &impl ConnectionTrait,
    user: UserId,
    new: &NewDevice,
    user_agent: Option<&str>,
    at: Timestamp,
) -> Result<(), Failure> {
    let digest = new.digest.as_bytes().to_vec();
    if let Some(replaced) = &new.replaces {
        let renamed = device::ActiveModel {
            token_hash: Set(digest.clone()),
            ..device::ActiveModel::default()
        };
        device::Entity::update_many()
            .set(renamed)
            .filter(device::COLUMN.token_hash.eq(replaced.as_bytes().to_vec()))
            // Their own row of that name, should there be one meanwhile, makes way for the new one.
            .filter(device::COLUMN.user_id.ne(user.as_uuid()))
            .exec(conn)
            .await?;
    }
    make_room(conn, user).await?;
    let row = device::ActiveModel {
        id: Set(new.id.as_uuid()),
        user_id: Set(user.as_uuid()),
        token_hash: Set(digest),
        user_agent: Set(user_agent.map(str::to_owned)),
        created_at: Set(at),
        last_used_at: Set(at),
        trusted_until: Set(None),
    };
    device::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Writes that the person has shown a code in the browser of this session.
pub(crate) async fn touch_where_it_began(
    conn: &impl ConnectionTrait,
    user: UserId,
    session: SessionId,
    at: Timestamp,
) -> Result<(), Failure> {
    let values: [Value; 3] = [user.as_uuid().into(), session.as_uuid().into(), at.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), TOUCH_WHERE_IT_BEGAN, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

/// Forgets the devices that were not used for longest, so that one more fits.
async fn make_room(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    let newest = Query::select()
        .column(device::Column::Id)
        .from(device::Entity)
        .and_where(device::COLUMN.user_id.eq(user.as_uuid()))
        .order_by(device::Column::LastUsedAt, Order::Desc)
        .order_by(device::Column::Id, Order::Desc)
        .limit(u64::from(KnownDevice::MAX_PER_USER) - 1)
        .take();
    device::Entity::delete_many()
        .filter(device::COLUMN.user_id.eq(user.as_uuid()))
        .filter(Expr::col(device::Column::Id).not_in_subquery(newest))
        .exec(conn)
        .await?;
    Ok(())
}

/// Forgets the person's browsers but the one with this token, and trusts none to sign in without the second factor: for
/// a changed password.
pub(crate) async fn forget_others(
    conn: &impl ConnectionTrait,
    user: UserId,
    kept: Option<&TokenDigest>,
) -> Result<(), Failure> {
    let kept = kept.map_or_else(Vec::new, |digest| digest.as_bytes().to_vec());
    device::Entity::delete_many()
        .filter(device::COLUMN.user_id.eq(user.as_uuid()))
        .filter(device::COLUMN.token_hash.ne(kept))
        .exec(conn)
        .await?;
    distrust_all(conn, user).await
}

/// Forgets all of the person's browsers: for a reset, and for a change that is undone.
pub(crate) async fn forget_all(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    device::Entity::delete_many()
        .filter(device::COLUMN.user_id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Trusts none of the person's browsers to sign in without the second factor any more: for a change of factors.
pub(crate) async fn distrust_all(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    let distrusted = device::ActiveModel {
        trusted_until: Set(None),
        ..device::ActiveModel::default()
    };
    device::Entity::update_many()
        .set(distrusted)
        .filter(device::COLUMN.user_id.eq(user.as_uuid()))
        .filter(device::COLUMN.trusted_until.is_not_null())
        .exec(conn)
        .await?;
    Ok(())
}
