//! Browsers that sign in without the second factor: `trusted_until` in `rookery_devices`.

use rookery_core::ports::{TrustWithdrawal, TrustedDevice};
use rookery_domain::{DeviceId, Timestamp, UserId};
use sea_orm::{ConnectionTrait, ExecResult, Statement, Value};

use crate::audit_log;
use crate::error::Failure;
use crate::row::Columns;
use crate::transaction::Ending;

const LIST: &str = "SELECT id, user_agent, created_at, last_used_at, trusted_until FROM rookery_devices \
     WHERE user_id = $1 AND trusted_until > $2 ORDER BY last_used_at DESC, id DESC";
const GIVE: &str = "UPDATE rookery_devices SET trusted_until = $3 WHERE user_id = $1 AND id = $2";
const WITHDRAW_ONE: &str = "UPDATE rookery_devices SET trusted_until = NULL WHERE user_id = $1 AND trusted_until > $2 \
     AND id = $3";
const WITHDRAW_LIVE: &str = "UPDATE rookery_devices SET trusted_until = NULL WHERE user_id = $1 AND trusted_until > $2";

async fn run(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<ExecResult, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    Ok(conn.execute_raw(statement).await?)
}

pub(super) async fn list(
    conn: &impl ConnectionTrait,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<TrustedDevice>, Failure> {
    let values = [user.as_uuid().into(), now.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), LIST, values);
    let rows = conn.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            Ok(TrustedDevice {
                id: DeviceId::from_uuid(columns.take("rookery_devices.id")?),
                user_agent: columns.take("rookery_devices.user_agent")?,
                created: columns.time("rookery_devices.created_at")?,
                last_used: columns.time("rookery_devices.last_used_at")?,
                trusted_until: columns.time("rookery_devices.trusted_until")?,
            })
        })
        .collect()
}

pub(super) async fn give(
    conn: &impl ConnectionTrait,
    user: UserId,
    device: DeviceId,
    until: Timestamp,
) -> Result<(), Failure> {
    let values = [user.as_uuid().into(), device.as_uuid().into(), until.into()];
    run(conn, GIVE, values).await.map(|_| ())
}

pub(super) async fn withdraw(
    conn: &impl ConnectionTrait,
    withdrawal: &TrustWithdrawal,
) -> Result<Ending<u64>, Failure> {
    let of_person: [Value; 2] = [withdrawal.user.as_uuid().into(), withdrawal.at.into()];
    let withdrawn = match withdrawal.device {
        Some(device) => {
            run(
                conn,
                WITHDRAW_ONE,
                of_person.into_iter().chain([device.as_uuid().into()]),
            )
            .await?
        }
        None => run(conn, WITHDRAW_LIVE, of_person).await?,
    };
    let count = withdrawn.rows_affected();
    if count == 0 {
        return Ok(Ending::RollBack(0));
    }
    audit_log::append(conn, &withdrawal.event).await?;
    Ok(Ending::Commit(count))
}
