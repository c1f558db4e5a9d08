//! Consents against whoever has SQL of their own: they stay as they were given for as long as there is an account.

use rookery_core::domain::ProfileUpdate;

use crate::backends::{Backend, on_every_backend};
use crate::witness::SqlWitness;

async fn one_consent(backend: &Backend) -> rookery_core::domain::UserId {
    let world = backend.world();
    let ada = world.person("ada@example.com").await;
    let update = ProfileUpdate {
        marketing_emails: Some(true),
        ..ProfileUpdate::default()
    };
    world
        .stores
        .profiles
        .apply(&world.profile_change(&ada, update))
        .await
        .unwrap();
    ada.user
}

/// Every role that could try: on PostgreSQL the owner of the tables as the service, and the superuser.
async fn everybody(backend: &Backend) -> Vec<SqlWitness> {
    if !backend.witness.is_postgres() {
        return vec![SqlWitness::connect(backend.url()).await];
    }
    let owner = SqlWitness::connect(backend.url()).await;
    owner.execute("SET app.rookery_scope = 'service'", []).await;
    vec![owner, SqlWitness::connect(backend.postgres().superuser_url()).await]
}

async fn a_consent_is_neither_changed_nor_taken_away_whoever_tries(backend: Backend) {
    one_consent(&backend).await;
    for whose in everybody(&backend).await {
        for sql in [
            "UPDATE rookery_consents SET given = false",
            "UPDATE rookery_consents SET version = '2'",
            "UPDATE rookery_consents SET decided_at = decided_at",
            "DELETE FROM rookery_consents",
        ] {
            let refusal = whose.try_execute(sql).await.unwrap_err();
            assert!(refusal.contains("rookery_consents is append-only"), "{sql}: {refusal}");
        }
        let replacement = if whose.is_postgres() {
            "TRUNCATE rookery_consents"
        } else {
            "INSERT OR REPLACE INTO rookery_consents SELECT id, user_id, subject, version, false, channel, language, decided_at
             FROM rookery_consents"
        };
        let refusal = whose.try_execute(replacement).await.unwrap_err();
        // The service's role may not even try.
        let is_right = ["rookery_consents is append-only", "permission denied"]
            .iter()
            .any(|reason| refusal.contains(reason));
        assert!(is_right, "{refusal}");
    }
}

async fn a_consent_goes_with_its_account(backend: Backend) {
    let user = one_consent(&backend).await;
    let counted = "SELECT CAST(count(*) AS text) FROM rookery_consents";
    assert_eq!(backend.witness.text(counted).await, "1");
    backend
        .witness
        .execute("DELETE FROM users WHERE id = $1", [user.as_uuid().into()])
        .await;
    assert_eq!(backend.witness.text(counted).await, "0");
}

async fn a_consent_of_an_account_that_has_ended_may_go_before_it(backend: Backend) {
    let user = one_consent(&backend).await;
    let world = backend.world();
    world.stores.witness.end(&user, &world.now()).await;
    assert_eq!(backend.witness.execute("DELETE FROM rookery_consents", []).await, 1);
}

on_every_backend! {
    a_consent_is_neither_changed_nor_taken_away_whoever_tries
    a_consent_goes_with_its_account
    a_consent_of_an_account_that_has_ended_may_go_before_it
}
