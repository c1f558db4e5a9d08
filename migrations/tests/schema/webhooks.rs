//! Webhooks and their messages: the service's alone, and told of what people do all the same.

use uuid::Uuid;

use crate::{
    databases::{Subject, served},
    people::{ADA, BOB, FOREIGN, SHARED, now, settle},
};

const EVERYBODY_S: Uuid = Uuid::from_u128(0x77);
const SHARED_S: Uuid = Uuid::from_u128(0x78);
const FOREIGN_S: Uuid = Uuid::from_u128(0x79);

async fn with_webhooks() -> Subject {
    let subject = served().await;
    settle(&subject).await;
    subject.as_service().await;
    for (id, tenant) in [
        (EVERYBODY_S, None),
        (SHARED_S, Some(SHARED)),
        (FOREIGN_S, Some(FOREIGN)),
    ] {
        let insert = "INSERT INTO rookery_webhooks (id, tenant_id, url, secret, created_at, failures)
            VALUES ($1, $2, 'https://example.com/', '\\x00', $3, 0)";
        subject
            .run(insert, vec![id.into(), tenant.into(), now().into()])
            .await
            .unwrap();
    }
    subject.acts_for("", "").await;
    subject
}

/// Announces something that happened to Ada, in the tenant she shares.
async fn announce(subject: &Subject, event: Uuid) {
    let values = vec![
        event.into(),
        "user.updated".into(),
        now().into(),
        ADA.into(),
        Some(SHARED).into(),
        None::<Uuid>.into(),
        false.into(),
    ];
    subject
        .run(rookery_migrations::ANNOUNCE_POSTGRES, values)
        .await
        .unwrap();
}

#[tokio::test]
async fn nobody_but_the_service_sees_a_webhook_or_a_message() {
    let subject = with_webhooks().await;
    subject.acts_for(&ADA.to_string(), &SHARED.to_string()).await;
    announce(&subject, Uuid::from_u128(1)).await;
    for (user, tenant) in [
        (String::new(), String::new()),
        (ADA.to_string(), String::new()),
        (ADA.to_string(), SHARED.to_string()),
        (String::new(), SHARED.to_string()),
    ] {
        subject.acts_for(&user, &tenant).await;
        for table in ["rookery_webhooks", "rookery_webhook_messages"] {
            let seen = subject.text(&format!("SELECT count(*)::text FROM {table}")).await;
            assert_eq!(seen, "0", "{table} by {user} in {tenant}");
            let gone = subject.run(&format!("DELETE FROM {table}"), Vec::new()).await.unwrap();
            assert_eq!(gone, 0, "{table} by {user} in {tenant}");
        }
    }
    let insert = "INSERT INTO rookery_webhooks (id, url, secret, created_at, failures)
        VALUES ($1, 'https://example.com/', '\\x00', now(), 0)";
    let error = subject.run(insert, vec![BOB.into()]).await.unwrap_err();
    assert!(error.to_string().contains("row-level security"), "{error}");
}

#[tokio::test]
async fn what_a_person_does_is_announced_to_whom_it_concerns_and_opens_nothing_to_them() {
    let subject = with_webhooks().await;
    subject.acts_for(&ADA.to_string(), "").await;
    announce(&subject, Uuid::from_u128(1)).await;
    let scope = "SELECT current_setting('app.rookery_scope') || '|' || current_setting('app.current_user_id')";
    assert_eq!(subject.text(scope).await, format!("|{ADA}"), "as it was before");
    subject.as_service().await;
    announce(&subject, Uuid::from_u128(2)).await;
    assert_eq!(subject.text(scope).await, format!("service|{ADA}"), "as it was before");
    let told = subject
        .text("SELECT webhook_id || ' ' || event_id || ' ' || tenant_id FROM rookery_webhook_messages ORDER BY 1")
        .await;
    let mut expected: Vec<String> = [EVERYBODY_S, SHARED_S]
        .into_iter()
        .flat_map(|webhook| [1, 2].map(|event| format!("{webhook} {} {SHARED}", Uuid::from_u128(event))))
        .collect();
    expected.sort_unstable();
    assert_eq!(told, expected.join("\n"));
}

#[tokio::test]
async fn what_is_due_is_found_by_its_index() {
    let subject = with_webhooks().await;
    subject.as_service().await;
    subject
        .execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        .await;
    let plan = subject
        .text(&format!(
            "EXPLAIN SELECT * FROM rookery_webhook_messages
             WHERE webhook_id = '{SHARED_S}' AND state = 'queued' AND next_attempt_at <= now()
             ORDER BY next_attempt_at LIMIT 5"
        ))
        .await;
    assert!(plan.contains("rookery_webhook_messages_due_idx"), "{plan}");
}
