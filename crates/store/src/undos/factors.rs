//! The second factors as they were: which counted, and which recovery codes were good.
//!
//! They are remembered by name and not by time, for two nodes' clocks may disagree about what came first. Neither factors
//! nor codes are erased as long as their end can be undone.

use rookery_domain::{Timestamp, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use crate::error::Failure;
use crate::row::Columns;

const FACTORS: &str = "SELECT id FROM rookery_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL \
     AND removed_at IS NULL ORDER BY id";

/// Codes that are good were all made at once.
const CODES: &str = "SELECT created_at FROM rookery_recovery_codes WHERE user_id = $1 AND used_at IS NULL \
     AND replaced_at IS NULL LIMIT 1";

const REMOVE: &str = "UPDATE rookery_factors SET removed_at = $2 WHERE user_id = $1 AND removed_at IS NULL";
const RETURN: &str = "UPDATE rookery_factors SET removed_at = NULL WHERE user_id = $1 AND id = $2 \
     AND confirmed_at IS NOT NULL";

const REPLACE_CODES: &str = "UPDATE rookery_recovery_codes SET replaced_at = $2 WHERE user_id = $1 \
     AND replaced_at IS NULL";
const RETURN_CODES: &str =
    "UPDATE rookery_recovery_codes SET replaced_at = NULL WHERE user_id = $1 AND created_at = $2";

const SINCE: &str = "UPDATE rookery_credentials SET second_factor_at = (SELECT min(f.confirmed_at) FROM rookery_factors f \
     WHERE f.user_id = $1 AND f.confirmed_at IS NOT NULL AND f.removed_at IS NULL) WHERE user_id = $1";

/// The second factors of a person at one moment.
pub(super) struct Held {
    /// Those that count.
    pub(super) ids: Vec<Uuid>,
    /// When the recovery codes were made, if there are any.
    pub(super) codes_of: Option<Timestamp>,
}

impl Held {
    pub(super) fn ids_as_json(&self) -> String {
        let ids: Vec<String> = self.ids.iter().map(Uuid::to_string).collect();
        serde_json::json!(ids).to_string()
    }

    pub(super) fn from_json(ids: &str, codes_of: Option<Timestamp>) -> Result<Self, Failure> {
        let nonsense = |error: serde_json::Error| Failure::nonsense("rookery_undos.factors", error);
        Ok(Self {
            ids: serde_json::from_str(ids).map_err(nonsense)?,
            codes_of,
        })
    }
}

/// What the person holds now.
pub(super) async fn held(conn: &impl ConnectionTrait, user: UserId) -> Result<Held, Failure> {
    let of_the_person = |sql| Statement::from_sql_and_values(conn.get_database_backend(), sql, [user.as_uuid().into()]);
    let mut ids = Vec::new();
    for row in conn.query_all_raw(of_the_person(FACTORS)).await? {
        ids.push(Columns::of(&row).take("rookery_factors.id")?);
    }
    let codes_of = match conn.query_one_raw(of_the_person(CODES)).await? {
        Some(row) => Some(Columns::of(&row).time("rookery_recovery_codes.created_at")?),
        None => None,
    };
    Ok(Held { ids, codes_of })
}

/// Makes these and no others count again, and ends every sign-in that waits for one. Codes used meanwhile stay used.
pub(super) async fn restore(
    conn: &impl ConnectionTrait,
    whose: UserId,
    held: &Held,
    at: Timestamp,
) -> Result<(), Failure> {
    let backend = conn.get_database_backend();
    let run = async |sql: &'static str, values: Vec<Value>| {
        conn.execute_raw(Statement::from_sql_and_values(backend, sql, values))
            .await
            .map(|_| ())
    };
    let user = || Value::from(whose.as_uuid());
    run(REMOVE, vec![user(), at.into()]).await?;
    for id in &held.ids {
        run(RETURN, vec![user(), (*id).into()]).await?;
    }
    run(REPLACE_CODES, vec![user(), at.into()]).await?;
    if let Some(codes_of) = held.codes_of {
        run(RETURN_CODES, vec![user(), codes_of.into()]).await?;
    }
    run(SINCE, vec![user()]).await?;
    crate::factors::end_challenges(conn, whose).await
}
