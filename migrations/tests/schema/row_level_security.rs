//! Row-level security on PostgreSQL, tried as the role that owns the tables.

use crate::{
    databases::{Subject, postgres},
    people::{ADA, ADA_DIGEST, BOB, EVE, FOREIGN, SHARED, now, settle},
};

/// Every guarded table, and the column that says whose a row is.
const GUARDED: [(&str, &str); 12] = [
    ("rookery_addresses", "user_id"),
    ("rookery_audit_events", "user_id"),
    ("rookery_credentials", "user_id"),
    ("rookery_outbox", "user_id"),
    ("rookery_sessions", "user_id"),
    ("rookery_tokens", "user_id"),
    ("rookery_undos", "user_id"),
    ("tenant_policies", "tenant_id"),
    ("tenant_users", "user_id"),
    ("tenants", "id"),
    ("user_preferences", "user_id"),
    ("users", "id"),
];

/// Guarded tables that hold nothing in this story.
const WITHOUT_ROWS: [&str; 10] = [
    "rookery_challenges",
    "rookery_devices",
    "rookery_factors",
    "rookery_invitations",
    "rookery_pictures",
    "rookery_recovery_codes",
    "rookery_staff",
    "rookery_tenant_policies",
    "rookery_webhook_messages",
    "rookery_webhooks",
];

/// Whose rows of this table are seen, as `ada bob`.
async fn seen(subject: &Subject, table: &str, column: &str) -> String {
    let rows = subject
        .query(&format!("SELECT {column} AS whose FROM {table} ORDER BY 1"), Vec::new())
        .await;
    let names = rows
        .iter()
        .map(|row| match row.try_get::<uuid::Uuid>("", "whose").unwrap() {
            ADA => "ada",
            BOB => "bob",
            EVE => "eve",
            SHARED => "shared",
            FOREIGN => "foreign",
            _ => "?",
        });
    names.collect::<Vec<_>>().join(" ")
}

// Proves: ASVS 8.4.1
#[tokio::test]
async fn every_table_with_a_person_s_or_a_tenant_s_rows_is_guarded_against_its_owner_too() {
    let subject = postgres().await;
    rookery_migrations::up(&subject.database).await.unwrap();
    let guarded = subject
        .text(
            "SELECT c.relname::text || ' ' || c.relrowsecurity || ' ' || c.relforcerowsecurity FROM pg_class c
             WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND (
                 c.relname IN ('users', 'tenants') OR EXISTS (
                     SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('user_id', 'tenant_id')))
             ORDER BY 1",
        )
        .await;
    let mut expected: Vec<_> = GUARDED.iter().map(|(table, _)| *table).chain(WITHOUT_ROWS).collect();
    expected.sort_unstable();
    let expected: Vec<_> = expected.iter().map(|table| format!("{table} true true")).collect();
    assert_eq!(guarded, expected.join("\n"));
    let unguarded = subject
        .text("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT relrowsecurity")
        .await;
    assert_eq!(unguarded, "rookery_migrations");
    let bypass = subject
        .text(
            "SELECT (rolsuper OR rolbypassrls)::text || ' ' || (tableowner = current_user) FROM pg_roles, pg_tables
               WHERE rolname = current_user AND tablename = 'users'",
        )
        .await;
    assert_eq!(bypass, "false true", "the test itself must be the owner, and bound");
}

#[tokio::test]
async fn nobody_sees_and_nobody_writes_anything() {
    let subject = postgres().await;
    settle(&subject).await;
    let never_set = subject.seen_by_another_node().await;
    for nobody in [&never_set, &subject] {
        for (table, column) in GUARDED {
            assert_eq!(seen(nobody, table, column).await, "", "{table}");
            assert_eq!(
                nobody.run(&format!("DELETE FROM {table}"), Vec::new()).await.unwrap(),
                0,
                "{table}"
            );
        }
        for insert in [
            "INSERT INTO users (id, email) VALUES (gen_random_uuid(), 'mallory@example.com')",
            "INSERT INTO tenants (id, name) VALUES (gen_random_uuid(), 'Mallory Ltd')",
            "INSERT INTO rookery_tokens (id, purpose, token_hash, email, created_at, expires_at)
             VALUES (gen_random_uuid(), 'reset', 'x', '', now(), now())",
            "INSERT INTO rookery_audit_events (id, occurred_at, action, outcome, actor) VALUES (gen_random_uuid(), now(), '', '', '')",
        ] {
            let error = nobody.run(insert, Vec::new()).await.unwrap_err();
            assert!(error.to_string().contains("row-level security"), "{insert}: {error}");
        }
    }
}

#[tokio::test]
async fn the_service_sees_everything() {
    let subject = postgres().await;
    settle(&subject).await;
    subject.as_service().await;
    for (table, column) in GUARDED {
        let expected = if column == "tenant_id" || table == "tenants" {
            "shared foreign"
        } else {
            "ada bob eve"
        };
        let mut expected: Vec<_> = expected.split(' ').collect();
        let found = seen(&subject, table, column).await;
        let mut found: Vec<_> = found.split(' ').collect();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{table}");
    }
}

#[tokio::test]
async fn a_person_sees_her_own_rows_and_her_tenant() {
    let subject = postgres().await;
    settle(&subject).await;
    subject.acts_for(&ADA.to_string(), "").await;
    for (table, column) in GUARDED {
        let expected = if column == "tenant_id" || table == "tenants" {
            "shared"
        } else {
            "ada"
        };
        assert_eq!(seen(&subject, table, column).await, expected, "{table}");
    }
}

#[tokio::test]
async fn a_former_member_sees_nothing_of_the_tenant() {
    let subject = postgres().await;
    settle(&subject).await;
    subject.as_service().await;
    subject
        .run(
            "UPDATE tenant_users SET deleted = now() WHERE user_id = $1",
            vec![ADA.into()],
        )
        .await
        .unwrap();
    subject.acts_for(&ADA.to_string(), "").await;
    assert_eq!(seen(&subject, "tenants", "id").await, "");
    assert_eq!(seen(&subject, "tenant_policies", "tenant_id").await, "");
    subject.acts_for(&ADA.to_string(), &SHARED.to_string()).await;
    assert_eq!(seen(&subject, "users", "id").await, "ada");
    assert_eq!(seen(&subject, "tenant_users", "user_id").await, "ada");
    subject.acts_for(&BOB.to_string(), &SHARED.to_string()).await;
    assert_eq!(seen(&subject, "users", "id").await, "bob");
}

#[tokio::test]
async fn whoever_names_a_tenant_of_others_sees_nothing_of_it_nor_of_its_members() {
    let subject = postgres().await;
    settle(&subject).await;
    let nobody = String::new();
    for (user, tenant, own) in [
        (&nobody, SHARED, ""),
        (&EVE.to_string(), SHARED, "eve"),
        (&uuid::Uuid::from_u128(7).to_string(), SHARED, ""),
        (&ADA.to_string(), FOREIGN, "ada"),
        (&ADA.to_string(), uuid::Uuid::from_u128(7), "ada"),
    ] {
        subject.acts_for(user, &tenant.to_string()).await;
        for table in ["users", "tenant_users"] {
            let column = if table == "users" { "id" } else { "user_id" };
            assert_eq!(
                seen(&subject, table, column).await,
                own,
                "{user:?} in {tenant}: {table}"
            );
        }
        let tenants = match own {
            "ada" => "shared",
            "eve" => "foreign",
            _ => "",
        };
        assert_eq!(seen(&subject, "tenants", "id").await, tenants, "{user:?} in {tenant}");
        assert_eq!(seen(&subject, "tenant_policies", "tenant_id").await, tenants);
    }
    let deleted = "UPDATE tenants SET deleted = now() WHERE id = $1";
    subject.as_service().await;
    subject.run(deleted, vec![SHARED.into()]).await.unwrap();
    subject.acts_for(&ADA.to_string(), &SHARED.to_string()).await;
    assert_eq!(
        seen(&subject, "users", "id").await,
        "ada",
        "nobody is inside a tenant that is deleted"
    );
}

#[tokio::test]
async fn asking_who_is_inside_leaves_the_scope_as_it_was() {
    let subject = postgres().await;
    settle(&subject).await;
    for (scope, user) in [("service", ADA), ("", ADA), ("", EVE)] {
        subject.acts_for(&user.to_string(), &SHARED.to_string()).await;
        let set = format!("SELECT set_config('app.rookery_scope', '{scope}', false)");
        subject.text(&set).await;
        let inside = subject.text("SELECT rookery_is_inside()::text").await;
        assert_eq!(inside, (user == ADA).to_string());
        assert_eq!(subject.text("SELECT current_setting('app.rookery_scope')").await, scope);
    }
}

#[tokio::test]
async fn inside_a_tenant_its_members_are_seen_and_nothing_of_theirs() {
    let subject = postgres().await;
    settle(&subject).await;
    subject.acts_for(&ADA.to_string(), &SHARED.to_string()).await;
    for (table, column) in GUARDED {
        let expected = match table {
            "users" | "tenant_users" => "ada bob",
            "tenants" | "tenant_policies" => "shared",
            _ => "ada",
        };
        let found = seen(&subject, table, column).await;
        let mut found: Vec<_> = found.split_terminator(' ').collect();
        found.sort_unstable();
        assert_eq!(found.join(" "), expected, "{table}");
    }
    for change in [
        "UPDATE users SET name = 'x' WHERE email LIKE 'bob%'",
        "UPDATE tenants SET name = 'x'",
        "DELETE FROM tenant_users",
    ] {
        assert_eq!(subject.run(change, Vec::new()).await.unwrap(), 0, "{change}");
    }
}

#[tokio::test]
async fn a_person_writes_her_own_rows_alone_and_never_a_membership() {
    let subject = postgres().await;
    settle(&subject).await;
    subject.acts_for(&ADA.to_string(), &SHARED.to_string()).await;
    assert_eq!(
        subject.run("UPDATE users SET name = 'Ada'", Vec::new()).await.unwrap(),
        1
    );
    assert_eq!(
        subject
            .run("UPDATE user_preferences SET theme = 'dark'", Vec::new())
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        subject
            .run("UPDATE tenants SET name = 'Mine'", Vec::new())
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        subject
            .run("UPDATE tenant_users SET roles = '{owner}'", Vec::new())
            .await
            .unwrap(),
        0
    );
    for (insert, values) in [
        (
            "INSERT INTO tenant_users (tenant_id, user_id) VALUES ($1, $2)",
            vec![FOREIGN.into(), ADA.into()],
        ),
        ("UPDATE user_preferences SET user_id = $1", vec![EVE.into()]),
        (
            "INSERT INTO rookery_audit_events (id, occurred_at, action, outcome, actor, user_id) VALUES ($1, now(), '', '', '', $1)",
            vec![BOB.into()],
        ),
    ] {
        let error = subject.run(insert, values).await.unwrap_err();
        assert!(error.to_string().contains("row-level security"), "{insert}: {error}");
    }
}

#[tokio::test]
async fn a_person_adds_to_her_audit_trail_and_changes_nothing_in_it() {
    let subject = postgres().await;
    settle(&subject).await;
    subject.acts_for(&ADA.to_string(), "").await;
    let event = "INSERT INTO rookery_audit_events (id, occurred_at, action, outcome, actor, user_id)
        VALUES (gen_random_uuid(), $1, 'logout', 'success', 'user', $2)";
    assert_eq!(subject.run(event, vec![now().into(), ADA.into()]).await.unwrap(), 1);
    assert_eq!(
        subject
            .run("UPDATE rookery_audit_events SET outcome = 'x'", Vec::new())
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        subject
            .run("DELETE FROM rookery_audit_events", Vec::new())
            .await
            .unwrap(),
        0
    );
}

/// With sequential scans made dear, a plan without an index scan is one that cannot use the index.
#[tokio::test]
async fn what_rows_are_found_by_uses_its_index_under_row_level_security() {
    let subject = postgres().await;
    settle(&subject).await;
    subject.as_service().await;
    subject
        .execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        .await;
    for (condition, index) in [
        ("users WHERE id = $1", "users_pkey"),
        (
            "rookery_addresses WHERE address = 'ada@example.com'",
            "rookery_addresses_address_key",
        ),
        ("rookery_credentials WHERE user_id = $1", "rookery_credentials_pkey"),
        (
            "rookery_sessions WHERE token_hash = $2",
            "rookery_sessions_token_hash_key",
        ),
        (
            "rookery_sessions WHERE user_id = $1",
            "rookery_sessions_user_id_created_at_idx",
        ),
        (
            "rookery_sessions WHERE tenant_id = $1",
            "rookery_sessions_tenant_id_idx",
        ),
        (
            "rookery_sessions WHERE expires_at < $3",
            "rookery_sessions_expires_at_idx",
        ),
        ("rookery_tokens WHERE token_hash = $2", "rookery_tokens_token_hash_key"),
        (
            "rookery_tokens WHERE user_id = $1 AND purpose = 'reset'",
            "rookery_tokens_user_id_purpose_idx",
        ),
        (
            "rookery_outbox WHERE state = 'queued' AND next_attempt_at <= $3",
            "rookery_outbox_due_idx",
        ),
        (
            "rookery_audit_events WHERE user_id = $1",
            "rookery_audit_events_user_id_idx",
        ),
        (
            "rookery_audit_events WHERE tenant_id = $1 ORDER BY occurred_at DESC, id DESC",
            "rookery_audit_events_tenant_id_idx",
        ),
        ("user_preferences WHERE user_id = $1", "user_preferences_user_id_key"),
        ("tenants WHERE id = $1", "tenants_pkey"),
        ("tenant_policies WHERE tenant_id = $1", "tenant_policies_pkey"),
    ] {
        let sql = condition
            .replace("$1", &format!("'{ADA}'"))
            .replace("$2", &format!("'\\x{}'", "ad".repeat(ADA_DIGEST.len())))
            .replace("$3", "now()");
        let plan = subject.text(&format!("EXPLAIN SELECT * FROM {sql}")).await;
        let first = plan.lines().take(2).collect::<String>();
        assert!(
            first.contains(index) && !first.contains("Seq Scan"),
            "{condition}:\n{plan}"
        );
        assert!(plan.contains("Index Cond"), "{condition}:\n{plan}");
    }
    let plan = subject
        .text("EXPLAIN SELECT * FROM users WHERE lower(email) = 'ada@example.com'")
        .await;
    assert!(
        plan.contains("Seq Scan"),
        "if this uses its index now, rookery_addresses is no longer needed:\n{plan}"
    );
}

#[tokio::test]
async fn the_address_of_a_person_follows_her_e_mail() {
    let subject = postgres().await;
    settle(&subject).await;
    subject.as_service().await;
    let address =
        "SELECT address FROM rookery_addresses a JOIN users u ON u.id = a.user_id WHERE u.name = 'N. N.' ORDER BY 1";
    assert_eq!(
        subject.text(address).await,
        "ada@example.com\nbob@example.com\neve@example.com"
    );
    subject
        .run(
            "UPDATE users SET email = 'LOVELACE@example.com' WHERE id = $1",
            vec![ADA.into()],
        )
        .await
        .unwrap();
    subject
        .run("DELETE FROM users WHERE id = $1", vec![EVE.into()])
        .await
        .unwrap();
    assert_eq!(subject.text(address).await, "bob@example.com\nlovelace@example.com");
}

#[tokio::test]
async fn a_person_sees_whether_she_is_staff_and_makes_nobody_staff_herself_included() {
    let subject = postgres().await;
    settle(&subject).await;
    subject.as_service().await;
    let staff = "INSERT INTO rookery_staff (user_id, role, granted_at) VALUES ($1, 'auditor', now())";
    for person in [ADA, BOB] {
        assert_eq!(subject.run(staff, vec![person.into()]).await.unwrap(), 1);
    }
    subject.acts_for(&ADA.to_string(), &SHARED.to_string()).await;
    assert_eq!(seen(&subject, "rookery_staff", "user_id").await, "ada");
    for change in [
        "UPDATE rookery_staff SET role = 'operator'",
        "DELETE FROM rookery_staff",
    ] {
        assert_eq!(subject.run(change, Vec::new()).await.unwrap(), 0, "{change}");
    }
    subject.acts_for(&EVE.to_string(), "").await;
    assert_eq!(seen(&subject, "rookery_staff", "user_id").await, "");
    let error = subject.run(staff, vec![EVE.into()]).await.unwrap_err();
    assert!(error.to_string().contains("row-level security"), "{error}");
}
