//! What an operator is told about the database at start.

use rookery_store::{Database, DatabaseSettings, DatabaseWarning};

use crate::backends::{postgresql, sqlite_in_a_file};

// Proves: ASVS 13.2.2
#[tokio::test]
async fn a_role_that_row_level_security_does_not_bind_is_worth_a_warning() {
    let backend = postgresql().await;
    let bypassed = DatabaseWarning::RowLevelSecurityBypassed;
    assert!(!backend.database.warnings().await.unwrap().contains(&bypassed));
    let superuser = DatabaseSettings::new(backend.postgres().superuser_url());
    let warnings = Database::connect(&superuser).await.unwrap().warnings().await.unwrap();
    assert!(warnings.contains(&bypassed));
}

#[tokio::test]
async fn commits_that_do_not_wait_for_the_disk_are_worth_a_warning() {
    let backend = postgresql().await;
    let off = format!("ALTER ROLE {} SET synchronous_commit = off", backend.postgres().name());
    backend.witness.execute(&off, []).await;
    let database = Database::connect(&DatabaseSettings::new(backend.url())).await.unwrap();
    assert_eq!(database.warnings().await.unwrap(), [DatabaseWarning::CommitsMayBeLost]);
}

#[tokio::test]
async fn there_is_nothing_to_warn_of_on_sqlite() {
    assert_eq!(sqlite_in_a_file().await.database.warnings().await.unwrap(), []);
}
