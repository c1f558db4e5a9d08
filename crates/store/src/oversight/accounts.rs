//! Accounts, as staff see them.

use rookery_core::ports::{Account, AccountFile, EventFilter, OversightFilter, Wanted};
use rookery_domain::{EmailAddress, Timestamp, UserId};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use super::values_of;
use crate::dialect::Dialect;
use crate::entity::event;
use crate::error::Failure;
use crate::roster::begins;
use crate::row::Columns;
use crate::{accounts, deletions, event_reader, factors, sessions, staff, tenants};

macro_rules! account {
    ($($rest:expr),+ $(,)?) => {
        concat!(
            "SELECT u.id, u.email, u.name, u.email_verified, c.disabled_at, u.created, c.last_used_at, \
             (SELECT count(*) FROM rookery_sessions s WHERE s.user_id = u.id) \
             FROM users u LEFT JOIN rookery_credentials c ON c.user_id = u.id WHERE u.deleted IS NULL AND ",
            $($rest),+
        )
    };
}

const BY_ID: &str = account!("u.id = $1");
/// The ids of this service begin with the time, so the newest come first, and the key is read from its end.
const BY_BEGINNING: &str = account!(
    "u.id < $5 AND (lower(u.email) LIKE $1 ESCAPE '!' OR ",
    begins!("u.name", "$1", "$2", "$3", "$4"),
    " OR ",
    begins!("u.given_name", "$1", "$2", "$3", "$4"),
    " OR ",
    begins!("u.family_name", "$1", "$2", "$3", "$4"),
    ") ORDER BY u.id DESC LIMIT $6"
);
const HOLDER: &str = "SELECT u.id FROM rookery_addresses a JOIN users u ON u.id = a.user_id AND u.deleted IS NULL \
     WHERE a.address = $1";

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    filter: &OversightFilter<UserId>,
) -> Result<Vec<Account>, Failure> {
    let behind = filter.behind.map(|user| user.as_uuid());
    let text = match &filter.wanted {
        Some(Wanted::Id(user)) => return by_id(conn, *user, behind).await,
        Some(Wanted::Beginning(text)) => Some(text),
        None => None,
    };
    // A whole address has an index to be found by.
    if let Some(Ok(email)) = text.map(|text| EmailAddress::parse(text.as_str()))
        && let Some(user) = holder_of(conn, &email).await?
    {
        return by_id(conn, user, behind).await;
    }
    // Everything begins with nothing.
    read_all(conn, BY_BEGINNING, values_of(filter, text, behind)).await
}

/// The account and everything around it that staff may see.
pub(super) async fn file(
    conn: &impl ConnectionTrait,
    dialect: &Dialect,
    user: UserId,
    now: Timestamp,
) -> Result<Option<AccountFile>, Failure> {
    let Some(account) = by_id(conn, user, None).await?.pop() else {
        return Ok(None);
    };
    let held = factors::held(conn, user).await?;
    let recent = EventFilter {
        actions: Vec::new(),
        outcome: None,
        from: None,
        to: None,
        behind: None,
        limit: AccountFile::EVENTS,
    };
    Ok(Some(AccountFile {
        account,
        staff: staff::role_of(conn, user, None).await?,
        authenticator: held.confirmed.and_then(|sealed| sealed.factor.confirmed_since()),
        recovery_codes: held.recovery_codes,
        // The counters have names of their own, which are not known here.
        locked_until: None,
        deletion: deletions::pending(conn, user).await?,
        hold: deletions::hold_on(conn, user).await?,
        memberships: tenants::of_person(conn, dialect, user).await?,
        sessions: sessions::list_of(conn, user, now).await?,
        events: event_reader::read(conn, event::COLUMN.user_id.eq(user.as_uuid()), &recent).await?,
    }))
}

pub(super) async fn holder_of(conn: &impl ConnectionTrait, email: &EmailAddress) -> Result<Option<UserId>, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), HOLDER, [email.key().into()]);
    let row = conn.query_one_raw(statement).await?;
    row.map(|row| Columns::of(&row).take("users.id").map(UserId::from_uuid))
        .transpose()
}

async fn by_id(conn: &impl ConnectionTrait, user: UserId, behind: Option<Uuid>) -> Result<Vec<Account>, Failure> {
    if behind.is_some_and(|behind| user.as_uuid() >= behind) {
        return Ok(Vec::new());
    }
    read_all(conn, BY_ID, [user.as_uuid().into()]).await
}

async fn read_all(
    conn: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Account>, Failure> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    let rows = conn.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| accounts::read_account(&mut Columns::of(row)))
        .collect()
}
