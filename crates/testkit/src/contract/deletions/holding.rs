//! Accounts on legal hold.

use chrono::Duration;
use rookery_core::Leftover;
use rookery_core::domain::{AuditAction, Role};
use rookery_core::ports::{ErasureBasis, ErasureOutcome, InterventionStep, RosterChange, RosterStep, Sweep};

use super::grace;
use crate::contract::World;
use crate::contract::exports::made;
use crate::contract::invitations::invited;
use crate::contract::oversight::done;
use crate::contract::tenants::{founded, standing};

pub async fn an_account_on_hold_is_neither_erased_nor_swept(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let tenant = founded(&world, &ada, "Engines").await;
    world.joined(tenant, &bob, &[Role::Member]).await;
    world.held(&ada).await;
    let leave = RosterChange {
        tenant,
        standings: vec![standing(&world, tenant, &bob).await],
        steps: vec![RosterStep::Remove { user: bob.user }],
        event: world.event(AuditAction::MemberLeft, Some(&bob)),
        at: world.now(),
    };
    world.stores.members.change(&leave).await.unwrap();
    for person in [&ada, &bob] {
        world.leaving(person).await;
    }
    world.advance(Duration::days(400));
    assert_eq!(world.stores.deletions.due(&world.now(), 10).await.unwrap(), [bob.user]);
    for basis in [ErasureBasis::Asked, ErasureBasis::Operator, ErasureBasis::Replayed] {
        assert_eq!(world.erased(&ada, basis).await, ErasureOutcome::Held, "{basis:?}");
    }
    let swept = async |leftover| {
        let sweep = Sweep {
            leftover,
            before: world.now() - Duration::days(90),
            at: world.now(),
        };
        world.stores.housekeeping.sweep(&sweep).await.unwrap()
    };
    let before = world.ledger().await;
    let (tokens, events) = (swept(Leftover::Tokens).await, swept(Leftover::PersonalInLogIns).await);
    assert_eq!(tokens, 2, "Bob's, and not Ada's");
    let gone = world.since(&before).await;
    assert!(!gone.is_empty() && events > 0);

    let released = world.intervention(None, &ada, InterventionStep::Release);
    assert_eq!(world.intervened(&released).await, done(0, true));
    assert_eq!(swept(Leftover::Tokens).await, 2, "Ada's");
    let outcome = world.erased(&ada, ErasureBasis::Asked).await;
    assert!(matches!(outcome, ErasureOutcome::Erased(_)), "{outcome:?}");
}

pub async fn copies_and_invitations_of_an_account_on_hold_are_swept_once_it_is_released(world: World) {
    let ada = world.person("ada@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    invited(&world, tenant, &ada, "grace@example.com", &[Role::Member]).await;
    made(&world, &ada).await;
    world.held(&ada).await;
    world.advance(Duration::days(400));
    let swept = async |leftover| {
        let sweep = Sweep {
            leftover,
            before: world.now() - Duration::days(90),
            at: world.now(),
        };
        world.stores.housekeeping.sweep(&sweep).await.unwrap()
    };
    let over = [
        (Leftover::Invitations, 1),
        (Leftover::ExportContents, 2),
        (Leftover::Exports, 1),
    ];
    for (leftover, _) in over {
        assert_eq!(swept(leftover).await, 0, "{leftover:?}");
    }
    let released = world.intervention(None, &ada, InterventionStep::Release);
    assert_eq!(world.intervened(&released).await, done(0, true));
    for (leftover, count) in over {
        assert_eq!(swept(leftover).await, count, "{leftover:?}");
    }
}

pub async fn a_hold_on_somebody_who_belonged_to_a_tenant_keeps_it(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let tenant = founded(&world, &ada, "Engines").await;
    world.joined(tenant, &bob, &[Role::Member]).await;
    let leave = RosterChange {
        tenant,
        standings: vec![standing(&world, tenant, &bob).await],
        steps: vec![RosterStep::Remove { user: bob.user }],
        event: world.event(AuditAction::MemberLeft, Some(&bob)),
        at: world.now(),
    };
    world.stores.members.change(&leave).await.unwrap();
    world.leaving(&ada).await;
    world.held(&bob).await;
    world.advance(grace());
    assert_eq!(world.erased(&ada, ErasureBasis::Asked).await, ErasureOutcome::Held);
}
