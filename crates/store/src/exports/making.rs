//! Leasing copies to make, keeping their parts, and what became of them.

use rookery_core::ports::{ClaimedExport, ExportClaim, ExportHold, ExportPart, ExportSettlement};
use rookery_domain::{ExportId, Timestamp, UserId};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, Set, Statement};

use super::{FAILED, PENDING, READY};
use crate::dialect::Dialect;
use crate::entity::{export, export_part};
use crate::error::Failure;
use crate::row::Columns;
use crate::transaction::Ending;
use crate::{audit_log, outbox};

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "WITH due AS MATERIALIZED (SELECT id FROM rookery_exports \
             WHERE state = 'pending' AND next_attempt_at <= $1 AND (lease_until IS NULL OR lease_until <= $1) \
             ORDER BY next_attempt_at, id LIMIT 1",
            $lock,
            ") UPDATE rookery_exports SET lease_until = $2, lease_holder = $3, attempts = attempts + 1 \
             WHERE id IN (SELECT id FROM due) RETURNING id, user_id, attempts"
        )
    };
}

/// Leases a copy due at `$1` until `$2` to `$3`. A row that another worker is just leasing is passed by.
pub(crate) const CLAIM_POSTGRES: &str = claim!(" FOR UPDATE SKIP LOCKED");
/// As [`CLAIM_POSTGRES`]; there is one writer, so there is nobody to pass by.
pub(crate) const CLAIM_SQLITE: &str = claim!("");

pub(super) async fn claim(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    claim: &ExportClaim,
) -> Result<Option<ClaimedExport>, Failure> {
    let values: [sea_orm::Value; 3] = [
        claim.now.into(),
        claim.lease_until.into(),
        claim.holder.as_uuid().into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), dialect.export_claim, values);
    let row = conn.query_one_raw(statement).await?;
    row.map(|row| {
        let mut columns = Columns::of(&row);
        Ok(ClaimedExport {
            id: ExportId::from_uuid(columns.take("rookery_exports.id")?),
            user: UserId::from_uuid(columns.take("rookery_exports.user_id")?),
            attempts: columns.count("rookery_exports.attempts")?,
        })
    })
    .transpose()
}

/// The condition of everything a worker writes: the copy is still to be made, and this worker's.
fn is_held(hold: &ExportHold) -> Condition {
    Condition::all()
        .add(export::COLUMN.id.eq(hold.export.as_uuid()))
        .add(export::COLUMN.user_id.eq(hold.user.as_uuid()))
        .add(export::COLUMN.state.eq(PENDING))
        .add(export::Column::LeaseHolder.eq(hold.holder.as_uuid()))
}

async fn mark(conn: &impl ConnectionTrait, hold: &ExportHold, marked: export::ActiveModel) -> Result<bool, Failure> {
    let done = export::Entity::update_many()
        .set(marked)
        .filter(is_held(hold))
        .exec(conn)
        .await?;
    Ok(done.rows_affected == 1)
}

pub(super) async fn keep(conn: &impl ConnectionTrait, part: &ExportPart) -> Result<Ending<bool>, Failure> {
    let held = export::ActiveModel {
        lease_until: Set(Some(part.lease_until)),
        ..export::ActiveModel::default()
    };
    if !mark(conn, &part.hold, held).await? {
        return Ok(Ending::RollBack(false));
    }
    if part.number == 0 {
        drop_parts(conn, &part.hold).await?;
    }
    let number = i32::try_from(part.number).map_err(|error| Failure::nonsense("rookery_export_parts.number", error))?;
    let row = export_part::ActiveModel {
        export_id: Set(part.hold.export.as_uuid()),
        number: Set(number),
        user_id: Set(part.hold.user.as_uuid()),
        kept_at: Set(part.at),
        sealed: Set(part.sealed.clone()),
    };
    export_part::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(Ending::Commit(true))
}

pub(super) async fn settle(
    conn: &impl ConnectionTrait,
    hold: &ExportHold,
    settlement: &ExportSettlement,
    at: Timestamp,
) -> Result<Ending<bool>, Failure> {
    if !mark(conn, hold, marked(settlement, at)?).await? {
        return Ok(Ending::RollBack(false));
    }
    match settlement {
        ExportSettlement::Ready { mail, event, .. } => {
            outbox::queue(conn, mail, &mail.to).await?;
            audit_log::append(conn, event).await?;
        }
        ExportSettlement::Retry { .. } => {}
        ExportSettlement::Failed { event, .. } => {
            drop_parts(conn, hold).await?;
            audit_log::append(conn, event).await?;
        }
    }
    Ok(Ending::Commit(true))
}

fn marked(settlement: &ExportSettlement, at: Timestamp) -> Result<export::ActiveModel, Failure> {
    let open = export::ActiveModel {
        lease_until: Set(None),
        lease_holder: Set(None),
        ..export::ActiveModel::default()
    };
    Ok(match settlement {
        ExportSettlement::Ready {
            size, parts, expires, ..
        } => export::ActiveModel {
            state: Set(READY.to_owned()),
            settled_at: Set(Some(at)),
            expires_at: Set(Some(*expires)),
            size: Set(Some(
                i64::try_from(*size).map_err(|error| Failure::nonsense("rookery_exports.size", error))?,
            )),
            parts: Set(Some(
                i32::try_from(*parts).map_err(|error| Failure::nonsense("rookery_exports.parts", error))?,
            )),
            last_error: Set(None),
            ..open
        },
        ExportSettlement::Retry { next_attempt, error } => export::ActiveModel {
            next_attempt_at: Set(*next_attempt),
            last_error: Set(Some(error.clone())),
            ..open
        },
        ExportSettlement::Failed { error, .. } => export::ActiveModel {
            state: Set(FAILED.to_owned()),
            settled_at: Set(Some(at)),
            last_error: Set(Some(error.clone())),
            ..open
        },
    })
}

async fn drop_parts(conn: &impl ConnectionTrait, hold: &ExportHold) -> Result<(), Failure> {
    export_part::Entity::delete_many()
        .filter(export_part::COLUMN.export_id.eq(hold.export.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}
