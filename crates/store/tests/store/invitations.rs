//! One invitation lets one in: two nodes, each with connections of its own, racing through the use case.

use std::sync::Arc;

use futures_util::future::join;
use rookery_core::domain::{
    AuditAction, Caller, EmailAddress, PasswordAttempt, PasswordPolicy, PasswordRules, Role, Roles, SecretString,
    SessionLifetime, TenantId, TenantName,
};
use rookery_core::mocks::{GlassSealer, ManualClock, MemoryThrottleStore, MockDeliveryBell, MockPasswordHasher};
use rookery_core::mocks::{OpenDigest, SeededEntropy};
use rookery_core::ports::{SignedIn, TenantFounding};
use rookery_core::{
    AcceptInvitation, AuditEvent, DeadInvitation, InvitationDraft, InvitationError, InvitationService, Invitations,
    Invited, Joining, JoiningError, JoiningService, LimitProfile, Links, MailedCodes, MemberService, Members, Mint,
    NewcomerDraft, PostRoom,
};
use rookery_store::Database;
use rookery_testkit::contract::World;

use crate::backends::{Backend, on_every_backend, patient, stores};
use crate::costs::Observed;

const ROUNDS: usize = 8;

struct Node {
    invitations: InvitationService,
    joining: JoiningService,
    members: MemberService,
}

fn node(world: &World, mint: &Mint) -> Node {
    let bell = || {
        let mut bell = MockDeliveryBell::new();
        bell.expect_ring().return_const(());
        Arc::new(bell)
    };
    let codes = MailedCodes::new(Arc::new(OpenDigest), Vec::new());
    let links = Links::new("https://app.example.com".parse().unwrap());
    let post_room = PostRoom::new(mint.clone(), Arc::new(GlassSealer), links, codes);
    let mut hasher = MockPasswordHasher::new();
    hasher
        .expect_hash()
        .returning(|_, _| Ok(rookery_core::domain::PasswordHash::from_phc("hashed".to_owned())));
    Node {
        invitations: InvitationService {
            tenants: Arc::clone(&world.stores.tenants),
            invitations: Arc::clone(&world.stores.invitations),
            throttle: MemoryThrottleStore::throttle(Arc::new(ManualClock::default()), LimitProfile::Off),
            mint: mint.clone(),
            post_room: post_room.clone(),
            bell: bell(),
        },
        joining: JoiningService {
            invitations: Arc::clone(&world.stores.invitations),
            hasher: Arc::new(hasher),
            policy: PasswordPolicy {
                rules: PasswordRules::default(),
                product: "Rookery".to_owned(),
            },
            mint: mint.clone(),
            post_room,
            bell: bell(),
            lifetime: SessionLifetime::DEFAULT,
        },
        members: MemberService {
            tenants: Arc::clone(&world.stores.tenants),
            members: Arc::clone(&world.stores.members),
            mint: mint.clone(),
        },
    }
}

// Proves: A64
async fn two_nodes_racing_for_one_invitation_let_one_in(backend: Backend) {
    let world = backend.world();
    let other = Database::connect(&patient(backend.url())).await.unwrap();
    let other = World::new(stores(&other, &backend.witness));
    let seeded = |seed| {
        Mint::new(
            Arc::new(ManualClock::default()),
            Arc::new(SeededEntropy::from_seed(seed)),
        )
    };
    let mint = seeded(0x0071_e000_0000_0000);
    let nodes = [node(&world, &mint), node(&other, &mint)];
    let (ada, tenant) = ada(&world, &mint).await;
    let bob = world.person("bob@example.com").await;
    for round in 0..ROUNDS {
        let email = format!("grace-{round}@example.com");
        // The secret is what the mint strikes next after the id of the invitation: a mint of the same chance tells it.
        let seed = 0x0072_e000_0000_0000 + u64::try_from(round).unwrap();
        let token = token_of(&world, seed, tenant, &ada, &email).await;
        let [one, two] = [accept(&token), accept(&token)];
        let (first, second) = join(nodes[0].joining.accept(one), nodes[1].joining.accept(two)).await;
        let told = |outcome: &Result<_, JoiningError>| match outcome {
            Ok(_) => 1,
            Err(JoiningError::Dead(DeadInvitation::Accepted)) => 0,
            Err(error) => panic!("{error:?}"),
        };
        assert_eq!(told(&first) + told(&second), 1);
    }
    for round in 0..ROUNDS {
        let at = world.now();
        world.stores.witness.join(&tenant, &bob.user, &[Role::Admin], &at).await;
        let session = world.signed_in(&bob).await;
        let mut his = world.resolved(&session.digest).await.unwrap();
        his.profile.email_verified = Some(at);
        let email = format!("eve-{round}@example.com");
        let seed = 0x0073_e000_0000_0000 + u64::try_from(round).unwrap();
        let token = token_of(&world, seed, tenant, &his, &email).await;
        let caller = Caller::default();
        let removal = nodes[1].members.remove(&ada, &tenant, &bob.user, &caller);
        let (joined, removed) = join(nodes[0].joining.accept(accept(&token)), removal).await;
        assert!(removed.is_ok(), "{removed:?}");
        match joined {
            Ok(_) | Err(JoiningError::Dead(DeadInvitation::Void)) => {}
            Err(error) => panic!("{error:?}"),
        }
        let late = nodes[0].joining.accept(accept(&token)).await;
        assert!(matches!(late, Err(JoiningError::Dead(_))), "{late:?}");
        let drafts = vec![draft("late@example.com")];
        let outside = nodes[0].invitations.invite(&his, &tenant, drafts, &caller).await;
        assert!(matches!(outside, Err(InvitationError::NoSuchTenant)), "{outside:?}");
    }
}

fn draft(email: &str) -> InvitationDraft {
    InvitationDraft {
        email: EmailAddress::parse(email).unwrap(),
        roles: Roles::of([Role::Member]).unwrap(),
        note: None,
    }
}

/// Invites with chance of a known seed, and gives the token that was mailed.
async fn token_of(world: &World, seed: u64, tenant: TenantId, by: &SignedIn, email: &str) -> String {
    let seeded = || {
        Mint::new(
            Arc::new(ManualClock::default()),
            Arc::new(SeededEntropy::from_seed(seed)),
        )
    };
    let caller = Caller::default();
    let inviting = node(world, &seeded()).invitations;
    let told = inviting.invite(by, &tenant, vec![draft(email)], &caller).await.unwrap();
    assert!(matches!(told.as_slice(), [Invited::Sent(_)]), "{told:?}");
    let again = seeded();
    let _ = again.invitation_id(again.now());
    again
        .one_time_token(rookery_core::domain::TokenPurpose::Invitation)
        .expose()
}

fn accept(token: &str) -> AcceptInvitation {
    AcceptInvitation {
        token: token.to_owned(),
        signed_in: None,
        newcomer: NewcomerDraft {
            password: PasswordAttempt::parse(&SecretString::from("towers above the town")).ok(),
            ..NewcomerDraft::default()
        },
        held: None,
        device: None,
        caller: Caller::default(),
    }
}

async fn ada(world: &World, mint: &Mint) -> (SignedIn, TenantId) {
    let person = world.person("ada@example.com").await;
    let session = world.signed_in(&person).await;
    let mut signed_in = world.resolved(&session.digest).await.unwrap();
    signed_in.profile.email_verified = Some(world.now());
    let tenant = mint.tenant_id(world.now());
    let founding = TenantFounding {
        tenant,
        name: TenantName::parse("Engines").unwrap(),
        owner: person.user,
        only_as_first: false,
        event: AuditEvent {
            tenant: Some(tenant),
            ..world.event(AuditAction::TenantCreated, Some(&person))
        },
        at: world.now(),
    };
    world.stores.tenants.found(&founding).await.unwrap();
    (signed_in, tenant)
}

/// What whoever invites could measure: the same statements for an address with an account, with one that is shut, and for nobody's.
// Proves: A64
async fn inviting_costs_the_same_whoever_has_the_address(backend: Backend) {
    let observed = Observed::on(&backend).await;
    let world = &observed.world;
    let mint = Mint::new(
        Arc::new(ManualClock::default()),
        Arc::new(SeededEntropy::from_seed(0x0074_e000_0000_0000)),
    );
    let (ada, tenant) = ada(world, &mint).await;
    let inviting = node(world, &mint).invitations;
    world.person("known@example.com").await;
    let shut = world.person("shut@example.com").await;
    let event = world.event(AuditAction::Disabled, Some(&shut));
    let disable = rookery_core::ports::AccountChange::Disable;
    world
        .stores
        .accounts
        .change(&shut.user, &disable, &event)
        .await
        .unwrap();
    let mut ran = Vec::new();
    for email in ["known@example.com", "shut@example.com", "nobody@example.com"] {
        observed.taken();
        let drafts = vec![draft(email)];
        let told = inviting
            .invite(&ada, &tenant, drafts, &Caller::default())
            .await
            .unwrap();
        assert!(matches!(told.as_slice(), [Invited::Sent(_)]), "{told:?}");
        ran.push(observed.taken());
    }
    assert!(!ran[0].is_empty());
    assert_eq!(ran[0], ran[1]);
    assert_eq!(ran[0], ran[2]);
}

on_every_backend! {
    inviting_costs_the_same_whoever_has_the_address
    two_nodes_racing_for_one_invitation_let_one_in
}
