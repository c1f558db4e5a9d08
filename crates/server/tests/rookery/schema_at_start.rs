//! What a start does about the database's schema.

use rookery_server::{Application, StartError};

use super::database::TestDatabase;
use super::test_app::{configuration, new_folder};

fn start(database: &TestDatabase, migrate: &str) -> Result<(), StartError> {
    let variables = [("ROOKERY_MIGRATE_AT_START", migrate)];
    let configuration = configuration(&new_folder(), &database.url(), &variables);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(Application::build(&configuration)).map(drop)
}

#[test]
fn a_schema_that_is_behind_is_refused_unless_it_may_be_brought_up_to_date() {
    let database = TestDatabase::postgres();
    let refused = start(&database, "false").unwrap_err();
    assert!(
        matches!(&refused, StartError::SchemaIsBehind { pending } if pending.len() > 1 && pending.is_sorted()),
        "{refused}"
    );
    assert!(refused.to_string().contains("rookery migrate up"));
    start(&database, "true").unwrap();
    start(&database, "false").unwrap();
}

#[test]
fn nodes_that_start_together_agree_on_one_schema() {
    let database = TestDatabase::postgres();
    std::thread::scope(|scope| {
        let nodes: Vec<_> = (0..4).map(|_| scope.spawn(|| start(&database, "true"))).collect();
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
