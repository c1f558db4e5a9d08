//! Copies of everything that is kept about a person, in `rookery_exports` and `rookery_export_parts`.

mod making;

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{
    ClaimedExport, ExportClaim, ExportHold, ExportPart, ExportRequest, ExportRequested, ExportSettlement, ExportStore,
};
use rookery_domain::{Export, ExportId, ExportState, Timestamp, UserId};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::deletions::not_held;
use crate::entity::{export, export_part};
use crate::error::Failure;
use crate::row::{Columns, to_micros};
use crate::transaction::{Ending, Scope};
use crate::{Database, audit_log, people};

pub(crate) use making::{CLAIM_POSTGRES, CLAIM_SQLITE};

/// Waits to be made.
const PENDING: &str = "pending";
/// Can be fetched, until it expires.
const READY: &str = "ready";
/// Will not be made.
const FAILED: &str = "failed";
/// How many copies are listed.
const LISTED: u64 = 100;

/// [`ExportStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlExportStore(Database);

impl SqlExportStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl ExportStore for SqlExportStore {
    async fn request(&self, request: &ExportRequest) -> Result<ExportRequested, PortError> {
        self.0
            .atomically("exports.request", Scope::User(request.user), |conn| async move {
                let conn = &*conn;
                accept(conn, request).await
            })
            .await
    }

    async fn of_person(&self, user: &UserId) -> Result<Vec<Export>, PortError> {
        let user = *user;
        self.0
            .reading("exports.of_person", Scope::User(user), |conn| async move {
                let rows = export::Entity::find()
                    .filter(export::COLUMN.user_id.eq(user.as_uuid()))
                    .order_by_desc(export::Column::RequestedAt)
                    .order_by_desc(export::Column::Id)
                    .limit(LISTED)
                    .all(&*conn)
                    .await?;
                rows.iter().map(parse).collect()
            })
            .await
    }

    async fn find(&self, user: &UserId, export: &ExportId) -> Result<Option<Export>, PortError> {
        let (user, export) = (*user, *export);
        self.0
            .reading("exports.find", Scope::User(user), |conn| async move {
                let row = export::Entity::find_by_id(export.as_uuid())
                    .filter(export::COLUMN.user_id.eq(user.as_uuid()))
                    .one(&*conn)
                    .await?;
                row.as_ref().map(parse).transpose()
            })
            .await
    }

    async fn part(&self, user: &UserId, export: &ExportId, number: u32) -> Result<Option<Vec<u8>>, PortError> {
        let (user, export) = (*user, *export);
        self.0
            .reading("exports.part", Scope::User(user), |conn| async move {
                let sealed = Query::select()
                    .column(export_part::Column::Sealed)
                    .from(export_part::Entity)
                    .and_where(Expr::col(export_part::Column::ExportId).eq(export.as_uuid()))
                    .and_where(Expr::col(export_part::Column::Number).eq(i64::from(number)))
                    .and_where(Expr::col(export_part::Column::UserId).eq(user.as_uuid()))
                    .take();
                let row = conn.query_one(&sealed).await?;
                row.map(|row| Columns::of(&row).take("rookery_export_parts.sealed"))
                    .transpose()
            })
            .await
    }

    async fn claim(&self, claim: &ExportClaim) -> Result<Option<ClaimedExport>, PortError> {
        self.0
            .atomically("exports.claim", Scope::Service, |conn| async move {
                let conn = &*conn;
                making::claim(conn, self.0.dialect(), claim).await.map(Ending::Commit)
            })
            .await
    }

    async fn keep(&self, part: &ExportPart) -> Result<bool, PortError> {
        self.0
            .atomically("exports.keep", Scope::User(part.hold.user), |conn| async move {
                let conn = &*conn;
                making::keep(conn, part).await
            })
            .await
    }

    async fn settle(
        &self,
        hold: &ExportHold,
        settlement: &ExportSettlement,
        at: &Timestamp,
    ) -> Result<bool, PortError> {
        self.0
            .atomically("exports.settle", Scope::User(hold.user), |conn| async move {
                let conn = &*conn;
                making::settle(conn, hold, settlement, *at).await
            })
            .await
    }
}

/// The person's row is locked first, so that of several requests at once one is accepted and the others see it.
async fn accept(conn: &impl ConnectionTrait, request: &ExportRequest) -> Result<Ending<ExportRequested>, Failure> {
    if !people::lock(conn, request.user).await? {
        return Ok(Ending::RollBack(ExportRequested::NoSuchPerson));
    }
    let waiting = export::Entity::find()
        .filter(export::COLUMN.user_id.eq(request.user.as_uuid()))
        .filter(export::COLUMN.state.eq(PENDING))
        .one(conn)
        .await?;
    if let Some(waiting) = waiting {
        return Ok(Ending::RollBack(ExportRequested::Waiting(parse(&waiting)?)));
    }
    let row = export::ActiveModel {
        id: Set(request.id.as_uuid()),
        user_id: Set(request.user.as_uuid()),
        state: Set(PENDING.to_owned()),
        requested_at: Set(request.at),
        attempts: Set(0),
        next_attempt_at: Set(request.at),
        ..export::ActiveModel::default()
    };
    export::Entity::insert(row).exec_without_returning(conn).await?;
    audit_log::append(conn, &request.event).await?;
    Ok(Ending::Commit(ExportRequested::Accepted(Export {
        id: request.id,
        requested: request.at,
        state: ExportState::Pending,
    })))
}

fn parse(row: &export::Model) -> Result<Export, Failure> {
    let lacks = |column| Failure::nonsense(column, "a settled copy lacks it");
    let settled = || row.settled_at.map(to_micros).ok_or(lacks("rookery_exports.settled_at"));
    let state = match row.state.as_str() {
        PENDING => ExportState::Pending,
        READY => ExportState::Ready {
            at: settled()?,
            expires: row
                .expires_at
                .map(to_micros)
                .ok_or(lacks("rookery_exports.expires_at"))?,
            size: row
                .size
                .and_then(|size| size.try_into().ok())
                .ok_or(lacks("rookery_exports.size"))?,
            parts: row
                .parts
                .and_then(|parts| parts.try_into().ok())
                .ok_or(lacks("rookery_exports.parts"))?,
        },
        FAILED => ExportState::Failed { at: settled()? },
        other => {
            return Err(Failure::nonsense(
                "rookery_exports.state",
                format!("no such word: {other:?}"),
            ));
        }
    };
    Ok(Export {
        id: ExportId::from_uuid(row.id),
        requested: to_micros(row.requested_at),
        state,
    })
}

/// Throws away every copy a person has asked for, their parts included.
pub(crate) async fn erase_all(conn: &impl ConnectionTrait, user: UserId) -> Result<(), Failure> {
    export::Entity::delete_many()
        .filter(export::COLUMN.user_id.eq(user.as_uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Throws away the content of copies that was kept before: at most so many parts, and how many those were.
pub(crate) async fn sweep_parts(conn: &impl ConnectionTrait, before: Timestamp, limit: u64) -> Result<u64, Failure> {
    let key = [export_part::Column::ExportId, export_part::Column::Number];
    let old = Query::select()
        .columns(key)
        .from(export_part::Entity)
        .and_where(Expr::col(export_part::Column::KeptAt).lt(before))
        .cond_where(not_held(export_part::Column::UserId))
        .limit(limit)
        .take();
    let swept = export_part::Entity::delete_many()
        .filter(Expr::tuple(key.map(Expr::col)).in_subquery(old))
        .exec(conn)
        .await?;
    Ok(swept.rows_affected)
}
