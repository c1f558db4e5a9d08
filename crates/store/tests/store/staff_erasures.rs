//! Erasures by two of the staff at once: two nodes, each with connections of its own, racing through the use case.

use std::sync::Arc;

use futures_util::future::join;
use rookery_core::domain::{AuditAction, Caller, Role, StaffRole, TenantName, UserId};
use rookery_core::mocks::{GlassSealer, ManualClock, MemoryThrottleStore, MockDeliveryBell, OpenDigest, SeededEntropy};
use rookery_core::ports::{ErasureBasis, ErasureOutcome, StaffGrant, TenantFounding};
use rookery_core::{
    AuditEvent, Intervened, LimitProfile, Links, MailedCodes, Mint, Overseer, Oversight, OversightError,
    OversightService, PostRoom, Whom,
};
use rookery_store::Database;
use rookery_testkit::contract::{Person, World};

use crate::backends::{Backend, on_every_backend, patient, stores};

const ROUNDS: u64 = 8;

/// A node, and who of the staff sits at it.
struct Node {
    service: OversightService,
    operator: Overseer,
}

impl Node {
    async fn erases(&self, user: UserId) -> Result<Intervened, OversightError> {
        let whom = Whom::Id(user);
        self.service.erase(&self.operator, &whom, &whom, None).await
    }
}

async fn node(world: &World, mint: &Mint, email: &str) -> Node {
    let operator = world.person(email).await;
    let grant = StaffGrant {
        user: operator.user,
        role: StaffRole::Operator,
        event: world.event(AuditAction::StaffGranted, Some(&operator)),
        at: world.now(),
    };
    assert!(world.stores.staff.grant(&grant).await.unwrap());
    let session = world.signed_in(&operator).await;
    let signed_in = world.resolved(&session.digest).await.unwrap();
    let mut bell = MockDeliveryBell::new();
    bell.expect_ring().return_const(());
    let links = Links::new("https://app.example.com".parse().unwrap());
    let codes = MailedCodes::new(Arc::new(OpenDigest), Vec::new());
    Node {
        service: OversightService {
            staff: Arc::clone(&world.stores.staff),
            oversight: Arc::clone(&world.stores.oversight),
            credentials: Arc::clone(&world.stores.credentials),
            audit: Arc::clone(&world.stores.audit),
            throttle: MemoryThrottleStore::throttle(Arc::new(ManualClock::default()), LimitProfile::Off),
            mint: mint.clone(),
            post_room: PostRoom::new(mint.clone(), Arc::new(GlassSealer), links, codes),
            bell: Arc::new(bell),
        },
        operator: Overseer::let_in(&signed_in, StaffRole::Operator, &Caller::default()),
    }
}

/// Two of the staff, each at a node of their own.
async fn two_nodes(backend: &Backend) -> (World, [Node; 2]) {
    let world = backend.world();
    let other = Database::connect(&patient(backend.url())).await.unwrap();
    let other = World::new(stores(&other, &backend.witness));
    let mint = Mint::new(
        Arc::new(ManualClock::default()),
        Arc::new(SeededEntropy::from_seed(0x0081_e000_0000_0000)),
    );
    let nodes = [
        node(&world, &mint, "olga@example.com").await,
        node(&other, &mint, "oleg@example.com").await,
    ];
    (world, nodes)
}

async fn one_account_is_erased_once_by_two_of_the_staff(backend: Backend) {
    let (world, nodes) = two_nodes(&backend).await;
    for round in 0..ROUNDS {
        let ada = world.person(&format!("ada{round}@example.com")).await;
        let before = world.ledger().await;
        let (one, two) = join(nodes[0].erases(ada.user), nodes[1].erases(ada.user)).await;
        let (made, late): (Vec<_>, Vec<_>) = [one, two].into_iter().partition(Result::is_ok);
        assert!(
            matches!(late[..], [Err(OversightError::NoSuchAccount)]),
            "{made:?} {late:?}"
        );
        let since = world.since(&before).await;
        for line in [
            "events staff.user_erased failure +1",
            "events staff.user_erased success +1",
            "events user.deleted success +1",
            "mails account_erased queued +1",
            "users -1",
        ] {
            assert!(since.iter().any(|other| other == line), "{line} in {since:?}");
        }
        assert_eq!(receipts_of(&world, &ada).await, 1);
    }
}

async fn of_two_owners_erased_at_once_one_stays_with_the_tenant(backend: Backend) {
    let (world, nodes) = two_nodes(&backend).await;
    for round in 0..ROUNDS {
        let named = async |name: &str| world.person(&format!("{name}{round}@example.com")).await;
        let (ada, bob, eve) = (named("ada").await, named("bob").await, named("eve").await);
        let at = world.now();
        let tenant = nodes[0].service.mint.tenant_id(at);
        let founding = TenantFounding {
            tenant,
            name: TenantName::parse("Engines").unwrap(),
            owner: ada.user,
            only_as_first: false,
            event: AuditEvent {
                tenant: Some(tenant),
                ..world.event(AuditAction::TenantCreated, Some(&ada))
            },
            at,
        };
        world.stores.tenants.found(&founding).await.unwrap();
        for (person, role) in [(&bob, Role::Owner), (&eve, Role::Member)] {
            world.stores.witness.join(&tenant, &person.user, &[role], &at).await;
        }
        let (one, two) = join(nodes[0].erases(ada.user), nodes[1].erases(bob.user)).await;
        let (owner, refusal) = match (one, two) {
            (Ok(_), Err(refusal)) => (bob, refusal),
            (Err(refusal), Ok(_)) => (ada, refusal),
            both => panic!("{both:?}"),
        };
        let OversightError::NeedsOwners(stakes) = refusal else {
            panic!("{refusal:?}")
        };
        assert_eq!((stakes.len(), stakes[0].tenant), (1, tenant));
        let membership = world.stores.tenants.membership(&tenant, &owner.user).await.unwrap();
        assert_eq!(membership.unwrap().tenant.roles, [Role::Owner]);
    }
}

async fn an_erasure_by_staff_racing_the_one_that_was_asked_for_leaves_one_receipt(backend: Backend) {
    let (world, nodes) = two_nodes(&backend).await;
    let other = Database::connect(&patient(backend.url())).await.unwrap();
    let other = World::new(stores(&other, &backend.witness));
    for round in 0..ROUNDS {
        let ada = world.person(&format!("ada{round}@example.com")).await;
        let request = world.leaving(&ada).await;
        let mut swept = world.erasure(&ada, ErasureBasis::Asked);
        swept.at = request.due;
        let sweep = async { other.stores.deletions.erase(&swept).await.unwrap() };
        let (by_staff, by_itself) = join(nodes[0].erases(ada.user), sweep).await;
        match (by_staff, by_itself) {
            (Ok(_), ErasureOutcome::NotDue) | (Err(OversightError::NoSuchAccount), ErasureOutcome::Erased(_)) => {}
            both => panic!("{both:?}"),
        }
        assert_eq!(receipts_of(&world, &ada).await, 1);
    }
}

async fn receipts_of(world: &World, person: &Person) -> usize {
    let receipts = world.stores.deletions.receipts(100).await.unwrap();
    receipts.iter().filter(|receipt| receipt.user == person.user).count()
}

on_every_backend! {
    one_account_is_erased_once_by_two_of_the_staff
    of_two_owners_erased_at_once_one_stays_with_the_tenant
    an_erasure_by_staff_racing_the_one_that_was_asked_for_leaves_one_receipt
}
