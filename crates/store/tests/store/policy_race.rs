//! One policy, changed by two nodes at once that have both seen it: each with connections of its own, through the use case.

use std::sync::Arc;

use chrono::Duration;
use futures_util::future::join;
use rookery_core::domain::{AuditAction, Caller, PolicyUpdate, TenantName, TenantPolicy};
use rookery_core::mocks::{GlassSealer, ManualClock, MockDeliveryBell, OpenDigest, SeededEntropy};
use rookery_core::ports::TenantFounding;
use rookery_core::{
    AuditEvent, ChangePolicyError, Links, MailedCodes, Mint, Policies, PolicyInForce, PolicyService, PostRoom,
};
use rookery_store::Database;
use rookery_testkit::contract::World;

use crate::backends::{Backend, on_every_backend, patient, stores};

const ROUNDS: u64 = 12;

fn node(world: &World, mint: &Mint) -> PolicyService {
    let mut bell = MockDeliveryBell::new();
    bell.expect_ring().return_const(());
    let links = Links::new("https://app.example.com".parse().unwrap());
    let codes = MailedCodes::new(Arc::new(OpenDigest), Vec::new());
    PolicyService {
        tenants: Arc::clone(&world.stores.tenants),
        policies: Arc::clone(&world.stores.policies),
        weakest: TenantPolicy::default(),
        grace: Duration::days(7),
        mint: mint.clone(),
        post_room: PostRoom::new(mint.clone(), Arc::new(GlassSealer), links, codes),
        bell: Arc::new(bell),
    }
}

async fn two_nodes_that_change_one_policy_at_once_change_it_once(backend: Backend) {
    let world = backend.world();
    let other = Database::connect(&patient(backend.url())).await.unwrap();
    let other = World::new(stores(&other, &backend.witness));
    let mint = Mint::new(
        Arc::new(ManualClock::default()),
        Arc::new(SeededEntropy::from_seed(0x0061_e000_0000_0000)),
    );
    let nodes = [node(&world, &mint), node(&other, &mint)];
    let ada = world.person("ada@example.com").await;
    let tenant = mint.tenant_id(world.now());
    let founding = TenantFounding {
        tenant,
        name: TenantName::parse("Engines").unwrap(),
        owner: ada.user,
        only_as_first: false,
        event: AuditEvent {
            id: mint.event_id(world.now()),
            tenant: Some(tenant),
            ..world.event(AuditAction::TenantCreated, Some(&ada))
        },
        at: world.now(),
    };
    world.stores.tenants.found(&founding).await.unwrap();
    let session = world.signed_in(&ada).await;
    let signed_in = world.resolved(&session.digest).await.unwrap();
    let caller = Caller::default();
    let mut seen = nodes[0].read(&signed_in, &tenant).await.unwrap();
    for round in 0..ROUNDS {
        let change = |node: usize| {
            let update = PolicyUpdate {
                password_min_length: Some(10 + 2 * round + node as u64),
                ..PolicyUpdate::default()
            };
            nodes[node].change(&signed_in, &tenant, update, Some(vec![seen.version]), &caller)
        };
        let (one, two) = join(change(0), change(1)).await;
        let (made, late): (Vec<_>, Vec<_>) = [one, two].into_iter().partition(Result::is_ok);
        assert!(
            matches!(late[..], [Err(ChangePolicyError::Superseded)]),
            "{made:?} {late:?}"
        );
        let made: Vec<PolicyInForce> = made.into_iter().map(Result::unwrap).collect();
        seen = nodes[1].read(&signed_in, &tenant).await.unwrap();
        assert_eq!(made, [seen.clone()]);
    }
}

on_every_backend! {
    two_nodes_that_change_one_policy_at_once_change_it_once
}
