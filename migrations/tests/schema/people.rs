//! Ada and Bob share a tenant, Eve has one of her own; all three are logged in.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

use crate::databases::Subject;

pub(crate) const ADA: Uuid = Uuid::from_u128(0xada);
pub(crate) const BOB: Uuid = Uuid::from_u128(0xb0b);
pub(crate) const EVE: Uuid = Uuid::from_u128(0xe4e);
pub(crate) const SHARED: Uuid = Uuid::from_u128(0x5a);
pub(crate) const FOREIGN: Uuid = Uuid::from_u128(0xf0);
/// The digest of Ada's session token.
pub(crate) const ADA_DIGEST: [u8; 32] = [0xad; 32];

/// A time with microseconds, as the clock gives it.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_761_566_400_123_456).unwrap()
}

impl Subject {
    /// Works for the service until the connection is told otherwise. SQLite has no such notion.
    pub(crate) async fn as_service(&self) {
        self.set("app.rookery_scope", "service").await;
    }

    /// Works for nobody, for this person, inside this tenant: what is empty is unset.
    pub(crate) async fn acts_for(&self, user: &str, tenant: &str) {
        self.set("app.rookery_scope", "").await;
        self.set("app.current_user_id", user).await;
        self.set("app.current_tenant_id", tenant).await;
    }

    async fn set(&self, name: &str, value: &str) {
        if self.database.get_database_backend() == DbBackend::Postgres {
            self.query("SELECT set_config($1, $2, false)", vec![name.into(), value.into()])
                .await;
        }
    }

    pub(crate) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, sea_orm::DbErr> {
        let statement = Statement::from_sql_and_values(self.database.get_database_backend(), sql, values);
        Ok(self.database.execute_raw(statement).await?.rows_affected())
    }
}

pub(crate) async fn settle(subject: &Subject) {
    rookery_migrations::up(&subject.database).await.unwrap();
    subject.as_service().await;
    let roles = if subject.database.get_database_backend() == DbBackend::Postgres {
        "'{owner,\"with \"\"quotes\"\"\"}'".replace("\"\"", "\\\"")
    } else {
        "'[\"owner\",\"with \\\"quotes\\\"\"]'".to_owned()
    };
    for (tenant, name) in [(SHARED, "Analytical Engines"), (FOREIGN, "Elsewhere")] {
        subject
            .run(
                "INSERT INTO tenants (id, name) VALUES ($1, $2)",
                vec![tenant.into(), name.into()],
            )
            .await
            .unwrap();
        let policy = "INSERT INTO tenant_policies (tenant_id) VALUES ($1)";
        subject.run(policy, vec![tenant.into()]).await.unwrap();
    }
    for (user, email, tenant, digest) in [
        (ADA, "Ada@example.com", SHARED, ADA_DIGEST),
        (BOB, "bob@example.com", SHARED, [0xb0; 32]),
        (EVE, "eve@example.com", FOREIGN, [0xe4; 32]),
    ] {
        let person = "INSERT INTO users (id, email, name, created, updated) VALUES ($1, $2, 'N. N.', $3, $3)";
        subject
            .run(person, vec![user.into(), email.into(), now().into()])
            .await
            .unwrap();
        let member = format!("INSERT INTO tenant_users (tenant_id, user_id, roles) VALUES ($1, $2, {roles})");
        subject.run(&member, vec![tenant.into(), user.into()]).await.unwrap();
        let preferences = "INSERT INTO user_preferences (user_id) VALUES ($1)";
        subject.run(preferences, vec![user.into()]).await.unwrap();
        let credential = "INSERT INTO rookery_credentials (user_id, password_hash, version, changed_at)
            VALUES ($1, 'hash', 1, $2)";
        subject.run(credential, vec![user.into(), now().into()]).await.unwrap();
        let session = "INSERT INTO rookery_sessions (id, user_id, tenant_id, token_hash, remember, methods, created_at,
                authenticated_at, last_seen_at, idle_seconds, idle_expires_at, expires_at, address, user_agent)
            VALUES ($1, $1, $2, $3, true, 'password', $4, $4, $4, 1800, $5, $6, '127.0.0.1', NULL)";
        let ends = [now() + Duration::minutes(30), now() + Duration::hours(24)];
        let values = vec![
            user.into(),
            tenant.into(),
            digest.to_vec().into(),
            now().into(),
            ends[0].into(),
            ends[1].into(),
        ];
        subject.run(session, values).await.unwrap();
        let token = "INSERT INTO rookery_tokens (id, user_id, purpose, token_hash, email, created_at, expires_at)
            VALUES ($1, $1, 'reset', $2, $3, $4, $5)";
        let values = vec![
            user.into(),
            digest.to_vec().into(),
            email.into(),
            now().into(),
            ends[1].into(),
        ];
        subject.run(token, values).await.unwrap();
        let undo =
            "INSERT INTO rookery_undos (id, user_id, ordinal, kind, token_hash, email, address, factors, created_at,
                expires_at)
            VALUES ($1, $1, 1, 'password_changed', $2, $3, lower($3), '[]', $4, $5)";
        let values = vec![
            user.into(),
            digest.to_vec().into(),
            email.into(),
            now().into(),
            ends[1].into(),
        ];
        subject.run(undo, values).await.unwrap();
        let mail = "INSERT INTO rookery_outbox (id, user_id, kind, recipient, sealed, state, attempts, created_at,
                next_attempt_at, expires_at)
            VALUES ($1, $1, 'reset', $2, $3, 'queued', 0, $4, $4, $5)";
        let values = vec![
            user.into(),
            email.into(),
            digest.to_vec().into(),
            now().into(),
            ends[1].into(),
        ];
        subject.run(mail, values).await.unwrap();
        let consent =
            "INSERT INTO rookery_consents (id, user_id, subject, version, given, channel, language, decided_at)
            VALUES ($1, $1, 'terms', '1', true, 'api', 'en', $2)";
        subject.run(consent, vec![user.into(), now().into()]).await.unwrap();
        let export = "INSERT INTO rookery_exports (id, user_id, state, requested_at, attempts, next_attempt_at)
            VALUES ($1, $1, 'pending', $2, 0, $2)";
        subject.run(export, vec![user.into(), now().into()]).await.unwrap();
        let part =
            "INSERT INTO rookery_export_parts (export_id, number, user_id, kept_at, sealed) VALUES ($1, 0, $1, $2, $3)";
        let values = vec![user.into(), now().into(), digest.to_vec().into()];
        subject.run(part, values).await.unwrap();
        let event = "INSERT INTO rookery_audit_events (id, occurred_at, action, outcome, actor, user_id)
            VALUES ($1, $2, 'login', 'success', 'user', $1)";
        subject.run(event, vec![user.into(), now().into()]).await.unwrap();
    }
    subject.acts_for("", "").await;
}
