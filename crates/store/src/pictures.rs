//! Pictures in `rookery_pictures`, and the word of `users.picture` on them.

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{PictureChange, PictureStore};
use rookery_domain::{Picture, PictureHash, Profile, Timestamp, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::deletions::not_held;
use crate::entity::{picture, user};
use crate::error::Failure;
use crate::row::Columns;
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log, profiles};

/// [`PictureStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlPictureStore(Database);

impl SqlPictureStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl PictureStore for SqlPictureStore {
    async fn replace(&self, change: &PictureChange) -> Result<Option<Profile>, PortError> {
        self.0
            .atomically("pictures.replace", Scope::User(change.user), |conn| async move {
                let conn = &*conn;
                let is_changed = say(conn, change).await?;
                if is_changed {
                    match &change.picture {
                        Some(picture) => keep(conn, change.user, picture, change.at).await?,
                        None => drop_of(conn, change.user).await?,
                    }
                    audit_log::append(conn, &change.event).await?;
                }
                let profile = profiles::read(conn, change.user, change.tenant).await?;
                Ok(if is_changed {
                    Ending::Commit(profile)
                } else {
                    Ending::RollBack(profile)
                })
            })
            .await
    }

    async fn find(&self, hash: &PictureHash) -> Result<Option<Picture>, PortError> {
        let path = &hash.path();
        self.0
            .reading("pictures.find", Scope::Service, |conn| async move {
                let content = Query::select()
                    .column((picture::Entity, picture::Column::Content))
                    .from(picture::Entity)
                    .and_where(Expr::col((picture::Entity, picture::Column::Path)).eq(path.as_str()))
                    .and_where(Expr::exists(shown()))
                    .limit(1)
                    .take();
                let Some(row) = conn.query_one(&content).await? else {
                    return Ok(None);
                };
                let content: Vec<u8> = Columns::of(&row).take("rookery_pictures.content")?;
                Ok(Some(Picture::new(content)))
            })
            .await
    }
}

/// The condition of everything that follows: there is such a person, and what they show changes. A picture that is shown
/// already is shown again, in case that its content is gone.
async fn say(conn: &impl ConnectionTrait, change: &PictureChange) -> Result<bool, Failure> {
    let path = change.picture.as_ref().map(|picture| picture.hash().path());
    let mut condition = Condition::all()
        .add(user::COLUMN.id.eq(change.user.as_uuid()))
        .add(user::COLUMN.deleted.is_null());
    if path.is_none() {
        condition = condition.add(user::COLUMN.picture.is_not_null());
    }
    let said = user::Entity::update_many()
        .set(user::ActiveModel {
            picture: Set(path),
            updated: Set(change.at),
            ..user::ActiveModel::default()
        })
        .filter(condition)
        .exec(conn)
        .await?;
    Ok(said.rows_affected == 1)
}

/// In the place of the one before.
async fn keep(conn: &impl ConnectionTrait, user: UserId, picture: &Picture, at: Timestamp) -> Result<(), Failure> {
    use picture::Column;
    let row = picture::ActiveModel {
        user_id: Set(user.as_uuid()),
        path: Set(picture.hash().path()),
        stored_at: Set(at),
        content: Set(picture.content().to_vec()),
    };
    let in_its_place = OnConflict::column(Column::UserId)
        .update_columns([Column::Path, Column::StoredAt, Column::Content])
        .to_owned();
    picture::Entity::insert(row)
        .on_conflict(in_its_place)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

async fn drop_of(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    picture::Entity::delete_by_id(user.as_uuid()).exec(conn).await?;
    Ok(())
}

/// Throws away the person's picture, if there is one.
pub(crate) async fn erase(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    picture::Entity::delete_many()
        .filter(picture::COLUMN.user_id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Throws away pictures that were stored before and are not shown: at most so many, and how many those were.
pub(crate) async fn sweep(conn: &impl ConnectionTrait, before: Timestamp, limit: u64) -> Result<u64, Failure> {
    let old = picture::COLUMN.stored_at.lt(before);
    let leftovers = Query::select()
        .column((picture::Entity, picture::Column::UserId))
        .from(picture::Entity)
        .and_where(old.clone())
        .and_where(Expr::exists(shown()).not())
        .cond_where(not_held((picture::Entity, picture::Column::UserId)))
        .limit(limit)
        .take();
    let swept = picture::Entity::delete_many()
        .filter(picture::Column::UserId.in_subquery(leftovers))
        // Again, for a person who has uploaded another one meanwhile.
        .filter(old)
        .exec(conn)
        .await?;
    Ok(swept.rows_affected)
}

/// Of the query around it: whether the picture's person has an account and shows it.
fn shown() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(user::Entity)
        .and_where(Expr::col((user::Entity, user::Column::Id)).equals((picture::Entity, picture::Column::UserId)))
        .and_where(Expr::col((user::Entity, user::Column::Picture)).equals((picture::Entity, picture::Column::Path)))
        .and_where(Expr::col((user::Entity, user::Column::Deleted)).is_null())
        .take()
}
