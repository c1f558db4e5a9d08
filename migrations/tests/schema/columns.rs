//! The tables other programs read, column by column.

use crate::databases::{memory, postgres};

/// Table, then its columns: name, type, whether it may be NULL, default. PostgreSQL's spelling.
const POSTGRES: &str = "\
tenant_policies.tenant_id uuid NO -
tenant_policies.password_min_length integer NO 8
tenant_policies.password_require_uppercase boolean NO false
tenant_policies.password_require_numbers boolean NO false
tenant_policies.password_require_symbols boolean NO false
tenant_policies.session_timeout_hours integer NO 8
tenant_policies.max_login_attempts integer NO 5
tenant_policies.two_factor_required boolean NO false
tenant_policies.created timestamp with time zone NO now()
tenant_policies.updated timestamp with time zone NO now()
tenant_users.tenant_id uuid NO -
tenant_users.user_id uuid NO -
tenant_users.created timestamp with time zone NO now()
tenant_users.updated timestamp with time zone NO now()
tenant_users.deleted timestamp with time zone YES -
tenant_users.roles text[] YES -
tenant_users.email text YES -
tenants.id uuid NO -
tenants.name text NO -
tenants.created timestamp with time zone NO now()
tenants.updated timestamp with time zone NO now()
tenants.deleted timestamp with time zone YES -
tenants.compute_id uuid YES -
user_preferences.id uuid NO gen_random_uuid()
user_preferences.user_id uuid NO -
user_preferences.theme character varying(50) YES 'light'::character varying
user_preferences.language character varying(10) YES 'en'::character varying
user_preferences.timezone character varying(100) YES 'UTC'::character varying
user_preferences.email_notifications boolean YES true
user_preferences.push_notifications boolean YES true
user_preferences.weekly_reports boolean YES false
user_preferences.marketing_emails boolean YES false
user_preferences.created timestamp with time zone NO now()
user_preferences.updated timestamp with time zone NO now()
users.id uuid NO -
users.created timestamp with time zone NO now()
users.updated timestamp with time zone NO now()
users.deleted timestamp with time zone YES -
users.name text YES -
users.family_name text YES -
users.given_name text YES -
users.email text NO -
users.picture text YES -
users.email_verified timestamp with time zone YES -";

const KEYS_POSTGRES: &str = "\
tenant_policies: FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
tenant_policies: PRIMARY KEY (tenant_id)
tenant_users: FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
tenant_users: FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
tenant_users: PRIMARY KEY (tenant_id, user_id)
tenants: PRIMARY KEY (id)
user_preferences: FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
user_preferences: PRIMARY KEY (id)
user_preferences: UNIQUE (user_id)
users: PRIMARY KEY (id)";

const INDEXES_POSTGRES: &str = "\
CREATE INDEX tenant_users_tenant_id_created_idx ON public.tenant_users USING btree (tenant_id, created, user_id)
CREATE INDEX tenant_users_tenant_id_idx ON public.tenant_users USING btree (tenant_id)
CREATE INDEX tenant_users_user_id_idx ON public.tenant_users USING btree (user_id)
CREATE UNIQUE INDEX users_email_key ON public.users USING btree (lower(email))
CREATE INDEX users_unverified_idx ON public.users USING btree (created) WHERE (email_verified IS NULL)";

#[tokio::test]
async fn the_shared_tables_are_as_other_programs_know_them_on_postgresql() {
    let subject = postgres().await;
    rookery_migrations::up(&subject.database).await.unwrap();
    let columns = subject
        .text(
            "SELECT table_name || '.' || column_name || ' ' || format_type(atttypid, atttypmod) || ' ' || is_nullable
                 || ' ' || coalesce(column_default, '-')
             FROM information_schema.columns
             JOIN pg_attribute ON attrelid = table_name::regclass AND attname = column_name
             WHERE table_name IN ('users', 'tenants', 'tenant_users', 'user_preferences', 'tenant_policies')
             ORDER BY table_name, ordinal_position",
        )
        .await;
    assert_eq!(columns, POSTGRES);
    let keys = subject
        .text(
            "SELECT key FROM (
                 SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) AS key FROM pg_constraint
                 WHERE conrelid::regclass::text IN
                     ('users', 'tenants', 'tenant_users', 'user_preferences', 'tenant_policies')) keys
             ORDER BY key COLLATE \"C\"",
        )
        .await;
    assert_eq!(keys, KEYS_POSTGRES);
    let indexes = subject
        .text(
            "SELECT indexdef FROM pg_indexes WHERE tablename IN ('users', 'tenants', 'tenant_users', 'user_preferences',
                 'tenant_policies') AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY indexname",
        )
        .await;
    assert_eq!(indexes, INDEXES_POSTGRES);
}

const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')";

#[tokio::test]
async fn the_shared_tables_are_the_same_in_sqlite_s_words() {
    let subject = memory().await;
    rookery_migrations::up(&subject.database).await.unwrap();
    let columns = subject
        .text(
            "SELECT m.name || '.' || c.name || ' ' || lower(c.type) || ' ' || iif(c.\"notnull\", 'NO', 'YES') || ' '
                 || coalesce(c.dflt_value, '-')
             FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.name IN ('users', 'tenants', 'tenant_users', 'user_preferences', 'tenant_policies')
             ORDER BY m.name, c.cid",
        )
        .await;
    let expected = POSTGRES
        .replace("::character varying", "")
        .replace("character varying", "varchar")
        .replace("timestamp with time zone", "text")
        .replace("text[]", "text")
        .replace(" uuid", " blob")
        .replace("now()", NOW)
        .replace("gen_random_uuid()", "randomblob(16)");
    assert_eq!(columns, expected);

    let keys = subject
        .text(
            "SELECT m.name || ': ' || key FROM sqlite_master m JOIN (
                 SELECT m.name AS holder, 'FOREIGN KEY (' || f.\"from\" || ') REFERENCES ' || f.\"table\" || '('
                     || f.\"to\" || ') ON DELETE ' || f.on_delete AS key
                 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
                 UNION ALL
                 SELECT m.name, 'PRIMARY KEY (' || group_concat(c.name, ', ') || ')'
                 FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE c.pk > 0 GROUP BY m.name
                 UNION ALL
                 SELECT m.name, 'UNIQUE (' || (SELECT group_concat(i.name, ', ') FROM pragma_index_info(l.name) i) || ')'
                 FROM sqlite_master m JOIN pragma_index_list(m.name) l WHERE l.origin = 'u'
             ) ON holder = m.name
             WHERE m.type = 'table'
                 AND m.name IN ('users', 'tenants', 'tenant_users', 'user_preferences', 'tenant_policies')
             ORDER BY 1",
        )
        .await;
    assert_eq!(keys, KEYS_POSTGRES);
    let indexes = subject
        .text(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN
                 ('users', 'tenants', 'tenant_users', 'user_preferences', 'tenant_policies') ORDER BY name",
        )
        .await;
    assert_eq!(
        indexes,
        INDEXES_POSTGRES
            .replace("public.", "")
            .replace("USING btree ", "")
            .replace("(email_verified IS NULL)", "email_verified IS NULL")
    );
}

#[tokio::test]
async fn a_default_time_of_sqlite_is_written_as_ours_are() {
    let subject = memory().await;
    rookery_migrations::up(&subject.database).await.unwrap();
    subject
        .execute("INSERT INTO users (id, email) VALUES (randomblob(16), 'ada@example.com')")
        .await;
    let text = subject.text("SELECT created FROM users").await;
    assert!(text.ends_with("+00:00") && text.as_bytes()[10] == b'T', "{text}");
    let row = subject.query("SELECT created FROM users", Vec::new()).await.remove(0);
    let read: chrono::DateTime<chrono::Utc> = row.try_get("", "created").unwrap();
    assert_eq!(text, read.format("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string());
}

// Proves: A10
#[tokio::test]
async fn two_spellings_of_one_address_are_one_address() {
    for subject in [memory().await, postgres().await] {
        rookery_migrations::up(&subject.database).await.unwrap();
        let scope = if subject.label == "PostgreSQL" {
            "SELECT set_config('app.rookery_scope', 'service', false)"
        } else {
            ""
        };
        subject.execute(scope).await;
        let insert = |id: u128, email: &str| {
            sea_orm::Statement::from_sql_and_values(
                sea_orm::ConnectionTrait::get_database_backend(&subject.database),
                "INSERT INTO users (id, email) VALUES ($1, $2)",
                [uuid::Uuid::from_u128(id).into(), email.into()],
            )
        };
        sea_orm::ConnectionTrait::execute_raw(&subject.database, insert(1, "Ada@Example.com"))
            .await
            .unwrap();
        let error = sea_orm::ConnectionTrait::execute_raw(&subject.database, insert(2, "aDA@example.COM"))
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains("users_email_key"),
            "{}: {error}",
            subject.label
        );
        let found = subject
            .query(
                "SELECT user_id FROM rookery_addresses WHERE address = $1",
                vec!["ada@example.com".into()],
            )
            .await;
        assert_eq!(
            found[0].try_get::<uuid::Uuid>("", "user_id").unwrap(),
            uuid::Uuid::from_u128(1),
            "{}",
            subject.label
        );
    }
}
