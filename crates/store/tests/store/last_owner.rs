//! A tenant is never without an owner: two nodes, each with connections of its own, racing through the use case.

use std::sync::Arc;

use futures_util::future::join;
use rookery_core::domain::{AuditAction, Caller, Role, Roles, TenantId, TenantName, UserId};
use rookery_core::mocks::{ManualClock, SeededEntropy};
use rookery_core::ports::{MemberFilter, SignedIn, TenantFounding};
use rookery_core::{AuditEvent, MemberError, MemberService, Members, Mint};
use rookery_store::Database;
use rookery_testkit::contract::{Person, World};

use crate::backends::{Backend, on_every_backend, patient, stores};

const ROUNDS: usize = 12;

/// What an owner does to stop being one.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Leave,
    StepDown,
    HandOn,
    RemoveTheOther,
}

fn node(world: &World, mint: &Mint) -> MemberService {
    MemberService {
        tenants: Arc::clone(&world.stores.tenants),
        members: Arc::clone(&world.stores.members),
        mint: mint.clone(),
    }
}

async fn does(
    node: &MemberService,
    deed: Deed,
    signed_in: &SignedIn,
    tenant: TenantId,
    other: UserId,
) -> Result<(), MemberError> {
    let (own, caller) = (signed_in.session.user, Caller::default());
    match deed {
        Deed::Leave => node.remove(signed_in, &tenant, &own, &caller).await.map(|_| ()),
        Deed::RemoveTheOther => node.remove(signed_in, &tenant, &other, &caller).await.map(|_| ()),
        Deed::HandOn => {
            let handed = node.transfer_ownership(signed_in, &tenant, &other, &caller).await;
            handed.map(|_| ())
        }
        Deed::StepDown => {
            let roles = Roles::of([Role::Viewer]).unwrap();
            node.assign(signed_in, &tenant, &own, roles, &caller).await.map(|_| ())
        }
    }
}

// Proves: A66
async fn two_nodes_racing_for_the_last_owner_leave_one(backend: Backend) {
    let world = backend.world();
    let other = Database::connect(&patient(backend.url())).await.unwrap();
    let other = World::new(stores(&other, &backend.witness));
    let mint = Mint::new(
        Arc::new(ManualClock::default()),
        Arc::new(SeededEntropy::from_seed(0x0051_e000_0000_0000)),
    );
    let nodes = [node(&world, &mint), node(&other, &mint)];
    let (ada, bob) = (
        world.person("ada@example.com").await,
        world.person("bob@example.com").await,
    );
    let signed_in = async |person: &Person| {
        let session = world.signed_in(person).await;
        world.resolved(&session.digest).await.unwrap()
    };
    let (hers, his) = (signed_in(&ada).await, signed_in(&bob).await);
    for round in 0..ROUNDS {
        for deeds in [
            [Deed::Leave, Deed::Leave],
            [Deed::StepDown, Deed::StepDown],
            [Deed::HandOn, Deed::HandOn],
            [Deed::RemoveTheOther, Deed::RemoveTheOther],
            [Deed::Leave, Deed::HandOn],
            [Deed::StepDown, Deed::RemoveTheOther],
        ] {
            let tenant = two_owners(&world, &mint, &ada, &bob).await;
            let (one, two) = join(
                does(&nodes[round % 2], deeds[0], &hers, tenant, bob.user),
                does(&nodes[(round + 1) % 2], deeds[1], &his, tenant, ada.user),
            )
            .await;
            let owners = owners(&world, tenant, [&ada, &bob]).await;
            assert!(owners >= 1, "{deeds:?}: {one:?}, {two:?}");
            for outcome in [one, two] {
                let is_expected = matches!(
                    outcome,
                    Ok(())
                        | Err(MemberError::LastOwner
                            | MemberError::Forbidden(_)
                            | MemberError::NoSuchTenant
                            | MemberError::NoSuchMember)
                );
                assert!(is_expected, "{deeds:?}: {outcome:?}");
            }
        }
    }
}

async fn two_owners(world: &World, mint: &Mint, ada: &Person, bob: &Person) -> TenantId {
    let at = world.now();
    let tenant = mint.tenant_id(at);
    let founding = TenantFounding {
        tenant,
        name: TenantName::parse("Engines").unwrap(),
        owner: ada.user,
        only_as_first: false,
        event: AuditEvent {
            tenant: Some(tenant),
            ..world.event(AuditAction::TenantCreated, Some(ada))
        },
        at,
    };
    world.stores.tenants.found(&founding).await.unwrap();
    world.stores.witness.join(&tenant, &bob.user, &[Role::Owner], &at).await;
    tenant
}

/// How many of them own it, whoever of them is still there to see.
async fn owners(world: &World, tenant: TenantId, readers: [&Person; 2]) -> usize {
    let everybody = MemberFilter {
        search: None,
        behind: None,
        limit: 10,
    };
    for reader in readers {
        let members = world
            .stores
            .members
            .list(&tenant, &reader.user, &everybody)
            .await
            .unwrap();
        if !members.is_empty() {
            return members
                .iter()
                .filter(|member| member.roles.contains(&Role::Owner))
                .count();
        }
    }
    0
}

on_every_backend! {
    two_nodes_racing_for_the_last_owner_leave_one
}
