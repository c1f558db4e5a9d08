//! What a start does about the database's schema.

use rookery_server::{Application, StartError};
use rookery_testkit::postgres::{PostgresDatabase, PostgresServer};

use super::database::postgres_made_ready;
use super::test_app::{configuration, new_folder};

fn start(url: &str, migrate: &str) -> Result<(), StartError> {
    let variables = [("ROOKERY_MIGRATE_AT_START", migrate)];
    let configuration = configuration(&new_folder(), url, &variables);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(Application::build(&configuration)).map(drop)
}

fn empty() -> PostgresDatabase {
    PostgresServer::shared().database()
}

#[test]
fn a_schema_that_is_behind_is_refused_unless_it_may_be_brought_up_to_date() {
    let database = empty();
    let refused = start(database.owner_url(), "false").unwrap_err();
    assert!(
        matches!(&refused, StartError::SchemaIsBehind { pending } if pending.len() > 1 && pending.is_sorted()),
        "{refused}"
    );
    assert!(refused.to_string().contains("rookery migrate up"));
    start(database.owner_url(), "true").unwrap();
    start(database.owner_url(), "false").unwrap();
}

// Proves: ASVS 13.2.2
#[test]
fn a_role_that_lacks_rights_is_refused_with_what_it_lacks_and_how_it_gets_it() {
    let database = empty();
    let behind = start(database.url(), "false").unwrap_err();
    assert!(matches!(behind, StartError::SchemaIsBehind { .. }), "{behind}");
    let not_the_owner = start(database.url(), "true").unwrap_err();
    assert!(matches!(not_the_owner, StartError::Schema(_)), "{not_the_owner}");
    start(database.owner_url(), "true").unwrap();
    for migrate in ["true", "false"] {
        let refused = start(database.url(), migrate).unwrap_err();
        assert!(
            matches!(&refused, StartError::RightsAreMissing { missing } if missing.len() > 20),
            "{refused}"
        );
        let told = refused.to_string();
        for words in ["users (SELECT, INSERT, UPDATE, DELETE)", "migrate up --grant-to"] {
            assert!(told.contains(words), "{told}");
        }
    }
    let ready = postgres_made_ready();
    start(ready.url(), "false").unwrap();
    start(ready.url(), "true").unwrap();
}

#[test]
fn nodes_that_start_together_agree_on_one_schema() {
    let database = empty();
    std::thread::scope(|scope| {
        let nodes: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| start(database.owner_url(), "true")))
            .collect();
        for node in nodes {
            node.join().unwrap().unwrap();
        }
    });
}

#[test]
fn an_address_that_is_taken_is_told_before_the_database_is_touched() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let folder = new_folder();
    let url = format!("sqlite://{}/rookery.db?mode=rwc", folder.display());
    let configuration = configuration(&folder, &url, &[("ROOKERY_LISTEN", &address)]);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let refused = runtime
        .block_on(Application::build(&configuration))
        .map(drop)
        .unwrap_err();
    assert!(matches!(refused, StartError::Listen { .. }), "{refused}");
    assert!(!folder.exists(), "nothing was made");
}

#[test]
fn a_database_that_does_not_answer_is_told_without_its_password() {
    let url = "postgres://rookery:hunter2@127.0.0.1:9/accounts";
    let configuration = configuration(&new_folder(), url, &[]);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let refused = runtime
        .block_on(Application::build(&configuration))
        .map(drop)
        .unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("hunter2"));
}
