//! Row-level security bites the very role the service connects as.

use rookery_core::domain::{Picture, TokenPurpose};
use rookery_core::ports::Addressee;

use crate::backends::postgresql;
use crate::witness::SqlWitness;

const GUARDED: [&str; 9] = [
    "users",
    "rookery_addresses",
    "rookery_credentials",
    "rookery_sessions",
    "rookery_tokens",
    "rookery_outbox",
    "rookery_audit_events",
    "user_preferences",
    "rookery_pictures",
];

async fn seen(witness: &SqlWitness) -> Vec<String> {
    let mut seen = Vec::new();
    for table in GUARDED {
        let rows = witness
            .text(&format!("SELECT CAST(count(*) AS text) FROM {table}"))
            .await;
        seen.push(format!("{table} {rows}"));
    }
    seen
}

// Proves: ASVS 8.4.1
#[tokio::test]
async fn a_connection_of_the_service_s_role_that_says_not_for_whom_sees_nothing() {
    let backend = postgresql().await;
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    for person in [&person, &bystander] {
        world.signed_in(person).await;
        let update = rookery_core::domain::ProfileUpdate {
            weekly_reports: Some(true),
            ..Default::default()
        };
        let change = world.profile_change(person, update);
        world.stores.profiles.apply(&change).await.unwrap();
        let picture = world.picture_change(person, Some(Picture::new(b"picture".to_vec())));
        world.stores.pictures.replace(&picture).await.unwrap();
    }
    world
        .issued(&world.issue(TokenPurpose::PasswordReset, Addressee::Nobody))
        .await;

    let owner = SqlWitness::connect(backend.postgres().url()).await;
    assert_eq!(seen(&owner).await, GUARDED.map(|table| format!("{table} 0")));
    let everything = [
        "users 2",
        "rookery_addresses 2",
        "rookery_credentials 2",
        "rookery_sessions 2",
        "rookery_tokens 3",
        "rookery_outbox 3",
        "rookery_audit_events 9",
        "user_preferences 2",
        "rookery_pictures 2",
    ];
    assert_eq!(seen(&backend.witness).await, everything);

    let as_ada = format!("SET app.current_user_id = '{}'", person.user);
    owner.execute(&as_ada, []).await;
    let hers = [
        "users 1",
        "rookery_addresses 1",
        "rookery_credentials 1",
        "rookery_sessions 1",
        "rookery_tokens 1",
        "rookery_outbox 1",
        "rookery_audit_events 4",
        "user_preferences 1",
        "rookery_pictures 1",
    ];
    assert_eq!(seen(&owner).await, hers);
}
