//! What is particular about SQLite: one writer, other processes, and a file.

use std::time::Duration;

use futures_util::future::{join, join_all};
use rookery_core::ports::Admission;
use rookery_store::{ConnectError, Database, DatabaseSettings};
use rookery_testkit::contract::World;

use crate::backends::{sqlite_in_a_file, stores};

#[tokio::test]
async fn a_hundred_writers_at_once_all_get_through_and_readers_pass_them() {
    let backend = sqlite_in_a_file().await;
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let accounts: Vec<_> = (0..100)
        .map(|number| world.new_account(&format!("person{number}@example.com")))
        .collect();
    let (admissions, resolved) = join(
        join_all(accounts.iter().map(|account| world.stores.accounts.admit(account))),
        join_all((0..100).map(|_| world.resolved(&session.digest))),
    )
    .await;
    for admission in admissions {
        assert_eq!(admission.unwrap(), Admission::Admitted);
    }
    assert!(resolved.iter().all(Option::is_some));
    assert_eq!(backend.witness.text("PRAGMA integrity_check").await, "ok");
}

#[tokio::test]
async fn a_writer_in_another_process_is_waited_for() {
    let backend = sqlite_in_a_file().await;
    let world = backend.world();
    let account = world.new_account("ada@example.com");
    backend.witness.execute("BEGIN IMMEDIATE", []).await;
    let release = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        backend.witness.execute("COMMIT", []).await;
    };
    let (admission, ()) = join(world.stores.accounts.admit(&account), release).await;
    assert_eq!(admission.unwrap(), Admission::Admitted);
}

#[tokio::test]
async fn a_writer_in_another_process_that_never_ends_is_unavailability_for_writers_alone() {
    let backend = sqlite_in_a_file().await;
    let person = backend.world().person("ada@example.com").await;
    let session = backend.world().signed_in(&person).await;
    let impatient = DatabaseSettings {
        acquire_timeout: Duration::from_millis(200),
        statement_timeout: Duration::from_millis(300),
        ..DatabaseSettings::new(backend.url())
    };
    let database = Database::connect(&impatient).await.unwrap();
    let world = World::new(stores(&database, &backend.witness));
    let before = world.ledger().await;
    backend.witness.execute("BEGIN IMMEDIATE", []).await;
    let accounts: Vec<_> = (0..3)
        .map(|number| world.new_account(&format!("person{number}@example.com")))
        .collect();
    for admission in join_all(accounts.iter().map(|account| world.stores.accounts.admit(account))).await {
        let error = admission.unwrap_err();
        assert!(error.is_unavailable(), "{}", error.chain());
    }
    assert!(world.resolved(&session.digest).await.is_some());
    backend.witness.execute("ROLLBACK", []).await;

    // Those who gave up have left nothing behind, and their connections are good again.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(world.since(&before).await, [""; 0]);
    let account = world.new_account("person4@example.com");
    assert_eq!(
        world.stores.accounts.admit(&account).await.unwrap(),
        Admission::Admitted
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_told_at_once() {
    let settings = DatabaseSettings::new("sqlite:///nowhere/at/all/rookery.db?mode=rwc");
    let error = Database::connect(&settings).await.unwrap_err();
    assert!(error.to_string().contains("unable to open database file"), "{error}");
}

#[tokio::test]
async fn a_url_that_cannot_be_used_is_refused_without_repeating_it() {
    for url in [
        "mysql://root:hunter2@localhost/x",
        "",
        "rookery.db",
        "postgres://rookery:hunter2@[half/x",
        "sqlite://rookery.db?mode=hunter2",
    ] {
        let error = Database::connect(&DatabaseSettings::new(url)).await.unwrap_err();
        let known = matches!(error, ConnectError::UnknownDatabase | ConnectError::Unusable(_));
        assert!(known && !error.to_string().contains("hunter2@"), "{error}");
    }
}
