//! What the owner of the tables gives the service's role, and what that role cannot do.

use rookery_migrations::{MigrationError, grant, missing_rights, up};

use crate::databases::{connect, memory, postgres, served};

/// What the role may do with every table of the schema, as `table: rights`, and with columns where that is less.
const RIGHTS: &str = "SELECT relname::text || ': ' || rights FROM (
    SELECT c.relname, concat_ws(' ',
        (SELECT string_agg(p.privilege_type, ' ' ORDER BY p.privilege_type) FROM aclexplode(c.relacl) p
         WHERE p.grantee = current_user::regrole),
        (SELECT string_agg(p.privilege_type || ' ' || a.attname, ' ' ORDER BY a.attname)
         FROM pg_attribute a CROSS JOIN aclexplode(a.attacl) p
         WHERE a.attrelid = c.oid AND p.grantee = current_user::regrole)) AS rights
    FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'S', 'm') AND c.relnamespace = 'public'::regnamespace) all_of_them
    ORDER BY relname";

// Proves: ASVS 13.2.2
#[tokio::test]
async fn the_service_reads_and_writes_rows_and_has_no_other_right_on_any_table() {
    let service = served().await;
    let tables = service
        .text("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1")
        .await;
    let expected: Vec<String> = tables
        .lines()
        .map(|table| {
            let rights = match table {
                "rookery_migrations" => "SELECT",
                "rookery_audit_events" => {
                    "DELETE INSERT SELECT UPDATE address UPDATE anonymised_at UPDATE detail UPDATE request_id UPDATE user_agent"
                }
                _ => "DELETE INSERT SELECT UPDATE",
            };
            format!("{table}: {rights}")
        })
        .collect();
    assert!(expected.len() > 20, "{expected:?}");
    assert_eq!(service.text(RIGHTS).await, expected.join("\n"));
    assert_eq!(missing_rights(&service.database).await.unwrap(), [""; 0]);
    let is_owner = "SELECT count(*)::text FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER')";
    assert_eq!(service.text(is_owner).await, "0");
}

// Proves: ASVS 13.2.2
#[tokio::test]
async fn the_service_cannot_change_the_schema_nor_empty_a_table_nor_become_somebody_who_can() {
    let service = served().await;
    service.as_service().await;
    let owner = service.postgres().owner();
    let mut refused: Vec<String> = [
        "CREATE TABLE mine ()",
        "CREATE TEMPORARY TABLE users ()",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql RETURN 1",
        "CREATE OR REPLACE FUNCTION rookery_is_service() RETURNS boolean LANGUAGE sql RETURN true",
        "CREATE ROLE mine",
        "INSERT INTO rookery_migrations (version, applied_at) VALUES ('m9999_mine', 0)",
        "DELETE FROM rookery_migrations",
        "UPDATE rookery_audit_events SET action = action",
        "UPDATE rookery_audit_events SET user_id = NULL",
        "SET session_replication_role = replica",
        "COPY users TO PROGRAM 'cat'",
    ]
    .map(str::to_owned)
    .into();
    refused.push(format!("SET ROLE {owner}"));
    refused.push(format!("SET SESSION AUTHORIZATION {owner}"));
    refused.push(format!("ALTER ROLE {} BYPASSRLS", service.postgres().name()));
    let tables = service
        .text("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        .await;
    for table in tables.lines() {
        for statement in [
            "TRUNCATE {}",
            "DROP TABLE {}",
            "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE {} DISABLE TRIGGER ALL",
            "ALTER TABLE {} ADD COLUMN mine int",
            "CREATE POLICY mine ON {} USING (true)",
            "CREATE INDEX ON {} ((1))",
        ] {
            refused.push(statement.replace("{}", table));
        }
    }
    for statement in refused {
        let refusal = service.run(&statement, Vec::new()).await.unwrap_err().to_string();
        let is_about_rights = [
            "permission denied",
            "must be owner",
            "must be superuser",
            "must be able",
        ]
        .iter()
        .any(|words| refusal.contains(words));
        assert!(is_about_rights, "{statement}: {refusal}");
    }
}

#[tokio::test]
async fn what_is_granted_is_what_is_needed_however_often_and_whatever_was_there_before() {
    let owner = postgres().await;
    let role = owner.postgres().name().to_owned();
    let service = connect(owner.postgres().url()).await;
    assert_eq!(
        missing_rights(&service).await.unwrap(),
        [""; 0],
        "nothing is there to lack"
    );
    up(&owner.database).await.unwrap();
    owner.execute("CREATE TABLE another_tool (n int)").await;
    let missing = missing_rights(&service).await.unwrap();
    assert!(
        missing.contains(&"rookery_migrations (SELECT)".to_owned()),
        "{missing:?}"
    );
    assert!(
        missing.contains(&"users (SELECT, INSERT, UPDATE, DELETE)".to_owned()),
        "{missing:?}"
    );
    assert!(!missing.iter().any(|lack| lack.contains("another_tool")), "{missing:?}");

    owner
        .execute(&format!("GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"))
        .await;
    grant(&owner.database, &role).await.unwrap();
    grant(&owner.database, &role).await.unwrap();
    let rights = |table: &str| {
        format!(
            "SELECT string_agg(privilege_type, ' ' ORDER BY privilege_type) FROM pg_class, aclexplode(relacl)
             WHERE relname = '{table}' AND grantee = '{role}'::regrole"
        )
    };
    assert_eq!(owner.text(&rights("users")).await, "DELETE INSERT SELECT UPDATE");
    assert_eq!(owner.text(&rights("rookery_migrations")).await, "SELECT");
    assert!(
        owner.text(&rights("another_tool")).await.contains("TRUNCATE"),
        "another tool's tables are not ours to touch"
    );

    owner
        .execute(&format!("REVOKE UPDATE, DELETE ON rookery_sessions FROM {role}"))
        .await;
    assert_eq!(
        missing_rights(&service).await.unwrap(),
        ["rookery_sessions (UPDATE, DELETE)"]
    );
    let (one, two) = (owner.another_node().await, owner.another_node().await);
    let at_once = tokio::join!(grant(&one, &role), grant(&two, &role), grant(&owner.database, &role));
    for granted in [at_once.0, at_once.1, at_once.2] {
        granted.unwrap();
    }
    assert_eq!(missing_rights(&service).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_role_that_is_not_there_or_owns_the_tables_is_refused_and_keeps_what_it_has() {
    let owner = postgres().await;
    up(&owner.database).await.unwrap();
    let unknown = grant(&owner.database, "no\"body'; DROP TABLE users").await.unwrap_err();
    assert!(matches!(unknown, MigrationError::NoSuchRole { .. }), "{unknown}");
    let name = owner.postgres().owner();
    for role in [name.as_str(), "postgres"] {
        let refused = grant(&owner.database, role).await.unwrap_err();
        assert!(matches!(refused, MigrationError::RoleOwnsTables { .. }), "{refused}");
    }
    owner.execute("TRUNCATE rookery_throttle_counters").await;
    let superuser = connect(owner.postgres().superuser_url()).await;
    let strange = format!("{} \"; DROP", owner.postgres().name());
    let quoted = strange.replace('"', "\"\"");
    for sql in [
        format!("CREATE ROLE \"{quoted}\""),
        format!("GRANT {name} TO {}", owner.postgres().name()),
    ] {
        sea_orm::ConnectionTrait::execute_unprepared(&superuser, &sql)
            .await
            .unwrap();
    }
    let member = grant(&owner.database, owner.postgres().name()).await.unwrap_err();
    assert!(matches!(member, MigrationError::RoleOwnsTables { .. }), "{member}");
    grant(&owner.database, &strange).await.unwrap();
    for sql in [format!("DROP OWNED BY \"{quoted}\""), format!("DROP ROLE \"{quoted}\"")] {
        sea_orm::ConnectionTrait::execute_unprepared(&superuser, &sql)
            .await
            .unwrap();
    }
    let sqlite = memory().await;
    let refused = grant(&sqlite.database, "rookery").await.unwrap_err();
    assert!(matches!(refused, MigrationError::NoRoles), "{refused}");
    assert_eq!(missing_rights(&sqlite.database).await.unwrap(), [""; 0]);
}
