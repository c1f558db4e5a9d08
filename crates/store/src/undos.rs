//! Changes that can be undone, in `rookery_undos`.

mod factors;
mod look_up;
mod undo;

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{NewUndo, UndoOutcome, UndoRecord, UndoStore, Undoing};
use rookery_domain::{Timestamp, TokenDigest, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::error::Failure;
use crate::transaction::Scope;
use crate::{Database, people};

/// The account as it is now, if its address is still the one the mail goes to.
const REMEMBER: &str = "INSERT INTO rookery_undos (id, user_id, ordinal, kind, token_hash, email, address, \
     email_verified, factors, recovery_codes_of, created_at, expires_at) \
     SELECT $1, u.id, coalesce((SELECT max(e.ordinal) FROM rookery_undos e WHERE e.user_id = u.id), 0) + 1, \
     $2, $3, u.email, lower(u.email), u.email_verified, $4, $5, $6, $7 \
     FROM users u WHERE u.id = $8 AND lower(u.email) = $9 AND u.deleted IS NULL";

const RESERVED: &str = "SELECT id FROM rookery_undos WHERE address = $1 AND user_id <> $2 AND used_at IS NULL \
     AND voided_at IS NULL AND expires_at > $3 LIMIT 1";

/// [`UndoStore`] on a [`Database`]. All of it works in the service's scope: whoever shows a token is not known yet.
#[derive(Clone, Debug)]
pub struct SqlUndoStore(Database);

impl SqlUndoStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl UndoStore for SqlUndoStore {
    async fn find(&self, digest: &TokenDigest) -> Result<Option<UndoRecord>, PortError> {
        self.0
            .reading("undos.find", Scope::Service, |conn| async move {
                let conn = &*conn;
                look_up::read(conn, digest).await
            })
            .await
    }

    async fn undo(&self, undoing: &Undoing) -> Result<UndoOutcome, PortError> {
        self.0
            .atomically("undos.undo", Scope::Service, |conn| async move {
                let conn = &*conn;
                undo::undo(conn, undoing).await
            })
            .await
    }
}

/// Keeps the way back. To be called in the transaction of the change before anything of it is written or locked: it locks
/// the person.
pub(crate) async fn remember(conn: &impl ConnectionTrait, undo: &NewUndo) -> Result<(), Failure> {
    people::lock(conn, undo.user).await?;
    let held = factors::held(conn, undo.user).await?;
    let values: [Value; 9] = [
        undo.id.as_uuid().into(),
        undo.kind.as_str().into(),
        undo.digest.as_bytes().to_vec().into(),
        held.ids_as_json().into(),
        held.codes_of.into(),
        undo.created.into(),
        undo.expires.into(),
        undo.user.as_uuid().into(),
        undo.email.key().into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), REMEMBER, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

/// Voids every way back of the person but this one: they were kept for whoever had the account before.
pub(crate) async fn void_all_but(conn: &impl ConnectionTrait, kept: &NewUndo) -> Result<(), Failure> {
    const VOID: &str = "UPDATE rookery_undos SET voided_at = $1 WHERE user_id = $2 AND id <> $3 \
         AND used_at IS NULL AND voided_at IS NULL";
    let values: [Value; 3] = [
        kept.created.into(),
        kept.user.as_uuid().into(),
        kept.id.as_uuid().into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), VOID, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

/// Voids every way back of the person.
pub(crate) async fn void_all(conn: &impl ConnectionTrait, user: UserId, at: Timestamp) -> Result<(), Failure> {
    const VOID: &str = "UPDATE rookery_undos SET voided_at = $1 WHERE user_id = $2 \
         AND used_at IS NULL AND voided_at IS NULL";
    let values: [Value; 2] = [at.into(), user.as_uuid().into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), VOID, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

/// Whether the address, in lower case, is kept for somebody else than this person, who may still get it back. To be asked after the
/// address was written: only then nobody can give it up any more without being seen here.
pub(crate) async fn is_reserved(
    conn: &impl ConnectionTrait,
    address: &str,
    user: UserId,
    now: Timestamp,
) -> Result<bool, Failure> {
    let values: [Value; 3] = [address.into(), user.as_uuid().into(), now.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), RESERVED, values);
    Ok(conn.query_one_raw(statement).await?.is_some())
}
