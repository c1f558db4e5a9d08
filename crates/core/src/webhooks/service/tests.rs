use futures_executor::block_on;
use rookery_domain::{Actor, UrlRules, WebhookEvent, WebhookUrl};

use super::*;
use crate::fixture::{Workshop, tenant};
use crate::mocks::GlassSealer;
use crate::ports::{DisableReason, MockWebhookSender, MockWebhookStore, SendFailure};

fn url() -> WebhookUrl {
    WebhookUrl::parse("https://example.com/hooks", UrlRules::Production).unwrap()
}

fn order() -> WebhookOrder {
    WebhookOrder {
        tenant: Some(tenant()),
        url: url(),
        events: vec![WebhookEvent::UserCreated],
    }
}

fn kept(workshop: &Workshop, id: WebhookId, secrets: &[[u8; 32]]) -> KeptWebhook {
    let seal = |secret: &[u8; 32]| sealed(&GlassSealer, id, &WebhookSecret::from_entropy(*secret)).unwrap();
    KeptWebhook {
        secrets: secrets.iter().map(seal).collect(),
        webhook: Webhook {
            id,
            tenant: None,
            url: url(),
            events: Vec::new(),
            created: workshop.now(),
            disabled: Some((workshop.now(), DisableReason::Operator)),
            failures: 0,
            failing_since: None,
            overlap_until: None,
        },
    }
}

fn service(workshop: &Workshop, store: MockWebhookStore, sender: MockWebhookSender) -> WebhookService {
    WebhookService {
        store: Arc::new(store),
        sealer: Arc::new(GlassSealer),
        sender: Arc::new(sender),
        mint: workshop.mint.clone(),
    }
}

fn admitting() -> MockWebhookSender {
    let mut sender = MockWebhookSender::new();
    sender.expect_admits().returning(|_| Ok(()));
    sender
}

#[test]
fn a_new_webhook_is_kept_with_its_secret_sealed_for_it_alone() {
    let workshop = Workshop::open();
    let mut store = MockWebhookStore::new();
    store
        .expect_add()
        .times(1)
        .withf(|new| {
            new.webhook.events == [WebhookEvent::UserCreated]
                && new.webhook.disabled.is_none()
                && new.event.action == AuditAction::WebhookAdded
                && new.event.tenant == Some(tenant())
                && new.event.actor == Actor::Operator
                && new.event.target == Some(format!("webhook:{}", new.webhook.id))
                && opened(&GlassSealer, new.webhook.id, std::slice::from_ref(&new.secret)).is_ok()
        })
        .returning(|_| Ok(Addition::Added));
    let told = block_on(service(&workshop, store, admitting()).add(order())).unwrap();
    assert_eq!(told.webhook.url, url());
    assert!(told.secret.expose().starts_with("whsec_"));
}

#[test]
fn a68_a_place_that_nothing_is_sent_to_is_refused_before_it_is_kept() {
    let workshop = Workshop::open();
    let mut sender = MockWebhookSender::new();
    sender.expect_admits().returning(|_| Err(SendFailure::NoAddress));
    let mut store = MockWebhookStore::new();
    store.expect_add().never();
    let error = block_on(service(&workshop, store, sender).add(order())).unwrap_err();
    assert!(matches!(error, WebhooksError::Unsendable(SendFailure::NoAddress)));
}

#[test]
fn a_webhook_of_a_tenant_that_is_not_there_is_refused() {
    let workshop = Workshop::open();
    let mut store = MockWebhookStore::new();
    store.expect_add().returning(|_| Ok(Addition::NoSuchTenant));
    let error = block_on(service(&workshop, store, admitting()).add(order())).unwrap_err();
    assert!(matches!(error, WebhooksError::NoSuchTenant));
}

#[test]
fn a_rotation_makes_a_new_secret_and_lets_the_old_one_sign_for_a_day() {
    let workshop = Workshop::open();
    let id = workshop.mint.webhook_id(workshop.now());
    let until = workshop.now() + Duration::hours(24);
    let mut store = MockWebhookStore::new();
    store
        .expect_change()
        .times(1)
        .withf(move |webhook, change, event| {
            *webhook == id
                && matches!(change, WebhookChange::Rotate { overlap_until, .. } if *overlap_until == until)
                && event.action == AuditAction::WebhookChanged
        })
        .returning(|_, _, _| Ok(true));
    let found = kept(&workshop, id, &[[1; 32]]);
    store.expect_find().returning(move |_, _| Ok(Some(found.clone())));
    let told = block_on(service(&workshop, store, MockWebhookSender::new()).rotate(&id)).unwrap();
    assert_ne!(told.secret, WebhookSecret::from_entropy([1; 32]));
}

#[test]
fn a_test_is_signed_with_every_secret_and_its_answer_is_told() {
    let workshop = Workshop::open();
    let id = workshop.mint.webhook_id(workshop.now());
    let found = kept(&workshop, id, &[[1; 32], [2; 32]]);
    for (answer, taken) in [
        (Ok(204), true),
        (Ok(500), false),
        (Ok(302), false),
        (Err(SendFailure::TimedOut), false),
    ] {
        let found = found.clone();
        let mut store = MockWebhookStore::new();
        store.expect_find().return_once(move |_, _| Ok(Some(found)));
        let mut sender = MockWebhookSender::new();
        sender
            .expect_send()
            .times(1)
            .withf(|dispatch| {
                dispatch.secrets == [[1; 32], [2; 32]].map(WebhookSecret::from_entropy)
                    && dispatch.body.starts_with(br#"{"type":"webhook.test""#)
            })
            .return_once(move |_| answer);
        let tried = block_on(service(&workshop, store, sender).test(&id)).unwrap();
        assert_eq!((tried.answer, tried.was_taken()), (answer, taken));
    }
}

#[test]
fn what_is_not_there_cannot_be_changed() {
    let workshop = Workshop::open();
    let id = workshop.mint.webhook_id(workshop.now());
    let mut store = MockWebhookStore::new();
    store.expect_find().returning(|_, _| Ok(None));
    store.expect_change().returning(|_, _, _| Ok(false));
    store.expect_remove().returning(|_, _| Ok(false));
    store.expect_replay().never();
    let service = service(&workshop, store, MockWebhookSender::new());
    let not_found = |error: WebhooksError| assert!(matches!(error, WebhooksError::NotFound));
    not_found(block_on(service.show(&id)).unwrap_err());
    not_found(block_on(service.disable(&id)).unwrap_err());
    not_found(block_on(service.enable(&id)).unwrap_err());
    not_found(block_on(service.rotate(&id)).unwrap_err());
    not_found(block_on(service.remove(&id)).unwrap_err());
    not_found(block_on(service.test(&id)).unwrap_err());
    not_found(block_on(service.replay(&id, &workshop.now())).unwrap_err());
}
