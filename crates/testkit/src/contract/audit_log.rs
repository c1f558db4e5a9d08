//! The promises of [`AuditLog`](rookery_core::ports::AuditLog).

use rookery_core::AuditEvent;
use rookery_core::domain::{AuditAction, AuditOutcome, Caller, TenantId, UserId};
use serde_json::json;

use super::World;

pub async fn an_event_is_appended_whether_or_not_it_is_about_somebody(world: World) {
    let person = world.person("ada@example.com").await;
    let before = world.ledger().await;
    let about_nobody = AuditEvent {
        outcome: AuditOutcome::Failure,
        caller: Caller::default(),
        ..world.event(AuditAction::LogIn, None)
    };
    let about_somebody = AuditEvent {
        tenant: Some(TenantId::new(world.now(), &[3; 10])),
        detail: Some(json!({ "reason": "\u{1f512} \"quoted\"", "attempts": 3 })),
        ..world.event(AuditAction::LogIn, Some(&person))
    };
    let about_the_erased = AuditEvent {
        user: Some(UserId::new(world.now(), &[8; 10])),
        ..world.event(AuditAction::LogOut, None)
    };
    for event in [&about_nobody, &about_somebody, &about_the_erased] {
        world.stores.audit.record(event).await.unwrap();
    }
    assert_eq!(
        world.since(&before).await,
        [
            "events session.created failure +1",
            "events session.created success +1",
            "events session.revoked success +1"
        ]
    );
}
