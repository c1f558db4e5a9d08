//! Who may read a tenant's audit log, where no port changes it: memberships that end, roles that go, tenants that are
//! deleted, and words of a release to come.

use rookery_core::AuditEvent;
use rookery_core::domain::{AuditAction, CompanyName, TenantId, UserId};
use rookery_core::ports::{EventFilter, NewTenant};
use rookery_testkit::contract::World;

use crate::backends::{Backend, on_every_backend};
use crate::witness::SqlWitness;

fn everything() -> EventFilter {
    EventFilter {
        actions: Vec::new(),
        outcome: None,
        from: None,
        to: None,
        behind: None,
        limit: 10,
    }
}

/// Ada, who owns a tenant in which one thing happened: its being made.
async fn owner(world: &World) -> (UserId, TenantId) {
    let mut account = world.new_account("ada@example.com");
    let id = TenantId::new(world.now(), &[5; 10]);
    let name = CompanyName::parse("Analytical Engines").unwrap();
    account.tenant = Some(NewTenant { id, name });
    account.event.tenant = Some(id);
    world.stores.accounts.admit(&account).await.unwrap();
    (account.user, id)
}

async fn reads(world: &World, tenant: TenantId, reader: UserId) -> Option<usize> {
    let events = world.stores.events.of_tenant(&tenant, &reader, &everything()).await;
    events.unwrap().map(|events| events.len())
}

async fn a_tenant_s_events_are_shown_to_its_owners_as_they_are_now(backend: Backend) {
    let world = backend.world();
    let (ada, tenant) = owner(&world).await;
    assert_eq!(reads(&world, tenant, ada).await, Some(1));
    let is_postgres = backend.witness.is_postgres();
    let roles = |roles: &str| match (roles, is_postgres) {
        ("", true) => "'{}'".to_owned(),
        (roles, true) => format!("'{{{roles}}}'"),
        (roles, false) => serde_json::json!(roles.split_terminator(',').collect::<Vec<_>>())
            .to_string()
            .replace('[', "'[")
            .replace(']', "]'"),
    };
    for (now, expected) in [
        (format!("roles = {}", roles("admin,member")), None),
        (format!("roles = {}", roles("")), None),
        ("roles = NULL".to_owned(), None),
        (format!("roles = {}", roles("member,owner")), Some(1)),
        ("deleted = created".to_owned(), None),
        ("deleted = NULL".to_owned(), Some(1)),
    ] {
        backend
            .witness
            .execute(&format!("UPDATE tenant_users SET {now}"), [])
            .await;
        assert_eq!(reads(&world, tenant, ada).await, expected, "{now}");
    }
    backend
        .witness
        .execute("UPDATE tenants SET deleted = created", [])
        .await;
    assert_eq!(reads(&world, tenant, ada).await, None, "a tenant that is deleted");
}

async fn a_word_of_a_release_to_come_is_left_out(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let insert = "INSERT INTO rookery_audit_events (id, occurred_at, action, outcome, actor, user_id)
        VALUES ($1, $2, 'passkey.added', 'success', 'user', $3)";
    let id = uuid::Uuid::from_u128(7);
    let values = [id.into(), world.now().into(), person.user.as_uuid().into()];
    backend.witness.execute(insert, values).await;
    let read = world.events_of(&person).await;
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].event.action, AuditAction::SignUp);
}

async fn an_event_that_makes_no_sense_is_told_by_its_column(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    for (column, value) in [
        ("outcome", "maybe"),
        ("actor", "ghost"),
        ("address", "here"),
        ("detail", "{"),
    ] {
        let mut words = vec![("outcome", "success"), ("actor", "user")];
        words.retain(|(name, _)| *name != column);
        words.push((column, value));
        let columns: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let values: Vec<String> = words.iter().map(|(_, value)| format!("'{value}'")).collect();
        let insert = format!(
            "INSERT INTO rookery_audit_events (id, occurred_at, action, user_id, {}) VALUES ($1, $2, 'webhook.added', $3, {})",
            columns.join(", "),
            values.join(", ")
        );
        let event = AuditEvent {
            ..world.event(AuditAction::WebhookAdded, Some(&person))
        };
        let values = [
            event.id.as_uuid().into(),
            world.now().into(),
            person.user.as_uuid().into(),
        ];
        backend.witness.execute(&insert, values).await;
        let error = world
            .stores
            .events
            .of_person(&person.user, &everything())
            .await
            .unwrap_err();
        let chain = error.chain();
        assert!(chain.contains(&format!("rookery_audit_events.{column}")), "{chain}");
        assert!(!error.is_unavailable());
        // Out of the way of the next one.
        let anonymise =
            "UPDATE rookery_audit_events SET anonymised_at = occurred_at, request_id = NULL, address = NULL,
            user_agent = NULL, detail = NULL WHERE action = 'webhook.added'";
        backend.witness.execute(anonymise, []).await;
        backend
            .witness
            .execute("DELETE FROM rookery_audit_events WHERE action = 'webhook.added'", [])
            .await;
    }
}

// Proves: A62
#[tokio::test]
async fn row_level_security_shows_a_tenant_s_events_to_its_owner_alone() {
    let backend = crate::backends::postgresql().await;
    let world = backend.world();
    let (ada, tenant) = owner(&world).await;
    let bob = world.person("bob@example.com").await;
    let inside = AuditEvent {
        tenant: Some(tenant),
        ..world.event(AuditAction::ProfileUpdate, Some(&bob))
    };
    world.stores.audit.record(&inside).await.unwrap();
    let reader = SqlWitness::connect(backend.url()).await;
    let count = "SELECT CAST(count(*) AS text) FROM rookery_audit_events WHERE tenant_id IS NOT NULL";
    for (user, tenant, expected) in [
        (ada.to_string(), tenant.to_string(), "2"),
        (ada.to_string(), String::new(), "1"),
        (String::new(), tenant.to_string(), "0"),
        (bob.user.to_string(), tenant.to_string(), "1"),
        (ada.to_string(), bob.user.to_string(), "1"),
    ] {
        reader.execute(&format!("SET app.current_user_id = '{user}'"), []).await;
        reader
            .execute(&format!("SET app.current_tenant_id = '{tenant}'"), [])
            .await;
        assert_eq!(reader.text(count).await, expected, "person {user:?}, tenant {tenant:?}");
    }
}

on_every_backend! {
    a_tenant_s_events_are_shown_to_its_owners_as_they_are_now
    a_word_of_a_release_to_come_is_left_out
    an_event_that_makes_no_sense_is_told_by_its_column
}
