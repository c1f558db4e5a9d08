//! The promises of [`TenantStore`](rookery_core::ports::TenantStore).

use chrono::Duration;
use futures_util::future::join_all;
use rookery_core::AuditEvent;
use rookery_core::domain::{AuditAction, Membership, Role, TenantId, TenantName, TenantSummary};
use rookery_core::ports::{FoundingOutcome, Standing, TenantFounding, TenantRenaming};

use super::{Person, World};

pub(super) fn founding(world: &World, person: &Person, name: &str) -> TenantFounding {
    let tenant = world.mint.tenant_id(world.now());
    TenantFounding {
        tenant,
        name: TenantName::parse(name).unwrap(),
        owner: person.user,
        only_as_first: false,
        event: AuditEvent {
            tenant: Some(tenant),
            target: Some(format!("tenant:{tenant}")),
            ..world.event(AuditAction::TenantCreated, Some(person))
        },
        at: world.now(),
    }
}

/// A tenant this person owns.
pub(super) async fn founded(world: &World, person: &Person, name: &str) -> TenantId {
    let founding = founding(world, person, name);
    let outcome = world.stores.tenants.found(&founding).await.unwrap();
    assert_eq!(outcome, FoundingOutcome::Founded);
    founding.tenant
}

/// What somebody is now, as a decision would rest on it.
pub(super) async fn standing(world: &World, tenant: TenantId, person: &Person) -> Standing {
    let membership = world.stores.tenants.membership(&tenant, &person.user).await.unwrap();
    Standing {
        user: person.user,
        roles: membership.unwrap().tenant.roles,
    }
}

async fn names(world: &World, person: &Person) -> Vec<String> {
    let listed = world.stores.tenants.of_person(&person.user).await.unwrap();
    listed.into_iter().map(|membership| membership.tenant.name).collect()
}

pub async fn a_founded_tenant_is_its_founder_s_under_their_address_and_it_is_written_down(world: World) {
    let ada = world.person("Ada@example.com").await;
    world.advance(Duration::microseconds(1));
    let before = world.ledger().await;
    let tenant = founded(&world, &ada, "Analytical Engines").await;
    assert_eq!(
        world.since(&before).await,
        ["events tenant.created success +1", "members +1", "tenants +1"]
    );
    let expected = Membership {
        tenant: TenantSummary {
            id: tenant,
            name: "Analytical Engines".to_owned(),
            roles: vec![Role::Owner],
        },
        created: world.now(),
        joined: world.now(),
        timeout_hours: None,
    };
    let found = world.stores.tenants.membership(&tenant, &ada.user).await.unwrap();
    assert_eq!(found.as_ref(), Some(&expected));
    assert_eq!(world.stores.tenants.of_person(&ada.user).await.unwrap(), [expected]);
    assert_eq!(
        world.stores.witness.member_addresses(&ada.user).await,
        ["Ada@example.com"]
    );
}

pub async fn of_tenants_that_are_to_be_somebody_s_first_one_is_made(world: World) {
    let ada = world.person("ada@example.com").await;
    let first = |world: &World| TenantFounding {
        only_as_first: true,
        ..founding(world, &ada, "Engines")
    };
    let foundings: Vec<TenantFounding> = (0..6).map(|_| first(&world)).collect();
    let outcomes = join_all(foundings.iter().map(|founding| world.stores.tenants.found(founding))).await;
    let made = outcomes.iter().filter(|outcome| {
        let outcome = *outcome.as_ref().unwrap();
        assert_ne!(outcome, FoundingOutcome::NoSuchPerson);
        outcome == FoundingOutcome::Founded
    });
    assert_eq!(made.count(), 1);
    assert_eq!(world.ledger().await.count("tenants"), 1);
    founded(&world, &ada, "Another").await;
    assert_eq!(
        world.ledger().await.count("tenants"),
        2,
        "unless it may be a further one"
    );
}

pub async fn a_tenant_for_nobody_is_not_made(world: World) {
    let nobody = Person {
        user: world.mint.user_id(world.now()),
        email: "nobody@example.com".parse().unwrap(),
    };
    let before = world.ledger().await;
    let outcome = world.stores.tenants.found(&founding(&world, &nobody, "Engines")).await;
    assert_eq!(outcome.unwrap(), FoundingOutcome::NoSuchPerson);
    assert!(world.since(&before).await.is_empty());
}

pub async fn one_s_tenants_are_listed_the_longest_standing_first(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    let other = founded(&world, &bob, "Bob's").await;
    for name in ["First", "Second"] {
        world.advance(Duration::seconds(1));
        founded(&world, &ada, name).await;
    }
    world.advance(Duration::seconds(1));
    let roles = [Role::Viewer, Role::Admin];
    world.stores.witness.join(&other, &ada.user, &roles, &world.now()).await;
    assert_eq!(names(&world, &ada).await, ["First", "Second", "Bob's"]);
    let listed = world.stores.tenants.of_person(&ada.user).await.unwrap();
    assert_eq!(listed[2].tenant.roles, roles);
    assert_eq!(
        (listed[2].created, listed[2].joined),
        (world.now() - Duration::seconds(3), world.now())
    );
    assert_eq!(names(&world, &bob).await, ["Bob's"]);
}

pub async fn a_tenant_of_others_is_like_one_that_is_not_there(world: World) {
    let ada = world.person("ada@example.com").await;
    let eve = world.person("eve@example.com").await;
    let hers = founded(&world, &ada, "Engines").await;
    let none = world.mint.tenant_id(world.now());
    for tenant in [hers, none] {
        assert_eq!(world.stores.tenants.membership(&tenant, &eve.user).await.unwrap(), None);
    }
    let nobody = world.mint.user_id(world.now());
    assert_eq!(world.stores.tenants.membership(&hers, &nobody).await.unwrap(), None);
    assert!(world.stores.tenants.of_person(&eve.user).await.unwrap().is_empty());
}

pub async fn a_renaming_counts_while_whoever_renames_is_what_they_were(world: World) {
    let ada = world.person("ada@example.com").await;
    let bob = world.person("bob@example.com").await;
    let tenant = founded(&world, &ada, "Engines").await;
    let renaming = |by: Standing| TenantRenaming {
        tenant,
        by,
        name: TenantName::parse("Difference Engines").unwrap(),
        event: world.event(AuditAction::TenantRenamed, Some(&ada)),
        at: world.now(),
    };
    let before = world.ledger().await;
    for (user, roles) in [
        (ada.user, vec![Role::Admin]),
        (ada.user, vec![Role::Owner, Role::Admin]),
        (ada.user, Vec::new()),
        (bob.user, vec![Role::Owner]),
    ] {
        let outdated = renaming(Standing { user, roles });
        assert!(!world.stores.tenants.rename(&outdated).await.unwrap());
    }
    assert!(world.since(&before).await.is_empty());
    let renaming = renaming(standing(&world, tenant, &ada).await);
    assert!(world.stores.tenants.rename(&renaming).await.unwrap());
    assert_eq!(world.since(&before).await, ["events tenant.updated success +1"]);
    assert_eq!(names(&world, &ada).await, ["Difference Engines"]);
    let nowhere = TenantRenaming {
        tenant: world.mint.tenant_id(world.now()),
        ..renaming
    };
    assert!(!world.stores.tenants.rename(&nowhere).await.unwrap());
}
