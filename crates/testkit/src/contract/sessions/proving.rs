//! Renewing a session by a proof of who one is.

use chrono::Duration;
use futures_util::future::{join, join_all};
use rookery_core::domain::{AuditAction, AuthMethod, Session};
use rookery_core::ports::{RevocationOutcome, Revoked};

use super::{ROUNDS, touch};
use crate::contract::{OpenSession, World};

pub async fn a_proof_renews_the_session_under_a_new_token_alone(world: World) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let opened = world.resolved(&session.digest).await.unwrap().session;
    let elsewhere = world.signed_in(&person).await;
    world.advance(Duration::minutes(20));
    let before = world.ledger().await;
    let mut renewal = world.renewal(&person, &session);
    renewal.methods = vec![AuthMethod::Password, AuthMethod::RecoveryCode];
    assert!(world.stores.sessions.renew(&renewal).await.unwrap());

    assert_eq!(
        world.since(&before).await,
        ["events session.reauthenticated success +1"]
    );
    assert_eq!(world.resolved(&session.digest).await, None, "its old token");
    assert!(world.resolved(&elsewhere.digest).await.is_some());
    let renewed = world.resolved(&renewal.new_digest).await.unwrap().session;
    let expected = Session {
        authenticated: renewal.at,
        methods: renewal.methods,
        ..opened
    };
    assert_eq!(renewed, expected, "nothing else has changed");
}

pub async fn of_proofs_racing_from_one_token_exactly_one_renews(world: World) {
    let person = world.person("ada@example.com").await;
    for _ in 0..ROUNDS {
        let session = world.signed_in(&person).await;
        let before = world.ledger().await;
        let renewals: Vec<_> = (0..4).map(|_| world.renewal(&person, &session)).collect();
        let renewed = join_all(renewals.iter().map(|renewal| world.stores.sessions.renew(renewal))).await;
        let mut winners = 0;
        for (renewed, renewal) in renewed.into_iter().zip(&renewals) {
            let is_live = world.resolved(&renewal.new_digest).await.is_some();
            assert_eq!(renewed.unwrap(), is_live, "whoever was told so has the one live token");
            winners += usize::from(is_live);
        }
        assert_eq!(winners, 1);
        assert_eq!(world.resolved(&session.digest).await, None);
        assert_eq!(
            world.since(&before).await,
            ["events session.reauthenticated success +1"]
        );
    }
}

// Proves: A82
pub async fn a_proof_never_revives_an_ended_session(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let ended = world.signed_in(&person).await;
    let event = world.event(AuditAction::LogOut, Some(&person));
    assert!(world.stores.sessions.end(&ended.id, &event).await.unwrap());
    let run_out = world.signed_in(&person).await;
    world.advance(Duration::minutes(30));
    let somebody_else_s = world.signed_in(&bystander).await;
    let live = world.signed_in(&person).await;
    let another_token = OpenSession {
        digest: somebody_else_s.digest,
        ..live
    };
    let before = world.ledger().await;
    for session in [ended, run_out, somebody_else_s, another_token] {
        let renewal = world.renewal(&person, &session);
        assert!(!world.stores.sessions.renew(&renewal).await.unwrap());
        assert_eq!(world.resolved(&renewal.new_digest).await, None);
    }
    assert_eq!(world.since(&before).await, [""; 0]);
    assert!(world.resolved(&somebody_else_s.digest).await.is_some());
    assert!(world.resolved(&live.digest).await.is_some());
}

// Proves: A82, A43
pub async fn a_proof_and_a_use_racing_the_end_of_a_session_leave_it_ended(world: World) {
    let person = world.person("ada@example.com").await;
    let owner = world.signed_in(&person).await;
    for round in 0..ROUNDS {
        let session = world.signed_in(&person).await;
        let renewal = world.renewal(&person, &session);
        let mut touch = touch(&world, &person, &session);
        touch.seen += Duration::seconds(1);
        let event = world.event(AuditAction::LogOut, Some(&person));
        let revocation = world.revocation(&person, &owner, Revoked::One(session.id));
        let end = async {
            if round % 2 == 0 {
                assert!(world.stores.sessions.end(&session.id, &event).await.unwrap());
            } else {
                let outcome = world.stores.sessions.revoke(&revocation).await.unwrap();
                assert_eq!(outcome, RevocationOutcome::Ended(1));
            }
        };
        let use_it = join(
            world.stores.sessions.touch(&touch),
            world.stores.sessions.renew(&renewal),
        );
        let ((touched, renewed), ()) = join(use_it, end).await;
        touched.unwrap();
        renewed.unwrap();
        assert_eq!(world.resolved(&session.digest).await, None, "under its token");
        assert_eq!(world.resolved(&renewal.new_digest).await, None, "under the new one");
    }
    assert_eq!(world.ledger().await.count("sessions"), 1);
}
