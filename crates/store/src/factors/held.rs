//! What a person can show.

use rookery_core::ports::{HeldFactors, SealedFactor};
use rookery_domain::{Factor, FactorId, FactorState, TotpStep, UserId};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{TOTP, codes};
use crate::entity::factor;
use crate::error::Failure;
use crate::row::to_micros;

pub(super) async fn held(conn: &impl ConnectionTrait, user: UserId) -> Result<HeldFactors, Failure> {
    let rows = factor::Entity::find()
        .filter(factor::COLUMN.user_id.eq(user.as_uuid()))
        .filter(factor::COLUMN.kind.eq(TOTP))
        .filter(factor::COLUMN.removed_at.is_null())
        .order_by_desc(factor::Column::CreatedAt)
        .order_by_desc(factor::Column::Id)
        .all(conn)
        .await?;
    let mut held = HeldFactors {
        recovery_codes: codes::left(conn, user).await?,
        ..HeldFactors::default()
    };
    for row in rows {
        let sealed = read(row)?;
        let place = if sealed.factor.is_confirmed() {
            &mut held.confirmed
        } else {
            &mut held.pending
        };
        // The newest comes first.
        place.get_or_insert(sealed);
    }
    Ok(held)
}

fn read(row: factor::Model) -> Result<SealedFactor, Failure> {
    let state = match (row.confirmed_at.map(to_micros), row.removed_at.map(to_micros)) {
        (_, Some(at)) => FactorState::Removed { at },
        (None, None) => FactorState::Pending,
        (Some(since), None) => FactorState::Confirmed {
            since,
            last_step: row
                .last_step
                .map(TotpStep::from_number)
                .ok_or_else(|| Failure::nonsense("rookery_factors.last_step", "a confirmed factor without one"))?,
        },
    };
    Ok(SealedFactor {
        factor: Factor {
            id: FactorId::from_uuid(row.id),
            created: to_micros(row.created_at),
            state,
            last_used: row.last_used_at.map(to_micros),
        },
        sealed_secret: row.sealed_secret,
    })
}
