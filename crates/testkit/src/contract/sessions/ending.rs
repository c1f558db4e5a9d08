//! Ending sessions, one's own and others.

use chrono::Duration;
use futures_util::future::{join, join_all};
use rookery_core::domain::{AuditAction, SessionId};
use rookery_core::ports::{RevocationOutcome, Revoked};

use super::ROUNDS;
use crate::contract::World;

// Proves: A23, A82, A43, ASVS 7.4.1
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

pub async fn ending_another_session_ends_that_one_alone(world: World) {
    let person = world.person("ada@example.com").await;
    let [mine, other, third] = [
        world.signed_in(&person).await,
        world.signed_in(&person).await,
        world.signed_in(&person).await,
    ];
    let before = world.ledger().await;
    let revocation = world.revocation(&person, &mine, Revoked::One(other.id));
    for expected in [1, 0] {
        let outcome = world.stores.sessions.revoke(&revocation).await.unwrap();
        assert_eq!(outcome, RevocationOutcome::Ended(expected));
        assert_eq!(
            world.since(&before).await,
            ["events session.ended success +1", "sessions -1"]
        );
    }
    assert_eq!(world.resolved(&other.digest).await, None);
    assert!(world.resolved(&mine.digest).await.is_some());
    assert!(world.resolved(&third.digest).await.is_some());
}

// Proves: A63
pub async fn a_session_that_is_not_a_live_other_one_of_theirs_is_not_ended(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let run_out = world.signed_in(&person).await;
    world.advance(Duration::minutes(30));
    let mine = world.signed_in(&person).await;
    let somebody_else_s = world.signed_in(&bystander).await;
    let nobody_s = SessionId::new(world.now(), &[9; 10]);
    let before = world.ledger().await;
    for id in [run_out.id, mine.id, somebody_else_s.id, nobody_s] {
        let revocation = world.revocation(&person, &mine, Revoked::One(id));
        let outcome = world.stores.sessions.revoke(&revocation).await.unwrap();
        assert_eq!(outcome, RevocationOutcome::Ended(0));
    }
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(world.resolved(&mine.digest).await.is_some());
    assert!(world.resolved(&somebody_else_s.digest).await.is_some());
}

pub async fn ending_all_others_leaves_the_one_that_asks(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    world.signed_in(&person).await;
    world.advance(Duration::minutes(30));
    let other = world.signed_in(&bystander).await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(world.signed_in(&person).await);
    }
    let before = world.ledger().await;
    let revocation = world.revocation(&person, &sessions[2], Revoked::AllOthers);
    let outcome = world.stores.sessions.revoke(&revocation).await.unwrap();
    assert_eq!(outcome, RevocationOutcome::Ended(3), "one more had run out");
    assert_eq!(
        world.since(&before).await,
        ["events session.others_ended success +1", "sessions -3"]
    );
    for (at, session) in sessions.iter().enumerate() {
        assert_eq!(world.resolved(&session.digest).await.is_some(), at == 2);
    }
    assert!(world.resolved(&other.digest).await.is_some());

    let before = world.ledger().await;
    let again = world.revocation(&person, &sessions[2], Revoked::AllOthers);
    let outcome = world.stores.sessions.revoke(&again).await.unwrap();
    assert_eq!(outcome, RevocationOutcome::Ended(0));
    assert_eq!(world.since(&before).await, [""; 0], "nothing ended, nothing told");
}

pub async fn whoever_has_been_signed_out_ends_nothing_any_more(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let run_out = world.signed_in(&person).await;
    world.advance(Duration::minutes(30));
    let [mine, ended] = [world.signed_in(&person).await, world.signed_in(&person).await];
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(world.stores.sessions.end(&ended.id, &event).await.unwrap());
    let somebody_else_s = world.signed_in(&bystander).await;
    let before = world.ledger().await;
    for by in [run_out, ended, somebody_else_s] {
        for revoked in [Revoked::One(mine.id), Revoked::AllOthers] {
            let revocation = world.revocation(&person, &by, revoked);
            let outcome = world.stores.sessions.revoke(&revocation).await.unwrap();
            assert_eq!(outcome, RevocationOutcome::NotSignedIn);
        }
    }
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(world.resolved(&mine.digest).await.is_some());
}

pub async fn of_sessions_that_end_each_other_at_once_exactly_one_goes_on(world: World) {
    let person = world.person("ada@example.com").await;
    for round in 0..ROUNDS {
        let [here, there] = [world.signed_in(&person).await, world.signed_in(&person).await];
        let [first_ends, second_ends] = if round % 2 == 0 {
            [Revoked::AllOthers; 2]
        } else {
            [Revoked::One(there.id), Revoked::One(here.id)]
        };
        let asked_here = world.revocation(&person, &here, first_ends);
        let asked_elsewhere = world.revocation(&person, &there, second_ends);
        let (first, second) = join(
            world.stores.sessions.revoke(&asked_here),
            world.stores.sessions.revoke(&asked_elsewhere),
        )
        .await;
        let mut outcomes = [first.unwrap(), second.unwrap()];
        outcomes.sort_by_key(|outcome| *outcome == RevocationOutcome::NotSignedIn);
        assert_eq!(outcomes, [RevocationOutcome::Ended(1), RevocationOutcome::NotSignedIn]);
        let [survivor, loser] = match world.resolved(&here.digest).await {
            Some(_) => [here, there],
            None => [there, here],
        };
        assert!(world.resolved(&survivor.digest).await.is_some());
        assert_eq!(world.resolved(&loser.digest).await, None);
        let event = world.event(AuditAction::LogOut, Some(&person));
        assert!(world.stores.sessions.end(&survivor.id, &event).await.unwrap());
    }
}
