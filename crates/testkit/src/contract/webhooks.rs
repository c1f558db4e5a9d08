//! The promises of [`WebhookStore`](rookery_core::ports::WebhookStore), and of every store that tells webhooks something.

use chrono::Duration;
use rookery_core::AuditEvent;
use rookery_core::domain::{
    AuditAction, AuditOutcome, CompanyName, ProfileUpdate, TenantId, UrlRules, WebhookEvent, WebhookId, WebhookUrl,
};
use rookery_core::ports::{
    Addition, ClaimedEvent, DisableReason, EventClaim, EventOutcome, EventSettlement, MessageFilter, MessageReport,
    MessageState, NewTenant, NewWebhook, Replay, SignInOutcome, Webhook, WebhookChange,
};

use super::{Person, World};

/// A webhook as it is decided.
pub(super) fn new_webhook(world: &World, tenant: Option<TenantId>, events: &[WebhookEvent]) -> NewWebhook {
    let id = world.mint.webhook_id(world.now());
    NewWebhook {
        webhook: Webhook {
            id,
            tenant,
            url: WebhookUrl::parse(&format!("https://example.com/{id}"), UrlRules::Production).unwrap(),
            events: events.to_vec(),
            created: world.now(),
            disabled: None,
            failures: 0,
            failing_since: None,
            overlap_until: None,
        },
        secret: b"sealed".to_vec(),
        event: world.event(AuditAction::WebhookAdded, None),
    }
}

pub(super) async fn added(world: &World, tenant: Option<TenantId>, events: &[WebhookEvent]) -> WebhookId {
    let new = new_webhook(world, tenant, events);
    assert_eq!(world.stores.webhooks.add(&new).await.unwrap(), Addition::Added);
    new.webhook.id
}

/// Somebody with a tenant of their own.
async fn owner(world: &World, email: &str) -> (Person, TenantId) {
    let mut account = world.new_account(email);
    let tenant = world.mint.tenant_id(world.now());
    account.tenant = Some(NewTenant {
        id: tenant,
        name: CompanyName::parse("Engines").unwrap(),
    });
    world.stores.accounts.admit(&account).await.unwrap();
    let person = Person {
        user: account.user,
        email: account.email,
    };
    (person, tenant)
}

/// Something that happens to a person and changes nothing else.
pub(super) async fn happens(world: &World, action: AuditAction, person: &Person) -> AuditEvent {
    world.advance(Duration::seconds(1));
    let event = world.event(action, Some(person));
    world.stores.audit.record(&event).await.unwrap();
    event
}

pub(super) async fn reports(world: &World, webhook: WebhookId) -> Vec<MessageReport> {
    let filter = MessageFilter {
        webhook,
        state: None,
        limit: 100,
    };
    world.stores.webhooks.messages(&filter).await.unwrap()
}

/// The kinds of what is on its way to this webhook, the newest first.
pub(super) async fn told(world: &World, webhook: WebhookId) -> Vec<&'static str> {
    let reports = reports(world, webhook).await;
    reports.iter().map(|report| report.kind.as_str()).collect()
}

async fn change(world: &World, webhook: WebhookId, change: &WebhookChange) -> bool {
    let event = world.event(AuditAction::WebhookChanged, None);
    world.stores.webhooks.change(&webhook, change, &event).await.unwrap()
}

pub(super) async fn find(world: &World, webhook: WebhookId) -> Webhook {
    let found = world.stores.webhooks.find(&webhook, &world.now()).await.unwrap();
    found.unwrap().webhook
}

/// Claims everything that is due for a minute.
pub(super) async fn claim(world: &World) -> Vec<ClaimedEvent> {
    let claim = EventClaim {
        holder: world.mint.worker_id(world.now()),
        now: world.now(),
        lease_until: world.now() + Duration::minutes(1),
        limit: 100,
        limit_per_webhook: 100,
    };
    world.stores.event_outbox.claim(&claim).await.unwrap()
}

pub async fn a_webhook_is_kept_as_it_was_decided(world: World) {
    let (_, tenant) = owner(&world, "ada@example.com").await;
    let new = new_webhook(
        &world,
        Some(tenant),
        &[WebhookEvent::UserCreated, WebhookEvent::OtherSessionsRevoked],
    );
    assert_eq!(world.stores.webhooks.add(&new).await.unwrap(), Addition::Added);
    world.advance(Duration::seconds(1));
    let second = added(&world, None, &[]).await;
    let found = world.stores.webhooks.find(&new.webhook.id, &world.now()).await.unwrap();
    let found = found.unwrap();
    assert_eq!(
        (&found.webhook, &found.secrets),
        (&new.webhook, &vec![b"sealed".to_vec()])
    );
    let all = world.stores.webhooks.list().await.unwrap();
    assert_eq!(all, [new.webhook, find(&world, second).await]);
    assert_eq!(world.ledger().await.count("events webhook.added success"), 2);
}

pub async fn a_webhook_for_a_tenant_that_is_not_there_is_not_kept(world: World) {
    let before = world.ledger().await;
    let new = new_webhook(&world, Some(world.mint.tenant_id(world.now())), &[]);
    assert_eq!(world.stores.webhooks.add(&new).await.unwrap(), Addition::NoSuchTenant);
    assert!(world.since(&before).await.is_empty());
}

pub async fn what_commits_is_told_with_it_and_what_does_not_is_not(world: World) {
    let webhook = added(&world, None, &[]).await;
    let person = world.person("ada@example.com").await;
    world.advance(Duration::seconds(1));
    let session = world.signed_in(&person).await;
    world.advance(Duration::seconds(1));
    let update = ProfileUpdate {
        weekly_reports: Some(true),
        ..ProfileUpdate::default()
    };
    let change = world.profile_change(&person, update);
    world.stores.profiles.apply(&change).await.unwrap();
    let expected = ["user.updated", "session.created", "user.created"];
    assert_eq!(told(&world, webhook).await, expected);
    let reports = reports(&world, webhook).await;
    assert!(reports.iter().all(|report| report.user == Some(person.user)));
    assert_eq!(
        (reports[0].event, reports[0].occurred),
        (change.event.id, change.event.at)
    );
    assert_eq!((reports[0].state, reports[0].attempts), (MessageState::Queued, 0));
    let claimed = claim(&world).await;
    assert_eq!(claimed[1].event.session, Some(session.id));

    let before = world.ledger().await;
    let mut outdated = world.sign_in(&person);
    outdated.credential_version = 0;
    let outcome = world.stores.credentials.sign_in(&outdated).await.unwrap();
    assert_ne!(outcome, SignInOutcome::Opened);
    assert!(world.since(&before).await.is_empty());
}

pub async fn what_was_refused_or_is_about_nobody_is_not_told(world: World) {
    let person = world.person("ada@example.com").await;
    let webhook = added(&world, None, &[]).await;
    let refused = AuditEvent {
        outcome: AuditOutcome::Failure,
        ..world.event(AuditAction::LogIn, Some(&person))
    };
    let nobody = world.event(AuditAction::LogIn, None);
    let unmapped = world.event(AuditAction::PasswordResetRequest, Some(&person));
    for event in [&refused, &nobody, &unmapped] {
        world.stores.audit.record(event).await.unwrap();
    }
    assert!(told(&world, webhook).await.is_empty());
}

pub async fn a_webhook_is_told_of_the_kinds_it_wants(world: World) {
    let some = added(
        &world,
        None,
        &[WebhookEvent::PasswordReset, WebhookEvent::SessionRevoked],
    )
    .await;
    let one = added(&world, None, &[WebhookEvent::UserCreated]).await;
    let person = world.person("ada@example.com").await;
    for action in [
        AuditAction::LogIn,
        AuditAction::LogOut,
        AuditAction::OtherSessionsEnded,
        AuditAction::PasswordReset,
    ] {
        happens(&world, action, &person).await;
    }
    assert_eq!(told(&world, some).await, ["password.reset", "session.revoked"]);
    assert_eq!(told(&world, one).await, ["user.created"]);
}

/// A62: what happens in one tenant is not told to another.
pub async fn a_tenant_s_webhook_is_told_of_its_members_and_of_sessions_opened_inside_it(world: World) {
    let (ada, engines) = owner(&world, "ada@example.com").await;
    let (bob, elsewhere) = owner(&world, "bob@example.com").await;
    let (hers, his) = (
        added(&world, Some(engines), &[]).await,
        added(&world, Some(elsewhere), &[]).await,
    );
    happens(&world, AuditAction::PasswordChange, &ada).await;
    happens(&world, AuditAction::EmailVerified, &bob).await;
    world.advance(Duration::seconds(1));
    for (action, tenant) in [
        (AuditAction::LogIn, Some(elsewhere)),
        (AuditAction::ProfileUpdate, Some(elsewhere)),
        (AuditAction::LogOut, None),
    ] {
        world.advance(Duration::seconds(1));
        let event = AuditEvent {
            tenant,
            ..world.event(action, Some(&ada))
        };
        world.stores.audit.record(&event).await.unwrap();
    }
    let expected = ["session.revoked", "user.updated", "password.changed"];
    assert_eq!(
        told(&world, hers).await,
        expected,
        "the session elsewhere is none of hers"
    );
    assert_eq!(told(&world, his).await, ["user.verified"], "she is none of his");
    let claimed = claim(&world).await;
    for message in claimed {
        let expected = if message.webhook == hers { engines } else { elsewhere };
        assert_eq!(
            message.event.tenant,
            Some(expected),
            "it learns of no tenant but its own"
        );
    }
}

pub async fn a_session_that_was_ended_from_another_is_the_one_that_is_told(world: World) {
    let person = world.person("ada@example.com").await;
    added(&world, None, &[]).await;
    let (by, ended) = (world.mint.session_id(world.now()), world.mint.session_id(world.now()));
    let event = AuditEvent {
        session: Some(by),
        target: Some(format!("session:{ended}")),
        ..world.event(AuditAction::SessionEnded, Some(&person))
    };
    world.stores.audit.record(&event).await.unwrap();
    assert_eq!(claim(&world).await[0].event.session, Some(ended));
}

pub async fn a_rotation_lets_both_secrets_sign_until_the_overlap_ends(world: World) {
    let webhook = added(&world, None, &[]).await;
    let person = world.person("ada@example.com").await;
    let overlap_until = world.now() + Duration::hours(24);
    for secret in [b"second", b"third!"] {
        let rotate = WebhookChange::Rotate {
            secret: secret.to_vec(),
            overlap_until,
        };
        assert!(change(&world, webhook, &rotate).await);
    }
    let both = vec![b"third!".to_vec(), b"second".to_vec()];
    let secrets = |now| {
        let store = &world.stores.webhooks;
        async move { store.find(&webhook, &now).await.unwrap().unwrap().secrets }
    };
    assert_eq!(secrets(overlap_until - Duration::microseconds(1)).await, both);
    assert_eq!(secrets(overlap_until).await, [b"third!".to_vec()]);
    assert_eq!(find(&world, webhook).await.overlap_until, Some(overlap_until));
    assert_eq!(claim(&world).await[0].secrets, both);
    world.advance(Duration::hours(24));
    happens(&world, AuditAction::LogIn, &person).await;
    assert!(claim(&world).await.iter().all(|message| message.secrets.len() == 1));
}

pub async fn a_disabled_webhook_is_told_of_nothing_new_and_sent_nothing_old(world: World) {
    let webhook = added(&world, None, &[]).await;
    let person = world.person("ada@example.com").await;
    assert!(change(&world, webhook, &WebhookChange::Disable).await);
    let first = find(&world, webhook).await.disabled.unwrap();
    assert_eq!(first, (world.now(), DisableReason::Operator));
    world.advance(Duration::seconds(1));
    assert!(change(&world, webhook, &WebhookChange::Disable).await);
    assert_eq!(
        find(&world, webhook).await.disabled,
        Some(first),
        "the first time stays"
    );
    happens(&world, AuditAction::LogIn, &person).await;
    assert_eq!(told(&world, webhook).await, ["user.created"]);
    assert!(claim(&world).await.is_empty());
    assert!(change(&world, webhook, &WebhookChange::Enable).await);
    assert_eq!(find(&world, webhook).await.disabled, None);
    assert_eq!(claim(&world).await[0].event.kind, WebhookEvent::UserCreated);
}

pub async fn a_removed_webhook_takes_its_messages_along(world: World) {
    let webhook = added(&world, None, &[]).await;
    let other = added(&world, None, &[]).await;
    world.person("ada@example.com").await;
    let event = world.event(AuditAction::WebhookRemoved, None);
    assert!(world.stores.webhooks.remove(&webhook, &event).await.unwrap());
    assert_eq!(world.stores.webhooks.list().await.unwrap().len(), 1);
    let claimed = claim(&world).await;
    assert_eq!((claimed.len(), claimed[0].webhook), (1, other));
    let before = world.ledger().await;
    assert!(!world.stores.webhooks.remove(&webhook, &event).await.unwrap());
    assert!(world.since(&before).await.is_empty());
}

pub async fn changing_a_webhook_that_is_not_there_writes_nothing(world: World) {
    let before = world.ledger().await;
    let webhook = world.mint.webhook_id(world.now());
    let rotate = WebhookChange::Rotate {
        secret: b"new".to_vec(),
        overlap_until: world.now(),
    };
    for wish in [rotate, WebhookChange::Disable, WebhookChange::Enable] {
        assert!(!change(&world, webhook, &wish).await, "{wish:?}");
    }
    assert!(
        world
            .stores
            .webhooks
            .find(&webhook, &world.now())
            .await
            .unwrap()
            .is_none()
    );
    assert!(world.since(&before).await.is_empty());
}

pub async fn a_replay_sends_again_under_the_same_ids_what_the_log_knows(world: World) {
    let (ada, engines) = owner(&world, "ada@example.com").await;
    let (bob, _) = owner(&world, "bob@example.com").await;
    let before = happens(&world, AuditAction::PasswordChange, &ada).await;
    let webhook = added(
        &world,
        Some(engines),
        &[WebhookEvent::PasswordChanged, WebhookEvent::SessionRevoked],
    )
    .await;
    happens(&world, AuditAction::PasswordChange, &bob).await;
    let delivered = happens(&world, AuditAction::PasswordChange, &ada).await;
    for message in claim(&world).await {
        let settlement = EventSettlement {
            webhook,
            event: message.event.id,
            holder: world.mint.worker_id(world.now()),
            at: world.now(),
            outcome: EventOutcome::Delivered { status: 200 },
        };
        world.stores.event_outbox.settle(&settlement).await.unwrap();
    }
    let ended = world.mint.session_id(world.now());
    change(&world, webhook, &WebhookChange::Disable).await;
    world.advance(Duration::seconds(1));
    let missed = AuditEvent {
        target: Some(format!("session:{ended}")),
        ..world.event(AuditAction::SessionEnded, Some(&ada))
    };
    world.stores.audit.record(&missed).await.unwrap();
    let refused = AuditEvent {
        outcome: AuditOutcome::Failure,
        ..world.event(AuditAction::PasswordChange, Some(&ada))
    };
    world.stores.audit.record(&refused).await.unwrap();
    change(&world, webhook, &WebhookChange::Enable).await;
    assert!(claim(&world).await.is_empty());

    let mut replay = Replay {
        webhook,
        since: delivered.at,
        now: world.now(),
    };
    assert_eq!(world.stores.webhooks.replay(&replay).await.unwrap(), 2);
    let again = claim(&world).await;
    let ids: Vec<_> = again.iter().map(|message| message.event.id).collect();
    assert_eq!(ids, [delivered.id, missed.id], "the oldest first");
    assert_eq!(again[0].attempts, 0);
    assert_eq!(again[1].event.session, Some(ended));
    assert_eq!(again[1].event.kind, WebhookEvent::SessionRevoked);
    assert_eq!(again[1].event.tenant, Some(engines));
    assert_eq!(
        (again[0].event.occurred, again[0].event.user),
        (delivered.at, Some(ada.user))
    );
    assert_eq!(
        world.stores.webhooks.replay(&replay).await.unwrap(),
        0,
        "what is just being sent is left alone"
    );
    replay.since = before.at;
    assert_eq!(
        world.stores.webhooks.replay(&replay).await.unwrap(),
        1,
        "what happened before the webhook was set up"
    );
}

pub async fn messages_are_shown_by_state_the_newest_first(world: World) {
    let webhook = added(&world, None, &[]).await;
    let person = world.person("ada@example.com").await;
    let newest = happens(&world, AuditAction::LogIn, &person).await;
    let claimed = claim(&world).await;
    let settlement = EventSettlement {
        webhook,
        event: claimed[0].event.id,
        holder: world.mint.worker_id(world.now()),
        at: world.now(),
        outcome: EventOutcome::Delivered { status: 204 },
    };
    world.stores.event_outbox.settle(&settlement).await.unwrap();
    let mut filter = MessageFilter {
        webhook,
        state: Some(MessageState::Delivered),
        limit: 10,
    };
    let delivered = world.stores.webhooks.messages(&filter).await.unwrap();
    assert_eq!(delivered.len(), 1);
    assert_eq!(
        (delivered[0].status, delivered[0].delivered, delivered[0].attempts),
        (Some(204), Some(world.now()), 1)
    );
    (filter.state, filter.limit) = (None, 1);
    let first = world.stores.webhooks.messages(&filter).await.unwrap();
    assert_eq!((first.len(), first[0].event), (1, newest.id));
}
