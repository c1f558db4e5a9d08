//! The promises of [`SessionStore`](rookery_core::ports::SessionStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{AuditAction, Preferences, Profile, SessionLifetime, TokenDigest};
use rookery_core::ports::SessionTouch;

use super::{OpenSession, Person, World};

pub async fn a_token_resolves_to_its_session_and_person(world: World) {
    let created = world.now();
    let person = world.person("Ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    world.signed_in(&bystander).await;
    let session = world.signed_in(&person).await;
    let signed_in = world.resolved(&session.digest).await.unwrap();
    assert_eq!(
        (signed_in.session.id, signed_in.session.user),
        (session.id, person.user)
    );
    assert_eq!(signed_in.session.tenant, None);
    let expected = Profile {
        user: person.user,
        tenant: None,
        email: person.email,
        email_verified: None,
        name: Some("Ada \u{1f99c} Lovelace".to_owned()),
        given_name: Some("Ада".to_owned()),
        family_name: Some("O'Lovelace".to_owned()),
        picture: None,
        roles: Vec::new(),
        created,
        updated: created,
        preferences: Preferences::default(),
    };
    assert_eq!(signed_in.profile, expected);
    assert_eq!(signed_in.profile.email.as_str(), "Ada@example.com", "as it was written");
}

pub async fn a_person_without_choices_has_the_effective_defaults_and_reading_writes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let before = world.ledger().await;
    for _ in 0..3 {
        let signed_in = world.resolved(&session.digest).await.unwrap();
        assert_eq!(signed_in.profile.preferences, Preferences::default());
    }
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn an_unknown_token_resolves_to_nobody(world: World) {
    let person = world.person("ada@example.com").await;
    world.signed_in(&person).await;
    for digest in [[0; 32], [0xff; 32]] {
        assert_eq!(world.resolved(&TokenDigest::from_bytes(digest)).await, None);
    }
}

pub async fn an_idle_session_ends_to_the_microsecond(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::microseconds(1));
    let session = world.signed_in(&person).await;
    world.advance(Duration::minutes(30) - Duration::microseconds(1));
    assert!(world.resolved(&session.digest).await.is_some());
    world.advance(Duration::microseconds(1));
    assert_eq!(world.resolved(&session.digest).await, None);
}

fn touch(world: &World, person: &Person, session: &OpenSession) -> SessionTouch {
    SessionTouch {
        session: session.id,
        user: person.user,
        seen: world.now(),
        idle_expires: world.now() + SessionLifetime::DEFAULT.idle,
    }
}

pub async fn a_busy_session_ends_with_its_absolute_life(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let ends = world.now() + Duration::hours(24);
    while world.now() + Duration::minutes(29) < ends {
        world.advance(Duration::minutes(29));
        let mut touch = touch(&world, &person, &session);
        touch.idle_expires = touch.idle_expires.min(ends);
        world.stores.sessions.touch(&touch).await.unwrap();
    }
    world.advance(ends - world.now() - Duration::microseconds(1));
    assert!(world.resolved(&session.digest).await.is_some());
    world.advance(Duration::microseconds(1));
    assert_eq!(world.resolved(&session.digest).await, None);
}

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

pub async fn a_session_ends_once(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let elsewhere = world.signed_in(&person).await;
    let before = world.ledger().await;
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(world.stores.sessions.end(&session.id, &event).await.unwrap());
    let again = world.event(AuditAction::LogOut, Some(&person));
    assert!(!world.stores.sessions.end(&session.id, &again).await.unwrap());

    assert_eq!(
        world.since(&before).await,
        ["events session.revoked success +1", "sessions -1"]
    );
    assert_eq!(world.resolved(&session.digest).await, None);
    assert!(world.resolved(&elsewhere.digest).await.is_some());
}

pub async fn ending_a_session_that_has_run_out_writes_nothing(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    world.advance(Duration::minutes(30));
    let before = world.ledger().await;
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(!world.stores.sessions.end(&session.id, &event).await.unwrap());
    assert_eq!(world.since(&before).await, [""; 0]);
}

pub async fn of_two_who_end_a_session_at_once_one_has_ended_it(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let before = world.ledger().await;
    let events: Vec<_> = (0..6)
        .map(|_| world.event(AuditAction::LogOut, Some(&person)))
        .collect();
    let ended = join_all(events.iter().map(|event| world.stores.sessions.end(&session.id, event))).await;
    assert_eq!(ended.into_iter().filter(|ended| *ended.as_ref().unwrap()).count(), 1);
    assert_eq!(
        world.since(&before).await,
        ["events session.revoked success +1", "sessions -1"]
    );
}
