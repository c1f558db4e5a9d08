//! Throwing away what has run out.

use std::sync::Arc;

use async_trait::async_trait;
use rookery_core::ports::{HousekeepingStore, Sweep};
use rookery_core::{Leftover, PortError};
use rookery_domain::{AuditAction, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, Query};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, Set};

use crate::deletions::not_held;
use crate::entity::{
    challenge, counter, device, event, export, factor, invitation, mail, recovery_code, session, token, undo,
};
use crate::error::Failure;
use crate::transaction::{Ending, Scope};
use crate::{Database, deletions, exports, pictures, webhooks};

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

    /// Deletes batch by batch what is over, but for what is of somebody on legal hold. The two columns are those of the row's id
    /// and of whose it is.
    async fn sweep_table<E: EntityTrait>(
        &self,
        _table: E,
        [id, whose]: [E::Column; 2],
        over: impl IntoCondition + Send,
    ) -> Result<u64, PortError> {
        let batch = Query::select()
            .column(id)
            .from(E::default())
            .cond_where(over)
            .cond_where(not_held(whose))
            .limit(BATCH)
            .take();
        let delete = E::delete_many().filter(Expr::col(id).in_subquery(batch));
        self.batch_by_batch(|conn| {
            let delete = delete.clone();
            async move { Ok(delete.exec(&*conn).await?.rows_affected) }
        })
        .await
    }

    async fn sweep_factors(&self, over: impl IntoCondition + Send) -> Result<u64, PortError> {
        let columns = [factor::Column::Id, factor::Column::UserId];
        self.sweep_table(factor::Entity, columns, over).await
    }

    /// Deletes counters, which have no id of their own, batch by batch.
    async fn sweep_counters(&self, sweep: &Sweep) -> Result<u64, PortError> {
        let key = [counter::Column::LimitName, counter::Column::Subject];
        let ended = counter::COLUMN.ends_at.lt(sweep.before);
        let batch = Query::select()
            .columns(key)
            .from(counter::Entity)
            .and_where(ended.clone())
            .limit(BATCH)
            .take();
        let delete = counter::Entity::delete_many()
            .filter(Expr::tuple(key.map(Expr::col)).in_subquery(batch))
            // Again, for one that has begun to count anew meanwhile.
            .filter(ended);
        self.batch_by_batch(|conn| {
            let delete = delete.clone();
            async move { Ok(delete.exec(&*conn).await?.rows_affected) }
        })
        .await
    }

    /// Takes what is personal out of events, batch by batch, but for those about somebody on legal hold.
    async fn anonymise(&self, happened: impl IntoCondition + Send, at: Timestamp) -> Result<u64, PortError> {
        let personal = event::COLUMN.anonymised_at.is_null();
        let batch = Query::select()
            .column(event::Column::Id)
            .from(event::Entity)
            .cond_where(happened)
            .and_where(personal.clone())
            .cond_where(not_held(event::Column::UserId))
            .limit(BATCH)
            .take();
        let update = event::Entity::update_many()
            .set(event::ActiveModel {
                request_id: Set(None),
                address: Set(None),
                user_agent: Set(None),
                detail: Set(None),
                anonymised_at: Set(Some(at)),
                ..event::ActiveModel::default()
            })
            .filter(Expr::col(event::Column::Id).in_subquery(batch))
            // Again, for a row that another node has anonymised while this one waited for it.
            .filter(personal);
        self.batch_by_batch(|conn| {
            let update = update.clone();
            async move { Ok(update.exec(&*conn).await?.rows_affected) }
        })
        .await
    }

    /// Works on one batch after the other, each in a transaction of its own, until less than a whole one is found. Another
    /// node that works on the same rows makes this one stop early, which is as well.
    async fn batch_by_batch<F>(&self, work: impl Fn(Arc<DatabaseTransaction>) -> F + Sync) -> Result<u64, PortError>
    where
        F: Future<Output = Result<u64, Failure>> + Send,
    {
        let mut swept = 0;
        loop {
            let gone = self
                .0
                .atomically("housekeeping.sweep", Scope::Service, |conn| {
                    let batch = work(conn);
                    async move { batch.await.map(Ending::Commit) }
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
    async fn sweep(&self, sweep: &Sweep) -> Result<u64, PortError> {
        let before = sweep.before;
        match sweep.leftover {
            Leftover::Sessions => {
                let ended = Condition::any()
                    .add(session::COLUMN.idle_expires_at.lt(before))
                    .add(session::COLUMN.expires_at.lt(before));
                let columns = [session::Column::Id, session::Column::UserId];
                self.sweep_table(session::Entity, columns, ended).await
            }
            Leftover::Tokens => {
                let expired = token::COLUMN.expires_at.lt(before);
                let columns = [token::Column::Id, token::Column::UserId];
                self.sweep_table(token::Entity, columns, expired).await
            }
            Leftover::Mails => {
                let settled = Condition::all()
                    .add(mail::Column::State.is_not_in(["queued"]))
                    .add(mail::COLUMN.created_at.lt(before));
                let columns = [mail::Column::Id, mail::Column::UserId];
                self.sweep_table(mail::Entity, columns, settled).await
            }
            Leftover::WebhookMessages => {
                self.batch_by_batch(|conn| async move { webhooks::sweep(&*conn, before, BATCH).await })
                    .await
            }
            Leftover::Devices => {
                let idle = device::COLUMN.last_used_at.lt(before);
                let columns = [device::Column::Id, device::Column::UserId];
                self.sweep_table(device::Entity, columns, idle).await
            }
            Leftover::Counters => self.sweep_counters(sweep).await,
            Leftover::Challenges => {
                let expired = challenge::COLUMN.expires_at.lt(before);
                let columns = [challenge::Column::Id, challenge::Column::UserId];
                self.sweep_table(challenge::Entity, columns, expired).await
            }
            Leftover::UnconfirmedFactors => {
                let forgotten = Condition::all()
                    .add(factor::COLUMN.confirmed_at.is_null())
                    .add(factor::COLUMN.created_at.lt(before));
                self.sweep_factors(forgotten).await
            }
            Leftover::RemovedFactors => self.sweep_factors(factor::COLUMN.removed_at.lt(before)).await,
            Leftover::ReplacedRecoveryCodes => {
                let replaced = recovery_code::COLUMN.replaced_at.lt(before);
                let columns = [recovery_code::Column::Id, recovery_code::Column::UserId];
                self.sweep_table(recovery_code::Entity, columns, replaced).await
            }
            Leftover::Undos => {
                let expired = undo::COLUMN.expires_at.lt(before);
                let columns = [undo::Column::Id, undo::Column::UserId];
                self.sweep_table(undo::Entity, columns, expired).await
            }
            Leftover::Invitations => {
                let over = Condition::any()
                    .add(invitation::COLUMN.settled_at.lt(before))
                    .add(invitation::COLUMN.expires_at.lt(before));
                let columns = [invitation::Column::Id, invitation::Column::InviterUserId];
                self.sweep_table(invitation::Entity, columns, over).await
            }
            Leftover::Pictures => {
                self.batch_by_batch(|conn| async move { pictures::sweep(&*conn, before, BATCH).await })
                    .await
            }
            Leftover::ErasureReceipts => {
                self.batch_by_batch(|conn| async move { deletions::sweep_receipts(&*conn, before, BATCH).await })
                    .await
            }
            Leftover::ExportContents => {
                self.batch_by_batch(|conn| async move { exports::sweep_parts(&*conn, before, BATCH).await })
                    .await
            }
            Leftover::Exports => {
                let old = export::COLUMN.requested_at.lt(before);
                let columns = [export::Column::Id, export::Column::UserId];
                self.sweep_table(export::Entity, columns, old).await
            }
            Leftover::PersonalInEvents => self.anonymise(no_log_ins_before(before), sweep.at).await,
            Leftover::PersonalInLogIns => self.anonymise(event::COLUMN.occurred_at.lt(before), sweep.at).await,
            Leftover::Events => {
                let anonymous = Condition::all()
                    .add(event::COLUMN.anonymised_at.is_not_null())
                    .add(event::COLUMN.occurred_at.lt(before));
                let columns = [event::Column::Id, event::Column::UserId];
                self.sweep_table(event::Entity, columns, anonymous).await
            }
        }
    }
}

/// By name, so that the index serves: what is no log-in is found without reading the log-ins.
fn no_log_ins_before(before: Timestamp) -> Condition {
    let known = AuditAction::ALL.iter().filter(|action| !action.is_log_in());
    Condition::all()
        .add(event::Column::Action.is_in(known.map(|action| action.as_str())))
        .add(event::COLUMN.occurred_at.lt(before))
}
