//! What stands in the rows, column by column, where no port reads it back.

use chrono::Duration;
use rookery_core::domain::{AuditAction, PasswordHash, SessionId, TenantId, TokenPurpose};
use rookery_core::ports::{Addressee, OutboxClaim, Settlement, Sweep};
use rookery_core::{AuditEvent, Leftover, Reader};
use serde_json::json;

use crate::backends::{Backend, on_every_backend};

/// Every column as text, with `-` for NULL.
async fn row(backend: &Backend, columns: &str, table: &str, condition: &str) -> String {
    let columns: Vec<String> = columns
        .split(' ')
        .map(|column| format!("coalesce(CAST({column} AS text), '-')"))
        .collect();
    let sql = format!(
        "SELECT {} FROM {table} WHERE {condition}",
        columns.join(" || ' | ' || ")
    );
    backend.witness.text(&sql).await
}

// Proves: ASVS 16.2.1
async fn an_event_is_written_with_all_it_tells(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let event = AuditEvent {
        tenant: Some(TenantId::new(world.now(), &[1; 10])),
        session: Some(SessionId::new(world.now(), &[2; 10])),
        target: Some("session:0199".to_owned()),
        detail: Some(json!({ "why": "\"test\"" })),
        ..world.event(AuditAction::LogOut, Some(&person))
    };
    world.stores.audit.record(&event).await.unwrap();
    let columns = "action outcome actor target request_id address user_agent detail";
    let written = row(&backend, columns, "rookery_audit_events", "action = 'session.revoked'").await;
    assert_eq!(
        written,
        "session.revoked | success | user | session:0199 | 0199f2b0-contract | 192.0.2.7 | Mozilla/5.0 (contract) \u{1f985} | \
         {\"why\":\"\\\"test\\\"\"}"
    );
    let ids = "SELECT id, user_id, tenant_id, session_id FROM rookery_audit_events WHERE action = 'session.revoked'";
    let ids = &backend.witness.rows(ids).await[0];
    let id = |at| ids.try_get_by_index::<uuid::Uuid>(at).unwrap();
    assert_eq!(id(0), event.id.as_uuid());
    assert_eq!(id(1), person.user.as_uuid());
    assert_eq!(Some(id(2)), event.tenant.map(|tenant| tenant.as_uuid()));
    assert_eq!(Some(id(3)), event.session.map(|session| session.as_uuid()));
}

async fn a_session_is_written_with_where_it_came_from(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    world.signed_in(&person).await;
    let written = row(
        &backend,
        "methods idle_seconds address user_agent",
        "rookery_sessions",
        "true",
    )
    .await;
    assert_eq!(
        written,
        "password | 1800 | 192.0.2.7 | Mozilla/5.0 (contract) \u{1f985}"
    );
}

async fn nobody_s_rows_hold_neither_address_nor_content(backend: Backend) {
    let world = backend.world();
    world
        .issued(&world.issue(TokenPurpose::PasswordReset, Addressee::Nobody))
        .await;
    assert_eq!(row(&backend, "user_id email", "rookery_tokens", "true").await, "- | -");
    let mail = row(&backend, "user_id recipient sealed state", "rookery_outbox", "true").await;
    assert_eq!(mail, "- | - | - | discarded");
}

// Proves: ASVS 14.2.4
async fn a_settled_mail_holds_no_content(backend: Backend) {
    let world = backend.world();
    world.person("ada@example.com").await;
    world.person("bob@example.com").await;
    let claim = OutboxClaim {
        now: world.now(),
        lease_until: world.now() + Duration::minutes(5),
        limit: 10,
    };
    let claimed = world.stores.outbox.claim(&claim).await.unwrap();
    let abandoned = Settlement::Abandoned {
        error: "550 no such mailbox".to_owned(),
    };
    for (mail, settlement) in claimed.iter().zip([Settlement::Sent, abandoned]) {
        world
            .stores
            .outbox
            .settle(&mail.id, &settlement, &world.now())
            .await
            .unwrap();
    }
    let columns = "sealed lease_until attempts last_error";
    let sent = row(
        &backend,
        columns,
        "rookery_outbox",
        "state = 'sent' AND sent_at IS NOT NULL",
    )
    .await;
    assert_eq!(sent, "- | - | 0 | -");
    let abandoned = row(
        &backend,
        columns,
        "rookery_outbox",
        "state = 'abandoned' AND sent_at IS NULL",
    )
    .await;
    assert_eq!(abandoned, "- | - | 1 | 550 no such mailbox");
}

async fn what_is_finer_than_a_microsecond_is_dropped(backend: Backend) {
    let world = backend.world();
    let mut account = world.new_account("ada@example.com");
    let meant = world.now() + Duration::microseconds(5);
    account.at = meant + Duration::nanoseconds(999);
    world.stores.accounts.admit(&account).await.unwrap();
    let found = world.stores.accounts.find(&account.email).await.unwrap().unwrap();
    assert_eq!(found.created, meant);
}

async fn disabling_somebody_without_a_password_shuts_them_out_too(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    backend.witness.execute("DELETE FROM rookery_credentials", []).await;
    let before = world.stores.credentials.by_email(&person.email).await.unwrap().unwrap();
    assert_eq!(
        (before.hash.as_phc(), before.disabled),
        (PasswordHash::NO_PASSWORD, None)
    );
    let event = world.event(AuditAction::Disabled, Some(&person));
    let change = rookery_core::ports::AccountChange::Disable;
    assert!(
        world
            .stores
            .accounts
            .change(&person.user, &change, &event)
            .await
            .unwrap()
    );
    let account = world.stores.accounts.find(&person.email).await.unwrap().unwrap();
    assert_eq!(account.disabled, Some(event.at));
    let credential = world.stores.credentials.by_email(&person.email).await.unwrap().unwrap();
    assert_eq!(credential.disabled, Some(event.at));
    assert!(credential.hash.as_phc().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

async fn a_reset_sets_the_first_password_of_somebody_who_had_none(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    backend.witness.execute("DELETE FROM rookery_credentials", []).await;
    let addressee = Addressee::Person {
        user: person.user,
        email: person.email.clone(),
        reader: Reader::default(),
    };
    let digest = world.issued(&world.issue(TokenPurpose::PasswordReset, addressee)).await;
    let reset = world.password_reset(&person, digest, "first of all");
    world.stores.tokens.reset_password(&reset).await.unwrap();
    let credential = world.stores.credentials.by_user(&person.user).await.unwrap().unwrap();
    assert_eq!((credential.hash, credential.version), (reset.new_hash, 1));
}

// Proves: A05, A67
async fn the_deleted_are_found_by_nobody_and_keep_their_address(backend: Backend) {
    let world = backend.world();
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let addressee = Addressee::Person {
        user: person.user,
        email: person.email.clone(),
        reader: Reader::default(),
    };
    let digest = world
        .issued(&world.issue(TokenPurpose::PasswordReset, addressee.clone()))
        .await;
    let under_way = world.sign_in(&person);
    backend.witness.execute("UPDATE users SET deleted = updated", []).await;
    let before = world.ledger().await;

    assert_eq!(world.resolved(&session.digest).await, None);
    assert_eq!(world.stores.credentials.by_email(&person.email).await.unwrap(), None);
    assert_eq!(world.stores.credentials.by_user(&person.user).await.unwrap(), None);
    assert_eq!(world.stores.accounts.find(&person.email).await.unwrap(), None);
    assert_eq!(world.stores.tokens.find(&digest).await.unwrap(), None);
    assert!(world.stores.accounts.is_taken(&person.email).await.unwrap());
    let outcome = world.stores.credentials.sign_in(&under_way).await.unwrap();
    assert_eq!(outcome, rookery_core::ports::SignInOutcome::Superseded);
    let change = world.password_change(&person, &session, "second");
    let outcome = world.stores.credentials.change_password(&change).await.unwrap();
    assert_eq!(outcome, rookery_core::ports::PasswordChangeOutcome::Superseded);
    let reset = world.password_reset(&person, digest, "second");
    let outcome = world.stores.tokens.reset_password(&reset).await.unwrap();
    assert_eq!(outcome, rookery_core::ports::Redemption::Spent);
    let change = world.profile_change(
        &person,
        rookery_core::domain::ProfileUpdate {
            weekly_reports: Some(true),
            ..Default::default()
        },
    );
    assert_eq!(world.stores.profiles.apply(&change).await.unwrap(), None);
    assert_eq!(world.since(&before).await, [""; 0]);

    world.issued(&world.issue(TokenPurpose::PasswordReset, addressee)).await;
    assert_eq!(
        world.since(&before).await,
        [
            "events password.reset_requested success +1",
            "mails reset_password discarded +1",
            "tokens password_reset live -1",
            "tokens password_reset void +2",
        ],
        "a mail to somebody deleted is one to nobody"
    );
}

async fn a_sweep_takes_as_many_batches_as_it_needs(backend: Backend) {
    let world = backend.world();
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1201)";
    let (id, digest) = if backend.witness.is_postgres() {
        ("gen_random_uuid()", "decode(md5(CAST(i AS text)), 'hex')")
    } else {
        ("randomblob(16)", "randomblob(32)")
    };
    let insert = format!(
        "{numbers} INSERT INTO rookery_tokens (id, purpose, token_hash, created_at, expires_at) \
         SELECT {id}, 'password_reset', {digest}, $1, $1 FROM n"
    );
    assert_eq!(backend.witness.execute(&insert, [world.now().into()]).await, 1201);
    let later = world.now() + Duration::seconds(1);
    let sweep = Sweep {
        leftover: Leftover::Tokens,
        before: later,
        at: later,
    };
    assert_eq!(world.stores.housekeeping.sweep(&sweep).await.unwrap(), 1201);
}

on_every_backend! {
    an_event_is_written_with_all_it_tells
    a_session_is_written_with_where_it_came_from
    nobody_s_rows_hold_neither_address_nor_content
    a_settled_mail_holds_no_content
    what_is_finer_than_a_microsecond_is_dropped
    disabling_somebody_without_a_password_shuts_them_out_too
    a_reset_sets_the_first_password_of_somebody_who_had_none
    the_deleted_are_found_by_nobody_and_keep_their_address
    a_sweep_takes_as_many_batches_as_it_needs
}
