//! Taking a session into another tenant.

use chrono::Duration;
use futures_util::future::join;
use rookery_core::AuditEvent;
use rookery_core::domain::{AuditAction, Role, TenantId};
use rookery_core::ports::{RosterChange, RosterOutcome, RosterStep, SwitchOutcome, TenantSwitch};

use crate::contract::tenants::founded;
use crate::contract::{OpenSession, Person, World};

fn switch(world: &World, person: &Person, session: &OpenSession, tenant: TenantId) -> TenantSwitch {
    TenantSwitch {
        user: person.user,
        session: session.id,
        tenant,
        idle: Duration::minutes(10),
        expires: world.now() + Duration::hours(2),
        event: AuditEvent {
            tenant: Some(tenant),
            session: Some(session.id),
            ..world.event(AuditAction::TenantSwitched, Some(person))
        },
        at: world.now(),
    }
}

pub async fn a_session_goes_on_in_another_tenant_as_it_was_decided(world: World) {
    let person = world.person("ada@example.com").await;
    let tenant = founded(&world, &person, "Engines").await;
    let session = world.signed_in(&person).await;
    let other = world.signed_in(&person).await;
    let before = world.ledger().await;
    world.advance(Duration::minutes(5));
    let switch = switch(&world, &person, &session, tenant);
    let switched = world.stores.sessions.switch_tenant(&switch).await.unwrap();
    assert_eq!(switched, SwitchOutcome::Switched);
    assert_eq!(
        world.since(&before).await,
        ["events session.tenant_switched success +1"]
    );
    let now = world.resolved(&session.digest).await.unwrap();
    assert_eq!(now.session.tenant.map(|tenant| tenant.id), Some(tenant));
    assert_eq!((now.session.idle, now.session.expires), (switch.idle, switch.expires));
    assert_eq!(now.profile.tenant, Some(tenant));
    assert_eq!(world.resolved(&other.digest).await.unwrap().session.tenant, None);
    world.advance(Duration::minutes(10) - Duration::microseconds(1));
    assert!(world.resolved(&session.digest).await.is_some());
    world.advance(Duration::microseconds(1));
    assert!(
        world.resolved(&session.digest).await.is_none(),
        "it falls idle as decided"
    );
}

pub async fn a_session_goes_nowhere_its_person_does_not_belong(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let foreign = founded(&world, &bystander, "Bob's").await;
    let session = world.signed_in(&person).await;
    let before = world.ledger().await;
    for tenant in [foreign, world.mint.tenant_id(world.now())] {
        let switch = switch(&world, &person, &session, tenant);
        let switched = world.stores.sessions.switch_tenant(&switch).await.unwrap();
        assert_eq!(switched, SwitchOutcome::NotAMember);
    }
    assert!(world.since(&before).await.is_empty());
    let now = world.resolved(&session.digest).await.unwrap();
    assert_eq!(now.session.tenant, None);
}

pub async fn a_session_that_has_ended_goes_nowhere(world: World) {
    let person = world.person("ada@example.com").await;
    let bystander = world.person("bob@example.com").await;
    let tenant = founded(&world, &person, "Engines").await;
    let session = world.signed_in(&person).await;
    let foreign = world.signed_in(&bystander).await;
    let before = world.ledger().await;
    world.advance(Duration::minutes(30));
    for session in [session, foreign] {
        let switch = switch(&world, &person, &session, tenant);
        let switched = world.stores.sessions.switch_tenant(&switch).await.unwrap();
        assert_eq!(switched, SwitchOutcome::NotSignedIn);
    }
    assert!(world.since(&before).await.is_empty());
}

pub async fn a_switch_racing_a_removal_leaves_the_session_outside(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    for _ in 0..5 {
        let tenant = founded(&world, &ada, "Engines").await;
        let roles = [Role::Member];
        world
            .stores
            .witness
            .join(&tenant, &bob.user, &roles, &world.now())
            .await;
        let session = world.signed_in(&bob).await;
        let switch = switch(&world, &bob, &session, tenant);
        let removal = RosterChange {
            tenant,
            standings: Vec::new(),
            steps: vec![RosterStep::Remove { user: bob.user }],
            event: world.event(AuditAction::MemberRemoved, Some(&ada)),
            at: world.now(),
        };
        let (switched, removed) = join(
            world.stores.sessions.switch_tenant(&switch),
            world.stores.members.change(&removal),
        )
        .await;
        assert_ne!(switched.unwrap(), SwitchOutcome::NotSignedIn);
        assert_eq!(removed.unwrap(), RosterOutcome::Changed);
        world
            .stores
            .witness
            .join(&tenant, &bob.user, &roles, &world.now())
            .await;
        let now = world.resolved(&session.digest).await.unwrap();
        assert_eq!(now.session.tenant, None, "whoever was first");
    }
}
