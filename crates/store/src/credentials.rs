//! Passwords at rest in `rookery_credentials`, and the sign-ins and changes they allow.

mod change_password;
mod look_up;
mod pending_email;
mod sign_in;

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{Credential, CredentialStore, PasswordChange, PasswordChangeOutcome, SignIn, SignInOutcome};
use rookery_domain::{EmailAddress, PasswordHash, Timestamp, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::Database;
use crate::entity::credential;
use crate::error::Failure;
use crate::transaction::{Ending, Scope};

pub(crate) use pending_email::{forget_wish, grant, wish};

/// [`CredentialStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlCredentialStore(Database);

impl SqlCredentialStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl CredentialStore for SqlCredentialStore {
    async fn by_email(&self, email: &EmailAddress) -> Result<Option<Credential>, PortError> {
        self.0
            .reading("credentials.by_email", Scope::Service, |conn| async move {
                let conn = &*conn;
                look_up::read(conn, look_up::BY_EMAIL, email.key()).await
            })
            .await
    }

    async fn by_user(&self, user: &UserId) -> Result<Option<Credential>, PortError> {
        self.0
            .reading("credentials.by_user", Scope::User(*user), |conn| async move {
                let conn = &*conn;
                look_up::read(conn, look_up::BY_USER, user.as_uuid()).await
            })
            .await
    }

    /// In the service's scope, for the session it replaces may be somebody else's.
    async fn sign_in(&self, sign_in: &SignIn) -> Result<SignInOutcome, PortError> {
        self.0
            .atomically("credentials.sign_in", Scope::Service, |conn| async move {
                let conn = &*conn;
                sign_in::open(conn, sign_in).await
            })
            .await
    }

    async fn change_password(&self, change: &PasswordChange) -> Result<PasswordChangeOutcome, PortError> {
        self.0
            .atomically(
                "credentials.change_password",
                Scope::User(change.user),
                |conn| async move {
                    let conn = &*conn;
                    change_password::change(conn, change).await
                },
            )
            .await
    }
}

/// Stores a hash of the same password with better parameters, unless the password has changed.
pub(crate) async fn store_better_hash(
    conn: &impl ConnectionTrait,
    user: UserId,
    version: i32,
    hash: &PasswordHash,
) -> Result<(), Failure> {
    let better = credential::ActiveModel {
        password_hash: Set(hash.as_phc().to_owned()),
        ..credential::ActiveModel::default()
    };
    credential::Entity::update_many()
        .set(better)
        .filter(credential::COLUMN.user_id.eq(user.as_uuid()))
        .filter(credential::COLUMN.version.eq(version))
        .exec(conn)
        .await?;
    Ok(())
}

/// Opens a session, in the transaction of a sign-in that has more to it.
pub(crate) async fn open_session(
    conn: &impl ConnectionTrait,
    sign_in: &SignIn,
) -> Result<Ending<SignInOutcome>, Failure> {
    sign_in::open(conn, sign_in).await
}

/// The first credential of a person.
pub(crate) async fn insert(
    conn: &impl ConnectionTrait,
    user: UserId,
    hash: &PasswordHash,
    at: Timestamp,
) -> Result<(), Failure> {
    let row = first(user, hash.as_phc(), at);
    credential::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Sets the password, as the first one if there is none, and calls an e-mail change off that waits.
pub(crate) async fn set(
    conn: &impl ConnectionTrait,
    user: UserId,
    hash: &PasswordHash,
    at: Timestamp,
) -> Result<(), Failure> {
    let replaced = OnConflict::column(credential::Column::UserId)
        .update_columns([credential::Column::PasswordHash, credential::Column::ChangedAt])
        .update_columns([
            credential::Column::PendingEmail,
            credential::Column::PendingEmailExpiresAt,
            credential::Column::PendingEmailSession,
        ])
        .value(credential::Column::Version, next_version())
        .to_owned();
    credential::Entity::insert(first(user, hash.as_phc(), at))
        .on_conflict(replaced)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Makes the password fit nothing, and calls an e-mail change off that waits.
pub(crate) async fn make_useless(conn: &impl ConnectionTrait, user: UserId, at: Timestamp) -> Result<(), Failure> {
    let useless = credential::ActiveModel {
        password_hash: Set(PasswordHash::NO_PASSWORD.to_owned()),
        changed_at: Set(at),
        ..pending_email::none()
    };
    credential::Entity::update_many()
        .set(useless)
        .col_expr(credential::Column::Version, next_version())
        .filter(credential::COLUMN.user_id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Refuses every sign-in from now on, those whose password is just being checked included.
pub(crate) async fn disable(conn: &impl ConnectionTrait, user: UserId, at: Timestamp) -> Result<(), Failure> {
    let since = Expr::col((credential::Entity, credential::Column::DisabledAt)).if_null(at);
    let disabled = OnConflict::column(credential::Column::UserId)
        .value(credential::Column::DisabledAt, since)
        .value(credential::Column::Version, next_version())
        .to_owned();
    let row = credential::ActiveModel {
        disabled_at: Set(Some(at)),
        ..first(user, PasswordHash::NO_PASSWORD, at)
    };
    credential::Entity::insert(row)
        .on_conflict(disabled)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Whether every sign-in is refused.
pub(crate) async fn is_disabled(conn: &impl ConnectionTrait, user: UserId) -> Result<bool, Failure> {
    let disabled = credential::Entity::find_by_id(user.as_uuid())
        .filter(credential::COLUMN.disabled_at.is_not_null())
        .one(conn)
        .await?;
    Ok(disabled.is_some())
}

/// Allows signing in again.
pub(crate) async fn enable(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    let enabled = credential::ActiveModel {
        disabled_at: Set(None),
        ..credential::ActiveModel::default()
    };
    credential::Entity::update_many()
        .set(enabled)
        .filter(credential::COLUMN.user_id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

fn first(user: UserId, phc: &str, at: Timestamp) -> credential::ActiveModel {
    credential::ActiveModel {
        user_id: Set(user.as_uuid()),
        password_hash: Set(phc.to_owned()),
        version: Set(1),
        changed_at: Set(at),
        ..credential::ActiveModel::default()
    }
}

/// In an upsert a bare column could be the stored or the offered one, so the table is named.
fn next_version() -> Expr {
    Expr::col((credential::Entity, credential::Column::Version)).add(1)
}
