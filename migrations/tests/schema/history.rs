//! Running the history forth and back, alone and together.

use rookery_migrations::{MigrationError, down, status, up};
use sea_orm::ConnectionTrait;

use crate::databases::{Subject, file, memory, postgres};

const MIGRATIONS: usize = 28;

async fn goes_up_down_and_up_again(subject: Subject) {
    let Subject { label, database, .. } = &subject;
    let before = status(database).await.unwrap();
    assert_eq!(before.len(), MIGRATIONS, "{label}");
    assert!(
        before.iter().all(|one| !one.applied && one.applied_at.is_none()),
        "{label}"
    );

    let applied = up(database).await.unwrap();
    assert_eq!(
        applied,
        before.iter().map(|one| one.name.clone()).collect::<Vec<_>>(),
        "{label}"
    );
    let after = status(database).await.unwrap();
    assert!(
        after.iter().all(|one| one.applied && one.applied_at.is_some()),
        "{label}"
    );
    assert_eq!(
        up(database).await.unwrap(),
        Vec::<String>::new(),
        "{label}: nothing is left to do"
    );

    assert_eq!(down(database, 0).await.unwrap(), Vec::<String>::new(), "{label}");
    let newest_two = [&applied[MIGRATIONS - 1], &applied[MIGRATIONS - 2]];
    assert_eq!(
        down(database, 2).await.unwrap().iter().collect::<Vec<_>>(),
        newest_two,
        "{label}"
    );
    let names: Vec<_> = status(database)
        .await
        .unwrap()
        .into_iter()
        .filter(|one| one.applied)
        .map(|one| one.name)
        .collect();
    assert_eq!(names, applied[..MIGRATIONS - 2], "{label}");

    assert_eq!(down(database, u32::MAX).await.unwrap().len(), MIGRATIONS - 2, "{label}");
    assert_eq!(
        left_over(&subject).await,
        "rookery_migrations",
        "{label}: everything else is gone"
    );
    assert_eq!(up(database).await.unwrap(), applied, "{label}");
}

/// Tables, views, functions and indexes that nobody but us can have made.
async fn left_over(subject: &Subject) -> String {
    let sql = match subject.database.get_database_backend() {
        sea_orm::DbBackend::Postgres => {
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
             UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        }
        _ => "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    };
    subject.text(sql).await
}

#[tokio::test]
async fn the_history_goes_up_down_and_up_again_in_memory() {
    goes_up_down_and_up_again(memory().await).await;
}

#[tokio::test]
async fn the_history_goes_up_down_and_up_again_in_a_file() {
    goes_up_down_and_up_again(file().await).await;
}

#[tokio::test]
async fn the_history_goes_up_down_and_up_again_on_postgresql() {
    goes_up_down_and_up_again(postgres().await).await;
}

async fn four_nodes_start_together(subject: Subject) {
    let (one, two) = (subject.another_node().await, subject.another_node().await);
    let (three, four) = (subject.another_node().await, subject.another_node().await);
    let outcomes = tokio::join!(up(&one), up(&two), up(&three), up(&four));
    let applied: usize = [outcomes.0, outcomes.1, outcomes.2, outcomes.3]
        .into_iter()
        .map(|outcome| {
            outcome
                .unwrap_or_else(|error| panic!("{}: {error:?}", subject.label))
                .len()
        })
        .sum();
    assert_eq!(
        applied, MIGRATIONS,
        "{}: one node did it all, the others nothing",
        subject.label
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_nodes_starting_together_on_one_file_all_succeed() {
    four_nodes_start_together(file().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_nodes_starting_together_on_one_postgresql_all_succeed() {
    four_nodes_start_together(postgres().await).await;
}

#[tokio::test]
async fn a_node_that_looks_at_a_snapshot_by_default_still_sees_what_the_first_one_did() {
    let subject = postgres().await;
    let (one, two) = (subject.another_node().await, subject.another_node().await);
    for node in [&one, &two] {
        node.execute_unprepared("SET default_transaction_isolation = 'serializable'")
            .await
            .unwrap();
        node.execute_unprepared("SET lock_timeout = '1ms'").await.unwrap();
    }
    let (first, second) = tokio::join!(up(&one), up(&two));
    assert_eq!(first.unwrap().len() + second.unwrap().len(), MIGRATIONS);
}

async fn refuses_a_newer_schema(subject: Subject) {
    let Subject { label, database, .. } = &subject;
    up(database).await.unwrap();
    subject
        .execute("INSERT INTO rookery_migrations (version, applied_at) VALUES ('m9999_tomorrow', 0)")
        .await;
    for outcome in [
        up(database).await.map(|_| ()),
        down(database, 1).await.map(|_| ()),
        status(database).await.map(|_| ()),
    ] {
        let error = outcome.unwrap_err();
        assert!(
            error.to_string().contains("newer than this program"),
            "{label}: {error}"
        );
        let MigrationError::SchemaIsNewer { unknown } = error else {
            panic!("{label}: {error:?}")
        };
        assert_eq!(unknown, ["m9999_tomorrow"], "{label}");
    }
}

#[tokio::test]
async fn a_schema_newer_than_the_program_is_refused_by_name() {
    refuses_a_newer_schema(memory().await).await;
    refuses_a_newer_schema(postgres().await).await;
}

async fn leaves_nothing_of_a_failure(subject: Subject) {
    subject
        .execute("CREATE TABLE rookery_audit_events (taken integer)")
        .await;
    let error = up(&subject.database).await.unwrap_err();
    assert!(
        matches!(error, MigrationError::Database(_)),
        "{}: {error:?}",
        subject.label
    );
    assert_eq!(left_over(&subject).await, "rookery_audit_events", "{}", subject.label);
}

#[tokio::test]
async fn a_migration_that_fails_leaves_the_schema_as_it_was() {
    leaves_nothing_of_a_failure(memory().await).await;
    leaves_nothing_of_a_failure(postgres().await).await;
}

#[tokio::test]
async fn another_tool_s_tables_and_its_migration_table_stay_untouched() {
    for subject in [memory().await, postgres().await] {
        subject
            .execute("CREATE TABLE seaql_migrations (version varchar(255), applied_at bigint)")
            .await;
        subject
            .execute("INSERT INTO seaql_migrations VALUES ('theirs', 1)")
            .await;
        up(&subject.database).await.unwrap();
        down(&subject.database, u32::MAX).await.unwrap();
        assert_eq!(
            subject.text("SELECT version FROM seaql_migrations").await,
            "theirs",
            "{}",
            subject.label
        );
    }
}
