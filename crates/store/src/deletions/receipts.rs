//! What is kept of erasures.

use rookery_core::ports::ErasureReceipt;
use rookery_domain::{Actor, ErasureId, Timestamp, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use crate::error::Failure;
use crate::row::Columns;

const INSERT: &str = "INSERT INTO rookery_erasures (id, user_id, basis, actor, requested_at, erased_at, counts) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const LIST: &str = "SELECT id, user_id, basis, actor, requested_at, erased_at, counts FROM rookery_erasures \
     ORDER BY erased_at DESC, id DESC LIMIT $1";
const SWEEP: &str = "DELETE FROM rookery_erasures WHERE id IN \
     (SELECT id FROM rookery_erasures WHERE erased_at < $1 LIMIT $2)";

pub(super) async fn insert(conn: &impl ConnectionTrait, receipt: &ErasureReceipt) -> Result<(), Failure> {
    let values: [Value; 7] = [
        receipt.id.as_uuid().into(),
        receipt.user.as_uuid().into(),
        receipt.basis.clone().into(),
        receipt.by.as_str().into(),
        receipt.requested.into(),
        receipt.erased.into(),
        serde_json::json!(receipt.counts).to_string().into(),
    ];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), INSERT, values);
    conn.execute_raw(statement).await?;
    Ok(())
}

pub(super) async fn list(conn: &impl ConnectionTrait, most: u64) -> Result<Vec<ErasureReceipt>, Failure> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), LIST, [most.into()]);
    conn.query_all_raw(statement).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<ErasureReceipt, Failure> {
    let mut columns = Columns::of(row);
    Ok(ErasureReceipt {
        id: ErasureId::from_uuid(columns.take("rookery_erasures.id")?),
        user: UserId::from_uuid(columns.take("rookery_erasures.user_id")?),
        basis: columns.take("rookery_erasures.basis")?,
        by: columns.parse("rookery_erasures.actor", |word| {
            Actor::from_word(word).ok_or("no actor this release knows")
        })?,
        requested: columns.optional_time("rookery_erasures.requested_at")?,
        erased: columns.time("rookery_erasures.erased_at")?,
        counts: columns.parse("rookery_erasures.counts", |json| serde_json::from_str(json))?,
    })
}

/// Deletes receipts of erasures before then, at most so many.
pub(crate) async fn sweep(conn: &impl ConnectionTrait, before: Timestamp, most: u64) -> Result<u64, Failure> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), SWEEP, [before.into(), most.into()]);
    Ok(conn.execute_raw(statement).await?.rows_affected())
}
