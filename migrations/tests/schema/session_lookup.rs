//! The session lookup gives the same row on both databases, and none where there is no session.

use std::fmt::Write;

use chrono::{DateTime, Duration, Utc};
use rookery_migrations::{SESSION_LOOKUP_POSTGRES, SESSION_LOOKUP_SQLITE};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, TransactionTrait};
use uuid::Uuid;

use crate::{
    databases::{Subject, connect, file, memory, served},
    people::{ADA, ADA_DIGEST, SHARED, now, settle},
};

#[derive(Debug, Clone, PartialEq, FromQueryResult)]
struct Found {
    place: i32,
    session_id: Uuid,
    user_id: Uuid,
    tenant_id: Option<Uuid>,
    remember: bool,
    methods: String,
    created_at: DateTime<Utc>,
    authenticated_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    idle_seconds: i32,
    expires_at: DateTime<Utc>,
    tenant_name: Option<String>,
    roles: String,
    email: String,
    email_verified: Option<DateTime<Utc>>,
    pending_email: Option<String>,
    pending_email_expires_at: Option<DateTime<Utc>>,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    picture: Option<String>,
    created: DateTime<Utc>,
    updated: DateTime<Utc>,
    theme: Option<String>,
    language: Option<String>,
    timezone: Option<String>,
    email_notifications: Option<bool>,
    push_notifications: Option<bool>,
    weekly_reports: Option<bool>,
    marketing_emails: Option<bool>,
}

/// When Ada's session ends unless it is used.
fn idle_end() -> DateTime<Utc> {
    now() + Duration::minutes(30)
}

fn expected() -> Found {
    Found {
        place: 0,
        session_id: ADA,
        user_id: ADA,
        tenant_id: Some(SHARED),
        remember: true,
        methods: "password".to_owned(),
        created_at: now(),
        authenticated_at: now(),
        last_seen_at: now(),
        idle_seconds: 1800,
        expires_at: now() + Duration::hours(24),
        tenant_name: Some("Analytical Engines".to_owned()),
        roles: r#"["owner","with \"quotes\""]"#.to_owned(),
        email: "Ada@example.com".to_owned(),
        email_verified: None,
        pending_email: None,
        pending_email_expires_at: None,
        name: Some("N. N.".to_owned()),
        given_name: None,
        family_name: None,
        picture: None,
        created: now(),
        updated: now(),
        theme: Some("light".to_owned()),
        language: Some("en".to_owned()),
        timezone: Some("UTC".to_owned()),
        email_notifications: Some(true),
        push_notifications: Some(true),
        weekly_reports: Some(false),
        marketing_emails: Some(false),
    }
}

fn without_tenant(found: Found) -> Found {
    Found {
        tenant_id: None,
        tenant_name: None,
        roles: "[]".to_owned(),
        ..found
    }
}

/// The digests as the lookup takes them.
fn listed(digests: &[&[u8]]) -> String {
    let mut listed = String::new();
    for digest in digests {
        let comma = if listed.is_empty() { "" } else { "," };
        listed.push_str(comma);
        for byte in *digest {
            write!(listed, "{byte:02x}").unwrap();
        }
    }
    listed
}

async fn look_all_up(subject: &Subject, digests: &[&[u8]], at: DateTime<Utc>) -> Vec<Found> {
    let sql = match subject.database.get_database_backend() {
        DbBackend::Postgres => SESSION_LOOKUP_POSTGRES,
        _ => SESSION_LOOKUP_SQLITE,
    };
    let rows = subject.query(sql, vec![listed(digests).into(), at.into()]).await;
    rows.iter()
        .map(|row| Found::from_query_result(row, "").unwrap())
        .collect()
}

async fn look_up(subject: &Subject, digest: &[u8], at: DateTime<Utc>) -> Option<Found> {
    let mut found = look_all_up(subject, &[digest], at).await;
    assert!(found.len() <= 1, "{}: {} rows", subject.label, found.len());
    found.pop()
}

/// Changes something as the service, then looks Ada's session up for nobody.
async fn look_up_after(subject: &Subject, change: &str) -> Option<Found> {
    subject.as_service().await;
    subject.execute(change).await;
    subject.acts_for("", "").await;
    look_up(subject, &ADA_DIGEST, now()).await
}

async fn finds_the_session_and_all_the_profile_needs(subject: Subject) {
    settle(&subject).await;
    let label = subject.label;
    // Often enough for PostgreSQL to have gone over to its cached plan.
    for _ in 0..10 {
        assert_eq!(look_up(&subject, &ADA_DIGEST, now()).await, Some(expected()), "{label}");
    }
    assert_eq!(
        look_up(&subject, &[0; 32], now()).await,
        None,
        "{label}: an unknown token"
    );

    let mut all = look_all_up(&subject, &[&[0; 32], &ADA_DIGEST, &[1; 32], &ADA_DIGEST], now()).await;
    all.sort_by_key(|found| found.place);
    let at = |place| Found { place, ..expected() };
    assert_eq!(all, [at(1), at(3)], "{label}: each digest has its place");

    let last = idle_end() - Duration::microseconds(1);
    assert_eq!(
        look_up(&subject, &ADA_DIGEST, last).await,
        Some(expected()),
        "{label}: to its last moment"
    );
    assert_eq!(
        look_up(&subject, &ADA_DIGEST, idle_end()).await,
        None,
        "{label}: idle too long"
    );
    let idle_never = "UPDATE rookery_sessions SET idle_expires_at = '2999-01-01T00:00:00+00:00'";
    look_up_after(&subject, idle_never).await.unwrap();
    assert_eq!(
        look_up(&subject, &ADA_DIGEST, expected().expires_at).await,
        None,
        "{label}: past its end"
    );
    subject.as_service().await;
    let idle_again = "UPDATE rookery_sessions SET idle_expires_at = $1";
    subject.run(idle_again, vec![idle_end().into()]).await.unwrap();

    let waiting = "UPDATE rookery_credentials SET pending_email = 'ada@new.example',
        pending_email_expires_at = '2999-01-01T00:00:00+00:00'";
    let found = look_up_after(&subject, waiting).await.unwrap();
    assert_eq!(found.pending_email.as_deref(), Some("ada@new.example"), "{label}");
    assert!(found.pending_email_expires_at.unwrap() > now(), "{label}");
    let found = look_up_after(&subject, "DELETE FROM rookery_credentials").await;
    assert_eq!(found, Some(expected()), "{label}: somebody without a password");

    let no_preferences = Found {
        theme: None,
        language: None,
        timezone: None,
        email_notifications: None,
        push_notifications: None,
        weekly_reports: None,
        marketing_emails: None,
        ..expected()
    };
    let found = look_up_after(&subject, "DELETE FROM user_preferences").await;
    assert_eq!(found, Some(no_preferences.clone()), "{label}: no preferences yet");

    let tenantless = Some(without_tenant(no_preferences.clone()));
    let found = look_up_after(&subject, "UPDATE tenant_users SET roles = NULL").await;
    let roleless = Found {
        roles: "[]".to_owned(),
        ..no_preferences
    };
    assert_eq!(found, Some(roleless), "{label}: a member without roles");
    let found = look_up_after(&subject, "UPDATE tenants SET deleted = created").await;
    assert_eq!(found, tenantless, "{label}: the tenant is deleted");
    look_up_after(&subject, "UPDATE tenants SET deleted = NULL")
        .await
        .unwrap();
    let found = look_up_after(&subject, "UPDATE tenant_users SET deleted = created").await;
    assert_eq!(found, tenantless, "{label}: no longer a member");
    let found = look_up_after(&subject, "DELETE FROM tenants").await;
    assert_eq!(found, tenantless, "{label}: the tenant is gone, the session stays");
    let found = look_up_after(&subject, "UPDATE users SET deleted = created").await;
    assert_eq!(found, None, "{label}: the person is deleted");
}

#[tokio::test]
async fn the_session_lookup_finds_what_the_profile_needs_in_memory() {
    finds_the_session_and_all_the_profile_needs(memory().await).await;
}

#[tokio::test]
async fn the_session_lookup_finds_what_the_profile_needs_in_a_file() {
    finds_the_session_and_all_the_profile_needs(file().await).await;
}

#[tokio::test]
async fn the_session_lookup_finds_what_the_profile_needs_on_postgresql() {
    finds_the_session_and_all_the_profile_needs(served().await).await;
}

#[tokio::test]
async fn the_session_lookup_leaves_the_transaction_working_for_nobody() {
    let subject = served().await;
    settle(&subject).await;
    let settings = "SELECT concat_ws(' ', current_setting('app.rookery_scope', true),
        current_setting('app.current_user_id', true)) AS found, (SELECT count(*) FROM users) AS people";
    let backend = subject.database.get_database_backend();
    let within = subject.database.begin().await.unwrap();
    let values = [listed(&[&ADA_DIGEST]).into(), now().into()];
    let lookup = sea_orm::Statement::from_sql_and_values(backend, SESSION_LOOKUP_POSTGRES, values);
    assert_eq!(within.query_all_raw(lookup).await.unwrap().len(), 1);
    let row = within
        .query_one_raw(sea_orm::Statement::from_string(backend, settings))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.try_get::<String>("", "found").unwrap().trim(), "");
    assert_eq!(row.try_get::<i64>("", "people").unwrap(), 0);
    within.commit().await.unwrap();

    let row = subject.query(settings, Vec::new()).await.remove(0);
    assert_eq!(
        row.try_get::<String>("", "found").unwrap().trim(),
        "",
        "nothing outlives the transaction"
    );
    assert_eq!(row.try_get::<i64>("", "people").unwrap(), 0);
}

/// Rows of people, sessions and all the look-up joins to them that this connection has read so far.
async fn rows_read(subject: &Subject) -> i64 {
    let sql =
        "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables";
    subject.query(sql, Vec::new()).await[0].try_get_by_index(0).unwrap()
}

/// How many rows the look-up of Ada's session reads.
async fn rows_the_look_up_reads(subject: &Subject) -> i64 {
    subject.execute("BEGIN").await;
    let before = rows_read(subject).await;
    assert!(look_up(subject, &ADA_DIGEST, now()).await.is_some());
    let read = rows_read(subject).await - before;
    subject.execute("COMMIT").await;
    read
}

/// The planner misjudges row-level security, and what it chooses among three people it must not choose among thousands,
/// whether it has counted them or not.
#[tokio::test]
async fn the_session_lookup_reads_no_more_rows_among_thousands_of_sessions_than_among_three() {
    let subject = served().await;
    settle(&subject).await;
    subject.acts_for("", "").await;
    let among_three = rows_the_look_up_reads(&subject).await;
    assert!((7..=12).contains(&among_three), "{among_three} rows for one session");

    subject.as_service().await;
    subject
        .execute(
            "INSERT INTO users (id, email) SELECT gen_random_uuid(), 'p' || n || '@example.com' FROM generate_series(1, 3000) n;
            INSERT INTO rookery_credentials (user_id, password_hash, version, changed_at)
                SELECT id, 'none', 1, now() FROM users WHERE email LIKE 'p%';
            INSERT INTO tenant_users (tenant_id, user_id, roles) SELECT t.id, u.id, '{member}'
                FROM users u, tenants t WHERE u.email LIKE 'p%' AND t.name = 'Elsewhere';
            INSERT INTO user_preferences (user_id) SELECT id FROM users WHERE email LIKE 'p%';
            INSERT INTO rookery_sessions (id, user_id, tenant_id, token_hash, remember, methods, created_at, authenticated_at,
                    last_seen_at, idle_seconds, idle_expires_at, expires_at)
                SELECT gen_random_uuid(), u.id, s.tenant_id, sha256(u.email::bytea), s.remember, s.methods, s.created_at,
                    s.authenticated_at, s.last_seen_at, s.idle_seconds, s.idle_expires_at, s.expires_at
                FROM users u, (SELECT * FROM rookery_sessions LIMIT 1) s WHERE u.email LIKE 'p%';",
        )
        .await;
    subject.acts_for("", "").await;
    assert_eq!(
        rows_the_look_up_reads(&subject).await,
        among_three,
        "by the plan of old"
    );
    let newcomer = subject.seen_by_another_node().await;
    assert_eq!(
        rows_the_look_up_reads(&newcomer).await,
        among_three,
        "planned, not counted"
    );
    let owner = connect(subject.postgres().owner_url()).await;
    owner.execute_unprepared("ANALYZE").await.unwrap();
    assert_eq!(
        rows_the_look_up_reads(&subject).await,
        among_three,
        "planned and counted"
    );
}
