//! An invitation that is answered, or answered and taken back, at once.

use futures_util::future::{join, join_all};
use rookery_core::domain::Role;
use rookery_core::ports::{InvitationOutcome, JoinOutcome};

use super::{enrol, invited, newcomer, revocation};
use crate::contract::World;
use crate::contract::tenants::founded;

// Proves: A64
pub async fn of_answers_at_once_exactly_one_counts(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    for round in 0..4 {
        let new = invited(
            &world,
            tenant,
            &ada,
            &format!("grace-{round}@example.com"),
            &[Role::Member],
        )
        .await;
        let enrolments: Vec<_> = (0..6).map(|_| newcomer(&world, &new)).collect();
        let before = world.ledger().await;
        let outcomes = join_all(enrolments.iter().map(|one| enrol(&world, one))).await;
        let joined = outcomes
            .iter()
            .filter(|outcome| **outcome == JoinOutcome::Joined)
            .count();
        assert_eq!(joined, 1, "{outcomes:?}");
        let since = world.since(&before).await;
        for line in ["users +1", "members +1", "sessions +1", "invitations accepted +1"] {
            assert!(since.iter().any(|other| other == line), "{line} in {since:?}");
        }
    }
}

pub async fn an_acceptance_racing_a_revocation_ends_one_way(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    for round in 0..6 {
        let new = invited(
            &world,
            tenant,
            &ada,
            &format!("grace-{round}@example.com"),
            &[Role::Member],
        )
        .await;
        let (enrolment, taken_back) = (newcomer(&world, &new), revocation(&world, &new, &ada));
        let revoke = async { world.stores.invitations.revoke(&taken_back).await.unwrap() };
        let (answer, revoked) = join(enrol(&world, &enrolment), revoke).await;
        let is_member = !world
            .stores
            .tenants
            .of_person(&enrolment.newcomer.user)
            .await
            .unwrap()
            .is_empty();
        match (answer, revoked) {
            (JoinOutcome::Joined, InvitationOutcome::Settled) => assert!(is_member),
            (JoinOutcome::Outdated, InvitationOutcome::Changed) => assert!(!is_member),
            both => panic!("{both:?}"),
        }
    }
}
