//! From a token to whoever is signed in, and for how long.

use chrono::Duration;
use rookery_core::domain::{Preferences, Profile, SessionLifetime, TokenDigest};

use super::touch;
use crate::contract::World;

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
        pending_email: None,
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

// Proves: ASVS 7.3.1
pub async fn an_idle_session_ends_to_the_microsecond(world: World) {
    let person = world.person("ada@example.com").await;
    world.advance(Duration::microseconds(1));
    let session = world.signed_in(&person).await;
    world.advance(Duration::minutes(30) - Duration::microseconds(1));
    assert!(world.resolved(&session.digest).await.is_some());
    world.advance(Duration::microseconds(1));
    assert_eq!(world.resolved(&session.digest).await, None);
}

// Proves: ASVS 7.3.2
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

pub async fn every_lifetime_ends_to_the_second(world: World) {
    let person = world.person("ada@example.com").await;
    let second = Duration::seconds(1);
    let capped = SessionLifetime {
        idle: Duration::hours(1),
        absolute: Duration::hours(1),
    };
    for lifetime in [SessionLifetime::DEFAULT, SessionLifetime::REMEMBERED, capped] {
        let mut sign_in = world.sign_in(&person);
        sign_in.session.lifetime = lifetime;
        let unused = world.open(&sign_in).await;
        let begun = world.now();
        world.advance(lifetime.idle - second);
        assert!(world.resolved(&unused.digest).await.is_some(), "{lifetime:?}");
        world.advance(second);
        assert_eq!(world.resolved(&unused.digest).await, None, "{lifetime:?}");

        world.advance(begun - world.now());
        let mut sign_in = world.sign_in(&person);
        sign_in.session.lifetime = lifetime;
        let busy = world.open(&sign_in).await;
        let ends = begun + lifetime.absolute;
        // Used every so often, the last time a second before its end.
        while world.now() < ends - second {
            world.advance((lifetime.idle - second).min(ends - second - world.now()));
            let mut touch = touch(&world, &person, &busy);
            touch.idle_expires = (touch.seen + lifetime.idle).min(ends);
            world.stores.sessions.touch(&touch).await.unwrap();
        }
        assert!(world.resolved(&busy.digest).await.is_some(), "{lifetime:?}");
        world.advance(second);
        assert_eq!(world.resolved(&busy.digest).await, None, "{lifetime:?}");
    }
}
