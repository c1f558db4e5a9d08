//! Throwing away what has run out.

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{HousekeepingStore, Sweep, Swept};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::Database;
use crate::entity::{mail, session, token};
use crate::transaction::{Ending, Scope};

/// Rows that go in one transaction: few enough that whoever waits to write does not notice.
const BATCH: u64 = 500;

/// [`HousekeepingStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlHousekeepingStore(Database);

impl SqlHousekeepingStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }

    /// Deletes batch by batch, each in a transaction of its own, until less than a whole batch is found. Another node
    /// that deletes the same rows makes this one stop early, which is as well.
    async fn sweep_table<E: EntityTrait>(
        &self,
        _table: E,
        id: E::Column,
        condition: Condition,
    ) -> Result<u64, PortError> {
        let mut swept = 0;
        loop {
            let batch = Query::select()
                .column(id)
                .from(E::default())
                .cond_where(condition.clone())
                .limit(BATCH)
                .take();
            let batch = &batch;
            let gone = self
                .0
                .atomically("housekeeping.sweep", Scope::Service, |conn| async move {
                    let conn = &*conn;
                    let delete = E::delete_many().filter(Expr::col(id).in_subquery(batch.clone()));
                    Ok(Ending::Commit(delete.exec(conn).await?.rows_affected))
                })
                .await?;
            swept += gone;
            if gone < BATCH {
                return Ok(swept);
            }
        }
    }
}

#[async_trait]
impl HousekeepingStore for SqlHousekeepingStore {
    async fn sweep(&self, sweep: &Sweep) -> Result<Swept, PortError> {
        let ended = Condition::any()
            .add(session::COLUMN.idle_expires_at.lt(sweep.sessions_ended_before))
            .add(session::COLUMN.expires_at.lt(sweep.sessions_ended_before));
        let expired = Condition::all().add(token::COLUMN.expires_at.lt(sweep.tokens_expired_before));
        let settled = Condition::all()
            .add(mail::Column::State.is_not_in(["queued"]))
            .add(mail::COLUMN.created_at.lt(sweep.mails_settled_before));
        Ok(Swept {
            sessions: self.sweep_table(session::Entity, session::Column::Id, ended).await?,
            tokens: self.sweep_table(token::Entity, token::Column::Id, expired).await?,
            mails: self.sweep_table(mail::Entity, mail::Column::Id, settled).await?,
        })
    }
}
