//! What an operator is told about the database at start.

use rookery_store::{Database, DatabaseSettings, DatabaseWarning};

use crate::backends::{postgresql, sqlite_in_a_file};

async fn warnings(url: &str) -> Vec<DatabaseWarning> {
    let mut warnings = connect(url).await.warnings().await.unwrap();
    // Whether the tests' server waits for the disk is its own affair.
    warnings.retain(|warning| *warning != DatabaseWarning::CommitsMayBeLost);
    warnings
}

async fn connect(url: &str) -> Database {
    Database::connect(&DatabaseSettings::new(url)).await.unwrap()
}

// Proves: ASVS 13.2.2
#[tokio::test]
async fn a_role_that_row_level_security_does_not_bind_is_worth_a_warning() {
    let backend = postgresql().await;
    let postgres = backend.postgres();
    let bypassed = [DatabaseWarning::RowLevelSecurityBypassed];
    assert_eq!(warnings(postgres.url()).await, []);
    assert_eq!(warnings(postgres.superuser_url()).await, bypassed);
    let name = postgres.name();
    let helper = format!("{name}_bypasses");
    for sql in [
        format!("CREATE ROLE {helper} BYPASSRLS"),
        format!("GRANT {helper} TO {name}"),
    ] {
        backend.witness.execute(&sql, []).await;
    }
    assert_eq!(
        warnings(postgres.url()).await,
        bypassed,
        "it may become one that has it"
    );
    backend.witness.execute(&format!("DROP ROLE {helper}"), []).await;
    assert_eq!(warnings(postgres.url()).await, []);
    backend
        .witness
        .execute(&format!("ALTER ROLE {name} BYPASSRLS"), [])
        .await;
    assert_eq!(warnings(postgres.url()).await, bypassed);
}

// Proves: ASVS 13.2.2
#[tokio::test]
async fn a_role_that_may_change_the_schema_is_worth_a_warning() {
    let backend = postgresql().await;
    let postgres = backend.postgres();
    let changes = [DatabaseWarning::SchemaMayBeChanged];
    assert_eq!(warnings(postgres.owner_url()).await, changes);
    let (name, owner) = (postgres.name(), postgres.owner());
    for (give, take) in [
        (
            format!("GRANT {owner} TO {name}"),
            format!("REVOKE {owner} FROM {name}"),
        ),
        (
            format!("GRANT CREATE ON SCHEMA public TO {name}"),
            format!("REVOKE CREATE ON SCHEMA public FROM {name}"),
        ),
    ] {
        backend.witness.execute(&give, []).await;
        assert_eq!(warnings(postgres.url()).await, changes, "{give}");
        backend.witness.execute(&take, []).await;
        assert_eq!(warnings(postgres.url()).await, []);
    }
}

// Proves: ASVS 13.2.2
#[tokio::test]
async fn a_right_that_is_missing_is_told_with_its_table_and_can_be_given() {
    let backend = postgresql().await;
    let postgres = backend.postgres();
    assert_eq!(backend.database.missing_rights().await.unwrap(), [""; 0]);
    let revoke = format!("REVOKE INSERT ON rookery_sessions FROM {}", postgres.name());
    backend.witness.execute(&revoke, []).await;
    let missing = backend.database.missing_rights().await.unwrap();
    assert_eq!(missing, ["rookery_sessions (INSERT)"]);
    connect(postgres.owner_url())
        .await
        .grant_to(postgres.name())
        .await
        .unwrap();
    assert_eq!(backend.database.missing_rights().await.unwrap(), [""; 0]);
    let sqlite = sqlite_in_a_file().await;
    assert_eq!(sqlite.database.missing_rights().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn commits_that_do_not_wait_for_the_disk_are_worth_a_warning() {
    let backend = postgresql().await;
    let off = format!("ALTER ROLE {} SET synchronous_commit = off", backend.postgres().name());
    backend.witness.execute(&off, []).await;
    let warnings = connect(backend.url()).await.warnings().await.unwrap();
    assert_eq!(warnings, [DatabaseWarning::CommitsMayBeLost]);
}

#[tokio::test]
async fn there_is_nothing_to_warn_of_on_sqlite() {
    assert_eq!(sqlite_in_a_file().await.database.warnings().await.unwrap(), []);
}
