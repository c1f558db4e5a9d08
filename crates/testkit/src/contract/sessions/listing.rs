//! The list of a person's sessions.

use chrono::Duration;
use rookery_core::domain::{AuditAction, AuthMethod, Session, SessionId, SessionLifetime};
use rookery_core::ports::ListedSession;

use super::touch;
use crate::contract::World;

pub async fn the_live_sessions_of_a_person_are_listed_the_last_used_first(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    world.signed_in(&bystander).await;
    let mut opened = Vec::new();
    for minutes in [0, 1, 1] {
        world.advance(Duration::minutes(minutes));
        opened.push((world.signed_in(&person).await, world.now()));
    }
    world.advance(Duration::milliseconds(1));
    let mut remembered = world.sign_in(&person);
    remembered.session.remembered = true;
    remembered.session.lifetime = SessionLifetime::REMEMBERED;
    remembered.session.methods = vec![AuthMethod::Password, AuthMethod::Totp];
    remembered.session.caller = rookery_core::domain::Caller::default();
    let quiet = world.open(&remembered).await;
    let ended = world.signed_in(&person).await;
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(world.stores.sessions.end(&ended.id, &event).await.unwrap());
    world.advance(Duration::minutes(27));
    let (first, at) = opened[0];
    world
        .stores
        .sessions
        .touch(&touch(&world, &person, &first))
        .await
        .unwrap();
    let before = world.ledger().await;

    let listed = world.stores.sessions.list(&person.user, &world.now()).await.unwrap();
    let order: Vec<SessionId> = listed.iter().map(|session| session.id).collect();
    assert_eq!(order, [first.id, quiet.id, opened[2].0.id, opened[1].0.id]);
    let caller = World::caller();
    let expected = ListedSession {
        id: first.id,
        remembered: false,
        methods: vec![AuthMethod::Password],
        created: at,
        last_seen: world.now(),
        expires: at + SessionLifetime::DEFAULT.absolute,
        address: caller.address,
        user_agent: caller.user_agent,
    };
    assert_eq!(listed[0], expected);
    let expected = ListedSession {
        id: quiet.id,
        remembered: true,
        methods: vec![AuthMethod::Password, AuthMethod::Totp],
        created: remembered.at,
        last_seen: remembered.at,
        expires: remembered.at + SessionLifetime::REMEMBERED.absolute,
        address: None,
        user_agent: None,
    };
    assert_eq!(listed[1], expected);
    assert_eq!(world.since(&before).await, [""; 0], "looking is no event");

    world.advance(Duration::minutes(3));
    let listed = world.stores.sessions.list(&person.user, &world.now()).await.unwrap();
    let order: Vec<SessionId> = listed.iter().map(|session| session.id).collect();
    assert_eq!(order, [first.id, quiet.id], "what has fallen idle is not listed");
}

pub async fn a_list_holds_as_many_sessions_as_there_may_be_and_no_more(world: World) {
    let person = world.person("ada@example.com").await;
    let mut newest = Vec::new();
    for _ in 0..=Session::MAX_PER_USER {
        world.advance(Duration::seconds(1));
        newest.insert(0, world.signed_in(&person).await.id);
    }
    newest.pop();
    let listed = world.stores.sessions.list(&person.user, &world.now()).await.unwrap();
    let order: Vec<SessionId> = listed.iter().map(|session| session.id).collect();
    assert_eq!(order, newest);
}
