//! The audit log against whoever has SQL of their own: triggers, and no port, keep it as it was written.

use rookery_core::AuditEvent;
use rookery_core::domain::{AuditAction, SessionId, TenantId};
use serde_json::json;

use crate::backends::{Backend, on_every_backend};
use crate::witness::SqlWitness;

/// What is cleared when an event is anonymised.
const PERSONAL: [&str; 4] = ["request_id", "address", "user_agent", "detail"];
/// Everything else, with another value for it: PostgreSQL's, then SQLite's.
const LASTING: [(&str, &str, &str); 9] = [
    ("id", "gen_random_uuid()", "randomblob(16)"),
    (
        "occurred_at",
        "occurred_at + interval '1 hour'",
        "'2030-01-01T00:00:00+00:00'",
    ),
    ("action", "'user.loved'", "'user.loved'"),
    ("outcome", "'failure'", "'failure'"),
    ("actor", "'service'", "'service'"),
    ("target", "NULL", "NULL"),
    ("user_id", "NULL", "NULL"),
    ("tenant_id", "gen_random_uuid()", "randomblob(16)"),
    ("session_id", "NULL", "NULL"),
];

/// One event with something in every column.
async fn one_event(backend: &Backend) {
    let world = backend.world();
    let event = AuditEvent {
        user: Some(rookery_core::domain::UserId::new(world.now(), &[8; 10])),
        tenant: Some(TenantId::new(world.now(), &[1; 10])),
        session: Some(SessionId::new(world.now(), &[2; 10])),
        target: Some("session:0199".to_owned()),
        detail: Some(json!({ "why": "because" })),
        ..world.event(AuditAction::LogOut, None)
    };
    world.stores.audit.record(&event).await.unwrap();
}

/// Every role that could try: the superuser, and on PostgreSQL the owner of the tables as the service.
async fn everybody(backend: &Backend) -> Vec<SqlWitness> {
    if !backend.witness.is_postgres() {
        return vec![SqlWitness::connect(backend.url()).await];
    }
    let owner = SqlWitness::connect(backend.postgres().owner_url()).await;
    owner.execute("SET app.rookery_scope = 'service'", []).await;
    vec![owner, SqlWitness::connect(backend.postgres().superuser_url()).await]
}

async fn is_refused(whose: &SqlWitness, sql: &str) {
    let refusal = whose.try_execute(sql).await.unwrap_err();
    assert!(
        refusal.contains("rookery_audit_events is append-only"),
        "{sql}: {refusal}"
    );
}

fn anonymising(also: &str) -> String {
    let cleared = PERSONAL.map(|column| format!("{column} = NULL")).join(", ");
    format!("UPDATE rookery_audit_events SET anonymised_at = occurred_at, {cleared}{also}")
}

async fn the_columns_of_an_event_are_these_and_no_others(backend: Backend) {
    let columns = if backend.witness.is_postgres() {
        "SELECT string_agg(column_name, ' ' ORDER BY column_name) FROM information_schema.columns
         WHERE table_name = 'rookery_audit_events'"
    } else {
        "SELECT group_concat(name, ' ') FROM (SELECT name FROM pragma_table_info('rookery_audit_events') ORDER BY name)"
    };
    let mut known: Vec<&str> = PERSONAL.into_iter().chain(LASTING.map(|(column, ..)| column)).collect();
    known.push("anonymised_at");
    known.sort_unstable();
    assert_eq!(backend.witness.text(columns).await, known.join(" "));
}

// Proves: A79, ASVS 16.4.2
async fn no_column_of_an_event_can_be_changed_whoever_tries(backend: Backend) {
    one_event(&backend).await;
    for whose in everybody(&backend).await {
        for (column, postgres, sqlite) in LASTING {
            let other = if whose.is_postgres() { postgres } else { sqlite };
            is_refused(&whose, &format!("UPDATE rookery_audit_events SET {column} = {other}")).await;
            is_refused(&whose, &anonymising(&format!(", {column} = {other}"))).await;
        }
        for column in PERSONAL {
            is_refused(&whose, &format!("UPDATE rookery_audit_events SET {column} = 'other'")).await;
            is_refused(&whose, &format!("UPDATE rookery_audit_events SET {column} = NULL")).await;
            let kept = anonymising("").replace(&format!("{column} = NULL"), &format!("{column} = 'kept'"));
            is_refused(&whose, &kept).await;
        }
        is_refused(&whose, "UPDATE rookery_audit_events SET anonymised_at = occurred_at").await;
        is_refused(&whose, "UPDATE rookery_audit_events SET action = action").await;
    }
}

// Proves: A79
async fn an_event_is_anonymised_once_and_only_then_deleted(backend: Backend) {
    one_event(&backend).await;
    for whose in everybody(&backend).await {
        is_refused(&whose, "DELETE FROM rookery_audit_events").await;
    }
    let whose = everybody(&backend).await.remove(0);
    assert_eq!(whose.try_execute(&anonymising("")).await, Ok(1));
    is_refused(&whose, &anonymising("")).await;
    is_refused(&whose, "UPDATE rookery_audit_events SET anonymised_at = NULL").await;
    is_refused(&whose, "UPDATE rookery_audit_events SET detail = '{}'").await;
    assert_eq!(whose.try_execute("DELETE FROM rookery_audit_events").await, Ok(1));
}

async fn an_event_is_not_replaced_by_another_of_its_id(backend: Backend) {
    one_event(&backend).await;
    for whose in everybody(&backend).await {
        let columns = "id, occurred_at, action, outcome, actor";
        if whose.is_postgres() {
            let conflict = format!(
                "INSERT INTO rookery_audit_events ({columns}) SELECT {columns} FROM rookery_audit_events
                 ON CONFLICT (id) DO UPDATE SET action = 'user.loved'"
            );
            is_refused(&whose, &conflict).await;
            is_refused(&whose, "TRUNCATE rookery_audit_events").await;
            is_refused(&whose, "TRUNCATE rookery_audit_events CASCADE").await;
        } else {
            let replace = format!(
                "INSERT OR REPLACE INTO rookery_audit_events ({columns}) SELECT {columns} FROM rookery_audit_events"
            );
            is_refused(&whose, &replace).await;
        }
    }
    let kept = "SELECT action || ' ' || detail FROM rookery_audit_events";
    assert_eq!(
        backend.witness.text(kept).await,
        "session.revoked {\"why\":\"because\"}"
    );
}

// Proves: ASVS 16.4.2
async fn replication_does_not_turn_the_guard_off(backend: Backend) {
    if !backend.witness.is_postgres() {
        return;
    }
    one_event(&backend).await;
    let superuser = SqlWitness::connect(backend.postgres().superuser_url()).await;
    superuser.execute("SET session_replication_role = replica", []).await;
    is_refused(&superuser, "DELETE FROM rookery_audit_events").await;
    is_refused(&superuser, "TRUNCATE rookery_audit_events").await;
}

on_every_backend! {
    the_columns_of_an_event_are_these_and_no_others
    no_column_of_an_event_can_be_changed_whoever_tries
    an_event_is_anonymised_once_and_only_then_deleted
    an_event_is_not_replaced_by_another_of_its_id
    replication_does_not_turn_the_guard_off
}
