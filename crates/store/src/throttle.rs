//! Counters in `rookery_throttle_counters`.

use async_trait::async_trait;
use rookery_core::PortError;
use rookery_core::ports::{Counted, CounterKey, Take, Taken, ThrottleStore};
use rookery_domain::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, Statement, Value};

use crate::Database;
use crate::entity::counter;
use crate::error::Failure;
use crate::row::{Columns, to_micros};
use crate::transaction::{Ending, Scope};

/// Counts `$3` more for the limit `$1` and the subject `$2` at `$4`, if that stays within `$5`. A counter that has ended
/// begins anew and ends at `$6`; the one that is used up ends at `$7`, if that is not null. The condition stands in the
/// statement that writes, so of any number at once the row's lock lets one after the other look.
const TAKE: &str = "INSERT INTO rookery_throttle_counters AS c (limit_name, subject, count, window_ends_at, ends_at) \
     VALUES ($1, $2, $3, $6, CASE WHEN $3 >= $5 THEN coalesce($7, $6) ELSE $6 END) \
     ON CONFLICT (limit_name, subject) DO UPDATE SET \
     count = CASE WHEN c.ends_at <= $4 THEN excluded.count ELSE c.count + excluded.count END, \
     window_ends_at = CASE WHEN c.ends_at <= $4 THEN excluded.window_ends_at ELSE c.window_ends_at END, \
     ends_at = CASE \
         WHEN c.ends_at <= $4 THEN excluded.ends_at \
         WHEN c.count + excluded.count >= $5 THEN coalesce($7, c.ends_at) \
         ELSE c.ends_at END \
     WHERE c.ends_at <= $4 OR c.count + excluded.count <= $5 \
     RETURNING count, ends_at";

const ENDS: &str = "SELECT ends_at FROM rookery_throttle_counters WHERE limit_name = $1 AND subject = $2";

/// [`ThrottleStore`] on a [`Database`].
#[derive(Clone, Debug)]
pub struct SqlThrottleStore(Database);

impl SqlThrottleStore {
    /// On this database.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl ThrottleStore for SqlThrottleStore {
    async fn take(&self, take: &Take) -> Result<Taken, PortError> {
        self.0
            .atomically("throttle.take", Scope::Service, |conn| async move {
                let conn = &*conn;
                count(conn, take).await.map(|taken| match taken {
                    granted @ Taken::Granted { .. } => Ending::Commit(granted),
                    // Nothing was written, so there is nothing the disk must keep.
                    refused @ Taken::Refused { .. } => Ending::RollBack(refused),
                })
            })
            .await
    }

    async fn give_back(&self, counter: &CounterKey, at: &Timestamp) -> Result<(), PortError> {
        self.0
            .atomically("throttle.give_back", Scope::Service, |conn| async move {
                let conn = &*conn;
                counter::Entity::update_many()
                    .col_expr(counter::Column::Count, Expr::col(counter::Column::Count).sub(1))
                    .col_expr(counter::Column::EndsAt, Expr::col(counter::Column::WindowEndsAt))
                    .filter(counter::COLUMN.limit_name.eq(counter.limit.name()))
                    .filter(counter::COLUMN.subject.eq(counter.subject.to_vec()))
                    .filter(counter::COLUMN.count.gt(0))
                    .filter(counter::COLUMN.ends_at.gt(*at))
                    .exec(conn)
                    .await?;
                Ok(Ending::Commit(()))
            })
            .await
    }

    async fn look(&self, counter: &CounterKey, at: &Timestamp) -> Result<Option<Counted>, PortError> {
        self.0
            .reading("throttle.look", Scope::Service, |conn| async move {
                let conn = &*conn;
                let running = counter::Entity::find()
                    .filter(counter::COLUMN.limit_name.eq(counter.limit.name()))
                    .filter(counter::COLUMN.subject.eq(counter.subject.to_vec()))
                    .filter(counter::COLUMN.ends_at.gt(*at))
                    .one(conn)
                    .await?;
                running.as_ref().map(counted).transpose()
            })
            .await
    }

    async fn clear(&self, counter: &CounterKey) -> Result<(), PortError> {
        self.0
            .atomically("throttle.clear", Scope::Service, |conn| async move {
                let conn = &*conn;
                forget(conn, counter).await.map(Ending::Commit)
            })
            .await
    }
}

async fn count(conn: &impl ConnectionTrait, take: &Take) -> Result<Taken, Failure> {
    let key = [
        Value::from(take.counter.limit.name()),
        take.counter.subject.to_vec().into(),
    ];
    let rule = take.rule;
    let values: [Value; 5] = [
        count_of(take.amount).into(),
        take.at.into(),
        count_of(rule.quota).into(),
        (take.at + rule.window).into(),
        rule.lock.map(|lock| take.at + lock).into(),
    ];
    let values = key.clone().into_iter().chain(values);
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), TAKE, values);
    if let Some(row) = conn.query_one_raw(statement).await? {
        let mut columns = Columns::of(&row);
        return Ok(Taken::Granted {
            count: columns.count("rookery_throttle_counters.count")?,
            ends: columns.time("rookery_throttle_counters.ends_at")?,
        });
    }
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), ENDS, key);
    let ends = match conn.query_one_raw(statement).await? {
        Some(row) => Columns::of(&row).time("rookery_throttle_counters.ends_at")?,
        // Cleared in this very moment: whoever comes again is counted anew.
        None => take.at,
    };
    Ok(Taken::Refused { ends })
}

fn counted(row: &counter::Model) -> Result<Counted, Failure> {
    Ok(Counted {
        count: row
            .count
            .try_into()
            .map_err(|error| Failure::nonsense("rookery_throttle_counters.count", error))?,
        ends: to_micros(row.ends_at),
    })
}

/// Forgets a counter, in the transaction of what ends it.
pub(crate) async fn forget(conn: &impl ConnectionTrait, counter: &CounterKey) -> Result<(), Failure> {
    counter::Entity::delete_many()
        .filter(counter::COLUMN.limit_name.eq(counter.limit.name()))
        .filter(counter::COLUMN.subject.eq(counter.subject.to_vec()))
        .exec(conn)
        .await?;
    Ok(())
}

/// A quota of more than two thousand million would be none.
fn count_of(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
