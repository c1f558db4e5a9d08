//! Writing down that a session was used.

use chrono::Duration;
use rookery_core::domain::AuditAction;

use super::touch;
use crate::contract::World;

pub async fn a_touch_moves_the_end_of_idleness(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let before = world.ledger().await;
    world.advance(Duration::minutes(20));
    let touch = touch(&world, &person, &session);
    world.stores.sessions.touch(&touch).await.unwrap();
    world.advance(Duration::minutes(20));

    let seen = world.resolved(&session.digest).await.unwrap().session;
    assert_eq!(
        (seen.last_seen, seen.created),
        (touch.seen, touch.seen - Duration::minutes(20))
    );
    assert_eq!(seen.authenticated, seen.created);
    assert_eq!(world.since(&before).await, [""; 0], "a touch is no event");
}

pub async fn a_touch_never_moves_last_seen_back(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    world.advance(Duration::minutes(5));
    let late = touch(&world, &person, &session);
    world.advance(Duration::minutes(5));
    let early = touch(&world, &person, &session);
    world.stores.sessions.touch(&early).await.unwrap();
    world.stores.sessions.touch(&late).await.unwrap();
    let seen = world.resolved(&session.digest).await.unwrap().session;
    assert_eq!(seen.last_seen, early.seen);
    world.advance(Duration::minutes(30) - Duration::microseconds(1));
    assert!(world.resolved(&session.digest).await.is_some());
}

pub async fn a_touch_never_revives_an_ended_session(world: World) {
    let person = world.person("ada@example.com").await;
    let ended = world.signed_in(&person).await;
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(world.stores.sessions.end(&ended.id, &event).await.unwrap());
    let run_out = world.signed_in(&person).await;
    world.advance(Duration::minutes(31));
    for session in [ended, run_out] {
        let touch = touch(&world, &person, &session);
        world.stores.sessions.touch(&touch).await.unwrap();
        assert_eq!(world.resolved(&session.digest).await, None);
    }
}

pub async fn a_touch_for_somebody_else_changes_nothing(world: World) {
    let ada = world.person("ada@example.com").await;
    let eve = world.person("eve@example.com").await;
    let session = world.signed_in(&ada).await;
    let opened = world.now();
    world.advance(Duration::minutes(5));
    world
        .stores
        .sessions
        .touch(&touch(&world, &eve, &session))
        .await
        .unwrap();
    let seen = world.resolved(&session.digest).await.unwrap().session;
    assert_eq!(seen.last_seen, opened);
}
