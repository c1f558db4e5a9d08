//! What becomes of the tenants of whoever leaves.

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::domain::{AuditAction, Role};
use rookery_core::ports::{
    DeletionRequestOutcome, ErasureBasis, ErasureOutcome, RosterChange, RosterOutcome, RosterStep, StakeFate,
    TenantStake,
};

use super::grace;
use crate::contract::World;
use crate::contract::tenants::{founded, standing};

pub async fn what_is_at_stake_is_told_for_each_tenant(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let eve = world.person("eve@example.com").await;
    let mut tenants = Vec::new();
    for (name, roles_of_bob) in [
        ("Alone", None),
        ("Shared", Some(Role::Owner)),
        ("Needy", Some(Role::Admin)),
    ] {
        world.advance(Duration::seconds(1));
        let tenant = founded(&world, &ada, name).await;
        if let Some(role) = roles_of_bob {
            world.joined(tenant, &bob, &[role]).await;
        }
        tenants.push(tenant);
    }
    world.advance(Duration::seconds(1));
    let guest = founded(&world, &eve, "Guest").await;
    world.joined(guest, &ada, &[Role::Member]).await;
    let stake = |tenant, name: &str, others, fate| TenantStake {
        tenant,
        name: name.to_owned(),
        others,
        fate,
    };
    assert_eq!(
        world.stakes(&ada).await,
        [
            stake(tenants[0], "Alone", 0, StakeFate::Closes),
            stake(tenants[1], "Shared", 1, StakeFate::GoesOn),
            stake(tenants[2], "Needy", 1, StakeFate::NeedsOwner),
            stake(guest, "Guest", 1, StakeFate::GoesOn),
        ]
    );
    world.leaving(&bob).await;
    assert_eq!(
        world.stakes(&ada).await,
        [
            stake(tenants[0], "Alone", 0, StakeFate::Closes),
            stake(tenants[1], "Shared", 0, StakeFate::Closes),
            stake(tenants[2], "Needy", 0, StakeFate::Closes),
            stake(guest, "Guest", 1, StakeFate::GoesOn),
        ],
        "who waits for their own deletion does not stay"
    );
}

// Proves: A66
pub async fn of_last_owners_who_ask_at_once_one_stays(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let eve = world.person("eve@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    world.joined(tenant, &bob, &[Role::Owner]).await;
    world.joined(tenant, &eve, &[Role::Member]).await;
    let (hers, his) = (world.signed_in(&ada).await, world.signed_in(&bob).await);
    let requests = [
        world.deletion_request(&ada, &hers, 1),
        world.deletion_request(&bob, &his, 1),
    ];
    let outcomes = join_all(requests.iter().map(|request| world.stores.deletions.request(request))).await;
    let mut outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    outcomes.sort_by_key(|outcome| *outcome == DeletionRequestOutcome::Outdated);
    assert_eq!(
        outcomes,
        [DeletionRequestOutcome::Requested, DeletionRequestOutcome::Outdated]
    );
}

// Proves: A66
pub async fn an_owner_who_waits_for_their_deletion_is_none_to_those_who_leave(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let tenant = founded(&world, &ada, "Engines").await;
    world.joined(tenant, &bob, &[Role::Owner]).await;
    world.leaving(&ada).await;
    let leaving = RosterChange {
        tenant,
        standings: vec![standing(&world, tenant, &bob).await],
        steps: vec![RosterStep::Remove { user: bob.user }],
        event: world.event(AuditAction::MemberLeft, Some(&bob)),
        at: world.now(),
    };
    let outcome = world.stores.members.change(&leaving).await.unwrap();
    assert_eq!(outcome, RosterOutcome::LastOwner);
}

pub async fn tenants_closed_with_the_account_are_erased_with_it_and_others_go_on(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    founded(&world, &ada, "Alone").await;
    let shared = founded(&world, &ada, "Shared").await;
    world.joined(shared, &bob, &[Role::Owner]).await;
    world.leaving(&ada).await;
    world.advance(grace());
    let outcome = world.erased(&ada, ErasureBasis::Asked).await;
    let ErasureOutcome::Erased(receipt) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(receipt.counts.get("tenants"), Some(&1));
    let ledger = world.ledger().await;
    assert_eq!((ledger.count("tenants"), ledger.count("members")), (1, 1));
    let left = world.stores.tenants.of_person(&bob.user).await.unwrap();
    assert_eq!(left.len(), 1);
}

pub async fn an_operator_erases_at_once_but_leaves_no_tenant_without_an_owner(world: World) {
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let tenant = founded(&world, &ada, "Engines").await;
    world.joined(tenant, &bob, &[Role::Member]).await;
    let before = world.ledger().await;
    let ErasureOutcome::NeedsOwners(stakes) = world.erased(&ada, ErasureBasis::Operator).await else {
        panic!("a tenant would be without an owner");
    };
    assert_eq!(stakes.len(), 1);
    assert_eq!(world.since(&before).await, [""; 0]);
    let outcome = world.erased(&bob, ErasureBasis::Operator).await;
    assert!(matches!(outcome, ErasureOutcome::Erased(_)), "{outcome:?}");
    let outcome = world.erased(&ada, ErasureBasis::Operator).await;
    assert!(matches!(outcome, ErasureOutcome::Erased(_)), "{outcome:?}");
    assert_eq!(world.ledger().await.count("tenants"), 0, "nobody else was left in it");
    assert_eq!(world.erased(&ada, ErasureBasis::Replayed).await, ErasureOutcome::NotDue);
}
