//! Looks at the tables past the stores, as a role row-level security does not bind.

use async_trait::async_trait;
use rookery_core::domain::{DeviceId, Role, TenantId, Timestamp, UserId};
use rookery_testkit::contract::{Ledger, Witness};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement, Value};

pub(crate) struct SqlWitness(DatabaseConnection);

impl SqlWitness {
    pub(crate) async fn connect(url: &str) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).min_connections(1).sqlx_logging(false);
        Self(Database::connect(options).await.unwrap())
    }

    /// Changes rows, and answers how many.
    pub(crate) async fn execute(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> u64 {
        let statement = Statement::from_sql_and_values(self.0.get_database_backend(), sql, values);
        self.0.execute_raw(statement).await.unwrap().rows_affected()
    }

    /// Changes rows, and answers how many, or why none.
    pub(crate) async fn try_execute(&self, sql: &str) -> Result<u64, String> {
        let done = self.0.execute_unprepared(sql).await;
        done.map(|done| done.rows_affected()).map_err(|error| error.to_string())
    }

    pub(crate) async fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let statement = Statement::from_string(self.0.get_database_backend(), sql);
        self.0.query_all_raw(statement).await.unwrap()
    }

    /// The first column of the first row.
    pub(crate) async fn text(&self, sql: &str) -> String {
        self.rows(sql).await[0].try_get_by_index(0).unwrap()
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.0.get_database_backend() == sea_orm::DbBackend::Postgres
    }
}

const LEDGER: &str = "
    SELECT 'users' AS kind, count(*) AS number FROM users
    UNION ALL SELECT 'users verified', count(*) FROM users WHERE email_verified IS NOT NULL
    UNION ALL SELECT 'credentials', count(*) FROM rookery_credentials
    UNION ALL SELECT 'preferences', count(*) FROM user_preferences
    UNION ALL SELECT 'staff', count(*) FROM rookery_staff
    UNION ALL SELECT 'tenants', count(*) FROM tenants
    UNION ALL SELECT 'members', count(*) FROM tenant_users
    UNION ALL SELECT 'sessions', count(*) FROM rookery_sessions
    UNION ALL SELECT 'devices', count(*) FROM rookery_devices
    UNION ALL SELECT 'pictures', count(*) FROM rookery_pictures
    UNION ALL SELECT 'tokens ' || purpose || ' ' || CASE WHEN consumed_at IS NOT NULL THEN 'used'
        WHEN voided_at IS NOT NULL THEN 'void' ELSE 'live' END, count(*) FROM rookery_tokens GROUP BY 1
    UNION ALL SELECT 'undos ' || CASE WHEN used_at IS NOT NULL THEN 'used'
        WHEN voided_at IS NOT NULL THEN 'void' ELSE 'live' END, count(*) FROM rookery_undos GROUP BY 1
    UNION ALL SELECT 'factors ' || CASE WHEN removed_at IS NOT NULL THEN 'removed'
        WHEN confirmed_at IS NOT NULL THEN 'live' ELSE 'pending' END, count(*) FROM rookery_factors GROUP BY 1
    UNION ALL SELECT 'recovery codes ' || CASE WHEN replaced_at IS NOT NULL THEN 'replaced'
        WHEN used_at IS NOT NULL THEN 'used' ELSE 'good' END, count(*) FROM rookery_recovery_codes GROUP BY 1
    UNION ALL SELECT 'invitations ' || state, count(*) FROM rookery_invitations GROUP BY 1
    UNION ALL SELECT 'challenges', count(*) FROM rookery_challenges
    UNION ALL SELECT 'mails ' || kind || ' ' || state, count(*) FROM rookery_outbox GROUP BY 1
    UNION ALL SELECT 'webhooks', count(*) FROM rookery_webhooks
    UNION ALL SELECT 'messages ' || event || ' ' || state, count(*) FROM rookery_webhook_messages GROUP BY 1
    UNION ALL SELECT 'events ' || action || ' ' || outcome, count(*) FROM rookery_audit_events GROUP BY 1";

#[async_trait]
impl Witness for SqlWitness {
    async fn ledger(&self) -> Ledger {
        let rows = self.rows(LEDGER).await;
        rows.iter()
            .map(|row| {
                let kind = row.try_get_by_index::<String>(0).unwrap();
                (kind, row.try_get_by_index::<i64>(1).unwrap())
            })
            .collect()
    }

    async fn move_to(&self, user: &UserId, email: &str) {
        let moved = self
            .execute(
                "UPDATE users SET email = $1 WHERE id = $2",
                [email.into(), user.as_uuid().into()],
            )
            .await;
        assert_eq!(moved, 1);
    }

    async fn show(&self, user: &UserId, picture: &str) {
        let shown = self
            .execute(
                "UPDATE users SET picture = $1 WHERE id = $2",
                [picture.into(), user.as_uuid().into()],
            )
            .await;
        assert_eq!(shown, 1);
    }

    async fn end(&self, user: &UserId, at: &Timestamp) {
        let ended = self
            .execute(
                "UPDATE users SET deleted = $1 WHERE id = $2",
                [(*at).into(), user.as_uuid().into()],
            )
            .await;
        assert_eq!(ended, 1);
    }

    async fn member_addresses(&self, user: &UserId) -> Vec<String> {
        const MEMBERS: &str =
            "SELECT email FROM tenant_users WHERE user_id = $1 AND email IS NOT NULL ORDER BY tenant_id";
        let backend = self.0.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, MEMBERS, [user.as_uuid().into()]);
        let rows = self.0.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    async fn join(&self, tenant: &TenantId, user: &UserId, roles: &[Role], at: &Timestamp) {
        let words: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        let roles = if self.is_postgres() {
            format!("'{{{}}}'", words.join(","))
        } else {
            format!("'{}'", serde_json::json!(words))
        };
        let insert = format!(
            "INSERT INTO tenant_users (tenant_id, user_id, created, updated, roles) VALUES ($1, $2, $3, $3, {roles})
             ON CONFLICT (tenant_id, user_id) DO UPDATE SET deleted = NULL, created = $3, updated = $3, roles = {roles}"
        );
        let values = [tenant.as_uuid().into(), user.as_uuid().into(), (*at).into()];
        assert_eq!(self.execute(&insert, values).await, 1);
    }

    async fn trust(&self, device: &DeviceId, until: &Timestamp) {
        let trusted = self
            .execute(
                "UPDATE rookery_devices SET trusted_until = $1 WHERE id = $2",
                [(*until).into(), device.as_uuid().into()],
            )
            .await;
        assert_eq!(trusted, 1);
    }
}
