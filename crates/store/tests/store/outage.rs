//! PostgreSQL goes away and comes back.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use rookery_core::Reader;
use rookery_core::ports::{Addressee, Heartbeat};
use rookery_store::{Database, DatabaseSettings, SqlHeartbeat};
use rookery_testkit::postgres::PostgresServer;

use crate::backends::{made_ready, postgresql, stores};
use crate::witness::SqlWitness;

/// The most a caller waits for the news that the database is down: the time to get a connection, and slack for a
/// machine that does much else.
const NEWS: Duration = Duration::from_secs(4);
/// The longest the service takes to notice that the database is back, with the same slack.
const RECOVERY: Duration = Duration::from_secs(8);

async fn recovers(heartbeat: &SqlHeartbeat) {
    let back = Instant::now();
    while let Err(error) = heartbeat.beat().await {
        assert!(error.is_unavailable(), "{}", error.chain());
        assert!(back.elapsed() < RECOVERY, "{}", error.chain());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn the_service_starts_while_postgresql_is_down_and_works_when_it_comes_up() {
    let server = PostgresServer::private();
    let postgres = server.database();
    server.stop();
    let database = Database::connect(&DatabaseSettings::new(postgres.url())).await.unwrap();
    let heartbeat = SqlHeartbeat::new(database.clone());
    let asked = Instant::now();
    let error = heartbeat.beat().await.unwrap_err();
    assert!(error.is_unavailable(), "{}", error.chain());
    assert!(asked.elapsed() < NEWS);

    server.start_again();
    recovers(&heartbeat).await;
    made_ready(&postgres).await;
    assert_eq!(database.warnings().await.unwrap(), []);
}

#[tokio::test]
async fn a_crash_of_postgresql_is_unavailability_and_what_was_acknowledged_is_there_afterwards() {
    let server = PostgresServer::private();
    let postgres = server.database();
    made_ready(&postgres).await;
    let database = Database::connect(&DatabaseSettings::new(postgres.url())).await.unwrap();
    let witness = std::sync::Arc::new(SqlWitness::connect(postgres.superuser_url()).await);
    let world = rookery_testkit::contract::World::new(stores(&database, &witness));
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    // Every connection of the pool has been used.
    for resolved in join_all((0..32).map(|_| world.resolved(&session.digest))).await {
        assert!(resolved.is_some());
    }

    server.kill_immediately();
    let now = world.now();
    for _ in 0..3 {
        let asked = Instant::now();
        let resolve = (0..16).map(|_| world.stores.sessions.resolve(&session.digest, &now));
        for resolved in join_all(resolve).await {
            let error = resolved.expect_err("nobody is signed out by an outage");
            assert!(error.is_unavailable(), "{}", error.chain());
        }
        assert!(asked.elapsed() < NEWS, "{:?}", asked.elapsed());
    }
    let account = world.new_account("bob@example.com");
    assert!(
        world
            .stores
            .accounts
            .admit(&account)
            .await
            .unwrap_err()
            .is_unavailable()
    );

    server.start_again();
    recovers(&SqlHeartbeat::new(database.clone())).await;
    assert!(world.resolved(&session.digest).await.is_some());
    assert!(!world.stores.accounts.is_taken(&account.email).await.unwrap());
}

#[tokio::test]
async fn a_restart_of_postgresql_that_nobody_noticed_fails_no_request() {
    let server = PostgresServer::private();
    let postgres = server.database();
    made_ready(&postgres).await;
    let database = Database::connect(&DatabaseSettings::new(postgres.url())).await.unwrap();
    let heartbeat = SqlHeartbeat::new(database.clone());
    for beat in join_all((0..32).map(|_| heartbeat.beat())).await {
        beat.unwrap();
    }
    server.stop();
    server.start_again();
    // Longer than a connection may rest without being asked whether it lives.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    for beat in join_all((0..32).map(|_| heartbeat.beat())).await {
        beat.unwrap();
    }
}

#[tokio::test]
async fn a_lock_that_is_not_given_is_unavailability_and_nothing_is_written() {
    let backend = postgresql().await;
    let person = backend.world().person("ada@example.com").await;
    let database = Database::connect(&DatabaseSettings::new(backend.url())).await.unwrap();
    let world = rookery_testkit::contract::World::new(stores(&database, &backend.witness));
    world.advance(chrono::Duration::hours(1));
    let before = world.ledger().await;
    backend.witness.execute("BEGIN", []).await;
    backend.witness.execute("LOCK TABLE rookery_tokens", []).await;
    let issue = world.issue(
        rookery_core::domain::TokenPurpose::PasswordReset,
        Addressee::Person {
            user: person.user,
            email: person.email,
            reader: Reader::default(),
        },
    );
    let error = world.stores.tokens.issue(&issue).await.unwrap_err();
    assert!(error.is_unavailable(), "{}", error.chain());
    backend.witness.execute("ROLLBACK", []).await;
    assert_eq!(world.since(&before).await, [""; 0]);
    world.stores.tokens.issue(&issue).await.unwrap();
}

#[tokio::test]
async fn a_server_that_accepts_and_says_nothing_is_unavailable_in_time() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://rookery:rookery@{}/rookery", silent.local_addr().unwrap());
    let database = Database::connect(&DatabaseSettings::new(url)).await.unwrap();
    let asked = Instant::now();
    let error = SqlHeartbeat::new(database).beat().await.unwrap_err();
    assert!(error.is_unavailable(), "{}", error.chain());
    assert!(asked.elapsed() < NEWS);
}
