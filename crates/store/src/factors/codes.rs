//! Recovery codes, by their digests.

use rookery_core::ports::NewRecoveryCode;
use rookery_domain::{Timestamp, UserId};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};

use crate::entity::recovery_code::{self, ActiveModel, Column, Entity};
use crate::error::Failure;

/// Those that let their owner pass.
fn good(user: UserId) -> Condition {
    Condition::all()
        .add(recovery_code::COLUMN.user_id.eq(user.as_uuid()))
        .add(recovery_code::COLUMN.used_at.is_null())
        .add(recovery_code::COLUMN.replaced_at.is_null())
}

pub(super) async fn left(conn: &impl ConnectionTrait, user: UserId) -> Result<u64, Failure> {
    Ok(Entity::find().filter(good(user)).count(conn).await?)
}

/// The condition is the use: of several at once one finds it.
pub(super) async fn spend(
    conn: &impl ConnectionTrait,
    user: UserId,
    digests: &[[u8; 32]],
    at: Timestamp,
) -> Result<bool, Failure> {
    let spent = ActiveModel {
        used_at: Set(Some(at)),
        ..ActiveModel::default()
    };
    let updated = Entity::update_many()
        .set(spent)
        .filter(good(user))
        .filter(Column::Digest.is_in(digests.iter().map(|digest| digest.to_vec())))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected > 0)
}

/// Those that are left count no more; used ones belong to the set that goes, and go with it.
pub(super) async fn retire(conn: &impl ConnectionTrait, user: UserId, at: Timestamp) -> Result<(), Failure> {
    let replaced = ActiveModel {
        replaced_at: Set(Some(at)),
        ..ActiveModel::default()
    };
    Entity::update_many()
        .set(replaced)
        .filter(recovery_code::COLUMN.user_id.eq(user.as_uuid()))
        .filter(recovery_code::COLUMN.replaced_at.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// All of a set are made at one moment, by which they are known as a set.
pub(super) async fn insert(
    conn: &impl ConnectionTrait,
    user: UserId,
    codes: &[NewRecoveryCode],
    at: Timestamp,
) -> Result<(), Failure> {
    let rows = codes.iter().map(|code| ActiveModel {
        id: Set(code.id.as_uuid()),
        user_id: Set(user.as_uuid()),
        digest: Set(code.digest.to_vec()),
        created_at: Set(at),
        ..ActiveModel::default()
    });
    Entity::insert_many(rows).exec_without_returning(conn).await?;
    Ok(())
}
