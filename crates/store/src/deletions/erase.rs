//! Erasing an account: what [`ERASURE`] says, in its order, in one transaction.

use std::collections::BTreeMap;

use rookery_core::ports::{Erasure, ErasureBasis, ErasureOutcome, ErasureReceipt, StakeFate, TenantStake};
use rookery_core::{ERASURE, ErasureFate, ErasureRule, Names};
use rookery_domain::{TenantId, Timestamp};
use sea_orm::sea_query::{LockType, Query};
use sea_orm::{ConnectionTrait, Statement, Value};

use super::{hold, receipts, request, waiting};
use crate::dialect::Dialect;
use crate::entity::user;
use crate::error::Failure;
use crate::like::literally;
use crate::row::Columns;
use crate::transaction::Ending;
use crate::{audit_log, outbox, webhooks};

/// The log of the staff, in the very words of its index.
const OF_STAFF: &str = "substr(action, 1, 6) = 'staff.'";

/// Why nothing is erased.
enum Obstacle {
    NotDue,
    Held,
    NeedsOwners(Vec<TenantStake>),
}

/// What is to go besides the person.
struct Doomed {
    requested: Option<Timestamp>,
    address: String,
    tenants: Vec<TenantId>,
}

/// The person is locked first: whoever keeps the account, or signs in to it, has done so before and is seen here, or finds
/// nobody any more; and so does another node that erases the same account.
pub(crate) async fn erase(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    erasure: &Erasure,
) -> Result<Ending<ErasureOutcome>, Failure> {
    let doomed = match doomed(conn, dialect, erasure).await? {
        Ok(doomed) => doomed,
        Err(Obstacle::NotDue) => return Ok(Ending::RollBack(ErasureOutcome::NotDue)),
        Err(Obstacle::Held) => return Ok(Ending::RollBack(ErasureOutcome::Held)),
        Err(Obstacle::NeedsOwners(stakes)) => return Ok(Ending::RollBack(ErasureOutcome::NeedsOwners(stakes))),
    };
    // Told while the person still belongs to the tenants whose webhooks are told.
    webhooks::announce(conn, &erasure.event).await?;
    let mut counts = BTreeMap::new();
    for rule in ERASURE {
        let gone = apply(conn, rule, erasure, &doomed).await?;
        if gone > 0 {
            *counts.entry(rule.table.to_owned()).or_insert(0) += gone;
        }
    }
    if let Some(mail) = &erasure.mail {
        outbox::queue_farewell(conn, mail).await?;
    }
    audit_log::write(conn, &erasure.event).await?;
    let receipt = ErasureReceipt {
        id: erasure.id,
        user: erasure.user,
        basis: erasure.basis.as_str().to_owned(),
        by: erasure.by,
        requested: doomed.requested,
        erased: erasure.at,
        counts,
    };
    receipts::insert(conn, &receipt).await?;
    Ok(Ending::Commit(ErasureOutcome::Erased(receipt)))
}

async fn doomed(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    erasure: &Erasure,
) -> Result<Result<Doomed, Obstacle>, Failure> {
    let user = erasure.user;
    // Whoever another program has marked as deleted is erased as well.
    let lock = Query::select()
        .column(user::Column::Email)
        .from(user::Entity)
        .and_where(user::COLUMN.id.eq(user.as_uuid()))
        .lock(LockType::Update)
        .take();
    let Some(row) = conn.query_one(&lock).await? else {
        return Ok(Err(Obstacle::NotDue));
    };
    let address = Columns::of(&row).take::<String>("users.email")?.to_ascii_lowercase();
    let pending = waiting::pending(conn, user).await?;
    let mut tenants = pending.as_ref().map_or_else(Vec::new, |pending| pending.closed.clone());
    match erasure.basis {
        ErasureBasis::Asked => {
            if pending.as_ref().is_none_or(|pending| pending.due > erasure.at) {
                return Ok(Err(Obstacle::NotDue));
            }
        }
        ErasureBasis::Unverified { unused_since } => {
            if !waiting::is_unused(conn, user, unused_since).await? {
                return Ok(Err(Obstacle::NotDue));
            }
        }
        ErasureBasis::Operator | ErasureBasis::Replayed => {}
    }
    if erasure.basis != ErasureBasis::Asked {
        let stakes = request::locked_stakes(conn, dialect, user).await?;
        let (needy, others): (Vec<_>, Vec<_>) = stakes
            .into_iter()
            .filter(|stake| stake.fate != StakeFate::GoesOn)
            .partition(|stake| stake.fate == StakeFate::NeedsOwner);
        if !needy.is_empty() {
            return Ok(Err(Obstacle::NeedsOwners(needy)));
        }
        tenants.extend(others.into_iter().map(|stake| stake.tenant));
    }
    if hold::is_in_the_way(conn, user, &tenants).await? {
        return Ok(Err(Obstacle::Held));
    }
    Ok(Ok(Doomed {
        requested: pending.map(|pending| pending.requested),
        address,
        tenants,
    }))
}

/// Does what one rule says, and answers to how many rows.
async fn apply(
    conn: &impl ConnectionTrait,
    rule: &ErasureRule,
    erasure: &Erasure,
    doomed: &Doomed,
) -> Result<u64, Failure> {
    let ErasureRule { table, column, .. } = rule;
    let (change, at): (String, Option<Timestamp>) = match rule.fate {
        ErasureFate::Kept | ErasureFate::Follows => return Ok(0),
        ErasureFate::Deleted => (format!("DELETE FROM {table} WHERE"), None),
        ErasureFate::Emptied(columns) => {
            let emptied: Vec<String> = columns.iter().map(|column| format!("{column} = NULL")).collect();
            (format!("UPDATE {table} SET {} WHERE", emptied.join(", ")), None)
        }
        ErasureFate::Anonymised => {
            let cleared: Vec<String> = rule.personal.iter().map(|column| format!("{column} = NULL")).collect();
            let cleared = cleared.join(", ");
            (
                format!("UPDATE {table} SET {cleared}, anonymised_at = $2 WHERE anonymised_at IS NULL AND"),
                Some(erasure.at),
            )
        }
    };
    let (compared, named): (String, Vec<Value>) = match rule.names {
        Names::Nobody => return Ok(0),
        Names::Person if *table == "rookery_throttle_counters" => {
            let subjects = erasure.counted_as.iter().map(|subject| subject.to_vec().into());
            (format!("{column} = $1"), subjects.collect())
        }
        Names::Person => (format!("{column} = $1"), vec![erasure.user.as_uuid().into()]),
        Names::Address => (format!("lower({column}) = $1"), vec![doomed.address.clone().into()]),
        Names::Target => (
            format!("{column} = $1 AND {OF_STAFF}"),
            vec![format!("user:{}", erasure.user).into()],
        ),
        Names::Search => {
            let texts = [doomed.address.clone(), erasure.user.to_string()];
            let searches = texts.iter().map(|text| search_for(text).into());
            (
                format!("lower({column}) LIKE $1 ESCAPE '!' AND {OF_STAFF}"),
                searches.collect(),
            )
        }
        Names::Tenant => {
            let tenants = doomed.tenants.iter().map(|tenant| tenant.as_uuid().into());
            (format!("{column} = $1"), tenants.collect())
        }
    };
    let mut changed = 0;
    for value in named {
        let values = std::iter::once(value).chain(at.map(Value::from));
        let statement =
            Statement::from_sql_and_values(conn.get_database_backend(), format!("{change} {compared}"), values);
        changed += conn.execute_raw(statement).await?.rows_affected();
    }
    Ok(changed)
}

/// Fits the detail of a search for exactly this text.
fn search_for(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    format!("%\"query\":{}%", literally(&quoted))
}
