//! The look-up behind every authenticated request.

use chrono::Duration;
use rookery_core::ports::SignedIn;
use rookery_domain::{AuthMethod, Session, SessionId, TenantId, TenantSummary, Timestamp, TokenDigest, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::Database;
use crate::error::Failure;
use crate::members::take_roles;
use crate::profiles::{Person, take_person};
use crate::row::Columns;

/// One statement, without a transaction around it.
pub(super) async fn resolve(
    database: &Database,
    digest: &TokenDigest,
    now: Timestamp,
) -> Result<Option<SignedIn>, Failure> {
    if let Some(sql) = database.dialect().session_lookup_packed {
        match in_one_piece(database, sql, digest, now).await {
            // Some value is one that JSON cannot hold, or is spelled in a way only the driver knows. Read apart, it is
            // understood, or found and named.
            Err(failure) if !failure.is_unavailable() => {}
            answer => return answer,
        }
    }
    let row = look_up(database, database.dialect().session_lookup, digest, now).await?;
    row.map(|row| read(&mut Columns::of(&row))).transpose()
}

async fn in_one_piece(
    database: &Database,
    sql: &'static str,
    digest: &TokenDigest,
    now: Timestamp,
) -> Result<Option<SignedIn>, Failure> {
    let Some(row) = look_up(database, sql, digest, now).await? else {
        return Ok(None);
    };
    let packed: String = Columns::of(&row).take("rookery_sessions")?;
    read(&mut Columns::packed(&packed, "rookery_sessions")?).map(Some)
}

async fn look_up(
    database: &Database,
    sql: &'static str,
    digest: &TokenDigest,
    now: Timestamp,
) -> Result<Option<QueryResult>, Failure> {
    let connection = database.connection();
    let values = [digest.as_bytes().to_vec().into(), now.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    Ok(connection.query_one_raw(statement).await?)
}

/// Reads the columns in the order of the look-up.
fn read(columns: &mut Columns<'_>) -> Result<SignedIn, Failure> {
    let id = SessionId::from_uuid(columns.take("rookery_sessions.id")?);
    let user = UserId::from_uuid(columns.take("rookery_sessions.user_id")?);
    let tenant = columns.take::<Option<_>>("tenants.id")?.map(TenantId::from_uuid);
    let remembered = columns.take("rookery_sessions.remember")?;
    let methods = columns.parse("rookery_sessions.methods", parse_methods)?;
    let created = columns.time("rookery_sessions.created_at")?;
    let authenticated = columns.time("rookery_sessions.authenticated_at")?;
    let last_seen = columns.time("rookery_sessions.last_seen_at")?;
    let idle = Duration::seconds(i64::from(columns.count::<u32>("rookery_sessions.idle_seconds")?));
    let _idle_expires: Timestamp = columns.take("rookery_sessions.idle_expires_at")?;
    let expires = columns.time("rookery_sessions.expires_at")?;
    let _address: Option<String> = columns.take("rookery_sessions.address")?;
    let _user_agent: Option<String> = columns.take("rookery_sessions.user_agent")?;
    let tenant_name: Option<String> = columns.take("tenants.name")?;
    let roles = take_roles(columns)?;
    let person: Person = take_person(columns)?;
    Ok(SignedIn {
        session: Session {
            id,
            user,
            tenant: tenant.zip(tenant_name).map(|(id, name)| TenantSummary {
                id,
                name,
                roles: roles.clone(),
            }),
            remembered,
            methods,
            created,
            authenticated,
            last_seen,
            idle,
            expires,
        },
        profile: person.inside(user, tenant, roles),
    })
}

fn parse_methods(text: &str) -> Result<Vec<AuthMethod>, String> {
    text.split(',')
        .map(|word| AuthMethod::from_word(word).ok_or_else(|| format!("no method is called {word:?}")))
        .collect()
}
