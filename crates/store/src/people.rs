//! What several stores do to a person's row. Whoever changes anything of a person locks this row first.

use rookery_domain::{EmailAddress, Timestamp, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Query, SelectStatement};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::entity::user;
use crate::error::Failure;
use crate::members;
use crate::row::Columns;

/// Somebody new.
pub(crate) struct NewUser<'a> {
    pub(crate) id: UserId,
    pub(crate) email: &'a str,
    pub(crate) name: Option<String>,
    pub(crate) given_name: Option<String>,
    pub(crate) family_name: Option<String>,
    pub(crate) email_verified: Option<Timestamp>,
    pub(crate) at: Timestamp,
}

/// Stores somebody new; a taken address is a [violation](crate::error::Unique::Email).
pub(crate) async fn insert(conn: &impl ConnectionTrait, new: NewUser<'_>) -> Result<(), Failure> {
    let row = user::ActiveModel {
        id: Set(new.id.as_uuid()),
        created: Set(new.at),
        updated: Set(new.at),
        name: Set(new.name),
        given_name: Set(new.given_name),
        family_name: Set(new.family_name),
        email: Set(new.email.to_owned()),
        email_verified: Set(new.email_verified),
        ..user::ActiveModel::default()
    };
    user::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Gives a locked person these names (how they want to be addressed, first, last), a verified address and no picture.
pub(crate) async fn begin_anew(
    conn: &impl ConnectionTrait,
    user: UserId,
    [name, given_name, family_name]: [Option<String>; 3],
    at: Timestamp,
) -> Result<(), Failure> {
    let anew = user::ActiveModel {
        name: Set(name),
        given_name: Set(given_name),
        family_name: Set(family_name),
        picture: Set(None),
        email_verified: Set(Some(at)),
        updated: Set(at),
        ..user::ActiveModel::default()
    };
    user::Entity::update_many()
        .set(anew)
        .filter(user::COLUMN.id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Says that the person was changed. `false` when there is no such person, or only a deleted one.
pub(crate) async fn mark_updated(conn: &impl ConnectionTrait, user: UserId, at: Timestamp) -> Result<bool, Failure> {
    update(conn, user, at, None).await
}

/// Takes the address for verified; an earlier verification keeps its time. `false` as above.
pub(crate) async fn mark_verified(conn: &impl ConnectionTrait, user: UserId, at: Timestamp) -> Result<bool, Failure> {
    let first = Expr::col(user::Column::EmailVerified).if_null(at);
    update(conn, user, at, Some(first)).await
}

async fn update(
    conn: &impl ConnectionTrait,
    user: UserId,
    at: Timestamp,
    verified: Option<Expr>,
) -> Result<bool, Failure> {
    let mut update = user::Entity::update_many().col_expr(user::Column::Updated, Expr::value(at));
    if let Some(verified) = verified {
        update = update.col_expr(user::Column::EmailVerified, verified);
    }
    let updated = update
        .filter(user::COLUMN.id.eq(user.as_uuid()))
        .filter(user::COLUMN.deleted.is_null())
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Gives the person another address, in their tenants, too. The person is locked; a taken address is a
/// [violation](crate::error::Unique::Email).
pub(crate) async fn move_to(
    conn: &impl ConnectionTrait,
    user: UserId,
    email: &EmailAddress,
    verified: Option<Timestamp>,
    at: Timestamp,
) -> Result<(), Failure> {
    user::Entity::update_many()
        .col_expr(user::Column::Email, Expr::value(email.as_str()))
        .col_expr(user::Column::EmailVerified, Expr::value(verified))
        .col_expr(user::Column::Updated, Expr::value(at))
        .filter(user::COLUMN.id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    members::move_to(conn, user, email, at).await
}

/// Whether the person has proved that they read the mailbox. To be asked of a locked person, before they are marked.
pub(crate) async fn is_verified(conn: &impl ConnectionTrait, user: UserId) -> Result<bool, Failure> {
    let mut select = living(user);
    select.and_where(user::COLUMN.email_verified.is_not_null());
    Ok(conn.query_one(&select).await?.is_some())
}

/// Makes everybody else who wants to change the person wait. `false` when there is no such person, or only a deleted
/// one; it costs the same.
pub(crate) async fn lock(conn: &impl ConnectionTrait, user: UserId) -> Result<bool, Failure> {
    let mut select = living(user);
    // The weaker lock, which lets rows that refer to the person be written meanwhile.
    select.lock(LockType::NoKeyUpdate);
    Ok(conn.query_one(&select).await?.is_some())
}

/// The person's address, as a locked person keeps it. `None` when there is no such person, or only a deleted one.
pub(crate) async fn address_of(conn: &impl ConnectionTrait, user: UserId) -> Result<Option<EmailAddress>, Failure> {
    let select = living(user).clear_selects().column(user::Column::Email).take();
    let row = conn.query_one(&select).await?;
    row.map(|row| Columns::of(&row).email("users.email")).transpose()
}

/// A query that finds the person unless deleted.
pub(crate) fn living(user: UserId) -> SelectStatement {
    Query::select()
        .column(user::Column::Id)
        .from(user::Entity)
        .and_where(user::COLUMN.id.eq(user.as_uuid()))
        .and_where(user::COLUMN.deleted.is_null())
        .take()
}
